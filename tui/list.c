/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tui/list.h"

#include <math.h>

#include "base/counted.h"
#include "base/visible.h"
#include "base/when.h"
#include "tui/list_widths.h"

#define TAIL_MOST 512 /* bytes of a long text that are looked at */
#define NEEDS_MOST 400
#define SECOND_WIDTH     19 /* of "2023-03-21 18:04:33" */

const char *
risk_band(double score)
{
	return score >= 500   ? "CRIT"
	       : score >= 250 ? "HIGH"
	       : score >= 100 ? "MED"
	       : score > 0    ? "LOW"
			      : "";
}

enum role
risk_role(double score)
{
	return score >= 500   ? ROLE_CRIT
	       : score >= 250 ? ROLE_HIGH
	       : score > 0    ? ROLE_TEXT
			      : ROLE_DIM;
}

/* "~ via WMI and PowerShell", "~ DC01/Security.evtx": what stands before one of ENDS off the front
 * until the rest fits, and of a last part that is too long its beginning. */
static struct text
cut_front(struct text t, const char *ends, int width, const struct screen *s, struct arena *keep)
{
	struct text rest = text_from(t, t.n > TAIL_MOST ? t.n - TAIL_MOST : 0);

	if (rest.n == t.n && screen_width(s, t) <= width)
		return t;
	while (rest.n && screen_width(s, rest) + 2 > width) {
		size_t gap = 0;

		while (gap < rest.n && !strchr(ends, rest.p[gap]))
			gap++;
		rest = text_from(rest, gap < rest.n ? gap + 1 : screen_fit(s, rest, 1));
	}
	return arena_join(keep, TEXT("~ "), rest);
}

static struct text
moment(const struct screen *s, int64_t time_ns, size_t from, size_t n, struct arena *keep)
{
	char   human[WHEN_TEXT_MAX];
	size_t len;

	if (time_ns == WHEN_NONE)
		return TEXT_NONE;
	len = zone_human(&s->zone, time_ns, human);
	return arena_copy(keep, text_head(text_from((struct text){ human, len }, from), n));
}

/* "4,520", "4.5K", "225K": whole where that fits. A number that is cut off would be another one. */
static struct text
amount(double number, int width, struct arena *keep)
{
	static const char units[] = "KMGT";
	struct text       shown = table_amount(number, keep);

	if (shown.n > (size_t)width && fabs(number) < 1000)
		return arena_printf(keep, "%.0f", number);
	for (size_t i = 0; units[i] && shown.n > (size_t)width; i++) {
		number /= 1000;
		shown = arena_printf(keep, "%.*f%c", fabs(number) < 9.95, number, units[i]);
	}
	return shown;
}

/* What a value looks like in a list, at most WIDTH columns wide. */
static struct text
shown_value(const struct table *t, const struct table_row *row, const struct list_column *column,
	   int width, const struct screen *s, struct arena *keep)
{
	const struct table_value *v = &row->values[column->column];
	enum table_kind           kind = t->columns[column->column].kind;

	switch (column->look) {
	case LOOK_PLAIN:
		return table_cell(t, row, column->column, keep);
	case LOOK_HOST:
		return screen_cut_domain(s, v->text, width, keep);
	case LOOK_MIDDLE:
		return screen_cut_middle(s, text_head(v->text, 512), width, keep);
	case LOOK_TAIL:
		return cut_front(v->text, " -", width, s, keep);
	case LOOK_PATH:
		return cut_front(v->text, "/\\", width, s, keep);
	case LOOK_AMOUNT:
		if (kind == TABLE_NUMBER && v->number == 0)
			return screen_sign(s, SIGN_NONE);
		return amount(v->number, width, keep);
	case LOOK_RISK:
		return amount(v->number, width, keep);
	case LOOK_COMMAND:
		return screen_cut_folder(s, v->text, width, keep);
	case LOOK_MINUTE:
	case LOOK_WHEN:
		if (!s->years)
			return moment(s, v->time_ns, 5, 11, keep);
		return moment(s, v->time_ns, 0, width < DAY_AND_MINUTE ? 10 : DAY_AND_MINUTE, keep);
	case LOOK_SECOND:
		if (v->time_ns == WHEN_NONE)
			return TEXT("no time");
		if (width < SECOND_WIDTH)
			return s->years ? moment(s, v->time_ns, 0, DAY_AND_MINUTE, keep)
					: moment(s, v->time_ns, 5, MONTH_TO_MINUTE, keep);
		return moment(s, v->time_ns, 0, SECOND_WIDTH, keep);
	}
	return TEXT_NONE;
}

static void
draw_heads(const struct list *l, struct screen *s, struct area a, const int *widths,
	   struct arena scratch)
{
	int at = a.column + list_margin(l);

	for (unsigned i = 0; i < l->n_columns; i++) {
		const struct list_column *c = &l->columns[i];
		bool        sorted = l->table.sort_column == c->column;
		struct text head = text_of(c->head);

		if (!widths[i])
			continue;
		if (c->look == LOOK_SECOND)
			head = arena_printf(&scratch, "%s (" TEXT_FMT ")", c->head,
					    TEXT_ARG(zone_short(&s->zone)));
		(c->right ? screen_put_right : screen_put)(s, a.row, at, widths[i], head,
							   sorted ? ROLE_HEAD : ROLE_DIM);
		if (l->aside_used && i == l->aside)
			screen_role(s, (struct area){ a.row, at, 1, widths[i] }, ROLE_MARK);
		at += widths[i] + LIST_GAP;
	}
}

bool
list_is_marked(const struct list *l, int64_t id)
{
	for (size_t i = 0; i < l->n_marks; i++)
		if (l->marks[i] == id)
			return true;
	return false;
}

static bool
too_many(struct err *err)
{
	return err_set(err, ERR_USAGE, "no more than %s rows can be marked at once; Esc lets go of them",
		       counted_number(LIST_MARKS_MAX).words);
}

bool
list_mark(struct list *l, struct err *err)
{
	const struct table_row *row = list_row(l);
	size_t                  at = 0;

	if (!row)
		return true;
	while (at < l->n_marks && l->marks[at] != row->id)
		at++;
	if (at < l->n_marks)
		l->marks[at] = l->marks[--l->n_marks];
	else if (l->n_marks < LIST_MARKS_MAX)
		l->marks[l->n_marks++] = row->id;
	else
		return too_many(err);
	list_move_to(l, l->place + 1);
	return true;
}

bool
list_mark_range(struct list *l, struct err *err)
{
	size_t from = l->n_marks ? table_place(&l->table, l->marks[l->n_marks - 1]) : l->place;
	size_t last = l->place, step;

	if (from == TEXT_NOWHERE)
		return err_set(err, ERR_USAGE, "the row marked last is out of reach; mark one nearer "
					       "with m");
	step = from <= last ? 1 : (size_t)-1;
	for (size_t at = from;; at += step) {
		int64_t id = table_id(&l->table, at);

		if (at < l->table.shown && !list_is_marked(l, id)) {
			if (l->n_marks == LIST_MARKS_MAX)
				return too_many(err);
			l->marks[l->n_marks++] = id;
		}
		if (at == last)
			return true;
	}
}

static void
draw_signs(const struct list *l, struct screen *s, struct area a, const struct table_row *row)
{
	enum table_remark remark = l->remark ? l->remark(l->ctx, row->id) : row->remark;
	int               flag = a.column + list_margin(l) - 1;

	if (list_is_marked(l, row->id))
		screen_put(s, a.row, a.column, 1, screen_sign(s, SIGN_MARKED), ROLE_MARK);
	if (l->remarks && remark != REMARK_NONE)
		screen_put(s, a.row, a.column + 1, 1,
			   remark == REMARK_NOTE   ? TEXT("n")
			   : remark == REMARK_BOTH ? TEXT("N")
						   : screen_sign(s, SIGN_BOOKMARK),
			   ROLE_MARK);
	if (row->flagged)
		screen_put(s, a.row, flag, 1, TEXT("!"), ROLE_FLAG);
	else if (row->sign)
		screen_put(s, a.row, flag, 1, (struct text){ &row->sign, 1 }, ROLE_MARK);
}

static void
draw_row(const struct list *l, struct screen *s, struct area a, const int *widths,
	 const struct table_row *row, struct arena scratch)
{
	int at = a.column + list_margin(l);

	draw_signs(l, s, a, row);
	for (unsigned i = 0; i < l->n_columns; i++) {
		const struct list_column *c = &l->columns[i];
		enum role                 role = row->dim ? ROLE_DIM : ROLE_TEXT;
		struct text               text;

		if (!widths[i])
			continue;
		text = shown_value(&l->table, row, c, widths[i], s, &scratch);
		if (c->look == LOOK_RISK)
			role = risk_role(row->values[c->column].number);
		(c->right ? screen_put_right : screen_put)(s, a.row, at, widths[i], text, role);
		at += widths[i] + LIST_GAP;
	}
}

static void
scroll_to_cursor(struct list *l, int page)
{
	size_t shown = l->table.shown;

	l->page = page;
	if (l->place >= shown)
		l->place = shown ? shown - 1 : 0;
	if (l->place < l->top)
		l->top = l->place;
	if (page > 0 && l->place >= l->top + (size_t)page)
		l->top = l->place - (size_t)page + 1;
	if (page > 0 && l->top + (size_t)page > shown && (!l->table.paged || l->table.at_end))
		l->top = shown > (size_t)page ? shown - (size_t)page : 0;
}

/* Fills the rows that are to be seen. What their values need only grows, so that columns stay where
 * they are when one scrolls back. */
static void
measure(struct list *l, const struct screen *s, int rows, struct arena scratch)
{
	for (int i = 0; i < rows; i++) {
		struct table_row *row = table_shown(&l->table, l->top + (size_t)i);

		if (!row)
			return;
		if (!row->full && l->fetch)
			l->fetch(l->ctx, &l->table, row);
		for (unsigned c = 0; c < l->n_columns; c++) {
			struct arena keep = scratch;
			struct text  value;
			int          need;

			if (l->columns[c].look == LOOK_MINUTE && s->years)
				l->needs[c] = DAY_AND_MINUTE;
			if (l->table.columns[l->columns[c].column].kind != TABLE_TEXT ||
			    l->needs[c] >= NEEDS_MOST)
				continue;
			value = shown_value(&l->table, row, &l->columns[c], NEEDS_MOST, s, &keep);
			if (l->columns[c].look == LOOK_HOST)
				list_measure_name(l, s, value);
			need = screen_width(s, text_head(value, NEEDS_MOST));
			l->needs[c] = need > l->needs[c] ? need : l->needs[c];
		}
	}
}

void
list_draw(struct list *l, struct screen *s, struct area a, struct arena scratch)
{
	int *widths = l->widths;
	int  heads = a.rows >= 3;

	scroll_to_cursor(l, a.rows - heads);
	measure(l, s, a.rows - heads, scratch);
	list_widths(l, s, a.columns, widths);
	l->first_row = a.row + heads;
	if (heads)
		draw_heads(l, s, a, widths, scratch);
	for (int i = 0; i < a.rows - heads; i++) {
		struct area       line = { a.row + heads + i, a.column, 1, a.columns };
		struct table_row *row = table_shown(&l->table, l->top + (size_t)i);

		if (!row)
			break;
		draw_row(l, s, line, widths, row, scratch);
		if (l->top + (size_t)i == l->place && !l->inert) {
			screen_put(s, line.row, a.column, 1,
				   screen_sign(s, list_is_marked(l, row->id) ? SIGN_MARKED
									  : SIGN_CURSOR),
				   ROLE_HEAD);
			screen_select(s, line.row, a.column, a.columns);
		}
	}
}

struct table_row *
list_row(const struct list *l)
{
	return table_shown(&l->table, l->place);
}

struct text
list_host(const struct list *l)
{
	const struct table_row *row = list_row(l);

	for (uint32_t i = 0; row && i < l->table.n_columns; i++)
		if (l->table.columns[i].name && strcmp(l->table.columns[i].name, "host") == 0)
			return row->values[i].text;
	return TEXT_NONE;
}

const struct list_column *
list_aside(const struct list *l)
{
	return l->aside < l->n_columns ? &l->columns[l->aside] : NULL;
}

void
list_move_to(struct list *l, size_t place)
{
	l->place = place < l->table.shown ? place : l->table.shown ? l->table.shown - 1 : 0;
	l->has_id = l->place < l->table.shown;
	if (l->has_id)
		l->id = table_id(&l->table, l->place);
}

bool
list_step_flag(struct list *l, int step)
{
	for (size_t at = l->place + (size_t)step; at < l->table.shown; at += (size_t)step) {
		if (table_shown(&l->table, at)->flagged) {
			list_move_to(l, at);
			return true;
		}
	}
	return false;
}

void
list_came_sorted(struct list *l, uint32_t column, bool descending)
{
	if (l->table.sort_column != TABLE_UNSORTED)
		return;
	l->table.sort_column = column;
	l->table.descending = descending;
}

void
list_settle(struct list *l)
{
	size_t place = l->has_id ? table_place(&l->table, l->id) : l->place;

	if (place == TEXT_NOWHERE) {
		if (l->place >= l->table.shown)
			l->place = l->table.shown ? l->table.shown - 1 : 0;
		return; /* its row may come back: the id stays */
	}
	list_move_to(l, place);
}

/* Has it been drawn, and without this column? */
static bool
is_hidden(const struct list *l, unsigned at)
{
	return l->page > 0 && !l->widths[at];
}

static bool
sort_aside(struct list *l, int step)
{
	unsigned at = 0;

	if (l->table.paged)
		return false;
	for (unsigned i = 0; i < l->n_columns; i++)
		if (l->columns[i].column == l->table.sort_column)
			at = i;
	if (l->table.sort_column != TABLE_UNSORTED)
		do
			at = (at + l->n_columns + (unsigned)step) % l->n_columns;
		while (l->columns[at].column != l->table.sort_column && is_hidden(l, at));
	table_sort(&l->table, l->columns[at].column,
		   l->table.columns[l->columns[at].column].kind != TABLE_TEXT);
	list_settle(l);
	return true;
}

/* To the next column that is to be seen. */
static void
step_aside(struct list *l, int step)
{
	bool begun = l->aside_used;

	l->aside_used = true;
	for (unsigned at = l->aside + (unsigned)step; begun && at < l->n_columns;
	     at += (unsigned)step) {
		if (!l->widths[at])
			continue;
		l->aside = at;
		return;
	}
}

static void
move_by(struct list *l, long step)
{
	long place = (long)l->place + step;

	list_move_to(l, place < 0 ? 0 : (size_t)place);
}

bool
list_act(struct list *l, enum action a)
{
	long page = l->page > 1 ? l->page : 1;

	switch ((int)a) {
	case ACTION_DOWN:
	case ACTION_MATCH_NEXT:
		move_by(l, 1);
		return true;
	case ACTION_UP:
	case ACTION_MATCH_PREV:
		move_by(l, -1);
		return true;
	case ACTION_PAGE_DOWN:
		l->top += (size_t)page;
		move_by(l, page);
		return true;
	case ACTION_PAGE_UP:
		l->top -= l->top < (size_t)page ? l->top : (size_t)page;
		move_by(l, -page);
		return true;
	case ACTION_HALF_DOWN:
		move_by(l, page / 2);
		return true;
	case ACTION_HALF_UP:
		move_by(l, -(page / 2));
		return true;
	case ACTION_FIRST:
		list_move_to(l, 0);
		return true;
	case ACTION_LAST:
		list_move_to(l, TEXT_NOWHERE);
		return true;
	case ACTION_LEFT:
		step_aside(l, -1);
		return true;
	case ACTION_RIGHT:
		step_aside(l, 1);
		return true;
	case ACTION_SORT_LEFT:
		return sort_aside(l, -1);
	case ACTION_SORT_RIGHT:
		return sort_aside(l, 1);
	case ACTION_REVERSE:
		if (l->table.paged)
			return false;
		table_sort(&l->table, l->table.sort_column, !l->table.descending);
		list_settle(l);
		return true;
	}
	return false;
}

const char *
list_sorted_by(const struct list *l, bool *descending)
{
	*descending = l->table.descending;
	for (unsigned i = 0; i < l->n_columns; i++)
		if (l->columns[i].column == l->table.sort_column)
			return l->columns[i].head;
	return NULL;
}
