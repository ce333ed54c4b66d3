/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Hosts by risk: the first screen. */
#include "config.h"

#include "tui/app.h"
#include "tui/empty.h"
#include "tui/rules_sum.h"

enum {
	HOST,
	RISK,
	FINDINGS,
	RULES,
	TECHNIQUES,
	TACTICS,
	EVENTS,
	FIRST,
	LAST,
	ALIASES,
	WORST,
	BAND,
	ACTIVITY,
	N_COLUMNS
};

static const struct table_column columns[N_COLUMNS] = {
	[HOST] = { "host", TABLE_TEXT },
	[RISK] = { "risk_score", TABLE_NUMBER },
	[FINDINGS] = { "findings", TABLE_NUMBER },
	[RULES] = { "rules", TABLE_NUMBER },
	[TECHNIQUES] = { "techniques", TABLE_TEXT },
	[TACTICS] = { "tactics", TABLE_TEXT },
	[EVENTS] = { "events", TABLE_NUMBER },
	[FIRST] = { "first_time", TABLE_TIME },
	[LAST] = { "last_time", TABLE_TIME },
	[ALIASES] = { "aliases", TABLE_TEXT },
	[WORST] = { NULL, TABLE_TEXT },
	[BAND] = { NULL, TABLE_TEXT },
	[ACTIVITY] = { NULL, TABLE_TEXT },
};

static const struct list_column shown[] = {
	{ RISK, "RISK", 6, .right = true, .look = LOOK_RISK },
	{ HOST, "COMPUTER", 13, .flexible = true, .look = LOOK_HOST },
	{ BAND, "BAND", 4, .from = 90 },
	{ FINDINGS, "FIND", 4, .right = true, .look = LOOK_AMOUNT },
	{ RULES, "RULES", 5, .right = true, .look = LOOK_AMOUNT, .from = 100 },
	{ TECHNIQUES, "TECHNIQUES", 20, .look = LOOK_PLAIN },
	{ ACTIVITY, "RISK 7d", 14, .from = 60 },
	{ WORST, "WORST FINDING", 30, .flexible = true, .look = LOOK_TAIL, .from = 150 },
	{ EVENTS, "EVENTS", 10, .right = true, .look = LOOK_AMOUNT, .from = 110 },
	{ FIRST, "FIRST SEEN", 11, .look = LOOK_MINUTE, .from = 130 },
	{ LAST, "LAST SEEN", 11, .look = LOOK_MINUTE, .from = 60 },
};

static const enum action hints[] = { ACTION_OPEN,    ACTION_PIN,    ACTION_NARROW,
				     ACTION_SEARCH,  ACTION_EXPORT, ACTION_SORT_RIGHT,
				     ACTION_PREVIEW, ACTION_NONE };

static bool
add_host(void *ctx, const struct host_row *h)
{
	struct table     *t = ctx;
	struct table_row *row = table_add(t, h->id);

	table_text(t, row, HOST, h->host);
	table_number(row, RISK, h->risk_score);
	table_number(row, FINDINGS, h->findings);
	table_number(row, RULES, h->rules);
	table_text(t, row, TECHNIQUES, h->techniques);
	table_text(t, row, TACTICS, h->tactics);
	table_number(row, EVENTS, (double)h->events);
	table_time(row, FIRST, h->first_ns);
	table_time(row, LAST, h->last_ns);
	table_text(t, row, ALIASES, h->aliases);
	row->values[BAND].text = text_of(risk_band(h->risk_score));
	row->dim = h->risk_score <= 0;
	return true;
}

enum { PREVIEW_FROM = 110 }; /* narrower screens have no room for it */

#define HALF_DAYS 14

struct fetching {
	struct app        *app;
	struct case_filter filter;
};

/* Risk per half day of the last seven days before the case clock. */
static void
fetch_activity(void *ctx, struct table *t, struct table_row *row)
{
	struct fetching   *fetching = ctx;
	struct app        *app = fetching->app;
	struct case_filter f = fetching->filter;
	struct hour_count *hours;
	struct arena       scratch = app->frame;
	double             bins[HALF_DAYS] = { 0 }, top = 0, score;
	char               bars[HALF_DAYS * 4];
	size_t             used = 0, n;
	int64_t            end = app->info.clock_ns;

	row->full = true;
	if (row->values[RISK].number > 0)
		table_text(t, row, WORST, query_worst_finding(app->cf, &f, row->id, &scratch,
							     &score));
	if (end == WHEN_NONE || end < INT64_MIN + 8 * WHEN_DAY)
		return;
	f.host = row->values[HOST].text;
	if (f.span.earliest_ns < end - 7 * WHEN_DAY)
		f.span.earliest_ns = end - 7 * WHEN_DAY;
	if (f.span.latest_ns > end)
		f.span.latest_ns = end + 1;
	n = query_activity(app->cf, &f, &scratch, &hours);
	for (size_t i = 0; i < n; i++) {
		int64_t bin = HALF_DAYS - 1 - (end - hours[i].hour_ns) / (12 * WHEN_HOUR);

		bin = bin < 0 ? 0 : bin >= HALF_DAYS ? HALF_DAYS - 1 : bin;
		bins[bin] += hours[i].risk;
		top = bins[bin] > top ? bins[bin] : top;
	}
	for (int i = 0; i < HALF_DAYS; i++) {
		int         eighths = bins[i] > 0 ? 1 + (int)(bins[i] * 7 / top) : 0;
		struct text bar = screen_bar(&app->screen, eighths);

		memcpy(bars + used, bar.p, bar.n);
		used += bar.n;
	}
	table_text(t, row, ACTIVITY, (struct text){ bars, used });
}

static bool
load(struct app *app, struct view *v, struct err *err)
{
	struct case_filter f = view_filter(app, v);
	struct fetching   *fetching = arena_new(&v->arena, struct fetching, 1);

	*fetching = (struct fetching){ app, f };
	table_reset(&v->list.table, &v->arena, columns, N_COLUMNS);
	v->list.columns = shown;
	v->list.n_columns = sizeof(shown) / sizeof(shown[0]);
	list_came_sorted(&v->list, RISK, true);
	v->list.fetch = fetch_activity;
	v->list.ctx = fetching;
	return query_hosts(app->cf, &f, add_host, &v->list.table, err);
}

struct ranking {
	const struct table *table;
	size_t              place, moved;
};

static bool
compare_rank(void *ctx, const struct host_row *h)
{
	struct ranking         *r = ctx;
	const struct table_row *row = table_shown(r->table, r->place++);

	r->moved += !row || !text_eq(row->values[HOST].text, h->host);
	return true;
}

static size_t
moved(struct app *app, struct view *v)
{
	struct ranking     r = { .table = &v->list.table };
	struct case_filter f = view_filter(app, v);
	struct err         err = { 0 };

	if (r.table->n_narrow || r.table->sort_column != RISK || !r.table->descending ||
	    !query_hosts(app->cf, &f, compare_rank, &r, &err))
		return 0;
	return r.moved;
}

static void
preview(struct app *app, struct view *v, struct doc *d)
{
	const struct table_row *row = list_row(&v->list);
	struct case_filter      f = view_filter(app, v);

	f.host = row->values[HOST].text;
	doc_rule(d, arena_printf(d->keep, TEXT_FMT " %s why it ranks here", TEXT_ARG(f.host),
				 app->screen.ascii ? "-" : "—"),
		 TEXT("p hides"));
	doc_fact(d, "Also called", row->values[ALIASES].text);
	rules_sum(app, &f, row->id, d);
}

static bool
act(struct app *app, struct view *v, enum action action)
{
	if (action != ACTION_OPEN)
		return false;
	open_host(app, list_host(&v->list));
	return true;
}

static bool
count(const struct app *app, const struct view *v, uint64_t *n)
{
	*n = v->loaded && v->list.n_columns ? v->list.table.n_rows : app->info.hosts;
	return v->loaded || !v->level->n_conditions;
}

static struct text
note(struct app *app, struct view *v, struct arena *keep)
{
	const struct table_row *row = list_row(&v->list);
	char                    human[WHEN_TEXT_MAX];

	if (row && row->values[ALIASES].text.n && app->screen.columns < PREVIEW_FROM)
		return arena_printf(keep, "also " TEXT_FMT, TEXT_ARG(row->values[ALIASES].text));
	if (app->info.clock_ns == WHEN_NONE)
		return TEXT_NONE;
	zone_human(&app->screen.zone, app->info.clock_ns, human);
	return arena_printf(keep, "7d end at %.16s " TEXT_FMT, human,
			    TEXT_ARG(zone_short(&app->screen.zone)));
}

const struct view_kind view_hosts = {
	.name = "hosts",
	.unit = "host",
	.title = "Hosts",
	.keys = KEYS_MOVES | KEYS_LIST | KEYS_ASIDE | KEYS_OPENS | KEYS_CELLS,
	.deaf = 1u << FILTER_FIELD | 1u << FILTER_RECORD_ID,
	.hints = hints,
	.load = load,
	.act = act,
	.preview = preview,
	.preview_rows = 12,
	.preview_columns = PREVIEW_FROM,
	.count = count,
	.note = note,
	.moved = moved,
};
