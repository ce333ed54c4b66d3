/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Timeline: events and risk as bars over time; a bar opens the events in it. */
#include "config.h"

#include "tui/app.h"
#include "tui/empty.h"
#include "tui/export.h"

static const enum action hints[] = { ACTION_LEFT,     ACTION_RIGHT, ACTION_ZOOM_IN,
				     ACTION_ZOOM_OUT, ACTION_OPEN,  ACTION_RANGE,
				     ACTION_EXPORT,   ACTION_NONE };

#define BARS_MAX 1000
#define WIDE_MAX 4
/* More hours than these, of all computers, are counted by the worker. */
#define HOURS_AT_ONCE 100000
#define HOURS_BYTES   ((size_t)1 << 30)

struct timeline_state {
	struct hour_count *hours;
	size_t             n_hours, cap;
	bool               stopped; /* before all were counted */
	struct span        span;   /* first hour, end of the last */
	int64_t            bar_ns; /* as last drawn */
	int64_t            start_ns;
	int                n_bars, wide; /* bars, and columns that each takes */
	int                left;   /* column of the screen where the bars began */
	double             events[BARS_MAX], risk[BARS_MAX];
};

static void
span_of_hours(struct timeline_state *s)
{
	if (!s->n_hours)
		return;
	s->span.earliest_ns = s->hours[0].hour_ns;
	s->span.latest_ns = s->hours[s->n_hours - 1].hour_ns + WHEN_HOUR;
}

static bool
emit_hours(struct worker *w, struct casefile *cf, void *ctx, struct err *err)
{
	const struct case_filter *f = ctx;
	struct arena              keep = arena_open(HOURS_BYTES);
	struct hour_count        *hours;
	size_t                    n = query_activity(cf, f, &keep, &hours);
	char                      risk[32];
	bool                      good = true;

	for (size_t i = 0; good && i < n; i++) {
		int               risk_n = snprintf(risk, sizeof(risk), "%.17g", hours[i].risk);
		struct found_cell cell = { TEXT("risk"), { risk, (size_t)risk_n } };

		good = worker_emit(w, &(struct found){ .event = (int64_t)hours[i].events,
						       .time_ns = hours[i].hour_ns,
						       .cells = &cell,
						       .n_cells = 1 });
	}
	arena_close(&keep);
	return !atomic_load(worker_cancelled(w)) ||
	       err_set(err, ERR_IO, "counting was stopped; F5 counts again");
}

static void
job_done(struct app *app, struct view *v, bool ok, const struct err *err)
{
	struct timeline_state *s = v->data;

	s->stopped = !ok;
	if (!ok)
		app_complain(app, err);
}

static void
found(struct app *app, struct view *v, const struct found *f)
{
	struct timeline_state *s = v->data;
	struct hour_count      hour = { .hour_ns = f->time_ns, .events = (uint64_t)f->event };

	(void)app;
	text_to_double(f->cells[0].value, &hour.risk);
	arena_grow(&v->arena, s->hours, s->n_hours, &s->cap);
	s->hours[s->n_hours++] = hour;
	span_of_hours(s);
}

/* Hours of all computers together that the summary may hold. */
static bool
is_much(const struct app *app, const struct view *v, const struct case_filter *f)
{
	const struct case_info *info = &app->info;
	struct span             all = { info->first_ns, info->last_ns };

	if (v->level->host.n || info->first_ns == WHEN_NONE)
		return false;
	if (f->span.earliest_ns > all.earliest_ns && f->span.earliest_ns < all.latest_ns)
		all.earliest_ns = f->span.earliest_ns;
	if (f->span.latest_ns < all.latest_ns && f->span.latest_ns > all.earliest_ns)
		all.latest_ns = f->span.latest_ns;
	return info->hosts * (((uint64_t)all.latest_ns - (uint64_t)all.earliest_ns) /
				  (uint64_t)WHEN_HOUR +
			      1) >
	       HOURS_AT_ONCE;
}

static bool
load(struct app *app, struct view *v, struct err *err)
{
	struct timeline_state *s = arena_new(&v->arena, struct timeline_state, 1);
	struct case_filter    *f = arena_new(&v->arena, struct case_filter, 1);

	(void)err;
	*f = view_filter(app, v);
	doc_reset(&v->doc, &v->arena);
	if (v->span.latest_ns > v->span.earliest_ns)
		f->span = v->span; /* the zoomed part, within what the filter leaves */
	v->data = s;
	if (is_much(app, v, f)) {
		worker_start(app->worker, emit_hours, f, v);
		return true;
	}
	s->n_hours = query_activity(app->cf, f, &v->arena, &s->hours);
	span_of_hours(s);
	return true;
}

/* The shortest bar with which the span fits, in lengths that people think in. */
static int64_t
bar_length(struct span span, int columns)
{
	static const int hours[] = { 1, 2, 3, 6, 12, 24, 48, 168, 336, 672, 2016, 8766, 87660 };
	size_t           last = sizeof(hours) / sizeof(hours[0]) - 1, i;

	for (i = 0; i < last; i++) {
		uint64_t length = (uint64_t)hours[i] * (uint64_t)WHEN_HOUR;

		if (((uint64_t)span.latest_ns - (uint64_t)span.earliest_ns) / length + 2 <=
		    (uint64_t)columns)
			break;
	}
	return (int64_t)hours[i] * WHEN_HOUR;
}

static int
bar_of(const struct timeline_state *s, int64_t time_ns)
{
	uint64_t behind = (uint64_t)time_ns - (uint64_t)s->start_ns;
	uint64_t bar = time_ns < s->start_ns ? 0 : behind / (uint64_t)s->bar_ns;

	return bar < (uint64_t)s->n_bars ? (int)bar : s->n_bars - 1;
}

static void
fill_bars(struct timeline_state *s, int columns)
{
	columns = columns < 2 ? 2 : columns < BARS_MAX ? columns : BARS_MAX;
	s->bar_ns = bar_length(s->span, columns);
	s->start_ns =
	    s->span.earliest_ns - ((s->span.earliest_ns % s->bar_ns) + s->bar_ns) % s->bar_ns;
	s->n_bars = columns;
	s->n_bars = bar_of(s, s->span.latest_ns - 1) + 1;
	s->wide = columns / s->n_bars < WIDE_MAX ? columns / s->n_bars : WIDE_MAX;
	s->wide = s->wide < 1 ? 1 : s->wide;
	memset(s->events, 0, sizeof(s->events));
	memset(s->risk, 0, sizeof(s->risk));
	for (size_t i = 0; i < s->n_hours; i++) {
		int bar = bar_of(s, s->hours[i].hour_ns);

		s->events[bar] += (double)s->hours[i].events;
		s->risk[bar] += s->hours[i].risk;
	}
}

static void
draw_bars(struct screen *s, struct area a, const double *values, const struct timeline_state *t,
	  const char *title, enum role role)
{
	double      top = 0;
	char        label[16];
	int         label_n, rows = a.rows - 1, n = t->n_bars;

	for (int i = 0; i < n; i++)
		top = values[i] > top ? values[i] : top;
	label_n = snprintf(label, sizeof(label), "%.0f", top);
	screen_put(s, a.row, a.column + 1, 8, text_of(title), ROLE_HEAD);
	screen_put_right(s, a.row + 1, a.column + 1, 7, (struct text){ label, (size_t)label_n },
			 ROLE_DIM);
	screen_put_right(s, a.row + rows, a.column + 1, 7, TEXT("0"), ROLE_DIM);
	for (int i = 0; i < n && top > 0; i++) {
		int eighths = values[i] > 0 ? (int)(values[i] / top * rows * 8) : 0;

		if (values[i] > 0 && eighths < 1)
			eighths = 1;
		for (int row = rows; row >= 1 && eighths > 0; row--, eighths -= 8)
			for (int k = 0; k < t->wide; k++)
				screen_put(s, a.row + row, a.column + 10 + i * t->wide + k, 1,
					   screen_bar(s, eighths > 8 ? 8 : eighths), role);
	}
}

static void
draw_days(struct screen *s, const struct timeline_state *t, int row, int column, int columns)
{
	char human[WHEN_TEXT_MAX];
	int  last_end = -1;

	for (int i = 0; i < t->n_bars; i++) {
		int64_t     at = t->start_ns + i * t->bar_ns;
		struct text text;

		if (i * t->wide <= last_end)
			continue;
		text = (struct text){ human, zone_human(&s->zone, at, human) };
		text =
		    t->bar_ns < WHEN_DAY ? text_head(text_from(text, 5), 11) : text_head(text, 10);
		if (i * t->wide + (int)text.n > columns)
			break;
		screen_put(s, row, column + i * t->wide, (int)text.n, text, ROLE_DIM);
		last_end = i * t->wide + (int)text.n + 3;
	}
}

/* The bars from the mark to the cursor, or the one under the cursor. */
static struct span
range_of(const struct view *v, const struct timeline_state *t)
{
	int at = bar_of(t, v->anchor_ns), other = v->marked ? bar_of(t, v->mark_ns) : at;
	int first = at < other ? at : other, last = at < other ? other : at;

	return (struct span){ t->start_ns + first * t->bar_ns,
			      t->start_ns + (last + 1) * t->bar_ns };
}

static void
draw_cursor(struct screen *s, const struct view *v, const struct timeline_state *t, int row, int top)
{
	int at = bar_of(t, v->anchor_ns), other = v->marked ? bar_of(t, v->mark_ns) : at;
	int first = at < other ? at : other, last = at < other ? other : at;

	struct area range = { top, t->left + first * t->wide, row - top, (last - first + 1) * t->wide };

	for (int i = 0; v->marked && i < range.columns; i++)
		screen_put(s, row, range.column + i, 1, screen_sign(s, SIGN_LINE), ROLE_MARK);
	if (v->marked)
		screen_tint(s, range, ROLE_TEXT, ROLE_MARK);
	for (int k = 0; k < t->wide; k++)
		screen_put(s, row, t->left + at * t->wide + k, 1, screen_sign(s, SIGN_UP), ROLE_HEAD);
	s->cursor_row = row;
	s->cursor_column = t->left + at * t->wide;
}

static void
draw(struct app *app, struct view *v, struct area a)
{
	struct timeline_state *t = v->data;
	struct screen         *s = &app->screen;
	int                    columns = a.columns - 12, events_rows, risk_rows;

	if (!t || !t->n_hours) {
		empty_draw(app, v, a);
		return;
	}
	fill_bars(t, columns);
	t->left = a.column + 10;
	if (!v->anchor_ns)
		v->anchor_ns = t->span.latest_ns - 1;
	risk_rows = a.rows >= 10 ? (a.rows - 3) / 3 : 0;
	events_rows = a.rows - 2 - risk_rows;
	draw_bars(s, (struct area){ a.row, a.column, events_rows, a.columns }, t->events, t,
		  "events", ROLE_TEXT);
	if (risk_rows)
		draw_bars(s, (struct area){ a.row + events_rows, a.column, risk_rows, a.columns },
			  t->risk, t, "risk", ROLE_HIGH);
	draw_days(s, t, a.row + a.rows - 1, a.column + 10, columns);
	draw_cursor(s, v, t, a.row + a.rows - 2, a.row);
}

/* Into the marked range, or an eighth around the cursor; out again step by step. */
static void
zoom(struct app *app, struct view *v, const struct timeline_state *t, bool in)
{
	struct span range = range_of(v, t);
	int64_t     length = t->span.latest_ns - t->span.earliest_ns, half = length / 8;

	if (in && !v->marked) {
		half = half < 3 * WHEN_HOUR ? 3 * WHEN_HOUR : half;
		range = (struct span){ v->anchor_ns - half, v->anchor_ns + half };
	} else if (!in) {
		half = length > WHEN_MAX / 8 ? WHEN_MAX / 4 : length * 2;
		range = (struct span){ v->anchor_ns - half, v->anchor_ns + half };
	}
	if (!in && app->info.first_ns != WHEN_NONE && range.earliest_ns <= app->info.first_ns &&
	    range.latest_ns > app->info.last_ns)
		range = (struct span){ 0, 0 }; /* all of it */
	if (!in && v->span.latest_ns == v->span.earliest_ns)
		app_say(app, "this is all of it");
	v->span = range;
	v->marked = false;
	v->loaded = false;
}

static void
mark(struct app *app, struct view *v)
{
	v->marked = !v->marked;
	v->mark_ns = v->anchor_ns;
	app_say(app, v->marked ? "the range begins here: move, then Enter opens it, z zooms in, m "
				 "lets it go"
			       : "no range");
}

static bool
act(struct app *app, struct view *v, enum action action)
{
	struct timeline_state *t = v->data;
	struct condition       c = { .part = FILTER_TIME };
	int64_t                at;

	if (!t || !t->n_hours || !t->bar_ns) {
		if (action != ACTION_ZOOM_OUT || v->span.latest_ns <= v->span.earliest_ns)
			return false;
		v->span = (struct span){ 0, 0 }; /* nothing is in the zoomed part */
		v->loaded = false;
		return true;
	}
	at = t->start_ns + bar_of(t, v->anchor_ns) * t->bar_ns;
	switch ((int)action) {
	case ACTION_LEFT:
		v->anchor_ns =
		    at - t->bar_ns < t->span.earliest_ns ? t->span.earliest_ns : at - t->bar_ns;
		return true;
	case ACTION_RIGHT:
		v->anchor_ns = at + t->bar_ns < t->span.latest_ns ? at + t->bar_ns : v->anchor_ns;
		return true;
	case ACTION_ZOOM_IN:
		zoom(app, v, t, true);
		return true;
	case ACTION_ZOOM_OUT:
		zoom(app, v, t, false);
		return true;
	case ACTION_RANGE:
		mark(app, v);
		return true;
	case ACTION_OPEN:
		c.span = range_of(v, t);
		open_with(app, v->marked ? TEXT("Range") : TEXT("Bar"), &c, 1, "events");
		return true;
	}
	return false;
}

/* A click goes to a bar, a drag marks those that it passes. */
static void
click(struct app *app, struct view *v, int row, int column, bool released)
{
	const struct timeline_state *t = v->data;
	int                          bar;
	int64_t                      at;

	(void)app;
	(void)row;
	if (!t || !t->n_hours || !t->bar_ns || column < t->left)
		return;
	bar = (column - t->left) / t->wide;
	bar = bar < t->n_bars ? bar : t->n_bars - 1;
	at = t->start_ns + bar * t->bar_ns;
	if (at < t->span.earliest_ns)
		at = t->span.earliest_ns;
	if (!released)
		v->mark_ns = at;
	v->marked = released && bar_of(t, v->mark_ns) != bar;
	v->anchor_ns = at;
}

static struct text
note(struct app *app, struct view *v, struct arena *keep)
{
	const struct timeline_state *t = v->data;
	char                         from[WHEN_TEXT_MAX], to[WHEN_TEXT_MAX];
	struct span                  range;
	double                       events = 0, risk = 0;

	if (!t || !t->n_hours || !t->bar_ns)
		return TEXT_NONE;
	range = range_of(v, t);
	for (int i = bar_of(t, range.earliest_ns); i <= bar_of(t, range.latest_ns - 1); i++) {
		events += t->events[i];
		risk += t->risk[i];
	}
	from[zone_human(&app->screen.zone, range.earliest_ns, from)] = '\0';
	to[zone_human(&app->screen.zone, range.latest_ns, to)] = '\0';
	return arena_printf(keep, "%.16s to %.16s " TEXT_FMT ": " TEXT_FMT " events, risk " TEXT_FMT,
			    from, to, TEXT_ARG(zone_short(&app->screen.zone)),
			    TEXT_ARG(table_amount(events, keep)),
			    TEXT_ARG(table_amount(risk, keep)));
}

static bool
export(struct app *app, struct view *v, const char *path, uint64_t *rows, struct err *err)
{
	const struct timeline_state *t = v->data;
	FILE                        *out = export_open(path, err);
	struct csv                   csv = { .out = out };
	char                         iso[WHEN_TEXT_MAX];

	if (!out)
		return false;
	csv_cell(&csv, TEXT("hour"));
	csv_cell(&csv, TEXT("events"));
	csv_cell(&csv, TEXT("risk_score"));
	csv_end_row(&csv);
	*rows = t ? t->n_hours : 0;
	for (size_t i = 0; i < *rows; i++) {
		struct arena scratch = app->frame;

		csv_cell(&csv, (struct text){ iso, when_to_iso(t->hours[i].hour_ns, iso) });
		csv_cell(&csv,
			 arena_printf(&scratch, "%llu", (unsigned long long)t->hours[i].events));
		csv_cell(&csv, arena_printf(&scratch, "%g", t->hours[i].risk));
		csv_end_row(&csv);
	}
	return export_close(out, path, true, err);
}

static void
why_empty(struct app *app, struct view *v, struct doc *d)
{
	const struct timeline_state *t = v->data;

	(void)app;
	if (t && t->stopped)
		doc_plain(d, TEXT("Counting was stopped. F5 counts again."));
	else if (v->span.latest_ns > v->span.earliest_ns)
		doc_plain(d, TEXT("Nothing happened in this part of the time. Z comes out again."));
	else
		doc_plain(d, TEXT("None of its events has a time."));
}

const struct view_kind view_timeline = {
	.name = "timeline",
	.title = "Time",
	.keys = KEYS_ASIDE | KEYS_OPENS | KEYS_TIMELINE | KEYS_BRUSH,
	.click = click,
	.why_empty = why_empty,
	.deaf = 1u << FILTER_FIELD,
	.hints = hints,
	.load = load,
	.found = found,
	.job_done = job_done,
	.draw = draw,
	.act = act,
	.note = note,
	.export = export,
};
