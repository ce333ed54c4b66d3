/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Events in tables. */
#include "config.h"

#include "importers/formats.h"
#include "tests/import_help.h"

#define CHANNEL "Microsoft-Windows-PowerShell/Operational"
#define PROVIDER "Microsoft-Windows-PowerShell"
#define GUID "a0c1853b-5c40-4b15-8766-3cf1c58f985a"
#define SID "S-1-5-21-1-2-3-1105"

#define RAW_XML                                                                                    \
	"<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System>"           \
	"<Provider Name='" PROVIDER "'/><EventID>4104</EventID><TimeCreated "                      \
	"SystemTime='2024-03-05T09:15:27.123456700Z'/><EventRecordID>7712</EventRecordID>"         \
	"<Channel>" CHANNEL "</Channel><Computer>ws01.corp.example</Computer></System><EventData>" \
	"<Data Name='ScriptBlockText'>\"\"quoted\"\" text,\nsecond line</Data>"                    \
	"</EventData></Event>"
#define RAW_TEXT                                                                                   \
	"03/05/2024 10:16:02 AM\nLogName=Security\nEventCode=4688\nComputerName=srv02\n"           \
	"SourceName=Microsoft Windows security auditing.\nRecordNumber=90210\nMessage=A new "      \
	"process has been created.\n\nProcess Information:\n\tNew Process Name:\tC:\\calc.exe\n"

static void
has(struct text csv, const char *line, const char *what)
{
	struct outcome o = import(csv);

	ok(outcome_has(&o, line), "%s", what);
	outcome_free(&o);
}

static void
splunk_rows_are_their_raw_events(void)
{
	struct outcome o = import(TEXT(
	    "\"_raw\",\"_time\",host,index,linecount,source,sourcetype,\"splunk_server\",team\n"
	    "\"" RAW_XML "\",\"2024-03-05T09:15:27.123+0000\",ws01,win,1,"
	    "\"XmlWinEventLog:" CHANNEL "\",XmlWinEventLog,idx1,red\n"
	    "\"" RAW_TEXT "\",\"2024-03-05T10:16:02.000+0100\",srv02,win,9,"
	    "WinEventLog:Security,WinEventLog,idx1,\n"));

	ok(o.events == 2 && o.gaps == 0, "two rows are two events");
	ok(outcome_has(&o, "event 4104 time=2024-03-05T09:15:27.123456Z host=ws01.corp.example"),
	   "XML in a cell");
	ok(outcome_has(&o, "body ScriptBlockText=[\"quoted\" text,\nsecond line]"),
	   "doubled quotes and line ends in it");
	ok(outcome_has(&o, "body team=[red]"), "columns that the raw event does not have");
	ok(outcome_has(&o, "event 4688 time=2024-03-05T09:16:02.000000Z host=srv02"),
	   "_time knows the zone of classic text");
	ok(outcome_has(&o, "body NewProcessName=[C:\\calc.exe]"), "fields out of the message");
	ok(!text_starts((struct text){ o.log, o.n }, TEXT("x")) &&
	       text_find((struct text){ o.log, o.n }, TEXT("splunk_server")) == TEXT_NOWHERE,
	   "what the index added stays out");
	outcome_free(&o);
}

static void
splunk_rows_without_raw_are_their_columns(void)
{
	struct outcome o = import(TEXT(
	    "_time,host,source,sourcetype,EventCode,ComputerName,Image,__mv_Hashes,Hashes,date_hour\n"
	    "2024-03-05T10:15:27.000+01:00,ws01,XmlWinEventLog:x,XmlWinEventLog,1,ws01.corp,"
	    "C:\\a.exe,$MD5=1$;$SHA1=$$2$,\"MD5=1\nSHA1=$2\",9\n"
	    "1709630127.123,ws02,s,XmlWinEventLog,,,,,,\n"));

	ok(outcome_has(&o, "event 1 time=2024-03-05T09:15:27.000000Z host=ws01.corp"),
	   "time and host of the row");
	ok(outcome_has(&o, "body Hashes=[MD5=1]\nbody Hashes=[SHA1=$2]"),
	   "values that Splunk told apart");
	ok(outcome_has(&o, "reason=[these are results of a search, not events]"),
	   "a row without an event id is no event");
	ok(o.events == 1 && o.lost == 1, "and is counted");
	outcome_free(&o);
}

static void
splunk_rows_without_a_log_or_a_provider(void)
{
	struct outcome o = import(TEXT(
	    "_time,host,source,sourcetype,EventCode,param1,param3,registry_path,registry_value_data,action\n"
	    "2024-03-05T10:15:27Z,ws01,System,XmlWinEventLog,7040,Spooler,disabled,,,\n"
	    "2024-03-05T10:15:28Z,ws01,Microsoft-Windows-Sysmon/Operational,XmlWinEventLog,12,,,HKLM\\Run\\x,Off,\n"
	    "2024-03-05T10:15:29Z,ws01,XmlWinEventLog:ForwardedEvents,XmlWinEventLog,1,,,,,\n"));

	ok(outcome_has(&o, "channel=System provider=Service Control Manager"),
	   "the log is a plain source, the provider the only one of such events");
	ok(outcome_has(&o, "body Details=[Off]"),
	   "data of the registry as the row has it, whatever the event");
	ok(!outcome_has(&o, "channel=ForwardedEvents"), "what is forwarded is of another log");
	outcome_free(&o);
}

static void
results_of_a_search_are_one_gap(void)
{
	has(TEXT("dest,user,count,firstTime\nws01,jdoe,3,1709630127\nws02,jdoe,1,1709630128\n"),
	    "no importer: these are results of a search, not events", "rows of stats");
	has(TEXT("name,age\nx,1\n"), "no importer: table (CSV), but its columns are no known form",
	    "any other table");
}

static void
export_csv_has_its_fields_in_the_message(void)
{
	struct outcome o = import(TEXT(
	    "#TYPE System.Diagnostics.Eventing.Reader.EventLogRecord\r\n"
	    "\"Message\",\"Id\",\"Version\",\"Qualifiers\",\"Level\",\"Task\",\"Opcode\",\"Keywords\","
	    "\"RecordId\",\"ProviderName\",\"ProviderId\",\"LogName\",\"ProcessId\",\"ThreadId\","
	    "\"MachineName\",\"UserId\",\"TimeCreated\",\"Properties\"\r\n"
	    "\"Creating Scriptblock text (1 of 1):\r\nhostname\r\n\r\nScriptBlock ID: "
	    "aaaa0009-bbbb-cccc-dddd-eeee00000009\r\nPath: \",\"4104\",\"1\",,\"5\",\"2\",\"15\","
	    "\"-9223372036854775808\",\"7719\",\"" PROVIDER "\",\"" GUID "\",\"" CHANNEL
	    "\",\"4312\",\"5120\",\"ws01.corp.example\",\"" SID "\",\"3/15/2024 10:15:27 AM\","
	    "\"System.Collections.Generic.List`1[x]\"\r\n"));

	ok(o.events == 1 && o.gaps == 0, "one row behind the #TYPE line");
	ok(outcome_has(&o, "event 4104 time=2024-03-15T10:15:27.000000Z host=ws01.corp.example "
			   "channel=" CHANNEL " provider=" PROVIDER " record=7719"),
	   "facts and time of Get-WinEvent | Export-Csv");
	ok(outcome_has(&o, "body ScriptBlockText=[hostname]"), "script block out of the message");
	ok(outcome_has(&o, "sys Keywords=[0x8000000000000000]"), "signed keywords");
	ok(outcome_has(&o, "sys Guid=[{A0C1853B-5C40-4B15-8766-3CF1C58F985A}]"), "provider's GUID");
	outcome_free(&o);
}

#define GET(date)                                                                                  \
	"TimeCreated;ProviderName;LogName;MachineName;Id\n" date ";p;l;h;7\n"

static void
one_date_decides_for_the_file(void)
{
	has(TEXT(GET("5/3/2024 10:15:27") "13/3/2024 10:15:27;p;l;h;8\n"),
	    "event 7 time=2024-03-05T10:15:27.000000Z", "day first, as a later row proves");
	has(TEXT(GET("3/5/2024 10:15:27 PM") "3/13/2024 10:15:27 AM;p;l;h;8\n"),
	    "event 7 time=2024-03-05T22:15:27.000000Z", "month first");
	has(TEXT(GET("05.03.2024 10:15:27")), "event 7 time=2024-03-05T10:15:27.000000Z",
	    "dots are day first");
	has(TEXT(GET("5/3/2024 10:15:27")), "remark=[order of day and month assumed]",
	    "nothing tells: the event says so");
	has(TEXT(GET("2024-03-05 10:15:27")), "flags=1", "a local time is one whose zone is assumed");
}

#define VIEWER_ROW                                                                                 \
	"Information,3/15/2024 10:16:02 AM,Microsoft-Windows-Security-Auditing,4688,"             \
	"Process Creation,\"A new process has been created.\r\n\r\nProcess Information:\r\n"       \
	"\tNew Process Name:\tC:\\calc.exe\r\n\"\r\n"

static void
event_viewer_has_a_sixth_cell(void)
{
	struct outcome o = import(TEXT("\xef\xbb\xbf"
				       "Level,Date and Time,Source,Event ID,Task Category\r\n" VIEWER_ROW));

	ok(o.events == 1 && o.gaps == 0, "a row of six cells below five names");
	ok(outcome_has(&o, "event 4688 time=2024-03-15T10:16:02.000000Z host= channel=Security "
			   "provider=Microsoft-Windows-Security-Auditing"),
	   "its log follows from the provider");
	ok(outcome_has(&o, "body NewProcessName=[C:\\calc.exe]"), "fields out of the message");
	ok(outcome_has(&o, "body TaskCategory=[Process Creation]"), "category");
	outcome_free(&o);
	has(TEXT("Ebene,Datum und Uhrzeit,Quelle,Ereignis-ID,Aufgabenkategorie\r\n" VIEWER_ROW),
	    "event 4688 time=2024-03-15T10:16:02", "a header in another language");
	has(TEXT("Level\tDate and Time\tSource\tEvent ID\tTask Category\n"
		 "Error\t15.03.2024 10:16:02\tService Control Manager\t7045\tNone\tA service\n"),
	    "event 7045 time=2024-03-15T10:16:02.000000Z host= channel=System", "separated by tabs");
}

static void
evtxecmd_keeps_the_body_as_json(void)
{
	struct outcome o = import(TEXT(
	    "RecordNumber,EventRecordId,TimeCreated,EventId,Level,Provider,Channel,ProcessId,"
	    "ThreadId,Computer,ChunkNumber,UserId,MapDescription,UserName,RemoteHost,PayloadData1,"
	    "ExecutableInfo,HiddenRecord,SourceFile,Keywords,ExtraDataOffset,Payload\n"
	    "1,7721,2024-03-05 09:15:27.1234567,4104,Verbose," PROVIDER "," CHANNEL ",4312,5120,"
	    "ws01,0," SID ",map,,,comment,,False,C:\\x.evtx,None,0,"
	    "\"{\"\"EventData\"\":{\"\"Data\"\":[{\"\"@Name\"\":\"\"ScriptBlockText\"\","
	    "\"\"#text\"\":\"\"hostname\"\"},{\"\"@Name\"\":\"\"Path\"\"}]}}\"\n"));

	ok(outcome_has(&o, "event 4104 time=2024-03-05T09:15:27.123456Z host=ws01"), "facts");
	ok(outcome_has(&o, "body ScriptBlockText=[hostname]\nbody Path=[]"), "payload");
	ok(text_find((struct text){ o.log, o.n }, TEXT("comment")) == TEXT_NOWHERE,
	   "comments of the tool stay out");
	outcome_free(&o);
}

static void
other_tables_of_events(void)
{
	has(TEXT("TimeGenerated,Computer,EventID,Channel,EventData\n2024-03-05T09:15:27Z,ws01,4624,"
		 "Security,\"<EventData><Data Name=\"\"LogonType\"\">3</Data></EventData>\"\n"),
	    "body LogonType=[3]", "Azure Monitor");
	has(TEXT("event_simpleName,aid,ContextTimeStamp,CommandLine\n"
		 "ProcessRollup2,0123,1709630127.123,\"cmd.exe /c \"\"dir\"\"\"\n"),
	    "body CommandLine=[cmd.exe /c \"dir\"]", "CrowdStrike");
	has(TEXT("Event.System.EventID,Event.System.Provider.@Name,Event.System.TimeCreated.@SystemTime,"
		 "Event.System.Computer,Event.EventData.Image,Event.EventData.ProcessId\n"
		 "1,Microsoft-Windows-Sysmon,2024-03-05T09:15:27Z,ws01,C:\\a.exe,99\n"),
	    "event 1 time=2024-03-05T09:15:27.000000Z host=ws01 channel= "
	    "provider=Microsoft-Windows-Sysmon",
	    "XML made flat: facts");
	has(TEXT("EventID,Computer,TimeCreated,EventData.Image\n1,ws01,2024-03-05T09:15:27Z,C:\\a\n"),
	    "body Image=[C:\\a]", "XML made flat: the part behind the last dot");
	has(TEXT("@timestamp,winlog.channel,winlog.event_id,winlog.computer_name,"
		 "winlog.event_data.Image\n2024-03-05T09:15:27Z,x,1,ws01,C:\\a\n"),
	    "body Image=[C:\\a]", "Winlogbeat's columns");
}

#define AZURE "TimeGenerated,Computer,EventID,x\n"

static void
rows_are_read_as_written(void)
{
	has(TEXT(AZURE "2024-03-05T09:15:27Z,ws01,1,a,b,c\n"), "body column6=[c]", "surplus cells");
	has(TEXT(AZURE "2024-03-05T09:15:27Z,ws01,1\n"), "event 1 ", "missing cells");
	has(TEXT(AZURE "2024-03-05T09:15:27Z,ws01,1,\"he said \"hi\" there\"\n"),
	    "body x=[he said \"hi\" there]", "quotes that nobody doubled");
	has(TEXT(AZURE "2024-03-05T09:15:27Z,ws01,1,=cmd|' /C calc'!A0\n"),
	    "body x=[=cmd|' /C calc'!A0]", "a formula is text");
	has(TEXT("TimeGenerated;Computer;EventID;x\n2024-03-05T09:15:27Z;ws01;1;a,b\n"),
	    "body x=[a,b]", "semicolons");
	has(TEXT(AZURE "2024-03-05T09:15:27Z,ws01,1,caf\xe9\n"), "body x=[caf\xc3\xa9]",
	    "Windows-1252");
	has(TEXT(AZURE "2024-03-05T09:15:27Z,ws01,1,caf\xe9\n"), "remark=[", "and it is said");
	has(TEXT("\xff\xfeT\0i\0m\0e\0G\0e\0n\0e\0r\0a\0t\0e\0d\0,\0C\0o\0m\0p\0u\0t\0e\0r\0,\0E\0v"
		 "\0e\0n\0t\0I\0D\0\n\0002\0000\0002\0004\0-\0000\0003\0-\0000\0005\0T\0000\0009\0:"
		 "\0001\0005\0:\0002\0007\0Z\0,\0w\0s\0,\0007\0\n\0"),
	    "event 7 time=2024-03-05T09:15:27.000000Z host=ws", "UTF-16");
	has(TEXT(AZURE "2024-03-05T09:15:27Z,ws01,1,a\n" AZURE "2024-03-05T09:15:28Z,ws01,2,a\n"),
	    "event 2 ", "a second export behind the first");
}

static void
a_quote_without_its_end_costs_a_line(void)
{
	struct outcome o = import(TEXT(AZURE "2024-03-05T09:15:27Z,ws01,1,\"torn\n"
					     "2024-03-05T09:15:28Z,ws01,2,whole\n"));

	ok(outcome_has(&o, "reason=[quoted cell without its end]") && o.lost == 1, "a gap");
	ok(outcome_has(&o, "event 2 ") && o.events == 1, "the next row is read");
	outcome_free(&o);
}

static void
windows_do_not_matter(void)
{
	struct text csv = TEXT("#TYPE x\n" AZURE "2024-03-05T09:15:27Z,ws01,1,\"a\"\"\n,b\"\r\n"
			       "2024-03-05T09:15:28Z,ws01,2,\"torn\n2024-03-05T09:15:29Z,ws01,3,c");
	struct import_options whole = { .window_bytes = 0 }, small = { .window_bytes = 7 };
	struct outcome a = import_with(&importer_csv, csv, &whole);
	struct outcome b = import_with(&importer_csv, csv, &small);

	ok(a.events == 2 && outcome_same(&a, &b), "seven bytes at a time");
	outcome_free(&a);
	outcome_free(&b);
}

#define FIELD(k, v) "<field k='" k "'><value><text>" v "</text></value></field>"
#define RAW_ESCAPED                                                                                \
	"<field k='_raw'><v xml:space='preserve' trunc='0'>&lt;Event&gt;&lt;System&gt;"            \
	"&lt;EventID&gt;4104&lt;/EventID&gt;&lt;Computer&gt;ws01&lt;/Computer&gt;&lt;/System&gt;"  \
	"&lt;EventData&gt;&lt;Data Name=&apos;ScriptBlockText&apos;&gt;a &amp;lt; <sg h='1'>b</sg>" \
	"&lt;/Data&gt;&lt;/EventData&gt;&lt;/Event&gt;</v></field>"

static void
splunk_results_in_xml_are_rows_too(void)
{
	struct text xml = TEXT(
	    "<?xml version='1.0' encoding='UTF-8'?>\n<results preview='1'><meta/><result offset='0'>"
	    FIELD("EventCode", "1") "</result></results>\n<?xml version='1.0'?><results preview='0'>"
	    "<meta><fieldOrder><field>x</field></fieldOrder></meta>"
	    "<result offset='0'>" RAW_ESCAPED FIELD("team", "r&#101;d") "</result>\n"
	    "<result offset='1'><field k='x'><value><text>to"
	    "<result offset='2'>" FIELD("EventCode", "7") FIELD("host", "w") FIELD("_time",
	    "2024-03-05T09:15:27Z") "<field k='Hashes'><value><text>a</text></value><value><text>b"
	    "</text></value></field></result></results>\n");
	struct import_options small = { .window_bytes = 7 };
	struct outcome o = import(xml), b = import_with(&importer_splunk_results, xml, &small);

	ok(o.events == 2 && o.gaps == 1 && o.lost == 1, "two rows, one torn, none of the preview");
	ok(outcome_has(&o, "body ScriptBlockText=[a < b]"), "the raw event without marks");
	ok(outcome_has(&o, "body team=[red]"), "a column beside it");
	ok(outcome_has(&o, "event 7 time=2024-03-05T09:15:27.000000Z host=w"), "a row of columns");
	ok(outcome_has(&o, "body Hashes=[a]\nbody Hashes=[b]"), "several values");
	ok(outcome_same(&o, &b), "seven bytes at a time");
	outcome_free(&o);
	outcome_free(&b);
}

int
main(void)
{
	splunk_rows_are_their_raw_events();
	splunk_rows_without_raw_are_their_columns();
	splunk_rows_without_a_log_or_a_provider();
	results_of_a_search_are_one_gap();
	export_csv_has_its_fields_in_the_message();
	one_date_decides_for_the_file();
	event_viewer_has_a_sixth_cell();
	evtxecmd_keeps_the_body_as_json();
	other_tables_of_events();
	rows_are_read_as_written();
	a_quote_without_its_end_costs_a_line();
	windows_do_not_matter();
	splunk_results_in_xml_are_rows_too();
	return done_testing();
}
