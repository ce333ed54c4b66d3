/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * blocks.h - inside the store: events read back from rows and blocks, through a small cache of
 * opened blocks.
 */
#ifndef AUGER_STORE_BLOCKS_H
#define AUGER_STORE_BLOCKS_H

#include "base/event.h"
#include "store/block.h"
#include "store/db.h"

/* A row of table event, as it is. */
struct facts {
	int64_t  id, time_ns, host, channel, provider, account, evidence;
	uint64_t record, offset, length;
	uint32_t event_id, flags;
};

#define FACTS_COLUMNS                                                                              \
	"e.id, e.ts, e.host, e.channel, e.provider, e.account, e.evidence, e.record, e.offset, "   \
	"e.length, e.code, e.flags"
struct facts facts_get(struct ask *q); /* of a row that begins with FACTS_COLUMNS */
/* Asks SQL, which takes the id of an event, for its row: then Q stands on it and is to be ended.
 * False: there is no such event, or it failed. */
bool ask_event(struct ask *q, struct casefile *cf, const char *sql, int64_t id, struct err *err);
/* False: there is no such event, or it failed. */
bool facts_of(struct casefile *cf, int64_t id, struct facts *out, struct err *err);

/* A block that stays opened until it is let go; zeroed: none. */
struct held {
	struct casefile *cf;
	int              slot; /* + 1 */
};
void held_release(struct held *h);

/* The event as recorded. Texts point into the held block, fields lie in KEEP. */
bool event_load(struct casefile *cf, const struct facts *row, struct held *h, struct arena *keep,
		struct event *out, struct err *err);

/* What the row alone says of the event: no fields; the host's name as it is spelled most. */
bool event_of_facts(struct casefile *cf, const struct facts *row, struct event *out,
		    struct err *err);

/* The stored values of the event, unparsed; valid while held. Absent: not readable. */
struct text event_body_raw(struct casefile *cf, int64_t id, struct held *h);
/* Of all events of the block that begins with that event. */
struct text blocks_bodies(struct casefile *cf, int64_t block, struct held *h);

/* An opened block that begins with that event, for those that ask for its events next. */
void blocks_give(struct casefile *cf, int64_t first, struct block *block);

/* Blocks were written anew: those that nobody holds are read again. */
void blocks_forget(struct casefile *cf);
/* The same, where another connection has done that since the last look. Moving from block to block
 * does it by itself. */
void blocks_notice(struct casefile *cf);
/* The setting that counts such writes, for other connections. */
#define BLOCKS_REWRITTEN "case.rewritten"

void blocks_free(struct block_cache *cache);

#endif
