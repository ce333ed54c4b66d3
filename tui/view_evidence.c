/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Evidence: the files of the case, and what of them could not be read. */
#include "config.h"

#include "base/counted.h"
#include "tui/app.h"

enum { ID, PATH, SIZE, SHA256, FORMAT, EVENTS, GAPS, STATUS, DUPLICATES, N_COLUMNS };

static const struct table_column columns[N_COLUMNS] = {
	[ID] = { "evidence_id", TABLE_NUMBER },
	[PATH] = { "path", TABLE_TEXT },
	[SIZE] = { "size", TABLE_NUMBER },
	[SHA256] = { "sha256", TABLE_TEXT },
	[FORMAT] = { "format", TABLE_TEXT },
	[EVENTS] = { "events", TABLE_NUMBER },
	[GAPS] = { "gaps", TABLE_NUMBER },
	[STATUS] = { "status", TABLE_TEXT },
	[DUPLICATES] = { "duplicates", TABLE_NUMBER },
};

static const struct list_column shown[] = {
	{ STATUS, "STATUS", 9, .look = LOOK_PLAIN },
	{ PATH, "FILE", 24, .flexible = true, .look = LOOK_PATH },
	{ EVENTS, "EVENTS", 10, .right = true, .look = LOOK_AMOUNT },
	{ GAPS, "GAPS", 5, .right = true, .look = LOOK_AMOUNT },
	{ FORMAT, "FORMAT", 10, .from = 70 },
	{ DUPLICATES, "DUPLICATES", 10, .right = true, .look = LOOK_AMOUNT, .from = 100 },
	{ SIZE, "BYTES", 14, .right = true, .look = LOOK_AMOUNT, .from = 110 },
	{ SHA256, "SHA-256", 16, .from = 130 },
};

static const enum action hints[] = { ACTION_OPEN, ACTION_NARROW,  ACTION_SORT_RIGHT, ACTION_COPY,
				     ACTION_EXPORT, ACTION_PREVIEW, ACTION_NONE };

static bool
add_file(void *ctx, const struct evidence_row *e)
{
	struct table     *t = ctx;
	struct table_row *row = table_add(t, e->id);

	table_number(row, ID, (double)e->id);
	table_text(t, row, PATH, e->path);
	table_number(row, SIZE, (double)e->size);
	table_text(t, row, SHA256, e->sha256);
	table_text(t, row, FORMAT, e->format);
	table_number(row, EVENTS, (double)e->events);
	table_number(row, GAPS, (double)e->gaps);
	table_text(t, row, STATUS, e->status);
	table_number(row, DUPLICATES, (double)e->duplicates);
	row->flagged = e->gaps > 0;
	row->dim = e->events == 0;
	return true;
}

static bool
load(struct app *app, struct view *v, struct err *err)
{
	table_reset(&v->list.table, &v->arena, columns, N_COLUMNS);
	v->list.columns = shown;
	v->list.n_columns = sizeof(shown) / sizeof(shown[0]);
	return query_evidence(app->cf, add_file, &v->list.table, err);
}

#define GAPS_SHOWN 100

struct gap_lines {
	struct doc *doc;
	int64_t     evidence;
	size_t      n;
};

static bool
say_gap(void *ctx, const struct gap_row *g)
{
	struct gap_lines *lines = ctx;
	struct text       lost = TEXT(""); /* how many is often not known */

	if (g->evidence_id != lines->evidence)
		return true;
	if (lines->n++ >= GAPS_SHOWN)
		return false;
	if (g->records_lost)
		lost = arena_printf(lines->doc->keep, ", %s lost",
				    counted(g->records_lost, "record").words);
	doc_plain(lines->doc,
		  arena_printf(lines->doc->keep, "0x%08llx  %s" TEXT_FMT ": " TEXT_FMT,
			       (unsigned long long)g->offset, counted(g->length, "byte").words,
			       TEXT_ARG(lost), TEXT_ARG(g->reason)))
	    ->role = ROLE_FLAG;
	return true;
}

static void
preview(struct app *app, struct view *v, struct doc *d)
{
	const struct table_row *row = list_row(&v->list);
	struct gap_lines        lines = { d, row->id, 0 };
	struct err              err = { 0 };

	doc_rule(d, TEXT("file"), TEXT_NONE);
	doc_field(d, "Path", row->values[PATH].text);
	doc_field(d, "SHA-256", row->values[SHA256].text);
	doc_field(d, "Read",
		  arena_printf(d->keep, "%s%s" TEXT_FMT ", %s, %.0f known already",
			       counted((uint64_t)row->values[SIZE].number, "byte").words,
			       row->values[FORMAT].text.n ? " of " : "",
			       TEXT_ARG(row->values[FORMAT].text),
			       counted((uint64_t)row->values[EVENTS].number, "event").words,
			       row->values[DUPLICATES].number));
	if (!(row->values[GAPS].number > 0)) {
		doc_field(d, "Gaps", TEXT("none: everything was read"));
		return;
	}
	doc_rule(d, TEXT("could not be read"), TEXT_NONE);
	if (!query_gaps(app->cf, say_gap, &lines, &err))
		doc_plain(d, arena_printf(d->keep, "%s", err.what));
}

static bool
act(struct app *app, struct view *v, enum action action)
{
	const struct table_row *row = list_row(&v->list);

	if (action != ACTION_OPEN || !row)
		return false;
	if (row->values[EVENTS].number > 0)
		open_evidence(app, row->values[PATH].text);
	else
		app_say(app, row->values[GAPS].number > 0 ? "no events of it could be read"
							  : "it has no events");
	return true;
}

static bool
count(const struct app *app, const struct view *v, uint64_t *n)
{
	(void)v;
	*n = app->info.evidence_files;
	return true;
}

static struct text
note(struct app *app, struct view *v, struct arena *keep)
{
	(void)v;
	return arena_printf(keep, "%s in the case", counted(app->info.gaps, "gap").words);
}

static void
why_empty(struct app *app, struct view *v, struct doc *d)
{
	(void)v;
	doc_plain(d, TEXT("No evidence has been imported into this case."));
	doc_plain(d, arena_printf(d->keep, "auger import %s EVIDENCE...   in a shell does that.",
				  app->setup->case_path));
}

const struct view_kind view_evidence = {
	.name = "evidence",
	.title = "Evidence",
	.unit = "file",
	.keys = KEYS_MOVES | KEYS_LIST | KEYS_ASIDE | KEYS_OPENS,
	.deaf = ~0u,
	.hints = hints,
	.load = load,
	.act = act,
	.preview = preview,
	.preview_rows = 10,
	.why_empty = why_empty,
	.count = count,
	.note = note,
};
