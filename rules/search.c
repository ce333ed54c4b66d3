/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rules/search.h"

#include "base/digest.h"
#include "base/when.h"
#include "rules/lookups.h"
#include "rules/pipeline.h"

static void
find_columns(struct search *s)
{
	struct columns columns = { .keep = s->keep, .open = true };

	for (size_t i = 0; i < s->main.n; i++)
		if (s->main.stages[i].command->columns)
			s->main.stages[i].command->columns(&s->main.stages[i], &columns);
	s->columns = columns.names;
	s->n_columns = columns.open ? 0 : columns.n;
}

bool
search_compile(struct search **out, struct arena *keep, struct text text, struct place place,
	       const struct search_env *env, struct err *err)
{
	struct search *s = arena_new(keep, struct search, 1);
	struct compile c = { .keep = keep, .search = s, .env = &s->env, .err = err };
	struct scan    scan = { .c = &c };

	s->keep = keep;
	if (env)
		s->env = *env;
	if (!s->env.macros)
		s->env.macros = macros_new(keep);
	place.file = arena_copy(keep, place.file);
	if (!expand(&s->expansion, keep, arena_copy(keep, text), place, s->env.macros, err))
		return false;
	c.expansion = &s->expansion;
	scan.at = s->expansion.text.p;
	scan.end = scan.at + s->expansion.text.n;
	if (!pipeline_parse(&scan, &s->main, true))
		return false;
	find_columns(s);
	*out = s;
	return true;
}

uint32_t
search_leaves(const struct search *s)
{
	return (uint32_t)s->n_leaves;
}

const struct pred *
search_leaf_pred(const struct search *s, uint32_t leaf)
{
	return s->leaves[leaf].pred;
}

size_t
search_stages(const struct search *s)
{
	return s->main.n;
}

bool
search_reads_risk(const struct search *s)
{
	return s->reads_risk;
}

static void
digest_number(struct digest *d, uint64_t n)
{
	digest_add(d, &n, sizeof(n));
}

void
search_digest(const struct search *s, struct digest *d)
{
	digest_number(d, s->expansion.text.n);
	digest_add(d, s->expansion.text.p, s->expansion.text.n);
	for (size_t i = 0; i < s->main.n; i++)
		digest_number(d, s->main.stages[i].is_filter);
	for (size_t i = 0; i < s->n_tables; i++)
		lookups_digest(s->env.lookups, s->tables[i], d);
}

bool
search_makes_text(const struct search *s)
{
	return s->makes_text;
}

struct text
search_reservation(const struct search *s)
{
	return s->reservation;
}

bool
search_yields_events(const struct search *s)
{
	if (s->n_leaves == 0 || !s->leaves[0].pred)
		return false;
	for (size_t i = 0; i < s->main.n; i++)
		if (s->main.stages[i].command->flags & PIPE_ROWS)
			return false;
	return true;
}

size_t
search_output_columns(const struct search *s, const struct text **out)
{
	*out = s->columns;
	return s->n_columns;
}

/* --- explain --- */

struct page {
	struct arena *keep;
	struct text   text;
};

static void
page_add(struct page *p, const char *label, struct text value)
{
	p->text = arena_printf(p->keep, TEXT_FMT "%-13s" TEXT_FMT "\n", TEXT_ARG(p->text), label,
			       TEXT_ARG(value));
}

static void
page_list(struct page *p, const char *label, const struct text *items, size_t n)
{
	struct text line = TEXT("");

	for (size_t i = 0; i < n; i++)
		line = arena_printf(p->keep, TEXT_FMT "%s" TEXT_FMT, TEXT_ARG(line), i ? ", " : "",
				    TEXT_ARG(items[i]));
	if (n)
		page_add(p, label, line);
}

static void
explain_narrowing(struct page *p, const struct pred *pred)
{
	struct narrowing n = pred_narrow(pred, p->keep);
	struct text      ids = TEXT("");

	if (n.none)
		page_add(p, "  index", TEXT("nothing can match"));
	for (uint32_t i = 0; i < n.n_event_ids; i++)
		ids = arena_printf(p->keep, TEXT_FMT "%s%u", TEXT_ARG(ids), i ? ", " : "",
				   n.event_ids[i]);
	if (ids.n)
		page_add(p, "  event ids", ids);
	page_list(p, "  channels", n.channels, n.n_channels);
	page_list(p, "  hosts", n.hosts, n.n_hosts);
	for (uint32_t i = 0; i < n.n_groups; i++)
		page_list(p, i ? "  and any of" : "  any of", n.groups[i].any, n.groups[i].n);
	if (!n.none && !n.n_event_ids && !n.n_channels && !n.n_hosts && !n.n_groups)
		page_add(p, "  index", TEXT("cannot help: every event is looked at"));
}

static void
explain_leaf(struct page *p, const struct search *s, uint32_t i)
{
	const struct leaf *leaf = &s->leaves[i];

	if (!leaf->pred) {
		page_add(p, "reads", TEXT("no events"));
		return;
	}
	page_add(p, i ? "subsearch" : "predicate", pred_print(leaf->pred, p->keep));
	explain_narrowing(p, leaf->pred);
	if (!text_absent(leaf->earliest))
		page_add(p, "  earliest", leaf->earliest);
	if (!text_absent(leaf->latest))
		page_add(p, "  latest", leaf->latest);
}

struct text
search_explain(const struct search *s, struct arena *keep)
{
	struct page p = { keep, TEXT("") };

	page_add(&p, "search", text_trim(s->expansion.text));
	for (uint32_t i = 0; i < s->n_leaves; i++)
		explain_leaf(&p, s, i);
	page_add(&p, "order",
		 s->main.order == ORDER_ANY ? TEXT("any: the result does not depend on it")
					    : TEXT("newest first"));
	for (size_t i = 0; i < s->main.n; i++) {
		const struct stage *stage = &s->main.stages[i];

		page_add(&p, i ? "" : "pipeline",
			 arena_printf(keep, "%zu. %s%s: " TEXT_FMT, i + 1, stage->command->name,
				      stage->is_filter ? " (filter macro)" : "",
				      TEXT_ARG(stage->source)));
	}
	page_list(&p, "columns", s->columns, s->n_columns);
	page_add(&p, "memory",
		 TEXT("256 MiB for groups and sorted rows unless --memory says otherwise"));
	if (!text_absent(s->reservation))
		page_add(&p, "reservation", s->reservation);
	return p.text;
}
