/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * print.h - rows out of the program: a table for people, CSV and JSON lines for programs.
 *
 * Tables show the columns that people need, cut to the width of the terminal, with everything
 * hostile made visible. CSV has every column and follows csv.h; JSON lines carry values unchanged,
 * absent values left out. Times: tables in the zone asked for, files "2020-09-21T00:14:37.123456Z".
 *
 * Errors: those of stdio, found at the end.
 */
#ifndef AUGER_CLI_PRINT_H
#define AUGER_CLI_PRINT_H

#include "cli/cell.h"

struct print;

/* COLUMNS must live as long as the printer. */
struct print *print_begin(const struct print_style *style, const struct print_column *columns,
			  size_t n);
void          print_row(struct print *p, const struct print_cell *cells);
/* JSON lines only: a row with columns of its own. */
void          print_object(struct print *p, const struct print_column *columns,
			   const struct print_cell *cells, size_t n);
void          print_end(struct print *p); /* writes what is held back, and frees P */
uint64_t      print_rows(const struct print *p);

#endif
