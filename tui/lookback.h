/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * lookback.h - the days before the case clock that all views are about, when they are not about all.
 *
 * A window is a chip like any other: a condition on time that says how long it is (condition.number,
 * in seconds) instead of from when to when. It ends at the case clock, wherever :anchor sets that.
 */
#ifndef AUGER_TUI_LOOKBACK_H
#define AUGER_TUI_LOOKBACK_H

#include "tui/app.h"

bool lookback_is(const struct condition *c);
/* "7d", "36h", "2w", "90m": what chips and :window say; false: no such length. */
bool lookback_read(struct text words, struct condition *c);
struct text lookback_length(const struct condition *c, struct arena *keep);
/* What counts as the last LENGTH_NS: behind the start, up to END_NS, as windows of incidents are. */
struct span lookback_span(int64_t end_ns, int64_t length_ns);
/* Gives C the span that it means now, behind its start and up to the clock; false: the case has no clock, so all of it is meant. */
bool lookback_resolve(const struct app *app, struct condition *c);
/* T: the last 7 days, the last 24 hours, all of the case. */
void lookback_next(struct app *app);
/* All of the case. */
void lookback_drop(struct app *app, struct err *err);
/* "risk window 7d to 2026-03-10 05:03 UTC"; absent: there is none in force. */
struct text lookback_note(const struct app *app, struct arena *keep);

#endif
