/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rules/expand.h"

#include <stdio.h>

#include "base/ascii.h"
#include "rules/quoted.h"

#define MACRO_DEPTH_MAX 32

struct expander {
	struct arena        *keep;
	const struct macros *macros;
	struct expansion    *x;
	struct err          *err;
	char                *out;
	size_t               n, cap, pieces_cap;
};

/* Text that is being copied: the original, or the body of a macro that is called at CALL. */
struct expand_from {
	struct text text;
	bool        original;
	size_t      call;
	struct text macro, called;
	unsigned    depth;
};

static struct place
place_in(const struct expansion *x, size_t offset)
{
	struct place p = x->place;

	for (size_t i = 0; i < offset && i < x->original.n; i++) {
		if (x->original.p[i] == '\n') {
			p.line++;
			p.column = x->place.column;
		} else {
			p.column++;
		}
	}
	return p;
}

static bool
fail_at(struct expander *e, const struct expand_from *from, size_t at, const char *what)
{
	size_t       offset = from->original ? at : from->call;
	struct place p = place_in(e->x, offset);

	if (from->original)
		err_set(e->err, ERR_RULE, "%s", what);
	else
		err_set(e->err, ERR_RULE, "%s (in macro \"" TEXT_FMT "\")", what,
			TEXT_ARG(from->macro));
	return err_where(e->err, TEXT_FMT ":%u:%u", TEXT_ARG(p.file), p.line, p.column);
}

static bool
put(struct expander *e, const struct expand_from *from, size_t at, struct text t)
{
	struct expanded_piece piece = {
		.out = e->n,
		.from = from->original ? at : from->call,
		.macro = from->macro,
		.called = from->called,
	};

	if (t.n > EXPANSION_MAX - e->n)
		return fail_at(e, from, at, "the search is longer than 1 MiB with its macros");
	while (e->cap < e->n + t.n) {
		size_t cap = e->cap;

		e->out = arena_grow_raw(e->keep, e->out, e->cap, &cap, 1, 1);
		e->cap = cap;
	}
	if (t.n)
		memcpy(e->out + e->n, t.p, t.n);
	e->n += t.n;
	if (t.n) {
		arena_grow(e->keep, e->x->pieces, e->x->n, &e->pieces_cap);
		e->x->pieces[e->x->n++] = piece;
	}
	return true;
}

static size_t
count_ticks(struct text t, size_t at)
{
	size_t n = 0;

	while (at + n < t.n && t.p[at + n] == '`')
		n++;
	return n;
}

struct macro_call {
	struct text name;
	struct text args[32];
	uint32_t    n_args;
};

static bool
is_name_char(char c)
{
	return ascii_alnum(c) || c == '_' || c == '-' || c == '.' || c == ':';
}

static bool
add_argument(struct macro_call *call, struct text arg)
{
	if (call->n_args == sizeof(call->args) / sizeof(call->args[0]))
		return false;
	arg = text_trim(arg);
	if (arg.n >= 2 && arg.p[0] == '"' && quoted_end(arg, 0) == arg.n)
		arg = (struct text){ arg.p + 1, arg.n - 2 };
	call->args[call->n_args++] = arg;
	return true;
}

/* Cuts `name(a, b)` at commas outside quotes and parentheses. */
static bool
split_call(struct macro_call *call, struct text t)
{
	size_t at = 0, depth = 0;

	t = text_trim(t);
	while (at < t.n && is_name_char(t.p[at]))
		at++;
	call->name = text_head(t, at);
	t = text_trim(text_from(t, at));
	if (t.n == 0)
		return call->name.n > 0;
	if (call->name.n == 0 || t.n < 2 || t.p[0] != '(' || t.p[t.n - 1] != ')')
		return false;
	t = (struct text){ t.p + 1, t.n - 2 };
	if (text_trim(t).n == 0)
		return true;
	size_t start = 0;

	for (size_t i = 0; i < t.n; i++) {
		if (t.p[i] == '"') {
			size_t end = quoted_end(t, i);

			i = end == TEXT_NOWHERE ? t.n - 1 : end - 1;
		} else if (t.p[i] == '(') {
			depth++;
		} else if (t.p[i] == ')' && depth > 0) {
			depth--;
		} else if (t.p[i] == ',' && depth == 0) {
			if (!add_argument(call, (struct text){ t.p + start, i - start }))
				return false;
			start = i + 1;
		}
	}
	return add_argument(call, text_from(t, start));
}

/* The value given for argument I: by name (x=1), else by position. */
static struct text
argument_value(const struct macro *macro, const struct macro_call *call, uint32_t i)
{
	for (uint32_t k = 0; k < call->n_args; k++) {
		struct text rest = call->args[k];
		struct text name = text_trim(text_cut(&rest, '='));

		if (!text_absent(rest) && text_eq(name, macro->args[i]))
			return text_trim(rest);
	}
	return call->args[i];
}

/* The body with every $argument$ replaced. */
static struct text
fill_arguments(struct expander *e, const struct macro *macro, const struct macro_call *call)
{
	struct text t = macro->definition, out = TEXT("");

	while (t.n) {
		size_t      open = text_find_byte(t, '$');
		size_t      close = open == TEXT_NOWHERE
					? TEXT_NOWHERE
					: text_find_byte(text_from(t, open + 1), '$');
		struct text value = TEXT_NONE;

		if (close == TEXT_NOWHERE)
			return arena_join(e->keep, out, t);
		struct text name = { t.p + open + 1, close };

		for (uint32_t i = 0; i < macro->n_args; i++)
			if (text_eq(macro->args[i], name))
				value = argument_value(macro, call, i);
		out = arena_join(e->keep, out, text_head(t, open));
		if (text_absent(value)) {
			/* Not an argument: a dollar sign like any other. */
			out = arena_join(e->keep, out, TEXT("$"));
			t = text_from(t, open + 1);
		} else {
			out = arena_join(e->keep, out, value);
			t = text_from(t, open + close + 2);
		}
		if (out.n > EXPANSION_MAX)
			return out;
	}
	return out;
}

static bool expand_from(struct expander *e, const struct expand_from *from);

static bool
call_macro(struct expander *e, const struct expand_from *from, size_t at, struct text call_text)
{
	struct macro_call   call = { 0 };
	struct expand_from  body = { .call = from->original ? at : from->call,
				     .depth = from->depth + 1 };
	const struct macro *macro;
	char                what[256];

	if (!split_call(&call, call_text))
		return fail_at(e, from, at,
			       "expected a macro call: `name` or `name(argument, ...)`");
	macro = macros_find(e->macros, call.name, call.n_args);
	body.macro = arena_copy(e->keep, call.name);
	body.called = from->original ? body.macro : from->called;
	if (from->depth >= MACRO_DEPTH_MAX) {
		snprintf(what, sizeof(what),
			 "macro \"%.120s\" calls itself, or macros nest more than %d deep",
			 arena_cstr(e->keep, call.name), MACRO_DEPTH_MAX);
		return fail_at(e, from, at, what);
	}
	if (macro && macro->is_eval) {
		snprintf(what, sizeof(what),
			 "macro \"%.120s\" is made by an expression (iseval), which is not "
			 "supported: write its text into the definition",
			 arena_cstr(e->keep, call.name));
		return fail_at(e, from, at, what);
	}
	if (macro) {
		body.text = fill_arguments(e, macro, &call);
		return expand_from(e, &body);
	}
	if (text_iends(call.name, TEXT("_filter"))) {
		body.text = TEXT("search *");
		return expand_from(e, &body);
	}
	for (uint32_t n = 0; n < 8; n++)
		if (macros_find(e->macros, call.name, n)) {
			snprintf(what, sizeof(what), "macro \"%.120s\" takes %u arguments, not %u",
				 arena_cstr(e->keep, call.name), n, call.n_args);
			return fail_at(e, from, at, what);
		}
	snprintf(what, sizeof(what),
		 "no macro \"%.120s\" is defined (a folder macros beside the rules can)",
		 arena_cstr(e->keep, call.name));
	return fail_at(e, from, at, what);
}

/* At a backtick: a comment (three of them) or a macro call. *AT moves behind it. */
static bool
expand_ticks(struct expander *e, const struct expand_from *from, size_t *at)
{
	struct text t = from->text;
	size_t      ticks = count_ticks(t, *at), end = *at + 1;

	if (ticks > 3)
		return fail_at(e, from, *at, "four or more backticks in a row");
	if (ticks == 3) {
		size_t close = text_find(text_from(t, *at + 3), TEXT("```"));

		if (close == TEXT_NOWHERE)
			return fail_at(e, from, *at,
				       "the comment that begins here has no closing ```");
		if (count_ticks(t, *at + 3 + close) > 3)
			return fail_at(e, from, *at + 3 + close, "four or more backticks in a row");
		if (!put(e, from, *at, TEXT(" ")))
			return false;
		*at += close + 6;
		return true;
	}
	while (end < t.n && t.p[end] != '`')
		end = t.p[end] == '"' ? quoted_end(t, end) : end + 1;
	if (end >= t.n)
		return fail_at(e, from, *at, "the macro call that begins here has no closing `");
	if (!call_macro(e, from, *at, (struct text){ t.p + *at + 1, end - *at - 1 }))
		return false;
	*at = end + 1;
	return true;
}

static bool
expand_from(struct expander *e, const struct expand_from *from)
{
	struct text t = from->text;
	size_t      start = 0, i = 0;

	while (i < t.n) {
		if (t.p[i] == '"') {
			size_t end = quoted_end(t, i);

			if (end == TEXT_NOWHERE)
				return fail_at(e, from, i,
					       "the string that begins here has no closing \"");
			i = end;
		} else if (t.p[i] == '\\' && i + 1 < t.n && t.p[i + 1] != '`') {
			i += 2;
		} else if (t.p[i] != '`') {
			i++;
		} else {
			if (!put(e, from, start, (struct text){ t.p + start, i - start }) ||
			    !expand_ticks(e, from, &i))
				return false;
			start = i;
		}
	}
	return put(e, from, start, text_from(t, start));
}

bool
expand(struct expansion *out, struct arena *keep, struct text original, struct place place,
       const struct macros *macros, struct err *err)
{
	struct expander    e = { .keep = keep, .macros = macros, .x = out, .err = err };
	struct expand_from from = { .text = original, .original = true };

	*out = (struct expansion){ .original = original, .place = place };
	if (!expand_from(&e, &from))
		return false;
	out->text = e.out ? (struct text){ e.out, e.n } : TEXT("");
	return true;
}

const struct expanded_piece *
expansion_piece(const struct expansion *x, size_t offset)
{
	size_t low = 0, high = x->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (x->pieces[mid].out <= offset)
			low = mid + 1;
		else
			high = mid;
	}
	return low ? &x->pieces[low - 1] : NULL;
}

struct place
expansion_place(const struct expansion *x, size_t offset)
{
	const struct expanded_piece *piece = expansion_piece(x, offset);

	if (!piece)
		return x->place;
	return place_in(x, text_absent(piece->macro) ? piece->from + (offset - piece->out)
						     : piece->from);
}

bool
expansion_fail(const struct expansion *x, size_t offset, struct err *err, const char *what)
{
	const struct expanded_piece *piece = expansion_piece(x, offset);
	struct place                 p = expansion_place(x, offset);

	if (piece && !text_absent(piece->macro))
		err_set(err, ERR_RULE, "%s (in macro \"" TEXT_FMT "\")", what,
			TEXT_ARG(piece->macro));
	else
		err_set(err, ERR_RULE, "%s", what);
	return err_where(err, TEXT_FMT ":%u:%u", TEXT_ARG(p.file), p.line, p.column);
}
