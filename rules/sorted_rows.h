/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * sorted_rows.h - rows that a stage keeps until it has seen all of them, in an order of their own;
 * those that memory has no room for lie in a file.
 *
 * Errors fail the run.
 */
#ifndef AUGER_RULES_SORTED_ROWS_H
#define AUGER_RULES_SORTED_ROWS_H

#include "rules/pipeline.h"

struct sorted_row {
	uint64_t            number; /* in the order in which they came */
	const struct value *keys;   /* the caller's, N_KEYS of them */
	struct row          row;
};

/* Of two rows for which it gives 0 the one that came first is first. */
typedef int sorted_fn(const void *ctx, const struct sorted_row *a, const struct sorted_row *b);

struct sorted_order {
	sorted_fn  *compare; /* NULL: as they came */
	const void *ctx;
	size_t      n_keys;
	uint64_t    limit;   /* only so many, the first, are wanted; 0: all */
};

struct sorted_rows;

struct sorted_rows *sorted_rows_new(struct stage_run *sr, const struct sorted_order *order);
/* Adds a copy of what is needed behind the stage. */
bool sorted_rows_add(struct sorted_rows *s, const struct row *row, const struct value *keys);

/* Makes it empty again. */
bool sorted_rows_empty(struct sorted_rows *s);

/* Begins with the first; no more can be added. Can be done again. */
bool sorted_rows_begin(struct sorted_rows *s);
/* The next one, which lives until the one behind it is asked for and may be changed; NULL: there
 * are no more, or the run failed. */
struct sorted_row *sorted_rows_next(struct sorted_rows *s);
/* Emits all. CHANGE has each before; NULL: they go as they are. */
typedef bool sorted_change_fn(struct stage_run *sr, struct sorted_row *row);
bool sorted_rows_emit(struct sorted_rows *s, struct stage_run *sr, sorted_change_fn *change);

/* Orders that several stages have: the last one first; by the first key, numbers and texts bytewise,
 * null behind all others. */
int sorted_last_first(const void *ctx, const struct sorted_row *a, const struct sorted_row *b);
int sorted_by_key(const void *ctx, const struct sorted_row *a, const struct sorted_row *b);

#endif
