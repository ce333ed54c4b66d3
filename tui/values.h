/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * values.h - names and values of the case, where one of them is being typed.
 *
 * Values are read when the first of their kind is asked for, and kept until values_forget.
 */
#ifndef AUGER_TUI_VALUES_H
#define AUGER_TUI_VALUES_H

#include "tui/app.h"

void values_forget(struct app *app);

/* Behind "EventCode=" or in "host IN (" of a search; false: AT is not such a place. */
bool values_in_search(struct app *app, struct text text, size_t at, struct popup *out);

/* Of a chip, "name=value": its name or its value. BEGUN is what stands of it before the cursor, from
 * byte FROM of the text. */
void values_in_chip(struct app *app, struct text begun, size_t from, struct popup *out);

#endif
