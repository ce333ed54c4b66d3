/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * leaf.h - inside the rules: the events that a search reads become rows of its first stage.
 */
#ifndef AUGER_RULES_LEAF_H
#define AUGER_RULES_LEAF_H

#include "rules/pipeline.h"

struct leaf_state {
	struct stage_run  *sr;
	const struct pred *pred;  /* still to be asked; NULL: none */
	const struct pred *whole; /* that its events satisfy */
	enum model         model;
	bool               main;
};

/* Gives an event to the stage. PLAIN: the event without its decoded fields; NULL: it has none.
 * false: no more are wanted. */
bool leaf_take(struct leaf_state *state, const struct event *ev, const struct event *plain);

/* The caller's range, narrowed by what the search itself says. */
struct span leaf_range(const struct run *run, const struct leaf *leaf);
/* Pushes the events of leaf LEAF; PRED (NULL: none) has the last word. */
bool leaf_run(struct stage_run *sr, uint32_t leaf, const struct pred *pred);

#endif
