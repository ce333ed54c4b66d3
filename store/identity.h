/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * identity.h - is this record an event that the case has already?
 *
 * The same event: same record id, event id, channel and machine, and times at most a second apart
 * (formats differ in precision), or apart by whole quarters of an hour up to 14 hours when the
 * zone of one was assumed. Records without id: same hash of content, same time. Host names
 * compare without case, and by the first label when one of the two has no domain.
 *
 * There is no index over all events: every committed batch (a lot) leaves the range of its record
 * ids per machine and channel, or of its times where there are no record ids. An event outside
 * all ranges is new without further look; else the few lots whose range it is in are read. Ranges of
 * a machine and channel are read when records of it come, and are remembered for a while.
 */
#ifndef AUGER_STORE_IDENTITY_H
#define AUGER_STORE_IDENTITY_H

#include "store/db.h"

struct identity_key {
	int64_t  host, kin, channel;
	int64_t  time_ns;
	uint64_t record; /* record id, or hash of the content */
	uint32_t event_id, flags; /* flags with ROW_HAS_RECORD */
};

struct identity;
struct identity *identity_open(void);
void             identity_close(struct identity *id);

/* KNOWN[i]: 0 the record is new; > 0 the event it is; < 0 it is record -KNOWN[i] - 1 of KEYS. */
bool identity_check(struct identity *id, struct casefile *cf, const struct identity_key *keys,
		    size_t n, int64_t *known, struct err *err);
/* The new ones of the records checked last became events FIRST to LAST. Inside the transaction. */
bool identity_learn(struct identity *id, struct casefile *cf, const struct identity_key *keys,
		    size_t n, const int64_t *known, int64_t first, int64_t last, struct err *err);
/* May records with these times be one event? FLAGS of both. */
bool identity_same_time(int64_t a_ns, int64_t b_ns, uint32_t flags);
/* Rows of events have changed: what is remembered of them is read again. */
void identity_forget(struct identity *id);

#endif
