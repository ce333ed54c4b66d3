/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * due.h - which rules must be run (again) over a case, so that its findings are those of now.
 *
 * A rule is due when something that it reads has changed since it ran: itself with its macros and
 * tables, the program, hits of its searches or their events, events that it takes whole, the case
 * clock when it asked for that, findings when it reads risk; when it failed; and when its log or
 * field has come to the case. In doubt it is. What the ledger says of all others stays, but for the
 * log or field that is missing.
 */
#ifndef AUGER_CLI_DUE_H
#define AUGER_CLI_DUE_H

#include "rules/rule_run.h"
#include "store/part.h"

struct due {
	bool    *rule;  /* [rule]: must be run */
	bool    *in_part; /* [rule]: due for nothing but new events, and by host: run over PART */
	struct case_part part; /* the hosts of the new events */
	struct rule_part told; /* what rules that are run over it found before */
	uint32_t n;     /* how many of these there are; those that do not compile do not count */
	bool     whole; /* nothing in the case is to be kept */
	const struct ledger_entry *before; /* [rule]: of those that are not run */
	const struct text         *gone;   /* ids of rules that the case has findings of no longer */
	uint32_t n_gone;
};

/* Inside the transaction that writes findings. ANEW: all of them, whatever has changed. */
bool due_find(struct casefile *cf, const struct ruleset *rs, bool anew, struct arena *keep,
	      struct due *out, struct err *err);

/* Takes away what must not be there while rules run: all that is to be made anew, what the case has
 * of rules that are gone, and of those that are due and read risk, their own included. Corrects
 * what the ledger says of rules that are not due. */
bool due_clear(struct casefile *cf, const struct ruleset *rs, const struct due *due,
	       struct err *err);

#endif
