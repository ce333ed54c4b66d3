/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which entries of the segments may meet the literals of a search. */
#include "config.h"

#include <stdlib.h>
#include <zstd.h>

#include "store/sketch_parts.h"

#define NEEDLE_TRIGRAMS 24 /* enough to tell blocks apart */

/* Distinct trigrams of a folded literal, spread over it when it has too many. */
static size_t
needle_trigrams(struct text literal, uint32_t out[NEEDLE_TRIGRAMS])
{
	size_t n = 0, total = literal.n - 2;
	size_t step = (total + NEEDLE_TRIGRAMS - 1) / NEEDLE_TRIGRAMS;

	for (size_t i = 0; i < total && n < NEEDLE_TRIGRAMS; i += step) {
		uint32_t t = sketch_trigram(literal, i);
		bool     seen = false;

		for (size_t k = 0; k < n && !seen; k++)
			seen = out[k] == t;
		if (!seen)
			out[n++] = t;
	}
	return n;
}

static const char get_row[] = "SELECT data FROM sketch WHERE id = ?1";

/* A segment that is searched. */
struct probe {
	struct ask *rows;
	int64_t     id;
	uint32_t    words;
	uint64_t   *row; /* SKETCH_ROW_BYTES */
};

/* ANDs the bits of trigram T into BITS. A row that cannot be read keeps all. */
static bool
and_row(const struct probe *p, uint32_t t, uint64_t bits[SKETCH_WORDS])
{
	ask_int(p->rows, 1, p->id * SKETCH_ROWS + t / sketch_per_row(p->words));
	if (ask_row(p->rows)) {
		struct text     data = ask_get_text(p->rows, 0);
		const uint64_t *at = p->row + (size_t)(t % sketch_per_row(p->words)) * p->words;

		if (ZSTD_decompress(p->row, SKETCH_ROW_BYTES, data.p, data.n) ==
		    SKETCH_ROW_BYTES)
			for (size_t w = 0; w < p->words; w++)
				bits[w] &= at[w];
	} else if (!p->rows->failed) {
		memset(bits, 0, p->words * sizeof(*bits));
	}
	return ask_run(p->rows);
}

static bool
group_says_something(const struct literal_group *g)
{
	for (uint32_t i = 0; i < g->n; i++)
		if (g->any[i].n < 3)
			return false;
	return g->n > 0;
}

/* Bits of the blocks that may meet all groups. */
static bool
segment_bits(const struct probe *p, const struct literal_group *groups, uint32_t n_groups,
	     uint64_t bits[SKETCH_WORDS])
{
	memset(bits, 0xff, SKETCH_WORDS * sizeof(*bits));
	for (uint32_t g = 0; g < n_groups && p->id >= 0 && p->id < SEGMENT_NUMBERS; g++) {
		uint64_t any[SKETCH_WORDS] = { 0 };

		if (!group_says_something(&groups[g]))
			continue;
		for (uint32_t i = 0; i < groups[g].n; i++) {
			uint32_t trigrams[NEEDLE_TRIGRAMS];
			size_t   n = needle_trigrams(groups[g].any[i], trigrams);
			uint64_t one[SKETCH_WORDS], left = 1;

			memcpy(one, bits, sizeof(one));
			for (size_t k = 0; k < n && left; k++) {
				if (!and_row(p, trigrams[k], one))
					return false;
				left = 0;
				for (size_t w = 0; w < p->words; w++)
					left |= one[w];
			}
			for (size_t w = 0; w < p->words; w++)
				any[w] |= one[w];
		}
		memcpy(bits, any, sizeof(any));
	}
	return true;
}

bool
sketch_useful(const struct literal_group *groups, uint32_t n_groups)
{
	for (uint32_t g = 0; g < n_groups; g++)
		if (group_says_something(&groups[g]))
			return true;
	return false;
}

static const char all_segments[] = "SELECT id, blocks, words FROM sketch_segment WHERE kind = ?1 "
				   "ORDER BY id";

/* Entries of the bare blocks behind the last segment. */
static bool
add_bare(struct casefile *cf, struct arena *keep, int64_t **entries, size_t *n, size_t *cap,
	 struct err *err)
{
	struct ask q;

	if (ask(&q, cf, BARE_BLOCKS, err))
		while (ask_row(&q)) {
			arena_grow(keep, *entries, *n, cap);
			(*entries)[(*n)++] = ask_get_int(&q, 0);
		}
	return ask_end(&q);
}

static int
by_number(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

/* A block that was written anew is in two segments. */
static size_t
once_each(int64_t *entries, size_t n)
{
	size_t kept = 0;

	for (size_t i = 0; i < n; i++)
		if (!kept || entries[kept - 1] != entries[i])
			entries[kept++] = entries[i];
	return kept;
}

bool
sketch_candidates(struct casefile *cf, enum segment_kind kind,
		  const struct literal_group *groups, uint32_t n_groups, struct arena *keep,
		  int64_t **entries, size_t *n, struct err *err)
{
	size_t     cap = 0;
	struct ask q, rows;
	uint64_t  *row = malloc(SKETCH_ROW_BYTES);
	int64_t   *ids = malloc(SEGMENT_BLOCKS * sizeof(*ids));

	*n = 0;
	*entries = NULL;
	if (!row || !ids)
		arena_exhausted(SKETCH_ROW_BYTES);
	ask(&rows, cf, get_row, err);
	ask(&q, cf, all_segments, err);
	ask_int(&q, 1, kind);
	while (!rows.failed && ask_row(&q)) {
		struct probe p = { &rows, ask_get_int(&q, 0), segment_words(&q, 2), row };
		uint64_t     bits[SKETCH_WORDS];
		size_t       in = segment_blocks_unpack(ask_get_text(&q, 1), ids);

		if (!segment_bits(&p, groups, n_groups, bits))
			break;
		for (size_t b = 0; b < in && b < p.words * 64; b++)
			if (bits[b / 64] >> (b % 64) & 1) {
				arena_grow(keep, *entries, *n, &cap);
				(*entries)[(*n)++] = ids[b];
			}
	}
	free(ids);
	free(row);
	bool good = ask_end(&q);

	good = ask_end(&rows) && good;
	if (good && kind == SEGMENT_FIELDS)
		good = add_bare(cf, keep, entries, n, &cap, err);
	if (*n)
		qsort(*entries, *n, sizeof(**entries), by_number);
	*n = once_each(*entries, *n);
	return good;
}
