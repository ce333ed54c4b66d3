/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * expand.h - search text with its comments taken out and its macros put in, and the way back:
 * every byte of the result knows the place it was written at.
 *
 * Limits: macros nest 32 deep, and the result has at most EXPANSION_MAX bytes.
 */
#ifndef AUGER_RULES_EXPAND_H
#define AUGER_RULES_EXPAND_H

#include "rules/search.h"

#define EXPANSION_MAX ((size_t)1 << 20)

/* A run of the expanded text, up to where the next one starts. */
struct expanded_piece {
	size_t      out;    /* where it starts in the expanded text */
	size_t      from;   /* where it starts in the original; for a macro: its call */
	struct text macro;  /* the macro it came from, innermost; absent: the original itself */
	struct text called; /* the macro whose call stands in the original */
};

struct expansion {
	struct text            text;     /* what the parser reads */
	struct text            original;
	struct place           place;    /* of the original */
	struct expanded_piece *pieces;
	size_t                 n;
};

bool expand(struct expansion *out, struct arena *keep, struct text original, struct place place,
	    const struct macros *macros, struct err *err);

/* The piece that byte OFFSET of the expanded text lies in. */
const struct expanded_piece *expansion_piece(const struct expansion *x, size_t offset);
struct place expansion_place(const struct expansion *x, size_t offset);

/* Sets WHERE of an error to the place of a byte of the expanded text; names the macro. */
bool expansion_fail(const struct expansion *x, size_t offset, struct err *err, const char *what);

#endif
