/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Events: all that the filter leaves, read by key in windows around the cursor; or those behind a
 * finding; or, narrowed, those in which a text occurs, streamed by the worker.
 */
#include "config.h"

#include "base/counted.h"
#include "base/when.h"
#include "tui/app.h"
#include "tui/computers.h"
#include "tui/events_table.h"
#include "tui/export.h"
#include "tui/filter.h"
#include "tui/filter_pred.h"
#include "tui/question.h"
#include "tui/remarks.h"
#include "tui/span_prompt.h"

static const struct list_column shown_of_case[] = {
	{ EVENT_TIME, "TIME", 19, .look = LOOK_SECOND },
	{ EVENT_HOST, "COMPUTER", 12, .look = LOOK_HOST, .from = 60 },
	{ EVENT_CODE, "CODE", 5, .right = true },
	{ EVENT_CHANNEL, "CHANNEL", 24, .look = LOOK_TAIL, .from = 120 },
	{ EVENT_USER, "USER", 16, .look = LOOK_MIDDLE, .from = 100 },
	{ EVENT_SUMMARY, "SUMMARY", 24, .flexible = true, .narrow = 11 },
	{ EVENT_TECHNIQUES, "ATT&CK", 10, .from = 110 },
};

static const struct list_column shown_of_host[] = {
	{ EVENT_TIME, "TIME", 19, .look = LOOK_SECOND },
	{ EVENT_CODE, "CODE", 5, .right = true },
	{ EVENT_CHANNEL, "CHANNEL", 24, .look = LOOK_TAIL, .from = 120 },
	{ EVENT_USER, "USER", 15, .look = LOOK_MIDDLE, .from = 70 },
	{ EVENT_SUMMARY, "SUMMARY", 26, .flexible = true, .narrow = 11 },
	{ EVENT_TECHNIQUES, "ATT&CK", 10, .from = 100 },
};

static const enum action hints[] = { ACTION_OPEN,   ACTION_FLAG_NEXT, ACTION_BOOKMARK,
				     ACTION_NOTE,   ACTION_PIN,       ACTION_INCLUDE,
				     ACTION_NARROW, ACTION_SEARCH,    ACTION_REVERSE,
				     ACTION_EXPORT, ACTION_NONE };

enum { MODE_ASCENDING, MODE_DESCENDING };

#define WINDOW      128   /* rows read the way the cursor goes, at least; three pages where they are long */
#define MARGIN      8     /* and a page: so near to an edge the next rows are read */
#define NARROW_MAX  10000 /* events that a narrowing lists */
#define SUMMARY_MAX 300

struct events_state {
	struct question      question;
	struct events_export export; /* under way where it has a path */
};

struct filling {
	struct table *table;
	struct app   *app;
};

static bool
add_event(void *ctx, const struct event_row *ev)
{
	struct table *t = ctx;

	events_set_row(t, table_add(t, ev->id), ev);
	return true;
}

static void
fetch_summary(void *ctx, struct table *t, struct table_row *row)
{
	struct app  *app = ctx;
	struct arena scratch = app->frame;
	struct event ev;
	struct err   err = { 0 };

	row->full = true;
	if (query_event(app->cf, row->id, true, &scratch, &ev, &err))
		table_text(t, row, EVENT_SUMMARY, text_head(event_summary(&ev, &scratch), SUMMARY_MAX));
	else
		table_text(t, row, EVENT_SUMMARY, text_of(err.what));
}

static struct case_filter
filter_here(struct app *app, const struct view *v)
{
	struct case_filter f = view_filter(app, v);

	if (v->level->span.earliest_ns > f.span.earliest_ns)
		f.span.earliest_ns = v->level->span.earliest_ns;
	if (v->level->span.latest_ns < f.span.latest_ns)
		f.span.latest_ns = v->level->span.latest_ns;
	return f;
}

static void
reverse_rows(struct table *t)
{
	for (size_t i = 0; i < t->n_rows / 2; i++) {
		struct table_row other = t->rows[i];

		t->rows[i] = t->rows[t->n_rows - 1 - i];
		t->rows[t->n_rows - 1 - i] = other;
	}
}

static size_t
margin_of(const struct view *v)
{
	return (size_t)(v->list.page > 0 ? v->list.page : 1) + MARGIN;
}

/* How many rows to have above and below the cursor: what it came from is on the other side. */
struct window {
	uint32_t above, below;
};

static struct window
window_of(const struct view *v)
{
	uint32_t margin = (uint32_t)margin_of(v), behind = margin + margin / 2, ahead = 3 * margin;

	ahead = ahead > WINDOW ? ahead : WINDOW;
	if (v->list.page == 0)
		return (struct window){ ahead, ahead };
	return v->list.place < v->list.table.shown / 2 ? (struct window){ ahead, behind }
						       : (struct window){ behind, ahead };
}

static enum event_walk
walk_of(const struct view *v)
{
	return v->mode == MODE_ASCENDING ? OLDEST_ONWARD : NEWEST_ONWARD;
}

/* Reads the rows around KEY: *BEFORE before it, then itself if it still exists, then others. */
static bool
read_window(struct app *app, struct view *v, struct window w, struct event_key key, size_t *before,
	    struct err *err)
{
	struct table      *t = &v->list.table;
	struct case_filter f = filter_here(app, v);
	bool               forward = v->mode == MODE_ASCENDING;
	struct event_key   just_before = { key.time_ns, key.id };

	if (!query_events(app->cf, &f, key, forward ? OLDEST_BACK : NEWEST_BACK, w.above, add_event, t, err))
		return false;
	*before = t->n_rows;
	reverse_rows(t);
	/* strictly after: step back by one id to have the row itself */
	if (forward && key.id > INT64_MIN)
		just_before.id--;
	else if (!forward && key.id < INT64_MAX)
		just_before.id++;
	if (!query_events(app->cf, &f, just_before, walk_of(v), w.below, add_event, t, err))
		return false;
	t->paged = true;
	t->at_start = *before < w.above;
	t->at_end = t->n_rows - *before < w.below;
	return true;
}

static struct event_key
start_key(const struct view *v, bool first)
{
	return first ? event_key_before(walk_of(v)) : event_key_behind(walk_of(v));
}

static struct event_key
cursor_key(const struct view *v)
{
	return v->list.has_id ? (struct event_key){ v->anchor_ns, v->list.id } : start_key(v, true);
}

/* Lists of rows do not know what fields hold: such a filter is answered by a scan. */
static bool
needs_scan(const struct view *v)
{
	return v->list.table.n_narrow || (!v->level->n_events && filter_asks_fields(&v->filter));
}

static void
start_scan(struct app *app, struct view *v)
{
	struct events_state *s = arena_new(&v->arena, struct events_state, 1);
	struct case_filter   f = filter_here(app, v);
	struct table        *t = &v->list.table;

	s->question = (struct question){ .filter = filter_pred(&f, &v->arena),
					 .only = f,
					 .span = filter_span(&f),
					 .limit = NARROW_MAX };
	if (t->n_narrow) {
		struct pred *p = arena_new(&v->arena, struct pred, 1);

		p->kind = PRED_WORD;
		p->pattern = pattern_make(
		    &v->arena,
		    arena_printf(&v->arena, "*%.*s*", (int)t->n_narrow, t->narrow), false, false);
		s->question.pred = p;
	}
	t->paged = t->at_start = t->at_end = t->base_known = t->total_exact = true;
	v->data = s;
	v->streamed = true;
	worker_start(app->worker, question_run, &s->question, v);
}

static void
remember_cursor(struct view *v)
{
	const struct table_row *row = list_row(&v->list);

	if (row)
		v->anchor_ns = row->values[EVENT_TIME].time_ns;
}

/* Of events behind a finding about several computers, the first of the one that one came from. */
static void
begin_at_computer(const struct app *app, struct view *v)
{
	const struct table *t = &v->list.table;
	struct text         place = computers_place(app);
	int64_t             first_ns = 0;

	for (size_t i = 0; place.n && i < t->n_rows; i++) {
		const struct table_value *value = t->rows[i].values;

		if (!text_ieq(value[EVENT_HOST].text, place) ||
		    (v->list.has_id && value[EVENT_TIME].time_ns >= first_ns))
			continue;
		first_ns = value[EVENT_TIME].time_ns;
		v->list.id = t->rows[i].id;
		v->list.has_id = true;
	}
}

static bool
load(struct app *app, struct view *v, struct err *err)
{
	struct table      *t = &v->list.table;
	bool               of_host = !text_absent(v->level->host), known;
	struct case_filter f = filter_here(app, v);
	uint64_t           base = t->base + v->list.place;
	struct window      window = window_of(v);
	size_t             above = v->list.place > v->list.top ? v->list.place - v->list.top : 0;
	size_t             before;

	known = t->columns && t->base_known && v->list.has_id;
	table_reset(t, &v->arena, event_columns, EVENT_COLUMNS);
	v->list.columns = of_host ? shown_of_host : shown_of_case;
	v->list.n_columns = of_host ? sizeof(shown_of_host) / sizeof(shown_of_host[0])
				    : sizeof(shown_of_case) / sizeof(shown_of_case[0]);
	v->list.fetch = fetch_summary;
	v->list.remark = remarks_of_event;
	v->list.remarks = true;
	v->list.ctx = app;
	if (v->level->n_events) {
		t->sort_column = t->sort_column == TABLE_UNSORTED ? EVENT_TIME : t->sort_column;
		if (!query_event_rows(app->cf, v->level->events, v->level->n_events, add_event, t, err))
			return false;
		if (!v->list.has_id)
			begin_at_computer(app, v);
		return true;
	}
	t->sort_column = EVENT_TIME; /* shown as such; the rows come so */
	t->descending = needs_scan(v) || v->mode == MODE_DESCENDING;
	if (needs_scan(v)) {
		start_scan(app, v);
		return true;
	}
	if (!read_window(app, v, window, cursor_key(v), &before, err) ||
	    !query_count_events(app->cf, &f, &t->total, &t->total_exact, err))
		return false;
	table_arrange(t);
	if (!v->list.has_id || table_place(t, v->list.id) == TEXT_NOWHERE)
		list_move_to(&v->list, before);
	else
		list_settle(&v->list);
	v->list.top = v->list.place > above ? v->list.place - above : 0;
	remember_cursor(v);
	if (t->at_start && t->at_end) {
		t->total = t->n_rows;
		t->total_exact = true;
	}
	t->base_known = t->at_start || (t->at_end && t->total_exact) || known;
	if (t->at_start)
		t->base = 0;
	else if (t->at_end && t->total_exact)
		t->base = t->total - t->n_rows;
	else
		t->base = base - v->list.place;
	return true;
}

/* The window follows the cursor: read anew before it comes to an edge. */
static void
follow_cursor(struct view *v)
{
	const struct table *t = &v->list.table;
	size_t              margin = margin_of(v);

	remember_cursor(v);
	if ((v->list.place < margin && !t->at_start) ||
	    (v->list.place + margin >= t->shown && !t->at_end))
		v->loaded = false;
}

static void
go_to_end(struct view *v, bool first)
{
	struct event_key key = start_key(v, first);

	v->anchor_ns = key.time_ns;
	v->list.id = key.id;
	v->list.has_id = true;
	v->list.table.base_known = false;
	v->list.place = v->list.top = 0;
	v->loaded = false;
}

static bool
step_flag(struct app *app, struct view *v, int step)
{
	if (list_step_flag(&v->list, step))
		follow_cursor(v);
	else
		app_say(app, "no flagged event %s among the rows read so far",
			step > 0 ? "below" : "above");
	return true;
}

/* The text that the list is narrowed to is where n and N go. */
static void
open_row(struct app *app, const struct view *v, const struct table_row *row)
{
	struct text what = { v->list.table.narrow, v->list.table.n_narrow };

	open_event(app, row->id);
	doc_seek(&app_view(app)->doc, what);
}

static bool
act(struct app *app, struct view *v, enum action action)
{
	const struct table_row *row = list_row(&v->list);
	bool                    window = v->list.table.paged && !needs_scan(v);

	switch ((int)action) {
	case ACTION_OPEN:
		if (row)
			open_row(app, v, row);
		return true;
	case ACTION_AROUND:
		if (row)
			open_around(app, row->values[EVENT_HOST].text, row->values[EVENT_TIME].time_ns);
		return true;
	case ACTION_DRILLDOWN:
		if (row)
			open_leads(app, row->id);
		return true;
	case ACTION_SPAN:
		span_prompt_open(app, v->level);
		return true;
	case ACTION_FLAG_NEXT:
		return step_flag(app, v, 1);
	case ACTION_FLAG_PREV:
		return step_flag(app, v, -1);
	case ACTION_SORT_LEFT:
	case ACTION_SORT_RIGHT:
		if (!v->list.table.paged)
			return false;
		app_say(app, "events are in order of time; r reverses, s ... | sort does the rest");
		return true;
	case ACTION_REVERSE:
		if (!window)
			return false;
		v->mode = v->mode == MODE_ASCENDING ? MODE_DESCENDING : MODE_ASCENDING;
		v->list.table.base_known = false;
		v->loaded = false;
		return true;
	case ACTION_FIRST:
	case ACTION_LAST:
		if (!window)
			return false;
		go_to_end(v, action == ACTION_FIRST);
		return true;
	}
	if (!list_act(&v->list, action))
		return false;
	if (window)
		follow_cursor(v);
	return true;
}

static void
narrow(struct app *app, struct view *v, struct text what)
{
	if (worker_owner(app->worker) == v)
		worker_stop(app->worker);
	table_narrow(&v->list.table, what);
	v->list.table.base_known = false;
	v->loaded = false;
}

static void
found(struct app *app, struct view *v, const struct found *f)
{
	static const int cells[EVENT_CELLS] = {
		EVENT_HOST, EVENT_CHANNEL, EVENT_PROVIDER, EVENT_CODE, EVENT_RECORD, EVENT_USER,
		EVENT_SUMMARY
	};
	struct table     *t = &v->list.table;
	struct table_row *row;
	double            number;
	struct work_state said;

	if (!needs_scan(v))
		return;
	row = table_add(t, f->event);
	table_number(row, EVENT_ID, (double)f->event);
	table_time(row, EVENT_TIME, f->time_ns);
	for (uint32_t i = 0; i < f->n_cells && i < EVENT_CELLS; i++) {
		uint32_t column = (uint32_t)cells[i];

		if (t->columns[column].kind == TABLE_TEXT)
			table_text(t, row, column, f->cells[i].value);
		else if (text_to_double(f->cells[i].value, &number))
			table_number(row, column, number);
	}
	if (work_state(app->cf, 0, f->event, t->keep, &said)) {
		row->values[EVENT_BOOKMARK].text = said.bookmark ? TEXT("yes") : TEXT_NONE;
		row->values[EVENT_NOTE].text = said.note;
	}
	row->full = true;
	t->total = t->n_rows;
}

static void
job_done(struct app *app, struct view *v, bool ok, const struct err *err)
{
	struct events_state *s = v->data;

	if (!ok && err->kind == ERR_CANCEL && !(s && s->export.path))
		app_say(app, "stopped; what was found so far is shown");
	else if (!ok)
		app_complain(app, err);
	else if (s && s->export.path)
		app_say(app, "%s written to " TEXT_FMT, counted(s->export.written, "event").words,
			TEXT_ARG(export_where(s->export.path, &app->frame)));
	else if (s && s->question.limited)
		app_say(app, "the newest %d are shown; there are more", NARROW_MAX);
	if (s)
		s->export.path = NULL;
}

static bool
export(struct app *app, struct view *v, const char *path, uint64_t *rows, struct err *err)
{
	struct events_state *s;
	FILE                *probe;

	if (!v->list.table.paged || needs_scan(v))
		return export_table(v, path, rows, err);
	probe = export_open(path, err); /* a name that does not do is said at once */
	if (!probe)
		return false;
	export_close(probe, path, false, &(struct err){ 0 });
	s = arena_new(&v->arena, struct events_state, 1);
	s->export = (struct events_export){ .filter = filter_here(app, v),
					    .path = arena_cstr(&v->arena, text_of(path)) };
	if (export_rows_of(v, text_of(path)) == EXPORT_MARKED) {
		int64_t *ids = arena_new(&v->arena, int64_t, v->list.n_marks);

		memcpy(ids, v->list.marks, v->list.n_marks * sizeof(*ids));
		s->export.ids = ids;
		s->export.n_ids = v->list.n_marks;
	}
	v->data = s;
	worker_start(app->worker, events_export_run, &s->export, v);
	*rows = EXPORT_RUNNING;
	return true;
}

static bool
count(const struct app *app, const struct view *v, uint64_t *n)
{
	if (v->loaded && v->list.n_columns && v->list.table.paged && v->list.table.total_exact)
		*n = v->list.table.total;
	else if (!v->loaded && text_absent(v->level->host) && !v->level->n_conditions && !app_filtered(app))
		*n = app->info.events;
	else
		return false;
	return true;
}

static void
why_empty(struct app *app, struct view *v, struct doc *d)
{
	(void)app;
	doc_plain(d, text_absent(v->level->host)
			 ? TEXT("No events.")
			 : TEXT("No events of this computer in this span of time."));
}

static struct text
note(struct app *app, struct view *v, struct arena *keep)
{
	(void)app;
	if (v->list.table.n_narrow)
		return arena_printf(keep, "newest first; the whole event was looked through");
	return TEXT_NONE;
}

static struct work_about
about(const struct view *v, int64_t row)
{
	(void)v;
	return (struct work_about){ .event = row };
}

const struct view_kind view_events = {
	.name = "events",
	.unit = "event",
	.title = "Events",
	.marks = MARK_EVENT,
	.keys = KEYS_MOVES | KEYS_LIST | KEYS_ASIDE | KEYS_OPENS | KEYS_CELLS | KEYS_EVENTS |
		KEYS_INSIDE | KEYS_AROUND | KEYS_DRILLS | KEYS_NOTED | KEYS_MARKS,
	.hints = hints,
	.load = load,
	.act = act,
	.about = about,
	.narrow = narrow,
	.found = found,
	.job_done = job_done,
	.why_empty = why_empty,
	.count = count,
	.note = note,
	.export = export,
};
