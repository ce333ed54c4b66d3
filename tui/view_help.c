/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Help: the keys of the screen it was called from, made from the key table; Enter runs one. */
#include "config.h"

#include "tui/app.h"

static const enum action hints[] = { ACTION_OPEN, ACTION_FIND, ACTION_NONE };

struct about {
	const struct app  *app;
	const struct view *view; /* that help was called from */
	unsigned           keys;
};

static const struct view *
view_below(const struct app *app, const struct level *level)
{
	for (int i = app->n_levels - 1; i > 0; i--)
		if (app->levels[i] == level)
			return &app->levels[i - 1]->views[app->levels[i - 1]->current];
	return app_view(app);
}

static void
say_key(struct doc *d, const struct about *about, const struct key_line *l)
{
	struct text keys = app_keys_of(about->app, about->view, l->action, d->keep);

	if (keys.n)
		doc_field(d, arena_cstr(d->keep, keys), text_of(l->help))->link = (int64_t)l->action;
}

static bool
is_hinted(const struct about *about, enum action action)
{
	for (const enum action *a = about->view->kind->hints; a && *a != ACTION_NONE; a++)
		if (*a == action)
			return true;
	return false;
}

static void
say_group(struct doc *d, const struct about *about, enum keys_group group, const char *title)
{
	doc_rule(d, text_of(title), TEXT_NONE);
	for (const struct key_line *l = keys_table(); l->action != ACTION_NONE; l++) {
		if (l->group != group || !(l->where & about->keys) || is_hinted(about, l->action))
			continue;
		if (l->action < ACTION_TAB_1 || l->action > ACTION_TAB_10) /* by name, below */
			say_key(d, about, l);
	}
}

/* What the screen is for, in the order of its hints, before what works everywhere. */
static void
say_here(struct doc *d, const struct about *about)
{
	if (!about->view->kind->hints)
		return;
	doc_rule(d, TEXT("HERE"), TEXT_NONE);
	for (const enum action *a = about->view->kind->hints; *a != ACTION_NONE; a++)
		say_key(d, about, keys_line(*a));
}

/* All of them, also those that the screen has no room for. */
static void
say_tabs(struct doc *d, const struct about *about)
{
	const struct level *level = about->view->level;

	if (level->n_views < 2)
		return;
	doc_rule(d, TEXT("TABS"), TEXT_NONE);
	for (int i = 0; i < level->n_views; i++) {
		enum action tab = (enum action)(ACTION_TAB_1 + i);
		struct text keys = app_keys_of(about->app, about->view, tab, d->keep);

		doc_field(d, arena_cstr(d->keep, keys), text_of(level->views[i].kind->title))->link =
		    (int64_t)tab;
	}
}

static bool
load(struct app *app, struct view *v, struct err *err)
{
	struct doc  *d = &v->doc;
	struct about about = { app, view_below(app, v->level), (unsigned)v->mode };
	char        human[WHEN_TEXT_MAX];

	(void)err;
	doc_reset(d, &v->arena);
	d->label_width = 13;
	say_here(d, &about);
	say_group(d, &about, KEYS_LOOK, "LOOK");
	say_group(d, &about, KEYS_MOVE, "MOVE");
	say_tabs(d, &about);
	d->pane = 1;
	say_group(d, &about, KEYS_NARROW, "NARROW");
	say_group(d, &about, KEYS_DO, "DO");
	doc_rule(d, TEXT("TO KNOW"), TEXT_NONE);
	doc_plain(
	    d, TEXT("A host ranks by the sum of its risk events: critical from 500, high from 250, "
		    "medium from 100."));
	doc_plain(d, TEXT("T F B before a finding: true positive, false positive, benign."));
	doc_plain(d, arena_printf(d->keep, TEXT_FMT " before a finding or an event: bookmarked; n: a "
					   "note; N: both. " TEXT_FMT ": marked with m.",
				  TEXT_ARG(screen_sign(&app->screen, SIGN_BOOKMARK)),
				  TEXT_ARG(screen_sign(&app->screen, SIGN_MARKED))));
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
