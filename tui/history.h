/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * history.h - the searches of this case so far: when they were last run, and how many rows they gave.
 *
 * Kept in the case; the latest HISTORY_MAX. A search that is run again moves to the end.
 */
#ifndef AUGER_TUI_HISTORY_H
#define AUGER_TUI_HISTORY_H

#include "tui/screen.h"

struct app;

#define HISTORY_MAX 200

struct past_search {
	struct text text;
	int64_t     time_ns; /* WHEN_NONE: not known */
	uint64_t    rows;
	bool        counted, more; /* ROWS is known; there were more */
};

struct history {
	struct past_search of[HISTORY_MAX]; /* oldest first */
	size_t             n;
};

void history_add(struct app *app, struct text text);
void history_ran(struct app *app, struct text text, uint64_t rows, bool more);
/* BACK 1 is the latest; absent: there is none. */
struct text history_text(struct app *app, size_t back);
void        history_forget(struct app *app, size_t back);

void history_restore(struct app *app);

/* Those with NEEDLE in them, latest first; the one of CHOSEN (0: none) is pointed at. Returns the
 * rows of the screen that were used. */
int history_draw(struct app *app, struct area a, struct text needle, size_t chosen);

#endif
