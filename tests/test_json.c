/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Events in JSON, in all its forms. */
#include "config.h"

#include "importers/formats.h"
#include "tests/import_help.h"

#define CHANNEL "Microsoft-Windows-PowerShell/Operational"
#define PROVIDER "Microsoft-Windows-PowerShell"
#define GUID "a0c1853b-5c40-4b15-8766-3cf1c58f985a"
#define SID "S-1-5-21-1-2-3-1105"

/* One script block event, told in every form. */
static const struct rendering {
	const char *form, *text;
} script_block[] = {
	{ "XML",
	  "<Event><System><Provider Name='" PROVIDER "' Guid='{" GUID "}'/><EventID>4104</EventID>"
	  "<Version>1</Version><Level>5</Level><Opcode>15</Opcode>"
	  "<TimeCreated "
	  "SystemTime='2024-03-05T09:15:27.123000000Z'/><EventRecordID>77</EventRecordID>"
	  "<Execution ProcessID='4312' ThreadID='5120'/><Channel>" CHANNEL "</Channel>"
	  "<Computer>ws01.corp.example</Computer><Security UserID='" SID "'/></System><EventData>"
	  "<Data Name='MessageNumber'>1</Data><Data Name='MessageTotal'>1</Data>"
	  "<Data Name='ScriptBlockText'>host\"name\"\n&lt;x&gt;</Data>"
	  "<Data Name='ScriptBlockId'>aaaa0001-0000-0000-0000-000000000001</Data>"
	  "<Data Name='Path'></Data></EventData></Event>" },
	{ "NXLog",
	  "{\"EventTime\":\"2024-03-05 "
	  "04:15:27\",\"Hostname\":\"ws01.corp.example\",\"Keywords\":0,"
	  "\"EventType\":\"VERBOSE\",\"EventID\":4104,\"SourceName\":\"" PROVIDER "\","
	  "\"ProviderGuid\":\"{" GUID "}\",\"Version\":1,\"OpcodeValue\":15,\"RecordNumber\":77,"
	  "\"ExecutionProcessID\":4312,\"ThreadID\":5120,\"Channel\":\"" CHANNEL "\","
	  "\"UserID\":\"" SID "\",\"MessageNumber\":\"1\",\"MessageTotal\":\"1\","
	  "\"ScriptBlockText\":\"host\\\"name\\\"\\r\\n<x>\","
	  "\"ScriptBlockId\":\"aaaa0001-0000-0000-0000-000000000001\","
	  "\"EventReceivedTime\":\"2024-03-05 04:15:29\",\"SourceModuleType\":\"im_msvistalog\","
	  "\"@timestamp\":\"2024-03-05T09:15:31.412Z\",\"host\":\"collector\",\"tags\":[\"x\"]}"
	  "\n" },
	{ "Winlogbeat 8 with moved fields",
	  "{\"@timestamp\":\"2024-03-05T09:15:27.123Z\",\"event\":{\"code\":\"4104\"},"
	  "\"log\":{\"level\":\"verbose\"},\"winlog\":{\"channel\":\"" CHANNEL "\","
	  "\"provider_name\":\"" PROVIDER "\",\"provider_guid\":\"{" GUID
	  "}\",\"event_id\":\"4104\","
	  "\"record_id\":77,\"version\":1,\"opcode\":\"On create calls\","
	  "\"computer_name\":\"ws01.corp.example\",\"process\":{\"pid\":4312,\"thread\":{\"id\":"
	  "5120}},"
	  "\"user\":{\"identifier\":\"" SID
	  "\"}},\"powershell\":{\"sequence\":1,\"total\":1,\"file\":{"
	  "\"script_block_text\":\"host\\\"name\\\"\\n<x>\","
	  "\"script_block_id\":\"aaaa0001-0000-0000-0000-000000000001\"}}}\n" },
	{ "Winlogbeat with dotted keys",
	  "{\"@timestamp\":\"2024-03-05T09:15:27.123Z\",\"winlog.channel\":\"" CHANNEL "\","
	  "\"winlog.provider_name\":\"" PROVIDER "\",\"winlog.provider_guid\":\"{" GUID "}\","
	  "\"winlog.event_id\":4104,\"winlog.record_id\":\"77\",\"log.level\":\"verbose\","
	  "\"winlog.version\":1,\"winlog.opcode\":\"On create calls\","
	  "\"winlog.computer_name\":\"ws01.corp.example\",\"winlog.process.pid\":4312,"
	  "\"winlog.process.thread.id\":5120,\"winlog.user.identifier\":\"" SID "\","
	  "\"winlog.event_data.MessageNumber\":\"1\",\"winlog.event_data.MessageTotal\":\"1\","
	  "\"winlog.event_data.ScriptBlockText\":\"host\\\"name\\\"\\n<x>\","
	  "\"winlog.event_data.ScriptBlockId\":\"aaaa0001-0000-0000-0000-000000000001\"}\n" },
	{ "Winlogbeat 6",
	  "{\"@timestamp\":\"2024-03-05T09:15:27.123Z\",\"event_id\":4104,\"log_name\":\"" CHANNEL
	  "\","
	  "\"source_name\":\"" PROVIDER "\",\"provider_guid\":\"{" GUID "}\",\"version\":1,"
	  "\"computer_name\":\"ws01.corp.example\",\"record_number\":\"77\",\"level\":\"Verbose\","
	  "\"opcode\":\"On create calls\",\"process_id\":4312,\"thread_id\":5120,"
	  "\"user\":{\"identifier\":\"" SID "\"},\"event_data\":{\"MessageNumber\":\"1\","
	  "\"MessageTotal\":\"1\",\"ScriptBlockText\":\"host\\\"name\\\"\\n<x>\","
	  "\"ScriptBlockId\":\"aaaa0001-0000-0000-0000-000000000001\"}}\n" },
	{ "evtx_dump",
	  "Record 1\n{\n  \"Event\": {\n    \"#attributes\": {\"xmlns\": \"x\"},\n    \"System\": {"
	  "\"Provider\":{\"#attributes\":{\"Name\":\"" PROVIDER "\",\"Guid\":\"" GUID "\"}},"
	  "\"EventID\":4104,\"Version\":1,\"Level\":5,\"Opcode\":15,\"TimeCreated\":{\"#"
	  "attributes\":{"
	  "\"SystemTime\":\"2024-03-05T09:15:27.123000Z\"}},\"EventRecordID\":77,\"Correlation\":"
	  "null,"
	  "\"Execution\":{\"#attributes\":{\"ProcessID\":4312,\"ThreadID\":5120}},"
	  "\"Channel\":\"" CHANNEL
	  "\",\"Computer\":\"ws01.corp.example\",\"Security\":{\"#attributes\":"
	  "{\"UserID\":\"" SID "\"}}},\n\"EventData\":{\"MessageNumber\":1,\"MessageTotal\":1,"
	  "\"ScriptBlockText\":\"host\\\"name\\\"\\r\\n<x>\","
	  "\"ScriptBlockId\":\"aaaa0001-0000-0000-0000-000000000001\",\"Path\":null}}}\n" },
	{ "evtx_dump with separate attributes",
	  "{\"Event_attributes\":{},\"Event\":{\"System\":{\"Provider_attributes\":{\"Name\":"
	  "\"" PROVIDER "\",\"Guid\":\"" GUID
	  "\"},\"EventID\":4104,\"Version\":1,\"Level\":5,\"Opcode\":15,"
	  "\"TimeCreated_attributes\":{\"SystemTime\":\"2024-03-05T09:15:27.123000Z\"},"
	  "\"EventRecordID\":77,\"Execution_attributes\":{\"ProcessID\":4312,\"ThreadID\":5120},"
	  "\"Channel\":\"" CHANNEL "\",\"Computer\":\"ws01.corp.example\","
	  "\"Security_attributes\":{\"UserID\":\"" SID "\"}},\"EventData\":{\"MessageNumber\":1,"
	  "\"MessageTotal\":1,\"ScriptBlockText\":\"host\\\"name\\\"\\r\\n<x>\","
	  "\"ScriptBlockId\":\"aaaa0001-0000-0000-0000-000000000001\"}}}\n" },
	{ "Velociraptor",
	  "{\"System\":{\"Provider\":{\"Name\":\"" PROVIDER "\",\"Guid\":\"{" GUID "}\"},"
	  "\"EventID\":{\"Value\":4104},\"Version\":1,\"Level\":5,\"Opcode\":15,\"Keywords\":0,"
	  "\"TimeCreated\":{\"SystemTime\":1709630127.123},\"EventRecordID\":77,\"Correlation\":{},"
	  "\"Execution\":{\"ProcessID\":4312,\"ThreadID\":5120},\"Channel\":\"" CHANNEL "\","
	  "\"Computer\":\"ws01.corp.example\",\"Security\":{\"UserID\":\"" SID "\"}},"
	  "\"EventData\":{\"MessageNumber\":1,\"MessageTotal\":1,"
	  "\"ScriptBlockText\":\"host\\\"name\\\"\\r\\n<x>\","
	  "\"ScriptBlockId\":\"aaaa0001-0000-0000-0000-000000000001\"}}\n" },
	{ "PowerShell 5.1",
	  "[\n{\"Id\":4104,\"Version\":1,\"Qualifiers\":null,\"Level\":5,\"Opcode\":15,"
	  "\"RecordId\":77,"
	  "\"ProviderName\":\"" PROVIDER "\",\"ProviderId\":\"" GUID "\",\"LogName\":\"" CHANNEL
	  "\","
	  "\"ProcessId\":4312,\"ThreadId\":5120,\"MachineName\":\"ws01.corp.example\","
	  "\"UserId\":{\"BinaryLength\":28,\"Value\":\"" SID "\"},"
	  "\"TimeCreated\":\"\\/Date(1709630127123)\\/"
	  "\",\"Properties\":[{\"Value\":1},{\"Value\":1},"
	  "{\"Value\":\"host\\\"name\\\"\\r\\n<x>\"},"
	  "{\"Value\":\"aaaa0001-0000-0000-0000-000000000001\"},{\"Value\":\"\"}]}\n]\n" },
	{ "EvtxECmd",
	  "{\"PayloadData1\":\"x\",\"MapDescription\":\"x\",\"ProcessId\":4312,\"ThreadId\":5120,"
	  "\"Computer\":\"ws01.corp.example\",\"UserId\":\"" SID "\",\"Channel\":\"" CHANNEL "\","
	  "\"Provider\":\"" PROVIDER
	  "\",\"EventId\":4104,\"EventRecordId\":\"77\",\"Level\":\"Verbose\","
	  "\"TimeCreated\":\"2024-03-05T09:15:27.1230000+00:00\",\"Payload\":\"{\\\"EventData\\\":"
	  "{\\\"Data\\\":[{\\\"@Name\\\":\\\"MessageNumber\\\",\\\"#text\\\":\\\"1\\\"},"
	  "{\\\"@Name\\\":\\\"MessageTotal\\\",\\\"#text\\\":\\\"1\\\"},"
	  "{\\\"@Name\\\":\\\"ScriptBlockText\\\",\\\"#text\\\":\\\"host\\\\\\\"name\\\\\\\"\\\\n<"
	  "x>\\\"},"
	  "{\\\"@Name\\\":\\\"ScriptBlockId\\\",\\\"#text\\\":"
	  "\\\"aaaa0001-0000-0000-0000-000000000001\\\"},{\\\"@Name\\\":\\\"Path\\\"}]}}\"}\n" },
	{ "Splunk row with raw XML",
	  "{\"preview\":true,\"offset\":0,\"result\":{\"_raw\":\"x\",\"source\":\"y\"}}\n"
	  "{\"preview\":false,\"offset\":0,\"result\":{\"_time\":\"2024-03-05T09:15:27.123+00:00\","
	  "\"host\":\"ws01\",\"source\":\"XmlWinEventLog:" CHANNEL
	  "\",\"sourcetype\":\"XmlWinEventLog\","
	  "\"_raw\":\"<Event><System><Provider Name='" PROVIDER "' Guid='{" GUID "}'/>"
	  "<EventID>4104</EventID><Version>1</Version><Level>5</Level><Opcode>15</Opcode>"
	  "<TimeCreated "
	  "SystemTime='2024-03-05T09:15:27.123000000Z'/><EventRecordID>77</EventRecordID>"
	  "<Execution ProcessID='4312' ThreadID='5120'/><Channel>" CHANNEL "</Channel>"
	  "<Computer>ws01.corp.example</Computer><Security UserID='" SID "'/></System><EventData>"
	  "<Data Name='MessageNumber'>1</Data><Data Name='MessageTotal'>1</Data>"
	  "<Data Name='ScriptBlockText'>host\\\"name\\\"\\n&lt;x&gt;</Data>"
	  "<Data "
	  "Name='ScriptBlockId'>aaaa0001-0000-0000-0000-000000000001</Data></EventData></"
	  "Event>\"}}\n"
	  "{\"preview\":false,\"lastrow\":true}\n" },
	{ "Splunk row of columns",
	  "{\"preview\":false,\"result\":{\"_time\":\"2024-03-05T10:15:27.123+0100\",\"host\":"
	  "\"ws01\","
	  "\"EventCode\":\"4104\",\"Computer\":\"ws01.corp.example\",\"Channel\":\"" CHANNEL "\","
	  "\"Name\":\"" PROVIDER "\",\"Guid\":\"{" GUID "}\",\"Version\":\"1\",\"Level\":\"5\","
	  "\"Opcode\":\"15\",\"RecordNumber\":\"77\",\"ProcessID\":\"4312\",\"ThreadID\":\"5120\","
	  "\"UserID\":\"" SID "\",\"MessageNumber\":\"1\",\"MessageTotal\":\"1\","
	  "\"ScriptBlockText\":\"host\\\"name\\\"\\n<x>\","
	  "\"ScriptBlockId\":\"aaaa0001-0000-0000-0000-000000000001\"}}\n" },
	{ "Elasticsearch hit",
	  "{\"took\":1,\"hits\":{\"total\":1,\"hits\":[{\"_index\":\"w\",\"_id\":\"1\",\"_source\":"
	  "{"
	  "\"@timestamp\":\"2024-03-05T09:15:27.123Z\",\"log\":{\"level\":\"verbose\"},"
	  "\"winlog\":{\"channel\":\"" CHANNEL "\",\"provider_name\":\"" PROVIDER "\","
	  "\"provider_guid\":\"{" GUID "}\",\"event_id\":4104,\"record_id\":77,\"version\":1,"
	  "\"opcode\":\"On create calls\",\"computer_name\":\"ws01.corp.example\","
	  "\"process\":{\"pid\":4312,\"thread\":{\"id\":5120}},\"user\":{\"identifier\":\"" SID
	  "\"},"
	  "\"event_data\":{\"MessageNumber\":\"1\",\"MessageTotal\":\"1\","
	  "\"ScriptBlockText\":\"host\\\"name\\\"\\n<x>\","
	  "\"ScriptBlockId\":\"aaaa0001-0000-0000-0000-000000000001\"}}}}]}}\n" },
	{ "evtx_dump binding",
	  "{\"event_record_id\":77,\"timestamp\":\"x\",\"data\":\"{\\\"Event\\\":{\\\"System\\\":{"
	  "\\\"Provider\\\":{\\\"#attributes\\\":{\\\"Name\\\":\\\"" PROVIDER
	  "\\\",\\\"Guid\\\":\\\"" GUID
	  "\\\"}},\\\"EventID\\\":4104,\\\"Version\\\":1,\\\"Level\\\":5,\\\"Opcode\\\":15,"
	  "\\\"TimeCreated\\\":{\\\"#attributes\\\":{\\\"SystemTime\\\":\\\"2024-03-05T09:15:27."
	  "123Z\\\"}},"
	  "\\\"EventRecordID\\\":77,\\\"Execution\\\":{\\\"#attributes\\\":{\\\"ProcessID\\\":4312,"
	  "\\\"ThreadID\\\":5120}},\\\"Channel\\\":\\\"" CHANNEL "\\\",\\\"Computer\\\":"
	  "\\\"ws01.corp.example\\\",\\\"Security\\\":{\\\"#attributes\\\":{\\\"UserID\\\":\\\"" SID
	  "\\\"}}},\\\"EventData\\\":{\\\"MessageNumber\\\":1,\\\"MessageTotal\\\":1,"
	  "\\\"ScriptBlockText\\\":\\\"host\\\\\\\"name\\\\\\\"\\\\n<x>\\\",\\\"ScriptBlockId\\\":"
	  "\\\"aaaa0001-0000-0000-0000-000000000001\\\"}}}\"}\n" },
};

static void
one_act_has_the_same_fields_in_every_form(void)
{
	static const char *const lines[] = {
		"sys Name=[" PROVIDER "]\n",
		"sys EventID=[4104]\n",
		"sys Level=[5]\n",
		"sys EventRecordID=[77]\n",
		"sys ProcessID=[4312]\n",
		"sys ThreadID=[5120]\n",
		"sys Channel=[" CHANNEL "]\n",
		"sys Computer=[ws01.corp.example]\n",
		"sys UserID=[" SID "]\n",
		"body MessageNumber=[1]\n",
		"body MessageTotal=[1]\n",
		"body ScriptBlockText=[host\"name\"\n<x>]\n",
		"body ScriptBlockId=[aaaa0001-0000-0000-0000-000000000001]\n",
	};

	for (size_t i = 0; i < sizeof(script_block) / sizeof(*script_block); i++) {
		struct outcome o = import(text_of(script_block[i].text));
		bool all = o.events == 1 && o.gaps == 0;
		bool whole_seconds = strcmp(script_block[i].form, "NXLog") == 0;

		for (size_t k = 0; k < sizeof(lines) / sizeof(*lines); k++)
			all &= outcome_has(&o, lines[k]);
		all &= outcome_has(&o, whole_seconds ? "time=2024-03-05T09:15:27.000000Z "
						     : "time=2024-03-05T09:15:27.123000Z ");
		all &= outcome_has(&o, "flags=0 ");
		if (strcmp(script_block[i].form, "EvtxECmd") != 0) /* it drops these three */
			all &= outcome_has(&o,
					   "sys Guid=[{A0C1853B-5C40-4B15-8766-3CF1C58F985A}]\n") &&
			       outcome_has(&o, "sys Version=[1]\n") &&
			       outcome_has(&o, "sys Opcode=[15]\n");
		ok(all, "%s", script_block[i].form);
		outcome_free(&o);
	}
}

static void
the_window_does_not_show_in_the_events(void)
{
	struct arena a = arena_open(1 << 20);
	struct text all = TEXT("");
	struct outcome whole;
	static const size_t windows[] = { 1, 7, 64, 1000 };

	for (size_t i = 1; i < sizeof(script_block) / sizeof(*script_block); i++)
		all = arena_join(&a, all, text_of(script_block[i].text));
	all = arena_join(&a, all, TEXT("{\"torn\": \"x\n{\"other\":1}\nrubbish\n"));
	whole = import_with(&importer_json, all, &(struct import_options){ .recover = false });
	ok(whole.events == sizeof(script_block) / sizeof(*script_block) - 1,
	   "all forms in one file");
	for (size_t i = 0; i < sizeof(windows) / sizeof(*windows); i++) {
		struct outcome o = import_with(
		    &importer_json, all, &(struct import_options){ .window_bytes = windows[i] });

		ok(outcome_same(&whole, &o), "a window of %zu bytes", windows[i]);
		outcome_free(&o);
	}
	outcome_free(&whole);
	arena_close(&a);
}

#define BEAT(id) "{\"@timestamp\":\"2024-03-05T09:15:27Z\",\"winlog\":{\"event_id\":" id "}}"

static void
broken_records_are_gaps_and_the_rest_is_read(void)
{
	struct outcome o = import(TEXT(BEAT("1") "\n{\"winlog\":{\"event_id\":9,\"x\":\"cut in a "
						 "text\n" BEAT("2") "\n{\"winlog\":{\"event_id\":9,"
								    "\n" BEAT("3") "\n{\"winlog\":{"
										   "\"a\":1]}"
										   "\n" BEAT("4") "\nrubbish\n\n" BEAT(
										       "5") "\n{"
											    "\"winl"
											    "og\":{"
											    "\"even"
											    "t_"
											    "id\":"
											    "9"));

	for (int i = 1; i <= 5; i++) {
		char line[32];

		snprintf(line, sizeof(line), "event %d ", i);
		ok(outcome_has(&o, line), "record %d", i);
	}
	ok(o.events == 5 && o.lost == 4, "four records lost");
	ok(outcome_has(&o, "lost=1 reason=[JSON record is cut off or broken]") &&
	       outcome_has(&o, "lost=0 reason=[text that is no JSON]"),
	   "with reasons");
	outcome_free(&o);
	o = import(TEXT(
	    BEAT("1") "\n{\"winlog\":{\"event_id\":2,\"event_data\":{\"a\":\"one\ntwo\"}}}\n"));
	ok(o.events == 2 && outcome_has(&o, "body a=[one\ntwo]"),
	   "bare line ends in texts are taken");
	outcome_free(&o);
}

static void
unknown_records_are_one_gap_that_names_their_keys(void)
{
	struct outcome o = import(TEXT("{\"alpha\":1,\"beta\":2}\n{\"alpha\":3}\n{\"alpha\":4}\n"));

	ok(o.events == 0 && o.gaps == 1 && o.lost == 3, "one gap, three records");
	ok(outcome_has(&o, "gap at=0+44 ") && outcome_has(&o, "its keys: alpha beta]"), "keys");
	outcome_free(&o);
	o = import(TEXT("{\"preview\":false,\"result\":{\"count\":\"7\",\"host\":\"x\"}}\n"));
	ok(o.events == 0 && outcome_has(&o, "these are results of a search, not events"),
	   "statistics");
	outcome_free(&o);
	o = import(TEXT("{\"preview\":true,\"result\":{\"_raw\":\"x\"}}\n"));
	ok(o.gaps == 1 && outcome_has(&o, "preview of a search"), "previews alone are said");
	outcome_free(&o);
}

static void
crowdstrike_records_have_their_own_names(void)
{
	struct outcome o = import(TEXT(
	    "{\"event_simpleName\":\"ProcessRollup2\",\"aid\":\"0123\",\"timestamp\":"
	    "\"1709630129001\","
	    "\"ProcessStartTime\":\"1709630127.101\",\"TargetProcessId\":\"18446744073709551615\","
	    "\"CommandLine\":\"\\\"C:\\\\a.exe\\\" b\",\"Tags\":\"25, 27\"}\n"
	    "{\"#event_simpleName\":\"UserLogon\",\"ComputerName\":\"WS01\",\"aid\":\"0123\","
	    "\"@timestamp\":1709630129001,\"ContextTimeStamp\":\"1709630128.5\"}\n"));

	ok(outcome_has(&o, "event 0 time=2024-03-05T09:15:27.101000Z host=0123 channel= provider= "
			   "record=0 format=6"),
	   "the time of the process, the sensor for want of a name");
	ok(outcome_has(&o, "body TargetProcessId=[18446744073709551615]\n"), "large ids stay text");
	ok(outcome_has(&o, "time=2024-03-05T09:15:28.500000Z host=WS01 "), "a LogScale export");
	outcome_free(&o);
}

static void
local_times_of_nxlog_find_their_zone(void)
{
	struct outcome o = import(
	    TEXT("{\"EventTime\":\"2024-03-05 04:15:27\",\"Hostname\":\"h\",\"EventID\":1}\n"
		 "{\"EventTime\":\"2024-03-05 04:15:28\",\"Hostname\":\"h\",\"EventID\":2,"
		 "\"EventReceivedTime\":\"2024-03-05 "
		 "04:15:29\",\"@timestamp\":\"2024-03-05T09:15:31.4Z\"}\n"
		 "{\"EventTime\":\"2024-03-05 04:15:29\",\"UtcTime\":\"2024-03-05 09:15:28.866\","
		 "\"Hostname\":\"h\",\"EventID\":3}\n"));

	ok(outcome_has(&o, "event 1 time=2024-03-05T09:15:27.000000Z") &&
	       outcome_has(&o, "flags=0 "),
	   "one record tells it for the file");
	ok(outcome_has(&o, "event 3 time=2024-03-05T09:15:28.866000Z"),
	   "Sysmon's own time is finer");
	outcome_free(&o);
	o = import(
	    TEXT("{\"EventTime\":\"2024-03-05 04:15:27\",\"Hostname\":\"h\",\"EventID\":1}\n"));
	ok(outcome_has(&o, "event 1 time=2024-03-05T04:15:27.000000Z") &&
	       outcome_has(&o, "flags=1 "),
	   "nobody tells: UTC, flagged");
	outcome_free(&o);
}

static struct outcome
winlogbeat_event(const char *guid, const char *data)
{
	char text[512];

	snprintf(text, sizeof(text),
		 "{\"@timestamp\":\"2024-03-05T09:15:27.123Z\",\"event\":{\"code\":\"1\"},"
		 "\"winlog\":{\"channel\":\"Application\",\"provider_name\":\"P\",%s\"event_id\":\"1\","
		 "\"computer_name\":\"h\",\"event_data\":{%s}}}\n",
		 guid, data);
	return import(text_of(text));
}

static void
values_that_winlogbeat_numbered_have_no_names(void)
{
	struct outcome o = winlogbeat_event(
	    "", "\"param1\":\"a\",\"param10\":\"j\",\"param2\":\"b\",\"param3\":\"c\",\"param4\":\"d\","
		"\"param5\":\"e\",\"param6\":\"f\",\"param7\":\"g\",\"param8\":\"h\",\"param9\":\"i\"");

	ok(outcome_has(&o, "body Data=[a]\nbody Data=[b]\nbody Data=[c]\nbody Data=[d]\nbody Data=[e]\n"
			   "body Data=[f]\nbody Data=[g]\nbody Data=[h]\nbody Data=[i]\nbody Data=[j]\n"),
	   "as they stand in the event");
	outcome_free(&o);
	o = winlogbeat_event("\"provider_guid\":\"{" GUID "}\",", "\"param1\":\"a\"");
	ok(outcome_has(&o, "body param1=[a]\n"), "a manifest can call a value param1");
	outcome_free(&o);
	o = winlogbeat_event("", "\"Binary\":\"0D00\",\"param1\":\"a\",\"param2\":\"b\"");
	ok(outcome_has(&o, "body Data=[a]\nbody Data=[b]\nbody Binary=[0D00]\n"),
	   "the bytes that may lie behind them keep their name");
	outcome_free(&o);
	o = winlogbeat_event("", "\"param1\":\"a\",\"param3\":\"c\"");
	ok(outcome_has(&o, "body param1=[a]\nbody param3=[c]\n"), "with one missing they keep them");
	outcome_free(&o);
	o = winlogbeat_event("", "\"param1\":\"a\",\"param01\":\"c\"");
	ok(outcome_has(&o, "body param1=[a]\nbody param01=[c]\n"), "and with one twice");
	outcome_free(&o);
}

static void
decoders_cannot_repeat_a_key_but_we_fold_it_back(void)
{
	struct outcome o = import(TEXT(
	    "{\"Event\":{\"System\":{\"Provider\":{\"#attributes\":{\"Name\":\"P\"}},\"EventID\":{"
	    "\"#attributes\":{\"Qualifiers\":16384},\"#text\":4648},\"Keywords\":\"0x1\"},"
	    "\"EventData\":{"
	    "\"LogonGuid\":\"00000000-0000-0000-0000-00000000000a\","
	    "\"LogonGuid_1\":\"00000000-0000-0000-0000-00000000000b\",\"a_1\":\"kept\","
	    "\"Data\":{\"#text\":[\"x\",\"y\"]},\"Binary\":null}}}\n"
	    "{\"Event\":{\"System\":{\"EventID\":1102,\"Provider\":{}},\"UserData\":{"
	    "\"LogFileCleared\":{"
	    "\"#attributes\":{\"xmlns:n\":\"x\"},\"SubjectUserName\":\"jdoe\",\"A\":{\"N\":1},"
	    "\"B\":{\"N\":2,"
	    "\"#attributes\":{\"k\":\"v\"}}}}}}\n"));

	ok(outcome_has(&o, "sys EventID=[4648]\nsys Qualifiers=[16384]\n"),
	   "event id with qualifiers");
	ok(outcome_has(&o,
		       "body LogonGuid=[{00000000-0000-0000-0000-00000000000A}]\n"
		       "body LogonGuid=[{00000000-0000-0000-0000-00000000000B}]\nbody a_1=[kept]\n"
		       "body Data=[x]\nbody Data=[y]\nbody Binary=[]\n"),
	   "second values and unnamed data");
	ok(outcome_has(&o, "body SubjectUserName=[jdoe]\nbody N=[1]\nbody B.N=[2]\nbody B.k=[v]\n"),
	   "leaves of UserData");
	outcome_free(&o);
}

static void
classic_text_in_a_row_takes_its_zone_from_the_index(void)
{
	struct outcome o = import(
	    TEXT("{\"preview\":false,\"result\":{\"_time\":\"2024-03-05T09:16:02.000+00:00\","
		 "\"sourcetype\":\"WinEventLog\",\"Extra\":\"1\",\"punct\":\"//\",\"_raw\":"
		 "\"03/05/2024 10:16:02 AM\\nLogName=Security\\nEventCode=4688\\nMessage=A "
		 "process.\"}}\n"));

	ok(outcome_has(&o, "event 4688 time=2024-03-05T09:16:02.000000Z") &&
	       outcome_has(&o, "flags=0 "),
	   "time of the index");
	ok(outcome_has(&o, "body Extra=[1]\n") &&
	       outcome_has(&o, "body sourcetype=[WinEventLog]\n"),
	   "columns that the text does not have");
	ok(text_find((struct text){ o.log, o.n }, TEXT("punct")) == TEXT_NOWHERE,
	   "but not the index's");
	outcome_free(&o);
}

static void
tables_of_splunk_and_azure_rows_are_read(void)
{
	struct outcome o = import(
	    TEXT("{\"preview\":false,\"fields\":[\"EventCode\",\"Computer\"],"
		 "\"rows\":[[\"1\",\"a\"],[\"2\",\"b\"]]}\n"
		 "{\"preview\":false,\"fields\":[{\"name\":\"EventCode\"},{\"name\":\"Computer\"}],"
		 "\"columns\":[[\"3\",\"4\"],[\"c\",\"d\"]]}\n"
		 "{\"preview\":false,\"messages\":[],\"results\":[{\"EventCode\":\"5\"},{"
		 "\"EventCode\":\"6\"}]}\n"
		 "{\"TimeGenerated\":\"2024-03-05T09:15:27.123Z\",\"Computer\":\"e\",\"EventID\":7,"
		 "\"Source\":\"P\",\"EventLog\":\"System\",\"EventData\":\"<DataItem "
		 "type=\\\"x\\\"><EventData>"
		 "<Data Name=\\\"N\\\">a &amp; b</Data></EventData></DataItem>\"}\n"));

	ok(o.gaps == 0 && outcome_has(&o, "event 2 ") && outcome_has(&o, "host=b ") &&
	       outcome_has(&o, "event 4 ") && outcome_has(&o, "host=d ") &&
	       outcome_has(&o, "event 6 "),
	   "rows, columns, results");
	ok(outcome_has(
	       &o, "event 7 time=2024-03-05T09:15:27.123000Z host=e channel=System provider=P") &&
	       outcome_has(&o, "body N=[a & b]\n"),
	   "Azure, its data as XML");
	outcome_free(&o);
}

static void
deep_and_large_records_do_no_harm(void)
{
	struct arena a = arena_open((size_t)64 << 20);
	char *p = a.at;
	size_t n = 0;
	struct outcome o;

	n += (size_t)sprintf(p + n, "{\"winlog\":");
	for (int i = 0; i < 2000; i++)
		n += (size_t)sprintf(p + n, "{\"a\":");
	n += (size_t)sprintf(p + n, "\n" BEAT("1") "\n");
	o = import((struct text){ p, n });
	ok(o.events == 1 && o.gaps >= 1, "too deep: a gap, and the next record is read");
	outcome_free(&o);
	n = (size_t)sprintf(p, "{\"took\":1,\"hits\":{\"hits\":[");
	while (n < ((size_t)18 << 20))
		n += (size_t)sprintf(p + n, "{\"_index\":\"x\",\"_source\":" BEAT("5") "},\n");
	n += (size_t)sprintf(p + n, "{\"_source\":" BEAT("6") "}]}}\n");
	o = import_with(&importer_json, (struct text){ p, n },
			&(struct import_options){ .recover = false });
	ok(o.events > 100000 && o.gaps == 0, "a huge answer: the records inside of it (%zu)",
	   o.events);
	outcome_free(&o);
	arena_close(&a);
}

static void
an_answer_with_many_values_is_read_record_by_record(void)
{
	struct arena   a = arena_open((size_t)8 << 20);
	char          *p = a.at;
	size_t         n = (size_t)sprintf(p, "{\"took\":1,\"hits\":{\"total\":2,\"hits\":[");
	struct outcome o;

	for (int i = 0; i < 12000; i++)
		n += (size_t)sprintf(p + n, "%s{\"_index\":\"x\",\"_source\":" BEAT("5") "}",
				     i ? "," : "");
	n += (size_t)sprintf(p + n, "]}}\n" BEAT("6") "\n");
	ok(n < (size_t)4 << 20, "an answer that is not too large, but has many values");
	o = import_with(&importer_json, (struct text){ p, n },
			&(struct import_options){ .recover = false });
	ok(o.events == 12001 && o.gaps == 0, "its records are read, and what follows (%zu)", o.events);
	outcome_free(&o);
	n = (size_t)sprintf(p, "{\"winlog\":{\"event_id\":7,\"x\":[{\"y\":1}");
	for (int i = 0; i < 70000; i++)
		n += (size_t)sprintf(p + n, ",1");
	n += (size_t)sprintf(p + n, "]}}\n" BEAT("6") "\n");
	o = import((struct text){ p, n });
	ok(o.events == 1 && o.gaps == 1 && outcome_has(&o, "more than 65536 values"),
	   "one record with as many: a gap, and the next one is read");
	outcome_free(&o);
	arena_close(&a);
}

int
main(void)
{
	one_act_has_the_same_fields_in_every_form();
	the_window_does_not_show_in_the_events();
	broken_records_are_gaps_and_the_rest_is_read();
	unknown_records_are_one_gap_that_names_their_keys();
	crowdstrike_records_have_their_own_names();
	local_times_of_nxlog_find_their_zone();
	values_that_winlogbeat_numbered_have_no_names();
	decoders_cannot_repeat_a_key_but_we_fold_it_back();
	classic_text_in_a_row_takes_its_zone_from_the_index();
	tables_of_splunk_and_azure_rows_are_read();
	deep_and_large_records_do_no_harm();
	an_answer_with_many_values_is_read_record_by_record();
	return done_testing();
}
