/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * source.h - what a search asks of a case, without knowing how the case is stored.
 *
 * The store implements it over the case file, tests over arrays. Everything handed to a callback
 * is valid until the callback returns. A callback returns false to stop early (not an error).
 */
#ifndef AUGER_BASE_SOURCE_H
#define AUGER_BASE_SOURCE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/event.h"
#include "base/finding.h"
#include "base/pred.h"

/* earliest <= time < latest; WHEN_NONE and WHEN_MAX are open ends. Events without time are inside
 * only when both ends are open. */
struct span {
	int64_t earliest_ns, latest_ns;
};

enum order {
	ORDER_ANY,          /* whatever is cheapest */
	ORDER_NEWEST_FIRST, /* time descending, then id descending */
};

typedef bool event_fn(void *ctx, const struct event *ev);
/* An event, and of which rules it is a hit: their places in the list that was asked for, ascending. */
typedef bool hits_fn(void *ctx, const struct event *ev, const uint32_t *rules, uint32_t n);

#define RISK_SEPARATOR '\x1f'
#define RISK_VALUE     '\x1e' /* between a name and its value */

/* A risk event as Risk.All_Risk has it. */
struct risk_event {
	int64_t            id, time_ns, finding_id;
	struct risk_object object;
	struct text        normalized; /* one spelling per entity; lower case */
	struct text        rule, rule_id, rule_type; /* TTP, Anomaly ... */
	struct text        technique, tactic, stories; /* lists as in struct finding */
	struct text        annotations; /* as in struct finding */
	struct text        annotations_all; /* values of all frameworks and stories, joined by '\n' */
	struct text        threats, threat_types; /* side by side, joined by RISK_SEPARATOR */
	struct text        row; /* fields of the result row that it comes from, joined by
				 * RISK_SEPARATOR; absent when it was read without them */
	int64_t            host_id; /* which host of the case the object is; 0: none, or ambiguous */
};
typedef bool risk_fn(void *ctx, const struct risk_event *re);

struct source {
	void *self;
	/* Events that satisfy PRED in SPAN. A multi-part script block: its first part present carries
	 * the joined text (EVENT_SCRIPT_WHOLE), the others have no ScriptBlockText (EVENT_SCRIPT_REST). */
	bool (*events)(void *self, const struct pred *pred, struct span span, enum order order,
		       event_fn *fn, void *ctx, struct err *err);
	/* Events that an import already matched for search LEAF of the rule (0: its main search); same
	 * order and contract. NULL: the source has no stored hits, use events(). */
	bool (*hits)(void *self, struct text rule_id, uint32_t leaf, struct span span, enum order order,
		     event_fn *fn, void *ctx, struct err *err);
	/* The hits of several rules' main searches, in the order of events, each event once. NULL: the
	 * source has them for one rule after the other only. */
	bool (*all_hits)(void *self, const struct text *rule_ids, uint32_t n, hits_fn *fn, void *ctx,
			 struct err *err);
	/* As events, but the events handed over have their facts only (numbers, time, host, channel,
	 * provider, event id) and no fields. *TOLD false: PRED reads more than that, ask events().
	 * NULL: the source has no cheaper way. */
	bool (*facts)(void *self, const struct pred *pred, struct span span, enum order order,
		      event_fn *fn, void *ctx, bool *told, struct err *err);
	bool (*risk)(void *self, struct span span, risk_fn *fn, void *ctx, struct err *err);
	int64_t case_clock_ns; /* the offline "now" */
	const atomic_bool *cancel; /* may be NULL */
	/* The case file: what memory has no room for goes to files without a name beside it. NULL: to
	 * the folders of base/temporary.h. */
	const char *place;
	size_t memory_bytes; /* what a search over it may take for groups and sorts; 0: its default */
};

#endif
