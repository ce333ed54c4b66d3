/* SPDX-License-Identifier: GPL-3.0-or-later */
/* multisearch: the rows of some searches together, newest first. */
#include "config.h"

#include <stdlib.h>

#include "base/when.h"
#include "rules/subsearch.h"

static bool
multisearch_parse(struct scan *s, struct stage *stage)
{
	struct subsearches *subs = arena_new(s->c->keep, struct subsearches, 1);

	stage->args = subs;
	return subsearches_parse(s, 2, false, subs);
}

static void
multisearch_columns(const struct stage *stage, struct columns *columns)
{
	(void)stage;
	columns->open = true;
}

struct arrival {
	struct row row;
	size_t     number;
};

struct multisearch_rows {
	struct run      *run;
	struct arrival **items;
	size_t           n, cap;
};

static bool
take_row(void *ctx, const struct row *row)
{
	struct multisearch_rows *rows = ctx;
	struct arrival          *a = arena_new(rows->run->keep, struct arrival, 1);

	*a = (struct arrival){ row_keep(row, NULL, 0, rows->run->keep), rows->n };
	arena_grow(rows->run->keep, rows->items, rows->n, &rows->cap);
	rows->items[rows->n++] = a;
	return pipe_check(rows->run);
}

/* Newest first; of the same time, and without one, in the order they came. */
static int
by_time(const void *x, const void *y)
{
	const struct arrival *a = *(struct arrival *const *)x, *b = *(struct arrival *const *)y;

	if (a->row.time_ns != b->row.time_ns) {
		if (a->row.time_ns == WHEN_NONE || b->row.time_ns == WHEN_NONE)
			return a->row.time_ns == WHEN_NONE ? 1 : -1;
		return a->row.time_ns < b->row.time_ns ? 1 : -1;
	}
	return a->number < b->number ? -1 : 1;
}

static bool
multisearch_generate(struct stage_run *sr)
{
	const struct subsearches *subs = sr->stage->args;
	struct multisearch_rows   rows = { .run = sr->run };

	for (size_t i = 0; i < subs->n; i++)
		if (!pipeline_run(sr->run, &subs->items[i], take_row, &rows))
			return false;
	if (rows.n)
		qsort(rows.items, rows.n, sizeof(*rows.items), by_time);
	for (size_t i = 0; i < rows.n; i++) {
		char *mark = pipe_mark(sr->run);
		bool  more = subsearch_emit(sr, &rows.items[i]->row);

		pipe_release(sr->run, mark);
		if (!more)
			return false;
	}
	return true;
}

const struct pipe_command pipe_multisearch = {
	.name = "multisearch",
	.synopsis = "multisearch [ <search> ] [ <search> ] ...",
	.help = "the rows of some searches together, newest first",
	.flags = PIPE_FIRST | PIPE_ONLY_FIRST,
	.order = ROWS_ORDERED,
	.parse = multisearch_parse,
	.columns = multisearch_columns,
	.generate = multisearch_generate,
};
