/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "cli/rows.h"

#include "base/names.h"
#include "base/when.h"
#include "cli/held_rows.h"

/* So many columns no table has, and each row would have a cell for all of them. */
#define COLUMNS_MAX 65536
/* Rows of events that are held back to see which columns a search adds to them. */
#define HELD_EVENTS 500

struct pairs {
	struct print_column *columns;
	struct print_cell   *cells;
	size_t               n;
};

struct rows {
	const struct print_style *style;
	struct rows_printed      *out;
	struct print             *print; /* NULL until the columns are known */
	struct print_column      *columns;
	size_t                    n, cap;
	size_t                   *slots;  /* by hash of the name: 1 + which column; 0: free */
	size_t                    n_slots; /* a power of two, at least twice N */
	bool                      events; /* rows are events, with the columns of such a list */
	bool                      named;  /* the search says which columns there are */
	bool                      many;   /* searches, one table: LABEL is the first cell */
	struct text               label;
	const struct text        *names; /* those of the search */
	size_t                    n_names;
	struct held_rows         *held;
	struct err                err; /* why no more rows are taken */
	struct arena              keep, scratch;
};

static struct print_cell
cell_of(const struct value *v, struct arena *keep)
{
	switch (v->kind) {
	case VALUE_NULL:
		break;
	case VALUE_TEXT:
		return cell_text(v->text);
	case VALUE_NUMBER:
		return cell_number(v->number);
	case VALUE_TIME:
		return cell_time(v->time_ns);
	case VALUE_LIST:
		return cell_list(value_text(v, '\n', keep));
	}
	return cell_text(TEXT_NONE);
}

static const struct print_column event_columns[] = {
	{ TEXT_INIT("event"), COLUMN_ALWAYS },     { TEXT_INIT("_time"), COLUMN_ALWAYS },
	{ TEXT_INIT("host"), COLUMN_ALWAYS },      { TEXT_INIT("Channel"), COLUMN_WIDE },
	{ TEXT_INIT("EventCode"), COLUMN_ALWAYS }, { TEXT_INIT("user"), COLUMN_WIDE },
	{ TEXT_INIT("summary"), COLUMN_ALWAYS },
};
#define EVENT_COLUMNS (sizeof(event_columns) / sizeof(*event_columns))

static void
event_cells(const struct event *ev, struct print_cell *out, struct arena *keep)
{
	out[0] = cell_text(arena_printf(keep, "event:%lld", (long long)ev->id));
	out[1] = cell_time(ev->time_ns);
	out[2] = cell_text(ev->host);
	out[3] = cell_text(ev->channel);
	out[4] = cell_count(ev->event_id);
	out[5] = cell_text(ev->user);
	out[6] = cell_text(event_summary(ev, keep));
}

static bool
is_event_column(struct text name)
{
	for (size_t i = 0; i < EVENT_COLUMNS; i++)
		if (text_eq(name, event_columns[i].name))
			return true;
	return false;
}

/* What a row shows: an event's columns, and the cells that commands set. */
static struct pairs
row_pairs(const struct rows *r, const struct row *row, struct arena *keep)
{
	struct pairs pairs = { 0 };

	pairs.columns = arena_new(keep, struct print_column, EVENT_COLUMNS + row->n);
	pairs.cells = arena_new(keep, struct print_cell, EVENT_COLUMNS + row->n);
	if (r->events && row->event) {
		event_cells(row->event, pairs.cells, keep);
		for (; pairs.n < EVENT_COLUMNS; pairs.n++)
			pairs.columns[pairs.n] = event_columns[pairs.n];
	}
	for (uint32_t i = 0; i < row->n; i++) {
		const struct cell *cell = &row->cells[i];

		if (cell->value.kind == VALUE_NULL ||
		    (r->events && row->event && is_event_column(cell->name)))
			continue;
		pairs.columns[pairs.n].name = cell->name;
		pairs.cells[pairs.n++] = cell_of(&cell->value, keep);
	}
	return pairs;
}

/* All fields of a row, for JSON lines. */
static struct pairs
row_everything(const struct row *row, struct arena *keep)
{
	struct text *names;
	size_t       n = row_names(row, keep, &names);
	struct pairs pairs = { 0 };

	pairs.columns = arena_new(keep, struct print_column, n + 1);
	pairs.cells = arena_new(keep, struct print_cell, n + 1);
	if (row->event && row->event->id) {
		pairs.columns[0].name = TEXT("event");
		pairs.cells[pairs.n++] = cell_text(
		    arena_printf(keep, "event:%lld", (long long)row->event->id));
	}
	for (size_t i = 0; i < n; i++) {
		struct value v = row_get(row, names[i], keep);

		pairs.columns[pairs.n].name = names[i];
		pairs.cells[pairs.n++] = cell_of(&v, keep);
	}
	return pairs;
}

/* The slot of a column, or the free one where it would be. */
static size_t *
slot_of(const struct rows *r, struct text name)
{
	size_t i = text_hash(name, 0) & (r->n_slots - 1);

	while (r->slots[i] && !text_eq(r->columns[r->slots[i] - 1].name, name))
		i = (i + 1) & (r->n_slots - 1);
	return &r->slots[i];
}

static void
more_slots(struct rows *r)
{
	r->n_slots = r->n_slots ? r->n_slots * 2 : 64;
	r->slots = arena_new(&r->keep, size_t, r->n_slots);
	for (size_t i = 0; i < r->n; i++)
		*slot_of(r, r->columns[i].name) = i + 1;
}

/* The number of the column that it is, or becomes. */
static size_t
add_column(struct rows *r, struct print_column column)
{
	size_t *slot;

	if (r->n * 2 >= r->n_slots)
		more_slots(r);
	slot = slot_of(r, column.name);
	if (*slot == 0) {
		if (r->n == COLUMNS_MAX)
			err_set(&r->err, ERR_LIMIT,
				"the rows have more than %d columns: name those that you want with "
				"table", COLUMNS_MAX);
		arena_grow(&r->keep, r->columns, r->n, &r->cap);
		column.name = arena_copy(&r->keep, column.name);
		r->columns[r->n++] = column;
		*slot = r->n;
	}
	return *slot - 1;
}

static void
print_pairs(struct rows *r, const struct pairs *pairs, struct arena scratch)
{
	struct print_cell *cells = arena_new(&scratch, struct print_cell, r->n);

	for (size_t k = 0; k < pairs->n; k++) {
		size_t slot = *slot_of(r, pairs->columns[k].name);

		if (slot)
			cells[slot - 1] = pairs->cells[k];
	}
	print_row(r->print, cells);
}

static void
print_held(void *ctx, const struct held_cell *held, size_t n)
{
	struct rows       *r = ctx;
	struct arena       scratch = r->scratch;
	struct print_cell *cells = arena_new(&scratch, struct print_cell, r->n);

	for (size_t i = 0; i < n; i++)
		cells[held[i].column] = held[i].cell;
	print_row(r->print, cells);
}

static void
begin_printing(struct rows *r)
{
	r->print = print_begin(r->style, r->columns, r->err.kind ? 0 : r->n);
	if (r->held && !r->err.kind)
		held_rows_each(r->held, print_held, r, &r->err);
}

static void
hold(struct rows *r, const struct pairs *pairs, struct arena scratch)
{
	struct held_cell *cells = arena_new(&scratch, struct held_cell, pairs->n);

	for (size_t i = 0; i < pairs->n; i++) {
		cells[i].column = add_column(r, pairs->columns[i]);
		cells[i].cell = pairs->cells[i];
	}
	if (!r->held)
		r->held = held_rows_new();
	if (!r->err.kind)
		held_rows_add(r->held, cells, pairs->n, &r->err);
	if (r->events && !r->many && held_rows_n(r->held) == HELD_EVENTS)
		begin_printing(r);
}

/* Nothing more will come. What went wrong is an error of the search, if that had none. */
static bool
end_printing(struct rows *r, bool good, struct err *err)
{
	if (!r->print)
		begin_printing(r);
	print_end(r->print);
	if (r->held)
		held_rows_free(r->held);
	arena_close(&r->scratch);
	if (r->err.kind && good && err)
		*err = r->err;
	return good && !r->err.kind;
}

static void
print_named(struct rows *r, const struct row *row, struct arena scratch)
{
	struct print_cell *cells = arena_new(&scratch, struct print_cell, r->n);

	for (size_t i = 0; i < r->n; i++) {
		struct value v = row_get(row, r->columns[i].name, &scratch);

		cells[i] = cell_of(&v, &scratch);
		if (text_eq(r->columns[i].name, TEXT("_time")) && row->time_ns != WHEN_NONE)
			cells[i] = cell_time(row->time_ns);
	}
	print_row(r->print, cells);
}

static struct pairs
named_pairs(const struct rows *r, const struct row *row, struct arena *keep)
{
	struct pairs pairs = { arena_new(keep, struct print_column, r->n_names),
			       arena_new(keep, struct print_cell, r->n_names), r->n_names };

	for (size_t i = 0; i < r->n_names; i++) {
		struct value v = row_get(row, r->names[i], keep);
		bool time = text_eq(r->names[i], TEXT("_time")) && row->time_ns != WHEN_NONE;

		pairs.columns[i].name = r->names[i];
		pairs.cells[i] = time ? cell_time(row->time_ns) : cell_of(&v, keep);
	}
	return pairs;
}

static struct pairs
labelled(const struct rows *r, struct pairs in, struct arena *keep)
{
	struct pairs out = { arena_new(keep, struct print_column, in.n + 1),
			     arena_new(keep, struct print_cell, in.n + 1), in.n + 1 };

	out.columns[0] = r->columns[0];
	out.cells[0] = cell_text(r->label);
	for (size_t i = 0; i < in.n; i++) {
		out.columns[i + 1] = in.columns[i];
		out.cells[i + 1] = in.cells[i];
	}
	return out;
}

static bool
take_row_of_many(void *ctx, const struct row *row)
{
	struct rows  *r = ctx;
	bool         lines = r->style->format == PRINT_JSONL;
	struct arena scratch = r->scratch;
	struct pairs pairs;

	r->out->rows++;
	pairs = labelled(r,
			 r->named ? named_pairs(r, row, &scratch)
			 : lines  ? row_everything(row, &scratch)
				  : row_pairs(r, row, &scratch),
			 &scratch);
	if (lines)
		print_object(r->print, pairs.columns, pairs.cells, pairs.n);
	else
		hold(r, &pairs, scratch);
	return !r->err.kind && !ferror(r->style->out);
}

static bool
take_row(void *ctx, const struct row *row)
{
	struct rows *r = ctx;
	struct arena scratch = r->scratch;
	struct pairs pairs;

	r->out->rows++;
	if (r->named) {
		print_named(r, row, scratch);
	} else if (r->style->format == PRINT_JSONL) {
		pairs = row_everything(row, &scratch);
		print_object(r->print, pairs.columns, pairs.cells, pairs.n);
	} else if (!r->print) {
		pairs = row_pairs(r, row, &scratch);
		hold(r, &pairs, scratch);
	} else {
		pairs = row_pairs(r, row, &scratch);
		print_pairs(r, &pairs, scratch);
	}
	return !r->err.kind && !ferror(r->style->out);
}

static void
known_columns(struct rows *r, const struct search *search)
{
	const struct text *names;
	size_t             n = search_output_columns(search, &names);

	r->named = n > 0;
	for (size_t i = 0; i < n; i++)
		add_column(r, (struct print_column){ names[i], COLUMN_ALWAYS });
	if (r->events && !r->named) /* also when no row comes */
		for (size_t i = 0; i < EVENT_COLUMNS; i++)
			add_column(r, event_columns[i]);
}

bool
rows_print(const struct search *search, const struct search_run *run,
	   const struct print_style *style, struct rows_printed *out, struct err *err)
{
	struct rows r = {
		.style = style,
		.out = out,
		.events = search_yields_events(search),
		.keep = arena_open((size_t)1 << 36),
		.scratch = arena_open((size_t)1 << 32),
	};
	bool good;

	*out = (struct rows_printed){ 0 };
	known_columns(&r, search);
	if (r.named || style->format == PRINT_JSONL)
		begin_printing(&r);
	good = search_execute(search, run, take_row, &r, &out->stats, err);
	good = end_printing(&r, good, err);
	arena_close(&r.keep);
	return good;
}

struct rows *
rows_begin(const struct print_style *style, struct text column)
{
	struct arena keep = arena_open((size_t)1 << 36);
	struct rows *r = arena_new(&keep, struct rows, 1);

	*r = (struct rows){
		.style = style,
		.many = true,
		.keep = keep,
		.scratch = arena_open((size_t)1 << 32),
	};
	add_column(r, (struct print_column){ column, COLUMN_ALWAYS });
	if (style->format == PRINT_JSONL)
		begin_printing(r);
	return r;
}

bool
rows_add(struct rows *r, struct text label, const struct search *search,
	 const struct search_run *run, struct rows_printed *out, struct err *err)
{
	*out = (struct rows_printed){ 0 };
	r->out = out;
	r->label = arena_copy(&r->keep, label);
	r->events = search_yields_events(search);
	r->n_names = search_output_columns(search, &r->names);
	r->named = r->n_names > 0;
	if (!search_execute(search, run, take_row_of_many, r, &out->stats, err))
		return false;
	if (r->err.kind)
		*err = r->err;
	return !r->err.kind;
}

bool
rows_end(struct rows *r, struct err *err)
{
	struct arena keep = r->keep;
	bool         good = end_printing(r, true, err);

	arena_close(&keep);
	return good;
}
