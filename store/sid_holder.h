/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * sid_holder.h - inside the store: whose security identifier it is, as events of the case say that
 * have it beside a name: logons, processes, changes of accounts.
 *
 * What they say is noted while they are imported (table sid_name), so that all of them count and
 * their order does not. CORP and corp.example are one domain. Events that name somebody else, after
 * a change of the name or on a copied machine, make it that of several, and so of nobody.
 */
#ifndef AUGER_STORE_SID_HOLDER_H
#define AUGER_STORE_SID_HOLDER_H

#include "base/event.h"
#include "store/db.h"

struct sid_said { /* by one event */
	struct text sid, name, domain; /* domain: "" where it names none */
};

#define SIDS_SAID_MAX 4
#define SID_BYTES     184 /* of an identifier with all parts that it may have: [MS-DTYP] 2.4.2 */

/* What EV says, at most SIDS_SAID_MAX; texts of the event. */
size_t sids_said(const struct event *ev, struct sid_said *out);
/* Inside the writer's transaction. */
bool sid_said_note(struct casefile *cf, const struct sid_said *said, struct err *err);

struct sid_holder {
	struct text name;  /* DOMAIN\\name, or the name alone; absent: nobody says */
	struct text other; /* another name that it has been given; absent: none */
};

/* Texts live in KEEP. False: failed. */
bool sid_holder_find(struct casefile *cf, struct text sid, struct arena *keep,
		     struct sid_holder *out, struct err *err);

#endif
