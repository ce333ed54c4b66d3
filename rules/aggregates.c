/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rules/aggregates.h"

#include <math.h>
#include <stdlib.h>

#include "base/when.h"
#include "rules/suggest.h"
#include "rules/wildcard.h"

#define LIST_MAX 100

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
};

#define N_NAMES (sizeof(names) / sizeof(names[0]))

size_t
search_aggregates(struct command_info *out, size_t cap)
{
	for (size_t i = 0; i < N_NAMES && i < cap; i++)
		out[i] = (struct command_info){ names[i].name, names[i].synopsis, names[i].help };
	return N_NAMES;
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
aggregate_kind_find(struct scan *s, const char *at, struct text name, struct aggregate *a)
{
	struct text words[N_NAMES], near;

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
			return scan_fail(s, inner->at, "only count takes a condition in eval(...)");
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
	if (scan_at(s, '(')) {
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
		bool stop = false;

		scan_commas(s);
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

/* --- sets of values --- */

struct set_slot {
	uint64_t     hash;
	uint64_t     count;
	struct text  text;
	struct value value;
	uint64_t     seen; /* order of first sight, from 1; 0: an empty slot */
};

struct value_set {
	struct set_slot *slots;
	size_t           n, cap; /* cap: a power of two */
};

static struct set_slot *
set_find(struct value_set *set, uint64_t hash, struct text text)
{
	for (size_t i = hash & (set->cap - 1);; i = (i + 1) & (set->cap - 1)) {
		struct set_slot *slot = &set->slots[i];

		if (!slot->seen || (slot->hash == hash && text_eq(slot->text, text)))
			return slot;
	}
}

static void
set_grow(struct value_set *set, struct arena *keep)
{
	struct value_set bigger = { .n = set->n, .cap = set->cap ? set->cap * 2 : 1 };

	bigger.slots = arena_new(keep, struct set_slot, bigger.cap);
	for (size_t i = 0; i < set->cap; i++)
		if (set->slots[i].seen)
			*set_find(&bigger, set->slots[i].hash, set->slots[i].text) = set->slots[i];
	*set = bigger;
}

static void
set_add(struct accumulator *acc, const struct value *v, struct run *run)
{
	struct text      text = value_text(v, '\n', run->scratch);
	uint64_t         hash = text_hash(text, 0);
	struct set_slot *slot;

	if (!acc->set)
		acc->set = arena_new(run->keep, struct value_set, 1);
	if (acc->set->n * 4 >= acc->set->cap * 3)
		set_grow(acc->set, run->keep);
	slot = set_find(acc->set, hash, text);
	if (!slot->seen) {
		slot->hash = hash;
		slot->text = arena_copy(run->keep, text);
		slot->value = *v;
		if (v->kind == VALUE_TEXT)
			slot->value.text = slot->text;
		slot->seen = ++acc->set->n;
	}
	slot->count++;
}

static int
by_text(const void *a, const void *b)
{
	const struct set_slot *const *x = a, *const *y = b;

	return text_cmp((*x)->text, (*y)->text);
}

static struct value
set_values(const struct value_set *set, struct arena *keep)
{
	const struct set_slot **slots;
	struct value           *items;
	size_t                  n = 0;

	if (!set)
		return (struct value){ 0 };
	slots = arena_new(keep, const struct set_slot *, set->n);
	items = arena_new(keep, struct value, set->n);
	for (size_t i = 0; i < set->cap; i++)
		if (set->slots[i].seen)
			slots[n++] = &set->slots[i];
	qsort(slots, n, sizeof(*slots), by_text);
	for (size_t i = 0; i < n; i++)
		items[i] = slots[i]->value;
	return value_of_list(items, n);
}

static struct value
set_mode(const struct value_set *set)
{
	const struct set_slot *best = NULL;

	for (size_t i = 0; set && i < set->cap; i++) {
		const struct set_slot *slot = &set->slots[i];

		if (slot->seen && (!best || slot->count > best->count ||
				   (slot->count == best->count && slot->seen < best->seen)))
			best = slot;
	}
	return best ? best->value : (struct value){ 0 };
}

/* --- adding up --- */

static void
add_item(struct accumulator *acc, const struct value *v, struct run *run)
{
	arena_grow(run->keep, acc->items, acc->n_items, &acc->items_cap);
	acc->items[acc->n_items++] = value_keep(v, run->keep);
}

static void
add_number(struct accumulator *acc, const struct value *v)
{
	double n, off;

	if (!value_number(v, &n))
		return;
	acc->count++;
	acc->sum += n;
	off = n - acc->mean;
	acc->mean += off / (double)acc->count;
	acc->squares += off * (n - acc->mean);
	if (acc->count == 1 || n < acc->low)
		acc->low = n;
	if (acc->count == 1 || n > acc->high)
		acc->high = n;
}

/* Numbers come before texts. */
static void
add_extreme(struct accumulator *acc, const struct value *v, bool greatest, struct run *run)
{
	struct value as_number = *v;
	bool         number = value_number(v, &as_number.number), best_number;
	double       ignored;
	int          order;

	if (number && v->kind != VALUE_TIME)
		as_number.kind = VALUE_NUMBER;
	else
		as_number = *v;
	if (acc->best.kind == VALUE_NULL) {
		acc->best = value_keep(&as_number, run->keep);
		return;
	}
	best_number = value_number(&acc->best, &ignored);
	if (number != best_number)
		order = number ? -1 : 1;
	else
		order = value_compare(&as_number, &acc->best);
	if (greatest ? order > 0 : order < 0)
		acc->best = value_keep(&as_number, run->keep);
}

static void
add_by_time(struct accumulator *acc, const struct value *v, int64_t ns, bool latest,
	    struct run *run)
{
	bool better = acc->best.kind == VALUE_NULL ||
		      (latest ? ns > acc->best_ns : ns <= acc->best_ns);

	if (ns == WHEN_NONE || !better)
		return;
	acc->best = value_keep(v, run->keep);
	acc->best_ns = ns;
}

static void
add_value(struct accumulator *acc, const struct aggregate *a, const struct value *v,
	  struct run *run, const struct row *row)
{
	switch (a->kind) {
	case AGG_COUNT:
		acc->count++;
		break;
	case AGG_DC:
	case AGG_VALUES:
	case AGG_MODE:
		set_add(acc, v, run);
		break;
	case AGG_LIST:
		if (acc->n_items < LIST_MAX)
			add_item(acc, v, run);
		break;
	case AGG_MIN:
		add_extreme(acc, v, false, run);
		break;
	case AGG_MAX:
		add_extreme(acc, v, true, run);
		break;
	case AGG_SUM:
	case AGG_AVG:
	case AGG_STDEV:
	case AGG_STDEVP:
	case AGG_VAR:
	case AGG_VARP:
	case AGG_RANGE:
		add_number(acc, v);
		break;
	case AGG_SUMSQ: {
		double n;

		if (value_number(v, &n)) {
			acc->count++;
			acc->sum += n * n;
		}
		break;
	}
	case AGG_MEDIAN:
	case AGG_PERC: {
		struct value n = { .kind = VALUE_NUMBER };

		if (value_number(v, &n.number))
			add_item(acc, &n, run);
		break;
	}
	case AGG_FIRST:
		if (acc->best.kind == VALUE_NULL)
			acc->best = value_keep(v, run->keep);
		break;
	case AGG_LAST:
		acc->best = value_keep(v, run->keep);
		break;
	case AGG_EARLIEST:
	case AGG_LATEST:
		add_by_time(acc, v, row->time_ns, a->kind == AGG_LATEST, run);
		break;
	case AGG_EARLIEST_TIME:
	case AGG_LATEST_TIME: {
		struct value time = value_of_time(row->time_ns);

		if (row->time_ns != WHEN_NONE)
			add_extreme(acc, &time, a->kind == AGG_LATEST_TIME, run);
		break;
	}
	}
}

void
accumulate(struct accumulator *acc, const struct aggregate *a, struct run *run,
	   const struct row *row)
{
	struct eval         ev = { .run = run, .row = row };
	const struct value *items;
	struct value        v;

	if (a->condition) {
		acc->count += expr_truth(a->expr, &ev) == TRUTH_TRUE;
		return;
	}
	if (!a->expr && a->field.name.n == 0) {
		acc->count++;
		return;
	}
	v = a->expr ? expr_value(a->expr, &ev) : row_value(row, &a->field, run->scratch);
	size_t n = value_items(&v, &items);

	/* first, last, earliest and latest take a field as it is. */
	if (n && a->kind >= AGG_FIRST && a->kind <= AGG_LATEST)
		add_value(acc, a, &v, run, row);
	else
		for (size_t i = 0; i < n; i++)
			add_value(acc, a, &items[i], run, row);
}

static void
merge_numbers(struct accumulator *acc, const struct accumulator *from)
{
	double n = (double)acc->count, m = (double)from->count, off = from->mean - acc->mean;

	if (from->count == 0)
		return;
	if (acc->count == 0 || from->low < acc->low)
		acc->low = from->low;
	if (acc->count == 0 || from->high > acc->high)
		acc->high = from->high;
	acc->squares += from->squares + off * off * n * m / (n + m);
	acc->mean += off * m / (n + m);
	acc->sum += from->sum;
	acc->count += from->count;
}

static void
merge_best(struct accumulator *acc, const struct accumulator *from, const struct aggregate *a,
	   struct run *run)
{
	const struct row row = { .time_ns = from->best_ns };

	if (from->best.kind == VALUE_NULL)
		return;
	if (a->kind == AGG_EARLIEST_TIME || a->kind == AGG_LATEST_TIME)
		add_extreme(acc, &from->best, a->kind == AGG_LATEST_TIME, run);
	else
		add_value(acc, a, &from->best, run, &row);
}

static void
merge_items(struct accumulator *acc, const struct accumulator *from, const struct aggregate *a,
	    struct run *run)
{
	for (size_t i = 0; i < from->n_items; i++)
		if (a->kind != AGG_LIST || acc->n_items < LIST_MAX)
			add_item(acc, &from->items[i], run);
}

static void
merge_sets(struct accumulator *acc, const struct accumulator *from, const struct aggregate *a,
	   struct run *run)
{
	for (size_t i = 0; from->set && i < from->set->cap; i++) {
		const struct set_slot *slot = &from->set->slots[i];

		for (uint64_t k = 0; slot->seen && k < (a->kind == AGG_MODE ? slot->count : 1); k++)
			set_add(acc, &slot->value, run);
	}
}

void
accumulators_merge(struct accumulator *acc, const struct accumulator *from,
		   const struct aggregate *a, struct run *run)
{
	switch (a->kind) {
	case AGG_COUNT:
	case AGG_SUM:
	case AGG_SUMSQ:
	case AGG_AVG:
	case AGG_STDEV:
	case AGG_STDEVP:
	case AGG_VAR:
	case AGG_VARP:
	case AGG_RANGE:
		merge_numbers(acc, from);
		return;
	case AGG_MIN:
	case AGG_MAX:
	case AGG_FIRST:
	case AGG_LAST:
	case AGG_EARLIEST:
	case AGG_LATEST:
	case AGG_EARLIEST_TIME:
	case AGG_LATEST_TIME:
		merge_best(acc, from, a, run);
		return;
	case AGG_LIST:
	case AGG_MEDIAN:
	case AGG_PERC:
		merge_items(acc, from, a, run);
		return;
	case AGG_DC:
	case AGG_VALUES:
	case AGG_MODE:
		merge_sets(acc, from, a, run);
		return;
	}
}

/* --- results --- */

static int
by_number(const void *a, const void *b)
{
	double x = ((const struct value *)a)->number, y = ((const struct value *)b)->number;

	return (x > y) - (x < y);
}

/* Linear interpolation at (n-1)p. */
static struct value
percentile(const struct accumulator *acc, double percent, struct arena *keep)
{
	size_t        n = acc->n_items, below;
	struct value *sorted;
	double        at;

	if (n == 0)
		return (struct value){ 0 };
	sorted = arena_new(keep, struct value, n);
	memcpy(sorted, acc->items, n * sizeof(*sorted));
	qsort(sorted, n, sizeof(*sorted), by_number);
	at = (double)(n - 1) * percent / 100;
	below = (size_t)at;
	if (below + 1 >= n)
		return sorted[n - 1];
	return value_of_number(sorted[below].number +
			       (sorted[below + 1].number - sorted[below].number) *
				   (at - (double)below));
}

/* Of the aggregates over numbers, of which there is at least one. */
static struct value
number_result(const struct accumulator *acc, enum aggregate_kind kind)
{
	double n = (double)acc->count, rest = acc->count > 1 ? n - 1 : 1;

	if (kind == AGG_AVG)
		return value_of_number(acc->sum / n);
	if (kind == AGG_RANGE)
		return value_of_number(acc->high - acc->low);
	if (kind == AGG_VARP)
		return value_of_number(acc->squares / n);
	if (kind == AGG_STDEVP)
		return value_of_number(sqrt(acc->squares / n));
	if (kind == AGG_VAR)
		return value_of_number(acc->squares / rest);
	if (kind == AGG_STDEV)
		return value_of_number(sqrt(acc->squares / rest));
	return value_of_number(acc->sum);
}

struct value
accumulated(const struct accumulator *acc, const struct aggregate *a, struct arena *keep)
{
	switch (a->kind) {
	case AGG_COUNT:
		return value_of_number((double)acc->count);
	case AGG_DC:
		return value_of_number(acc->set ? (double)acc->set->n : 0);
	case AGG_VALUES:
		return set_values(acc->set, keep);
	case AGG_MODE:
		return set_mode(acc->set);
	case AGG_LIST:
		return value_of_list(acc->items, acc->n_items);
	case AGG_MIN:
	case AGG_MAX:
	case AGG_FIRST:
	case AGG_LAST:
	case AGG_EARLIEST:
	case AGG_LATEST:
	case AGG_EARLIEST_TIME:
	case AGG_LATEST_TIME:
		return acc->best;
	case AGG_SUM:
	case AGG_SUMSQ:
	case AGG_AVG:
	case AGG_RANGE:
	case AGG_STDEV:
	case AGG_STDEVP:
	case AGG_VAR:
	case AGG_VARP:
		return acc->count ? number_result(acc, a->kind) : (struct value){ 0 };
	case AGG_MEDIAN:
		return percentile(acc, 50, keep);
	case AGG_PERC:
		return percentile(acc, a->percent, keep);
	}
	return (struct value){ 0 };
}
