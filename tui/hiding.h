/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * hiding.h - false positives out of the way: the _filter macro of a rule, made by pointing at a cell.
 *
 * The condition can be edited; before it counts, the user sees what it would hide (view_hiding.c).
 */
#ifndef AUGER_TUI_HIDING_H
#define AUGER_TUI_HIDING_H

#include "tui/app.h"

/* From the cell or the field under the cursor. */
void hiding_begin(struct app *app, struct view *v);
/* The prompt with this definition; Enter tries it. */
void hiding_ask(struct app *app, const struct filter_change *change);
/* The prompt as it was, after a definition that did not compile. */
void hiding_ask_again(struct app *app);
/* Tries the change; AT_ONCE: does it, as a step back or forth of u. */
void hiding_open(struct app *app, const struct filter_change *change, bool at_once);

/* The rules that are shown get the filters that the case has now, whoever set them. */
void hiding_follow(struct app *app);

struct hiding;
void hiding_close(struct hiding *h);

#endif
