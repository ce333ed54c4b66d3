/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Hosts by risk: the first screen. */
#include "config.h"

#include "tui/app.h"
#include "tui/empty.h"
#include "tui/lookback.h"
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
	{ TECHNIQUES, "TECHNIQUES", 20, .look = LOOK_PLAIN, .least = 17 },
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

#define BARS 14 /* of half a day in the last seven days */

/* The bars of all rows are about one span: the last seven days before the case clock, or, when
 * nothing has risk in them, all of the hosts with risk. */
struct fetching {
	struct app        *app;
	struct case_filter filter;
	int64_t            start_ns, end_ns; /* WHEN_NONE: no bars */
	struct text        nothing; /* what there is to say of a case without findings */
	bool               all;
};

static void
fetch_activity(void *ctx, struct table *t, struct table_row *row)
{
	struct fetching   *fetching = ctx;
	struct app        *app = fetching->app;
	struct case_filter f = fetching->filter;
	struct hour_count *hours;
	struct arena       scratch = app->frame;
	double             bins[BARS] = { 0 }, top = 0, score;
	char               bars[BARS * 4];
	size_t             used = 0, n;
	int64_t            start = fetching->start_ns, end = fetching->end_ns;

	row->full = true;
	if (row->values[RISK].number > 0)
		table_text(t, row, WORST, query_worst_finding(app->cf, &f, row->id, &scratch,
							     &score));
	if (end == WHEN_NONE)
		return;
	f.host = row->values[HOST].text;
	if (f.span.earliest_ns < start)
		f.span.earliest_ns = start;
	if (f.span.latest_ns > end)
		f.span.latest_ns = end + 1;
	n = query_activity(app->cf, &f, &scratch, &hours);
	for (size_t i = 0; i < n; i++) {
		int64_t bin = BARS - 1 - (end - hours[i].hour_ns) / ((end - start) / BARS);

		bin = bin < 0 ? 0 : bin >= BARS ? BARS - 1 : bin;
		bins[bin] += hours[i].risk;
		top = bins[bin] > top ? bins[bin] : top;
	}
	for (int i = 0; i < BARS; i++) {
		int         eighths = bins[i] > 0 ? 1 + (int)(bins[i] * 7 / top) : 0;
		struct text bar = screen_bar(&app->screen, eighths);

		memcpy(bars + used, bar.p, bar.n);
		used += bar.n;
	}
	table_text(t, row, ACTIVITY, (struct text){ bars, used });
}

static bool
saw_risk(void *ctx, const struct risk_event *row)
{
	(void)row;
	*(bool *)ctx = true;
	return false;
}

/* To be called with the hosts read. */
static void
choose_span(struct fetching *fetching, const struct table *t)
{
	struct app        *app = fetching->app;
	struct case_filter last = CASE_FILTER_ALL;
	int64_t            first_ns = INT64_MAX, last_ns = WHEN_NONE;
	bool               risk = false;
	struct err         err = { 0 };

	fetching->end_ns = app->info.clock_ns;
	if (fetching->end_ns == WHEN_NONE || fetching->end_ns < INT64_MIN + 8 * WHEN_DAY) {
		fetching->end_ns = WHEN_NONE;
		return;
	}
	fetching->start_ns = fetching->end_ns - 7 * WHEN_DAY;
	last.span = lookback_span(fetching->end_ns, 7 * WHEN_DAY);
	if (!query_risk_events(app->cf, &last, saw_risk, &risk, &err) || risk)
		return;
	for (size_t i = 0; i < t->n_rows; i++) {
		const struct table_value *value = t->rows[i].values;

		if (!(value[RISK].number > 0) || value[FIRST].time_ns == WHEN_NONE)
			continue;
		first_ns = value[FIRST].time_ns < first_ns ? value[FIRST].time_ns : first_ns;
		last_ns = value[LAST].time_ns > last_ns ? value[LAST].time_ns : last_ns;
	}
	if (last_ns == WHEN_NONE || first_ns < INT64_MIN / 2 || last_ns / 2 - first_ns / 2 < BARS)
		return;
	fetching->all = true;
	fetching->start_ns = first_ns;
	fetching->end_ns = last_ns;
}

/* The head of the bars says what they are about. */
static const struct list_column *
columns_for(const struct fetching *fetching, struct arena *keep)
{
	struct list_column *own = arena_new(keep, struct list_column, sizeof(shown) / sizeof(shown[0]));

	memcpy(own, shown, sizeof(shown));
	for (size_t i = 0; i < sizeof(shown) / sizeof(shown[0]); i++)
		if (own[i].column == ACTIVITY && fetching->all)
			own[i].head = "RISK, ALL TIME";
	return own;
}

static bool
load(struct app *app, struct view *v, struct err *err)
{
	struct case_filter f = view_filter(app, v);
	struct fetching   *fetching = arena_new(&v->arena, struct fetching, 1);

	*fetching = (struct fetching){ .app = app,
				       .filter = f,
				       .end_ns = WHEN_NONE,
				       .nothing = empty_in_brief(app, &v->arena) };
	table_reset(&v->list.table, &v->arena, columns, N_COLUMNS);
	v->list.columns = shown;
	v->list.n_columns = sizeof(shown) / sizeof(shown[0]);
	list_came_sorted(&v->list, RISK, true);
	v->list.fetch = fetch_activity;
	v->list.ctx = fetching;
	if (!query_hosts(app->cf, &f, add_host, &v->list.table, err))
		return false;
	choose_span(fetching, &v->list.table);
	v->list.columns = columns_for(fetching, &v->arena);
	return true;
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

/* Is it about a user, whose findings name these hosts? */
static bool
is_of_user(const struct level *level)
{
	for (uint32_t i = 0; i < level->n_conditions; i++)
		if (level->conditions[i].part == FILTER_USER)
			return true;
	return false;
}

static struct text
note(struct app *app, struct view *v, struct arena *keep)
{
	const struct table_row *row = list_row(&v->list);
	const struct fetching  *fetching = v->list.ctx;
	char                    human[WHEN_TEXT_MAX], last[WHEN_TEXT_MAX];

	struct text             window = lookback_note(app, keep);

	if (fetching && fetching->nothing.n)
		return fetching->nothing;
	if (is_of_user(v->level))
		return TEXT("of the user's findings; logons: d in Users");
	if (!text_absent(window))
		return window;
	if (row && row->values[ALIASES].text.n && app->screen.columns < PREVIEW_FROM)
		return arena_printf(keep, "also " TEXT_FMT, TEXT_ARG(row->values[ALIASES].text));
	if (app->info.clock_ns == WHEN_NONE)
		return TEXT_NONE;
	if (fetching && fetching->all) {
		zone_human(&app->screen.zone, fetching->start_ns, human);
		zone_human(&app->screen.zone, fetching->end_ns, last);
		return arena_printf(keep, "bars: %.10s to %.10s", human,
				    last);
	}
	zone_human(&app->screen.zone, app->info.clock_ns, human);
	return arena_printf(keep, "7d end at %.16s " TEXT_FMT, human,
			    TEXT_ARG(zone_short(&app->screen.zone)));
}

const struct view_kind view_hosts = {
	.name = "hosts",
	.unit = "host",
	.title = "Hosts",
	.keys = KEYS_MOVES | KEYS_LIST | KEYS_ASIDE | KEYS_OPENS | KEYS_RISK | KEYS_WEIGHS | KEYS_CELLS,
	.deaf = 1u << FILTER_FIELD,
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
