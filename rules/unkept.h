/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * unkept.h - which rules new events concern beyond their hits.
 *
 * An import does not keep the hits of a search that takes all events of a data model, a number or a
 * log (search_leaf_kept). Whether there is anything new for such a search is found out by asking it
 * about the new events; many rules ask for the same, so each question is asked once, and no more
 * when one event was the answer. Of a search that makes search text while it runs it is not known
 * what that asks for: any event may concern it.
 */
#ifndef AUGER_RULES_UNKEPT_H
#define AUGER_RULES_UNKEPT_H

#include "rules/ruleset.h"

struct unkept;
struct unkept *unkept_new(const struct ruleset *rs);
void           unkept_free(struct unkept *u);

/* One new event; false: no more are needed. */
bool unkept_ask(struct unkept *u, const struct event *ev);
/* Whatever there is may concern all of them. */
void unkept_all(struct unkept *u);
/* Has the rule a search that some new event may concern, beyond hits that are kept? */
bool unkept_concerns(const struct unkept *u, uint32_t rule);

#endif
