/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * prompt.h - one line of input at the foot of the screen.
 *
 * Enter gives the text to done, Esc gives it up; one press of Esc is always enough. Where the
 * prompt can suggest, Tab takes the first suggestion and, pressed again, the next.
 */
#ifndef AUGER_TUI_PROMPT_H
#define AUGER_TUI_PROMPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"
#include "tui/popup.h"
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
	/* Fills OUT for TEXT with the cursor at byte AT; may be NULL. */
	void (*suggest)(struct app *app, struct text text, size_t at, struct popup *out);
	/* Draws in the view's place while there is no text; may be NULL. */
	void (*blank)(struct app *app, struct area a);
	/* The text and cursor that suggestions are for: as typed, whatever Tab has made of it. */
	char        typed[2048];
	size_t      n_typed, at_typed;
	size_t      taken; /* suggestions taken since; 0: none */
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
/* Suggestions for what was typed, in KEEP; false: this prompt has none. */
bool prompt_suggest(struct app *app, const struct prompt *p, struct arena *keep,
		    struct popup *out);
/* From byte WRONG_AT on (TEXT_NOWHERE: nothing) the text is marked. Returns the column at which
 * byte MARK of the text stands. */
int prompt_draw(const struct prompt *p, struct screen *s, int row, size_t wrong_at, size_t mark);

#endif
