/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * paint.h - what a terminal is sent so that it shows another grid: moves, looks, text.
 *
 * All of one screen is one run of bytes, to be written at once: a curses library may write at every
 * move of the cursor, hundreds of times for a page. What the terminal understands is taken from its
 * entry in terminfo, which the curses library has read by then. The bytes begin and end with plain
 * looks; between two screens anything may be sent that moves nothing and wears nothing.
 */
#ifndef AUGER_TUI_PAINT_H
#define AUGER_TUI_PAINT_H

#include "tui/screen.h"
#include "tui/theme.h"

struct paint;

/* ASCII: nothing beyond it can be shown. COLOUR: may be used where the terminal has it. */
struct paint *paint_new(bool ascii, bool colour);
void          paint_free(struct paint *p);
/* Looks of the roles from now on; draws all of the next screen. */
void          paint_wear(struct paint *p, const struct theme *theme);
/* The terminal shows something else by now: all of the next screen is sent. */
void          paint_forget(struct paint *p);
/* The bytes from what is shown to S, good until the next call. */
struct text   paint_screen(struct paint *p, const struct screen *s);

#endif
