/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tui/events_table.h"

#include "base/when.h"
#include "tui/export.h"
#include "tui/sheet.h"

const struct table_column event_columns[EVENT_COLUMNS] = {
	[EVENT_ID] = { "id", TABLE_NUMBER },
	[EVENT_TIME] = { "time", TABLE_TIME },
	[EVENT_HOST] = { "host", TABLE_TEXT },
	[EVENT_CHANNEL] = { "channel", TABLE_TEXT },
	[EVENT_PROVIDER] = { "provider", TABLE_TEXT },
	[EVENT_CODE] = { "event_id", TABLE_NUMBER },
	[EVENT_RECORD] = { "record_id", TABLE_NUMBER },
	[EVENT_USER] = { "user", TABLE_TEXT },
	[EVENT_RISK] = { "risk_score", TABLE_NUMBER },
	[EVENT_TECHNIQUES] = { "techniques", TABLE_TEXT },
	[EVENT_SUMMARY] = { "summary", TABLE_TEXT },
	[EVENT_BOOKMARK] = { "bookmark", TABLE_TEXT },
	[EVENT_NOTE] = { "note", TABLE_TEXT },
};

void
events_set_row(struct table *t, struct table_row *row, const struct event_row *ev)
{
	table_number(row, EVENT_ID, (double)ev->id);
	table_time(row, EVENT_TIME, ev->time_ns);
	table_text(t, row, EVENT_HOST, ev->host);
	table_text(t, row, EVENT_CHANNEL, ev->channel);
	table_text(t, row, EVENT_PROVIDER, ev->provider);
	table_number(row, EVENT_CODE, ev->event_id);
	if (ev->has_record_id)
		table_number(row, EVENT_RECORD, (double)ev->record_id);
	table_text(t, row, EVENT_USER, ev->user);
	if (ev->risk_score > 0)
		table_number(row, EVENT_RISK, ev->risk_score);
	table_text(t, row, EVENT_TECHNIQUES, ev->techniques);
	row->values[EVENT_BOOKMARK].text = ev->bookmark ? TEXT("yes") : TEXT_NONE;
	table_text(t, row, EVENT_NOTE, ev->note);
	row->flagged = ev->n_findings > 0;
}

/* A page of the export, copied out of the query's own reading. */
struct page {
	struct table table;
	struct event_key last;
	size_t taken; /* of given ids */
};

static bool
add_to_page(void *ctx, const struct event_row *ev)
{
	struct page *p = ctx;

	events_set_row(&p->table, table_add(&p->table, ev->id), ev);
	p->last = (struct event_key){ ev->time_ns, ev->id };
	return true;
}

static bool
write_page(struct casefile *cf, struct page *p, struct sheet *sheet, struct arena scratch,
	   struct err *err)
{
	for (size_t i = 0; i < p->table.n_rows; i++) {
		struct table_row *row = &p->table.rows[i];
		struct arena keep = scratch;
		struct event ev;

		if (!query_event(cf, row->id, true, &keep, &ev, err))
			return false;
		row->values[EVENT_SUMMARY].text = event_summary(&ev, &keep);
		sheet_row(sheet, &p->table, row, keep);
	}
	return true;
}

#define PAGE_ROWS 1000

/* *MORE: this page was full. */
static bool
read_page(struct casefile *cf, const struct events_export *x, struct page *p, bool *more,
	  struct err *err)
{
	size_t left = x->n_ids - p->taken, n = left < PAGE_ROWS ? left : PAGE_ROWS;

	if (!x->n_ids) {
		if (!query_events(cf, &x->filter, p->last, OLDEST_ONWARD, PAGE_ROWS, add_to_page, p, err))
			return false;
		*more = p->table.n_rows == PAGE_ROWS;
		return true;
	}
	p->taken += n;
	*more = p->taken < x->n_ids;
	return query_event_rows(cf, x->ids + p->taken - n, n, add_to_page, p, err);
}

bool
events_export_run(struct worker *w, struct casefile *cf, void *ctx, struct err *err)
{
	struct events_export *x = ctx;
	struct arena keep = arena_open((size_t)64 << 20), scratch = arena_open((size_t)512 << 20);
	struct page page = { .last = event_key_before(OLDEST_ONWARD) };
	struct sheet sheet;
	bool good, more = true;

	table_reset(&page.table, &keep, event_columns, EVENT_COLUMNS);
	good = sheet_open(&sheet, x->path, &page.table, err);
	while (good && more) {
		arena_reset(&keep, (size_t)4 << 20);
		table_reset(&page.table, &keep, event_columns, EVENT_COLUMNS);
		good = read_page(cf, x, &page, &more, err) &&
		       write_page(cf, &page, &sheet, scratch, err);
		x->written += page.table.n_rows;
		if (good && atomic_load(worker_cancelled(w)))
			good = err_set(err, ERR_CANCEL, "stopped; nothing was written");
	}
	if (sheet.csv.out)
		good = export_close(sheet.csv.out, x->path, good, err);
	arena_close(&keep);
	arena_close(&scratch);
	return good;
}
