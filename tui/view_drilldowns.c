/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where a finding, an event or a user leads, by name: the rule's own drilldowns, and those of leads.h. */
#include "config.h"

#include "tui/app.h"
#include "tui/leads.h"

enum { NAME, SEARCH, REMARK, N_COLUMNS };

static const struct table_column columns[N_COLUMNS] = {
	[NAME] = { "name", TABLE_TEXT },
	[SEARCH] = { "search", TABLE_TEXT },
	[REMARK] = { "remark", TABLE_TEXT },
};

static const struct list_column shown[] = {
	{ NAME, "DRILLDOWN", 40, .flexible = true },
	{ SEARCH, "SEARCH OR REASON", 30, .flexible = true },
};

static const enum action hints[] = { ACTION_OPEN, ACTION_EXPORT, ACTION_NONE };

struct drilldowns_state {
	struct drilldown_search *made;
	uint32_t                 n;
	struct lead             *leads; /* rows with ids from n + 1 */
	size_t                   n_leads;
};

/* What a drilldown's times refer to: the whole case. */
static struct span
case_span(const struct app *app)
{
	if (app->info.first_ns == WHEN_NONE)
		return (struct span){ WHEN_NONE, WHEN_MAX };
	return (struct span){ app->info.first_ns, app->info.clock_ns + 1 };
}

/* Those that the rule has are not known. */
static void
add_undocumented(struct view *v, struct drilldowns_state *s)
{
	struct table     *t = &v->list.table;
	struct table_row *row = table_add(t, 1);

	s->made = arena_new(&v->arena, struct drilldown_search, 1);
	s->n = 1;
	table_text(t, row, NAME, TEXT("The rule's own drilldowns"));
	table_text(t, row, SEARCH, TEXT("not known: the rule is not among those that are loaded now"));
	table_text(t, row, REMARK, TEXT("auger rules check names those that cannot be read"));
	row->dim = true;
}

static void
add_documented(struct app *app, struct view *v, struct drilldowns_state *s, const struct finding *f)
{
	const struct detection *rule =
	    app->rules ? ruleset_find(app->rules, f->rule_id) : NULL;
	struct table           *t = &v->list.table;

	if (!rule) {
		add_undocumented(v, s);
		return;
	}
	s->made = arena_new(&v->arena, struct drilldown_search, rule->n_drilldowns);
	for (uint32_t i = 0; i < rule->n_drilldowns; i++) {
		struct drilldown_search *made = &s->made[s->n];
		struct table_row        *row;
		struct err               problem = { 0 };
		bool good = drilldown_make(made, rule, &rule->drilldowns[i], f, case_span(app),
					   &v->arena, &problem);

		row = table_add(t, (int64_t)i + 1);
		table_text(t, row, NAME, good ? made->name : rule->drilldowns[i].name);
		table_text(t, row, SEARCH, good ? made->search : text_of(problem.what));
		table_text(t, row, REMARK, good ? made->remark : text_of(problem.where));
		row->dim = !good;
		if (!good)
			made->search = TEXT_NONE;
		s->n++;
	}
}

static void
add_leads(struct view *v, struct drilldowns_state *s)
{
	struct table *t = &v->list.table;

	for (size_t i = 0; i < s->n_leads; i++) {
		const struct lead *lead = &s->leads[i];
		struct table_row  *row = table_add(t, (int64_t)(s->n + i + 1));

		table_text(t, row, NAME, lead->name);
		table_text(t, row, SEARCH, lead->why);
		table_text(t, row, REMARK, lead->search);
	}
}

static bool
load(struct app *app, struct view *v, struct err *err)
{
	struct drilldowns_state *s = arena_new(&v->arena, struct drilldowns_state, 1);
	struct finding_row       f;
	struct event             ev;

	table_reset(&v->list.table, &v->arena, columns, N_COLUMNS);
	v->list.columns = shown;
	v->list.n_columns = sizeof(shown) / sizeof(shown[0]);
	v->data = s;
	s->leads = arena_new(&v->arena, struct lead, LEADS_MAX);
	if (v->level->detail.n) {
		s->n_leads = leads_of_user(app, v->level->detail, s->leads, LEADS_MAX, &v->arena);
	} else if (v->level->n_events) {
		if (!query_event(app->cf, v->level->events[0], true, &v->arena, &ev, err))
			return false;
		s->n_leads = leads_of_event(app, &ev, s->leads, LEADS_MAX, &v->arena);
	} else {
		if (!query_finding(app->cf, v->id, &v->arena, &f, err))
			return false;
		add_documented(app, v, s, &f.finding);
		s->n_leads = leads_of_finding(app, &f.finding, s->leads, LEADS_MAX, &v->arena);
	}
	add_leads(v, s);
	return true;
}

static void
preview(struct app *app, struct view *v, struct doc *d)
{
	const struct table_row *row = list_row(&v->list);

	(void)app;
	doc_rule(d, TEXT("what it opens"), TEXT_NONE);
	doc_field(d, "Name", row->values[NAME].text);
	doc_fact(d, "", row->values[SEARCH].text);
	doc_fact(d, "", row->values[REMARK].text);
}

static void
follow(struct app *app, const struct lead *lead)
{
	struct condition        c = { .part = FILTER_USER, .values = &lead->value, .n_values = 1 };
	struct drilldown_search drill = { .name = lead->name,
					  .search = lead->search,
					  .span = lead->span };

	switch (lead->kind) {
	case LEAD_AROUND:
		open_around(app, lead->value, lead->time_ns);
		return;
	case LEAD_USER:
		open_with(app, lead->value, &c, 1, "events");
		return;
	case LEAD_SEARCH:
		open_drilldown(app, &drill);
		return;
	}
}

static bool
act(struct app *app, struct view *v, enum action action)
{
	const struct drilldowns_state *s = v->data;
	const struct table_row        *row = list_row(&v->list);
	size_t                         at;

	if (action != ACTION_OPEN || !row || !s)
		return false;
	at = (size_t)row->id - 1;
	if (at >= s->n)
		follow(app, &s->leads[at - s->n]);
	else if (text_absent(s->made[at].search))
		app_say(app, "this drilldown cannot run: " TEXT_FMT,
			TEXT_ARG(row->values[SEARCH].text));
	else
		open_drilldown(app, &s->made[at]);
	return true;
}

static void
why_empty(struct app *app, struct view *v, struct doc *d)
{
	(void)app;
	(void)v;
	doc_plain(d, TEXT("It has no computer, no user, no time and no process to follow."));
	doc_plain(d, TEXT("q goes back; s searches."));
}

const struct view_kind view_drilldowns = {
	.name = "drilldowns",
	.unit = "drilldown",
	.title = "Drilldowns",
	.keys = KEYS_MOVES | KEYS_LIST | KEYS_OPENS,
	.hints = hints,
	.load = load,
	.act = act,
	.preview = preview,
	.preview_rows = 10,
	.why_empty = why_empty,
};
