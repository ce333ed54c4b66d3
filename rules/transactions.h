/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * transactions.h - rows that belong together, found while they come by.
 *
 * Rows come newest first, so a transaction is met at its end: a row that fits endswith opens one,
 * a row that fits startswith completes it. Without either, all rows with the same values belong
 * together as far as maxspan, maxpause and maxevents let them.
 *
 * With several fields a row need not have them all: it joins a transaction with which it shares the
 * value of one and conflicts in none. If the transaction has none of the row's fields yet, it joins
 * with connected=f only. A row with none of the fields is an orphan.
 */
#ifndef AUGER_RULES_TRANSACTIONS_H
#define AUGER_RULES_TRANSACTIONS_H

#include "rules/expr.h"
#include "rules/search_expr.h"

struct boundary {
	const struct expr *expr;     /* eval(...) */
	struct search_expr search;   /* or a search expression */
	bool               set;
};

struct transaction_args {
	struct column  *fields;
	size_t          n_fields, fields_cap;
	int64_t         max_span_ns, max_pause_ns; /* 0: any */
	uint64_t        max_events;
	struct boundary start, end;
	bool            keep_evicted;
	bool            keep_orphans;
	bool            connected;
	bool            list_all;  /* mvlist=t: values of all fields in order, repeated ones too */
	struct text    *lists;     /* or of these */
	size_t          n_lists;
};

/* A stage whose args are struct transaction_args. All rows of open transactions stay in memory. */
bool transactions_start(struct stage_run *sr);
bool transactions_row(struct stage_run *sr, struct row *row);
bool transactions_finish(struct stage_run *sr);

#endif
