/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Functions that read JSON and XML, and make JSON. */
#include "config.h"

#include "rules/document.h"
#include "rules/functions.h"

struct gathered {
	struct arena *scratch;
	struct value *items;
	size_t        n, cap;
};

static void
gather(void *ctx, struct text path, struct text value)
{
	struct gathered *g = ctx;

	(void)path;
	arena_grow(g->scratch, g->items, g->n, &g->cap);
	g->items[g->n++] = value_of_text(value);
}

static struct value
values_at(const struct doc *d, struct text path, struct eval *ev)
{
	struct gathered g = { .scratch = ev->run->scratch };

	if (d)
		doc_find(d, path, gather, &g, g.scratch);
	return value_of_list(g.items, g.n);
}

struct value
function_spath(const struct expr *call, struct eval *ev)
{
	struct text t, path;

	if (!arg_text(call, ev, 0, &t) || !arg_text(call, ev, 1, &path))
		return (struct value){ 0 };
	return values_at(doc_read(t, ev->run->scratch), path, ev);
}

struct value
function_json_extract(const struct expr *call, struct eval *ev)
{
	struct text t, path = TEXT("");

	if (!arg_text(call, ev, 0, &t) || (call->n_kids > 1 && !arg_text(call, ev, 1, &path)))
		return (struct value){ 0 };
	return values_at(doc_read_json(t, ev->run->scratch), path, ev);
}

enum truth
function_json_valid_truth(const struct expr *call, struct eval *ev)
{
	struct text t;

	return arg_text(call, ev, 0, &t) ? truth_of(doc_read_json(t, ev->run->scratch) != NULL)
					 : TRUTH_UNKNOWN;
}

struct value
function_json_valid(const struct expr *call, struct eval *ev)
{
	enum truth valid = function_json_valid_truth(call, ev);

	return valid == TRUTH_UNKNOWN ? (struct value){ 0 } : value_of_number(valid == TRUTH_TRUE);
}

/* The value of a member, or an element, as a row has it: a text without its quotes, else JSON. */
static struct text
doc_text(const struct doc *d)
{
	return d->kind == DOC_SCALAR ? d->value : d->source;
}

struct value
function_json_extract_exact(const struct expr *call, struct eval *ev)
{
	const struct doc *d;
	struct text       t, key;

	if (!arg_text(call, ev, 0, &t) || !arg_text(call, ev, 1, &key))
		return (struct value){ 0 };
	d = doc_read_json(t, ev->run->scratch);
	for (const struct doc *kid = d && d->kind == DOC_OBJECT ? d->first : NULL; kid;
	     kid = kid->next)
		if (text_eq(kid->name, key) && !kid->is_null)
			return value_of_text(doc_text(kid));
	return (struct value){ 0 };
}

struct value
function_json_array_to_mv(const struct expr *call, struct eval *ev)
{
	struct gathered   g = { .scratch = ev->run->scratch };
	const struct doc *d;
	struct text       t;

	if (!arg_text(call, ev, 0, &t))
		return (struct value){ 0 };
	d = doc_read_json(t, g.scratch);
	for (const struct doc *kid = d && d->kind == DOC_ARRAY ? d->first : NULL; kid;
	     kid = kid->next)
		gather(&g, TEXT(""), doc_text(kid));
	return value_of_list(g.items, g.n);
}

/* --- JSON out of values --- */

struct text
json_quoted(struct text t, struct arena *scratch)
{
	static const char digits[] = "0123456789abcdef";
	char             *p = arena_bytes(scratch, t.n * 6 + 2);
	size_t            n = 0;

	p[n++] = '"';
	for (size_t i = 0; i < t.n; i++) {
		unsigned char c = (unsigned char)t.p[i];

		if (c < 0x20) {
			memcpy(p + n, "\\u00", 4);
			p[n + 4] = digits[c >> 4];
			p[n + 5] = digits[c & 15];
			n += 6;
			continue;
		}
		if (c == '"' || c == '\\')
			p[n++] = '\\';
		p[n++] = (char)c;
	}
	p[n++] = '"';
	return (struct text){ p, n };
}

bool
json_is_valid(struct text t, struct arena *scratch)
{
	return doc_read_json(t, scratch) != NULL;
}

struct text
json_of(const struct value *v, struct arena *scratch)
{
	struct text t = value_text(v, ' ', scratch);
	bool        is_json = t.n > 1 && (t.p[0] == '{' || t.p[0] == '[') && doc_read_json(t, scratch);

	return v->kind == VALUE_NUMBER || is_json ? t : json_quoted(t, scratch);
}

void
json_put(struct json_pieces *pieces, struct text piece)
{
	arena_grow(pieces->scratch, pieces->items, pieces->n, &pieces->cap);
	pieces->items[pieces->n++] = piece;
}

struct text
json_whole(const struct json_pieces *pieces)
{
	size_t size = 0, at = 0;
	char  *p;

	for (size_t i = 0; i < pieces->n; i++)
		size += pieces->items[i].n;
	p = arena_bytes(pieces->scratch, size + 1);
	for (size_t i = 0; i < pieces->n; i++) {
		if (pieces->items[i].n)
			memcpy(p + at, pieces->items[i].p, pieces->items[i].n);
		at += pieces->items[i].n;
	}
	return (struct text){ p, at };
}

struct text
json_list(const struct value *items, size_t n, struct arena *scratch)
{
	struct json_pieces all = { .scratch = scratch };

	json_put(&all, TEXT("["));
	for (size_t i = 0; i < n; i++) {
		if (i)
			json_put(&all, TEXT(","));
		json_put(&all, json_of(&items[i], scratch));
	}
	json_put(&all, TEXT("]"));
	return json_whole(&all);
}

struct value
function_mv_to_json_array(const struct expr *call, struct eval *ev)
{
	struct value        v = arg_value(call, ev, 0);
	const struct value *items;
	size_t              n = value_items(&v, &items);

	return n ? value_of_text(json_list(items, n, ev->run->scratch)) : (struct value){ 0 };
}

struct value
function_json_array(const struct expr *call, struct eval *ev)
{
	struct value *items = arena_new(ev->run->scratch, struct value, call->n_kids + 1);

	for (size_t i = 0; i < call->n_kids; i++)
		items[i] = arg_value(call, ev, i);
	return value_of_text(json_list(items, call->n_kids, ev->run->scratch));
}

struct value
function_json_object(const struct expr *call, struct eval *ev)
{
	struct arena *scratch = ev->run->scratch;
	struct text   all = TEXT("{"), key;

	for (size_t i = 0; i + 1 < call->n_kids; i += 2) {
		struct value v = arg_value(call, ev, i + 1);

		if (!arg_text(call, ev, i, &key))
			return (struct value){ 0 };
		all = arena_printf(scratch, TEXT_FMT "%s" TEXT_FMT ":" TEXT_FMT, TEXT_ARG(all),
				   i ? "," : "", TEXT_ARG(json_quoted(key, scratch)),
				   TEXT_ARG(json_of(&v, scratch)));
	}
	return value_of_text(arena_join(scratch, all, TEXT("}")));
}

struct value
function_json_keys(const struct expr *call, struct eval *ev)
{
	struct gathered   g = { .scratch = ev->run->scratch };
	const struct doc *d;
	struct text       t;

	if (!arg_text(call, ev, 0, &t) || !(d = doc_read_json(t, g.scratch)) || d->kind != DOC_OBJECT)
		return (struct value){ 0 };
	for (const struct doc *kid = d->first; kid; kid = kid->next)
		gather(&g, TEXT(""), kid->name);
	return value_of_text(json_list(g.items, g.n, g.scratch));
}
