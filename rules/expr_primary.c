/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rules/expr_reader.h"

#include "base/ascii.h"
#include "rules/listed.h"
#include "rules/search_expr.h"

/* --- names and numbers --- */

static bool
is_name_start(char c)
{
	return ascii_letter(c) || c == '_' || (unsigned char)c >= 0x80;
}

static size_t
name_length(struct text t)
{
	size_t i = 0;

	while (i < t.n) {
		if (is_name_start(t.p[i]) || ascii_digit(t.p[i]))
			i++;
		else if (i + 1 < t.n && i > 0 && t.p[i] == '.' && is_name_start(t.p[i + 1]))
			i++;
		else if (i + 1 < t.n && i > 0 && t.p[i] == '{' && t.p[i + 1] == '}')
			i += 2;
		else
			break;
	}
	return i;
}

static struct expr *
field_node(struct reader *r, struct text name)
{
	struct expr *e = reader_node(r, EXPR_FIELD, TYPE_VALUE, NULL, NULL);

	e->column = compile_column(r->s.c, name);
	return e;
}

/* A name with dots: the field of that name, or the fields between the dots, joined. */
static struct expr *
dotted_node(struct reader *r, struct text name)
{
	struct expr *e = reader_node(r, EXPR_DOTTED, TYPE_VALUE, NULL, NULL);
	size_t       cap = 0;

	e->kids = NULL;
	e->column = compile_column(r->s.c, name);
	while (!text_absent(name)) {
		struct text part = text_cut(&name, '.');

		arena_grow(r->s.c->keep, e->kids, e->n_kids, &cap);
		e->kids[e->n_kids++] = field_node(r, part);
	}
	return e;
}

static bool
parse_number(struct reader *r, struct text rest, struct expr **out)
{
	size_t   n = 0;
	uint64_t hex;

	if (text_istarts(rest, TEXT("0x"))) {
		for (n = 2; n < rest.n && (ascii_digit(rest.p[n]) || (is_name_start(rest.p[n]) &&
								  (rest.p[n] | 0x20) <= 'f'));)
			n++;
		*out = reader_node(r, EXPR_NUMBER, TYPE_VALUE, NULL, NULL);
		if (!text_to_u64(text_head(rest, n), &hex))
			return scan_fail(&r->s, r->s.at, "bad number");
		(*out)->number = (double)hex;
		r->s.at += n;
		return true;
	}
	while (n < rest.n && ascii_digit(rest.p[n]))
		n++;
	if (n + 1 < rest.n && rest.p[n] == '.' && ascii_digit(rest.p[n + 1]))
		for (n++; n < rest.n && ascii_digit(rest.p[n]);)
			n++;
	if (n + 1 < rest.n && (rest.p[n] | 0x20) == 'e') {
		size_t k = n + 1 + (rest.p[n + 1] == '-' || rest.p[n + 1] == '+');
		size_t digits = k;

		while (k < rest.n && ascii_digit(rest.p[k]))
			k++;
		if (k > digits)
			n = k;
	}
	/* 3cx and the like are names. */
	if (n < rest.n && is_name_start(rest.p[n])) {
		n = name_length(rest);
		*out = field_node(r, text_head(rest, n));
		r->s.at += n;
		return true;
	}
	*out = reader_node(r, EXPR_NUMBER, TYPE_VALUE, NULL, NULL);
	if (!text_to_double(text_head(rest, n), &(*out)->number))
		return scan_fail(&r->s, r->s.at, "bad number");
	r->s.at += n;
	return true;
}

/* --- calls --- */

static bool
check_pattern(struct reader *r, struct expr *call, const char *at)
{
	return call->n_kids < 2 || call->kids[1]->kind != EXPR_TEXT ||
	       compile_regex(&r->s, at, call->kids[1]->text, &call->regex);
}

static bool
check_search(struct reader *r, struct expr *call, const char *at)
{
	struct search_expr *e = arena_new(r->s.c->keep, struct search_expr, 1);
	struct expansion   *x = arena_new(r->s.c->keep, struct expansion, 1);
	const struct expansion *outer = r->s.c->expansion;
	struct scan         s = { .c = r->s.c };
	bool                good;

	if (call->kids[0]->kind != EXPR_TEXT)
		return scan_fail(&r->s, at, "searchmatch needs a string");
	if (!expand(x, r->s.c->keep, call->kids[0]->text, expansion_place(outer,
		    (size_t)(at - outer->text.p)), r->s.c->env->macros, r->s.c->err))
		return false;
	s.at = x->text.p;
	s.end = x->text.p + x->text.n;
	s.c->expansion = x;
	good = search_expr_parse(&s, e, NULL) && scan_finish(&s);
	s.c->expansion = outer;
	call->search = e;
	return good;
}

/* A value may come out of some functions, or a condition: all outcomes are of one kind. */
static bool
check_outcome(struct reader *r, const char *at, struct expr *call, const struct expr *kid)
{
	if (kid->type == TYPE_NULL)
		return true;
	if (call->type != TYPE_NULL && call->type != kid->type)
		return scan_fail(&r->s, at,
				 "%s(...) gives a value in one case and a condition in another",
				 call->function->name);
	call->type = kid->type;
	return true;
}

/* Is NAME, if it is there, the only field? */
static bool
names_one_field(const struct expr *e, struct text *name)
{
	if (e->kind == EXPR_FIELD || e->kind == EXPR_DOTTED) {
		if (text_absent(*name))
			*name = e->column.name;
		return text_eq(*name, e->column.name);
	}
	for (size_t i = 0; i < e->n_kids; i++)
		if (!names_one_field(e->kids[i], name))
			return false;
	return true;
}

/* Of two, one would be gone through value by value, and the other not. */
static bool
check_one_field(struct reader *r, const char *at, const struct expr *call, const struct expr *kid)
{
	struct text name = TEXT_NONE;

	return names_one_field(kid, &name) ||
	       scan_fail(&r->s, at, "the condition of %s may name one field only, "
			 "not \"" TEXT_FMT "\" and another one", call->function->name,
			 TEXT_ARG(text_head(name, 60)));
}

static bool
check_argument(struct reader *r, const char *at, struct expr *call, size_t i)
{
	struct expr *kid = call->kids[i];

	switch (call->function->params) {
	case PARAMS_ANY:
		return true;
	case PARAMS_IF:
		return i == 0 ? reader_want_condition(r, at, kid) : check_outcome(r, at, call, kid);
	case PARAMS_PAIRS:
		return i % 2 == 0 ? reader_want_condition(r, at, kid) : check_outcome(r, at, call, kid);
	case PARAMS_OUTCOMES:
		return check_outcome(r, at, call, kid);
	case PARAMS_CONDITION:
		return reader_want_condition(r, at, kid) && check_one_field(r, at, call, kid);
	case PARAMS_MAP:
		if (i == 0 && kid->kind != EXPR_FIELD && kid->kind != EXPR_DOTTED)
			return scan_fail(&r->s, at, "%s needs a field name first",
					 call->function->name);
		return reader_want_value(r, at, kid);
	case PARAMS_PATTERN:
		return reader_want_value(r, at, kid) && (i != 1 || check_pattern(r, call, at));
	case PARAMS_SEARCH:
		return check_search(r, call, at);
	case PARAMS_LISTED:
	case PARAMS_LOOKUP:
	case PARAMS_VALUES:
		break;
	}
	return reader_want_value(r, at, kid);
}

bool
read_arguments(struct reader *r, struct expr *call, const char *close)
{
	size_t cap = 0;

	call->kids = NULL;
	call->n_kids = 0;
	while (!scan_take(&r->s, ')')) {
		const char *at;

		if (call->n_kids && !scan_take(&r->s, ','))
			return scan_expected(&r->s, close);
		scan_blank(&r->s);
		at = r->s.at;
		arena_grow(r->s.c->keep, call->kids, call->n_kids, &cap);
		if (!read_expression(r, &call->kids[call->n_kids++]))
			return false;
		if (call->function && !check_argument(r, at, call, call->n_kids - 1))
			return false;
	}
	return true;
}

static bool
parse_call(struct reader *r, const char *at, struct text name, struct expr **out)
{
	const struct function *f = function_find(name);
	struct expr           *call;

	if (!f) {
		struct text near = function_suggest(name);

		if (text_absent(near))
			return scan_fail(&r->s, at,
					 "unknown function \"" TEXT_FMT "\" (see: auger rules "
					 "functions)",
					 TEXT_ARG(text_head(name, 60)));
		return scan_fail(&r->s, at,
				 "unknown function \"" TEXT_FMT "\": did you mean \"" TEXT_FMT
				 "\"? (see: auger rules functions)",
				 TEXT_ARG(text_head(name, 60)), TEXT_ARG(near));
	}
	call = reader_node(r, EXPR_CALL,
		    f->value && f->truth ? TYPE_NULL
		    : f->truth		 ? TYPE_CONDITION
					 : TYPE_VALUE,
		    NULL, NULL);
	call->function = f;
	scan_take(&r->s, '(');
	if (!read_arguments(r, call, "\",\" or \")\""))
		return false;
	if (call->n_kids < f->min || (f->max != 255 && call->n_kids > f->max))
		return scan_fail(&r->s, at, "wrong number of arguments, expected %s", f->synopsis);
	if (f->params == PARAMS_PAIRS && call->n_kids % 2)
		return scan_fail(&r->s, at, "a condition without a value, expected %s",
				 f->synopsis);
	if (f->params == PARAMS_LISTED)
		call->listed = listed_make(r->s.c->keep, call->kids + 1, call->n_kids - 1);
	*out = call;
	return f->params != PARAMS_LOOKUP || check_lookup(r, at, call);
}

static bool
parse_name(struct reader *r, struct text rest, struct expr **out)
{
	const char *at = r->s.at;
	struct text name = text_head(rest, name_length(rest));
	struct scan ahead = r->s;
	size_t      dot;

	ahead.at += name.n;
	if (scan_at(&ahead, '(')) {
		/* a.lower(b): the function is what stands behind the last dot. */
		dot = text_rfind_byte(name, '.');
		if (dot != TEXT_NOWHERE) {
			name = text_head(name, dot);
			r->s.at += name.n;
		} else {
			r->s = ahead;
			return parse_call(r, at, name, out);
		}
	} else {
		r->s.at += name.n;
	}
	*out =
	    text_find_byte(name, '.') == TEXT_NOWHERE ? field_node(r, name) : dotted_node(r, name);
	return true;
}

static bool
parse_quoted_name(struct reader *r, struct expr **out)
{
	const char *start = r->s.at + 1, *p = start;

	while (p < r->s.end && *p != '\'')
		p += *p == '\\' && p + 1 < r->s.end ? 2 : 1;
	if (p >= r->s.end)
		return scan_fail(&r->s, r->s.at,
				 "the field name that begins here has no closing '");
	struct text name = { start, (size_t)(p - start) };

	r->s.at = p + 1;
	*out = field_node(r, scan_unescape(r->s.c, name, false));
	return true;
}

bool
read_primary(struct reader *r, struct expr **out)
{
	scan_blank(&r->s);
	struct text rest = { r->s.at, (size_t)(r->s.end - r->s.at) };
	char        c = rest.n ? rest.p[0] : '\0';

	if (r->depth > NESTING_MAX)
		return scan_fail(&r->s, r->s.at, "the expression nests more than %d deep",
				 NESTING_MAX);
	if (c == '(') {
		r->s.at++;
		return read_expression(r, out) &&
		       (scan_take(&r->s, ')') || scan_expected(&r->s, "\")\""));
	}
	if (c == '"') {
		*out = reader_node(r, EXPR_TEXT, TYPE_VALUE, NULL, NULL);
		return scan_string(&r->s, &(*out)->text);
	}
	if (c == '\'')
		return parse_quoted_name(r, out);
	if (ascii_digit(c) || (c == '.' && rest.n > 1 && ascii_digit(rest.p[1])))
		return parse_number(r, rest, out);
	if (is_name_start(c))
		return parse_name(r, rest, out);
	if (c == '!')
		return scan_fail(&r->s, r->s.at, "\"!\" only stands in !=: write NOT");
	return scan_expected(&r->s, "a field, a value or a function");
}
