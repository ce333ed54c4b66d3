/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * fillnull: a value for fields that are null.
 *
 * Without a list Splunk fills the fields that some row has. A detection over one event would lose
 * it when the event lacks a field it is grouped by; so fields that a later stage groups by or
 * lists are filled as well, unless the search was compiled with strict_fillnull.
 */
#include "config.h"

#include "rules/kept_rows.h"

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
	struct column   *fields; /* filled in every row */
	size_t           n_fields, cap;
	bool             held;   /* rows wait until it is known which fields occur */
	struct kept_rows rows;
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
	state->held = !passes(&sr->run->search->env, stage);
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
	struct text           *names;
	size_t                 n;

	if (!state->held) {
		fill_row(state, sr->stage->args, row, sr->run->scratch);
		return pipe_emit(sr, row);
	}
	if (!kept_add(sr, &state->rows, row))
		return false;
	n = row_names(state->rows.rows[state->rows.n - 1], sr->run->scratch, &names);
	for (size_t i = 0; i < n; i++)
		if (names[i].p[0] != '_')
			fill_field(state, sr->run->keep, names[i], sr->stage->model);
	return true;
}

static bool
fillnull_finish(struct stage_run *sr)
{
	struct fillnull_state *state = sr->state;

	for (size_t i = 0; i < state->rows.n; i++)
		fill_row(state, sr->stage->args, state->rows.rows[i], sr->run->keep);
	return kept_emit(sr, &state->rows);
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
