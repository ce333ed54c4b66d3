/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * plan.h - jobs for threads: rules that are due, those together that read the same.
 *
 * Ownership: what a plan has is in the KEEP that it was made with.
 */
#ifndef AUGER_CLI_PLAN_H
#define AUGER_CLI_PLAN_H

#include "cli/due.h"
#include "cli/turns.h"

struct rule_job {
	const uint32_t *rules; /* the first of those that are alike, each */
	uint32_t        n;
	enum model      model; /* that they take all events of; MODEL_NONE: their hits */
	bool            together; /* by one reading */
	bool            in_part;  /* over due.part */
};

struct plan {
	struct rule_job *jobs;
	uint32_t         n, n_single; /* the first ones are of one rule each */
	size_t           cap;
};

/* All rules due that read risk events, or all others. */
struct plan plan_make(const struct ruleset *rs, struct casefile *cf, const struct due *due,
		      bool risk, uint32_t n_threads, struct arena *keep);

/* Its jobs by number, long ones early: those that take all events of a data set, rules with many hits
 * and stages, then those that read their hits together. */
struct turns_jobs plan_turns(const struct plan *plan, const struct ruleset *rs, struct casefile *cf,
			     struct arena *keep);

#endif
