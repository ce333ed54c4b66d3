/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * kept_rows.h - rows that a stage keeps until it has seen enough of them.
 */
#ifndef AUGER_RULES_KEPT_ROWS_H
#define AUGER_RULES_KEPT_ROWS_H

#include "rules/pipeline.h"

struct kept_rows {
	struct row  **rows;
	size_t        n, cap;
	struct arena *room, *spare; /* NULL until the first cut: they are in run->keep */
};

/* Adds a copy of what is needed behind the stage. */
bool kept_add(struct stage_run *sr, struct kept_rows *k, const struct row *row);
/* Only the N rows from FROM on stay, as copies; what was kept since the last cut is given back. */
void kept_cut(struct stage_run *sr, struct kept_rows *k, size_t from, size_t n);
/* Are there so many that it is time to drop all but LIMIT (0: none may go)? */
static inline bool
kept_full(const struct kept_rows *k, uint64_t limit)
{
	return limit && k->n / 2 >= 1000 && k->n / 2 >= limit;
}
/* Emits them in order, giving scratch back in between. */
bool kept_emit(struct stage_run *sr, const struct kept_rows *k);

#endif
