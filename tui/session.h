/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * session.h - where the user was: view, filter, zone and columns, kept in the case between two runs.
 */
#ifndef AUGER_TUI_SESSION_H
#define AUGER_TUI_SESSION_H

#include "tui/app.h"

void session_save(struct app *app); /* nothing when the case is read-only */
void session_restore(struct app *app);

#endif
