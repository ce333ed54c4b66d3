/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * sketch.h - which blocks may hold a substring: one bit per block and trigram.
 *
 * Bytes fall into 64 classes (letters without case; all bytes above 0x7f are one class), so a
 * trigram is 18 bits. The filling thread notes the trigrams of a block; the writer gathers up to
 * SEGMENT_BLOCKS blocks and stores them transposed: the bits of a trigram stand together, those of
 * 64 trigrams are a row (a compressed blob); of more trigrams, when the segment is short. A search
 * ANDs the bits of the trigrams of its literals. Candidates may be too many, never too
 * few; literals shorter than three bytes say nothing.
 */
#ifndef AUGER_STORE_SKETCH_H
#define AUGER_STORE_SKETCH_H

#include "base/pred.h"
#include "store/db.h"

#define SKETCH_TRIGRAMS (1u << 18)
#define SKETCH_ROWS     (SKETCH_TRIGRAMS / 64) /* per segment, at most */
#define SEGMENT_BLOCKS  2048

#define SEEN_SLOTS 256
#define SEEN_BYTES 63

/* Trigrams of one block while it is filled. */
struct sketch {
	uint64_t word[SKETCH_TRIGRAMS / 64];
	/* Short values that were just added; most repeat from event to event. */
	struct {
		unsigned char n;
		char          p[SEEN_BYTES];
	} seen[SEEN_SLOTS];
};

void        sketch_add(struct sketch *s, struct text value);
void        sketch_event(struct sketch *s, const struct event *ev); /* all values and core facts */
/* The trigrams as a packed list, in KEEP; the sketch is empty again. */
struct text sketch_take(struct sketch *s, struct arena *keep);

/* What a segment is about: blocks of fields, or the joined texts of script blocks, which stand in
 * no single block. Its entries are block ids, or ids of the events that stand for script blocks. */
enum segment_kind { SEGMENT_FIELDS, SEGMENT_SCRIPTS };

/* Entries that wait for their segment to be full. */
struct segment {
	enum segment_kind kind;
	struct arena      arena;
	int64_t           replaces; /* short segment that is stored already, or -1 */
	int64_t          *blocks;
	struct text      *packed;
	size_t            n;
	struct sketch_rows *rows; /* being made of what is in it; NULL: not yet */
};

void segment_open(struct segment *s, enum segment_kind kind);
void segment_close(struct segment *s);
/* Takes up where the last import ended: a short last segment is loaded again, and blocks that an
 * interrupted import left without sketch are read. */
bool segment_resume(struct segment *s, struct casefile *cf, struct err *err);
/* Adds a block; stores the segment when it is full. Inside a transaction. */
bool segment_add(struct segment *s, struct casefile *cf, int64_t block, struct text packed,
		 struct err *err);
/* A thread begins with what segment_store needs; until then nothing may be added. */
void segment_prepare(struct segment *s);
/* Stores what waits as a short segment. Inside a transaction. */
bool segment_store(struct segment *s, struct casefile *cf, struct err *err);

/* Whether the groups say anything that sketches can answer. */
bool sketch_useful(const struct literal_group *groups, uint32_t n_groups);
/*
 * The entries of that kind that may meet all GROUPS, ascending, in KEEP; blocks of which there is
 * no sketch are among them.
 */
bool sketch_candidates(struct casefile *cf, enum segment_kind kind,
		       const struct literal_group *groups, uint32_t n_groups, struct arena *keep,
		       int64_t **entries, size_t *n, struct err *err);

#endif
