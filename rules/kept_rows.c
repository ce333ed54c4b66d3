/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rules/kept_rows.h"

bool
kept_add(struct stage_run *sr, struct kept_rows *k, const struct row *row)
{
	const struct stage *stage = sr->stage;
	struct arena       *keep = sr->run->keep;

	arena_grow(keep, k->rows, k->n, &k->cap);
	k->rows[k->n] = arena_new(keep, struct row, 1);
	*k->rows[k->n++] =
	    row_keep(row, stage->closed ? stage->needed : NULL, stage->n_needed, keep);
	return pipe_check(sr->run);
}
