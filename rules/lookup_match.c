/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rules/lookup_match.h"

#include <math.h>
#include <stdlib.h>

#include "base/literals.h"

enum cell_kind { CELL_EXACT, CELL_SUFFIX, CELL_OTHER };

struct key_column {
	size_t          column;
	bool            pattern, network;
	struct pattern *patterns; /* one per row, when pattern or network */
};

struct filed {
	struct text text; /* folded when case is ignored */
	size_t      row;
	size_t      next; /* the next one with the same hash, plus one; 0: none */
};

#define NO_LITERAL UINT32_MAX
#define MATCHES_DEFAULT 100
#define MATCHES_MAX     1000

/* A row whose first key has stars within; it fits only texts that have its literal. */
struct other {
	size_t   row;
	uint32_t literal; /* NO_LITERAL: none is long enough */
};

struct lookup_match {
	const struct lookup *table;
	struct key_column   *keys;
	size_t               n_keys;
	bool                 fold;
	struct filed        *filed;
	size_t               n_filed;
	size_t              *slots; /* numbers of filed, plus one; 0: empty */
	size_t               n_slots;
	struct other        *others;
	size_t               n_others;
	struct literals      literals;
	bool                 has_suffixes;
};

static struct text
cell(const struct lookup *t, size_t row, size_t column)
{
	return t->cells[row * t->n_columns + column];
}

static bool
is_listed(const struct text *names, uint32_t n, struct text name)
{
	for (uint32_t i = 0; i < n; i++)
		if (text_eq(names[i], name))
			return true;
	return false;
}

static struct text
folded(struct text t, bool fold, struct arena *keep)
{
	return fold ? arena_fold(keep, t) : t;
}

static enum cell_kind
cell_kind(const struct key_column *key, struct text t)
{
	if (key->network)
		return CELL_OTHER;
	if (!key->pattern || text_find_byte(t, '*') == TEXT_NOWHERE)
		return CELL_EXACT;
	return t.p[0] == '*' && text_find_byte(text_from(t, 1), '*') == TEXT_NOWHERE ? CELL_SUFFIX
										     : CELL_OTHER;
}

static void
file_cell(struct lookup_match *m, enum cell_kind kind, struct text t, size_t row,
	  struct arena *keep)
{
	struct filed *f = &m->filed[m->n_filed++];
	size_t        slot;

	f->text = folded(kind == CELL_SUFFIX ? text_from(t, 1) : t, m->fold, keep);
	f->row = row;
	slot = text_hash(f->text, (uint64_t)kind) & (m->n_slots - 1);
	f->next = m->slots[slot];
	m->slots[slot] = m->n_filed;
	m->has_suffixes |= kind == CELL_SUFFIX;
}

/* The longest run between stars. */
static struct text
longest_piece(struct text pattern)
{
	struct text best = TEXT("");

	while (!text_absent(pattern)) {
		struct text piece = text_cut(&pattern, '*');

		if (piece.n > best.n)
			best = piece;
	}
	return best;
}

static void
find_literals(struct lookup_match *m, struct arena *keep)
{
	struct arena scratch = arena_open((size_t)256 << 20);
	struct text *texts = arena_new(&scratch, struct text, m->n_others);
	uint32_t    *ids = arena_new(&scratch, uint32_t, m->n_others), n = 0;

	for (size_t i = 0; i < m->n_others; i++) {
		struct text piece = m->keys[0].network
					? TEXT("")
					: longest_piece(cell(m->table, m->others[i].row,
							     m->keys[0].column));

		m->others[i].literal = piece.n < LITERAL_MIN ? NO_LITERAL : n;
		if (piece.n >= LITERAL_MIN)
			texts[n++] = folded(piece, true, keep);
	}
	if (n)
		literals_make(&m->literals, texts, n, ids, keep, scratch);
	for (size_t i = 0; i < m->n_others; i++)
		if (m->others[i].literal != NO_LITERAL)
			m->others[i].literal = ids[m->others[i].literal];
	arena_close(&scratch);
}

struct lookup_match *
lookup_match_new(const struct lookup *t, const size_t *keys, size_t n_keys, struct arena *keep)
{
	struct lookup_match *m = arena_new(keep, struct lookup_match, 1);

	m->table = t;
	m->keys = arena_new(keep, struct key_column, n_keys);
	m->n_keys = n_keys;
	m->fold = t->options.ignore_case;
	for (size_t i = 0; i < n_keys; i++) {
		struct key_column *key = &m->keys[i];
		struct text        name = t->columns[keys[i]];

		key->column = keys[i];
		key->pattern = is_listed(t->options.wildcards, t->options.n_wildcards, name);
		key->network = is_listed(t->options.networks, t->options.n_networks, name);
		if (!key->pattern && !key->network)
			continue;
		key->patterns = arena_new(keep, struct pattern, t->n_rows);
		for (size_t row = 0; row < t->n_rows; row++)
			key->patterns[row] =
			    pattern_make(keep, cell(t, row, keys[i]), false, !m->fold);
	}
	for (m->n_slots = 16; m->n_slots < t->n_rows * 2;)
		m->n_slots *= 2;
	m->slots = arena_new(keep, size_t, m->n_slots);
	m->filed = arena_new(keep, struct filed, t->n_rows);
	m->others = arena_new(keep, struct other, t->n_rows);
	for (size_t row = 0; row < t->n_rows; row++) {
		struct text    text = cell(t, row, keys[0]);
		enum cell_kind kind = cell_kind(&m->keys[0], text);

		if (kind == CELL_OTHER)
			m->others[m->n_others++].row = row;
		else
			file_cell(m, kind, text, row, keep);
	}
	if (m->n_others)
		find_literals(m, keep);
	return m;
}

static bool
key_fits(const struct lookup_match *m, const struct key_column *key, size_t row, struct text value)
{
	struct text t = cell(m->table, row, key->column);

	if (key->patterns)
		return pattern_match(&key->patterns[row], value);
	return m->fold ? text_ieq(t, value) : text_eq(t, value);
}

struct rows {
	size_t *items;
	size_t  n, cap;
};

static void
add_fitting(const struct lookup_match *m, size_t row, size_t first, const struct text *values,
	    struct arena *scratch, struct rows *rows)
{
	for (size_t i = first; i < m->n_keys; i++)
		if (!key_fits(m, &m->keys[i], row, values[i]))
			return;
	arena_grow(scratch, rows->items, rows->n, &rows->cap);
	rows->items[rows->n++] = row;
}

static void
add_filed(const struct lookup_match *m, enum cell_kind kind, struct text t,
	  const struct text *values, struct arena *scratch, struct rows *rows)
{
	size_t at = m->slots[text_hash(t, (uint64_t)kind) & (m->n_slots - 1)];

	for (; at; at = m->filed[at - 1].next) {
		const struct filed *f = &m->filed[at - 1];

		if (text_eq(f->text, t) &&
		    cell_kind(&m->keys[0], cell(m->table, f->row, m->keys[0].column)) == kind)
			add_fitting(m, f->row, 1, values, scratch, rows);
	}
}

static void
on_literal(void *ctx, uint32_t literal)
{
	bool *met = ctx;

	met[literal] = true;
}

static void
add_others(const struct lookup_match *m, struct text value, const struct text *values,
	   struct arena *scratch, struct rows *rows)
{
	bool *met = arena_new(scratch, bool, m->literals.n);

	if (m->literals.n)
		literals_find(&m->literals, folded(value, true, scratch), on_literal, met);
	for (size_t i = 0; i < m->n_others; i++)
		if (m->others[i].literal == NO_LITERAL || met[m->others[i].literal])
			add_fitting(m, m->others[i].row, 0, values, scratch, rows);
}

static int
by_row(const void *a, const void *b)
{
	size_t x = *(const size_t *)a, y = *(const size_t *)b;

	return (x > y) - (x < y);
}

/* Row numbers, ascending, at most CAP. */
static size_t
matching_rows(const struct lookup_match *m, const struct text *values, struct arena *scratch,
	      size_t *out, size_t cap)
{
	struct text value = folded(values[0], m->fold, scratch);
	struct rows rows = { 0 };

	add_filed(m, CELL_EXACT, value, values, scratch, &rows);
	for (size_t i = 0; m->has_suffixes && i <= value.n; i++)
		add_filed(m, CELL_SUFFIX, text_from(value, i), values, scratch, &rows);
	if (m->n_others)
		add_others(m, value, values, scratch, &rows);
	if (rows.n > 1)
		qsort(rows.items, rows.n, sizeof(*rows.items), by_row);
	if (rows.n > cap)
		rows.n = cap;
	if (rows.n)
		memcpy(out, rows.items, rows.n * sizeof(*out));
	return rows.n;
}

/* Bits per character of the text. */
static double
entropy(struct text t)
{
	size_t counts[256] = { 0 };
	double bits = 0;

	for (size_t i = 0; i < t.n; i++)
		counts[(unsigned char)t.p[i]]++;
	for (size_t i = 0; i < 256; i++)
		if (counts[i]) {
			double share = (double)counts[i] / (double)t.n;

			bits -= share * log2(share);
		}
	return bits;
}

static void
found_add(struct lookup_found *f, struct value v, struct arena *scratch)
{
	arena_grow(scratch, f->items, f->n, &f->cap);
	f->items[f->n++] = v;
}

void
lookup_match_values(const struct lookup *t, const struct lookup_match *m,
		    const struct text *values, const size_t *columns, size_t n_columns,
		    struct arena *scratch, struct lookup_found *out)
{
	uint64_t max = t->options.max_matches ? t->options.max_matches : MATCHES_DEFAULT;
	size_t  *rows, n = 0;
	bool     fallback;

	if (t->is_entropy) {
		for (size_t i = 0; i < n_columns; i++)
			found_add(&out[i], value_of_number(entropy(values[0])), scratch);
		return;
	}
	max = max < MATCHES_MAX ? max : MATCHES_MAX;
	rows = arena_new(scratch, size_t, max);
	if (m)
		n = matching_rows(m, values, scratch, rows, max);
	fallback = n < t->options.min_matches && !text_absent(t->options.default_match);
	for (size_t i = 0; i < n_columns; i++)
		for (size_t k = 0; k < (fallback ? 1 : n); k++) {
			struct text found = fallback ? t->options.default_match
						     : cell(t, rows[k], columns[i]);

			if (found.n)
				found_add(&out[i], value_of_text(found), scratch);
		}
}
