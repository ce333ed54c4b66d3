/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * long_list.h - lists whose rows are read when they are shown: no key waits until all were.
 *
 * What must look at every row, narrowing and sorting, is the worker's: of a narrowing the list
 * fills as rows are found, of another order it stays as it was until that is there. Few rows are
 * looked at on the spot. For views whose table has a reader.
 */
#ifndef AUGER_TUI_LONG_LIST_H
#define AUGER_TUI_LONG_LIST_H

#include "tui/app.h"

/* Functions of the view's kind. */
void long_list_narrow(struct app *app, struct view *v, struct text what);
void long_list_found(struct app *app, struct view *v, const struct found *f);
void long_list_done(struct app *app, struct view *v, bool ok, const struct err *err);

/* Rows say something new, so that others may pass the narrowing: all are looked at again. */
void long_list_again(struct app *app, struct view *v);

/* Before its rows leave the screen: all that pass the narrowing are there, whatever was looked at. */
void long_list_finish(struct app *app, struct view *v);

/* Wherever the view is to be drawn: begins what is to be done and was not stopped by the user. */
void long_list_go_on(struct app *app, struct view *v);

#endif
