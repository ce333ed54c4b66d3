/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * automaton.h - many literals looked for at once (Aho and Corasick, 1975), letter case ignored.
 *
 * Built once, then const and shared by threads. One table step per byte of text, whatever the
 * number of literals. Bytes that occur in no literal share one column of the table.
 */
#ifndef AUGER_RULES_AUTOMATON_H
#define AUGER_RULES_AUTOMATON_H

#include <stdint.h>

#include "base/arena.h"
#include "base/text.h"

struct automaton {
	uint8_t   column[256]; /* of a byte; ASCII capitals have that of their small letter */
	uint32_t  n_columns, n_states;
	uint32_t *step;    /* [state + column]: the next state times n_columns, AUTOMATON_FOUND */
	uint32_t *literal; /* per state: 1 + the literal that ends here, 0: none */
	uint32_t *shorter; /* per state: the state of the next shorter literal that ends here, or 0 */
	uint32_t  n_literals;
};

#define AUTOMATON_FOUND UINT32_C(0x80000000) /* at least one literal ends here */

/* LITERALS went through text_fold and are not empty; ids[i] is the number found for literals[i]:
 * equal literals have equal numbers. */
void automaton_make(struct automaton *out, const struct text *literals, uint32_t n, uint32_t *ids,
		    struct arena *keep, struct arena scratch);

/* Calls FN for every literal that ends anywhere in TEXT, which went through text_fold or is ASCII. */
typedef void automaton_fn(void *ctx, uint32_t literal);
void automaton_scan(const struct automaton *a, struct text text, automaton_fn *fn, void *ctx);

#endif
