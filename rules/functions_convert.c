/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Functions that make one kind of value of another; tostring and tonumber are among the texts. */
#include "config.h"

#include <math.h>

#include "rules/document.h"
#include "rules/functions.h"

struct value
function_toint(const struct expr *call, struct eval *ev)
{
	struct value v = function_tonumber(call, ev);

	return v.kind == VALUE_NUMBER ? value_of_number(trunc(v.number)) : v;
}

struct value
function_todouble(const struct expr *call, struct eval *ev)
{
	return function_tonumber(call, ev);
}

enum truth
function_tobool(const struct expr *call, struct eval *ev)
{
	struct text t;
	double      n;

	if (call->kids[0]->type == TYPE_CONDITION)
		return expr_truth(call->kids[0], ev);
	if (!arg_text(call, ev, 0, &t))
		return TRUTH_UNKNOWN;
	if (text_ieq(t, TEXT("true")) || text_ieq(t, TEXT("false")))
		return truth_of(text_ieq(t, TEXT("true")));
	return text_to_double(t, &n) ? truth_of(n != 0) : TRUTH_UNKNOWN;
}

/* The text of a lone value that is JSON of this kind; absent: it is none. */
static struct text
json_text(const struct value *v, enum doc_kind kind, struct arena *scratch)
{
	const struct doc *d;
	struct text       t;

	if (v->kind != VALUE_TEXT)
		return TEXT_NONE;
	t = v->text;
	d = doc_read_json(t, scratch);
	return d && d->kind == kind ? t : TEXT_NONE;
}

struct value
function_toarray(const struct expr *call, struct eval *ev)
{
	struct value        v = arg_value(call, ev, 0);
	const struct value *items;
	size_t              n = value_items(&v, &items);
	struct text         array = json_text(&v, DOC_ARRAY, ev->run->scratch);

	if (!text_absent(array))
		return v;
	return n ? value_of_text(json_list(items, n, ev->run->scratch)) : (struct value){ 0 };
}

struct value
function_tomv(const struct expr *call, struct eval *ev)
{
	struct value v = arg_value(call, ev, 0);

	if (text_absent(json_text(&v, DOC_ARRAY, ev->run->scratch)))
		return v;
	return function_json_array_to_mv(call, ev);
}

struct value
function_toobject(const struct expr *call, struct eval *ev)
{
	struct value v = arg_value(call, ev, 0);

	return text_absent(json_text(&v, DOC_OBJECT, ev->run->scratch)) ? (struct value){ 0 } : v;
}
