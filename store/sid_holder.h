/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * sid_holder.h - inside the store: whose security identifier it is, as events of the case say that
 * have it beside a name: logons, processes, changes of accounts.
 *
 * CORP and corp.example are one domain. Events that name somebody else, after a change of the name
 * or on a copied machine, make it that of several, and so of nobody.
 */
#ifndef AUGER_STORE_SID_HOLDER_H
#define AUGER_STORE_SID_HOLDER_H

#include "store/db.h"

struct sid_holder {
	struct text name, domain; /* as events spell them; name absent: nobody says */
	struct text other;        /* another name that it has been given; absent: none */
};

/* Reads events, many at most. Texts live in KEEP. False: failed. */
bool sid_holder_find(struct casefile *cf, struct text sid, struct arena *keep,
		     struct sid_holder *out, struct err *err);
/* DOMAIN\\name, or the name alone. */
struct text sid_holder_name(const struct sid_holder *h, struct arena *keep);

#endif
