/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * events_table.h - events as rows of a table, and a whole list of them as a file.
 */
#ifndef AUGER_TUI_EVENTS_TABLE_H
#define AUGER_TUI_EVENTS_TABLE_H

#include "store/query.h"
#include "tui/table.h"
#include "tui/worker.h"

enum event_column {
	EVENT_ID, EVENT_TIME, EVENT_HOST, EVENT_CHANNEL, EVENT_PROVIDER, EVENT_CODE, EVENT_RECORD,
	EVENT_USER, EVENT_RISK, EVENT_TECHNIQUES, EVENT_SUMMARY, EVENT_BOOKMARK, EVENT_NOTE,
	EVENT_COLUMNS
};

extern const struct table_column event_columns[EVENT_COLUMNS];

/* All but the summary, which takes the whole event. */
void events_set_row(struct table *t, struct table_row *row, const struct event_row *ev);

struct events_export {
	struct case_filter filter;
	const int64_t     *ids;   /* those and no others, in their order */
	size_t             n_ids; /* 0: every event that the filter leaves, oldest first */
	const char        *path;
	uint64_t           written;
};
/* A worker_fn with a struct events_export. */
bool events_export_run(struct worker *w, struct casefile *cf, void *ctx, struct err *err);

#endif
