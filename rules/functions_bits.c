/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Functions of the bits of whole numbers, and of angles. */
#include "config.h"

#include <math.h>

#include "rules/functions.h"

/* --- bits: whole numbers from 0 to 2^53-1, which a double holds exactly --- */

#define BITS     53
#define BITS_ALL ((UINT64_C(1) << BITS) - 1)

static bool
arg_bits(const struct expr *call, struct eval *ev, size_t i, uint64_t *out)
{
	double x;

	if (!arg_number(call, ev, i, &x) || x < 0 || x > (double)BITS_ALL || x != floor(x))
		return false;
	*out = (uint64_t)x;
	return true;
}

enum bit_operation { BIT_AND, BIT_OR, BIT_XOR };

static struct value
folded(const struct expr *call, struct eval *ev, enum bit_operation operation)
{
	uint64_t all, one;

	if (!arg_bits(call, ev, 0, &all))
		return (struct value){ 0 };
	for (size_t i = 1; i < call->n_kids; i++) {
		if (!arg_bits(call, ev, i, &one))
			return (struct value){ 0 };
		all = operation == BIT_AND ? all & one : operation == BIT_OR ? all | one : all ^ one;
	}
	return value_of_number((double)all);
}

struct value
function_bit_and(const struct expr *call, struct eval *ev)
{
	return folded(call, ev, BIT_AND);
}

struct value
function_bit_or(const struct expr *call, struct eval *ev)
{
	return folded(call, ev, BIT_OR);
}

struct value
function_bit_xor(const struct expr *call, struct eval *ev)
{
	return folded(call, ev, BIT_XOR);
}

struct value
function_bit_not(const struct expr *call, struct eval *ev)
{
	uint64_t x, width = BITS;

	if (!arg_bits(call, ev, 0, &x) || (call->n_kids > 1 && !arg_bits(call, ev, 1, &width)) ||
	    width > BITS)
		return (struct value){ 0 };
	return value_of_number((double)(~x & ((UINT64_C(1) << width) - 1)));
}

struct value
function_bit_shift_left(const struct expr *call, struct eval *ev)
{
	uint64_t x, by;

	if (!arg_bits(call, ev, 0, &x) || !arg_bits(call, ev, 1, &by))
		return (struct value){ 0 };
	return value_of_number(by >= BITS ? 0 : (double)((x << by) & BITS_ALL));
}

struct value
function_bit_shift_right(const struct expr *call, struct eval *ev)
{
	uint64_t x, by;

	if (!arg_bits(call, ev, 0, &x) || !arg_bits(call, ev, 1, &by))
		return (struct value){ 0 };
	return value_of_number(by >= BITS ? 0 : (double)(x >> by));
}

/* --- angles --- */

typedef double angle_fn(double x);

static struct value
of_angle(const struct expr *call, struct eval *ev, angle_fn *fn)
{
	double x;

	return arg_number(call, ev, 0, &x) ? value_of_number(fn(x)) : (struct value){ 0 };
}

typedef double angle2_fn(double x, double y);

static struct value
of_two(const struct expr *call, struct eval *ev, angle2_fn *fn)
{
	double x, y;

	return arg_number(call, ev, 0, &x) && arg_number(call, ev, 1, &y)
		   ? value_of_number(fn(x, y))
		   : (struct value){ 0 };
}

struct value
function_sin(const struct expr *call, struct eval *ev)
{
	return of_angle(call, ev, sin);
}

struct value
function_cos(const struct expr *call, struct eval *ev)
{
	return of_angle(call, ev, cos);
}

struct value
function_tan(const struct expr *call, struct eval *ev)
{
	return of_angle(call, ev, tan);
}

struct value
function_asin(const struct expr *call, struct eval *ev)
{
	return of_angle(call, ev, asin);
}

struct value
function_acos(const struct expr *call, struct eval *ev)
{
	return of_angle(call, ev, acos);
}

struct value
function_atan(const struct expr *call, struct eval *ev)
{
	return of_angle(call, ev, atan);
}

struct value
function_sinh(const struct expr *call, struct eval *ev)
{
	return of_angle(call, ev, sinh);
}

struct value
function_cosh(const struct expr *call, struct eval *ev)
{
	return of_angle(call, ev, cosh);
}

struct value
function_tanh(const struct expr *call, struct eval *ev)
{
	return of_angle(call, ev, tanh);
}

struct value
function_asinh(const struct expr *call, struct eval *ev)
{
	return of_angle(call, ev, asinh);
}

struct value
function_acosh(const struct expr *call, struct eval *ev)
{
	return of_angle(call, ev, acosh);
}

struct value
function_atanh(const struct expr *call, struct eval *ev)
{
	return of_angle(call, ev, atanh);
}

struct value
function_atan2(const struct expr *call, struct eval *ev)
{
	return of_two(call, ev, atan2);
}

struct value
function_hypot(const struct expr *call, struct eval *ev)
{
	return of_two(call, ev, hypot);
}
