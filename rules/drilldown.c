/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A drilldown of a finding: its tokens filled in as quoted literals, its range worked out. */
#include "config.h"

#include "base/when.h"
#include "rules/collected.h"
#include "rules/detection.h"
#include "rules/drilldown_drop.h"
#include "rules/drilldown_scan.h"
#include "rules/drilldown_time.h"
#include "rules/quoted.h"
#include "rules/tokens.h"

#define PLACEHOLDER TEXT("%original_detection_search%")

/* Names of one thing: when the results lack one, another of the line answers. */
static const char *const aliases[][6] = {
	{ "dest", "Computer", "ComputerName", "host", "dvc", NULL },
	{ "user", "User", NULL },
	{ "user_id", "UserID", NULL },
	{ "signature_id", "EventCode", "EventID", NULL },
};

struct filling {
	const struct detection *d;
	const struct finding   *f;
	struct span             case_span;
	struct arena           *keep;
	struct text             out, remark;
	struct text             after; /* stages to put behind the stage being written */
	bool                    expression; /* the stage is one of where or eval */
	bool                    all_hold;   /* its rows satisfy every condition of the search */
};

/* What a token stands for. */
struct answer {
	struct text  field; /* whose values they are: the token's own name, or an alias */
	struct text *values;
	size_t       n; /* 0: the results do not have it */
};

static void
put(struct filling *x, struct text t)
{
	x->out = arena_join(x->keep, x->out, t);
}

static void
remark(struct filling *x, struct text what)
{
	if (!text_absent(x->remark) && text_find(x->remark, what) != TEXT_NOWHERE)
		return;
	x->remark = text_absent(x->remark) ? what
					   : arena_printf(x->keep, TEXT_FMT "; " TEXT_FMT,
							  TEXT_ARG(x->remark), TEXT_ARG(what));
}

static bool
is_object(const struct finding *f, struct text value)
{
	for (uint32_t i = 0; i < f->n_objects; i++) {
		if (text_eq(f->objects[i].value, value))
			return true;
	}
	return false;
}

/* A field of several values joins them by line ends, which other values may hold themselves: they
 * are several when every part is a risk object of the finding, or when the search collects them. */
static bool
is_several(const struct filling *x, struct text name, struct text value)
{
	struct text rest = value;

	if (text_find_byte(value, '\n') == TEXT_NOWHERE || is_object(x->f, value))
		return false;
	if (search_collects(x->d->search_text, name))
		return true;
	while (!text_absent(rest)) {
		if (!is_object(x->f, text_cut(&rest, '\n')))
			return false;
	}
	return true;
}

static bool
values_of(struct filling *x, struct text name, struct answer *a)
{
	size_t cap = 0;

	for (uint32_t i = 0; i < x->f->n_fields; i++) {
		struct text value = x->f->fields[i].value;

		if (!text_eq(x->f->fields[i].name, name) || value.n == 0)
			continue;
		*a = (struct answer){ .field = x->f->fields[i].name };
		if (!is_several(x, name, value)) {
			a->values = arena_new(x->keep, struct text, 1);
			a->values[a->n++] = value;
			return true;
		}
		while (!text_absent(value)) {
			arena_grow(x->keep, a->values, a->n, &cap);
			a->values[a->n++] = text_cut(&value, '\n');
		}
		return true;
	}
	return false;
}

static bool
values_of_alias(struct filling *x, struct text name, struct answer *a)
{
	for (size_t line = 0; line < sizeof(aliases) / sizeof(aliases[0]); line++) {
		bool same = false;

		for (size_t i = 0; aliases[line][i]; i++)
			same |= text_eq(name, text_of(aliases[line][i]));
		for (size_t i = 0; same && aliases[line][i]; i++) {
			if (values_of(x, text_of(aliases[line][i]), a))
				return true;
		}
	}
	return false;
}

/* Epoch seconds with a fraction, as info_min_time has them. */
static struct text
epoch(struct arena *keep, int64_t ns)
{
	int64_t seconds = ns / WHEN_SECOND, rest = ns % WHEN_SECOND;

	if (ns == WHEN_NONE)
		return TEXT("0");
	if (rest < 0) {
		seconds--;
		rest += WHEN_SECOND;
	}
	return arena_printf(keep, "%lld.%06lld", (long long)seconds, (long long)(rest / 1000));
}

static struct answer
resolve(struct filling *x, struct text name)
{
	struct answer a = { .field = name };
	bool          is_min = text_eq(name, TEXT("info_min_time"));

	if (is_min || text_eq(name, TEXT("info_max_time"))) {
		a.values = arena_new(x->keep, struct text, 1);
		a.values[a.n++] = epoch(x->keep, is_min ? x->case_span.earliest_ns
							: x->case_span.latest_ns);
		return a;
	}
	if (values_of(x, name, &a))
		return a;
	if (values_of_alias(x, name, &a))
		remark(x,
		       arena_printf(x->keep,
				    "drilldown names " TEXT_FMT
				    ", which the results do not have: their " TEXT_FMT " is used",
				    TEXT_ARG(name), TEXT_ARG(a.field)));
	else
		remark(x,
		       arena_printf(x->keep,
				    "drilldown names " TEXT_FMT
				    ", which the results do not have: that condition is left out",
				    TEXT_ARG(name)));
	return a;
}

/* Only if the piece is nothing but one token: its name. */
static struct text
sole_token(struct text inner)
{
	struct token t = token_next(&inner);

	return t.before.n == 0 && t.closed && inner.n == 0 ? t.name : TEXT_NONE;
}

static struct text
unquoted(const struct piece *p)
{
	return p->kind == PIECE_STRING ? (struct text){ p->text.p + 1, p->text.n - 2 } : p->text;
}

static bool
has_token(const struct piece *p)
{
	struct text rest = unquoted(p);

	if (p->kind != PIECE_WORD && p->kind != PIECE_STRING)
		return false;
	for (;;) {
		struct token t = token_next(&rest);

		if (text_absent(t.name))
			return false;
		if (t.closed)
			return true;
	}
}

/* A search literal cannot keep a '*' from being a wildcard: a further stage compares it exactly. */
static void
compare_exactly(struct filling *x, struct text field, const struct text *values, size_t n)
{
	bool wild = false;

	for (size_t i = 0; i < n; i++)
		wild |= text_find_byte(values[i], '*') != TEXT_NOWHERE;
	if (!wild || !x->all_hold || text_find_byte(field, '\'') != TEXT_NOWHERE)
		return;
	for (size_t i = 0; i < n; i++) {
		struct text value = spl_quote(values[i], x->keep);

		x->after = arena_printf(
		    x->keep, TEXT_FMT "%slower('" TEXT_FMT "')=lower(" TEXT_FMT ")",
		    TEXT_ARG(x->after), i ? " OR " : " | where ", TEXT_ARG(field), TEXT_ARG(value));
	}
}

/* A piece with tokens among other text, as the inside of a quoted literal, with value K of those
 * that have so many and the first of the others; returns how many there are of it. 0: a token has
 * no value. */
static size_t
fill_piece(struct filling *x, const struct piece *p, size_t k, struct text *out)
{
	struct text rest = unquoted(p), value;
	size_t      n = 1;

	*out = TEXT("");
	for (;;) {
		struct token  t = token_next(&rest);
		struct answer a;

		*out = arena_join(x->keep, *out, t.before);
		if (text_absent(t.name))
			return n;
		if (!t.closed) {
			*out = arena_printf(x->keep, TEXT_FMT "$" TEXT_FMT, TEXT_ARG(*out),
					    TEXT_ARG(t.name));
			continue;
		}
		a = resolve(x, t.name);
		if (a.n == 0)
			return 0;
		if (a.n > n)
			n = a.n;
		/* The text around is SPL already: inside quotes only what is put in is escaped. */
		value = spl_quote(a.values[k < a.n ? k : 0], x->keep);
		*out = arena_join(x->keep, *out, text_head(text_from(value, 1), value.n - 2));
	}
}

/* field OP "text $token$ text" */
static void
compare_filled(struct filling *x, const struct piece *field, struct text op,
	       const struct piece *value)
{
	bool        negative = op.n && op.p[0] == '!';
	struct text whole;
	size_t      n = fill_piece(x, value, 0, &whole);

	if (n == 0) {
		put(x, DROPPED);
		return;
	}
	put(x, n > 1 ? TEXT("(") : TEXT(""));
	for (size_t k = 0; k < n; k++) {
		fill_piece(x, value, k, &whole);
		put(x, arena_printf(x->keep, "%s" TEXT_FMT TEXT_FMT "\"" TEXT_FMT "\"",
				    k == 0     ? ""
				    : negative ? " AND "
					       : " OR ",
				    TEXT_ARG(field->text), TEXT_ARG(op), TEXT_ARG(whole)));
	}
	put(x, n > 1 ? TEXT(")") : TEXT(""));
}

/* field OP value: an OR group for several values, the alias's name where its values are used. */
static void
put_comparison(struct filling *x, const struct piece *field, struct text op,
	       const struct piece *value)
{
	struct text   name = sole_token(unquoted(value)), left = field->text;
	struct answer a;

	if (text_absent(name)) {
		compare_filled(x, field, op, value);
		return;
	}
	a = resolve(x, name);
	if (a.n == 0) {
		put(x, DROPPED);
		return;
	}
	if (text_eq(unquoted(field), name))
		left = a.field;
	put(x, a.n > 1 ? TEXT("(") : TEXT(""));
	for (size_t i = 0; i < a.n; i++) {
		struct text literal = spl_quote(a.values[i], x->keep);
		bool        negative = op.n && op.p[0] == '!';

		put(x, arena_printf(x->keep, "%s" TEXT_FMT " " TEXT_FMT " " TEXT_FMT,
				    i == 0     ? ""
				    : negative ? " AND "
					       : " OR ",
				    TEXT_ARG(left), TEXT_ARG(op), TEXT_ARG(literal)));
	}
	put(x, a.n > 1 ? TEXT(")") : TEXT(""));
	if (text_eq(op, TEXT("=")))
		compare_exactly(x, text_eq(left, field->text) ? unquoted(field) : left, a.values,
				a.n);
}

#define ARGUMENTS_MOST 255 /* of a function */

/* Values as one, by calls in calls when there are many of them. */
static void
put_values(struct filling *x, const struct text *values, size_t n)
{
	for (size_t i = 1; i < n; i += ARGUMENTS_MOST - 1)
		put(x, TEXT("mvappend("));
	for (size_t i = 0; i < n; i++)
		put(x, arena_printf(x->keep, "%s" TEXT_FMT "%s", i ? ", " : "",
				    TEXT_ARG(spl_quote(values[i], x->keep)),
				    i && (i + 1 == n || i % (ARGUMENTS_MOST - 1) == 0) ? ")" : ""));
}

/* eval field=$token$: its value, a list of several, null without one. */
static void
put_assignment(struct filling *x, const struct piece *field, const struct piece *value)
{
	struct text   name = sole_token(unquoted(value)), whole;
	struct answer a = { 0 };

	put(x, arena_join(x->keep, field->text, TEXT("=")));
	if (text_absent(name)) {
		bool filled = fill_piece(x, value, 0, &whole) > 0;

		put(x, filled ? arena_printf(x->keep, "\"" TEXT_FMT "\"", TEXT_ARG(whole))
			      : TEXT("null()"));
		return;
	}
	a = resolve(x, name);
	if (a.n == 0)
		put(x, TEXT("null()"));
	put_values(x, a.values, a.n);
}

/* A risk object is found by what the case calls it as well as by its name in the row. */
static struct text
other_name(const struct filling *x, const struct piece *field, struct text value)
{
	if (!text_eq(unquoted(field), TEXT("normalized_risk_object")))
		return TEXT_NONE;
	for (uint32_t i = 0; x->f->object_keys && i < x->f->n_objects; i++) {
		struct text key = x->f->object_keys[i];

		if (text_eq(x->f->objects[i].value, value) && key.n && !text_ieq(key, value))
			return key;
	}
	return TEXT_NONE;
}

/* Adds VALUE to the list of literals and to the values that it stands for. */
static void
list_value(struct filling *x, struct text value, struct text *list, struct text **values,
	   size_t *n, size_t *cap)
{
	arena_grow(x->keep, *values, *n, cap);
	(*values)[(*n)++] = value;
	*list = arena_printf(x->keep, TEXT_FMT "%s" TEXT_FMT, TEXT_ARG(*list), list->n ? ", " : "",
			     TEXT_ARG(spl_quote(value, x->keep)));
}

/* What is no token alone: as it is, or with its tokens filled in, if they have values. */
static void
put_item(struct filling *x, const struct piece *piece, struct text *list)
{
	bool        filled = has_token(piece);
	struct text item = piece->text;
	size_t      n = filled ? fill_piece(x, piece, 0, &item) : 1;

	for (size_t k = 0; k < n; k++) {
		if (filled) {
			fill_piece(x, piece, k, &item);
			item = arena_printf(x->keep, "\"" TEXT_FMT "\"", TEXT_ARG(item));
		}
		*list = arena_printf(x->keep, TEXT_FMT "%s" TEXT_FMT, TEXT_ARG(*list),
				     list->n ? ", " : "", TEXT_ARG(item));
	}
}

/* field IN (...): one quoted item per value; pieces I to END are the inside of the parentheses. */
static void
put_list(struct filling *x, const struct piece *field, const struct piece *pieces, size_t n)
{
	struct text  *values = NULL, left = field->text;
	size_t        n_values = 0, cap = 0;
	struct text   list = TEXT("");

	for (size_t i = 0; i < n; i++) {
		struct text   name = sole_token(unquoted(&pieces[i]));
		struct answer a = { 0 };

		if (pieces[i].kind != PIECE_WORD && pieces[i].kind != PIECE_STRING)
			continue;
		if (text_absent(name)) {
			put_item(x, &pieces[i], &list);
			continue;
		}
		a = resolve(x, name);
		if (a.n && text_eq(unquoted(field), name))
			left = a.field;
		for (size_t k = 0; k < a.n; k++) {
			struct text other = other_name(x, field, a.values[k]);

			list_value(x, a.values[k], &list, &values, &n_values, &cap);
			if (!text_absent(other))
				list_value(x, other, &list, &values, &n_values, &cap);
		}
	}
	if (list.n == 0) {
		put(x, DROPPED);
		return;
	}
	put(x,
	    arena_printf(x->keep, TEXT_FMT " IN (" TEXT_FMT ")", TEXT_ARG(left), TEXT_ARG(list)));
	compare_exactly(x, text_eq(left, field->text) ? unquoted(field) : left, values, n_values);
}

static bool
is_name(const struct piece *p)
{
	return (p->kind == PIECE_WORD || p->kind == PIECE_STRING) && !has_token(p);
}

/* A comparison or an IN list at piece I that names tokens: written, and the piece behind it
 * returned; I itself when there is none. */
static size_t
put_condition(struct filling *x, const struct piece *p, size_t i, size_t n)
{
	size_t op = pieces_skip_blanks(p, i + 1, n), value, end;
	bool   tokens = false;

	if (!is_name(&p[i]) || op >= n)
		return i;
	value = pieces_skip_blanks(p, op + 1, n);
	if (value >= n)
		return i;
	if (text_eq(p[op].text, TEXT("=")) && has_token(&p[value]) && pieces_assign(p, i)) {
		put_assignment(x, &p[i], &p[value]);
		return value + 1;
	}
	if (p[op].kind == PIECE_OPERATOR && has_token(&p[value])) {
		put_comparison(x, &p[i], p[op].text, &p[value]);
		return value + 1;
	}
	if (p[op].kind != PIECE_WORD || !text_ieq(p[op].text, TEXT("IN")) ||
	    p[value].kind != PIECE_OPEN)
		return i;
	for (end = value + 1; end < n && p[end].kind != PIECE_CLOSE; end++)
		tokens |= has_token(&p[end]);
	if (end == n || !tokens)
		return i;
	put_list(x, &p[i], p + value + 1, end - value - 1);
	return end + 1;
}

/* A time modifier at piece I: written, and the piece behind it returned; I itself when there is
 * none. In a stage of where or eval it would be a field. */
static size_t
put_modifier(struct filling *x, const struct piece *p, size_t i, size_t n)
{
	size_t      op = pieces_skip_blanks(p, i + 1, n), value;
	struct text made;

	if (x->expression || p[i].kind != PIECE_WORD || op >= n ||
	    !text_eq(p[op].text, TEXT("=")))
		return i;
	value = pieces_skip_blanks(p, op + 1, n);
	if (value >= n || (p[value].kind != PIECE_WORD && p[value].kind != PIECE_STRING))
		return i;
	made = drilldown_modifier(p[i].text, unquoted(&p[value]), x->f->last_ns, x->keep);
	if (text_absent(made))
		return i;
	put(x, made);
	return value + 1;
}

static void
end_stage(struct filling *x)
{
	put(x, x->after);
	x->after = TEXT("");
}

static void
put_other(struct filling *x, const struct piece *p)
{
	struct text whole;

	if (text_eq(p->text, PLACEHOLDER))
		put(x, text_trim(x->d->search_text));
	else if (!has_token(p))
		put(x, p->text);
	else if (fill_piece(x, p, 0, &whole))
		put(x, arena_printf(x->keep, "\"" TEXT_FMT "\"", TEXT_ARG(whole)));
	else
		put(x, TEXT("\"\""));
}

/* Piece I begins a stage: how are its conditions spelled, and do its rows satisfy all of them? */
static void
begin_stage(struct filling *x, const struct piece *p, size_t i, size_t n)
{
	x->expression = pieces_start_expression(p, i, n);
	x->all_hold = !x->expression;
	for (; i < n && p[i].kind != PIECE_PIPE; i++)
		if (p[i].kind == PIECE_WORD &&
		    (text_eq(p[i].text, TEXT("OR")) || text_eq(p[i].text, TEXT("NOT"))))
			x->all_hold = false;
}

static void
fill_search(struct filling *x, struct text template)
{
	struct piece *p;
	size_t        n = pieces_of(template, x->keep, &p);

	x->out = x->after = TEXT("");
	begin_stage(x, p, 0, n);
	for (size_t i = 0; i < n;) {
		size_t next = put_modifier(x, p, i, n);

		if (next == i)
			next = put_condition(x, p, i, n);
		if (next > i) {
			i = next;
			continue;
		}
		if (p[i].kind == PIECE_PIPE) {
			end_stage(x);
			begin_stage(x, p, i + 1, n);
		}
		put_other(x, &p[i++]);
	}
	end_stage(x);
}

static struct text
fill_name(struct filling *x, struct text template)
{
	struct text out = TEXT("");

	for (;;) {
		struct token  t = token_next(&template);
		struct answer a = { 0 };

		out = arena_join(x->keep, out, t.before);
		if (text_absent(t.name))
			return out;
		if (t.closed)
			a = resolve(x, t.name);
		for (size_t i = 0; i < a.n; i++)
			out = arena_printf(x->keep, TEXT_FMT "%s" TEXT_FMT, TEXT_ARG(out),
					   i ? " " : "", TEXT_ARG(a.values[i]));
		if (a.n == 0)
			out = arena_printf(x->keep, TEXT_FMT "$" TEXT_FMT "%s", TEXT_ARG(out),
					   TEXT_ARG(t.name), t.closed ? "$" : "");
	}
}

bool
drilldown_make(struct drilldown_search *out, const struct detection *d,
	       const struct drilldown *drill, const struct finding *f, struct span case_span,
	       struct arena *keep, struct err *err)
{
	struct filling x = { .d = d, .f = f, .case_span = case_span, .keep = keep };

	*out = (struct drilldown_search){ 0 };
	out->name = fill_name(&x, drill->name);
	fill_search(&x, drill->search);
	out->search = without_dropped(x.out, keep);
	out->remark = x.remark;
	return drilldown_offset(&out->span.earliest_ns, drill->earliest_offset, false, f->last_ns,
				case_span, err) &&
	       drilldown_offset(&out->span.latest_ns, drill->latest_offset, true, f->last_ns,
				case_span, err);
}
