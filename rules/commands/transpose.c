/* SPDX-License-Identifier: GPL-3.0-or-later */
/* transpose: fields become rows, the first rows become columns. */
#include "config.h"

#include "base/when.h"
#include "rules/row_keys.h"

#define TRANSPOSE_ROWS_MAX 1000

struct transpose_args {
	uint64_t      limit;
	struct text   names;  /* the column that holds the names of fields */
	struct column header; /* name absent: columns are called "row 1" and so on */
	bool          with_empty;
};

static bool
transpose_parse(struct scan *s, struct stage *stage)
{
	struct transpose_args *args = arena_new(s->c->keep, struct transpose_args, 1);
	struct text            name, value;

	stage->args = args;
	*args = (struct transpose_args){
		.limit = 5, .names = TEXT("column"), .with_empty = true };
	scan_count(s, &args->limit);
	while (scan_option(s, &name, &value)) {
		if (text_ieq(name, TEXT("column_name")))
			args->names = value;
		else if (text_ieq(name, TEXT("header_field")))
			args->header = compile_column(s->c, value);
		else if (!text_ieq(name, TEXT("include_empty")))
			return scan_bad_option(s, name);
		else if (!scan_to_bool(s, name, value, &args->with_empty))
			return false;
	}
	if (args->limit == 0 || args->limit > TRANSPOSE_ROWS_MAX)
		args->limit = TRANSPOSE_ROWS_MAX;
	return true;
}

static void
transpose_uses(const struct stage *stage, struct uses *uses)
{
	(void)stage;
	uses->all = true;
}

static void
transpose_columns(const struct stage *stage, struct columns *columns)
{
	const struct transpose_args *args = stage->args;

	columns_only(columns);
	columns_add(columns, args->names);
	columns->open = true;
}

struct transpose_state {
	struct row  *rows;
	size_t       n, cap;
	struct text *names; /* of all fields, in the order they came */
	size_t       n_names, names_cap;
};

static bool
transpose_start(struct stage_run *sr)
{
	sr->state = arena_new(sr->run->keep, struct transpose_state, 1);
	return true;
}

static void
remember_name(struct stage_run *sr, struct text name)
{
	struct transpose_state *state = sr->state;

	for (size_t i = 0; i < state->n_names; i++)
		if (text_eq(state->names[i], name))
			return;
	arena_grow(sr->run->keep, state->names, state->n_names, &state->names_cap);
	state->names[state->n_names++] = arena_copy(sr->run->keep, name);
}

static bool
transpose_row(struct stage_run *sr, struct row *row)
{
	const struct transpose_args *args = sr->stage->args;
	struct transpose_state      *state = sr->state;
	struct text                 *names;
	size_t                       n;

	if (state->n == args->limit) {
		sr->enough = true;
		return false;
	}
	n = row_names(row, sr->run->scratch, &names);
	for (size_t i = 0; i < n; i++)
		if (names[i].p[0] != '_' && !text_eq(names[i], args->header.name))
			remember_name(sr, names[i]);
	arena_grow(sr->run->keep, state->rows, state->n, &state->cap);
	state->rows[state->n++] = row_keep(row, NULL, 0, sr->run->keep);
	return pipe_check(sr->run);
}

static struct text
column_of(const struct transpose_args *args, const struct row *row, size_t i, struct arena *keep)
{
	struct text name = TEXT_NONE;

	if (args->header.name.n)
		name = row_text(row, args->header.name, ' ', keep);
	return text_absent(name) ? arena_printf(keep, "row %zu", i + 1) : name;
}

/* Of rows with one header only the last has a column. */
static void
warn_of_equal_headers(struct stage_run *sr)
{
	const struct transpose_args  *args = sr->stage->args;
	const struct transpose_state *state = sr->state;
	struct row_keys               seen = { 0 };
	struct row_key               *key;

	for (size_t i = 0; i < state->n && args->header.name.n; i++) {
		key = row_keys_get(&seen, sr->run, &state->rows[i], &args->header, 1);
		if (key && key->count++ == 1)
			pipe_warn(sr->run, "transpose: several rows have the header \"" TEXT_FMT
				  "\": only the last of them has a column",
				  TEXT_ARG(text_head(row_text(&state->rows[i], args->header.name, ' ',
							      sr->run->scratch),
						     80)));
	}
}

static bool
transpose_finish(struct stage_run *sr)
{
	const struct transpose_args  *args = sr->stage->args;
	const struct transpose_state *state = sr->state;
	struct arena                 *scratch = sr->run->scratch;

	warn_of_equal_headers(sr);

	for (size_t f = 0; f < state->n_names; f++) {
		char      *mark = pipe_mark(sr->run);
		struct row row = { .time_ns = WHEN_NONE, .first_ns = WHEN_NONE, .last_ns = WHEN_NONE };
		bool       more;

		row_set(&row, args->names, value_of_text(state->names[f]), scratch);
		for (size_t i = 0; i < state->n; i++) {
			row_set(&row, column_of(args, &state->rows[i], i, scratch),
				row_get(&state->rows[i], state->names[f], scratch), scratch);
			row_add_events(&row, &state->rows[i], scratch);
		}
		more = pipe_emit(sr, &row);
		pipe_release(sr->run, mark);
		if (!more)
			return false;
	}
	return true;
}

const struct pipe_command pipe_transpose = {
	.name = "transpose",
	.synopsis = "transpose [<n>] [column_name=<name>] [header_field=<field>]",
	.help = "fields become rows, and the first 5 or n rows columns",
	.flags = PIPE_ROWS,
	.order = ROWS_ORDERED,
	.parse = transpose_parse,
	.uses = transpose_uses,
	.columns = transpose_columns,
	.start = transpose_start,
	.row = transpose_row,
	.finish = transpose_finish,
};
