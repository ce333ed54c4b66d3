/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "importers/evtx_chunk.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/when.h"
#include "importers/binxml.h"
#include "importers/bytes.h"

#define RECORD_MAGIC  0x00002a2a
#define RECORD_HEADER 24
#define RECORD_MIN    28 /* header and the copy of the size */
#define RECORD_MAX    65024

/* Fields of the chunk header. */
enum {
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
			 "%s: recovery would read %" PRIu32 " whole record%s", what, whole,
			 whole == 1 ? "" : "s");
	report_gap(r, b->offset + at, end - at, lost, reason);
}

/* A region of which recovery read so many records, with so many in it. */
static void
report_recovered(struct evtx_reader *r, const struct evtx_block *b, uint32_t at, uint32_t end,
		 const char *what, uint32_t read, uint32_t records)
{
	char reason[256];

	if (read == 0 && records == 0)
		snprintf(reason, sizeof(reason), "%s", what);
	else
		snprintf(reason, sizeof(reason), "%s: %" PRIu32 " of %" PRIu32 " records recovered",
			 what, read, records);
	report_gap(r, b->offset + at, end - at, records > read ? records - read : 0, reason);
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
	if (remark || d->misfit || d->nameless || d->borrowed) {
		add_remark(r, remark);
		add_remark(r, d->nameless ? "template lost, fields are numbered" : NULL);
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

/* A live record: what can be read of it is an event, what cannot a gap. */
static void
read_live(struct evtx_reader *r, const struct evtx_block *b, uint32_t at, const char *remark)
{
	const char *why = decode(r, b, at);
	uint64_t    id = le64(b->p + at + 8);
	char        reason[256];

	if (why == NULL) {
		deliver(r, b, at, 0, remark);
		return;
	}
	bool in_part = has_system(&r->draft) || r->draft.nameless;

	snprintf(reason, sizeof(reason), "record %" PRIu64 "%s: %s", id,
		 in_part ? " is read in part" : "", why);
	if (in_part)
		deliver(r, b, at, EVENT_DAMAGED, remark);
	report_gap(r, b->offset + at, record_size(b, at), in_part ? 0 : 1, reason);
}

/* Reads the whole records in a region that the log no longer counts; returns how many. */
static uint32_t
read_recovered(struct evtx_reader *r, const struct evtx_block *b, uint32_t at, uint32_t end,
	       const char *remark)
{
	uint32_t n = 0;

	at = next_record(b, at, end);
	while (at < end && !r->stopped) {
		bool good = decode(r, b, at) == NULL && has_system(&r->draft);

		if (good) {
			deliver(r, b, at, EVENT_RECOVERED, remark);
			n++;
		}
		at = next_record(b, good ? at + record_size(b, at) : at + 8, end);
	}
	return n;
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
read_suspect(struct evtx_reader *r, const struct evtx_block *b, uint32_t at, const char *remark)
{
	if (decode(r, b, at) != NULL || !has_system(&r->draft))
		return false;
	deliver(r, b, at, EVENT_RECOVERED, remark);
	return true;
}

/* The record at AT is not whole, so nobody knows where the next one begins: what is behind it is
 * left to recovery. */
static void
read_broken(struct evtx_reader *r, const struct evtx_block *b, uint32_t at, uint32_t end)
{
	enum record_state state = record_at(b, at, end);
	uint32_t          whole = count_records(b, at + 8, end), read = 0;
	bool              written = state == RECORD_COPY_DIFFERS || state == RECORD_SIZE_BAD;

	if (state == RECORD_ZERO && whole == 0)
		return; /* some writers count a few empty bytes in */
	if (!r->recover) {
		report_left(r, b, at, end, describe(state), whole, whole + written);
		return;
	}
	if (state == RECORD_COPY_DIFFERS && read_suspect(r, b, at, describe(state)))
		written = false;
	if (!r->stopped)
		read = read_recovered(r, b, at + 8, end, describe(state));
	if (written || read < whole)
		report_recovered(r, b, at, end, describe(state), read, whole + written);
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

void
evtx_read_chunk(struct evtx_reader *r, struct evtx_block block)
{
	uint32_t    at = EVTX_CHUNK_HEADER;
	uint32_t    end = le32(block.p + CHUNK_FREE_SPACE);
	const char *remark;

	if (end < at || end > block.n)
		end = block.n;
	remark = check_sums(r, &block, end);
	binxml_chunk(r->binxml, block.p, block.n);
	while (at < end && !r->stopped) {
		if (record_at(&block, at, end) != RECORD_WHOLE) {
			read_broken(r, &block, at, end);
			break;
		}
		read_live(r, &block, at, remark);
		remark = NULL;
		at += record_size(&block, at);
	}
	if (r->recover && !r->stopped)
		read_recovered(r, &block, end, block.n,
			       "recovered from unused space of the chunk");
}

void
evtx_read_remains(struct evtx_reader *r, struct evtx_block block, const char *what)
{
	uint32_t whole = count_records(&block, 0, block.n), read;

	if (!r->recover) {
		report_left(r, &block, 0, block.n, what, whole, whole);
		return;
	}
	binxml_chunk(r->binxml, block.p, block.n);
	read = read_recovered(r, &block, 0, block.n, what);
	report_recovered(r, &block, 0, block.n, what, read, whole);
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
