/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * wildcard.h - field names with stars: which names fit, and what the stars stand for.
 */
#ifndef AUGER_RULES_WILDCARD_H
#define AUGER_RULES_WILDCARD_H

#include "base/arena.h"
#include "base/text.h"

#define WILDCARD_STARS_MAX 16

/* Whole names, letter case counts. PARTS (may be NULL) gets what each star stands for. */
bool wildcard_fits(struct text pattern, struct text name, struct text parts[WILDCARD_STARS_MAX]);
size_t wildcard_stars(struct text pattern);
/* NAME fits FROM: *OUT is TO with its stars filled in. A TO without stars stays as it is. */
bool wildcard_rename(struct text from, struct text to, struct text name, struct arena *keep,
		     struct text *out);

#endif
