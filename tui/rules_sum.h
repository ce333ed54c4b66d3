/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * rules_sum.h - how a risk score adds up: one line for each rule, score times occurrences.
 */
#ifndef AUGER_TUI_RULES_SUM_H
#define AUGER_TUI_RULES_SUM_H

#include "tui/app.h"

/* Adds the lines for the risk events that the filter leaves. */
void rules_sum(struct app *app, const struct case_filter *f, struct doc *d);

#endif
