/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * computers.h - the computers that a finding is about, seen from the place one came from.
 */
#ifndef AUGER_TUI_COMPUTERS_H
#define AUGER_TUI_COMPUTERS_H

#include "tui/app.h"

/* The computer that the nearest place is about; absent: none is. */
struct text computers_place(const struct app *app);

/* The computer of the place, where F gives it risk; else the first of F. F is whole. */
struct text computers_first(const struct app *app, const struct finding *f);

/* The risk object of F that is the computer of the place; NULL: none is. F is whole. */
const struct risk_object *computers_object(const struct app *app, const struct finding *f);

/* "WS-07", "WS-07 and 3 more": that one, and how many others F gives risk. */
struct text computers_said(const struct app *app, const struct finding *f, struct arena *keep);

#endif
