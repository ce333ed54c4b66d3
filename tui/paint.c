/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tui/paint.h"

#include <stdlib.h>

#define NCURSES_WIDECHAR 1
#include <curses.h>

#include "base/arena.h"
#include "base/visible.h"

#define KNOWN_BYTES ((size_t)1 << 20) /* strings of terminfo */
#define PEN_MAX     96
#define BRIDGE_MOST 4 /* cells that are written again rather than jumped over */
#define NOWHERE     (-1)

/* Bits of terminfo's ncv: what cannot be had together with colour. */
#define NCV_UNDERLINE 2
#define NCV_REVERSE   4
#define NCV_DIM       16
#define NCV_BOLD      32

/* How the looks of a cell are put on, whatever was worn before. */
struct pen {
	char   bytes[PEN_MAX];
	size_t n;
	bool   bare; /* a blank in it looks like one of plain text */
};

struct paint {
	bool              ascii;
	int               colours;
	struct arena      known;
	const char       *place, *forward, *erase, *clear;      /* NULL: the terminal has none */
	const char       *plain, *looks, *bold, *dim, *underline, *reverse, *fg, *bg;
	bool              moves_worn, wraps, wraps_late, erases_worn;
	int               ncv;
	struct pen        pens[ROLE_COUNT][2]; /* the second: in the selected row */
	bool              on_ground;           /* plain text has a background of its own */
	struct grid_cell *shown;               /* NULL: not known */
	int               rows, columns;
	int               row, column; /* of the cursor, or NOWHERE */
	const struct pen *pen;         /* worn; NULL: plain */
	char             *out;
	size_t            n, room;
};

/* Without its padding: that was for terminals which need time to move. */
static const char *
capability(struct paint *p, const char *name)
{
	const char *has = tigetstr(name);
	char       *out, *at;

	if (!has || has == (const char *)-1 || !*has)
		return NULL;
	out = at = arena_bytes(&p->known, strlen(has) + 1);
	while (*has) {
		const char *end = has[0] == '$' && has[1] == '<' ? strchr(has, '>') : NULL;

		if (end)
			has = end + 1;
		else
			*at++ = *has++;
	}
	*at = '\0';
	return out;
}

struct paint *
paint_new(bool ascii, bool colour)
{
	struct paint *p = calloc(1, sizeof(*p));

	if (!p)
		arena_exhausted(sizeof(*p));
	p->ascii = ascii;
	p->known = arena_open(KNOWN_BYTES);
	p->place = capability(p, "cup");
	p->forward = capability(p, "cuf");
	p->erase = capability(p, "el");
	p->clear = capability(p, "clear");
	p->plain = capability(p, "sgr0");
	p->fg = capability(p, "setaf");
	p->bg = capability(p, "setab");
	if (p->plain && tigetnum("xmc") <= 0) { /* looks that take room are none */
		p->looks = capability(p, "sgr");
		p->bold = capability(p, "bold");
		p->dim = capability(p, "dim");
		p->underline = capability(p, "smul");
		p->reverse = capability(p, "rev");
	}
	p->colours = colour && p->plain && p->fg && p->bg ? tigetnum("colors") : 0;
	p->ncv = tigetnum("ncv");
	p->moves_worn = tigetflag("msgr") > 0;
	p->wraps = tigetflag("am") > 0;
	p->wraps_late = tigetflag("xenl") > 0;
	p->erases_worn = tigetflag("bce") > 0;
	return p;
}

void
paint_free(struct paint *p)
{
	if (!p)
		return;
	arena_close(&p->known);
	free(p->shown);
	free(p->out);
	free(p);
}

void
paint_forget(struct paint *p)
{
	free(p->shown);
	p->shown = NULL;
}

/* ---- looks ---- */

static void
pen_add(struct pen *pen, const char *bytes)
{
	size_t n = bytes ? strlen(bytes) : 0;

	if (n > PEN_MAX - pen->n) /* no terminal has strings so long */
		return;
	memcpy(pen->bytes + pen->n, bytes ? bytes : "", n);
	pen->n += n;
}

static unsigned
without_forbidden(const struct paint *p, unsigned attributes)
{
	if (p->ncv <= 0)
		return attributes;
	attributes &= p->ncv & NCV_UNDERLINE ? ~(unsigned)LOOK_UNDERLINE : ~0u;
	attributes &= p->ncv & NCV_REVERSE ? ~(unsigned)LOOK_REVERSE : ~0u;
	attributes &= p->ncv & NCV_DIM ? ~(unsigned)LOOK_DIM : ~0u;
	attributes &= p->ncv & NCV_BOLD ? ~(unsigned)LOOK_BOLD : ~0u;
	return attributes;
}

static void
make_pen(const struct paint *p, struct pen *pen, unsigned attributes, int fg, int bg)
{
	if (fg != COLOUR_DEFAULT || bg != COLOUR_DEFAULT)
		attributes = without_forbidden(p, attributes);
	pen->n = 0;
	pen->bare = !(attributes & (LOOK_REVERSE | LOOK_UNDERLINE));
	if (attributes && p->looks) {
		pen_add(pen, tiparm(p->looks, 0, (attributes & LOOK_UNDERLINE) != 0,
				    (attributes & LOOK_REVERSE) != 0, 0,
				    (attributes & LOOK_DIM) != 0, (attributes & LOOK_BOLD) != 0, 0,
				    0, 0));
	} else {
		pen_add(pen, p->plain);
		pen_add(pen, attributes & LOOK_BOLD ? p->bold : NULL);
		pen_add(pen, attributes & LOOK_DIM ? p->dim : NULL);
		pen_add(pen, attributes & LOOK_UNDERLINE ? p->underline : NULL);
		pen_add(pen, attributes & LOOK_REVERSE ? p->reverse : NULL);
	}
	if (fg != COLOUR_DEFAULT)
		pen_add(pen, tiparm(p->fg, fg));
	if (bg != COLOUR_DEFAULT)
		pen_add(pen, tiparm(p->bg, bg));
}

static int
colour_of(const struct paint *p, int32_t colour, int8_t in8)
{
	return p->colours > 0 ? colour_for(colour, in8, p->colours) : COLOUR_DEFAULT;
}

void
paint_wear(struct paint *p, const struct theme *theme)
{
	const struct theme *worn = p->colours > 0 ? theme : theme_find(TEXT("mono"));
	const struct look  *text = &worn->looks[ROLE_TEXT];
	int                 ground = colour_of(p, text->bg, text->bg8);

	for (int role = 0; role < ROLE_COUNT; role++) {
		const struct look *look = &worn->looks[role];
		unsigned           of_cursor = (look->attributes & ~(unsigned)LOOK_DIM) | LOOK_REVERSE;
		int                fg = colour_of(p, look->fg, look->fg8);
		int                bg = colour_of(p, look->bg, look->bg8);

		if (role == ROLE_MATCH) /* reversed already */
			of_cursor = LOOK_BOLD | LOOK_UNDERLINE;
		make_pen(p, &p->pens[role][0], look->attributes, fg, bg);
		make_pen(p, &p->pens[role][1], of_cursor, fg, bg);
		p->pens[role][0].bare &= bg == ground;
		p->pens[role][1].bare &= bg == ground;
	}
	p->on_ground = ground != COLOUR_DEFAULT;
	paint_forget(p);
}

static const struct pen *
pen_of(const struct paint *p, const struct grid_cell *cell)
{
	return &p->pens[cell->role][cell->cursor];
}

/* ---- bytes ---- */

static void
add(struct paint *p, const char *bytes, size_t n)
{
	if (n > p->room - p->n) {
		char *more = realloc(p->out, 2 * (p->room + n));

		if (!more)
			arena_exhausted(2 * (p->room + n));
		p->out = more;
		p->room = 2 * (p->room + n);
	}
	memcpy(p->out + p->n, bytes, n);
	p->n += n;
}

static void
add_string(struct paint *p, const char *string)
{
	if (string)
		add(p, string, strlen(string));
}

static void
wear(struct paint *p, const struct pen *pen)
{
	if (p->pen == pen)
		return;
	p->pen = pen;
	if (pen)
		add(p, pen->bytes, pen->n);
	else
		add_string(p, p->plain);
}

static void
go(struct paint *p, int row, int column)
{
	if (p->row == row && p->column == column)
		return;
	if (!p->moves_worn)
		wear(p, NULL);
	if (p->row == row && p->column < column && p->forward)
		add_string(p, tiparm(p->forward, column - p->column));
	else
		add_string(p, tiparm(p->place, row, column));
	p->row = row;
	p->column = column;
}

static void
put_code(struct paint *p, uint32_t code)
{
	char utf8[4];

	if (code < 0x80 || p->ascii)
		add(p, &(char){ (char)(code < 0x80 ? code : '?') }, 1);
	else
		add(p, utf8, utf8_encode(code, utf8));
}

static void
put_cell(struct paint *p, const struct grid_cell *cell)
{
	wear(p, pen_of(p, cell));
	put_code(p, cell->code);
	for (size_t i = 0; i < 2 && cell->marks[i] && !p->ascii; i++)
		put_code(p, cell->marks[i]);
	p->column += cell->width;
	if (p->column >= p->columns) /* where the cursor waits there is the terminal's affair */
		p->row = NOWHERE;
}

/* ---- screens ---- */

static bool
is_blank(const struct paint *p, const struct grid_cell *cell)
{
	return cell->code == ' ' && cell->width == 1 && !cell->marks[0] && pen_of(p, cell)->bare;
}

static bool
same_cell(const struct paint *p, const struct grid_cell *a, const struct grid_cell *b)
{
	if (a->code != b->code || a->width != b->width || a->marks[0] != b->marks[0] ||
	    a->marks[1] != b->marks[1])
		return false;
	return (a->role == b->role && a->cursor == b->cursor) || (is_blank(p, a) && is_blank(p, b));
}

/* To a cell further on in the row: over cells that look like the last one by writing them again. */
static void
reach(struct paint *p, const struct grid_cell *cells, int row, int column)
{
	bool near = p->row == row && p->column < column && column - p->column <= BRIDGE_MOST;

	for (int at = p->column; near && at < column; at++)
		near = cells[at].width == 1 && !cells[at].marks[0] && cells[at].code < 0x80 &&
		       pen_of(p, &cells[at]) == p->pen;
	while (near && p->column < column)
		put_cell(p, &cells[p->column]);
	go(p, row, column);
}

/* From where on the row is to be erased; its end: erasing would not pay or not be right. */
static int
blank_tail(const struct paint *p, const struct grid_cell *now, const struct grid_cell *was)
{
	int tail = p->columns, changed = 0;

	if (!p->erase || (p->on_ground && !p->erases_worn))
		return p->columns;
	for (; tail > 0 && is_blank(p, &now[tail - 1]); tail--)
		changed += !same_cell(p, &now[tail - 1], &was[tail - 1]);
	return changed > (int)strlen(p->erase) ? tail : p->columns;
}

static void
paint_row(struct paint *p, const struct grid_cell *now, struct grid_cell *was, int row)
{
	int tail = blank_tail(p, now, was), end = tail;

	/* The last cell of all would scroll a terminal that wraps at once. */
	if (row == p->rows - 1 && p->wraps && !p->wraps_late && end == p->columns)
		end--;
	for (int column = 0; column < end; column++) {
		if (!now[column].width || same_cell(p, &now[column], &was[column]))
			continue;
		reach(p, now, row, column);
		put_cell(p, &now[column]);
	}
	if (tail < p->columns) {
		go(p, row, tail);
		wear(p, &p->pens[ROLE_TEXT][0]);
		add_string(p, p->erase);
	}
	memcpy(was, now, (size_t)p->columns * sizeof(*now));
}

/* The terminal is cleared; what its cells then hold. */
static void
begin_anew(struct paint *p, const struct screen *s)
{
	size_t cells = (size_t)s->rows * (size_t)s->columns;
	bool   cleared = p->clear && (!p->on_ground || p->erases_worn);

	free(p->shown);
	p->shown = calloc(cells, sizeof(*p->shown));
	if (!p->shown)
		arena_exhausted(cells * sizeof(*p->shown));
	for (size_t i = 0; cleared && i < cells; i++)
		p->shown[i] = (struct grid_cell){ .code = ' ', .width = 1, .role = ROLE_TEXT };
	p->rows = s->rows;
	p->columns = s->columns;
	p->pen = NULL;
	add_string(p, p->plain);
	wear(p, &p->pens[ROLE_TEXT][0]);
	add_string(p, p->clear);
	p->row = p->column = NOWHERE;
}

struct text
paint_screen(struct paint *p, const struct screen *s)
{
	p->n = 0;
	if (!p->shown || p->rows != s->rows || p->columns != s->columns)
		begin_anew(p, s);
	for (int row = 0; row < s->rows; row++) {
		size_t first = (size_t)row * (size_t)s->columns;

		if (memcmp(&s->cells[first], &p->shown[first],
			   (size_t)s->columns * sizeof(*s->cells)) != 0)
			paint_row(p, &s->cells[first], &p->shown[first], row);
	}
	go(p, s->cursor_row, s->cursor_column);
	wear(p, NULL);
	return (struct text){ p->out, p->n };
}
