/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Functions of numbers. */
#include "config.h"

#include <math.h>

#include "rules/functions.h"

typedef double number_fn(double x);

static struct value
of_number(const struct expr *call, struct eval *ev, number_fn *fn)
{
	double x;

	return arg_number(call, ev, 0, &x) ? value_of_number(fn(x)) : (struct value){ 0 };
}

struct value
function_abs(const struct expr *call, struct eval *ev)
{
	return of_number(call, ev, fabs);
}

struct value
function_ceil(const struct expr *call, struct eval *ev)
{
	return of_number(call, ev, ceil);
}

struct value
function_ceiling(const struct expr *call, struct eval *ev)
{
	return of_number(call, ev, ceil);
}

struct value
function_floor(const struct expr *call, struct eval *ev)
{
	return of_number(call, ev, floor);
}

struct value
function_sqrt(const struct expr *call, struct eval *ev)
{
	return of_number(call, ev, sqrt);
}

struct value
function_exp(const struct expr *call, struct eval *ev)
{
	return of_number(call, ev, exp);
}

struct value
function_ln(const struct expr *call, struct eval *ev)
{
	return of_number(call, ev, log);
}

struct value
function_exact(const struct expr *call, struct eval *ev)
{
	return arg_value(call, ev, 0);
}

struct value
function_sigfig(const struct expr *call, struct eval *ev)
{
	return arg_value(call, ev, 0);
}

struct value
function_round(const struct expr *call, struct eval *ev)
{
	double x, digits = 0, scale;

	if (!arg_number(call, ev, 0, &x))
		return (struct value){ 0 };
	arg_number(call, ev, 1, &digits);
	if (digits < 0 || digits > 15)
		digits = digits < 0 ? 0 : 15;
	scale = pow(10, floor(digits));
	return value_of_number(fabs(x) > 1e15 ? x : round(x * scale) / scale);
}

struct value
function_log(const struct expr *call, struct eval *ev)
{
	double x, base = 10;

	if (!arg_number(call, ev, 0, &x) || (call->n_kids > 1 && !arg_number(call, ev, 1, &base)))
		return (struct value){ 0 };
	return value_of_number(log(x) / log(base));
}

struct value
function_pow(const struct expr *call, struct eval *ev)
{
	double x, y;

	if (!arg_number(call, ev, 0, &x) || !arg_number(call, ev, 1, &y))
		return (struct value){ 0 };
	return value_of_number(pow(x, y));
}

struct value
function_pi(const struct expr *call, struct eval *ev)
{
	(void)call;
	(void)ev;
	return value_of_number(3.14159265358979323846);
}

struct value
function_random(const struct expr *call, struct eval *ev)
{
	(void)call;
	(void)ev;
	return value_of_number(0);
}

/* Numbers come before texts. */
static struct value
extreme(const struct expr *call, struct eval *ev, int sign)
{
	struct value best = { 0 };

	for (size_t i = 0; i < call->n_kids; i++) {
		struct value        v = arg_value(call, ev, i);
		const struct value *items;
		size_t              n = value_items(&v, &items);

		for (size_t k = 0; k < n; k++) {
			double x, y;
			bool   number = value_number(&items[k], &x);
			int    order = 0;

			if (best.kind != VALUE_NULL) {
				bool best_number = value_number(&best, &y);

				order = number == best_number ? value_compare(&items[k], &best)
				      : number		      ? -1
							      : 1;
			}
			if (best.kind == VALUE_NULL || order * sign > 0)
				best = items[k];
		}
	}
	return best;
}

struct value
function_min(const struct expr *call, struct eval *ev)
{
	return extreme(call, ev, -1);
}

struct value
function_max(const struct expr *call, struct eval *ev)
{
	return extreme(call, ev, 1);
}

/* Of all values of all arguments that are numbers; returns how many those are. */
static size_t
sum_of(const struct expr *call, struct eval *ev, double *sum)
{
	size_t count = 0;

	*sum = 0;
	for (size_t i = 0; i < call->n_kids; i++) {
		struct value        v = arg_value(call, ev, i);
		const struct value *items;
		size_t              n = value_items(&v, &items);

		for (size_t k = 0; k < n; k++) {
			double number;

			if (!value_number(&items[k], &number))
				continue;
			*sum += number;
			count++;
		}
	}
	return count;
}

struct value
function_sum(const struct expr *call, struct eval *ev)
{
	double sum;

	return sum_of(call, ev, &sum) ? value_of_number(sum) : (struct value){ 0 };
}

struct value
function_avg(const struct expr *call, struct eval *ev)
{
	double sum;
	size_t n = sum_of(call, ev, &sum);

	return n ? value_of_number(sum / (double)n) : (struct value){ 0 };
}
