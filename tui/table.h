/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * table.h - the table model behind every list: columns, rows, order, narrowing, CSV.
 *
 * Columns are those of the CSV file, in its order; a list shows some of them (list.h). Rows and
 * their texts live in the table's arena; rows of a long table share texts that are the same. A row is known by its id, whatever its place: the cursor
 * of a list stays on its row when order, narrowing or contents change.
 *
 * A table with a reader holds ids and order only, twelve bytes a row. A row is read when it is asked for,
 * and good until rows far from it are: so one at a time.
 *
 * A paged table (events) holds a window of its rows, oldest or newest first; its view reads the
 * next window by key. Such a table cannot be sorted or narrowed in memory.
 */
#ifndef AUGER_TUI_TABLE_H
#define AUGER_TUI_TABLE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/csv.h"
#include "base/err.h"
#include "base/text.h"

enum table_kind {
	TABLE_TEXT,
	TABLE_NUMBER, /* absent when NaN */
	TABLE_TIME,   /* absent when WHEN_NONE */
};

struct table_column {
	const char     *name; /* in the CSV header; NULL: only for the screen */
	enum table_kind kind;
};

/* As the kind of its column says. */
struct table_value {
	union {
		struct text text;
		double      number;
		int64_t     time_ns;
	};
};

enum table_remark { REMARK_NONE, REMARK_NOTE, REMARK_BOOKMARK, REMARK_BOTH };

struct table_row {
	int64_t             id;
	struct table_value *values;  /* one for each column */
	bool                flagged; /* has a finding */
	char                sign;    /* what else is to be seen at a glance; 0: nothing */
	enum table_remark   remark;  /* of analysts */
	bool                dim;     /* of little interest */
	bool                full;    /* values that are costly to get are there */
};

struct casefile;
struct table;

/* Where the rows of a table are that has not got them. */
typedef bool table_id_fn(void *ctx, int64_t id);
struct table_reader {
	/* The ids of all rows, in the order that T says. */
	bool (*order)(const struct table_reader *r, const struct table *t, table_id_fn *fn, void *fn_ctx,
		      struct err *err);
	/* table_add to PAGE of the row with that id; of one that is gone, nothing. */
	void (*row)(const struct table_reader *r, struct table *page, int64_t id);
	struct casefile *cf; /* another one on another thread */
	void            *ctx;
};

struct table {
	struct arena              *keep;
	const struct table_column *columns;
	uint32_t                   n_columns;
	struct table_row          *rows;
	size_t                     n_rows, cap_rows;
	uint32_t                  *order; /* rows shown, in order: indexes into rows */
	size_t                     shown, cap_order, arranged;
	uint32_t                   sort_column; /* TABLE_UNSORTED: as added */
	bool                       descending;
	char                       narrow[256]; /* folded */
	size_t                     n_narrow;    /* 0: all rows */
	struct text               *known; /* texts that rows may share; NULL: few rows */
	/* tables with a reader */
	const struct table_reader *reader;
	int64_t                   *ids; /* ORDER has indexes into it */
	size_t                     cap_ids;
	uint32_t                   ids_column; /* that they are sorted by, as sort_column and descending */
	bool                       ids_descending;
	size_t                     asked;    /* of ORDER: rows that a narrowing is to look at */
	size_t                     examined; /* of these: rows that it has looked at */
	struct table_pages        *pages;    /* rows that were read lately; NULL: none */
	/* paged tables */
	bool                       paged, at_start, at_end;
	uint64_t                   base; /* rows before the window */
	bool                       base_known;
	uint64_t                   total;
	bool                       total_exact;
};
#define TABLE_UNSORTED UINT32_MAX

/* Empties the table; sort order and narrowing stay when the columns do. */
void table_reset(struct table *t, struct arena *keep, const struct table_column *columns,
		 uint32_t n_columns);

/* A new row with absent values. The pointer is good until the next row. */
struct table_row *table_add(struct table *t, int64_t id);
void		  table_text(struct table *t, struct table_row *row, uint32_t column,
			     struct text text); /* copies */
void table_number(struct table_row *row, uint32_t column, double number);
void table_time(struct table_row *row, uint32_t column, int64_t time_ns);

/* Takes the rows added since the last call into the order. */
void table_arrange(struct table *t);
void table_sort(struct table *t, uint32_t column, bool descending);
/* Keeps the rows in which some value contains WHAT, letter case ignored. */
void table_narrow(struct table *t, struct text what);

struct table_row *table_shown(const struct table *t, size_t place); /* NULL: past the end */
int64_t           table_id(const struct table *t, size_t place); /* of the row shown there; 0: past the end */
size_t            table_place(const struct table *t, int64_t id);   /* TEXT_NOWHERE: not shown */
/* The values of the row, good as long as KEEP: for what outlives the page that it was read to. */
struct table_value *table_keep(const struct table *t, const struct table_row *row, struct arena *keep);

/* ---- tables with a reader (table_read.c); READER must live as long as the rows ---- */

bool table_read(struct table *t, const struct table_reader *reader, struct err *err);
/* Sorted otherwise than its rows are: table_sort only says how they are to be. */
bool table_is_stale(const struct table *t);
bool table_reorder(struct table *t, struct err *err); /* reads the order */
/* Somebody else reads it, into this memory, and hands it over; or it is to be as it is. */
struct arena *table_spare(struct table *t);
void          table_take_order(struct table *t, const int64_t *ids, size_t n);
void          table_keep_order(struct table *t);
/* Rows say something new: they are read again. */
void table_forget(struct table *t);
/* The row with that id does: it goes when the narrowing no longer lets it pass. False: all are to be
 * looked at again, as it passes now and is not shown. */
bool table_said(struct table *t, int64_t id);
/* Rows that the narrowing has not looked at yet: they are not shown. */
size_t table_rest(const struct table *t);
/* Looks at some of them, MOST at most. */
void table_examine(struct table *t, size_t most);
/* Somebody else looks at them, in their order, and found ID to pass; or came to their end. */
void table_found(struct table *t, int64_t id);
void table_examined(struct table *t);
/* Has the row with that id, as R reads it, what the table is narrowed to? */
bool table_passes(const struct table *t, const struct table_reader *r, int64_t id,
		  struct arena scratch);
/* What was read lately goes. */
void table_close(struct table *t);
/* Parts of table_narrow and table_shown. */
void              table_narrow_read(struct table *t, bool further);
struct table_row *table_read_row(const struct table *t, size_t place);
bool table_row_passes(const struct table *t, const struct table_row *row, struct arena scratch);

/* The value as files and narrowing have it; times as ISO 8601 with Z. */
struct text table_cell(const struct table *t, const struct table_row *row, uint32_t column,
		       struct arena *keep);
/* Numbers for people: "1,028", "12.5". */
struct text table_amount(double number, struct arena *keep);

void table_csv_header(const struct table *t, struct csv *csv);
void table_csv_row(const struct table *t, const struct table_row *row, struct csv *csv,
		   struct arena scratch);

#endif
