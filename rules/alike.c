/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rules whose search is the same: copies under another name, and successors of old detections. */
#include "config.h"

#include "rules/pipeline.h"
#include "rules/ruleset_parts.h"

/* Do both do the same with the same events? Only when they are spelled alike, macros expanded. */
static bool
search_equal(const struct search *a, const struct search *b)
{
	if (a->main.n != b->main.n || !text_eq(a->expansion.text, b->expansion.text))
		return false;
	for (size_t i = 0; i < a->main.n; i++)
		if (a->main.stages[i].is_filter != b->main.stages[i].is_filter)
			return false;
	return true;
}

/* A hash that equal searches share. */
static uint64_t
search_hash(const struct search *s)
{
	return text_hash(s->expansion.text, s->main.n);
}

static bool
is_alike(const struct ruleset *rs, uint32_t a, uint32_t b)
{
	return rs->items[a]->search && search_equal(rs->items[a]->search, rs->items[b]->search);
}

void
ruleset_sort_kinds(struct ruleset *rs)
{
	struct arena scratch = rs->scratch;
	uint32_t    *slot, slots = 16;

	while (slots < rs->n * 2)
		slots *= 2;
	slot = arena_new(&scratch, uint32_t, slots); /* 1 + the first rule of a kind */
	rs->kinds = arena_new(&rs->keep, struct kind *, rs->n);
	for (uint32_t i = 0; i < rs->n; i++) {
		const struct search *s = rs->items[i]->search;
		uint32_t             at = s ? (uint32_t)search_hash(s) & (slots - 1) : 0;
		struct kind         *kind = NULL;

		/* Risk events come from rules that ran before: each such rule has its time. */
		if (s && !search_reads_risk(s)) {
			while (slot[at] && !is_alike(rs, slot[at] - 1, i))
				at = (at + 1) & (slots - 1);
			if (slot[at])
				kind = rs->kinds[slot[at] - 1];
			else
				slot[at] = i + 1;
		}
		if (!kind) {
			kind = arena_new(&rs->keep, struct kind, 1);
			kind->whole = s ? search_takes_whole(s, scratch) : MODEL_NONE;
			kind->hits = s && search_takes_hits(s, scratch);
		}
		arena_grow(&rs->keep, kind->rules, kind->n, &kind->cap);
		kind->rules[kind->n++] = i;
		rs->kinds[i] = kind;
	}
	rs->told = arena_new(&rs->keep, struct finding_rule, rs->n);
	for (uint32_t i = 0; i < rs->n; i++)
		if (rs->kinds[i]->n > 1)
			rs->told[i] = finding_rule_of(rs->items[i], &rs->keep);
}

const struct finding_rule *
ruleset_told(const struct ruleset *rs, uint32_t i)
{
	return &rs->told[i];
}

uint32_t
ruleset_alike(const struct ruleset *rs, uint32_t i, const uint32_t **out)
{
	*out = rs->kinds[i]->rules;
	return rs->kinds[i]->n;
}

enum model
ruleset_takes_whole(const struct ruleset *rs, uint32_t i)
{
	return rs->kinds[i]->whole;
}

bool
ruleset_takes_hits(const struct ruleset *rs, uint32_t i)
{
	return rs->kinds[i]->hits;
}
