/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/literals.h"

#include <stdbool.h>

/* Setting this bit makes ASCII capitals small, and a few signs equal: too many marks, never too
 * few. */
#define FOUR_BYTES  UINT32_C(0x20202020)
#define THREE_BYTES UINT32_C(0x00202020)
#define THREE_MASK  UINT32_C(0x00ffffff)

static uint32_t
load_four(const char *p)
{
	const uint8_t *b = (const uint8_t *)p;

	return ((uint32_t)b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 |
		(uint32_t)b[3] << 24) | FOUR_BYTES;
}

static uint32_t
load_three(const char *p)
{
	const uint8_t *b = (const uint8_t *)p;

	return ((uint32_t)b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16) | THREE_BYTES;
}

static uint32_t
hash_of(uint32_t mark)
{
	return (mark * UINT32_C(0x9e3779b1)) >> 16;
}

/* How often two bytes follow each other in all literals: what is common in them is in texts too. */
struct commonness {
	uint16_t *pairs; /* [first << 8 | second] */
};

static void
count_pairs(struct commonness *c, const struct text *texts, uint32_t n, struct arena *scratch)
{
	c->pairs = arena_new(scratch, uint16_t, 65536);
	for (uint32_t i = 0; i < n; i++) {
		for (size_t k = 0; k + 1 < texts[i].n; k++) {
			uint16_t *pair = &c->pairs[(uint8_t)texts[i].p[k] << 8 |
						   (uint8_t)texts[i].p[k + 1]];

			*pair = (uint16_t)(*pair + (*pair < UINT16_MAX));
		}
	}
}

/* The four bytes of a literal that are least common. */
static uint32_t
rarest_four(const struct commonness *c, struct text t)
{
	uint32_t best = 0, least = UINT32_MAX;

	for (size_t k = 0; k + 4 <= t.n; k++) {
		uint32_t sum = 0;

		for (size_t i = k; i < k + 3; i++)
			sum += c->pairs[(uint8_t)t.p[i] << 8 | (uint8_t)t.p[i + 1]];
		if (sum < least) {
			least = sum;
			best = (uint32_t)k;
		}
	}
	return best;
}

/* Numbers equal literals alike; each different one is kept once. */
static void
number_texts(struct literals *l, const struct text *folded, uint32_t n, uint32_t *ids,
	     struct arena *keep, struct arena scratch)
{
	uint32_t  size = 16;
	uint32_t *slots;

	while (size < n * 2)
		size *= 2;
	slots = arena_new(&scratch, uint32_t, size);
	l->texts = arena_new(keep, struct text, n);
	for (uint32_t i = 0; i < n; i++) {
		uint32_t at = (uint32_t)text_hash(folded[i], 0) & (size - 1);

		while (slots[at] && !text_eq(l->texts[slots[at] - 1], folded[i]))
			at = (at + 1) & (size - 1);
		if (!slots[at]) {
			l->texts[l->n] = folded[i];
			slots[at] = ++l->n;
		}
		ids[i] = slots[at] - 1;
	}
}

static void
open_marks(struct literal_marks *m, uint32_t n, struct arena *keep)
{
	uint32_t size = 16;

	if (n == 0)
		return;
	while (size < n * 2)
		size *= 2;
	m->bits = arena_new(keep, uint64_t, LITERAL_MARKS / 64);
	m->slots = arena_new(keep, struct literal_mark, size);
	m->mask = size - 1;
}

static void
add_mark(struct literal_marks *m, uint32_t mark, uint32_t literal, uint32_t offset)
{
	uint32_t hash = hash_of(mark), at = hash & m->mask;

	m->bits[hash / 64] |= UINT64_C(1) << hash % 64;
	while (m->slots[at].literal)
		at = (at + 1) & m->mask;
	m->slots[at] = (struct literal_mark){ mark, literal + 1, offset };
}

void
literals_make(struct literals *out, const struct text *folded, uint32_t n, uint32_t *ids,
	      struct arena *keep, struct arena scratch)
{
	struct literals   l = { 0 };
	struct commonness common;
	uint32_t          n_three = 0;

	number_texts(&l, folded, n, ids, keep, scratch);
	count_pairs(&common, l.texts, l.n, &scratch);
	for (uint32_t i = 0; i < l.n; i++)
		n_three += l.texts[i].n == 3;
	open_marks(&l.three, n_three, keep);
	open_marks(&l.four, l.n - n_three, keep);
	for (uint32_t i = 0; i < l.n; i++) {
		struct text t = l.texts[i];
		uint32_t    offset = t.n == 3 ? 0 : rarest_four(&common, t);

		if (t.n == 3)
			add_mark(&l.three, load_three(t.p), i, 0);
		else
			add_mark(&l.four, load_four(t.p + offset), i, offset);
	}
	*out = l;
}

static bool
is_here(struct text literal, const char *p)
{
	for (size_t i = 0; i < literal.n; i++) {
		char c = p[i];

		if (c >= 'A' && c <= 'Z')
			c = (char)(c + ('a' - 'A'));
		if (c != literal.p[i])
			return false;
	}
	return true;
}

/* A mark may begin at byte AT of the text: which literals does it belong to, and are they there? */
static void
compare(const struct literals *l, const struct literal_marks *m, uint32_t mark, struct text text,
	size_t at, literal_fn *fn, void *ctx)
{
	for (uint32_t k = hash_of(mark) & m->mask; m->slots[k].literal; k = (k + 1) & m->mask) {
		const struct literal_mark *slot = &m->slots[k];
		struct text                literal = l->texts[slot->literal - 1];

		if (slot->mark == mark && slot->offset <= at &&
		    literal.n <= text.n - (at - slot->offset) &&
		    is_here(literal, text.p + at - slot->offset))
			fn(ctx, slot->literal - 1);
	}
}

static bool
may_begin(const uint64_t *bits, uint32_t mark)
{
	uint32_t hash = hash_of(mark);

	return bits[hash / 64] >> hash % 64 & 1;
}

/* The literals of four bytes and more. */
static void
find_long(const struct literals *l, struct text text, literal_fn *fn, void *ctx)
{
	const uint64_t *four = l->four.bits;

	for (size_t at = 0; at + 4 <= text.n; at++) {
		uint32_t mark = load_four(text.p + at);

		if (may_begin(four, mark))
			compare(l, &l->four, mark, text, at, fn, ctx);
	}
}

/* Both kinds in one pass; the last three bytes have no four. */
static void
find_both(const struct literals *l, struct text text, literal_fn *fn, void *ctx)
{
	const uint64_t *four = l->four.bits, *three = l->three.bits;
	size_t          at = 0;

	for (; at + 4 <= text.n; at++) {
		uint32_t mark = load_four(text.p + at), head = mark & THREE_MASK;

		if (may_begin(four, mark))
			compare(l, &l->four, mark, text, at, fn, ctx);
		if (may_begin(three, head))
			compare(l, &l->three, head, text, at, fn, ctx);
	}
	if (at + 3 <= text.n && may_begin(three, load_three(text.p + at)))
		compare(l, &l->three, load_three(text.p + at), text, at, fn, ctx);
}

/* There are only literals of three bytes. */
static void
find_short(const struct literals *l, struct text text, literal_fn *fn, void *ctx)
{
	for (size_t at = 0; at + 3 <= text.n; at++) {
		uint32_t mark = load_three(text.p + at);

		if (may_begin(l->three.bits, mark))
			compare(l, &l->three, mark, text, at, fn, ctx);
	}
}

void
literals_find(const struct literals *l, struct text text, literal_fn *fn, void *ctx)
{
	if (l->four.bits && l->three.bits)
		find_both(l, text, fn, ctx);
	else if (l->four.bits)
		find_long(l, text, fn, ctx);
	else if (l->three.bits)
		find_short(l, text, fn, ctx);
}
