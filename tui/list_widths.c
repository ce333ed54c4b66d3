/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tui/list_widths.h"

#define READABLE   48 /* columns of a text that tells enough to go on */
#define NAME_COLUMNS 28 /* of a computer */
#define SHORT_NAME   16 /* of its first label, 15 letters in Windows, and the sign of a domain */
#define TAIL_COLUMNS 34 /* of a name whose front may go */
#define SQUEEZED     8  /* of a text, for columns that the user wants to see */

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

		if (!widths[i] || l->columns[i].wished || l->columns[i].flexible != flexible || more <= 0)
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
		int least = l->columns[i].wished ? 0 : l->columns[i].least;
		int less = least ? widths[i] - least : 0;

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

		if (!widths[i] || l->columns[i].look != LOOK_HOST || l->columns[i].wished || more <= 0)
			continue;
		wider -= give_way(l, more - (room - wider), widths);
		more = more < room - wider ? more : room - wider;
		widths[i] += more > 0 ? more : 0;
		wider += more > 0 ? more : 0;
	}
	return wider;
}

/* As wide as it is built, or as the user wants it; 0: not shown in a list that wide. */
static int
first_width(const struct list_column *c, const struct screen *s, int columns)
{
	if (c->wish == LIST_HIDDEN || (c->wish < LIST_SHOWN && c->from > columns))
		return 0;
	if (c->wished)
		return c->wished;
	if (columns < LIST_NARROW && c->narrow)
		return c->narrow;
	if (columns < LIST_NARROW && c->look == LOOK_SECOND)
		return s->years ? DAY_AND_MINUTE : MONTH_TO_MINUTE;
	return s->years && c->look == LOOK_WHEN ? DAY_AND_MINUTE : c->width;
}

/* Takes a column away, which returns by how much all is narrower. */
static int
take_away(int *width)
{
	int less = *width ? *width + LIST_GAP : 0;

	*width = 0;
	return less;
}

/* The widest text that is still wider than it must be; the number of columns: there is none. */
static unsigned
widest_text(const struct list *l, const int widths[LIST_COLUMNS_MAX])
{
	unsigned widest = l->n_columns;

	for (unsigned i = 0; i < l->n_columns; i++)
		if (widths[i] > SQUEEZED && l->table.columns[l->columns[i].column].kind == TABLE_TEXT &&
		    (widest == l->n_columns || widths[i] > widths[widest]))
			widest = i;
	return widest;
}

/* What the user wants to see stays: the others go, then texts are cut shorter, and only then it goes
 * as well, the last first. MISSING: columns that there are not; returns how many are freed. */
static int
make_room_for_wishes(const struct list *l, int missing, int widths[LIST_COLUMNS_MAX])
{
	int      freed = 0;
	unsigned widest;

	for (unsigned i = l->n_columns; i-- > 0 && freed < missing;)
		if (l->columns[i].wish < LIST_SHOWN)
			freed += take_away(&widths[i]);
	for (; freed < missing && (widest = widest_text(l, widths)) < l->n_columns; freed++)
		widths[widest]--;
	for (unsigned i = l->n_columns; i-- > 0 && freed < missing;)
		if (l->columns[i].wish != LIST_TELLING)
			freed += take_away(&widths[i]);
	return freed;
}

static bool
has_wishes(const struct list *l)
{
	for (unsigned i = 0; i < l->n_columns; i++)
		if (l->columns[i].wish == LIST_TELLING)
			return true;
	return false;
}

static bool
takes_rest(const struct list *l, unsigned i, const int widths[LIST_COLUMNS_MAX])
{
	return widths[i] && l->columns[i].flexible && !l->columns[i].wished;
}

void
list_widths(const struct list *l, const struct screen *s, int columns,
	      int widths[LIST_COLUMNS_MAX])
{
	int      used = list_margin(l), flexible = 0, extra;
	unsigned last = l->n_columns;

	for (unsigned i = 0; i < l->n_columns; i++) {
		widths[i] = first_width(&l->columns[i], s, columns);
		used += widths[i] ? widths[i] + LIST_GAP : 0;
	}
	used -= give_way(l, used - LIST_GAP - columns, widths);
	used += make_room_for_names(l, columns - (used - LIST_GAP), widths);
	while (used - LIST_GAP > columns && last > 2) {
		last--;
		if (l->columns[last].wish < LIST_SHOWN)
			used -= take_away(&widths[last]);
	}
	if (has_wishes(l))
		used -= make_room_for_wishes(l, used - LIST_GAP - columns, widths);
	extra = columns - (used - LIST_GAP);
	widen(l, widths, &extra, true, false);
	widen(l, widths, &extra, false, false);
	widen(l, widths, &extra, true, true);
	widen(l, widths, &extra, false, true);
	for (unsigned i = 0; i < l->n_columns; i++)
		flexible += takes_rest(l, i, widths);
	for (unsigned i = 0; i < l->n_columns && flexible > 0 && extra > 0; i++) {
		if (takes_rest(l, i, widths)) {
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
