/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table behind lists. */
#include "config.h"

#include "tui/list.h"

#include <stdlib.h>

#include "base/when.h"
#include "tests/tap.h"

enum { NAME, SCORE, SEEN, N };

static const struct table_column columns[N] = {
	[NAME] = { "name", TABLE_TEXT },
	[SCORE] = { "score", TABLE_NUMBER },
	[SEEN] = { "seen", TABLE_TIME },
};

static const struct list_column shown[] = {
	{ NAME, "NAME", 10, .flexible = true },
	{ SCORE, "SCORE", 6, .right = true, .look = LOOK_AMOUNT },
};

static void
add(struct table *t, int64_t id, struct text name, double score)
{
	struct table_row *row = table_add(t, id);

	table_text(t, row, NAME, name);
	table_number(row, SCORE, score);
	table_time(row, SEEN, id * WHEN_SECOND);
}

static void
fill(struct list *l, struct arena *keep)
{
	table_reset(&l->table, keep, columns, N);
	l->columns = shown;
	l->n_columns = 2;
	add(&l->table, 1, TEXT("beta"), 5);
	add(&l->table, 2, TEXT("Alpha"), 70);
	add(&l->table, 3, TEXT("gamma"), 5);
	add(&l->table, 4, TEXT_NONE, 12);
	table_arrange(&l->table);
}

static bool
order_is(const struct table *t, const int64_t *ids, size_t n)
{
	bool same = t->shown == n;

	for (size_t i = 0; i < n && same; i++)
		same = table_shown(t, i)->id == ids[i];
	return same;
}

static void
rows_sort_by_any_column(struct list *l)
{
	table_sort(&l->table, SCORE, true);
	ok(order_is(&l->table, (int64_t[]){ 2, 4, 1, 3 }, 4), "highest first, equals as they came");
	table_sort(&l->table, NAME, false);
	ok(order_is(&l->table, (int64_t[]){ 2, 1, 3, 4 }, 4), "names without case, absent ones last");
	table_sort(&l->table, NAME, true);
	ok(order_is(&l->table, (int64_t[]){ 3, 1, 2, 4 }, 4), "absent ones last the other way, too");
	table_sort(&l->table, TABLE_UNSORTED, false);
	ok(order_is(&l->table, (int64_t[]){ 1, 2, 3, 4 }, 4), "back to the order of the case");
}

static void
the_cursor_stays_on_its_row(struct list *l)
{
	list_move_to(l, 2);
	table_sort(&l->table, SCORE, true);
	list_settle(l);
	ok(list_row(l)->id == 3, "after sorting");
	table_narrow(&l->table, TEXT("ALPH"));
	list_settle(l);
	ok(l->table.shown == 1 && list_row(l)->id == 2, "a narrowing shows what it finds, without case");
	table_narrow(&l->table, TEXT(""));
	list_settle(l);
	ok(list_row(l)->id == 3, "and the cursor comes back to its row");
	table_narrow(&l->table, TEXT("1970-01-01T00:00:04"));
	ok(l->table.shown == 1 && table_shown(&l->table, 0)->id == 4, "times narrow as files have them");
	table_narrow(&l->table, TEXT("nothing like it"));
	list_settle(l);
	ok(!list_row(l), "no row, no cursor");
	table_narrow(&l->table, TEXT(""));
	list_settle(l);
}

static void
a_narrowing_is_typed_letter_by_letter(struct list *l)
{
	table_sort(&l->table, SCORE, true);
	table_narrow(&l->table, TEXT("a"));
	ok(order_is(&l->table, (int64_t[]){ 2, 1, 3 }, 3), "one letter");
	table_narrow(&l->table, TEXT("ta"));
	ok(order_is(&l->table, (int64_t[]){ 1 }, 1), "a letter in front of it");
	table_narrow(&l->table, TEXT("A"));
	ok(order_is(&l->table, (int64_t[]){ 2, 1, 3 }, 3), "taking one back shows the others again, in order");
	table_narrow(&l->table, TEXT("am"));
	add(&l->table, 6, TEXT("Tamara"), 60);
	table_narrow(&l->table, TEXT("ama"));
	ok(order_is(&l->table, (int64_t[]){ 6 }, 1), "a row that came meanwhile is among them");
	table_narrow(&l->table, TEXT("12"));
	ok(order_is(&l->table, (int64_t[]){ 4 }, 1), "numbers narrow, too");
	table_narrow(&l->table, TEXT("1970-01-01t"));
	ok(l->table.shown == 5, "and times, letters of theirs included");
	table_narrow(&l->table, TEXT(""));
}

static void
rows_may_come_later(struct list *l)
{
	table_sort(&l->table, SCORE, true);
	add(&l->table, 5, TEXT("delta"), 60);
	table_arrange(&l->table);
	ok(order_is(&l->table, (int64_t[]){ 2, 6, 5, 4, 1, 3 }, 6), "a late row takes its place");
}

static void
amounts_read_well(struct arena *keep)
{
	is(table_amount(0, keep), TEXT("0"), "zero");
	is(table_amount(1028, keep), TEXT("1,028"), "thousands");
	is(table_amount(1234567, keep), TEXT("1,234,567"), "millions");
	is(table_amount(-1500, keep), TEXT("-1,500"), "negative");
	is(table_amount(12.5, keep), TEXT("12.5"), "fractions");
}

static void
draws(struct list *l, int rows, int width, struct text want, struct arena scratch, const char *what)
{
	struct screen s = { 0 };
	struct text   got = TEXT("");
	char         *drawn = NULL;
	FILE         *out = open_memstream(&drawn, &got.n);

	screen_resize(&s, rows, width);
	list_draw(l, &s, (struct area){ 0, 0, rows, width }, scratch);
	screen_dump(&s, out);
	fclose(out);
	got.p = drawn;
	is(got, want, what);
	free(drawn);
	screen_free(&s);
}

static void
amounts_are_never_cut(struct arena *keep)
{
	static const struct list_column narrow[] = {
		{ NAME, "NAME", 4, .look = LOOK_PLAIN },
		{ SCORE, "FIND", 4, .right = true, .look = LOOK_AMOUNT },
	};
	struct list l = { 0 };

	table_reset(&l.table, keep, columns, N);
	l.columns = narrow;
	l.n_columns = 2;
	add(&l.table, 1, TEXT("a"), 999);
	add(&l.table, 2, TEXT("b"), 4520);
	add(&l.table, 3, TEXT("c"), 45200);
	add(&l.table, 4, TEXT("d"), 225069);
	add(&l.table, 5, TEXT("e"), 999950);
	add(&l.table, 6, TEXT("f"), 12.75);
	table_arrange(&l.table);
	draws(&l, 7, 14,
	      TEXT("  NAME  FIND\n"
		   "▸ a      999\n"
		   "  b     4.5K\n"
		   "  c      45K\n"
		   "  d     225K\n"
		   "  e     1.0M\n"
		   "  f       13\n"),
	      *keep, "what does not fit is said in thousands or millions");
}

int
main(void)
{
	struct arena keep = arena_open(1 << 24);
	struct list  l = { 0 };

	fill(&l, &keep);
	rows_sort_by_any_column(&l);
	the_cursor_stays_on_its_row(&l);
	a_narrowing_is_typed_letter_by_letter(&l);
	rows_may_come_later(&l);
	amounts_read_well(&keep);
	amounts_are_never_cut(&keep);
	arena_close(&keep);
	return done_testing();
}
