/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables that hold ids and order, and read a row when it is shown. */
#include "config.h"

#include "tui/table.h"

#include <stdlib.h>
#include <string.h>

#define PAGE_ROWS  128 /* read at once: a screen seldom has more */
#define PAGE_BYTES ((size_t)1 << 30)
#define SPARE_BYTES ((size_t)64 << 30)
#define PAGE_KEEP  ((size_t)1 << 20)

/* Two pages, so that a screen on the border of both reads none of them twice. */
struct table_pages {
	struct table page[2];
	struct arena arena[2];
	size_t       from[2]; /* place of its first row */
	int          latest;
	struct arena spare;   /* of an order that is made on another thread */
};

/* The row with ID, to PAGE; false: it is gone. */
static bool
read_one(const struct table_reader *r, struct table *page, int64_t id)
{
	size_t before = page->n_rows;

	r->row(r, page, id);
	return page->n_rows > before;
}

void
table_forget(struct table *t)
{
	for (int i = 0; t->pages && i < 2; i++)
		t->pages->page[i].n_rows = 0;
}

void
table_close(struct table *t)
{
	if (!t->pages)
		return;
	for (int i = 0; i < 2; i++)
		arena_close(&t->pages->arena[i]);
	arena_close(&t->pages->spare);
	free(t->pages);
	t->pages = NULL;
}

static struct table_pages *
pages_open(void)
{
	struct table_pages *p = calloc(1, sizeof(*p));

	if (!p)
		arena_exhausted(sizeof(*p));
	for (int i = 0; i < 2; i++)
		p->arena[i] = arena_open(PAGE_BYTES);
	p->spare = arena_open(SPARE_BYTES);
	return p;
}

static void
read_page(const struct table *t, struct table_pages *p, int which, size_t from)
{
	struct table *page = &p->page[which];

	arena_reset(&p->arena[which], PAGE_KEEP);
	table_reset(page, &p->arena[which], t->columns, t->n_columns);
	p->from[which] = from;
	p->latest = which;
	for (size_t i = from; i < t->shown && i < from + PAGE_ROWS; i++)
		if (!read_one(t->reader, page, table_id(t, i)))
			table_add(page, table_id(t, i)); /* its place stays, empty */
}

struct table_row *
table_read_row(const struct table *t, size_t place)
{
	struct table_pages *p = t->pages;
	int                 older = !p->latest;

	for (int i = 0; i < 2; i++)
		if (place >= p->from[i] && place - p->from[i] < p->page[i].n_rows)
			return &p->page[i].rows[place - p->from[i]];
	read_page(t, p, older, place / PAGE_ROWS * PAGE_ROWS);
	return &p->page[older].rows[place - p->from[older]];
}

/* All rows in their order; of a narrowing, none yet. */
static void
begin_anew(struct table *t)
{
	if (t->cap_order < t->n_rows) {
		t->order = arena_new(t->keep, uint32_t, t->n_rows);
		t->cap_order = t->n_rows;
	}
	for (size_t i = 0; i < t->n_rows; i++)
		t->order[i] = (uint32_t)i;
	t->asked = t->n_rows;
	t->examined = t->n_narrow ? 0 : t->n_rows;
	t->shown = t->examined;
	table_forget(t);
}

static bool
add_id(void *ctx, int64_t id)
{
	struct table *t = ctx;

	arena_grow(t->keep, t->ids, t->n_rows, &t->cap_ids);
	t->ids[t->n_rows++] = id;
	return true;
}

static void
arranged(struct table *t)
{
	t->ids_column = t->sort_column;
	t->ids_descending = t->descending;
	begin_anew(t);
}

bool
table_reorder(struct table *t, struct err *err)
{
	bool good;

	t->n_rows = t->shown = t->asked = t->examined = 0;
	good = t->reader->order(t->reader, t, add_id, t, err);
	arranged(t);
	return good;
}

bool
table_read(struct table *t, const struct table_reader *reader, struct err *err)
{
	t->reader = reader;
	t->pages = pages_open();
	return table_reorder(t, err);
}

bool
table_is_stale(const struct table *t)
{
	return t->reader && (t->ids_column != t->sort_column || t->ids_descending != t->descending);
}

struct arena *
table_spare(struct table *t)
{
	arena_reset(&t->pages->spare, 0);
	return &t->pages->spare;
}

void
table_take_order(struct table *t, const int64_t *ids, size_t n)
{
	if (n > t->cap_ids) {
		t->ids = arena_new(t->keep, int64_t, n);
		t->cap_ids = n;
	}
	if (n)
		memcpy(t->ids, ids, n * sizeof(*ids));
	t->n_rows = n;
	arena_reset(&t->pages->spare, 0);
	arranged(t);
}

void
table_keep_order(struct table *t)
{
	t->sort_column = t->ids_column;
	t->descending = t->ids_descending;
}

void
table_narrow_read(struct table *t, bool further)
{
	if (!further || table_rest(t)) {
		begin_anew(t);
		return;
	}
	t->asked = t->shown;
	t->examined = t->shown = 0;
	table_forget(t);
}

size_t
table_rest(const struct table *t)
{
	return t->reader ? t->asked - t->examined : 0;
}

bool
table_passes(const struct table *t, const struct table_reader *r, int64_t id, struct arena scratch)
{
	struct table page = { .keep = &scratch, .columns = t->columns, .n_columns = t->n_columns };

	return read_one(r, &page, id) && table_row_passes(t, &page.rows[0], scratch);
}

void
table_examine(struct table *t, size_t most)
{
	size_t end = table_rest(t) > most ? t->examined + most : t->asked;

	while (t->examined < end) {
		uint32_t row = t->order[t->examined++];

		if (table_passes(t, t->reader, t->ids[row], *t->keep))
			t->order[t->shown++] = row;
	}
}

void
table_found(struct table *t, int64_t id)
{
	while (t->examined < t->asked) {
		uint32_t row = t->order[t->examined++];

		if (t->ids[row] != id)
			continue;
		t->order[t->shown++] = row;
		return;
	}
}

static bool
has_row(const struct table *t, int64_t id)
{
	for (size_t i = 0; i < t->n_rows; i++)
		if (t->ids[i] == id)
			return true;
	return false;
}

bool
table_said(struct table *t, int64_t id)
{
	size_t place;
	bool   passes;

	if (!t->n_narrow)
		return true;
	place = table_place(t, id);
	passes = table_passes(t, t->reader, id, *t->keep);
	if (place == TEXT_NOWHERE) /* who looks on may have read what it said before */
		return !(passes || table_rest(t)) || !has_row(t, id);
	if (!passes) {
		t->shown--;
		memmove(&t->order[place], &t->order[place + 1],
			(t->shown - place) * sizeof(*t->order));
		table_forget(t);
	}
	return true;
}

void
table_examined(struct table *t)
{
	t->examined = t->asked;
}
