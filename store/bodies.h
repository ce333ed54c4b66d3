/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * bodies.h - what findings have in common, once: the texts of their rule, and the row that rules which
 * are alike found one after the other.
 *
 * Between findings_begin and findings_end (findings.h). Errors: false, or number 0: the case file
 * failed.
 */
#ifndef AUGER_STORE_BODIES_H
#define AUGER_STORE_BODIES_H

#include "base/finding.h"
#include "store/db.h"

/* The number of the finding's row in rule_text. */
int64_t bodies_rule(struct casefile *cf, const struct finding *f, struct arena scratch,
		    struct err *err);
/* That of its row in finding_body: the last one that was asked for when it is the same. HOST is host.id,
 * 0: not known; USER_KEY as in risk_event.normalized. */
int64_t bodies_row(struct casefile *cf, const struct finding *f, int64_t host, struct text user_key,
		   struct arena scratch, struct err *err);
/* A finding was deleted: its rows may be nobody's now. */
void bodies_dropped(struct casefile *cf);
/* Takes away what is nobody's. */
bool bodies_settle(struct casefile *cf, struct err *err);
/* All findings were deleted. */
bool bodies_clear(struct casefile *cf, struct err *err);
/* What is remembered may not be true any more: after the transaction. */
void bodies_forget(struct casefile *cf);

#endif
