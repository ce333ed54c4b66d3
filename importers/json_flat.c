/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Events made flat by whatever tool: "Event.System.EventID", "EventData.Image", or the columns of
 * events that somebody chose. The part behind the last dot is the name.
 */
#include "config.h"
#include "importers/json_form.h"

#include "base/when.h"

struct flat_fact {
	struct text    name;
	enum evtx_role role;
};

/* Without case; what the columns are called in one tool or another. */
static const struct flat_fact facts[] = {
	{ TEXT_INIT("EventID"), ROLE_EVENT_ID },
	{ TEXT_INIT("EventCode"), ROLE_EVENT_ID },
	{ TEXT_INIT("event_id"), ROLE_EVENT_ID },
	{ TEXT_INIT("Event ID"), ROLE_EVENT_ID },
	{ TEXT_INIT("Id"), ROLE_EVENT_ID },
	{ TEXT_INIT("Provider"), ROLE_PROVIDER },
	{ TEXT_INIT("ProviderName"), ROLE_PROVIDER },
	{ TEXT_INIT("SourceName"), ROLE_PROVIDER },
	{ TEXT_INIT("Guid"), ROLE_GUID },
	{ TEXT_INIT("Qualifiers"), ROLE_QUALIFIERS },
	{ TEXT_INIT("Version"), ROLE_VERSION },
	{ TEXT_INIT("Level"), ROLE_LEVEL },
	{ TEXT_INIT("Task"), ROLE_TASK },
	{ TEXT_INIT("Opcode"), ROLE_OPCODE },
	{ TEXT_INIT("Keywords"), ROLE_KEYWORDS },
	{ TEXT_INIT("EventRecordID"), ROLE_RECORD_ID },
	{ TEXT_INIT("RecordNumber"), ROLE_RECORD_ID },
	{ TEXT_INIT("RecordId"), ROLE_RECORD_ID },
	{ TEXT_INIT("Record ID"), ROLE_RECORD_ID },
	{ TEXT_INIT("ActivityID"), ROLE_ACTIVITY },
	{ TEXT_INIT("RelatedActivityID"), ROLE_RELATED_ACTIVITY },
	{ TEXT_INIT("Channel"), ROLE_CHANNEL },
	{ TEXT_INIT("LogName"), ROLE_CHANNEL },
	{ TEXT_INIT("Log"), ROLE_CHANNEL },
	{ TEXT_INIT("Computer"), ROLE_HOST },
	{ TEXT_INIT("ComputerName"), ROLE_HOST },
	{ TEXT_INIT("MachineName"), ROLE_HOST },
	{ TEXT_INIT("Hostname"), ROLE_HOST },
	{ TEXT_INIT("host"), ROLE_HOST },
	{ TEXT_INIT("Message"), ROLE_MESSAGE },
};

/* The better ones first. */
static const struct text times[] = {
	TEXT_INIT("SystemTime"),    TEXT_INIT("TimeCreated"), TEXT_INIT("@timestamp"),
	TEXT_INIT("TimeGenerated"), TEXT_INIT("_time"),	      TEXT_INIT("EventTime"),
	TEXT_INIT("timestamp"),     TEXT_INIT("time"),	      TEXT_INIT("datetime"),
	TEXT_INIT("date"),
};
#define TIMES (sizeof(times) / sizeof(*times))

static bool
is_part(struct text path, struct text part)
{
	struct text rest = path;

	while (!text_absent(rest))
		if (text_ieq(text_cut(&rest, '.'), part) && !text_absent(rest))
			return true;
	return false;
}

/* "Event.System.Provider.@Name" is Name, "EventID.#text" the element itself. */
static struct text
last_part(struct text path)
{
	struct text name = text_from(path, text_rfind_byte(path, '.') + 1);

	if (text_eq(name, TEXT("#text")) || text_eq(name, TEXT("text")) ||
	    text_eq(name, TEXT("Value"))) {
		path = text_head(path, path.n - name.n - (path.n > name.n));
		name = text_from(path, text_rfind_byte(path, '.') + 1);
	}
	while (name.n > 1 && (name.p[0] == '@' || name.p[0] == '#'))
		name = text_from(name, 1);
	return name;
}

static enum evtx_role
role_of(struct text path, struct text name)
{
	bool system = is_part(path, TEXT("System"));

	if (is_part(path, TEXT("EventData")) || is_part(path, TEXT("UserData")))
		return ROLE_BODY;
	if (system && text_ieq(name, TEXT("Name")))
		return ROLE_PROVIDER;
	if (system && text_ieq(name, TEXT("ProcessID")))
		return ROLE_PROCESS;
	if (system && text_ieq(name, TEXT("ThreadID")))
		return ROLE_THREAD;
	if (system && text_ieq(name, TEXT("UserID")))
		return ROLE_USER;
	for (size_t i = 0; i < sizeof(facts) / sizeof(*facts); i++)
		if (text_ieq(name, facts[i].name))
			return facts[i].role;
	return system ? ROLE_IGNORE : ROLE_BODY;
}

/* How well a column tells the time; TIMES: it does not. */
static size_t
time_rank(struct text name)
{
	size_t i = 0;

	while (i < TIMES && !text_ieq(times[i], name))
		i++;
	return i;
}

static bool
has_any(struct json_object *top, const char *const *names)
{
	for (; *names; names++)
		if (json_has(top, *names))
			return true;
	return false;
}

static bool
has_dotted_id(struct json_object *top)
{
	for (struct json_member m = json_first(top); !text_absent(m.key); m = json_next(m)) {
		size_t at = text_find(m.key, TEXT("System."));

		if (at != TEXT_NOWHERE && text_find(text_from(m.key, at), TEXT(".EventID")) !=
					      TEXT_NOWHERE)
			return true;
	}
	return false;
}

static bool
matches(struct json_object *top)
{
	static const char *const ids[] = { "EventID", "EventCode", "event_id", "EventId", "Id",
					   "Event ID", NULL };
	static const char *const hosts[] = { "Computer", "ComputerName", "MachineName",
					     "Hostname", "host",	 "dest",
					     "Channel",	 "LogName",	 NULL };
	static const char *const dates[] = { "SystemTime", "TimeCreated", "@timestamp", "_time",
					     "TimeGenerated", "EventTime", "timestamp", "time",
					     "datetime", NULL };

	return (has_any(top, ids) && has_any(top, hosts) && has_any(top, dates)) ||
	       has_dotted_id(top);
}

static enum json_outcome
read_row(struct json_run *run, struct json_object *top)
{
	struct text time = TEXT_NONE;
	size_t best = TIMES;
	uint32_t before = run->b->n_fields;
	uint64_t id;

	for (struct json_member m = json_first(top); !text_absent(m.key); m = json_next(m)) {
		struct text name = last_part(m.key);
		enum evtx_role role = role_of(m.key, name);
		size_t rank = is_part(m.key, TEXT("EventData")) ? TIMES : time_rank(name);

		if (rank < TIMES) {
			if (rank < best) {
				best = rank;
				time = json_text(m.value, run->keep);
			}
			continue;
		}
		if (role == ROLE_MESSAGE)
			builder_add(run->b, ROLE_MESSAGE, TEXT_NONE, json_text(m.value, run->keep));
		else if (role < ROLE_OTHER_FACT)
			json_fact(run, role, json_text(m.value, run->keep));
		else if (role == ROLE_BODY)
			json_body(run, name, m.value, false);
	}
	if (!text_to_u64(builder_get(run->b, ROLE_EVENT_ID), &id))
		return json_lost(run, "record whose event id is no number");
	if (run->b->n_fields == before)
		json_fields_of_message(run);
	json_set_time(run, time, best == 0);
	return JSON_EVENT;
}

const struct json_form json_flat_row = {
	.name = "flat columns",
	.matches = matches,
	.read = read_row,
};
