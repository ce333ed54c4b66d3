/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * changes.h - what of a case has changed since its rules were run: which of them must run again.
 *
 * A rule reads hits of predicates, or all events of some kind. Events that are new have numbers
 * beyond the last one that rules were run with. One that was there may become another: a script
 * block gets the rest of its parts, a richer record of it comes. Then the predicates that it was a
 * hit of, and is one of now, are noted (table predicate_changed). All of this is settled in the
 * transaction that writes the findings, so a case never has new findings beside old notes.
 */
#ifndef AUGER_STORE_CHANGES_H
#define AUGER_STORE_CHANGES_H

#include "base/event.h"
#include "base/finding.h"
#include "base/source.h"
#include "store/casefile.h"

/* An event that is there changes: called while it has its hits of before, and once more when it has
 * those of now. Inside a transaction. */
bool changes_note(struct casefile *cf, int64_t event, struct err *err);

struct changes {
	bool    ever;    /* rules have been run; else nothing below is said */
	int64_t last;    /* event that was there then; all beyond are new */
	bool    earlier; /* one that was there has changed */
	bool    names;   /* hosts that risk is about may be others */
};
/* Inside the transaction that writes findings. */
void changes_read(struct casefile *cf, struct changes *out);
/* Everything that is there now has been taken into account, findings summed up. In the same
 * transaction. */
bool changes_settle(struct casefile *cf, struct err *err);

/* What the ledger says of each rule that was run, and how the hits that it reads have changed since:
 * there are new ones, of events beyond LAST; those of before, or their events, are others. Texts live
 * until the function returns; false: enough. */
struct hits_changed {
	bool more, others;
};
typedef bool rule_before_fn(void *ctx, const struct ledger_entry *entry,
			    struct hits_changed changed);
bool changes_rules(struct casefile *cf, int64_t last, rule_before_fn *fn, void *ctx,
		   struct err *err);

/* Each event beyond LAST, whole; none at all, and *ALL false, when they are more than MOST. */
bool changes_events(struct casefile *cf, int64_t last, uint64_t most, event_fn *fn, void *ctx,
		    bool *all, struct err *err);

#endif
