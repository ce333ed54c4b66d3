/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * rows.h - result rows of a search, printed: finds out which columns there are.
 *
 * Events get the columns of a list of events (and what the search added to them); other rows those
 * that the search names, else all that occur, in the order in which they are first seen.
 *
 * Errors: also ERR_LIMIT, there are more columns than a table can have; ERR_IO, of the file in which
 * rows wait for that.
 */
#ifndef AUGER_CLI_ROWS_H
#define AUGER_CLI_ROWS_H

#include "cli/print.h"
#include "rules/search.h"

struct rows;

struct rows_printed {
	uint64_t            rows;
	struct search_stats stats;
};

/* Runs SEARCH and prints its rows in STYLE. */
bool rows_print(const struct search *search, const struct search_run *run,
		const struct print_style *style, struct rows_printed *out, struct err *err);

/* Several searches as one table, its first column COLUMN says of which each row is. CSV and JSON
 * lines; rows of CSV are held back until the end, when all columns are known. */
struct rows *rows_begin(const struct print_style *style, struct text column);
bool         rows_add(struct rows *r, struct text label, const struct search *search,
		      const struct search_run *run, struct rows_printed *out, struct err *err);
bool         rows_end(struct rows *r, struct err *err); /* prints, and frees R */

#endif
