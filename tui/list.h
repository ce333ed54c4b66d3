/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * list.h - a table on the screen: one header line, rows, a cursor that keeps its row.
 */
#ifndef AUGER_TUI_LIST_H
#define AUGER_TUI_LIST_H

#include "tui/keys.h"
#include "tui/screen.h"
#include "tui/table.h"

#define LIST_COLUMNS_MAX 64
#define LIST_MARKS_MAX   1000
#define LIST_NARROW      60 /* columns: in less, times have no seconds */

enum list_look {
	LOOK_PLAIN,
	LOOK_AMOUNT,  /* 48,211; zero is shown as none */
	LOOK_RISK,    /* 1,028 in the colour of its band */
	LOOK_MINUTE,  /* 03-21 18:04; 2023-03-21 in a case that spans years */
	LOOK_WHEN,    /* 03-21 18:04; 2023-03-21 18:04 in a case that spans years */
	LOOK_SECOND,  /* 2023-03-21 18:04:33; in a narrow list as LOOK_WHEN */
	LOOK_HOST,    /* its first label where the whole name does not fit */
	LOOK_PATH,    /* of a file: folders are cut off the front */
	LOOK_MIDDLE,  /* both ends of what does not fit */
	LOOK_TAIL,    /* names that differ at their end: the front is cut */
	LOOK_COMMAND, /* the folder of the program is cut off a command line that does not fit */
};

/* What the user wants of a column (columns.h). */
enum list_wish {
	LIST_AS_BUILT,
	LIST_HIDDEN,
	LIST_SHOWN,   /* others give way to it */
	LIST_TELLING, /* and it never does: without it rows are not told from each other */
};

struct list_column {
	uint32_t       column; /* of the table */
	const char    *head;
	int            width;
	bool           flexible; /* takes what is left */
	bool           right;
	enum list_look look;
	int            from;     /* shown when the list is that wide */
	int            narrow;   /* its width in a list below LIST_NARROW; 0: the same */
	int            least;    /* to which it gives way to other columns and names of computers; 0: not */
	enum list_wish wish;
	int            wished;   /* the width that the user wants; 0: as built */
};

struct list {
	struct table              table;
	const struct list_column *columns;
	unsigned                  n_columns;
	size_t                    place, top; /* cursor and first row drawn: places in the table */
	int64_t                   id;         /* of the row under the cursor */
	bool                      has_id;
	unsigned                  aside;      /* column under the cursor */
	bool                      aside_used; /* shown once the user moved it */
	int                       needs[LIST_COLUMNS_MAX]; /* widths that the values seen so far have */
	int                       short_name; /* and that of computers without their domains */
	int                       widths[LIST_COLUMNS_MAX]; /* as last drawn; 0: there was no room */
	bool                      inert;      /* only to be seen: no cursor */
	int                       page;       /* rows that fitted when last drawn */
	int                       first_row;  /* of the screen, where they began */
	int64_t                   marks[LIST_MARKS_MAX]; /* ids of marked rows */
	size_t                    n_marks;
	/* Fills in the costly values of a row before it is drawn. */
	void (*fetch)(void *ctx, struct table *t, struct table_row *row);
	/* What analysts said of a row, asked whenever it is drawn; NULL: the row knows. */
	enum table_remark (*remark)(void *ctx, int64_t row);
	void  *ctx;
	bool   remarks; /* a column for bookmarks and notes is kept free */
};

void list_draw(struct list *l, struct screen *s, struct area a, struct arena scratch);

/* Marks the row under the cursor, or no more; the cursor goes on. False: ERR says why not. */
bool list_mark(struct list *l, struct err *err);

/* All rows from the one that was marked last to the cursor. False: ERR says why not all of them. */
bool list_mark_range(struct list *l, struct err *err);

bool list_is_marked(const struct list *l, int64_t id);

/* Moves and sorting; false: not its business. */
bool list_act(struct list *l, enum action a);

/* The order that the rows come in, unless the user chose another. */
void list_came_sorted(struct list *l, uint32_t column, bool descending);

/* After the table changed: the cursor goes to its row, or to what is nearest. */
void list_settle(struct list *l);
void list_move_to(struct list *l, size_t place);
/* To the next flagged row; STEP: 1 down, -1 up. False: there is none among the rows read. */
bool list_step_flag(struct list *l, int step);

struct table_row *list_row(const struct list *l); /* under the cursor; NULL in an empty list */
/* Its value in the column "host"; absent where there is no such row or column. */
struct text list_host(const struct list *l);
const struct list_column *list_aside(const struct list *l);

/* "RISK", and whether descending, of the column that orders the list; NULL: as the case has it. */
const char *list_sorted_by(const struct list *l, bool *descending);

/* Enterprise Security's bands: critical from 500, high from 250, medium from 100, low above 0. */
const char *risk_band(double score);
enum role   risk_role(double score);

#endif
