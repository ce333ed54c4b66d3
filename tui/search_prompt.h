/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * search_prompt.h - the prompt that takes SPL: completion, the error where it is, history, examples.
 */
#ifndef AUGER_TUI_SEARCH_PROMPT_H
#define AUGER_TUI_SEARCH_PROMPT_H

#include "tui/app.h"

void search_prompt_open(struct app *app, struct text start);

#endif
