/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "cli/print.h"

#include <stdlib.h>
#include <time.h>

#include "base/csv.h"
#include "base/visible.h"
#include "base/when.h"

/* Rows of a table that are held back to find the widths of its columns. */
#define HELD_ROWS  1000
#define HELD_BYTES (4u << 20)
/* Widest cell of a table that has no terminal to fit. */
#define CELL_WIDTH_MAX 160

struct print {
	struct print_style   style;
	const struct print_column *columns;
	size_t               n;
	uint64_t             rows;
	struct csv           csv;
	struct arena         memory; /* printer and held rows */
	struct text         *held; /* rows * n cells, visible, on one line */
	size_t               n_held;
	size_t              *width;
	bool                *right; /* numbers stand to the right */
	bool                 flowing; /* widths are fixed, rows go straight out */
};

struct print_cell
cell_time(int64_t ns)
{
	return (struct print_cell){ .kind = ns == WHEN_NONE ? CELL_NONE : CELL_TIME, .count = ns };
}

size_t
print_time(const struct print_style *style, int64_t ns, char *out)
{
	int32_t   offset = style->zone_s;
	struct tm local;
	time_t    seconds = (time_t)(ns / WHEN_SECOND);

	if (style->zone_named && localtime_r(&seconds, &local))
		offset = (int32_t)local.tm_gmtoff;
	return when_to_human(ns, offset, out);
}

static struct text
number_text(double number, struct arena *keep)
{
	if (number >= -9e15 && number <= 9e15 && number == (double)(int64_t)number)
		return arena_printf(keep, "%lld", (long long)number);
	return arena_printf(keep, "%.10g", number);
}

static struct text
cell_plain(const struct print_cell *cell, struct arena *keep)
{
	char when[WHEN_TEXT_MAX];

	switch (cell->kind) {
	case CELL_NONE:
		return TEXT_NONE;
	case CELL_TEXT:
	case CELL_LIST:
		return cell->text;
	case CELL_NUMBER:
		return number_text(cell->number, keep);
	case CELL_COUNT:
		return arena_printf(keep, "%lld", (long long)cell->count);
	case CELL_TIME:
		return arena_copy(keep, (struct text){ when, when_to_iso(cell->count, when) });
	}
	return TEXT_NONE;
}

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
json_text(FILE *out, struct text t)
{
	uint32_t code;

	putc('"', out);
	for (size_t i = 0; i < t.n;) {
		size_t n = utf8_decode(t.p + i, t.p + t.n, &code);

		if (code == '"' || code == '\\')
			fprintf(out, "\\%c", (int)code);
		else if (code == '\n')
			fputs("\\n", out);
		else if (code == '\t')
			fputs("\\t", out);
		else if (code == 0xfffd && n == 1)
			fputs("\xef\xbf\xbd", out);
		else if (code != ' ' && code < 0x10000 && code_hostile(code))
			fprintf(out, "\\u%04x", (unsigned)code);
		else if (code_hostile(code))
			fprintf(out, "\\u%04x\\u%04x", 0xd7c0u + (unsigned)(code >> 10),
				0xdc00u + (unsigned)(code & 0x3ff));
		else
			fwrite(t.p + i, 1, n, out);
		i += n;
	}
	putc('"', out);
}

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
		json_text(out, item);
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
		json_text(out, columns[i].name);
		putc(':', out);
		plain = cell_plain(cell, &scratch);
		if (cell->kind == CELL_LIST)
			json_list(out, plain);
		else if (cell->kind == CELL_NUMBER || cell->kind == CELL_COUNT)
			fwrite(plain.p, 1, plain.n, out);
		else
			json_text(out, plain);
	}
	fputs("}\n", out);
}

/* ---- tables ---- */

static bool
in_table(const struct print *p, size_t column)
{
	return p->columns[column].use == COLUMN_ALWAYS;
}

static struct text
list_on_one_line(struct text list, struct arena *keep)
{
	struct text out = TEXT("");

	while (!text_absent(list)) {
		struct text item = text_cut(&list, '\n');

		if (out.n)
			item = arena_printf(keep, TEXT_FMT ", " TEXT_FMT, TEXT_ARG(out),
					    TEXT_ARG(item));
		out = item;
		if (out.n > 4 * CELL_WIDTH_MAX)
			break;
	}
	return out;
}

static struct text
table_text(const struct print *p, const struct print_cell *cell, struct arena *keep)
{
	char        when[WHEN_TEXT_MAX];
	struct text plain;

	if (cell->kind == CELL_TIME)
		return arena_copy(keep,
				  (struct text){ when, print_time(&p->style, cell->count, when) });
	plain = cell_plain(cell, keep);
	if (cell->kind == CELL_LIST)
		plain = list_on_one_line(plain, keep);
	/* a cell is never wider than the screen: no need to look at megabytes of it */
	return visible_line(text_head(plain, 2048), p->style.ascii, keep);
}

/* Writes T in WIDTH columns; what does not fit ends in an ellipsis. */
static void
put_cell(const struct print *p, struct text t, size_t width, bool right, bool last)
{
	FILE    *out = p->style.out;
	size_t   columns = visible_width(t), used = 0, at = 0;
	uint32_t code;

	if (columns <= width) {
		if (right)
			fprintf(out, "%*s", (int)(width - columns), "");
		if (t.n)
			fwrite(t.p, 1, t.n, out);
		if (!right && !last)
			fprintf(out, "%*s", (int)(width - columns), "");
		return;
	}
	while (at < t.n) {
		size_t n = utf8_decode(t.p + at, t.p + t.n, &code);
		size_t w = (size_t)code_width(code);

		if (used + w + 1 > width)
			break;
		used += w;
		at += n;
	}
	fwrite(t.p, 1, at, out);
	fputs(p->style.ascii ? ">" : "\xe2\x80\xa6", out);
	if (!last)
		fprintf(out, "%*s", (int)(width - used - 1), "");
}

static void
put_table_row(struct print *p, const struct text *cells)
{
	size_t last = 0;
	bool   first = true;

	for (size_t i = 0; i < p->n; i++)
		if (in_table(p, i))
			last = i;
	for (size_t i = 0; i < p->n; i++) {
		if (!in_table(p, i))
			continue;
		if (!first)
			fputs("  ", p->style.out);
		first = false;
		put_cell(p, cells[i], p->width[i], p->right[i], i == last);
	}
	putc('\n', p->style.out);
}

static size_t
table_width(const struct print *p)
{
	size_t total = 0;

	for (size_t i = 0; i < p->n; i++)
		if (in_table(p, i))
			total += p->width[i] + (total ? 2 : 0);
	return total;
}

/* Takes columns off the widest cells until the table fits the terminal. */
static void
fit_widths(struct print *p)
{
	while (p->style.width && table_width(p) > p->style.width) {
		size_t widest = 0;

		for (size_t i = 0; i < p->n; i++)
			if (in_table(p, i) && p->width[i] >= p->width[widest])
				widest = i;
		if (p->width[widest] <= 6)
			return;
		p->width[widest]--;
	}
}

static struct text
head_text(const struct print *p, size_t column, bool is_time, struct arena *keep)
{
	struct text name = visible_line(p->columns[column].name, p->style.ascii, keep);

	if (!is_time)
		return name;
	return arena_printf(keep, TEXT_FMT " (%s)", TEXT_ARG(name), p->style.zone_name);
}

static void
flow(struct print *p)
{
	struct text *head = arena_new(&p->memory, struct text, p->n);

	p->flowing = true;
	for (size_t i = 0; i < p->n; i++) {
		head[i] = head_text(p, i, p->width[i] != 0, &p->memory);
		p->width[i] = in_table(p, i) ? visible_width(head[i]) : 0;
		for (size_t row = 0; row < p->n_held; row++) {
			size_t w = visible_width(p->held[row * p->n + i]);

			if (w > p->width[i] && in_table(p, i))
				p->width[i] = w;
		}
		if (p->width[i] > CELL_WIDTH_MAX && !p->style.width)
			p->width[i] = CELL_WIDTH_MAX;
	}
	fit_widths(p);
	put_table_row(p, head);
	for (size_t row = 0; row < p->n_held; row++)
		put_table_row(p, p->held + row * p->n);
	p->n_held = 0;
}

static void
table_row(struct print *p, const struct print_cell *cells)
{
	struct arena scratch;
	struct text *out;

	if (!p->flowing && (p->n_held == HELD_ROWS || arena_used(&p->memory) > HELD_BYTES))
		flow(p);
	scratch = p->memory;
	if (p->flowing) {
		out = arena_new(&scratch, struct text, p->n);
		for (size_t i = 0; i < p->n; i++)
			out[i] = in_table(p, i) ? table_text(p, &cells[i], &scratch) : TEXT_NONE;
		put_table_row(p, out);
		return;
	}
	out = p->held + p->n_held++ * p->n;
	for (size_t i = 0; i < p->n; i++) {
		if (!in_table(p, i))
			continue;
		/* until widths are known, a width of 1 marks a column of times */
		if (cells[i].kind == CELL_TIME)
			p->width[i] = 1;
		if (cells[i].kind == CELL_NUMBER || cells[i].kind == CELL_COUNT)
			p->right[i] = true;
		out[i] = arena_copy(&p->memory, table_text(p, &cells[i], &p->memory));
	}
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
	p->width = arena_new(&memory, size_t, n);
	p->right = arena_new(&memory, bool, n);
	p->held = arena_new(&memory, struct text, style->format == PRINT_TABLE ? HELD_ROWS * n : 0);
	p->memory = memory;
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
		table_row(p, cells);
		return;
	case PRINT_CSV:
		csv_row(p, cells, p->memory);
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

	if (p->style.format == PRINT_TABLE && !p->flowing && p->n_held)
		flow(p);
	memory = p->memory;
	arena_close(&memory);
}
