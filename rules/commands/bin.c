/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bin (bucket): times and numbers put into buckets. */
#include "config.h"

#include <math.h>

#include "base/when.h"
#include "rules/leaf.h"
#include "rules/sorted_rows.h"
#include "rules/timespec.h"

struct bin_args {
	struct column    field;
	struct text      to;
	struct time_span time;  /* of _time */
	double           width; /* of numbers; below 0: a span of time; 0: from bins, once all rows
				   are known */
	double           base;  /* of logarithmic bins, whose first begins at width; 0: they are not */
	uint64_t         bins;
	double           low, high; /* the range goes at least from here to there */
	bool             has_low, has_high;
	struct time_span least_time; /* of the span that follows from the data */
	double           least;
	struct text      align; /* of buckets shorter than a day; or absent */
	bool             is_time;
};

/* "2log10": bins from 2 to 20, 20 to 200 ... */
static bool
log_span(struct text value, struct bin_args *args)
{
	size_t at = text_find(value, TEXT("log"));

	if (at == TEXT_NOWHERE)
		return false;
	args->width = 1;
	args->base = 10;
	if (at > 0 && !text_to_double(text_head(value, at), &args->width))
		return false;
	if (at + 3 < value.n && !text_to_double(text_from(value, at + 3), &args->base))
		return false;
	return args->base > 1 && args->width >= 1 && args->width < args->base;
}

static bool
bin_span(struct scan *s, struct bin_args *args, struct text value)
{
	if (text_to_double(value, &args->width) && args->width > 0) {
		/* A plain number of seconds, for times. */
		args->time = (struct time_span){UNIT_NS, (int64_t)(fmin(args->width, 9e9) * 1e9)};
		return args->time.count > 0 || scan_fail(s, value.p, "the span is too small");
	}
	if (log_span(value, args))
		return true;
	if (!timespan_parse(value, &args->time))
		return scan_fail(s, value.p,
				 "expected a span such as 5m, 1h, 10 or 2log10, found \"" TEXT_FMT "\"",
				 TEXT_ARG(value));
	args->width = -1;
	return true;
}

static bool
bin_bound(struct scan *s, struct text name, struct text value, double *out, bool *given)
{
	*given = text_to_double(value, out);
	return *given || scan_fail(s, value.p, TEXT_FMT "= needs a number", TEXT_ARG(name));
}

static bool
bin_option(struct scan *s, struct bin_args *args, struct text name, struct text value)
{
	int64_t ns;

	if (text_ieq(name, TEXT("bins")))
		return scan_to_count(s, name, value, 2, &args->bins);
	if (text_ieq(name, TEXT("span")))
		return bin_span(s, args, value);
	if (text_ieq(name, TEXT("start")))
		return bin_bound(s, name, value, &args->low, &args->has_low);
	if (text_ieq(name, TEXT("end")))
		return bin_bound(s, name, value, &args->high, &args->has_high);
	if (text_ieq(name, TEXT("minspan"))) {
		if (text_to_double(value, &args->least) || timespan_parse(value, &args->least_time))
			return true;
		return scan_fail(s, value.p, "minspan= needs a span such as 5m or 10");
	}
	if (!text_ieq(name, TEXT("aligntime")))
		return scan_bad_option(s, name);
	if (!text_ieq(value, TEXT("earliest")) && !text_ieq(value, TEXT("latest")) &&
	    !timespec_resolve(value, 0, &ns))
		return scan_fail(s, value.p, "aligntime= needs earliest, latest or a time such as @d");
	args->align = value;
	return true;
}

static bool
bin_check(struct scan *s, const struct bin_args *args)
{
	if (args->is_time && args->base > 0)
		return scan_fail(s, s->at, "a logarithmic span is for numbers");
	if (!args->is_time && args->width < 0)
		return scan_fail(s, s->at,
				 "a span of time is for _time; numbers take span=<number>");
	if (!args->is_time && !text_absent(args->align))
		return scan_fail(s, s->at, "aligntime= is for _time");
	return true;
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
	if (!bin_check(s, args))
		return false;
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
	struct sorted_rows *rows; /* until the width is known; NULL: it is */
	double              width; /* of all buckets */
	struct time_span    time;
	double              low, high;
	int64_t             first_ns, last_ns; /* of times */
	int64_t             align_ns; /* where a bucket begins */
	bool                any;
};

static bool
bin_start(struct stage_run *sr)
{
	const struct bin_args *args = sr->stage->args;
	struct bin_state      *state = arena_new(sr->run->keep, struct bin_state, 1);
	struct span            range;
	bool                   short_span = args->time.unit == UNIT_NS && args->time.count % WHEN_DAY;

	sr->state = state;
	state->width = args->width;
	state->time = args->time;
	if (args->width == 0)
		state->rows = sorted_rows_new(sr, &(struct sorted_order){ 0 });
	if (text_absent(args->align) || !short_span)
		return true;
	range = leaf_range(sr->run, &sr->run->search->leaves[0]);
	if (text_ieq(args->align, TEXT("earliest")))
		state->align_ns = range.earliest_ns;
	else if (text_ieq(args->align, TEXT("latest")))
		state->align_ns = range.latest_ns == WHEN_MAX ? pipe_clock(sr->run) : range.latest_ns;
	else
		timespec_resolve(args->align, pipe_clock(sr->run), &state->align_ns);
	/* The beginning of time is where buckets are aligned anyway. */
	state->align_ns = state->align_ns == WHEN_NONE ? 0 : state->align_ns % args->time.count;
	return true;
}

/* "20-30" */
static struct value
bin_text(double low, double high, struct arena *scratch)
{
	struct value from = value_of_number(low), to = value_of_number(high);

	return value_of_text(arena_printf(scratch, TEXT_FMT "-" TEXT_FMT,
					  TEXT_ARG(value_text(&from, ' ', scratch)),
					  TEXT_ARG(value_text(&to, ' ', scratch))));
}

static struct value
number_bin(double n, double width, struct arena *scratch)
{
	double low = floor(n / width) * width;

	return bin_text(low, low + width, scratch);
}

/* Numbers from 0 down are in no logarithmic bin. */
static struct value
log_bin(double n, const struct bin_args *args, struct arena *scratch)
{
	double low;

	if (n <= 0)
		return value_of_number(n);
	low = args->width * pow(args->base, floor(log(n / args->width) / log(args->base) + 1e-12));
	return bin_text(low, low * args->base, scratch);
}

/* The range of what comes, for bins that follow from it. */
static void
widen(struct bin_state *state, const struct bin_args *args, const struct value *v)
{
	int64_t ns;
	double  n;

	if (args->is_time && value_time(v, &ns)) {
		state->first_ns = !state->any || ns < state->first_ns ? ns : state->first_ns;
		state->last_ns = !state->any || ns > state->last_ns ? ns : state->last_ns;
		state->any = true;
	} else if (!args->is_time && value_number(v, &n)) {
		state->low = !state->any || n < state->low ? n : state->low;
		state->high = !state->any || n > state->high ? n : state->high;
		state->any = true;
	}
}

static struct value
bin_of(const struct bin_args *args, const struct bin_state *state, const struct value *v,
       struct arena *keep)
{
	int64_t ns, back;
	double  n;

	if (args->is_time) {
		if (!value_time(v, &ns))
			return *v;
		if (__builtin_sub_overflow(ns, state->align_ns, &back))
			return value_of_time(timespan_floor(state->time, ns));
		return value_of_time(timespan_floor(state->time, back) + state->align_ns);
	}
	if (!value_number(v, &n))
		return *v;
	return args->base > 0 ? log_bin(n, args, keep) : number_bin(n, state->width, keep);
}

static void
put_into_bin(struct stage_run *sr, struct row *row)
{
	const struct bin_args *args = sr->stage->args;
	struct arena          *scratch = sr->run->scratch;
	struct value           v = row_value(row, &args->field, scratch);

	if (v.kind != VALUE_NULL)
		row_set(row, args->to, bin_of(args, sr->state, &v, scratch), scratch);
}

static bool
bin_row(struct stage_run *sr, struct row *row)
{
	const struct bin_args *args = sr->stage->args;
	struct bin_state      *state = sr->state;

	if (state->rows) {
		struct value v = row_value(row, &args->field, sr->run->scratch);

		widen(state, args, &v);
		return sorted_rows_add(state->rows, row, NULL);
	}
	put_into_bin(sr, row);
	return pipe_emit(sr, row);
}

/* The least round width that needs no more than so many bins. */
static double
round_width(double low, double high, uint64_t bins)
{
	double width = pow(10, floor(log10(high / (double)bins - low / (double)bins)));

	for (int i = 0; i < 40 && isfinite(width * 2.5); i++) {
		if (floor(high / width) - floor(low / width) + 1 <= (double)bins)
			return width;
		width *= i % 3 == 1 ? 2.5 : 2;
	}
	return width;
}

static double
width_of(const struct bin_args *args, const struct bin_state *state)
{
	double low = args->has_low ? fmin(args->low, state->low) : state->low;
	double high = args->has_high ? fmax(args->high, state->high) : state->high;

	return fmax(args->least, state->any && high > low ? round_width(low, high, args->bins) : 1);
}

static struct time_span
span_of(const struct bin_args *args, const struct bin_state *state)
{
	struct time_span span =
	    timespan_fitting(state->any ? state->last_ns - state->first_ns : 0, args->bins);

	if (args->least_time.count && span.unit == UNIT_NS &&
	    (args->least_time.unit != UNIT_NS || args->least_time.count > span.count))
		return args->least_time;
	return span;
}

static bool
change_row(struct stage_run *sr, struct sorted_row *row)
{
	put_into_bin(sr, &row->row);
	return true;
}

static bool
bin_finish(struct stage_run *sr)
{
	const struct bin_args *args = sr->stage->args;
	struct bin_state      *state = sr->state;

	if (!state->rows)
		return true;
	state->time = span_of(args, state);
	state->width = width_of(args, state);
	return sorted_rows_emit(state->rows, sr, change_row);
}

static enum keeps
bin_keeps(const struct search_env *env, const struct stage *stage, struct text field,
	  struct arena *scratch)
{
	const struct bin_args *args = stage->args;

	if (args->width == 0 || !text_absent(args->align))
		return KEEPS_NOTHING;
	return keeps_others(env, stage, field, scratch);
}

const struct pipe_command pipe_bin = {
	.name = "bin",
	.synopsis = "bin [span=<span> | bins=<n>] [minspan=<span>] [start=<n>] [end=<n>] "
		    "[aligntime=<time>] <field> [as <name>]",
	.help = "put times or numbers into buckets; also called bucket",
	.flags = PIPE_SPLICES,
	.order = ROWS_EACH,
	.parse = bin_parse,
	.uses = bin_uses,
	.columns = bin_columns,
	.start = bin_start,
	.keeps = bin_keeps,
	.row = bin_row,
	.finish = bin_finish,
};
