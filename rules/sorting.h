/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * sorting.h - rows in the order of some fields, as sort and dedup's sortby name them.
 *
 * Two values are compared as numbers if both are, as IP addresses if both are, else bytewise;
 * null comes last in either direction; rows that compare equal keep their order.
 */
#ifndef AUGER_RULES_SORTING_H
#define AUGER_RULES_SORTING_H

#include "rules/pipeline.h"

enum sort_as { SORT_AUTO, SORT_NUMBER, SORT_TEXT, SORT_IP };

struct sort_key {
	struct column column;
	enum sort_as  as;
	bool          descending;
};

/* Reads "-a, +num(b) c" up to the end. A lone sign counts for all keys behind it. */
bool sort_keys_parse(struct scan *s, struct sort_key **out, size_t *n);

/* What a row is sorted by, as many as keys; they may point into the row. */
struct value *sort_values(const struct row *row, const struct sort_key *keys, size_t n_keys,
			  struct arena *keep);
/* Below 0: A comes before B. */
int sort_compare(const struct value *a, const struct value *b, const struct sort_key *keys,
		 size_t n_keys);

#endif
