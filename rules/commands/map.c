/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * map: a search for each row, with $field$ standing for its values.
 *
 * Values are put in as quoted literals, so that evidence never becomes search text. What the
 * search reads is known before: the same text with a star for each field.
 */
#include "config.h"

#include "base/ascii.h"
#include "rules/kept_rows.h"
#include "rules/quoted.h"
#include "rules/subsearch.h"

struct map_args {
	struct text     template;
	struct place    place;
	uint64_t        max;
	struct pipeline any;   /* with a star for each field */
	uint32_t        first_leaf, n_leaves;
};

static bool
is_token_char(char c)
{
	return ascii_alnum(c) || c == '_' || c == '.' || c == '{' || c == '}';
}

/* Behind the '$' at T.p[0]: length of the name before the closing one; 0: no token. */
static size_t
token_length(struct text t)
{
	size_t n = 1;

	while (n < t.n && is_token_char(t.p[n]))
		n++;
	return n < t.n && t.p[n] == '$' ? n - 1 : 0;
}

/* ROW NULL: stars instead of values. */
static struct text
fill_tokens(struct text template, const struct row *row, struct arena *keep)
{
	struct text out = TEXT("");
	size_t      start = 0;
	bool        quoted = false;

	for (size_t i = 0; i < template.n; i++) {
		char        c = template.p[i];
		size_t      n = c == '$' ? token_length(text_from(template, i)) : 0;
		struct text name = { template.p + i + 1, n }, value;

		if (c == '\\')
			i++;
		else if (c == '"')
			quoted = !quoted;
		if (n == 0)
			continue;
		value = row ? row_text(row, name, ' ', keep) : TEXT("*");
		value = spl_quote(text_or_empty(value), keep);
		if (quoted)
			value = (struct text){ value.p + 1, value.n - 2 };
		out = arena_join(keep, out, (struct text){ template.p + start, i - start });
		out = arena_join(keep, out, value);
		i += n + 1;
		start = i + 1;
	}
	return arena_join(keep, out, text_from(template, start));
}

static bool
map_template(struct scan *s, struct map_args *args)
{
	struct compile *c = s->c;
	struct text     name, value;
	struct scan     inner;

	args->place = expansion_place(c->expansion, (size_t)(s->at - c->expansion->text.p));
	if (scan_at(s, '[')) {
		if (!scan_brackets(s, &inner))
			return false;
		args->template = (struct text){ inner.at, (size_t)(inner.end - inner.at) };
	}
	while (scan_option(s, &name, &value)) {
		if (text_ieq(name, TEXT("search")))
			args->template = arena_copy(c->keep, value);
		else if (!text_ieq(name, TEXT("maxsearches")))
			return scan_bad_option(s, name);
		else if (!scan_to_count(s, name, value, 1, &args->max))
			return false;
	}
	return !text_absent(args->template) || scan_expected(s, "search=\"...\"");
}

static bool
map_parse(struct scan *s, struct stage *stage)
{
	struct compile  *c = s->c;
	struct map_args *args = arena_new(c->keep, struct map_args, 1);
	enum model       model = c->model;
	bool             inexact = c->inexact;

	stage->args = args;
	c->search->makes_text = true;
	args->max = 10;
	scan_blank(s);
	if (!map_template(s, args))
		return false;
	args->first_leaf = (uint32_t)c->search->n_leaves;
	c->model = MODEL_NONE;
	c->inexact = true;
	if (!pipeline_parse_text(c, fill_tokens(args->template, NULL, c->keep), args->place,
				 &args->any, true))
		return false;
	c->inexact = inexact;
	c->model = model;
	args->n_leaves = (uint32_t)c->search->n_leaves - args->first_leaf;
	return true;
}

static void
map_uses(const struct stage *stage, struct uses *uses)
{
	(void)stage;
	uses->all = true;
}

static void
map_columns(const struct stage *stage, struct columns *columns)
{
	(void)stage;
	columns->open = true;
}

static bool
map_start(struct stage_run *sr)
{
	sr->state = arena_new(sr->run->keep, struct kept_rows, 1);
	return true;
}

static bool
map_row(struct stage_run *sr, struct row *row)
{
	const struct map_args *args = sr->stage->args;
	struct kept_rows      *kept = sr->state;

	if (kept->n == args->max) {
		pipe_warn(sr->run, "map searches for the first %llu rows only: see maxsearches=",
			  (unsigned long long)args->max);
		return false;
	}
	return kept_add(sr, kept, row);
}

/* A search of its own, whose leaves have the numbers of the template's. */
static bool
map_search(struct stage_run *sr, const struct row *row)
{
	const struct map_args *args = sr->stage->args;
	struct run            *run = sr->run, inner = *run;
	struct search         *search = arena_new(run->keep, struct search, 1);
	struct compile         c = { .keep = run->keep, .search = search, .env = &run->search->env,
				     .inexact = true, .depth = sr->depth + 1, .err = run->err };
	struct pipeline        p;
	struct leaf            none = { 0 };
	bool                   good;

	search->keep = run->keep;
	search->env = run->search->env;
	while (search->n_leaves < args->first_leaf)
		leaf_add(&c, &none);
	inner.search = search;
	good = pipeline_parse_text(&c, fill_tokens(args->template, row, run->keep), args->place, &p,
				   true) &&
	       pipeline_run(&inner, &p, subsearch_emit, sr);
	run->failed |= !good;
	return good;
}

static bool
map_finish(struct stage_run *sr)
{
	const struct kept_rows *kept = sr->state;

	for (size_t i = 0; i < kept->n; i++)
		if (!map_search(sr, kept->rows[i]))
			return false;
	return true;
}

const struct pipe_command pipe_map = {
	.name = "map",
	.synopsis = "map search=\"<search with $field$>\" [maxsearches=<n>]",
	.help = "a search for each row, with $field$ standing for its values",
	.order = ROWS_ORDERED,
	.parse = map_parse,
	.uses = map_uses,
	.columns = map_columns,
	.start = map_start,
	.row = map_row,
	.finish = map_finish,
};
