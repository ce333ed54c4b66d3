/* SPDX-License-Identifier: GPL-3.0-or-later */
/* xyseries: rows of three fields as a table, a row per x and a column per name. */
#include "config.h"

#include <stdlib.h>

#include "base/when.h"
#include "rules/groups.h"
#include "rules/row_keys.h"
#include "rules/sorted_rows.h"

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

/* The rows with one x, which come together. */
struct line {
	struct row      row;
	uint64_t        number; /* of its first row */
	struct text     x;      /* as a key; absent: there is none */
	struct group    events; /* behind them */
	struct row_keys names;  /* count: which cell has it, from 1 */
};

struct xyseries_state {
	struct sorted_rows *rows; /* key: their x */
	struct sorted_rows *done; /* lines, as their first rows came */
	struct line         line;
	struct arena       *room; /* of it */
};

static bool
xyseries_start(struct stage_run *sr)
{
	const struct sorted_order order = { .compare = sorted_by_key, .n_keys = 1 };
	struct xyseries_state    *state = arena_new(sr->run->keep, struct xyseries_state, 1);

	sr->state = state;
	state->rows = sorted_rows_new(sr, &order);
	state->done = sorted_rows_new(sr, &order);
	state->room = pipe_room(sr->run);
	return true;
}

static bool
xyseries_row(struct stage_run *sr, struct row *row)
{
	const struct xyseries_args *args = sr->stage->args;
	struct xyseries_state      *state = sr->state;
	char                       *mark = pipe_mark(sr->run);
	struct value                name = row_value(row, &args->name, sr->run->scratch);
	struct value                x = value_of_text(row_key_text(sr->run, row, &args->x, 1));
	bool                        good = true;

	if (name.kind != VALUE_NULL && x.kind != VALUE_NULL)
		good = sorted_rows_add(state->rows, row, &x);
	pipe_release(sr->run, mark);
	return good;
}

/* Later values take the place of earlier ones. */
static void
set_cell(struct stage_run *sr, struct text name, struct value value)
{
	struct xyseries_state *state = sr->state;
	struct row            *row = &state->line.row;
	struct row_key        *key = row_keys_of(&state->line.names, sr->run, name, true);

	if (!key->count) {
		size_t cap = row->cap;

		arena_grow(state->room, row->cells, row->n, &cap);
		row->cap = (uint32_t)cap;
		row->cells[row->n++].name = key->key;
		key->count = row->n;
	}
	if (text_eq(name, TEXT("_time")) && !value_time(&value, &row->time_ns))
		row->time_ns = WHEN_NONE;
	row->cells[key->count - 1].value = value_keep(&value, state->room);
}

static void
begin_line(struct stage_run *sr, const struct sorted_row *first)
{
	const struct xyseries_args *args = sr->stage->args;
	struct xyseries_state      *state = sr->state;

	pipe_empty(state->room);
	state->line = (struct line){
		.row = { .time_ns = WHEN_NONE, .first_ns = WHEN_NONE, .last_ns = WHEN_NONE },
		.number = first->number,
		.x = arena_copy(state->room, first->keys[0].text),
		.events = { .first_ns = WHEN_MAX, .last_ns = WHEN_NONE },
		.names = { .keep = state->room },
	};
	set_cell(sr, args->x.name, row_value(&first->row, &args->x, sr->run->scratch));
}

static void
add_to_line(struct stage_run *sr, const struct row *row)
{
	const struct xyseries_args *args = sr->stage->args;
	struct xyseries_state      *state = sr->state;
	struct arena               *scratch = sr->run->scratch;
	struct value                v = row_value(row, &args->name, scratch);
	struct text                 name = value_text(&v, ' ', scratch);

	for (size_t i = 0; i < args->n_data; i++) {
		struct text column = name;

		if (args->n_data > 1)
			column = arena_printf(scratch, TEXT_FMT TEXT_FMT TEXT_FMT,
					      TEXT_ARG(args->data[i].name), TEXT_ARG(args->between),
					      TEXT_ARG(name));
		set_cell(sr, column, row_value(row, &args->data[i], scratch));
	}
	group_add_events(&state->line.events, row, state->room);
}

static int
by_name(const void *a, const void *b)
{
	return text_cmp(((const struct cell *)a)->name, ((const struct cell *)b)->name);
}

static bool
end_line(struct stage_run *sr)
{
	struct xyseries_state *state = sr->state;
	struct row            *row = &state->line.row;
	struct value           number = value_of_number((double)state->line.number);

	if (text_absent(state->line.x))
		return true;
	group_give_events(&state->line.events, row);
	qsort(row->cells + 1, row->n - 1, sizeof(*row->cells), by_name);
	return sorted_rows_add(state->done, row, &number);
}

static bool
xyseries_finish(struct stage_run *sr)
{
	struct xyseries_state *state = sr->state;
	struct sorted_row     *row;

	if (!sorted_rows_begin(state->rows))
		return false;
	while ((row = sorted_rows_next(state->rows)) != NULL) {
		char *mark = pipe_mark(sr->run);

		if (!text_eq(state->line.x, row->keys[0].text)) {
			if (!end_line(sr))
				return false;
			begin_line(sr, row);
		}
		add_to_line(sr, &row->row);
		pipe_release(sr->run, mark);
		if (!pipe_check(sr->run))
			return false;
	}
	return !sr->run->failed && end_line(sr) && sorted_rows_emit(state->done, sr, NULL);
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
