/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * listed.h - the texts of a long "x IN (...)" of where and eval, filed by what they are.
 *
 * Const once made; the expressions must live as long.
 */
#ifndef AUGER_RULES_LISTED_H
#define AUGER_RULES_LISTED_H

#include "rules/functions.h"

struct listed;

/* NULL: there are too few of them to be worth it. */
const struct listed *listed_make(struct arena *keep, struct expr *const *items, size_t n);
bool                 listed_has(const struct listed *l, struct text value);
/* The items that are no texts, or may equal a number: they have to be compared one by one. */
size_t               listed_others(const struct listed *l, struct expr *const **out);

#endif
