/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Expressions of eval and where, evaluated over a row; the table of their functions. */
#include "config.h"

#include <math.h>

#include "rules/functions.h"
#include "rules/like.h"
#include "rules/listed.h"
#include "rules/suggest.h"

#define VALUE_ITEMS_MAX ((size_t)1 << 20)

static const struct function functions[] = {
#define VALUE_FUNCTION(n, least, most, what, syn, text)                                            \
	{ .name = #n, .min = least, .max = most, .params = what, .value = function_##n,            \
	  .synopsis = syn, .help = text },
#define CONDITION_FUNCTION(n, least, most, what, syn, text)                                        \
	{ .name = #n, .min = least, .max = most, .params = what, .truth = function_##n,            \
	  .synopsis = syn, .help = text },
#define BRANCH_FUNCTION(n, least, most, what, syn, text)                                           \
	{ .name = #n, .min = least, .max = most, .params = what, .value = function_##n,            \
	  .truth = function_##n##_truth, .synopsis = syn, .help = text },
#include "rules/functions.def"
#undef VALUE_FUNCTION
#undef CONDITION_FUNCTION
#undef BRANCH_FUNCTION
};

#define N_FUNCTIONS (sizeof(functions) / sizeof(functions[0]))

const struct function *
function_find(struct text name)
{
	for (size_t i = 0; i < N_FUNCTIONS; i++)
		if (text_ieq(name, text_of(functions[i].name)))
			return &functions[i];
	return NULL;
}

struct text
function_suggest(struct text name)
{
	struct text words[N_FUNCTIONS];

	for (size_t i = 0; i < N_FUNCTIONS; i++)
		words[i] = text_of(functions[i].name);
	return suggest(name, words, N_FUNCTIONS);
}

size_t
search_functions(struct command_info *out, size_t cap)
{
	for (size_t i = 0; i < N_FUNCTIONS && i < cap; i++)
		out[i] = (struct command_info){ functions[i].name, functions[i].synopsis,
						functions[i].help };
	return N_FUNCTIONS;
}

/* --- room and arguments --- */

static bool
room_left(struct eval *ev, size_t n)
{
	struct run *run = ev->run;
	size_t      used = arena_used(run->scratch);

	if (run->failed)
		return false;
	if (n > VALUE_BYTES_MAX)
		return pipe_fail(run, ERR_LIMIT, "an expression made a value of more than %zu MiB",
				 VALUE_BYTES_MAX >> 20);
	if (used > run->budget_bytes || n > run->budget_bytes - used)
		return pipe_fail(run, ERR_LIMIT,
				 "the expressions of one row need more than the %zu MiB "
				 "of memory that the search has",
				 run->budget_bytes >> 20);
	return true;
}

char *
eval_room(struct eval *ev, size_t n)
{
	return room_left(ev, n) ? arena_bytes(ev->run->scratch, n + 1) : NULL;
}

struct value *
eval_items(struct eval *ev, size_t n)
{
	if (n > VALUE_ITEMS_MAX) {
		pipe_fail(ev->run, ERR_LIMIT, "an expression made a field of more than %zu values",
			  VALUE_ITEMS_MAX);
		return NULL;
	}
	return room_left(ev, n * sizeof(struct value))
		   ? arena_new(ev->run->scratch, struct value, n)
		   : NULL;
}

void
eval_gave_up(struct eval *ev, const char *what)
{
	pipe_gave_up(ev->run, what);
}

struct value
arg_value(const struct expr *call, struct eval *ev, size_t i)
{
	return i < call->n_kids ? expr_value(call->kids[i], ev) : (struct value){ 0 };
}

bool
arg_text(const struct expr *call, struct eval *ev, size_t i, struct text *out)
{
	struct value v = arg_value(call, ev, i);

	if (v.kind == VALUE_NULL)
		return false;
	v = value_first(&v);
	*out = value_text(&v, ' ', ev->run->scratch);
	return true;
}

bool
arg_number(const struct expr *call, struct eval *ev, size_t i, double *out)
{
	struct value v = arg_value(call, ev, i);

	v = v.kind == VALUE_LIST ? value_first(&v) : v;
	return value_number(&v, out);
}

const struct regex *
arg_regex(const struct expr *call, struct eval *ev, size_t i)
{
	struct text   pattern, what;
	struct regex *re;
	bool          literal;

	if (call->regex)
		return call->regex;
	if (!arg_text(call, ev, i, &pattern))
		return NULL;
	re = regex_make(ev->run->scratch, pattern, &what, &literal);
	if (!re)
		pipe_warn(ev->run,
			  "a pattern made by the search is no regular expression: " TEXT_FMT,
			  TEXT_ARG(text_head(what, 120)));
	return re;
}

/* --- values --- */

static struct value
field_value(const struct expr *e, struct eval *ev)
{
	if (ev->bound && text_eq(ev->bound_name, e->column.name))
		return *ev->bound;
	return row_value(ev->row, &e->column, ev->run->scratch);
}

static struct value
join_values(struct eval *ev, const struct value *a, const struct value *b)
{
	struct arena *scratch = ev->run->scratch;
	struct text   x, y;
	char         *p;

	if (a->kind == VALUE_NULL || b->kind == VALUE_NULL)
		return (struct value){ 0 };
	x = value_text(a, ' ', scratch);
	y = value_text(b, ' ', scratch);
	p = eval_room(ev, x.n + y.n);
	if (!p)
		return (struct value){ 0 };
	if (x.n)
		memcpy(p, x.p, x.n);
	if (y.n)
		memcpy(p + x.n, y.p, y.n);
	return value_of_text((struct text){ p, x.n + y.n });
}

/* The field with dots in its name, when one of its parts is no field; else the parts, joined. */
static struct value
dotted_value(const struct expr *e, struct eval *ev)
{
	struct value whole = field_value(e, ev), joined = { 0 };

	for (size_t i = 0; i < e->n_kids; i++) {
		struct value part = field_value(e->kids[i], ev);

		if (part.kind == VALUE_NULL)
			return whole;
		joined = i ? join_values(ev, &joined, &part) : part;
	}
	return joined;
}

static struct value
arithmetic(enum expr_kind kind, double x, double y)
{
	switch (kind) {
	case EXPR_ADD:
		return value_of_number(x + y);
	case EXPR_SUBTRACT:
		return value_of_number(x - y);
	case EXPR_MULTIPLY:
		return value_of_number(x * y);
	case EXPR_DIVIDE:
		return y == 0 ? (struct value){ 0 } : value_of_number(x / y);
	default:
		return y == 0 ? (struct value){ 0 } : value_of_number(fmod(x, y));
	}
}

static struct value
binary_value(const struct expr *e, struct eval *ev)
{
	struct value a = expr_value(e->kids[0], ev), b = expr_value(e->kids[1], ev);
	int64_t      ns;
	double       x, y;

	if (e->kind == EXPR_JOIN)
		return join_values(ev, &a, &b);
	if (a.kind == VALUE_LIST)
		a = value_first(&a);
	if (b.kind == VALUE_LIST)
		b = value_first(&b);
	/* Differences of times stay exact. */
	if (e->kind == EXPR_SUBTRACT && a.kind == VALUE_TIME && b.kind == VALUE_TIME &&
	    !__builtin_sub_overflow(a.time_ns, b.time_ns, &ns))
		return value_of_number((double)ns / 1e9);
	if (value_number(&a, &x) && value_number(&b, &y))
		return arithmetic(e->kind, x, y);
	/* A text goes on with a field that happens to hold digits, as published rules have it:
	 * src+"__"+signature_id. */
	if (e->kind == EXPR_ADD && a.kind == VALUE_TEXT && b.kind == VALUE_TEXT &&
	    !value_number(&a, &x))
		return join_values(ev, &a, &b);
	return (struct value){ 0 };
}

struct value
expr_value(const struct expr *e, struct eval *ev)
{
	struct value v;
	double       n;

	if (ev->run->failed)
		return (struct value){ 0 };
	switch (e->kind) {
	case EXPR_FIELD:
		return field_value(e, ev);
	case EXPR_DOTTED:
		return dotted_value(e, ev);
	case EXPR_TEXT:
		return value_of_text(e->text);
	case EXPR_NUMBER:
		return value_of_number(e->number);
	case EXPR_NEGATE:
		v = expr_value(e->kids[0], ev);
		return value_number(&v, &n) ? value_of_number(-n) : (struct value){ 0 };
	case EXPR_ADD:
	case EXPR_SUBTRACT:
	case EXPR_MULTIPLY:
	case EXPR_DIVIDE:
	case EXPR_MODULO:
	case EXPR_JOIN:
		return binary_value(e, ev);
	case EXPR_CALL:
		if (e->function->value && e->type != TYPE_CONDITION)
			return e->function->value(e, ev);
		break;
	case EXPR_EQ:
	case EXPR_NE:
	case EXPR_LT:
	case EXPR_LE:
	case EXPR_GT:
	case EXPR_GE:
	case EXPR_LIKE:
	case EXPR_IN:
	case EXPR_NOT:
	case EXPR_AND:
	case EXPR_OR:
	case EXPR_XOR:
	case EXPR_CONSTANT:
		break;
	}
	/* A condition where tostring and the like look at one. */
	switch (expr_truth(e, ev)) {
	case TRUTH_TRUE:
		return value_of_text(TEXT("True"));
	case TRUTH_FALSE:
		return value_of_text(TEXT("False"));
	case TRUTH_UNKNOWN:
		break;
	}
	return (struct value){ 0 };
}

/* --- conditions --- */

static bool
compare_one(enum expr_kind kind, const struct value *a, const struct value *b,
	    struct arena *scratch)
{
	int order;

	if (kind == EXPR_LIKE)
		return like_fits(value_text(b, ' ', scratch), value_text(a, ' ', scratch));
	order = value_compare(a, b);
	switch (kind) {
	case EXPR_EQ:
		return order == 0;
	case EXPR_NE:
		return order != 0;
	case EXPR_LT:
		return order < 0;
	case EXPR_LE:
		return order <= 0;
	case EXPR_GT:
		return order > 0;
	default:
		return order >= 0;
	}
}

/* True when any pair of values satisfies it; unknown when one side has none. */
static enum truth
compare_values(enum expr_kind kind, const struct value *a, const struct value *b, struct eval *ev)
{
	const struct value *x, *y;
	size_t              n_x = value_items(a, &x), n_y = value_items(b, &y);

	if (n_x == 0 || n_y == 0)
		return TRUTH_UNKNOWN;
	for (size_t i = 0; i < n_x; i++)
		for (size_t k = 0; k < n_y; k++)
			if (compare_one(kind, &x[i], &y[k], ev->run->scratch))
				return TRUTH_TRUE;
	return TRUTH_FALSE;
}

static enum truth
in_truth(const struct expr *e, struct eval *ev)
{
	struct value        a = expr_value(e->kids[0], ev);
	enum truth          result = a.kind == VALUE_NULL ? TRUTH_UNKNOWN : TRUTH_FALSE;
	const struct value *values;
	struct expr *const *items = e->kids + 1;
	size_t              n_values = value_items(&a, &values), n = e->n_kids - 1;

	if (e->listed)
		n = listed_others(e->listed, &items);
	for (size_t i = 0; e->listed && i < n_values; i++)
		if (listed_has(e->listed, value_text(&values[i], ' ', ev->run->scratch)))
			return TRUTH_TRUE;
	for (size_t i = 0; i < n && result == TRUTH_FALSE; i++) {
		struct value b = expr_value(items[i], ev);

		if (compare_values(EXPR_EQ, &a, &b, ev) == TRUTH_TRUE)
			result = TRUTH_TRUE;
	}
	return result;
}

static enum truth
truth_not(enum truth t)
{
	return t == TRUTH_UNKNOWN ? t : truth_of(t == TRUTH_FALSE);
}

static enum truth
logic(const struct expr *e, struct eval *ev)
{
	enum truth a = expr_truth(e->kids[0], ev), b;

	if ((e->kind == EXPR_AND && a == TRUTH_FALSE) || (e->kind == EXPR_OR && a == TRUTH_TRUE))
		return a;
	b = expr_truth(e->kids[1], ev);
	if (e->kind == EXPR_XOR)
		return a == TRUTH_UNKNOWN || b == TRUTH_UNKNOWN ? TRUTH_UNKNOWN : truth_of(a != b);
	if ((e->kind == EXPR_AND && b == TRUTH_FALSE) || (e->kind == EXPR_OR && b == TRUTH_TRUE))
		return b;
	return a == TRUTH_UNKNOWN ? a : b;
}

enum truth
expr_truth(const struct expr *e, struct eval *ev)
{
	struct value a, b;

	if (ev->run->failed)
		return TRUTH_UNKNOWN;
	switch (e->kind) {
	case EXPR_EQ:
	case EXPR_NE:
	case EXPR_LT:
	case EXPR_LE:
	case EXPR_GT:
	case EXPR_GE:
	case EXPR_LIKE:
		a = expr_value(e->kids[0], ev);
		b = expr_value(e->kids[1], ev);
		return compare_values(e->kind, &a, &b, ev);
	case EXPR_IN:
		return in_truth(e, ev);
	case EXPR_NOT:
		return truth_not(expr_truth(e->kids[0], ev));
	case EXPR_AND:
	case EXPR_OR:
	case EXPR_XOR:
		return logic(e, ev);
	case EXPR_CONSTANT:
		return truth_of(e->number != 0);
	case EXPR_CALL:
		return e->function->truth ? e->function->truth(e, ev) : TRUTH_UNKNOWN;
	case EXPR_FIELD:
	case EXPR_DOTTED:
	case EXPR_TEXT:
	case EXPR_NUMBER:
	case EXPR_NEGATE:
	case EXPR_ADD:
	case EXPR_SUBTRACT:
	case EXPR_MULTIPLY:
	case EXPR_DIVIDE:
	case EXPR_MODULO:
	case EXPR_JOIN:
		break;
	}
	return TRUTH_UNKNOWN;
}
