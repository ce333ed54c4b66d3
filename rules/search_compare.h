/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * search_compare.h - one comparison of a search expression, "name=value", as a predicate: names of
 * data sets, times, tags, event types and what Enterprise Security calls a detection among them.
 */
#ifndef AUGER_RULES_SEARCH_COMPARE_H
#define AUGER_RULES_SEARCH_COMPARE_H

#include "rules/search_expr.h"

/* A predicate of KIND that nothing is known of yet: any time. Lives as long as what is compiled. */
struct pred *search_node(const struct scan *s, enum pred_kind kind);

/* NAME and VALUE as they stand at AT; CASED: letter case counts. What sets the range of times goes
 * to E and leaves a predicate that is always true. */
bool search_compare(struct scan *s, struct search_expr *e, const char *at, struct text name,
		    enum pred_kind kind, struct text value, bool cased, const struct pred **out);

#endif
