/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * terminal.h - the grid on a real terminal, and its keys: with paint.c the only code that knows ncurses.
 *
 * One write for each screen, and only of what changed. Nothing is asked of the terminal.
 */
#ifndef AUGER_TUI_TERMINAL_H
#define AUGER_TUI_TERMINAL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/text.h"
#include "tui/screen.h"
#include "tui/theme.h"

struct terminal;

/* ASCII, COLOUR: what the locale, NO_COLOR and the terminal allow is found out here. */
struct terminal *terminal_open(bool no_colour, struct err *err);
/* Looks of the roles from now on; without colour where there is none. */
void             terminal_wear(struct terminal *t, const struct theme *theme);
void             terminal_close(struct terminal *t);
/* Leaves the terminal to the shell until the user comes back to this program. */
void             terminal_suspend(struct terminal *t);
bool             terminal_is_ascii(const struct terminal *t);

void terminal_size(const struct terminal *t, int *rows, int *columns);
void terminal_show(struct terminal *t, const struct screen *s);
void terminal_redraw(struct terminal *t); /* all of it, next time */

/* The next key that is waiting; PRESS_NONE: none. PRESS_RESIZE: the size has changed. */
uint32_t terminal_key(struct terminal *t);

/* Takes clicks and the wheel, or leaves them to the terminal. */
void terminal_mouse(struct terminal *t, bool on);
/* Where the last PRESS_CLICK was. */
void terminal_click(const struct terminal *t, int *row, int *column);

/* Hands text to the terminal's clipboard (OSC 52), through tmux and screen too. */
void terminal_copy(struct terminal *t, struct text text);

/* Waits for a key or until one of N descriptors (at most 5) is readable; TIMEOUT_MS -1: for ever.
 * False: the terminal is gone. */
bool terminal_wait(const int *descriptors, int n, int timeout_ms);

#endif
