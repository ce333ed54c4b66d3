/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ruleset.h - all loaded detections, and the matcher that asks them about one event at a time.
 *
 * Cost of ruleset_match does not grow with rules that cannot match the event: rules are filed
 * under the event ids and literals their predicates need (pred_narrow).
 */
#ifndef AUGER_RULES_RULESET_H
#define AUGER_RULES_RULESET_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/source.h"
#include "rules/detection.h"

struct ruleset;

struct ruleset *ruleset_new(void);
void            ruleset_free(struct ruleset *rs);
/* How many threads may load and compile, before either; 1 without it, and where addresses are scarce.
 * What comes out is the same. */
void            ruleset_threads(struct ruleset *rs, uint32_t threads);

/*
 * Loads a detection file, or a folder: detections anywhere below it, macros/ and lookups/ beside
 * them or up to two folders above. A file that is no detection is skipped in a folder, an error
 * when named itself. Files that do not compile are kept with their problem. False only when PATH
 * cannot be read at all.
 */
bool ruleset_load(struct ruleset *rs, struct text path, struct err *err);

/* Only the macros and lookups that ruleset_load would read with PATH: the words that searches may
 * use. Not to be mixed with ruleset_load in one set. */
bool ruleset_load_words(struct ruleset *rs, struct text path, struct err *err);

/* Macro definitions that replace those of files: the user's _filter macros, kept in the case. They
 * act behind the hits, so they are no part of ruleset_digest. */
void ruleset_set_macro(struct ruleset *rs, struct text name, struct text definition);

/* Compiles what was loaded; call once after the last load and set_macro, before anything below
 * except ruleset_find. Later files with the id of an earlier one replace it. */
void ruleset_compile(struct ruleset *rs);

/* Once compiled: the macros of the user are now these N, and no others. Searches that are compiled
 * from now on and what rules say of themselves have them; results that are there stay, and what was
 * compiled before stays valid. Not while another thread uses the set. */
struct user_macro {
	struct text name, definition;
};
void ruleset_redefine(struct ruleset *rs, const struct user_macro *macros, size_t n);

uint32_t                ruleset_count(const struct ruleset *rs);
const struct detection *ruleset_get(const struct ruleset *rs, uint32_t i); /* sorted by name */
const struct detection *ruleset_find(const struct ruleset *rs, struct text id_or_name);
const struct macros    *ruleset_macros(const struct ruleset *rs);
const struct lookups   *ruleset_lookups(const struct ruleset *rs);
/* Identity of rules, macros and lookups together: 64 hex digits of SHA-256. */
struct text             ruleset_digest(const struct ruleset *rs);

/* Whether the same rule, over the same events and at the same clock, finds the same: 64 hex digits of
 * all that decides it besides these; in KEEP. Another program may evaluate it otherwise, so that
 * is part of it. */
struct text ruleset_fingerprint(const struct ruleset *rs, uint32_t i, struct arena *keep);

/* For each search of rule I the pred_key of what it asks for; absent: its hits are not kept.
 * Returns how many there are. */
uint32_t ruleset_keys(const struct ruleset *rs, uint32_t i, const struct text **out);

struct rule_hit {
	uint32_t rule; /* index for ruleset_get */
	uint32_t leaf; /* which search of the rule, search.h */
};

/* A matcher belongs to one thread; the ruleset behind it is const. */
struct matcher;
struct matcher *matcher_new(const struct ruleset *rs);
void            matcher_free(struct matcher *m);
/* Hits of one event, at most as many as the ruleset has leaves; returns how many. Where several
 * searches have the same predicate (pred_key), the first of them stands for all. */
size_t matcher_match(struct matcher *m, const struct event *ev, const struct rule_hit **out);

/* The rules whose search is, macros expanded, the same text as that of rule I, itself among them,
 * ascending. They differ in name, message and risk only. */
uint32_t ruleset_alike(const struct ruleset *rs, uint32_t i, const uint32_t **out);
/* What findings say of a rule that is alike with others; lives as long as RS. */
const struct finding_rule *ruleset_told(const struct ruleset *rs, uint32_t i);
/* The data model that rule I takes all events of; MODEL_NONE: it asks for some. */
enum model ruleset_takes_whole(const struct ruleset *rs, uint32_t i);
/* Whether it takes the hits of its main search and nothing else of them than all. */
bool ruleset_takes_hits(const struct ruleset *rs, uint32_t i);

#endif
