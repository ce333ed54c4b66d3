/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/basis.h"

#include <stdlib.h>

#include "base/arena.h"

#define GATHERED_MAX    ((size_t)1 << 19) /* 8 MiB, and as much to sort them */
#define GATHERED_SCARCE ((size_t)1 << 16)
#define ROWS_AT_ONCE    32 /* of one statement */

struct pair {
	int64_t event, finding;
};

struct basis {
	struct pair *pairs;
	size_t       n, cap;
};

static struct basis *
basis_of(struct casefile *cf)
{
	struct basis *b = cf->basis;

	if (b)
		return b;
	b = cf->basis = calloc(1, sizeof(*b));
	if (!b)
		arena_exhausted(sizeof(*b));
	b->cap = arena_scarce() ? GATHERED_SCARCE : GATHERED_MAX;
	b->pairs = malloc(b->cap * sizeof(*b->pairs));
	if (!b->pairs)
		arena_exhausted(b->cap * sizeof(*b->pairs));
	return b;
}

bool
basis_clear(struct casefile *cf, struct err *err)
{
	struct basis *b = basis_of(cf);

	b->n = 0;
	return db_run(cf,
		      "DELETE FROM finding_event", err);
}

/* Digits of event numbers that pairs are sorted by, the lowest first. */
#define DIGIT_BITS 11
#define DIGITS     ((size_t)1 << DIGIT_BITS)

static void
sort_by_digit(const struct pair *from, struct pair *to, size_t n, unsigned shift)
{
	size_t starts[DIGITS + 1] = { 0 };

	for (size_t i = 0; i < n; i++)
		starts[((uint64_t)from[i].event >> shift & (DIGITS - 1)) + 1]++;
	for (size_t d = 0; d < DIGITS; d++)
		starts[d + 1] += starts[d];
	for (size_t i = 0; i < n; i++)
		to[starts[(uint64_t)from[i].event >> shift & (DIGITS - 1)]++] = from[i];
}

/* By event; those of one event stay in their order. */
static void
sort_pairs(struct basis *b)
{
	uint64_t     all = 0;
	struct pair *other;

	for (size_t i = 0; i < b->n; i++)
		all |= (uint64_t)b->pairs[i].event;
	other = malloc(b->cap * sizeof(*other));
	if (!other)
		arena_exhausted(b->cap * sizeof(*other));
	for (unsigned shift = 0; shift < 64 && all >> shift; shift += DIGIT_BITS) {
		struct pair *sorted = other;

		sort_by_digit(b->pairs, sorted, b->n, shift);
		other = b->pairs;
		b->pairs = sorted;
	}
	free(other);
}

#define ROWS_4  "(?,?),(?,?),(?,?),(?,?)"
#define ROWS_16 ROWS_4 "," ROWS_4 "," ROWS_4 "," ROWS_4
#define PUT     "INSERT OR IGNORE INTO finding_event(event, finding) VALUES"
static const char put_many[] = PUT ROWS_16 "," ROWS_16;
static const char put_one[] = PUT "(?,?)";

static bool
put_rows(struct casefile *cf, const char *sql, size_t at_once, const struct pair **from,
	 const struct pair *end, struct err *err)
{
	struct ask q;

	ask(&q, cf, sql, err);
	for (; (size_t)(end - *from) >= at_once && !q.failed; *from += at_once) {
		for (size_t i = 0; i < at_once; i++) {
			ask_int(&q, (int)(2 * i + 1), (*from)[i].event);
			ask_int(&q, (int)(2 * i + 2), (*from)[i].finding);
		}
		ask_run(&q);
	}
	return ask_end(&q);
}

static bool
write_gathered(struct casefile *cf, struct err *err)
{
	struct basis      *b = cf->basis;
	const struct pair *from, *end;

	sort_pairs(b);
	from = b->pairs;
	end = from + b->n;
	b->n = 0;
	return put_rows(cf, put_many, ROWS_AT_ONCE, &from, end, err) &&
	       put_rows(cf, put_one, 1, &from, end, err);
}

bool
basis_put(struct casefile *cf, int64_t finding, const int64_t *events, uint32_t n,
	  struct err *err)
{
	struct basis *b = basis_of(cf);

	for (uint32_t i = 0; i < n; i++) {
		if (b->n == b->cap && !write_gathered(cf, err))
			return false;
		b->pairs[b->n++] = (struct pair){ events[i], finding };
	}
	return true;
}

bool
basis_flush(struct casefile *cf, struct err *err)
{
	struct basis *b = cf->basis;

	if (!b)
		return true;
	return write_gathered(cf, err);
}

bool
basis_end(struct casefile *cf, struct err *err)
{
	bool good = basis_flush(cf, err);

	basis_abort(cf);
	return good;
}

void
basis_abort(struct casefile *cf)
{
	if (cf->basis)
		free(cf->basis->pairs);
	free(cf->basis);
	cf->basis = NULL;
}
