/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Exports of hunting tools, agents and portals: the event in them is read. */
#include "config.h"

#include "importers/formats.h"
#include "tests/import_help.h"

#define SYSTEM_OF(id)                                                                              \
	"\"System\":{\"Provider\":{\"Name\":\"Microsoft-Windows-Sysmon\"},\"EventID\":1,"          \
	"\"TimeCreated\":{\"SystemTime\":\"2024-03-05T09:15:27.123456Z\"},\"EventRecordID\":" id   \
	",\"Channel\":\"Microsoft-Windows-Sysmon/Operational\",\"Computer\":\"ws01\"}"
#define EVENT_OF(id) "{" SYSTEM_OF(id) ",\"EventData\":{\"Image\":\"C:\\\\a.exe\"}}"

static void
reads(const char *file, const char *const *lines, size_t n_events, const char *what)
{
	struct outcome o = import(text_of(file));

	ok(o.events == n_events && o.gaps == 0, "%s: %zu events, %zu gaps", what, o.events, o.gaps);
	for (; *lines; lines++)
		ok(outcome_has(&o, *lines), "%s: %s", what, *lines);
	outcome_free(&o);
}
#define READS(file, n_events, what, ...)                                                           \
	reads(file, (const char *const[]){ __VA_ARGS__, NULL }, n_events, what)

static void
findings_of_hunting_tools_have_events_in_them(void)
{
	READS("{\"group\":\"Sigma\",\"kind\":\"individual\",\"document\":{\"kind\":\"evtx\","
	      "\"data\":{\"Event\":" EVENT_OF("7") "}},\"name\":\"rule\"}\n",
	      1, "Chainsaw", "body Image=[C:\\a.exe]");
	READS("{\"kind\":\"aggregate\",\"documents\":[{\"data\":{\"Event\":" EVENT_OF("7") "}},"
	      "{\"data\":{\"Event\":" EVENT_OF("8") "}}],\"name\":\"rule\"}\n",
	      2, "Chainsaw's aggregates", "EventRecordID=[7]", "EventRecordID=[8]");
	READS("timestamp,detections,path,count,Event.System.Provider,Event ID,Record ID,Computer,"
	      "Event Data\n2024-03-05T09:15:27.123456+00:00,rule,a.evtx,1,"
	      "Microsoft-Windows-Security-Auditing,4688,7,ws01,\"CommandLine: cmd.exe /c a:b\n"
	      "NewProcessName: C:\\a.exe\"\n",
	      1, "Chainsaw's table", "event 4688 time=2024-03-05T09:15:27.123456Z host=ws01",
	      "body CommandLine=[cmd.exe /c a:b]", "Channel=[Security]");
	READS("{\"Timestamp\":\"2024-03-05 09:15:27.123 +00:00\",\"RuleTitle\":\"rule\","
	      "\"Level\":\"info\",\"Computer\":\"ws01\",\"Channel\":\"Sec\",\"EventID\":4688,"
	      "\"RecordID\":7,\"AllFieldInfo\":{\"CommandLine\":\"cmd.exe\"}}\n",
	      1, "Hayabusa", "event 4688 time=2024-03-05T09:15:27.123000Z host=ws01",
	      "Channel=[Security]", "body CommandLine=[cmd.exe]", "EventRecordID=[7]");
	READS("\"Timestamp\",\"Computer\",\"Channel\",\"EventID\",\"Level\",\"RecordID\","
	      "\"RuleTitle\",\"Details\"\n\"2024-03-05 11:15:27.123 +02:00\",\"ws01\",\"Sysmon\",1,"
	      "\"high\",7,\"rule\",\"Cmdline: a b \xc2\xa6 Proc: C:\\a.exe\"\n",
	      1, "Hayabusa's table", "event 1 time=2024-03-05T09:15:27.123000Z host=ws01",
	      "body Cmdline=[a b]", "body Proc=[C:\\a.exe]", "all-field-info");
	READS("{\"Timestamp\":\"2024-03-05T09:15:27Z\",\"EID\":1,\"Title\":\"rule\","
	      "\"_Event\":" EVENT_OF("7") "}\n",
	      1, "Velociraptor's findings", "body Image=[C:\\a.exe]");
}

static void
rows_of_velociraptor_may_have_user_data_or_neither(void)
{
	READS("{\"EventTime\":\"2024-03-05T09:15:27Z\",\"Computer\":\"ws01\",\"Channel\":"
	      "\"Security\",\"EventID\":1102,\"EventRecordID\":7,\"EventData\":null,\"UserData\":"
	      "{\"LogFileCleared\":{\"SubjectUserName\":\"ann\",\"SubjectLogonId\":999}}}\n",
	      1, "user data", "event 1102", "body SubjectUserName=[ann]",
	      "body SubjectLogonId=[0x3e7]");
	READS("{\"EventTime\":\"2024-03-05T09:15:27Z\",\"Computer\":\"ws01\",\"Channel\":"
	      "\"Security\",\"EventID\":4624,\"LogonType\":10,\"SourceIP\":\"10.0.0.7\"}\n",
	      1, "an artifact's own columns", "event 4624 time=2024-03-05T09:15:27.000000Z host=ws01",
	      "body LogonType=[10]");
}

static void
agents_and_portals_wrap_events_in_their_ways(void)
{
	READS("{\"timestamp\":\"2024-03-05T09:15:29Z\",\"agent\":{\"name\":\"x\"},\"data\":{\"win\":"
	      "{\"system\":{\"providerName\":\"Microsoft-Windows-Sysmon\",\"eventID\":\"1\","
	      "\"systemTime\":\"2024-03-05T09:15:27.1234567Z\",\"eventRecordID\":\"7\","
	      "\"channel\":\"Microsoft-Windows-Sysmon/Operational\",\"computer\":\"ws01\"},"
	      "\"eventdata\":{\"parentImage\":\"C:\\\\p.exe\"}}}}\n",
	      1, "Wazuh", "event 1 time=2024-03-05T09:15:27.123456Z host=ws01",
	      "body ParentImage=[C:\\p.exe]");
	READS("{\"tables\":[{\"name\":\"PrimaryResult\",\"columns\":[{\"name\":\"TimeGenerated\"},"
	      "{\"name\":\"Computer\"},{\"name\":\"EventID\"},{\"name\":\"CommandLine\"}],\"rows\":"
	      "[[\"2024-03-05T09:15:27.123Z\",\"ws01\",4688,\"a\"]]}]}\n",
	      1, "Log Analytics", "event 4688 time=2024-03-05T09:15:27.123000Z host=ws01",
	      "body CommandLine=[a]");
	READS("\"TimeGenerated [UTC]\",Computer,Channel,EventID\n"
	      "\"3/25/2024, 9:15:27.123 AM\",ws01,Security,4688\n",
	      1, "the portal's table", "event 4688 time=2024-03-25T09:15:27.123000Z host=ws01");
	READS("\"@timestamp\",\"winlog.event_id\",\"winlog.record_id\",\"winlog.channel\","
	      "\"winlog.computer_name\"\n\"Mar 5, 2024 @ 09:15:27.123\",\"4,688\",\"7,718\",Security,"
	      "ws01\n",
	      1, "Kibana's table", "event 4688 time=2024-03-05T09:15:27.123000Z host=ws01",
	      "EventRecordID=[7718]");
	READS("{\"data_type\":\"windows:evtx:record\",\"xml_string\":\"<Event><System><EventID>1"
	      "</EventID><Computer>ws01</Computer></System><EventData><Data Name='Image'>C:\\\\a.exe"
	      "</Data></EventData></Event>\"}\n",
	      1, "XML inside of JSON", "body Image=[C:\\a.exe]");
	READS("[{\"EventID\":4688,\"MachineName\":\"ws01\",\"Index\":7,\"EntryType\":8,\"Source\":"
	      "\"Microsoft-Windows-Security-Auditing\",\"InstanceId\":4688,\"TimeGenerated\":"
	      "\"\\/Date(1709630127000)\\/\",\"Message\":\"x\"}]\n",
	      1, "Get-EventLog", "event 4688 time=2024-03-05T09:15:27.000000Z host=ws01",
	      "Channel=[Security]", "EventRecordID=[7]");
}

static void
headers_of_syslog_before_json_are_left_out(void)
{
	struct outcome o;

	READS("<14>1 2024-03-05T10:15:27+01:00 ws01 nxlog 4 - - " EVENT_OF("7") "\n"
	      "Mar  5 10:15:28 ws01 nxlog: " EVENT_OF("8") "\n",
	      2, "two kinds of header", "EventRecordID=[7]", "EventRecordID=[8]");
	o = import(TEXT(EVENT_OF("7") "\n\"tail\":\"x\"}" EVENT_OF("8") "\n"));
	ok(o.gaps == 1, "the end of a broken record is none, and a gap");
	outcome_free(&o);
}

static void
text_of_windows_in_other_languages_is_read(void)
{
	READS("Protokollname: Security\r\nQuelle:        Microsoft-Windows-Security-Auditing\r\n"
	      "Datum:         05.03.2024 10:16:02\r\nEreignis-ID:   4688\r\n"
	      "Aufgabenkategorie:Process Creation\r\nEbene:         Warnung\r\n"
	      "Schl\xc3\xbcsselw\xc3\xb6rter:x\r\nBenutzer:      Nicht zutreffend\r\n"
	      "Computer:      ws01\r\nBeschreibung:\r\nEin Prozess.\r\n\r\n\tKontoname:\tann\r\n",
	      1, "German, of Event Viewer", "event 4688 time=2024-03-05T10:16:02.000000Z host=ws01",
	      "Level=[3]", "body Kontoname=[ann]", "another language");
	READS("Nom du journal\xc2\xa0:Security\nSource :Microsoft-Windows-Security-Auditing\n"
	      "Date :05/03/2024 10:16:02\nID de l\xe2\x80\x99\xc3\xa9v\xc3\xa9nement :4688\n"
	      "Ordinateur :ws01\nDescription :\nUn processus.\n",
	      1, "French", "event 4688 time=2024-03-05T10:16:02.000000Z host=ws01");
	READS("Event[0]:\n  Protokollname: Security\n  Quelle: Microsoft-Windows-Security-Auditing\n"
	      "  Datum: 2024-03-05T10:16:02.123\n  Ereignis-ID: 4688\n  Computer: ws01\n"
	      "  Beschreibung: \nEin Prozess.\n",
	      1, "German, of wevtutil", "event 4688 time=2024-03-05T10:16:02.123000Z host=ws01");
	READS("Protokollname: Security\nQuelle: x\nEreignis-ID: 4688\nBeschreibung:\ntext\n"
	      "Ereignis-XML:\n<Event><System><EventID>4688</EventID></System></Event>\n",
	      1, "its XML is the better copy", "event 4688");
}

#define CLASSIC                                                                                    \
	"03/05/2024 10:16:02 AM\nLogName=Security\nEventCode=4688\nComputerName=ws01\n"

static void
text_that_may_be_cut_off_says_so(void)
{
	struct outcome o = import(TEXT(CLASSIC "Message=A new process.\n"));

	ok(o.events == 1 && !outcome_has(&o, "cut off"), "a whole event says nothing");
	outcome_free(&o);
	READS(CLASSIC "Message=A new pro", 1, "without a line end", "the file ends in this event");
	READS(CLASSIC "Keywords=Audit\n", 1, "without a message", "no message: the text may");
}

static void
says_why_not(const char *file, const char *why)
{
	struct text text = text_of(file), reason;
	bool        ignore;

	ok(importer_find(text, text.n, &reason, &ignore) == NULL &&
	       text_find(reason, text_of(why)) != TEXT_NOWHERE,
	   "%s", why);
}

static void
what_is_not_read_is_named(void)
{
	says_why_not("<13>Mar 05 10:15:27 ws01 MSWinEventLog\t1\tSecurity\n", "syslog");
	says_why_not("CEF:0|Microsoft|Windows||Security:4688|x|Low| eventId=1\n", "CEF");
	says_why_not("TimeCreated  : 3/5/2024 10:15:27 AM\nId : 4688\n", "PowerShell shows it");
	says_why_not("[]\n", "empty list");
}

int
main(void)
{
	text_of_windows_in_other_languages_is_read();
	text_that_may_be_cut_off_says_so();
	what_is_not_read_is_named();
	findings_of_hunting_tools_have_events_in_them();
	rows_of_velociraptor_may_have_user_data_or_neither();
	agents_and_portals_wrap_events_in_their_ways();
	headers_of_syslog_before_json_are_left_out();
	return done_testing();
}
