/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Events in tables: the rows of a file, one record each. */
#include "config.h"
#include "importers/formats.h"

#include "importers/csv_form.h"
#include "importers/csv_sniff.h"
#include "importers/form_reader.h"

/* A row as read, in UTF-8, unquoted, as text of a raw event and as its values. Addresses only. */
#define CSV_SCRATCH ((size_t)64 * RECORD_MAX)

struct csv_import {
	struct input *in;
	uint64_t begin, end;
	const struct import_options *opt;
	struct arena keep; /* the table */
	struct csv_table table;
	bool has_table, order_asked;
	struct form_reader reader;
};

static bool
is_type_line(const struct csv_row *row)
{
	return row->n > 0 && text_starts(row->cells[0], TEXT("#TYPE"));
}

static bool
is_same_header(const struct csv_table *table, const struct csv_row *row)
{
	bool same = row->n == table->n;

	for (size_t i = 0; same && i < row->n; i++)
		same = text_eq(row->cells[i], table->header[i]);
	return same;
}

/* What the date of a row says about day and month. */
static enum date_order
row_order(const struct csv_table *table, const struct csv_row *row)
{
	struct text date = table->date < row->n ? row->cells[table->date] : TEXT_NONE;

	return date_order_of(text_trim(text_cut(&date, '\n')));
}

/* What all dates of the file prove together. */
static enum date_order
order_of_file(const struct csv_import *c)
{
	enum date_order order = DATE_ORDER_OPEN;
	struct arena scratch = arena_open(CSV_SCRATCH);
	struct csv_rows rows;
	struct csv_row row;
	unsigned remarks = 0;
	bool more = true;

	csv_rows_open(&rows, c->in, c->begin, c->end, c->opt->window_bytes, NULL);
	while (more && order == DATE_ORDER_OPEN) {
		struct arena one = scratch;

		more = csv_rows_next(&rows, &one, &row, &remarks) && (row.n > 0 || row.why);
		order = more ? row_order(&c->table, &row) : DATE_ORDER_OPEN;
	}
	csv_rows_close(&rows);
	arena_close(&scratch);
	return order;
}

static void
learn_order(struct csv_import *c, const struct csv_row *row)
{
	struct json_run *run = &c->reader.run;
	enum date_order order = row_order(&c->table, row);
	struct text date = c->table.date < row->n ? row->cells[c->table.date] : TEXT_NONE;

	if (order != DATE_ORDER_OPEN)
		run->order = order;
	if (run->order != DATE_ORDER_OPEN || c->order_asked ||
	    !date_order_assumed(text_trim(text_cut(&date, '\n'))))
		return;
	c->order_asked = true;
	if (c->in->seekable)
		run->order = order_of_file(c);
}

static bool
event_row(struct csv_import *c, const struct csv_row *row, struct arena *keep)
{
	struct json_object *record;
	bool go_on;

	learn_order(c, row);
	record = csv_record(&c->table, row, keep);
	go_on = form_reader_record(&c->reader, c->table.form, record);
	json_object_put(record);
	return go_on;
}

/* ROW is a header if it is anything: the row behind it helps to tell the form. */
static bool
begin_table(struct csv_import *c, struct csv_rows *rows, const struct csv_row *row,
	    struct csv_row *first, struct arena *keep)
{
	struct csv_row header = *row;
	unsigned remarks = 0;

	/* The next row moves the window. */
	for (size_t i = 0; i < header.n; i++)
		header.cells[i] = arena_copy(keep, header.cells[i]);
	if (!csv_rows_next(rows, keep, first, &remarks))
		return false;
	arena_reset(&c->keep, FORM_KEEP);
	c->has_table = csv_table_of(&c->table, &header, first, &c->keep);
	if (c->has_table) {
		form_reader_at(&c->reader, first->offset, first->length, keep);
		c->reader.remarks = remarks;
	} else {
		c->reader.length = first->offset + first->length - row->offset;
		form_reader_gap(&c->reader, csv_no_events(&header), 0);
	}
	return true;
}

/* Rows that are no events: false if ROW is none of them. */
static bool
frame(struct csv_import *c, const struct csv_row *row)
{
	if (is_type_line(row))
		c->has_table = false;
	return is_type_line(row) || (c->has_table && is_same_header(&c->table, row));
}

/* False: stop, for want of events or of bytes (*GOOD). */
static bool
deliver(struct csv_import *c, struct csv_rows *rows, struct csv_row *row, struct arena *keep,
	bool *good)
{
	struct csv_row first;

	if (row->why)
		return form_reader_gap(&c->reader, text_of(row->why), 1);
	if (frame(c, row))
		return true;
	if (!c->has_table) {
		if (!csv_is_header(row))
			return form_reader_gap(&c->reader, TEXT("text in front of a table"), 0);
		*good = begin_table(c, rows, row, &first, keep);
		if (!*good || !c->has_table || (first.n == 0 && !first.why))
			return *good;
		if (first.why)
			return form_reader_gap(&c->reader, text_of(first.why), 1);
		if (frame(c, &first))
			return true;
		*row = first;
	}
	return event_row(c, row, keep);
}

static bool
csv_decode(struct input *in, uint64_t begin, uint64_t end, const struct import_options *opt,
	   struct sink *out, struct err *err)
{
	struct csv_import c = { .in = in, .begin = begin, .end = end, .opt = opt };
	struct arena scratch = arena_open(CSV_SCRATCH);
	struct csv_rows rows;
	bool good = true, go_on = true;

	c.keep = arena_open((size_t)64 << 20);
	form_reader_open(&c.reader, opt, out, FORMAT_CSV);
	csv_rows_open(&rows, in, begin, end, opt->window_bytes, err);
	while (good && go_on) {
		struct arena one = scratch;
		struct csv_row row;
		unsigned remarks = 0;

		good = csv_rows_next(&rows, &one, &row, &remarks);
		if (!good || (row.n == 0 && !row.why))
			break;
		form_reader_at(&c.reader, row.offset, row.length, &one);
		c.reader.remarks = remarks;
		go_on = deliver(&c, &rows, &row, &one, &good);
		if (arena_used(&one) > FORM_KEEP)
			arena_reset(&scratch, FORM_KEEP);
		if (out->consumed)
			out->consumed(out->self, row.offset + row.length - begin);
	}
	if (good && go_on && form_reader_end(&c.reader, begin) && out->consumed)
		out->consumed(out->self, rows.window.offset - begin);
	csv_rows_close(&rows);
	form_reader_close(&c.reader);
	arena_close(&c.keep);
	arena_close(&scratch);
	return good;
}

const struct importer importer_csv = {
	.name = "csv",
	.title = "tables (CSV, TSV): Splunk, Export-Csv, Event Viewer, EvtxECmd, Azure, CrowdStrike",
	.format = FORMAT_CSV,
	.bid = csv_bid,
	.decode = csv_decode,
};
