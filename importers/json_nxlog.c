/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * NXLog's JSON (im_msvistalog), and the Security-Datasets that were recorded with it: one flat
 * object per event. Local times without a zone; see nxlog_zone.
 */
#include "config.h"
#include "importers/json_nxlog.h"

#include "base/when.h"
#include "importers/spelling.h"

#define ZONE_STEP_S 900 /* zones differ by quarters of an hour */

static const struct json_key keys[] = {
	JSON_FACT("Channel", ROLE_CHANNEL),
	JSON_FACT("SourceName", ROLE_PROVIDER),
	JSON_FACT("ProviderGuid", ROLE_GUID),
	JSON_FACT("EventID", ROLE_EVENT_ID),
	JSON_FACT("Version", ROLE_VERSION),
	JSON_FACT("Level", ROLE_LEVEL),
	JSON_FACT("Task", ROLE_TASK),
	JSON_FACT("OpcodeValue", ROLE_OPCODE),
	JSON_FACT("Keywords", ROLE_KEYWORDS),
	JSON_FACT("RecordNumber", ROLE_RECORD_ID),
	JSON_FACT("ActivityID", ROLE_ACTIVITY),
	JSON_FACT("RelatedActivityID", ROLE_RELATED_ACTIVITY),
	JSON_FACT("ExecutionProcessID", ROLE_PROCESS),
	JSON_FACT("ThreadID", ROLE_THREAD),
	JSON_FACT("ExecutionThreadID", ROLE_THREAD),
	JSON_FACT("Hostname", ROLE_HOST),
	JSON_FACT("UserID", ROLE_USER),
	JSON_FACT("Message", ROLE_MESSAGE),
	JSON_RENAME("Category", "TaskCategory"),
	JSON_RENAME("Opcode", "OpCode"),
	/* Read by themselves below. */
	JSON_DROP("EventTime"),
	JSON_DROP("TimeCreated"),
	JSON_DROP("EventReceivedTime"),
	JSON_DROP("@timestamp"),
	JSON_DROP("Severity"),
	JSON_DROP("SeverityValue"),
	JSON_DROP("EventType"),
	JSON_DROP("EventTypeOrignal"),
	JSON_DROP("ProcessID"),
	JSON_DROP("ERROR_EVT_UNRESOLVED"),
	/* Of the collector, not of the event. */
	JSON_DROP("SourceModuleName"),
	JSON_DROP("SourceModuleType"),
	JSON_DROP("@version"),
	JSON_DROP("host"),
	JSON_DROP("port"),
	JSON_DROP("tags"),
};

static bool
matches(struct json_object *top)
{
	return json_has(top, "EventID") &&
	       (json_has(top, "Hostname") || json_has(top, "SourceModuleType") ||
		json_has(top, "EventReceivedTime"));
}

bool
nxlog_zone(struct json_object *top, struct arena *keep, int32_t *zone_s)
{
	int64_t sent, received, apart_s, rounded;
	bool has_zone;

	if (!matches(top) || !json_time(json_get_text(top, "@timestamp", keep), &sent, &has_zone) ||
	    !has_zone ||
	    !json_time(json_get_text(top, "EventReceivedTime", keep), &received, &has_zone))
		return false;
	if (has_zone)
		return false;
	apart_s = (received - sent) / WHEN_SECOND;
	rounded = (apart_s + (apart_s < 0 ? -ZONE_STEP_S / 2 : ZONE_STEP_S / 2)) / ZONE_STEP_S *
		  ZONE_STEP_S;
	if (rounded < -15 * 3600 || rounded > 15 * 3600)
		return false;
	*zone_s = (int32_t)rounded;
	return true;
}

static void
set_time(struct json_run *run, struct json_object *top)
{
	struct text created = json_get_text(top, "TimeCreated", run->keep);
	struct text logged = json_get_text(top, "EventTime", run->keep);
	struct text utc = json_get_text(top, "UtcTime", run->keep);
	int64_t fine, ns;
	bool has_zone;

	if (!text_absent(created) && json_time(created, &run->ev->time_ns, &has_zone)) {
		builder_fact(run->b, ROLE_TIME, spelling_time_ns(run->ev->time_ns, run->keep));
		return;
	}
	if (!json_time(logged, &ns, &has_zone))
		return;
	if (!has_zone) {
		ns -= (run->zone_known ? run->zone_s : run->import_zone_s) * WHEN_SECOND;
		if (!run->zone_known)
			run->ev->flags |= EVENT_ZONE_ASSUMED;
	}
	/* Sysmon says it finer, and in UTC. */
	if (ns % WHEN_SECOND == 0 && json_time(utc, &fine, &has_zone) && fine - ns < 2 * WHEN_SECOND &&
	    ns - fine < 2 * WHEN_SECOND)
		ns = fine;
	run->ev->time_ns = ns;
}

/* The word for the level is in EventType, or moved away by a Sysmon field of that name. */
static void
set_level(struct json_run *run, struct json_object *top)
{
	static const struct {
		struct text word, level;
	} words[] = {
		{ TEXT_INIT("AUDIT_SUCCESS"), TEXT_INIT("0") },
		{ TEXT_INIT("AUDIT_FAILURE"), TEXT_INIT("0") },
		{ TEXT_INIT("CRITICAL"), TEXT_INIT("1") },
		{ TEXT_INIT("ERROR"), TEXT_INIT("2") },
		{ TEXT_INIT("WARNING"), TEXT_INIT("3") },
		{ TEXT_INIT("INFO"), TEXT_INIT("4") },
		{ TEXT_INIT("VERBOSE"), TEXT_INIT("5") },
		{ TEXT_INIT("DEBUG"), TEXT_INIT("5") },
	};
	bool moved = json_has(top, "EventTypeOrignal");
	struct text word = json_get_text(top, moved ? "EventTypeOrignal" : "EventType", run->keep);
	bool known = false;

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		if (!text_ieq(words[i].word, word))
			continue;
		json_fact(run, ROLE_LEVEL, words[i].level);
		known = true;
	}
	if (moved || !known)
		json_body(run, TEXT("EventType"), json_get(top, "EventType"), false);
}

/* What NXLog could not render counts as not there. */
static void
drop_unresolved(struct event_builder *b)
{
	uint32_t n = BUILDER_FACTS;

	for (uint32_t i = BUILDER_FACTS; i < b->n_fields; i++)
		if (!text_eq(b->fields[i].value, TEXT("ERROR_EVT_UNRESOLVED")))
			b->fields[n++] = b->fields[i];
	b->n_fields = n;
}

/* Only fields about the account and the texts: the body did not come through. */
static bool
is_bare(const struct event_builder *b)
{
	static const struct text names[] = {
		TEXT_INIT("AccountName"),  TEXT_INIT("AccountType"), TEXT_INIT("Domain"),
		TEXT_INIT("TaskCategory"), TEXT_INIT("OpCode"),
	};

	for (uint32_t i = BUILDER_FACTS; i < b->n_fields; i++) {
		bool known = false;

		for (size_t k = 0; k < sizeof(names) / sizeof(*names); k++)
			known |= text_eq(b->fields[i].name, names[k]);
		if (!known)
			return false;
	}
	return true;
}

static enum json_outcome
read_nxlog(struct json_run *run, struct json_object *top)
{
	json_flat(run, top, keys, sizeof(keys) / sizeof(*keys));
	drop_unresolved(run->b);
	/* A field of the event in WMI's log, elsewhere the source under another name. */
	json_fact(run, ROLE_PROVIDER, json_get_text(top, "ProviderName", run->keep));
	/* Old sets: the logging process, while a field ProcessId is the subject's. */
	json_fact(run, ROLE_PROCESS, json_get_text(top, "ProcessID", run->keep));
	if (text_absent(builder_get(run->b, ROLE_OPCODE)))
		json_fact(run, ROLE_OPCODE, json_get_text(top, "Opcode", run->keep));
	set_level(run, top);
	set_time(run, top);
	if (is_bare(run->b))
		json_fields_of_message(run);
	return JSON_EVENT;
}

const struct json_form json_nxlog = {
	.name = "NXLog",
	.matches = matches,
	.read = read_nxlog,
};
