/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * lookup_match.h - finding the rows of a table that fit given values.
 *
 * One run's view of a table: cells of the first key column are filed by their text, patterns with
 * a leading star only by what follows it, so that most tables are never walked.
 */
#ifndef AUGER_RULES_LOOKUP_MATCH_H
#define AUGER_RULES_LOOKUP_MATCH_H

#include "rules/lookups.h"
#include "rules/pipeline.h"

struct lookup_match;

/* KEYS: column numbers; their meaning (wildcard, network, case) is the definition's. */
struct lookup_match *lookup_match_new(const struct lookup *t, const size_t *keys, size_t n_keys,
				      struct arena *keep);
/* Row numbers, ascending, at most CAP; VALUES has one text per key. */
size_t lookup_match_rows(const struct lookup_match *m, const struct text *values,
			 struct arena *scratch, size_t *out, size_t cap);

#endif
