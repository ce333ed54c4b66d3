/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * literals.h - thousands of literals looked for at once, letter case ignored.
 *
 * Of every literal one run of four bytes (of three, when it is that short) is the mark; a text is
 * read once, and at each byte a bit of a table of 8 KiB says whether a mark may begin there. Only
 * then the literal itself is compared. Unlike an automaton nothing waits for the byte before, and
 * the table stays in the nearest cache however many literals there are. Const once made.
 */
#ifndef AUGER_BASE_LITERALS_H
#define AUGER_BASE_LITERALS_H

#include <stdint.h>

#include "base/arena.h"
#include "base/text.h"

#define LITERAL_MIN   3 /* bytes; shorter ones cannot be looked for */
#define LITERAL_MARKS 65536

struct literal_mark {
	uint32_t mark;
	uint32_t literal; /* 1 + its number; 0: free slot */
	uint32_t offset;  /* of the mark in the literal */
};

/* Literals whose marks have the same length. */
struct literal_marks {
	uint64_t            *bits;  /* LITERAL_MARKS of them; NULL: there are no literals */
	struct literal_mark *slots; /* hash table; equal marks follow each other */
	uint32_t             mask;  /* number of slots - 1 */
};

struct literals {
	struct text         *texts; /* each different literal once */
	uint32_t             n;
	struct literal_marks four, three;
};

/* FOLDED went through text_fold, each at least LITERAL_MIN bytes. ids[i] is the number found for
 * folded[i]: equal literals have equal numbers. */
void literals_make(struct literals *out, const struct text *folded, uint32_t n, uint32_t *ids,
		   struct arena *keep, struct arena scratch);

/* Calls FN for every place of every literal in TEXT, which went through text_fold or is ASCII. */
typedef void literal_fn(void *ctx, uint32_t literal);
void literals_find(const struct literals *l, struct text text, literal_fn *fn, void *ctx);

#endif
