/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fields that a shipper or an index gave another name, and what names the log. */
#include "config.h"

#include "tests/import_help.h"

static void
columns_without_the_log_have_it_from_their_input(void)
{
	struct outcome o = import(TEXT(
	    "{\"result\":{\"_time\":\"2024-03-05T09:15:27Z\",\"EventCode\":\"1\",\"dest\":\"ws1\","
	    "\"source\":\"XmlWinEventLog:Microsoft-Windows-Sysmon/Operational\"}}\n"
	    "{\"result\":{\"_time\":\"2024-03-05T09:15:28Z\",\"EventCode\":\"2\",\"source\":\"a.log\","
	    "\"sourcetype\":\"wineventlog:Security\"}}\n"
	    "{\"result\":{\"_time\":\"2024-03-05T09:15:29Z\",\"EventCode\":\"3\",\"Channel\":\"Setup\","
	    "\"source\":\"WinEventLog:System\"}}\n"
	    "{\"result\":{\"_time\":\"2024-03-05T09:15:30Z\",\"EventCode\":\"4\",\"source\":"
	    "\"WinEventLog:ForwardedEvents\",\"sourcetype\":\"XmlWinEventLog:Application\"}}\n"));

	ok(outcome_has(&o, "channel=Application ") && !outcome_has(&o, "ForwardedEvents "),
	   "a collector's log is not that of the event");
	ok(outcome_has(&o, "channel=Microsoft-Windows-Sysmon/Operational "), "that of XML");
	ok(outcome_has(&o, "channel=Security "), "the source type of old inputs");
	ok(outcome_has(&o, "channel=Setup "), "a column of its own is better");
	outcome_free(&o);
}

static void
columns_of_data_models_are_fields_of_the_event(void)
{
	struct outcome o = import(TEXT(
	    "{\"result\":{\"_time\":\"2024-03-05T09:15:27Z\",\"EventCode\":\"1\",\"process\":\"a /x\","
	    "\"process_name\":\"a.exe\",\"parent_process_path\":\"C:\\\\b.exe\",\"parent_process\":\"unknown\","
	    "\"user\":\"ann\",\"User\":\"C\\\\ann\","
	    "\"source\":\"XmlWinEventLog:Microsoft-Windows-Sysmon/Operational\"}}\n"
	    "{\"result\":{\"_time\":\"2024-03-05T09:15:28Z\",\"EventCode\":\"4688\",\"process\":\"c /y\","
	    "\"process_path\":\"C:\\\\c.exe\",\"source\":\"XmlWinEventLog:Security\"}}\n"));

	ok(outcome_has(&o, "body CommandLine=[a /x]\n") && outcome_has(&o, "body Image=[a.exe]\n"),
	   "a process of Sysmon, its name for want of the path");
	ok(outcome_has(&o, "body ParentImage=[C:\\b.exe]\n") && !outcome_has(&o, "body ParentCommandLine="),
	   "its parent, without what is not known");
	ok(outcome_has(&o, "body User=[C\\ann]\n") && !outcome_has(&o, "body User=[ann]"),
	   "a field that is there is left alone");
	ok(outcome_has(&o, "body NewProcessName=[C:\\c.exe]\n") &&
	       outcome_has(&o, "body CommandLine=[c /y]\n"), "a process of the Security log");
	outcome_free(&o);
}

static void
a_column_with_several_values_gives_the_first(void)
{
	struct outcome o = import(TEXT(
	    "{\"result\":{\"_time\":\"2024-03-05T09:15:28Z\",\"EventCode\":\"4688\",\"user\":[\"unknown\","
	    "\"eve\",\"ann\"],\"source\":\"XmlWinEventLog:Security\"}}\n"));

	ok(outcome_has(&o, "body SubjectUserName=[eve]\n"), "that names somebody");
	outcome_free(&o);
}

static void
the_host_of_a_data_model_is_the_host(void)
{
	struct outcome o = import(TEXT(
	    "{\"result\":{\"_time\":\"2024-03-05T09:15:27Z\",\"EventCode\":\"1\",\"dest\":\"ws1\","
	    "\"source\":\"XmlWinEventLog:Microsoft-Windows-Sysmon/Operational\"}}\n"
	    "{\"result\":{\"_time\":\"2024-03-05T09:15:28Z\",\"EventCode\":\"3\",\"dest\":\"far\","
	    "\"dvc\":\"ws2\",\"source\":\"XmlWinEventLog:Microsoft-Windows-Sysmon/Operational\"}}\n"
	    "{\"result\":{\"_time\":\"2024-03-05T09:15:29Z\",\"EventCode\":\"4688\",\"dest\":\"ws4\","
	    "\"host\":\"ws3\",\"source\":\"XmlWinEventLog:Security\"}}\n"));

	ok(outcome_has(&o, "host=ws1 "), "where no column is called host");
	ok(outcome_has(&o, "host=ws2 ") && !outcome_has(&o, "host=far "),
	   "but not where a connection leads to");
	ok(outcome_has(&o, "host=ws3 ") && !outcome_has(&o, "host=ws4 "), "host comes first");
	outcome_free(&o);
}

#define MODULE(id, rest)                                                                   \
	"{\"@timestamp\":\"2024-03-05T09:15:27Z\",\"winlog\":{\"event_id\":" id              \
	",\"channel\":\"Microsoft-Windows-Sysmon/Operational\",\"provider_name\":"             \
	"\"Microsoft-Windows-Sysmon\"}," rest "}\n"

static void
what_winlogbeats_modules_move_comes_back(void)
{
	struct outcome o = import(TEXT(
	    MODULE("7", "\"file\":{\"path\":\"C:\\\\a.dll\",\"hash\":{\"md5\":\"0a\"},\"pe\":{"
			"\"imphash\":\"0b\",\"original_file_name\":\"A.DLL\"}},\"user\":{\"domain\":\"C\","
			"\"name\":\"ann\"}")
	    MODULE("15", "\"file\":{\"path\":\"C:\\\\b.exe:Zone\",\"hash\":{\"md5\":\"0c\"}}")
	    MODULE("17", "\"file\":{\"name\":\"\\\\pipe\"}")
	    MODULE("23", "\"process\":{\"hash\":{\"md5\":\"0d\"}},\"file\":{\"path\":\"C:\\\\d\"}")
	    MODULE("10", "\"process\":{\"executable\":\"C:\\\\s.exe\",\"pid\":7}")
	    MODULE("22", "\"sysmon\":{\"dns\":{\"status\":\"SUCCESS\"}}")));

	ok(outcome_has(&o, "body ImageLoaded=[C:\\a.dll]\n") &&
	       outcome_has(&o, "body OriginalFileName=[A.DLL]\n"), "a loaded image");
	ok(outcome_has(&o, "body Hashes=[MD5=0A,IMPHASH=0B]\n"), "its hashes");
	ok(outcome_has(&o, "body User=[C\\ann]\n"), "who loaded it");
	ok(outcome_has(&o, "body TargetFilename=[C:\\b.exe:Zone]\n") &&
	       outcome_has(&o, "body Hash=[MD5=0C]\n"), "a stream, with the name that it has there");
	ok(outcome_has(&o, "body TargetFilename=[C:\\d]\n") &&
	       outcome_has(&o, "body Hashes=[MD5=0D]\n"), "a deleted file");
	ok(outcome_has(&o, "body SourceImage=[C:\\s.exe]\n") &&
	       outcome_has(&o, "body SourceProcessId=[7]\n") &&
	       !outcome_has(&o, "body Image=[C:\\s.exe]\n"), "who opened a process");
	ok(outcome_has(&o, "body PipeName=[\\pipe]\n"), "a pipe");
	ok(outcome_has(&o, "body QueryStatus=[SUCCESS]\n"), "the outcome of a DNS query");
	outcome_free(&o);
}

int
main(void)
{
	columns_without_the_log_have_it_from_their_input();
	columns_of_data_models_are_fields_of_the_event();
	a_column_with_several_values_gives_the_first();
	the_host_of_a_data_model_is_the_host();
	what_winlogbeats_modules_move_comes_back();
	return done_testing();
}
