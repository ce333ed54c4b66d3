/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "importers/provider_names.h"

static const struct provider_name providers[] = {
	{ TEXT_INIT("Microsoft Windows security auditing."),
	  TEXT_INIT("Microsoft-Windows-Security-Auditing"),
	  TEXT_INIT("{54849625-5478-4994-A5BA-3E3B0328C30D}") },
	{ { NULL, 0 }, TEXT_INIT("Microsoft-Windows-PowerShell"),
	  TEXT_INIT("{A0C1853B-5C40-4B15-8766-3CF1C58F985A}") },
	{ { NULL, 0 }, TEXT_INIT("PowerShellCore"),
	  TEXT_INIT("{F90714A8-5509-434A-BF6D-B1624C8A19A2}") },
	{ { NULL, 0 }, TEXT_INIT("PowerShell"), { NULL, 0 } },
	{ { NULL, 0 }, TEXT_INIT("Microsoft-Windows-Sysmon"),
	  TEXT_INIT("{5770385F-C22A-43E0-BF4C-06F5698FFBD9}") },
	{ { NULL, 0 }, TEXT_INIT("Microsoft-Windows-Eventlog"),
	  TEXT_INIT("{FC65DDD8-D6EF-4962-83D5-6E5CFE9CE148}") },
	{ { NULL, 0 }, TEXT_INIT("Microsoft-Windows-WMI-Activity"),
	  TEXT_INIT("{1418EF04-B0B4-4623-BF7E-D74AB47BBDAA}") },
	{ TEXT_INIT("Microsoft-Windows-Windows Remote Management"),
	  TEXT_INIT("Microsoft-Windows-WinRM"),
	  TEXT_INIT("{A7975C8F-AC13-49F1-87DA-5A984A4AB417}") },
	{ TEXT_INIT("Microsoft-Windows-Service Control Manager"),
	  TEXT_INIT("Service Control Manager"),
	  TEXT_INIT("{555908D1-A6D7-4695-8E1E-26931D2012F4}") },
	{ { NULL, 0 }, TEXT_INIT("Microsoft-Windows-TaskScheduler"),
	  TEXT_INIT("{DE7B24EA-73C8-4A09-985D-5BDADCFA9017}") },
	{ { NULL, 0 }, TEXT_INIT("Microsoft-Windows-TerminalServices-LocalSessionManager"),
	  TEXT_INIT("{5D896912-022D-40AA-A3A8-4FA5515C76D7}") },
	{ { NULL, 0 }, TEXT_INIT("Microsoft-Windows-DistributedCOM"),
	  TEXT_INIT("{1B562E86-B7AA-4131-BADC-B6F3A001407E}") },
	{ { NULL, 0 }, TEXT_INIT("Linux-Sysmon"),
	  TEXT_INIT("{FF032593-A8D3-4F13-B0D6-01FC615A0F97}") },
};

struct only_log {
	struct text provider, channel;
};

/* Source: the providers' manifests (wevtutil gp). */
static const struct only_log only_logs[] = {
	{ TEXT_INIT("Microsoft-Windows-Security-Auditing"), TEXT_INIT("Security") },
	{ TEXT_INIT("Microsoft-Windows-Sysmon"), TEXT_INIT("Microsoft-Windows-Sysmon/Operational") },
	{ TEXT_INIT("Microsoft-Windows-PowerShell"),
	  TEXT_INIT("Microsoft-Windows-PowerShell/Operational") },
	{ TEXT_INIT("PowerShellCore"), TEXT_INIT("PowerShellCore/Operational") },
	{ TEXT_INIT("PowerShell"), TEXT_INIT("Windows PowerShell") },
	{ TEXT_INIT("Microsoft-Windows-WinRM"), TEXT_INIT("Microsoft-Windows-WinRM/Operational") },
	{ TEXT_INIT("Microsoft-Windows-WMI-Activity"),
	  TEXT_INIT("Microsoft-Windows-WMI-Activity/Operational") },
	{ TEXT_INIT("Service Control Manager"), TEXT_INIT("System") },
};

/* Logs that one provider alone writes to, and events that no other writes there. */
static const struct {
	struct text channel;
	uint32_t    first, last; /* event ids */
	struct text provider;
} only_providers[] = {
	{ TEXT_INIT("Security"), 4608, 6424, TEXT_INIT("Microsoft-Windows-Security-Auditing") },
	{ TEXT_INIT("Security"), 1102, 1102, TEXT_INIT("Microsoft-Windows-Eventlog") },
	{ TEXT_INIT("System"), 104, 104, TEXT_INIT("Microsoft-Windows-Eventlog") },
	{ TEXT_INIT("System"), 7030, 7045, TEXT_INIT("Service Control Manager") },
	{ TEXT_INIT("Microsoft-Windows-Sysmon/Operational"), 1, 255,
	  TEXT_INIT("Microsoft-Windows-Sysmon") },
	{ TEXT_INIT("Microsoft-Windows-PowerShell/Operational"), 4100, 4106,
	  TEXT_INIT("Microsoft-Windows-PowerShell") },
	{ TEXT_INIT("Microsoft-Windows-TaskScheduler/Operational"), 100, 203,
	  TEXT_INIT("Microsoft-Windows-TaskScheduler") },
	{ TEXT_INIT("Microsoft-Windows-TerminalServices-RDPClient/Operational"), 1024, 1029,
	  TEXT_INIT("Microsoft-Windows-TerminalServices-ClientActiveXCore") },
};

struct numbered {
	struct text name, number;
};

const struct provider_name *
provider_find(struct text source)
{
	for (size_t i = 0; i < sizeof(providers) / sizeof(*providers); i++)
		if (text_ieq(source, providers[i].name) ||
		    (providers[i].display.n > 0 && text_ieq(source, providers[i].display)))
			return &providers[i];
	return NULL;
}

struct text
only_log_of(struct text provider)
{
	for (size_t i = 0; i < sizeof(only_logs) / sizeof(*only_logs); i++)
		if (text_ieq(provider, only_logs[i].provider))
			return only_logs[i].channel;
	return TEXT_NONE;
}

struct text
only_provider_of(struct text channel, uint64_t event_id)
{
	for (size_t i = 0; i < sizeof(only_providers) / sizeof(*only_providers); i++)
		if (event_id >= only_providers[i].first && event_id <= only_providers[i].last &&
		    text_ieq(channel, only_providers[i].channel))
			return only_providers[i].provider;
	return TEXT_NONE;
}

static struct text
number_of(const struct numbered *table, size_t n, struct text name)
{
	for (size_t i = 0; i < n; i++)
		if (text_ieq(table[i].name, name))
			return table[i].number;
	return TEXT_NONE;
}

struct text
level_number(struct text name)
{
	static const struct numbered table[] = {
		{ TEXT_INIT("Critical"), TEXT_INIT("1") },
		{ TEXT_INIT("Error"), TEXT_INIT("2") },
		{ TEXT_INIT("Warning"), TEXT_INIT("3") },
		{ TEXT_INIT("Information"), TEXT_INIT("4") },
		{ TEXT_INIT("Verbose"), TEXT_INIT("5") },
		{ TEXT_INIT("Success Audit"), TEXT_INIT("0") },
		{ TEXT_INIT("Failure Audit"), TEXT_INIT("0") },
		{ TEXT_INIT("Audit Success"), TEXT_INIT("0") },
		{ TEXT_INIT("Audit Failure"), TEXT_INIT("0") },
		{ TEXT_INIT("LogAlways"), TEXT_INIT("0") },
		{ TEXT_INIT("Kritisch"), TEXT_INIT("1") },
		{ TEXT_INIT("Critique"), TEXT_INIT("1") },
		{ TEXT_INIT("Crítico"), TEXT_INIT("1") },
		{ TEXT_INIT("Fehler"), TEXT_INIT("2") },
		{ TEXT_INIT("Erreur"), TEXT_INIT("2") },
		{ TEXT_INIT("Warnung"), TEXT_INIT("3") },
		{ TEXT_INIT("Avertissement"), TEXT_INIT("3") },
		{ TEXT_INIT("Advertencia"), TEXT_INIT("3") },
		{ TEXT_INIT("Informationen"), TEXT_INIT("4") },
		{ TEXT_INIT("Informations"), TEXT_INIT("4") },
		{ TEXT_INIT("Información"), TEXT_INIT("4") },
		{ TEXT_INIT("Ausführlich"), TEXT_INIT("5") },
		{ TEXT_INIT("Überwachung erfolgreich"), TEXT_INIT("0") },
		{ TEXT_INIT("Überwachung gescheitert"), TEXT_INIT("0") },
	};

	return number_of(table, sizeof(table) / sizeof(*table), name);
}

struct text
opcode_number(struct text name)
{
	/* winmeta.xml; "On create calls" and "Open" are PowerShell's own. */
	static const struct numbered table[] = {
		{ TEXT_INIT("Info"), TEXT_INIT("0") },
		{ TEXT_INIT("Start"), TEXT_INIT("1") },
		{ TEXT_INIT("Stop"), TEXT_INIT("2") },
		{ TEXT_INIT("On create calls"), TEXT_INIT("15") },
		{ TEXT_INIT("To be used when operation is just executing a method"),
		  TEXT_INIT("20") },
	};

	return number_of(table, sizeof(table) / sizeof(*table), name);
}
