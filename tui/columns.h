/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * columns.h - which columns of a list the user wants to see, in which order, how wide: one choice for
 * each kind of list, on the screen only.
 *
 * A choice names columns as their files do, those without a name there by the first word of their
 * head; so it holds in all lists of its kind, also where these have other columns. Widths are columns
 * of the terminal. Choices live as long as the case is open.
 */
#ifndef AUGER_TUI_COLUMNS_H
#define AUGER_TUI_COLUMNS_H

#include "tui/list.h"

#define COLUMN_LEAST 4 /* widths that can be asked for */
#define COLUMN_MOST  200

struct app;
struct view;
struct view_kind;

struct column_wish {
	struct text    name;
	enum list_wish wish;
	int            width; /* 0: as built */
};

struct column_choice {
	const struct view_kind *kind;
	struct column_wish      of[LIST_COLUMNS_MAX]; /* in their order */
	unsigned                n; /* 0: all is as built */
	struct column_choice   *next;
};

/* Not of the results of a search: which columns they have, it says itself. */
bool columns_can_be_chosen(const struct view_kind *kind);

/* After the list was read: its columns become those of the choice. */
void columns_loaded(struct app *app, struct view *v);

/* What there is for the kind; made where there was none. */
struct column_choice *columns_of(struct app *app, const struct view_kind *kind);
/* Each of V's columns comes into the choice, to be changed. */
void columns_begin(struct app *app, const struct view *v, struct column_choice *choice);
/* After it was changed: all lists of the kind follow. */
void columns_changed(struct app *app, const struct column_choice *choice);
/* As another choice for the kind was. */
void columns_set(struct app *app, const struct column_choice *as);
bool columns_same(const struct column_choice *a, const struct column_choice *b);
/* A choice that changes nothing in V is none. */
void columns_end(struct view *v, struct column_choice *choice);

/* Where V's list has the column; TEXT_NOWHERE: it has none of that name. */
size_t columns_place(const struct view *v, const struct column_wish *wish);

/* The least width that can be asked for: numbers are not cut. More than COLUMN_MOST: none, a time is as
 * wide as it is. */
int columns_least(const struct table *t, const struct list_column *c);

/* "findings risk_score +rule=30 -user", a line for each kind: signs are of shown and hidden. */
struct text columns_words(const struct app *app, struct arena *keep);
/* What is no such line is left out. */
void columns_restore(struct app *app, struct text words);

#endif
