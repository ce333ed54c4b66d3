/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Functions that ask, and those that choose. */
#include "config.h"

#include <math.h>

#include "rules/document.h"
#include "rules/functions.h"
#include "rules/like.h"
#include "rules/search_expr.h"

/* Index of the argument that comes out; n_kids: none. */
static size_t
chosen(const struct expr *call, struct eval *ev, bool wanted)
{
	for (size_t i = 0; i + 1 < call->n_kids; i += 2) {
		enum truth t = expr_truth(call->kids[i], ev);

		if (wanted ? t == TRUTH_TRUE : t == TRUTH_FALSE)
			return i + 1;
	}
	return call->n_kids;
}

static enum truth
truth_at(const struct expr *call, struct eval *ev, size_t i)
{
	return i < call->n_kids ? expr_truth(call->kids[i], ev) : TRUTH_UNKNOWN;
}

struct value
function_if(const struct expr *call, struct eval *ev)
{
	return arg_value(call, ev, expr_truth(call->kids[0], ev) == TRUTH_TRUE ? 1 : 2);
}

enum truth
function_if_truth(const struct expr *call, struct eval *ev)
{
	return truth_at(call, ev, expr_truth(call->kids[0], ev) == TRUTH_TRUE ? 1 : 2);
}

struct value
function_case(const struct expr *call, struct eval *ev)
{
	return arg_value(call, ev, chosen(call, ev, true));
}

enum truth
function_case_truth(const struct expr *call, struct eval *ev)
{
	return truth_at(call, ev, chosen(call, ev, true));
}

struct value
function_validate(const struct expr *call, struct eval *ev)
{
	return arg_value(call, ev, chosen(call, ev, false));
}

enum truth
function_validate_truth(const struct expr *call, struct eval *ev)
{
	return truth_at(call, ev, chosen(call, ev, false));
}

struct value
function_coalesce(const struct expr *call, struct eval *ev)
{
	struct value v = { 0 };

	for (size_t i = 0; i < call->n_kids && v.kind == VALUE_NULL; i++)
		v = arg_value(call, ev, i);
	return v;
}

enum truth
function_coalesce_truth(const struct expr *call, struct eval *ev)
{
	enum truth t = TRUTH_UNKNOWN;

	for (size_t i = 0; i < call->n_kids && t == TRUTH_UNKNOWN; i++)
		t = truth_at(call, ev, i);
	return t;
}

struct value
function_nullif(const struct expr *call, struct eval *ev)
{
	struct value a = arg_value(call, ev, 0), b = arg_value(call, ev, 1);
	struct value x = value_first(&a), y = value_first(&b);

	if (a.kind != VALUE_NULL && b.kind != VALUE_NULL && value_compare(&x, &y) == 0)
		return (struct value){ 0 };
	return a;
}

struct value
function_null(const struct expr *call, struct eval *ev)
{
	(void)call;
	(void)ev;
	return (struct value){ 0 };
}

enum truth
function_null_truth(const struct expr *call, struct eval *ev)
{
	(void)call;
	(void)ev;
	return TRUTH_UNKNOWN;
}

enum truth
function_true(const struct expr *call, struct eval *ev)
{
	(void)call;
	(void)ev;
	return TRUTH_TRUE;
}

enum truth
function_false(const struct expr *call, struct eval *ev)
{
	(void)call;
	(void)ev;
	return TRUTH_FALSE;
}

enum truth
function_isnull(const struct expr *call, struct eval *ev)
{
	return truth_of(arg_value(call, ev, 0).kind == VALUE_NULL);
}

enum truth
function_isnotnull(const struct expr *call, struct eval *ev)
{
	return truth_of(arg_value(call, ev, 0).kind != VALUE_NULL);
}

enum truth
function_isnum(const struct expr *call, struct eval *ev)
{
	double n;

	return truth_of(arg_number(call, ev, 0, &n));
}

enum truth
function_isint(const struct expr *call, struct eval *ev)
{
	double n;

	return truth_of(arg_number(call, ev, 0, &n) && n == floor(n));
}

enum truth
function_isstr(const struct expr *call, struct eval *ev)
{
	double n;

	return truth_of(arg_value(call, ev, 0).kind != VALUE_NULL && !arg_number(call, ev, 0, &n));
}

enum truth
function_isbool(const struct expr *call, struct eval *ev)
{
	(void)ev;
	return truth_of(call->kids[0]->type == TYPE_CONDITION);
}

enum truth
function_isdouble(const struct expr *call, struct eval *ev)
{
	double n;

	return truth_of(arg_number(call, ev, 0, &n) && n != floor(n));
}

enum truth
function_ismv(const struct expr *call, struct eval *ev)
{
	return truth_of(arg_value(call, ev, 0).kind == VALUE_LIST);
}

static bool
is_json(const struct expr *call, struct eval *ev, enum doc_kind kind)
{
	const struct doc *d;
	struct text       t;

	if (!arg_text(call, ev, 0, &t))
		return false;
	d = doc_read_json(t, ev->run->scratch);
	return d && d->kind == kind;
}

enum truth
function_isarray(const struct expr *call, struct eval *ev)
{
	return truth_of(is_json(call, ev, DOC_ARRAY));
}

enum truth
function_isobject(const struct expr *call, struct eval *ev)
{
	return truth_of(is_json(call, ev, DOC_OBJECT));
}

enum truth
function_in(const struct expr *call, struct eval *ev)
{
	struct expr in = *call;

	in.kind = EXPR_IN;
	return expr_truth(&in, ev);
}

enum truth
function_like(const struct expr *call, struct eval *ev)
{
	struct expr like = *call;

	like.kind = EXPR_LIKE;
	return expr_truth(&like, ev);
}

enum truth
function_match(const struct expr *call, struct eval *ev)
{
	struct value        v = arg_value(call, ev, 0);
	const struct value *items;
	size_t              n = value_items(&v, &items);
	const struct regex *re = n ? arg_regex(call, ev, 1) : NULL;
	struct regex_match  m;

	if (!re)
		return TRUTH_UNKNOWN;
	for (size_t i = 0; i < n; i++) {
		enum regex_result r =
		    regex_find(re, value_text(&items[i], ' ', ev->run->scratch), 0,
			       ev->run->stats->gave_up, &m);

		if (r == REGEX_GAVE_UP)
			eval_gave_up(ev, "match()");
		if (r == REGEX_YES)
			return TRUTH_TRUE;
	}
	return TRUTH_FALSE;
}

enum truth
function_cidrmatch(const struct expr *call, struct eval *ev)
{
	struct text         network;
	struct value        v = arg_value(call, ev, 1);
	const struct value *items;
	size_t              n = value_items(&v, &items);
	struct pattern      p;

	if (n == 0 || !arg_text(call, ev, 0, &network))
		return TRUTH_UNKNOWN;
	p = pattern_make(ev->run->scratch, network, true, false);
	for (size_t i = 0; i < n; i++) {
		struct text t = value_text(&items[i], ' ', ev->run->scratch);

		if ((p.cidr || text_find_byte(network, '/') == TEXT_NOWHERE) &&
		    pattern_match(&p, t) && (!p.cidr || !text_eq(t, network)))
			return TRUTH_TRUE;
	}
	return TRUTH_FALSE;
}

enum truth
function_searchmatch(const struct expr *call, struct eval *ev)
{
	return truth_of(row_matches(ev->row, call->search->pred, ev->run->scratch));
}

struct value
function_typeof(const struct expr *call, struct eval *ev)
{
	struct value v;
	double       n;

	if (call->kids[0]->type == TYPE_CONDITION)
		return value_of_text(TEXT("Boolean"));
	v = arg_value(call, ev, 0);
	if (v.kind == VALUE_NULL)
		return value_of_text(TEXT("Invalid"));
	return value_of_text(arg_number(call, ev, 0, &n) ? TEXT("Number") : TEXT("String"));
}
