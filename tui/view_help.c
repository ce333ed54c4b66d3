/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Help: the keys of the screen it was called from, made from the key table; Enter runs one. */
#include "config.h"

#include "tui/app.h"

static const enum action hints[] = { ACTION_OPEN, ACTION_FIND, ACTION_NONE };

static void
say_group(struct doc *d, enum keys_group group, const char *title, unsigned keys)
{
	doc_rule(d, text_of(title), TEXT_NONE);
	for (const struct key_line *l = keys_table(); l->action != ACTION_NONE; l++) {
		if (l->group != group || !(l->where & keys))
			continue;
		if (l->action > ACTION_TAB_1 && l->action <= ACTION_TAB_8)
			continue; /* one line stands for all */
		if (l->action == ACTION_TAB_1)
			doc_field(d, "1 ... 8", TEXT("tab of this screen"))->link =
			    (int64_t)l->action;
		else
			doc_field(d, l->keys, text_of(l->help))->link = (int64_t)l->action;
	}
}

static bool
load(struct app *app, struct view *v, struct err *err)
{
	struct doc *d = &v->doc;
	unsigned    keys = (unsigned)v->mode;
	char        human[WHEN_TEXT_MAX];

	(void)err;
	doc_reset(d, &v->arena);
	d->label_width = 13;
	say_group(d, KEYS_MOVE, "MOVE", keys);
	say_group(d, KEYS_LOOK, "LOOK", keys);
	d->pane = 1;
	say_group(d, KEYS_NARROW, "NARROW", keys);
	say_group(d, KEYS_DO, "DO", keys);
	doc_rule(d, TEXT("TO KNOW"), TEXT_NONE);
	doc_plain(
	    d, TEXT("A host ranks by the sum of its risk events: critical from 500, high from 250, "
		    "medium from 100."));
	doc_plain(d, TEXT("! marks rows with a finding or a gap. Files and searches are UTC always."));
	if (app->info.clock_ns != WHEN_NONE) {
		zone_human(&app->screen.zone, app->info.clock_ns, human);
		doc_plain(d,
			  arena_printf(d->keep, "\"7d\" ends at the last event of the case: %.16s.",
				       human));
	}
	return true;
}

static void
draw(struct app *app, struct view *v, struct area a)
{
	doc_draw(&v->doc, &app->screen, a, a.columns >= 76);
}

static bool
act(struct app *app, struct view *v, enum action action)
{
	const struct doc_item *item = doc_current(&v->doc);
	enum action            chosen = item ? (enum action)item->link : ACTION_NONE;

	if (action == ACTION_HELP) {
		app_back(app);
		return true;
	}
	if (action != ACTION_OPEN)
		return false;
	app_back(app);
	if (chosen != ACTION_NONE)
		app_act(app, chosen);
	return true;
}

const struct view_kind view_help = {
	.name = "help",
	.title = "Help",
	.keys = KEYS_MOVES | KEYS_TEXT | KEYS_OPENS | KEYS_PANES,
	.hints = hints,
	.load = load,
	.draw = draw,
	.act = act,
};
