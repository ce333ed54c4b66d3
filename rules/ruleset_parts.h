/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ruleset_parts.h - the inside of a ruleset, for ruleset.c, ruleset_load.c, alike.c and
 * matcher_index.c.
 */
#ifndef AUGER_RULES_RULESET_PARTS_H
#define AUGER_RULES_RULESET_PARTS_H

#include "base/arena.h"
#include "base/digest.h"
#include "rules/ruleset.h"

struct matcher_index; /* matcher_index.h: which searches an event can concern */

/* Rules with the same search. */
struct kind {
	uint32_t  *rules; /* ascending */
	uint32_t   n;
	size_t     cap;
	enum model whole; /* the data model that it takes all events of; MODEL_NONE: none */
	bool       hits;  /* it takes all its hits */
};

/* What the searches of a rule ask events for: pred_key of each; absent: nothing is kept. */
struct rule_keys {
	struct text *of;
	uint32_t     n;
};

/* A macro of the user, over that of files. */
struct own_macro {
	struct text name, definition;
	struct text under; /* what it means without the user; known once compiled */
};

struct ruleset {
	struct arena       keep;    /* lives as long as the ruleset */
	struct arena       scratch; /* one file at a time */
	struct arena       walk;    /* names of folders being walked */
	uint32_t           n_threads; /* that load and compile */
	struct arena      *compiled;  /* [thread]: the searches that it compiled */
	uint32_t           n_compiled;
	struct detection **items;   /* by name once compiled */
	size_t             n, cap;
	uint32_t           n_loads; /* calls of ruleset_load */
	struct rule_keys  *keys;    /* [rule], as the next */
	struct kind      **kinds;
	struct finding_rule *told; /* of those that are alike with others */
	struct macros     *macros;
	struct lookups    *lookups;
	struct own_macro  *own;
	size_t             n_own, own_cap;
	struct text       *visited; /* macro and lookup folders that were read */
	size_t             n_visited, visited_cap;
	struct digest     *running; /* NULL once compiled */
	char               digest[DIGEST_HEX + 1];
	const struct matcher_index *index;
};

/* Finds the rules that are alike. */
void ruleset_sort_kinds(struct ruleset *rs);

/* Files every search of every detection under what an event must have to satisfy it. */
const struct matcher_index *matcher_index_make(const struct ruleset *rs, struct arena *keep,
					       struct arena scratch);

#endif
