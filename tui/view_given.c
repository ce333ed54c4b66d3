/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Risk that was given by hand: to a host or user, or to anybody. */
#include "config.h"

#include "store/given.h"
#include "tui/app.h"
#include "tui/weighing.h"

enum { NUMBER, STATE, AT, OBJECT, OBJECT_TYPE, SCORE, MESSAGE, FINDING, AUTHOR, TIME, N_COLUMNS };

static const struct table_column columns[N_COLUMNS] = {
	[NUMBER] = { "number", TABLE_NUMBER },	   [STATE] = { "state", TABLE_TEXT },
	[AT] = { "time", TABLE_TIME },		   [OBJECT] = { "risk_object", TABLE_TEXT },
	[OBJECT_TYPE] = { "risk_object_type", TABLE_TEXT }, [SCORE] = { "risk_score", TABLE_NUMBER },
	[MESSAGE] = { "message", TABLE_TEXT },	   [FINDING] = { "finding_id", TABLE_NUMBER },
	[AUTHOR] = { "author", TABLE_TEXT },	   [TIME] = { "written", TABLE_TIME },
};

static const struct list_column shown[] = {
	{ NUMBER, "NO", 3, .right = true, .look = LOOK_AMOUNT },
	{ AT, "TIME", 11, .look = LOOK_WHEN, .from = 76 },
	{ SCORE, "RISK", 5, .right = true, .look = LOOK_AMOUNT },
	{ OBJECT, "WHO", 16, .look = LOOK_MIDDLE, .least = 10 },
	{ STATE, "STATE", 5, .look = LOOK_PLAIN, .from = 76 },
	{ MESSAGE, "REASON", 14, .flexible = true },
	{ AUTHOR, "AUTHOR", 14, .from = 100 },
	{ TIME, "GIVEN", 11, .look = LOOK_MINUTE, .from = 110 },
};

static const enum action hints[] = { ACTION_ADD, ACTION_DROP, ACTION_OPEN, ACTION_EXPORT, ACTION_NONE };

static bool
load(struct app *app, struct view *v, struct err *err)
{
	struct table      *t = &v->list.table;
	struct whose       whose;
	struct given_risk *all;
	size_t             n;

	table_reset(t, &v->arena, columns, N_COLUMNS);
	v->list.columns = shown;
	v->list.n_columns = sizeof(shown) / sizeof(shown[0]);
	whose = weighing_whose(app, v->level, &v->arena);
	n = given_risks(app->cf, &v->arena, &all);
	for (size_t i = 0; i < n; i++) {
		struct table_row *row;

		if (!weighing_is_of(&whose, all[i].kind, all[i].object, app->frame))
			continue;
		row = table_add(t, all[i].id);
		table_number(row, NUMBER, (double)all[i].id);
		row->values[STATE].text = all[i].taken_back ? TEXT("taken back") : TEXT("on");
		table_time(row, AT, all[i].at_ns);
		table_text(t, row, OBJECT, all[i].object);
		row->values[OBJECT_TYPE].text = text_of(risk_object_type_name(all[i].kind));
		table_number(row, SCORE, all[i].score);
		table_text(t, row, MESSAGE, all[i].message);
		if (all[i].finding)
			table_number(row, FINDING, (double)all[i].finding);
		table_text(t, row, AUTHOR, all[i].author);
		table_time(row, TIME, all[i].time_ns);
		row->dim = all[i].taken_back;
	}
	return casefile_whole(app->cf, err);
}

static bool
act(struct app *app, struct view *v, enum action action)
{
	const struct table_row *row = list_row(&v->list);
	struct risk_wish        wish = { .kind = RISK_TAKE_BACK };

	if (action == ACTION_ADD) {
		app_act(app, ACTION_WEIGH);
	} else if (action == ACTION_DROP && row && !row->dim) {
		wish.words = arena_printf(&app->frame, "%lld", (long long)row->id);
		weighing_try(app, &wish);
	} else if (action == ACTION_OPEN && row && !row->dim) {
		open_finding(app, (int64_t)row->values[FINDING].number);
	} else if (row && row->dim && (action == ACTION_DROP || action == ACTION_OPEN)) {
		app_say(app, "it was taken back, and counts no more");
	} else {
		return false;
	}
	return true;
}

static void
why_empty(struct app *app, struct view *v, struct doc *d)
{
	(void)app;
	doc_plain(d, TEXT("No risk was given by hand."));
	doc_plain(d, v->level->whom.n ? TEXT("A gives some: 40 seen at the door, or -25 is being rebuilt.")
				      : TEXT("w on a host or user gives some."));
}

const struct view_kind view_given = {
	.name = "given",
	.title = "By hand",
	.unit = "score",
	.keys = KEYS_MOVES | KEYS_LIST | KEYS_ASIDE | KEYS_OPENS | KEYS_SIDE | KEYS_WEIGHS,
	.hints = hints,
	.load = load,
	.act = act,
	.why_empty = why_empty,
};
