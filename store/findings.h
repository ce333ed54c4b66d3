/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * findings.h - writing what rules produced, and what analysts made of it.
 *
 * Findings are replaced as a whole; verdicts, notes and bookmarks hang on finding.key and stay.
 */
#ifndef AUGER_STORE_FINDINGS_H
#define AUGER_STORE_FINDINGS_H

#include "base/err.h"
#include "base/finding.h"
#include "store/casefile.h"

/* One transaction: begin, any number of adds and ledger entries, end (or abort). */
bool findings_begin(struct casefile *cf, struct err *err);
bool findings_clear_rule(struct casefile *cf, struct text rule_id, struct err *err);
bool findings_clear_all(struct casefile *cf, struct err *err);
bool findings_add(struct casefile *cf, const struct finding *f, struct err *err);
bool findings_ledger(struct casefile *cf, const struct ledger_entry *entry, struct err *err);
bool findings_end(struct casefile *cf, struct err *err); /* host and user summaries follow; commits */
void findings_abort(struct casefile *cf);

/* Analyst work. VERDICT: "open", "true positive", "benign", "false positive". */
bool work_set_verdict(struct casefile *cf, struct text finding_key, struct text verdict, struct err *err);
bool work_set_note(struct casefile *cf, struct text finding_key, struct text note, struct err *err);

/* The user's macro definitions (their _filter macros), kept in the case. Empty definition: forget it. */
struct case_macro {
	struct text name, definition;
};
bool   work_set_macro(struct casefile *cf, struct text name, struct text definition, struct err *err);
size_t work_macros(struct casefile *cf, struct arena *keep, struct case_macro **out);

#endif
