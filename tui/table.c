/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tui/table.h"

#include <math.h>

#include "base/when.h"

void
table_reset(struct table *t, struct arena *keep, const struct table_column *columns,
	    uint32_t n_columns)
{
	bool        same = t->columns == columns;
	uint32_t    sort_column = same ? t->sort_column : TABLE_UNSORTED;
	bool        descending = same && t->descending;
	char        narrow[sizeof(t->narrow)];
	size_t      n_narrow = same ? t->n_narrow : 0;

	memcpy(narrow, t->narrow, n_narrow);
	table_close(t);
	*t = (struct table){ .keep = keep,
			     .columns = columns,
			     .n_columns = n_columns,
			     .sort_column = sort_column,
			     .descending = descending,
			     .n_narrow = n_narrow };
	memcpy(t->narrow, narrow, n_narrow);
}

struct table_row *
table_add(struct table *t, int64_t id)
{
	struct table_row *row;

	arena_grow(t->keep, t->rows, t->n_rows, &t->cap_rows);
	row = &t->rows[t->n_rows++];
	*row = (struct table_row){ .id = id };
	row->values = arena_new(t->keep, struct table_value, t->n_columns);
	for (uint32_t i = 0; i < t->n_columns; i++) {
		if (t->columns[i].kind == TABLE_NUMBER)
			row->values[i].number = NAN;
		else if (t->columns[i].kind == TABLE_TIME)
			row->values[i].time_ns = WHEN_NONE;
	}
	return row;
}

#define SHARED_FROM  1000 /* rows: shorter tables are not worth the room for what is shared */
#define SHARED_TEXTS 2048 /* a power of 2 */
#define SHARED_BYTES 256  /* of a text at most */

/* The text as the table keeps it: the one that it has already where a row had the same not long ago. */
static struct text
kept_text(struct table *t, struct text text)
{
	struct text *slot;

	if (t->n_rows < SHARED_FROM || !text.n || text.n > SHARED_BYTES)
		return arena_copy(t->keep, text);
	if (!t->known)
		t->known = arena_new(t->keep, struct text, SHARED_TEXTS);
	slot = &t->known[text_hash(text, 0) & (SHARED_TEXTS - 1)];
	if (!text_eq(*slot, text))
		*slot = arena_copy(t->keep, text);
	return *slot;
}

void
table_text(struct table *t, struct table_row *row, uint32_t column, struct text text)
{
	row->values[column].text = text_absent(text) ? text : kept_text(t, text);
}

void
table_number(struct table_row *row, uint32_t column, double number)
{
	row->values[column].number = number;
}

void
table_time(struct table_row *row, uint32_t column, int64_t time_ns)
{
	row->values[column].time_ns = time_ns;
}

/* Is there a letter in it that no number and no time has? */
static bool
is_word(struct text narrow)
{
	for (size_t i = 0; i < narrow.n; i++)
		if (!memchr("0123456789+-.:tzeinfa", narrow.p[i], 21))
			return true;
	return false;
}

bool
table_row_passes(const struct table *t, const struct table_row *row, struct arena scratch)
{
	struct text narrow = { t->narrow, t->n_narrow };
	bool        word = is_word(narrow);

	for (uint32_t i = 0; i < t->n_columns; i++) {
		bool        is_text = t->columns[i].kind == TABLE_TEXT;
		struct text cell;

		if (!t->columns[i].name || (word && !is_text))
			continue;
		cell = is_text ? row->values[i].text : table_cell(t, row, i, &scratch);
		if (cell.n && text_ifind(cell, narrow) != TEXT_NOWHERE)
			return true;
	}
	return false;
}

/* Leaves out of what is shown, in its order, what a longer narrowing does not show. */
static void
narrow_further(struct table *t)
{
	size_t left = 0;

	for (size_t i = 0; i < t->shown; i++)
		if (table_row_passes(t, &t->rows[t->order[i]], *t->keep))
			t->order[left++] = t->order[i];
	t->shown = left;
}

/* Numbers of a search are texts: two of them compare as numbers. */
static int
compare_texts(struct text a, struct text b)
{
	double x, y;

	if (text_to_double(a, &x) && text_to_double(b, &y))
		return (x > y) - (x < y);
	return text_icmp(a, b);
}

/* Negative: A before B in ascending order. Absent values come last whichever way. */
static int
compare_values(const struct table *t, const struct table_value *a, const struct table_value *b)
{
	int result = 0;

	switch (t->columns[t->sort_column].kind) {
	case TABLE_TEXT:
		if (!a->text.n || !b->text.n)
			return (a->text.n == 0) - (b->text.n == 0);
		result = compare_texts(a->text, b->text);
		break;
	case TABLE_NUMBER:
		if (isnan(a->number) || isnan(b->number))
			return isnan(a->number) - isnan(b->number);
		result = (a->number > b->number) - (a->number < b->number);
		break;
	case TABLE_TIME:
		if (a->time_ns == WHEN_NONE || b->time_ns == WHEN_NONE)
			return (a->time_ns == WHEN_NONE) - (b->time_ns == WHEN_NONE);
		result = (a->time_ns > b->time_ns) - (a->time_ns < b->time_ns);
		break;
	}
	return t->descending ? -result : result;
}

static bool
not_after(const struct table *t, uint32_t a, uint32_t b)
{
	return compare_values(t, &t->rows[a].values[t->sort_column],
			      &t->rows[b].values[t->sort_column]) <= 0;
}

/* Stable, so that equal rows keep the order the store gave them. */
static void
merge_sort(const struct table *t, uint32_t *items, uint32_t *spare, size_t n)
{
	size_t half = n / 2, left = 0, right = half, at = 0;

	if (n < 2)
		return;
	merge_sort(t, items, spare, half);
	merge_sort(t, items + half, spare, n - half);
	if (not_after(t, items[half - 1], items[half]))
		return;
	while (left < half && right < n)
		spare[at++] = not_after(t, items[left], items[right]) ? items[left++]
								      : items[right++];
	while (left < half)
		spare[at++] = items[left++];
	memcpy(items, spare, at * sizeof(*items)); /* the rest of the right half is in place */
}

static void
sort_order(struct table *t)
{
	struct arena scratch = *t->keep;
	uint32_t    *spare;

	if (t->sort_column == TABLE_UNSORTED || t->shown < 2)
		return;
	spare = arena_new(&scratch, uint32_t, t->shown);
	merge_sort(t, t->order, spare, t->shown);
}

static void
reverse_order(struct table *t)
{
	for (size_t i = 0; i < t->shown / 2; i++) {
		uint32_t other = t->order[t->shown - 1 - i];

		t->order[t->shown - 1 - i] = t->order[i];
		t->order[i] = other;
	}
}

void
table_arrange(struct table *t)
{
	bool new_rows = t->arranged < t->n_rows;

	if (t->reader)
		return;
	for (; t->arranged < t->n_rows; t->arranged++) {
		struct table_row *row = &t->rows[t->arranged];

		if (t->n_narrow && !t->paged && !table_row_passes(t, row, *t->keep))
			continue;
		arena_grow(t->keep, t->order, t->shown, &t->cap_order);
		t->order[t->shown++] = (uint32_t)t->arranged;
	}
	if (new_rows && !t->paged)
		sort_order(t);
}

static void
arrange_anew(struct table *t)
{
	t->shown = 0;
	t->arranged = 0;
	table_arrange(t);
}

void
table_sort(struct table *t, uint32_t column, bool descending)
{
	if (column == t->sort_column && descending == t->descending)
		return;
	if (column == TABLE_UNSORTED && t->sort_column == TABLE_UNSORTED) {
		t->descending = descending;
		reverse_order(t);
		return;
	}
	t->sort_column = column;
	t->descending = descending;
	if (!t->reader)
		arrange_anew(t);
}

void
table_narrow(struct table *t, struct text what)
{
	struct text before = { t->narrow, t->n_narrow };
	bool        further;

	what = text_head(what, sizeof(t->narrow));
	further = text_ifind(what, before) != TEXT_NOWHERE;
	text_fold(t->narrow, what);
	t->n_narrow = what.n;
	if (t->paged)
		return;
	if (t->reader) {
		table_narrow_read(t, further);
		return;
	}
	if (!further) {
		arrange_anew(t);
		return;
	}
	narrow_further(t);
	table_arrange(t);
}

struct table_row *
table_shown(const struct table *t, size_t place)
{
	if (place >= t->shown)
		return NULL;
	return t->reader ? table_read_row(t, place) : &t->rows[t->order[place]];
}

int64_t
table_id(const struct table *t, size_t place)
{
	if (place >= t->shown)
		return 0;
	return t->reader ? t->ids[t->order[place]] : t->rows[t->order[place]].id;
}

size_t
table_place(const struct table *t, int64_t id)
{
	for (size_t i = 0; i < t->shown; i++)
		if (table_id(t, i) == id)
			return i;
	return TEXT_NOWHERE;
}

struct table_value *
table_keep(const struct table *t, const struct table_row *row, struct arena *keep)
{
	struct table_value *values = arena_new(keep, struct table_value, t->n_columns);

	for (uint32_t i = 0; i < t->n_columns; i++) {
		values[i] = row->values[i];
		if (t->columns[i].kind == TABLE_TEXT && !text_absent(values[i].text))
			values[i].text = arena_copy(keep, values[i].text);
	}
	return values;
}

static struct text
plain_number(double number, struct arena *keep)
{
	if (number == floor(number) && fabs(number) < 1e15)
		return arena_printf(keep, "%.0f", number);
	return arena_printf(keep, "%g", number);
}

struct text
table_cell(const struct table *t, const struct table_row *row, uint32_t column, struct arena *keep)
{
	const struct table_value *v = &row->values[column];
	char                      iso[WHEN_TEXT_MAX];

	switch (t->columns[column].kind) {
	case TABLE_TEXT:
		return v->text;
	case TABLE_NUMBER:
		return isnan(v->number) ? TEXT_NONE : plain_number(v->number, keep);
	case TABLE_TIME:
		if (v->time_ns == WHEN_NONE)
			return TEXT_NONE;
		return arena_copy(keep, (struct text){ iso, when_to_iso(v->time_ns, iso) });
	}
	return TEXT_NONE;
}

struct text
table_amount(double number, struct arena *keep)
{
	struct text digits;
	char       *grouped;
	size_t      at = 0, whole;

	if (isnan(number))
		return TEXT_NONE;
	if (number != floor(number) || fabs(number) >= 1e15)
		return arena_printf(keep, "%.4g", number);
	digits = arena_printf(keep, "%lld", (long long)number);
	whole = digits.n - (digits.p[0] == '-');
	grouped = arena_new(keep, char, digits.n + digits.n / 3 + 1);
	for (size_t i = 0; i < digits.n; i++) {
		size_t behind = digits.n - i;

		if (i > digits.n - whole && behind % 3 == 0)
			grouped[at++] = ',';
		grouped[at++] = digits.p[i];
	}
	return (struct text){ grouped, at };
}

void
table_csv_header(const struct table *t, struct csv *csv)
{
	for (uint32_t i = 0; i < t->n_columns; i++)
		if (t->columns[i].name)
			csv_cell(csv, text_of(t->columns[i].name));
	csv_end_row(csv);
}

void
table_csv_row(const struct table *t, const struct table_row *row, struct csv *csv,
	      struct arena scratch)
{
	for (uint32_t i = 0; i < t->n_columns; i++)
		if (t->columns[i].name)
			csv_cell(csv, table_cell(t, row, i, &scratch));
	csv_end_row(csv);
}
