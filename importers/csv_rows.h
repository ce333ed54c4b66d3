/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * csv_rows.h - cuts a file into rows and cells (RFC 4180, and what other writers make of it).
 *
 * Cells are separated by commas, semicolons or tabs, whatever the first line has most of; quoted
 * cells hold line ends; a quote inside of a quoted cell that does not end it is text. A quoted
 * cell without an end costs one line, not the rest of the file. Rows of RECORD_MAX are a loss.
 */
#ifndef AUGER_IMPORTERS_CSV_ROWS_H
#define AUGER_IMPORTERS_CSV_ROWS_H

#include "importers/window.h"

#define CSV_CELLS_MAX 4096

struct csv_row {
	struct text *cells;
	size_t       n; /* 0: the end, unless WHY is set */
	struct text  text; /* the row as it stands, in UTF-8, without its line end */
	uint64_t     offset, length;
	const char  *why;  /* not NULL: bytes that are no row */
};

struct csv_rows {
	struct window window;
	size_t        taken;
	char          delimiter; /* '\0': not known yet */
	uint64_t      wasted;    /* UTF-8 bytes looked at in vain for the end of a quoted cell */
	uint64_t      one_line;  /* up to there (UTF-8 bytes) rows end with their line */
};

void csv_rows_open(struct csv_rows *r, struct input *in, uint64_t begin, uint64_t end,
		   size_t step_bytes, struct err *err);
void csv_rows_close(struct csv_rows *r);

/* Cells live in KEEP, or in the window until the next call. Lines without any text are passed
 * over. Adds to *REMARKS (decode.h). False: reading failed. */
bool csv_rows_next(struct csv_rows *r, struct arena *keep, struct csv_row *row, unsigned *remarks);

#endif
