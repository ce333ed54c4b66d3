/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Incidents: who crossed which threshold of Enterprise Security, and when. */
#include "config.h"

#include "base/counted.h"
#include "base/when.h"
#include "rules/incidents.h"
#include "tui/app.h"
#include "tui/empty.h"
#include "tui/lookback.h"

enum {
	RULE, OBJECT, OBJECT_TYPE, SEVERITY, SCORE, SOURCES, TACTICS, EVENTS, FIRST, LAST, NOW,
	WINDOW_START, WINDOW_END, SOURCE_NAMES, THRESHOLD, CAPPED, N_COLUMNS
};

static const struct table_column columns[N_COLUMNS] = {
	[RULE] = { "rule", TABLE_TEXT },
	[OBJECT] = { "risk_object", TABLE_TEXT },
	[OBJECT_TYPE] = { "risk_object_type", TABLE_TEXT },
	[SEVERITY] = { "severity", TABLE_TEXT },
	[SCORE] = { "risk_score", TABLE_NUMBER },
	[SOURCES] = { "sources", TABLE_NUMBER },
	[TACTICS] = { "tactics", TABLE_TEXT },
	[EVENTS] = { "risk_events", TABLE_NUMBER },
	[FIRST] = { "first_time", TABLE_TIME },
	[LAST] = { "last_time", TABLE_TIME },
	[NOW] = { "now", TABLE_TEXT },
	[WINDOW_START] = { "window_start", TABLE_TIME },
	[WINDOW_END] = { "window_end", TABLE_TIME },
	[SOURCE_NAMES] = { "source_names", TABLE_TEXT },
	[THRESHOLD] = { NULL, TABLE_TEXT },
	[CAPPED] = { "capped_score", TABLE_NUMBER },
};

static const struct list_column shown[] = {
	{ SEVERITY, "SEVERITY", 8, .look = LOOK_PLAIN },
	{ SCORE, "RISK", 6, .right = true, .look = LOOK_RISK },
	{ OBJECT, "WHO", 18, .flexible = true },
	{ OBJECT_TYPE, "KIND", 6, .from = 90 },
	{ THRESHOLD, "CROSSED", 14, .look = LOOK_PLAIN },
	{ SOURCES, "RULES", 5, .right = true, .look = LOOK_AMOUNT },
	{ EVENTS, "EVENTS", 6, .right = true, .look = LOOK_AMOUNT, .from = 100 },
	{ FIRST, "FIRST", 11, .look = LOOK_WHEN },
	{ LAST, "LAST", 11, .look = LOOK_MINUTE, .from = 100 },
};

/* The score that counts against one noisy rule, beside the plain one. */
static const struct list_column capped_shown[] = {
	{ SEVERITY, "SEVERITY", 8, .look = LOOK_PLAIN },
	{ CAPPED, "CAPPED", 6, .right = true, .look = LOOK_RISK },
	{ SCORE, "RISK", 6, .right = true, .look = LOOK_RISK, .from = 50 },
	{ OBJECT, "WHO", 18, .flexible = true },
	{ OBJECT_TYPE, "KIND", 6, .from = 90 },
	{ THRESHOLD, "CROSSED", 14, .look = LOOK_PLAIN },
	{ SOURCES, "RULES", 5, .right = true, .look = LOOK_AMOUNT },
	{ EVENTS, "EVENTS", 6, .right = true, .look = LOOK_AMOUNT, .from = 100 },
	{ FIRST, "FIRST", 11, .look = LOOK_WHEN },
	{ LAST, "LAST", 11, .look = LOOK_MINUTE, .from = 110 },
};

static const enum action hints[] = { ACTION_OPEN,   ACTION_PIN,    ACTION_INCLUDE,
				     ACTION_NARROW, ACTION_EXPORT, ACTION_NONE };

struct incidents_state {
	struct incident      *found;
	struct incident_book *book;
	struct arena          scratch;
};

static bool
read_risk(void *ctx, const struct risk_event *re)
{
	struct incidents_state *s = ctx;

	incident_book_add(s->book, re, s->scratch);
	return true;
}

static void
add_incident(struct table *t, const struct incident *in, bool capped, int64_t id)
{
	struct table_row *row = table_add(t, id);

	row->values[RULE].text = text_of(incident_rule_name(in->rule));
	row->values[THRESHOLD].text = text_of(incident_threshold(in->rule));
	row->values[OBJECT].text = in->object;
	row->values[OBJECT_TYPE].text = text_of(risk_object_type_name(in->type));
	row->values[SEVERITY].text = text_of(incident_severity_name(in->severity));
	table_number(row, SCORE, in->score);
	if (capped)
		table_number(row, CAPPED, in->capped_score);
	table_number(row, SOURCES, in->n_sources);
	row->values[TACTICS].text = in->tactics;
	table_number(row, EVENTS, in->risk_events);
	table_time(row, FIRST, in->first_ns);
	table_time(row, LAST, in->last_ns);
	row->values[NOW].text = in->now ? TEXT("yes") : TEXT("no");
	table_time(row, WINDOW_START, in->window_start_ns);
	table_time(row, WINDOW_END, in->window_end_ns);
	row->values[SOURCE_NAMES].text = in->sources;
}

static bool
load(struct app *app, struct view *v, struct err *err)
{
	struct case_filter      f = view_filter(app, v);
	struct incidents_state *s = arena_new(&v->arena, struct incidents_state, 1);
	struct incident_options options = { .clock_ns = app->info.clock_ns, .cap = app->cap };
	size_t                  n;

	table_reset(&v->list.table, &v->arena, columns, N_COLUMNS);
	v->list.columns = app->cap ? capped_shown : shown;
	v->list.n_columns = app->cap ? sizeof(capped_shown) / sizeof(capped_shown[0])
				     : sizeof(shown) / sizeof(shown[0]);
	s->book = incident_book_new(&v->arena);
	s->scratch = app->frame;
	if (!query_risk_events(app->cf, &f, read_risk, s, err))
		return false;
	n = incidents_find(s->book, &options, &s->found);
	for (size_t i = 0; i < n; i++)
		add_incident(&v->list.table, &s->found[i], app->cap > 0, (int64_t)i + 1);
	v->data = s;
	return true;
}

static void
preview(struct app *app, struct view *v, struct doc *d)
{
	const struct table_row *row = list_row(&v->list);
	char                    from[WHEN_TEXT_MAX] = "", to[WHEN_TEXT_MAX] = "";
	struct text             sources = row->values[SOURCE_NAMES].text;

	zone_human(&app->screen.zone, row->values[WINDOW_START].time_ns, from);
	zone_human(&app->screen.zone, row->values[WINDOW_END].time_ns, to);
	doc_rule(d, TEXT("selected"), TEXT_NONE);
	doc_field(d, "Threshold", row->values[RULE].text);
	doc_field(d, "Highest",
		  arena_printf(d->keep, TEXT_FMT " from %.0f risk events, behind %s to %s " TEXT_FMT,
			       TEXT_ARG(table_amount(row->values[SCORE].number, d->keep)),
			       row->values[EVENTS].number, from, to,
			       TEXT_ARG(zone_short(&app->screen.zone))));
	doc_fact(d, "Tactics", row->values[TACTICS].text);
	for (bool first = true; !text_absent(sources); first = false)
		doc_field(d, first ? "Rules" : "", text_cut(&sources, '\n'));
}

/* Its risk events and findings: of whom, and of the highest window. */
static bool
act(struct app *app, struct view *v, enum action action)
{
	const struct incidents_state *s = v->data;
	const struct table_row       *row = list_row(&v->list);
	const struct incident        *in;
	struct condition              c[2] = { { .part = FILTER_TIME }, { .part = FILTER_TIME } };

	uint32_t                      n = 0;

	if (action != ACTION_OPEN || !row || !s)
		return false;
	in = &s->found[row->id - 1];
	if (in->type != RISK_OTHER) { /* of others only the time can be asked for */
		c[0].part = in->type == RISK_USER ? FILTER_USER : FILTER_HOST;
		c[0].values = &in->object;
		c[0].n_values = 1;
		n++;
	}
	c[n++].span = (struct span){ in->window_start_ns + 1, in->window_end_ns + 1 };
	open_with(app, in->object, c, n, "risk");
	return true;
}

static struct text
host(struct app *app, struct view *v)
{
	const struct incidents_state *s = v->data;
	const struct table_row       *row = list_row(&v->list);

	(void)app;
	return s && row && s->found[row->id - 1].type == RISK_SYSTEM ? row->values[OBJECT].text
								     : TEXT_NONE;
}

static bool
cell(struct app *app, struct view *v, struct condition *out)
{
	const struct incidents_state *s = v->data;
	const struct table_row       *row = list_row(&v->list);
	struct text                  *value = arena_new(&app->frame, struct text, 1);

	if (!s || !row || s->found[row->id - 1].type == RISK_OTHER)
		return false;
	*value = row->values[OBJECT].text;
	*out = (struct condition){ .part = s->found[row->id - 1].type == RISK_USER ? FILTER_USER
										   : FILTER_HOST,
				   .values = value,
				   .n_values = 1 };
	return true;
}

static struct text
note(struct app *app, struct view *v, struct arena *keep)
{
	struct text window = lookback_note(app, keep);

	(void)v;
	if (!app->cap)
		return window;
	return arena_printf(keep, "a rule counts at most %s%s" TEXT_FMT, counted(app->cap, "time").words,
			    text_absent(window) ? "" : "; ", TEXT_ARG(text_or_empty(window)));
}

static void
why_empty(struct app *app, struct view *v, struct doc *d)
{
	doc_plain(d, TEXT("Nobody crossed a threshold: none has a risk above 100 within 24 hours, or 3 "
			  "tactics from 4 detections within 7 days."));
	if (app->cap)
		doc_plain(d, arena_printf(d->keep, "A rule counts at most %s with its highest score; :cap off "
						   "counts all of it.",
					  counted(app->cap, "time").words));
	if (app->info.findings)
		doc_plain(d, TEXT("1 lists the computers by the risk that there is, 7 the users."));
	else
		empty_from_ledger(app, v, d);
}

const struct view_kind view_incidents = {
	.name = "incidents",
	.unit = "incident",
	.title = "Incidents",
	.keys = KEYS_MOVES | KEYS_LIST | KEYS_ASIDE | KEYS_OPENS | KEYS_RISK | KEYS_WEIGHS | KEYS_CELLS,
	.deaf = 1u << FILTER_FIELD | 1u << FILTER_RECORD_ID | 1u << FILTER_EVIDENCE,
	.hints = hints,
	.load = load,
	.act = act,
	.preview = preview,
	.preview_rows = 9,
	.host = host,
	.cell = cell,
	.why_empty = why_empty,
	.note = note,
};
