/* SPDX-License-Identifier: GPL-3.0-or-later */
/* timewrap: the rows of timechart, each day (week ...) as columns beside those of the last one. */
#include "config.h"

#include "base/ascii.h"
#include "base/when.h"
#include "rules/leaf.h"
#include "rules/row_keys.h"
#include "rules/sorted_rows.h"
#include "rules/time_format.h"
#include "rules/timespec.h"

/* Columns that it makes, and how far a row may be away. */
#define COLUMNS_MAX 1000
#define PERIODS_MAX 1000000

enum series { SERIES_RELATIVE, SERIES_SHORT, SERIES_EXACT };

struct timewrap_args {
	struct time_span span;
	uint64_t         n_units;  /* that are a span, as it was written */
	const char      *unit;
	int64_t          longest_ns; /* no span is longer */
	enum series      series;
	struct text      format;   /* of names, for SERIES_EXACT */
	bool             from_now; /* counted back from the clock, not from the end of the search */
};

static const struct {
	const char *word;
	int64_t     longest_ns;
} units[] = {
	{ "second", WHEN_SECOND },   { "minute", 60 * WHEN_SECOND }, { "hour", WHEN_HOUR },
	{ "day", WHEN_DAY },         { "week", 7 * WHEN_DAY },       { "month", 31 * WHEN_DAY },
	{ "quarter", 92 * WHEN_DAY }, { "year", 366 * WHEN_DAY },
};

static bool
timewrap_option(struct scan *s, struct timewrap_args *args, struct text name, struct text value)
{
	if (text_ieq(name, TEXT("align"))) {
		args->from_now = text_ieq(value, TEXT("now"));
		return args->from_now || text_ieq(value, TEXT("end")) ||
		       scan_fail(s, value.p, "align= is now or end");
	}
	if (text_ieq(name, TEXT("series"))) {
		args->series = text_ieq(value, TEXT("short"))	? SERIES_SHORT
			       : text_ieq(value, TEXT("exact")) ? SERIES_EXACT
								: SERIES_RELATIVE;
		return args->series != SERIES_RELATIVE || text_ieq(value, TEXT("relative")) ||
		       scan_fail(s, value.p, "series= is relative, exact or short");
	}
	if (!text_ieq(name, TEXT("time_format")))
		return scan_bad_option(s, name);
	args->format = value;
	return true;
}

/* "day", "2w": as any span, but of whole seconds at least, and its unit is known by its name. */
static bool
timewrap_span(struct scan *s, struct timewrap_args *args)
{
	const char      *at;
	struct text      span;
	struct time_span unit, one;
	size_t           digits = 0;

	scan_blank(s);
	at = s->at;
	if (!scan_value(s, &span, "a span such as 1d or week"))
		return false;
	while (digits < span.n && ascii_digit(span.p[digits]))
		digits++;
	args->n_units = 1;
	if (timespan_parse(span, &args->span) && timespan_parse(text_from(span, digits), &unit) &&
	    (!digits || text_to_u64(text_head(span, digits), &args->n_units)))
		for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
			if (timespan_parse(text_of(units[i].word), &one) && one.unit == unit.unit &&
			    one.count == unit.count) {
				args->unit = units[i].word;
				args->longest_ns = units[i].longest_ns;
			}
	if (!args->unit)
		return scan_fail(s, at, "expected a span such as 1d or week, found \"" TEXT_FMT "\"",
				 TEXT_ARG(text_head(span, 60)));
	return !__builtin_mul_overflow(args->longest_ns, (int64_t)args->n_units,
				       &args->longest_ns) ||
	       scan_fail(s, at, "the span is too long");
}

static bool
timewrap_parse(struct scan *s, struct stage *stage)
{
	struct timewrap_args *args = arena_new(s->c->keep, struct timewrap_args, 1);
	struct text           name, value;

	stage->args = args;
	args->format = TEXT("%Y-%m-%dT%H:%M:%S");
	while (!args->unit || !scan_done(s)) {
		if (scan_option(s, &name, &value)) {
			if (!timewrap_option(s, args, name, value))
				return false;
		} else if (args->unit) {
			return scan_expected(s, "an option such as series=");
		} else if (!timewrap_span(s, args)) {
			return false;
		}
	}
	return true;
}

static void
timewrap_uses(const struct stage *stage, struct uses *uses)
{
	(void)stage;
	uses->all = true;
}

static void
timewrap_columns(const struct stage *stage, struct columns *columns)
{
	(void)stage;
	columns_only(columns);
	columns_add(columns, TEXT("_time"));
	columns->open = true;
}

struct timewrap_state {
	int64_t             end_ns;  /* just behind the last period */
	struct sorted_rows *rows;    /* keys: their time in the last period, and how long before */
	struct row_keys     seen;    /* of fields; count: it is among them */
	struct text        *fields;  /* in the order they came */
	size_t              n_fields, fields_cap;
	int64_t            *periods; /* that have rows, the oldest first */
	size_t              n_periods, periods_cap;
};

static int
by_place(const void *ctx, const struct sorted_row *a, const struct sorted_row *b)
{
	(void)ctx;
	return (a->keys[0].time_ns > b->keys[0].time_ns) -
	       (a->keys[0].time_ns < b->keys[0].time_ns);
}

static bool
timewrap_start(struct stage_run *sr)
{
	static const struct leaf    none;
	const struct timewrap_args *args = sr->stage->args;
	const struct sorted_order   order = { .compare = by_place, .n_keys = 2 };
	struct timewrap_state      *state = arena_new(sr->run->keep, struct timewrap_state, 1);
	const struct search        *search = sr->run->search;

	sr->state = state;
	state->rows = sorted_rows_new(sr, &order);
	state->end_ns = leaf_range(sr->run, search->n_leaves ? &search->leaves[0] : &none).latest_ns;
	/* The clock is the time of the newest event, which is part of the last period. */
	if (args->from_now || state->end_ns == WHEN_MAX)
		state->end_ns = pipe_clock(sr->run) + 1;
	return true;
}

/* How many spans NS lies before the last period, and the time there. False: too many. */
static bool
place_of(const struct timewrap_args *args, int64_t end_ns, int64_t ns, int64_t *before,
	 int64_t *place_ns)
{
	int64_t gap, next;

	if (__builtin_sub_overflow(end_ns, ns, &gap))
		return false;
	/* Months differ: this is no more than it can be. */
	*before = gap / args->longest_ns - 2;
	if (*before > PERIODS_MAX || *before < -PERIODS_MAX)
		return false;
	for (;; ++*before) {
		next = ns;
		if (!timespan_add(args->span, *before + 1, &next))
			return false;
		if (next >= end_ns)
			break;
	}
	*place_ns = ns;
	return timespan_add(args->span, *before, place_ns);
}

static void
note_period(struct stage_run *sr, int64_t before)
{
	struct timewrap_state *state = sr->state;
	size_t                 i = state->n_periods;

	for (size_t k = 0; k < i; k++)
		if (state->periods[k] == before)
			return;
	arena_grow(sr->run->keep, state->periods, state->n_periods, &state->periods_cap);
	for (state->n_periods++; i > 0 && state->periods[i - 1] < before; i--)
		state->periods[i] = state->periods[i - 1];
	state->periods[i] = before;
}

/* False: it has none. */
static bool
note_fields(struct stage_run *sr, const struct row *row)
{
	struct timewrap_state *state = sr->state;
	struct text           *names;
	size_t                 n = row_names(row, sr->run->scratch, &names);
	bool                   any = false;

	for (size_t i = 0; i < n && state->n_fields <= COLUMNS_MAX; i++) {
		struct row_key *key;

		if (names[i].p[0] == '_')
			continue;
		any = true;
		key = row_keys_of(&state->seen, sr->run, names[i], true);
		if (key->count++)
			continue;
		arena_grow(sr->run->keep, state->fields, state->n_fields, &state->fields_cap);
		state->fields[state->n_fields++] = key->key;
	}
	return any;
}

static bool
timewrap_row(struct stage_run *sr, struct row *row)
{
	struct timewrap_state *state = sr->state;
	char                  *mark = pipe_mark(sr->run);
	struct value           keys[2], time = row_get(row, TEXT("_time"), sr->run->scratch);
	int64_t                ns, before, place_ns;
	bool                   good = true;

	if (value_time(&time, &ns) &&
	    place_of(sr->stage->args, state->end_ns, ns, &before, &place_ns)) {
		if (note_fields(sr, row))
			note_period(sr, before);
		keys[0] = value_of_time(place_ns);
		keys[1] = value_of_number((double)before);
		good = state->n_fields * state->n_periods <= COLUMNS_MAX ||
		       pipe_fail(sr->run, ERR_LIMIT, "timewrap would make more than %d columns: use a "
				 "longer span, or fewer fields in timechart", COLUMNS_MAX);
		good = good && sorted_rows_add(state->rows, row, keys);
	}
	pipe_release(sr->run, mark);
	return good;
}

/* The name of FIELD, BEFORE spans before the last. */
static struct text
column_name(const struct timewrap_args *args, int64_t end_ns, struct text field, int64_t before,
	    struct arena *keep)
{
	uint64_t n = (uint64_t)(before < 0 ? -before : before) * args->n_units;
	int64_t  start_ns = end_ns;

	if (args->series == SERIES_SHORT)
		return arena_printf(keep, TEXT_FMT "_s%lld", TEXT_ARG(field), (long long)before);
	if (args->series == SERIES_EXACT && timespan_add(args->span, -before - 1, &start_ns)) {
		struct text start = time_format(start_ns, args->format, keep);

		return arena_printf(keep, TEXT_FMT "_" TEXT_FMT, TEXT_ARG(field), TEXT_ARG(start));
	}
	if (before == 0)
		return arena_printf(keep, TEXT_FMT "_latest_%s", TEXT_ARG(field), args->unit);
	return arena_printf(keep, TEXT_FMT "_%llu%s%s_%s", TEXT_ARG(field), (unsigned long long)n,
			    args->unit, n == 1 ? "" : "s", before > 0 ? "before" : "after");
}

/* A row of what comes out. */
struct line {
	struct row    row;
	struct value *cells; /* of all columns */
	bool          begun;
};

static void
begin_line(const struct timewrap_state *state, struct line *line, int64_t place_ns,
	   struct arena *scratch)
{
	*line = (struct line){
		.row = { .time_ns = WHEN_NONE, .first_ns = WHEN_NONE, .last_ns = WHEN_NONE },
		.cells = arena_new(scratch, struct value, state->n_fields * state->n_periods + 1),
		.begun = true,
	};
	row_set(&line->row, TEXT("_time"), value_of_time(place_ns), scratch);
}

static void
add_to_line(const struct timewrap_state *state, const struct sorted_row *row, struct line *line,
	    struct arena *scratch)
{
	size_t p = 0;

	while (p < state->n_periods && (double)state->periods[p] != row->keys[1].number)
		p++;
	for (size_t f = 0; f < state->n_fields && p < state->n_periods; f++) {
		struct value v = row_get(&row->row, state->fields[f], scratch);

		if (v.kind != VALUE_NULL)
			line->cells[f * state->n_periods + p] = value_keep(&v, scratch);
	}
	row_add_events(&line->row, &row->row, scratch);
}

static bool
emit_line(struct stage_run *sr, struct line *line, const struct text *names)
{
	const struct timewrap_state *state = sr->state;

	for (size_t i = 0; i < state->n_fields * state->n_periods; i++)
		if (line->cells[i].kind != VALUE_NULL)
			row_set(&line->row, names[i], line->cells[i], sr->run->scratch);
	return pipe_emit(sr, &line->row);
}

static bool
timewrap_finish(struct stage_run *sr)
{
	struct timewrap_state *state = sr->state;
	struct arena          *scratch = sr->run->scratch;
	struct text *names = arena_new(scratch, struct text, state->n_fields * state->n_periods + 1);
	char        *mark;
	struct line  line = { 0 };
	bool         good = true;
	int64_t      place_ns = 0;
	struct sorted_row *row;

	for (size_t f = 0; f < state->n_fields; f++)
		for (size_t p = 0; p < state->n_periods; p++)
			names[f * state->n_periods + p] =
			    column_name(sr->stage->args, state->end_ns, state->fields[f],
					state->periods[p], scratch);
	mark = pipe_mark(sr->run);
	if (!sorted_rows_begin(state->rows))
		return false;
	while (good && (row = sorted_rows_next(state->rows)) != NULL) {
		if (line.begun && row->keys[0].time_ns != place_ns) {
			good = emit_line(sr, &line, names);
			pipe_release(sr->run, mark);
			line.begun = false;
		}
		place_ns = row->keys[0].time_ns;
		if (!line.begun)
			begin_line(state, &line, place_ns, scratch);
		add_to_line(state, row, &line, scratch);
	}
	return good && !sr->run->failed && (!line.begun || emit_line(sr, &line, names));
}

const struct pipe_command pipe_timewrap = {
	.name = "timewrap",
	.synopsis = "timewrap <span> [series=relative|short|exact] [time_format=<format>] "
		    "[align=end|now]",
	.help = "rows of timechart: each day, week ... beside the last one, as columns",
	.flags = PIPE_ROWS,
	.order = ROWS_ORDERED,
	.parse = timewrap_parse,
	.uses = timewrap_uses,
	.columns = timewrap_columns,
	.start = timewrap_start,
	.row = timewrap_row,
	.finish = timewrap_finish,
};
