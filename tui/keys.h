/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * keys.h - what keys mean: one table (keys.def) behind dispatch, hint line, help and manual.
 *
 * A key press is a Unicode code point or one of enum press. A screen names the contexts it lives
 * in; within them a key has one meaning (tests/test_keys.c).
 */
#ifndef AUGER_TUI_KEYS_H
#define AUGER_TUI_KEYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/text.h"

enum action {
	ACTION_NONE,
#define KEY(action, keys, where, group, word, help) ACTION_##action,
#include "tui/keys.def"
#undef KEY
	ACTION_COUNT
};

/* Contexts, combined with |. */
enum keys_where {
	KEYS_ALWAYS = 1 << 0,
	KEYS_MOVES = 1 << 1,    /* has a cursor */
	KEYS_ASIDE = 1 << 2,    /* has columns to choose */
	KEYS_LIST = 1 << 3,
	KEYS_TEXT = 1 << 4,
	KEYS_OPENS = 1 << 5,    /* rows lead somewhere */
	KEYS_INSIDE = 1 << 6,   /* one of a list */
	KEYS_TABS = 1 << 7,     /* several tabs */
	KEYS_PANES = 1 << 8,    /* tabs or panes */
	KEYS_CELLS = 1 << 9,    /* values that can become filters */
	KEYS_RULED = 1 << 10,   /* there is a rule behind it */
	KEYS_FINDINGS = 1 << 11,
	KEYS_EVENTS = 1 << 12,
	KEYS_EVENT = 1 << 13,
	KEYS_RISK = 1 << 14,
	KEYS_TIMELINE = 1 << 15,
	KEYS_AROUND = 1 << 16,  /* has a host and a time */
	KEYS_MARKS = 1 << 17,   /* rows can be marked, for what is done to many */
	KEYS_TREE = 1 << 21,    /* rows have rows below them */
	KEYS_BRUSH = 1 << 22,   /* a range can be marked */
	KEYS_DRILLS = 1 << 19,  /* leads elsewhere */
	KEYS_CHIPS = 1 << 18,   /* the filter bar is edited */
	KEYS_HIDING = 1 << 20,  /* a filter of a rule */
	KEYS_WEIGHS = 1 << 24,  /* rows are about somebody who has risk */
	KEYS_SIDE = 1 << 25,    /* what risk is counted from */
	KEYS_NOTED = 1 << 23,   /* findings or events: can have notes and bookmarks */
};

enum keys_group { KEYS_MOVE, KEYS_LOOK, KEYS_NARROW, KEYS_DO };

enum press {
	PRESS_NONE = 0x110000,
	PRESS_UP,
	PRESS_DOWN,
	PRESS_LEFT,
	PRESS_RIGHT,
	PRESS_HOME,
	PRESS_END,
	PRESS_PAGE_UP,
	PRESS_PAGE_DOWN,
	PRESS_SHIFT_TAB,
	PRESS_DELETE,
	PRESS_F1,
	PRESS_F2,
	PRESS_F5,
	PRESS_WHEEL_UP,
	PRESS_WHEEL_DOWN,
	PRESS_CLICK, /* where: terminal_click */
	PRESS_RELEASE,
	PRESS_PASTE,     /* what follows was pasted, */
	PRESS_PASTE_END, /* up to here */
	PRESS_RESIZE,
};
#define PRESS_CTRL(letter) ((letter) & 0x1f)
#define PRESS_ENTER  '\n'
#define PRESS_TAB    '\t'
#define PRESS_ESCAPE 27
#define PRESS_BACKSPACE 127

struct key_line {
	enum action     action;
	const char     *name; /* "SORT_LEFT": the command is its lower case form with '-' */
	const char     *keys;
	unsigned        where;
	enum keys_group group;
	const char     *word, *help;
};
/* The table in the order of keys.def; ends with ACTION_NONE. */
const struct key_line *keys_table(void);
const struct key_line *keys_line(enum action a);

/* "sort-left" of SORT_LEFT: the action in the palette and in the file of keys. */
struct text keys_command(const struct key_line *line, struct arena *keep);

enum action keys_find(uint32_t press, unsigned where); /* ACTION_NONE: no meaning here */

/* One key name of a table line or a script: "j", "Space", "Ctrl-D"; false: no such key. */
bool keys_parse(struct text name, uint32_t *press);

/* Takes the next key off a script: one character, or a name in <>; "<lt>" is '<'. */
bool keys_next(struct text *script, uint32_t *press, struct err *err);

#endif
