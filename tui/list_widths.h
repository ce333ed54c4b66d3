/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * list_widths.h - which columns of a list have room, and how wide they are. All widths are columns
 * of the terminal.
 */
#ifndef AUGER_TUI_LIST_WIDTHS_H
#define AUGER_TUI_LIST_WIDTHS_H

#include "tui/list.h"

#define LIST_GAP    2
#define DAY_AND_MINUTE   16 /* columns of "2023-03-21 18:04" */
#define MONTH_TO_MINUTE  11 /* of "03-21 18:04" */

/* Cursor or mark, what analysts said, flag. */
int list_margin(const struct list *l);
/* Widths of the columns that are shown; 0: not shown. What is left over goes to values that are
 * cut: first until all can be read, the flexible ones before the others. */
void list_widths(const struct list *l, const struct screen *s, int columns,
		 int widths[LIST_COLUMNS_MAX]);
/* The name of a computer is to be seen. */
void list_measure_name(struct list *l, const struct screen *s, struct text name);

#endif
