/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mvexpand: a row for each value of a field. */
#include "config.h"

#include "rules/pipeline.h"

struct mvexpand_args {
	struct column field;
	uint64_t      limit; /* 0: all */
};

static bool
mvexpand_parse(struct scan *s, struct stage *stage)
{
	struct mvexpand_args *args = arena_new(s->c->keep, struct mvexpand_args, 1);
	struct text           name, value, field = TEXT_NONE;

	stage->args = args;
	while (!scan_done(s)) {
		if (scan_option(s, &name, &value)) {
			if (!text_ieq(name, TEXT("limit")))
				return scan_bad_option(s, name);
			if (!scan_to_count(s, name, value, 0, &args->limit))
				return false;
		} else if (!text_absent(field)) {
			return scan_expected(s, "limit=<n>");
		} else if (!scan_name(s, &field, "a field name")) {
			return false;
		}
	}
	args->field = compile_column(s->c, field);
	return !text_absent(field) || scan_expected(s, "a field name");
}

static void
mvexpand_uses(const struct stage *stage, struct uses *uses)
{
	const struct mvexpand_args *args = stage->args;

	uses_add(uses, args->field.name, USE_READS);
}

static bool
mvexpand_row(struct stage_run *sr, struct row *row)
{
	const struct mvexpand_args *args = sr->stage->args;
	struct value                v = row_value(row, &args->field, sr->run->scratch);
	const struct value         *items;
	size_t                      n = value_items(&v, &items);

	if (n < 2)
		return pipe_emit(sr, row);
	if (args->limit && n > args->limit)
		n = args->limit;
	for (size_t i = 0; i < n; i++) {
		char      *mark = pipe_mark(sr->run);
		struct row one = row_fork(row, sr->run->scratch);
		bool       more;

		row_set(&one, args->field.name, items[i], sr->run->scratch);
		more = pipe_emit(sr, &one);
		pipe_release(sr->run, mark);
		if (!more)
			return false;
	}
	return true;
}

static enum keeps
mvexpand_keeps(const struct search_env *env, const struct stage *stage, struct text field,
	       struct arena *scratch)
{
	const struct mvexpand_args *args = stage->args;

	(void)env;
	(void)scratch;
	return text_eq(args->field.name, field) ? KEEPS_ROWS : KEEPS_FIELD;
}

const struct pipe_command pipe_mvexpand = {
	.name = "mvexpand",
	.synopsis = "mvexpand <field> [limit=<n>]",
	.help = "a row for each value of a field",
	.order = ROWS_EACH,
	.parse = mvexpand_parse,
	.uses = mvexpand_uses,
	.keeps = mvexpand_keeps,
	.row = mvexpand_row,
};
