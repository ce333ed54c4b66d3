/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * factor.h - risk factors: what makes the score of a risk event another, for what is known of it.
 *
 * A factor has a condition over the fields of risk events and adds to the score, or multiplies it:
 * (score + sum of what is added) x product of what it is multiplied by. Here is only what is kept of it;
 * conditions are evaluated by who asks for it. A new case has none.
 *
 * Source: Splunk Enterprise Security, risk factors.
 */
#ifndef AUGER_STORE_FACTOR_H
#define AUGER_STORE_FACTOR_H

#include "base/arena.h"
#include "base/err.h"
#include "store/casefile.h"

struct factor {
	struct text name, condition; /* SPL that is handed the risk events: search user_category=x */
	double      add, multiply;   /* 0 and 1: nothing */
	bool        off;             /* kept, but not in force */
	/* read only: */
	uint64_t    risk_events;     /* that it applies to */
	struct text problem;         /* why it applies to none; absent: it could be asked */
	struct text author;
	int64_t     time_ns;
};
/* An empty condition: forget it. */
bool factor_set(struct casefile *cf, const struct factor *f, struct err *err);
/* Those that add before those that only multiply; by name. */
size_t factors(struct casefile *cf, struct arena *keep, struct factor **out);

/* Writes what all factors come to: SCORES, by id, of the risk events that any applies to; others have
 * the score of their rule. Of ALL, which factors() gave: how many each applies to, and problems.
 * Between findings_begin and findings_end; hosts and users are summed up by that. */
struct factor_score {
	int64_t     risk_event;
	double      add, multiply;
	struct text terms; /* "contractor +4", one to a line */
};
bool factors_score(struct casefile *cf, const struct factor_score *scores, size_t n,
		   const struct factor *all, size_t n_factors, struct err *err);
/* Whether there are any, or were when scores were written. */
bool factors_matter(struct casefile *cf);

#endif
