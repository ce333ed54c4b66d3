/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rules/drilldown_drop.h"

#include "rules/drilldown_scan.h"

struct dropping {
	struct piece *p;
	size_t        n;
	/* In where, eval and what functions are given: words of logic in any letter case, AND before
	 * OR, and no condition without a word beside another. */
	bool          expression;
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

/* Does this parenthesis give a function what it works on? */
static bool
is_call(const struct dropping *d, size_t at)
{
	static const char *const words[] = { "AND", "OR", "NOT", "XOR", "search", "where" };

	if (at == 0 || !is_kind(d, at, PIECE_OPEN) || !is_kind(d, at - 1, PIECE_WORD) ||
	    d->p[at - 1].text.n == 0)
		return false;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (text_ieq(d->p[at - 1].text, text_of(words[i])))
			return false;
	return true;
}

static bool
is_in_call(const struct dropping *d, size_t at)
{
	size_t closed = 0;

	while (at-- > 0 && !is_kind(d, at, PIECE_PIPE)) {
		if (d->p[at].text.n == 0)
			continue;
		if (is_kind(d, at, PIECE_CLOSE))
			closed++;
		else if (is_kind(d, at, PIECE_OPEN) && closed > 0)
			closed--;
		else if (is_call(d, at))
			return true;
	}
	return false;
}

/* Is there a condition, rather than an end of conditions? */
static bool
is_condition(const struct dropping *d, size_t at)
{
	static const char *const words[] = { "search", "where", "by", "groupby" };

	if (at == d->n || is_kind(d, at, PIECE_PIPE) || is_kind(d, at, PIECE_OTHER))
		return false;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (is_kind(d, at, PIECE_WORD) && text_ieq(d->p[at].text, text_of(words[i])))
			return false;
	return true;
}

/* WORD on one of its sides goes with the condition AT. */
static bool
drop_with(struct dropping *d, size_t at, struct text word)
{
	size_t left = beside(d, at, -1), right = beside(d, at, 1), other;

	if (is_word(d, left, word)) {
		other = beside(d, left, -1);
		erase(d, other == d->n ? left : other + 1, at + 1);
		return true;
	}
	if (!is_word(d, right, word))
		return false;
	erase(d, at, beside(d, right, 1));
	return true;
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
		if (is_call(d, left))
			return false;
		erase(d, left, at);
		erase(d, at + 1, right + 1);
		return true;
	}
	/* the word that binds tighter first */
	if (drop_with(d, at, d->expression ? TEXT("AND") : TEXT("OR")) ||
	    drop_with(d, at, d->expression ? TEXT("OR") : TEXT("AND")))
		return true;
	if (d->expression)
		return false;
	/* two conditions side by side are joined by AND */
	if (is_condition(d, left) && !is_kind(d, left, PIECE_OPEN)) {
		erase(d, at, right == d->n ? at + 1 : right);
		return true;
	}
	if (is_condition(d, right) && !is_kind(d, right, PIECE_CLOSE)) {
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
	bool            stage = false; /* of where or eval */

	d.n = pieces_of(search, keep, &d.p);
	for (size_t i = 0; i < d.n; i++) {
		if (d.p[i].kind == PIECE_PIPE)
			stage = pieces_start_expression(d.p, i + 1, d.n);
		if (!is_dropped(&d, i))
			continue;
		d.expression = stage || is_in_call(&d, i);
		while (is_dropped(&d, i) && drop(&d, i))
			;
		if (is_dropped(&d, i))
			d.p[i].text = d.expression ? TEXT("true()") : TEXT("*");
	}
	for (size_t i = 0; i < d.n; i++)
		out = arena_join(keep, out, d.p[i].text);
	return out;
}
