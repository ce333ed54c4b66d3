/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * member_names.h - inside the store: names of accounts that joined or left a group, of which the
 * event has the identifier only.
 *
 * Windows writes changes of local groups (4732) with MemberName "-"; whoever reads the log on that
 * machine is shown the name all the same. Here other events of the case say it (sid_holder.h): the
 * event gets MemberSid_decoded (decoded.h) when the import is finished, and is matched again. An
 * identifier that events give several names has none, and the remark of the event says so. Each
 * import looks at all of them again, so that the order of imports does not matter: a name that
 * further evidence contradicts is withdrawn.
 */
#ifndef AUGER_STORE_MEMBER_NAMES_H
#define AUGER_STORE_MEMBER_NAMES_H

#include "base/event.h"
#include "store/import.h"
#include "store/writer.h"

/* The identifier, where the event has that and no name; absent otherwise. */
struct text member_without_name(const struct event *ev);

/* Notes an event that has SID and no name. Inside the writer's transaction. */
bool member_names_note(struct casefile *cf, int64_t event, struct text sid, struct err *err);

/* At the end of an import: what is said of those that were noted. In the transaction. */
bool member_names_find(struct writer *w, struct casefile *cf, match_fn *match, void *ctx,
		       struct err *err);

/* For a case whose auger noted nothing: what its events say of members and identifiers; those that cannot
 * be read say nothing. In the transaction. */
bool member_names_of_stored(struct casefile *cf, struct err *err);

#endif
