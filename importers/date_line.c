/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "importers/date_line.h"

#include <string.h>

#include "base/ascii.h"
#include "base/visible.h"
#include "base/when.h"

/* What is left of a date line once marks are gone and every blank is ' '. */
struct plain {
	char p[DATE_LINE_MAX];
	size_t n, at;
};

struct number {
	int value;
	size_t digits;
};

static bool
is_mark(uint32_t c)
{
	return c == 0x200e || c == 0x200f || (c >= 0x202a && c <= 0x202e) ||
	       (c >= 0x2066 && c <= 0x2069) || c == 0xfeff;
}

static bool
make_plain(struct text t, struct plain *out)
{
	*out = (struct plain){ .n = 0 };
	if (t.n >= DATE_LINE_MAX)
		return false;
	for (size_t i = 0; i < t.n;) {
		uint32_t c;

		i += utf8_decode(t.p + i, t.p + t.n, &c);
		if (is_mark(c))
			continue;
		if (c == 0xa0 || c == 0x202f || c == 0x2009 || c == '\t')
			c = ' ';
		if (c >= 0x80 || c == 0)
			return false;
		out->p[out->n++] = (char)c;
	}
	return true;
}

static char
peek(const struct plain *s)
{
	return s->at < s->n ? s->p[s->at] : '\0';
}

static bool
take(struct plain *s, char c)
{
	if (peek(s) != c)
		return false;
	s->at++;
	return true;
}

static void
blanks(struct plain *s)
{
	while (take(s, ' '))
		;
}

static bool
number(struct plain *s, struct number *out)
{
	*out = (struct number){ 0, 0 };
	while (ascii_digit(peek(s)) && out->digits < 9) {
		out->value = out->value * 10 + (s->p[s->at++] - '0');
		out->digits++;
	}
	return out->digits > 0;
}

struct date {
	struct number part[3];
	char separator;
};

/* "Mar 5, 2024 @", as Kibana shows dates. */
static bool
named_month(struct plain *s, struct date *d)
{
	static const char names[] = "janfebmaraprmayjunjulaugsepoctnovdec";
	char name[3];

	if (s->n - s->at < 4)
		return false;
	for (size_t i = 0; i < 3; i++)
		name[i] = (char)(s->p[s->at + i] | 0x20);
	d->separator = '/';
	for (int month = 0; month < 12; month++)
		if (memcmp(names + 3 * month, name, 3) == 0)
			d->part[1] = (struct number){ month + 1, 2 };
	s->at += 3;
	if (d->part[1].digits == 0 || !take(s, ' ') || !number(s, &d->part[2]) || !take(s, ','))
		return false;
	blanks(s);
	if (!number(s, &d->part[0]) || d->part[0].digits != 4)
		return false;
	blanks(s);
	take(s, '@');
	return true;
}

static bool
date(struct plain *s, struct date *d)
{
	*d = (struct date){ .separator = 0 };
	blanks(s);
	if (ascii_letter(peek(s)))
		return named_month(s, d);
	if (!number(s, &d->part[0]))
		return false;
	d->separator = peek(s);
	if (d->separator != '/' && d->separator != '.' && d->separator != '-')
		return false;
	for (int i = 1; i < 3; i++) {
		if (!take(s, d->separator))
			return false;
		blanks(s);
		if (!number(s, &d->part[i]))
			return false;
	}
	return true;
}

static bool
fraction(struct plain *s, int *ns)
{
	int unit = 100000000;
	size_t digits = 0;

	*ns = 0;
	for (; ascii_digit(peek(s)); s->at++, digits++) {
		*ns += (peek(s) - '0') * unit;
		unit /= 10;
	}
	return digits > 0;
}

/* Hour as written becomes hour of the day; absent AM or PM leaves it. */
static bool
half_of_day(struct plain *s, int *hour)
{
	char c = (char)(peek(s) | 0x20);
	bool pm = c == 'p';

	if (c != 'a' && c != 'p')
		return true;
	s->at++;
	take(s, '.');
	if ((peek(s) | 0x20) != 'm')
		return false;
	s->at++;
	take(s, '.');
	if (*hour < 1 || *hour > 12)
		return false;
	*hour = *hour % 12 + (pm ? 12 : 0);
	return true;
}

static bool
zone(struct plain *s, int64_t *offset_s)
{
	struct number h, m = { 0, 0 };
	int sign = peek(s) == '-' ? -1 : 1;

	*offset_s = 0;
	if (take(s, 'Z'))
		return true;
	if (!take(s, '+') && !take(s, '-'))
		return false;
	if (!number(s, &h))
		return false;
	if (h.digits == 4) {
		m.value = h.value % 100;
		h.value /= 100;
	} else if (take(s, ':') && !number(s, &m)) {
		return false;
	}
	if (h.value > 15 || m.value > 59)
		return false;
	*offset_s = sign * (h.value * 3600 + m.value * 60);
	return true;
}

static bool
time_of_day(struct plain *s, struct when_fields *f)
{
	struct number n;

	if (!number(s, &n) || !take(s, ':'))
		return false;
	f->hour = n.value;
	if (!number(s, &n))
		return false;
	f->minute = n.value;
	if (take(s, ':')) {
		if (!number(s, &n))
			return false;
		f->second = n.value;
		if ((take(s, '.') || take(s, ',')) && !fraction(s, &f->ns))
			return false;
	}
	blanks(s);
	return half_of_day(s, &f->hour);
}

/* Only America writes the month first, and with it AM and PM. */
static bool
has_half_of_day(const struct plain *s)
{
	for (size_t i = 0; i < s->n; i++)
		if ((s->p[i] | 0x20) == 'm')
			return true;
	return false;
}

static bool
day_first(const struct date *d, enum date_order order, bool american)
{
	if (d->part[0].value > 12)
		return true;
	if (d->part[1].value > 12)
		return false;
	if (d->separator == '.')
		return true;
	return order == DATE_DAY_FIRST || (order == DATE_ORDER_OPEN && !american);
}

bool
date_line_parse(struct text t, enum date_order order, int64_t *ns, bool *has_zone)
{
	struct when_fields f = { 0 };
	struct plain s;
	struct date d;
	int64_t offset_s = 0;

	if (!make_plain(t, &s) || !date(&s, &d))
		return false;
	if (d.part[0].digits == 4) {
		f.year = d.part[0].value;
		f.month = d.part[1].value;
		f.day = d.part[2].value;
	} else {
		bool day = day_first(&d, order, has_half_of_day(&s));

		f.day = d.part[day ? 0 : 1].value;
		f.month = d.part[day ? 1 : 0].value;
		f.year = d.part[2].value + (d.part[2].digits <= 2 ? 2000 : 0);
	}
	take(&s, 'T');
	take(&s, ',');
	blanks(&s);
	if (!time_of_day(&s, &f))
		return false;
	blanks(&s);
	*has_zone = s.at < s.n && zone(&s, &offset_s);
	blanks(&s);
	if (s.at != s.n || !when_join(&f, ns))
		return false;
	return !__builtin_sub_overflow(*ns, offset_s * WHEN_SECOND, ns);
}

enum date_order
date_order_of(struct text t)
{
	struct plain s;
	struct date d;

	if (!make_plain(t, &s) || !date(&s, &d) || d.part[0].digits == 4)
		return DATE_ORDER_OPEN;
	if (d.part[0].value > 12)
		return DATE_DAY_FIRST;
	return d.part[1].value > 12 ? DATE_MONTH_FIRST : DATE_ORDER_OPEN;
}

bool
date_order_assumed(struct text t)
{
	struct plain s;
	struct date d;

	return make_plain(t, &s) && date(&s, &d) && d.part[0].digits != 4 && d.separator != '.' &&
	       d.part[0].value <= 12 && d.part[1].value <= 12 &&
	       d.part[0].value != d.part[1].value;
}

bool
date_line_like(struct text t)
{
	size_t digits = 0, colons = 0;

	for (size_t i = 0; i < t.n; i++) {
		char c = t.p[i];

		digits += ascii_digit(c);
		colons += c == ':';
		if (c == '=' || c == '<' || c == '\\' || c == '"')
			return false;
	}
	return digits >= 5 && colons >= 1 && colons <= 3;
}
