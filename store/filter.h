/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * filter.h - inside the store: what a filter says, as conditions of a question.
 *
 * Ownership: texts are the filter's, and must live until the question was asked. Pieces that begin
 * with " AND" stand behind a condition; a filter that says nothing adds nothing.
 */
#ifndef AUGER_STORE_FILTER_H
#define AUGER_STORE_FILTER_H

#include "store/query.h"
#include "store/question.h"

#define FILTER_PARTS(part) (1u << (part))
/* What only findings know. */
#define FILTER_OF_FINDINGS                                                                         \
	(FILTER_PARTS(FILTER_RULE) | FILTER_PARTS(FILTER_TECHNIQUE) |                              \
	 FILTER_PARTS(FILTER_TACTIC) | FILTER_PARTS(FILTER_TYPE) | FILTER_PARTS(FILTER_VERDICT) |  \
	 FILTER_PARTS(FILTER_RISK))
/* What only events know and a finding is asked through its events. */
#define FILTER_OF_EVENTS                                                                           \
	(FILTER_PARTS(FILTER_CHANNEL) | FILTER_PARTS(FILTER_PROVIDER) |                            \
	 FILTER_PARTS(FILTER_EVENT_ID) | FILTER_PARTS(FILTER_RECORD_ID) |                          \
	 FILTER_PARTS(FILTER_EVIDENCE))
#define FILTER_ANY (~0u)

/* All that a filter says, as conditions. Its texts are the filter's. */
#define FILTER_MEMBERS 10
struct conditions {
	struct condition of[FILTER_MEMBERS + FILTER_CONDITIONS_MAX];
	size_t           n;
	struct text      event_id;
	char             digits[16];
};
/* Of PARTS only; CS must stay where it is. */
void filter_conditions(const struct case_filter *f, unsigned parts, struct conditions *cs);
void filter_keep(struct conditions *cs, unsigned parts); /* drops all others */
bool filter_has(const struct conditions *cs, unsigned parts);
/* The same, but only those that include, or only those that exclude. */
bool filter_includes(const struct conditions *cs, unsigned parts);
bool filter_excludes(const struct conditions *cs, unsigned parts);
/* For what is bookmarked, and nothing else? */
bool filter_asks_bookmark(const struct conditions *cs);

/* "(ONE OR ONE ...)" over the values of C, ADD writing one. */
typedef void condition_fn(struct question *s, struct casefile *cf, struct text value);
void condition_any(struct question *s, struct casefile *cf, const struct condition *c,
		   condition_fn *add);
/* " AND (" and " AND NOT ifnull((", and what closes it: no value is no reason to be left out. */
void condition_begin(struct question *s, const struct condition *c);
void condition_end(struct question *s, const struct condition *c);
/* Of a bookmark: those that have one. */
bool condition_is_yes(struct text value);
/* " AND ..." for times in a column. */
void condition_time(struct question *s, const struct condition *c, const char *column);

/* " AND ..." for those of PARTS, of findings, alias f, joined with work w. */
void filter_findings(struct question *s, struct casefile *cf, const struct conditions *cs,
		     unsigned parts);
/* The same of risk events, alias r, joined with their finding f and its work w: they are asked about
 * their own object and time, not about all of the finding. */
void filter_risk(struct question *s, struct casefile *cf, const struct case_filter *f);
/* The same for one condition, of what findings know themselves. */
void filter_finding(struct question *s, struct casefile *cf, const struct condition *c);
/* " AND ..." for what rows of event, alias e, know themselves. HOST: an index on hosts leads, so no
 * other shall. */
void filter_events(struct question *s, struct casefile *cf, const struct conditions *cs, bool host);
/* " AND ..." for every hour of table activity that may hold an event that passes. */
void filter_hours(struct question *s, struct casefile *cf, const struct conditions *cs);
void filter_summary_host(struct question *s, struct casefile *cf, struct text host);
/* "COLUMN IN (users that the name may mean)"; the column holds users as user_risk has them. */
void filter_user(struct question *s, const char *column, struct text user);
/* "COLUMN IN (hosts that the name may mean)". */
void filter_host(struct question *s, struct casefile *cf, const char *column, struct text host);

#endif
