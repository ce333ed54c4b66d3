/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * chrome.h - the six zones around every view: where, tabs, filter, [view], status, keys.
 *
 * Zones stay where they are whatever happens; screens too low for all six lose the filter, the
 * tabs and the status line, in that order.
 */
#ifndef AUGER_TUI_CHROME_H
#define AUGER_TUI_CHROME_H

#include "tui/app.h"

void chrome_draw(struct app *app);

/* The hint line of a view, "? help" always in it. */
struct text chrome_hints(struct app *app, const struct view *v, int columns, struct arena *keep);

/* Has the list a preview, and this screen room for it? */
bool chrome_has_preview(const struct app *app, const struct view *v);

/* "1.05M" */
struct text chrome_short(uint64_t n, struct arena *keep);

#endif
