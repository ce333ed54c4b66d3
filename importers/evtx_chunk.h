/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * evtx_chunk.h - the records of one 64 KiB chunk of an event log to events and gaps.
 *
 * A chunk is decoded alone: every offset in it counts from its own first byte. Its counters and
 * checksums are never believed: a wrong sum is a remark on the chunk's first event. Layout:
 * libevtx's format description.
 */
#ifndef AUGER_IMPORTERS_EVTX_CHUNK_H
#define AUGER_IMPORTERS_EVTX_CHUNK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "importers/crc32.h"
#include "importers/evtx_draft.h"
#include "importers/gaps.h"
#include "importers/importer.h"

#define EVTX_CHUNK_BYTES  65536
#define EVTX_CHUNK_HEADER 512
#define EVTX_NO_CHECKSUMS 4 /* flag of file and chunk headers */

/* What decoding needs, made once for many chunks. */
struct evtx_reader {
	struct binxml    *binxml;
	struct evtx_draft draft;
	struct crc32      crc;
	struct sink      *out;
	struct gaps       gaps; /* not delivered yet */
	bool              recover;
	bool              no_checksums; /* says the file header */
	bool              stopped;      /* the sink has had enough */
	char              note[256];    /* remark or reason of the record at hand */
};

/* N bytes at P that stand at OFFSET of the evidence; UTF16_SLACK more are readable. */
struct evtx_block {
	const uint8_t *p;
	uint32_t       n;
	uint64_t       offset;
};

/* KEEP was opened just now. */
void evtx_reader_open(struct evtx_reader *r, struct arena *keep, struct sink *out,
		      const struct import_options *opt);
void evtx_reader_close(struct evtx_reader *r); /* delivers the last gap */

bool evtx_is_chunk(const uint8_t *p, size_t n);

/* A whole chunk: its live records up to the first that is broken. Recovery reads those behind it
 * too, and those in unused space. */
void evtx_read_chunk(struct evtx_reader *r, struct evtx_block block);

/* The first N bytes of a chunk whose rest is missing, as a gap that counts its whole records; with
 * recover they are read. WHAT names the damage: "the last chunk is cut off". */
void evtx_read_part(struct evtx_reader *r, struct evtx_block block, const char *what);

/* The same for a block without a chunk header: its records by the block's own beginning. */
void evtx_read_remains(struct evtx_reader *r, struct evtx_block block, const char *what);

/* Bytes of the whole record at AT of the block; 0: there is none. */
uint32_t evtx_record_size(const struct evtx_block *block, uint32_t at);

/* The whole record at AT as one of the chunk that the block would be, if it makes sense as such. */
bool evtx_read_orphan(struct evtx_reader *r, struct evtx_block block, uint32_t at,
		      const char *remark);

/* A gap of one record. */
void evtx_report_lost(struct evtx_reader *r, uint64_t offset, uint64_t length, const char *why);

#endif
