/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * filter.h - the filter that every view obeys: its chips, its keys, its undo.
 */
#ifndef AUGER_TUI_FILTER_H
#define AUGER_TUI_FILTER_H

#include "tui/app.h"

void filter_begin(struct app *app, const struct case_filter *start); /* NULL: everything */

/* "[host=WS-07] [technique=T1047]", "(...)" while switched off; empty when nothing is filtered. */
struct text filter_chips(const struct app *app, const struct view *v, struct arena *keep);

/* c X u Ctrl-R Ctrl-F +; false: not its business. */
bool filter_act(struct app *app, struct view *v, enum action action);

/* "host=WS-07 technique=T1047": a word of the command line or the palette; sets one part. */
bool filter_set_word(struct app *app, struct text word, struct err *err);

/* The filter as such words, one a line. */
struct text filter_words(const struct case_filter *f, struct arena *keep);

/* Events the filter lets through, as a predicate (what an event cannot tell is left out). */
const struct pred *filter_pred(const struct case_filter *f, struct arena *keep);

#endif
