/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Risk events of a host: "View risk events for the last 7 days for ...". */
#include "config.h"

#include <stdlib.h>

#include "base/counted.h"
#include "base/numbers.h"
#include "store/given.h"
#include "tui/app.h"
#include "tui/empty.h"
#include "tui/filter_pred.h"
#include "tui/long_list.h"
#include "tui/lookback.h"
#include "tui/weighing.h"

enum {
	TIME,
	OBJECT,
	OBJECT_TYPE,
	SCORE,
	RULE,
	RULE_ID,
	MESSAGE,
	TECHNIQUE,
	TACTIC,
	STORIES,
	FINDING,
	CALCULATED,
	FACTORS,
	SUM,
	N_COLUMNS
};

static const struct table_column columns[N_COLUMNS] = {
	[TIME] = { "time", TABLE_TIME },
	[OBJECT] = { "risk_object", TABLE_TEXT },
	[OBJECT_TYPE] = { "risk_object_type", TABLE_TEXT },
	[SCORE] = { "risk_score", TABLE_NUMBER },
	[RULE] = { "rule", TABLE_TEXT },
	[RULE_ID] = { "rule_id", TABLE_TEXT },
	[MESSAGE] = { "message", TABLE_TEXT },
	[TECHNIQUE] = { "technique", TABLE_TEXT },
	[TACTIC] = { "tactic", TABLE_TEXT },
	[STORIES] = { "stories", TABLE_TEXT },
	[FINDING] = { "finding_id", TABLE_NUMBER },
	[CALCULATED] = { "calculated_risk_score", TABLE_NUMBER },
	[FACTORS] = { "factors", TABLE_TEXT },
	[SUM] = { NULL, TABLE_NUMBER },
};

static const enum risk_order orders[N_COLUMNS] = {
	[TIME] = RISK_BY_TIME,
	[OBJECT] = RISK_BY_OBJECT,
	[OBJECT_TYPE] = RISK_BY_OBJECT_TYPE,
	[SCORE] = RISK_BY_SCORE,
	[CALCULATED] = RISK_BY_SCORE,
	[FACTORS] = RISK_BY_SCORE,
	[RULE] = RISK_BY_RULE,
	[RULE_ID] = RISK_BY_RULE_ID,
	[MESSAGE] = RISK_BY_MESSAGE,
	[TECHNIQUE] = RISK_BY_TECHNIQUES,
	[TACTIC] = RISK_BY_TACTICS,
	[STORIES] = RISK_BY_STORIES,
	[FINDING] = RISK_BY_FINDING,
	[SUM] = RISK_BY_TIME, /* it grows with time */
};

static const struct list_column shown[] = {
	{ TIME, "TIME", 19, .look = LOOK_SECOND },
	{ CALCULATED, "SCORE", 5, .right = true, .look = LOOK_AMOUNT },
	{ SUM, "SUM", 6, .right = true, .look = LOOK_AMOUNT, .from = 50 },
	{ RULE, "SEARCH NAME", 30, .flexible = true, .narrow = 11, .look = LOOK_TAIL },
	{ OBJECT, "RISK OBJECT", 16, .from = 130 },
	{ FACTORS, "FACTORS", 24, .from = 160 },
	{ TECHNIQUE, "ATT&CK", 10, .from = 100 },
	{ MESSAGE, "RISK MESSAGE", 30, .from = 120 },
};

static const enum action hints[] = { ACTION_OPEN, ACTION_ITEM_NEXT, ACTION_WINDOW, ACTION_NARROW,
				     ACTION_EXPORT, ACTION_RULE, ACTION_WEIGH, ACTION_DROP, ACTION_NONE };

/* What was not chosen yet is the week, or the case where the week has none. */
enum { MODE_FIT, MODE_WEEK, MODE_CASE };

enum {
	CHART_ROWS = 8,
	CHART_FROM = 28, /* rows that the view must have for it */
	CHART_COLUMNS_MIN = 20, /* and columns beside its edges */
	CHART_COLUMNS_MAX = 200,
	CHART_EDGES = 13,
};

#define NAMES_MOST 32 /* in a line above the list, which has room for fewer */

/* What is kept of a risk event, for the chart and the sums: newest first. */
struct risk_point {
	int64_t time_ns, id;
	double  score, sum; /* SUM runs up from the oldest */
};

struct risk_state {
	double         total;
	int64_t        first_ns, last_ns;
	struct numbers rules, stories, annotations, tactics; /* distinct, as they came */
	struct arena  *keep;
	struct risk_point *points;
	size_t         n_points, cap_points;
	/* In a place about one host or user: findings of theirs give risk to others, too. */
	struct risk_whose  whose;
	struct case_filter filter;
	uint64_t       of_others;    /* risk events, left out */
	bool           none_in_week; /* so it is the whole case */
};

static void
add_each(struct numbers *distinct, struct text list, char sep)
{
	while (!text_absent(list)) {
		struct text one = text_trim(text_cut(&list, sep));

		if (one.n)
			numbers_of(distinct, one);
	}
}

static bool
is_of(const struct risk_whose *w, const struct risk_event *re)
{
	if (w->host)
		return re->host_id == w->host;
	return text_absent(w->user) ||
	       (re->object.type == RISK_USER && text_ieq(re->normalized, w->user));
}

static bool
add_risk(void *ctx, const struct risk_event *re)
{
	struct risk_state *s = ctx;

	if (!is_of(&s->whose, re)) {
		s->of_others++;
		return true;
	}
	arena_grow(s->keep, s->points, s->n_points, &s->cap_points);
	s->points[s->n_points++] =
	    (struct risk_point){ .time_ns = re->time_ns, .id = re->id, .score = re->object.score };
	s->total += re->object.score;
	if (re->time_ns != WHEN_NONE) {
		if (s->first_ns == WHEN_NONE || re->time_ns < s->first_ns)
			s->first_ns = re->time_ns;
		s->last_ns = re->time_ns > s->last_ns ? re->time_ns : s->last_ns;
	}
	add_each(&s->rules, re->rule, '\n');
	add_each(&s->stories, re->stories, '\n');
	add_each(&s->annotations, re->annotations_all, '\n');
	add_each(&s->tactics, re->tactic, ',');
	return true;
}

static void
run_up(struct risk_state *s)
{
	double sum = 0;

	for (size_t i = s->n_points; i > 0; i--)
		s->points[i - 1].sum = sum += s->points[i - 1].score;
}

static int
newest_first(const void *a, const void *b)
{
	const struct risk_point *x = a, *y = b;

	if (x->time_ns != y->time_ns)
		return x->time_ns < y->time_ns ? 1 : -1;
	return (x->id < y->id) - (x->id > y->id);
}

struct risk_filling {
	struct table            *page;
	const struct risk_state *state;
};

static bool
fill_row(void *ctx, const struct risk_event *re)
{
	const struct risk_filling *filling = ctx;
	const struct risk_state   *s = filling->state;
	const struct risk_point    key = { .time_ns = re->time_ns, .id = re->id };
	const struct risk_point   *point = NULL;
	struct table              *t = filling->page;
	struct table_row          *row;

	row = table_add(t, re->id);
	table_time(row, TIME, re->time_ns);
	table_text(t, row, OBJECT, re->object.value);
	row->values[OBJECT_TYPE].text = text_of(risk_object_type_name(re->object.type));
	table_number(row, SCORE, risk_object_base(&re->object));
	table_number(row, CALCULATED, re->object.score);
	table_text(t, row, FACTORS, re->object.factors);
	table_text(t, row, RULE, re->rule);
	table_text(t, row, RULE_ID, re->rule_id);
	table_text(t, row, MESSAGE, re->object.message);
	table_text(t, row, TECHNIQUE, re->technique);
	table_text(t, row, TACTIC, re->tactic);
	table_text(t, row, STORIES, re->stories);
	table_number(row, FINDING, (double)re->finding_id);
	if (s->n_points)
		point = bsearch(&key, s->points, s->n_points, sizeof(key), newest_first);
	if (point)
		table_number(row, SUM, point->sum);
	return false;
}

static void
read_risk(const struct table_reader *r, struct table *page, int64_t id)
{
	query_risk_event(r->cf, id, page->keep, fill_row, &(struct risk_filling){ page, r->ctx },
			 NULL);
}

/* In the order that they were counted in they are known already. */
static bool
order_risk(const struct table_reader *r, const struct table *t, table_id_fn *fn, void *fn_ctx,
	   struct err *err)
{
	const struct risk_state *s = r->ctx;

	if (orders[t->sort_column] != RISK_BY_TIME || !t->descending)
		return query_risk_ids(r->cf, &s->filter, &s->whose, orders[t->sort_column],
				      t->descending, fn, fn_ctx, err);
	for (size_t i = 0; i < s->n_points && fn(fn_ctx, s->points[i].id); i++)
		;
	return true;
}

static bool
is_about_week(const struct view *v)
{
	const struct risk_state *s = v->data;

	return v->mode == MODE_WEEK || (v->mode == MODE_FIT && !(s && s->none_in_week));
}

/* Where the filter names a time, that is what is looked at. */
static bool
is_unbounded(const struct view *v)
{
	struct span span = filter_span(&v->filter);

	return span.earliest_ns == WHEN_NONE && span.latest_ns == WHEN_MAX;
}

static bool
shows_week(const struct view *v)
{
	return is_about_week(v) && is_unbounded(v);
}

static bool
take_host(void *ctx, const struct host_row *row)
{
	((struct risk_whose *)ctx)->host = row->id;
	return false;
}

struct user_taking {
	struct risk_whose *whose;
	struct arena      *keep;
};

static bool
take_user(void *ctx, const struct user_row *row)
{
	struct user_taking *taking = ctx;

	taking->whose->user = arena_copy(taking->keep, row->user);
	return false;
}

/* The one host or user that the place is about. */
static bool
find_whose(struct app *app, struct view *v, struct risk_whose *out, struct err *err)
{
	struct user_taking taking = { out, &v->arena };
	struct case_filter one = CASE_FILTER_ALL;

	one.host = v->level->host;
	for (uint32_t i = 0; i < v->level->n_conditions; i++) {
		const struct condition *c = &v->level->conditions[i];

		if (c->excludes || c->n_values != 1)
			continue;
		if (c->part == FILTER_HOST)
			one.host = c->values[0];
		else if (c->part == FILTER_USER)
			one.user = c->values[0];
	}
	if (!text_absent(one.host)) {
		one.user = TEXT_NONE;
		return query_hosts(app->cf, &one, take_host, out, err);
	}
	return text_absent(one.user) || query_users(app->cf, &one, take_user, &taking, err);
}

static bool
read_events(struct app *app, struct view *v, bool none_in_week, struct err *err)
{
	struct case_filter f = view_filter(app, v);
	struct risk_state *s = arena_new(&v->arena, struct risk_state, 1);

	table_reset(&v->list.table, &v->arena, columns, N_COLUMNS);
	v->list.columns = shown;
	v->list.n_columns = sizeof(shown) / sizeof(shown[0]);
	list_came_sorted(&v->list, TIME, true);
	*s = (struct risk_state){ .first_ns = WHEN_NONE,
				  .last_ns = WHEN_NONE,
				  .none_in_week = none_in_week };
	s->rules.keep = s->stories.keep = s->annotations.keep = s->tactics.keep = &v->arena;
	s->keep = &v->arena;
	v->data = s;
	if (!find_whose(app, v, &s->whose, err))
		return false;
	if (shows_week(v) && app->info.clock_ns != WHEN_NONE)
		f.span = lookback_span(app->info.clock_ns, 7 * WHEN_DAY);
	s->filter = f;
	return query_risk_events(app->cf, &f, add_risk, s, err);
}

static bool
load(struct app *app, struct view *v, struct err *err)
{
	struct table_reader *r = arena_new(&v->arena, struct table_reader, 1);
	struct risk_state   *s;

	if (!read_events(app, v, false, err))
		return false;
	s = v->data;
	if (v->mode == MODE_FIT && shows_week(v) && !s->n_points && !read_events(app, v, true, err))
		return false;
	s = v->data;
	run_up(s);
	*r = (struct table_reader){ order_risk, read_risk, app->cf, s };
	return table_read(&v->list.table, r, err);
}

/* "Analytic Stories  2  Lateral Movement · Suspicious WMI Use" */
static struct text
head_line(const struct screen *screen, const char *label, const struct numbers *distinct,
	  struct arena *keep)
{
	size_t      all = distinct->n ? distinct->n - 1 : 0; /* number 0 is for no text */
	size_t      n = all < NAMES_MOST ? all : NAMES_MOST;
	struct text names = screen_names(screen, distinct->texts + 1, n, keep);

	return arena_printf(keep, "%-18s%-2zu " TEXT_FMT, label, all, TEXT_ARG(names));
}

static struct text
window_name(const struct view *v)
{
	if (shows_week(v))
		return TEXT("the last 7 days of the case");
	return is_about_week(v) ? TEXT("the time of the filter") : TEXT("the whole case");
}

/* The columns of Splunk's drilldown, summed up above the list. */
static int
draw_head(struct app *app, const struct risk_state *s, struct view *v, struct area a)
{
	struct screen *screen = &app->screen;
	struct arena  *keep = &app->frame;
	char           first[WHEN_TEXT_MAX], last[WHEN_TEXT_MAX];
	struct text    lines[5], others = TEXT_NONE;
	int            digits = a.columns >= 90 ? 19 : 16; /* seconds, where there is room */

	first[zone_human(&screen->zone, s->first_ns, first)] = '\0';
	last[zone_human(&screen->zone, s->last_ns, last)] = '\0';
	lines[0] = arena_printf(keep, "risk " TEXT_FMT "   count %s   firstTime %.*s   lastTime %.*s",
				TEXT_ARG(table_amount(s->total, keep)), counted_number(v->list.table.n_rows).words, digits,
				first, digits, last);
	lines[1] = head_line(screen, "Search Name", &s->rules, keep);
	lines[2] = head_line(screen, "Analytic Stories", &s->stories, keep);
	lines[3] = head_line(screen, "Annotations", &s->annotations, keep);
	lines[4] = head_line(screen, "ATT&CK Tactics", &s->tactics, keep);
	for (int i = 0; i < 5; i++)
		screen_put(screen, a.row + i, a.column + 2, a.columns - 3, lines[i], ROLE_TEXT);
	if (s->of_others)
		others = arena_printf(keep, "%s of others left out",
				      counted(s->of_others, "risk event").words);
	screen_rule(screen, a.row + 5, a.column, a.columns, window_name(v), others);
	return 6;
}

/* Time on the left edge of the first column, and of each. */
struct chart {
	int64_t  from_ns;
	uint64_t column_ns;
	int      columns;
};

/* The sum that was reached by the end of each column. */
static void
reach(const struct risk_state *s, const struct chart *c, double *sums)
{
	for (size_t i = 0; i < s->n_points; i++) {
		int64_t  time_ns = s->points[i].time_ns;
		uint64_t behind = (uint64_t)time_ns - (uint64_t)c->from_ns;

		sums[time_ns == WHEN_NONE ? 0 : behind / c->column_ns] += s->points[i].score;
	}
	for (int i = 1; i < c->columns; i++)
		sums[i] += sums[i - 1];
}

static void
draw_days(struct screen *s, const struct chart *c, int row, int left)
{
	char last[6] = "";
	int  next = 0;

	for (int i = 0; i < c->columns; i++) {
		char        human[WHEN_TEXT_MAX];
		int64_t     at = (int64_t)((uint64_t)c->from_ns + (uint64_t)i * c->column_ns);
		struct text day = { human, zone_human(&s->zone, at, human) };

		if (i < next || day.n < 10 || i + 5 > c->columns)
			continue;
		day = text_head(text_from(day, 5), 5);
		if (text_eq(day, text_of(last)))
			continue;
		memcpy(last, day.p, 5);
		screen_put(s, row, left + i, 5, day, ROLE_DIM);
		next = i + 8;
	}
}

/* How the sum grew, from the first event to the last. */
static void
draw_chart(struct screen *s, const struct risk_state *state, struct area a, struct arena *keep)
{
	double        sums[CHART_COLUMNS_MAX] = { 0 };
	struct chart  c = { .from_ns = state->first_ns };
	uint64_t      length = (uint64_t)state->last_ns - (uint64_t)state->first_ns;
	int           rows = a.rows - 2, left = a.column + 10;

	c.columns = a.columns - CHART_EDGES;
	if (c.columns > CHART_COLUMNS_MAX)
		c.columns = CHART_COLUMNS_MAX;
	c.column_ns = length / (uint64_t)c.columns + 1;
	reach(state, &c, sums);
	screen_rule(s, a.row, a.column, a.columns, TEXT("cumulative risk"), TEXT("p hides"));
	screen_put_right(s, a.row + 1, a.column + 1, 8, table_amount(state->total, keep), ROLE_DIM);
	screen_put_right(s, a.row + rows, a.column + 1, 8, TEXT("0"), ROLE_DIM);
	for (int i = 0; i < c.columns; i++) {
		int eighths = (int)(sums[i] / state->total * rows * 8);

		for (int row = rows; row >= 1 && eighths > 0; row--, eighths -= 8)
			screen_put(s, a.row + row, left + i, 1,
				   screen_bar(s, eighths > 8 ? 8 : eighths), ROLE_HIGH);
	}
	draw_days(s, &c, a.row + a.rows - 1, left);
}

static void
draw(struct app *app, struct view *v, struct area a)
{
	const struct risk_state *s = v->data;
	int                      head = 0, chart = 0;

	if (!v->list.table.shown) {
		empty_draw(app, v, a);
		return;
	}
	if (a.rows >= 14 && v->data)
		head = draw_head(app, v->data, v, a);
	if (a.rows >= CHART_FROM && a.columns >= CHART_EDGES + CHART_COLUMNS_MIN &&
	    !app->preview_off && s && s->last_ns > s->first_ns && s->total > 0) {
		chart = CHART_ROWS;
		draw_chart(&app->screen, s,
			   (struct area){ a.row + a.rows - chart, a.column, chart, a.columns },
			   &app->frame);
	}
	list_draw(&v->list, &app->screen,
		  (struct area){ a.row + head, a.column, a.rows - head - chart, a.columns },
		  app->frame);
}

/* What detections gave is there as long as what they found. */
static bool
take_back(struct app *app, const struct table_row *row)
{
	struct risk_wish   wish = { .kind = RISK_TAKE_BACK };
	struct given_risk *all;
	size_t             n = given_risks(app->cf, &app->frame, &all);

	for (size_t i = 0; i < n; i++)
		if (all[i].finding && all[i].finding == (int64_t)row->values[FINDING].number)
			wish.words = arena_printf(&app->frame, "%lld", (long long)all[i].id);
	if (wish.words.n)
		weighing_try(app, &wish);
	else
		app_say(app, "a rule gave this risk, nobody by hand; F on its finding filters such out");
	return true;
}

static bool
act(struct app *app, struct view *v, enum action action)
{
	const struct table_row *row = list_row(&v->list);

	if (action == ACTION_WINDOW && is_unbounded(v)) {
		v->mode = is_about_week(v) ? MODE_CASE : MODE_WEEK;
		v->loaded = false;
		return true;
	}
	if (action == ACTION_ADD)
		return weighing_act(app, v, ACTION_WEIGH);
	if (action == ACTION_DROP && row)
		return take_back(app, row);
	if (action == ACTION_OPEN && row) {
		open_finding(app, (int64_t)row->values[FINDING].number);
		return true;
	}
	if (action == ACTION_DRILLDOWN && row) {
		open_drilldowns(app, (int64_t)row->values[FINDING].number);
		return true;
	}
	if (action == ACTION_RULE && row) {
		open_rule(app, row->values[RULE_ID].text);
		return true;
	}
	return false;
}

static struct text
note(struct app *app, struct view *v, struct arena *keep)
{
	const struct risk_state *s = v->data;
	char                     human[WHEN_TEXT_MAX] = "";

	if (v->mode == MODE_FIT && s && s->none_in_week)
		return TEXT("the whole case: none in the last 7 days");
	if (!is_unbounded(v)) {
		struct text window = lookback_note(app, keep);

		return text_absent(window) ? TEXT("the time of the filter") : window;
	}
	if (!shows_week(v))
		return TEXT("the whole case; T: the last 7 days");
	if (app->info.clock_ns != WHEN_NONE)
		zone_human(&app->screen.zone, app->info.clock_ns, human);
	return arena_printf(keep, "7d to %.16s " TEXT_FMT "; T: all", human,
			    TEXT_ARG(zone_short(&app->screen.zone)));
}

static void
why_empty(struct app *app, struct view *v, struct doc *d)
{
	if (shows_week(v))
		doc_plain(d,
			  TEXT("No risk in the last 7 days of the case. T shows the whole case."));
	else
		empty_from_ledger(app, v, d);
}

const struct view_kind view_risk = {
	.name = "risk",
	.title = "Risk",
	.unit = "risk event",
	.keys = KEYS_MOVES | KEYS_LIST | KEYS_ASIDE | KEYS_OPENS | KEYS_RULED | KEYS_DRILLS | KEYS_INSIDE |
		KEYS_RISK | KEYS_WEIGHS | KEYS_SIDE | KEYS_CELLS,
	.deaf = 1u << FILTER_FIELD,
	.hints = hints,
	.load = load,
	.draw = draw,
	.act = act,
	.narrow = long_list_narrow,
	.found = long_list_found,
	.job_done = long_list_done,
	.why_empty = why_empty,
	.note = note,
};
