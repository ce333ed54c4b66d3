/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Filters of rules, how many findings each hides, and which. */
#include "config.h"

#include "store/case_macros.h"
#include "tui/app.h"
#include "tui/hiding.h"

enum { RULE, RULE_ID, MACRO, STATE, HIDES, FILTER, AUTHOR, TIME, N_COLUMNS };

static const struct table_column columns[N_COLUMNS] = {
	[RULE] = { "rule", TABLE_TEXT },       [RULE_ID] = { "rule_id", TABLE_TEXT },
	[MACRO] = { "macro", TABLE_TEXT },     [STATE] = { "state", TABLE_TEXT },
	[HIDES] = { "hidden", TABLE_NUMBER },  [FILTER] = { "filter", TABLE_TEXT },
	[AUTHOR] = { "author", TABLE_TEXT },   [TIME] = { "time", TABLE_TIME },
};

static const struct list_column shown[] = {
	{ HIDES, "HIDES", 5, .right = true, .look = LOOK_AMOUNT },
	{ STATE, "STATE", 9, .look = LOOK_PLAIN },
	{ RULE, "RULE", 24, .flexible = true, .look = LOOK_TAIL },
	{ FILTER, "FILTER", 24, .flexible = true },
	{ AUTHOR, "AUTHOR", 14, .from = 100 },
	{ TIME, "SET", 11, .look = LOOK_MINUTE, .from = 110 },
};

static const enum action hints[] = { ACTION_OPEN, ACTION_OFF, ACTION_EXPORT, ACTION_NONE };

#define PREVIEWED 50

struct filling {
	struct table            *table;
	const struct case_macro *macros;
	size_t                   n;
};

static void
add_macro(struct table *t, const struct case_macro *m)
{
	struct table_row *row = table_add(t, (int64_t)t->n_rows + 1);

	table_text(t, row, RULE, text_absent(m->rule) ? m->name : m->rule);
	table_text(t, row, RULE_ID, m->rule_id);
	table_text(t, row, MACRO, m->name);
	row->values[STATE].text = m->off ? TEXT("off") : TEXT("on");
	table_number(row, HIDES, (double)m->hidden);
	table_text(t, row, FILTER, m->definition);
	table_text(t, row, AUTHOR, m->author);
	if (m->time_ns)
		table_time(row, TIME, m->time_ns);
	row->dim = m->off;
}

/* Filters that come with the files of the rules hide as well. */
static bool
add_from_file(void *ctx, const struct ledger_entry *e)
{
	struct filling   *fill = ctx;
	struct table_row *row;

	if (!e->filtered)
		return true;
	for (size_t i = 0; i < fill->n; i++)
		if (text_eq(fill->macros[i].rule_id, e->rule_id) && !fill->macros[i].off)
			return true;
	row = table_add(fill->table, (int64_t)fill->table->n_rows + 1);
	table_text(fill->table, row, RULE, e->rule);
	table_text(fill->table, row, RULE_ID, e->rule_id);
	row->values[STATE].text = TEXT("rule file");
	table_number(row, HIDES, (double)e->filtered);
	return true;
}

static bool
load(struct app *app, struct view *v, struct err *err)
{
	struct table      *t = &v->list.table;
	struct case_macro *macros;
	struct filling     fill = { .table = t };

	table_reset(t, &v->arena, columns, N_COLUMNS);
	v->list.columns = shown;
	v->list.n_columns = sizeof(shown) / sizeof(shown[0]);
	fill.n = case_macros(app->cf, &v->arena, &macros);
	fill.macros = macros;
	for (size_t i = 0; i < fill.n; i++)
		add_macro(t, &macros[i]);
	return query_ledger(app->cf, add_from_file, &fill, err);
}

struct listing {
	struct app *app;
	struct doc *doc;
	size_t      n;
};

static bool
list_hidden(void *ctx, const struct hidden_row *h)
{
	struct listing *l = ctx;
	struct arena   *keep = l->doc->keep;

	doc_plain(l->doc,
		  arena_printf(keep, "%.0f  " TEXT_FMT "  " TEXT_FMT "  " TEXT_FMT, h->risk_score,
			       TEXT_ARG(h->host), TEXT_ARG(h->verdict), TEXT_ARG(h->message)));
	return ++l->n < PREVIEWED;
}

static void
preview(struct app *app, struct view *v, struct doc *d)
{
	const struct table_row *row = list_row(&v->list);
	struct listing          l = { app, d, 0 };
	struct err              err = { 0 };

	doc_rule(d, TEXT("what it hides: risk, computer, verdict, message"), TEXT_NONE);
	doc_fact(d, "Filter", row->values[FILTER].text);
	if (!query_hidden(app->cf, row->values[RULE_ID].text, list_hidden, &l, &err))
		doc_plain(d, arena_printf(d->keep, "%s", err.what));
	else if (!l.n)
		doc_plain(d, TEXT("nothing"));
}

static bool
act(struct app *app, struct view *v, enum action action)
{
	const struct table_row *row = list_row(&v->list);
	struct filter_change    change = { .definition = TEXT("") };

	if (!row || (action != ACTION_OPEN && action != ACTION_EDIT && action != ACTION_OFF))
		return false;
	change.rule = row->values[RULE_ID].text;
	change.definition = row->values[FILTER].text.n ? row->values[FILTER].text : TEXT("");
	if (action == ACTION_OFF && change.definition.n) {
		change.off = text_eq(row->values[STATE].text, TEXT("on"));
		hiding_open(app, &change, false);
	} else if (action == ACTION_OFF) {
		app_say(app, "this filter comes with the rule's files; Enter writes another over it");
	} else {
		hiding_ask(app, &change);
	}
	return true;
}

static void
why_empty(struct app *app, struct view *v, struct doc *d)
{
	(void)app;
	(void)v;
	doc_plain(d, TEXT("No rule has a filter, so nothing is hidden."));
	doc_plain(d, TEXT("F on a finding makes one of the value under the cursor."));
}

const struct view_kind view_hidden = {
	.name = "hidden",
	.title = "Hidden by filters of rules",
	.unit = "filter",
	.keys = KEYS_MOVES | KEYS_LIST | KEYS_ASIDE | KEYS_OPENS | KEYS_HIDING,
	.hints = hints,
	.load = load,
	.act = act,
	.preview = preview,
	.preview_rows = 9,
	.why_empty = why_empty,
};
