/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * drilldown_scan.h - a drilldown's template cut into pieces: words, strings, operators, pipes.
 *
 * Nothing is lost: the pieces in order are the template. Macro calls are one piece each.
 */
#ifndef AUGER_RULES_DRILLDOWN_SCAN_H
#define AUGER_RULES_DRILLDOWN_SCAN_H

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

#endif
