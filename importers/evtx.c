/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "importers/evtx.h"

#include "importers/bytes.h"
#include "importers/evtx_chunk.h"
#include "importers/utf16.h"

#define FILE_HEADER  4096
#define FILE_FLAGS   120
#define SCAN_STEP    512 /* chunks cut out of a disk image begin at its sectors */
#define READER_BYTES ((size_t)64 << 20)

/* The evidence from `at` on, one block at a time. */
struct walk {
	struct input *in;
	size_t        window;
	uint8_t      *buf;  /* EVTX_CHUNK_BYTES and slack */
	uint64_t      at;   /* offset of buf[0] */
	uint32_t      have; /* bytes in buf; fewer than a block only at the end */
};

static enum bid
evtx_bid(struct text head, uint64_t size)
{
	const uint8_t *p = (const uint8_t *)head.p;

	(void)size;
	if (text_starts(head, TEXT("ElfFile\0")) || evtx_is_chunk(p, head.n))
		return BID_SURE;
	for (size_t at = SCAN_STEP; at < head.n; at += SCAN_STEP)
		if (evtx_is_chunk(p + at, head.n - at))
			return BID_LIKELY;
	return BID_NO;
}

static bool
fill(struct walk *w, struct err *err)
{
	while (w->have < EVTX_CHUNK_BYTES) {
		size_t n = EVTX_CHUNK_BYTES - w->have, got;

		if (w->window && n > w->window)
			n = w->window;
		if (!w->in->read_at(w->in->self, w->at + w->have, w->buf + w->have, n, &got, err))
			return err_where(err, TEXT_FMT, TEXT_ARG(w->in->name));
		if (got == 0)
			break;
		w->have += (uint32_t)got;
	}
	return true;
}

/* Drops N bytes of the block and reads on. */
static bool
advance(struct walk *w, uint32_t n, struct err *err)
{
	memmove(w->buf, w->buf + n, w->have - n);
	w->at += n;
	w->have -= n;
	return fill(w, err);
}

/* The first byte of the block at or behind FROM where a chunk begins; END when none does. */
static uint32_t
find_chunk(const uint8_t *p, uint32_t from, uint32_t end)
{
	for (uint32_t at = from; at < end; at += SCAN_STEP)
		if (evtx_is_chunk(p + at, end - at))
			return at;
	return end;
}

static bool
is_zero(const uint8_t *p, uint32_t n)
{
	return n == 0 || (p[0] == 0 && memcmp(p, p + 1, n - 1) == 0);
}

/* Where a chunk at OFFSET meets the regular grid again, if it stands off it. */
static uint32_t
grid_distance(uint64_t offset)
{
	return EVTX_CHUNK_BYTES -
	       (uint32_t)((offset + EVTX_CHUNK_BYTES - FILE_HEADER) % EVTX_CHUNK_BYTES);
}

/* Decodes what begins at the first byte of the block; returns how much of it that was. */
static uint32_t
read_block(struct evtx_reader *r, const struct walk *w)
{
	struct evtx_block block = { w->buf, w->have, w->at };
	uint32_t          grid = grid_distance(w->at);

	if (!evtx_is_chunk(w->buf, w->have)) {
		block.n = find_chunk(w->buf, SCAN_STEP, w->have);
		if (!is_zero(block.p, block.n))
			evtx_read_remains(r, block, "no chunk header");
		return block.n;
	}
	/* A chunk off the grid gives way to one on it, so that ranges agree who reads what. */
	if (grid < w->have && evtx_is_chunk(w->buf + grid, w->have - grid))
		block.n = grid;
	if (block.n < w->have)
		evtx_read_part(r, block, "a chunk is overwritten by the next");
	else if (block.n < EVTX_CHUNK_BYTES)
		evtx_read_part(r, block, "the last chunk is cut off");
	else
		evtx_read_chunk(r, block);
	return block.n;
}

/* A range that begins inside a chunk off the grid leaves it to the range before. */
static bool
skip_covered(struct walk *w, struct err *err)
{
	uint64_t begin = w->at;

	if (begin == 0 || !w->in->seekable || !fill(w, err) || evtx_is_chunk(w->buf, w->have))
		return fill(w, err);
	uint32_t back = begin < EVTX_CHUNK_BYTES ? (uint32_t)begin : EVTX_CHUNK_BYTES - SCAN_STEP;

	w->at = begin - back;
	w->have = 0;
	if (!fill(w, err))
		return false;
	uint32_t chunk = find_chunk(w->buf, 0, back < w->have ? back : w->have);

	w->at = chunk < back ? w->at + chunk + EVTX_CHUNK_BYTES : begin;
	w->have = 0;
	return fill(w, err);
}

static bool
read_header(struct evtx_reader *r, struct walk *w, struct err *err)
{
	uint8_t head[FILE_FLAGS + 4];
	size_t  got = 0;

	if (w->at == 0) {
		if (!fill(w, err))
			return false;
		if (w->have < sizeof(head) || memcmp(w->buf, "ElfFile", 8) != 0)
			return true;
		r->no_checksums = le32(w->buf + FILE_FLAGS) & EVTX_NO_CHECKSUMS;
		if (w->have < FILE_HEADER)
			return true; /* a gap: there is no chunk header */
		return advance(w, FILE_HEADER, err);
	}
	if (w->in->seekable && !w->in->read_at(w->in->self, 0, head, sizeof(head), &got, err))
		return err_where(err, TEXT_FMT, TEXT_ARG(w->in->name));
	if (got == sizeof(head) && memcmp(head, "ElfFile", 8) == 0)
		r->no_checksums = le32(head + FILE_FLAGS) & EVTX_NO_CHECKSUMS;
	return skip_covered(w, err);
}

static bool
walk_blocks(struct evtx_reader *r, struct walk *w, uint64_t begin, uint64_t end, struct err *err)
{
	if (!read_header(r, w, err))
		return false;
	while (w->at < end && w->have > 0 && !r->stopped) {
		uint32_t taken = read_block(r, w);

		if (r->stopped)
			break;
		if (r->out->consumed)
			r->out->consumed(r->out->self, w->at + taken - begin);
		if (w->at + taken >= end)
			break;
		if (!advance(w, taken, err))
			return false;
	}
	return true;
}

static bool
evtx_decode(struct input *in, uint64_t begin, uint64_t end, const struct import_options *opt,
	    struct sink *out, struct err *err)
{
	struct arena       keep = arena_open(READER_BYTES);
	struct walk        w = { .in = in, .window = opt->window_bytes, .at = begin };
	struct evtx_reader r;

	w.buf = arena_new(&keep, uint8_t, EVTX_CHUNK_BYTES + UTF16_SLACK);
	evtx_reader_open(&r, &keep, out, opt);
	bool done = walk_blocks(&r, &w, begin, end, err);

	evtx_reader_close(&r);
	arena_close(&keep);
	return done;
}

const struct importer importer_evtx = {
	.name = "evtx",
	.title = "Windows event log (EVTX)",
	.format = FORMAT_EVTX,
	.bid = evtx_bid,
	.decode = evtx_decode,
	.split_first = FILE_HEADER,
	.split_step = EVTX_CHUNK_BYTES,
};
