/* SPDX-License-Identifier: GPL-3.0-or-later */
/* set: rows that both of two searches give, or only one of them, each once. */
#include "config.h"

#include "rules/row_keys.h"
#include "rules/subsearch.h"

enum set_kind { SET_UNION, SET_DIFF, SET_INTERSECT };

struct set_args {
	enum set_kind      kind;
	struct subsearches subs;
};

static bool
set_parse(struct scan *s, struct stage *stage)
{
	struct set_args *args = arena_new(s->c->keep, struct set_args, 1);

	stage->args = args;
	if (scan_keyword(s, "diff"))
		args->kind = SET_DIFF;
	else if (scan_keyword(s, "intersect"))
		args->kind = SET_INTERSECT;
	else if (!scan_keyword(s, "union"))
		return scan_expected(s, "union, diff or intersect");
	if (!subsearches_parse(s, 2, false, &args->subs))
		return false;
	return args->subs.n == 2 || scan_fail(s, s->at, "set takes two searches");
}

static void
set_columns(const struct stage *stage, struct columns *columns)
{
	(void)stage;
	columns->open = true;
}

/* A row by its fields and values, internal ones left out. */
static struct text
identity(const struct row *row, struct arena *scratch)
{
	struct text *names, all = TEXT("");
	size_t       n = row_names(row, scratch, &names);

	for (size_t i = 0; i < n; i++) {
		struct text value = row_text(row, names[i], '\n', scratch);

		if (names[i].p[0] != '_')
			all = arena_printf(scratch, TEXT_FMT "%zu:" TEXT_FMT "=%zu:" TEXT_FMT,
					   TEXT_ARG(all), names[i].n, TEXT_ARG(names[i]), value.n,
					   TEXT_ARG(value));
	}
	return all;
}

/* A row of either side, and which sides have it. */
struct set_row {
	struct row *row;
	unsigned    sides;
};

struct set_rows {
	struct run      *run;
	struct row_keys  keys; /* data: struct set_row */
	struct set_row **items;
	size_t           n, cap;
	unsigned         side;
};

static bool
take_row(void *ctx, const struct row *row)
{
	struct set_rows *rows = ctx;
	struct run      *run = rows->run;
	struct row       keyed = { .event = NULL };
	struct column    column = column_make(run->scratch, TEXT("identity"), MODEL_NONE);
	struct row_key  *key;
	struct set_row  *sr;

	row_set(&keyed, TEXT("identity"), value_of_text(identity(row, run->scratch)), run->scratch);
	key = row_keys_get(&rows->keys, run, &keyed, &column, 1);
	if (!key->data) {
		sr = key->data = arena_new(run->keep, struct set_row, 1);
		sr->row = arena_new(run->keep, struct row, 1);
		*sr->row = row_keep(row, NULL, 0, run->keep);
		arena_grow(run->keep, rows->items, rows->n, &rows->cap);
		rows->items[rows->n++] = sr;
	}
	sr = key->data;
	sr->sides |= rows->side;
	return pipe_check(run);
}

static bool
set_generate(struct stage_run *sr)
{
	const struct set_args *args = sr->stage->args;
	struct set_rows        rows = { .run = sr->run };

	for (unsigned i = 0; i < 2; i++) {
		rows.side = 1u << i;
		if (!pipeline_run(sr->run, &args->subs.items[i], take_row, &rows))
			return false;
	}
	for (size_t i = 0; i < rows.n; i++) {
		bool  both = rows.items[i]->sides == 3, more = true;
		char *mark = pipe_mark(sr->run);

		if (args->kind == SET_UNION || both == (args->kind == SET_INTERSECT))
			more = subsearch_emit(sr, rows.items[i]->row);
		pipe_release(sr->run, mark);
		if (!more)
			return false;
	}
	return true;
}

const struct pipe_command pipe_set = {
	.name = "set",
	.synopsis = "set union|diff|intersect [ <search> ] [ <search> ]",
	.help = "rows of two searches: all, those of only one, or those of both, each once",
	.flags = PIPE_FIRST | PIPE_ONLY_FIRST,
	.order = ROWS_ORDERED,
	.parse = set_parse,
	.columns = set_columns,
	.generate = set_generate,
};
