/* SPDX-License-Identifier: GPL-3.0-or-later */
/* xyseries: rows of three fields as a table, a row per x and a column per name. */
#include "config.h"

#include <stdlib.h>

#include "base/when.h"
#include "rules/groups.h"
#include "rules/row_keys.h"

struct xyseries_args {
	struct column  x, name;
	struct column *data;
	size_t         n_data;
	struct text    between; /* a data field and a name, when there are several data fields */
};

static bool
xyseries_parse(struct scan *s, struct stage *stage)
{
	struct xyseries_args *args = arena_new(s->c->keep, struct xyseries_args, 1);
	struct text           name, value;
	struct column        *all;
	size_t                n;
	bool                  ignored;

	stage->args = args;
	args->between = TEXT(": ");
	while (scan_option(s, &name, &value)) {
		if (text_ieq(name, TEXT("sep")))
			args->between = value;
		else if (!text_ieq(name, TEXT("grouped")))
			return scan_bad_option(s, name);
		else if (!scan_to_bool(s, name, value, &ignored))
			return false;
	}
	if (!compile_columns(s, &all, &n, NULL))
		return false;
	if (n < 3)
		return scan_expected(s, "three fields: x, the names of columns, and the values");
	args->x = all[0];
	args->name = all[1];
	args->data = all + 2;
	args->n_data = n - 2;
	return true;
}

static void
xyseries_uses(const struct stage *stage, struct uses *uses)
{
	const struct xyseries_args *args = stage->args;

	uses_add(uses, args->x.name, USE_READS);
	uses_add(uses, args->name.name, USE_READS);
	for (size_t i = 0; i < args->n_data; i++)
		uses_add(uses, args->data[i].name, USE_READS);
	uses->closed = true;
}

static void
xyseries_columns(const struct stage *stage, struct columns *columns)
{
	const struct xyseries_args *args = stage->args;

	columns_only(columns);
	columns_add(columns, args->x.name);
	columns->open = true;
}

/* The rows with one x. */
struct line {
	struct row   row;
	struct group events; /* behind them */
};

struct xyseries_state {
	struct row_keys keys; /* data: struct line */
	struct line   **lines;
	size_t          n, cap;
};

static bool
xyseries_start(struct stage_run *sr)
{
	sr->state = arena_new(sr->run->keep, struct xyseries_state, 1);
	return true;
}

static struct line *
line_of_x(struct stage_run *sr, const struct row *row)
{
	const struct xyseries_args *args = sr->stage->args;
	struct xyseries_state      *state = sr->state;
	struct arena               *keep = sr->run->keep;
	struct row_key             *key = row_keys_get(&state->keys, sr->run, row, &args->x, 1);
	struct line                *line;
	struct value                x;

	if (!key || key->data)
		return key ? key->data : NULL;
	arena_grow(keep, state->lines, state->n, &state->cap);
	key->data = state->lines[state->n++] = line = arena_new(keep, struct line, 1);
	line->row.time_ns = WHEN_NONE;
	line->events.first_ns = WHEN_MAX;
	line->events.last_ns = WHEN_NONE;
	x = row_value(row, &args->x, keep);
	row_set(&line->row, args->x.name, value_keep(&x, keep), keep);
	return line;
}

static bool
xyseries_row(struct stage_run *sr, struct row *row)
{
	const struct xyseries_args *args = sr->stage->args;
	struct arena               *keep = sr->run->keep;
	struct text                 name = row_text(row, args->name.name, ' ', sr->run->scratch);
	struct line                *to = text_absent(name) ? NULL : line_of_x(sr, row);

	if (!to)
		return pipe_check(sr->run);
	for (size_t i = 0; i < args->n_data; i++) {
		struct value v = row_value(row, &args->data[i], sr->run->scratch);
		struct text  column = name;

		if (args->n_data > 1)
			column = arena_printf(sr->run->scratch, TEXT_FMT TEXT_FMT TEXT_FMT,
					      TEXT_ARG(args->data[i].name), TEXT_ARG(args->between),
					      TEXT_ARG(name));
		row_set(&to->row, arena_copy(keep, column), value_keep(&v, keep), keep);
	}
	group_add_events(&to->events, row, keep);
	return pipe_check(sr->run);
}

static int
by_name(const void *a, const void *b)
{
	return text_cmp(((const struct cell *)a)->name, ((const struct cell *)b)->name);
}

static bool
xyseries_finish(struct stage_run *sr)
{
	struct xyseries_state *state = sr->state;

	for (size_t i = 0; i < state->n; i++) {
		struct row *row = &state->lines[i]->row;

		group_give_events(&state->lines[i]->events, row);
		qsort(row->cells + 1, row->n - 1, sizeof(*row->cells), by_name);
		if (!pipe_emit(sr, row))
			return false;
	}
	return true;
}

const struct pipe_command pipe_xyseries = {
	.name = "xyseries",
	.synopsis = "xyseries [sep=<text>] <x> <name> <value> ...",
	.help = "rows with the same x become one, with a column for each name",
	.flags = PIPE_ROWS,
	.order = ROWS_ORDERED,
	.parse = xyseries_parse,
	.uses = xyseries_uses,
	.columns = xyseries_columns,
	.start = xyseries_start,
	.row = xyseries_row,
	.finish = xyseries_finish,
};
