/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Values of comparisons: wildcards, numbers, networks, and where they match. */
#include "config.h"

#include "base/address.h"
#include "base/pred.h"

#include <string.h>

static bool
parse_network(struct text t, uint8_t net[16], uint8_t *net_bits)
{
	struct text bits_text = t, address = text_cut(&bits_text, '/');
	uint64_t    bits;
	bool        ipv4;

	if (text_absent(bits_text) || bits_text.n > 3 || !text_to_u64(bits_text, &bits) ||
	    !address_read(address, net, &ipv4))
		return false;
	if (bits > (ipv4 ? 32 : 128))
		return false;
	*net_bits = (uint8_t)(ipv4 ? bits + 96 : bits);
	return true;
}

static bool
in_network(const struct pattern *p, struct text value)
{
	uint8_t  address[16];
	unsigned whole = p->net_bits / 8, rest = p->net_bits % 8;
	bool     ipv4;

	if (!address_read(value, address, &ipv4) || memcmp(address, p->net, whole) != 0)
		return false;
	return rest == 0 || ((address[whole] ^ p->net[whole]) >> (8 - rest)) == 0;
}

static size_t
count_pieces(struct text source)
{
	size_t n = 1;

	for (size_t i = 0; i < source.n; i++)
		n += source.p[i] == '*';
	return n;
}

static void
split_pieces(struct pattern *p, struct arena *keep, struct text source, bool exact)
{
	char       *folded = arena_new(keep, char, source.n + 1);
	struct text rest = { folded, source.n };

	if (p->cased && source.n)
		memcpy(folded, source.p, source.n);
	else if (source.n)
		text_fold(folded, source);
	p->pieces = arena_new(keep, struct text, exact ? 1 : count_pieces(source));
	while (!text_absent(rest)) {
		struct text piece = rest;

		if (exact)
			rest = TEXT_NONE;
		else
			piece = text_cut(&rest, '*');
		if (piece.n)
			p->pieces[p->n_pieces++] = piece;
	}
}

struct pattern
pattern_make(struct arena *keep, struct text source, bool exact, bool cased)
{
	struct pattern p = { .source = source, .cased = cased };

	split_pieces(&p, keep, source, exact);
	if (!exact && source.n) {
		p.open_start = source.p[0] == '*';
		p.open_end = source.p[source.n - 1] == '*';
		p.any = p.n_pieces == 0;
	}
	p.numeric = text_to_double(source, &p.number);
	p.cidr = parse_network(source, p.net, &p.net_bits);
	return p;
}

static bool
same(const struct pattern *p, struct text value, struct text piece)
{
	return p->cased ? text_eq(value, piece) : text_ieq(value, piece);
}

static size_t
find(const struct pattern *p, struct text value, struct text piece)
{
	return p->cased ? text_find(value, piece) : text_ifind(value, piece);
}

/*
 * Where the pieces lie: leftmost each, the last one of a closed end at the very end, which finds a
 * match whenever there is one. PLACES may be NULL.
 */
static bool
match_pieces(const struct pattern *p, struct text value, struct range *places)
{
	uint32_t first = 0, last = p->n_pieces;
	size_t   from = 0, to = value.n;

	if (!p->open_start) {
		struct text piece = p->pieces[0];

		if (value.n < piece.n || !same(p, text_head(value, piece.n), piece))
			return false;
		if (places)
			places[0] = (struct range){ 0, piece.n };
		from = piece.n;
		first = 1;
	}
	if (!p->open_end && first < last) {
		struct text piece = p->pieces[last - 1];

		if (to - from < piece.n || !same(p, text_from(value, to - piece.n), piece))
			return false;
		to -= piece.n;
		last--;
		if (places)
			places[last] = (struct range){ to, piece.n };
	}
	for (uint32_t i = first; i < last; i++) {
		struct text between = text_from(text_head(value, to), from);
		size_t      at = find(p, between, p->pieces[i]);

		if (at == TEXT_NOWHERE)
			return false;
		if (places)
			places[i] = (struct range){ from + at, p->pieces[i].n };
		from += at + p->pieces[i].n;
	}
	return true;
}

static bool
is_plain(const struct pattern *p)
{
	return !p->open_start && !p->open_end && p->n_pieces <= 1 && !p->any;
}

/* Two pieces that touch both closed ends of "a*b" are not one piece. */
bool
pattern_match(const struct pattern *p, struct text value)
{
	if (p->any)
		return true;
	if (p->cidr && in_network(p, value))
		return true;
	if (is_plain(p) && value.n != p->source.n)
		return false;
	if (p->n_pieces == 0)
		return value.n == 0;
	return match_pieces(p, value, NULL);
}

size_t
pattern_ranges(const struct pattern *p, struct text value, struct range *out, size_t cap)
{
	struct range places[32];
	size_t       n;

	if (p->n_pieces == 0 || p->n_pieces > sizeof(places) / sizeof(places[0]) ||
	    !pattern_match(p, value) || !match_pieces(p, value, places))
		return 0;
	n = p->n_pieces < cap ? p->n_pieces : cap;
	for (size_t i = 0; i < n; i++)
		out[i] = places[i];
	return n;
}
