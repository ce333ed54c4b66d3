/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * collected.h - which fields of a search's rows hold the values of a group, by its text: findings
 * keep several values as lines of one.
 */
#ifndef AUGER_RULES_COLLECTED_H
#define AUGER_RULES_COLLECTED_H

#include <stdbool.h>

#include "base/text.h"

/* Does values() or list() give NAME its values? The prefix of a data set may have been dropped. */
bool search_collects(struct text spl, struct text name);

#endif
