/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * batch.h - inside the store: what a filled batch holds for the writer.
 */
#ifndef AUGER_STORE_BATCH_H
#define AUGER_STORE_BATCH_H

#include "store/block.h"
#include "store/import.h"
#include "store/sid_holder.h"
#include "store/sketch.h"

#define BATCH_EVENTS 8192
#define BATCH_BYTES  ((size_t)4 << 20) /* compressed blocks, names and the rest together */

/* Strings are numbers into batch.strings; 0 is "none". */
struct batch_row {
	int64_t  time_ns;
	uint64_t record;  /* record id; without one the hash of the content */
	uint64_t offset, length;
	uint32_t host, channel, provider, account;
	uint32_t event_id, flags; /* flags with ROW_HAS_RECORD */
};

struct batch_block {
	uint32_t    first, n; /* rows */
	struct text packed, sketch;
};

struct batch_tag {
	uint32_t row, rule, leaf;
};

struct batch_part { /* of a script block */
	uint32_t    row, number, total;
	struct text block_id, pid;
};

struct batch_member { /* of a group, without a name */
	uint32_t    row;
	struct text sid;
};

#define BATCH_SAID_SLOTS 1024

struct batch_gap {
	uint64_t    offset, length, records_lost;
	struct text reason;
};

#define BATCH_SLOTS 32768

struct batch {
	int64_t               evidence;
	struct arena          arena; /* all below, until batch_reset */
	struct block_encoder *encoder;
	struct sketch         sketch;
	struct batch_row     *rows;
	struct batch_block   *blocks;
	struct batch_tag     *tags;
	struct batch_part    *parts;
	struct batch_member  *members;
	struct sid_said      *said; /* names of identifiers, mostly once each */
	struct batch_gap     *gaps;
	struct text          *strings;
	size_t n_rows, n_blocks, n_tags, n_parts, n_members, n_said, n_gaps, n_strings;
	size_t rows_cap, blocks_cap, tags_cap, parts_cap, members_cap, said_cap, gaps_cap, strings_cap;
	uint32_t table[BATCH_SLOTS]; /* of strings */
	uint32_t said_last[BATCH_SAID_SLOTS]; /* by hash: which of said was the last, + 1 */
};

#endif
