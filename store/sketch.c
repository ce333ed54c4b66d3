/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/sketch.h"

#include <assert.h>
#include <stdlib.h>
#include <zstd.h>

#include "store/block.h"
#include "store/blocks.h"
#include "store/sketch_parts.h"

#define REUSE_BELOW    (SEGMENT_BLOCKS / 2) /* shorter last segments are filled up */
#define VARINT_TRIGRAM 3                    /* bytes of the distance to a trigram, at most */

/* Letters without case 0-25, digits 26-35, then what scripts and paths are made of; what is left
 * shares the last classes. */
static const unsigned char class_of[256] = {
	['a'] = 0,  ['b'] = 1,  ['c'] = 2,  ['d'] = 3,  ['e'] = 4,  ['f'] = 5,  ['g'] = 6,
	['h'] = 7,  ['i'] = 8,  ['j'] = 9,  ['k'] = 10, ['l'] = 11, ['m'] = 12, ['n'] = 13,
	['o'] = 14, ['p'] = 15, ['q'] = 16, ['r'] = 17, ['s'] = 18, ['t'] = 19, ['u'] = 20,
	['v'] = 21, ['w'] = 22, ['x'] = 23, ['y'] = 24, ['z'] = 25,
	['A'] = 0,  ['B'] = 1,  ['C'] = 2,  ['D'] = 3,  ['E'] = 4,  ['F'] = 5,  ['G'] = 6,
	['H'] = 7,  ['I'] = 8,  ['J'] = 9,  ['K'] = 10, ['L'] = 11, ['M'] = 12, ['N'] = 13,
	['O'] = 14, ['P'] = 15, ['Q'] = 16, ['R'] = 17, ['S'] = 18, ['T'] = 19, ['U'] = 20,
	['V'] = 21, ['W'] = 22, ['X'] = 23, ['Y'] = 24, ['Z'] = 25,
	['0'] = 26, ['1'] = 27, ['2'] = 28, ['3'] = 29, ['4'] = 30, ['5'] = 31, ['6'] = 32,
	['7'] = 33, ['8'] = 34, ['9'] = 35,
	[' '] = 36, ['-'] = 37, ['.'] = 38, ['_'] = 39, ['/'] = 40, ['\\'] = 41, [':'] = 42,
	['"'] = 43, ['\''] = 44, ['('] = 45, [')'] = 46, ['$'] = 47, ['='] = 48, [','] = 49,
	[';'] = 50, ['%'] = 51, ['{'] = 52, ['}'] = 53, ['['] = 54, [']'] = 55, ['<'] = 56,
	['>'] = 57, ['+'] = 58, ['*'] = 59, ['@'] = 60, ['|'] = 60, ['&'] = 60, ['#'] = 61,
	['!'] = 61, ['?'] = 61, ['^'] = 61, ['~'] = 61, ['`'] = 61, [0x7f] = 62,
	/* control characters */
	[0] = 62,  [1] = 62,  [2] = 62,  [3] = 62,  [4] = 62,  [5] = 62,  [6] = 62,  [7] = 62,
	[8] = 62,  [9] = 62,  [10] = 62, [11] = 62, [12] = 62, [13] = 62, [14] = 62, [15] = 62,
	[16] = 62, [17] = 62, [18] = 62, [19] = 62, [20] = 62, [21] = 62, [22] = 62, [23] = 62,
	[24] = 62, [25] = 62, [26] = 62, [27] = 62, [28] = 62, [29] = 62, [30] = 62, [31] = 62,
	/* whatever is not ASCII */
	[0x80] = 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63,
	63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63,
	63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63,
	63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63,
	63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63,
	63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63,
	63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63,
	63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63,
};

static inline uint32_t
class_at(struct text t, size_t i)
{
	return class_of[(unsigned char)t.p[i]];
}

uint32_t
sketch_trigram(struct text t, size_t i)
{
	return class_at(t, i) << 12 | class_at(t, i + 1) << 6 | class_at(t, i + 2);
}

/* Whether the value is among those just added; if not, it is now. */
static bool
seen_before(struct sketch *s, struct text value)
{
	size_t at = value.n * 131 + (unsigned char)value.p[0] * 7u +
		    (unsigned char)value.p[value.n / 2] * 31u + (unsigned char)value.p[value.n - 1];

	at %= SEEN_SLOTS;
	if (s->seen[at].n == value.n && memcmp(s->seen[at].p, value.p, value.n) == 0)
		return true;
	s->seen[at].n = (unsigned char)value.n;
	memcpy(s->seen[at].p, value.p, value.n);
	return false;
}

void
sketch_add(struct sketch *s, struct text value)
{
	if (value.n < 3 || (value.n <= SEEN_BYTES && seen_before(s, value)))
		return;
	uint32_t t = class_at(value, 0) << 6 | class_at(value, 1);

	for (size_t i = 2; i < value.n; i++) {
		t = (t << 6 | class_at(value, i)) & (SKETCH_TRIGRAMS - 1);
		s->word[t >> 6] |= UINT64_C(1) << (t & 63);
	}
}

struct text
sketch_take(struct sketch *s, struct arena *keep)
{
	size_t   n = 0, room = 0;
	uint32_t last = 0;

	for (uint32_t w = 0; w < SKETCH_TRIGRAMS / 64; w++)
		room += (size_t)__builtin_popcountll(s->word[w]) * VARINT_TRIGRAM;
	unsigned char *out = arena_alloc(keep, 1, 1, room);

	for (uint32_t w = 0; w < SKETCH_TRIGRAMS / 64; w++) {
		uint64_t bits = s->word[w];

		for (; bits; bits &= bits - 1) {
			uint32_t t = w * 64 + (uint32_t)__builtin_ctzll(bits);

			n += varint_put(out + n, t - last);
			last = t;
		}
		s->word[w] = 0;
	}
	for (size_t i = 0; i < SEEN_SLOTS; i++)
		s->seen[i].n = 0;
	if (keep->at == (char *)out + room)
		keep->at = (char *)out + n;
	return (struct text){ (const char *)out, n };
}

void
segment_open(struct segment *s, enum segment_kind kind)
{
	*s = (struct segment){ .kind = kind, .arena = arena_open((size_t)1 << 31) };
}

void
segment_close(struct segment *s)
{
	sketch_rows_end(s->rows);
	arena_close(&s->arena);
}

static void
segment_clear(struct segment *s)
{
	sketch_rows_end(s->rows);
	s->rows = NULL;
	arena_reset(&s->arena, 0);
	s->n = 0;
	s->replaces = -1;
	s->blocks = arena_new(&s->arena, int64_t, SEGMENT_BLOCKS);
	s->packed = arena_new(&s->arena, struct text, SEGMENT_BLOCKS);
}

static const char last_segment[] = "SELECT id, n, words FROM sketch_segment WHERE kind = ?1 AND "
				   "id >= 0 AND id < 1 << 32 ORDER BY id DESC LIMIT 1";
static const char next_number[] = "SELECT max(id) + 1 FROM sketch_segment "
				  "WHERE id >= 0 AND id < 1 << 32";
static const char segment_blocks[] = "SELECT blocks FROM sketch_segment WHERE id = ?1";
static const char segment_rows[] = "SELECT id, data FROM sketch WHERE id >= ?1 AND id < ?2";
static const char drop_rows[] = "DELETE FROM sketch WHERE id >= ?1 AND id < ?2";
static const char put_row[] = "INSERT INTO sketch(id, data) VALUES(?1, ?2)";
static const char put_segment[] =
    "INSERT OR REPLACE INTO sketch_segment(id, kind, n, last, blocks, words) "
    "VALUES(?1, ?2, ?3, ?4, ?5, ?6)";
static const char no_longer_bare[] = "DELETE FROM block_changed WHERE id = ?1";

size_t
segment_blocks_unpack(struct text packed, int64_t out[SEGMENT_BLOCKS])
{
	const unsigned char *p = (const unsigned char *)packed.p, *end = p + packed.n;
	uint64_t             delta, at = 0;
	size_t               n = 0;

	while (n < SEGMENT_BLOCKS && varint_get(&p, end, &delta)) {
		at += delta;
		out[n++] = (int64_t)at;
	}
	return n;
}

uint32_t
segment_words(struct ask *q, int column)
{
	int64_t words = ask_get_int(q, column);

	return words >= 1 && words <= SKETCH_WORDS && (words & (words - 1)) == 0 ? (uint32_t)words : SKETCH_WORDS;
}

static bool
read_blocks(struct casefile *cf, int64_t id, int64_t out[SEGMENT_BLOCKS], size_t *n,
	    struct err *err)
{
	struct ask q;

	*n = 0;
	if (ask(&q, cf, segment_blocks, err)) {
		ask_int(&q, 1, id);
		if (ask_row(&q))
			*n = segment_blocks_unpack(ask_get_text(&q, 0), out);
	}
	return ask_end(&q);
}

/* Turns a stored segment back into lists per block. */
static bool
reload(struct segment *s, uint32_t words, struct casefile *cf, struct err *err)
{
	uint64_t    *bits = malloc(SKETCH_ROW_BYTES);
	struct list {
		unsigned char *at;
		size_t         n, cap;
		uint32_t       last;
	}           *list = calloc(SEGMENT_BLOCKS, sizeof(*list));
	struct ask   q;

	if (!bits || !list)
		arena_exhausted(SKETCH_ROW_BYTES);
	if (ask(&q, cf, segment_rows, err)) {
		ask_int(&q, 1, s->replaces * SKETCH_ROWS);
		ask_int(&q, 2, (s->replaces + 1) * SKETCH_ROWS);
		while (ask_row(&q)) {
			uint32_t    row = (uint32_t)(ask_get_int(&q, 0) -
						       s->replaces * SKETCH_ROWS);
			struct text data = ask_get_text(&q, 1);

			if (ZSTD_decompress(bits, SKETCH_ROW_BYTES, data.p, data.n) !=
			    SKETCH_ROW_BYTES)
				continue;
			for (size_t i = 0; i < 64 * SKETCH_WORDS; i++)
				for (uint64_t w = bits[i]; w; w &= w - 1) {
					size_t   b = (i % words) * 64 + (size_t)__builtin_ctzll(w);
					uint32_t t = row * sketch_per_row(words) + (uint32_t)(i / words);

					if (list[b].n + 10 > list[b].cap) {
						list[b].cap = list[b].cap * 2 + 4096;
						list[b].at = realloc(list[b].at, list[b].cap);
						if (!list[b].at)
							arena_exhausted(list[b].cap);
					}
					list[b].n +=
					    varint_put(list[b].at + list[b].n, t - list[b].last);
					list[b].last = t;
				}
		}
	}
	for (size_t b = 0; b < SEGMENT_BLOCKS; b++) {
		if (b < s->n)
			s->packed[b] = arena_copy(&s->arena,
			    (struct text){ list[b].at ? (char *)list[b].at : "", list[b].n });
		free(list[b].at);
	}
	free(list);
	free(bits);
	return ask_end(&q);
}

static const char block_rows[] = "SELECT " FACTS_COLUMNS " FROM event e WHERE e.id >= ?1 AND "
				 "e.id < ?1 + (SELECT n FROM block WHERE id = ?1) ORDER BY e.id";

/* Adds the values of all events of the block to S. */
static bool
sketch_block(struct casefile *cf, int64_t block, struct sketch *s, struct err *err)
{
	struct arena scratch = arena_open(BLOCK_RAW_MAX);
	struct held  h = { 0 };
	struct ask   q;
	bool         good = true;

	if (ask(&q, cf, block_rows, err)) {
		ask_int(&q, 1, block);
		while (good && ask_row(&q)) {
			struct arena one = scratch;
			struct facts row = facts_get(&q);
			struct event ev;

			good = event_load(cf, &row, &h, &one, &ev, err);
			if (good)
				sketch_event(s, &ev);
		}
	}
	held_release(&h);
	arena_close(&scratch);
	return ask_end(&q) && good;
}

bool
segment_resume(struct segment *s, struct casefile *cf, struct err *err)
{
	int64_t    id = -1, n = 0;
	uint32_t   words = SKETCH_WORDS;
	struct ask q;

	if (ask(&q, cf, last_segment, err)) {
		ask_int(&q, 1, s->kind);
		if (ask_row(&q)) {
			id = ask_get_int(&q, 0);
			n = ask_get_int(&q, 1);
			words = segment_words(&q, 2);
		}
	}
	if (!ask_end(&q))
		return false;
	segment_clear(s);
	if (id >= 0 && n < REUSE_BELOW && !read_blocks(cf, id, s->blocks, &s->n, err))
		return false;
	if (s->n >= REUSE_BELOW)
		s->n = 0; /* more than the row says: it stays as it is */
	if (s->n) {
		s->replaces = id;
		if (!reload(s, words, cf, err))
			return false;
	}
	if (s->kind == SEGMENT_SCRIPTS)
		return true;
	struct sketch *sketch = calloc(1, sizeof(*sketch));
	struct arena   packed = arena_open((size_t)64 << 20);
	bool           good = sketch != NULL;

	if (good && ask(&q, cf, BARE_BLOCKS, err))
		while (good && ask_row(&q)) {
			int64_t block = ask_get_int(&q, 0);

			arena_reset(&packed, 1 << 20);
			good = sketch_block(cf, block, sketch, err) &&
			       segment_add(s, cf, block, sketch_take(sketch, &packed), err);
		}
	good = ask_end(&q) && good;
	arena_close(&packed);
	free(sketch);
	return good;
}

void
segment_prepare(struct segment *s)
{
	if (s->n && !s->rows)
		s->rows = sketch_rows_begin(s->packed, s->n);
}

static bool
store_rows(struct segment *s, struct casefile *cf, int64_t id, struct err *err)
{
	size_t                   n;
	const struct sketch_row *rows = sketch_rows_get(s->rows, &n);
	struct ask               q;

	ask(&q, cf, put_row, err);
	for (size_t i = 0; i < n && !q.failed; i++) {
		ask_int(&q, 1, id * SKETCH_ROWS + rows[i].number);
		ask_blob(&q, 2, rows[i].packed);
		ask_run(&q);
	}
	return ask_end(&q);
}

/* What was written anew has its sketch in a stored segment now. */
static bool
forget_changed(const struct segment *s, struct casefile *cf, struct err *err)
{
	struct ask q;
	int64_t    changed;

	if (s->kind != SEGMENT_FIELDS)
		return true;
	if (!db_get_int(cf, "SELECT EXISTS(SELECT 1 FROM block_changed)", 0, &changed, err))
		return false;
	if (!changed)
		return true;
	ask(&q, cf, no_longer_bare, err);
	for (size_t i = 0; i < s->n && !q.failed; i++) {
		ask_int(&q, 1, s->blocks[i]);
		ask_run(&q);
	}
	return ask_end(&q);
}

bool
segment_store(struct segment *s, struct casefile *cf, struct err *err)
{
	unsigned char blocks[SEGMENT_BLOCKS * 10];
	size_t        n_bytes = 0;
	int64_t       before = 0, last = 0, id = s->replaces;
	struct ask    q;

	if (!s->n)
		return true;
	segment_prepare(s);
	if (id < 0 && !db_get_int(cf, next_number, 0, &id, err))
		return false;
	if (ask(&q, cf, drop_rows, err)) { /* of a new one too: a stranger may have left some */
		ask_int(&q, 1, id * SKETCH_ROWS);
		ask_int(&q, 2, (id + 1) * SKETCH_ROWS);
		ask_run(&q);
	}
	if (!ask_end(&q))
		return false;
	for (size_t i = 0; i < s->n; i++) {
		/* blocks that were written anew come out of order; the difference wraps */
		n_bytes += varint_put(blocks + n_bytes, (uint64_t)s->blocks[i] - (uint64_t)before);
		before = s->blocks[i];
		last = before > last ? before : last;
	}
	if (!store_rows(s, cf, id, err))
		return false;
	if (ask(&q, cf, put_segment, err)) {
		ask_int(&q, 1, id);
		ask_int(&q, 2, s->kind);
		ask_int(&q, 3, (int64_t)s->n);
		ask_int(&q, 4, last);
		ask_blob(&q, 5, (struct text){ (const char *)blocks, n_bytes });
		ask_int(&q, 6, sketch_words(s->n));
		ask_run(&q);
	}
	if (!ask_end(&q))
		return false;
	if (!forget_changed(s, cf, err))
		return false;
	segment_clear(s);
	return true;
}

bool
segment_add(struct segment *s, struct casefile *cf, int64_t block, struct text packed,
	    struct err *err)
{
	assert(!s->rows);
	s->blocks[s->n] = block;
	s->packed[s->n++] = arena_copy(&s->arena, packed);
	return s->n < SEGMENT_BLOCKS || segment_store(s, cf, err);
}
