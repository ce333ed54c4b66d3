/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Time modifiers, spans, and formats of time. */
#include "config.h"

#include "base/when.h"
#include "rules/time_format.h"
#include "rules/timespec.h"
#include "tests/tap.h"

/* 2020-09-21 was a Monday. */
#define CLOCK "2020-09-21T12:34:56.789Z"

static int64_t
at(const char *iso)
{
	int64_t ns = 0;
	bool    zone;

	if (!when_from_iso(text_of(iso), &ns, &zone))
		ok(false, "%s is a time", iso);
	return ns;
}

static void
resolves(const char *spec, const char *want)
{
	int64_t ns = 0;
	char    got[WHEN_TEXT_MAX];
	size_t  n = 0;

	if (timespec_resolve(text_of(spec), at(CLOCK), &ns))
		n = when_to_iso(ns, got);
	else
		n = (size_t)snprintf(got, sizeof(got), "no");
	char   wanted[WHEN_TEXT_MAX];
	size_t n_wanted = strcmp(want, "no") == 0 ? (size_t)snprintf(wanted, sizeof(wanted), "no")
						  : when_to_iso(at(want), wanted);

	is(((struct text){ got, n }), ((struct text){ wanted, n_wanted }), spec);
}

static void
modifiers_move_and_snap(void)
{
	int64_t ns = 0;

	resolves("now", CLOCK);
	resolves("now()", CLOCK);
	resolves("-70m@m", "2020-09-21T11:24:00Z");
	resolves("-10m@m", "2020-09-21T12:24:00Z");
	resolves("-2h@h", "2020-09-21T10:00:00Z");
	resolves("-1d@d", "2020-09-20T00:00:00Z");
	resolves("@d", "2020-09-21T00:00:00Z");
	resolves("@w0", "2020-09-20T00:00:00Z");
	resolves("@w", "2020-09-20T00:00:00Z");
	resolves("@w1", "2020-09-21T00:00:00Z");
	resolves("@w6", "2020-09-19T00:00:00Z");
	resolves("-1mon@mon", "2020-08-01T00:00:00Z");
	resolves("@q", "2020-07-01T00:00:00Z");
	resolves("@y", "2020-01-01T00:00:00Z");
	resolves("+1w", "2020-09-28T12:34:56.789Z");
	resolves("-1d@d+3h", "2020-09-20T03:00:00Z");
	resolves("-1d-2h", "2020-09-20T10:34:56.789Z");
	resolves("7d", "2020-09-14T12:34:56.789Z");
	resolves("-1year@year", "2019-01-01T00:00:00Z");
	resolves("-d", "2020-09-20T12:34:56.789Z");
	resolves("1600000000", "2020-09-13T12:26:40Z");
	resolves("1600000000.5", "2020-09-13T12:26:40.5Z");
	resolves("2020-01-02T03:04:05Z", "2020-01-02T03:04:05Z");
	resolves("01/02/2020:03:04:05", "2020-01-02T03:04:05Z");
	resolves("2020-01-02T03:04:05", "2020-01-02T03:04:05Z");
	resolves("2020-01-02 03:04", "2020-01-02T03:04:00Z");
	resolves("2020-01-02", "2020-01-02T00:00:00Z");
	resolves("2020-01-32", "no");
	resolves("2020-01-02x", "no");
	ok(timespec_resolve(TEXT("0"), 1, &ns) && ns == WHEN_NONE, "0 is everything");
	resolves("yesterday", "no");
	resolves("-5x", "no");
	resolves("", "no");
	resolves("@", "no");
	resolves("-99999999999999999999d", "no");
	resolves("-9999999999d", "no");
}

static void
months_end_where_they_end(void)
{
	int64_t ns;

	ok(timespec_resolve(TEXT("-1mon"), at("2020-03-31T00:00:00Z"), &ns) &&
	       ns == at("2020-02-29T00:00:00Z"),
	   "a month before 31 March 2020 is 29 February");
	ok(timespec_resolve(TEXT("-1y"), at("2020-02-29T00:00:00Z"), &ns) &&
	       ns == at("2019-02-28T00:00:00Z"),
	   "a year before 29 February is 28 February");
}

static void
spans_are_buckets(void)
{
	static const struct {
		const char *span, *start, *next;
	} cases[] = {
		{ "5m", "2020-09-21T12:30:00Z", "2020-09-21T12:35:00Z" },
		{ "1h", "2020-09-21T12:00:00Z", "2020-09-21T13:00:00Z" },
		{ "h", "2020-09-21T12:00:00Z", "2020-09-21T13:00:00Z" },
		{ "10s", "2020-09-21T12:34:50Z", "2020-09-21T12:35:00Z" },
		{ "100ms", "2020-09-21T12:34:56.7Z", "2020-09-21T12:34:56.8Z" },
		{ "1d", "2020-09-21T00:00:00Z", "2020-09-22T00:00:00Z" },
		{ "1w", "2020-09-20T00:00:00Z", "2020-09-27T00:00:00Z" },
		{ "1mon", "2020-09-01T00:00:00Z", "2020-10-01T00:00:00Z" },
		{ "1q", "2020-07-01T00:00:00Z", "2020-10-01T00:00:00Z" },
		{ "1y", "2020-01-01T00:00:00Z", "2021-01-01T00:00:00Z" },
	};
	struct time_span span;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		if (!ok(timespan_parse(text_of(cases[i].span), &span), "%s is a span",
			cases[i].span))
			continue;
		ok(timespan_floor(span, at(CLOCK)) == at(cases[i].start),
		   "%s begins where it should", cases[i].span);
		ok(timespan_next(span, at(cases[i].start)) == at(cases[i].next),
		   "%s ends where it should", cases[i].span);
	}
	ok(!timespan_parse(TEXT("0m"), &span) && !timespan_parse(TEXT("m5"), &span) &&
	       !timespan_parse(TEXT(""), &span) && !timespan_parse(TEXT("99999999999d"), &span) &&
	       !timespan_parse(TEXT("15251w"), &span) && timespan_parse(TEXT("15250w"), &span),
	   "what is none is refused");
	ok(timespan_parse(TEXT("1h"), &span) && timespan_floor(span, -1) == -WHEN_HOUR,
	   "times before 1970 go down, too");
}

static void
times_are_formatted(struct arena keep)
{
	static const struct {
		const char *format, *want;
	} cases[] = {
		{ "%Y-%m-%dT%H:%M:%S", "2020-09-21T12:34:56" },
		{ "%m/%d/%y %e %j", "09/21/20 21 265" },
		{ "%H %k %I %l %M %p", "12 12 12 12 34 PM" },
		{ "%a %A %b %B", "Mon Monday Sep September" },
		{ "%Z %z %:z", "UTC +0000 +00:00" },
		{ "%s %T %F", "1600691696 12:34:56 2020-09-21" },
		{ "%V %U %w", "39 38 1" },
		{ "%N %3N %6N %9N", "789000000 789 789000 789000000" },
		{ "%Q %3Q %6Q", "789 789 789000" },
		{ "100%%%n%t|", "100%\n\t|" },
		{ "%", "%" },
		{ "%i", "%i" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		is(time_format(at(CLOCK), text_of(cases[i].format), &keep), text_of(cases[i].want),
		   cases[i].format);
	is(time_format(at("2021-01-03T00:00:00Z"), TEXT("%G-W%V %U"), &keep), TEXT("2020-W53 01"),
	   "a week belongs to the year of its Thursday");
	is(time_format(at("2019-12-30T09:05:07Z"), TEXT("%G-W%V %k%l"), &keep),
	   TEXT("2020-W01  9 9"), "and may begin in the old one");
}

static void
parses(const char *text, const char *format, const char *want)
{
	int64_t ns = 0;
	bool    good = time_parse(text_of(text), text_of(format), &ns);

	if (strcmp(want, "no") == 0)
		ok(!good, "\"%s\" is no \"%s\"", text, format);
	else
		ok(good && ns == at(want), "\"%s\" as \"%s\" is %s", text, format, want);
}

static void
times_are_parsed(void)
{
	parses("2020-09-21 12:34:56", "%Y-%m-%d %H:%M:%S", "2020-09-21T12:34:56Z");
	parses("2020-09-21T12:34:56.789", "%FT%T.%3N", CLOCK);
	parses("21 Sep 2020 1:02 PM", "%d %b %Y %I:%M %p", "2020-09-21T13:02:00Z");
	parses("12:05 AM 9/1/20", "%I:%M %p %m/%d/%y", "2020-09-01T00:05:00Z");
	parses("Monday, September 21, 2020", "%A, %B %d, %Y", "2020-09-21T00:00:00Z");
	parses("2020-09-21 12:00:00 +0200", "%Y-%m-%d %H:%M:%S %z", "2020-09-21T10:00:00Z");
	parses("2020-09-21T12:00:00Z", "%Y-%m-%dT%H:%M:%S%Z", "2020-09-21T12:00:00Z");
	parses("2020-09-21T12:00:00-05:30", "%Y-%m-%dT%H:%M:%S%:z", "2020-09-21T17:30:00Z");
	parses("1600000000", "%s", "2020-09-13T12:26:40Z");
	parses("2020 265", "%Y %j", "2020-09-21T00:00:00Z");
	parses("2020-13-21", "%Y-%m-%d", "no");
	parses("2020-02-30", "%Y-%m-%d", "no");
	parses("20", "%H:%M", "no");
	parses("", "%Y", "no");
}

int
main(void)
{
	struct arena keep = arena_open(1 << 20);

	modifiers_move_and_snap();
	months_end_where_they_end();
	spans_are_buckets();
	times_are_formatted(keep);
	times_are_parsed();
	arena_close(&keep);
	return done_testing();
}
