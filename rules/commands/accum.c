/* SPDX-License-Identifier: GPL-3.0-or-later */
/* accum: the sum of a field so far. */
#include "config.h"

#include "rules/pipeline.h"

struct accum_args {
	struct column field;
	struct text   to;
};

static bool
accum_parse(struct scan *s, struct stage *stage)
{
	struct accum_args *args = arena_new(s->c->keep, struct accum_args, 1);
	struct text        name;

	stage->args = args;
	if (!scan_name(s, &name, "a field name"))
		return false;
	args->field = compile_column(s->c, name);
	if (scan_keyword(s, "as") && !scan_name(s, &name, "a field name behind \"as\""))
		return false;
	args->to = arena_copy(s->c->keep, name);
	return true;
}

static void
accum_uses(const struct stage *stage, struct uses *uses)
{
	const struct accum_args *args = stage->args;

	uses_add(uses, args->field.name, USE_READS);
}

static void
accum_columns(const struct stage *stage, struct columns *columns)
{
	const struct accum_args *args = stage->args;

	columns_add(columns, args->to);
}

static bool
accum_start(struct stage_run *sr)
{
	sr->state = arena_new(sr->run->keep, double, 1);
	return true;
}

static bool
accum_row(struct stage_run *sr, struct row *row)
{
	const struct accum_args *args = sr->stage->args;
	struct value             v = row_value(row, &args->field, sr->run->scratch);
	double                  *sum = sr->state, n;

	if (value_number(&v, &n)) {
		*sum += n;
		row_set(row, args->to, value_of_number(*sum), sr->run->scratch);
	}
	return pipe_emit(sr, row);
}

const struct pipe_command pipe_accum = {
	.name = "accum",
	.synopsis = "accum <field> [as <name>]",
	.help = "the sum of a field so far, row by row",
	.order = ROWS_ORDERED,
	.parse = accum_parse,
	.uses = accum_uses,
	.columns = accum_columns,
	.start = accum_start,
	.row = accum_row,
};
