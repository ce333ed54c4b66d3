/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is said of an event: messages, titles, meanings of codes. */
#include "config.h"

#include "base/meaning.h"
#include "base/names.h"
#include "tests/made.h"
#include "tests/tap.h"

static void
messages_are_built_as_windows_words_them(struct arena keep)
{
	bool                built;
	const struct event *engine =
	    made_event(&keep, "Windows PowerShell", 400, "h",
		       "Name=PowerShell\n--\nData=Available\nData=None\nData=HostName=ConsoleHost");
	const struct event *module = made_event(&keep, POWERSHELL_LOG, 4103, "h",
						"--\nContextInfo=C\nUserData=U\nPayload=P");
	const struct event *other =
	    made_event(&keep, "Setup", 7, "h", "Name=Prov\n--\nA=1\nEmpty=\nB=2");
	struct event rendered = *other;

	is(event_message(engine, &keep, &built),
	   TEXT(
	       "Engine state is changed from None to Available.\n\nDetails:\nHostName=ConsoleHost"),
	   "400");
	is(event_message(module, &keep, &built), TEXT("P\n\nContext:\nC\n\nUser Data:\nU"), "4103");
	is(event_message(other, &keep, &built), TEXT("Prov 7\nA=1\nB=2"), "any other event");
	ok(built, "it says that it was built");
	rendered.message = TEXT("As the source had it.");
	is(event_message(&rendered, &keep, &built), TEXT("As the source had it."),
	   "the source's own");
	ok(!built, "it says that it was not built");
	is(made_values(&keep, engine, "param1"), TEXT("Available"),
	   "param1 is the first unnamed Data");
	is(made_values(&keep, engine, "Data"), TEXT("Available|None|HostName=ConsoleHost"),
	   "Data has all");
}

static void
titles_are_short_and_known(struct arena keep)
{
	is(event_title(made_event(&keep, SYSMON_LOG, 1, "h", "")), TEXT("Process Create"),
	   "Sysmon 1");
	is(event_title(made_event(&keep, "Security", 4688, "h", "")), TEXT("Process created"),
	   "4688");
	is(event_title(made_event(&keep, "System", 7045, "h", "")), TEXT("Service installed"),
	   "7045");
	is(event_title(made_event(&keep, "Windows PowerShell", 400, "h", "")),
	   TEXT("Engine started"), "400");
	ok(text_absent(event_title(made_event(&keep, "Security", 9999, "h", ""))),
	   "unknown ids have none");
	ok(text_absent(event_title(made_event(&keep, "Setup", 1, "h", ""))),
	   "nor have unknown logs");
}

static void
events_without_a_message_say_what_happened(struct arena keep)
{
	bool built;

	is(event_message(made_event(&keep, "Microsoft-Windows-WMI-Activity/Operational", 5858, "h",
				    "--\nClientMachine=WS1\nUser=EX\\eve\nClientProcessId=77\n"
				    "Operation=Start IWbemServices::ExecMethod\n"
				    "ResultCode=0x80041032"),
			 &keep, &built),
	   TEXT("An operation of EX\\eve on WS1 (77) failed: 0x80041032 (call cancelled, mostly "
		"harmless)\nStart IWbemServices::ExecMethod, cause: -\nClientMachine=WS1\n"
		"User=EX\\eve\nClientProcessId=77\nOperation=Start IWbemServices::ExecMethod\n"
		"ResultCode=0x80041032"),
	   "in a sentence or two, then field by field");
	ok(built, "and are known to be built");
	is(event_message(made_event(&keep, "Microsoft-Windows-WinRM/Operational", 91, "h",
				    "--\nresourceUri=u\nshellId=s"),
			 &keep, &built),
	   TEXT("A shell for u was created on this computer: s\nresourceUri=u\nshellId=s"),
	   "WinRM 91");
	is(text_head(event_message(made_event(&keep, "Security", 4624, "h",
					      "--\nTargetUserName=eve\nTargetDomainName=EX\n"
					      "LogonType=3\nIpAddress=-"),
				   &keep, &built),
		     35),
	   TEXT("EX\\eve logged on, type 3 (network),"), "codes with what they mean");
	ok(text_find(event_message(made_event(&keep, "Security", 4688, "h",
					      "--\nTokenElevationType=%%1938"),
				   &keep, &built),
		     TEXT("token %%1938 (limited token)\n")) != TEXT_NOWHERE,
	   "those of the message table, too");
}

struct code {
	const char *channel, *name, *value, *meaning;
};

static void
codes_have_a_meaning_beside_them(struct arena keep)
{
	static const struct code codes[] = {
		{ "Security", "TokenElevationType", "%%1937", "full token, elevated" },
		{ "Security", "AccessList", "%%4416\n\t\t\t\t%%4417\n\t%%99999",
		  "read data, write data" },
		{ "Security", "FailureReason", "%%2313", "unknown user or wrong password" },
		{ "Security", "LogonType", "10", "remote interactive" },
		{ "Security", "SubStatus", "0xC000006A", "wrong password" },
		{ "Security", "SubjectUserSid", "S-1-5-18", "SYSTEM" },
		{ "Security", "TargetUserSid", "S-1-5-21-1-2-3-500", "built-in Administrator" },
		{ "Security", "MandatoryLabel", "S-1-16-12288", "high integrity" },
		{ "Security", "UserID", "S-1-5-80-1-2", "service account" },
		{ "Security", "TargetUserSid", "S-1-5-21-1-2-3-1104", "" },
		{ "Security", "LogonType", "99", "" },
		{ "Security", "LogonType", "%%", "" },
		{ "Security", "TargetUserName", "10", "" },
		{ "System", "LogonType", "10", "" },
		{ "Microsoft-Windows-WMI-Activity/Operational", "ResultCode", "2147749938",
		  "call cancelled, mostly harmless" },
	};

	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		struct text got =
		    field_meaning(made_event(&keep, codes[i].channel, 1, "h", "--"),
				  text_of(codes[i].name), text_of(codes[i].value), &keep);

		is(text_absent(got) ? TEXT("") : got, text_of(codes[i].meaning), codes[i].name);
	}
}

int
main(void)
{
	struct arena keep = arena_open(64 << 20);

	messages_are_built_as_windows_words_them(keep);
	events_without_a_message_say_what_happened(keep);
	codes_have_a_meaning_beside_them(keep);
	titles_are_short_and_known(keep);
	arena_close(&keep);
	return done_testing();
}
