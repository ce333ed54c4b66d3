/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A search in SPL, or a drilldown: its rows as they come, in columns as the rows have them. */
#include "config.h"

#include <ctype.h>

#include "base/counted.h"
#include "tui/app.h"
#include "tui/filter.h"
#include "tui/found_rows.h"
#include "tui/history.h"
#include "tui/question.h"
#include "tui/remarks.h"

static const enum action hints[] = { ACTION_OPEN, ACTION_SEARCH, ACTION_NARROW, ACTION_SORT_RIGHT,
				     ACTION_EXPORT, ACTION_CANCEL, ACTION_NONE };

struct search_state {
	struct question   question;
	struct found_rows rows;
};

static bool
load(struct app *app, struct view *v, struct err *err)
{
	struct search_state *s = arena_new(&v->arena, struct search_state, 1);
	struct case_filter   f = view_filter(app, v);

	(void)err;
	found_rows_begin(&s->rows, &v->list, &v->arena, v->level->search);
	s->question = (struct question){ .search = v->level->search,
					 .span = v->level->span,
					 .limit = SEARCH_ROWS_MAX };
	question_obey(&s->question, &f, &v->arena);
	v->list.remark = remarks_of_event;
	v->list.ctx = app;
	v->list.remarks = s->rows.events;
	v->data = s;
	v->streamed = true;
	worker_start(app->worker, question_run, &s->question, v);
	return true;
}

static void
found(struct app *app, struct view *v, const struct found *f)
{
	struct search_state *s = v->data;

	(void)app;
	found_rows_add(&s->rows, f);
}

static void
job_done(struct app *app, struct view *v, bool ok, const struct err *err)
{
	struct search_state *s = v->data;

	if (!ok && err->kind == ERR_CANCEL)
		app_say(app, "stopped; what was found so far is shown");
	else if (!ok)
		app_complain(app, err);
	if (ok && !v->level->heading.n)
		history_ran(app, v->level->query, s->question.rows, s->question.limited);
	if (ok && s->question.warnings > 1)
		app_warn(app, "%s (and %s more)", s->question.warning,
			 counted_number(s->question.warnings - 1).words);
	else if (ok && s->question.warnings)
		app_warn(app, "%s", s->question.warning);
	else if (ok && s->question.limited)
		app_say(app, "the first %d rows are shown; there are more", SEARCH_ROWS_MAX);
}

static bool
act(struct app *app, struct view *v, enum action action)
{
	const struct table_row *row = list_row(&v->list);

	if (action != ACTION_OPEN || !row)
		return false;
	if (row->id > 0)
		open_event(app, row->id);
	else
		app_say(app, "no single event is behind this row; + narrows to the value under the cursor");
	return true;
}

/* The whole row: its cells are wider than the columns. */
static void
preview(struct app *app, struct view *v, struct doc *d)
{
	const struct table     *t = &v->list.table;
	const struct table_row *row = list_row(&v->list);

	(void)app;
	d->label_width = 18;
	doc_rule(d, TEXT("row"), TEXT_NONE);
	for (uint32_t i = 0; i < t->n_columns; i++)
		doc_fact(d, t->columns[i].name, text_head(table_cell(t, row, i, d->keep), 2000));
}

static struct text
host_under_cursor(struct app *app, struct view *v)
{
	static const struct text   names[] = { TEXT_INIT("host"), TEXT_INIT("Computer"),
					       TEXT_INIT("dest"), TEXT_INIT("ComputerName") };
	const struct table_row   *row = list_row(&v->list);
	const struct search_state *s = v->data;

	(void)app;
	for (size_t k = 0; row && s && k < sizeof(names) / sizeof(names[0]); k++)
		for (uint32_t i = 0; i < s->rows.n_columns; i++)
			if (text_eq(text_of(s->rows.columns[i].name), names[k]) &&
			    s->rows.columns[i].kind == TABLE_TEXT && row->values[i].text.n)
				return row->values[i].text;
	return TEXT_NONE;
}

static void
why_empty(struct app *app, struct view *v, struct doc *d)
{
	const struct search_state *s = v->data;
	struct arena              *keep = d->keep;

	(void)app;
	doc_plain(d, TEXT("The search found nothing."));
	doc_plain(d, arena_printf(keep, "It was: " TEXT_FMT, TEXT_ARG(v->level->query)));
	if (s && s->question.emptied_by[0])
		doc_plain(d, arena_printf(keep, "The last rows were lost at: %s",
					  s->question.emptied_by));
	if (s && s->question.lacks[0])
		doc_plain(d, arena_printf(keep, "%c%s.", toupper((unsigned char)s->question.lacks[0]),
					  s->question.lacks + 1))
		    ->role = ROLE_FLAG;
	doc_plain(d, TEXT("s changes it; times in it are UTC, relative ones count from the end of "
			  "the case."));
}

static struct text
note(struct app *app, struct view *v, struct arena *keep)
{
	struct text reservation = search_reservation(v->level->search);

	(void)app;
	if (reservation.n)
		return arena_printf(keep, "read differently from Splunk: " TEXT_FMT,
				    TEXT_ARG(reservation));
	return TEXT_NONE;
}

/* Rows of statistics are about no event. */
static struct work_about
about(const struct view *v, int64_t row)
{
	(void)v;
	return (struct work_about){ .event = row > 0 ? row : 0 };
}

const struct view_kind view_search = {
	.name = "rows",
	.unit = "row",
	.title = "Search",
	.keys = KEYS_MOVES | KEYS_LIST | KEYS_ASIDE | KEYS_OPENS | KEYS_CELLS | KEYS_NOTED | KEYS_MARKS,
	.hints = hints,
	.load = load,
	.act = act,
	.about = about,
	.preview = preview,
	.preview_rows = 9,
	.found = found,
	.job_done = job_done,
	.host = host_under_cursor,
	.why_empty = why_empty,
	.note = note,
};
