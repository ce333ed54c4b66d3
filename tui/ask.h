/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ask.h - the keys that ask for a line of input: narrow, find, search, export, note, command.
 */
#ifndef AUGER_TUI_ASK_H
#define AUGER_TUI_ASK_H

#include "tui/app.h"

/* False: the action is not one of these. */
bool ask_act(struct app *app, struct view *v, enum action action);

void ask_narrow_to(struct app *app, struct view *v, struct text what);

#endif
