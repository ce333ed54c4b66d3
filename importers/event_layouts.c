/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "importers/event_layouts.h"

#define N(name) TEXT_INIT(name)

static const struct text script_block[] = {
	N("MessageNumber"), N("MessageTotal"), N("ScriptBlockText"), N("ScriptBlockId"), N("Path"),
};

static const struct text script_context[] = { N("ContextInfo"), N("UserData"), N("Payload") };

/* 4688: versions 0, 1 and 2 are the first 8, 9 and 15. */
static const struct text process_created[] = {
	N("SubjectUserSid"), N("SubjectUserName"), N("SubjectDomainName"), N("SubjectLogonId"),
	N("NewProcessId"), N("NewProcessName"), N("TokenElevationType"), N("ProcessId"),
	N("CommandLine"), N("TargetUserSid"), N("TargetUserName"), N("TargetDomainName"),
	N("TargetLogonId"), N("ParentProcessName"), N("MandatoryLabel"),
};

/* Sysmon 1, from Sysmon 10 on; ParentUser came with 13.30. */
static const struct text sysmon_process[] = {
	N("RuleName"), N("UtcTime"), N("ProcessGuid"), N("ProcessId"), N("Image"),
	N("FileVersion"), N("Description"), N("Product"), N("Company"), N("OriginalFileName"),
	N("CommandLine"), N("CurrentDirectory"), N("User"), N("LogonGuid"), N("LogonId"),
	N("TerminalSessionId"), N("IntegrityLevel"), N("Hashes"), N("ParentProcessGuid"),
	N("ParentProcessId"), N("ParentImage"), N("ParentCommandLine"), N("ParentUser"),
};

static const struct layout {
	struct text        provider, event_id;
	size_t             n;
	const struct text *names;
} layouts[] = {
	{ N("Microsoft-Windows-PowerShell"), N("4104"), 5, script_block },
	{ N("PowerShellCore"), N("4104"), 5, script_block },
	{ N("Microsoft-Windows-PowerShell"), N("4103"), 3, script_context },
	{ N("PowerShellCore"), N("4103"), 3, script_context },
	{ N("Microsoft-Windows-Security-Auditing"), N("4688"), 8, process_created },
	{ N("Microsoft-Windows-Security-Auditing"), N("4688"), 9, process_created },
	{ N("Microsoft-Windows-Security-Auditing"), N("4688"), 15, process_created },
	{ N("Microsoft-Windows-Sysmon"), N("1"), 22, sysmon_process },
	{ N("Microsoft-Windows-Sysmon"), N("1"), 23, sysmon_process },
};

const struct text *
event_layout(struct text provider, struct text event_id, size_t n)
{
	for (size_t i = 0; i < sizeof(layouts) / sizeof(*layouts); i++)
		if (layouts[i].n == n && text_eq(layouts[i].event_id, event_id) &&
		    text_ieq(layouts[i].provider, provider))
			return layouts[i].names;
	return NULL;
}
