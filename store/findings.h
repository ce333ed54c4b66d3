/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * findings.h - writing what rules produced.
 *
 * A rule that is run again gives all that it finds once more: what the case has already stays where
 * it is, what has changed is replaced, what did not come out any more goes with
 * findings_settle_rule. Verdicts, notes and bookmarks (work.h) hang on finding.key and stay.
 */
#ifndef AUGER_STORE_FINDINGS_H
#define AUGER_STORE_FINDINGS_H

#include "base/err.h"
#include "base/finding.h"
#include "store/casefile.h"

/* One transaction: begin, any number of adds and ledger entries, end (or abort). */
bool findings_begin(struct casefile *cf, struct err *err);
/* Takes away what the case has of the rule. */
bool findings_clear_rule(struct casefile *cf, struct text rule_id, struct err *err);
bool findings_clear_all(struct casefile *cf, struct err *err);
bool findings_add(struct casefile *cf, const struct finding *f, struct err *err);
/* Takes it away, if the case has it. */
bool findings_drop(struct casefile *cf, struct text key, struct err *err);
/* A finding that its rule's _filter macro took away: counted and listed, without risk. */
bool findings_hide(struct casefile *cf, const struct finding *f, struct err *err);
/* The rule has been run: takes away what the case has of it and what was not added or hidden since
 * findings_begin. */
bool findings_settle_rule(struct casefile *cf, struct text rule_id, struct err *err);
/* The same of one that was run over a part of the case: what rests on others stays. */
bool findings_settle_part(struct casefile *cf, struct text rule_id, struct err *err);
bool findings_ledger(struct casefile *cf, const struct ledger_entry *entry, struct err *err);
/* The rule is run again with the next import, whatever that brings. */
bool findings_outdated(struct casefile *cf, struct text rule_id, struct err *err);
/* The indexes of the findings that were added, when all are made anew and these are many, for when
 * there is nothing else to do: findings_sum_up makes them else. */
#define FINDINGS_MANY 20000 /* indexes of fewer take no time */
bool findings_index(struct casefile *cf, struct err *err);
/* Risk events and summaries of what was added so far; findings_end does it, too. */
bool findings_sum_up(struct casefile *cf, struct err *err);
bool findings_end(struct casefile *cf, struct err *err); /* host and user summaries follow; commits */
void findings_abort(struct casefile *cf);

#endif
