/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The drilldowns of the rule behind a finding, by name; Enter runs one. */
#include "config.h"

#include "tui/app.h"

enum { NAME, SEARCH, REMARK, N_COLUMNS };

static const struct table_column columns[N_COLUMNS] = {
	[NAME] = { "name", TABLE_TEXT },
	[SEARCH] = { "search", TABLE_TEXT },
	[REMARK] = { "remark", TABLE_TEXT },
};

static const struct list_column shown[] = {
	{ NAME, "DRILLDOWN", 40, .flexible = true },
	{ SEARCH, "SEARCH", 30, .flexible = true },
};

static const enum action hints[] = { ACTION_OPEN, ACTION_EXPORT, ACTION_NONE };

struct drilldowns_state {
	struct drilldown_search *made;
	uint32_t                 n;
};

/* What a drilldown's times refer to: the whole case. */
static struct span
case_span(const struct app *app)
{
	if (app->info.first_ns == WHEN_NONE)
		return (struct span){ WHEN_NONE, WHEN_MAX };
	return (struct span){ app->info.first_ns, app->info.clock_ns + 1 };
}

static bool
load(struct app *app, struct view *v, struct err *err)
{
	struct drilldowns_state *s = arena_new(&v->arena, struct drilldowns_state, 1);
	const struct detection  *rule;
	struct finding_row       f;
	struct table            *t = &v->list.table;

	table_reset(t, &v->arena, columns, N_COLUMNS);
	v->list.columns = shown;
	v->list.n_columns = sizeof(shown) / sizeof(shown[0]);
	v->data = s;
	if (!query_finding(app->cf, v->id, &v->arena, &f, err))
		return false;
	rule = app->setup->rules ? ruleset_find(app->setup->rules, f.finding.rule_id) : NULL;
	if (!rule)
		return true;
	s->made = arena_new(&v->arena, struct drilldown_search, rule->n_drilldowns);
	for (uint32_t i = 0; i < rule->n_drilldowns; i++) {
		struct drilldown_search *made = &s->made[s->n];
		struct table_row        *row;
		struct err               problem = { 0 };
		bool good = drilldown_make(made, rule, &rule->drilldowns[i], &f.finding,
					   case_span(app), &v->arena, &problem);

		row = table_add(t, (int64_t)i + 1);
		table_text(t, row, NAME, good ? made->name : rule->drilldowns[i].name);
		table_text(t, row, SEARCH, good ? made->search : text_of(problem.what));
		table_text(t, row, REMARK, good ? made->remark : text_of(problem.where));
		row->dim = !good;
		if (!good)
			made->search = TEXT_NONE;
		s->n++;
	}
	return true;
}

static void
preview(struct app *app, struct view *v, struct doc *d)
{
	const struct table_row *row = list_row(&v->list);

	(void)app;
	doc_rule(d, TEXT("what it runs"), TEXT_NONE);
	doc_field(d, "Name", row->values[NAME].text);
	doc_field(d, "Search", row->values[SEARCH].text);
	doc_fact(d, "Remark", row->values[REMARK].text);
}

static bool
act(struct app *app, struct view *v, enum action action)
{
	const struct drilldowns_state *s = v->data;
	const struct table_row        *row = list_row(&v->list);

	if (action != ACTION_OPEN || !row || !s)
		return false;
	if (text_absent(s->made[row->id - 1].search))
		app_say(app, "this drilldown cannot run: " TEXT_FMT,
			TEXT_ARG(row->values[SEARCH].text));
	else
		open_drilldown(app, &s->made[row->id - 1]);
	return true;
}

static void
why_empty(struct app *app, struct view *v, struct doc *d)
{
	(void)app;
	(void)v;
	doc_plain(
	    d, TEXT("The rule behind this finding has no drilldowns, or is not loaded (--rules)."));
	doc_plain(d, TEXT("q goes back; o shows the events around it, s searches."));
}

const struct view_kind view_drilldowns = {
	.name = "drilldowns",
	.title = "Drilldowns",
	.keys = KEYS_MOVES | KEYS_LIST | KEYS_OPENS,
	.hints = hints,
	.load = load,
	.act = act,
	.preview = preview,
	.preview_rows = 10,
	.why_empty = why_empty,
};
