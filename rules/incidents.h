/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * incidents.h - which risk objects crossed a threshold: the two incident rules of Enterprise
 * Security, replayed over the time of the evidence.
 *
 *   risk threshold    the scores of 24 hours add up to more than 100
 *   tactic threshold  at least 3 ATT&CK tactics from at least 4 sources within 7 days
 *
 * A rule is asked at the time t of every risk event of an object, about (t - window, t], and once
 * more at the case clock. Windows that qualify and overlap are one incident: it tells the highest
 * of them and the span of all. Sources are detections. Scores are exact to a thousandth of a point.
 * The result does not depend on the order in which risk events come.
 *
 * Source: Splunk Enterprise Security, default risk incident rules.
 */
#ifndef AUGER_RULES_INCIDENTS_H
#define AUGER_RULES_INCIDENTS_H

#include "base/arena.h"
#include "base/source.h"

enum incident_rule { INCIDENT_RISK, INCIDENT_TACTICS };
const char *incident_rule_name(enum incident_rule rule);
const char *incident_threshold(enum incident_rule rule); /* "risk in 24 h" */
struct incident;
/* As Enterprise Security calls it: "24 hour risk threshold exceeded for system=H1". */
struct text incident_title(const struct incident *incident, struct arena *keep);

enum incident_severity { SEVERITY_MEDIUM, SEVERITY_HIGH, SEVERITY_CRITICAL };
const char *incident_severity_name(enum incident_severity severity); /* "medium" */

struct incident {
	enum incident_rule     rule;
	struct text            object; /* the most frequent spelling */
	enum risk_object_type  type;
	enum incident_severity severity;
	/* Of the highest window: */
	double      score;
	double      capped_score; /* equals score without a cap */
	uint32_t    n_sources, n_tactics, risk_events;
	struct text sources; /* names, joined by '\n', sorted */
	struct text tactics; /* names, comma separated, in the order of the matrix */
	int64_t     window_start_ns, window_end_ns; /* behind its start, up to its end */
	/* Of all windows that are this incident: */
	int64_t first_ns, last_ns; /* first and last risk event */
	bool    now;               /* one of them ends at the case clock */
};

#define INCIDENT_CAP_MOST 1000000

struct incident_options {
	int64_t  clock_ns; /* WHEN_NONE: nothing is asked at the clock */
	uint32_t cap;      /* a source counts at most as often as this with its highest score; 0: no cap.
			    * With a cap, the capped score is what crosses the risk threshold. */
};

/* Risk events as they come; everything lives in KEEP. A risk event without time has that of the
 * case clock. */
struct incident_book;
struct incident_book *incident_book_new(struct arena *keep);
void                  incident_book_add(struct incident_book *book, const struct risk_event *re,
					struct arena scratch);

/* Most severe first; then by score, object, rule, time. Once for a book. */
size_t incidents_find(struct incident_book *book, const struct incident_options *options,
		      struct incident **out);

#endif
