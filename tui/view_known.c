/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is known of a host or user, or of all of them. */
#include "config.h"

#include "store/entity.h"
#include "tui/app.h"
#include "tui/weighing.h"

enum { ENTITY, KIND, ATTRIBUTE, VALUE, AUTHOR, TIME, N_COLUMNS };

static const struct table_column columns[N_COLUMNS] = {
	[ENTITY] = { "entity", TABLE_TEXT },	   [KIND] = { "kind", TABLE_TEXT },
	[ATTRIBUTE] = { "attribute", TABLE_TEXT }, [VALUE] = { "value", TABLE_TEXT },
	[AUTHOR] = { "author", TABLE_TEXT },	   [TIME] = { "time", TABLE_TIME },
};

static const struct list_column shown[] = {
	{ ENTITY, "WHO", 18, .look = LOOK_MIDDLE, .narrow = 12 },
	{ KIND, "KIND", 6, .from = 90 },
	{ ATTRIBUTE, "KNOWN", 14, .look = LOOK_PLAIN, .narrow = 10 },
	{ VALUE, "VALUE", 20, .flexible = true, .narrow = 12 },
	{ AUTHOR, "AUTHOR", 14, .from = 80 },
	{ TIME, "SET", 11, .look = LOOK_MINUTE, .from = 100 },
};

static const enum action hints[] = { ACTION_ADD, ACTION_EDIT, ACTION_DROP, ACTION_WEIGH, ACTION_EXPORT,
				     ACTION_NONE };

/* As it is typed: "server|pci" */
static struct text
as_typed(struct text value, struct arena *keep)
{
	struct text all = arena_copy(keep, value);
	char       *p = arena_new(keep, char, all.n + 1);

	for (size_t i = 0; i < all.n; i++)
		p[i] = all.p[i] == '\n' ? '|' : all.p[i];
	return (struct text){ p, all.n };
}

/* In quotes what would be taken for a fact of its own: "CN=Jo, OU=IT" */
static struct text
as_asked(struct text value, struct arena *keep)
{
	bool words = text_find_byte(value, ' ') != TEXT_NOWHERE && text_find_byte(value, '=') != TEXT_NOWHERE;

	return words || text_starts(value, TEXT("\""))
		   ? arena_printf(keep, "\"" TEXT_FMT "\"", TEXT_ARG(value))
		   : value;
}

static bool
load(struct app *app, struct view *v, struct err *err)
{
	struct table            *t = &v->list.table;
	struct whose             whose;
	struct entity_attribute *all;
	size_t                   n;

	table_reset(t, &v->arena, columns, N_COLUMNS);
	v->list.columns = shown;
	v->list.n_columns = sizeof(shown) / sizeof(shown[0]);
	whose = weighing_whose(app, v->level, &v->arena);
	n = entities(app->cf, &v->arena, &all);
	for (size_t i = 0; i < n; i++) {
		struct table_row *row;

		if (!weighing_is_of(&whose, all[i].kind, all[i].name, app->frame))
			continue;
		row = table_add(t, (int64_t)i + 1);
		table_text(t, row, ENTITY, all[i].name);
		row->values[KIND].text = text_of(risk_object_type_name(all[i].kind));
		table_text(t, row, ATTRIBUTE, all[i].attribute);
		table_text(t, row, VALUE, as_typed(all[i].value, &v->arena));
		table_text(t, row, AUTHOR, all[i].author);
		table_time(row, TIME, all[i].time_ns);
	}
	return casefile_whole(app->cf, err);
}

static enum risk_object_type
kind_of(struct text word)
{
	static const enum risk_object_type kinds[] = { RISK_SYSTEM, RISK_USER };

	for (size_t i = 0; i < 2; i++)
		if (text_eq(word, text_of(risk_object_type_name(kinds[i]))))
			return kinds[i];
	return RISK_OTHER;
}

static bool
act(struct app *app, struct view *v, enum action action)
{
	const struct table_row *row = list_row(&v->list);
	struct risk_wish        wish = { .kind = RISK_TELL };
	bool                    adds = action == ACTION_ADD;

	if (!adds && (!row || (action != ACTION_OPEN && action != ACTION_EDIT && action != ACTION_DROP)))
		return false;
	wish.type = row ? kind_of(row->values[KIND].text) : v->level->whom_type;
	wish.object = row ? row->values[ENTITY].text : v->level->whom;
	if (adds && v->level->whom.n) {
		wish.type = v->level->whom_type;
		wish.object = v->level->whom;
	}
	if (text_absent(wish.object) || !wish.object.n) {
		app_say(app, "of whom? K on a host or user says it");
		return true;
	}
	if (adds) {
		weighing_ask(app, &wish, TEXT(""));
		return true;
	}
	wish.words = arena_printf(&app->frame, TEXT_FMT "=" TEXT_FMT, TEXT_ARG(row->values[ATTRIBUTE].text),
				  TEXT_ARG(action == ACTION_DROP
						   ? TEXT("")
						   : as_asked(row->values[VALUE].text, &app->frame)));
	if (action == ACTION_DROP)
		weighing_try(app, &wish);
	else
		weighing_ask(app, &wish, wish.words);
	return true;
}

static void
why_empty(struct app *app, struct view *v, struct doc *d)
{
	(void)app;
	if (v->level->whom.n)
		doc_plain(d, arena_printf(d->keep, "Nothing is known of " TEXT_FMT " besides events. A tells it: "
						   "priority=high category=admin owner=Jo",
					  TEXT_ARG(v->level->whom)));
	else
		doc_plain(d, TEXT("Nothing is known of hosts and users besides events. K on one of them, and A "
				  "there, tells it; auger entity CASE --from FILE reads a list."));
	doc_plain(d, TEXT("Risk factors (tab 3) make scores higher or lower for it."));
}

const struct view_kind view_known = {
	.name = "known",
	.title = "Known",
	.unit = "fact",
	.keys = KEYS_MOVES | KEYS_LIST | KEYS_ASIDE | KEYS_OPENS | KEYS_HIDING | KEYS_SIDE | KEYS_WEIGHS,
	.hints = hints,
	.load = load,
	.act = act,
	.why_empty = why_empty,
};
