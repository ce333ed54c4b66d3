/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * table.h - rows for people: columns cut to the terminal, or one field a line where they are too
 * many for it.
 *
 * The first rows are held back to find the widths; everything hostile is made visible.
 */
#ifndef AUGER_CLI_TABLE_H
#define AUGER_CLI_TABLE_H

#include "cli/cell.h"

struct table;

/* COLUMNS must live as long as the table. */
struct table *table_begin(const struct print_style *style, const struct print_column *columns,
			  size_t n);
void          table_row(struct table *t, const struct print_cell *cells);
void          table_end(struct table *t); /* writes what is held back, and frees T */

/* A name, and its value indented beside it on as many lines as it has; ORIGIN may be absent. */
void table_field(const struct print_style *style, struct text name, struct text value,
		 struct text origin, struct arena scratch);

#endif
