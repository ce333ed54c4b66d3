/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * risk.h - inside the store: what findings add up to for hosts and users.
 *
 * A system risk object belongs to the host of that name, without case; a name with or without
 * domain also to the one host of the case that has the same first label. Objects that no event
 * names get a host of their own, without events.
 */
#ifndef AUGER_STORE_RISK_H
#define AUGER_STORE_RISK_H

#include "store/db.h"

/* One spelling per entity: trimmed, lower case. */
struct text risk_normalize(struct text object, struct arena *keep);

/* Makes the risk columns of hosts, and the users, anew. Inside a transaction. */
bool risk_summarize(struct casefile *cf, struct err *err);

#endif
