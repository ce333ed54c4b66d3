/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * value_set.h - the different values of a field, told apart by their text, and how often each came.
 */
#ifndef AUGER_RULES_VALUE_SET_H
#define AUGER_RULES_VALUE_SET_H

#include "rules/pipeline.h"

struct value_set;

/* *SET is NULL for an empty one; it and what it holds are made in KEEP. Where the run's budget has no
 * room for that, the run fails. */
void value_set_add(struct value_set **set, const struct value *v, uint64_t times, struct run *run,
		   struct arena *keep);
void value_set_merge(struct value_set **set, const struct value_set *from, struct run *run,
		     struct arena *keep);
size_t value_set_size(const struct value_set *set);
/* All values, bytewise by their text. */
struct value value_set_sorted(const struct value_set *set, struct arena *keep);
/* All values with how often each came, the most frequent first, then as they were seen. */
struct value_count {
	struct value value;
	uint64_t     count;
};
size_t value_set_counts(const struct value_set *set, struct value_count **out, struct arena *keep);
/* The same, as they were seen. */
size_t value_set_seen(const struct value_set *set, struct value_count **out, struct arena *keep);
/* The most frequent one, of several the one seen first. */
struct value value_set_mode(const struct value_set *set);

#endif
