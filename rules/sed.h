/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * sed.h - the two commands of sed that rex knows: s/regex/replacement/flags and y/abc/xyz/.
 *
 * Flags: g for every match, a number for that match only, i without case. Any character may stand
 * for the slash.
 */
#ifndef AUGER_RULES_SED_H
#define AUGER_RULES_SED_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/text.h"

struct sed;

/* NULL, and a message in *WHAT, when the text is no such command. */
struct sed *sed_make(struct arena *keep, struct text script, struct text *what);
/* What becomes of T. False when that is more than MOST bytes. *GAVE_UP as in regex_find; one more when
 * the expression needs too many steps: what is left of T stays as it is. */
bool sed_apply(const struct sed *sed, struct text t, size_t most, struct arena *keep, uint64_t *gave_up,
	       struct text *changed);

#endif
