/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tui/session.h"

#include "tui/filter.h"

#define VIEW     "tui.view"
#define FILTER   "tui.filter"
#define ZONE     "tui.zone"
#define SEARCHES "tui.searches"

void
session_save(struct app *app)
{
	const struct level *root = app->levels[0];
	struct text         searches = TEXT("");
	struct err          err = { 0 };

	if (app->setup->read_only || app->setup->script)
		return;
	for (size_t i = 0; i < app->n_past; i++)
		searches = arena_printf(&app->frame, TEXT_FMT TEXT_FMT "\n", TEXT_ARG(searches),
					TEXT_ARG(app->past[i]));
	/* What cannot be written is only convenience lost. */
	if (casefile_set(app->cf, VIEW, text_of(root->views[root->current].kind->name), &err) &&
	    casefile_set(app->cf, FILTER, filter_words(app, &app->frame), &err))
		casefile_set(app->cf, SEARCHES, searches, &err);
	casefile_set(app->cf, ZONE, zone_word(&app->screen.zone), &err);
}

static void
restore_searches(struct app *app)
{
	struct text searches = casefile_get(app->cf, SEARCHES, &app->keep);
	size_t      cap = sizeof(app->past) / sizeof(app->past[0]);

	while (searches.n && app->n_past < cap) {
		struct text line = text_cut(&searches, '\n');

		if (line.n)
			app->past[app->n_past++] = line;
	}
}

static void
restore_filter(struct app *app)
{
	struct text words = casefile_get(app->cf, FILTER, &app->keep);
	struct chip chip;
	struct err  err = { 0 };

	while (words.n) {
		struct text line = text_cut(&words, '\n');

		if (line.n && filter_read_word(line, &chip, &app->keep, &err))
			filter_restore(app, &chip);
	}
	if (app->n_chips)
		app_say(app, "the filter is as you left it; X clears it");
}

void
session_restore(struct app *app)
{
	struct text   view = casefile_get(app->cf, VIEW, &app->frame);
	struct level *root = app->levels[0];
	struct text   zone = casefile_get(app->cf, ZONE, &app->frame);
	struct err    err = { 0 };

	if (app->setup->script)
		return;
	restore_searches(app);
	if (!app->setup->zone && zone.n && !zone_set(&app->screen.zone, zone, &err))
		app_complain(app, &err);
	if (app->setup->view || app->n_chips)
		return; /* the command line says where to begin */
	for (int i = 0; i < root->n_views; i++)
		if (text_eq(view, text_of(root->views[i].kind->name)))
			app_tab(app, i);
	restore_filter(app);
}
