/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/basis.h"

#include <stdlib.h>

#include "base/arena.h"

#define GATHERED_MAX    ((size_t)1 << 18) /* 6 MiB, and as much to sort them */
#define GATHERED_SCARCE ((size_t)1 << 16)
#define ROWS_AT_ONCE    32 /* of one statement */

/* Findings of which N follow each other rest on the event: a row of the table, or a part of one. */
struct pair {
	int64_t  event, finding;
	uint32_t n;
};

struct basis {
	struct pair *pairs;
	size_t       n, cap;
	size_t       last; /* where those of the last finding begin */
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

	b->n = b->last = 0;
	return db_run(cf, "DELETE FROM finding_event", err);
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

#define ROWS_4  "(?,?,?),(?,?,?),(?,?,?),(?,?,?)"
#define ROWS_16 ROWS_4 "," ROWS_4 "," ROWS_4 "," ROWS_4
#define PUT     "INSERT INTO finding_event(event, finding, n) VALUES"
static const char put_many[] = PUT ROWS_16 "," ROWS_16 BASIS_TWICE;
static const char put_one[] = PUT "(?,?,?)" BASIS_TWICE;

/* The next rows out of pairs by event, MOST at most. */
static size_t
take_rows(const struct pair **from, const struct pair *end, struct pair *rows, size_t most)
{
	size_t n = 0;

	while (*from < end) {
		struct pair       *last = n ? &rows[n - 1] : NULL;
		const struct pair *p = *from;

		if (last && last->event == p->event && p->finding <= last->finding + last->n &&
		    p->finding >= last->finding) {
			int64_t behind = p->finding + p->n - last->finding;

			if (behind > last->n)
				last->n = (uint32_t)behind;
		} else if (n == most) {
			break;
		} else {
			rows[n++] = *p;
		}
		(*from)++;
	}
	return n;
}

static void
put_row(struct ask *q, size_t place, const struct pair *row)
{
	ask_int(q, (int)(3 * place + 1), row->event);
	ask_int(q, (int)(3 * place + 2), row->finding);
	ask_int(q, (int)(3 * place + 3), row->n);
}

static bool
put_rows(struct casefile *cf, const struct pair *from, const struct pair *end, struct err *err)
{
	struct pair rows[ROWS_AT_ONCE];
	size_t      n = 0;
	struct ask  q;

	ask(&q, cf, put_many, err);
	while (!q.failed && (n = take_rows(&from, end, rows, ROWS_AT_ONCE)) == ROWS_AT_ONCE) {
		for (size_t i = 0; i < n; i++)
			put_row(&q, i, &rows[i]);
		ask_run(&q);
	}
	if (!ask_end(&q))
		return false;
	ask(&q, cf, put_one, err);
	for (size_t i = 0; i < n && !q.failed; i++) {
		put_row(&q, 0, &rows[i]);
		ask_run(&q);
	}
	return ask_end(&q);
}

static bool
write_gathered(struct casefile *cf, struct err *err)
{
	struct basis *b = cf->basis;
	size_t        n = b->n;

	sort_pairs(b);
	b->n = b->last = 0;
	return put_rows(cf, b->pairs, b->pairs + n, err);
}

/* Is the finding the next number, and rests on what the last one does? */
static bool
is_next(const struct basis *b, int64_t finding, const int64_t *events, uint32_t n)
{
	const struct pair *last = b->pairs + b->last;

	if (n == 0 || b->n - b->last != n || last->finding + last->n != finding)
		return false;
	for (uint32_t i = 0; i < n; i++)
		if (last[i].event != events[i])
			return false;
	return true;
}

bool
basis_put(struct casefile *cf, int64_t finding, const int64_t *events, uint32_t n,
	  struct err *err)
{
	struct basis *b = basis_of(cf);

	if (is_next(b, finding, events, n)) {
		for (size_t i = b->last; i < b->n; i++)
			b->pairs[i].n++;
		return true;
	}
	b->last = b->n;
	for (uint32_t i = 0; i < n; i++) {
		if (b->n == b->cap && !write_gathered(cf, err))
			return false;
		b->pairs[b->n++] = (struct pair){ events[i], finding, 1 };
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
