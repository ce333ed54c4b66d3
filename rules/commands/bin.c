/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bin (bucket): times and numbers put into buckets. */
#include "config.h"

#include <math.h>

#include "rules/kept_rows.h"
#include "rules/timespec.h"

struct bin_args {
	struct column    field;
	struct text      to;
	struct time_span time;  /* of _time */
	double           width; /* of numbers; 0: from bins, once all rows are known */
	uint64_t         bins;
	bool             is_time;
};

static bool
bin_option(struct scan *s, struct bin_args *args, struct text name, struct text value)
{
	if (text_ieq(name, TEXT("bins")))
		return scan_to_count(s, name, value, 2, &args->bins);
	if (text_ieq(name, TEXT("span"))) {
		if (text_to_double(value, &args->width) && args->width > 0) {
			/* A plain number of seconds, for times. */
			args->time =
			    (struct time_span){UNIT_NS, (int64_t)(fmin(args->width, 9e9) * 1e9)};
			return args->time.count > 0 ||
			       scan_fail(s, value.p, "the span is too small");
		}
		if (!timespan_parse(value, &args->time))
			return scan_fail(s, value.p,
					 "expected a span such as 5m, 1h or 10, found \"" TEXT_FMT
					 "\"",
					 TEXT_ARG(value));
		args->width = -1;
		return true;
	}
	if (text_ieq(name, TEXT("aligntime"))) {
		compile_reserve(s->c, "bin counts buckets from midnight UTC, whatever aligntime= says");
		return true;
	}
	if (text_ieq(name, TEXT("minspan")) ||
	    text_ieq(name, TEXT("start")) || text_ieq(name, TEXT("end")))
		return scan_fail(s, name.p, "the option " TEXT_FMT "= is not supported",
				 TEXT_ARG(name));
	return scan_bad_option(s, name);
}

static bool
bin_parse(struct scan *s, struct stage *stage)
{
	struct bin_args *args = arena_new(s->c->keep, struct bin_args, 1);
	struct text      name, value, field = TEXT_NONE;

	stage->args = args;
	while (!scan_done(s)) {
		if (scan_keyword(s, "as")) {
			if (!scan_name(s, &args->to, "the new name"))
				return false;
		} else if (scan_option(s, &name, &value)) {
			if (!bin_option(s, args, name, value))
				return false;
		} else if (!text_absent(field)) {
			return scan_expected(s, "an option such as span=");
		} else if (!scan_name(s, &field, "a field name")) {
			return false;
		}
	}
	if (text_absent(field))
		return scan_expected(s, "a field name");
	args->field = compile_column(s->c, field);
	args->is_time = text_eq(field, TEXT("_time"));
	if (text_absent(args->to))
		args->to = args->field.name;
	if (args->is_time && args->width == 0)
		return scan_fail(s, s->at, "bin _time needs span=, such as span=5m");
	if (!args->is_time && args->width < 0)
		return scan_fail(s, s->at,
				 "a span of time is for _time; numbers take span=<number>");
	if (args->width == 0) {
		args->bins = args->bins ? args->bins : 100;
		stage->order = ROWS_ORDERED;
	}
	return true;
}

static void
bin_uses(const struct stage *stage, struct uses *uses)
{
	const struct bin_args *args = stage->args;

	uses_add(uses, args->field.name, USE_READS);
}

static void
bin_columns(const struct stage *stage, struct columns *columns)
{
	const struct bin_args *args = stage->args;

	columns_add(columns, args->to);
}

struct bin_state {
	struct kept_rows rows;
	double           low, high;
	bool             any;
};

static bool
bin_start(struct stage_run *sr)
{
	sr->state = arena_new(sr->run->keep, struct bin_state, 1);
	return true;
}

/* "20-30" */
static struct value
number_bin(double n, double width, struct arena *scratch)
{
	double       low = floor(n / width) * width;
	struct value from = value_of_number(low), to = value_of_number(low + width);

	return value_of_text(arena_printf(scratch, TEXT_FMT "-" TEXT_FMT,
					  TEXT_ARG(value_text(&from, ' ', scratch)),
					  TEXT_ARG(value_text(&to, ' ', scratch))));
}

static bool
bin_row(struct stage_run *sr, struct row *row)
{
	const struct bin_args *args = sr->stage->args;
	struct bin_state      *state = sr->state;
	struct arena          *scratch = sr->run->scratch;
	struct value           v = row_value(row, &args->field, scratch);
	int64_t                ns;
	double                 n;

	if (args->is_time && value_time(&v, &ns))
		row_set(row, args->to, value_of_time(timespan_floor(args->time, ns)), scratch);
	else if (!args->is_time && args->width > 0 && value_number(&v, &n))
		row_set(row, args->to, number_bin(n, args->width, scratch), scratch);
	if (args->width != 0)
		return pipe_emit(sr, row);
	if (value_number(&v, &n)) {
		state->low = !state->any || n < state->low ? n : state->low;
		state->high = !state->any || n > state->high ? n : state->high;
		state->any = true;
	}
	return kept_add(sr, &state->rows, row);
}

/* The least round width that needs no more than so many bins. */
static double
round_width(double low, double high, uint64_t bins)
{
	double width = pow(10, floor(log10((high - low) / (double)bins)));

	for (int i = 0; i < 40; i++) {
		if (floor(high / width) - floor(low / width) + 1 <= (double)bins)
			return width;
		width *= i % 3 == 1 ? 2.5 : 2;
	}
	return width;
}

static bool
bin_finish(struct stage_run *sr)
{
	const struct bin_args *args = sr->stage->args;
	struct bin_state      *state = sr->state;
	double                 width, n;

	if (args->width != 0)
		return true;
	width = state->any && state->high > state->low
		    ? round_width(state->low, state->high, args->bins)
		    : 1;
	for (size_t i = 0; i < state->rows.n; i++) {
		struct value v = row_value(state->rows.rows[i], &args->field, sr->run->keep);

		if (value_number(&v, &n))
			row_set(state->rows.rows[i], args->to, number_bin(n, width, sr->run->keep),
				sr->run->keep);
	}
	return kept_emit(sr, &state->rows);
}

const struct pipe_command pipe_bin = {
	.name = "bin",
	.synopsis = "bin [span=<span> | bins=<n>] <field> [as <name>]",
	.help = "put times or numbers into buckets; also called bucket",
	.order = ROWS_EACH,
	.parse = bin_parse,
	.uses = bin_uses,
	.columns = bin_columns,
	.start = bin_start,
	.row = bin_row,
	.finish = bin_finish,
};
