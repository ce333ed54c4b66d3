/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The everyday events of a Windows host: what a finding has to be found among. */
#include "config.h"

#include "samples/sample.h"

#include "base/when.h"

#define COUNT(list) ((uint32_t)(sizeof(list) / sizeof((list)[0])))

static const char *const images[] = {
	"C:\\Windows\\System32\\svchost.exe",
	"C:\\Windows\\System32\\taskhostw.exe",
	"C:\\Windows\\System32\\conhost.exe",
	"C:\\Windows\\System32\\SearchProtocolHost.exe",
	"C:\\Program Files\\Microsoft Office\\root\\Office16\\OUTLOOK.EXE",
	"C:\\Program Files\\Larch Ledger\\ledger.exe",
	"C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe",
	"C:\\Windows\\System32\\wbem\\WmiPrvSE.exe",
	"C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe",
	"C:\\Windows\\System32\\cmd.exe",
};
static const char *const arguments[] = {
	"-k netsvcs -p -s Schedule", "-Embedding", "0xffffffff -ForceV1", "/sync /quiet",
	"--type=utility --lang=en-GB", "-NoProfile -File C:\\Ops\\health.ps1", "/c whoami", "",
	"-k LocalService -s W32Time", "--report daily",
};
static const char *const parents[] = {
	"C:\\Windows\\System32\\services.exe", "C:\\Windows\\explorer.exe",
	"C:\\Windows\\System32\\svchost.exe", "C:\\Windows\\System32\\cmd.exe",
};
static const char *const scripts[] = {
	"prompt",
	"Get-Service | Where-Object { $_.Status -eq 'Running' } | Select-Object Name, StartType",
	"$free = Get-PSDrive -PSProvider FileSystem | Measure-Object Free -Sum\n"
	"if ($free.Sum -lt 10GB) { Write-EventLog -LogName Application -Source Ops -EventId 31 "
	"-Message 'disk is filling up' }",
	"Get-ChildItem C:\\Ops\\Logs -Filter *.log | Where-Object LastWriteTime -lt "
	"(Get-Date).AddDays(-14) | Remove-Item",
	"Import-Module ActiveDirectory\nGet-ADUser -Filter 'Enabled -eq $true' -Properties "
	"LastLogonDate | Sort-Object LastLogonDate | Select-Object -First 20",
	"Test-NetConnection -ComputerName lw-srv-file.larchwood.example -Port 445",
	"{ Set-StrictMode -Version 1; $_.PSMessageDetails }",
	"$cert = Get-ChildItem Cert:\\LocalMachine\\My | Where-Object NotAfter -lt "
	"(Get-Date).AddDays(30)\n$cert | Format-List Subject, NotAfter",
};
static const char *const services[] = {
	"Windows Update", "Background Intelligent Transfer Service", "Print Spooler",
	"Windows Time", "Software Protection", "Windows Modules Installer",
};
static const char *const remote_hosts[] = {
	"10.20.0.10", "10.20.0.21", "10.20.4.17", "52.96.165.18", "20.190.160.14",
};

static const char *
hex(struct arena *keep, uint64_t v)
{
	return arena_printf(keep, "0x%llx", (unsigned long long)v).p;
}

static const char *
decimal(struct arena *keep, uint64_t v)
{
	return arena_printf(keep, "%llu", (unsigned long long)v).p;
}

static const char *
guid(struct arena *keep, struct sample_rng *r)
{
	uint64_t a = sample_random(r), b = sample_random(r);

	return arena_printf(keep, "%08x-%04x-4%03x-%04x-%012llx", (unsigned)(a >> 32),
			    (unsigned)(a >> 16) & 0xffff, (unsigned)a & 0xfff,
			    0x8000u | ((unsigned)(b >> 48) & 0x3fff),
			    (unsigned long long)(b & UINT64_C(0xffffffffffff)))
	    .p;
}

static const char *
start_time(struct arena *keep, int64_t ns)
{
	struct when_fields f = when_split(ns);

	return arena_printf(keep, "%04d-%02d-%02d %02d:%02d:%02d.%03d", f.year, f.month, f.day, f.hour,
			    f.minute, f.second, f.ns / 1000000)
	    .p;
}

static void
logon(struct sample_life *life, struct sample_event *ev, struct arena *keep)
{
	bool network = sample_below(&life->rng, 3) != 0;

	ev->log = LOG_SECURITY;
	ev->event_id = 4624;
	ev->version = 2;
	ev->task = 12544;
	ev->keywords = UINT64_C(0x8020000000000000);
	sample_data(ev, "SubjectUserSid", "S-1-5-18");
	sample_data(ev, "SubjectUserName", "-");
	sample_data(ev, "SubjectDomainName", "-");
	sample_data(ev, "SubjectLogonId", "0x3e7");
	sample_data(ev, "TargetUserSid", life->user_sid);
	sample_data(ev, "TargetUserName", life->user);
	sample_data(ev, "TargetDomainName", life->domain);
	sample_data(ev, "TargetLogonId", hex(keep, sample_random(&life->rng) & 0xffffff));
	sample_data(ev, "LogonType", network ? "3" : "5");
	sample_data(ev, "LogonProcessName", network ? "Kerberos" : "Advapi  ");
	sample_data(ev, "AuthenticationPackageName", network ? "Kerberos" : "Negotiate");
	sample_data(ev, "WorkstationName", "-");
	sample_data(ev, "ProcessId", "0x2dc");
	sample_data(ev, "ProcessName", "C:\\Windows\\System32\\lsass.exe");
	sample_data(ev, "IpAddress",
		    network ? sample_pick(&life->rng, remote_hosts, 3) : "-");
	sample_data(ev, "IpPort",
		    network ? decimal(keep, 49152 + sample_below(&life->rng, 16000)) : "-");
}

static void
security_process(struct sample_life *life, struct sample_event *ev, struct arena *keep)
{
	const char *image = sample_pick(&life->rng, images, COUNT(images));

	ev->log = LOG_SECURITY;
	ev->event_id = 4688;
	ev->version = 2;
	ev->task = 13312;
	ev->keywords = UINT64_C(0x8020000000000000);
	sample_data(ev, "SubjectUserSid", "S-1-5-18");
	sample_data(ev, "SubjectUserName", life->user);
	sample_data(ev, "SubjectDomainName", life->domain);
	sample_data(ev, "SubjectLogonId", "0x3e7");
	sample_data(ev, "NewProcessId", hex(keep, life->next_pid += 4));
	sample_data(ev, "NewProcessName", image);
	sample_data(ev, "TokenElevationType", "%%1936");
	sample_data(ev, "ProcessId", hex(keep, 700 + 4 * sample_below(&life->rng, 900)));
	sample_data(ev, "CommandLine",
		    arena_printf(keep, "\"%s\" %s", image,
				 sample_pick(&life->rng, arguments, COUNT(arguments)))
			.p);
	sample_data(ev, "TargetUserSid", "S-1-0-0");
	sample_data(ev, "TargetUserName", "-");
	sample_data(ev, "TargetDomainName", "-");
	sample_data(ev, "TargetLogonId", "0x0");
	sample_data(ev, "ParentProcessName", sample_pick(&life->rng, parents, COUNT(parents)));
	sample_data(ev, "MandatoryLabel", "S-1-16-16384");
}

static void
sysmon_process(struct sample_life *life, struct sample_event *ev, struct arena *keep)
{
	const char *image = sample_pick(&life->rng, images, COUNT(images));

	ev->log = LOG_SYSMON;
	ev->event_id = 1;
	ev->version = 5;
	ev->task = 1;
	ev->keywords = UINT64_C(0x8000000000000000);
	ev->user_sid = "S-1-5-18";
	sample_data(ev, "RuleName", "-");
	sample_data(ev, "UtcTime", start_time(keep, ev->time_ns));
	sample_data(ev, "ProcessGuid", arena_printf(keep, "{%s}", guid(keep, &life->rng)).p);
	sample_data(ev, "ProcessId", decimal(keep, life->next_pid += 4));
	sample_data(ev, "Image", image);
	sample_data(ev, "OriginalFileName", text_last_part(text_of(image)).p);
	sample_data(ev, "CommandLine",
		    arena_printf(keep, "\"%s\" %s", image,
				 sample_pick(&life->rng, arguments, COUNT(arguments)))
			.p);
	sample_data(ev, "CurrentDirectory", "C:\\Windows\\system32\\");
	sample_data(ev, "User", arena_printf(keep, "%s\\%s", life->domain, life->user).p);
	sample_data(ev, "LogonId", "0x3e7");
	sample_data(ev, "IntegrityLevel", "Medium");
	sample_data(ev, "Hashes",
		    arena_printf(keep, "SHA256=%016llX%016llX%016llX%016llX",
				 (unsigned long long)text_hash(text_of(image), 1),
				 (unsigned long long)text_hash(text_of(image), 2),
				 (unsigned long long)text_hash(text_of(image), 3),
				 (unsigned long long)text_hash(text_of(image), 4))
			.p);
	sample_data(ev, "ParentProcessGuid", arena_printf(keep, "{%s}", guid(keep, &life->rng)).p);
	sample_data(ev, "ParentProcessId", decimal(keep, 700 + 4 * sample_below(&life->rng, 900)));
	sample_data(ev, "ParentImage", sample_pick(&life->rng, parents, COUNT(parents)));
	sample_data(ev, "ParentCommandLine", "");
}

static void
sysmon_network(struct sample_life *life, struct sample_event *ev, struct arena *keep)
{
	ev->log = LOG_SYSMON;
	ev->event_id = 3;
	ev->version = 5;
	ev->task = 3;
	ev->keywords = UINT64_C(0x8000000000000000);
	ev->user_sid = "S-1-5-18";
	sample_data(ev, "RuleName", "-");
	sample_data(ev, "UtcTime", start_time(keep, ev->time_ns));
	sample_data(ev, "ProcessGuid", arena_printf(keep, "{%s}", guid(keep, &life->rng)).p);
	sample_data(ev, "ProcessId", decimal(keep, life->next_pid));
	sample_data(ev, "Image", sample_pick(&life->rng, images, COUNT(images)));
	sample_data(ev, "User", arena_printf(keep, "%s\\%s", life->domain, life->user).p);
	sample_data(ev, "Protocol", "tcp");
	sample_data(ev, "Initiated", "true");
	sample_data(ev, "SourceIp", life->address);
	sample_data(ev, "SourcePort", decimal(keep, 49152 + sample_below(&life->rng, 16000)));
	sample_data(ev, "DestinationIp", sample_pick(&life->rng, remote_hosts, COUNT(remote_hosts)));
	sample_data(ev, "DestinationPort", sample_below(&life->rng, 2) ? "443" : "445");
}

static void
script_block(struct sample_life *life, struct sample_event *ev, struct arena *keep)
{
	ev->log = LOG_POWERSHELL;
	ev->event_id = 4104;
	ev->version = 1;
	ev->level = 5;
	ev->task = 2;
	ev->opcode = 15;
	ev->pid = 4000 + 4 * sample_below(&life->rng, 500);
	ev->user_sid = life->user_sid;
	sample_data(ev, "MessageNumber", "1");
	sample_data(ev, "MessageTotal", "1");
	sample_data(ev, "ScriptBlockText", sample_pick(&life->rng, scripts, COUNT(scripts)));
	sample_data(ev, "ScriptBlockId", guid(keep, &life->rng));
	sample_data(ev, "Path", "");
}

static void
service_state(struct sample_life *life, struct sample_event *ev, struct arena *keep)
{
	(void)keep;
	ev->log = LOG_SYSTEM;
	ev->event_id = 7036;
	ev->keywords = UINT64_C(0x8080000000000000);
	sample_data(ev, "param1", sample_pick(&life->rng, services, COUNT(services)));
	sample_data(ev, "param2", sample_below(&life->rng, 2) ? "running" : "stopped");
}

void
sample_next(struct sample_life *life, struct sample_event *ev, struct arena *keep)
{
	uint32_t dice = sample_below(&life->rng, 100);
	uint32_t wait = sample_below(&life->rng, 2000);

	life->now_ns += life->mean_gap_ns / 1000 * wait + 100 * (int64_t)sample_below(&life->rng, 9999);
	*ev = (struct sample_event){
		.time_ns = life->now_ns, .host = life->host, .level = 4, .pid = 4, .tid = 1000 + dice,
	};
	if (dice < 20)
		logon(life, ev, keep);
	else if (dice < 40)
		security_process(life, ev, keep);
	else if (dice < 55)
		sysmon_process(life, ev, keep);
	else if (dice < 65)
		sysmon_network(life, ev, keep);
	else if (dice < 90)
		script_block(life, ev, keep);
	else
		service_state(life, ev, keep);
	ev->record_id = ++life->record_id[ev->log];
}
