/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * evaluate.h - every rule's pipeline over the hits of the case: findings, risk, ledger.
 */
#ifndef AUGER_CLI_EVALUATE_H
#define AUGER_CLI_EVALUATE_H

#include <stdatomic.h>

#include "base/err.h"
#include "cli/watch.h"
#include "rules/ruleset.h"
#include "store/casefile.h"

struct evaluation {
	uint64_t findings, hidden; /* hidden: taken away by _filter macros */
	uint32_t rules, found, no_data, unsupported, failed;
	uint32_t no_factors; /* that could not be asked: they apply to nothing */
	uint32_t run; /* rules that were run; for the others it stays as it was: due.h */
};

struct evaluating {
	uint32_t           threads;
	size_t             memory_bytes; /* for what searches group and sort, all threads together */
	bool               anew; /* all rules, whatever has changed */
	bool               unindexed; /* import_index is still to be done */
	struct watch      *watch;
	const atomic_bool *cancel;
};

/* Brings the findings of the case up to date in one transaction: runs the rules that are due. What
 * comes out, numbers included, does not depend on how many threads there are. */
bool evaluate(struct casefile *cf, const struct ruleset *rs, const struct evaluating *how,
	      struct evaluation *out, struct err *err);

/* One rule anew, between findings_begin and findings_end. CANCEL may be NULL. */
bool evaluate_rule(struct casefile *cf, const struct ruleset *rs, uint32_t i,
		   const atomic_bool *cancel, struct err *err);

#endif
