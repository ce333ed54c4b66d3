/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * undo.h - what u takes back and Ctrl-R does again: changes of the chips, of the order of a list, of
 * findings and events, of marks that were let go of, of the columns of lists, of a rule's filter.
 *
 * Ownership: texts of a change lie in app.keep; undo_add_work and undo_add_hiding copy theirs.
 */
#ifndef AUGER_TUI_UNDO_H
#define AUGER_TUI_UNDO_H

#include "tui/app.h"

/* A change that has been made; what was taken back before is forgotten. */
void undo_add(struct app *app, const struct change *change);
void undo_add_work(struct app *app, const struct work_done *work, uint32_t n);
void undo_add_columns(struct app *app, const struct column_choice *was, const struct column_choice *is);
void undo_add_hiding(struct app *app, const struct filter_change *change,
		     const struct filter_outcome *outcome);

/* Sorts as the key says, as a change. */
void undo_sort(struct app *app, struct view *v, enum action action);

/* u and Ctrl-R; false: not its business. */
bool undo_act(struct app *app, enum action action);

#endif
