/* SPDX-License-Identifier: GPL-3.0-or-later */
/* makecontinuous: a row for every bucket of a field, empty where there is none. */
#include "config.h"

#include <math.h>

#include "base/when.h"
#include "rules/sorted_rows.h"
#include "rules/sorting.h"
#include "rules/timespec.h"

/* Empty rows in one search; as many as timechart makes. */
#define EMPTY_ROWS_MAX 50000

struct makecontinuous_args {
	struct column    field;
	struct sort_key  key;
	struct time_span time;  /* count 0: none was given */
	double           width; /* of numbers; 0: none was given */
	uint64_t         bins;
	bool             is_time;
};

static bool
makecontinuous_option(struct scan *s, struct makecontinuous_args *args, struct text name,
		      struct text value)
{
	if (text_ieq(name, TEXT("bins")))
		return scan_to_count(s, name, value, 1, &args->bins);
	if (text_ieq(name, TEXT("start")) || text_ieq(name, TEXT("end")))
		return scan_fail(s, name.p, "the option " TEXT_FMT "= is not supported: rows go from "
				 "the first value to the last", TEXT_ARG(name));
	if (!text_ieq(name, TEXT("span")))
		return scan_bad_option(s, name);
	if (timespan_parse(value, &args->time))
		return true;
	if (!text_to_double(value, &args->width) || !(args->width > 0))
		return scan_fail(s, value.p, "expected a span such as 5m or 10");
	args->time = (struct time_span){ UNIT_NS, (int64_t)(fmin(args->width, 9e9) * 1e9) };
	return args->time.count > 0 || scan_fail(s, value.p, "the span is too small");
}

static bool
makecontinuous_parse(struct scan *s, struct stage *stage)
{
	struct makecontinuous_args *args = arena_new(s->c->keep, struct makecontinuous_args, 1);
	struct text                 field = TEXT_NONE, name, value;

	stage->args = args;
	args->bins = 100;
	while (!scan_done(s))
		if (scan_option(s, &name, &value)) {
			if (!makecontinuous_option(s, args, name, value))
				return false;
		} else if (!text_absent(field)) {
			return scan_expected(s, "an option such as span=");
		} else if (!scan_name(s, &field, "a field name")) {
			return false;
		}
	args->field = compile_column(s->c, text_absent(field) ? TEXT("_time") : field);
	args->is_time = text_eq(args->field.name, TEXT("_time"));
	args->key.column = args->field;
	if (!args->is_time && args->time.count && args->width == 0)
		return scan_fail(s, s->at, "a span of time is for _time; numbers take span=<number>");
	return true;
}

static void
makecontinuous_uses(const struct stage *stage, struct uses *uses)
{
	const struct makecontinuous_args *args = stage->args;

	uses_add(uses, args->field.name, USE_READS);
}

struct makecontinuous_state {
	struct sorted_rows *rows;
	bool                any;
	double              low, high;
	int64_t             first_ns, last_ns;
};

static int
by_field(const void *ctx, const struct sorted_row *a, const struct sorted_row *b)
{
	return sort_compare(a->keys, b->keys, ctx, 1);
}

static bool
makecontinuous_start(struct stage_run *sr)
{
	const struct makecontinuous_args *args = sr->stage->args;
	const struct sorted_order         order = { by_field, &args->key, 1, 0 };
	struct makecontinuous_state      *state =
	    arena_new(sr->run->keep, struct makecontinuous_state, 1);

	sr->state = state;
	state->rows = sorted_rows_new(sr, &order);
	return true;
}

/* Where the field of a row is: nanoseconds, or the number. False: nowhere. */
static bool
place_of(const struct makecontinuous_args *args, const struct row *row, struct arena *scratch,
	 double *n, int64_t *ns)
{
	struct value v = row_value(row, &args->field, scratch);

	return args->is_time ? value_time(&v, ns) : value_number(&v, n);
}

static bool
makecontinuous_row(struct stage_run *sr, struct row *row)
{
	const struct makecontinuous_args *args = sr->stage->args;
	struct makecontinuous_state      *state = sr->state;
	int64_t                           ns = 0;
	double                            n = 0;

	/* Rows without the field have no place. */
	if (!place_of(args, row, sr->run->scratch, &n, &ns))
		return true;
	state->low = !state->any || n < state->low ? n : state->low;
	state->high = !state->any || n > state->high ? n : state->high;
	state->first_ns = !state->any || ns < state->first_ns ? ns : state->first_ns;
	state->last_ns = !state->any || ns > state->last_ns ? ns : state->last_ns;
	state->any = true;
	return sorted_rows_add(state->rows, row,
			       sort_values(row, &args->key, 1, sr->run->scratch));
}

static bool
emit_empty(struct stage_run *sr, struct value v)
{
	const struct makecontinuous_args *args = sr->stage->args;
	char                             *mark = pipe_mark(sr->run);
	struct row row = { .time_ns = WHEN_NONE, .first_ns = WHEN_NONE, .last_ns = WHEN_NONE };
	bool       more;

	row_set(&row, args->field.name, v, sr->run->scratch);
	more = pipe_emit(sr, &row);
	pipe_release(sr->run, mark);
	return more;
}

/* A row of a bucket, and before it empty ones from *NEXT on. */
struct filling {
	struct time_span time;
	double           width;
	uint64_t         n_empty;
	bool             begun;
	double           next;
	int64_t          next_ns;
};

static bool
fill_up(struct stage_run *sr, struct filling *f, bool is_time, double n, int64_t ns)
{
	while (f->begun && (is_time ? f->next_ns < ns : f->next < n - f->width / 2)) {
		if (f->n_empty++ == EMPTY_ROWS_MAX)
			return pipe_fail(sr->run, ERR_LIMIT, "makecontinuous would make more than %d "
					 "empty rows: use a longer span=", EMPTY_ROWS_MAX);
		if (!emit_empty(sr, is_time ? value_of_time(f->next_ns) : value_of_number(f->next)))
			return false;
		f->next_ns = is_time ? timespan_next(f->time, f->next_ns) : 0;
		f->next += f->width;
	}
	return true;
}

static bool
emit_filled(struct stage_run *sr, struct row *row, struct filling *f)
{
	const struct makecontinuous_args *args = sr->stage->args;
	double                            n = 0;
	int64_t                           ns = 0;

	place_of(args, row, sr->run->scratch, &n, &ns);
	ns = args->is_time ? timespan_floor(f->time, ns) : 0;
	n = args->is_time ? 0 : floor(n / f->width) * f->width;
	if (!fill_up(sr, f, args->is_time, n, ns))
		return false;
	row_set(row, args->field.name, args->is_time ? value_of_time(ns) : value_of_number(n),
		sr->run->scratch);
	f->begun = true;
	f->next_ns = args->is_time ? timespan_next(f->time, ns) : 0;
	f->next = n + f->width;
	return pipe_emit(sr, row);
}

static bool
makecontinuous_finish(struct stage_run *sr)
{
	const struct makecontinuous_args  *args = sr->stage->args;
	const struct makecontinuous_state *state = sr->state;
	struct filling                     f = { .time = args->time, .width = args->width };
	double                             bins = (double)args->bins;
	struct sorted_row                 *row;

	if (args->is_time && f.time.count == 0)
		f.time = timespan_fitting(state->last_ns - state->first_ns, args->bins);
	if (!args->is_time && f.width == 0)
		f.width = state->high > state->low
			      ? pow(10, ceil(log10(state->high / bins - state->low / bins)))
			      : 1;
	if (!sorted_rows_begin(state->rows))
		return false;
	while ((row = sorted_rows_next(state->rows)) != NULL) {
		char *mark = pipe_mark(sr->run);
		bool  more = emit_filled(sr, &row->row, &f);

		pipe_release(sr->run, mark);
		if (!more)
			return false;
	}
	return !sr->run->failed;
}

const struct pipe_command pipe_makecontinuous = {
	.name = "makecontinuous",
	.synopsis = "makecontinuous [<field>] [span=<span> | bins=<n>]",
	.help = "a row for every bucket of _time, or of a number, empty where there is none",
	.order = ROWS_ORDERED,
	.parse = makecontinuous_parse,
	.uses = makecontinuous_uses,
	.start = makecontinuous_start,
	.row = makecontinuous_row,
	.finish = makecontinuous_finish,
};
