/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Functions of fields with several values. */
#include "config.h"

#include <math.h>
#include <stdlib.h>

#include "base/when.h"
#include "rules/functions.h"
#include "rules/timespec.h"

struct value
function_split(const struct expr *call, struct eval *ev)
{
	struct text   t, delimiter;
	struct value *out;
	size_t        n = 1;

	if (!arg_text(call, ev, 0, &t) || !arg_text(call, ev, 1, &delimiter))
		return (struct value){ 0 };
	/* An empty delimiter cuts between characters. */
	if (delimiter.n == 0) {
		out = eval_items(ev, t.n);
		n = 0;
		for (size_t i = 0; out && i < t.n;) {
			size_t start = i++;

			while (i < t.n && ((unsigned char)t.p[i] & 0xc0) == 0x80)
				i++;
			out[n++] = value_of_text((struct text){ t.p + start, i - start });
		}
		return out ? value_of_list(out, n) : (struct value){ 0 };
	}
	for (struct text rest = t;;) {
		size_t at = text_find(rest, delimiter);

		if (at == TEXT_NOWHERE)
			break;
		rest = text_from(rest, at + delimiter.n);
		n++;
	}
	out = eval_items(ev, n);
	for (size_t i = 0; out && i < n; i++) {
		size_t at = text_find(t, delimiter);

		out[i] = value_of_text(at == TEXT_NOWHERE ? t : text_head(t, at));
		t = text_from(t, at == TEXT_NOWHERE ? t.n : at + delimiter.n);
	}
	return out ? value_of_list(out, n) : (struct value){ 0 };
}

struct value
function_mvcount(const struct expr *call, struct eval *ev)
{
	struct value        v = arg_value(call, ev, 0);
	const struct value *items;
	size_t              n = value_items(&v, &items);

	return n ? value_of_number((double)n) : (struct value){ 0 };
}

struct value
function_mvindex(const struct expr *call, struct eval *ev)
{
	struct value        v = arg_value(call, ev, 0);
	const struct value *items;
	double              n = (double)value_items(&v, &items), from, to;

	if (!arg_number(call, ev, 1, &from))
		return (struct value){ 0 };
	to = from;
	if (call->n_kids > 2 && !arg_number(call, ev, 2, &to))
		return (struct value){ 0 };
	from = floor(from < 0 ? n + from : from);
	to = floor(to < 0 ? n + to : to);
	if (call->n_kids > 2 && to >= n)
		to = n - 1;
	if (from < 0 || to >= n || from > to)
		return (struct value){ 0 };
	return value_of_list(items + (size_t)from, (size_t)(to - from) + 1);
}

struct value
function_mvfind(const struct expr *call, struct eval *ev)
{
	struct value        v = arg_value(call, ev, 0);
	const struct value *items;
	size_t              n = value_items(&v, &items);
	const struct regex *re = n ? arg_regex(call, ev, 1) : NULL;
	struct regex_match  m;

	for (size_t i = 0; re && i < n; i++) {
		enum regex_result r =
		    regex_find(re, value_text(&items[i], ' ', ev->run->scratch), 0,
			       ev->run->stats->gave_up, &m);

		if (r == REGEX_GAVE_UP)
			eval_gave_up(ev, "mvfind()");
		if (r == REGEX_YES)
			return value_of_number((double)i);
	}
	return (struct value){ 0 };
}

/* The one field that the condition names. */
static const struct expr *
named_field(const struct expr *e)
{
	if (e->kind == EXPR_FIELD || e->kind == EXPR_DOTTED)
		return e;
	for (size_t i = 0; i < e->n_kids; i++) {
		const struct expr *found = named_field(e->kids[i]);

		if (found)
			return found;
	}
	return NULL;
}

struct value
function_mvfilter(const struct expr *call, struct eval *ev)
{
	const struct expr  *field = named_field(call->kids[0]);
	struct eval         inner = *ev;
	const struct value *items;
	struct value        v, *out;
	size_t              n, n_out = 0;

	if (!field)
		return (struct value){ 0 };
	v = expr_value(field, ev);
	n = value_items(&v, &items);
	out = eval_items(ev, n);
	inner.bound_name = field->column.name;
	for (size_t i = 0; out && i < n; i++) {
		inner.bound = &items[i];
		if (expr_truth(call->kids[0], &inner) == TRUTH_TRUE)
			out[n_out++] = items[i];
	}
	return out ? value_of_list(out, n_out) : (struct value){ 0 };
}

/* Adds the values of V to OUT, which has room for MORE. */
static size_t
add_items(struct value *out, const struct value *v)
{
	const struct value *items;
	size_t              n = value_items(v, &items);

	if (n)
		memcpy(out, items, n * sizeof(*items));
	return n;
}

static struct value
append_all(struct eval *ev, const struct value *parts, size_t n_parts)
{
	const struct value *items;
	struct value       *out;
	size_t              n = 0, at = 0;

	for (size_t i = 0; i < n_parts; i++)
		n += value_items(&parts[i], &items);
	out = eval_items(ev, n);
	for (size_t i = 0; out && i < n_parts; i++)
		at += add_items(out + at, &parts[i]);
	return out ? value_of_list(out, at) : (struct value){ 0 };
}

struct value
function_mvmap(const struct expr *call, struct eval *ev)
{
	struct eval         inner = *ev;
	struct value        v = arg_value(call, ev, 0), *parts;
	const struct value *items;
	size_t              n = value_items(&v, &items);

	parts = eval_items(ev, n);
	inner.bound_name = call->kids[0]->column.name;
	for (size_t i = 0; parts && i < n; i++) {
		inner.bound = &items[i];
		parts[i] = expr_value(call->kids[1], &inner);
	}
	return parts ? append_all(ev, parts, n) : (struct value){ 0 };
}

struct value
function_mvappend(const struct expr *call, struct eval *ev)
{
	struct value *parts = eval_items(ev, call->n_kids);

	for (size_t i = 0; parts && i < call->n_kids; i++)
		parts[i] = arg_value(call, ev, i);
	return parts ? append_all(ev, parts, call->n_kids) : (struct value){ 0 };
}

struct value
function_mvjoin(const struct expr *call, struct eval *ev)
{
	struct value        v = arg_value(call, ev, 0);
	const struct value *items;
	size_t              n = value_items(&v, &items), size = 0, at = 0;
	struct text         delimiter, *parts;
	char               *p;

	if (n == 0 || !arg_text(call, ev, 1, &delimiter))
		return (struct value){ 0 };
	parts = arena_new(ev->run->scratch, struct text, n);
	for (size_t i = 0; i < n; i++) {
		parts[i] = value_text(&items[i], ' ', ev->run->scratch);
		size += parts[i].n + delimiter.n;
	}
	p = eval_room(ev, size);
	for (size_t i = 0; p && i < n; i++) {
		if (i && delimiter.n)
			memcpy(p + at, delimiter.p, delimiter.n);
		at += i ? delimiter.n : 0;
		if (parts[i].n)
			memcpy(p + at, parts[i].p, parts[i].n);
		at += parts[i].n;
	}
	return p ? value_of_text((struct text){ p, at }) : (struct value){ 0 };
}

struct keyed {
	struct text  text;
	struct value value;
	size_t       at;
};

static int
by_text(const void *a, const void *b)
{
	const struct keyed *x = a, *y = b;
	int                 order = text_cmp(x->text, y->text);

	return order ? order : (x->at > y->at) - (x->at < y->at);
}

static int
by_place(const void *a, const void *b)
{
	const struct keyed *x = a, *y = b;

	return (x->at > y->at) - (x->at < y->at);
}

static struct value
sorted(const struct expr *call, struct eval *ev, bool once)
{
	struct value        v = arg_value(call, ev, 0), *out;
	const struct value *items;
	size_t              n = value_items(&v, &items), kept = 0;
	struct keyed       *keys = arena_new(ev->run->scratch, struct keyed, n);

	for (size_t i = 0; i < n; i++)
		keys[i] = (struct keyed){value_text(&items[i], ' ', ev->run->scratch), items[i], i};
	if (n > 1)
		qsort(keys, n, sizeof(*keys), by_text);
	for (size_t i = 0; once && i < n; i++)
		if (i == 0 || !text_eq(keys[i].text, keys[kept - 1].text))
			keys[kept++] = keys[i];
	if (once && kept > 1)
		qsort(keys, kept, sizeof(*keys), by_place);
	n = once ? kept : n;
	out = eval_items(ev, n);
	for (size_t i = 0; out && i < n; i++)
		out[i] = keys[i].value;
	return out ? value_of_list(out, n) : (struct value){ 0 };
}

struct value
function_mvdedup(const struct expr *call, struct eval *ev)
{
	return sorted(call, ev, true);
}

struct value
function_mvsort(const struct expr *call, struct eval *ev)
{
	return sorted(call, ev, false);
}

struct value
function_mvreverse(const struct expr *call, struct eval *ev)
{
	struct value        v = arg_value(call, ev, 0);
	const struct value *items;
	size_t              n = value_items(&v, &items);
	struct value       *out = eval_items(ev, n);

	for (size_t i = 0; out && i < n; i++)
		out[i] = items[n - 1 - i];
	return out ? value_of_list(out, n) : (struct value){ 0 };
}

struct value
function_mvzip(const struct expr *call, struct eval *ev)
{
	struct arena       *scratch = ev->run->scratch;
	struct value        a = arg_value(call, ev, 0), b = arg_value(call, ev, 1), *out;
	const struct value *x, *y;
	size_t              n = value_items(&a, &x), n_y = value_items(&b, &y);
	struct text         delimiter = TEXT(",");

	if (n_y < n)
		n = n_y;
	if (call->n_kids > 2 && !arg_text(call, ev, 2, &delimiter))
		return (struct value){ 0 };
	out = eval_items(ev, n);
	for (size_t i = 0; out && i < n; i++) {
		struct text left = value_text(&x[i], ' ', scratch),
			    right = value_text(&y[i], ' ', scratch);
		char       *p = eval_room(ev, left.n + delimiter.n + right.n);

		if (!p)
			return (struct value){ 0 };
		out[i] =
		    value_of_text(arena_join(scratch, arena_join(scratch, left, delimiter), right));
	}
	return out ? value_of_list(out, n) : (struct value){ 0 };
}

/* Times from START to before END, a month or a year apart; OUT NULL: only their number. */
static size_t
times_apart(double start, double end, struct time_span step, struct value *out)
{
	const double second = (double)WHEN_SECOND;
	size_t       n = 0;

	if (!(fabs(start) < (double)WHEN_MAX / second))
		return 0;
	for (int64_t ns = (int64_t)(start * second), next; (double)ns < end * second; ns = next) {
		if (out)
			out[n] = value_of_number((double)ns / second);
		n++;
		next = timespan_next(step, ns);
		if (next <= ns || next == WHEN_MAX)
			break;
	}
	return n;
}

struct value
function_mvrange(const struct expr *call, struct eval *ev)
{
	struct time_span span = { .unit = UNIT_NS };
	struct text      spec;
	double           start, end, step = 1, count;
	bool             fixed = true;
	struct value    *out;

	if (!arg_number(call, ev, 0, &start) || !arg_number(call, ev, 1, &end))
		return (struct value){ 0 };
	if (call->n_kids > 2 && !arg_number(call, ev, 2, &step)) {
		if (!arg_text(call, ev, 2, &spec) || !timespan_parse(spec, &span))
			return (struct value){ 0 };
		fixed = span.unit == UNIT_NS || span.unit == UNIT_WEEK;
		step = (double)(span.unit == UNIT_WEEK ? 7 * WHEN_DAY : 1) * (double)span.count /
		       (double)WHEN_SECOND;
	}
	if (step == 0)
		return (struct value){ 0 };
	count = fixed ? ceil((end - start) / step) : (double)times_apart(start, end, span, NULL);
	if (!(count > 0))
		return (struct value){ 0 };
	out = eval_items(ev, count < 1e9 ? (size_t)count : 1000000000);
	if (out && !fixed)
		times_apart(start, end, span, out);
	for (size_t i = 0; out && fixed && i < (size_t)count; i++)
		out[i] = value_of_number(start + (double)i * step);
	return out ? value_of_list(out, (size_t)count) : (struct value){ 0 };
}
