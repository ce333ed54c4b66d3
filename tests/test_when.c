/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Times: one integer inside, the spellings of evidence outside. */
#include "config.h"

#include "base/when.h"
#include "tests/tap.h"

static void
iso_is(const char *spelling, const char *want, bool zone)
{
	int64_t ns;
	bool    has_zone;
	char    out[WHEN_TEXT_MAX] = "";
	bool    good = when_from_iso(text_of(spelling), &ns, &has_zone);

	if (good)
		when_to_iso(ns, out);
	ok(good && has_zone == zone && strcmp(out, want) == 0, "'%s' is read as %s, zone %s", spelling,
	   out, zone ? "written" : "not written");
}

static void
iso_refused(const char *spelling)
{
	int64_t ns;
	bool    has_zone;

	ok(!when_from_iso(text_of(spelling), &ns, &has_zone), "'%s' is refused", spelling);
}

static void
filetimes_have_the_published_values(void)
{
	int64_t ns = 0;

	ok(when_from_filetime(UINT64_C(116444736000000000), &ns) && ns == 0,
	   "116444736000000000 is 1970-01-01");
	ok(when_from_filetime(UINT64_C(133541037271234567), &ns) &&
	       ns == INT64_C(1709630127123456700),
	   "133541037271234567 is 1709630127.1234567");
	ok(!when_from_filetime(0, &ns), "tick 0, the year 1601, does not fit and is refused");
	ok(!when_from_filetime(UINT64_C(0x7fffffffffffffff), &ns), "'never' is refused");
	ok(!when_from_filetime(UINT64_MAX, &ns), "all ones are refused");
}

static void
the_ends_of_the_range_do_not_overflow(void)
{
	char out[WHEN_TEXT_MAX];

	when_to_iso(INT64_MAX, out);
	ok(strcmp(out, "2262-04-11T23:47:16.854775Z") == 0, "the last time we hold prints");
	when_to_iso(INT64_MIN + 1, out);
	ok(strcmp(out, "1677-09-21T00:12:43.145224Z") == 0, "the first time we hold prints");
	ok(when_to_human(INT64_MAX, 18 * 3600, out) > 0, "a zone beyond the end prints unshifted");
}

static void
pieces_of_time_end_where_time_ends(void)
{
	ok(when_piece(WHEN_HOUR + 5, WHEN_HOUR) == WHEN_HOUR, "a time lies in its hour");
	ok(when_piece(-5, WHEN_HOUR) == -WHEN_HOUR, "before 1970, too");
	ok(when_piece(WHEN_NONE + 1, WHEN_HOUR) == WHEN_NONE + 1,
	   "the first hour begins with time itself");
	ok(when_later(5, WHEN_HOUR) == WHEN_HOUR + 5, "an hour later");
	ok(when_later(WHEN_MAX - 5, WHEN_HOUR) == WHEN_MAX, "is never behind the end");
}

int
main(void)
{
	pieces_of_time_end_where_time_ends();
	iso_is("2024-03-05T09:15:27.1234567Z", "2024-03-05T09:15:27.123456Z", true);
	iso_is("2024-03-05T09:15:27.123456700Z", "2024-03-05T09:15:27.123456Z", true);
	iso_is("2024-03-05 09:15:27.123456", "2024-03-05T09:15:27.123456Z", false);
	iso_is("2024-03-05T10:15:27.123+01:00", "2024-03-05T09:15:27.123000Z", true);
	iso_is("2024-03-05T10:15:27,5+0100", "2024-03-05T09:15:27.500000Z", true);
	iso_is("2024-03-05 04:15:27", "2024-03-05T04:15:27.000000Z", false);
	iso_is("2024-03-05 09:16:02.000 UTC", "2024-03-05T09:16:02.000000Z", true);
	iso_is("2016-12-31T23:59:60Z", "2017-01-01T00:00:00.000000Z", true);
	iso_is("2024-02-29T00:00Z", "2024-02-29T00:00:00.000000Z", true);
	iso_refused("2023-02-29T00:00:00Z");
	iso_refused("2024-13-01T00:00:00Z");
	iso_refused("2024-03-05T24:00:00Z");
	iso_refused("2024-03-05T09:15:27.Z");
	iso_refused("2024-03-05T09:15:27Zulu");
	iso_refused("2024-03-05");
	iso_refused("");
	iso_refused("9999-12-31T23:59:59Z");
	filetimes_have_the_published_values();
	the_ends_of_the_range_do_not_overflow();
	return done_testing();
}
