/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Timeline: events and risk as bars over time; a bar opens the events in it. */
#include "config.h"

#include "tui/app.h"
#include "tui/empty.h"
#include "tui/export.h"

static const enum action hints[] = { ACTION_LEFT, ACTION_RIGHT, ACTION_ZOOM_IN, ACTION_ZOOM_OUT,
				     ACTION_OPEN, ACTION_EXPORT, ACTION_NONE };

#define BARS_MAX 1000

struct timeline_state {
	struct hour_count *hours;
	size_t             n_hours;
	struct span        span;   /* first hour, end of the last */
	int64_t            bar_ns; /* as last drawn */
	int64_t            start_ns;
	int                n_bars;
	double             events[BARS_MAX], risk[BARS_MAX];
};

/* The zoomed part, within what the filter leaves. */
static struct span
span_here(struct app *app, const struct view *v)
{
	struct span span = view_filter(app, v).span;

	if (v->span.latest_ns > v->span.earliest_ns) {
		if (v->span.earliest_ns > span.earliest_ns)
			span.earliest_ns = v->span.earliest_ns;
		if (v->span.latest_ns < span.latest_ns)
			span.latest_ns = v->span.latest_ns;
	}
	return span;
}

static bool
load(struct app *app, struct view *v, struct err *err)
{
	struct timeline_state *s = arena_new(&v->arena, struct timeline_state, 1);

	(void)err;
	doc_reset(&v->doc, &v->arena);
	s->n_hours = query_activity(app->cf, view_filter(app, v).host, span_here(app, v), &v->arena,
				    &s->hours);
	if (s->n_hours) {
		s->span.earliest_ns = s->hours[0].hour_ns;
		s->span.latest_ns = s->hours[s->n_hours - 1].hour_ns + WHEN_HOUR;
	}
	v->data = s;
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
	memset(s->events, 0, sizeof(s->events));
	memset(s->risk, 0, sizeof(s->risk));
	for (size_t i = 0; i < s->n_hours; i++) {
		int bar = bar_of(s, s->hours[i].hour_ns);

		s->events[bar] += (double)s->hours[i].events;
		s->risk[bar] += s->hours[i].risk;
	}
}

static void
draw_bars(struct screen *s, struct area a, const double *values, int n, const char *title,
	  enum role role)
{
	double      top = 0;
	char        label[16];
	int         label_n, rows = a.rows - 1;

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
			screen_put(s, a.row + row, a.column + 10 + i, 1,
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

		if (i <= last_end)
			continue;
		text = (struct text){ human, zone_human(&s->zone, at, human) };
		text =
		    t->bar_ns < WHEN_DAY ? text_head(text_from(text, 5), 11) : text_head(text, 10);
		if (i + (int)text.n > columns)
			break;
		screen_put(s, row, column + i, (int)text.n, text, ROLE_DIM);
		last_end = i + (int)text.n + 3;
	}
}

static void
draw(struct app *app, struct view *v, struct area a)
{
	struct timeline_state *t = v->data;
	struct screen         *s = &app->screen;
	int                    columns = a.columns - 12, events_rows, risk_rows, cursor;

	if (!t || !t->n_hours) {
		empty_draw(app, v, a);
		return;
	}
	fill_bars(t, columns);
	if (!v->anchor_ns)
		v->anchor_ns = t->span.latest_ns - 1;
	risk_rows = a.rows >= 10 ? (a.rows - 3) / 3 : 0;
	events_rows = a.rows - 2 - risk_rows;
	cursor = bar_of(t, v->anchor_ns);
	draw_bars(s, (struct area){ a.row, a.column, events_rows, a.columns }, t->events, t->n_bars,
		  "events", ROLE_TEXT);
	if (risk_rows)
		draw_bars(s, (struct area){ a.row + events_rows, a.column, risk_rows, a.columns },
			  t->risk, t->n_bars, "risk", ROLE_HIGH);
	screen_put(s, a.row + a.rows - 2, a.column + 10 + cursor, 1, screen_sign(s, SIGN_UP),
		   ROLE_HEAD);
	draw_days(s, t, a.row + a.rows - 1, a.column + 10, columns);
	s->cursor_row = a.row + a.rows - 2;
	s->cursor_column = a.column + 10 + cursor;
}

static void
zoom(struct app *app, struct view *v, const struct timeline_state *t, bool in)
{
	int64_t middle = v->anchor_ns, half;

	(void)app;
	if (in) {
		half = (t->span.latest_ns / 8 - t->span.earliest_ns / 8);
		half = half < 6 * WHEN_HOUR ? 6 * WHEN_HOUR : half;
		v->span = (struct span){ middle - half, middle + half };
	} else {
		v->span = (struct span){ 0, 0 };
	}
	v->loaded = false;
}

static bool
act(struct app *app, struct view *v, enum action action)
{
	struct timeline_state *t = v->data;
	struct condition       c = { .part = FILTER_TIME };
	int64_t                at;

	if (!t || !t->n_hours || !t->bar_ns)
		return false;
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
	case ACTION_OPEN:
		c.span = (struct span){ at, at + t->bar_ns };
		open_with(app, TEXT("Bar"), &c, 1, "events");
		return true;
	}
	return false;
}

static struct text
note(struct app *app, struct view *v, struct arena *keep)
{
	const struct timeline_state *t = v->data;
	char                         human[WHEN_TEXT_MAX];
	int                          bar;

	if (!t || !t->n_hours || !t->bar_ns)
		return TEXT_NONE;
	bar = bar_of(t, v->anchor_ns);
	human[zone_human(&app->screen.zone, t->start_ns + bar * t->bar_ns, human)] = '\0';
	return arena_printf(keep, "%.16s " TEXT_FMT ", %lld h: " TEXT_FMT " events, risk " TEXT_FMT, human,
			    TEXT_ARG(zone_short(&app->screen.zone)),
			    (long long)(t->bar_ns / WHEN_HOUR),
			    TEXT_ARG(table_amount(t->events[bar], keep)),
			    TEXT_ARG(table_amount(t->risk[bar], keep)));
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

const struct view_kind view_timeline = {
	.name = "timeline",
	.title = "Time",
	.keys = KEYS_ASIDE | KEYS_OPENS | KEYS_TIMELINE,
	.hints = hints,
	.load = load,
	.draw = draw,
	.act = act,
	.note = note,
	.export = export,
};
