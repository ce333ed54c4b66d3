/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * filter_pred.h - the filter asked of events that are read one by one.
 *
 * Ownership: predicates live in KEEP and point to the texts of the filter.
 */
#ifndef AUGER_TUI_FILTER_PRED_H
#define AUGER_TUI_FILTER_PRED_H

#include "base/pred.h"
#include "store/query.h"

/* Events that the filter may let through, as far as an event can tell; event_sieve knows the rest. */
const struct pred *filter_pred(const struct case_filter *f, struct arena *keep);
/* The time that it leaves, as far as one span can tell. */
struct span filter_span(const struct case_filter *f);
/* Does it ask for fields that lists of rows do not know? */
bool filter_asks_fields(const struct case_filter *f);

#endif
