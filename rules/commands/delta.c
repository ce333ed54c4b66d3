/* SPDX-License-Identifier: GPL-3.0-or-later */
/* delta: by how much a field differs from its value some rows before. */
#include "config.h"

#include "rules/pipeline.h"

#define DELTA_ROWS_MAX 10000

struct delta_args {
	struct column field;
	struct text   to;
	uint64_t      back;
};

static bool
delta_parse(struct scan *s, struct stage *stage)
{
	struct delta_args *args = arena_new(s->c->keep, struct delta_args, 1);
	struct text        name, value;

	stage->args = args;
	args->back = 1;
	if (!scan_name(s, &name, "a field name"))
		return false;
	args->field = compile_column(s->c, name);
	args->to = arena_printf(s->c->keep, "delta(" TEXT_FMT ")", TEXT_ARG(name));
	while (!scan_done(s)) {
		if (scan_keyword(s, "as")) {
			if (!scan_name(s, &name, "a field name behind \"as\""))
				return false;
			args->to = arena_copy(s->c->keep, name);
		} else if (!scan_option(s, &name, &value) || !text_ieq(name, TEXT("p"))) {
			return scan_expected(s, "\"as\" or p=<rows>");
		} else if (!scan_to_count(s, name, value, 1, &args->back)) {
			return false;
		} else if (args->back > DELTA_ROWS_MAX) {
			return scan_fail(s, value.p, "p= is at most %d", DELTA_ROWS_MAX);
		}
	}
	return true;
}

static void
delta_uses(const struct stage *stage, struct uses *uses)
{
	const struct delta_args *args = stage->args;

	uses_add(uses, args->field.name, USE_READS);
}

static void
delta_columns(const struct stage *stage, struct columns *columns)
{
	const struct delta_args *args = stage->args;

	columns_add(columns, args->to);
}

struct delta_value {
	bool   known;
	double n;
};

struct delta_state {
	struct delta_value *before; /* of as many rows as args->back, in a ring */
	uint64_t            rows;
};

static bool
delta_start(struct stage_run *sr)
{
	const struct delta_args *args = sr->stage->args;
	struct delta_state      *state = arena_new(sr->run->keep, struct delta_state, 1);

	sr->state = state;
	state->before = arena_new(sr->run->keep, struct delta_value, args->back);
	return true;
}

static bool
delta_row(struct stage_run *sr, struct row *row)
{
	const struct delta_args *args = sr->stage->args;
	struct delta_state      *state = sr->state;
	struct value             v = row_value(row, &args->field, sr->run->scratch);
	struct delta_value      *before = &state->before[state->rows++ % args->back], now = { 0 };

	now.known = value_number(&v, &now.n);
	if (now.known && before->known)
		row_set(row, args->to, value_of_number(now.n - before->n), sr->run->scratch);
	*before = now;
	return pipe_emit(sr, row);
}

const struct pipe_command pipe_delta = {
	.name = "delta",
	.synopsis = "delta <field> [as <name>] [p=<rows>]",
	.help = "by how much a field differs from its value a row, or p rows, before",
	.order = ROWS_ORDERED,
	.parse = delta_parse,
	.uses = delta_uses,
	.columns = delta_columns,
	.start = delta_start,
	.row = delta_row,
};
