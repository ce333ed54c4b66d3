/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tui/keymap.h"

#include <stdio.h>

#include "tui/app.h"

#define EVERYWHERE (KEYS_ALWAYS | KEYS_TABS | KEYS_PANES)

static const struct view_kind *
kind_find(struct text name)
{
	for (size_t i = 0; view_kinds[i]; i++)
		if (text_eq(text_of(view_kinds[i]->name), name))
			return view_kinds[i];
	return NULL;
}

static unsigned
contexts_of(enum action a)
{
	return a == ACTION_NONE ? ~0u : keys_line(a)->where;
}

static bool
on_screen(const struct key_bind *b, const char *screen)
{
	return !b->screen || strcmp(b->screen, screen) == 0;
}

/* Whether both are in force on some screen, and neither is the more special one. */
static bool
meet(const struct key_bind *a, const struct key_bind *b)
{
	if (a->press != b->press || !a->screen != !b->screen)
		return false;
	for (size_t i = 0; view_kinds[i]; i++) {
		unsigned where = view_kinds[i]->keys | EVERYWHERE;

		if (on_screen(a, view_kinds[i]->name) && on_screen(b, view_kinds[i]->name) &&
		    (contexts_of(a->action) & where) && (contexts_of(b->action) & where))
			return true;
	}
	return false;
}

static bool
find_action(struct text command, enum action *out)
{
	struct arena keep = arena_open(1 << 16);
	bool         found = text_eq(command, TEXT("none"));

	*out = ACTION_NONE;
	for (const struct key_line *l = keys_table(); !found && l->action != ACTION_NONE; l++) {
		if (text_eq(keys_command(l, &keep), command)) {
			*out = l->action;
			found = true;
		}
	}
	arena_close(&keep);
	return found;
}

bool
keymap_bind(struct keymap *m, struct text screen, struct text key, struct text command,
	    unsigned line, struct err *err)
{
	const struct view_kind *kind = kind_find(screen);
	struct key_bind         b = { .line = line };

	if (!kind && !text_eq(screen, TEXT("all")))
		return err_set(err, ERR_USAGE,
			       "no screen is called " TEXT_FMT " (all hosts findings events ...)",
			       TEXT_ARG(text_head(screen, 40)));
	if (key.n >= sizeof(b.key) || !keys_parse(key, &b.press))
		return err_set(err, ERR_USAGE, "no key is called " TEXT_FMT " (e, Ctrl-D, F5, Tab)",
			       TEXT_ARG(text_head(key, 40)));
	if (!find_action(command, &b.action))
		return err_set(err, ERR_USAGE, "no command is called " TEXT_FMT " (: and Tab lists)",
			       TEXT_ARG(text_head(command, 40)));
	if (kind && !(contexts_of(b.action) & (kind->keys | EVERYWHERE)))
		return err_set(err, ERR_USAGE, "the screen %s has no command " TEXT_FMT, kind->name,
			       TEXT_ARG(command));
	memcpy(b.key, key.p, key.n);
	b.screen = kind ? kind->name : NULL;
	for (size_t i = 0; i < m->n; i++)
		if (meet(&m->binds[i], &b))
			return err_set(err, ERR_USAGE, TEXT_FMT " has a meaning already, of line %u",
				       TEXT_ARG(key), m->binds[i].line);
	if (m->n == KEYMAP_MAX)
		return err_set(err, ERR_USAGE, "more than %d keys", KEYMAP_MAX);
	m->binds[m->n++] = b;
	return true;
}

/* The user's meaning of a key: that for the screen before that for all. */
static const struct key_bind *
find_bind(const struct keymap *m, const char *screen, uint32_t press, unsigned where)
{
	for (int special = 1; special >= 0; special--) {
		for (size_t i = 0; i < m->n; i++) {
			const struct key_bind *b = &m->binds[i];

			if (b->press == press && !b->screen == !special && on_screen(b, screen) &&
			    (contexts_of(b->action) & where))
				return b;
		}
	}
	return NULL;
}

enum action
keymap_find(const struct keymap *m, const char *screen, uint32_t press, unsigned where)
{
	const struct key_bind *b = find_bind(m, screen, press, where);

	return b ? b->action : keys_find(press, where);
}

struct text
keymap_keys(const struct keymap *m, const char *screen, const struct key_line *line,
	    struct arena *keep)
{
	struct text all = TEXT(""), names = text_of(line->keys);

	for (size_t i = 0; i < m->n; i++)
		if (m->binds[i].action == line->action && on_screen(&m->binds[i], screen))
			all = arena_printf(keep, TEXT_FMT "%s%s", TEXT_ARG(all), all.n ? " " : "",
					   m->binds[i].key);
	if (m->n == 0)
		return names;
	while (!text_absent(names)) {
		struct text name = text_cut(&names, ' ');
		uint32_t    press;

		if (keys_parse(name, &press) && !find_bind(m, screen, press, line->where))
			all = arena_printf(keep, TEXT_FMT "%s" TEXT_FMT, TEXT_ARG(all),
					   all.n ? " " : "", TEXT_ARG(name));
	}
	return all;
}
