/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * refound.h - inside the store: findings that a rule finds again.
 *
 * What comes out as it is in the case already is left where it is; what does not come out any more
 * is known by not having been noted.
 */
#ifndef AUGER_STORE_REFOUND_H
#define AUGER_STORE_REFOUND_H

#include "base/finding.h"
#include "store/db.h"

/* Numbers of findings, and of those that are hidden, that came out in this transaction; of findings
 * that rest on events of a part of the case (part.h). */
enum refound_kind { REFOUND_SHOWN, REFOUND_HIDDEN, REFOUND_OF_PART, REFOUND_KINDS };
void refound_note(struct casefile *cf, enum refound_kind kind, int64_t id);
bool refound_noted(const struct casefile *cf, enum refound_kind kind, int64_t id);
/* The transaction ends. */
void refound_forget(struct casefile *cf);

/* Whether the case has finding ID, and whether it would be written as it is there: all but whom its
 * names mean, which is decided for all findings at once. */
bool refound_compare(struct casefile *cf, int64_t id, const struct finding *f, bool *there,
		     bool *same, struct err *err);

#endif
