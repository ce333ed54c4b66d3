/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sketches of blocks, and blocks read with care. */
#include "config.h"

#include <zstd.h>

#include "store/block.h"
#include "store/db.h"
#include "store/sketch.h"
#include "tests/cases.h"

static struct text
packed(struct arena *a, struct sketch *s, int64_t i)
{
	sketch_add(s, TEXT("every block has this"));
	sketch_add(s, arena_printf(a, "only-%06lld-here", (long long)i * 7919 % 1000000));
	if (i % 100 == 0)
		sketch_add(s, TEXT("Now and Then"));
	return sketch_take(s, a);
}

static size_t
find(struct test_case *t, const char *a, const char *b, int64_t **out)
{
	struct text          any[] = { text_of(a), text_of(b) };
	struct literal_group group = { any, b ? 2u : 1u };
	size_t               n = 0;

	if (!sketch_useful(&group, 1))
		return SIZE_MAX;
	if (!sketch_candidates(t->cf, SEGMENT_SCRIPTS, &group, 1, &t->arena, out, &n, &t->err))
		printf("# %s\n", t->err.what);
	return n;
}

/* Entries 1 to N go in, in two sittings; the second takes up the short last segment. */
static void
bits_are_where_they_belong(int64_t n, int64_t first_sitting)
{
	struct test_case t;
	struct sketch   *s = calloc(1, sizeof(*s));
	int64_t         *ids;
	struct segment   seg;
	bool             good = true;

	case_new(&t);
	case_open(&t, CASEFILE_IMPORT);
	segment_open(&seg, SEGMENT_SCRIPTS);
	segment_resume(&seg, t.cf, &t.err);
	for (int64_t i = 1; i <= n; i++) {
		struct arena scratch = t.arena;

		good = good && segment_add(&seg, t.cf, i, packed(&scratch, s, i), &t.err);
		if (i == first_sitting) {
			good = good && segment_store(&seg, t.cf, &t.err);
			segment_close(&seg);
			segment_open(&seg, SEGMENT_SCRIPTS);
			good = good && segment_resume(&seg, t.cf, &t.err);
		}
	}
	ok(good && segment_store(&seg, t.cf, &t.err), "%lld entries are stored", (long long)n);
	segment_close(&seg);
	ok(find(&t, "every block has this", NULL, &ids) == (size_t)n, "common text is everywhere");
	ok(find(&t, "there is nothing like it", NULL, &ids) == 0, "absent text is nowhere");
	ok(find(&t, "now and then", NULL, &ids) == (size_t)(n / 100) && (n < 100 || ids[0] == 100),
	   "letters compare without case");
	bool all = true;

	for (int64_t i = 1; i <= n; i += 97) {
		struct arena keep = t.arena;
		struct text  one = arena_printf(&t.arena, "only-%06lld-here",
						(long long)i * 7919 % 1000000);
		size_t       m = find(&t, one.p, NULL, &ids);
		bool         there = false;

		for (size_t k = 0; k < m; k++)
			there = there || ids[k] == i;
		all = all && there;
		t.arena = keep;
	}
	ok(all, "no entry is missed");
	ok(find(&t, "now and then", "every block", &ids) == (size_t)n, "one of several will do");
	ok(find(&t, "no", NULL, &ids) == SIZE_MAX, "two letters say nothing");
	free(s);
	case_done(&t);
}

/* The row says that the segment is short; its list of entries is full. */
static void
a_segment_that_lies_is_left_alone(void)
{
	struct test_case t;
	struct sketch   *s = calloc(1, sizeof(*s));
	struct segment   seg;
	struct ask       q;
	char             ones[SEGMENT_BLOCKS]; /* differences between entries */
	int64_t         *ids;
	size_t           n;
	bool             good;

	case_new(&t);
	case_open(&t, CASEFILE_IMPORT);
	segment_open(&seg, SEGMENT_SCRIPTS);
	good = segment_resume(&seg, t.cf, &t.err) &&
	       segment_add(&seg, t.cf, 1, packed(&t.arena, s, 1), &t.err) &&
	       segment_store(&seg, t.cf, &t.err);
	segment_close(&seg);
	memset(ones, 1, sizeof(ones));
	if (ask(&q, t.cf, "UPDATE sketch_segment SET blocks = ?1", &t.err)) {
		ask_blob(&q, 1, (struct text){ ones, sizeof(ones) });
		ask_run(&q);
	}
	good = ask_end(&q) && good;
	segment_open(&seg, SEGMENT_SCRIPTS);
	good = good && segment_resume(&seg, t.cf, &t.err) &&
	       segment_add(&seg, t.cf, 5000, packed(&t.arena, s, 5000), &t.err) &&
	       segment_store(&seg, t.cf, &t.err);
	segment_close(&seg);
	ok(good, "an entry is added to a case whose last segment lies");
	n = find(&t, "only-595000-here", NULL, &ids);
	ok(n >= 1 && ids[n - 1] == 5000, "and is found");
	free(s);
	case_done(&t);
}

/* Numbers that no import gives: nothing that such a segment is about may be missed. */
static void
a_segment_of_any_number_hides_nothing(const char *number)
{
	struct test_case t;
	struct sketch   *s = calloc(1, sizeof(*s));
	struct segment   seg;
	int64_t         *ids;
	size_t           n;
	bool             good;

	case_new(&t);
	case_open(&t, CASEFILE_IMPORT);
	segment_open(&seg, SEGMENT_SCRIPTS);
	good = segment_resume(&seg, t.cf, &t.err) &&
	       segment_add(&seg, t.cf, INT64_MAX, packed(&t.arena, s, 1), &t.err) &&
	       segment_store(&seg, t.cf, &t.err) &&
	       db_run(t.cf, arena_printf(&t.arena, "UPDATE sketch_segment SET id = %s", number).p,
		      &t.err);
	segment_close(&seg);
	n = find(&t, "every block has this", NULL, &ids);
	ok(good && n == 1 && ids[0] == INT64_MAX, "a segment numbered %s is searched", number);
	segment_open(&seg, SEGMENT_SCRIPTS);
	good = segment_resume(&seg, t.cf, &t.err) &&
	       segment_add(&seg, t.cf, INT64_MIN, packed(&t.arena, s, 2), &t.err) &&
	       segment_store(&seg, t.cf, &t.err);
	segment_close(&seg);
	n = find(&t, "every block has this", NULL, &ids);
	ok(good && n == 2 && ids[0] == INT64_MIN && ids[1] == INT64_MAX,
	   "and an import goes on beside it");
	free(s);
	case_done(&t);
}

static void
varints_are_read_with_care(void)
{
	static const uint64_t values[] = { 0, 1, 127, 128, 300, UINT32_MAX, UINT64_MAX };
	unsigned char         buf[16];
	const unsigned char  *p;
	uint64_t              v;

	for (size_t i = 0; i < sizeof(values) / sizeof(*values); i++) {
		size_t n = varint_put(buf, values[i]);

		p = buf;
		ok(varint_get(&p, buf + n, &v) && v == values[i] && p == buf + n,
		   "a number comes back");
		p = buf;
		ok(!varint_get(&p, buf + n - 1, &v), "cut short it is none");
	}
	memset(buf, 0xff, sizeof(buf));
	p = buf;
	ok(!varint_get(&p, buf + sizeof(buf), &v), "a number without end is none");
}

static struct text
compressed(struct text raw, struct arena *keep)
{
	size_t room = ZSTD_compressBound(raw.n);
	char  *p = arena_new(keep, char, room);

	return (struct text){ p, ZSTD_compress(p, room, raw.p, raw.n, 1) };
}

/* A few bytes, compressed, that stand for gigabytes of tables. */
static void
a_block_that_claims_too_much_is_none(void)
{
	struct arena  a = arena_open((size_t)64 << 20);
	size_t        n = (size_t)8 << 20;
	char         *raw = arena_new(&a, char, n);
	struct arena  unused = a;
	struct block  b;

	for (int which = 0; which < 3; which++) {
		unsigned char *p = (unsigned char *)raw;

		memset(raw, 0, n);
		*p++ = BLOCK_LAYOUT;
		for (int i = 0; i < 3; i++)
			p += varint_put(p, i == which ? n / 4 : 0);
		ok(!block_open(&b, compressed((struct text){ raw, n }, &unused)),
		   "two million %s are refused", (const char *[]){ "events", "names", "shapes" }[which]);
	}
	arena_close(&a);
}

static void
blocks_are_opened_with_care(void)
{
	struct arena          a = arena_open((size_t)64 << 20);
	struct block_encoder *e = block_encoder_new();
	struct block          b;
	struct event          back = { 0 };
	int                   opened = 0;

	for (uint64_t i = 1; i <= 20; i++) {
		struct event ev = event_new(&a, "WS-07", "Security", 4688, i, (int64_t)i);

		event_with(&ev, &a, i % 2 ? "CommandLine" : "Image", TEXT("cmd.exe"));
		block_add(e, &ev);
	}
	struct text good = block_close(e, &a);

	ok(block_open(&b, good) && b.n == 20, "a block opens");
	ok(block_event(&b, 19, &back, &a) && back.n_fields == 6, "its last event is read");
	is(back.host, TEXT("WS-07"), "with the host as logged");
	ok(!block_event(&b, 20, &back, &a), "there is none behind it");
	/* Every byte of the raw block, changed: read or refused, never overrun. */
	for (size_t i = 0; i < b.raw_bytes; i++) {
		struct block  other;
		struct arena  scratch = a;
		char         *raw = arena_new(&scratch, char, b.raw_bytes);
		struct text   bad;

		memcpy(raw, b.raw, b.raw_bytes);
		raw[i] = (char)(raw[i] ^ 0xff);
		bad = compressed((struct text){ raw, b.raw_bytes }, &scratch);
		if (!block_open(&other, bad))
			continue;
		opened++;
		for (uint32_t k = 0; k < other.n; k++)
			block_event(&other, k, &back, &scratch);
		block_free(&other);
	}
	ok(opened > 0, "damaged blocks are read as far as they go");
	bool drop[20] = { true, false, true };
	struct text rest = block_without(e, good, drop, &a);

	block_free(&b);
	ok(block_open(&b, rest) && b.n == 18, "a block can lose events");
	ok(block_event(&b, 1, &back, &a), "the rest is read");
	is(event_get(&back, TEXT("EventRecordID")), TEXT("4"), "and is in order");
	block_free(&b);
	memset(drop, 1, sizeof(drop));
	ok(block_without(e, good, drop, &a).n == 0, "down to none");
	block_encoder_free(e);
	arena_close(&a);
}

int
main(void)
{
	varints_are_read_with_care();
	blocks_are_opened_with_care();
	a_block_that_claims_too_much_is_none();
	a_segment_that_lies_is_left_alone();
	a_segment_of_any_number_hides_nothing("4503599627370496");
	a_segment_of_any_number_hides_nothing("9223372036854775807");
	a_segment_of_any_number_hides_nothing("-7");
	bits_are_where_they_belong(1, 0);
	bits_are_where_they_belong(64, 0);
	bits_are_where_they_belong(65, 64);
	bits_are_where_they_belong(300, 0);
	bits_are_where_they_belong(300, 120);
	bits_are_where_they_belong(2 * SEGMENT_BLOCKS + 10, 2 * SEGMENT_BLOCKS + 5);
	return done_testing();
}
