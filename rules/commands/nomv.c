/* SPDX-License-Identifier: GPL-3.0-or-later */
/* nomv: several values as one text of several lines. */
#include "config.h"

#include "rules/pipeline.h"

static bool
nomv_parse(struct scan *s, struct stage *stage)
{
	struct column *field = arena_new(s->c->keep, struct column, 1);
	struct text    name;

	stage->args = field;
	if (!scan_name(s, &name, "a field name"))
		return false;
	*field = compile_column(s->c, name);
	return true;
}

static void
nomv_uses(const struct stage *stage, struct uses *uses)
{
	const struct column *field = stage->args;

	uses_add(uses, field->name, USE_READS);
}

static bool
nomv_row(struct stage_run *sr, struct row *row)
{
	const struct column *field = sr->stage->args;
	struct value         v = row_value(row, field, sr->run->scratch);

	if (v.kind == VALUE_LIST)
		row_set(row, field->name, value_of_text(value_text(&v, '\n', sr->run->scratch)),
			sr->run->scratch);
	return pipe_emit(sr, row);
}

static enum keeps
nomv_keeps(const struct search_env *env, const struct stage *stage, struct text field,
	   struct arena *scratch)
{
	const struct column *column = stage->args;

	(void)env;
	(void)scratch;
	return text_eq(column->name, field) ? KEEPS_ROWS : KEEPS_FIELD;
}

const struct pipe_command pipe_nomv = {
	.name = "nomv",
	.synopsis = "nomv <field>",
	.help = "several values as one text of several lines",
	.order = ROWS_EACH,
	.parse = nomv_parse,
	.uses = nomv_uses,
	.keeps = nomv_keeps,
	.row = nomv_row,
};
