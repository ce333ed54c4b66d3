/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * prompt.h - one line of input at the foot of the screen.
 *
 * Enter gives the text to done, Esc gives it up; one press of Esc is always enough. Where the
 * prompt can suggest, Tab takes the first suggestion and, pressed again, the next. Where it has
 * earlier inputs, Up and Ctrl-R bring back the latest with what was typed in it, then older ones.
 * A letter typed over a proposal takes its place; any other key begins to edit it.
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
	bool        proposed; /* the text is a proposal that no key has touched yet */
	prompt_fn  *done;    /* Enter */
	prompt_fn  *changed; /* after every change; may be NULL */
	prompt_fn  *given_up; /* Esc; may be NULL; gets the text it began with */
	/* Fills OUT for TEXT with the cursor at byte AT; may be NULL. */
	void (*suggest)(struct app *app, struct text text, size_t at, struct popup *out);
	/* Draws in the view's place; false: the view is to be seen. May be NULL. */
	bool (*draw)(struct app *app, struct area a);
	/* The text and cursor as typed, whatever Tab or Up has made of it. */
	char        typed[2048];
	size_t      n_typed, at_typed;
	size_t      taken; /* suggestions taken since; 0: none */
	char        begun[256];
	size_t      n_begun;
	size_t      history; /* how far back it is in earlier inputs; 0: not there */
	bool        recalled; /* what stands there is an earlier input, even one that is forgotten */
	/* The earlier input so far back, 1: the latest; absent: no more. May be NULL. */
	struct text (*past)(struct app *app, size_t back);
	void (*forget)(struct app *app, size_t back);
};

void prompt_open(struct prompt *p, const char *label, const char *help, struct text start);
/* Handles the key; may call the functions above. */
void prompt_press(struct app *app, struct prompt *p, uint32_t press);
/* Suggestions for what was typed, in KEEP; false: this prompt has none. */
bool prompt_suggest(struct app *app, const struct prompt *p, struct arena *keep,
		    struct popup *out);
/* What earlier inputs must have in them to be brought back, folded. */
struct text prompt_needle(const struct prompt *p, struct arena *keep);
/* From byte WRONG_AT on (TEXT_NOWHERE: nothing) the text is marked. */
void prompt_draw(const struct prompt *p, struct screen *s, int row, size_t wrong_at);
/* Where byte AT of the text stands when it is drawn; -1: it is out of sight. */
int prompt_column(const struct prompt *p, const struct screen *s, size_t at);

#endif
