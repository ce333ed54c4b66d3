/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A timeline for Timesketch: CSV with the columns it must have (message, datetime, timestamp_desc)
 * and more. One line for every event behind a finding, one for a finding without events, one for an
 * event with a note or a bookmark.
 */
#include "config.h"

#include "base/csv.h"
#include "base/names.h"
#include "base/when.h"
#include "cli/report.h"

static const char *const columns[] = {
	"message",   "datetime",  "timestamp_desc", "host",	    "user",	"rule",
	"rule_id",   "technique", "tactic",	    "risk_score",   "verdict",	"note",
	"finding_id", "event",	  "channel",	    "event_id",	    "record_id", "evidence",
	"sha256",    "offset",
};
#define COLUMNS (sizeof(columns) / sizeof(*columns))

struct timeline {
	struct casefile *cf;
	struct csv       csv;
	struct arena     scratch;
	uint64_t         rows, findings;
	struct err      *err;
	const struct report_watch *watch; /* may be NULL */
};

struct line {
	struct timeline          *timeline;
	const struct finding_row *row;
	struct arena              keep;
};

static struct text
number(uint64_t n, struct arena *keep)
{
	return arena_printf(keep, "%llu", (unsigned long long)n);
}

/* As Python's ISO 8601 reads it in every version. */
static struct text
datetime(int64_t ns, struct arena *keep)
{
	char   iso[WHEN_TEXT_MAX];
	size_t n = when_to_iso(ns, iso);

	return n ? arena_printf(keep, "%.*s+00:00", (int)(n - 1), iso) : TEXT("");
}

static void
write_line(struct line *l, int64_t time_ns, const char *what, const struct event_row *ev)
{
	struct arena          keep = l->keep;
	const struct finding *f = &l->row->finding;
	struct event_origin  *origin = NULL;
	bool has_origin = ev && query_event_origins(l->timeline->cf, ev->id, &keep, &origin) > 0;
	const struct text cells[COLUMNS] = {
		f->message,
		datetime(time_ns, &keep),
		text_of(what),
		ev && ev->host.n ? ev->host : f->host,
		f->user,
		f->rule,
		f->rule_id,
		f->techniques,
		f->tactics,
		l->row->id ? arena_printf(&keep, "%g", f->risk_score) : TEXT_NONE,
		l->row->verdict,
		l->row->note,
		l->row->id ? number((uint64_t)l->row->id, &keep) : TEXT_NONE,
		ev ? number((uint64_t)ev->id, &keep) : TEXT_NONE,
		ev ? ev->channel : TEXT_NONE,
		ev ? number(ev->event_id, &keep) : TEXT_NONE,
		ev && ev->has_record_id ? number(ev->record_id, &keep) : TEXT_NONE,
		has_origin ? origin->path : TEXT_NONE,
		has_origin ? origin->sha256 : TEXT_NONE,
		has_origin ? number(origin->offset, &keep) : TEXT_NONE,
	};

	for (size_t i = 0; i < COLUMNS; i++)
		csv_cell(&l->timeline->csv, cells[i]);
	csv_end_row(&l->timeline->csv);
	l->timeline->rows++;
}

static bool
event_line(void *ctx, const struct event_row *ev)
{
	if (ev->time_ns != WHEN_NONE) /* a timeline has no place for what has no time */
		write_line(ctx, ev->time_ns, "Event behind a finding", ev);
	return true;
}

static bool
finding_lines(void *ctx, const struct finding_row *brief)
{
	struct timeline   *t = ctx;
	struct arena       keep = t->scratch;
	struct finding_row row;
	struct line        line = { t, &row, keep };
	uint64_t           before = t->rows;

	if (t->watch && t->watch->tell)
		t->watch->tell(t->watch->ctx, t->findings++, 0);
	if (!query_finding(t->cf, brief->id, &keep, &row, t->err))
		return false;
	line.keep = keep;
	if (row.finding.n_events &&
	    !query_event_rows(t->cf, row.finding.events, row.finding.n_events, event_line, &line,
			      t->err))
		return false;
	if (t->rows == before && row.finding.last_ns != WHEN_NONE)
		write_line(&line, row.finding.last_ns, "Finding", NULL);
	return true;
}

/* What analysts said of an event: the note, or that it is bookmarked, is the message. */
static bool
noted_line(void *ctx, const struct event_row *row)
{
	struct timeline   *t = ctx;
	struct arena       keep = t->scratch;
	struct event       ev;
	struct finding_row none = { .finding.user = row->user };
	struct line        line = { t, &none, keep };

	if (row->time_ns == WHEN_NONE)
		return true;
	if (!query_event(t->cf, row->id, true, &keep, &ev, t->err))
		return false;
	none.note = row->note;
	none.finding.message = arena_printf(&keep, TEXT_FMT "%s" TEXT_FMT, TEXT_ARG(row->note),
					    row->note.n ? ": " : "",
					    TEXT_ARG(event_summary(&ev, &keep)));
	line.keep = keep;
	write_line(&line, row->time_ns, row->bookmark ? "Event bookmarked" : "Event noted", row);
	return true;
}

bool
timesketch_write(struct casefile *cf, const struct case_filter *f, FILE *out,
		 const struct report_watch *watch, uint64_t *rows, struct err *err)
{
	struct timeline t = { .cf = cf, .csv = { .out = out }, .err = err, .watch = watch };
	bool            good;

	t.scratch = arena_open((size_t)1 << 34);
	for (size_t i = 0; i < COLUMNS; i++)
		csv_cell(&t.csv, text_of(columns[i]));
	csv_end_row(&t.csv);
	good = query_findings(cf, f, finding_lines, &t, err) && !err->kind &&
	       query_noted_events(cf, f, noted_line, &t, err) && !err->kind;
	*rows = t.rows;
	arena_close(&t.scratch);
	return good;
}
