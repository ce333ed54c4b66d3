/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * settings.h - the user's file of keys and colours.
 *
 *     # a remark
 *     theme  light
 *     colour crit bold white on red
 *     hosts  e export
 *     all    F5 refresh
 *
 * A line that is wrong is said with its number and left out; the others hold.
 */
#ifndef AUGER_TUI_SETTINGS_H
#define AUGER_TUI_SETTINGS_H

#include <stdio.h>

#include "tui/keymap.h"
#include "tui/theme.h"

struct settings {
	struct keymap keys;
	struct theme  theme; /* with the user's colours */
	struct look   own[ROLE_COUNT];
	bool          has_own[ROLE_COUNT];
};

typedef void settings_error_fn(void *ctx, const struct err *err);

/* The usual ones. */
void settings_begin(struct settings *s);
/* A file that does not exist is no error. */
void settings_read(struct settings *s, const char *path, settings_error_fn *fn, void *ctx);
/* Colours of the user stay. */
bool settings_theme(struct settings *s, struct text name, struct err *err);

/* All that can be set, as remarks that say how it is without them. */
void settings_print(FILE *out);
/* The same into a new file, with the folders it needs; ERR_USAGE when it exists. */
bool settings_write(const char *path, struct err *err);

#endif
