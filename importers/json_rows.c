/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Flat rows of other tools: Velociraptor artifacts, Get-WinEvent and Get-EventLog | ConvertTo-Json,
 * EvtxECmd, Azure Monitor.
 */
#include "config.h"

#include "importers/json_form.h"

#include "base/ascii.h"
#include "importers/provider_names.h"

#define COUNT(keys) (sizeof(keys) / sizeof(*(keys)))

static bool
velociraptor_matches(struct json_object *top)
{
	return (json_has(top, "ScriptBlockText") && json_has(top, "SecurityID")) ||
	       (json_has(top, "EventData") && json_has(top, "UserData") &&
		json_has(top, "EventTime") && json_has(top, "EventRecordID")) ||
	       (json_is_object(json_get(top, "EventData")) && json_has(top, "EventTime") &&
		json_has(top, "EventRecordID"));
}

#define LEAVES_DEPTH 8

/* UserData has an element around its fields. */
static void
add_leaves(struct json_run *run, struct json_object *object, int depth)
{
	for (struct json_member m = json_first(object); !text_absent(m.key); m = json_next(m)) {
		if (json_is_object(m.value) && depth < LEAVES_DEPTH)
			add_leaves(run, m.value, depth + 1);
		else if (json_object_is_type(m.value, json_type_int))
			builder_body(run->b, m.key,
				     json_audit_number(run, m.key, m.value,
						       json_text(m.value, run->keep)));
		else if (!text_starts(m.key, TEXT("xmlns")))
			json_body(run, m.key, m.value, true);
	}
}

static enum json_outcome
read_velociraptor(struct json_run *run, struct json_object *top)
{
	static const struct json_key keys[] = {
		JSON_FACT("Provider", ROLE_PROVIDER),
		JSON_FACT("EventID", ROLE_EVENT_ID),
		JSON_FACT("Level", ROLE_LEVEL),
		JSON_FACT("Task", ROLE_TASK),
		JSON_FACT("Opcode", ROLE_OPCODE),
		JSON_FACT("Keywords", ROLE_KEYWORDS),
		JSON_FACT("EventRecordID", ROLE_RECORD_ID),
		JSON_FACT("Channel", ROLE_CHANNEL),
		JSON_FACT("Computer", ROLE_HOST),
		JSON_FACT("UserSID", ROLE_USER),
		JSON_FACT("SecurityID", ROLE_USER),
		JSON_FACT("Message", ROLE_MESSAGE),
		JSON_DROP("EventTime"),
		JSON_DROP("EventData"),
		JSON_DROP("UserData"),
		JSON_DROP("OSPath"),
		JSON_DROP("_Source"),
	};
	static const char *const parts[] = { "EventData", "UserData" };

	json_flat(run, top, keys, COUNT(keys));
	for (size_t i = 0; i < COUNT(parts); i++) {
		struct json_object *part = json_get(top, parts[i]);

		add_leaves(run, part, 0);
	}
	json_set_time(run, json_get_text(top, "EventTime", run->keep), true);
	return JSON_EVENT;
}

const struct json_form json_velociraptor = {
	.name = "Velociraptor artifact",
	.matches = velociraptor_matches,
	.read = read_velociraptor,
};

static bool
get_winevent_matches(struct json_object *top)
{
	if (json_has(top, "ProviderName") && json_has(top, "LogName") &&
	    (json_has(top, "RecordId") || json_has(top, "Properties") ||
	     json_has(top, "MachineName")))
		return true;
	/* The columns that people choose: Select-Object TimeCreated, Id, LevelDisplayName, Message */
	return json_has(top, "TimeCreated") && json_has(top, "Id") && json_has(top, "Message");
}

/* "/Date(1709630127123)/", with "+0100" for display only; or {"value": that, "DateTime": ...}. */
static struct text
date_of(struct json_object *value, struct arena *keep)
{
	struct text t;
	size_t end;

	if (json_is_object(value))
		value = json_get(value, "value");
	t = json_text(value, keep);
	if (!text_starts(t, TEXT("/Date(")))
		return t;
	t = text_from(t, 6);
	for (end = 0; end < t.n && ascii_digit(t.p[end]); end++)
		;
	/* Milliseconds whatever their number of digits: as seconds with a fraction. */
	t = text_head(t, end);
	if (t.n < 4)
		return TEXT_NONE;
	return arena_printf(keep, TEXT_FMT "." TEXT_FMT, TEXT_ARG(text_head(t, t.n - 3)),
			    TEXT_ARG(text_from(t, t.n - 3)));
}

static enum json_outcome
read_get_winevent(struct json_run *run, struct json_object *top)
{
	static const struct json_key keys[] = {
		JSON_FACT("Id", ROLE_EVENT_ID),
		JSON_FACT("Version", ROLE_VERSION),
		JSON_FACT("Qualifiers", ROLE_QUALIFIERS),
		JSON_FACT("Level", ROLE_LEVEL),
		JSON_FACT("Task", ROLE_TASK),
		JSON_FACT("Opcode", ROLE_OPCODE),
		JSON_FACT("Keywords", ROLE_KEYWORDS),
		JSON_FACT("RecordId", ROLE_RECORD_ID),
		JSON_FACT("ProviderName", ROLE_PROVIDER),
		JSON_FACT("ProviderId", ROLE_GUID),
		JSON_FACT("LogName", ROLE_CHANNEL),
		JSON_FACT("ProcessId", ROLE_PROCESS),
		JSON_FACT("ThreadId", ROLE_THREAD),
		JSON_FACT("MachineName", ROLE_HOST),
		JSON_FACT("ActivityId", ROLE_ACTIVITY),
		JSON_FACT("RelatedActivityId", ROLE_RELATED_ACTIVITY),
		JSON_FACT("Message", ROLE_MESSAGE),
		JSON_RENAME("TaskDisplayName", "TaskCategory"),
		JSON_RENAME("OpcodeDisplayName", "OpCode"),
		JSON_DROP("UserId"),
		JSON_DROP("TimeCreated"),
		JSON_DROP("Properties"),
		JSON_DROP("ContainerLog"),
		JSON_DROP("MatchedQueryIds"),
		JSON_DROP("Bookmark"),
		JSON_DROP("LevelDisplayName"),
		JSON_DROP("KeywordsDisplayNames"),
	};
	struct json_object *user = json_get(top, "UserId");
	struct json_object *properties = json_get(top, "Properties");

	json_flat(run, top, keys, COUNT(keys));
	json_fact(run, ROLE_USER,
		  json_is_object(user) ? json_get_text(user, "Value", run->keep)
				       : json_text(user, run->keep));
	json_fact(run, ROLE_CHANNEL, only_log_of(builder_get(run->b, ROLE_PROVIDER)));
	/* At too small a depth the list is a type name. */
	if (!json_is_list(properties) || !json_unnamed(run, properties))
		json_fields_of_message(run);
	json_set_time(run, date_of(json_get(top, "TimeCreated"), run->keep), false);
	return JSON_EVENT;
}

const struct json_form json_get_winevent = {
	.name = "Get-WinEvent | ConvertTo-Json",
	.matches = get_winevent_matches,
	.read = read_get_winevent,
};

static bool
get_eventlog_matches(struct json_object *top)
{
	return json_has(top, "InstanceId") && json_has(top, "EntryType") &&
	       json_has(top, "MachineName") && json_has(top, "EventID");
}

static enum json_outcome
read_get_eventlog(struct json_run *run, struct json_object *top)
{
	static const struct json_key keys[] = {
		JSON_FACT("EventID", ROLE_EVENT_ID),
		JSON_FACT("Source", ROLE_PROVIDER),
		JSON_FACT("MachineName", ROLE_HOST),
		JSON_FACT("Index", ROLE_RECORD_ID),
		JSON_FACT("Message", ROLE_MESSAGE),
		JSON_DROP("TimeGenerated"),
		JSON_DROP("TimeWritten"),
		JSON_DROP("ReplacementStrings"),
		JSON_DROP("Data"),
		JSON_DROP("Category*"),
		JSON_DROP("EntryType"),
		JSON_DROP("InstanceId"),
		JSON_DROP("Site"),
		JSON_DROP("Container"),
	};
	struct json_object *strings = json_get(top, "ReplacementStrings");

	json_flat(run, top, keys, COUNT(keys));
	json_fact(run, ROLE_CHANNEL, only_log_of(builder_get(run->b, ROLE_PROVIDER)));
	if (!json_is_list(strings) || !json_unnamed(run, strings))
		json_fields_of_message(run);
	json_set_time(run, date_of(json_get(top, "TimeGenerated"), run->keep), false);
	return JSON_EVENT;
}

const struct json_form json_get_eventlog = {
	.name = "Get-EventLog | ConvertTo-Json",
	.matches = get_eventlog_matches,
	.read = read_get_eventlog,
};

static bool
evtxecmd_matches(struct json_object *top)
{
	return json_has(top, "EventRecordId") &&
	       (json_has(top, "MapDescription") ||
		(json_has(top, "Payload") && json_has(top, "EventId")));
}

/* One <Data> of EvtxECmd's payload: an object with "@Name" and "#text", or plain text. */
static void
payload_data(struct json_run *run, struct json_object *data)
{
	struct text name = json_get_text(data, "@Name", run->keep);
	struct text value = json_is_object(data) ? json_get_text(data, "#text", run->keep)
						 : json_text(data, run->keep);

	builder_body(run->b, name.n > 0 ? name : TEXT("Data"),
		     text_or_empty(value));
}

static void
payload_tree(struct json_run *run, struct text parent, struct json_object *object, int depth)
{
	for (struct json_member m = json_first(object); !text_absent(m.key); m = json_next(m)) {
		struct text t;

		if (text_starts(m.key, TEXT("@xmlns")))
			continue;
		if (json_is_object(m.value) && depth < 32) {
			payload_tree(run, m.key, m.value, depth + 1);
			continue;
		}
		t = json_text(m.value, run->keep);
		t = text_or_empty(t);
		if (text_starts(m.key, TEXT("@")))
			builder_body(run->b,
				     arena_printf(run->keep, TEXT_FMT "." TEXT_FMT,
						  TEXT_ARG(parent), TEXT_ARG(text_from(m.key, 1))),
				     t);
		else
			builder_leaf(run->b, parent, text_eq(m.key, TEXT("#text")) ? parent : m.key,
				     t, run->keep);
	}
}

static void
payload(struct json_run *run, struct json_object *top)
{
	struct json_object *data = json_get(json_get(top, "EventData"), "Data");
	size_t n = json_is_list(data) ? json_object_array_length(data) : 0;

	for (size_t i = 0; i < n; i++)
		payload_data(run, json_object_array_get_idx(data, i));
	if (data && !json_is_list(data))
		payload_data(run, data);
	if (json_is_object(json_get(top, "UserData")))
		payload_tree(run, TEXT("UserData"), json_get(top, "UserData"), 0);
}

static enum json_outcome
read_evtxecmd(struct json_run *run, struct json_object *top)
{
	static const struct {
		enum evtx_role role;
		const char *key;
	} facts[] = {
		{ ROLE_PROVIDER, "Provider" },
		{ ROLE_EVENT_ID, "EventId" },
		{ ROLE_LEVEL, "Level" },
		{ ROLE_KEYWORDS, "Keywords" },
		{ ROLE_RECORD_ID, "EventRecordId" },
		{ ROLE_PROCESS, "ProcessId" },
		{ ROLE_THREAD, "ThreadId" },
		{ ROLE_CHANNEL, "Channel" },
		{ ROLE_HOST, "Computer" },
		{ ROLE_USER, "UserId" },
	};
	struct text text = json_get_text(top, "Payload", run->keep);
	struct json_object *parsed = json_get(top, "Payload");
	struct json_object *own = NULL;

	for (size_t i = 0; i < COUNT(facts); i++)
		json_fact(run, facts[i].role, json_get_text(top, facts[i].key, run->keep));
	if (!json_is_object(parsed))
		parsed = own = json_tokener_parse(arena_cstr(run->keep, text));
	payload(run, parsed);
	/* What was added points into the parsed payload: keep it as long as the record. */
	if (own)
		json_object_object_add(top, "Payload", own);
	if (text_ieq(json_get_text(top, "HiddenRecord", run->keep), TEXT("true")))
		run->ev->flags |= EVENT_RECOVERED;
	json_set_time(run, json_get_text(top, "TimeCreated", run->keep), true);
	return JSON_EVENT;
}

const struct json_form json_evtxecmd = {
	.name = "EvtxECmd",
	.matches = evtxecmd_matches,
	.read = read_evtxecmd,
};

static bool
azure_matches(struct json_object *top)
{
	return json_has(top, "TimeGenerated") && json_has(top, "Computer") &&
	       json_has(top, "EventID");
}

static enum json_outcome
read_azure(struct json_run *run, struct json_object *top)
{
	static const struct json_key keys[] = {
		JSON_FACT("EventID", ROLE_EVENT_ID),
		JSON_FACT("EventSourceName", ROLE_PROVIDER),
		JSON_FACT("Source", ROLE_PROVIDER),
		JSON_FACT("Channel", ROLE_CHANNEL),
		JSON_FACT("EventLog", ROLE_CHANNEL),
		JSON_FACT("Computer", ROLE_HOST),
		JSON_FACT("Level", ROLE_LEVEL),
		JSON_FACT("EventLevelName", ROLE_LEVEL),
		JSON_FACT("Task", ROLE_TASK),
		JSON_FACT("EventRecordId", ROLE_RECORD_ID),
		JSON_FACT("RenderedDescription", ROLE_MESSAGE),
		JSON_DROP("TimeGenerated"),
		JSON_DROP("EventData"),
		JSON_DROP("TenantId"),
		JSON_DROP("SourceSystem"),
		JSON_DROP("ManagementGroupName"),
		JSON_DROP("Type"),
		JSON_DROP("_ResourceId"),
	};
	struct json_object *data = json_get(top, "EventData");
	struct text xml = json_text(data, run->keep);

	json_flat(run, top, keys, COUNT(keys));
	for (struct json_member m = json_first(data); !text_absent(m.key); m = json_next(m))
		json_body(run, m.key, m.value, true);
	if (!json_is_object(data) && xml.n > 0)
		run->fragment(run->self, xml);
	json_set_time(run, json_get_text(top, "TimeGenerated", run->keep), true);
	return JSON_EVENT;
}

const struct json_form json_azure = {
	.name = "Azure Monitor",
	.matches = azure_matches,
	.read = read_azure,
};
