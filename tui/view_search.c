/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A search in SPL, or a drilldown: its rows as they come, in columns as the rows have them. */
#include "config.h"

#include "tui/app.h"
#include "tui/filter.h"
#include "tui/question.h"

static const enum action hints[] = { ACTION_OPEN, ACTION_SEARCH, ACTION_NARROW, ACTION_SORT_RIGHT,
				     ACTION_EXPORT, ACTION_CANCEL, ACTION_NONE };

#define COLUMNS_MAX LIST_COLUMNS_MAX
#define ROWS_MAX    100000
#define TIME        0 /* the first column of events */

struct search_state {
	struct question     question;
	struct table_column columns[COLUMNS_MAX];
	struct list_column  shown[COLUMNS_MAX];
	uint32_t            n_columns;
	bool                events; /* rows are events: time first */
	uint64_t            left_out; /* columns */
};

static bool
same_name(const struct table_column *c, struct text name)
{
	return text_eq(text_of(c->name), name);
}

/* Columns found later are added to the rows that are there already. */
static void
widen(struct view *v, struct search_state *s)
{
	struct table *t = &v->list.table;

	for (size_t i = 0; i < t->n_rows; i++) {
		struct table_value *wider = arena_new(&v->arena, struct table_value, s->n_columns);

		memcpy(wider, t->rows[i].values, t->n_columns * sizeof(*wider));
		t->rows[i].values = wider;
	}
	t->n_columns = s->n_columns;
	v->list.n_columns = s->n_columns;
}

static uint32_t
add_column(struct view *v, struct search_state *s, struct text name, enum table_kind kind)
{
	uint32_t i = s->n_columns;
	bool     summary = text_eq(name, TEXT("summary"));
	int      width = (int)(name.n > 12 ? name.n : 12);

	if (i == COLUMNS_MAX) {
		s->left_out++;
		return COLUMNS_MAX;
	}
	s->columns[i] = (struct table_column){ arena_cstr(&v->arena, name), kind };
	if (text_eq(name, TEXT("event_id")) || text_eq(name, TEXT("count")))
		width = 8;
	s->shown[i] = (struct list_column){ .column = i,
					    .head = s->columns[i].name,
					    .width = width > 40 ? 40 : width,
					    .flexible = summary || !s->events };
	if (kind == TABLE_TIME) {
		s->shown[i].look = LOOK_SECOND;
		s->shown[i].width = 19;
	}
	if (text_eq(name, TEXT("channel")) || text_eq(name, TEXT("provider")) ||
	    text_eq(name, TEXT("record_id")))
		s->shown[i].from = 150;
	s->n_columns++;
	return i;
}

static uint32_t
column_of(struct view *v, struct search_state *s, struct text name)
{
	uint32_t was = s->n_columns, i;

	for (i = 0; i < s->n_columns; i++)
		if (same_name(&s->columns[i], name))
			return i;
	i = add_column(v, s, name, TABLE_TEXT);
	if (s->n_columns > was)
		widen(v, s);
	return i;
}

static bool
load(struct app *app, struct view *v, struct err *err)
{
	struct search_state *s = arena_new(&v->arena, struct search_state, 1);
	struct case_filter   f = view_filter(app, v);
	const struct text   *names;
	size_t               n;

	(void)err;
	s->events = search_yields_events(v->level->search);
	if (s->events)
		add_column(v, s, TEXT("_time"), TABLE_TIME);
	n = search_output_columns(v->level->search, &names);
	if (s->events && !n) {
		static const struct text usual[] = { TEXT_INIT("host"), TEXT_INIT("event_id"),
						     TEXT_INIT("user"), TEXT_INIT("summary") };

		names = usual;
		n = sizeof(usual) / sizeof(usual[0]);
	}
	for (size_t i = 0; i < n; i++)
		if (!s->events || !text_eq(names[i], TEXT("_time")))
			add_column(v, s, names[i], TABLE_TEXT);
	if (!s->n_columns)
		add_column(v, s, TEXT("count"), TABLE_TEXT);
	v->list.table.columns = NULL; /* other columns than before: nothing of the order stays */
	table_reset(&v->list.table, &v->arena, s->columns, s->n_columns);
	v->list.columns = s->shown;
	v->list.n_columns = s->n_columns;
	s->question = (struct question){ .search = v->level->search,
					 .filter = filter_pred(&f, &v->arena),
					 .only = f,
					 .span = v->level->span,
					 .limit = ROWS_MAX };
	f.span = filter_span(&f);
	if (f.span.earliest_ns > s->question.span.earliest_ns)
		s->question.span.earliest_ns = f.span.earliest_ns;
	if (f.span.latest_ns < s->question.span.latest_ns)
		s->question.span.latest_ns = f.span.latest_ns;
	v->data = s;
	worker_start(app->worker, question_run, &s->question, v);
	return true;
}

static void
found(struct app *app, struct view *v, const struct found *f)
{
	struct search_state *s = v->data;
	struct table        *t = &v->list.table;
	struct table_row    *row;
	uint32_t             wanted[COLUMNS_MAX], n = 0;

	(void)app;
	for (uint32_t i = 0; i < f->n_cells && n < COLUMNS_MAX; i++)
		wanted[n++] = column_of(v, s, f->cells[i].name);
	row = table_add(t, f->event ? f->event : -(int64_t)t->n_rows - 1);
	if (s->events)
		table_time(row, TIME, f->time_ns);
	for (uint32_t i = 0; i < n; i++)
		if (wanted[i] < s->n_columns && s->columns[wanted[i]].kind == TABLE_TEXT)
			table_text(t, row, wanted[i], f->cells[i].value);
	row->full = true;
}

static void
job_done(struct app *app, struct view *v, bool ok, const struct err *err)
{
	struct search_state *s = v->data;

	if (!ok && err->kind == ERR_CANCEL)
		app_say(app, "stopped; what was found so far is shown");
	else if (!ok)
		app_complain(app, err);
	else if (s->question.warnings > 1)
		app_warn(app, "%s (and %llu more)", s->question.warning,
			 (unsigned long long)s->question.warnings - 1);
	else if (s->question.warnings)
		app_warn(app, "%s", s->question.warning);
	else if (s->question.limited)
		app_say(app, "the first %d rows are shown; there are more", ROWS_MAX);
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
		for (uint32_t i = 0; i < s->n_columns; i++)
			if (same_name(&s->columns[i], names[k]) &&
			    s->columns[i].kind == TABLE_TEXT && row->values[i].text.n)
				return row->values[i].text;
	return TEXT_NONE;
}

static void
why_empty(struct app *app, struct view *v, struct doc *d)
{
	struct arena *keep = d->keep;

	(void)app;
	doc_plain(d, TEXT("The search found nothing."));
	doc_plain(d, arena_printf(keep, "It was: " TEXT_FMT, TEXT_ARG(v->level->query)));
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

const struct view_kind view_search = {
	.name = "rows",
	.title = "Search",
	.keys = KEYS_MOVES | KEYS_LIST | KEYS_ASIDE | KEYS_OPENS | KEYS_CELLS,
	.hints = hints,
	.load = load,
	.act = act,
	.preview = preview,
	.preview_rows = 9,
	.found = found,
	.job_done = job_done,
	.host = host_under_cursor,
	.why_empty = why_empty,
	.note = note,
};
