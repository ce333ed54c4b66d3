/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * held_rows.h - rows that wait to be printed until all columns are known: the first ones in memory,
 * many in a file without a name.
 *
 * Errors: ERR_IO, that file cannot be made, written or read.
 */
#ifndef AUGER_CLI_HELD_ROWS_H
#define AUGER_CLI_HELD_ROWS_H

#include "base/err.h"
#include "cli/cell.h"

struct held_cell {
	size_t            column;
	struct print_cell cell;
};

struct held_rows;

struct held_rows *held_rows_new(void);
void              held_rows_free(struct held_rows *h);
uint64_t          held_rows_n(const struct held_rows *h);
bool held_rows_add(struct held_rows *h, const struct held_cell *cells, size_t n, struct err *err);
/* All rows as they came; the cells live until FN returns. None can be added then. */
typedef void held_row_fn(void *ctx, const struct held_cell *cells, size_t n);
bool held_rows_each(struct held_rows *h, held_row_fn *fn, void *ctx, struct err *err);

#endif
