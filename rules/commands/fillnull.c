/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * fillnull: a value for fields that are null.
 *
 * Without a list Splunk fills the fields that some row has. A detection over one event would lose
 * it when the event lacks a field it is grouped by; so fields that a later stage groups by or
 * lists are filled as well, unless the search was compiled with strict_fillnull.
 */
#include "config.h"

#include "rules/sorted_rows.h"

struct fillnull_args {
	struct text    value;
	struct column *fields;
	size_t         n_fields;
	bool           all; /* no list was given */
};

static bool
fillnull_option(struct scan *s, void *ctx, struct text name, struct text value)
{
	struct fillnull_args *args = ctx;

	if (!text_ieq(name, TEXT("value")))
		return scan_bad_option(s, name);
	args->value = value;
	return true;
}

static bool
fillnull_parse(struct scan *s, struct stage *stage)
{
	struct fillnull_args *args = arena_new(s->c->keep, struct fillnull_args, 1);

	stage->args = args;
	args->value = TEXT("0");
	if (!compile_columns_and_options(s, &args->fields, &args->n_fields, NULL, fillnull_option,
					 args))
		return false;
	args->all = args->n_fields == 0;
	return true;
}

static void
fillnull_uses(const struct stage *stage, struct uses *uses)
{
	const struct fillnull_args *args = stage->args;

	for (size_t i = 0; i < args->n_fields; i++)
		uses_add(uses, args->fields[i].name, USE_READS);
}

static void
fillnull_columns(const struct stage *stage, struct columns *columns)
{
	const struct fillnull_args *args = stage->args;

	for (size_t i = 0; i < args->n_fields; i++)
		columns_add(columns, args->fields[i].name);
}

struct fillnull_state {
	struct column      *fields; /* filled in every row */
	size_t              n_fields, cap;
	struct sorted_rows *held;   /* rows that wait until it is known which fields occur; or NULL */
};

static void
fill_field(struct fillnull_state *state, struct arena *keep, struct text name, enum model model)
{
	for (size_t i = 0; i < state->n_fields; i++)
		if (text_eq(state->fields[i].name, name))
			return;
	arena_grow(keep, state->fields, state->n_fields, &state->cap);
	state->fields[state->n_fields++] = column_make(keep, arena_copy(keep, name), model);
}

/*
 * Behind a fillnull without a list: when only fields matter that later stages group by, those are
 * filled as rows pass; otherwise the rows have to wait.
 */
static bool
passes(const struct search_env *env, const struct stage *stage)
{
	const struct fillnull_args *args = stage->args;

	if (!args->all)
		return true;
	for (size_t i = 0; i < stage->uses.n; i++)
		if (stage->uses.names[i].n && stage->uses.names[i].p[0] != '_' &&
		    stage->uses.kinds[i] == USE_READS)
			return false;
	return stage->closed && !env->strict_fillnull;
}

static enum keeps
fillnull_keeps(const struct search_env *env, const struct stage *stage, struct text field,
	       struct arena *scratch)
{
	(void)field;
	(void)scratch;
	return passes(env, stage) ? KEEPS_FIELD : KEEPS_NOTHING;
}

static bool
fillnull_start(struct stage_run *sr)
{
	const struct fillnull_args *args = sr->stage->args;
	struct fillnull_state      *state = arena_new(sr->run->keep, struct fillnull_state, 1);
	const struct stage         *stage = sr->stage;

	sr->state = state;
	if (!args->all) {
		state->fields = args->fields;
		state->n_fields = args->n_fields;
		return true;
	}
	if (!passes(&sr->run->search->env, stage))
		state->held = sorted_rows_new(sr, &(struct sorted_order){ 0 });
	for (size_t i = 0; i < stage->uses.n; i++) {
		struct text name = stage->uses.names[i];

		if (name.n && name.p[0] == '_')
			continue;
		if (stage->uses.kinds[i] != USE_READS && !sr->run->search->env.strict_fillnull)
			fill_field(state, sr->run->keep, name, stage->model);
	}
	return true;
}

static void
fill_row(const struct fillnull_state *state, const struct fillnull_args *args, struct row *row,
	 struct arena *scratch)
{
	for (size_t i = 0; i < state->n_fields; i++) {
		struct value v = row_value(row, &state->fields[i], scratch);

		if (v.kind == VALUE_NULL)
			row_set(row, state->fields[i].name, value_of_text(args->value), scratch);
	}
}

static bool
fillnull_row(struct stage_run *sr, struct row *row)
{
	struct fillnull_state *state = sr->state;

	if (state->held)
		return sorted_rows_add(state->held, row, NULL);
	fill_row(state, sr->stage->args, row, sr->run->scratch);
	return pipe_emit(sr, row);
}

/* Every field that some row has, of those that matter behind. */
static bool
find_fields(struct stage_run *sr)
{
	struct fillnull_state *state = sr->state;
	struct sorted_row     *row;

	if (!sorted_rows_begin(state->held))
		return false;
	while ((row = sorted_rows_next(state->held)) != NULL) {
		char        *mark = pipe_mark(sr->run);
		struct text *names;
		size_t       n = row_names(&row->row, sr->run->scratch, &names);

		for (size_t i = 0; i < n; i++)
			if (names[i].p[0] != '_')
				fill_field(state, sr->run->keep, names[i], sr->stage->model);
		pipe_release(sr->run, mark);
		if (!pipe_check(sr->run))
			return false;
	}
	return !sr->run->failed;
}

static bool
change_row(struct stage_run *sr, struct sorted_row *row)
{
	fill_row(sr->state, sr->stage->args, &row->row, sr->run->scratch);
	return true;
}

static bool
fillnull_finish(struct stage_run *sr)
{
	const struct fillnull_state *state = sr->state;

	return !state->held || (find_fields(sr) && sorted_rows_emit(state->held, sr, change_row));
}

const struct pipe_command pipe_fillnull = {
	.name = "fillnull",
	.synopsis = "fillnull [value=<text>] [<field> ...]",
	.help = "put a value (0) where a field is null; without a list, in all fields",
	.order = ROWS_EACH,
	.parse = fillnull_parse,
	.uses = fillnull_uses,
	.columns = fillnull_columns,
	.start = fillnull_start,
	.keeps = fillnull_keeps,
	.row = fillnull_row,
	.finish = fillnull_finish,
};
