/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rules/search_expr.h"

#include <stdio.h>

#include "base/when.h"
#include "rules/timespec.h"

#define FOLD_BYTES_MAX     ((size_t)64 << 20)

struct parser {
	struct scan         s;
	struct search_expr *e;
	const char *const  *until;
	unsigned            depth;
};

static bool parse_and(struct parser *p, const struct pred **out);

static struct pred *
pred_node(struct parser *p, enum pred_kind kind)
{
	struct pred *node = arena_new(p->s.c->keep, struct pred, 1);

	node->kind = kind;
	node->earliest_ns = WHEN_NONE;
	node->latest_ns = WHEN_MAX;
	return node;
}

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

static struct name_ref
search_name(struct parser *p, const char *at, struct text name)
{
	struct text     prefix = model_prefix(p->e->model);
	struct name_ref ref;

	if (p->e->model == MODEL_NONE || text_find_byte(name, '.') != TEXT_NOWHERE)
		return compile_column(p->s.c, name).ref;
	ref = name_ref(arena_printf(p->s.c->keep, TEXT_FMT "." TEXT_FMT, TEXT_ARG(prefix),
				    TEXT_ARG(name)));
	if (!ref.n_entries)
		return name_ref(name);
	(void)at;
	compile_reserve(p->s.c, "field \"" TEXT_FMT "\" is read as " TEXT_FMT "." TEXT_FMT,
			TEXT_ARG(name), TEXT_ARG(prefix), TEXT_ARG(name));
	return ref;
}

/* --- terms that are no comparisons of fields --- */

static bool
set_time(struct parser *p, const char *at, struct text *slot, struct text value)
{
	int64_t ns;

	/* What map puts in is known when it runs; until then the range is open. */
	if (p->s.c->inexact && text_eq(value, TEXT("*")))
		return true;
	if (!timespec_resolve(value, 0, &ns))
		return scan_fail(&p->s, at, "\"" TEXT_FMT "\" is not a time: expected now, epoch "
				 "seconds, or an offset such as -7d@d",
				 TEXT_ARG(value));
	*slot = value;
	return true;
}

/* earliest=, latest= and their older forms set the range; *TAKEN says whether it was one. */
static bool
parse_time_modifier(struct parser *p, const char *at, struct text name, struct text value,
		    bool *taken)
{
	struct arena *keep = p->s.c->keep;
	char          unit = 0;
	bool          start = text_starts(name, TEXT("start"));
	struct text   rest = text_from(name, start ? 5 : 3);

	*taken = true;
	if (text_eq(name, TEXT("earliest")) || text_eq(name, TEXT("starttime")))
		return set_time(p, at, &p->e->earliest, value);
	if (text_eq(name, TEXT("latest")) || text_eq(name, TEXT("endtime")))
		return set_time(p, at, &p->e->latest, value);
	if (text_eq(name, TEXT("timeformat")))
		return true;
	if (start || text_starts(name, TEXT("end"))) {
		unit = text_eq(rest, TEXT("minutesago")) ? 'm'
		     : text_eq(rest, TEXT("hoursago"))   ? 'h'
		     : text_eq(rest, TEXT("daysago"))    ? 'd'
							 : 0;
	}
	if (!unit) {
		*taken = false;
		return true;
	}
	return set_time(p, at, start ? &p->e->earliest : &p->e->latest,
			arena_printf(keep, "-" TEXT_FMT "%c", TEXT_ARG(value), unit));
}

static const struct {
	const char *type, *channel;
} event_types[] = {
	{ "wineventlog_security", "Security" },
	{ "wineventlog_system", "System" },
	{ "wineventlog_application", "Application" },
};

static bool
check_event_type(struct parser *p, const char *at, struct text value)
{
	for (size_t i = 0; i < sizeof(event_types) / sizeof(event_types[0]); i++)
		if (text_ieq(value, text_of(event_types[i].type)))
			return true;
	if (text_find_byte(value, '*') != TEXT_NOWHERE)
		return true;
	return scan_fail(&p->s, at, "event type \"" TEXT_FMT "\" is not known: supported are "
			 "wineventlog_security, wineventlog_system, wineventlog_application",
			 TEXT_ARG(value));
}

/* What belongs to a data set carries its tag. */
static const struct {
	const char *tag;
	enum model  model;
} tags[] = {
	{ "account", MODEL_ACCOUNT_MANAGEMENT },
	{ "audit", MODEL_AUDITING_CHANGES },
	{ "authentication", MODEL_AUTHENTICATION },
	{ "change", MODEL_CHANGE },
	{ "communicate", MODEL_NETWORK_TRAFFIC },
	{ "dns", MODEL_NETWORK_RESOLUTION },
	{ "filesystem", MODEL_FILESYSTEM },
	{ "network", MODEL_NETWORK_TRAFFIC },
	{ "privileged", MODEL_PRIVILEGED_AUTHENTICATION },
	{ "process", MODEL_PROCESSES },
	{ "registry", MODEL_REGISTRY },
	{ "report", MODEL_PROCESSES },
	{ "resolution", MODEL_NETWORK_RESOLUTION },
	{ "service", MODEL_SERVICES },
};

static bool
tag_comparison(struct parser *p, const char *at, struct text value, bool negated,
	       const struct pred **out)
{
	for (size_t i = 0; i < sizeof(tags) / sizeof(tags[0]); i++)
		if (text_ieq(value, text_of(tags[i].tag))) {
			struct pred *node = pred_node(p, PRED_MODEL);

			node->model = tags[i].model;
			*out = negated ? pred_not(p->s.c->keep, node) : node;
			return true;
		}
	return scan_fail(&p->s, at,
			 "tag \"" TEXT_FMT "\" is not known: supported are those of data models, such "
			 "as process, registry, network, authentication, change",
			 TEXT_ARG(text_head(value, 60)));
}

/*
 * Enterprise Security calls what detection NAME writes "ESCU - NAME - Rule"; risk events of a case
 * have NAME. The pattern that fits NAME when VALUE fits that; absent when it is not of that form.
 */
static struct text
name_of_detection(struct text field, struct text value)
{
	const struct text head = TEXT("ESCU"), dash = TEXT(" - "), tail = TEXT("- Rule");
	struct text       name = value;

	field = text_from(field, text_find_byte(field, '.') == TEXT_NOWHERE
				     ? 0 : text_find_byte(field, '.') + 1);
	if (!text_eq(field, TEXT("search_name")) && !text_eq(field, TEXT("source")))
		return TEXT_NONE;
	if (text_istarts(name, head)) {
		size_t star = text_find_byte(name, '*');

		name = text_from(name, head.n);
		if (text_starts(name, dash))
			name = text_from(name, dash.n);
		else if (star != TEXT_NOWHERE && star <= head.n + dash.n)
			name = text_from(value, star);
		else
			name = value;
	}
	if (text_iends(name, tail) && name.n > tail.n) {
		struct text rest = text_head(name, name.n - tail.n);

		if (rest.p[rest.n - 1] == '*')
			name = rest;
		else if (rest.p[rest.n - 1] == ' ')
			name = text_head(rest, rest.n - 1);
	}
	return name.n == value.n ? TEXT_NONE : name;
}

static const struct pred *
has_field(struct parser *p, struct text name)
{
	struct pred *node = pred_node(p, PRED_EQ);

	node->name = compile_column(p->s.c, name).ref;
	node->pattern = pattern_make(p->s.c->keep, TEXT("*"), false, false);
	return node;
}

/* COMPARISON, an EQ or NE, asked about NAME, what a detection is called here, too. The source of an
 * event is a log, and has no such name: what has a source type is none of a detection. */
static const struct pred *
or_of_detection(struct parser *p, const struct pred *comparison, struct pattern name)
{
	struct arena       *keep = p->s.c->keep;
	const struct pred **both = arena_new(keep, const struct pred *, 2);
	struct pred        *named = pred_node(p, PRED_EQ);

	named->name = comparison->name;
	named->pattern = name;
	both[0] = comparison;
	both[1] = named;
	if (text_eq(comparison->name.name, TEXT("source"))) {
		const struct pred **sure = arena_new(keep, const struct pred *, 2);
		const struct pred **risk = arena_new(keep, const struct pred *, 2);

		risk[0] = has_field(p, TEXT("search_name"));
		risk[1] = pred_not(keep, has_field(p, TEXT("sourcetype")));
		sure[0] = named;
		sure[1] = pred_list(keep, PRED_OR, risk, 2);
		both[1] = pred_list(keep, PRED_AND, sure, 2);
	}
	if (comparison->kind == PRED_EQ)
		return pred_list(keep, PRED_OR, both, 2);
	both[1] = pred_not(keep, both[1]);
	return pred_list(keep, PRED_AND, both, 2);
}

static bool
make_comparison(struct parser *p, const char *at, struct text name, enum pred_kind kind,
		struct text value, bool cased, const struct pred **out)
{
	struct pred *node;
	bool         taken = false;

	if (kind == PRED_EQ && !parse_time_modifier(p, at, name, value, &taken))
		return false;
	if (!taken && text_eq(name, TEXT("index"))) {
		if (kind != PRED_EQ || !text_eq(value, TEXT("*")))
			compile_reserve(p->s.c, "index= is ignored: a case is one index");
		taken = true;
	}
	if (!taken && (text_eq(name, TEXT("_index_earliest")) ||
		       text_eq(name, TEXT("_index_latest")))) {
		compile_reserve(p->s.c, TEXT_FMT "= is ignored: a case does not know when Splunk "
				"would have got its events", TEXT_ARG(name));
		taken = true;
	}
	if (!taken && text_eq(name, TEXT("nodename")) && p->e->model != MODEL_NONE) {
		if (kind == PRED_EQ && model_find(value) != MODEL_NONE) {
			node = pred_node(p, PRED_MODEL);
			node->model = model_find(value);
			*out = node;
			return true;
		}
		compile_reserve(p->s.c, "nodename= is ignored");
		taken = true;
	}
	if (taken) {
		*out = pred_node(p, PRED_TRUE);
		return true;
	}
	if (text_eq(name, TEXT("eventtype")) && !check_event_type(p, at, value))
		return false;
	if (text_eq(name, TEXT("tag")) && (kind == PRED_EQ || kind == PRED_NE))
		return tag_comparison(p, at, value, kind == PRED_NE, out);
	if (text_eq(name, TEXT("savedsearch")) || text_eq(name, TEXT("savedsplunk")))
		return scan_fail(&p->s, at, "saved searches are not supported");
	node = pred_node(p, kind);
	node->name = search_name(p, at, name);
	node->pattern = pattern_make(p->s.c->keep, value, false, cased);
	*out = node;
	if (kind == PRED_EQ || kind == PRED_NE)
		value = name_of_detection(name, value);
	if ((kind == PRED_EQ || kind == PRED_NE) && !text_absent(value))
		*out = or_of_detection(p, node, pattern_make(p->s.c->keep, value, false, cased));
	return true;
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
		    !make_comparison(p, at, name, PRED_EQ, value, cased, &kid))
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
	struct pred *node = pred_node(p, PRED_WORD);

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
	sub.holder = pred_node(p, PRED_AND);
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
			*out = pred_node(p, PRED_TRUE);
			return true;
		}
		return scan_expected(&p->s, "a search term");
	}
	if (take_comparator(&p->s, &kind))
		return parse_value(p, "", &value, &cased) &&
		       make_comparison(p, at, word, kind, value, cased, out);
	if (take_in(p, &negated)) {
		if (!parse_in(p, at, word, out))
			return false;
		if (negated)
			*out = pred_not(p->s.c->keep, *out);
		return true;
	}
	if (!quoted && default_field_value(p, &word, &value))
		return make_comparison(p, at, word, PRED_EQ, value, false, out);
	if (!quoted && (text_eq(word, TEXT("OR")) || text_eq(word, TEXT("AND"))))
		return scan_fail(&p->s, at, "\"" TEXT_FMT "\" needs a term on both sides",
				 TEXT_ARG(word));
	if (!quoted && (text_ieq(word, TEXT("or")) || text_ieq(word, TEXT("and")) ||
			text_ieq(word, TEXT("not")) || text_ieq(word, TEXT("in"))))
		compile_reserve(p->s.c, "\"" TEXT_FMT "\" is a word to search for: operators are "
				"written in upper case", TEXT_ARG(word));
	if (text_eq(word, TEXT("*"))) {
		*out = pred_node(p, PRED_TRUE);
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
			*out = pred_node(p, PRED_TRUE);
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
		out->pred = pred_node(&p, PRED_TRUE);
	else if (!parse_and(&p, &out->pred))
		return false;
	*s = p.s;
	if (!scan_done(s) && (*s->at == ')' || *s->at == ']'))
		return scan_fail(s, s->at, "\"%c\" closes nothing", *s->at);
	return fold_constants(&p);
}
