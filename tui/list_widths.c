/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tui/list_widths.h"

#define READABLE   48 /* columns of a text that tells enough to go on */
#define NAME_COLUMNS 28 /* of a computer */
#define SHORT_NAME   16 /* of its first label, 15 letters in Windows, and the sign of a domain */
#define TAIL_COLUMNS 34 /* of a name whose front may go */

int
list_margin(const struct list *l)
{
	return l->remarks ? 3 : 2;
}

/* What a column gets before others get all that they need. */
static int
readable(const struct list_column *c)
{
	return c->look == LOOK_HOST ? NAME_COLUMNS : c->look == LOOK_TAIL ? TAIL_COLUMNS : READABLE;
}

/* Columns that are, or are not, flexible get what their values need; what can be read, or all. */
static void
widen(const struct list *l, int widths[LIST_COLUMNS_MAX], int *extra, bool flexible, bool all)
{
	for (unsigned i = 0; i < l->n_columns && *extra > 0; i++) {
		int enough = all ? l->needs[i] : readable(&l->columns[i]);
		int more = (l->needs[i] < enough ? l->needs[i] : enough) - widths[i];

		if (!widths[i] || l->columns[i].flexible != flexible || more <= 0)
			continue;
		more = more < *extra ? more : *extra;
		widths[i] += more;
		*extra -= more;
	}
}

/* Up to WANTED columns from those that give way; how many. */
static int
give_way(const struct list *l, int wanted, int widths[LIST_COLUMNS_MAX])
{
	int given = 0;

	for (unsigned i = 0; i < l->n_columns && given < wanted; i++) {
		int less = l->columns[i].least ? widths[i] - l->columns[i].least : 0;

		less = less < wanted - given ? less : wanted - given;
		widths[i] -= less > 0 ? less : 0;
		given += less > 0 ? less : 0;
	}
	return given;
}

/* Short names of computers are whole where that costs no column. ROOM: what is left over; returns
 * by how much all has become wider. */
static int
make_room_for_names(const struct list *l, int room, int widths[LIST_COLUMNS_MAX])
{
	int wider = 0;

	for (unsigned i = 0; i < l->n_columns; i++) {
		int more = l->short_name - widths[i];

		if (!widths[i] || l->columns[i].look != LOOK_HOST || more <= 0)
			continue;
		wider -= give_way(l, more - (room - wider), widths);
		more = more < room - wider ? more : room - wider;
		widths[i] += more > 0 ? more : 0;
		wider += more > 0 ? more : 0;
	}
	return wider;
}

void
list_widths(const struct list *l, const struct screen *s, int columns,
	      int widths[LIST_COLUMNS_MAX])
{
	int      used = list_margin(l), flexible = 0, extra;
	unsigned last = l->n_columns;

	for (unsigned i = 0; i < l->n_columns; i++) {
		widths[i] = l->columns[i].from <= columns ? l->columns[i].width : 0;
		if (widths[i] && s->years && l->columns[i].look == LOOK_WHEN)
			widths[i] = DAY_AND_MINUTE;
		if (widths[i] && columns < LIST_NARROW && l->columns[i].look == LOOK_SECOND)
			widths[i] = s->years ? DAY_AND_MINUTE : MONTH_TO_MINUTE;
		if (widths[i] && columns < LIST_NARROW && l->columns[i].narrow)
			widths[i] = l->columns[i].narrow;
		used += widths[i] ? widths[i] + LIST_GAP : 0;
	}
	used -= give_way(l, used - LIST_GAP - columns, widths);
	used += make_room_for_names(l, columns - (used - LIST_GAP), widths);
	while (used - LIST_GAP > columns && last > 2) {
		last--;
		used -= widths[last] ? widths[last] + LIST_GAP : 0;
		widths[last] = 0;
	}
	extra = columns - (used - LIST_GAP);
	widen(l, widths, &extra, true, false);
	widen(l, widths, &extra, false, false);
	widen(l, widths, &extra, true, true);
	widen(l, widths, &extra, false, true);
	for (unsigned i = 0; i < l->n_columns; i++)
		flexible += widths[i] && l->columns[i].flexible;
	for (unsigned i = 0; i < l->n_columns && flexible > 0 && extra > 0; i++) {
		if (widths[i] && l->columns[i].flexible) {
			widths[i] += extra / flexible;
			extra -= extra / flexible--;
		}
	}
}

void
list_measure_name(struct list *l, const struct screen *s, struct text name)
{
	size_t dot = text_find_byte(name, '.');
	int    need = dot == TEXT_NOWHERE ? screen_width(s, name)
					  : screen_width(s, text_head(name, dot)) + 1;

	if (need > l->short_name)
		l->short_name = need < SHORT_NAME ? need : SHORT_NAME;
}
