/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "cli/print.h"

#include <math.h>
#include <stdlib.h>

#include "base/csv.h"
#include "base/json_write.h"
#include "base/visible.h"
#include "cli/table.h"

struct print {
	struct print_style   style;
	const struct print_column *columns;
	size_t               n;
	uint64_t             rows;
	struct csv           csv;
	struct table        *table;
	struct arena         memory;
};

/* ---- CSV ---- */

static void
csv_row(struct print *p, const struct print_cell *cells, struct arena scratch)
{
	for (size_t i = 0; i < p->n; i++)
		csv_cell(&p->csv, cell_plain(&cells[i], &scratch));
	csv_end_row(&p->csv);
}

/* ---- JSON lines ---- */

static void
json_list(FILE *out, struct text items)
{
	bool first = true;

	putc('[', out);
	while (!text_absent(items) && items.n) {
		struct text item = text_cut(&items, '\n');

		if (!first)
			putc(',', out);
		first = false;
		json_write(out, item);
	}
	putc(']', out);
}

static void
json_row(FILE *out, const struct print_column *columns, const struct print_cell *cells, size_t n,
	 struct arena scratch)
{
	bool  first = true;

	putc('{', out);
	for (size_t i = 0; i < n; i++) {
		const struct print_cell *cell = &cells[i];
		struct text              plain;

		if (cell->kind == CELL_NONE)
			continue;
		if (!first)
			putc(',', out);
		first = false;
		json_write(out, columns[i].name);
		putc(':', out);
		plain = cell_plain(cell, &scratch);
		if (cell->kind == CELL_LIST)
			json_list(out, plain);
		else if (cell->kind == CELL_COUNT ||
			 (cell->kind == CELL_NUMBER && isfinite(cell->number))) /* JSON has no nan */
			fwrite(plain.p, 1, plain.n, out);
		else
			json_write(out, plain);
	}
	fputs("}\n", out);
}

/* ---- tables of a paper ---- */

static bool
is_chosen(const struct print_style *style, struct text column)
{
	for (const char *const *name = style->chosen; name && *name; name++)
		if (text_eq(column, text_of(*name)))
			return true;
	return !style->chosen;
}

static void
paper_cells(struct print *p, const struct print_cell *cells, struct arena scratch)
{
	struct text *texts = arena_new(&scratch, struct text, p->n);
	size_t       n = 0;

	for (size_t i = 0; i < p->n; i++)
		if (is_chosen(&p->style, p->columns[i].name))
			texts[n++] = cells ? cell_plain(&cells[i], &scratch) : p->columns[i].name;
	if (cells)
		paper_row(p->style.paper, texts, n);
	else
		paper_table_begin(p->style.paper, texts, n);
}

/* ---- all of them ---- */

struct print *
print_begin(const struct print_style *style, const struct print_column *columns, size_t n)
{
	struct arena  memory = arena_open((size_t)64 << 20);
	struct print *p = arena_new(&memory, struct print, 1);

	p->style = *style;
	p->columns = columns;
	p->n = n;
	p->csv.out = style->out;
	p->memory = memory;
	if (style->format == PRINT_TABLE)
		p->table = table_begin(style, columns, n);
	if (style->format == PRINT_PAPER)
		paper_cells(p, NULL, memory);
	if (style->format == PRINT_CSV) {
		for (size_t i = 0; i < n; i++)
			csv_cell(&p->csv, columns[i].name);
		csv_end_row(&p->csv);
	}
	return p;
}

void
print_row(struct print *p, const struct print_cell *cells)
{
	p->rows++;
	switch (p->style.format) {
	case PRINT_TABLE:
		table_row(p->table, cells);
		return;
	case PRINT_CSV:
		csv_row(p, cells, p->memory);
		return;
	case PRINT_PAPER:
		paper_cells(p, cells, p->memory);
		return;
	case PRINT_JSONL:
		json_row(p->style.out, p->columns, cells, p->n, p->memory);
		return;
	}
}

void
print_object(struct print *p, const struct print_column *columns, const struct print_cell *cells,
	     size_t n)
{
	p->rows++;
	json_row(p->style.out, columns, cells, n, p->memory);
}

uint64_t
print_rows(const struct print *p)
{
	return p->rows;
}

void
print_end(struct print *p)
{
	struct arena memory;

	if (p->table)
		table_end(p->table);
	if (p->style.format == PRINT_PAPER)
		paper_table_end(p->style.paper);
	memory = p->memory;
	arena_close(&memory);
}
