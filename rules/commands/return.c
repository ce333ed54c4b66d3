/* SPDX-License-Identifier: GPL-3.0-or-later */
/* return: some fields of the first rows as one search expression, in the field "search". */
#include "config.h"

#include "rules/functions.h"
#include "rules/rows_text.h"

struct return_args {
	uint64_t             limit;
	struct return_field *fields;
	size_t               n;
};

static bool
return_parse(struct scan *s, struct stage *stage)
{
	struct return_args *args = arena_new(s->c->keep, struct return_args, 1);
	struct text         name, value;
	size_t              cap = 0;

	stage->args = args;
	args->limit = 1;
	scan_count(s, &args->limit);
	for (scan_commas(s); !scan_done(s); scan_commas(s)) {
		struct return_field f = { 0 };

		if (scan_option(s, &name, &value)) {
			f.alias = name;
		} else if (!scan_name(s, &value, "a field name")) {
			return false;
		} else if (value.n > 1 && value.p[0] == '$') {
			value = text_from(value, 1);
			f.bare = true;
		} else {
			f.alias = value;
		}
		f.column = compile_column(s->c, value);
		arena_grow(s->c->keep, args->fields, args->n, &cap);
		args->fields[args->n++] = f;
	}
	return args->n > 0 || scan_expected(s, "a field name");
}

static void
return_uses(const struct stage *stage, struct uses *uses)
{
	const struct return_args *args = stage->args;

	for (size_t i = 0; i < args->n; i++)
		uses_add(uses, args->fields[i].column.name, USE_GROUPS);
	uses->closed = true;
}

static void
return_columns(const struct stage *stage, struct columns *columns)
{
	(void)stage;
	columns_only(columns);
	columns_add(columns, TEXT("search"));
}

struct return_state {
	struct json_pieces text;
	uint64_t           n;
};

static bool
return_start(struct stage_run *sr)
{
	struct return_state *state = arena_new(sr->run->keep, struct return_state, 1);

	sr->state = state;
	state->text.scratch = sr->run->keep;
	return true;
}

static bool
return_row(struct stage_run *sr, struct row *row)
{
	const struct return_args *args = sr->stage->args;
	struct return_state      *state = sr->state;
	const struct row_words    words = row_words_usual();
	struct text one = row_as_text(row, args->fields, args->n, &words, sr->run->scratch);

	if (state->n++ >= args->limit)
		return false;
	if (!text_absent(one)) {
		if (state->text.n)
			json_put(&state->text, TEXT(" OR "));
		json_put(&state->text, arena_copy(sr->run->keep, one));
	}
	return pipe_check(sr->run) && state->n < args->limit;
}

static bool
return_finish(struct stage_run *sr)
{
	struct return_state *state = sr->state;

	return emit_search_text(sr, state->text.n ? json_whole(&state->text) : TEXT("NOT ()"));
}

const struct pipe_command pipe_return = {
	.name = "return",
	.synopsis = "return [<n>] <field> | <name>=<field> | $<field> ...",
	.help = "some fields of the first rows as one search expression",
	.flags = PIPE_ROWS,
	.order = ROWS_ORDERED,
	.parse = return_parse,
	.uses = return_uses,
	.columns = return_columns,
	.start = return_start,
	.row = return_row,
	.finish = return_finish,
};
