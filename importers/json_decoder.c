/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Event XML turned into JSON by decoders: evtx_dump ("Event", "#attributes"; or separate
 * "..._attributes" keys), Velociraptor and the Go decoder ("System" at the top, plain members).
 */
#include "config.h"
#include "importers/json_form.h"

#include <stdio.h>

#include "base/when.h"
#include "importers/spelling.h"

#define NEST_MAX 32

static bool
matches(struct json_object *top)
{
	struct json_object *event = json_get(top, "Event");
	struct json_object *system = json_get(event ? event : top, "System");

	return json_is_object(system) && json_has(system, "Provider") +
						 json_has(system, "EventID") +
						 json_has(system, "Provider_attributes") >=
					     1;
}

/* ELEMENT's attribute, in whichever of the three ways it is written. */
static struct json_object *
attribute(struct json_object *parent, const char *element, const char *name)
{
	char separate[64];
	struct json_object *e = json_get(parent, element), *value;

	value = json_get(json_get(e, "#attributes"), name);
	if (!value)
		value = json_get(e, name);
	if (!value) {
		snprintf(separate, sizeof(separate), "%s_attributes", element);
		value = json_get(json_get(parent, separate), name);
	}
	return value;
}

/* ELEMENT's text: plain, or beside attributes. */
static struct json_object *
content(struct json_object *parent, const char *element)
{
	struct json_object *e = json_get(parent, element);

	if (!json_is_object(e))
		return e;
	return json_has(e, "#text") ? json_get(e, "#text") : json_get(e, "Value");
}

static const struct {
	enum evtx_role role;
	const char *element, *attribute; /* attribute NULL: the text */
} facts[] = {
	{ ROLE_PROVIDER, "Provider", "Name" },
	{ ROLE_GUID, "Provider", "Guid" },
	{ ROLE_EVENT_ID, "EventID", NULL },
	{ ROLE_QUALIFIERS, "EventID", "Qualifiers" },
	{ ROLE_VERSION, "Version", NULL },
	{ ROLE_LEVEL, "Level", NULL },
	{ ROLE_TASK, "Task", NULL },
	{ ROLE_OPCODE, "Opcode", NULL },
	{ ROLE_KEYWORDS, "Keywords", NULL },
	{ ROLE_RECORD_ID, "EventRecordID", NULL },
	{ ROLE_ACTIVITY, "Correlation", "ActivityID" },
	{ ROLE_RELATED_ACTIVITY, "Correlation", "RelatedActivityID" },
	{ ROLE_PROCESS, "Execution", "ProcessID" },
	{ ROLE_THREAD, "Execution", "ThreadID" },
	{ ROLE_CHANNEL, "Channel", NULL },
	{ ROLE_HOST, "Computer", NULL },
	{ ROLE_USER, "Security", "UserID" },
};

static void
add_system(struct json_run *run, struct json_object *system)
{
	struct json_object *source = attribute(system, "Provider", "EventSourceName");
	struct text time;
	bool has_zone;

	for (size_t i = 0; i < sizeof(facts) / sizeof(*facts); i++) {
		struct json_object *v =
		    facts[i].attribute ? attribute(system, facts[i].element, facts[i].attribute)
				       : content(system, facts[i].element);

		json_fact(run, facts[i].role, json_text(v, run->keep));
	}
	if (source)
		builder_add(run->b, ROLE_OTHER_FACT, TEXT("EventSourceName"),
			    json_text(source, run->keep));
	time = json_text(attribute(system, "TimeCreated", "SystemTime"), run->keep);
	if (!json_time(time, &run->ev->time_ns, &has_zone))
		run->ev->time_ns = WHEN_NONE;
	else
		builder_fact(run->b, ROLE_TIME, spelling_time_ns(run->ev->time_ns, run->keep));
}

/* "LogonGuid_1" beside "LogonGuid" is its second value; decoders cannot repeat a key. */
static struct text
folded_key(struct json_object *object, struct text key)
{
	size_t at = text_rfind_byte(key, '_');
	char base[128];
	uint64_t n;

	if (at == TEXT_NOWHERE || at == 0 || at >= sizeof(base) ||
	    !text_to_u64(text_from(key, at + 1), &n))
		return key;
	memcpy(base, key.p, at);
	base[at] = '\0';
	return json_has(object, base) ? text_head(key, at) : key;
}

/* The decoders drop the braces of GUIDs; values that are text without braces keep them off. */
static struct text
decoded_value(struct json_run *run, struct text name, struct json_object *value)
{
	struct text t = json_text(value, run->keep);

	if (text_absent(t))
		return TEXT("");
	return spelling_guid(t, text_iends(name, TEXT("guid")), run->keep);
}

static void
add_data(struct json_run *run, struct text name, struct json_object *value)
{
	size_t n = json_is_list(value) ? json_object_array_length(value) : 0;

	if (!json_is_list(value)) {
		builder_body(run->b, name,
			     json_audit_number(run, name, value, decoded_value(run, name, value)));
		return;
	}
	for (size_t i = 0; i < n; i++)
		builder_body(run->b, name,
			     decoded_value(run, name, json_object_array_get_idx(value, i)));
}

static void
add_attributes(struct json_run *run, struct text element, struct json_object *attributes)
{
	for (struct json_member m = json_first(attributes); !text_absent(m.key); m = json_next(m)) {
		if (text_eq(m.key, TEXT("xmlns")) || text_starts(m.key, TEXT("xmlns:")))
			continue;
		builder_body(run->b,
			     arena_printf(run->keep, TEXT_FMT "." TEXT_FMT, TEXT_ARG(element),
					  TEXT_ARG(m.key)),
			     decoded_value(run, m.key, m.value));
	}
}

/* A part of the body below PARENT: objects are elements, their leaves fields. */
static void
add_tree(struct json_run *run, struct text parent, struct json_object *object, int depth)
{
	for (struct json_member m = json_first(object); !text_absent(m.key); m = json_next(m)) {
		struct text key = folded_key(object, m.key);
		size_t n = json_is_list(m.value) ? json_object_array_length(m.value) : 0;

		if (text_eq(m.key, TEXT("#attributes")))
			add_attributes(run, parent, m.value);
		else if (text_iends(m.key, TEXT("_attributes")))
			add_attributes(run, text_head(m.key, m.key.n - 11), m.value);
		else if (text_eq(m.key, TEXT("#text")))
			add_data(run, parent, m.value);
		else if (json_is_object(m.value) && depth < NEST_MAX)
			add_tree(run, key, m.value, depth + 1);
		else if (!json_is_list(m.value))
			builder_leaf(run->b, parent, key, decoded_value(run, key, m.value),
				     run->keep);
		for (size_t i = 0; i < n; i++) {
			struct json_object *item = json_object_array_get_idx(m.value, i);

			if (json_is_object(item) && depth < NEST_MAX)
				add_tree(run, key, item, depth + 1);
			else
				builder_leaf(run->b, parent, key, decoded_value(run, key, item),
					     run->keep);
		}
	}
}

static void
add_event_data(struct json_run *run, struct json_object *data)
{
	for (struct json_member m = json_first(data); !text_absent(m.key); m = json_next(m)) {
		if (text_eq(m.key, TEXT("#attributes")))
			add_attributes(run, TEXT("EventData"), m.value);
		else if (text_eq(m.key, TEXT("#text")))
			add_data(run, TEXT("Data"), m.value);
		else if (json_is_object(m.value) && json_has(m.value, "#text"))
			add_data(run, folded_key(data, m.key), json_get(m.value, "#text"));
		else if (json_is_object(m.value))
			add_tree(run, folded_key(data, m.key), m.value, 0);
		else
			add_data(run, folded_key(data, m.key), m.value);
	}
}

static void
add_rendering(struct json_run *run, struct json_object *info)
{
	for (struct json_member m = json_first(info); !text_absent(m.key); m = json_next(m)) {
		struct text t = json_text(m.value, run->keep);

		if (text_eq(m.key, TEXT("Message")))
			builder_add(run->b, ROLE_MESSAGE, TEXT_NONE, t);
		else if (t.n > 0 && !json_is_object(m.value))
			builder_body(
			    run->b,
			    arena_printf(run->keep, "RenderingInfo." TEXT_FMT, TEXT_ARG(m.key)), t);
	}
}

static enum json_outcome
read_decoded(struct json_run *run, struct json_object *top)
{
	struct json_object *event = json_get(top, "Event");

	event = event ? event : top;
	add_system(run, json_get(event, "System"));
	for (struct json_member m = json_first(event); !text_absent(m.key); m = json_next(m)) {
		if (text_eq(m.key, TEXT("EventData")))
			add_event_data(run, m.value);
		else if (text_eq(m.key, TEXT("RenderingInfo")))
			add_rendering(run, m.value);
		else if (text_eq(m.key, TEXT("Message")))
			builder_add(run->b, ROLE_MESSAGE, TEXT_NONE, json_text(m.value, run->keep));
		else if (text_eq(m.key, TEXT("UserData")) || text_eq(m.key, TEXT("DebugData")) ||
			 text_eq(m.key, TEXT("ProcessingErrorData")) ||
			 text_eq(m.key, TEXT("BinaryEventData")))
			add_tree(run, m.key, m.value, 0);
	}
	return JSON_EVENT;
}

const struct json_form json_decoder = {
	.name = "event decoder (evtx_dump, Velociraptor)",
	.matches = matches,
	.read = read_decoded,
};

/* The Python and Node bindings of evtx_dump put the JSON of an event into a string. */
static bool
binding_matches(struct json_object *top)
{
	return json_has(top, "event_record_id") && json_has(top, "data") &&
	       json_has(top, "timestamp");
}

static enum json_outcome
read_binding(struct json_run *run, struct json_object *top)
{
	struct json_object *data = json_get(top, "data");

	if (json_is_object(data))
		return run->record(run->self, data) ? JSON_NESTED : JSON_STOP;
	return run->raw(run->self, json_text(data, run->keep), NULL) ? JSON_NESTED : JSON_STOP;
}

const struct json_form json_decoder_binding = {
	.name = "evtx_dump binding",
	.matches = binding_matches,
	.read = read_binding,
};
