/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * lookups.h - tables for lookup and inputlookup: CSV files, read when a search first names them.
 *
 * Definitions are Splunk's (transforms.conf): wildcards and networks stand in the table's columns,
 * letter case counts unless said otherwise. Reading is guarded by a lock, so a `const struct
 * lookups` may be used by several threads. Header names lose blanks around them.
 */
#ifndef AUGER_RULES_LOOKUPS_H
#define AUGER_RULES_LOOKUPS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/text.h"

struct lookups;

struct lookup_options {
	bool               ignore_case;   /* case_sensitive_match: false */
	const struct text *wildcards;     /* match_type WILDCARD(column) */
	uint32_t           n_wildcards;
	const struct text *networks;      /* match_type CIDR(column) */
	uint32_t           n_networks;
	struct text        default_match; /* in each output when nothing matches; or absent */
	uint64_t           min_matches;   /* default_match counts only from 1 on */
	uint64_t           max_matches;   /* 0: 100 */
};

struct lookups *lookups_new(void);
void            lookups_free(struct lookups *l);

/* A later definition of the same name replaces an earlier one. The file need not exist yet. */
void lookups_add(struct lookups *l, struct text name, struct text csv_path,
		 const struct lookup_options *options);
/* A table that a case cannot have (a KV store): no rows, and searches that use it say so. */
void lookups_add_empty(struct lookups *l, struct text name, const struct text *columns, uint32_t n);

struct lookup {
	struct text           name;
	struct lookup_options options;
	bool                  is_empty_store;
	bool                  is_entropy; /* ut_shannon_lookup: computed, not read */
	const struct text    *columns;
	uint32_t              n_columns;
	const struct text    *cells;      /* n_rows times n_columns; absent cells are empty */
	size_t                n_rows;
};

/* The table, read if need be; a name may end in ".csv". NULL and no error: there is no such name, or
 * no file. NULL and an error (ERR_INPUT): its file cannot be read. L may be NULL. */
const struct lookup *lookups_find(const struct lookups *l, struct text name, struct err *err);
/* Adds what the table is: its definition and what its file held when it was read; that there is none,
 * or that it cannot be read, is said, too. L may be NULL. */
struct digest;
void lookups_digest(const struct lookups *l, struct text name, struct digest *d);
/* Names of all tables, sorted; L may be NULL. */
size_t lookups_names(const struct lookups *l, const struct text **out);
/* Column number of a name; TEXT_NOWHERE: none. */
size_t lookup_column(const struct lookup *t, struct text name);

#endif
