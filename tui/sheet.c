/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tui/sheet.h"

#include "base/json_write.h"
#include "tui/export.h"

bool
sheet_is_json(const char *path)
{
	return text_iends(text_of(path), TEXT(".jsonl"));
}

bool
sheet_open(struct sheet *s, const char *path, const struct table *t, struct err *err)
{
	*s =
	    (struct sheet){ .csv = { .out = export_open(path, err) }, .json = sheet_is_json(path) };
	if (s->csv.out && !s->json)
		table_csv_header(t, &s->csv);
	return s->csv.out != NULL;
}

/* Numbers as numbers, absent values left out. */
static void
write_json_row(const struct table *t, const struct table_row *row, FILE *out, struct arena scratch)
{
	bool first = true;

	putc('{', out);
	for (uint32_t i = 0; i < t->n_columns; i++) {
		struct text cell;

		if (!t->columns[i].name)
			continue;
		cell = table_cell(t, row, i, &scratch);
		if (!cell.n)
			continue;
		if (!first)
			putc(',', out);
		first = false;
		json_write(out, text_of(t->columns[i].name));
		putc(':', out);
		if (t->columns[i].kind == TABLE_NUMBER)
			fwrite(cell.p, 1, cell.n, out);
		else
			json_write(out, cell);
	}
	fputs("}\n", out);
}

void
sheet_row(struct sheet *s, const struct table *t, const struct table_row *row, struct arena scratch)
{
	if (s->json)
		write_json_row(t, row, s->csv.out, scratch);
	else
		table_csv_row(t, row, &s->csv, scratch);
}
