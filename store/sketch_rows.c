/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/sketch_rows.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <zstd.h>

#include "store/block.h"

#define SLICE_ROWS 64 /* rows transposed at a time: 1 MiB of bits */

struct sketch_rows {
	const struct text *lists;
	size_t             n_lists;
	struct arena       arena;
	struct sketch_row *rows;
	size_t             n;
	pthread_t          thread;
	bool               runs;
};

/* How far the list of a block is read. */
struct cursor {
	const unsigned char *at, *end;
	uint32_t             last;
};

/* The bits of the trigrams from BEGIN to END. */
static void
transpose(struct cursor *cursors, size_t n, uint32_t words, uint32_t begin, uint32_t end,
	  uint64_t *bits)
{
	memset(bits, 0, (size_t)(end - begin) * words * sizeof(*bits));
	for (size_t b = 0; b < n; b++) {
		struct cursor       *c = &cursors[b];
		const unsigned char *p = c->at;
		uint64_t             delta;

		while (p < c->end) {
			if (!varint_get(&p, c->end, &delta) || delta > SKETCH_TRIGRAMS) {
				c->at = c->end;
				break;
			}
			uint32_t t = c->last + (uint32_t)delta;

			if (t >= end)
				break;
			bits[(t - begin) * words + b / 64] |= UINT64_C(1) << (b % 64);
			c->last = t;
			c->at = p;
		}
	}
}

static bool
has_bits(const uint64_t *row)
{
	for (size_t i = 0; i < 64 * SKETCH_WORDS; i++)
		if (row[i])
			return true;
	return false;
}

static void
add_row(struct sketch_rows *r, ZSTD_CCtx *zstd, uint32_t number, const uint64_t *bits)
{
	size_t bound = ZSTD_compressBound(SKETCH_ROW_BYTES);
	char  *packed = arena_alloc(&r->arena, 1, 1, bound);
	size_t n = ZSTD_compressCCtx(zstd, packed, bound, bits, SKETCH_ROW_BYTES, 1);

	assert(!ZSTD_isError(n)); /* there is room */
	r->arena.at = packed + n;
	r->rows[r->n++] = (struct sketch_row){ number, { packed, n } };
}

static void *
make_rows(void *arg)
{
	struct sketch_rows *r = arg;
	uint32_t            words = sketch_words(r->n_lists), per_row = sketch_per_row(words);
	uint32_t            rows = SKETCH_TRIGRAMS / per_row;
	uint32_t            slice = rows < SLICE_ROWS ? rows : SLICE_ROWS;
	uint64_t           *bits = malloc((size_t)slice * SKETCH_ROW_BYTES);
	struct cursor      *cursors = calloc(r->n_lists, sizeof(*cursors));
	ZSTD_CCtx          *zstd = ZSTD_createCCtx();

	if (!bits || !cursors || !zstd)
		arena_exhausted((size_t)slice * SKETCH_ROW_BYTES);
	for (size_t b = 0; b < r->n_lists; b++) {
		const unsigned char *p = (const unsigned char *)r->lists[b].p;

		cursors[b] = (struct cursor){ .at = p, .end = p + r->lists[b].n };
	}
	for (uint32_t row = 0; row < rows; row += slice) {
		transpose(cursors, r->n_lists, words, row * per_row, (row + slice) * per_row, bits);
		for (uint32_t i = 0; i < slice; i++) {
			const uint64_t *at = bits + (size_t)i * 64 * SKETCH_WORDS;

			if (has_bits(at))
				add_row(r, zstd, row + i, at);
		}
	}
	ZSTD_freeCCtx(zstd);
	free(cursors);
	free(bits);
	return NULL;
}

struct sketch_rows *
sketch_rows_begin(const struct text *lists, size_t n)
{
	struct sketch_rows *r = calloc(1, sizeof(*r));

	if (!r)
		arena_exhausted(sizeof(*r));
	r->lists = lists;
	r->n_lists = n;
	r->arena = arena_open((size_t)1 << 28);
	r->rows = arena_new(&r->arena, struct sketch_row, SKETCH_ROWS);
	r->runs = pthread_create(&r->thread, NULL, make_rows, r) == 0;
	if (!r->runs)
		make_rows(r);
	return r;
}

static void
wait_for(struct sketch_rows *r)
{
	if (r->runs)
		pthread_join(r->thread, NULL);
	r->runs = false;
}

const struct sketch_row *
sketch_rows_get(struct sketch_rows *rows, size_t *n)
{
	wait_for(rows);
	*n = rows->n;
	return rows->rows;
}

void
sketch_rows_end(struct sketch_rows *rows)
{
	if (!rows)
		return;
	wait_for(rows);
	arena_close(&rows->arena);
	free(rows);
}
