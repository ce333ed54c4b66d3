/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What search expressions mean, over events and behind other commands. */
#include "config.h"

#include "tests/array_source.h"

static void
or_binds_tighter_than_and(struct arena keep)
{
	struct array_source *a = with(&keep, "row id=1 a=1\n"
					     "row id=2 a=1 b=2\n"
					     "row id=3 c=3\n"
					     "row id=4 a=1 c=3\n");

	leaves(a, "search a=1 b=2 OR c=3", "2 4");
	leaves(a, "a=1 b=2 OR c=3", "2 4");
	leaves(a, "* | table id a b c | search a=1 b=2 OR c=3", "2 4");
	leaves(a, "* | where a=1 AND b=2 OR c=3", "2 3 4");
	leaves(a, "search a=1 NOT b=2 OR c=3", "1 4");
	leaves(a, "search (a=1 b=2) OR c=3", "2 3 4");
	leaves(a, "search a=1 AND (b=2 OR c=3)", "2 4");
	leaves(a, "search NOT a=1 AND NOT b=2", "3");
	leaves(a, "search NOT NOT a=1", "1 2 4");
}

static void
a_comparison_with_an_absent_field_is_false_and_not_of_it_true(struct arena keep)
{
	struct array_source *a = with(&keep, "row id=1 loc=Calais\nrow id=2 loc=Dover\nrow id=3\n");

	leaves(a, "search loc!=Calais", "2");
	leaves(a, "search NOT loc=Calais", "2 3");
	leaves(a, "search NOT loc=*", "3");
	leaves(a, "search loc=*", "1 2");
	leaves(a, "search loc=cal*", "1");
	leaves(a, "search loc!=*", "");
	leaves(a, "search loc=\"\"", "");
	leaves(a, "search NOT loc IN (calais, x)", "2 3");
	leaves(a, "* | table id loc | search loc!=Calais", "2");
	leaves(a, "* | table id loc | search NOT loc=Calais", "2 3");
}

static void
numbers_compare_as_numbers_and_equal_as_text(struct arena keep)
{
	struct array_source *a = with(&keep, "row id=1 code=404\nrow id=2 code=404.0\n"
					     "row id=3 code=5\nrow id=4 code=abc\n");

	leaves(a, "search code=404", "1");
	leaves(a, "search code>40", "1 2 4");
	leaves(a, "* | where code=404", "1 2");
	leaves(a, "search code<=5", "3");
}

static void
several_values_ask_for_any(struct arena keep)
{
	struct array_source *a = with(&keep, "row id=1 f=x f=y\nrow id=2 f=x\n");

	leaves(a, "search f=x", "1 2");
	leaves(a, "search f!=x", "1");
	leaves(a, "search NOT f=x", "");
	leaves(a, "* | table id f | search f!=x", "1");
}

/* The first pass over backslashes, then wildcards; the table of cases. */
static void
backslashes_are_read_once_and_never_escape_a_star(struct arena keep)
{
	struct array_source *a = with(&keep, "row id=1 p=\"C:\\\\Temp\\\\x\"\n"
					     "row id=2 p=\"C:\\\\\\\\Temp\"\n"
					     "row id=3 p=\"\\\\\\\\srv\\\\c$\"\n"
					     "row id=4 p=\"say \\\"hi\\\"\"\n"
					     "row id=5 p=\"^\\\\d+$\"\n"
					     "row id=6 p=\"a|b\"\n");

	leaves(a, "search p=\"C:\\\\Temp\\\\*\"", "1");
	leaves(a, "search p=\"C:\\Temp\\*\"", "1");
	leaves(a, "search p=C:\\\\Temp\\\\*", "1");
	leaves(a, "search p=\"C:\\\\\\\\Temp\"", "2");
	leaves(a, "search p=\"\\\\\\\\srv\\\\c$\"", "3");
	leaves(a, "search p=\"say \\\"hi\\\"\"", "4");
	leaves(a, "search p=\"^\\d+$\"", "5");
	leaves(a, "search p=a\\|b", "6");
	leaves(a, "* | where match(p, \"^\\w:\\\\\\\\Temp\")", "1");
	leaves(a, "* | where p=\"^\\d+$\"", "5");
	leaves(a, "* | where p=\"say \\\"hi\\\"\"", "4");
	gives(a, "search p=\"C:\\\"",
	      "error: test:1:10: the string that begins here has no closing \"");
}

static void
lists_forgive_commas(struct arena keep)
{
	struct array_source *a = with(&keep, "row id=1 n=a\nrow id=2 n=b\nrow id=3 n=\"c d\"\n");

	leaves(a, "n IN (a, \"c d\")", "1 3");
	leaves(a, "n IN (a \"c d\",)", "1 3");
	leaves(a, "NOT n IN (\"*a*\", b)", "3");
	leaves(a, "n = a OR n = \"c*\"", "1 3");
	gives(a, "n IN ()", "error: test:1:1: the IN list of \"n\" is empty");
}

static void
words_are_looked_for_in_the_text_of_the_event(struct arena keep)
{
	struct array_source *a = with(&keep, "row id=1 x=\"the log file\"\nrow id=2 x=\"logon\"\n");

	leaves(a, "log", "1");
	leaves(a, "LOG*", "1 2");
	leaves(a, "\"log file\"", "1");
	leaves(a, "file log", "1");
	leaves(a, "* | stats count by id | search *", "1 2");
	leaves(a, "* | stats count by id | search log", "");
}

static void
a_subsearch_becomes_an_expression(struct arena keep)
{
	struct array_source *a =
	    with(&keep, "row id=1 h=x n=1\nrow id=2 h=y n=2\nrow id=3 h=x n=3\n");

	leaves(a, "search [search n=1 | fields h]", "1 3");
	leaves(a, "NOT [search n=1 | fields h]", "2");
	leaves(a, "search [search n=99 | fields h]", "");
	leaves(a, "search NOT [search n=99 | fields h]", "1 2 3");
	leaves(a, "search [search n>1 | fields h n]", "2 3");
	leaves(a, "search [search n>1 | return 2 n]", "2 3");
	leaves(a, "search [search n>1 | fields n | format]", "2 3");
	leaves(a, "* | stats count by id h | search [search n=2 | fields h]", "2");
}

static void
time_modifiers_set_the_range(struct arena keep)
{
	struct array_source *a = with(&keep, "id=1 time=2020-09-20T10:00:00Z\n"
					     "id=2 time=2020-09-21T10:00:00Z\n"
					     "id=3 time=2020-09-21T12:00:00Z\n");

	leaves(a, "search earliest=-3h", "2 3");
	leaves(a, "search earliest=-1d@d latest=@d", "1");
	leaves(a, "search earliest=1600682400", "2 3");
	leaves(a, "search starthoursago=3", "2 3");
	leaves(a, "* | search starthoursago=3", "2 3");
	leaves(a, "search latest=now", "1 2");
	leaves(a, "search latest=+1s", "1 2 3");
	gives(a, "search earliest=yesterday",
	      "error: test:1:8: \"yesterday\" is not a time: expected now, epoch seconds, or an "
	      "offset "
	      "such as -7d@d");
}

static void
sources_and_event_types_select_channels(struct arena keep)
{
	struct array_source *a = with(
	    &keep, "channel=Security event_id=4624 host=A id=1\n"
		   "channel=Microsoft-Windows-Sysmon/Operational event_id=1 host=A id=2\n"
		   "channel=Microsoft-Windows-PowerShell/Operational event_id=4104 host=A id=3\n");

	leaves(a, "`wineventlog_security`", "1");
	leaves(a, "`sysmon` EventCode=1", "2");
	leaves(a, "`powershell` EventCode=4104", "3");
	leaves(a, "eventtype=wineventlog_security", "1");
	leaves(a, "index=main sourcetype=xmlwineventlog", "1 2 3");
	gives(a, "eventtype=okta",
	      "error: test:1:1: event type \"okta\" is not known: supported are "
	      "wineventlog_security, "
	      "wineventlog_system, wineventlog_application");
}

#define SEED_EVENTS                                                                                \
	"channel=Microsoft-Windows-PowerShell/Operational event_id=4104 host=WS1 "                 \
	"time=2020-09-21T12:00:00Z ScriptBlockText=\"invoke-command -computername SRV { calc }\" " \
	"UserID=S-1\n"                                                                             \
	"channel=Microsoft-Windows-PowerShell/Operational event_id=4104 host=WS1 "                 \
	"time=2020-09-21T12:05:00Z ScriptBlockText=\"invoke-command -computername SRV { calc }\" " \
	"UserID=S-1\n"                                                                             \
	"channel=Microsoft-Windows-PowerShell/Operational event_id=4104 host=WS1 "                 \
	"time=2020-09-21T12:06:00Z ScriptBlockText=\"Invoke-Command -ScriptBlock {}\" "            \
	"UserID=S-1\n"                                                                             \
	"channel=Microsoft-Windows-PowerShell/Operational event_id=4104 host=WS2 "                 \
	"time=2020-09-21T12:07:00Z ScriptBlockText=\"Import-Module .\\\\Invoke-WMIExec.ps1\" "     \
	"UserID=S-2 Path=\"\"\n"                                                                   \
	"channel=Microsoft-Windows-PowerShell/Operational event_id=4104 host=WS2 "                 \
	"time=2020-09-21T12:08:00Z ScriptBlockText=\"New-CimSession -ComputerName X\"\n"           \
	"channel=Microsoft-Windows-Sysmon/Operational event_id=1 host=WS3 "                        \
	"time=2020-09-21T12:09:00Z Image=\"C:\\\\x\\\\PowerShell.exe\" CommandLine=\"powershell "  \
	"Invoke-WmiMethod -Class Win32_Process -CN T -Name create\" User=ann "                     \
	"ParentImage=\"C:\\\\w\\\\cmd.exe\"\n"

#define TIMES "`security_content_ctime(firstTime)` | `security_content_ctime(lastTime)`"

static void
script_blocks_are_grouped_with_their_times(struct arena keep)
{
	struct array_source *a = with(&keep, SEED_EVENTS);

	gives(
	    a,
	    "`powershell` EventCode=4104 ScriptBlockText = \"*Invoke-Command*\" "
	    "ScriptBlockText = \"*-ComputerName*\" | stats count min(_time) as firstTime "
	    "max(_time) as "
	    "lastTime by EventCode ScriptBlockText Computer user_id | " TIMES " | `winrm_filter`",
	    "EventCode=4104 ScriptBlockText=invoke-command -computername SRV { calc } Computer=WS1 "
	    "user_id=S-1 count=2 firstTime=2020-09-21T12:00:00 lastTime=2020-09-21T12:05:00");
	gives(a,
	      "`powershell` EventCode=4104 ScriptBlockText IN (\"*invoke-CIMMethod*\", "
	      "\"*New-CimSession*\") "
	      "| stats count by Computer EventCode ScriptBlockText",
	      "Computer=WS2 EventCode=4104 ScriptBlockText=New-CimSession -ComputerName X count=1");
	gives(a,
	      "`powershell` EventCode=4104 ScriptBlockText IN (\"*invoke-CIMMethod*\", "
	      "\"*New-CimSession*\") "
	      "| stats count by Computer EventCode ScriptBlockText user_id",
	      "");
}

static void
fillnull_keeps_the_only_event_of_a_detection(struct arena keep)
{
	struct array_source *a = with(&keep, SEED_EVENTS);
	struct search_env    strict = { .strict_fillnull = true };
	const char *spl = "`powershell` EventCode=4104 ScriptBlockText IN (\"*invoke-wmiexec*\") | "
			  "fillnull | stats count by Computer Path user_id";

	gives(a, spl, "Computer=WS2 Path=0 user_id=S-2 count=1");
	is(array_run_env(a, spl, &strict, 0).text, TEXT(""),
	   "strict fillnull loses it, as Splunk does");
}

static void
process_searches_need_every_wildcard_in_any_order(struct arena keep)
{
	struct array_source *a = with(&keep, SEED_EVENTS);

	gives(a,
	      "| tstats `security_content_summariesonly` count min(_time) as firstTime max(_time) "
	      "as lastTime "
	      "from datamodel=Endpoint.Processes where `process_powershell` "
	      "(Processes.process=\"*invoke-wmimethod*\" AND Processes.process=\"*-CN *\" AND "
	      "Processes.process=\"*-class *\" AND Processes.process=\"*Win32_Process*\" AND "
	      "Processes.process=\"*-name *\") by Processes.dest Processes.user "
	      "Processes.parent_process_name Processes.process_name | "
	      "`drop_dm_object_name(Processes)` | " TIMES,
	      "dest=WS3 user=ann parent_process_name=cmd.exe process_name=PowerShell.exe count=1 "
	      "firstTime=2020-09-21T12:09:00 lastTime=2020-09-21T12:09:00");
}

static void
parts_of_a_data_set_are_data_sets(struct arena keep)
{
	struct array_source *a =
	    with(&keep, "channel=Security event_id=4624 TargetUserName=ann LogonType=3\n"
			"channel=Security event_id=4625 TargetUserName=eve LogonType=3\n"
			"channel=Security event_id=4720 TargetUserName=bob\n"
			"channel=Security event_id=1102\n");

	gives(a, "| tstats count from datamodel=Authentication.Failed_Authentication by "
		 "Authentication.user",
	      "Authentication.user=eve count=1");
	gives(a, "| tstats count from datamodel=Authentication where "
		 "nodename=Authentication.Successful_Authentication by Authentication.user",
	      "Authentication.user=ann count=1");
	gives(a, "| tstats count from datamodel=Change.Account_Management by "
		 "All_Changes.Account_Management.user",
	      "All_Changes.Account_Management.user=bob count=1");
	gives(a, "| from datamodel Change.Auditing_Changes | table action", "action=cleared");
}

static void
a_source_has_every_spelling_behind_a_pipe(struct arena keep)
{
	struct array_source *a = with(&keep, "channel=Security event_id=1 id=1\n"
					     "channel=System event_id=1 id=2\n");

	gives(a, "source=WinEventLog:Security | table id", "id=1");
	gives(a, "* | search source=WinEventLog:Security | table id", "id=1");
	gives(a, "* | search source=XmlWinEventLog:System | table id", "id=2");
}

int
main(void)
{
	struct arena keep = arena_open((size_t)1 << 30);

	or_binds_tighter_than_and(keep);
	parts_of_a_data_set_are_data_sets(keep);
	a_source_has_every_spelling_behind_a_pipe(keep);
	a_comparison_with_an_absent_field_is_false_and_not_of_it_true(keep);
	numbers_compare_as_numbers_and_equal_as_text(keep);
	several_values_ask_for_any(keep);
	backslashes_are_read_once_and_never_escape_a_star(keep);
	lists_forgive_commas(keep);
	words_are_looked_for_in_the_text_of_the_event(keep);
	a_subsearch_becomes_an_expression(keep);
	time_modifiers_set_the_range(keep);
	sources_and_event_types_select_channels(keep);
	script_blocks_are_grouped_with_their_times(keep);
	fillnull_keeps_the_only_event_of_a_detection(keep);
	process_searches_need_every_wildcard_in_any_order(keep);
	arena_close(&keep);
	return done_testing();
}
