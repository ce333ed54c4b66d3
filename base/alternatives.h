/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * alternatives.h - many kids of an OR, filed by the value that each of them wants.
 *
 * "process_name IN (a, b, ...)" and the rows of a subsearch are thousands of comparisons of one
 * field: only those filed under a value that the field has are asked, those with stars ("*a*b*") when
 * it has the longest literal of theirs, and what cannot be filed. Const once made; kids and what
 * they point to must live as long.
 */
#ifndef AUGER_BASE_ALTERNATIVES_H
#define AUGER_BASE_ALTERNATIVES_H

#include "base/pred.h"

#define ALTERNATIVES_LEAST 32 /* fewer kids are asked one by one */

struct alternatives;

/* NULL: too few of the kids compare the same field. */
const struct alternatives *alternatives_make(struct arena *keep, const struct pred *const *kids,
					     size_t n);

const struct name_ref *alternatives_name(const struct alternatives *a);
/* The next kid that wants VALUE; *AT is 0 before the first one. NULL: no more. */
const struct pred *alternatives_next(const struct alternatives *a, struct text value,
				     struct arena scratch, size_t *at);
/* Kids with stars that may want one of the N values, each once: into *OUT, made in SCRATCH. */
size_t alternatives_within(const struct alternatives *a, const struct text *values, size_t n,
			   struct arena *scratch, const struct pred ***out);
/* Kids that may hold whatever the value is. */
size_t alternatives_others(const struct alternatives *a, const struct pred *const **out);

#endif
