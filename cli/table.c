/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "cli/table.h"

#include "base/visible.h"
#include "base/when.h"

/* Rows that are held back to find the widths of the columns. */
#define HELD_ROWS  1000
#define HELD_BYTES ((size_t)4 << 20)
/* Widest cell of a table that has no terminal to fit. On one, texts are cut to the first of these
 * before a column is left out for want of room, and to the second when none is left. */
#define WIDTH_MAX  160
#define WIDTH_GOOD 16
#define WIDTH_LEAST 10
#define KEY_GOOD    40
/* A cell on one line is never wider than a screen: no need to look at megabytes of it. */
#define LOOK_BYTES 2048

#define FOLD_LINES 4 /* of a row at most */

#define NAME_WIDTH 20

enum layout {
	LAYOUT_OPEN, /* rows are held back */
	LAYOUT_GRID,
	LAYOUT_LIST, /* a field a line */
};

struct measure {
	size_t natural, width;
	bool   number; /* stands to the right */
	bool   time;
	bool   empty;   /* in all rows that are held back */
	bool   dropped; /* there is no room for it */
};

struct table {
	struct print_style         style;
	const struct print_column *columns;
	size_t                     n;
	enum layout                layout;
	struct measure            *measures;
	struct print_cell         *held; /* HELD_ROWS * n */
	size_t                     n_held;
	bool                       any;
	struct arena               memory, scratch;
};

static bool
shown(const struct table *t, size_t column)
{
	return t->columns[column].use != COLUMN_FILES && !t->measures[column].dropped;
}

/* ---- a field a line ---- */

void
table_field(const struct print_style *style, struct text name, struct text value,
	    struct text origin, struct arena scratch)
{
	FILE       *out = style->out;
	struct text left = visible_line(name, style->ascii, &scratch);
	struct text right = visible_block(value, style->ascii, &scratch);
	size_t      width = visible_width(left);
	bool        first = true;

	fprintf(out, "  " TEXT_FMT "%*s", TEXT_ARG(left),
		(int)(width < NAME_WIDTH ? NAME_WIDTH - width : 0), "");
	while (!text_absent(right)) {
		struct text line = text_cut(&right, '\n');

		if (line.n)
			fprintf(out, "%*s" TEXT_FMT, first ? 2 : NAME_WIDTH + 4, "",
				TEXT_ARG(line));
		if (first && !text_absent(origin)) {
			struct text from = visible_line(origin, style->ascii, &scratch);

			fprintf(out, "   (" TEXT_FMT ")", TEXT_ARG(from));
		}
		putc('\n', out);
		first = false;
	}
}

static struct text
cell_words(const struct table *t, const struct print_cell *cell, struct arena *keep)
{
	char when[WHEN_TEXT_MAX];

	if (cell->kind != CELL_TIME)
		return cell_plain(cell, keep);
	return arena_copy(keep, (struct text){ when, cell_shown_time(&t->style, cell->count, when) });
}

static struct text
head(const struct table *t, size_t column, struct arena *keep)
{
	struct text name = visible_line(t->columns[column].name, t->style.ascii, keep);

	if (!t->measures[column].time)
		return name;
	return arena_printf(keep, TEXT_FMT " (%s)", TEXT_ARG(name), t->style.zone_name);
}

static void
put_list(struct table *t, const struct print_cell *cells, struct arena scratch)
{
	if (t->any)
		putc('\n', t->style.out);
	t->any = true;
	for (size_t i = 0; i < t->n; i++)
		if (shown(t, i) && cells[i].kind != CELL_NONE)
			table_field(&t->style, head(t, i, &scratch),
				    cell_words(t, &cells[i], &scratch), TEXT_NONE, scratch);
}

/* ---- a grid ---- */

static struct text
items_on_a_line(struct text list, struct arena *keep)
{
	struct text out = TEXT("");

	while (!text_absent(list) && out.n < LOOK_BYTES) {
		struct text item = text_cut(&list, '\n');

		if (out.n)
			item = arena_printf(keep, TEXT_FMT ", " TEXT_FMT, TEXT_ARG(out),
					    TEXT_ARG(item));
		out = item;
	}
	return out;
}

static struct text
line_of(const struct table *t, const struct print_cell *cell, struct arena *keep)
{
	struct text words = cell_words(t, cell, keep);

	if (cell->kind == CELL_LIST)
		words = items_on_a_line(words, keep);
	return visible_line(text_head(words, LOOK_BYTES), t->style.ascii, keep);
}

/* Writes TEXT in WIDTH columns; what does not fit ends in an ellipsis. */
static void
put_cell(const struct table *t, struct text text, const struct measure *m, bool last)
{
	FILE    *out = t->style.out;
	size_t   columns = visible_width(text), used = 0, at = 0;
	uint32_t code;

	if (columns <= m->width) {
		if (m->number)
			fprintf(out, "%*s", (int)(m->width - columns), "");
		if (text.n)
			fwrite(text.p, 1, text.n, out);
		if (!m->number && !last)
			fprintf(out, "%*s", (int)(m->width - columns), "");
		return;
	}
	while (at < text.n) {
		size_t n = utf8_decode(text.p + at, text.p + text.n, &code);
		size_t w = (size_t)code_width(code);

		if (used + w + 1 > m->width)
			break;
		used += w;
		at += n;
	}
	fwrite(text.p, 1, at, out);
	fputs(t->style.ascii ? ">" : "\xe2\x80\xa6", out);
	if (!last)
		fprintf(out, "%*s", (int)(m->width - used - 1), "");
}

/* As much of *REST as fits into WIDTH columns, up to a space if its second half has one. */
static struct text
next_line(struct text *rest, size_t width)
{
	size_t      at = 0, used = 0, space = 0;
	uint32_t    code;
	struct text line;

	while (at < rest->n) {
		size_t n = utf8_decode(rest->p + at, rest->p + rest->n, &code);
		size_t w = (size_t)code_width(code);

		if (used + w > width)
			break;
		used += w;
		at += n;
		if (at < rest->n && rest->p[at] == ' ' && used > width / 2)
			space = at;
	}
	if (at < rest->n && space)
		at = space;
	line = text_head(*rest, at);
	*rest = text_trim(text_from(*rest, at));
	return line;
}

/* Writes a line of the row: what is left of each cell. LAST_LINE: what does not fit is cut. */
static bool
put_line(struct table *t, struct text *rest, size_t last, bool last_line)
{
	bool first = true, more = false;

	for (size_t i = 0; i <= last && i < t->n; i++) {
		const struct measure *m = &t->measures[i];
		struct text           text;

		if (!shown(t, i))
			continue;
		text = rest[i];
		if (t->columns[i].use == COLUMN_WHOLE && !last_line &&
		    visible_width(text) > m->width)
			text = next_line(&rest[i], m->width);
		else
			rest[i] = TEXT("");
		more = more || rest[i].n;
		if (!first)
			fputs("  ", t->style.out);
		first = false;
		put_cell(t, text, m, i == last);
	}
	putc('\n', t->style.out);
	return more;
}

static void
put_grid(struct table *t, const struct print_cell *cells, struct arena scratch)
{
	struct text *rest = arena_new(&scratch, struct text, t->n);
	size_t       last = 0; /* that is written */
	bool         folds = cells && t->style.width;
	int          line = 1;

	for (size_t i = 0; i < t->n; i++) {
		if (!shown(t, i))
			continue;
		last = i;
		rest[i] = cells ? line_of(t, &cells[i], &scratch) : head(t, i, &scratch);
	}
	while (put_line(t, rest, last, !folds || line == FOLD_LINES)) {
		line++;
		while (last && !rest[last].n)
			last--;
	}
}

/* ---- which of the two, and how wide ---- */

static void
measure(struct table *t, size_t column, struct arena scratch)
{
	struct measure *m = &t->measures[column];

	m->empty = true;
	for (size_t row = 0; row < t->n_held; row++) {
		const struct print_cell *cell = &t->held[row * t->n + column];
		struct arena             again = scratch;
		size_t                   width = visible_width(line_of(t, cell, &again));

		m->natural = width > m->natural ? width : m->natural;
		m->empty &= cell->kind == CELL_NONE;
		m->time |= cell->kind == CELL_TIME;
		m->number |= cell->kind == CELL_NUMBER || cell->kind == CELL_COUNT;
	}
	if (visible_width(head(t, column, &scratch)) > m->natural)
		m->natural = visible_width(head(t, column, &scratch));
	if (m->natural > WIDTH_MAX && !t->style.width)
		m->natural = WIDTH_MAX;
	m->width = m->natural;
}

static size_t
whole_width(const struct table *t)
{
	size_t total = 0;

	for (size_t i = 0; i < t->n; i++)
		if (shown(t, i))
			total += t->measures[i].width + (total ? 2 : 0);
	return total;
}

/* The first text names what a row is about, and is what people copy: a good part of it is cut only
 * where no column is left to be left out. T->n: there is none, or it goes on below. */
static size_t
key_column(const struct table *t)
{
	size_t i = 0;

	while (i < t->n && (!shown(t, i) || t->measures[i].time || t->measures[i].number))
		i++;
	return i < t->n && t->columns[i].use != COLUMN_WHOLE ? i : t->n;
}

/* The widest of the texts that are wider than LEAST, the key than KEY_LEAST; the key only when it is
 * wider than is good, or no other is left. */
static struct measure *
widest_text(const struct table *t, size_t least, size_t key_least)
{
	size_t          key = key_column(t);
	struct measure *widest = NULL;

	for (size_t i = 0; i < t->n; i++) {
		struct measure *m = &t->measures[i];
		size_t          to = i == key ? KEY_GOOD : least;

		if (shown(t, i) && !m->time && !m->number && m->width > to &&
		    (!widest || m->width >= widest->width))
			widest = m;
	}
	if (!widest && key < t->n && t->measures[key].width > key_least)
		widest = &t->measures[key];
	return widest;
}

/* Takes columns off texts until the grid fits the terminal; false: it cannot. */
static bool
fit(struct table *t, size_t least, size_t key_least)
{
	for (size_t i = 0; i < t->n; i++)
		t->measures[i].width = t->measures[i].natural;
	while (t->style.width && whole_width(t) > t->style.width) {
		struct measure *widest = widest_text(t, least, key_least);

		if (!widest)
			return false;
		widest->width--;
	}
	return true;
}

/* Leaves out the last column that can be done without; false: there is none. */
static bool
drop(struct table *t)
{
	for (size_t i = t->n; i-- > 0;)
		if (shown(t, i) && t->columns[i].use == COLUMN_WIDE) {
			t->measures[i].dropped = true;
			return true;
		}
	return false;
}

/* Columns that can be done without and say nothing. */
static void
drop_empty(struct table *t)
{
	for (size_t i = 0; i < t->n; i++)
		if (t->columns[i].use == COLUMN_WIDE && t->measures[i].empty)
			t->measures[i].dropped = true;
}

static enum layout
choose_layout(struct table *t)
{
	drop_empty(t);
	while (!fit(t, WIDTH_GOOD, KEY_GOOD))
		if (!drop(t))
			return fit(t, WIDTH_GOOD, WIDTH_GOOD) || fit(t, WIDTH_LEAST, WIDTH_LEAST)
				       ? LAYOUT_GRID
				       : LAYOUT_LIST;
	return LAYOUT_GRID;
}

static void
put(struct table *t, const struct print_cell *cells)
{
	if (t->layout == LAYOUT_GRID)
		put_grid(t, cells, t->scratch);
	else
		put_list(t, cells, t->scratch);
}

static void
release(struct table *t)
{
	for (size_t i = 0; i < t->n; i++)
		if (shown(t, i))
			measure(t, i, t->scratch);
	t->layout = choose_layout(t);
	if (t->layout == LAYOUT_GRID)
		put_grid(t, NULL, t->scratch);
	for (size_t row = 0; row < t->n_held; row++)
		put(t, t->held + row * t->n);
	t->n_held = 0;
}

struct table *
table_begin(const struct print_style *style, const struct print_column *columns, size_t n)
{
	struct arena  memory = arena_open((size_t)1 << 30);
	struct table *t = arena_new(&memory, struct table, 1);

	t->style = *style;
	t->columns = columns;
	t->n = n;
	t->measures = arena_new(&memory, struct measure, n);
	t->held = arena_new(&memory, struct print_cell, HELD_ROWS * n);
	t->scratch = arena_open((size_t)1 << 32);
	t->memory = memory;
	return t;
}

void
table_row(struct table *t, const struct print_cell *cells)
{
	struct print_cell *row;

	if (t->layout == LAYOUT_OPEN &&
	    (t->n_held == HELD_ROWS || arena_used(&t->memory) > HELD_BYTES))
		release(t);
	if (t->layout != LAYOUT_OPEN) {
		put(t, cells);
		return;
	}
	row = t->held + t->n_held++ * t->n;
	for (size_t i = 0; i < t->n; i++) {
		row[i] = cells[i];
		if (shown(t, i) && (row[i].kind == CELL_TEXT || row[i].kind == CELL_LIST))
			row[i].text = arena_copy(&t->memory, row[i].text);
	}
}

void
table_end(struct table *t)
{
	struct arena memory, scratch = t->scratch;

	if (t->layout == LAYOUT_OPEN && t->n_held)
		release(t);
	memory = t->memory;
	arena_close(&scratch);
	arena_close(&memory);
}
