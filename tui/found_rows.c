/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tui/found_rows.h"

#define TIME      0 /* the first column of events */
#define USER_FROM 100

/* Of every row: what it is about happened then. */
static bool
is_time(struct text name)
{
	return text_eq(name, TEXT("_time"));
}

/* Columns found later are added to the rows that are there already. */
static void
widen(struct found_rows *r)
{
	struct table *t = &r->list->table;

	for (size_t i = 0; i < t->n_rows; i++) {
		struct table_value *wider = arena_new(r->keep, struct table_value, r->n_columns);

		memcpy(wider, t->rows[i].values, t->n_columns * sizeof(*wider));
		t->rows[i].values = wider;
	}
	t->n_columns = r->n_columns;
	r->list->n_columns = r->n_columns;
}

static uint32_t
add_column(struct found_rows *r, struct text name, enum table_kind kind)
{
	uint32_t i = r->n_columns;
	bool     summary = text_eq(name, TEXT("summary"));
	int      width = (int)(name.n > 12 ? name.n : 12);

	if (i == LIST_COLUMNS_MAX) {
		r->left_out++;
		return LIST_COLUMNS_MAX;
	}
	r->columns[i] = (struct table_column){ arena_cstr(r->keep, name), kind };
	if (text_eq(name, TEXT("event_id")) || text_eq(name, TEXT("count")))
		width = 8;
	r->shown[i] = (struct list_column){ .column = i,
					    .head = r->columns[i].name,
					    .width = width > 40 ? 40 : width,
					    .flexible = summary || !r->events };
	if (text_ieq(name, TEXT("host")) || text_ieq(name, TEXT("Computer")) ||
	    text_ieq(name, TEXT("dest")) || text_ieq(name, TEXT("ComputerName")))
		r->shown[i].look = LOOK_HOST;
	if (kind == TABLE_TIME) {
		r->shown[i].look = LOOK_SECOND;
		r->shown[i].width = 19;
	}
	if (text_eq(name, TEXT("channel")) || text_eq(name, TEXT("provider")) ||
	    text_eq(name, TEXT("record_id")))
		r->shown[i].from = 150;
	r->n_columns++;
	return i;
}

static uint32_t
column_of(struct found_rows *r, struct text name)
{
	uint32_t was = r->n_columns, i;

	for (i = 0; i < r->n_columns; i++)
		if (text_eq(text_of(r->columns[i].name), name))
			return i;
	i = add_column(r, name, is_time(name) ? TABLE_TIME : TABLE_TEXT);
	if (r->n_columns > was)
		widen(r);
	return i;
}

void
found_rows_begin(struct found_rows *r, struct list *list, struct arena *keep,
		 const struct search *search)
{
	const struct text *names;
	size_t             n = search_output_columns(search, &names);

	*r = (struct found_rows){ .keep = keep, .list = list };
	r->events = search_yields_events(search);
	if (r->events)
		add_column(r, TEXT("_time"), TABLE_TIME);
	if (r->events && !n) {
		static const struct text usual[] = { TEXT_INIT("host"), TEXT_INIT("event_id"),
						     TEXT_INIT("user"), TEXT_INIT("summary") };

		names = usual;
		n = sizeof(usual) / sizeof(usual[0]);
	}
	for (size_t i = 0; i < n; i++)
		if (!r->events || !is_time(names[i]))
			add_column(r, names[i], is_time(names[i]) ? TABLE_TIME : TABLE_TEXT);
	for (uint32_t i = 0; r->events && !search_output_columns(search, &names) && i < r->n_columns; i++)
		if (text_eq(text_of(r->columns[i].name), TEXT("user")))
			r->shown[i].from = USER_FROM; /* what happened comes first */
	if (!r->n_columns)
		add_column(r, TEXT("count"), TABLE_TEXT);
	list->table.columns = NULL; /* other columns than before: nothing of the order stays */
	table_reset(&list->table, keep, r->columns, r->n_columns);
	list->columns = r->shown;
	list->n_columns = r->n_columns;
}

void
found_rows_add(struct found_rows *r, const struct found *f)
{
	struct table     *t = &r->list->table;
	struct table_row *row;
	uint32_t          wanted[LIST_COLUMNS_MAX], n = 0;

	for (uint32_t i = 0; i < f->n_cells && n < LIST_COLUMNS_MAX; i++)
		wanted[n++] = column_of(r, f->cells[i].name);
	row = table_add(t, f->event ? f->event : -(int64_t)t->n_rows - 1);
	if (r->events)
		table_time(row, TIME, f->time_ns);
	for (uint32_t i = 0; i < n; i++) {
		if (wanted[i] >= r->n_columns)
			continue;
		if (r->columns[wanted[i]].kind == TABLE_TEXT)
			table_text(t, row, wanted[i], f->cells[i].value);
		else if (!r->events)
			table_time(row, wanted[i], f->time_ns);
	}
	row->full = true;
}
