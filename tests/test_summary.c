/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a list shows of an event: a title and who or what, in one line. */
#include "config.h"

#include <stdio.h>

#include "base/names.h"
#include "base/visible.h"
#include "base/wording.h"
#include "tests/made.h"
#include "tests/tap.h"

struct shown {
	const char *channel, *provider;
	uint32_t    event_id;
	const char *fields, *summary;
};

static void
common_events_say_who_and_what(struct arena keep)
{
	static const struct shown all[] = {
		{ "Security", "", 4720,
		  "TargetUserName=ann\nTargetDomainName=CORP\nSubjectUserName=root\n"
		  "SubjectDomainName=CORP",
		  "User account created: CORP\\ann by CORP\\root" },
		{ "Security", "", 4732,
		  "MemberName=-\nMemberSid=S-1-5-21-1-2-3-500\nTargetUserName=Administrators\n"
		  "TargetDomainName=Builtin\nSubjectUserName=root\nSubjectDomainName=-",
		  "Added to Administrators: S-1-5-21-1-2-3-500 (built-in Administrator) by root" },
		{ "Security", "", 4732,
		  "MemberName=-\nMemberSid=S-1-5-21-1-2-3-1104\nMemberSid_decoded=CORP\\ann\n"
		  "TargetUserName=Administrators\nTargetDomainName=Builtin\nSubjectUserName=root",
		  "Added to Administrators: CORP\\ann by root" },
		{ "Security", "", 4624,
		  "LogonType=3\nTargetUserName=ann\nTargetDomainName=CORP\nIpAddress=10.0.0.7\n"
		  "WorkstationName=-",
		  "Logon type 3 CORP\\ann from 10.0.0.7" },
		{ "Security", "", 4688, "NewProcessName=C:\\a\\b.exe\nCommandLine=b.exe /x\n"
		  "ParentProcessName=C:\\c\\d.exe",
		  "b.exe /x < d.exe" },
		{ "Security", "", 5157,
		  "Application=\\device\\harddiskvolume1\\a\\b.exe\nDirection=%%14593\n"
		  "SourceAddress=10.0.0.7\nSourcePort=1\nDestAddress=10.0.0.8\nDestPort=2",
		  "Connection blocked: b.exe %%14593 (outbound) 10.0.0.7:1 > 10.0.0.8:2" },
		{ "System", "Service Control Manager", 7036, "param1=Spooler\nparam2=running",
		  "Service Spooler is now running" },
		{ SYSMON_LOG, "", 13, "Image=C:\\w\\reg.exe\nTargetObject=HKLM\\Run\\a\nDetails=x.exe",
		  "Set HKLM\\Run\\a = x.exe by reg.exe" },
		{ "Windows PowerShell", "", 400,
		  "Data=Available\nData=None\nData= HostApplication=powershell.exe -w hidden",
		  "Engine started: powershell.exe -w hidden" },
		{ "Microsoft-Windows-TerminalServices-LocalSessionManager/Operational",
		  "Microsoft-Windows-TerminalServices-LocalSessionManager", 21,
		  "User=CORP\\ann\nSessionID=2\nAddress=10.0.0.7",
		  "Session logon: CORP\\ann from 10.0.0.7, session 2" },
		{ NULL, NULL, 0, NULL, NULL },
	};

	for (const struct shown *s = all; s->channel; s++) {
		struct text   fields = arena_printf(&keep, "--\n%s", s->fields);
		struct event *ev =
		    made_event(&keep, s->channel, s->event_id, "h", arena_cstr(&keep, fields));

		ev->provider = text_of(s->provider);
		is(event_summary(ev, &keep), text_of(s->summary), s->summary);
	}
}

static void
events_without_the_fields_show_what_they_have(struct arena keep)
{
	struct event *ev = made_event(&keep, "Security", 4720, "h", "--\nOther=x");

	is(event_summary(ev, &keep), TEXT("User account created: Other=x"),
	   "the title and the fields");
	ev->message = TEXT("Ein Benutzerkonto\nwurde erstellt.");
	is(event_summary(ev, &keep), TEXT("User account created: Ein Benutzerkonto wurde erstellt."),
	   "or the message of the source");
	ev = made_event(&keep, "Setup", 9, "h", "--\nOne=1\nEmpty=\nTwo=2");
	is(event_summary(ev, &keep), TEXT("One=1 Two=2"), "unknown events: their fields");
	ev = made_event(&keep, "Setup", 9, "h", "--\nData=VMware Tools\nData=12.1\nOne=1");
	is(event_summary(ev, &keep), TEXT("VMware Tools, 12.1 One=1"),
	   "what has no name stands alone");
	ev = made_event(&keep, "Setup", 9, "h", "--");
	ev->provider = TEXT("Microsoft-Windows-Servicing");
	is(event_summary(ev, &keep), TEXT("Servicing"), "without fields: the provider");
}

static void
ids_of_shared_logs_are_told_apart_by_provider(struct arena keep)
{
	struct event *ev = made_event(&keep, "System", 7001, "h", "--\nparam1=a\nUserSid=S-1-5-18");

	ev->provider = TEXT("Service Control Manager");
	is(event_title(ev), TEXT("Service depends on one that failed"), "of services");
	ev->provider = TEXT("microsoft-windows-winlogon");
	is(event_title(ev), TEXT("User logged on: Winlogon notified"), "of Winlogon");
	ev->provider = TEXT("Other");
	ok(text_absent(event_title(ev)), "of nobody that is known");
	is(event_summary(ev, &keep), TEXT("Other: param1=a UserSid=S-1-5-18"), "so it is named");
}

static void
hostile_values_stay_in_one_line_of_whole_letters(struct arena keep)
{
	static const struct field places[] = {
		{ TEXT_INIT("ServiceName"), TEXT_INIT("{ServiceName}[{ImagePath}]\r\n\t evil"), 0 },
		{ TEXT_INIT("ImagePath"), TEXT_INIT("a\n\n b"), 0 },
	};
	struct event *ev = made_event(&keep, "System", 7045, "h", "--");
	char         *script = arena_new(&keep, char, 3000);
	struct text   line;

	ev->fields = arena_new(&keep, struct field, 2);
	for (size_t i = 0; i < 2; i++)
		ev->fields[i] = (struct field){ places[i].name, places[i].value,
						text_key(places[i].name) };
	ev->n_fields = 2;
	ev->n_system = 0;
	is(event_summary(ev, &keep), TEXT("Service installed: {ServiceName}[{ImagePath}] evil: a b"),
	   "braces of a value are no places, line ends are blanks");

	ev = made_event(&keep, POWERSHELL_LOG, 4104, "h", "--\nScriptBlockText=x");
	for (size_t pad = 0; pad < 4; pad++) {
		memset(script, 'a', pad);
		for (size_t i = 0; i < 700; i++)
			memcpy(script + pad + 4 * i, "\xF0\x9F\x98\x80", 4);
		ev->fields[ev->n_fields - 1].value = (struct text){ script, pad + 2800 };
		line = event_summary(ev, &keep);
		ok(line.n > 390 && line.n <= 400 && utf8_valid(line), "a long text is cut");
	}
}

static void
every_line_of_the_table_is_found(void)
{
	static const struct wording all[] = {
#define FROM(where, id, from, called, shown, said)                                                 \
	{ .scope = SCOPE_##where, .event_id = (id), .provider = TEXT_INIT(from),                   \
	  .title = TEXT_INIT(called) },
#define SAID(where, id, called, shown, said) FROM(where, id, "", called, shown, said)
#define EVENT(where, id, called, shown)      FROM(where, id, "", called, shown, "")
#define TITLE(where, id, called)             FROM(where, id, "", called, "", "")
#include "base/event_words.def"
	};
	size_t n = sizeof(all) / sizeof(all[0]), found = 0;

	for (size_t i = 0; i < n; i++) {
		struct event          ev = { .scope = all[i].scope,
					     .event_id = all[i].event_id,
					     .provider = all[i].provider };
		const struct wording *w = wording_find(&ev);

		if (w && text_eq(w->title, all[i].title))
			found++;
		else
			printf("# scope %d, id %u is not found\n", (int)all[i].scope,
			       all[i].event_id);
	}
	ok(found == n, "the table is sorted and has every event once");
}

int
main(void)
{
	struct arena keep = arena_open((size_t)16 << 20);

	common_events_say_who_and_what(keep);
	events_without_the_fields_show_what_they_have(keep);
	ids_of_shared_logs_are_told_apart_by_provider(keep);
	hostile_values_stay_in_one_line_of_whole_letters(keep);
	every_line_of_the_table_is_found();
	arena_close(&keep);
	return done_testing();
}
