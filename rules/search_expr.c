/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rules/search_expr.h"

#include "rules/search_compare.h"

#define FOLD_BYTES_MAX ((size_t)64 << 20)

struct parser {
	struct scan         s;
	struct search_expr *e;
	const char *const  *until;
	unsigned            depth;
};

static bool parse_and(struct parser *p, const struct pred **out);

/* Operator words count in upper case only. */
static bool
at_operator(struct parser *p, const char *word)
{
	struct scan ahead = p->s;
	struct text run;

	scan_blank(&ahead);
	run = scan_run(&ahead, "()[]\"=<>!,|");
	return text_eq(run, text_of(word));
}

static bool
take_operator(struct parser *p, const char *word)
{
	if (!at_operator(p, word))
		return false;
	scan_run(&p->s, "()[]\"=<>!,|");
	return true;
}

static bool
at_end(struct parser *p)
{
	if (scan_done(&p->s) || *p->s.at == ')' || *p->s.at == ']')
		return true;
	for (size_t i = 0; p->until && p->until[i] && p->depth == 0; i++)
		if (scan_at_keyword(&p->s, p->until[i]))
			return true;
	return false;
}

/* --- values --- */

/* A bare value: up to a blank or a parenthesis that closes outside of it. */
static struct text
bare_value(struct scan *s, const char *stop)
{
	const char *start = s->at;
	int         depth = 0;

	for (; s->at < s->end; s->at++) {
		char c = *s->at;

		if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || strchr(stop, c))
			break;
		if (c == '\\' && s->at + 1 < s->end && s->at[1] != ' ')
			s->at++;
		else if (c == '(')
			depth++;
		else if (c == ')' && depth-- == 0)
			break;
	}
	return scan_unescape(s->c, (struct text){ start, (size_t)(s->at - start) }, true);
}

/* Value of a comparison: quoted, bare, or CASE(...) and TERM(...). */
static bool
parse_value(struct parser *p, const char *stop, struct text *out, bool *cased)
{
	struct scan inner;

	*cased = at_operator(p, "CASE");
	if (*cased || at_operator(p, "TERM")) {
		struct scan ahead = p->s;

		scan_run(&ahead, "(");
		if (ahead.at < ahead.end && *ahead.at == '(') {
			if (!scan_parentheses(&ahead, &inner))
				return false;
			*out = text_trim((struct text){ inner.at, (size_t)(inner.end - inner.at) });
			if (out->n >= 2 && out->p[0] == '"' && out->p[out->n - 1] == '"')
				*out = (struct text){ out->p + 1, out->n - 2 };
			*out = scan_unescape(p->s.c, *out, true);
			p->s = ahead;
			return true;
		}
		*cased = false;
	}
	if (scan_at(&p->s, '"')) {
		if (!scan_string(&p->s, out))
			return false;
		/* A star that touches the string belongs to it. */
		if (p->s.at < p->s.end && *p->s.at == '*') {
			*out = arena_join(p->s.c->keep, *out, TEXT("*"));
			p->s.at++;
		}
		return true;
	}
	*out = bare_value(&p->s, stop);
	return out->n > 0 || scan_expected(&p->s, "a value");
}

/* Behind "field IN": ( value, value ... ). A missing or a trailing comma is forgiven. */
static bool
parse_in(struct parser *p, const char *at, struct text name, const struct pred **out)
{
	const struct pred **kids = NULL;
	size_t              n = 0, cap = 0;

	if (!scan_take(&p->s, '('))
		return scan_expected(&p->s, "\"(\" behind IN");
	for (scan_commas(&p->s); !scan_at(&p->s, ')'); scan_commas(&p->s)) {
		const struct pred *kid;
		struct text        value;
		bool               cased;

		if (scan_done(&p->s))
			return scan_expected(&p->s, "\")\" at the end of the IN list");
		if (!parse_value(p, ",", &value, &cased) ||
		    !search_compare(&p->s, p->e, at, name, PRED_EQ, value, cased, &kid))
			return false;
		arena_grow(p->s.c->keep, kids, n, &cap);
		kids[n++] = kid;
	}
	scan_take(&p->s, ')');
	if (n == 0)
		return scan_fail(&p->s, at, "the IN list of \"" TEXT_FMT "\" is empty",
				 TEXT_ARG(name));
	*out = pred_list(p->s.c->keep, PRED_OR, kids, n);
	return true;
}

static bool
take_comparator(struct scan *s, enum pred_kind *kind)
{
	static const struct {
		const char    *sign;
		enum pred_kind kind;
	} signs[] = {
		{ "!=", PRED_NE }, { "<=", PRED_LE }, { ">=", PRED_GE }, { "==", PRED_EQ },
		{ "=", PRED_EQ },  { "<", PRED_LT },  { ">", PRED_GT },
	};

	scan_blank(s);
	struct text rest = { s->at, (size_t)(s->end - s->at) };

	for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++)
		if (text_starts(rest, text_of(signs[i].sign))) {
			*kind = signs[i].kind;
			s->at += strlen(signs[i].sign);
			return true;
		}
	return false;
}

static const struct pred *
word_node(struct parser *p, struct text word, bool cased, bool whole)
{
	struct pred *node = search_node(&p->s, PRED_WORD);

	node->pattern = pattern_make(p->s.c->keep, word, false, cased);
	node->whole = whole;
	return node;
}

static bool
parse_subsearch(struct parser *p, const struct pred **out)
{
	struct search_expr *e = p->e;
	struct compile     *c = p->s.c;
	enum model          model = c->model;
	const char         *command = c->command;
	struct scan         inner;
	struct subsearch    sub = { 0 };

	if (!scan_brackets(&p->s, &inner))
		return false;
	c->model = MODEL_NONE;
	if (!pipeline_parse(&inner, &sub.pipeline, true))
		return false;
	c->model = model;
	c->command = command;
	/* Not PRED_TRUE, which pred_and would drop. */
	sub.holder = search_node(&p->s, PRED_AND);
	arena_grow(c->keep, e->subs, e->n_subs, &e->subs_cap);
	e->subs[e->n_subs++] = sub;
	*out = sub.holder;
	return true;
}

/* "host::WS1", source::"a b": a default field and its value. */
static bool
default_field_value(struct parser *p, struct text *word, struct text *value)
{
	static const char *const fields[] = { "eventtype", "host", "index", "source", "sourcetype",
					      "tag" };
	size_t                   at = text_find(*word, TEXT("::"));

	if (at == TEXT_NOWHERE ||
	    (at + 2 == word->n && !(p->s.at < p->s.end && *p->s.at == '"')))
		return false;
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		if (text_eq(text_head(*word, at), text_of(fields[i]))) {
			*value = text_from(*word, at + 2);
			*word = text_head(*word, at);
			return value->n > 0 || scan_string(&p->s, value);
		}
	return false;
}

/* IN or NOT IN, when a list is behind it. */
static bool
take_in(struct parser *p, bool *negated)
{
	struct parser ahead = *p;

	*negated = take_operator(&ahead, "NOT");
	if (!take_operator(&ahead, "IN") || !scan_at(&ahead.s, '('))
		return false;
	*p = ahead;
	return true;
}

static bool
parse_word(struct parser *p, const struct pred **out)
{
	const char    *at;
	enum pred_kind kind;
	struct text    word, value;
	bool           cased = at_operator(p, "CASE"), whole = at_operator(p, "TERM"), quoted, negated;

	scan_blank(&p->s);
	at = p->s.at;
	if (cased || whole) {
		struct scan ahead = p->s;

		scan_run(&ahead, "(");
		if (ahead.at < ahead.end && *ahead.at == '(') {
			if (!parse_value(p, "", &word, &cased))
				return false;
			*out = word_node(p, word, cased, whole);
			return true;
		}
		cased = false;
	}
	quoted = scan_at(&p->s, '"');
	if (quoted ? !scan_string(&p->s, &word)
		   : (word = scan_unescape(p->s.c, scan_run(&p->s, "()[]\"=<>!,|"), true)).n == 0) {
		if (quoted)
			return false;
		/* A lone comma or sign is a word like any other. */
		if (p->s.at < p->s.end && (*p->s.at == ',' || *p->s.at == '!')) {
			p->s.at++;
			*out = search_node(&p->s, PRED_TRUE);
			return true;
		}
		return scan_expected(&p->s, "a search term");
	}
	if (take_comparator(&p->s, &kind))
		return parse_value(p, "", &value, &cased) &&
		       search_compare(&p->s, p->e, at, word, kind, value, cased, out);
	if (take_in(p, &negated)) {
		if (!parse_in(p, at, word, out))
			return false;
		if (negated)
			*out = pred_not(p->s.c->keep, *out);
		return true;
	}
	if (!quoted && default_field_value(p, &word, &value))
		return search_compare(&p->s, p->e, at, word, PRED_EQ, value, false, out);
	if (!quoted && (text_eq(word, TEXT("OR")) || text_eq(word, TEXT("AND"))))
		return scan_fail(&p->s, at, "\"" TEXT_FMT "\" needs a term on both sides",
				 TEXT_ARG(word));
	if (!quoted && (text_ieq(word, TEXT("or")) || text_ieq(word, TEXT("and")) ||
			text_ieq(word, TEXT("not")) || text_ieq(word, TEXT("in"))))
		compile_reserve(p->s.c, "\"" TEXT_FMT "\" is a word to search for: operators are "
				"written in upper case", TEXT_ARG(word));
	if (text_eq(word, TEXT("*"))) {
		*out = search_node(&p->s, PRED_TRUE);
		return true;
	}
	*out = word_node(p, word, false, false);
	return true;
}

static bool
parse_primary(struct parser *p, const struct pred **out)
{
	if (p->depth >= NESTING_MAX)
		return scan_fail(&p->s, p->s.at, "parentheses nest more than %d deep", NESTING_MAX);
	if (scan_take(&p->s, '(')) {
		p->depth++;
		if (scan_at(&p->s, ')'))
			*out = search_node(&p->s, PRED_TRUE);
		else if (!parse_and(p, out))
			return false;
		p->depth--;
		return scan_take(&p->s, ')') || scan_expected(&p->s, "\")\"");
	}
	if (scan_at(&p->s, '['))
		return parse_subsearch(p, out);
	return parse_word(p, out);
}

static bool
parse_not(struct parser *p, const struct pred **out)
{
	bool negate = false;

	while (take_operator(p, "NOT"))
		negate = !negate;
	if (at_end(p))
		return scan_expected(&p->s, "a search term");
	if (!parse_primary(p, out))
		return false;
	if (negate)
		*out = pred_not(p->s.c->keep, *out);
	return true;
}

static bool
parse_or(struct parser *p, const struct pred **out)
{
	const struct pred **kids = NULL;
	size_t              n = 0, cap = 0;

	do {
		arena_grow(p->s.c->keep, kids, n, &cap);
		if (!parse_not(p, &kids[n++]))
			return false;
	} while (take_operator(p, "OR"));
	*out = pred_list(p->s.c->keep, PRED_OR, kids, n);
	return true;
}

static bool
parse_and(struct parser *p, const struct pred **out)
{
	const struct pred **kids = NULL;
	size_t              n = 0, cap = 0;

	do {
		arena_grow(p->s.c->keep, kids, n, &cap);
		if (!parse_or(p, &kids[n++]))
			return false;
		while (take_operator(p, "AND"))
			if (at_end(p))
				return scan_expected(&p->s, "a search term behind AND");
	} while (!at_end(p));
	*out = pred_list(p->s.c->keep, PRED_AND, kids, n);
	return true;
}

/* Runs the subsearches that read only tables, so that their values can narrow the search. */
static bool
fold_constants(struct parser *p)
{
	struct search_expr *e = p->e;
	struct arena       *keep = p->s.c->keep;
	struct arena        scratch;
	struct search_stats stats = { 0 };
	struct run          run = { .search = p->s.c->search, .keep = keep, .stats = &stats,
				    .budget_bytes = arena_used(keep) + FOLD_BYTES_MAX,
				    .err = p->s.c->err };
	bool                good;

	for (size_t i = 0; i < e->n_subs; i++)
		if (!pipeline_is_constant(&e->subs[i].pipeline))
			return true;
	if (e->n_subs == 0)
		return true;
	scratch = arena_open(2 * FOLD_BYTES_MAX);
	run.scratch = &scratch;
	good = search_expr_resolve(&run, e, &e->pred);
	arena_close(&scratch);
	e->n_subs = 0;
	return good;
}

bool
search_expr_parse(struct scan *s, struct search_expr *out, const char *const *until)
{
	struct parser p = { .s = *s, .e = out, .until = until };

	if (at_end(&p))
		out->pred = search_node(&p.s, PRED_TRUE);
	else if (!parse_and(&p, &out->pred))
		return false;
	*s = p.s;
	if (!scan_done(s) && (*s->at == ')' || *s->at == ']'))
		return scan_fail(s, s->at, "\"%c\" closes nothing", *s->at);
	return fold_constants(&p);
}
