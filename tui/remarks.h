/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * remarks.h - what analysts say, from keys: verdicts, notes and bookmarks of the finding or event
 * under the cursor, or of all marked rows; one step for u.
 */
#ifndef AUGER_TUI_REMARKS_H
#define AUGER_TUI_REMARKS_H

#include "tui/app.h"

enum table_remark remarks_sign(bool bookmark, struct text note);
/* list.remark of lists whose rows are events; CTX is the app. Other rows have none. */
enum table_remark remarks_of_event(void *ctx, int64_t event);

/* t a *; false: not its business. */
bool remarks_act(struct app *app, struct view *v, enum action action);

/* Takes the step back, or does it again. False: it could not, and has said why. */
bool remarks_again(struct app *app, const struct change *change, bool back);

/* A note that is being written when the screen ends, by a signal or a terminal that is gone, is kept in
 * the case apart from notes: the next screen names it, and a on its finding or event goes on with it. */
void remarks_keep_draft(struct app *app);
void remarks_tell_draft(struct app *app);

/* "Bookmark", "Note" and who said so, of an event; nothing when nobody said anything. */
void remarks_tell(struct app *app, struct doc *d, int64_t event);

#endif
