/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * trial.h - the search that is being typed, run beside the prompt: its first rows, and how many.
 *
 * Begun when typing rests, on a worker of its own, and given up by the next key, which never waits
 * for it. Of a text that is no whole search, its longest beginning that is one is tried. What was
 * found stays on the screen until there is something newer.
 */
#ifndef AUGER_TUI_TRIAL_H
#define AUGER_TUI_TRIAL_H

#include "tui/screen.h"

struct app;

void trial_changed(struct app *app, struct text text); /* empty: no trial */
void trial_end(struct app *app); /* the prompt is closed */
void trial_free(struct app *app);

/* Begins what is due, with NOW also what is not yet. */
void trial_step(struct app *app, bool now);
int  trial_due_ms(const struct app *app); /* until there is something to begin; -1: nothing */
/* Takes what was found; returns whether more is to come. */
bool trial_results(struct app *app);
int  trial_descriptor(const struct app *app); /* readable when something was found; -1: none */
void trial_wait(struct app *app);
/* Is the text still being typed? */
bool trial_waits(const struct app *app);

/* False: there is nothing to show. */
bool trial_draw(struct app *app, struct area a);

#endif
