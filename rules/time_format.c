/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rules/time_format.h"

#include <stdio.h>

#include "base/ascii.h"
#include "base/when.h"
#include "rules/row.h"
#include "rules/timespec.h"

static const char *const day_names[] = { "Sunday",   "Monday", "Tuesday", "Wednesday",
					 "Thursday", "Friday", "Saturday" };
static const char *const month_names[] = { "January",   "February", "March",    "April",
					   "May",       "June",     "July",     "August",
					   "September", "October",  "November", "December" };

struct writer {
	struct arena *keep;
	char         *p;
	size_t        n, cap;
};

static void
write_text(struct writer *w, struct text t)
{
	for (size_t i = 0; i < t.n; i++) {
		arena_grow(w->keep, w->p, w->n, &w->cap);
		w->p[w->n++] = t.p[i];
	}
}

static void
write_number(struct writer *w, const char *format, int64_t n)
{
	char buf[32];
	int  len = snprintf(buf, sizeof(buf), format[0] == '0' ? "%0*lld" : "%*lld",
			    format[1] - '0', (long long)n);

	write_text(w, (struct text){ buf, (size_t)len });
}

static void
write_fraction(struct writer *w, int ns, int digits)
{
	char buf[16];

	snprintf(buf, sizeof(buf), "%09d", ns);
	write_text(w, (struct text){ buf, (size_t)(digits > 9 ? 9 : digits) });
}

static int
iso_week(const struct when_fields *f, int *year)
{
	int monday = (f->weekday + 6) % 7; /* days since Monday */
	int week = (f->yearday - monday + 10) / 7;
	int leap = f->year % 4 == 0 && (f->year % 100 != 0 || f->year % 400 == 0);
	int jan1 = ((monday - f->yearday) % 7 + 7) % 7; /* Monday is 0 */

	*year = f->year;
	if (week == 0) {
		struct when_fields last = { .year = f->year - 1, .month = 12, .day = 31 };
		int64_t            ns;

		*year = f->year - 1;
		if (!when_join(&last, &ns))
			return 52;
		last = when_split(ns);
		return iso_week(&last, &week);
	}
	if (week == 53) {
		bool long_year = jan1 == 3 || (jan1 == 2 && leap);

		if (!long_year) {
			*year = f->year + 1;
			return 1;
		}
	}
	return week;
}

/* Codes that stand for a longer format; NULL: none. */
static const char *
composed(char code)
{
	switch (code) {
	case 'T': return "%H:%M:%S";
	case 'F': return "%Y-%m-%d";
	case 'D': return "%m/%d/%y";
	case 'R': return "%H:%M";
	case 'c': return "%a %b %e %H:%M:%S %Y";
	case 'x': return "%m/%d/%Y";
	case 'X': return "%H:%M:%S";
	case '+': return "%a %b %e %H:%M:%S %Z %Y";
	default: return NULL;
	}
}

static void format_into(struct writer *w, int64_t ns, struct text format);

static void
write_code(struct writer *w, int64_t ns, const struct when_fields *f, char code, int digits)
{
	static const struct time_span second = { UNIT_NS, WHEN_SECOND };
	const char *longer = composed(code);
	int         year, hour12 = f->hour % 12 ? f->hour % 12 : 12;

	if (longer) {
		format_into(w, ns, text_of(longer));
		return;
	}
	switch (code) {
	case 'Y': write_number(w, "04", f->year); break;
	case 'y': write_number(w, "02", f->year % 100); break;
	case 'C': write_number(w, "02", f->year / 100); break;
	case 'm': write_number(w, "02", f->month); break;
	case 'd': write_number(w, "02", f->day); break;
	case 'e': write_number(w, " 2", f->day); break;
	case 'j': write_number(w, "03", f->yearday + 1); break;
	case 'H': write_number(w, "02", f->hour); break;
	case 'k': write_number(w, " 2", f->hour); break;
	case 'I': write_number(w, "02", hour12); break;
	case 'l': write_number(w, " 2", hour12); break;
	case 'M': write_number(w, "02", f->minute); break;
	case 'S': write_number(w, "02", f->second); break;
	case 'p': write_text(w, f->hour < 12 ? TEXT("AM") : TEXT("PM")); break;
	case 'P': write_text(w, f->hour < 12 ? TEXT("am") : TEXT("pm")); break;
	case 'a': write_text(w, text_head(text_of(day_names[f->weekday]), 3)); break;
	case 'A': write_text(w, text_of(day_names[f->weekday])); break;
	case 'b':
	case 'h': write_text(w, text_head(text_of(month_names[f->month - 1]), 3)); break;
	case 'B': write_text(w, text_of(month_names[f->month - 1])); break;
	case 'Z': write_text(w, TEXT("UTC")); break;
	case 'z': write_text(w, TEXT("+0000")); break;
	case ':': write_text(w, TEXT("+00:00")); break;
	case 's': write_number(w, "01", timespan_floor(second, ns) / WHEN_SECOND); break;
	case 'N': write_fraction(w, f->ns, digits ? digits : 9); break;
	case 'Q': write_fraction(w, f->ns, digits ? digits : 3); break;
	case 'f': write_fraction(w, f->ns, digits ? digits : 6); break;
	case 'V': write_number(w, "02", iso_week(f, &year)); break;
	case 'G': iso_week(f, &year); write_number(w, "04", year); break;
	case 'U': write_number(w, "02", (f->yearday + 7 - f->weekday) / 7); break;
	case 'W': write_number(w, "02", (f->yearday + 7 - (f->weekday + 6) % 7) / 7); break;
	case 'w': write_number(w, "01", f->weekday); break;
	case 'u': write_number(w, "01", f->weekday ? f->weekday : 7); break;
	case 'n': write_text(w, TEXT("\n")); break;
	case 't': write_text(w, TEXT("\t")); break;
	case '%': write_text(w, TEXT("%")); break;
	default:
		write_text(w, (struct text){ (char[]){ '%', code }, 2 });
	}
}

/* The code behind a '%' at *I: digits of its width, and for "%:z" the sign ':'. */
static char
next_code(struct text format, size_t *i, int *digits)
{
	*digits = 0;
	if (*i < format.n && ascii_digit(format.p[*i]) && format.p[*i] != '0')
		*digits = format.p[(*i)++] - '0';
	if (*i + 1 < format.n && format.p[*i] == ':' && format.p[*i + 1] == 'z') {
		*i += 2;
		return ':';
	}
	return *i < format.n ? format.p[(*i)++] : '%';
}

static void
format_into(struct writer *w, int64_t ns, struct text format)
{
	struct when_fields f = when_split(ns);

	for (size_t i = 0; i < format.n;) {
		int digits;

		if (format.p[i] != '%') {
			write_text(w, (struct text){ format.p + i++, 1 });
			continue;
		}
		i++;
		char code = next_code(format, &i, &digits);

		write_code(w, ns, &f, code, digits);
	}
}

struct text
time_format(int64_t ns, struct text format, struct arena *keep)
{
	struct writer w = { .keep = keep };

	format_into(&w, ns, format);
	return w.p ? (struct text){ w.p, w.n } : TEXT("");
}

/* --- parsing --- */

struct reader {
	struct text        t;
	struct when_fields f;
	bool               pm, has_pm, has_epoch, has_yearday;
	int64_t            epoch_ns;
	int64_t            zone_s;
};

static void
skip_blanks(struct reader *r)
{
	while (r->t.n && (r->t.p[0] == ' ' || r->t.p[0] == '\t' || r->t.p[0] == '\n'))
		r->t = text_from(r->t, 1);
}

static bool
read_number(struct reader *r, size_t max, int *out)
{
	size_t i = 0;
	int    n = 0;

	skip_blanks(r);
	while (i < r->t.n && i < max && ascii_digit(r->t.p[i]))
		n = n * 10 + (r->t.p[i++] - '0');
	r->t = text_from(r->t, i);
	*out = n;
	return i > 0;
}

static bool
read_name(struct reader *r, const char *const *names, int count, int *out)
{
	for (int i = 0; i < count; i++) {
		struct text name = text_of(names[i]);

		if (!text_istarts(r->t, text_head(name, 3)))
			continue;
		r->t = text_from(r->t, text_istarts(r->t, name) ? name.n : 3);
		*out = i;
		return true;
	}
	return false;
}

static bool
read_fraction(struct reader *r)
{
	int64_t ns = 0;
	size_t  i = 0;

	for (; i < 9; i++)
		ns = ns * 10 + (i < r->t.n && ascii_digit(r->t.p[i]) ? r->t.p[i] - '0' : 0);
	for (i = 0; i < r->t.n && ascii_digit(r->t.p[i]);)
		i++;
	/* Digits behind a gap were read as zeros above only when there is no gap: cut at the first.
	 */
	if (i < 9) {
		ns = 0;
		for (size_t k = 0; k < 9; k++)
			ns = ns * 10 + (k < i ? r->t.p[k] - '0' : 0);
	}
	r->f.ns = (int)ns;
	r->t = text_from(r->t, i);
	return i > 0;
}

static bool
read_zone(struct reader *r)
{
	int hours, minutes = 0, sign;

	skip_blanks(r);
	if (text_istarts(r->t, TEXT("UTC")) || text_istarts(r->t, TEXT("GMT"))) {
		r->t = text_from(r->t, 3);
		return true;
	}
	if (r->t.n && (r->t.p[0] == 'Z' || r->t.p[0] == 'z')) {
		r->t = text_from(r->t, 1);
		return true;
	}
	if (r->t.n == 0 || (r->t.p[0] != '+' && r->t.p[0] != '-'))
		return false;
	sign = r->t.p[0] == '-' ? -1 : 1;
	r->t = text_from(r->t, 1);
	if (!read_number(r, 2, &hours))
		return false;
	if (r->t.n && r->t.p[0] == ':')
		r->t = text_from(r->t, 1);
	read_number(r, 2, &minutes);
	r->zone_s = sign * (hours * 3600 + minutes * 60);
	return true;
}

static bool
read_epoch(struct reader *r)
{
	size_t       i = 0;
	struct value v;

	while (i < r->t.n && (ascii_digit(r->t.p[i]) || (i == 0 && r->t.p[i] == '-')))
		i++;
	v = value_of_text(text_head(r->t, i));
	r->t = text_from(r->t, i);
	r->has_epoch = true;
	return i > 0 && value_time(&v, &r->epoch_ns);
}

static bool read_format(struct reader *r, struct text format);

static bool
read_code(struct reader *r, char code)
{
	const char *longer = composed(code);
	int         n;

	if (longer)
		return read_format(r, text_of(longer));
	switch (code) {
	case 'Y': return read_number(r, 4, &r->f.year);
	case 'y':
		if (!read_number(r, 2, &r->f.year))
			return false;
		r->f.year += r->f.year < 69 ? 2000 : 1900;
		return true;
	case 'm': return read_number(r, 2, &r->f.month);
	case 'd':
	case 'e': return read_number(r, 2, &r->f.day);
	case 'j':
		r->has_yearday = true;
		return read_number(r, 3, &r->f.yearday);
	case 'H':
	case 'k':
	case 'I':
	case 'l': return read_number(r, 2, &r->f.hour);
	case 'M': return read_number(r, 2, &r->f.minute);
	case 'S': return read_number(r, 2, &r->f.second);
	case 'p':
		r->has_pm = true;
		r->pm = text_istarts(r->t, TEXT("PM"));
		if (!r->pm && !text_istarts(r->t, TEXT("AM")))
			return false;
		r->t = text_from(r->t, 2);
		return true;
	case 'a':
	case 'A': return read_name(r, day_names, 7, &n);
	case 'b':
	case 'h':
	case 'B':
		if (!read_name(r, month_names, 12, &n))
			return false;
		r->f.month = n + 1;
		return true;
	case 'N':
	case 'Q':
	case 'f': return read_fraction(r);
	case 'Z':
	case 'z':
	case ':': return read_zone(r);
	case 's': return read_epoch(r);
	case 'n':
	case 't': skip_blanks(r); return true;
	case '%':
		if (!text_starts(r->t, TEXT("%")))
			return false;
		r->t = text_from(r->t, 1);
		return true;
	default:
		return false;
	}
}

static bool
read_format(struct reader *r, struct text format)
{
	for (size_t i = 0; i < format.n;) {
		char c = format.p[i++];
		int  digits;

		if (c == '%') {
			char code = next_code(format, &i, &digits);

			if (!read_code(r, code))
				return false;
		} else if (c == ' ' || c == '\t' || c == '\n') {
			skip_blanks(r);
		} else if (r->t.n && r->t.p[0] == c) {
			r->t = text_from(r->t, 1);
		} else {
			return false;
		}
	}
	return true;
}

bool
time_parse(struct text t, struct text format, int64_t *ns)
{
	struct reader r = { .t = text_trim(t), .f = { .year = 1970, .month = 1, .day = 1 } };

	if (text_absent(t) || !read_format(&r, format))
		return false;
	if (r.has_epoch) {
		*ns = r.epoch_ns + r.f.ns;
		return true;
	}
	if (r.has_pm) {
		if (r.f.hour > 12)
			return false;
		r.f.hour = r.f.hour % 12 + (r.pm ? 12 : 0);
	}
	if (r.has_yearday && (r.f.yearday < 1 || r.f.yearday > 366))
		return false;
	if (!when_join(&r.f, ns))
		return false;
	if (r.has_yearday)
		*ns += (r.f.yearday - 1) * WHEN_DAY;
	return !__builtin_sub_overflow(*ns, r.zone_s * WHEN_SECOND, ns);
}
