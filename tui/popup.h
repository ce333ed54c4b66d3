/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * popup.h - what could stand next at a prompt, and what is wrong with what stands there.
 *
 * A popup is passive: it owns no key but Tab, which takes a line of it; Enter and Esc belong to the
 * prompt. It lies over the view, above the status line, and is made anew for every drawing.
 */
#ifndef AUGER_TUI_POPUP_H
#define AUGER_TUI_POPUP_H

#include "base/arena.h"
#include "tui/screen.h"

#define POPUP_ADVICE_MAX 4

struct popup_line {
	struct text insert; /* in place of the range */
	struct text note;   /* what it is, how many there are; may be absent */
};

struct popup {
	struct arena      *keep;
	struct text        title; /* "fields" */
	struct popup_line *lines;
	size_t             n, cap;
	size_t             from, to; /* bytes of the text that a line replaces */
	struct text        advice[POPUP_ADVICE_MAX];
	size_t             n_advice;
	struct text        verdict; /* of the whole text, for the status line; absent: none */
	size_t             place;   /* byte of the text that it is about; TEXT_NOWHERE: all of it */
	size_t             wrong_at; /* byte of the text; TEXT_NOWHERE: nothing is wrong yet */
};

void popup_begin(struct popup *p, struct arena *keep, size_t from, size_t to);
void popup_add(struct popup *p, struct text insert, struct text note);
void popup_advise(struct popup *p, struct text line);

/* In the lower right of AREA, its left edge at COLUMN where that fits; line CHOSEN is pointed at.
 * Nothing to say, or no room for it: nothing is drawn. */
void popup_draw(const struct popup *p, struct screen *s, struct area area, int column,
		size_t chosen);

#endif
