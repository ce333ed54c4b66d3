/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * rule_run.h - running rules over a case: their findings, and what became of each rule.
 *
 * Ownership: a finding is valid until the function that is handed it returns; texts of the ledger
 * live in KEEP. Errors: false when the source failed, or the search had to stop (LEDGER_FAILED);
 * the ledger is filled whatever happens. A rule that does not compile is no failure.
 */
#ifndef AUGER_RULES_RULE_RUN_H
#define AUGER_RULES_RULE_RUN_H

#include "rules/ruleset.h"

typedef bool finding_fn(void *ctx, const struct finding *f);

/* A source that is a part of the case: all events of the hosts that have new ones. For searches
 * by host (search_is_by_host), which found what the ledger says before these came. */
struct rule_part {
	int64_t                    since;     /* events beyond are new */
	const struct ledger_entry *before;    /* [rule] */
	const uint64_t            *elsewhere; /* [rule]: findings of other hosts */
};

/* What runs read, and who takes what they find. */
struct rule_run {
	const struct ruleset *rules;
	const struct source  *source;
	finding_fn           *found;
	finding_fn           *hidden; /* what the rule's _filter macro removes; its result is ignored;
				       * may be NULL */
	void                 *ctx;    /* of both */
	struct arena         *keep;
	/* NULL: the source is the whole case. Else the ledger is that of the whole case all the
	 * same; where the part does not tell it, the run fails, and has to be done with the whole. */
	const struct rule_part *part;
};

/* The rule's pipeline over stored hits, each row a finding. */
bool rule_run(const struct rule_run *r, uint32_t rule, struct ledger_entry *ledger,
	      struct err *err);

/* The same for all that are alike (ruleset_alike), by one run: LEDGER has an entry for each, in their
 * order. */
bool rule_run_alike(const struct rule_run *r, uint32_t rule, struct ledger_entry *ledger,
		    struct err *err);

/* As rule_run_alike for each of the N (at most RULES_TOGETHER) RULES, which take all events of MODEL
 * (ruleset_takes_whole), or with MODEL_NONE all their hits (ruleset_takes_hits, and the source has
 * all_hits), and of which no two are alike, by one reading. LEDGER[k] has the entries of
 * RULES[k]. A rule that fails alone is no failure: FAILED[k] says how, ERR_NONE: it did not. */
#define RULES_TOGETHER 64
bool rule_run_together(const struct rule_run *r, enum model model, const uint32_t *rules, uint32_t n,
		       struct ledger_entry **ledger, enum err_kind *failed, struct err *err);

#endif
