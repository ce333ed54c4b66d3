/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * data_rows.h - rows written as CSV or JSON inside a search.
 */
#ifndef AUGER_RULES_DATA_ROWS_H
#define AUGER_RULES_DATA_ROWS_H

#include "rules/row.h"

struct data_rows {
	struct row  *items;
	size_t       n;
	struct text *names; /* of all their fields */
	size_t       n_names;
};

/* A line of names, then a line for each row; empty cells are null. NULL, or what is wrong. */
const char *data_rows_of_csv(struct text t, struct data_rows *out, struct arena *keep);
/* An array of objects, or one of them. */
const char *data_rows_of_json(struct text t, struct data_rows *out, struct arena *keep);

#endif
