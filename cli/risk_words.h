/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * risk_words.h - what may be said of risk: which scores, reasons, attributes and factors make sense.
 * The command line and the screens read it here.
 *
 * Errors: ERR_USAGE, in words for whoever typed it.
 */
#ifndef AUGER_CLI_RISK_WORDS_H
#define AUGER_CLI_RISK_WORDS_H

#include "store/entity.h"
#include "store/factor.h"
#include "store/given.h"

/* Sets score and message. */
bool risk_words_given(struct text score, struct text reason, struct given_risk *out, struct err *err);

/* What is to be known of hosts and users, all in one transaction. */
struct telling {
	struct entity_attribute *all;
	size_t                   n, cap;
	struct arena            *keep;
};
/* "privileged|admin" is two values. */
void telling_add(struct telling *t, enum risk_object_type kind, struct text name,
		 struct text attribute, struct text value);
/* ATTRIBUTE=VALUE; without a value: forget it. */
bool telling_word(struct telling *t, enum risk_object_type kind, struct text name, struct text word,
		  struct err *err);
/* Lower case letters, digits and '_'. */
bool telling_is_attribute(struct text attribute);

/* The factor of that name; false: there is none, and *OUT is one that does nothing yet. */
bool risk_words_factor(struct casefile *cf, struct text name, struct arena *keep, struct factor *out);
/* May it be kept, or, with an empty condition, be forgotten? */
bool risk_words_factor_good(const struct factor *f, struct err *err);
/* "NAME +4 x1.5 search user_category=contractor": what it adds, multiplies by, or both. */
bool risk_words_factor_line(struct text line, struct factor *out, struct err *err);

#endif
