/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * spot.h - where in a search the cursor stands, read from the text before it alone.
 *
 * Brackets and strings may still be open. Macros are not expanded; comments count as blanks.
 */
#ifndef AUGER_RULES_SPOT_H
#define AUGER_RULES_SPOT_H

#include <stdbool.h>

#include "base/text.h"

enum spot_in {
	SPOT_IN_STAGE,
	SPOT_IN_STRING,
	SPOT_IN_MACRO, /* behind its opening backtick */
	SPOT_IN_COMMENT,
};

struct spot {
	enum spot_in in;
	struct text  word;     /* what has been typed of the word at the cursor; may be empty */
	struct text  pipeline; /* the stages before this one, from the "[" of a subsearch on */
	struct text  stage;    /* what has been typed of this one, up to the word */
	bool         first;    /* no stage comes before it */
	bool         barred;   /* the pipeline begins with a bar */
	/* of the stage, outside of closed parentheses */
	struct text  command;  /* its first word; absent: there is none yet */
	struct text  clause;   /* the last of its words that opens a clause: "by"; or absent */
	struct text  previous; /* what stands right before the word: a word or one character */
	struct text  option;   /* "name" when that is "name="; or absent */
	struct text  argument; /* its first word that is neither option nor keyword; or absent */
	struct text  model;    /* behind datamodel; or absent */
	struct text  call;     /* "count" when the word stands in "count(": the innermost; or absent */
	struct text  caller;   /* the same one further out */
};

void spot_find(struct spot *out, struct text text, size_t cursor);

/* May the byte be part of a word? */
bool spot_is_word(char c);

#endif
