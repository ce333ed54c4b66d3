/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * doc.h - text on the screen: fields, paragraphs, numbered code, matched places, links.
 *
 * Items are added in reading order, wrapped when drawn. Where the screen is wide enough a document
 * is shown in two panes: an item says which one is its own; in one column all follow each other.
 */
#ifndef AUGER_TUI_DOC_H
#define AUGER_TUI_DOC_H

#include "base/pred.h"
#include "tui/keys.h"
#include "tui/screen.h"
#include "tui/syntax.h"

enum doc_kind {
	DOC_FIELD, /* label and text */
	DOC_RULE,  /* heading of a part; label is the heading, text stands at the right */
	DOC_PLAIN, /* text as it is; label unused */
	DOC_CODE,  /* one line of source with its number */
};

struct doc_item {
	enum doc_kind kind;
	int           pane; /* 0 left, 1 right */
	struct text   label, text;
	enum role     role;
	uint32_t      number;       /* DOC_CODE; 0: goes on from the line above */
	struct range *ranges;       /* matched places in text, ascending */
	uint32_t      n_ranges;
	const struct syntax_span *spans; /* of the whole script; text begins at SPANS_AT of it */
	size_t        n_spans, spans_at;
	int64_t       link;         /* what Enter opens; 0: nothing */
	int           label_need;   /* columns of the longest label of its part */
};

struct doc_line {
	uint32_t item;
	uint32_t from, n; /* bytes of its text */
	bool     first;
};

struct doc_pane {
	struct doc_line *lines;
	size_t           n, cap;
	size_t           top, cursor;
	int              width, page; /* as laid out; 0: not yet */
};

struct doc {
	struct arena    *keep;
	struct doc_item *items;
	size_t           n, cap;
	int              label_width; /* at least; names that are longer get more where there is room */
	size_t           part;        /* the first item behind the last heading */
	int              pane;      /* the pane that new items go to */
	bool             two_panes; /* as last drawn */
	bool             has_right; /* something is in the right pane */
	int              focus;     /* pane with the cursor */
	struct doc_pane  panes[2];
	/* find as typed; folded */
	char             find[128];
	size_t           n_find;
};

void doc_reset(struct doc *d, struct arena *keep); /* cursor and find stay */
void doc_rewind(struct doc *d);

struct doc_item *doc_field(struct doc *d, const char *label, struct text t);
/* The same, left out when T is empty. */
struct doc_item *doc_fact(struct doc *d, const char *label, struct text t);
/* The same, of no more than two lines of COLUMNS. */
struct doc_item *doc_brief(struct doc *d, const char *label, struct text t, int columns,
			   const struct screen *s);
struct doc_item *doc_rule(struct doc *d, struct text title, struct text right);
struct doc_item *doc_plain(struct doc *d, struct text t);
/* Rule files break prose at a width of their own: lines of a paragraph are one, lists stay. */
struct text doc_paragraphs(struct text prose, struct arena *keep);
void             doc_blank(struct doc *d);
/* A block of text as numbered lines; RANGES are places in all of T. */
void doc_code(struct doc *d, struct text t, const struct range *ranges, size_t n_ranges);
/* The same for a script: comments, strings and commands are told apart, long lines are broken
 * where a statement ends. */
void doc_script(struct doc *d, struct text t, const struct range *ranges, size_t n_ranges);
void doc_match(struct doc *d, struct doc_item *item, const struct range *ranges, size_t n_ranges);

#define DOC_PANES_FROM 110 /* columns that two panes need */
/* Columns that a plain line has in PANE (0: left) of a screen this wide before it is broken. */
int doc_plain_columns(const struct screen *s, int pane);
void doc_draw(struct doc *d, struct screen *s, struct area a, bool two_panes);
/* The beginning, without a cursor: a preview. */
void doc_draw_plain(struct doc *d, struct screen *s, struct area a);
bool doc_act(struct doc *d,
	     enum action a); /* moves, n N, Tab between panes; false: not its business */

void doc_seek(struct doc *d, struct text what);
/* Puts the cursor on the next place that matches; false: there is none. */
bool doc_next_match(struct doc *d, int step);
/* Which of how many places the cursor is at; 0 of 0: none. False: the text is too long to count. */
bool doc_match_count(const struct doc *d, size_t *at, size_t *of);

const struct doc_item *doc_current(const struct doc *d); /* NULL: empty */
size_t doc_line_count(const struct doc *d);
size_t doc_cursor(const struct doc *d);

#endif
