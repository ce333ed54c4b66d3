/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Findings of hunting tools, which carry the events they were found in: Chainsaw, Hayabusa,
 * Velociraptor. The event is evidence, what the tool thought of it is not kept.
 *
 * Sources: Chainsaw's JSON and the columns of its tables; Hayabusa's output profiles and its
 * channel_abbreviations.txt.
 */
#include "config.h"
#include "importers/json_form.h"

#include "importers/provider_names.h"

#define COUNT(items) (sizeof(items) / sizeof(*(items)))

/* {"document": {"kind": "evtx", "data": {"Event": ...}}}, "documents": a list for aggregates. */
static bool
chainsaw_matches(struct json_object *top)
{
	struct json_object *list = json_get(top, "documents");
	struct json_object *document =
	    json_is_list(list) ? json_object_array_get_idx(list, 0) : json_get(top, "document");

	return json_has(json_get(document, "data"), "Event");
}

static enum json_outcome
read_chainsaw(struct json_run *run, struct json_object *top)
{
	struct json_object *list = json_get(top, "documents");
	size_t n = json_is_list(list) ? json_object_array_length(list) : 0;

	for (size_t i = 0; i < n; i++)
		if (!run->record(run->self,
				 json_get(json_object_array_get_idx(list, i), "data")))
			return JSON_STOP;
	if (n > 0)
		return JSON_NESTED;
	return run->record(run->self, json_get(json_get(top, "document"), "data")) ? JSON_NESTED
										     : JSON_STOP;
}

const struct json_form json_chainsaw = {
	.name = "Chainsaw",
	.matches = chainsaw_matches,
	.read = read_chainsaw,
};

/* "Name: value" pieces between separators. */
static void
add_pairs(struct json_run *run, struct text all, struct text separator)
{
	while (all.n > 0) {
		size_t end = text_find(all, separator);
		struct text pair = text_trim(text_head(all, end == TEXT_NOWHERE ? all.n : end));
		size_t colon = text_find_byte(pair, ':');

		all = end == TEXT_NOWHERE ? TEXT_NONE : text_from(all, end + separator.n);
		if (colon != TEXT_NOWHERE && colon > 0)
			builder_body(run->b, text_head(pair, colon),
				     text_trim(text_from(pair, colon + 1)));
		else if (pair.n > 0)
			builder_body(run->b, TEXT("Data"), pair);
	}
}

static bool
chainsaw_table_matches(struct json_object *top)
{
	return json_has(top, "detections") && json_has(top, "Event ID") &&
	       json_has(top, "Computer");
}

static enum json_outcome
read_chainsaw_table(struct json_run *run, struct json_object *top)
{
	static const struct json_key keys[] = {
		JSON_FACT("Event ID", ROLE_EVENT_ID),
		JSON_FACT("Record ID", ROLE_RECORD_ID),
		JSON_FACT("Computer", ROLE_HOST),
		JSON_FACT("Event.System.Provider", ROLE_PROVIDER),
		JSON_FACT("Provider", ROLE_PROVIDER),
		JSON_FACT("Channel", ROLE_CHANNEL),
		JSON_DROP("timestamp"),
		JSON_DROP("system_time"),
		JSON_DROP("detections"),
		JSON_DROP("path"),
		JSON_DROP("count"),
		JSON_DROP("Event Data"),
	};
	const char *time = json_has(top, "system_time") ? "system_time" : "timestamp";
	struct json_object *data = json_get(top, "Event Data");
	struct text provider;

	json_flat(run, top, keys, COUNT(keys));
	provider = builder_get(run->b, ROLE_PROVIDER);
	if (text_absent(builder_get(run->b, ROLE_CHANNEL)))
		json_fact(run, ROLE_CHANNEL, only_log_of(provider));
	add_pairs(run, json_text(data, run->keep), TEXT("\n"));
	run->ev->remark = TEXT("out of a table of Chainsaw's findings");
	json_set_time(run, json_get_text(top, time, run->keep), true);
	return JSON_EVENT;
}

const struct json_form json_chainsaw_table = {
	.name = "Chainsaw table",
	.matches = chainsaw_table_matches,
	.read = read_chainsaw_table,
};

struct short_name {
	struct text name, channel;
};

static const struct short_name short_names[] = {
	{ TEXT_INIT("App"), TEXT_INIT("Application") },
	{ TEXT_INIT("BitsCli"), TEXT_INIT("Microsoft-Windows-Bits-Client/Operational") },
	{ TEXT_INIT("CodeInteg"), TEXT_INIT("Microsoft-Windows-CodeIntegrity/Operational") },
	{ TEXT_INIT("Defender"), TEXT_INIT("Microsoft-Windows-Windows Defender/Operational") },
	{ TEXT_INIT("DNS-Svr"), TEXT_INIT("DNS Server") },
	{ TEXT_INIT("DvrFmwk"),
	  TEXT_INIT("Microsoft-Windows-DriverFrameworks-UserMode/Operational") },
	{ TEXT_INIT("Exchange"), TEXT_INIT("MSExchange Management") },
	{ TEXT_INIT("Firewall"),
	  TEXT_INIT("Microsoft-Windows-Windows Firewall With Advanced Security/Firewall") },
	{ TEXT_INIT("NTLM"), TEXT_INIT("Microsoft-Windows-NTLM/Operational") },
	{ TEXT_INIT("OpenSSH"), TEXT_INIT("OpenSSH/Operational") },
	{ TEXT_INIT("PrintAdm"), TEXT_INIT("Microsoft-Windows-PrintService/Admin") },
	{ TEXT_INIT("PrintOp"), TEXT_INIT("Microsoft-Windows-PrintService/Operational") },
	{ TEXT_INIT("PwSh"), TEXT_INIT("Microsoft-Windows-PowerShell/Operational") },
	{ TEXT_INIT("PwShClassic"), TEXT_INIT("Windows PowerShell") },
	{ TEXT_INIT("PwShCore"), TEXT_INIT("PowerShellCore/Operational") },
	{ TEXT_INIT("RDP-Cli"),
	  TEXT_INIT("Microsoft-Windows-TerminalServices-RDPClient/Operational") },
	{ TEXT_INIT("RDP-CoreTS"),
	  TEXT_INIT("Microsoft-Windows-RemoteDesktopServices-RdpCoreTS/Operational") },
	{ TEXT_INIT("RDS-LSM"),
	  TEXT_INIT("Microsoft-Windows-TerminalServices-LocalSessionManager/Operational") },
	{ TEXT_INIT("RDS-RCM"),
	  TEXT_INIT("Microsoft-Windows-TerminalServices-RemoteConnectionManager/Operational") },
	{ TEXT_INIT("Sec"), TEXT_INIT("Security") },
	{ TEXT_INIT("SmbCliSec"), TEXT_INIT("Microsoft-Windows-SmbClient/Security") },
	{ TEXT_INIT("Sys"), TEXT_INIT("System") },
	{ TEXT_INIT("Sysmon"), TEXT_INIT("Microsoft-Windows-Sysmon/Operational") },
	{ TEXT_INIT("TaskSch"), TEXT_INIT("Microsoft-Windows-TaskScheduler/Operational") },
	{ TEXT_INIT("WinRM"), TEXT_INIT("Microsoft-Windows-WinRM/Operational") },
	{ TEXT_INIT("WMI"), TEXT_INIT("Microsoft-Windows-WMI-Activity/Operational") },
};

static struct text
long_channel(struct text channel)
{
	for (size_t i = 0; i < COUNT(short_names); i++)
		if (text_eq(channel, short_names[i].name))
			return short_names[i].channel;
	return channel;
}

static bool
hayabusa_matches(struct json_object *top)
{
	return json_has(top, "Channel") && json_has(top, "EventID") && json_has(top, "RecordID") &&
	       (json_has(top, "RuleTitle") || json_has(top, "Details") ||
		json_has(top, "AllFieldInfo"));
}

/* Fields as an object, or as text "Name: value ¦ Name: value". */
static void
add_info(struct json_run *run, struct json_object *info)
{
	if (json_is_object(info))
		for (struct json_member m = json_first(info); !text_absent(m.key); m = json_next(m))
			json_body(run, m.key, m.value, true);
	else
		add_pairs(run, json_text(info, run->keep), TEXT("¦"));
}

static enum json_outcome
read_hayabusa(struct json_run *run, struct json_object *top)
{
	static const char *const whole[] = { "AllFieldInfo", "RecordInformation" };
	static const char *const parts[] = { "Details", "ExtraFieldInfo" };
	struct text channel = long_channel(json_get_text(top, "Channel", run->keep));
	struct text time = json_get_text(top, "Timestamp", run->keep);
	uint32_t before = run->b->n_fields;

	json_fact(run, ROLE_EVENT_ID, json_get_text(top, "EventID", run->keep));
	json_fact(run, ROLE_RECORD_ID, json_get_text(top, "RecordID", run->keep));
	json_fact(run, ROLE_HOST, json_get_text(top, "Computer", run->keep));
	json_fact(run, ROLE_PROVIDER, json_get_text(top, "Provider", run->keep));
	json_fact(run, ROLE_CHANNEL, channel);
	for (size_t i = 0; i < COUNT(whole); i++)
		add_info(run, json_get(top, whole[i]));
	if (run->b->n_fields == before) {
		for (size_t i = 0; i < COUNT(parts); i++)
			add_info(run, json_get(top, parts[i]));
		run->ev->remark = TEXT("Hayabusa's own names of fields: export with the profile "
				       "all-field-info, or import the EVTX");
	}
	if (text_absent(time))
		time = json_get_text(top, "datetime", run->keep);
	json_set_time(run, time, false);
	return JSON_EVENT;
}

const struct json_form json_hayabusa = {
	.name = "Hayabusa",
	.matches = hayabusa_matches,
	.read = read_hayabusa,
};

/* Velociraptor's hunts with Sigma rules have the whole event beside the finding. */
static bool
velociraptor_finding_matches(struct json_object *top)
{
	return json_has(json_get(top, "_Event"), "System") ||
	       json_has(json_get(top, "Event"), "System");
}

static enum json_outcome
read_velociraptor_finding(struct json_run *run, struct json_object *top)
{
	struct json_object *event = json_get(top, "_Event");

	return run->record(run->self, event ? event : json_get(top, "Event")) ? JSON_NESTED
									       : JSON_STOP;
}

const struct json_form json_velociraptor_finding = {
	.name = "Velociraptor finding",
	.matches = velociraptor_finding_matches,
	.read = read_velociraptor_finding,
};
