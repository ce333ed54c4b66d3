/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rules/timespec.h"

#include <stdio.h>

#include "base/ascii.h"
#include "base/when.h"
#include "rules/row.h"
#include "rules/time_format.h"

#define WEEK_NS (7 * WHEN_DAY)

/* --- units --- */

static const struct {
	const char    *word;
	enum time_unit unit;
	int64_t        count;
} units[] = {
	{ "us", UNIT_NS, 1000 },
	{ "ms", UNIT_NS, 1000000 },
	{ "cs", UNIT_NS, 10000000 },
	{ "ds", UNIT_NS, 100000000 },
	{ "s", UNIT_NS, WHEN_SECOND },
	{ "sec", UNIT_NS, WHEN_SECOND },
	{ "secs", UNIT_NS, WHEN_SECOND },
	{ "second", UNIT_NS, WHEN_SECOND },
	{ "seconds", UNIT_NS, WHEN_SECOND },
	{ "m", UNIT_NS, 60 * WHEN_SECOND },
	{ "min", UNIT_NS, 60 * WHEN_SECOND },
	{ "mins", UNIT_NS, 60 * WHEN_SECOND },
	{ "minute", UNIT_NS, 60 * WHEN_SECOND },
	{ "minutes", UNIT_NS, 60 * WHEN_SECOND },
	{ "h", UNIT_NS, WHEN_HOUR },
	{ "hr", UNIT_NS, WHEN_HOUR },
	{ "hrs", UNIT_NS, WHEN_HOUR },
	{ "hour", UNIT_NS, WHEN_HOUR },
	{ "hours", UNIT_NS, WHEN_HOUR },
	{ "d", UNIT_NS, WHEN_DAY },
	{ "day", UNIT_NS, WHEN_DAY },
	{ "days", UNIT_NS, WHEN_DAY },
	{ "w", UNIT_WEEK, 1 },
	{ "week", UNIT_WEEK, 1 },
	{ "weeks", UNIT_WEEK, 1 },
	{ "mon", UNIT_MONTH, 1 },
	{ "month", UNIT_MONTH, 1 },
	{ "months", UNIT_MONTH, 1 },
	{ "q", UNIT_QUARTER, 1 },
	{ "qtr", UNIT_QUARTER, 1 },
	{ "qtrs", UNIT_QUARTER, 1 },
	{ "quarter", UNIT_QUARTER, 1 },
	{ "quarters", UNIT_QUARTER, 1 },
	{ "y", UNIT_YEAR, 1 },
	{ "yr", UNIT_YEAR, 1 },
	{ "yrs", UNIT_YEAR, 1 },
	{ "year", UNIT_YEAR, 1 },
	{ "years", UNIT_YEAR, 1 },
};

static bool
unit_find(struct text word, struct time_span *out)
{
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (text_ieq(word, text_of(units[i].word))) {
			*out = (struct time_span){ units[i].unit, units[i].count };
			return true;
		}
	return false;
}

static bool
add_months(int64_t *ns, int64_t months)
{
	static const int     lengths[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	struct when_fields f = when_split(*ns);
	int64_t            month;
	int                last;

	if (months > 12 * 1000 || months < -12 * 1000)
		return false;
	month = (int64_t)f.year * 12 + f.month - 1 + months;
	f.year = (int)(month / 12);
	f.month = (int)(month % 12) + 1;
	last = lengths[f.month - 1];
	if (f.month == 2 && f.year % 4 == 0 && (f.year % 100 != 0 || f.year % 400 == 0))
		last = 29;
	if (f.day > last)
		f.day = last;
	return when_join(&f, ns);
}

bool
timespan_add(struct time_span span, int64_t n, int64_t *ns)
{
	int64_t step = span.count;

	switch (span.unit) {
	case UNIT_NS:
	case UNIT_WEEK:
		if (span.unit == UNIT_WEEK && __builtin_mul_overflow(step, WEEK_NS, &step))
			return false;
		return !__builtin_mul_overflow(n, step, &step) &&
		       !__builtin_add_overflow(*ns, step, ns);
	case UNIT_MONTH:
		return n < INT32_MAX && n > -INT32_MAX && add_months(ns, n * span.count);
	case UNIT_QUARTER:
		return n < INT32_MAX && n > -INT32_MAX && add_months(ns, n * 3 * span.count);
	case UNIT_YEAR:
		return n < INT32_MAX && n > -INT32_MAX && add_months(ns, n * 12 * span.count);
	}
	return false;
}

static int64_t
floor_to(int64_t ns, int64_t step)
{
	int64_t rest = ns % step;

	if (rest < 0)
		rest += step;
	return ns < INT64_MIN + rest ? INT64_MIN + 1 : ns - rest;
}

int64_t
timespan_floor(struct time_span span, int64_t ns)
{
	struct when_fields f;
	int64_t            months = span.unit == UNIT_QUARTER ? 3 : 1, out = ns;

	switch (span.unit) {
	case UNIT_NS:
		return floor_to(ns, span.count);
	case UNIT_WEEK:
		/* The epoch was a Thursday: the Sunday before it lies four days back. */
		return floor_to(ns + 4 * WHEN_DAY, WEEK_NS * span.count) - 4 * WHEN_DAY;
	case UNIT_MONTH:
	case UNIT_QUARTER:
	case UNIT_YEAR:
		break;
	}
	f = when_split(ns);
	months = span.unit == UNIT_YEAR ? 12 * span.count : months * span.count;
	int64_t month = (int64_t)f.year * 12 + f.month - 1;

	month -= month % months;
	f = (struct when_fields){
	    .year = (int)(month / 12), .month = (int)(month % 12) + 1, .day = 1};
	return when_join(&f, &out) ? out : ns;
}

int64_t
timespan_next(struct time_span span, int64_t start_ns)
{
	int64_t next = start_ns;

	if (!timespan_add(span, 1, &next))
		return WHEN_MAX;
	return next;
}

static const struct {
	enum time_unit unit;
	int64_t        count;
} nice_spans[] = {
    {UNIT_NS, WHEN_SECOND},
    {UNIT_NS, 5 * WHEN_SECOND},
    {UNIT_NS, 10 * WHEN_SECOND},
    {UNIT_NS, 30 * WHEN_SECOND},
    {UNIT_NS, 60 * WHEN_SECOND},
    {UNIT_NS, 300 * WHEN_SECOND},
    {UNIT_NS, 600 * WHEN_SECOND},
    {UNIT_NS, 1800 * WHEN_SECOND},
    {UNIT_NS, WHEN_HOUR},
    {UNIT_NS, WHEN_DAY},
    {UNIT_MONTH, 1},
};

struct time_span
timespan_fitting(int64_t length_ns, uint64_t bins)
{
	struct time_span span = { UNIT_NS, WHEN_SECOND };

	for (size_t i = 0; i < sizeof(nice_spans) / sizeof(nice_spans[0]); i++) {
		span = (struct time_span){ nice_spans[i].unit, nice_spans[i].count };
		if (span.unit != UNIT_NS || (uint64_t)(length_ns / span.count) < bins)
			break;
	}
	return span;
}

bool
timespan_parse(struct text t, struct time_span *out)
{
	struct text      snap = t, span = text_cut(&snap, '@');
	uint64_t         n = 1;
	size_t           digits = 0;
	struct time_span unit;

	/* 1d@d: buckets begin at whole units anyway */
	if (!text_absent(snap)) {
		if (!timespan_parse(span, out) || !unit_find(snap, &unit))
			return false;
		return unit.unit == out->unit && out->count % unit.count == 0;
	}
	while (digits < t.n && ascii_digit(t.p[digits]))
		digits++;
	if (digits && !text_to_u64(text_head(t, digits), &n))
		return false;
	if (!unit_find(text_from(t, digits), out) || n == 0 || n > 1000000000)
		return false;
	return !__builtin_mul_overflow(out->count, (int64_t)n, &out->count) &&
	       (out->unit != UNIT_WEEK || out->count <= INT64_MAX / WEEK_NS);
}

bool
timespan_length(struct text t, int64_t *ns)
{
	struct time_span span;

	if (text_find_byte(t, '@') != TEXT_NOWHERE || !timespan_parse(t, &span) ||
	    (span.unit != UNIT_NS && span.unit != UNIT_WEEK))
		return false;
	*ns = span.unit == UNIT_WEEK ? span.count * WEEK_NS : span.count;
	return true;
}

/* --- modifiers --- */

/* Reads [+-]N UNIT; a number without a sign means the past when BARE. */
static bool
apply_offset(struct text *t, int64_t *ns, bool bare)
{
	size_t           i = 0;
	uint64_t         n = 1;
	bool             back = bare;
	struct time_span unit;

	if (t->p[0] == '+' || t->p[0] == '-') {
		back = t->p[0] == '-';
		i = 1;
	}
	size_t start = i;

	while (i < t->n && ascii_digit(t->p[i]))
		i++;
	if (i > start && !text_to_u64((struct text){ t->p + start, i - start }, &n))
		return false;
	size_t word = i;

	while (i < t->n && ascii_letter(t->p[i]))
		i++;
	if (n > INT64_MAX / 2)
		return false;
	/* Without a unit the number counts seconds. */
	if (i == word)
		unit = (struct time_span){ UNIT_NS, WHEN_SECOND };
	else if (!unit_find((struct text){ t->p + word, i - word }, &unit))
		return false;
	if (i == 1 && start == 1)
		return false;
	*t = text_from(*t, i);
	return timespan_add(unit, back ? -(int64_t)n : (int64_t)n, ns);
}

static bool
apply_snap(struct text *t, int64_t *ns)
{
	size_t           i = 0;
	int64_t          weekday = 0;
	struct time_span unit;

	while (i < t->n && ascii_letter(t->p[i]))
		i++;
	struct text word = text_head(*t, i);

	if (text_ieq(word, TEXT("w")) && i < t->n && t->p[i] >= '0' && t->p[i] <= '7')
		weekday = (t->p[i++] - '0') % 7;
	if (!unit_find(word, &unit))
		return false;
	*t = text_from(*t, i);
	if (unit.unit == UNIT_WEEK) {
		int64_t start = timespan_floor(unit, *ns - weekday * WHEN_DAY);

		*ns = start + weekday * WHEN_DAY;
	} else {
		*ns = timespan_floor(unit, *ns);
	}
	return true;
}

static bool
resolve_relative(struct text t, int64_t clock_ns, int64_t *out)
{
	int64_t ns = clock_ns;
	bool    any = false;

	if (text_istarts(t, TEXT("now"))) {
		t = text_from(t, text_istarts(t, TEXT("now()")) ? 5 : 3);
		any = true;
	}
	while (t.n && t.p[0] != '@') {
		if (!(t.p[0] == '+' || t.p[0] == '-' || (!any && ascii_digit(t.p[0]))) ||
		    !apply_offset(&t, &ns, !any))
			return false;
		any = true;
	}
	if (t.n) {
		t = text_from(t, 1);
		if (!apply_snap(&t, &ns))
			return false;
		any = true;
	}
	while (t.n)
		if (!(t.p[0] == '+' || t.p[0] == '-') || !apply_offset(&t, &ns, false))
			return false;
	*out = ns;
	return any;
}

/* "2026-03-10", "2026-03-10 12:30": the beginning of that day, of that minute. */
static bool
resolve_day(struct text t, int64_t *ns)
{
	char text[sizeof("2026-03-10T00:00:00Z")];
	bool zone;

	if (t.n != 10 && t.n != 16)
		return false;
	snprintf(text, sizeof(text), "%.*sT%.*s:00Z", 10, t.p, 5, t.n == 16 ? t.p + 11 : "00:00");
	return (t.n == 10 || t.p[10] == 'T' || t.p[10] == ' ') &&
	       when_from_iso(text_of(text), ns, &zone);
}

bool
timespec_resolve(struct text spec, int64_t clock_ns, int64_t *ns)
{
	struct text  t = text_trim(spec);
	struct value v = value_of_text(t);
	double       seconds;
	bool         zone;

	if (t.n == 0)
		return false;
	if (t.p[0] != '+' && t.p[0] != '-' && text_to_double(t, &seconds)) {
		if (seconds == 0)
			*ns = WHEN_NONE;
		return seconds == 0 || value_time(&v, ns);
	}
	if (when_from_iso(t, ns, &zone) || time_parse(t, TEXT("%m/%d/%Y:%H:%M:%S"), ns))
		return true;
	if (t.n >= 10 && t.p[4] == '-' && t.p[7] == '-')
		return resolve_day(t, ns);
	return resolve_relative(t, clock_ns, ns);
}
