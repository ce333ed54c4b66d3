/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * span_prompt.h - asks for a time: how far around something, or one that all views are about.
 */
#ifndef AUGER_TUI_SPAN_PROMPT_H
#define AUGER_TUI_SPAN_PROMPT_H

#include "tui/app.h"

void span_prompt_open(struct app *app, const struct level *level);

#endif
