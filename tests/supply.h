/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * supply.h - what the stages behind the first search ask of the fields of events, read from their
 * text: literals that a field is compared with, texts that match its regular expressions, cells of
 * the lookups it is looked up in, numbers it has to pass.
 *
 * A plain reading: it may offer values that are of no use, and knows nothing of the evaluator.
 */
#ifndef AUGER_TESTS_SUPPLY_H
#define AUGER_TESTS_SUPPLY_H

#include "rules/lookups.h"

struct offer {
	struct text field;
	struct text value; /* with '*' where anything may stand */
};

/* The offers of the expanded search SPL; at most CAP. */
size_t supply(struct text spl, const struct lookups *lookups, struct arena *keep,
	      struct offer *out, size_t cap);

/* The greatest whole number that the stages compare something with, at most MOST. */
uint32_t supply_threshold(struct text spl, uint32_t most);

#endif
