/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The risk factors of the case, and how many risk events each applies to. */
#include "config.h"

#include "store/factor.h"
#include "tui/app.h"
#include "tui/weighing.h"

enum { NAME, STATE, ADDS, TIMES, EVENTS, CONDITION, AUTHOR, TIME, PROBLEM, N_COLUMNS };

static const struct table_column columns[N_COLUMNS] = {
	[NAME] = { "factor", TABLE_TEXT },	   [STATE] = { "state", TABLE_TEXT },
	[ADDS] = { "add", TABLE_NUMBER },	   [TIMES] = { "multiply", TABLE_NUMBER },
	[EVENTS] = { "risk_events", TABLE_NUMBER }, [CONDITION] = { "condition", TABLE_TEXT },
	[AUTHOR] = { "author", TABLE_TEXT },	   [TIME] = { "time", TABLE_TIME },
	[PROBLEM] = { "problem", TABLE_TEXT },
};

static const struct list_column shown[] = {
	{ NAME, "FACTOR", 16, .look = LOOK_MIDDLE },
	{ STATE, "STATE", 6, .look = LOOK_PLAIN },
	{ ADDS, "ADDS", 5, .right = true, .look = LOOK_PLAIN },
	{ TIMES, "TIMES", 5, .right = true, .look = LOOK_PLAIN },
	{ EVENTS, "EVENTS", 6, .right = true, .look = LOOK_AMOUNT },
	{ CONDITION, "OF RISK EVENTS WITH", 24, .flexible = true },
	{ AUTHOR, "AUTHOR", 14, .from = 100 },
	{ TIME, "SET", 11, .look = LOOK_MINUTE, .from = 110 },
};

static const enum action hints[] = { ACTION_ADD, ACTION_EDIT, ACTION_OFF, ACTION_DROP, ACTION_EXPORT,
				     ACTION_NONE };

static bool
load(struct app *app, struct view *v, struct err *err)
{
	struct table  *t = &v->list.table;
	struct factor *all;
	size_t         n;

	table_reset(t, &v->arena, columns, N_COLUMNS);
	v->list.columns = shown;
	v->list.n_columns = sizeof(shown) / sizeof(shown[0]);
	n = factors(app->cf, &v->arena, &all);
	for (size_t i = 0; i < n; i++) {
		struct table_row *row = table_add(t, (int64_t)i + 1);

		table_text(t, row, NAME, all[i].name);
		row->values[STATE].text = all[i].off	      ? TEXT("off")
					  : all[i].problem.n ? TEXT("broken")
							     : TEXT("on");
		table_number(row, ADDS, all[i].add);
		table_number(row, TIMES, all[i].multiply);
		table_number(row, EVENTS, (double)all[i].risk_events);
		table_text(t, row, CONDITION, all[i].condition);
		table_text(t, row, AUTHOR, all[i].author);
		table_time(row, TIME, all[i].time_ns);
		table_text(t, row, PROBLEM, text_or_empty(all[i].problem));
		row->dim = all[i].off;
	}
	return casefile_whole(app->cf, err);
}

/* As the prompt reads it. */
static struct text
as_typed(const struct table_row *row, struct arena *keep)
{
	double      add = row->values[ADDS].number, multiply = row->values[TIMES].number;
	struct text line = row->values[NAME].text;

	if (add != 0)
		line = arena_printf(keep, TEXT_FMT " %+.12g", TEXT_ARG(line), add);
	if (multiply != 1)
		line = arena_printf(keep, TEXT_FMT " x%.12g", TEXT_ARG(line), multiply);
	return arena_printf(keep, TEXT_FMT " " TEXT_FMT, TEXT_ARG(line),
			    TEXT_ARG(row->values[CONDITION].text));
}

static bool
act(struct app *app, struct view *v, enum action action)
{
	const struct table_row *row = list_row(&v->list);
	struct risk_wish        wish = { .kind = RISK_FACTOR };

	if (action == ACTION_ADD) {
		weighing_ask(app, &wish, TEXT(""));
		return true;
	}
	if (!row)
		return false;
	wish.words = row->values[NAME].text;
	if (action == ACTION_OPEN || action == ACTION_EDIT) {
		weighing_ask(app, &wish, as_typed(row, &app->frame));
		return true;
	}
	if (action != ACTION_OFF && action != ACTION_DROP)
		return false;
	wish.kind = action == ACTION_DROP ? RISK_FACTOR_CLEAR : row->dim ? RISK_FACTOR_ON : RISK_FACTOR_OFF;
	weighing_try(app, &wish);
	return true;
}

static void
preview(struct app *app, struct view *v, struct doc *d)
{
	const struct table_row *row = list_row(&v->list);

	(void)app;
	doc_rule(d, TEXT("selected"), TEXT_NONE);
	doc_fact(d, "Condition", row->values[CONDITION].text);
	doc_fact(d, "Problem", row->values[PROBLEM].text);
}

static void
why_empty(struct app *app, struct view *v, struct doc *d)
{
	(void)app;
	(void)v;
	doc_plain(d, TEXT("No risk factors: calculated scores are those of the rules."));
	doc_plain(d, TEXT("A makes one: vip x1.5 search user_priority=critical. What is known of hosts and "
			  "users (tab 1) is dest_priority, user_category ... of their risk events."));
}

const struct view_kind view_factors = {
	.name = "factors",
	.title = "Factors",
	.unit = "factor",
	.keys = KEYS_MOVES | KEYS_LIST | KEYS_ASIDE | KEYS_OPENS | KEYS_HIDING | KEYS_SIDE | KEYS_WEIGHS,
	.hints = hints,
	.load = load,
	.act = act,
	.preview = preview,
	.preview_rows = 6,
	.why_empty = why_empty,
};
