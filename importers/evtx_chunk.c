/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "importers/evtx_chunk.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/counted.h"
#include "base/when.h"
#include "importers/binxml.h"
#include "importers/bytes.h"

#define RECORD_MAGIC  0x00002a2a
#define RECORD_HEADER 24
#define RECORD_MIN    28 /* header and the copy of the size */
#define RECORD_MAX    65024
#define ID_UNKNOWN    (UINT64_MAX / 2) /* far from every number that a record has */

/* Fields of the chunk header. */
enum {
	CHUNK_FIRST_ID = 24,
	CHUNK_LAST_ID = 32,
	CHUNK_FREE_SPACE = 48,
	CHUNK_DATA_SUM = 52,
	CHUNK_FLAGS = 120,
	CHUNK_HEADER_SUM = 124,
	CHUNK_TABLES = 128,
};

enum record_state {
	RECORD_WHOLE,
	RECORD_COPY_DIFFERS, /* sane but for the copy of its size */
	RECORD_SIZE_BAD,
	RECORD_NO_MAGIC,
	RECORD_ZERO, /* nothing was written here */
};

void
evtx_reader_open(struct evtx_reader *r, struct arena *keep, struct sink *out,
		 const struct import_options *opt)
{
	*r = (struct evtx_reader){ .out = out, .gaps.out = out, .recover = opt->recover };
	r->binxml = binxml_open(keep, opt->recover);
	evtx_draft_open(&r->draft, keep);
	crc32_init(&r->crc);
}

void
evtx_reader_close(struct evtx_reader *r)
{
	if (!r->stopped)
		gaps_flush(&r->gaps);
	binxml_close(r->binxml);
}

bool
evtx_is_chunk(const uint8_t *p, size_t n)
{
	return n >= EVTX_CHUNK_HEADER && memcmp(p, "ElfChnk", 8) == 0;
}

static void
report_gap(struct evtx_reader *r, uint64_t offset, uint64_t length, uint64_t lost, const char *why)
{
	struct gap gap = { offset, length, lost, text_of(why) };

	if (!r->stopped && !gaps_add(&r->gaps, &gap, SIZE_MAX))
		r->stopped = true;
}

/* A region that is left to recovery, which would read WHOLE records there. */
static void
report_left(struct evtx_reader *r, const struct evtx_block *b, uint32_t at, uint32_t end,
	    const char *what, uint32_t whole, uint32_t lost)
{
	char reason[256];

	if (whole == 0)
		snprintf(reason, sizeof(reason), "%s", what);
	else
		snprintf(reason, sizeof(reason),
			 "%s: recovery would read %s", what,
			 counted(whole, "whole record").words);
	report_gap(r, b->offset + at, end - at, lost, reason);
}

static enum record_state
record_at(const struct evtx_block *b, uint32_t at, uint32_t end)
{
	uint32_t room = end - at;

	if (room < RECORD_MIN)
		return RECORD_NO_MAGIC;
	uint32_t magic = le32(b->p + at), size = le32(b->p + at + 4);

	if (magic != RECORD_MAGIC)
		return magic == 0 ? RECORD_ZERO : RECORD_NO_MAGIC;
	if (size < RECORD_MIN || size > RECORD_MAX || size > room)
		return RECORD_SIZE_BAD;
	return le32(b->p + at + size - 4) == size ? RECORD_WHOLE : RECORD_COPY_DIFFERS;
}

static uint32_t
record_size(const struct evtx_block *b, uint32_t at)
{
	return le32(b->p + at + 4);
}

/* Records of a chunk are numbered without holes. */
static uint64_t
record_id(const struct evtx_block *b, uint32_t at)
{
	return le64(b->p + at + 8);
}

/* The next whole record at or behind AT; END when there is none. */
static uint32_t
next_record(const struct evtx_block *b, uint32_t at, uint32_t end)
{
	for (at = (at + 7) & ~7u; at < end; at += 8)
		if (record_at(b, at, end) == RECORD_WHOLE)
			return at;
	return end;
}

static uint32_t
count_records(const struct evtx_block *b, uint32_t at, uint32_t end)
{
	uint32_t n = 0;

	for (at = next_record(b, at, end); at < end;
	     at = next_record(b, at + record_size(b, at), end))
		n++;
	return n;
}

static void
add_remark(struct evtx_reader *r, const char *remark)
{
	size_t n = strlen(r->note);

	if (remark)
		snprintf(r->note + n, sizeof(r->note) - n, "%s%s", n ? "; " : "", remark);
}

static bool
has_system(const struct evtx_draft *d)
{
	return d->system >> ROLE_EVENT_ID & 1;
}

/* Hands the draft over as the event of the record at AT. */
static void
deliver(struct evtx_reader *r, const struct evtx_block *b, uint32_t at, uint32_t flags,
	const char *remark)
{
	struct evtx_draft *d = &r->draft;
	struct event       ev;
	bool               timeless = !(d->system >> ROLE_TIME & 1);

	r->note[0] = '\0';
	if (remark || d->misfit || d->nameless || d->lost_names || d->borrowed) {
		add_remark(r, remark);
		add_remark(r, d->nameless ? "template lost, fields are numbered" : NULL);
		add_remark(r, d->lost_names ? "names in its template are lost" : NULL);
		add_remark(r, d->borrowed ? "read by a template of another chunk" : NULL);
		add_remark(r, d->misfit ? "a value does not have the size of its type" : NULL);
	}
	evtx_draft_event(d, &ev);
	ev.flags = flags;
	ev.offset = b->offset + at;
	ev.length = record_size(b, at);
	if (r->note[0])
		ev.remark = text_of(r->note);
	if (timeless && when_from_filetime(le64(b->p + at + 16), &ev.time_ns))
		ev.flags |= EVENT_TIME_FALLBACK;
	event_finish(&ev);
	if (!gaps_flush(&r->gaps) || !r->out->event(r->out->self, &ev))
		r->stopped = true;
}

static const char *
decode(struct evtx_reader *r, const struct evtx_block *b, uint32_t at)
{
	evtx_draft_clear(&r->draft);
	return binxml_decode(r->binxml, at + RECORD_HEADER, at + record_size(b, at) - 4, &r->draft);
}

/* A record that counts: what can be read of it is an event, what cannot a gap. */
static void
read_whole(struct evtx_reader *r, const struct evtx_block *b, uint32_t at, uint32_t flags,
	   const char *remark)
{
	const char *why = decode(r, b, at);
	char        reason[256];

	if (why == NULL) {
		deliver(r, b, at, flags, remark);
		return;
	}
	bool in_part = has_system(&r->draft) || r->draft.nameless;

	snprintf(reason, sizeof(reason), "record %" PRIu64 "%s: %s", record_id(b, at),
		 in_part ? " is read in part" : "", why);
	if (in_part)
		deliver(r, b, at, flags | EVENT_DAMAGED, remark);
	report_gap(r, b->offset + at, record_size(b, at), in_part ? 0 : 1, reason);
}

/* Reads the whole records in a region that the log no longer counts, if they make sense. */
static void
read_unused(struct evtx_reader *r, const struct evtx_block *b, uint32_t at, uint32_t end,
	    const char *remark)
{
	at = next_record(b, at, end);
	while (at < end && !r->stopped) {
		bool good = decode(r, b, at) == NULL && has_system(&r->draft);

		if (good)
			deliver(r, b, at, EVENT_RECOVERED, remark);
		at = next_record(b, good ? at + record_size(b, at) : at + 8, end);
	}
}

/* Words for what stands where a record should; NULL: nothing does. */
static const char *
describe(enum record_state state)
{
	switch (state) {
	case RECORD_COPY_DIFFERS:
		return "the copy of a record's size differs";
	case RECORD_SIZE_BAD:
		return "a record has a size that cannot be";
	case RECORD_NO_MAGIC:
		return "no record where one should be";
	case RECORD_ZERO:
		return "zeros where a record should be";
	case RECORD_WHOLE:
		break;
	}
	return NULL;
}

/* A record that could be whole but for the copy of its size. */
static bool
read_suspect(struct evtx_reader *r, const struct evtx_block *b, uint32_t at)
{
	if (decode(r, b, at) != NULL || !has_system(&r->draft))
		return false;
	deliver(r, b, at, EVENT_RECOVERED, describe(RECORD_COPY_DIFFERS));
	return true;
}

/* How many records were in LENGTH bytes between those of two numbers; 0: not known. */
static uint64_t
count_lost(uint64_t before, uint64_t behind, uint32_t length)
{
	uint64_t n = behind - before - 1;

	return n <= length / RECORD_MIN ? n : 0;
}

/* The records of a region. */
struct region {
	uint32_t    at, end;
	const char *damage;  /* known before anything is read; NULL: none */
	const char *remark;  /* on its first record */
	bool        goes_on; /* the rest of the chunk is missing: no gap for its last bytes here */
	uint64_t    before;  /* number of the last record that was read; or ID_UNKNOWN */
};

/* What stands where a record should be is a gap, up to the next whole record. */
static void
pass_gap(struct evtx_reader *r, const struct evtx_block *b, struct region *g, uint32_t next,
	 uint64_t lost)
{
	uint64_t between = 0;

	if (next < g->end)
		between = count_lost(g->before, record_id(b, next), next - g->at);
	report_gap(r, b->offset + g->at, next - g->at, between ? between : lost, g->damage);
	g->at = next;
}

/* What stands where a record should. Returns false when the region ends with it: nobody knows for
 * sure what is behind it, so that is left to recovery. */
static bool
pass_broken(struct evtx_reader *r, const struct evtx_block *b, struct region *g)
{
	enum record_state state = record_at(b, g->at, g->end);
	uint32_t          next = next_record(b, g->at + 8, g->end);
	bool              written = state == RECORD_COPY_DIFFERS || state == RECORD_SIZE_BAD;

	if (next == g->end && (state == RECORD_ZERO || g->goes_on))
		return false; /* some writers count a few empty bytes in */
	if (g->at > 0 || g->damage == NULL)
		g->damage = describe(state);
	g->remark = g->damage;
	if (!r->recover) {
		uint32_t whole = count_records(b, next, g->end);

		report_left(r, b, g->at, g->end, g->damage, whole, whole + written);
		return false;
	}
	if (state == RECORD_COPY_DIFFERS && read_suspect(r, b, g->at)) {
		uint32_t behind = g->at + record_size(b, g->at);

		g->at = next < behind ? next : behind;
		return true;
	}
	pass_gap(r, b, g, next, written);
	return true;
}

/* Reads the whole records of the region. Where one is not whole, recovery looks for those behind
 * it and marks them. */
static void
read_region(struct evtx_reader *r, const struct evtx_block *b, struct region *g)
{
	while (g->at < g->end && !r->stopped) {
		if (record_at(b, g->at, g->end) == RECORD_WHOLE) {
			read_whole(r, b, g->at, g->damage ? EVENT_RECOVERED : 0, g->remark);
			g->remark = g->damage;
			g->before = record_id(b, g->at);
			g->at += record_size(b, g->at);
		} else if (!pass_broken(r, b, g)) {
			return;
		}
	}
}

/* What is wrong with the checksums; NULL: nothing. */
static const char *
check_sums(struct evtx_reader *r, const struct evtx_block *b, uint32_t end)
{
	uint32_t sum;

	if (r->no_checksums || le32(b->p + CHUNK_FLAGS) & EVTX_NO_CHECKSUMS)
		return NULL;
	sum = crc32_add(&r->crc, 0, b->p, CHUNK_FLAGS);
	sum = crc32_add(&r->crc, sum, b->p + CHUNK_TABLES, EVTX_CHUNK_HEADER - CHUNK_TABLES);
	if (sum != le32(b->p + CHUNK_HEADER_SUM))
		return "checksum of the chunk header does not match";
	sum = crc32_add(&r->crc, 0, b->p + EVTX_CHUNK_HEADER, end - EVTX_CHUNK_HEADER);
	if (sum != le32(b->p + CHUNK_DATA_SUM))
		return "checksum of the chunk's records does not match";
	return NULL;
}

/* Where the records of a chunk end. */
static uint32_t
free_space(const struct evtx_block *b)
{
	uint32_t end = le32(b->p + CHUNK_FREE_SPACE);

	return end < EVTX_CHUNK_HEADER || end > EVTX_CHUNK_BYTES ? EVTX_CHUNK_BYTES : end;
}

void
evtx_read_chunk(struct evtx_reader *r, struct evtx_block block)
{
	uint32_t      end = free_space(&block);
	struct region g = { .at = EVTX_CHUNK_HEADER, .end = end };

	g.before = le64(block.p + CHUNK_FIRST_ID) - 1;
	g.remark = check_sums(r, &block, end);
	binxml_chunk(r->binxml, block.p, block.n);
	read_region(r, &block, &g);
	if (r->recover && !r->stopped)
		read_unused(r, &block, end, block.n, "recovered from unused space of the chunk");
}

static void
report_whole(struct evtx_reader *r, const struct evtx_block *b, const char *what)
{
	uint32_t whole = count_records(b, 0, b->n);

	report_left(r, b, 0, b->n, what, whole, whole);
}

void
evtx_read_part(struct evtx_reader *r, struct evtx_block block, const char *what)
{
	uint32_t      end = free_space(&block);
	struct region g = { .at = EVTX_CHUNK_HEADER, .end = end < block.n ? end : block.n };
	uint64_t      lost = 0;

	if (!r->recover) {
		report_whole(r, &block, what);
		return;
	}
	g.goes_on = end > block.n;
	g.before = le64(block.p + CHUNK_FIRST_ID) - 1;
	binxml_chunk(r->binxml, block.p, block.n);
	read_region(r, &block, &g);
	if (r->stopped)
		return;
	if (g.goes_on)
		lost = count_lost(g.before, le64(block.p + CHUNK_LAST_ID) + 1, end);
	report_gap(r, block.offset + g.at, block.n - g.at, lost, what);
	if (end < block.n)
		read_unused(r, &block, end, block.n, "recovered from unused space of the chunk");
}

void
evtx_read_remains(struct evtx_reader *r, struct evtx_block block, const char *what)
{
	struct region g = { .end = block.n, .damage = what, .remark = what, .before = ID_UNKNOWN };

	if (!r->recover) {
		report_whole(r, &block, what);
		return;
	}
	binxml_chunk(r->binxml, block.p, block.n);
	read_region(r, &block, &g);
}

uint32_t
evtx_record_size(const struct evtx_block *block, uint32_t at)
{
	return record_at(block, at, block->n) == RECORD_WHOLE ? record_size(block, at) : 0;
}

bool
evtx_read_orphan(struct evtx_reader *r, struct evtx_block block, uint32_t at, const char *remark)
{
	if (!evtx_record_size(&block, at))
		return false;
	binxml_chunk(r->binxml, block.p, block.n);
	if (decode(r, &block, at) != NULL || !has_system(&r->draft))
		return false;
	deliver(r, &block, at, EVENT_RECOVERED, remark);
	return true;
}

void
evtx_report_lost(struct evtx_reader *r, uint64_t offset, uint64_t length, const char *why)
{
	report_gap(r, offset, length, 1, why);
}
