/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * JSON around events: Splunk search results, Elasticsearch dumps and search answers, answers of
 * Azure's Log Analytics, any record that has the event's XML in it.
 */
#include "config.h"
#include "importers/json_form.h"

#include "importers/provider_names.h"

#define COUNT(keys) (sizeof(keys) / sizeof(*(keys)))

/* Splunk's columns when the raw event was not exported. */
static const struct json_key splunk_keys[] = {
	JSON_FACT("EventCode", ROLE_EVENT_ID),
	JSON_FACT("EventID", ROLE_EVENT_ID),
	JSON_FACT("Computer", ROLE_HOST),
	JSON_FACT("ComputerName", ROLE_HOST),
	JSON_FACT("Channel", ROLE_CHANNEL),
	JSON_FACT("LogName", ROLE_CHANNEL),
	JSON_FACT("SourceName", ROLE_PROVIDER),
	JSON_FACT("Name", ROLE_PROVIDER),
	JSON_FACT("Guid", ROLE_GUID),
	JSON_FACT("Qualifiers", ROLE_QUALIFIERS),
	JSON_FACT("Version", ROLE_VERSION),
	JSON_FACT("Level", ROLE_LEVEL),
	JSON_FACT("Task", ROLE_TASK),
	JSON_FACT("Opcode", ROLE_OPCODE),
	JSON_FACT("Keywords", ROLE_KEYWORDS),
	JSON_FACT("SystemTime", ROLE_TIME),
	JSON_FACT("EventRecordID", ROLE_RECORD_ID),
	JSON_FACT("RecordNumber", ROLE_RECORD_ID),
	JSON_FACT("ActivityID", ROLE_ACTIVITY),
	JSON_FACT("ProcessID", ROLE_PROCESS),
	JSON_FACT("ThreadID", ROLE_THREAD),
	JSON_FACT("UserID", ROLE_USER),
	JSON_FACT("Sid", ROLE_USER),
	JSON_FACT("Message", ROLE_MESSAGE),
	/* Of the index and of the search. */
	JSON_DROP("_*"),
	JSON_DROP("date_*"),
	JSON_DROP("index"),
	JSON_DROP("linecount"),
	JSON_DROP("punct"),
	JSON_DROP("splunk_server"),
	JSON_DROP("splunk_server_group"),
	JSON_DROP("timestartpos"),
	JSON_DROP("timeendpos"),
	JSON_DROP("eventtype"),
	JSON_DROP("tag"),
	JSON_DROP("tag::*"),
};

static bool
has_raw(struct json_object *row)
{
	return json_has(row, "_raw");
}

/* The log that the input read the event from: "XmlWinEventLog:Security", or "Security" where whoever
 * sent it says no more. What a collector gathers comes from logs of others. */
static struct text
channel_of_input(struct text name)
{
	static const struct text inputs[] = { TEXT_INIT("XmlWinEventLog:"),
					      TEXT_INIT("WinEventLog:") };
	static const struct text logs[] = { TEXT_INIT("Security"), TEXT_INIT("System"),
					    TEXT_INIT("Application"),
					    TEXT_INIT("Windows PowerShell") };

	for (size_t i = 0; i < COUNT(inputs); i++)
		if (text_istarts(name, inputs[i])) {
			name = text_from(name, inputs[i].n);
			return text_ieq(name, TEXT("ForwardedEvents")) ? TEXT_NONE : name;
		}
	for (size_t i = 0; i < COUNT(logs); i++)
		if (text_ieq(name, logs[i]))
			return name;
	return text_istarts(name, TEXT("Microsoft-Windows-")) ? name : TEXT_NONE;
}

/* Columns that somebody chose need not have the log among them. */
static void
add_channel(struct json_run *run, struct json_object *row)
{
	static const char *const inputs[] = { "source", "sourcetype" };

	for (size_t i = 0; i < COUNT(inputs); i++) {
		struct text channel = channel_of_input(json_get_text(row, inputs[i], run->keep));

		if (channel.n > 0 && text_absent(builder_get(run->b, ROLE_CHANNEL)))
			json_fact(run, ROLE_CHANNEL, channel);
	}
}

static const struct model_column {
	enum event_scope scope;
	uint32_t event_id;
	struct text field;
	const char *column;
} model_columns[] = {
#define COLUMN(scope, event_id, field, column) { scope, event_id, TEXT_INIT(field), column },
#include "importers/splunk_columns.def"
#undef COLUMN
};

/* Data models say so where there is no value. */
static bool
says_nothing(struct text value)
{
	return value.n == 0 || text_eq(value, TEXT("unknown")) || text_eq(value, TEXT("null"));
}

/* The first of its values that says something; absent when none does. */
static struct text
column_value(struct json_run *run, struct json_object *row, const char *column)
{
	struct json_object *value = json_get(row, column);
	size_t n = json_is_list(value) ? json_object_array_length(value) : 1;

	for (size_t i = 0; i < n; i++) {
		struct json_object *one =
		    json_is_list(value) ? json_object_array_get_idx(value, i) : value;
		struct text t = json_text(one, run->keep);

		if (!says_nothing(t))
			return t;
	}
	return TEXT_NONE;
}

/* Does "dest" name the other end of a connection, and not the host? */
static bool
leads_elsewhere(enum event_scope scope, uint64_t id)
{
	return scope == SCOPE_SYSMON ? id == 3 || id == 22
				     : scope != SCOPE_SECURITY || id == 4648 || id == 5156;
}

/* Columns with names of the data models only: the host and the fields that they were made of. */
static void
add_fields_of_models(struct json_run *run, struct json_object *row)
{
	enum event_scope scope = json_scope(run);
	uint64_t         id = 0;

	if (!text_to_u64(builder_get(run->b, ROLE_EVENT_ID), &id))
		return;
	if (text_absent(builder_get(run->b, ROLE_PROVIDER)))
		json_fact(run, ROLE_PROVIDER,
			  only_provider_of(builder_get(run->b, ROLE_CHANNEL), id));
	if (builder_get(run->b, ROLE_HOST).n == 0)
		json_fact(run, ROLE_HOST, column_value(run, row, "dvc"));
	if (builder_get(run->b, ROLE_HOST).n == 0 && !leads_elsewhere(scope, id))
		json_fact(run, ROLE_HOST, column_value(run, row, "dest"));
	for (size_t i = 0; i < COUNT(model_columns); i++) {
		const struct model_column *c = &model_columns[i];
		struct text                value;

		if (c->scope != scope || (c->event_id != 0 && c->event_id != id) ||
		    !text_absent(builder_body_get(run->b, c->field)))
			continue;
		value = column_value(run, row, c->column);
		if (!text_absent(value))
			builder_body(run->b, c->field, value);
	}
}

/* A result row as a Splunk search shows it: the raw event if there is one, else its columns. */
static enum json_outcome
read_row(struct json_run *run, struct json_object *row)
{
	struct text raw = json_get_text(row, "_raw", run->keep);
	struct text time = json_get_text(row, "_time", run->keep);
	struct text host = json_get_text(row, "host", run->keep);

	if (raw.n > 0)
		return run->raw(run->self, raw, row) ? JSON_NESTED : JSON_STOP;
	json_flat(run, row, splunk_keys, COUNT(splunk_keys));
	json_fact(run, ROLE_HOST, host);
	add_channel(run, row);
	if (text_absent(builder_get(run->b, ROLE_EVENT_ID)))
		return json_lost(run, "these are results of a search, not events");
	/* Fields that the index took out of classic text have the names of its labels. */
	if (text_istarts(json_get_text(row, "sourcetype", run->keep), TEXT("WinEventLog")))
		json_fields_of_message(run);
	add_fields_of_models(run, row);
	if (text_absent(builder_get(run->b, ROLE_TIME)))
		json_set_time(run, time, false);
	return JSON_EVENT;
}

void
json_row_extras(struct json_run *run, struct json_object *row)
{
	for (struct json_member m = json_first(row); !text_absent(m.key); m = json_next(m))
		if (!json_key_find(splunk_keys, COUNT(splunk_keys), m.key) &&
		    text_absent(event_get(run->ev, m.key)))
			json_body(run, m.key, m.value, false);
	builder_more(run->b, run->ev);
}

static bool
row_matches(struct json_object *top)
{
	return has_raw(top) && (json_has(top, "sourcetype") || json_has(top, "source"));
}

const struct json_form json_splunk_row = {
	.name = "Splunk row",
	.matches = row_matches,
	.read = read_row,
};

static bool
export_matches(struct json_object *top)
{
	return json_is_object(json_get(top, "result")) ||
	       (json_has(top, "preview") &&
		(json_has(top, "results") || json_has(top, "rows") || json_has(top, "columns") ||
		 json_has(top, "lastrow") || json_has(top, "messages")));
}

/* As if it had come by itself: {"result": row}. */
static bool
deliver_row(struct json_run *run, struct json_object *row)
{
	struct json_object *frame = json_object_new_object();
	bool go_on;

	json_object_object_add(frame, "result", json_object_get(row));
	go_on = run->record(run->self, frame);
	json_object_put(frame);
	return go_on;
}

static enum json_outcome
deliver_rows(struct json_run *run, struct json_object *rows)
{
	size_t n = json_object_array_length(rows);

	for (size_t i = 0; i < n; i++)
		if (!deliver_row(run, json_object_array_get_idx(rows, i)))
			return JSON_STOP;
	return JSON_NESTED;
}

static enum json_outcome
deliver_list(struct json_run *run, struct json_object *list)
{
	size_t n = json_object_array_length(list);

	for (size_t i = 0; i < n; i++)
		if (!run->record(run->self, json_object_array_get_idx(list, i)))
			return JSON_STOP;
	return JSON_NESTED;
}

static const char *
field_name(struct json_object *fields, size_t i)
{
	struct json_object *f = json_object_array_get_idx(fields, i);

	return json_object_get_string(json_is_object(f) ? json_get(f, "name") : f);
}

/* Row or column mode: "fields" names what "rows" or "columns" list. */
static enum json_outcome
deliver_table(struct json_run *run, struct json_object *fields, struct json_object *table,
	      bool columns, bool (*deliver)(struct json_run *, struct json_object *))
{
	size_t n_fields = json_object_array_length(fields);
	size_t n = json_object_array_length(table);
	bool go_on = true;

	if (columns)
		n = n > 0 && json_is_list(json_object_array_get_idx(table, 0))
			? json_object_array_length(json_object_array_get_idx(table, 0))
			: 0;
	for (size_t i = 0; i < n && go_on; i++) {
		struct json_object *row = json_object_new_object();

		for (size_t k = 0; k < n_fields; k++) {
			const char *name = field_name(fields, k);
			struct json_object *line =
			    json_object_array_get_idx(table, columns ? k : i);
			struct json_object *cell =
			    json_is_list(line) ? json_object_array_get_idx(line, columns ? i : k)
					       : NULL;

			if (name && cell)
				json_object_object_add(row, name, json_object_get(cell));
		}
		go_on = deliver(run, row);
		json_object_put(row);
	}
	return go_on ? JSON_NESTED : JSON_STOP;
}

static enum json_outcome
read_export(struct json_run *run, struct json_object *top)
{
	struct json_object *result = json_get(top, "result");
	struct json_object *fields = json_get(top, "fields");

	/* The stream shows growing previews before the final rows. */
	if (json_object_get_boolean(json_get(top, "preview"))) {
		run->previews++;
		return JSON_SKIP;
	}
	run->finals++;
	if (json_is_object(result)) {
		const struct json_form *form = has_raw(result) ? NULL : json_form_find(result);

		return form && form != &json_flat_row ? form->read(run, result)
						      : read_row(run, result);
	}
	if (json_is_list(json_get(top, "results")))
		return deliver_rows(run, json_get(top, "results"));
	if (json_is_list(fields) && json_is_list(json_get(top, "rows")))
		return deliver_table(run, fields, json_get(top, "rows"), false, deliver_row);
	if (json_is_list(fields) && json_is_list(json_get(top, "columns")))
		return deliver_table(run, fields, json_get(top, "columns"), true, deliver_row);
	return JSON_SKIP;
}

const struct json_form json_splunk_export = {
	.name = "Splunk export",
	.matches = export_matches,
	.read = read_export,
};

static bool
hit_matches(struct json_object *top)
{
	return json_is_object(json_get(top, "_source")) ||
	       (json_has(top, "_index") && json_is_object(json_get(top, "fields")));
}

static enum json_outcome
read_hit(struct json_run *run, struct json_object *top)
{
	struct json_object *inner = json_get(top, "_source");

	return run->record(run->self, inner ? inner : json_get(top, "fields")) ? JSON_NESTED
									       : JSON_STOP;
}

const struct json_form json_elastic_hit = {
	.name = "Elasticsearch hit",
	.matches = hit_matches,
	.read = read_hit,
};

static bool
answer_matches(struct json_object *top)
{
	return json_is_list(json_get(json_get(top, "hits"), "hits"));
}

static enum json_outcome
read_answer(struct json_run *run, struct json_object *top)
{
	return deliver_list(run, json_get(json_get(top, "hits"), "hits"));
}

const struct json_form json_elastic_answer = {
	.name = "Elasticsearch answer",
	.matches = answer_matches,
	.read = read_answer,
};

/* {"tables": [{"columns": [{"name": ..}], "rows": [[..]]}]} */
static bool
log_analytics_matches(struct json_object *top)
{
	struct json_object *tables = json_get(top, "tables");
	struct json_object *first =
	    json_is_list(tables) ? json_object_array_get_idx(tables, 0) : NULL;

	return json_is_list(json_get(first, "columns")) && json_is_list(json_get(first, "rows"));
}

static bool
deliver_plain(struct json_run *run, struct json_object *row)
{
	return run->record(run->self, row);
}

static enum json_outcome
read_log_analytics(struct json_run *run, struct json_object *top)
{
	struct json_object *tables = json_get(top, "tables");
	size_t n = json_object_array_length(tables);
	enum json_outcome outcome = JSON_NESTED;

	for (size_t i = 0; i < n && outcome == JSON_NESTED; i++) {
		struct json_object *table = json_object_array_get_idx(tables, i);

		if (json_is_list(json_get(table, "columns")) &&
		    json_is_list(json_get(table, "rows")))
			outcome = deliver_table(run, json_get(table, "columns"),
						json_get(table, "rows"), false, deliver_plain);
	}
	return outcome;
}

const struct json_form json_log_analytics = {
	.name = "Log Analytics answer",
	.matches = log_analytics_matches,
	.read = read_log_analytics,
};

/* The member, here or one level deeper, that is event XML; NULL: none. */
static struct json_object *
xml_member(struct json_object *object, int depth)
{
	for (struct json_member m = json_first(object); !text_absent(m.key); m = json_next(m)) {
		struct json_object *inner = depth > 0 ? xml_member(m.value, depth - 1) : NULL;
		struct text t;

		if (inner)
			return inner;
		if (!json_object_is_type(m.value, json_type_string))
			continue;
		t = text_trim((struct text){ json_object_get_string(m.value),
					     (size_t)json_object_get_string_len(m.value) });
		if (text_starts(t, TEXT("<Event")) && text_find(t, TEXT("<System")) != TEXT_NOWHERE)
			return m.value;
	}
	return NULL;
}

static bool
xml_inside_matches(struct json_object *top)
{
	return xml_member(top, 1) != NULL;
}

static enum json_outcome
read_xml_inside(struct json_run *run, struct json_object *top)
{
	struct text xml = json_text(xml_member(top, 1), run->keep);

	return run->raw(run->self, xml, NULL) ? JSON_NESTED : JSON_STOP;
}

const struct json_form json_xml_inside = {
	.name = "event XML in JSON",
	.matches = xml_inside_matches,
	.read = read_xml_inside,
};
