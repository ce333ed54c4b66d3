/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * theme.h - what the roles of cells look like: dark, light, high contrast, without colour.
 *
 * A look names attributes and colours; the terminal takes what it can of them. Colours are the 16
 * of every terminal, the 256 of most, or 24 bits; each look says what stands for it in 8.
 */
#ifndef AUGER_TUI_THEME_H
#define AUGER_TUI_THEME_H

#include <stdint.h>

#include "base/err.h"
#include "tui/screen.h"

enum look_attribute {
	LOOK_BOLD = 1 << 0,
	LOOK_DIM = 1 << 1,
	LOOK_UNDERLINE = 1 << 2,
	LOOK_REVERSE = 1 << 3,
};

#define COLOUR_DEFAULT (-1)
#define COLOUR_RGB     0x1000000 /* | 0xrrggbb; below it: 0 to 255 of the palette */

struct look {
	unsigned attributes;
	int32_t  fg, bg;
	int8_t   fg8; /* where there are 8 colours: 0 to 7 or COLOUR_DEFAULT */
	int8_t   bg8;
};

struct theme {
	const char *name, *help;
	struct look looks[ROLE_COUNT];
};

extern const struct theme themes[]; /* ends with a name of NULL */
#define THEME_NAMES_MAX 128
void theme_names(char out[THEME_NAMES_MAX]); /* "dark light ..." */
const struct theme *theme_find(struct text name); /* or how it begins; NULL: there is none */
/* That of a dark screen, or of a light one where the terminal says so (COLORFGBG). */
const struct theme *theme_usual(void);

/* "crit", "match": the role as the file of keys and colours has it. */
bool        theme_role(struct text name, enum role *out);
const char *theme_role_name(enum role role);
/* "bold red", "black on #ffcc00", "plain". Errors: ERR_USAGE names the word. */
bool look_parse(struct text words, struct look *out, struct err *err);

/* The colour in a terminal of so many: a number for it, or COLOUR_DEFAULT. */
int colour_for(int32_t colour, int8_t in8, int colours);

#endif
