/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * sheet.h - rows of a table in a file: CSV, or JSON lines where its name ends in ".jsonl".
 */
#ifndef AUGER_TUI_SHEET_H
#define AUGER_TUI_SHEET_H

#include "tui/table.h"

struct sheet {
	struct csv csv;
	bool json;
};

bool sheet_is_json(const char *path);
/* Opens PATH as export_open does; export_close with sheet->csv.out ends it. */
bool sheet_open(struct sheet *s, const char *path, const struct table *t, struct err *err);
void sheet_row(struct sheet *s, const struct table *t, const struct table_row *row,
	       struct arena scratch);

#endif
