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

/* What a table has in a column for what was looked up. Starts zeroed. */
struct lookup_found {
	struct value *items;
	size_t        n, cap;
};
/* Adds what the rows that fit VALUES, one text per key, have in each of the COLUMNS: as many rows as the definition
 * lets match, else its default; cells that are empty are none. M NULL: the table has no rows. */
void lookup_match_values(const struct lookup *t, const struct lookup_match *m,
			 const struct text *values, const size_t *columns, size_t n_columns,
			 struct arena *scratch, struct lookup_found *out);

#endif
