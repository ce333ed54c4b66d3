/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * complete.h - what can stand at a place of a search that is being typed.
 *
 * The text need not be a whole search, nor a right one: what stands before the cursor decides. What
 * a command takes is read off its synopsis, so a new command completes by itself.
 */
#ifndef AUGER_RULES_COMPLETE_H
#define AUGER_RULES_COMPLETE_H

#include "rules/search.h"

enum completes {
	COMPLETES_FIELD,
	COMPLETES_COMMAND,
	COMPLETES_FUNCTION,
	COMPLETES_AGGREGATE,
	COMPLETES_OPTION, /* "max_match=" */
	COMPLETES_WORD,   /* "by", "AND" */
	COMPLETES_MODEL,
	COMPLETES_LOOKUP,
	COMPLETES_MACRO,
};
const char *completes_name(enum completes kind); /* "field" */

struct candidate {
	enum completes kind;
	struct text    insert; /* in place of the range; the cursor belongs behind it */
	struct text    help;   /* one line; absent: nothing to say */
};

struct completion {
	size_t                  from, to; /* bytes of the text that a candidate replaces */
	const struct candidate *items;    /* what begins with the word typed, if anything does */
	size_t                  n;
	struct text             synopsis; /* of the command or function around the cursor; or absent */
};

struct complete_env {
	struct search_env  search;
	const struct text *fields; /* raw fields of the case */
	size_t             n_fields;
};

/* CURSOR is a byte of TEXT or its end. Results live in KEEP and point into ENV and TEXT. */
void complete(struct completion *out, struct arena *keep, struct text text, size_t cursor,
	      const struct complete_env *env);

#endif
