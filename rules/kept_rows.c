/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rules/kept_rows.h"

bool
kept_add(struct stage_run *sr, struct kept_rows *k, const struct row *row)
{
	const struct stage *stage = sr->stage;
	struct arena       *keep = k->room ? k->room : sr->run->keep;

	arena_grow(sr->run->keep, k->rows, k->n, &k->cap);
	k->rows[k->n] = arena_new(keep, struct row, 1);
	*k->rows[k->n++] =
	    row_keep(row, stage->closed ? stage->needed : NULL, stage->n_needed, keep);
	return pipe_check(sr->run);
}

void
kept_cut(struct stage_run *sr, struct kept_rows *k, size_t from, size_t n)
{
	struct arena *full = k->room ? k->room : pipe_room(sr->run);

	k->room = k->spare ? k->spare : pipe_room(sr->run);
	k->spare = full;
	for (size_t i = 0; i < n; i++) {
		struct row *row = arena_new(k->room, struct row, 1);

		*row = row_keep(k->rows[from + i], NULL, 0, k->room);
		k->rows[i] = row;
	}
	k->n = n;
	arena_reset(full, 0);
}

bool
kept_emit(struct stage_run *sr, const struct kept_rows *k)
{
	for (size_t i = 0; i < k->n; i++) {
		char      *mark = pipe_mark(sr->run);
		struct row row = row_fork(k->rows[i], sr->run->scratch);
		bool       more = pipe_emit(sr, &row);

		pipe_release(sr->run, mark);
		if (!more)
			return false;
	}
	return true;
}
