/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gentimes: a row for every day, or other span, between two dates. */
#include "config.h"

#include "base/when.h"
#include "rules/pipeline.h"
#include "rules/time_format.h"
#include "rules/timespec.h"

#define TIMES_MAX 100000

struct gentimes_args {
	struct text      start, end; /* as written; end absent: the case clock */
	struct time_span step;
};

/* "10/25/2020", "10/25/2020:12:00:00", or days before or behind today. */
static bool
gentimes_time(struct text t, int64_t clock_ns, int64_t *ns)
{
	const struct time_span day = { UNIT_NS, WHEN_DAY };
	double                 days;

	if (time_parse(t, TEXT("%m/%d/%Y:%H:%M:%S"), ns) || time_parse(t, TEXT("%m/%d/%Y"), ns))
		return true;
	if (!text_to_double(t, &days) || days > 100000 || days < -100000)
		return false;
	*ns = timespan_floor(day, clock_ns) + (int64_t)days * WHEN_DAY;
	return true;
}

static bool
gentimes_parse(struct scan *s, struct stage *stage)
{
	struct gentimes_args *args = arena_new(s->c->keep, struct gentimes_args, 1);
	struct leaf           leaf = { 0 };
	struct text           name, value;
	int64_t               ns;

	stage->args = args;
	args->step = (struct time_span){ UNIT_NS, WHEN_DAY };
	if (s->c->search->n_leaves == 0)
		leaf_add(s->c, &leaf);
	while (scan_option(s, &name, &value)) {
		bool start = text_ieq(name, TEXT("start"));

		if (text_ieq(name, TEXT("increment"))) {
			if (!timespan_parse(value, &args->step))
				return scan_fail(s, value.p, "expected a span such as 1d or 6h");
			continue;
		}
		if (!start && !text_ieq(name, TEXT("end")))
			return scan_bad_option(s, name);
		if (!gentimes_time(value, 0, &ns))
			return scan_fail(s, value.p, "expected a date such as 10/25/2020, one with a "
					 "time such as 10/25/2020:12:00:00, or a number of days");
		*(start ? &args->start : &args->end) = value;
	}
	return !text_absent(args->start) || scan_expected(s, "start=<date>");
}

static void
gentimes_columns(const struct stage *stage, struct columns *columns)
{
	(void)stage;
	columns_only(columns);
	columns_add(columns, TEXT("starttime"));
	columns_add(columns, TEXT("starthuman"));
	columns_add(columns, TEXT("endtime"));
	columns_add(columns, TEXT("endhuman"));
}

static struct value
whole_seconds(int64_t ns)
{
	int64_t seconds = ns / WHEN_SECOND;

	return value_of_number((double)seconds);
}

static bool
gentimes_emit(struct stage_run *sr, int64_t from, int64_t to)
{
	static const char human[] = "%a %b %e %H:%M:%S %Y";
	struct arena     *scratch = sr->run->scratch;
	char             *mark = pipe_mark(sr->run);
	struct row row = { .time_ns = WHEN_NONE, .first_ns = WHEN_NONE, .last_ns = WHEN_NONE };
	bool       more;

	row_set(&row, TEXT("starttime"), whole_seconds(from), scratch);
	row_set(&row, TEXT("starthuman"), value_of_text(time_format(from, text_of(human), scratch)),
		scratch);
	row_set(&row, TEXT("endtime"), whole_seconds(to), scratch);
	row_set(&row, TEXT("endhuman"), value_of_text(time_format(to, text_of(human), scratch)),
		scratch);
	more = pipe_emit(sr, &row);
	pipe_release(sr->run, mark);
	return more;
}

static bool
gentimes_generate(struct stage_run *sr)
{
	const struct gentimes_args *args = sr->stage->args;
	int64_t                     at = 0, end = pipe_clock(sr->run), next;

	gentimes_time(args->start, pipe_clock(sr->run), &at);
	if (!text_absent(args->end))
		gentimes_time(args->end, pipe_clock(sr->run), &end);
	for (uint64_t n = 0; at < end; at = next) {
		if (n++ == TIMES_MAX)
			return pipe_fail(sr->run, ERR_LIMIT, "gentimes would make more than %d rows: use "
					 "a longer increment=", TIMES_MAX);
		next = timespan_next(args->step, at);
		/* the last second of the step */
		if (!gentimes_emit(sr, at, next - WHEN_SECOND))
			return false;
	}
	return true;
}

const struct pipe_command pipe_gentimes = {
	.name = "gentimes",
	.synopsis = "gentimes start=<date> [end=<date>] [increment=<span>]",
	.help = "a row for every day, or other span, between two dates",
	.flags = PIPE_FIRST | PIPE_ONLY_FIRST | PIPE_ROWS,
	.order = ROWS_ORDERED,
	.parse = gentimes_parse,
	.columns = gentimes_columns,
	.generate = gentimes_generate,
};
