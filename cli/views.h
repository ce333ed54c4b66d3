/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * views.h - the lists of a case as columns and rows: what the commands print and export writes.
 *
 * Columns are a promise to scripts: new ones only at the end.
 */
#ifndef AUGER_CLI_VIEWS_H
#define AUGER_CLI_VIEWS_H

#include "cli/print.h"
#include "store/query.h"

/* Where rows go, and scratch memory for the cells of one row. */
struct printing {
	struct print *print;
	struct arena  scratch;
};

struct case_view {
	const char *name; /* of the file that export writes */
	const struct print_column *columns;
	size_t      n_columns;
	bool (*rows)(struct casefile *cf, const struct case_filter *f, struct printing *to,
		     struct err *err);
};

extern const struct case_view case_view_hosts, case_view_users, case_view_findings,
    case_view_risk_events, case_view_incidents, case_view_ledger, case_view_evidence,
    case_view_gaps, case_view_filters, case_view_hidden, case_view_noted,
    case_view_factors, case_view_entities, case_view_given, case_view_risk_changes;

/* A row of that view. FINDING_ID 0: it is of none. */
void case_view_print_risk(struct printing *to, const struct risk_event *re);

/* All of them, ended by NULL. */
extern const struct case_view *const case_views[];

/* Prints a view in STYLE; *ROWS (may be NULL) is how many rows it had. */
bool case_view_print(const struct case_view *v, struct casefile *cf, const struct case_filter *f,
		     const struct print_style *style, uint64_t *rows, struct err *err);

#endif
