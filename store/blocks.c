/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/blocks.h"

#include <stdlib.h>

#define CACHE_BYTES ((size_t)16 << 20)
#define CACHE_SLOTS 512

struct slot {
	int64_t      first, n; /* events */
	struct block block;
	unsigned     held;
	uint64_t     used;
};

struct block_cache {
	struct slot slots[CACHE_SLOTS];
	int         n, latest;
	size_t      bytes;
	uint64_t    clock;
	int64_t     version, rewritten; /* of the case, when it was last looked at */
};

struct facts
facts_get(struct ask *q)
{
	return (struct facts){
		.id = ask_get_int(q, 0),
		.time_ns = ask_get_int(q, 1),
		.host = ask_get_int(q, 2),
		.channel = ask_get_int(q, 3),
		.provider = ask_get_int(q, 4),
		.account = ask_get_int(q, 5),
		.evidence = ask_get_int(q, 6),
		.record = (uint64_t)ask_get_int(q, 7),
		.offset = (uint64_t)ask_get_int(q, 8),
		.length = (uint64_t)ask_get_int(q, 9),
		.event_id = (uint32_t)ask_get_int(q, 10),
		.flags = (uint32_t)ask_get_int(q, 11),
	};
}

static const char one_event[] = "SELECT " FACTS_COLUMNS " FROM event e WHERE e.id = ?1";

bool
ask_event(struct ask *q, struct casefile *cf, const char *sql, int64_t id, struct err *err)
{
	if (ask(q, cf, sql, err)) {
		ask_int(q, 1, id);
		if (ask_row(q))
			return true;
	}
	return ask_end(q) && err_set(err, ERR_INPUT, "there is no event %lld", (long long)id);
}

bool
facts_of(struct casefile *cf, int64_t id, struct facts *out, struct err *err)
{
	struct ask q;

	if (!ask_event(&q, cf, one_event, id, err))
		return false;
	*out = facts_get(&q);
	return ask_end(&q);
}

static struct block_cache *
cache_of(struct casefile *cf)
{
	if (!cf->blocks) {
		cf->blocks = calloc(1, sizeof(*cf->blocks));
		if (!cf->blocks)
			arena_exhausted(sizeof(*cf->blocks));
	}
	return cf->blocks;
}

void
blocks_free(struct block_cache *cache)
{
	if (!cache)
		return;
	for (int i = 0; i < cache->n; i++)
		block_free(&cache->slots[i].block);
	free(cache);
}

static bool
slot_has(const struct slot *s, int64_t id)
{
	return s->block.raw && id >= s->first &&
	       (uint64_t)id - (uint64_t)s->first < (uint64_t)s->n;
}

static void
evict(struct block_cache *c, struct slot *s)
{
	c->bytes -= s->block.memory_bytes;
	block_free(&s->block);
	s->n = 0;
}

void
blocks_forget(struct casefile *cf)
{
	struct block_cache *c = cache_of(cf);

	for (int i = 0; i < c->n; i++)
		if (c->slots[i].block.raw && !c->slots[i].held)
			evict(c, &c->slots[i]);
}

void
blocks_notice(struct casefile *cf)
{
	struct block_cache *c = cache_of(cf);
	int64_t             version, rewritten;

	if (cf->reads)
		return; /* of one state of the case */
	version = db_int(cf, "PRAGMA data_version", 0);
	if (version == c->version)
		return;
	c->version = version;
	rewritten = db_int(
	    cf, "SELECT value FROM setting WHERE name = '" BLOCKS_REWRITTEN "'", 0);
	if (rewritten != c->rewritten)
		blocks_forget(cf);
	c->rewritten = rewritten;
}

/* A slot to read a block into: a free one, or the one not used for longest. -1: all are held. */
static int
slot_free(struct block_cache *c)
{
	for (;;) {
		int oldest = -1, empty = -1;

		for (int i = 0; i < c->n; i++) {
			if (!c->slots[i].block.raw)
				empty = i;
			else if (!c->slots[i].held &&
				 (oldest < 0 || c->slots[i].used < c->slots[oldest].used))
				oldest = i;
		}
		if (empty < 0 && c->n < CACHE_SLOTS)
			empty = c->n++;
		if ((c->bytes <= CACHE_BYTES && empty >= 0) || oldest < 0)
			return empty;
		evict(c, &c->slots[oldest]);
	}
}

void
blocks_give(struct casefile *cf, int64_t first, struct block *block)
{
	struct block_cache *c = cache_of(cf);
	int                 at = -1;

	for (int i = 0; i < c->n && at < 0; i++)
		if (slot_has(&c->slots[i], first))
			at = i;
	if (at >= 0 || (at = slot_free(c)) < 0) {
		block_free(block);
		return;
	}
	c->slots[at].first = first;
	c->slots[at].n = block->n;
	c->slots[at].block = *block;
	c->slots[at].used = ++c->clock;
	c->bytes += block->memory_bytes;
	*block = (struct block){ 0 };
}

static const char block_of[] = "SELECT id, n, data FROM block WHERE id <= ?1 "
			       "ORDER BY id DESC LIMIT 1";

static bool
read_block(struct casefile *cf, int64_t id, struct slot *s, struct err *err)
{
	struct ask q;
	bool       good = false;

	if (ask(&q, cf, block_of, err)) {
		ask_int(&q, 1, id);
		if (ask_row(&q)) {
			s->first = ask_get_int(&q, 0);
			s->n = ask_get_int(&q, 1);
			good = (uint64_t)id - (uint64_t)s->first < (uint64_t)s->n &&
			       block_open(&s->block, ask_get_text(&q, 2)) &&
			       (int64_t)s->block.n == s->n;
		}
	}
	if (ask_end(&q) && good)
		return true;
	block_free(&s->block);
	s->n = 0;
	if (q.failed) /* or only stopped: the question has said so */
		return false;
	return db_fault(cf, err, "the fields of event %lld cannot be read", (long long)id);
}

static const struct slot *
hold(struct casefile *cf, int64_t id, struct held *h, struct err *err)
{
	struct block_cache *c = cache_of(cf);
	int                 at = -1;

	held_release(h);
	if (c->latest < c->n && slot_has(&c->slots[c->latest], id))
		at = c->latest;
	else
		blocks_notice(cf);
	for (int i = 0; i < c->n && at < 0; i++)
		if (slot_has(&c->slots[i], id))
			at = i;
	if (at < 0) {
		at = slot_free(c);
		if (at < 0) {
			err_set(err, ERR_IO, "too many events are held at once");
			return NULL;
		}
		if (!read_block(cf, id, &c->slots[at], err))
			return NULL;
		c->bytes += c->slots[at].block.memory_bytes;
	}
	c->latest = at;
	c->slots[at].used = ++c->clock;
	c->slots[at].held++;
	*h = (struct held){ cf, at + 1 };
	return &c->slots[at];
}

void
held_release(struct held *h)
{
	if (h->slot)
		h->cf->blocks->slots[h->slot - 1].held--;
	*h = (struct held){ 0 };
}

bool
event_of_facts(struct casefile *cf, const struct facts *row, struct event *out, struct err *err)
{
	/* Without its channel it would be another event. */
	if (!db_names_load(cf, NAME_HOST, row->host, err) ||
	    !db_names_load(cf, NAME_CHANNEL, row->channel, err) ||
	    !db_names_load(cf, NAME_PROVIDER, row->provider, err) ||
	    !db_names_load(cf, NAME_ACCOUNT, row->account, err))
		return false;
	*out = (struct event){
		.id = row->id,
		.time_ns = row->time_ns,
		.host = db_name(cf, NAME_HOST, row->host),
		.channel = db_name(cf, NAME_CHANNEL, row->channel),
		.provider = db_name(cf, NAME_PROVIDER, row->provider),
		.event_id = row->event_id,
		.flags = row->flags & 0xffff,
		.has_record_id = (row->flags & ROW_HAS_RECORD) != 0,
		.record_id = row->flags & ROW_HAS_RECORD ? row->record : 0,
		.evidence = row->evidence,
		.offset = row->offset,
		.length = row->length,
	};
	return true;
}

bool
event_load(struct casefile *cf, const struct facts *row, struct held *h, struct arena *keep,
	   struct event *out, struct err *err)
{
	const struct slot *s = hold(cf, row->id, h, err);

	if (!s || !event_of_facts(cf, row, out, err))
		return false;
	if (!block_event(&s->block, (uint32_t)(row->id - s->first), out, keep))
		return db_fault(cf, err, "the fields of event %lld are damaged",
				(long long)row->id);
	event_finish(out);
	out->flags = row->flags & 0xffff;
	out->user = db_name(cf, NAME_ACCOUNT, row->account);
	return true;
}

struct text
event_body_raw(struct casefile *cf, int64_t id, struct held *h)
{
	const struct slot *s = hold(cf, id, h, NULL);

	return s ? block_body(&s->block, (uint32_t)(id - s->first)) : TEXT_NONE;
}

struct text
blocks_bodies(struct casefile *cf, int64_t block, struct held *h)
{
	const struct slot *s = hold(cf, block, h, NULL);

	return s ? block_bodies(&s->block) : TEXT_NONE;
}
