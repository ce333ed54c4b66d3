/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tui/session.h"

#include "rules/incidents.h"
#include "tui/filter.h"
#include "tui/history.h"
#include "tui/remarks.h"

#define VIEW   "tui.view"
#define FILTER "tui.filter"
#define ZONE   "tui.zone"
#define CAP    "tui.cap"
#define COLUMNS "tui.columns"

void
session_save(struct app *app)
{
	const struct level *root = app->levels[0];
	struct err          err = { 0 };

	if (app->setup->read_only || app->setup->script)
		return;
	remarks_keep_draft(app);
	/* What cannot be written is only convenience lost. */
	if (casefile_set(app->cf, VIEW, text_of(root->views[root->current].kind->name), &err))
		casefile_set(app->cf, FILTER, filter_words(app, &app->frame), &err);
	casefile_set(app->cf, ZONE, zone_word(&app->screen.zone), &err);
	casefile_set(app->cf, COLUMNS, columns_words(app, &app->frame), &err);
	casefile_set(app->cf, CAP, arena_printf(&app->frame, "%u", (unsigned)app->cap), &err);
}

static void
restore_filter(struct app *app)
{
	struct text words = casefile_get(app->cf, FILTER, &app->keep);
	struct chip chip;
	struct err  err = { 0 };

	while (words.n) {
		struct text line = text_cut(&words, '\n');

		if (line.n && filter_read_word(line, app->info.clock_ns, &chip, &app->keep, &err))
			filter_restore(app, &chip);
	}
	if (app->n_chips && !app->message[0])
		app_say(app, "the filter is as you left it; X clears it");
}

void
session_restore(struct app *app)
{
	struct text   view = casefile_get(app->cf, VIEW, &app->frame);
	struct level *root = app->levels[0];
	struct text   zone = casefile_get(app->cf, ZONE, &app->frame);
	uint64_t      cap;
	struct err    err = { 0 };

	if (app->setup->script)
		return;
	if (text_to_u64(casefile_get(app->cf, CAP, &app->frame), &cap) && cap <= INCIDENT_CAP_MOST)
		app->cap = (uint32_t)cap;
	columns_restore(app, casefile_get(app->cf, COLUMNS, &app->frame));
	history_restore(app);
	remarks_tell_draft(app);
	if (!app->setup->zone && zone.n && !zone_set(&app->screen.zone, zone, &err))
		app_complain(app, &err);
	if (app->setup->view || app->n_chips)
		return; /* the command line says where to begin */
	for (int i = 0; i < root->n_views; i++)
		if (text_eq(view, text_of(root->views[i].kind->name)))
			app_tab(app, i);
	restore_filter(app);
}
