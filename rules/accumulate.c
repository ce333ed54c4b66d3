/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rules/accumulate.h"

#include <math.h>
#include <stddef.h>
#include <stdlib.h>

#include "base/when.h"
#include "rules/value_set.h"

#define LIST_MAX 100

#define BYTES_UP_TO(member)                                                                        \
	(offsetof(struct accumulator, member) + sizeof(((struct accumulator *)0)->member))

static const struct {
	enum accumulator_shape shape;
	bool                   squares; /* its numbers are wanted squared, too */
} kinds[] = {
	[AGG_COUNT] = { SHAPE_COUNT, false },
	[AGG_DC] = { SHAPE_SET, false },
	[AGG_VALUES] = { SHAPE_SET, false },
	[AGG_LIST] = { SHAPE_ITEMS, false },
	[AGG_MIN] = { SHAPE_BEST, false },
	[AGG_MAX] = { SHAPE_BEST, false },
	[AGG_SUM] = { SHAPE_NUMBERS, false },
	[AGG_AVG] = { SHAPE_NUMBERS, false },
	[AGG_STDEV] = { SHAPE_NUMBERS, true },
	[AGG_STDEVP] = { SHAPE_NUMBERS, true },
	[AGG_VAR] = { SHAPE_NUMBERS, true },
	[AGG_VARP] = { SHAPE_NUMBERS, true },
	[AGG_RANGE] = { SHAPE_NUMBERS, false },
	[AGG_SUMSQ] = { SHAPE_NUMBERS, true },
	[AGG_MEDIAN] = { SHAPE_ITEMS, false },
	[AGG_PERC] = { SHAPE_ITEMS, false },
	[AGG_MODE] = { SHAPE_SET, false },
	[AGG_FIRST] = { SHAPE_BEST, false },
	[AGG_LAST] = { SHAPE_BEST, false },
	[AGG_EARLIEST] = { SHAPE_BEST, false },
	[AGG_LATEST] = { SHAPE_BEST, false },
	[AGG_EARLIEST_TIME] = { SHAPE_BEST, false },
	[AGG_LATEST_TIME] = { SHAPE_BEST, false },
	[AGG_RATE] = { SHAPE_RATE, false },
	[AGG_PICTURE] = { SHAPE_COUNT, false },
};

enum accumulator_shape
accumulator_shape(enum aggregate_kind kind)
{
	return kinds[kind].shape;
}

size_t
accumulator_bytes(enum aggregate_kind kind)
{
	switch (kinds[kind].shape) {
	case SHAPE_COUNT:
		return BYTES_UP_TO(count);
	case SHAPE_NUMBERS:
		return BYTES_UP_TO(high);
	case SHAPE_BEST:
		return BYTES_UP_TO(best_ns);
	case SHAPE_SET:
		return BYTES_UP_TO(set);
	case SHAPE_ITEMS:
		return BYTES_UP_TO(items_cap);
	case SHAPE_RATE:
		break;
	}
	return sizeof(struct accumulator);
}

static void
precise_add(struct precise *p, double n)
{
	double sum = p->high + n, back = sum - p->high;

	if (isfinite(sum))
		p->low += (p->high - (sum - back)) + (n - back);
	p->high = sum;
}

static double
precise_value(const struct precise *p)
{
	return isfinite(p->high) ? p->high + p->low : p->high;
}

/* X times Y, not rounded. */
static void
precise_add_product(struct precise *p, double x, double y)
{
	double product = x * y;

	precise_add(p, product);
	if (isfinite(product))
		precise_add(p, fma(x, y, -product));
}

static void
add_item(struct accumulator *acc, const struct value *v, struct arena *keep)
{
	arena_grow(keep, acc->items, acc->n_items, &acc->items_cap);
	acc->items[acc->n_items++] = value_keep(v, keep);
}

/* What else a value is than a number counts as NAN when all have to be numbers, as nothing when not. */
static bool
number_of(const struct aggregate *a, const struct value *v, double *n)
{
	if (value_number(v, n))
		return true;
	*n = NAN;
	return a->all_numbers;
}

static void
add_number(struct accumulator *acc, const struct aggregate *a, const struct value *v)
{
	double n;

	if (!number_of(a, v, &n))
		return;
	acc->count++;
	precise_add(&acc->sum, n);
	if (kinds[a->kind].squares)
		precise_add_product(&acc->squares, n, n);
	if (acc->count == 1 || n < acc->low)
		acc->low = n;
	if (acc->count == 1 || n > acc->high)
		acc->high = n;
}

/* Numbers come before texts. */
static void
add_extreme(struct accumulator *acc, const struct value *v, bool greatest, struct arena *keep)
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
		acc->best = value_keep(&as_number, keep);
		return;
	}
	best_number = value_number(&acc->best, &ignored);
	if (number != best_number)
		order = number ? -1 : 1;
	else
		order = value_compare(&as_number, &acc->best);
	if (greatest ? order > 0 : order < 0)
		acc->best = value_keep(&as_number, keep);
}

static void
add_by_time(struct accumulator *acc, const struct value *v, int64_t ns, bool latest,
	    struct arena *keep)
{
	bool better = acc->best.kind == VALUE_NULL ||
		      (latest ? ns > acc->best_ns : ns <= acc->best_ns);

	if (ns == WHEN_NONE || !better)
		return;
	acc->best = value_keep(v, keep);
	acc->best_ns = ns;
}

static void
add_rate(struct accumulator *acc, double n, int64_t ns)
{
	if (ns == WHEN_NONE)
		return;
	if (!acc->rate.any || ns < acc->rate.first_ns) {
		acc->rate.first = n;
		acc->rate.first_ns = ns;
	}
	if (!acc->rate.any || ns >= acc->rate.last_ns) {
		acc->rate.last = n;
		acc->rate.last_ns = ns;
	}
	acc->rate.any = true;
}

void
accumulate_value(struct accumulator *acc, const struct aggregate *a, const struct value *v,
		 struct run *run, const struct row *row, struct arena *keep)
{
	switch (a->kind) {
	case AGG_COUNT:
		acc->count++;
		break;
	case AGG_DC:
	case AGG_VALUES:
	case AGG_MODE:
		value_set_add(&acc->set, v, 1, run, keep);
		break;
	case AGG_LIST:
		if (acc->n_items < LIST_MAX)
			add_item(acc, v, keep);
		break;
	case AGG_MIN:
		add_extreme(acc, v, false, keep);
		break;
	case AGG_MAX:
		add_extreme(acc, v, true, keep);
		break;
	case AGG_SUM:
	case AGG_AVG:
	case AGG_STDEV:
	case AGG_STDEVP:
	case AGG_VAR:
	case AGG_VARP:
	case AGG_RANGE:
	case AGG_SUMSQ:
		add_number(acc, a, v);
		break;
	case AGG_MEDIAN:
	case AGG_PERC: {
		struct value n = { .kind = VALUE_NUMBER };

		if (number_of(a, v, &n.number))
			add_item(acc, &n, keep);
		break;
	}
	case AGG_FIRST:
		if (acc->best.kind == VALUE_NULL)
			acc->best = value_keep(v, keep);
		break;
	case AGG_LAST:
		acc->best = value_keep(v, keep);
		break;
	case AGG_EARLIEST:
	case AGG_LATEST:
		add_by_time(acc, v, row->time_ns, a->kind == AGG_LATEST, keep);
		break;
	case AGG_EARLIEST_TIME:
	case AGG_LATEST_TIME: {
		struct value time = value_of_time(row->time_ns);

		if (row->time_ns != WHEN_NONE)
			add_extreme(acc, &time, a->kind == AGG_LATEST_TIME, keep);
		break;
	}
	case AGG_RATE: {
		double n;

		if (value_number(v, &n))
			add_rate(acc, n, row->time_ns);
		break;
	}
	case AGG_PICTURE:
		break;
	}
}

static struct value
truth_value(enum truth truth)
{
	return truth == TRUTH_UNKNOWN ? (struct value){ 0 }
				      : value_of_number(truth == TRUTH_TRUE);
}

void
accumulate(struct accumulator *acc, const struct aggregate *a, struct run *run,
	   const struct row *row, struct arena *keep)
{
	struct eval         ev = { .run = run, .row = row };
	const struct value *items;
	struct value        v;

	if (a->condition && a->kind == AGG_COUNT) {
		acc->count += expr_truth(a->expr, &ev) == TRUTH_TRUE;
		return;
	}
	if (!a->expr && a->field.name.n == 0) {
		acc->count += a->kind != AGG_PICTURE;
		return;
	}
	v = a->condition ? truth_value(expr_truth(a->expr, &ev))
	    : a->expr	 ? expr_value(a->expr, &ev)
			 : row_value(row, &a->field, run->scratch);
	size_t n = value_items(&v, &items);

	/* first, last, earliest and latest take a field as it is. */
	if (n && a->kind >= AGG_FIRST && a->kind <= AGG_LATEST)
		accumulate_value(acc, a, &v, run, row, keep);
	else
		for (size_t i = 0; i < n; i++)
			accumulate_value(acc, a, &items[i], run, row, keep);
}

static void
merge_numbers(struct accumulator *acc, const struct accumulator *from)
{
	if (from->count == 0)
		return;
	if (acc->count == 0) {
		memcpy(acc, from, accumulator_bytes(AGG_SUM));
		return;
	}
	if (from->low < acc->low)
		acc->low = from->low;
	if (from->high > acc->high)
		acc->high = from->high;
	precise_add(&acc->sum, from->sum.high);
	acc->sum.low += from->sum.low;
	precise_add(&acc->squares, from->squares.high);
	acc->squares.low += from->squares.low;
	acc->count += from->count;
}

static void
merge_best(struct accumulator *acc, const struct accumulator *from, const struct aggregate *a,
	   struct run *run, struct arena *keep)
{
	const struct row row = { .time_ns = from->best_ns };

	if (from->best.kind == VALUE_NULL)
		return;
	if (a->kind == AGG_EARLIEST_TIME || a->kind == AGG_LATEST_TIME)
		add_extreme(acc, &from->best, a->kind == AGG_LATEST_TIME, keep);
	else
		accumulate_value(acc, a, &from->best, run, &row, keep);
}

static void
merge_items(struct accumulator *acc, const struct accumulator *from, const struct aggregate *a,
	    struct arena *keep)
{
	for (size_t i = 0; i < from->n_items; i++)
		if (a->kind != AGG_LIST || acc->n_items < LIST_MAX)
			add_item(acc, &from->items[i], keep);
}

void
accumulators_merge(struct accumulator *acc, const struct accumulator *from,
		   const struct aggregate *a, struct run *run, struct arena *keep)
{
	switch (kinds[a->kind].shape) {
	case SHAPE_COUNT:
		acc->count += from->count;
		return;
	case SHAPE_NUMBERS:
		merge_numbers(acc, from);
		return;
	case SHAPE_BEST:
		merge_best(acc, from, a, run, keep);
		return;
	case SHAPE_ITEMS:
		merge_items(acc, from, a, keep);
		return;
	case SHAPE_SET:
		value_set_merge(&acc->set, from->set, run, keep);
		return;
	case SHAPE_RATE:
		if (from->rate.any) {
			add_rate(acc, from->rate.first, from->rate.first_ns);
			add_rate(acc, from->rate.last, from->rate.last_ns);
		}
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
percentile(const struct accumulator *acc, const struct aggregate *a, double percent,
	   struct arena *keep)
{
	size_t        n = acc->n_items, below;
	struct value *sorted;
	double        at;

	for (size_t i = 0; i < n && a->all_numbers; i++)
		if (isnan(acc->items[i].number))
			return (struct value){ 0 };
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

/* Of squared differences from the mean. */
static double
sum_of_squares(const struct accumulator *acc)
{
	double         n = (double)acc->count, mean = precise_value(&acc->sum) / n, sum;
	struct precise all = acc->squares;

	/* of (x - m)^2 = x^2 - 2 m x + m^2 */
	precise_add_product(&all, -2 * mean, acc->sum.high);
	precise_add_product(&all, -2 * mean, acc->sum.low);
	precise_add_product(&all, mean * n, mean);
	precise_add_product(&all, fma(mean, n, -(mean * n)), mean);
	sum = precise_value(&all);
	return sum < 0 ? 0 : sum;
}

/* Of the aggregates over numbers, of which there is at least one. */
static struct value
number_result(const struct accumulator *acc, enum aggregate_kind kind)
{
	double n = (double)acc->count, rest = acc->count > 1 ? n - 1 : 1;

	if (kind == AGG_AVG)
		return value_of_number(precise_value(&acc->sum) / n);
	if (kind == AGG_RANGE)
		return value_of_number(acc->high - acc->low);
	if (kind == AGG_SUMSQ)
		return value_of_number(precise_value(&acc->squares));
	if (kind == AGG_VARP)
		return value_of_number(sum_of_squares(acc) / n);
	if (kind == AGG_STDEVP)
		return value_of_number(sqrt(sum_of_squares(acc) / n));
	if (kind == AGG_VAR)
		return value_of_number(sum_of_squares(acc) / rest);
	if (kind == AGG_STDEV)
		return value_of_number(sqrt(sum_of_squares(acc) / rest));
	return value_of_number(precise_value(&acc->sum));
}

struct value
accumulated(const struct accumulator *acc, const struct aggregate *a, struct arena *keep)
{
	switch (a->kind) {
	case AGG_COUNT:
		return value_of_number((double)acc->count);
	case AGG_DC:
		return value_of_number((double)value_set_size(acc->set));
	case AGG_VALUES:
		return value_set_sorted(acc->set, keep);
	case AGG_MODE:
		return value_set_mode(acc->set);
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
		if (acc->count == 0 || (a->all_numbers && isnan(acc->sum.high)))
			return (struct value){ 0 };
		return number_result(acc, a->kind);
	case AGG_MEDIAN:
		return percentile(acc, a, 50, keep);
	case AGG_PERC:
		return percentile(acc, a, a->percent, keep);
	case AGG_RATE:
		if (!acc->rate.any || acc->rate.first_ns == acc->rate.last_ns)
			return (struct value){ 0 };
		return value_of_number((acc->rate.last - acc->rate.first) * (double)WHEN_SECOND /
				       (double)(acc->rate.last_ns - acc->rate.first_ns));
	case AGG_PICTURE:
		break;
	}
	return (struct value){ 0 };
}
