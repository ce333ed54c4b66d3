/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * drilldown_scan.h - a drilldown's template cut into pieces: words, strings, operators, pipes.
 *
 * Nothing is lost: the pieces in order are the template. Macro calls are one piece each.
 */
#ifndef AUGER_RULES_DRILLDOWN_SCAN_H
#define AUGER_RULES_DRILLDOWN_SCAN_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/text.h"

enum piece_kind {
	PIECE_BLANK,
	PIECE_WORD,
	PIECE_STRING,   /* with its quotes */
	PIECE_MACRO,    /* with its backticks */
	PIECE_OPERATOR, /* = != < <= > >= */
	PIECE_OPEN,
	PIECE_CLOSE,
	PIECE_PIPE,
	PIECE_OTHER,    /* comma, brackets */
};

struct piece {
	enum piece_kind kind;
	struct text     text;
};

size_t pieces_of(struct text template, struct arena *keep, struct piece **out);

/* The first of the pieces I to N that is not blank, or N. */
size_t pieces_skip_blanks(const struct piece *p, size_t i, size_t n);
/* Is piece I what an eval stage assigns to? */
bool   pieces_assign(const struct piece *p, size_t i);
/* Do they begin a stage of where or eval, which spell conditions in their own way? */
bool pieces_start_expression(const struct piece *p, size_t i, size_t n);

#endif
