/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rules/sorted_rows.h"

#include <stdlib.h>

#include "rules/runs.h"
#include "rules/spill_values.h"

/* With fewer rows it is not worth it to drop those that come too late. */
#define CUT_LEAST 2000

struct kept {
	struct sorted_row         row;
	const struct sorted_rows *of;
};

struct sorted_rows {
	struct stage_run   *sr;
	struct run         *run;
	struct sorted_order order;
	struct arena       *room, *spare; /* of ROWS and what they point to; SPARE: empty, or NULL */
	struct kept       **rows;
	size_t              n, cap, at;
	uint64_t            added;
	struct sorted_row   last;  /* what is not before it cannot stay; no keys: all may */
	struct runs        *runs;  /* NULL: all are in memory */
	bool                taken; /* the least of the runs was handed out */
	struct arena       *one;   /* of the row that is out */
	struct sorted_row   out;
};

struct sorted_rows *
sorted_rows_new(struct stage_run *sr, const struct sorted_order *order)
{
	struct sorted_rows *s = arena_new(sr->run->keep, struct sorted_rows, 1);

	s->sr = sr;
	s->run = sr->run;
	s->order = *order;
	s->room = pipe_room(s->run);
	s->one = pipe_room(s->run);
	return s;
}

static int
compare(const struct sorted_rows *s, const struct sorted_row *a, const struct sorted_row *b)
{
	int order = s->order.compare ? s->order.compare(s->order.ctx, a, b) : 0;

	return order ? order : (a->number > b->number) - (a->number < b->number);
}

static int
by_order(const void *a, const void *b)
{
	const struct kept *x = *(struct kept *const *)a, *y = *(struct kept *const *)b;

	return compare(x->of, &x->row, &y->row);
}

static void
sort_kept(struct sorted_rows *s)
{
	if (s->order.compare && s->n > 1)
		qsort(s->rows, s->n, sizeof(*s->rows), by_order);
}

/* --- in the file --- */

static bool
put_row(struct spill *to, const struct sorted_row *row, size_t n_keys)
{
	bool good = spill_put_number(to, row->number);

	for (size_t i = 0; i < n_keys && good; i++)
		good = spill_put_value(to, &row->keys[i]);
	return good && spill_put_row(to, &row->row);
}

static bool
get_key(void *ctx, struct spill_reader *from, void *item, struct arena *keep)
{
	struct sorted_rows *s = ctx;
	struct sorted_row  *row = item;
	struct value       *keys = arena_new(keep, struct value, s->order.n_keys);
	struct reading      r = { from, s->run, keep };
	bool                good = reading_number(&r, &row->number);

	row->keys = keys;
	for (size_t i = 0; i < s->order.n_keys && good; i++)
		good = reading_value(&r, &keys[i]);
	return good;
}

static int
compare_items(void *ctx, const void *a, const void *b)
{
	return compare(ctx, a, b);
}

static struct sorted_row *
next_of_runs(struct sorted_rows *s)
{
	struct run_head *h;
	struct reading   r = { NULL, s->run, s->one };

	if (s->taken && !runs_next(s->runs))
		return NULL;
	h = runs_least(s->runs);
	s->taken = h != NULL;
	if (!h)
		return NULL;
	s->out = *(struct sorted_row *)h->item;
	r.from = h->reader;
	return reading_row(&r, &s->out.row) ? &s->out : NULL;
}

static bool
rewrite(void *ctx, struct spill *to)
{
	struct sorted_rows *s = ctx;
	struct sorted_row  *row;

	s->taken = false;
	if (!runs_begin(s->runs))
		return false;
	for (pipe_empty(s->one); (row = next_of_runs(s)) != NULL; pipe_empty(s->one))
		if (!put_row(to, row, s->order.n_keys))
			return false;
	return !s->run->failed;
}

static const struct runs_type run_of_rows = {
	.item_bytes = sizeof(struct sorted_row),
	.get_key = get_key,
	.compare = compare_items,
	.rewrite = rewrite,
};

/* All that is in memory. */
static void
give_back(struct sorted_rows *s)
{
	s->rows = NULL;
	s->n = s->cap = 0;
	s->last = (struct sorted_row){ 0 };
	arena_reset(s->room, 0);
}

static bool
spill(struct sorted_rows *s)
{
	size_t n = s->n;
	bool   good = true;

	if (!s->runs)
		s->runs = runs_new(s->run, &run_of_rows, s);
	if (!s->runs)
		return false;
	sort_kept(s);
	if (s->order.limit && s->order.limit < n)
		n = s->order.limit;
	for (size_t i = 0; i < n && good; i++)
		good = put_row(runs_file(s->runs), &s->rows[i]->row, s->order.n_keys);
	give_back(s);
	return good && runs_add(s->runs);
}

/* --- in memory --- */

static struct kept *
keep_row(struct sorted_rows *s, const struct sorted_row *from, const struct column *only,
	 size_t n_only)
{
	struct kept  *kept = arena_new(s->room, struct kept, 1);
	struct value *keys = arena_new(s->room, struct value, s->order.n_keys);

	for (size_t i = 0; i < s->order.n_keys; i++)
		keys[i] = value_keep(&from->keys[i], s->room);
	*kept = (struct kept){ { from->number, keys, row_keep(&from->row, only, n_only, s->room) },
			       s };
	return kept;
}

/* Only those stay that are among the first, as copies. */
static void
cut(struct sorted_rows *s)
{
	struct arena *full = s->room;
	struct kept **all = s->rows;

	sort_kept(s);
	s->room = s->spare ? s->spare : pipe_room(s->run);
	s->spare = full;
	s->n = s->order.limit;
	s->cap = CUT_LEAST + 2 * s->n;
	s->rows = arena_new(s->room, struct kept *, s->cap);
	for (size_t i = 0; i < s->n; i++)
		s->rows[i] = keep_row(s, &all[i]->row, NULL, 0);
	s->last = s->rows[s->n - 1]->row;
	arena_reset(full, 0);
}

bool
sorted_rows_add(struct sorted_rows *s, const struct row *row, const struct value *keys)
{
	const struct stage *stage = s->sr->stage;
	struct sorted_row   added = { s->added++, keys, *row };

	if (s->last.keys && compare(s, &added, &s->last) > 0)
		return pipe_check(s->run);
	arena_grow(s->room, s->rows, s->n, &s->cap);
	s->rows[s->n++] = keep_row(s, &added, stage->closed ? stage->needed : NULL, stage->n_needed);
	if (s->order.limit && s->n >= CUT_LEAST && s->n / 2 >= s->order.limit)
		cut(s);
	if (pipe_crowded(s->run, s->room) && !spill(s))
		return false;
	return pipe_check(s->run);
}

bool
sorted_rows_empty(struct sorted_rows *s)
{
	s->added = 0;
	give_back(s);
	return !s->runs || runs_empty(s->runs);
}

/* --- all of them --- */

bool
sorted_rows_begin(struct sorted_rows *s)
{
	s->at = 0;
	s->taken = false;
	if (!s->runs) {
		sort_kept(s);
		return true;
	}
	return (s->n == 0 || spill(s)) && runs_begin(s->runs);
}

struct sorted_row *
sorted_rows_next(struct sorted_rows *s)
{
	if (s->order.limit && s->at == s->order.limit)
		return NULL;
	pipe_empty(s->one);
	if (s->runs) {
		s->at++;
		return next_of_runs(s);
	}
	if (s->at == s->n)
		return NULL;
	s->out = s->rows[s->at++]->row;
	s->out.row = row_fork(&s->out.row, s->one);
	return &s->out;
}

bool
sorted_rows_emit(struct sorted_rows *s, struct stage_run *sr, sorted_change_fn *change)
{
	struct sorted_row *row;

	if (!sorted_rows_begin(s))
		return false;
	while ((row = sorted_rows_next(s)) != NULL) {
		char *mark = pipe_mark(s->run);
		bool  more = (!change || change(sr, row)) && pipe_emit(sr, &row->row);

		pipe_release(s->run, mark);
		if (!more)
			return false;
	}
	return !s->run->failed;
}

int
sorted_last_first(const void *ctx, const struct sorted_row *a, const struct sorted_row *b)
{
	(void)ctx;
	return (a->number < b->number) - (a->number > b->number);
}

int
sorted_by_key(const void *ctx, const struct sorted_row *a, const struct sorted_row *b)
{
	const struct value *x = &a->keys[0], *y = &b->keys[0];

	(void)ctx;
	if (x->kind == VALUE_NULL || y->kind == VALUE_NULL)
		return (x->kind == VALUE_NULL) - (y->kind == VALUE_NULL);
	if (x->kind == VALUE_TEXT)
		return text_cmp(x->text, y->text);
	return (x->number > y->number) - (x->number < y->number);
}
