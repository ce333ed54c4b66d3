/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * filter.h - the filter that every view obeys: its chips and its keys.
 *
 * A chip is one condition of the store (query.h) that can be switched off. Chips belong to the
 * session; what a place is about (a host, what was followed into it) is added to them and goes with
 * the place.
 */
#ifndef AUGER_TUI_FILTER_H
#define AUGER_TUI_FILTER_H

#include "tui/app.h"

void filter_begin(struct app *app, const struct case_filter *start); /* NULL: everything */

/* A chip more, as it was left; no step for u. */
void filter_restore(struct app *app, const struct chip *c);

/* These chips and no others; no step for u. */
void filter_put(struct app *app, const struct filter_state *s);

/* What V is read under, in KEEP. */
struct case_filter filter_for(const struct app *app, const struct view *v, struct arena *keep);
/* As if that chip were on where it is off, and the other way round. */
struct case_filter filter_switched(const struct app *app, const struct view *v, uint32_t chip,
				   struct arena *keep);

/* + - c C X Ctrl-F f and the keys of the bar; false: not its business. */
bool filter_act(struct app *app, struct view *v, enum action action);

/* ---- changing the chips; each is one step for u ---- */

/* A chip more; one that says the same or the opposite goes. Values that are excluded join a chip
 * that excludes others of their kind. */
bool filter_add(struct app *app, const struct condition *c, struct err *err);
/* The computers: these, or all but these; none: all. */
bool filter_set_hosts(struct app *app, const struct text *hosts, uint32_t n, bool excludes,
		      struct err *err);
/* Puts C in the place of chip AT; NULL: takes it off. */
bool filter_replace(struct app *app, uint32_t at, const struct chip *c, struct err *err);

/* ---- words (filter_words.c) ---- */

/* "host=WS-07", "not technique=T1047", "off EventCode=4104", "time>-24h": what the palette, the bar and
 * the session say. CLOCK_NS: of the case. */
bool filter_read_word(struct text word, int64_t clock_ns, struct chip *out, struct arena *keep,
		      struct err *err);
struct text filter_word(const struct chip *c, struct arena *keep);
/* Sets one part: what asked for others of it goes. */
bool filter_set_word(struct app *app, struct text word, struct err *err);
/* All chips, one a line. */
struct text filter_words(const struct app *app, struct arena *keep);
/* "not host=WS-07,WS-08": as the bar shows it. */
struct text filter_label(const struct condition *c, const struct zone *zone, struct arena *keep);
/* "Computer" is a host; false: a name that no filter has. */
bool filter_part_named(struct text name, enum filter_part *out);
/* The condition that rows have this value in a column or a field of this name; false: none. */
bool filter_from_name(struct text name, struct text value, struct condition *out,
		      struct arena *keep);
/* The same for a time: the hour that it is in. */
void filter_from_time(int64_t time_ns, struct condition *out);

/* ---- the bar (filter_bar.c) ---- */

void filter_draw(struct app *app, const struct view *v, int row);
bool filter_bar_act(struct app *app, struct view *v, enum action action);
void filter_bar_look(struct app *app, struct view *v); /* what the chosen chip hides */

#endif
