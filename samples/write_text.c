/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sample events as classic WinEventLog text. */
#include "config.h"

#include "samples/sample.h"

#include <string.h>

#include "base/when.h"

static const char *
value_of(const struct sample_event *ev, const char *name)
{
	for (uint32_t i = 0; i < ev->n_data; i++)
		if (strcmp(ev->data[i].name, name) == 0)
			return ev->data[i].value;
	return "";
}

static void
script_block_message(FILE *f, const struct sample_event *ev)
{
	fprintf(f, "Creating Scriptblock text (%s of %s):\n%s\n\nScriptBlock ID: %s\nPath: %s\n",
		value_of(ev, "MessageNumber"), value_of(ev, "MessageTotal"),
		value_of(ev, "ScriptBlockText"), value_of(ev, "ScriptBlockId"), value_of(ev, "Path"));
}

/* Sysmon's own message: a title, then "Name: value" lines. */
static void
listed_message(FILE *f, const struct sample_event *ev, const char *title)
{
	fprintf(f, "%s\n", title);
	for (uint32_t i = 0; i < ev->n_data; i++)
		fprintf(f, "%s: %s\n", ev->data[i].name, ev->data[i].value);
}

static void
process_message(FILE *f, const struct sample_event *ev)
{
	fprintf(f, "A new process has been created.\n\nCreator Subject:\n"
		   "\tSecurity ID:\t\t%s\n\tAccount Name:\t\t%s\n\tAccount Domain:\t\t%s\n"
		   "\tLogon ID:\t\t%s\n\nTarget Subject:\n\tSecurity ID:\t\t%s\n"
		   "\tAccount Name:\t\t%s\n\tAccount Domain:\t\t%s\n\tLogon ID:\t\t%s\n\n",
		value_of(ev, "SubjectUserSid"), value_of(ev, "SubjectUserName"),
		value_of(ev, "SubjectDomainName"), value_of(ev, "SubjectLogonId"),
		value_of(ev, "TargetUserSid"), value_of(ev, "TargetUserName"),
		value_of(ev, "TargetDomainName"), value_of(ev, "TargetLogonId"));
	fprintf(f, "Process Information:\n\tNew Process ID:\t\t%s\n\tNew Process Name:\t%s\n"
		   "\tToken Elevation Type:\t%s\n\tMandatory Label:\t%s\n\tCreator Process ID:\t%s\n"
		   "\tCreator Process Name:\t%s\n\tProcess Command Line:\t%s\n",
		value_of(ev, "NewProcessId"), value_of(ev, "NewProcessName"),
		value_of(ev, "TokenElevationType"), value_of(ev, "MandatoryLabel"),
		value_of(ev, "ProcessId"), value_of(ev, "ParentProcessName"),
		value_of(ev, "CommandLine"));
}

void
sample_write_message(FILE *f, const struct sample_event *ev)
{
	if (ev->event_id == 4104)
		script_block_message(f, ev);
	else if (ev->event_id == 4688)
		process_message(f, ev);
	else
		listed_message(f, ev, ev->event_id == 1 ? "Process Create:" : "Details:");
}

void
sample_write_text(FILE *f, const struct sample_event *ev)
{
	const struct sample_channel *c = &sample_channels[ev->log];
	struct when_fields           t = when_split(ev->time_ns);
	static const char *const     levels[] = { "Information", "Critical", "Error", "Warning",
						  "Information", "Verbose" };
	bool security = ev->log == LOG_SECURITY;

	fprintf(f, "%02d/%02d/%04d %02d:%02d:%02d %s\nLogName=%s\nSourceName=%s\nEventCode=%u\n"
		   "EventType=%u\nType=%s\nComputerName=%s\n",
		t.month, t.day, t.year, t.hour % 12 ? t.hour % 12 : 12, t.minute, t.second,
		t.hour < 12 ? "AM" : "PM", c->channel,
		security ? "Microsoft Windows security auditing." : c->provider,
		(unsigned)ev->event_id, security ? 0u : ev->level, levels[security ? 0 : ev->level % 6],
		ev->host);
	if (ev->user_sid)
		fprintf(f, "User=NOT_TRANSLATED\nSid=%s\nSidType=0\n", ev->user_sid);
	fprintf(f, "TaskCategory=%s\nOpCode=%s\nRecordNumber=%llu\nKeywords=%s\n",
		ev->event_id == 4104   ? "Execute a Remote Command"
		: ev->event_id == 4688 ? "Process Creation"
				       : "None",
		ev->event_id == 4104 ? "On create calls" : "Info", (unsigned long long)ev->record_id,
		security ? "Audit Success" : "None");
	fputs("Message=", f);
	sample_write_message(f, ev);
}
