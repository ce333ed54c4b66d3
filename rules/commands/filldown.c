/* SPDX-License-Identifier: GPL-3.0-or-later */
/* filldown: a field that is null gets the value of the row before. */
#include "config.h"

#include "rules/field_list.h"


static bool
filldown_parse(struct scan *s, struct stage *stage)
{
	struct field_list *list = arena_new(s->c->keep, struct field_list, 1);

	stage->args = list;
	if (!compile_columns(s, &list->columns, &list->n, NULL))
		return false;
	for (size_t i = 0; i < list->n; i++)
		if (text_find_byte(list->columns[i].name, '*') != TEXT_NOWHERE)
			return scan_fail(s, s->at, "filldown takes field names without *");
	return list->n > 0 || scan_expected(s, "a field name");
}

static void
filldown_uses(const struct stage *stage, struct uses *uses)
{
	field_list_uses(stage->args, uses, USE_GROUPS);
}

static bool
filldown_start(struct stage_run *sr)
{
	const struct field_list *list = sr->stage->args;

	sr->state = arena_new(sr->run->keep, struct value, list->n);
	return true;
}

static bool
filldown_row(struct stage_run *sr, struct row *row)
{
	const struct field_list *list = sr->stage->args;
	struct value            *last = sr->state;

	for (size_t i = 0; i < list->n; i++) {
		struct value v = row_value(row, &list->columns[i], sr->run->scratch);

		if (v.kind != VALUE_NULL)
			last[i] = value_keep(&v, sr->run->keep);
		else if (last[i].kind != VALUE_NULL)
			row_set(row, list->columns[i].name, last[i], sr->run->scratch);
	}
	return pipe_emit(sr, row);
}

const struct pipe_command pipe_filldown = {
	.name = "filldown",
	.synopsis = "filldown <field> ...",
	.help = "a field that is null gets the value of the row before",
	.order = ROWS_ORDERED,
	.parse = filldown_parse,
	.uses = filldown_uses,
	.start = filldown_start,
	.row = filldown_row,
};
