/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tui/screen.h"

#include <stdlib.h>

#include "base/visible.h"

void
screen_resize(struct screen *s, int rows, int columns)
{
	size_t wanted;

	rows = rows < 1 ? 1 : rows > SCREEN_ROWS_MAX ? SCREEN_ROWS_MAX : rows;
	columns = columns < 1 ? 1 : columns > SCREEN_COLUMNS_MAX ? SCREEN_COLUMNS_MAX : columns;
	wanted = (size_t)rows * (size_t)columns;
	if (wanted > s->capacity) {
		free(s->cells);
		s->cells = calloc(wanted, sizeof(*s->cells));
		if (!s->cells)
			arena_exhausted(wanted * sizeof(*s->cells));
		s->capacity = wanted;
	}
	s->rows = rows;
	s->columns = columns;
	screen_clear(s);
}

void
screen_free(struct screen *s)
{
	free(s->cells);
	*s = (struct screen){ 0 };
}

void
screen_clear(struct screen *s)
{
	static const struct grid_cell blank = { .code = ' ', .width = 1, .role = ROLE_TEXT };

	for (size_t i = 0; i < (size_t)s->rows * (size_t)s->columns; i++)
		s->cells[i] = blank;
	s->cursor_row = s->rows - 1;
	s->cursor_column = 0;
}

static struct grid_cell *
cell_at(struct screen *s, int row, int column)
{
	if (row < 0 || row >= s->rows || column < 0 || column >= s->columns)
		return NULL;
	return &s->cells[(size_t)row * (size_t)s->columns + (size_t)column];
}

static void
set_cell(struct screen *s, int row, int column, uint32_t code, int width, enum role role)
{
	struct grid_cell *cell = cell_at(s, row, column);
	struct grid_cell *next = width == 2 ? cell_at(s, row, column + 1) : NULL;

	if (!cell)
		return;
	/* A wide character that loses one half loses both. */
	if (cell->width == 0 && column > 0)
		cell[-1] = (struct grid_cell){ .code = ' ', .width = 1, .role = cell[-1].role };
	if (cell->width == 2 && width == 1 && column + 1 < s->columns)
		cell[1] = (struct grid_cell){ .code = ' ', .width = 1, .role = cell[1].role };
	*cell = (struct grid_cell){ .code = code, .width = (uint8_t)width, .role = (uint8_t)role };
	if (next) {
		if (next->width == 2 && column + 2 < s->columns)
			next[1] =
			    (struct grid_cell){ .code = ' ', .width = 1, .role = next[1].role };
		*next = (struct grid_cell){ .width = 0, .role = (uint8_t)role };
	}
}

/* One character as it will be drawn: itself, or the characters of its stand-in. */
struct drawn {
	size_t   bytes; /* of the source */
	uint32_t code;  /* 0: see stand_in */
	int      width;
	char     stand_in[16];
	size_t   n;
};

static struct drawn
next_drawn(const struct screen *s, struct text t)
{
	struct drawn d = { 0 };
	uint32_t     code;

	if ((unsigned char)t.p[0] >= ' ' && (unsigned char)t.p[0] < 0x7f)
		return (struct drawn){ .bytes = 1, .code = (unsigned char)t.p[0], .width = 1 };
	d.bytes = utf8_decode(t.p, t.p + t.n, &code);
	if (code == '\t') {
		d.code = ' ';
		d.width = 1;
	} else if (code == '\n') {
		d.n = s->ascii ? 2 : 3;
		memcpy(d.stand_in, s->ascii ? "\\n" : "\xe2\x86\xb5", d.n);
		d.width = s->ascii ? 2 : 1;
	} else if (code_hostile(code)) {
		d.n = code_stand_in(code, s->ascii, d.stand_in);
		d.width = (int)visible_width((struct text){ d.stand_in, d.n });
	} else if (s->ascii && code >= 0x80) {
		d.n = (size_t)snprintf(d.stand_in, sizeof(d.stand_in), "<U+%04X>", (unsigned)code);
		d.width = (int)d.n;
	} else {
		d.code = code;
		d.width = code_width(code);
	}
	return d;
}

/* How many bytes from the beginning on are characters of one column that are drawn as they are. */
static size_t
plain_run(struct text t)
{
	size_t n = 0;

	while (n < t.n && t.p[n] >= ' ' && t.p[n] < 0x7f)
		n++;
	return n;
}

int
screen_width(const struct screen *s, struct text t)
{
	size_t plain = plain_run(t);
	int    width = (int)plain;

	t = text_from(t, plain);
	while (t.n) {
		struct drawn d = next_drawn(s, t);

		width += d.width;
		t = text_from(t, d.bytes);
	}
	return width;
}

size_t
screen_fit(const struct screen *s, struct text t, int width)
{
	size_t at = width > 0 ? plain_run(text_head(t, (size_t)width)) : 0;
	int    used = (int)at;

	while (at < t.n) {
		struct drawn d = next_drawn(s, text_from(t, at));

		if (used + d.width > width && at > 0)
			break;
		if (width < 1)
			return 0;
		used += d.width;
		at += d.bytes;
	}
	return at;
}

struct text
screen_cut_middle(const struct screen *s, struct text t, int width, struct arena *keep)
{
	size_t head, tail = t.n;
	int    room = width - 1, used = 0;

	if (screen_width(s, t) <= width || room < 6)
		return t;
	head = screen_fit(s, t, room - room / 3);
	while (tail > head) {
		size_t before = tail - 1;

		while (before > head && ((unsigned char)t.p[before] & 0xc0) == 0x80)
			before--;
		used = screen_width(s, text_from(t, before));
		if (used > room / 3)
			break;
		tail = before;
	}
	return arena_printf(keep, TEXT_FMT "~" TEXT_FMT, TEXT_ARG(text_head(t, head)),
			    TEXT_ARG(text_from(t, tail)));
}

static bool
is_number(struct text t)
{
	uint64_t number;

	return text_to_u64(t, &number);
}

struct text
screen_cut_domain(const struct screen *s, struct text host, int width, struct arena *keep)
{
	struct text whole = text_head(host, 512);
	size_t      dot = text_find_byte(whole, '.');

	if (screen_width(s, whole) <= width)
		return whole;
	if (dot != TEXT_NOWHERE && dot > 0 && !is_number(text_head(whole, dot)))
		whole = text_head(whole, dot);
	if (whole.n < host.n && screen_width(s, whole) < width)
		return arena_join(keep, whole, TEXT("~"));
	return screen_cut_middle(s, whole, width, keep);
}

static void
add_mark(struct screen *s, int row, int column, uint32_t code)
{
	struct grid_cell *cell = cell_at(s, row, column);

	if (cell && cell->width == 0)
		cell = cell_at(s, row, column - 1);
	if (!cell)
		return;
	for (size_t i = 0; i < 2; i++) {
		if (!cell->marks[i]) {
			cell->marks[i] = code;
			return;
		}
	}
}

static int
draw_one(struct screen *s, int row, int column, int room, const struct drawn *d, enum role role)
{
	int used = 0;

	if (d->code) {
		if (d->width > room)
			return -1;
		set_cell(s, row, column, d->code, d->width, role);
		return d->width;
	}
	for (size_t i = 0; i < d->n;) {
		uint32_t code;
		size_t   n = utf8_decode(d->stand_in + i, d->stand_in + d->n, &code);

		if (used + 1 > room)
			return -1;
		set_cell(s, row, column + used, code, 1, role);
		used++;
		i += n;
	}
	return used;
}

static int
put(struct screen *s, int row, int column, int width, struct text t, enum role role, bool mark_cut)
{
	int used = 0;

	if (row < 0 || row >= s->rows || column < 0)
		return 0;
	if (width > s->columns - column)
		width = s->columns - column;
	if (width > 0) {
		used = (int)plain_run(text_head(t, (size_t)width));
		for (int i = 0; i < used; i++)
			set_cell(s, row, column + i, (unsigned char)t.p[i], 1, role);
		t = text_from(t, (size_t)used);
	}
	while (t.n) {
		struct drawn d = next_drawn(s, t);
		int          n;

		if (d.width == 0 && d.code) {
			if (used > 0)
				add_mark(s, row, column + used - 1, d.code);
			t = text_from(t, d.bytes);
			continue;
		}
		n = draw_one(s, row, column + used, width - used, &d, role);
		if (n < 0) {
			/* the rest of a cut stand-in or wide character stays blank */
			if (mark_cut && width > 0)
				set_cell(s, row, column + width - 1, '~', 1, role);
			return width < 0 ? 0 : width;
		}
		used += n;
		t = text_from(t, d.bytes);
	}
	return used;
}

int
screen_put(struct screen *s, int row, int column, int width, struct text t, enum role role)
{
	return put(s, row, column, width, t, role, true);
}

int
screen_put_part(struct screen *s, int row, int column, int width, struct text t, enum role role)
{
	return put(s, row, column, width, t, role, false);
}

int
screen_put_right(struct screen *s, int row, int column, int width, struct text t, enum role role)
{
	int pad = 0;
	/* Long hostile text is not measured to its end. */
	struct text head = text_head(t, (size_t)(width > 0 ? width : 0) * 4 + 4);

	pad = width - screen_width(s, head);
	if (pad < 0 || head.n < t.n)
		pad = 0;
	return pad + put(s, row, column + pad, width - pad, t, role, true);
}

void
screen_fill(struct screen *s, struct area a, enum role role)
{
	for (int row = a.row; row < a.row + a.rows; row++)
		for (int column = a.column; column < a.column + a.columns; column++)
			if (cell_at(s, row, column))
				set_cell(s, row, column, ' ', 1, role);
}

void
screen_role(struct screen *s, struct area a, enum role role)
{
	for (int row = a.row; row < a.row + a.rows; row++) {
		for (int column = a.column; column < a.column + a.columns; column++) {
			struct grid_cell *cell = cell_at(s, row, column);

			if (cell)
				cell->role = (uint8_t)role;
		}
	}
}

void
screen_tint(struct screen *s, struct area a, enum role from, enum role to)
{
	for (int row = 0; row < a.rows; row++) {
		for (int column = 0; column < a.columns; column++) {
			struct grid_cell *cell = cell_at(s, a.row + row, a.column + column);

			if (cell && cell->role == from)
				cell->role = (uint8_t)to;
		}
	}
}

void
screen_select(struct screen *s, int row, int column, int width)
{
	for (int i = 0; i < width; i++) {
		struct grid_cell *cell = cell_at(s, row, column + i);

		if (cell)
			cell->cursor = true;
	}
	s->cursor_row = row < s->rows ? row : s->rows - 1;
	s->cursor_column = column < s->columns ? column : s->columns - 1;
}

struct text
screen_sign(const struct screen *s, enum sign sign)
{
	static const struct {
		struct text plain, fine;
	} signs[] = {
		[SIGN_LINE] = { TEXT_INIT("-"), TEXT_INIT("─") },
		[SIGN_BAR] = { TEXT_INIT("|"), TEXT_INIT("│") },
		[SIGN_CURSOR] = { TEXT_INIT(">"), TEXT_INIT("▸") },
		[SIGN_MARKED] = { TEXT_INIT("+"), TEXT_INIT("✓") },
		[SIGN_BOOKMARK] = { TEXT_INIT("*"), TEXT_INIT("★") },
		[SIGN_CRUMB] = { TEXT_INIT(">"), TEXT_INIT("›") },
		[SIGN_NONE] = { TEXT_INIT("."), TEXT_INIT("·") },
		[SIGN_DOWN] = { TEXT_INIT("v"), TEXT_INIT("▼") },
		[SIGN_UP] = { TEXT_INIT("^"), TEXT_INIT("▲") },
		[SIGN_TIMES] = { TEXT_INIT("x"), TEXT_INIT("×") },
		[SIGN_DASH] = { TEXT_INIT("-"), TEXT_INIT("–") },
		[SIGN_CORNER_NW] = { TEXT_INIT("+"), TEXT_INIT("┌") },
		[SIGN_CORNER_NE] = { TEXT_INIT("+"), TEXT_INIT("┐") },
		[SIGN_CORNER_SW] = { TEXT_INIT("+"), TEXT_INIT("└") },
		[SIGN_CORNER_SE] = { TEXT_INIT("+"), TEXT_INIT("┘") },
	};

	return s->ascii ? signs[sign].plain : signs[sign].fine;
}

struct text
screen_bar(const struct screen *s, int eighths)
{
	static const struct text fine[] = {
		TEXT_INIT("·"), TEXT_INIT("▁"), TEXT_INIT("▂"), TEXT_INIT("▃"), TEXT_INIT("▄"),
		TEXT_INIT("▅"), TEXT_INIT("▆"), TEXT_INIT("▇"), TEXT_INIT("█"),
	};
	static const struct text plain[] = {
		TEXT_INIT(" "), TEXT_INIT("."), TEXT_INIT(":"), TEXT_INIT("-"), TEXT_INIT("="),
		TEXT_INIT("+"), TEXT_INIT("*"), TEXT_INIT("#"), TEXT_INIT("@"),
	};

	eighths = eighths < 0 ? 0 : eighths > 8 ? 8 : eighths;
	return s->ascii ? plain[eighths] : fine[eighths];
}

#define COMMAND_MOST 512 /* bytes of a long command line that are looked at */

struct text
screen_cut_folder(const struct screen *s, struct text command, int width, struct arena *keep)
{
	struct text whole = text_head(command, COMMAND_MOST), program;
	bool        quoted = text_starts(whole, TEXT("\""));
	size_t      end;

	if (screen_width(s, whole) <= width)
		return whole;
	whole = text_from(whole, quoted);
	end = text_find_byte(whole, quoted ? '"' : ' ');
	program = text_last_part(text_head(whole, end == TEXT_NOWHERE ? whole.n : end));
	if (end == TEXT_NOWHERE || !program.n)
		return program.n ? program : whole;
	return arena_join(keep, program, text_from(whole, end + quoted));
}

struct text
screen_names(const struct screen *s, const struct text *names, size_t n, struct arena *keep)
{
	struct text between = s->ascii ? TEXT(", ") : TEXT(" · ");
	size_t      all = n * between.n;
	char       *line, *at;

	for (size_t i = 0; i < n; i++)
		all += names[i].n;
	line = at = arena_bytes(keep, all);
	for (size_t i = 0; i < n; i++) {
		if (i)
			at = (char *)memcpy(at, between.p, between.n) + between.n;
		if (names[i].n)
			at = (char *)memcpy(at, names[i].p, names[i].n) + names[i].n;
	}
	return (struct text){ line, (size_t)(at - line) };
}

static void
draw_line(struct screen *s, int row, int column, int width)
{
	struct text line = screen_sign(s, SIGN_LINE);

	for (int i = 0; i < width; i++)
		screen_put(s, row, column + i, 1, line, ROLE_DIM);
}

void
screen_rule(struct screen *s, int row, int column, int width, struct text title, struct text right)
{
	int n;

	draw_line(s, row, column, width);
	if (title.n && width > 6) {
		screen_put(s, row, column + 2, 1, TEXT(" "), ROLE_DIM);
		n = screen_put(s, row, column + 3, width - 6, title, ROLE_HEAD);
		screen_put(s, row, column + 3 + n, 1, TEXT(" "), ROLE_DIM);
	}
	n = screen_width(s, right);
	if (right.n && n + screen_width(s, title) + 12 < width) {
		screen_put(s, row, column + width - n - 4, 1, TEXT(" "), ROLE_DIM);
		screen_put(s, row, column + width - n - 3, n, right, ROLE_DIM);
		screen_put(s, row, column + width - 3, 1, TEXT(" "), ROLE_DIM);
	}
}

static void
draw_edge(struct screen *s, int row, struct area a, enum sign left, enum sign right,
	  struct text words)
{
	int end = a.column + a.columns - 1;

	draw_line(s, row, a.column, a.columns);
	screen_put(s, row, a.column, 1, screen_sign(s, left), ROLE_DIM);
	screen_put(s, row, end, 1, screen_sign(s, right), ROLE_DIM);
	if (words.n && a.columns > 8) {
		int n = screen_put(s, row, a.column + 3, a.columns - 6, words, ROLE_HEAD);

		screen_put(s, row, a.column + 2, 1, TEXT(" "), ROLE_DIM);
		screen_put(s, row, a.column + 3 + n, 1, TEXT(" "), ROLE_DIM);
	}
}

void
screen_box(struct screen *s, struct area a, struct text title, struct text remark)
{
	struct text bar = screen_sign(s, SIGN_BAR);

	screen_fill(s, a, ROLE_TEXT);
	draw_edge(s, a.row, a, SIGN_CORNER_NW, SIGN_CORNER_NE, title);
	for (int row = a.row + 1; row < a.row + a.rows - 1; row++) {
		screen_put(s, row, a.column, 1, bar, ROLE_DIM);
		screen_put(s, row, a.column + a.columns - 1, 1, bar, ROLE_DIM);
	}
	draw_edge(s, a.row + a.rows - 1, a, SIGN_CORNER_SW, SIGN_CORNER_SE, remark);
}

static void
dump_row(const struct grid_cell *cells, int columns, FILE *out)
{
	bool matched = false;
	int  end = columns;
	char utf8[4];

	while (end > 0 && cells[end - 1].width == 1 && cells[end - 1].code == ' ' &&
	       cells[end - 1].role != ROLE_MATCH)
		end--;
	for (int i = 0; i < end; i++) {
		if (cells[i].width == 0)
			continue;
		if ((cells[i].role == ROLE_MATCH) != matched) {
			fputs(matched ? "»" : "«", out);
			matched = !matched;
		}
		fwrite(utf8, 1, utf8_encode(cells[i].code, utf8), out);
		for (size_t m = 0; m < 2 && cells[i].marks[m]; m++)
			fwrite(utf8, 1, utf8_encode(cells[i].marks[m], utf8), out);
	}
	fputs(matched ? "»\n" : "\n", out);
}

void
screen_dump(const struct screen *s, FILE *out)
{
	for (int row = 0; row < s->rows; row++)
		dump_row(&s->cells[(size_t)row * (size_t)s->columns], s->columns, out);
}
