/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * empty.h - an empty list says why it is empty and which key changes that.
 *
 * Nothing found, could not look, nothing there to look at, hidden by the filter: four answers.
 */
#ifndef AUGER_TUI_EMPTY_H
#define AUGER_TUI_EMPTY_H

#include "tui/app.h"

void empty_draw(struct app *app, struct view *v, struct area a);

/* For views of findings and risk: what the ledger says about rules that found nothing. */
void empty_from_ledger(struct app *app, struct view *v, struct doc *d);
/* The same in one line, for a list that looks well without findings; absent: there are some. */
struct text empty_in_brief(struct app *app, struct arena *keep);

#endif
