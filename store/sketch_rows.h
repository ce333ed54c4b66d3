/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * sketch_rows.h - inside the store: the lists of a segment turned over into compressed rows.
 *
 * It costs a millisecond for some forty blocks and needs no database, so a thread does it while
 * the writer has other things to write.
 */
#ifndef AUGER_STORE_SKETCH_ROWS_H
#define AUGER_STORE_SKETCH_ROWS_H

#include "store/sketch.h"

#define SKETCH_WORDS     (SEGMENT_BLOCKS / 64) /* of a trigram's bits, in a full segment */
#define SKETCH_ROW_BYTES (64 * SKETCH_WORDS * 8)

/* Words for the bits of N blocks: a power of two. */
static inline uint32_t
sketch_words(size_t n)
{
	uint32_t words = 1;

	while (words * 64 < n)
		words *= 2;
	return words;
}

/* Trigrams whose bits make up one row of SKETCH_ROW_BYTES. */
static inline uint32_t
sketch_per_row(uint32_t words)
{
	return 64 * SKETCH_WORDS / words;
}

struct sketch_row {
	uint32_t    number; /* in the segment */
	struct text packed;
};

/* Begins with the lists of N blocks, which stay as they are until sketch_rows_end. */
struct sketch_rows *sketch_rows_begin(const struct text *lists, size_t n);
/* Waits for the rows, ascending by number; valid until sketch_rows_end. Those without bits are
 * left out. */
const struct sketch_row *sketch_rows_get(struct sketch_rows *rows, size_t *n);
void                     sketch_rows_end(struct sketch_rows *rows); /* NULL: nothing */

#endif
