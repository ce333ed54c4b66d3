/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tui/time_words.h"

#include "base/ascii.h"
#include "base/when.h"
#include "rules/timespec.h"
#include "tui/lookback.h"

#define DAY_LETTERS    10 /* of "2020-09-21" */
#define MINUTE_LETTERS 16 /* of "2020-09-21 14:30" */
#define SECOND_LETTERS 19

/* How long what is written is: a day, a minute, a second or a part of it; 0: a point in time. */
static int64_t
length_of(struct text t)
{
	int64_t length = WHEN_SECOND;

	if (t.n < DAY_LETTERS || t.p[4] != '-' || t.p[7] != '-')
		return 0;
	if (t.n == DAY_LETTERS)
		return WHEN_DAY;
	if (t.n == MINUTE_LETTERS || (t.n > MINUTE_LETTERS && t.p[MINUTE_LETTERS] != ':')) /* "14:30Z" */
		return 60 * WHEN_SECOND;
	if (t.n > SECOND_LETTERS && (t.p[SECOND_LETTERS] == '.' || t.p[SECOND_LETTERS] == ','))
		for (size_t i = SECOND_LETTERS + 1; i < t.n && ascii_digit(t.p[i]) && length > 1; i++)
			length /= 10;
	return length;
}

/* "2020", "2020-09": of SPL these are seconds, which nobody means. */
static bool
is_year_or_month(struct text t)
{
	for (size_t i = 0; i < t.n; i++)
		if (i == 4 ? t.p[i] != '-' : !ascii_digit(t.p[i]))
			return false;
	return t.n == 4 || t.n == 7;
}

static bool
resolve(struct text t, int64_t clock_ns, int64_t *ns, struct err *err)
{
	if (!is_year_or_month(t) && timespec_resolve(t, clock_ns == WHEN_NONE ? 0 : clock_ns, ns))
		return true;
	return err_set(err, ERR_USAGE,
		       TEXT_FMT " is no time: 2020-09-21 is that day, A..B from A to B (either end may be left "
				"out), -24h or -7d@d count from the case clock",
		       TEXT_ARG(t));
}

/* "7d", "-24h". */
static bool
read_window(struct text t, struct condition *c)
{
	return lookback_read(t.n && t.p[0] == '-' ? text_from(t, 1) : t, c);
}

static bool
read_range(struct text from, struct text to, int64_t clock_ns, struct condition *c, struct err *err)
{
	if ((!to.n || text_ieq(to, TEXT("now"))) && from.n && from.p[0] == '-' && read_window(from, c))
		return true;
	if ((from.n && !resolve(from, clock_ns, &c->span.earliest_ns, err)) ||
	    (to.n && !resolve(to, clock_ns, &c->span.latest_ns, err)))
		return false;
	if (to.n == DAY_LETTERS)
		c->span.latest_ns = when_later(c->span.latest_ns, length_of(to));
	return c->span.earliest_ns < c->span.latest_ns ||
	       err_set(err, ERR_USAGE, TEXT_FMT ".." TEXT_FMT " ends before it begins", TEXT_ARG(from),
		       TEXT_ARG(to));
}

static bool
read_is(struct text words, int64_t clock_ns, struct condition *c, struct err *err)
{
	int64_t length = length_of(words);

	if (read_window(words, c))
		return true;
	if (!resolve(words, clock_ns, &c->span.earliest_ns, err))
		return false;
	if (length)
		c->span.latest_ns = when_later(c->span.earliest_ns, length);
	return true;
}

bool
time_words_read(struct text words, enum compare compare, int64_t clock_ns, struct condition *c,
		struct err *err)
{
	size_t  dots = text_find(words, TEXT(".."));
	int64_t ns;

	if (dots != TEXT_NOWHERE)
		return read_range(text_trim(text_head(words, dots)), text_trim(text_from(words, dots + 2)),
				  clock_ns, c, err);
	if (compare == COMPARE_IS)
		return read_is(words, clock_ns, c, err);
	if (compare >= COMPARE_MORE && words.n && words.p[0] == '-' && read_window(words, c))
		return true;
	if (!resolve(words, clock_ns, &ns, err))
		return false;
	if (compare == COMPARE_AT_MOST || compare == COMPARE_MORE) /* it is within, or before */
		ns = when_later(ns, length_of(words));
	if (compare >= COMPARE_MORE)
		c->span.earliest_ns = ns;
	else
		c->span.latest_ns = ns;
	return true;
}
