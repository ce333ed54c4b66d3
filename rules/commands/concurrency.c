/* SPDX-License-Identifier: GPL-3.0-or-later */
/* concurrency: how many rows last at the time that each of them begins. */
#include "config.h"

#include "rules/sorted_rows.h"

struct concurrency_args {
	struct column start, duration;
	struct text   to;
};

static bool
concurrency_parse(struct scan *s, struct stage *stage)
{
	struct concurrency_args *args = arena_new(s->c->keep, struct concurrency_args, 1);
	struct text              name, value, duration = TEXT_NONE;

	stage->args = args;
	args->start = compile_column(s->c, TEXT("_time"));
	args->to = TEXT("concurrency");
	while (scan_option(s, &name, &value))
		if (text_ieq(name, TEXT("duration")))
			duration = value;
		else if (text_ieq(name, TEXT("start")))
			args->start = compile_column(s->c, value);
		else if (text_ieq(name, TEXT("output")))
			args->to = arena_copy(s->c->keep, value);
		else
			return scan_bad_option(s, name);
	if (text_absent(duration))
		return scan_expected(s, "duration=<field>");
	args->duration = compile_column(s->c, duration);
	return true;
}

static void
concurrency_uses(const struct stage *stage, struct uses *uses)
{
	const struct concurrency_args *args = stage->args;

	uses_add(uses, args->start.name, USE_READS);
	uses_add(uses, args->duration.name, USE_READS);
}

static void
concurrency_columns(const struct stage *stage, struct columns *columns)
{
	const struct concurrency_args *args = stage->args;

	columns_add(columns, args->to);
}

/* Rows by their start, null: not known; starts and ends alone, too. */
struct concurrency_state {
	struct sorted_rows *rows, *starts, *ends;
};

static bool
concurrency_start(struct stage_run *sr)
{
	const struct sorted_order order = { .compare = sorted_by_key, .n_keys = 1 };
	struct concurrency_state *state = arena_new(sr->run->keep, struct concurrency_state, 1);

	sr->state = state;
	state->starts = sorted_rows_new(sr, &order);
	state->ends = sorted_rows_new(sr, &order);
	state->rows = sorted_rows_new(sr, &(struct sorted_order){ sorted_by_key, NULL, 2, 0 });
	return true;
}

static bool
concurrency_row(struct stage_run *sr, struct row *row)
{
	static const struct row        nothing;
	const struct concurrency_args *args = sr->stage->args;
	struct concurrency_state      *state = sr->state;
	struct value                   start = row_value(row, &args->start, sr->run->scratch);
	struct value                   length = row_value(row, &args->duration, sr->run->scratch);
	struct value                   keys[2] = { 0 }; /* start and end */
	double                         from, n;

	if (value_number(&start, &from) && value_number(&length, &n) && n >= 0) {
		keys[0] = value_of_number(from);
		keys[1] = value_of_number(from + n);
		if (!sorted_rows_add(state->starts, &nothing, &keys[0]) ||
		    !sorted_rows_add(state->ends, &nothing, &keys[1]))
			return false;
	}
	return sorted_rows_add(state->rows, row, keys);
}

/* Numbers in order, and how many of them went by. */
struct passing {
	struct sorted_rows *of;
	struct sorted_row  *next;
	uint64_t            n;
};

static bool
passing_begin(struct passing *p, struct sorted_rows *of)
{
	p->of = of;
	if (!sorted_rows_begin(of))
		return false;
	p->next = sorted_rows_next(of);
	return true;
}

/* How many of them are at most LIMIT, which is not below the one before. */
static double
passed(struct passing *p, double limit)
{
	for (; p->next && p->next->keys[0].number <= limit; p->n++)
		p->next = sorted_rows_next(p->of);
	return (double)p->n;
}

/* What has begun by then and has not ended; what ends as it begins counts for itself. */
static bool
count_each(struct stage_run *sr, struct sorted_rows *counted)
{
	const struct concurrency_args *args = sr->stage->args;
	struct concurrency_state      *state = sr->state;
	struct passing                 begun = { 0 }, ended = { 0 };
	struct sorted_row             *row;

	if (!passing_begin(&begun, state->starts) || !passing_begin(&ended, state->ends) ||
	    !sorted_rows_begin(state->rows))
		return false;
	while ((row = sorted_rows_next(state->rows)) != NULL) {
		char        *mark = pipe_mark(sr->run);
		struct value number = value_of_number((double)row->number);
		double       start = row->keys[0].number;
		bool         good;

		if (row->keys[0].kind != VALUE_NULL)
			row_set(&row->row, args->to,
				value_of_number(passed(&begun, start) - passed(&ended, start) +
						(row->keys[1].number <= start)),
				sr->run->scratch);
		good = sorted_rows_add(counted, &row->row, &number);
		pipe_release(sr->run, mark);
		if (!good)
			return false;
	}
	return !sr->run->failed;
}

static bool
concurrency_finish(struct stage_run *sr)
{
	const struct sorted_order own_order = { .compare = sorted_by_key, .n_keys = 1 };
	struct sorted_rows       *counted = sorted_rows_new(sr, &own_order);

	return count_each(sr, counted) && sorted_rows_emit(counted, sr, NULL);
}

const struct pipe_command pipe_concurrency = {
	.name = "concurrency",
	.synopsis = "concurrency duration=<field> [start=<field>] [output=<name>]",
	.help = "how many rows last at the time that each of them begins",
	.order = ROWS_ORDERED,
	.parse = concurrency_parse,
	.uses = concurrency_uses,
	.columns = concurrency_columns,
	.start = concurrency_start,
	.row = concurrency_row,
	.finish = concurrency_finish,
};
