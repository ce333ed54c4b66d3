/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * risk.h - inside the store: what findings add up to for hosts and users.
 *
 * Whom the names in findings mean is decided for all of them at once (machine.h, user.h). Objects
 * that no event names get a host of their own, without events.
 */
#ifndef AUGER_STORE_RISK_H
#define AUGER_STORE_RISK_H

#include "store/db.h"

/* One spelling per entity: trimmed, lower case. */
struct text risk_normalize(struct text object, struct arena *keep);

/* Makes the hosts and users of findings anew, and the risk of each, when that would come to
 * anything else: findings were written since (casefile.found), or the hosts are others than it was
 * made with. Inside a transaction. */
bool risk_summarize_changed(struct casefile *cf, struct err *err);
/* What it was made with the last time; empty: it has not been made. */
struct text risk_summed(struct casefile *cf, struct arena *keep);

#endif
