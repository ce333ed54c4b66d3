/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Users by risk. */
#include "config.h"

#include "tui/app.h"
#include "tui/empty.h"
#include "tui/lookback.h"

enum { USER, RISK, FINDINGS, RULES, HOSTS, TECHNIQUES, FIRST, LAST, ALIASES, N_COLUMNS };

static const struct table_column columns[N_COLUMNS] = {
	[USER] = { "user", TABLE_TEXT },
	[RISK] = { "risk_score", TABLE_NUMBER },
	[FINDINGS] = { "findings", TABLE_NUMBER },
	[RULES] = { "rules", TABLE_NUMBER },
	[HOSTS] = { "hosts", TABLE_NUMBER },
	[TECHNIQUES] = { "techniques", TABLE_TEXT },
	[FIRST] = { "first_time", TABLE_TIME },
	[LAST] = { "last_time", TABLE_TIME },
	[ALIASES] = { "aliases", TABLE_TEXT },
};

static const struct list_column shown[] = {
	{ RISK, "RISK", 6, .right = true, .look = LOOK_RISK },
	{ USER, "USER", 20, .look = LOOK_MIDDLE, .flexible = true },
	{ FINDINGS, "FIND", 5, .right = true, .look = LOOK_AMOUNT },
	{ HOSTS, "HOSTS", 5, .right = true, .look = LOOK_AMOUNT },
	{ RULES, "RULES", 5, .right = true, .look = LOOK_AMOUNT, .from = 100 },
	{ TECHNIQUES, "TECHNIQUES", 22, .look = LOOK_PLAIN },
	{ FIRST, "FIRST SEEN", 11, .look = LOOK_MINUTE, .from = 100 },
	{ LAST, "LAST SEEN", 11, .look = LOOK_MINUTE },
	{ ALIASES, "ALSO", 24, .flexible = true, .look = LOOK_MIDDLE, .from = 120 },
};

static const enum action hints[] = { ACTION_OPEN,   ACTION_DRILLDOWN, ACTION_INCLUDE,
				     ACTION_NARROW, ACTION_SEARCH,    ACTION_EXPORT,
				     ACTION_NONE };

static bool
add_user(void *ctx, const struct user_row *u)
{
	struct table     *t = ctx;
	struct table_row *row = table_add(t, (int64_t)text_hash(u->user, 0));

	table_text(t, row, USER, u->user);
	table_number(row, RISK, u->risk_score);
	table_number(row, FINDINGS, u->findings);
	table_number(row, RULES, u->rules);
	table_number(row, HOSTS, u->hosts);
	table_text(t, row, TECHNIQUES, u->techniques);
	table_time(row, FIRST, u->first_ns);
	table_time(row, LAST, u->last_ns);
	table_text(t, row, ALIASES, u->aliases);
	row->dim = u->risk_score <= 0;
	return true;
}

static bool
load(struct app *app, struct view *v, struct err *err)
{
	struct case_filter f = view_filter(app, v);

	table_reset(&v->list.table, &v->arena, columns, N_COLUMNS);
	v->list.columns = shown;
	v->list.n_columns = sizeof(shown) / sizeof(shown[0]);
	list_came_sorted(&v->list, RISK, true);
	return query_users(app->cf, &f, add_user, &v->list.table, err);
}

static bool
act(struct app *app, struct view *v, enum action action)
{
	const struct table_row *row = list_row(&v->list);

	if (!row)
		return false;
	if (action == ACTION_OPEN)
		open_findings_with(app, FILTER_USER, row->values[USER].text,
				   row->values[USER].text);
	else if (action == ACTION_DRILLDOWN)
		open_user_leads(app, row->values[USER].text);
	else
		return false;
	return true;
}

static struct text
note(struct app *app, struct view *v, struct arena *keep)
{
	const struct table_row *row = list_row(&v->list);

	if (!row || !row->values[ALIASES].text.n)
		return lookback_note(app, keep);
	return arena_printf(keep, "also " TEXT_FMT, TEXT_ARG(row->values[ALIASES].text));
}

const struct view_kind view_users = {
	.name = "users",
	.unit = "user",
	.title = "Users",
	.keys = KEYS_MOVES | KEYS_LIST | KEYS_ASIDE | KEYS_OPENS | KEYS_RISK | KEYS_WEIGHS | KEYS_CELLS |
		KEYS_DRILLS,
	.deaf = 1u << FILTER_FIELD,
	.hints = hints,
	.load = load,
	.act = act,
	.why_empty = empty_from_ledger,
	.note = note,
};
