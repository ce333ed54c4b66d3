/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * drilldown_drop.h - conditions that nothing could be compared with leave a search, each together
 * with the NOT, AND or OR that held it: what is left asks for neither more nor less.
 */
#ifndef AUGER_RULES_DRILLDOWN_DROP_H
#define AUGER_RULES_DRILLDOWN_DROP_H

#include "base/arena.h"
#include "base/text.h"

/* Stands for such a condition, outside of quotes. */
#define DROPPED TEXT("\x01")

/* A stage that has no other condition asks for everything. */
struct text without_dropped(struct text search, struct arena *keep);

#endif
