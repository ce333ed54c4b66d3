/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tui/popup.h"

#include "base/counted.h"

#define LINES_SHOWN  8
#define WIDTH_MAX    76
#define INSERT_WIDTH 28 /* at least, beside long notes */

void
popup_begin(struct popup *p, struct arena *keep, size_t from, size_t to)
{
	*p = (struct popup){ .keep = keep, .from = from, .to = to, .place = TEXT_NOWHERE, .wrong_at = TEXT_NOWHERE };
}

void
popup_add(struct popup *p, struct text insert, struct text note)
{
	arena_grow(p->keep, p->lines, p->n, &p->cap);
	p->lines[p->n++] = (struct popup_line){ insert, note };
}

void
popup_advise(struct popup *p, struct text line)
{
	if (line.n && p->n_advice < POPUP_ADVICE_MAX)
		p->advice[p->n_advice++] = line;
}

static int
larger(int a, int b)
{
	return a > b ? a : b;
}

static int
insert_width(const struct popup *p, const struct screen *s)
{
	int width = 0, note = 0, room;

	for (size_t i = 0; i < p->n; i++) {
		width = larger(width, screen_width(s, text_head(p->lines[i].insert, 256)));
		note = larger(note, screen_width(s, text_head(p->lines[i].note, 256)));
	}
	room = larger(INSERT_WIDTH, (s->columns < WIDTH_MAX ? s->columns : WIDTH_MAX) - note - 7);
	return width > room ? room : width;
}

static int
box_width(const struct popup *p, const struct screen *s, int insert)
{
	int width = screen_width(s, p->title) + 6;

	for (size_t i = 0; i < p->n; i++)
		width = larger(width, insert + 7 + screen_width(s, text_head(p->lines[i].note, 256)));
	for (size_t i = 0; i < p->n_advice; i++)
		width = larger(width, 4 + screen_width(s, text_head(p->advice[i], 256)));
	return width > WIDTH_MAX ? WIDTH_MAX : width;
}

static void
draw_lines(const struct popup *p, struct screen *s, struct area box, size_t shown, size_t chosen)
{
	int    insert = insert_width(p, s);
	int    at = box.column + 2, room = box.columns - 4;
	size_t first = chosen >= shown ? chosen - shown + 1 : 0;

	for (size_t i = 0; i < shown; i++) {
		const struct popup_line *line = &p->lines[first + i];
		int                      row = box.row + 1 + (int)i;

		if (first + i == chosen)
			screen_put(s, row, at, 1, screen_sign(s, SIGN_CURSOR), ROLE_HEAD);
		screen_put(s, row, at + 2, room - 2 < insert ? room - 2 : insert,
			   screen_cut_middle(s, text_head(line->insert, 256), insert, p->keep),
			   first + i == chosen ? ROLE_HEAD : ROLE_TEXT);
		screen_put(s, row, at + insert + 3, room - insert - 3, line->note, ROLE_DIM);
	}
	for (size_t i = 0; i < p->n_advice; i++)
		screen_put(s, box.row + 1 + (int)(shown + i), at, room, p->advice[i],
			   i == 0 && p->wrong_at != TEXT_NOWHERE ? ROLE_FLAG : ROLE_DIM);
}

void
popup_draw(const struct popup *p, struct screen *s, struct area area, int column, size_t chosen)
{
	size_t      shown = p->n < LINES_SHOWN ? p->n : LINES_SHOWN;
	struct area box = { .columns = box_width(p, s, insert_width(p, s)) };
	struct text more = TEXT_NONE;

	if (!p->n && !p->n_advice)
		return;
	if (area.rows < 3 + (int)p->n_advice || area.columns < 20)
		return;
	if ((int)(shown + p->n_advice) + 2 > area.rows)
		shown = (size_t)(area.rows - 2) - p->n_advice;
	if (box.columns > area.columns)
		box.columns = area.columns;
	box.rows = (int)(shown + p->n_advice) + 2;
	box.row = area.row + area.rows - box.rows;
	box.column = column - 4 < area.column ? area.column : column - 4;
	if (box.column + box.columns > area.column + area.columns)
		box.column = area.column + area.columns - box.columns;
	if (shown < p->n)
		more = arena_printf(p->keep, "%s of %s", counted_number(shown).words, counted_number(p->n).words);
	screen_box(s, box, p->title, more);
	draw_lines(p, s, box, shown, chosen);
}
