/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * bound.h - what is known about the events that satisfy a part of a predicate, from which narrow.c
 * makes what an index is asked. A bound allows more events than there may be, never less.
 */
#ifndef AUGER_BASE_BOUND_H
#define AUGER_BASE_BOUND_H

#include "base/pred.h"

#define SET_MAX 64 /* larger sets of ids, channels or hosts count as "any" */

/* Values that one fact of an event must be among; any: no bound. */
struct text_set {
	bool        any;
	struct text items[SET_MAX];
	uint32_t    n;
};

struct id_set {
	bool     any;
	uint32_t items[SET_MAX];
	uint32_t n;
};

struct bound {
	bool                  none; /* no event can */
	struct id_set         ids;
	struct text_set       channels, hosts;
	int64_t               earliest_ns, latest_ns;
	struct literal_group *groups; /* in the arena of who made it */
	size_t                n_groups, cap_groups;
};

/* A set that is full counts as "any" from then on. */
void id_set_add(struct id_set *set, uint32_t id);
void text_set_add(struct text_set *set, struct text item);

/* Bounds B by what KID is bound by, too; or by what bounds one of them. */
void bound_and(struct bound *b, const struct bound *kid, struct arena *keep);
void bound_or(struct bound *b, const struct bound *kid, struct arena *keep);

/* The events hold LITERAL, in any letter case; one that is too short bounds nothing. */
void bound_add_literal(struct bound *b, struct text literal, struct arena *keep);

#endif
