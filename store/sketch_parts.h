/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * sketch_parts.h - what sketch.c, which makes segments, and sketch_ask.c, which asks them, share.
 */
#ifndef AUGER_STORE_SKETCH_PARTS_H
#define AUGER_STORE_SKETCH_PARTS_H

#include "store/sketch_rows.h"

/* Numbers of segments; others are a stranger's, and have no rows: all blocks of them are read. */
#define SEGMENT_NUMBERS (INT64_C(1) << 32)

/* Blocks that no segment has. */
#define BARE_BLOCKS                                                             \
	"SELECT id FROM block WHERE id > "                                      \
	"(SELECT coalesce(max(last), 0) FROM sketch_segment WHERE kind = 0) "   \
	"UNION SELECT id FROM block_changed ORDER BY id"

/* The trigram at byte I of T, which has two more behind it. */
uint32_t sketch_trigram(struct text t, size_t i);
/* The block ids of a stored segment; returns how many, at most SEGMENT_BLOCKS. */
size_t segment_blocks_unpack(struct text packed, int64_t out[SEGMENT_BLOCKS]);
/* As the column says; what it cannot say is a full segment. */
uint32_t segment_words(struct ask *q, int column);

#endif
