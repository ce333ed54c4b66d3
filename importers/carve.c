/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "importers/carve.h"

#include <stdlib.h>

#include "importers/bytes.h"
#include "importers/evtx_chunk.h"
#include "importers/utf16.h"

#define BEHIND       EVTX_CHUNK_BYTES /* kept of what was passed: the chunk of a record */
#define AHEAD        EVTX_CHUNK_BYTES /* so that what begins in the window is whole */
#define WINDOW_BYTES ((size_t)1 << 20)
#define READER_BYTES ((size_t)64 << 20)
#define FILE_HEADER  4096
#define RECORD_STEP  4
#define RECORD_MAGIC 0x00002a2a

/* In a record that brings the definition of its template along: where the instance says the
 * definition is, and where it is. Both count from the record's first byte. */
#define DEFINITION_AT    34
#define DEFINITION_BEGIN 38

struct carver {
	struct input      *in;
	struct sink       *out; /* the caller's */
	struct sink        flagging;
	struct evtx_reader reader;
	uint8_t           *buf;
	size_t             have;     /* bytes in buf */
	size_t             window;
	uint64_t           offset;   /* of buf[0] */
	uint64_t           covered;  /* up to here a chunk was or will be read */
	uint64_t           base;     /* of the chunk that the last orphan belonged to */
};

#define NONE UINT64_MAX

static enum bid
carve_bid(struct text head, uint64_t size)
{
	(void)head;
	(void)size;
	return BID_NO;
}

static bool
flag_event(void *self, struct event *ev)
{
	struct carver *c = self;

	ev->flags |= EVENT_RECOVERED;
	return c->out->event(c->out->self, ev);
}

static bool
pass_gap(void *self, const struct gap *gap)
{
	struct carver *c = self;

	return !c->out->gap || c->out->gap(c->out->self, gap);
}

/* Has the bytes from FROM on in the buffer, as many as fit. */
static bool
fill(struct carver *c, uint64_t from, struct err *err)
{
	size_t size = BEHIND + c->window + AHEAD, keep = 0;

	if (from > c->offset && from - c->offset < c->have) {
		keep = c->have - (size_t)(from - c->offset);
		memmove(c->buf, c->buf + (from - c->offset), keep);
	} else if (from == c->offset) {
		keep = c->have;
	}
	c->offset = from;
	c->have = keep;
	while (c->have < size) {
		size_t got = 0;

		if (!c->in->read_at(c->in->self, from + c->have, c->buf + c->have, size - c->have,
				    &got, err))
			return err_where(err, TEXT_FMT, TEXT_ARG(c->in->name));
		if (got == 0)
			break;
		c->have += got;
	}
	return true;
}

/* The first chunk at or behind AT and before END (places in the buffer); END when none begins. */
static size_t
next_chunk(const struct carver *c, size_t at, size_t end)
{
	while (at < end) {
		const uint8_t *p = memchr(c->buf + at, 'E', end - at);

		if (!p)
			break;
		at = (size_t)(p - c->buf);
		if (evtx_is_chunk(p, c->have - at))
			return at;
		at++;
	}
	return end;
}

/* ---- records without a chunk ---- */

static bool
try_base(struct carver *c, size_t at, uint64_t base, const char *remark)
{
	uint64_t          place = c->offset + at;
	struct evtx_block block;

	if (base < c->offset || base > place || place - base >= EVTX_CHUNK_BYTES)
		return false;
	block.p = c->buf + (base - c->offset);
	block.n = (uint32_t)(c->have - (size_t)(base - c->offset));
	block.n = block.n < EVTX_CHUNK_BYTES ? block.n : EVTX_CHUNK_BYTES;
	block.offset = base;
	if (!evtx_read_orphan(&c->reader, block, (uint32_t)(place - base), remark))
		return false;
	c->base = base;
	return true;
}

/* The record may begin before its chunk's grid is known: every place it could count from. */
static bool
read_orphan(struct carver *c, size_t at, uint32_t size)
{
	static const char remark[] = "carved, its chunk is lost";
	uint64_t          place = c->offset + at;
	uint64_t          grid = place / EVTX_CHUNK_BYTES * EVTX_CHUNK_BYTES;
	uint32_t          definition = 0;

	if (size > DEFINITION_BEGIN)
		definition = le32(c->buf + at + DEFINITION_AT);
	if (definition >= EVTX_CHUNK_HEADER && definition <= place + DEFINITION_BEGIN &&
	    try_base(c, at, place + DEFINITION_BEGIN - definition, remark))
		return true;
	return (c->base != NONE && try_base(c, at, c->base, remark)) ||
	       try_base(c, at, grid, remark) ||
	       (place >= FILE_HEADER &&
		try_base(c, at,
			 (place - FILE_HEADER) / EVTX_CHUNK_BYTES * EVTX_CHUNK_BYTES + FILE_HEADER,
			 remark)) ||
	       try_base(c, at, place, remark);
}

static void
read_orphans(struct carver *c, size_t at, size_t end)
{
	for (at = (at + RECORD_STEP - 1) / RECORD_STEP * RECORD_STEP;
	     at + RECORD_STEP <= end && !c->reader.stopped; at += RECORD_STEP) {
		struct evtx_block block = { c->buf + at, 0, c->offset + at };
		uint32_t          size;

		if (le32(c->buf + at) != RECORD_MAGIC)
			continue;
		block.n = (uint32_t)(c->have - at < EVTX_CHUNK_BYTES ? c->have - at
								     : EVTX_CHUNK_BYTES);
		size = evtx_record_size(&block, 0);
		if (size == 0)
			continue;
		if (!read_orphan(c, at, size))
			evtx_report_lost(&c->reader, c->offset + at, size,
					 "a record whose chunk is lost cannot be read");
		at += size / RECORD_STEP * RECORD_STEP - RECORD_STEP;
	}
}

/* ---- the whole ---- */

static void
read_chunk(struct carver *c, size_t at)
{
	size_t            end = c->have - at < EVTX_CHUNK_BYTES ? c->have : at + EVTX_CHUNK_BYTES;
	struct evtx_block block = { c->buf + at, 0, c->offset + at };

	end = next_chunk(c, at + 1, end);
	block.n = (uint32_t)(end - at);
	if (block.n == EVTX_CHUNK_BYTES)
		evtx_read_chunk(&c->reader, block);
	else
		evtx_read_remains(&c->reader, block, "part of a chunk");
	c->covered = c->offset + end;
	c->base = block.offset;
}

/* Everything that begins in [AT, END) of the buffer. */
static void
read_window(struct carver *c, size_t at, size_t end)
{
	while (at < end && !c->reader.stopped) {
		size_t chunk = next_chunk(c, at, end);
		size_t from = c->covered > c->offset + at ? (size_t)(c->covered - c->offset) : at;

		if (from < chunk)
			read_orphans(c, from, chunk);
		if (chunk == end || c->reader.stopped)
			break;
		read_chunk(c, chunk);
		at = chunk + 1;
	}
}

/* A chunk that begins before the range is read with the range before, to its end. */
static void
skip_covered(struct carver *c, size_t begin)
{
	size_t at = next_chunk(c, 0, begin), last = begin;

	for (; at < begin; at = next_chunk(c, at + 1, begin))
		last = at;
	if (last < begin)
		c->covered = c->offset + last + EVTX_CHUNK_BYTES;
}

static bool
carve_range(struct carver *c, uint64_t begin, uint64_t end, struct err *err)
{
	for (uint64_t at = begin; at < end && !c->reader.stopped; at += c->window) {
		uint64_t from = at > BEHIND ? at - BEHIND : 0;
		size_t   first = (size_t)(at - from), last = first + c->window;

		if (!fill(c, from, err))
			return false;
		if (c->have <= first)
			break;
		memset(c->buf + c->have, 0, UTF16_SLACK);
		if (at == begin)
			skip_covered(c, first);
		last = last < c->have ? last : c->have;
		if (end - at < last - first)
			last = first + (size_t)(end - at);
		read_window(c, first, last);
		if (c->out->consumed)
			c->out->consumed(c->out->self, at + (last - first) - begin);
	}
	return true;
}

static bool
carve_decode(struct input *in, uint64_t begin, uint64_t end, const struct import_options *opt,
	     struct sink *out, struct err *err)
{
	struct arena          keep = arena_open(READER_BYTES);
	struct import_options recover = *opt;
	struct carver         c = { .in = in, .out = out, .window = WINDOW_BYTES, .base = NONE };
	bool                  done;

	if (opt->window_bytes)
		c.window = (opt->window_bytes + RECORD_STEP - 1) / RECORD_STEP * RECORD_STEP;
	c.flagging = (struct sink){ &c, flag_event, pass_gap, NULL };
	recover.recover = true;
	c.buf = malloc(BEHIND + c.window + AHEAD + UTF16_SLACK);
	if (!c.buf)
		arena_exhausted(c.window);
	evtx_reader_open(&c.reader, &keep, &c.flagging, &recover);
	done = carve_range(&c, begin, end, err);
	evtx_reader_close(&c.reader);
	free(c.buf);
	arena_close(&keep);
	return done;
}

const struct importer importer_carve = {
	.name = "carve",
	.title = "chunks and records of event logs in any file (--carve)",
	.format = FORMAT_EVTX,
	.bid = carve_bid,
	.decode = carve_decode,
	.split_step = EVTX_CHUNK_BYTES,
};
