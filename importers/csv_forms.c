/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The forms of tables, told by their header. */
#include "config.h"
#include "importers/csv_form.h"

#include "importers/date_line.h"

#define COLUMN_WORDS 96

static bool
has(const struct csv_row *header, const char *name)
{
	for (size_t i = 0; i < header->n; i++)
		if (text_eq(header->cells[i], text_of(name)))
			return true;
	return false;
}

static bool
has_one(const struct csv_row *header, const char *const *names)
{
	for (; *names; names++)
		if (has(header, *names))
			return true;
	return false;
}

static bool
is_splunk(const struct csv_row *header)
{
	return has(header, "_raw") || (has(header, "_time") && has(header, "sourcetype"));
}

/* Its header is in the language of the user: five columns, and rows that have a sixth. */
static bool
is_event_viewer(const struct csv_row *header, const struct csv_row *first)
{
	uint64_t number;

	if (header->n == 5 && text_ieq(header->cells[1], TEXT("Date and Time")) &&
	    text_ieq(header->cells[3], TEXT("Event ID")))
		return true;
	return header->n == 5 && first->n == 6 && date_line_like(first->cells[1]) &&
	       text_to_u64(first->cells[3], &number);
}

bool
csv_is_header(const struct csv_row *header)
{
	size_t named = 0;

	for (size_t i = 0; i < header->n; i++) {
		if (header->cells[i].n > COLUMN_WORDS ||
		    text_find_byte(header->cells[i], '\n') != TEXT_NOWHERE)
			return false;
		named += header->cells[i].n > 0;
	}
	return named >= 2;
}

/* The portal of Azure Monitor says beside the name that times are in UTC. */
static struct text
plain_name(struct text column)
{
	return text_iends(column, TEXT(" [UTC]")) ? text_head(column, column.n - 6) : column;
}

static const struct json_form *
form_of(const struct csv_row *header, const struct csv_row *first)
{
	struct json_object *keys;
	const struct json_form *form;

	if (is_splunk(header))
		return &json_splunk_row;
	if (is_event_viewer(header, first))
		return &csv_event_viewer;
	keys = json_object_new_object();
	for (size_t i = 0; i < header->n; i++) {
		struct text cell = plain_name(header->cells[i]);
		char name[COLUMN_WORDS + 1];

		memcpy(name, cell.p, cell.n);
		name[cell.n] = '\0';
		json_object_object_add(keys, name, json_object_new_string(""));
	}
	form = json_form_find(keys);
	json_object_put(keys);
	return form;
}

static const char *
column_name(const struct csv_table *table, size_t i, struct text name, struct arena *keep)
{
	static const char *const viewer[] = { "Level", "TimeCreated", "Source", "Id",
					      "TaskCategory" };

	if (table->form == &csv_event_viewer)
		return viewer[i];
	for (size_t k = 0; k < i; k++)
		if (text_eq(table->header[k], name))
			name = TEXT("");
	if (name.n == 0)
		return arena_cstr(keep, arena_printf(keep, "column%zu", i + 1));
	return arena_cstr(keep, plain_name(name));
}

bool
csv_table_of(struct csv_table *table, const struct csv_row *header, const struct csv_row *first,
	     struct arena *keep)
{
	static const char *const dates[] = { "TimeCreated", "TimeGenerated", "Date and Time",
					     "SystemTime", "_time", "_raw" };

	*table = (struct csv_table){ .n = header->n, .date = TEXT_NOWHERE };
	if (!csv_is_header(header) || !(table->form = form_of(header, first)))
		return false;
	table->names = arena_new(keep, const char *, header->n);
	table->header = arena_new(keep, struct text, header->n);
	for (size_t i = 0; i < header->n; i++) {
		table->header[i] = arena_copy(keep, header->cells[i]);
		table->multi_values |= text_starts(header->cells[i], TEXT("__mv_"));
		table->names[i] = column_name(table, i, header->cells[i], keep);
	}
	for (size_t d = 0; d < sizeof(dates) / sizeof(*dates); d++)
		for (size_t i = 0; i < table->n && table->date == TEXT_NOWHERE; i++)
			if (text_eq(text_of(table->names[i]), text_of(dates[d])))
				table->date = i;
	return true;
}

/* "$one$;$two$", a dollar inside doubled. NULL: not in that form. */
static struct json_object *
values_of(struct text t, struct arena *keep)
{
	struct json_object *list = json_object_new_array();
	char *p = arena_alloc(keep, 1, 1, t.n);
	size_t i = 0, n;

	while (i < t.n && t.p[i] == '$') {
		for (n = 0, i++; i < t.n; i++) {
			if (t.p[i] == '$' && !(i + 1 < t.n && t.p[i + 1] == '$'))
				break;
			i += t.p[i] == '$';
			p[n++] = t.p[i];
		}
		json_object_array_add(list, json_object_new_string_len(p, (int)n));
		i++;
		if (i < t.n && t.p[i] == ';')
			i++;
	}
	if (json_object_array_length(list) > 0 && i >= t.n)
		return list;
	json_object_put(list);
	return NULL;
}

/* Values that a cell shows as lines are told apart in a column of their own. */
static void
multi_values(const struct csv_table *table, const struct csv_row *row, struct json_object *record,
	     struct arena *keep)
{
	for (size_t i = 0; i < row->n && i < table->n; i++) {
		struct json_object *list;

		if (row->cells[i].n == 0 || !text_starts(table->header[i], TEXT("__mv_")))
			continue;
		json_object_object_del(record, table->names[i]);
		list = values_of(row->cells[i], keep);
		if (list)
			json_object_object_add(record, table->names[i] + sizeof("__mv_") - 1, list);
	}
}

struct json_object *
csv_record(const struct csv_table *table, const struct csv_row *row, struct arena *keep)
{
	struct json_object *record = json_object_new_object();

	if (!record)
		arena_exhausted(sizeof(*row));
	for (size_t i = 0; i < row->n; i++) {
		struct text t = row->cells[i];
		const char *name;

		if (t.n == 0)
			continue;
		if (i < table->n)
			name = table->names[i];
		else if (i == table->n && table->form == &csv_event_viewer)
			name = "Message";
		else
			name = arena_cstr(keep, arena_printf(keep, "column%zu", i + 1));
		json_object_object_add_ex(
		    record, name, json_object_new_string_len(t.p, (int)t.n),
		    (i < table->n ? JSON_C_OBJECT_ADD_KEY_IS_NEW : 0) | JSON_C_OBJECT_KEY_IS_CONSTANT);
	}
	if (table->multi_values)
		multi_values(table, row, record, keep);
	return record;
}

struct text
csv_no_events(const struct csv_row *header)
{
	static const char *const results[] = { "count", "firstTime", "lastTime", "_time", NULL };

	return has_one(header, results)
		   ? TEXT("these are results of a search, not events")
		   : TEXT("table (CSV), but its columns are no known form of events");
}
