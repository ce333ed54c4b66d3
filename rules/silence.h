/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * silence.h - why a rule found nothing: which log or field the case lacks.
 *
 * Logs and how to have them recorded: logs.def.
 */
#ifndef AUGER_RULES_SILENCE_H
#define AUGER_RULES_SILENCE_H

#include "rules/detection.h"

/* What a case can answer about itself. Channel absent: any; event id 0: any. */
struct case_facts {
	void *self;
	bool (*has_events)(void *self, struct text channel, uint32_t event_id);
	bool (*has_field)(void *self, struct text raw_field);
	/* the rest is asked about searches only */
	bool (*has_host)(void *self, struct text host);
	/* could an event satisfy PRED, as far as its log and number, or its host, tell? */
	bool (*may_satisfy)(void *self, const struct pred *pred);
	int64_t first_ns, last_ns; /* of its events; WHEN_NONE: none has a time */
};

/* Says of a rule that found nothing why; turns that into "no data" when the case lacks what it reads,
 * with the log to collect or the field that is missing. Other entries stay as they are. FACTS are
 * needed for one without hits only. */
void silence_explain(const struct detection *d, const struct case_facts *facts,
		     struct ledger_entry *ledger, struct arena *keep);

/* The same of a search that has run and gave no row; absent: nothing it reads is missing. */
struct text silence_of_search(const struct search *s, const struct search_stats *stats,
			      const struct case_facts *facts, struct arena *keep);

#endif
