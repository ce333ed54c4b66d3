/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rules: what became of each, and why some found nothing. */
#include "config.h"

#include "base/counted.h"
#include "tui/app.h"

enum {
	RULE_ID,
	RULE,
	SOURCE,
	STATUS,
	HITS,
	FINDINGS,
	REASON,
	FILTERED,
	RISK,
	TECHNIQUES,
	N_COLUMNS
};

static const struct table_column columns[N_COLUMNS] = {
	[RULE_ID] = { "rule_id", TABLE_TEXT },
	[RULE] = { "rule", TABLE_TEXT },
	[SOURCE] = { "source", TABLE_TEXT },
	[STATUS] = { "status", TABLE_TEXT },
	[HITS] = { "hits", TABLE_NUMBER },
	[FINDINGS] = { "findings", TABLE_NUMBER },
	[REASON] = { "reason", TABLE_TEXT },
	[FILTERED] = { "filtered", TABLE_NUMBER },
	[RISK] = { NULL, TABLE_NUMBER },
	[TECHNIQUES] = { NULL, TABLE_TEXT },
};

static const struct list_column shown[] = {
	{ RULE, "RULE", 26, .flexible = true, .look = LOOK_TAIL },
	{ STATUS, "STATUS", 13, .look = LOOK_PLAIN },
	{ FINDINGS, "FIND", 5, .right = true, .look = LOOK_AMOUNT },
	{ HITS, "HITS", 7, .right = true, .look = LOOK_AMOUNT },
	{ RISK, "RISK", 4, .right = true, .look = LOOK_AMOUNT, .from = 76 },
	{ TECHNIQUES, "ATT&CK", 10, .from = 90 },
	{ FILTERED, "FILTERED", 8, .right = true, .look = LOOK_AMOUNT, .from = 100 },
	{ REASON, "REASON", 30, .from = 140 },
};

static const enum action hints[] = { ACTION_OPEN, ACTION_RULE, ACTION_NARROW, ACTION_SORT_RIGHT,
				     ACTION_EXPORT, ACTION_NONE };

#define STATUSES (LEDGER_FAILED + 1)

/* How many rules came to what. */
struct outcome {
	uint64_t of[STATUSES];
};

struct filling {
	struct app     *app;
	struct view    *view;
	struct outcome *outcome;
};

static bool
add_entry(void *ctx, const struct ledger_entry *e)
{
	struct filling         *fill = ctx;
	struct table           *t = &fill->view->list.table;
	struct table_row       *row = table_add(t, (int64_t)t->n_rows + 1);
	const struct ruleset   *rules = fill->app->rules;
	const struct detection *d = rules ? ruleset_find(rules, e->rule_id) : NULL;

	table_text(t, row, RULE_ID, e->rule_id);
	table_text(t, row, RULE, e->rule);
	table_text(t, row, SOURCE, e->source);
	row->values[STATUS].text = text_of(ledger_status_name(e->status));
	table_number(row, HITS, (double)e->hits);
	table_number(row, FINDINGS, (double)e->findings);
	table_text(t, row, REASON, e->reason);
	table_number(row, FILTERED, (double)e->filtered);
	for (uint32_t i = 0; d && i < d->n_risks; i++)
		if (!(row->values[RISK].number >= d->risks[i].score))
			table_number(row, RISK, d->risks[i].score);
	if (d && d->n_techniques)
		table_text(t, row, TECHNIQUES, d->techniques[0]);
	row->dim = e->status != LEDGER_FOUND;
	fill->outcome->of[e->status]++;
	return true;
}

static bool
load(struct app *app, struct view *v, struct err *err)
{
	struct filling fill = { app, v, arena_new(&v->arena, struct outcome, 1) };

	v->data = fill.outcome;
	table_reset(&v->list.table, &v->arena, columns, N_COLUMNS);
	v->list.columns = shown;
	v->list.n_columns = sizeof(shown) / sizeof(shown[0]);
	list_came_sorted(&v->list, FINDINGS, true);
	return query_ledger(app->cf, add_entry, &fill, err);
}

static void
preview(struct app *app, struct view *v, struct doc *d)
{
	const struct table_row *row = list_row(&v->list);
	const struct detection *rule =
	    app->rules ? ruleset_find(app->rules, row->values[RULE_ID].text) : NULL;

	doc_rule(d, TEXT("rule"), TEXT_NONE);
	doc_field(d, "Rule", row->values[RULE].text);
	doc_field(d, "Status", row->values[STATUS].text);
	doc_fact(d, "Reason", row->values[REASON].text);
	doc_fact(d, "File", row->values[SOURCE].text);
	if (!rule)
		return;
	doc_fact(d, "Message", rule->n_risks ? rule->risks[0].message : TEXT_NONE);
	doc_fact(d, "Search", text_head(rule->search_text, 300));
}

static bool
act(struct app *app, struct view *v, enum action action)
{
	const struct table_row *row = list_row(&v->list);

	if (!row)
		return false;
	if (action == ACTION_RULE ||
	    (action == ACTION_OPEN && !(row->values[FINDINGS].number > 0))) {
		open_rule(app, row->values[RULE_ID].text);
		return true;
	}
	if (action != ACTION_OPEN)
		return false;
	open_findings_with(app, FILTER_RULE, row->values[RULE].text, TEXT("Rule"));
	return true;
}

static bool
count(const struct app *app, const struct view *v, uint64_t *n)
{
	*n = v->loaded && v->list.n_columns ? v->list.table.n_rows : app->info.rules;
	return true;
}

static void
why_empty(struct app *app, struct view *v, struct doc *d)
{
	(void)v;
	doc_plain(d, TEXT("No rules have run over this case yet."));
	doc_plain(d, arena_printf(d->keep, "auger retag %s   in a shell runs them.",
				  app->setup->case_path));
}

/* "2 no data, 430 nothing found, 112 found": what could not run first. */
static struct text
note(struct app *app, struct view *v, struct arena *keep)
{
	static const enum ledger_status order[] = { LEDGER_FAILED, LEDGER_UNSUPPORTED, LEDGER_NO_DATA,
						    LEDGER_NOTHING, LEDGER_FOUND };
	const struct outcome *outcome = v->data;
	struct text           words = TEXT("");

	(void)app;
	for (size_t i = 0; outcome && i < sizeof(order) / sizeof(order[0]); i++)
		if (outcome->of[order[i]])
			words = arena_printf(keep, TEXT_FMT "%s%s %s", TEXT_ARG(words),
					     words.n ? ", " : "",
					     counted_number(outcome->of[order[i]]).words,
					     ledger_status_name(order[i]));
	return words;
}

const struct view_kind view_ledger = {
	.name = "rules",
	.unit = "rule",
	.title = "Rules",
	.keys = KEYS_MOVES | KEYS_LIST | KEYS_ASIDE | KEYS_OPENS | KEYS_RULED,
	.deaf = ~0u,
	.hints = hints,
	.load = load,
	.act = act,
	.preview = preview,
	.preview_rows = 9,
	.why_empty = why_empty,
	.count = count,
	.note = note,
};
