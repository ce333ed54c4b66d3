/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Timeline: events and risk as bars over time; a bar opens the events in it. */
#include "config.h"

#include "tui/app.h"
#include "tui/chrome.h"
#include "tui/empty.h"
#include "tui/export.h"
#include "tui/moments.h"

static const enum action hints[] = { ACTION_LEFT,     ACTION_RIGHT, ACTION_ZOOM_IN,
				     ACTION_ZOOM_OUT, ACTION_OPEN,  ACTION_RANGE,
				     ACTION_EXPORT,   ACTION_NONE };

#define WIDE_MAX 4
/* More hours than these, of all computers, are counted by the worker. */
#define HOURS_AT_ONCE 100000
#define HALF_LEAST    (10 * 60 * WHEN_SECOND) /* around the cursor, zoomed in */
#define JUST_NEARER   1 /* mode: zoomed in, not counted yet */
#define TITLES        10 /* columns of titles before the bars */

struct timeline_state {
	struct moments moments;
	bool           stopped; /* before all were counted */
	bool           drawn;   /* bars are laid out */
	int            wide;    /* columns that each bar takes */
	int            left;    /* column of the screen where the bars began */
};

static bool
has_bars(const struct timeline_state *t)
{
	return t && (moments_any(&t->moments, ACTIVITY_EVENTS) ||
		     moments_any(&t->moments, ACTIVITY_RISK)); /* findings may have no event */
}

static void
job_done(struct app *app, struct view *v, bool ok, const struct err *err)
{
	struct timeline_state *s = v->data;

	s->stopped = !ok;
	if (!ok) {
		app_complain(app, err);
		return;
	}
	moments_done(&s->moments);
	if (v->mode == JUST_NEARER) /* finer bars: the cursor would be beside what it was on */
		v->anchor_ns = moments_nearest(&s->moments, v->anchor_ns);
	v->mode = 0;
}

static void
found(struct app *app, struct view *v, const struct found *f)
{
	struct timeline_state *s = v->data;

	(void)app;
	moments_found(&s->moments, f);
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
	struct case_filter     f = view_filter(app, v);

	(void)err;
	doc_reset(&v->doc, &v->arena);
	if (v->n_zooms)
		f.span = v->zooms[v->n_zooms - 1]; /* within what the filter leaves */
	v->data = s;
	moments_begin(&s->moments, &v->arena, app->cf, &f, is_much(app, v, &f));
	if (v->n_zooms)
		moments_within(&s->moments, f.span);
	worker_start(app->worker, moments_job, &s->moments, v);
	return true;
}

static double
highest(const double *values, int n)
{
	double top = 0;

	for (int i = 0; i < n; i++)
		top = values[i] > top ? values[i] : top;
	return top;
}

static int
eighths_of(double value, double top, int rows)
{
	int eighths = value > 0 ? (int)(value / top * rows * 8) : 0;

	return value > 0 && eighths < 1 ? 1 : eighths;
}

static void
draw_bars(struct screen *s, struct area a, const struct timeline_state *t, enum activity kind,
	  enum role role, struct arena scratch)
{
	const double *values = t->moments.bars[kind];
	int           rows = a.rows - 1, n = t->moments.n_bars;
	double        top = highest(values, n);

	if (rows < 1)
		return;
	screen_put(s, a.row, a.column + 1, 8, text_of(moment_titles[kind]), ROLE_HEAD);
	screen_put_right(s, a.row + 1, a.column + 1, 7, chrome_short((uint64_t)top, &scratch),
			 ROLE_DIM);
	if (rows > 1)
		screen_put_right(s, a.row + rows, a.column + 1, 7, TEXT("0"), ROLE_DIM);
	for (int i = 0; i < n && top > 0; i++) {
		int eighths = eighths_of(values[i], top, rows);

		for (int row = rows; row >= 1 && eighths > 0; row--, eighths -= 8)
			for (int k = 0; k < t->wide; k++)
				screen_put(s, a.row + row, a.column + TITLES + i * t->wide + k, 1,
					   screen_bar(s, eighths > 8 ? 8 : eighths), role);
	}
}

/* One line for a kind: how it went, not how much; that is said of the bar under the cursor. */
static void
draw_spark(struct screen *s, int row, int column, const struct timeline_state *t, enum activity kind)
{
	const double *values = t->moments.bars[kind];
	int           n = t->moments.n_bars;
	double        top = highest(values, n);

	screen_put(s, row, column + 1, 8, text_of(moment_titles[kind]), ROLE_HEAD);
	for (int i = 0; i < n && top > 0; i++)
		for (int k = 0; k < t->wide && values[i] > 0; k++)
			screen_put(s, row, column + TITLES + i * t->wide + k, 1,
				   screen_bar(s, eighths_of(values[i], top, 1)),
				   kind == ACTIVITY_FAILED_LOGONS ? ROLE_HIGH : ROLE_TEXT);
}

/* Kinds that occur, one line each, above ROW; no more than MOST. Returns how many. */
static int
draw_sparks(struct screen *s, int row, int column, const struct timeline_state *t, int most)
{
	int kinds = 0, at;

	for (int kind = ACTIVITY_LOGONS; kind < ACTIVITIES; kind++)
		kinds += moments_any(&t->moments, (enum activity)kind);
	kinds = kinds < most ? kinds : most;
	at = row - kinds;
	for (int kind = ACTIVITY_LOGONS; kind < ACTIVITIES && at < row; kind++)
		if (moments_any(&t->moments, (enum activity)kind))
			draw_spark(s, at++, column, t, (enum activity)kind);
	return kinds;
}

static void
draw_days(struct screen *s, const struct timeline_state *t, int row, int column, int columns)
{
	const struct moments *m = &t->moments;

	char                  human[WHEN_TEXT_MAX];
	int                   last_end = -1;

	for (int i = 0; i < m->n_bars; i++) {
		int64_t     at = m->start_ns + i * m->bar_ns;
		struct text text;

		if (i * t->wide <= last_end)
			continue;
		text = (struct text){ human, zone_human(&s->zone, at, human) };
		text =
		    m->bar_ns < WHEN_DAY ? text_head(text_from(text, 5), 11) : text_head(text, 10);
		if (i * t->wide + (int)text.n > columns)
			break;
		screen_put(s, row, column + i * t->wide, (int)text.n, text, ROLE_DIM);
		last_end = i * t->wide + (int)text.n + 3;
	}
}

/* The bars from the mark to the cursor, or the one under the cursor. */
static struct span
range_of(const struct view *v, const struct timeline_state *state)
{
	const struct moments *t = &state->moments;
	int                   at = moments_bar(t, v->anchor_ns), other = v->marked ? moments_bar(t, v->mark_ns) : at;
	int first = at < other ? at : other, last = at < other ? other : at;

	return (struct span){ t->start_ns + first * t->bar_ns,
			      t->start_ns + (last + 1) * t->bar_ns };
}

static void
draw_cursor(struct screen *s, const struct view *v, const struct timeline_state *t, int row, int top)
{
	int at = moments_bar(&t->moments, v->anchor_ns);
	int other = v->marked ? moments_bar(&t->moments, v->mark_ns) : at;
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
	int                    columns = a.columns - TITLES - 2, events_rows, risk_rows, sparks;

	if (!has_bars(t)) {
		empty_draw(app, v, a);
		return;
	}
	moments_fit(&t->moments, columns);
	t->drawn = true;
	t->wide = columns / t->moments.n_bars < WIDE_MAX ? columns / t->moments.n_bars : WIDE_MAX;
	t->wide = t->wide < 1 ? 1 : t->wide;
	t->left = a.column + TITLES;
	if (!v->anchor_ns)
		v->anchor_ns = t->moments.span.latest_ns - 1;
	sparks = draw_sparks(s, a.row + a.rows - 2, a.column, t, a.rows / 4);
	risk_rows = a.rows - sparks >= 10 && moments_any(&t->moments, ACTIVITY_RISK)
			    ? (a.rows - sparks - 3) / 3
			    : 0;
	events_rows = a.rows - 2 - risk_rows - sparks;
	draw_bars(s, (struct area){ a.row, a.column, events_rows, a.columns }, t, ACTIVITY_EVENTS,
		  ROLE_TEXT, app->frame);
	if (risk_rows)
		draw_bars(s, (struct area){ a.row + events_rows, a.column, risk_rows, a.columns }, t,
			  ACTIVITY_RISK, ROLE_HIGH, app->frame);
	draw_days(s, t, a.row + a.rows - 1, a.column + TITLES, columns);
	draw_cursor(s, v, t, a.row + a.rows - 2, a.row);
}

/* Into the marked range, or a quarter around the bar under the cursor; no further than a minute, and
 * not to where there are no events. */
static void
zoom_in(struct app *app, struct view *v, const struct timeline_state *t)
{
	struct span range = range_of(v, t), all = t->moments.span;
	int64_t     length = all.latest_ns - all.earliest_ns, half = length / 8;
	int64_t     middle = range.earliest_ns / 2 + range.latest_ns / 2;

	if (!v->marked) {
		half = half < HALF_LEAST ? HALF_LEAST : half;
		range = (struct span){ middle - half, middle + half };
	}
	if (range.earliest_ns < all.earliest_ns)
		range.earliest_ns = all.earliest_ns;
	if (range.latest_ns > all.latest_ns)
		range.latest_ns = all.latest_ns;
	if (v->n_zooms == ZOOMS_MAX || range.latest_ns - range.earliest_ns >= length) {
		app_say(app, "this is as near as it gets; Enter opens the events");
		return;
	}
	v->zooms[v->n_zooms++] = range;
	v->mode = JUST_NEARER;
	v->marked = false;
	v->loaded = false;
}

/* The way that it came in. */
static void
zoom_out(struct app *app, struct view *v)
{
	if (!v->n_zooms) {
		app_say(app, "this is all of it");
		return;
	}
	v->n_zooms--;
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
	const struct moments  *m = t ? &t->moments : NULL;
	struct condition       c = { .part = FILTER_TIME };
	int64_t                at;

	if (!has_bars(t) || !t->drawn) {
		if (action != ACTION_ZOOM_OUT || !v->n_zooms)
			return false;
		zoom_out(app, v); /* nothing is in the zoomed part */
		return true;
	}
	at = m->start_ns + moments_bar(m, v->anchor_ns) * m->bar_ns;
	switch ((int)action) {
	case ACTION_LEFT:
		v->anchor_ns =
		    at - m->bar_ns < m->span.earliest_ns ? m->span.earliest_ns : at - m->bar_ns;
		return true;
	case ACTION_RIGHT:
		v->anchor_ns = at + m->bar_ns < m->span.latest_ns ? at + m->bar_ns : v->anchor_ns;
		return true;
	case ACTION_ZOOM_IN:
		zoom_in(app, v, t);
		return true;
	case ACTION_ZOOM_OUT:
		zoom_out(app, v);
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
	const struct moments        *m = t ? &t->moments : NULL;
	int                          bar;
	int64_t                      at;

	(void)app;
	(void)row;
	if (!has_bars(t) || !t->drawn || column < t->left)
		return;
	bar = (column - t->left) / t->wide;
	bar = bar < m->n_bars ? bar : m->n_bars - 1;
	at = m->start_ns + bar * m->bar_ns;
	if (at < m->span.earliest_ns)
		at = m->span.earliest_ns;
	if (!released)
		v->mark_ns = at;
	v->marked = released && moments_bar(m, v->mark_ns) != bar;
	v->anchor_ns = at;
}

#define DAY_END    10 /* of "2020-09-13 12:00" */
#define MINUTE_END 16

/* "2020-09-13 12:00 to 15:00 UTC" */
static struct text
range_words(struct app *app, struct span range, struct arena *keep)
{
	char from[WHEN_TEXT_MAX], to[WHEN_TEXT_MAX];
	bool same_day;

	from[zone_human(&app->screen.zone, range.earliest_ns, from) ? MINUTE_END : 0] = '\0';
	to[zone_human(&app->screen.zone, range.latest_ns, to) ? MINUTE_END : 0] = '\0';
	same_day = strncmp(from, to, DAY_END) == 0;
	return arena_printf(keep, "%s to %s " TEXT_FMT, from, same_day ? to + DAY_END + 1 : to,
			    TEXT_ARG(zone_short(&app->screen.zone)));
}

/* Of the bars in the range: as many kinds as there is room for. */
static struct text
note(struct app *app, struct view *v, struct arena *keep)
{
	const struct timeline_state *t = v->data;
	const struct moments        *m = t ? &t->moments : NULL;
	struct span                  range;
	struct text                  words;

	if (!has_bars(t) || !t->drawn)
		return TEXT_NONE;
	range = range_of(v, t);
	words = arena_printf(keep, TEXT_FMT ":", TEXT_ARG(range_words(app, range, keep)));
	for (int kind = 0; kind < ACTIVITIES; kind++) {
		int         first = moments_bar(m, range.earliest_ns);
		int         last = moments_bar(m, range.latest_ns - 1);
		double      sum = 0;
		struct text one;

		if (kind > ACTIVITY_RISK && !moments_any(m, (enum activity)kind))
			continue;
		for (int i = first; i <= last; i++)
			sum += m->bars[kind][i];
		one = arena_printf(keep, TEXT_FMT "%s %s " TEXT_FMT, TEXT_ARG(words),
				   kind ? "," : "", moment_titles[kind],
				   TEXT_ARG(table_amount(sum, keep)));
		if (screen_width(&app->screen, one) > app->screen.columns - 4)
			break;
		words = one;
	}
	return words;
}

static bool
export(struct app *app, struct view *v, const char *path, uint64_t *rows, struct err *err)
{
	const struct timeline_state *t = v->data;
	FILE                        *out = export_open(path, err);
	struct csv                   csv = { .out = out };
	char                         iso[WHEN_TEXT_MAX];
	struct arena                 keep = app->frame;
	struct moment_row           *of = NULL;

	if (!out)
		return false;
	csv_cell(&csv, t && t->moments.unit_ns < WHEN_HOUR ? TEXT("minute") : TEXT("hour"));
	for (int kind = 0; kind < ACTIVITIES; kind++)
		csv_cell(&csv, text_of(moment_columns[kind]));
	csv_end_row(&csv);
	*rows = t ? moments_rows(&t->moments, &keep, &of) : 0;
	for (size_t i = 0; i < *rows; i++) {
		csv_cell(&csv, (struct text){ iso, when_to_iso(of[i].at_ns, iso) });
		for (int kind = 0; kind < ACTIVITIES; kind++) {
			struct arena scratch = keep;

			csv_cell(&csv, arena_printf(&scratch, "%.15g", of[i].amounts[kind]));
		}
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
	else if (v->n_zooms)
		doc_plain(d, TEXT("Nothing happened in this part of the time. Z comes out again."));
	else
		doc_plain(d, TEXT("None of its events has a time."));
}

const struct view_kind view_timeline = {
	.name = "timeline",
	.unit = "event",
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
