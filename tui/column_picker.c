/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tui/column_picker.h"

#include <stdlib.h>

#include "tui/undo.h"

#define WIDTH      56
#define LIST_ABOVE 4 /* lines of the list that are to be seen over it */
#define HEAD_WIDTH 20
#define REMARK     14 /* the longest and what is behind it */

struct column_picker {
	struct column_choice *choice;
	struct column_choice  was;
	unsigned              at;   /* of the choice */
	int                   top, page; /* lines, of those that this list has */
};

static const struct list_column *
column_at(const struct view *v, const struct column_choice *choice, unsigned at)
{
	size_t place = columns_place(v, &choice->of[at]);

	return place == TEXT_NOWHERE ? NULL : &v->list.columns[place];
}

static int
drawn_width(const struct view *v, const struct list_column *c)
{
	return v->list.widths[c - v->list.columns];
}

/* The next of the choice that the list has; AT: there is none. */
static unsigned
next_of(const struct view *v, const struct column_choice *choice, unsigned at, int step)
{
	for (unsigned i = at + (unsigned)step; i < choice->n; i += (unsigned)step)
		if (column_at(v, choice, i))
			return i;
	return at;
}

void
column_picker_open(struct app *app, struct view *v)
{
	struct column_picker *p;

	if (!columns_can_be_chosen(v->kind)) {
		app_say(app, "a search says itself which columns it has: | table host, user; s edits it");
		return;
	}
	if (!v->list.n_columns || !v->list.table.shown) {
		app_say(app, "no rows are shown here whose columns could be chosen");
		return;
	}
	p = calloc(1, sizeof(*p));
	if (!p)
		arena_exhausted(sizeof(*p));
	app->choosing = p;
	p->choice = columns_of(app, v->kind);
	p->was = *p->choice;
	columns_begin(app, v, p->choice);
	columns_changed(app, p->choice);
	if (!column_at(v, p->choice, 0))
		p->at = next_of(v, p->choice, 0, 1);
}

void
column_picker_close(struct app *app)
{
	if (app->choosing)
		*app->choosing->choice = app->choosing->was;
	free(app->choosing);
	app->choosing = NULL;
}

/* Hidden, or shown also where it has no room as it is built. */
static void
toggle(struct app *app, struct view *v, struct column_wish *wish, const struct list_column *c)
{
	bool has_room = c->from <= app->screen.columns;

	if (c->wish == LIST_TELLING)
		app_say(app, "%s stays: it tells the rows from each other", c->head);
	else if (drawn_width(v, c))
		wish->wish = has_room ? LIST_HIDDEN : LIST_AS_BUILT;
	else
		wish->wish = wish->wish == LIST_HIDDEN && has_room ? LIST_AS_BUILT : LIST_SHOWN;
}

static void
widen(struct app *app, struct view *v, struct column_wish *wish, const struct list_column *c, int step)
{
	int width = drawn_width(v, c), least = columns_least(&v->list.table, c);

	if (!width)
		app_say(app, "%s is not shown; Space shows it", c->head);
	else if (least > COLUMN_MOST)
		app_say(app, "a time is as wide as it is");
	else if (width + step < least || width + step > COLUMN_MOST)
		app_say(app, "%s is %d to %d wide", c->head, least, COLUMN_MOST);
	else
		wish->width = width + step;
}

static void
move_column(struct app *app, struct view *v, int step)
{
	struct column_picker *p = app->choosing;
	unsigned              to = next_of(v, p->choice, p->at, step);
	struct column_wish    moved = p->choice->of[p->at];

	p->choice->of[p->at] = p->choice->of[to];
	p->choice->of[to] = moved;
	p->at = to;
}

/* The order and the widths that the program has, all shown that have room. */
static void
as_built(struct app *app, struct view *v)
{
	struct column_picker *p = app->choosing;

	p->choice->n = 0;
	columns_changed(app, p->choice);
	columns_begin(app, v, p->choice);
	p->at = 0;
}

static void
leave(struct app *app, struct view *v, bool keep)
{
	struct column_picker *p = app->choosing;
	struct column_choice *choice = p->choice;

	if (keep) {
		columns_end(v, choice);
		if (!columns_same(choice, &p->was))
			undo_add_columns(app, &p->was, choice);
		p->was = *choice;
		app_say(app, choice->n ? "columns of %s kept; u undoes, v 0 brings the usual ones back"
				       : "columns of %s are the usual ones",
			v->kind->title);
	}
	column_picker_close(app);
	columns_changed(app, choice);
}

/* The keys that change the column under the cursor; false: none of them. */
static bool
change_column(struct app *app, struct view *v, uint32_t press)
{
	struct column_picker     *p = app->choosing;
	struct column_wish       *wish = &p->choice->of[p->at];
	const struct list_column *c = column_at(v, p->choice, p->at);

	switch (press) {
	case ' ':
		toggle(app, v, wish, c);
		return true;
	case '+':
	case '-':
		widen(app, v, wish, c, press == '+' ? 1 : -1);
		return true;
	case '<':
	case 'K':
		move_column(app, v, -1);
		return true;
	case '>':
	case 'J':
		move_column(app, v, 1);
		return true;
	case '0':
		as_built(app, v);
		return true;
	}
	return false;
}

void
column_picker_press(struct app *app, uint32_t press)
{
	struct column_picker *p = app->choosing;
	struct view          *v = app_view(app);

	switch (press) {
	case PRESS_ESCAPE:
	case PRESS_CTRL('C'):
	case 'q':
		leave(app, v, false);
		return;
	case PRESS_ENTER:
		leave(app, v, true);
		return;
	case PRESS_UP:
	case PRESS_WHEEL_UP:
	case 'k':
		p->at = next_of(v, p->choice, p->at, -1);
		return;
	case PRESS_DOWN:
	case PRESS_WHEEL_DOWN:
	case 'j':
		p->at = next_of(v, p->choice, p->at, 1);
		return;
	}
	if (column_at(v, p->choice, p->at) && change_column(app, v, press))
		columns_changed(app, p->choice);
}

struct text
column_picker_hints(void)
{
	return TEXT("Space on/off  Enter keep  Esc cancel  < > move  + - width  0 usual");
}

/* ---- drawing ---- */

static const char *
remark(const struct column_wish *wish, const struct list_column *c, int width)
{
	if (c->wish == LIST_TELLING)
		return "stays";
	if (wish->wish == LIST_HIDDEN)
		return "hidden";
	if (!width)
		return "no room here";
	return wish->wish == LIST_SHOWN ? "in any width" : "";
}

static void
draw_column(struct app *app, const struct view *v, unsigned at, struct area line)
{
	const struct column_choice *choice = app->choosing->choice;
	const struct list_column   *c = column_at(v, choice, at);
	struct screen              *s = &app->screen;
	int                         width = drawn_width(v, c), column = line.column + 2;
	int                         head = line.columns - 12 - REMARK;

	column += screen_put(s, line.row, column, 4, width ? TEXT("[x] ") : TEXT("[ ] "),
			     width ? ROLE_MARK : ROLE_TEXT);
	head = head < HEAD_WIDTH ? head : HEAD_WIDTH;
	screen_put(s, line.row, column, head, text_of(c->head), width ? ROLE_TEXT : ROLE_DIM);
	if (width)
		screen_put_right(s, line.row, column + head, 4,
				 arena_printf(&app->frame, "%d", width),
				 choice->of[at].width ? ROLE_MARK : ROLE_DIM);
	screen_put(s, line.row, column + head + 6, REMARK - 2,
		   text_of(remark(&choice->of[at], c, width)), ROLE_DIM);
	if (at != app->choosing->at)
		return;
	screen_select(s, line.row, line.column + 1, line.columns - 2);
	s->cursor_row = line.row;
	s->cursor_column = line.column + 2;
}

/* The list stays to be seen above it where there is room for both. */
static struct area
box_of(struct area a, int lines)
{
	int rows = lines + 2, most = a.rows > LIST_ABOVE + 6 ? a.rows - LIST_ABOVE : a.rows;
	int columns = a.columns < WIDTH + 4 ? a.columns : WIDTH;

	rows = rows < most ? rows : most;
	return (struct area){ a.row + a.rows - rows, a.column + (a.columns - columns) / 2, rows,
			      columns };
}

void
column_picker_draw(struct app *app, struct area a)
{
	struct column_picker *p = app->choosing;
	struct view          *v = app_view(app);
	int                   lines = 0, here = 0, line = 0;
	struct area           box;

	for (unsigned i = 0; i < p->choice->n; i++) {
		here = i == p->at ? lines : here;
		lines += column_at(v, p->choice, i) != NULL;
	}
	box = box_of(a, lines);
	p->page = box.rows > 2 ? box.rows - 2 : 1;
	p->top = here < p->top ? here : here >= p->top + p->page ? here - p->page + 1 : p->top;
	p->top = p->top > lines - p->page ? (lines > p->page ? lines - p->page : 0) : p->top;
	screen_box(&app->screen, box,
		   arena_printf(&app->frame, "columns of %s: %d of %d", v->kind->title, here + 1, lines),
		   TEXT("exported files have all"));
	for (unsigned i = 0; i < p->choice->n; i++) {
		if (!column_at(v, p->choice, i))
			continue;
		if (line >= p->top && line < p->top + p->page)
			draw_column(app, v, i,
				    (struct area){ box.row + 1 + line - p->top, box.column, 1, box.columns });
		line++;
	}
}
