/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * search_expr.h - the expressions of `search` and `tstats where`: NOT binds tighter than OR, OR
 * tighter than AND; right sides are always literals.
 *
 * The result is a predicate (base/pred.h). A subsearch in it is a placeholder until it has run;
 * one that reads only tables runs while compiling.
 */
#ifndef AUGER_RULES_SEARCH_EXPR_H
#define AUGER_RULES_SEARCH_EXPR_H

#include "rules/pipeline.h"

struct subsearch {
	const struct pred *holder; /* stands in the predicate for what its rows will say */
	struct pipeline    pipeline;
};

struct search_expr {
	const struct pred *pred;
	struct subsearch  *subs;
	size_t             n_subs, subs_cap;
	struct text        earliest, latest; /* time modifiers as written; absent: none */
	enum model         model;            /* tstats: plain names of its fields are accepted */
};

/* Reads up to the end, or up to one of the UNTIL words outside parentheses (NULL ends them). */
bool search_expr_parse(struct scan *s, struct search_expr *out, const char *const *until);

/* Every predicate that a run may turn it into is at least as strict as this one. */
const struct pred *search_expr_widen(const struct search_expr *e, struct arena *keep);

/* Runs its subsearches; the result lives as long as the run. */
bool search_expr_resolve(struct run *run, const struct search_expr *e, const struct pred **out);

void search_expr_uses(const struct search_expr *e, struct uses *uses, enum use kind);

/* The predicate of a `search` stage that needs nothing else; NULL when it does. */
const struct pred *search_stage_pred(const struct stage *stage);

/* The predicate over a row. */
bool row_matches(const struct row *row, const struct pred *pred, struct arena *scratch);

#endif
