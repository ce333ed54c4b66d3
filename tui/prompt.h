/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * prompt.h - one line of input at the foot of the screen.
 *
 * Enter gives the text to done, Esc gives it up; one press of Esc is always enough.
 */
#ifndef AUGER_TUI_PROMPT_H
#define AUGER_TUI_PROMPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"
#include "tui/screen.h"

struct app;

typedef void prompt_fn(struct app *app, struct text text);

struct prompt {
	bool        open;
	const char *label, *help; /* help: what Enter does, in the hint line's place */
	char        text[2048];
	size_t      n, at; /* length, cursor; bytes */
	prompt_fn  *done;    /* Enter */
	prompt_fn  *changed; /* after every change; may be NULL */
	prompt_fn  *given_up; /* Esc; may be NULL; gets the text it began with */
	prompt_fn  *complete; /* Tab; may be NULL */
	char        begun[256];
	size_t      n_begun;
	size_t      history; /* how far back */
	/* The earlier inputs of this kind, oldest first; may be NULL. */
	const struct text *(*past)(struct app *app, size_t *n);
};

void prompt_open(struct prompt *p, const char *label, const char *help, struct text start);
void prompt_set(struct prompt *p, struct text text);
/* Handles the key; may call the functions above. */
void prompt_press(struct app *app, struct prompt *p, uint32_t press);
void prompt_draw(const struct prompt *p, struct screen *s, int row);

#endif
