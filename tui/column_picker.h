/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * column_picker.h - the columns of a list to choose from: shown or not, in which order, how wide. The
 * list above follows at once; Enter keeps it so, Esc leaves it as it was.
 */
#ifndef AUGER_TUI_COLUMN_PICKER_H
#define AUGER_TUI_COLUMN_PICKER_H

#include "tui/app.h"

void column_picker_open(struct app *app, struct view *v);
void column_picker_close(struct app *app); /* what Enter did not keep is gone */
void column_picker_press(struct app *app, uint32_t press);
void column_picker_draw(struct app *app, struct area a);

/* What its keys are, for the last line. */
struct text column_picker_hints(void);

#endif
