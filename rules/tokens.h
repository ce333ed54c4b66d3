/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * tokens.h - the $tokens$ of messages and drilldowns.
 *
 * A name has letters, digits and _ . : { } -, and maybe a filter of Splunk's behind it ("|s"), which
 * is no part of it; so the '$' of "$5" or of an unclosed token never
 * pairs with one across a blank.
 */
#ifndef AUGER_RULES_TOKENS_H
#define AUGER_RULES_TOKENS_H

#include <stdbool.h>

#include "base/text.h"

struct token {
	struct text before; /* text in front of it */
	struct text name;   /* absent: there is no further token */
	bool        closed; /* false: "$name" followed by a blank or the end */
};

/* The next token of *REST, which moves behind it. Without one, `before` is all that was left. */
struct token token_next(struct text *rest);

#endif
