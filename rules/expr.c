/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rules/expr.h"

#include "rules/expr_reader.h"
#include "rules/listed.h"
#include "rules/search_expr.h"

#define HEIGHT_MAX 2000

struct expr *
reader_node(struct reader *r, enum expr_kind kind, enum expr_type type, struct expr *a,
	    struct expr *b)
{
	struct arena *keep = r->s.c->keep;
	struct expr  *e = arena_new(keep, struct expr, 1);

	e->kind = kind;
	e->type = type;
	e->n_kids = (size_t)(a != NULL) + (b != NULL);
	e->kids = arena_new(keep, struct expr *, e->n_kids);
	if (a)
		e->kids[0] = a;
	if (b)
		e->kids[1] = b;
	e->height = 1 + (a ? a->height : 0);
	return e;
}

/* Long chains of operators make tall trees, which are walked by recursion. */
static bool
check_height(struct reader *r, const struct expr *e)
{
	return e->height < HEIGHT_MAX ||
	       scan_fail(&r->s, r->s.at, "more than %d operators in a row", HEIGHT_MAX);
}

/* --- types --- */

bool
reader_want_value(struct reader *r, const char *at, const struct expr *e)
{
	if (e->type != TYPE_CONDITION)
		return true;
	return scan_fail(&r->s, at, "expected a value, found a condition: write if(<condition>, "
			 "<value>, <value>)");
}

bool
reader_want_condition(struct reader *r, const char *at, struct expr *e)
{
	bool is_true, is_false;

	if (e->type != TYPE_VALUE)
		return true;
	/* true, false and numbers stand for conditions, too. */
	is_true = e->kind == EXPR_FIELD && text_ieq(e->column.name, TEXT("true"));
	is_false = e->kind == EXPR_FIELD && text_ieq(e->column.name, TEXT("false"));
	if (e->kind != EXPR_NUMBER && !is_true && !is_false)
		return scan_fail(&r->s, at, "expected a condition, found a value: compare it with "
				 "something");
	e->number = is_true ? 1 : is_false ? 0 : e->number;
	e->kind = EXPR_CONSTANT;
	e->type = TYPE_CONDITION;
	return true;
}

/* --- operators, weakest last --- */

static bool
parse_unary(struct reader *r, struct expr **out)
{
	const char *at;
	struct expr *kid;
	bool         good;

	if (!scan_at(&r->s, '-') && !scan_at(&r->s, '+'))
		return read_primary(r, out);
	bool minus = scan_take(&r->s, '-');

	if (!minus)
		scan_take(&r->s, '+');
	at = r->s.at;
	if (r->depth++ > NESTING_MAX)
		return scan_fail(&r->s, at, "the expression nests more than %d deep", NESTING_MAX);
	good = parse_unary(r, &kid) && reader_want_value(r, at, kid);
	r->depth--;
	if (good)
		*out = minus ? reader_node(r, EXPR_NEGATE, TYPE_VALUE, kid, NULL) : kid;
	return good;
}

static bool
parse_product(struct reader *r, struct expr **out)
{
	const char *at = r->s.at;

	if (!parse_unary(r, out))
		return false;
	for (;;) {
		enum expr_kind kind = scan_take(&r->s, '*')   ? EXPR_MULTIPLY
				      : scan_take(&r->s, '/') ? EXPR_DIVIDE
				      : scan_take(&r->s, '%') ? EXPR_MODULO
							      : EXPR_FIELD;
		struct expr   *right;

		if (kind == EXPR_FIELD)
			return true;
		if (!check_height(r, *out) || !reader_want_value(r, at, *out) || !parse_unary(r, &right) ||
		    !reader_want_value(r, at, right))
			return false;
		*out = reader_node(r, kind, TYPE_VALUE, *out, right);
	}
}

static bool
parse_sum(struct reader *r, struct expr **out)
{
	const char *at = r->s.at;

	if (!parse_product(r, out))
		return false;
	for (;;) {
		enum expr_kind kind = scan_take(&r->s, '+')   ? EXPR_ADD
				      : scan_take(&r->s, '-') ? EXPR_SUBTRACT
				      : scan_take(&r->s, '.') ? EXPR_JOIN
							      : EXPR_FIELD;
		struct expr   *right;

		if (kind == EXPR_FIELD)
			return true;
		if (!check_height(r, *out) || !reader_want_value(r, at, *out) ||
		    !parse_product(r, &right) || !reader_want_value(r, at, right))
			return false;
		*out = reader_node(r, kind, TYPE_VALUE, *out, right);
	}
}

static bool
take_comparator(struct scan *s, enum expr_kind *kind)
{
	static const struct {
		const char    *sign;
		enum expr_kind kind;
	} signs[] = {
		{ "==", EXPR_EQ }, { "!=", EXPR_NE }, { "<>", EXPR_NE }, { "<=", EXPR_LE },
		{ ">=", EXPR_GE }, { "=", EXPR_EQ },  { "<", EXPR_LT },  { ">", EXPR_GT },
	};

	scan_blank(s);
	struct text rest = { s->at, (size_t)(s->end - s->at) };

	for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++)
		if (text_starts(rest, text_of(signs[i].sign))) {
			*kind = signs[i].kind;
			s->at += strlen(signs[i].sign);
			return true;
		}
	if (scan_keyword(s, "like")) {
		*kind = EXPR_LIKE;
		return true;
	}
	return false;
}

static bool
parse_in_list(struct reader *r, const char *at, struct expr **out)
{
	struct expr  list = { 0 };
	struct expr *e = reader_node(r, EXPR_IN, TYPE_CONDITION, NULL, NULL);

	if (!reader_want_value(r, at, *out))
		return false;
	if (!scan_take(&r->s, '('))
		return scan_expected(&r->s, "\"(\" behind IN");
	if (!read_arguments(r, &list, "\",\" or \")\""))
		return false;
	e->kids = arena_new(r->s.c->keep, struct expr *, list.n_kids + 1);
	e->kids[0] = *out;
	e->n_kids = list.n_kids + 1;
	for (size_t i = 0; i < list.n_kids; i++) {
		e->kids[i + 1] = list.kids[i];
		if (!reader_want_value(r, at, list.kids[i]))
			return false;
	}
	*out = e;
	e->listed = listed_make(r->s.c->keep, list.kids, list.n_kids);
	return true;
}

/* The NOT of "user NOT IN (...)" and "user NOT LIKE ...". */
static bool
take_negation(struct scan *s)
{
	struct scan ahead = *s;

	if (!scan_keyword(&ahead, "not") ||
	    (!scan_at_keyword(&ahead, "in") && !scan_at_keyword(&ahead, "like")))
		return false;
	*s = ahead;
	return true;
}

static bool
parse_comparison(struct reader *r, struct expr **out)
{
	const char    *at;
	enum expr_kind kind;
	struct expr   *right;
	bool           negated;

	scan_blank(&r->s);
	at = r->s.at;
	if (!parse_sum(r, out))
		return false;
	negated = take_negation(&r->s);
	if (scan_keyword(&r->s, "in")) {
		if (!parse_in_list(r, at, out))
			return false;
		if (negated)
			*out = reader_node(r, EXPR_NOT, TYPE_CONDITION, *out, NULL);
		return true;
	}
	if (!take_comparator(&r->s, &kind))
		return true;
	if (!parse_sum(r, &right))
		return false;
	/* match(...)=true() compares two conditions. */
	if ((kind == EXPR_EQ || kind == EXPR_NE) && (*out)->type == TYPE_CONDITION) {
		if (!reader_want_condition(r, at, right))
			return false;
		*out = reader_node(r, EXPR_XOR, TYPE_CONDITION, *out, right);
		if (kind == EXPR_EQ)
			*out = reader_node(r, EXPR_NOT, TYPE_CONDITION, *out, NULL);
		return true;
	}
	if (!reader_want_value(r, at, *out) || !reader_want_value(r, at, right))
		return false;
	*out = reader_node(r, kind, TYPE_CONDITION, *out, right);
	if (negated)
		*out = reader_node(r, EXPR_NOT, TYPE_CONDITION, *out, NULL);
	return true;
}

static bool
parse_not(struct reader *r, struct expr **out)
{
	const char *at;
	bool        good;

	if (!scan_keyword(&r->s, "not"))
		return parse_comparison(r, out);
	scan_blank(&r->s);
	at = r->s.at;
	if (r->depth++ > NESTING_MAX)
		return scan_fail(&r->s, at, "the expression nests more than %d deep", NESTING_MAX);
	good = parse_not(r, out) && reader_want_condition(r, at, *out);
	r->depth--;
	if (good)
		*out = reader_node(r, EXPR_NOT, TYPE_CONDITION, *out, NULL);
	return good;
}

typedef bool parse_fn(struct reader *r, struct expr **out);

static bool
parse_chain(struct reader *r, struct expr **out, parse_fn *part, const char *word,
	    enum expr_kind kind)
{
	const char  *at;
	struct expr *right;

	scan_blank(&r->s);
	at = r->s.at;
	if (!part(r, out))
		return false;
	while (scan_keyword(&r->s, word)) {
		const char *behind = r->s.at;

		if (!check_height(r, *out) || !reader_want_condition(r, at, *out) || !part(r, &right) ||
		    !reader_want_condition(r, behind, right))
			return false;
		*out = reader_node(r, kind, TYPE_CONDITION, *out, right);
	}
	return true;
}

static bool
parse_and(struct reader *r, struct expr **out)
{
	return parse_chain(r, out, parse_not, "and", EXPR_AND);
}

static bool
parse_or(struct reader *r, struct expr **out)
{
	return parse_chain(r, out, parse_and, "or", EXPR_OR);
}

bool
read_expression(struct reader *r, struct expr **out)
{
	bool good;

	r->depth++;
	good = parse_chain(r, out, parse_or, "xor", EXPR_XOR);
	r->depth--;
	return good;
}

bool
expr_parse(struct scan *s, struct expr **out)
{
	struct reader r = { .s = *s };

	if (!read_expression(&r, out))
		return false;
	*s = r.s;
	return true;
}

bool
expr_parse_value(struct scan *s, struct expr **out)
{
	struct reader r = { .s = *s };

	scan_blank(&r.s);
	const char *at = r.s.at;

	if (!read_expression(&r, out) || !reader_want_value(&r, at, *out))
		return false;
	*s = r.s;
	return true;
}

bool
expr_parse_condition(struct scan *s, struct expr **out)
{
	struct reader r = { .s = *s };

	scan_blank(&r.s);
	const char *at = r.s.at;

	if (!read_expression(&r, out) || !reader_want_condition(&r, at, *out))
		return false;
	*s = r.s;
	return true;
}

bool
expr_is_condition(const struct expr *e)
{
	return e->type == TYPE_CONDITION;
}

void
expr_uses(const struct expr *e, struct uses *uses, enum use kind)
{
	if (e->kind == EXPR_FIELD || e->kind == EXPR_DOTTED)
		uses_add(uses, e->column.name, kind);
	if (e->search)
		search_expr_uses(e->search, uses, kind);
	for (size_t i = 0; i < e->n_kids; i++)
		expr_uses(e->kids[i], uses, kind);
}
