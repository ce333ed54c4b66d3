/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * found_rows.h - the rows of a search as a list: columns as the search has them, and as rows bring them.
 */
#ifndef AUGER_TUI_FOUND_ROWS_H
#define AUGER_TUI_FOUND_ROWS_H

#include "rules/search.h"
#include "tui/list.h"
#include "tui/worker.h"

struct found_rows {
	struct arena       *keep; /* of the rows */
	struct list        *list;
	struct table_column columns[LIST_COLUMNS_MAX];
	struct list_column  shown[LIST_COLUMNS_MAX];
	uint32_t            n_columns;
	bool                events;   /* rows are events: time first */
	uint64_t            left_out; /* columns */
};

/* Empties LIST and gives it the columns of SEARCH; R must stay where it is. */
void found_rows_begin(struct found_rows *r, struct list *list, struct arena *keep,
		      const struct search *search);
void found_rows_add(struct found_rows *r, const struct found *f);

#endif
