/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * row_keys.h - what rows have in some fields, as keys of a table: dedup, join, streamstats.
 *
 * Several values count as one whole list; letter case counts.
 */
#ifndef AUGER_RULES_ROW_KEYS_H
#define AUGER_RULES_ROW_KEYS_H

#include "rules/pipeline.h"

struct row_key {
	struct text key;
	uint64_t    count; /* the caller's */
	void       *data;  /* the caller's */
};

/* Starts zeroed. */
struct row_keys {
	struct row_key **slots;
	size_t           n, cap;
	struct arena    *keep; /* of all of it; NULL: run->keep */
};

/* The key of the row, made if it is new; NULL when one of the fields is null. */
struct row_key *row_keys_get(struct row_keys *keys, struct run *run, const struct row *row,
			     const struct column *fields, size_t n_fields);
/* The same in two steps: a key as text, in scratch, absent when one of the fields is null; its place
 * in the table. With ADD it is made if it is new, else that gives NULL. */
struct text     row_key_text(struct run *run, const struct row *row, const struct column *fields,
			     size_t n_fields);
struct row_key *row_keys_of(struct row_keys *keys, struct run *run, struct text key, bool add);
/* The same, but NULL when it is new. */
struct row_key *row_keys_find(const struct row_keys *keys, struct run *run, const struct row *row,
			      const struct column *fields, size_t n_fields);

#endif
