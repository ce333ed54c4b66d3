/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * command.h - the palette behind ':': every key by its name, every view, filters, searches.
 *
 * Prefixes are enough where they are plain. "123" goes to that row.
 */
#ifndef AUGER_TUI_COMMAND_H
#define AUGER_TUI_COMMAND_H

#include "tui/app.h"

void command_run(struct app *app, struct text line);
void command_suggest(struct app *app, struct text text, size_t at, struct popup *out);

#endif
