/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * import_prompt.h - evidence into the open case: the prompt for a path, the import that it starts.
 */
#ifndef AUGER_TUI_IMPORT_PROMPT_H
#define AUGER_TUI_IMPORT_PROMPT_H

#include "tui/app.h"

void import_prompt_open(struct app *app);

/* Takes what the running import says, and its end; nothing where none runs. */
void import_poll(struct app *app);
/* False: none runs. */
bool import_stop(struct app *app);
/* How far it is; absent: none runs. */
struct text import_words(const struct app *app, struct arena *keep);

#endif
