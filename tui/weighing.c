/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tui/weighing.h"

#include "store/entity.h"
#include "tui/computers.h"
#include "tui/services.h"

/* ---- about whom ---- */

static size_t
column_named(const struct table *t, const char *name)
{
	for (uint32_t i = 0; i < t->n_columns; i++)
		if (t->columns[i].name && strcmp(t->columns[i].name, name) == 0)
			return i;
	return TEXT_NOWHERE;
}

/*
 * The risk object of the row, the user, the host; else whom the place is about. A finding has
 * many: where one came from a computer, it is meant. False: nobody.
 */
static bool
whom(struct app *app, struct view *v, enum risk_object_type *type, struct text *name)
{
	const struct table_row *row = v->list.n_columns ? list_row(&v->list) : NULL;
	const struct table     *t = &v->list.table;
	size_t object = row ? column_named(t, "risk_object") : TEXT_NOWHERE;
	size_t kind = row ? column_named(t, "risk_object_type") : TEXT_NOWHERE;

	*type = RISK_SYSTEM;
	*name = TEXT_NONE;
	if (v->kind == &view_findings && computers_place(app).n) {
		*name = computers_place(app);
	} else if (object != TEXT_NOWHERE && kind != TEXT_NOWHERE) {
		struct text word = row->values[kind].text;

		*name = row->values[object].text;
		*type = text_eq(word, TEXT("user"))   ? RISK_USER
			: text_eq(word, TEXT("other")) ? RISK_OTHER
						      : RISK_SYSTEM;
	} else if (row && v->kind == &view_users) {
		*type = RISK_USER;
		*name = row->values[column_named(t, "user")].text;
	} else if (v->level->whom.n) {
		*type = v->level->whom_type;
		*name = v->level->whom;
	} else {
		*name = view_host(app, v);
	}
	for (uint32_t i = 0; i < v->level->n_conditions && !name->n; i++) {
		const struct condition *c = &v->level->conditions[i];

		if (c->part == FILTER_USER && c->n_values == 1 && !c->excludes) {
			*type = RISK_USER;
			*name = c->values[0];
		}
	}
	return name->n > 0;
}

struct whose
weighing_whose(struct app *app, const struct level *level, struct arena *keep)
{
	struct whose w = { .cf = app->cf, .key = TEXT_NONE };

	if (!level->whom.n)
		return w;
	w.users = called_open(app->cf, keep);
	w.key = entity_key(app->cf, w.users, level->whom_type, level->whom, keep);
	w.nobody = text_absent(w.key);
	return w;
}

bool
weighing_is_of(const struct whose *w, enum risk_object_type type, struct text name,
	       struct arena scratch)
{
	if (text_absent(w->key))
		return !w->nobody;
	return text_eq(w->key, text_or_empty(entity_key(w->cf, w->users, type, name, &scratch)));
}

static void
open_known(struct app *app, struct view *v)
{
	static const struct view_kind *const kinds[] = { &view_known, &view_given, &view_factors };
	enum risk_object_type                type;
	struct text                          name;
	bool                                 some = whom(app, v, &type, &name);
	struct level                        *level;

	if (v->kind == &view_known || v->kind == &view_given || v->kind == &view_factors)
		return;
	name = some ? arena_copy(&app->frame, name) : TEXT_NONE;
	level = app_enter(app, kinds, sizeof(kinds) / sizeof(kinds[0]));
	level->whom_type = type;
	level->whom = some ? arena_copy(&level->arena, name) : TEXT_NONE;
	level->crumb = some ? arena_printf(&level->arena, "What counts for " TEXT_FMT, TEXT_ARG(name))
			    : TEXT("What counts");
}

/* ---- asking ---- */

void
weighing_try(struct app *app, const struct risk_wish *wish)
{
	static const struct view_kind *const kinds[] = { &view_weighing };
	struct level                        *level;

	if (!app_may_change(app))
		return;
	level = app_enter(app, kinds, 1);
	level->crumb = TEXT("What it changes");
	level->wish = *wish;
	level->wish.object = arena_copy(&level->arena, text_or_empty(wish->object));
	level->wish.words = arena_copy(&level->arena, text_or_empty(wish->words));
}

static void
asked(struct app *app, struct text text)
{
	struct risk_wish wish = app->wish;

	wish.words = text_trim(text);
	if (wish.words.n)
		weighing_try(app, &wish);
	else
		app_say(app, "nothing was changed");
}

static void
suggest_known(struct app *app, struct text text, size_t at, struct popup *out)
{
	static const char *const facts[] = { "priority=critical", "priority=high", "priority=medium",
					     "priority=low", "category=", "watchlist=true", "owner=",
					     "bunit=" };
	struct text begun = text_head(text, at);
	size_t      blank = text_rfind_byte(begun, ' ');

	(void)app;
	begun = blank == TEXT_NOWHERE ? begun : text_from(begun, blank + 1);
	popup_begin(out, out->keep, at - begun.n, at);
	out->title = TEXT("what is known");
	for (size_t i = 0; i < sizeof(facts) / sizeof(*facts); i++)
		if (text_istarts(text_of(facts[i]), begun))
			popup_add(out, text_of(facts[i]), TEXT_NONE);
	popup_advise(out, TEXT("any attribute=value; several: a|b; in quotes: \"CN=x, OU=y\"; owner= forgets"));
}

static void
suggest_factor(struct app *app, struct text text, size_t at, struct popup *out)
{
	(void)app;
	popup_begin(out, out->keep, 0, at);
	(void)text;
	out->title = TEXT("a factor");
	popup_advise(out, TEXT("contractor +4 search user_category=contractor"));
	popup_advise(out, TEXT("vip x1.5 search user_priority=critical"));
	popup_advise(out, TEXT("lab -20 where like(dest, \"LAB%\")"));
}

void
weighing_ask(struct app *app, const struct risk_wish *wish, struct text start)
{
	const char *label = "factor", *help = "NAME +4 x1.5 CONDITION; Enter shows whose risk it changes";

	if (!app_may_change(app))
		return;
	app->wish = *wish;
	app->wish.object = arena_copy(&app->keep, text_or_empty(wish->object));
	if (wish->kind == RISK_GIVE) {
		label = arena_printf(&app->keep, "risk for " TEXT_FMT, TEXT_ARG(app->wish.object)).p;
		help = "a score and the reason: 40 seen at the door, or -25 ...; Enter tries it";
	} else if (wish->kind == RISK_TELL) {
		label = arena_printf(&app->keep, "known of " TEXT_FMT, TEXT_ARG(app->wish.object)).p;
		help = "attribute=value ...; Enter shows whose risk it changes";
	}
	prompt_open(&app->prompt, label, help, start);
	app->prompt.done = asked;
	app->prompt.suggest = wish->kind == RISK_TELL	   ? suggest_known
			      : wish->kind == RISK_FACTOR ? suggest_factor
							  : NULL;
}

static void
ask_risk(struct app *app, struct view *v)
{
	struct risk_wish wish = { .kind = RISK_GIVE };

	if (whom(app, v, &wish.type, &wish.object))
		weighing_ask(app, &wish, TEXT(""));
	else
		app_say(app, "this row is about no host or user that could have risk");
}

bool
weighing_act(struct app *app, struct view *v, enum action action)
{
	if (action == ACTION_WEIGH)
		ask_risk(app, v);
	else if (action == ACTION_KNOWN)
		open_known(app, v);
	else
		return false;
	return true;
}
