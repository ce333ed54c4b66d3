/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rules/drilldown_drop.h"

#include "rules/drilldown_scan.h"

struct dropping {
	struct piece *p;
	size_t        n;
	bool          expression; /* the stage is where or eval: words of logic in any letter case */
};

/* The piece beside AT that is not blank, to the left (-1) or right (1); n: there is none. */
static size_t
beside(const struct dropping *d, size_t at, int step)
{
	do
		at += (size_t)step;
	while (at < d->n && (d->p[at].kind == PIECE_BLANK || d->p[at].text.n == 0));
	return at < d->n ? at : d->n;
}

static bool
is_word(const struct dropping *d, size_t at, struct text word)
{
	return at < d->n && d->p[at].kind == PIECE_WORD &&
	       (d->expression ? text_ieq(d->p[at].text, word) : text_eq(d->p[at].text, word));
}

static bool
is_and_or(const struct dropping *d, size_t at)
{
	return is_word(d, at, TEXT("AND")) || is_word(d, at, TEXT("OR"));
}

static bool
is_kind(const struct dropping *d, size_t at, enum piece_kind kind)
{
	return at < d->n && d->p[at].kind == kind;
}

static bool
is_dropped(const struct dropping *d, size_t at)
{
	return at < d->n && d->p[at].kind == PIECE_WORD && text_eq(d->p[at].text, DROPPED);
}

/* Pieces FROM up to TO are gone. */
static void
erase(struct dropping *d, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++)
		d->p[i].text = TEXT("");
}

/* What holds the condition AT goes with it; false: it stands alone. */
static bool
drop(struct dropping *d, size_t at)
{
	size_t left = beside(d, at, -1), right = beside(d, at, 1);

	if (is_word(d, left, TEXT("NOT"))) {
		erase(d, left, at);
		return true;
	}
	if (is_kind(d, left, PIECE_OPEN) && is_kind(d, right, PIECE_CLOSE)) {
		erase(d, left, at);
		erase(d, at + 1, right + 1);
		return true;
	}
	if (is_and_or(d, left)) {
		size_t other = beside(d, left, -1);

		erase(d, other == d->n ? left : other + 1, at + 1);
		return true;
	}
	if (is_and_or(d, right)) {
		erase(d, at, beside(d, right, 1));
		return true;
	}
	/* two conditions side by side are joined by AND */
	if (left < d->n && !is_kind(d, left, PIECE_OPEN) && !is_kind(d, left, PIECE_PIPE) &&
	    !is_word(d, left, TEXT("search")) && !is_word(d, left, TEXT("where"))) {
		erase(d, at, right == d->n ? at + 1 : right);
		return true;
	}
	if (right < d->n && !is_kind(d, right, PIECE_CLOSE) && !is_kind(d, right, PIECE_PIPE)) {
		erase(d, at, right);
		return true;
	}
	return false;
}

struct text
without_dropped(struct text search, struct arena *keep)
{
	struct dropping d = { 0 };
	struct text     out = TEXT("");

	d.n = pieces_of(search, keep, &d.p);
	for (size_t i = 0; i < d.n; i++) {
		if (d.p[i].kind == PIECE_PIPE)
			d.expression = pieces_start_expression(d.p, i + 1, d.n);
		while (is_dropped(&d, i) && drop(&d, i))
			;
		if (is_dropped(&d, i))
			d.p[i].text = d.expression ? TEXT("true()") : TEXT("*");
	}
	for (size_t i = 0; i < d.n; i++)
		out = arena_join(keep, out, d.p[i].text);
	return out;
}
