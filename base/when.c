/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/when.h"

#include <stdio.h>
#include <time.h>

#include "base/ascii.h"

#define TICKS_1970 INT64_C(116444736000000000) /* FILETIME of 1970-01-01T00:00:00Z */

bool
when_from_filetime(uint64_t ticks, int64_t *ns)
{
	int64_t since;

	if (ticks > (uint64_t)INT64_MAX)
		return false;
	since = (int64_t)ticks - TICKS_1970;
	if (since > INT64_MAX / 100 || since <= INT64_MIN / 100)
		return false;
	*ns = since * 100;
	return true;
}

/* Days since 1970-01-01 of a proleptic Gregorian date; eras of 400 years, years from March. */
static int64_t
days_from_civil(int64_t y, int m, int d)
{
	y -= m <= 2;
	int64_t era = (y >= 0 ? y : y - 399) / 400;
	int64_t yoe = y - era * 400;
	int64_t doy = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
	int64_t doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;

	return era * 146097 + doe - 719468;
}

static void
civil_from_days(int64_t z, struct when_fields *f)
{
	z += 719468;
	int64_t era = (z >= 0 ? z : z - 146096) / 146097;
	int64_t doe = z - era * 146097;
	int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int64_t mp = (5 * doy + 2) / 153;

	f->day = (int)(doy - (153 * mp + 2) / 5 + 1);
	f->month = (int)(mp < 10 ? mp + 3 : mp - 9);
	f->year = (int)(yoe + era * 400 + (f->month <= 2));
}

bool
when_now(int64_t *ns)
{
	struct timespec t = { 0 };

	clock_gettime(CLOCK_REALTIME, &t);
	*ns = t.tv_sec < 0 ? -WHEN_MAX : WHEN_MAX;
	if (t.tv_sec >= WHEN_MAX / WHEN_SECOND || t.tv_sec <= -(WHEN_MAX / WHEN_SECOND))
		return false;
	*ns = (int64_t)t.tv_sec * WHEN_SECOND + t.tv_nsec;
	return true;
}

struct when_fields
when_split(int64_t ns)
{
	struct when_fields f = { 0 };
	int64_t            day = ns / WHEN_DAY - (ns % WHEN_DAY < 0);
	int64_t            rest = ns % WHEN_DAY + (ns % WHEN_DAY < 0 ? WHEN_DAY : 0);
	int64_t            second = rest / WHEN_SECOND;

	civil_from_days(day, &f);
	f.hour = (int)(second / 3600);
	f.minute = (int)(second / 60 % 60);
	f.second = (int)(second % 60);
	f.ns = (int)(rest % WHEN_SECOND);
	f.weekday = (int)(((day + 4) % 7 + 7) % 7);
	f.yearday = (int)(day - days_from_civil(f.year, 1, 1));
	return f;
}

static int
month_days(int year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool             leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return days[month - 1] + (month == 2 && leap);
}

bool
when_join(const struct when_fields *f, int64_t *ns)
{
	if (f->month < 1 || f->month > 12 || f->year < 1601 || f->year > 9999 || f->day < 1 ||
	    f->day > month_days(f->year, f->month))
		return false;
	if (f->hour < 0 || f->hour > 23 || f->minute < 0 || f->minute > 59 || f->second < 0 ||
	    f->second > 60 || f->ns < 0 || f->ns > 999999999)
		return false;
	int64_t seconds = days_from_civil(f->year, f->month, f->day) * 86400 + f->hour * 3600 +
			  f->minute * 60 + f->second;

	if (seconds >= INT64_MAX / WHEN_SECOND || seconds <= INT64_MIN / WHEN_SECOND)
		return false;
	*ns = seconds * WHEN_SECOND + f->ns;
	return true;
}

static bool
take_digits(struct text *t, size_t count, int *out)
{
	int v = 0;

	if (t->n < count)
		return false;
	for (size_t i = 0; i < count; i++) {
		if (t->p[i] < '0' || t->p[i] > '9')
			return false;
		v = v * 10 + (t->p[i] - '0');
	}
	*t = text_from(*t, count);
	*out = v;
	return true;
}

static bool
take_char(struct text *t, char c)
{
	if (t->n == 0 || t->p[0] != c)
		return false;
	*t = text_from(*t, 1);
	return true;
}

/* ".123" or ",1234567": any number of digits, those past the ninth are cut. */
static bool
take_fraction(struct text *t, int *ns)
{
	int    v = 0, scale = 100000000;
	size_t i = 1;

	*ns = 0;
	if (t->n == 0 || (t->p[0] != '.' && t->p[0] != ','))
		return true;
	while (i < t->n && ascii_digit(t->p[i])) {
		v += (t->p[i] - '0') * scale;
		scale /= 10;
		i++;
	}
	if (i == 1)
		return false;
	*t = text_from(*t, i);
	*ns = v;
	return true;
}

static bool
take_zone(struct text t, int64_t *offset_s, bool *has_zone)
{
	int hours, minutes = 0;

	*offset_s = 0;
	*has_zone = t.n != 0;
	if (t.n == 0 || text_eq(t, TEXT("Z")) || text_eq(t, TEXT("z")) || text_eq(t, TEXT(" UTC")) ||
	    text_eq(t, TEXT(" GMT")))
		return true;
	take_char(&t, ' ');
	bool minus = t.n && t.p[0] == '-';

	if (t.n == 0 || (t.p[0] != '+' && t.p[0] != '-'))
		return false;
	t = text_from(t, 1);
	if (!take_digits(&t, 2, &hours))
		return false;
	take_char(&t, ':');
	if (t.n && !take_digits(&t, 2, &minutes))
		return false;
	if (t.n || hours > 18 || minutes > 59)
		return false;
	*offset_s = (hours * 3600 + minutes * 60) * (minus ? -1 : 1);
	return true;
}

bool
when_from_iso(struct text t, int64_t *ns, bool *has_zone)
{
	struct when_fields f = { 0 };
	int64_t            at, offset_s;

	if (!take_digits(&t, 4, &f.year) || !take_char(&t, '-') || !take_digits(&t, 2, &f.month) ||
	    !take_char(&t, '-') || !take_digits(&t, 2, &f.day))
		return false;
	if (!take_char(&t, 'T') && !take_char(&t, 't') && !take_char(&t, ' '))
		return false;
	if (!take_digits(&t, 2, &f.hour) || !take_char(&t, ':') || !take_digits(&t, 2, &f.minute))
		return false;
	if (take_char(&t, ':') && (!take_digits(&t, 2, &f.second) || !take_fraction(&t, &f.ns)))
		return false;
	if (!take_zone(t, &offset_s, has_zone) || !when_join(&f, &at))
		return false;
	/* when_join leaves a second of room at both ends; the zone needs up to 18 hours. */
	int64_t shift = offset_s * WHEN_SECOND;

	if ((shift > 0 && at < INT64_MIN + 1 + shift) || (shift < 0 && at > INT64_MAX + shift))
		return false;
	*ns = at - shift;
	return true;
}

size_t
when_to_iso(int64_t ns, char out[WHEN_TEXT_MAX])
{
	if (ns == WHEN_NONE) {
		out[0] = '\0';
		return 0;
	}
	struct when_fields f = when_split(ns);

	return (size_t)snprintf(out, WHEN_TEXT_MAX, "%04d-%02d-%02dT%02d:%02d:%02d.%06dZ", f.year,
				f.month, f.day, f.hour, f.minute, f.second, f.ns / 1000);
}

size_t
when_to_human(int64_t ns, int32_t offset_s, char out[WHEN_TEXT_MAX])
{
	if (ns == WHEN_NONE) {
		out[0] = '\0';
		return 0;
	}
	int64_t shift = offset_s * WHEN_SECOND;

	if ((shift > 0 && ns > INT64_MAX - shift) || (shift < 0 && ns < INT64_MIN + 1 - shift))
		shift = 0;
	struct when_fields f = when_split(ns + shift);

	return (size_t)snprintf(out, WHEN_TEXT_MAX, "%04d-%02d-%02d %02d:%02d:%02d", f.year, f.month,
				f.day, f.hour, f.minute, f.second);
}

int64_t
when_piece(int64_t ns, int64_t unit_ns)
{
	int64_t behind = (ns % unit_ns + unit_ns) % unit_ns;

	return ns > WHEN_NONE + behind ? ns - behind : WHEN_NONE + 1;
}

int64_t
when_later(int64_t ns, int64_t length_ns)
{
	return ns < WHEN_MAX - length_ns ? ns + length_ns : WHEN_MAX;
}
