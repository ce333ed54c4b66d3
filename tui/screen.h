/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * screen.h - the grid of cells that every view draws into.
 *
 * The terminal (paint.h) is one back end of the grid, the golden file (screen_dump) the other. All
 * text passes screen_put: whatever would drive a terminal becomes a visible stand-in there, and
 * nowhere else needs to care. Drawing outside the grid or the given width is cut, never an error.
 */
#ifndef AUGER_TUI_SCREEN_H
#define AUGER_TUI_SCREEN_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/arena.h"
#include "base/text.h"
#include "tui/zone.h"

/* What a cell means; the back end decides how that looks. Colour never carries meaning alone. */
enum role {
	ROLE_TEXT,
	ROLE_DIM,
	ROLE_HEAD,   /* headings, chosen tab, key names */
	ROLE_MARK,   /* chips, things the user set */
	ROLE_FLAG,   /* warnings, error messages */
	ROLE_CRIT,
	ROLE_HIGH,
	ROLE_MATCH,  /* matched text of a finding or of a search */
	ROLE_COUNT,
};

struct grid_cell {
	uint32_t code;
	uint32_t marks[2]; /* combining marks; further ones are dropped */
	uint8_t  width;    /* 1, 2; 0: right half of a wide one */
	uint8_t  role;
	bool     cursor;   /* in the selected row: shown reverse */
};

struct screen {
	int               rows, columns;
	struct grid_cell *cells; /* rows * columns */
	size_t            capacity;
	bool              ascii; /* nothing beyond ASCII */
	bool              years; /* times span years: short ones show the day, not the minute */
	struct zone       zone;  /* that times are shown in */
	int               cursor_row, cursor_column; /* where the terminal's cursor rests */
};

struct area {
	int row, column, rows, columns;
};

#define SCREEN_ROWS_MAX    1000
#define SCREEN_COLUMNS_MAX 1000

void screen_resize(struct screen *s, int rows, int columns); /* clears */
void screen_free(struct screen *s);
void screen_clear(struct screen *s);

/* Puts TEXT at (ROW, COLUMN) in at most WIDTH columns; text that does not fit ends with '~'.
 * Returns the columns used. */
int screen_put(struct screen *s, int row, int column, int width, struct text t, enum role role);
int screen_put_right(struct screen *s, int row, int column, int width, struct text t,
		     enum role role);
/* The same without the mark at a cut: for text that goes on in the next line. */
int screen_put_part(struct screen *s, int row, int column, int width, struct text t,
		    enum role role);

/* Columns that TEXT takes when drawn here, stand-ins included. */
int screen_width(const struct screen *s, struct text t);
/* How many bytes of TEXT fit into WIDTH columns; at least one character unless WIDTH < 1. */
size_t screen_fit(const struct screen *s, struct text t, int width);

/* "1234567890a~31": names that begin alike often differ at their end. */
struct text screen_cut_middle(const struct screen *s, struct text t, int width, struct arena *keep);
/* "WIN-DC01~": the domain of a computer goes first, then the middle. An address has none. */
struct text screen_cut_domain(const struct screen *s, struct text host, int width, struct arena *keep);
/* "powershell.exe -nop": arguments tell more than the folder of a program, quoted or not. May still
 * be wider. */
struct text screen_cut_folder(const struct screen *s, struct text command, int width,
			      struct arena *keep);

void screen_fill(struct screen *s, struct area a, enum role role); /* blanks */
void screen_role(struct screen *s, struct area a, enum role role); /* changes roles only */
void screen_tint(struct screen *s, struct area a, enum role from, enum role to); /* only those */
void screen_select(struct screen *s, int row, int column, int width); /* the selected row */

/* Signs with an ASCII form. */
enum sign {
	SIGN_LINE,
	SIGN_BAR,
	SIGN_CURSOR,
	SIGN_MARKED,
	SIGN_BOOKMARK,
	SIGN_CRUMB,
	SIGN_NONE,
	SIGN_DOWN,
	SIGN_UP,
	SIGN_TIMES,
	SIGN_DASH,
	SIGN_CORNER_NW,
	SIGN_CORNER_NE,
	SIGN_CORNER_SW,
	SIGN_CORNER_SE,
};
struct text screen_sign(const struct screen *s, enum sign sign);
/* Bars of height 0 (none) to 8. */
struct text screen_bar(const struct screen *s, int eighths);

/* Names in one line, as every screen writes them: "Execution · Lateral Movement". */
struct text screen_names(const struct screen *s, const struct text *names, size_t n,
			 struct arena *keep);

/* A line across with a heading in it; absent: just the line. */
void screen_rule(struct screen *s, int row, int column, int width, struct text title,
		 struct text right);

/* An empty box with a heading in its upper edge and a remark in its lower one; either absent. */
void screen_box(struct screen *s, struct area a, struct text title, struct text remark);

/* The screen as text, trailing blanks cut, matched text between « and ». */
void screen_dump(const struct screen *s, FILE *out);

#endif
