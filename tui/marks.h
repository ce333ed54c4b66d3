/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * marks.h - m M Esc: rows that are selected for verdicts, notes, bookmarks and exports.
 *
 * A finding or an event that is marked is so in every list of its kind, and stays so in the case, for
 * who marked it, until it is let go of; unless the case was opened read-only or keys come from a script:
 * then, as in other lists, marks are those of the list.
 */
#ifndef AUGER_TUI_MARKS_H
#define AUGER_TUI_MARKS_H

#include "tui/app.h"

/* The list has been read, or all that a scan finds has come: which of its rows are marked. */
void marks_load(struct app *app, struct view *v);

/* m M; false: not its business. */
bool marks_act(struct app *app, struct view *v, enum action action);

/* Lets go of the marks of the list, a step for u. False: there are none. */
bool marks_let_go(struct app *app, struct view *v);

/* Takes that step back, or does it again. False: its list is closed, or it could not. */
bool marks_again(struct app *app, const struct change *change, bool back);

#endif
