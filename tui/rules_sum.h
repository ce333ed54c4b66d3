/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * rules_sum.h - how a host's risk adds up: one line for each of the rules that weigh most, score
 * times occurrences, and one for the rest; then what it is about.
 */
#ifndef AUGER_TUI_RULES_SUM_H
#define AUGER_TUI_RULES_SUM_H

#include "tui/app.h"

/* Adds the lines for the risk events of the host (struct host_row) that the filter leaves. */
void rules_sum(struct app *app, const struct case_filter *f, int64_t host, struct doc *d);

#endif
