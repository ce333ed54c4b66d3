/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rules/aggregates.h"

#include "base/when.h"
#include "rules/suggest.h"
#include "rules/wildcard.h"

static const struct {
	const char         *name;
	enum aggregate_kind kind;
	bool                ordered; /* the result depends on the order of rows */
	const char         *synopsis, *help;
} names[] = {
	{ "count", AGG_COUNT, false, "count", "how many rows; count(<field>): how many values" },
	{ "c", AGG_COUNT, false, "c(<field>)", "count" },
	{ "dc", AGG_DC, false, "dc(<field>)", "how many different values" },
	{ "distinct_count", AGG_DC, false, "distinct_count(<field>)", "how many different values" },
	{ "estdc", AGG_DC, false, "estdc(<field>)", "how many different values" },
	{ "values", AGG_VALUES, false, "values(<field>)", "the different values, sorted" },
	{ "list", AGG_LIST, true, "list(<field>)", "the first 100 values, in order of the rows" },
	{ "min", AGG_MIN, false, "min(<field>)", "the least; numbers come before text" },
	{ "max", AGG_MAX, false, "max(<field>)", "the greatest; text comes behind numbers" },
	{ "sum", AGG_SUM, false, "sum(<field>)", "the sum of the numbers" },
	{ "avg", AGG_AVG, false, "avg(<field>)", "the mean of the numbers" },
	{ "mean", AGG_AVG, false, "mean(<field>)", "the mean of the numbers" },
	{ "stdev", AGG_STDEV, false, "stdev(<field>)", "standard deviation of a sample" },
	{ "stdevp", AGG_STDEVP, false, "stdevp(<field>)", "standard deviation of all there is" },
	{ "var", AGG_VAR, false, "var(<field>)", "variance of a sample" },
	{ "varp", AGG_VARP, false, "varp(<field>)", "variance of all there is" },
	{ "range", AGG_RANGE, false, "range(<field>)", "the greatest number less the least" },
	{ "sumsq", AGG_SUMSQ, false, "sumsq(<field>)", "the sum of the squares" },
	{ "median", AGG_MEDIAN, false, "median(<field>)", "the middle number" },
	{ "mode", AGG_MODE, true, "mode(<field>)", "the most frequent value" },
	{ "first", AGG_FIRST, true, "first(<field>)", "of the first row: usually the newest event" },
	{ "last", AGG_LAST, true, "last(<field>)", "of the last row: usually the oldest event" },
	{ "earliest", AGG_EARLIEST, true, "earliest(<field>)", "of the oldest event" },
	{ "latest", AGG_LATEST, true, "latest(<field>)", "of the newest event" },
	{ "earliest_time", AGG_EARLIEST_TIME, false, "earliest_time(<field>)",
	  "when the field first had a value" },
	{ "latest_time", AGG_LATEST_TIME, false, "latest_time(<field>)",
	  "when the field last had a value" },
	{ "sparkline", AGG_PICTURE, false, "sparkline(<aggregate>, <span>)",
	  "no value: Splunk draws a picture there" },
	{ "rate", AGG_RATE, false, "rate(<field>)", "by how much a number grew per second" },
};

/* Sums of timechart, over the length of its buckets. */
static const struct {
	const char *name;
	int64_t     ns;
	const char *synopsis, *help;
} paces[] = {
	{ "per_second", WHEN_SECOND, "per_second(<field>)", "timechart: the sum per second" },
	{ "per_minute", 60 * WHEN_SECOND, "per_minute(<field>)", "timechart: the sum per minute" },
	{ "per_hour", WHEN_HOUR, "per_hour(<field>)", "timechart: the sum per hour" },
	{ "per_day", WHEN_DAY, "per_day(<field>)", "timechart: the sum per day" },
};

#define N_NAMES (sizeof(names) / sizeof(names[0]))
#define N_PACES (sizeof(paces) / sizeof(paces[0]))

size_t
search_aggregates(struct command_info *out, size_t cap)
{
	for (size_t i = 0; i < N_NAMES && i < cap; i++)
		out[i] = (struct command_info){ names[i].name, names[i].synopsis, names[i].help };
	for (size_t i = 0; i < N_PACES && N_NAMES + i < cap; i++)
		out[N_NAMES + i] = (struct command_info){ paces[i].name, paces[i].synopsis,
							  paces[i].help };
	return N_NAMES + N_PACES;
}

/* --- reading --- */

/* perc95, p95, exactperc99.5, upperperc90 */
static bool
percentile_name(struct text name, double *percent)
{
	static const char *const heads[] = { "exactperc", "upperperc", "perc", "p" };

	for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++) {
		struct text head = text_of(heads[i]);

		if (text_istarts(name, head))
			return text_to_double(text_from(name, head.n), percent) && *percent >= 0 &&
			       *percent <= 100;
	}
	return false;
}

static bool
aggregate_pace_find(struct scan *s, const char *at, struct text name, struct aggregate *a)
{
	for (size_t i = 0; i < N_PACES; i++)
		if (text_ieq(name, text_of(paces[i].name))) {
			a->kind = AGG_SUM;
			a->per_ns = paces[i].ns;
			return text_eq(text_of(s->c->command), TEXT("timechart")) ||
			       scan_fail(s, at, "%s is an aggregate of timechart only",
					 paces[i].name);
		}
	return true;
}

static bool
aggregate_kind_find(struct scan *s, const char *at, struct text name, struct aggregate *a)
{
	struct text words[N_NAMES], near;

	if (!aggregate_pace_find(s, at, name, a))
		return false;
	if (a->per_ns)
		return true;

	for (size_t i = 0; i < N_NAMES; i++) {
		words[i] = text_of(names[i].name);
		if (text_ieq(name, words[i])) {
			a->kind = names[i].kind;
			return true;
		}
	}
	if (percentile_name(name, &a->percent)) {
		a->kind = AGG_PERC;
		return true;
	}
	near = suggest(name, words, N_NAMES);
	if (text_absent(near))
		return scan_fail(s, at, "unknown aggregate \"" TEXT_FMT "\"",
				 TEXT_ARG(text_head(name, 60)));
	return scan_fail(s, at,
			 "unknown aggregate \"" TEXT_FMT "\": did you mean \"" TEXT_FMT "\"?",
			 TEXT_ARG(text_head(name, 60)), TEXT_ARG(near));
}

/* What stands between the parentheses: a field, or eval(...). */
static bool
aggregate_argument(struct scan *s, struct scan *inner, struct aggregate *a)
{
	struct scan expr;
	struct text name;

	if (scan_keyword(inner, "eval")) {
		struct expr *e;

		if (!scan_parentheses(inner, &expr) || !expr_parse(&expr, &e) ||
		    !scan_finish(&expr))
			return false;
		a->expr = e;
		a->condition = expr_is_condition(e);
		if (a->condition && a->kind != AGG_COUNT)
			compile_reserve(s->c, "a condition in eval(...) counts as 1 or 0, but in "
					"count");
		return scan_finish(inner);
	}
	if (scan_done(inner)) {
		if (a->kind == AGG_COUNT)
			return true;
		return scan_expected(inner, "a field name");
	}
	name = text_trim((struct text){ inner->at, (size_t)(inner->end - inner->at) });
	if (name.p[0] == '"' && !scan_string(inner, &name))
		return false;
	if (name.n >= 2 && name.p[0] == '\'' && name.p[name.n - 1] == '\'')
		name = (struct text){ name.p + 1, name.n - 2 };
	a->field = compile_column(s->c, name);
	a->wildcard = text_find_byte(name, '*') != TEXT_NOWHERE;
	return true;
}

static bool
aggregate_parse(struct scan *s, struct aggregate *a)
{
	const char *at;
	struct scan inner;
	struct text name;

	*a = (struct aggregate){ 0 };
	scan_blank(s);
	at = s->at;
	name = scan_run(s, ",()=|[]\"");
	if (name.n == 0)
		return scan_expected(s, "an aggregate such as count or values(field)");
	if (!aggregate_kind_find(s, at, name, a))
		return false;
	if (a->kind == AGG_PICTURE) {
		compile_reserve(s->c, "sparkline has no value: timechart shows how a number changes");
		if (scan_at(s, '(') && !scan_parentheses(s, &inner))
			return false;
	} else if (scan_at(s, '(')) {
		if (!scan_parentheses(s, &inner) || !aggregate_argument(s, &inner, a))
			return false;
	} else if (a->kind != AGG_COUNT) {
		return scan_expected(s, "\"(\" and a field name");
	}
	a->name = text_trim((struct text){ at, (size_t)(s->at - at) });
	if (!scan_keyword(s, "as"))
		return true;
	/* Names with parentheses occur without quotes. */
	if (scan_at(s, '"'))
		return scan_string(s, &a->name);
	a->name = scan_run(s, ",|[]\"");
	return a->name.n > 0 || scan_expected(s, "a name behind \"as\"");
}

bool
aggregates_parse(struct scan *s, struct aggregate **out, size_t *n, const char *const *until)
{
	size_t cap = 0;

	*out = NULL;
	*n = 0;
	for (;;) {
		bool stop;

		scan_commas(s);
		/* agg=sum(x), as chart had it once */
		if (scan_keyword(s, "agg") && !scan_take(s, '='))
			return scan_expected(s, "\"=\" behind agg");
		stop = scan_at_option(s);
		for (size_t i = 0; until && until[i]; i++)
			stop |= scan_at_keyword(s, until[i]);
		if (stop || scan_done(s))
			break;
		arena_grow(s->c->keep, *out, *n, &cap);
		if (!aggregate_parse(s, &(*out)[(*n)++]))
			return false;
	}
	return *n > 0 || scan_expected(s, "an aggregate such as count or values(field)");
}

void
aggregates_want_numbers(struct aggregate *a, size_t n)
{
	for (size_t i = 0; i < n; i++)
		a[i].all_numbers = true;
}

bool
aggregates_unordered(const struct aggregate *a, size_t n)
{
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < N_NAMES; k++)
			if (names[k].kind == a[i].kind && names[k].ordered)
				return false;
	return true;
}

void
aggregates_use(const struct aggregate *a, size_t n, struct uses *uses)
{
	for (size_t i = 0; i < n; i++) {
		if (a[i].wildcard)
			uses->all = true;
		else if (a[i].expr)
			expr_uses(a[i].expr, uses, USE_READS);
		else if (a[i].field.name.n)
			uses_add(uses, a[i].field.name, USE_READS);
	}
}

struct text
aggregate_name_for(const struct aggregate *a, struct text field, struct arena *keep)
{
	struct text out;

	if (!wildcard_rename(a->field.name, a->name, field, keep, &out))
		return TEXT_NONE;
	return out;
}
