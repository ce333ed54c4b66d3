/* SPDX-License-Identifier: GPL-3.0-or-later */
/* untable: a row for every field but one: the opposite of xyseries. */
#include "config.h"

#include "base/when.h"
#include "rules/pipeline.h"

struct untable_args {
	struct column x, name, value;
};

static bool
untable_parse(struct scan *s, struct stage *stage)
{
	struct untable_args *args = arena_new(s->c->keep, struct untable_args, 1);
	struct column       *all;
	size_t               n;

	stage->args = args;
	if (!compile_columns(s, &all, &n, NULL))
		return false;
	if (n != 3)
		return scan_expected(s, "three fields: x, and those for names and values");
	*args = (struct untable_args){ all[0], all[1], all[2] };
	return true;
}

static void
untable_uses(const struct stage *stage, struct uses *uses)
{
	(void)stage;
	uses->all = true;
}

static void
untable_columns(const struct stage *stage, struct columns *columns)
{
	const struct untable_args *args = stage->args;

	columns_only(columns);
	columns_add(columns, args->x.name);
	columns_add(columns, args->name.name);
	columns_add(columns, args->value.name);
}

static bool
untable_row(struct stage_run *sr, struct row *row)
{
	const struct untable_args *args = sr->stage->args;
	struct arena              *scratch = sr->run->scratch;
	struct value               x = row_value(row, &args->x, scratch);
	struct text               *names;
	size_t                     n = row_names(row, scratch, &names);

	for (size_t i = 0; i < n && x.kind != VALUE_NULL; i++) {
		char      *mark = pipe_mark(sr->run);
		struct row one = { .time_ns = WHEN_NONE, .first_ns = WHEN_NONE, .last_ns = WHEN_NONE };
		bool       more = true;

		if (names[i].p[0] != '_' && !text_eq(names[i], args->x.name)) {
			row_set(&one, args->x.name, x, scratch);
			row_set(&one, args->name.name, value_of_text(names[i]), scratch);
			row_set(&one, args->value.name, row_get(row, names[i], scratch), scratch);
			row_add_events(&one, row, scratch);
			more = pipe_emit(sr, &one);
		}
		pipe_release(sr->run, mark);
		if (!more)
			return false;
	}
	return true;
}

const struct pipe_command pipe_untable = {
	.name = "untable",
	.synopsis = "untable <x> <name> <value>",
	.help = "a row for every field of a row but x: its name and its value",
	.flags = PIPE_ROWS,
	.order = ROWS_EACH,
	.parse = untable_parse,
	.uses = untable_uses,
	.columns = untable_columns,
	.row = untable_row,
};
