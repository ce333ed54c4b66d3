/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * factoring.h - what risk adds up to: scores with the factors of the case, risk given by hand.
 *
 * Events are not asked again: factors act on the risk events that there are.
 */
#ifndef AUGER_CLI_FACTORING_H
#define AUGER_CLI_FACTORING_H

#include "rules/ruleset.h"
#include "store/casefile.h"

/* What errors of a condition name as their file: "factor:1:12". */
#define FACTOR_PLACE TEXT("factor")

/* Does the condition of a factor compile? ERR_RULE with FACTOR_PLACE. */
bool factoring_check(struct text condition, const struct ruleset *rs, struct arena *keep,
		     struct err *err);
/* Between findings_begin and findings_end: brings scores, hosts and users up to date. RS: macros and
 * lookups that conditions may name. *BROKEN: factors whose condition cannot be asked any more; they
 * apply to nothing, and the case keeps why. NULL: nobody asks. */
bool factoring_sum_up(struct casefile *cf, const struct ruleset *rs, uint32_t *broken,
		      struct err *err);
/* A change of what risk is counted from. */
struct factoring {
	bool (*change)(struct casefile *cf, const void *what, struct err *err);
	const void *what;
	struct text factor;   /* that must be askable then, else nothing is changed; absent: none */
	bool        try_only; /* nothing is changed, LOOK sees what would be */
	/* Called when all is summed up, before it counts; may be NULL. */
	bool (*look)(struct casefile *cf, void *ctx, struct err *err);
	void *ctx;
};
/* The same as a transaction of its own, after the change. */
bool factoring_change(struct casefile *cf, const struct ruleset *rs, const struct factoring *f,
		      struct err *err);

/* Scores were changed since rules that read risk have run. */
bool factoring_newer(struct casefile *cf);
/* They have run. */
bool factoring_read(struct casefile *cf, struct err *err);

#endif
