/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * time_words.h - times of a filter as people write them: a day, from when to when, back from the
 * case clock.
 *
 * "2020-09-21" is that day, "2020-09-21 14:30" that minute, "A..B" from A up to B and through the end
 * of B when that is a day; either may be left out. Each is what rules/timespec.h reads, so relative
 * ones (-24h@h) count from the case clock when they are written. "7d" and "-24h" alone, or up to now,
 * are a window of lookback.h, which follows that clock.
 */
#ifndef AUGER_TUI_TIME_WORDS_H
#define AUGER_TUI_TIME_WORDS_H

#include "store/query.h"

enum compare { COMPARE_IS, COMPARE_LESS, COMPARE_AT_MOST, COMPARE_MORE, COMPARE_AT_LEAST };

/* Sets the span, or the length of the window, of C; for its part see excludes. CLOCK_NS as WHEN_NONE:
 * the case has none. */
bool time_words_read(struct text words, enum compare compare, int64_t clock_ns, struct condition *c,
		     struct err *err);

#endif
