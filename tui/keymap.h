/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * keymap.h - the keys in force: those of keys.def under those of the user.
 *
 * A key of the user is for one screen or for all; on its screen it has that one meaning, whatever
 * keys.def says of it. Two meanings given by the user for a key that meet on a screen are refused.
 */
#ifndef AUGER_TUI_KEYMAP_H
#define AUGER_TUI_KEYMAP_H

#include "base/arena.h"
#include "tui/keys.h"

#define KEYMAP_MAX 200

struct key_bind {
	const char *screen; /* name of a view kind; NULL: all */
	uint32_t    press;
	char        key[16]; /* as written */
	enum action action;  /* ACTION_NONE: the key does nothing */
	unsigned    line;    /* of the file */
};

struct keymap {
	struct key_bind binds[KEYMAP_MAX];
	size_t          n;
};

/* SCREEN "all" or a view kind's name, KEY as keys_parse has it, COMMAND a line of keys.def in the
 * palette's spelling or "none". Errors: ERR_USAGE; the map stays. */
bool keymap_bind(struct keymap *m, struct text screen, struct text key, struct text command,
		 unsigned line, struct err *err);

/* What the key means on a screen whose contexts are WHERE; ACTION_NONE: nothing. */
enum action keymap_find(const struct keymap *m, const char *screen, uint32_t press,
			unsigned where);

/* The keys of an action on a screen, in the spelling of keys.def; empty: it has lost them. */
struct text keymap_keys(const struct keymap *m, const char *screen, const struct key_line *line,
			struct arena *keep);

#endif
