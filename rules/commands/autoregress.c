/* SPDX-License-Identifier: GPL-3.0-or-later */
/* autoregress: values that a field had some rows before. */
#include "config.h"

#include "rules/pipeline.h"

#define AUTOREGRESS_ROWS_MAX 1000

struct autoregress_args {
	struct column field;
	uint64_t      from, to; /* rows back */
	struct text  *names;    /* of the new fields, FROM first */
};

/* 3, or 1-5 */
static bool
rows_back(struct scan *s, struct text name, struct text value, struct autoregress_args *args)
{
	struct text first = text_cut(&value, '-');

	if (!scan_to_count(s, name, first, 1, &args->from))
		return false;
	args->to = args->from;
	if (!text_absent(value) && !scan_to_count(s, name, value, args->from, &args->to))
		return false;
	return args->to <= AUTOREGRESS_ROWS_MAX ||
	       scan_fail(s, first.p, "p= is at most %d", AUTOREGRESS_ROWS_MAX);
}

static bool
autoregress_parse(struct scan *s, struct stage *stage)
{
	struct autoregress_args *args = arena_new(s->c->keep, struct autoregress_args, 1);
	struct text              field, as = TEXT_NONE, name, value;

	stage->args = args;
	args->from = args->to = 1;
	if (!scan_name(s, &field, "a field name"))
		return false;
	args->field = compile_column(s->c, field);
	if (scan_keyword(s, "as") && !scan_name(s, &as, "a field name behind \"as\""))
		return false;
	while (scan_option(s, &name, &value)) {
		if (!text_ieq(name, TEXT("p")))
			return scan_bad_option(s, name);
		if (!rows_back(s, name, value, args))
			return false;
	}
	args->names = arena_new(s->c->keep, struct text, args->to - args->from + 1);
	for (uint64_t p = args->from; p <= args->to; p++)
		args->names[p - args->from] =
		    !text_absent(as) && args->from == args->to
			? arena_copy(s->c->keep, as)
			: arena_printf(s->c->keep, TEXT_FMT "_p%u",
				       TEXT_ARG(text_absent(as) ? field : as), (unsigned)p);
	return true;
}

static void
autoregress_uses(const struct stage *stage, struct uses *uses)
{
	const struct autoregress_args *args = stage->args;

	uses_add(uses, args->field.name, USE_READS);
}

static void
autoregress_columns(const struct stage *stage, struct columns *columns)
{
	const struct autoregress_args *args = stage->args;

	for (uint64_t p = args->from; p <= args->to; p++)
		columns_add(columns, args->names[p - args->from]);
}

struct autoregress_state {
	struct value *before; /* of as many rows as args->to, in a ring */
	uint64_t      rows;
};

static bool
autoregress_start(struct stage_run *sr)
{
	const struct autoregress_args *args = sr->stage->args;
	struct autoregress_state *state = arena_new(sr->run->keep, struct autoregress_state, 1);

	sr->state = state;
	state->before = arena_new(sr->run->keep, struct value, args->to);
	return true;
}

static bool
autoregress_row(struct stage_run *sr, struct row *row)
{
	const struct autoregress_args *args = sr->stage->args;
	struct autoregress_state      *state = sr->state;
	struct value                   v = row_value(row, &args->field, sr->run->scratch);

	for (uint64_t p = args->from; p <= args->to && p <= state->rows; p++)
		row_set(row, args->names[p - args->from],
			state->before[(state->rows - p) % args->to], sr->run->scratch);
	state->before[state->rows++ % args->to] = value_keep(&v, sr->run->keep);
	return pipe_check(sr->run) && pipe_emit(sr, row);
}

const struct pipe_command pipe_autoregress = {
	.name = "autoregress",
	.synopsis = "autoregress <field> [as <name>] [p=<rows> | p=<from>-<to>]",
	.help = "the values that a field had a row, or some rows, before",
	.order = ROWS_ORDERED,
	.parse = autoregress_parse,
	.uses = autoregress_uses,
	.columns = autoregress_columns,
	.start = autoregress_start,
	.row = autoregress_row,
};
