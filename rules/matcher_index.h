/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * matcher_index.h - all searches of a ruleset, filed under what an event must have to satisfy them.
 *
 * Made once, const, shared by the matchers of all threads.
 */
#ifndef AUGER_RULES_MATCHER_INDEX_H
#define AUGER_RULES_MATCHER_INDEX_H

#include "base/literals.h"
#include "base/pred.h"
#include "rules/ruleset_parts.h"

#define LEAF_GROUPS 16

/* A search: one predicate. */
struct filed_leaf {
	struct rule_hit       hit;
	const struct pred    *pred;
	struct literal_group *groups; /* of each a literal must occur; none: always worth a look */
	uint32_t              n_groups, n_literals;
};

/* A literal is one of a group of a leaf. */
struct concern {
	uint32_t leaf, group; /* its bit */
};

/* The leaves that events of one id (or of one channel, or any) can concern. */
struct bucket {
	uint32_t        event_id; /* of an id bucket */
	struct text     channel;  /* of a channel bucket; folded */
	uint32_t       *members;  /* leaves, ascending */
	uint32_t        n;
	size_t          cap;
	struct literals literals;
	struct concern *concerned; /* by literal l: concerned[first[l]] .. first[l + 1] */
	uint32_t       *first;
};

struct matcher_index {
	struct filed_leaf *leaves; /* by rule, then leaf */
	uint32_t           n_leaves;
	size_t             leaves_cap;
	struct bucket     *ids; /* sorted by event id */
	uint32_t           n_ids;
	size_t             ids_cap;
	struct bucket     *channels;
	uint32_t           n_channels;
	size_t             channels_cap;
	struct bucket      any;
	uint32_t           most_literals;
};

#endif
