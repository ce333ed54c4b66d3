/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * picker.h - computers to tick: typing narrows, Space ticks, Enter makes a chip of the ticked.
 */
#ifndef AUGER_TUI_PICKER_H
#define AUGER_TUI_PICKER_H

#include "tui/app.h"

void picker_open(struct app *app);
void picker_close(struct app *app);
void picker_press(struct app *app, uint32_t press);
void picker_draw(struct app *app, struct area a);

/* What its keys are, for the last line. */
struct text picker_hints(void);

#endif
