/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Events that analysts bookmarked or noted, with where their records lie. */
#include "config.h"

#include "base/names.h"
#include "base/when.h"
#include "cli/views.h"
#include "store/work.h"

static const struct print_column columns[] = {
	{ TEXT_INIT("event"), COLUMN_ALWAYS },     { TEXT_INIT("time"), COLUMN_ALWAYS },
	{ TEXT_INIT("host"), COLUMN_ALWAYS },      { TEXT_INIT("channel"), COLUMN_FILES },
	{ TEXT_INIT("event_id"), COLUMN_ALWAYS },  { TEXT_INIT("record_id"), COLUMN_FILES },
	{ TEXT_INIT("user"), COLUMN_FILES },       { TEXT_INIT("bookmark"), COLUMN_ALWAYS },
	{ TEXT_INIT("note"), COLUMN_WHOLE },       { TEXT_INIT("author"), COLUMN_ALWAYS },
	{ TEXT_INIT("said"), COLUMN_FILES },       { TEXT_INIT("summary"), COLUMN_WIDE },
	{ TEXT_INIT("evidence"), COLUMN_FILES },   { TEXT_INIT("offset"), COLUMN_FILES },
	{ TEXT_INIT("sha256"), COLUMN_FILES },
};
#define COLUMNS (sizeof(columns) / sizeof(*columns))

struct noted {
	struct casefile *cf;
	struct printing *to;
	struct err      *err;
};

static bool
noted_row(void *ctx, const struct event_row *row)
{
	const struct noted  *n = ctx;
	struct arena         keep = n->to->scratch;
	struct event_origin *origin;
	struct work_state    said;
	struct event         ev;
	bool                 lies;

	if (!query_event(n->cf, row->id, true, &keep, &ev, n->err))
		return false;
	work_state(n->cf, 0, row->id, &keep, &said);
	lies = query_event_origins(n->cf, row->id, &keep, &origin) > 0;
	print_row(n->to->print, (struct print_cell[COLUMNS]){
				    cell_count((uint64_t)row->id),
				    cell_time(row->time_ns),
				    cell_text(row->host),
				    cell_text(row->channel),
				    cell_count(row->event_id),
				    row->has_record_id ? cell_count(row->record_id)
						       : cell_text(TEXT_NONE),
				    cell_text(row->user),
				    cell_text(said.bookmark ? TEXT("yes") : TEXT_NONE),
				    cell_text(said.note),
				    cell_text(said.author),
				    cell_time(said.time_ns ? said.time_ns : WHEN_NONE),
				    cell_text(event_summary(&ev, &keep)),
				    cell_text(lies ? origin->path : TEXT_NONE),
				    lies ? cell_count(origin->offset) : cell_text(TEXT_NONE),
				    cell_text(lies ? origin->sha256 : TEXT_NONE),
				});
	return true;
}

static bool
noted_rows(struct casefile *cf, const struct case_filter *f, struct printing *to, struct err *err)
{
	struct noted n = { cf, to, err };

	return query_noted_events(cf, f, noted_row, &n, err) && !err->kind;
}

const struct case_view case_view_noted = { "noted_events", columns, COLUMNS, noted_rows };
