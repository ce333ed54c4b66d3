/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One event, many vocabularies. */
#include "config.h"

#include "base/meaning.h"
#include "base/name_entry.h"
#include "base/names.h"
#include "tests/made.h"
#include "tests/named.h"
#include "tests/tap.h"

static struct event *
script_block(struct arena *keep)
{
	struct event *ev = made_event(
	    keep, POWERSHELL_LOG, 4104, "ws1.corp.example",
	    "Name=Microsoft-Windows-PowerShell\nGuid={A0C1853B-5C40-4B15-8766-3CF1C58F985A}\n"
	    "Opcode=15\nKeywords=0x0\nEventRecordID=7711\nProcessID=4312\nThreadID=5120\n"
	    "UserID=S-1-5-21-1-2-3-1105\n--\nMessageNumber=1\nMessageTotal=1\n"
	    "ScriptBlockText=Invoke-Command -ComputerName srv02\nScriptBlockId=aaaa0001\nPath=");

	ev->record_id = 7711;
	ev->has_record_id = true;
	ev->time_ns = INT64_C(1709630127123456700);
	return ev;
}

static void
a_script_block_speaks_every_vocabulary(struct arena keep)
{
	static const struct pair want[] = {
		{ "EventCode", "4104" },
		{ "EventID", "4104" },
		{ "signature_id", "4104" },
		{ "Computer", "ws1.corp.example" },
		{ "ComputerName", "ws1.corp.example" },
		{ "dest", "ws1.corp.example" },
		{ "dvc", "ws1.corp.example" },
		{ "host", "ws1" },
		{ "dvc_nt_host", "ws1" },
		{ "Channel", POWERSHELL_LOG },
		{ "LogName", POWERSHELL_LOG },
		{ "source", "XmlWinEventLog:" POWERSHELL_LOG },
		{ "sourcetype", "XmlWinEventLog" },
		{ "eventtype", "(none)" },
		{ "Name", "Microsoft-Windows-PowerShell" },
		{ "SourceName", "Microsoft-Windows-PowerShell" },
		{ "Guid", "{A0C1853B-5C40-4B15-8766-3CF1C58F985A}" },
		{ "RecordNumber", "7711" },
		{ "EventRecordID", "7711" },
		{ "event_id", "7711" },
		{ "id", "7711" },
		{ "Opcode", "15" },
		{ "OpCode", "15" },
		{ "ProcessID", "4312" },
		{ "ThreadID", "5120" },
		{ "UserID", "S-1-5-21-1-2-3-1105" },
		{ "user_id", "S-1-5-21-1-2-3-1105" },
		{ "User", "S-1-5-21-1-2-3-1105" },
		{ "user", "S-1-5-21-1-2-3-1105" },
		{ "vendor_product", "Microsoft Windows" },
		{ "signature", "Microsoft-Windows-PowerShell Execute a Remote Command" },
		{ "ScriptBlockText", "Invoke-Command -ComputerName srv02" },
		{ "Path", "(none)" },
		{ "_time", "1709630127.1234567" },
		{ "Nothing", "(none)" },
		{ "Message",
		  "Creating Scriptblock text (1 of 1):\nInvoke-Command -ComputerName srv02\n\n"
		  "ScriptBlock ID: aaaa0001\nPath: " },
		{ NULL, NULL },
	};

	names_are(&keep, script_block(&keep), want);
}

/* Some forms have no column for it, and each of these events only the one. */
static void
an_opcode_is_known_by_the_event(struct arena keep)
{
	static const struct {
		const char *log;
		uint32_t    event_id;
		const char *fields, *opcode;
	} cases[] = {
		{ POWERSHELL_LOG, 4104, "--\nScriptBlockText=x", "15" },
		{ "PowerShellCore/Operational", 4104, "--\nScriptBlockText=x", "15" },
		{ POWERSHELL_LOG, 4103, "--\nPayload=x", "20" },
		{ POWERSHELL_LOG, 4100, "--\nPayload=x", "(none)" },
		{ "Microsoft-Windows-Sysmon/Operational", 1, "--\nImage=x", "0" },
		{ "Security", 4688, "--\nNewProcessName=x", "0" },
		{ "Security", 4688, "Opcode=3\n--\nNewProcessName=x", "3" },
		{ "System", 7045, "--\nServiceName=x", "(none)" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		is(made_values(&keep,
			       made_event(&keep, cases[i].log, cases[i].event_id, "ws1",
					  cases[i].fields),
			       "Opcode"),
		   text_of(cases[i].opcode), cases[i].fields);
}

static void
user_of_a_script_block_is_never_absent(struct arena keep)
{
	const struct event *nobody = made_event(&keep, POWERSHELL_LOG, 4104, "h", "--\nX=1");
	const struct event *system =
	    made_event(&keep, POWERSHELL_LOG, 4104, "h", "UserID=S-1-5-18\n--");

	is(made_values(&keep, nobody, "User"), TEXT("NOT_TRANSLATED"), "User without a SID");
	is(made_values(&keep, nobody, "user_id"), TEXT("(none)"), "user_id without a SID");
	is(made_values(&keep, system, "User"), TEXT("NT AUTHORITY\\SYSTEM"),
	   "User of a well-known SID");
	is(system->user, TEXT("NT AUTHORITY\\SYSTEM"), "the event's user");
}

static struct event *
sysmon_1(struct arena *keep)
{
	return made_event(
	    keep, SYSMON_LOG, 1, "WS3",
	    "Name=Microsoft-Windows-Sysmon\nUserID=S-1-5-18\nKeywords=0x8000000000000000\n--\n"
	    "UtcTime=2024-03-05 09:15:27.123\nProcessGuid={g1}\nProcessId=6700\n"
	    "Image=C:\\x\\PowerShell.exe\nOriginalFileName=PowerShell.EXE\n"
	    "CommandLine=powershell Invoke-WmiMethod -Class Win32_Process -CN T -Name create\n"
	    "CurrentDirectory=C:\\x\\\nUser=CORP\\ann\nIntegrityLevel=High\n"
	    "Hashes=MD5=0A,SHA256=0B,IMPHASH=0C\nParentProcessGuid={g0}\nParentProcessId=100\n"
	    "ParentImage=C:\\w\\cmd.exe\nParentCommandLine=cmd /c x");
}

static void
sysmon_1_is_a_process(struct arena keep)
{
	static const struct pair want[] = {
		{ "Processes.dest", "WS3" },
		{ "Processes.user", "CORP\\ann" },
		{ "Processes.action", "allowed" },
		{ "Processes.process",
		  "powershell Invoke-WmiMethod -Class Win32_Process -CN T -Name create" },
		{ "Processes.process_name", "PowerShell.exe" },
		{ "Processes.process_exec", "PowerShell.exe" },
		{ "Processes.process_path", "C:\\x\\PowerShell.exe" },
		{ "Processes.process_id", "6700" },
		{ "Processes.process_guid", "{g1}" },
		{ "Processes.process_hash", "MD5=0A,SHA256=0B,IMPHASH=0C" },
		{ "Processes.process_integrity_level", "high" },
		{ "Processes.process_current_directory", "C:\\x\\" },
		{ "Processes.original_file_name", "PowerShell.EXE" },
		{ "Processes.parent_process", "cmd /c x" },
		{ "Processes.parent_process_name", "cmd.exe" },
		{ "Processes.parent_process_path", "C:\\w\\cmd.exe" },
		{ "Processes.parent_process_id", "100" },
		{ "Processes.parent_process_guid", "{g0}" },
		{ "Processes.user_id", "S-1-5-18" },
		{ "Processes.vendor_product", "Microsoft Sysmon" },
		{ "Processes.os", "Microsoft Windows" },
		{ "Processes.no_such_field", "(none)" },
		{ "process_name", "PowerShell.exe" },
		{ "parent_process_name", "cmd.exe" },
		{ "process_guid", "{g1}" },
		{ "MD5", "0A" },
		{ "SHA256", "0B" },
		{ "IMPHASH", "0C" },
		{ "SHA1", "(none)" },
		{ "user", "CORP\\ann" },
		{ "User", "CORP\\ann" },
		{ "signature", "Process Create" },
		{ "Registry.registry_path", "(none)" },
		{ NULL, NULL },
	};

	names_are(&keep, sysmon_1(&keep), want);
}

static void
missing_process_fields_read_unknown(struct arena keep)
{
	static const struct pair want[] = {
		{ "Processes.user", "unknown" },
		{ "Processes.process", "\"C:\\a b\\x.exe\" /y" },
		{ "Processes.process_name", "x.exe" },
		{ "Processes.parent_process", "unknown" },
		{ "Processes.parent_process_name", "unknown" },
		{ "Processes.original_file_name", "unknown" },
		{ "Processes.process_id", "(none)" },
		{ "Processes.process_path", "(none)" },
		{ NULL, NULL },
	};
	const struct event *ev =
	    made_event(&keep, SYSMON_LOG, 1, "h", "--\nCommandLine=\"C:\\a b\\x.exe\" /y\nImage=");

	names_are(&keep, ev, want);
}

static struct event *
created_4688(struct arena *keep, const char *path, const char *command)
{
	struct text fields = arena_printf(
	    keep,
	    "Keywords=0x8020000000000000\n--\nSubjectUserSid=S-1-5-18\nSubjectUserName=WS1$\n"
	    "SubjectDomainName=CORP\nSubjectLogonId=0x3e7\nNewProcessId=0xf84\nNewProcessName=%s\n"
	    "ProcessId=0x1a2c\nCommandLine=%s\nTargetUserSid=S-1-0-0\nTargetUserName=-\n"
	    "ParentProcessName=C:\\Windows\\explorer.exe\nMandatoryLabel=S-1-16-12288",
	    path, command);

	return made_event(keep, "Security", 4688, "ws1", fields.p);
}

static void
security_4688_is_a_process(struct arena keep)
{
	static const struct pair want[] = {
		{ "Processes.dest", "ws1" },
		{ "Processes.user", "WS1$" },
		{ "Processes.user_id", "S-1-5-18" },
		{ "Processes.process", "C:\\Windows\\System32\\calc.exe /x" },
		{ "Processes.process_name", "calc.exe" },
		{ "Processes.process_path", "C:\\Windows\\System32\\calc.exe" },
		{ "Processes.process_id", "0xf84" },
		{ "Processes.parent_process_id", "0x1a2c" },
		{ "Processes.parent_process", "C:\\Windows\\explorer.exe" },
		{ "Processes.parent_process_name", "explorer.exe" },
		{ "Processes.original_file_name", "unknown" },
		{ "Processes.action", "allowed" },
		{ "Processes.process_guid", "(none)" },
		{ "Processes.process_integrity_level", "high" },
		{ "Processes.vendor_product", "Microsoft Windows" },
		{ "CommandLine", "calc.exe /x" },
		{ "process", "C:\\Windows\\System32\\calc.exe /x" },
		{ "Caller_User_Name", "WS1$" },
		{ "Logon_ID", "0x3e7" },
		{ "src_user", "WS1$" },
		{ "eventtype", "wineventlog_security" },
		{ NULL, NULL },
	};

	names_are(&keep, created_4688(&keep, "C:\\Windows\\System32\\calc.exe", "calc.exe /x"),
		  want);
}

static void
command_lines_of_4688_get_their_path(struct arena keep)
{
	static const char *const cases[][3] = {
		{ "C:\\w\\calc.exe", "C:\\w\\calc.exe /x", "C:\\w\\calc.exe /x" },
		{ "C:\\w\\calc.exe", "\"C:\\w\\calc.exe\" /x", "\"C:\\w\\calc.exe\" /x" },
		{ "C:\\w\\calc.exe", "calc", "C:\\w\\calc.exe" },
		{ "C:\\w\\calc.exe", "", "C:\\w\\calc.exe" },
		{ "C:\\a b\\calc.exe", "calc C:\\x", "\"C:\\a b\\calc.exe\" C:\\x" },
		{ "C:\\w\\calc.exe", "\"calc\"  /x  /y", "C:\\w\\calc.exe /x  /y" },
		{ "", "calc /x", "calc /x" },
		{ "C:\\w\\calc.exe", "calc -f ", "C:\\w\\calc.exe -f " },
		{ "C:\\w\\calc.exe", "C:\\w\\calc -f ", "C:\\w\\calc -f " },
		{ "C:\\w\\calc.exe", "  calc -f", "C:\\w\\calc.exe -f" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		is(made_values(&keep, created_4688(&keep, cases[i][0], cases[i][1]), "process"),
		   text_of(cases[i][2]), cases[i][1]);
}

static void
crowdstrike_is_a_process(struct arena keep)
{
	static const struct pair want[] = {
		{ "Processes.process", "powershell -c x" },
		{ "Processes.process_name", "powershell.exe" },
		{ "Processes.parent_process_name", "cmd.exe" },
		{ "Processes.user", "S-1-5-21-1" },
		{ "Processes.process_id", "6700" },
		{ "Processes.parent_process_id", "545" },
		{ "Processes.process_hash", "(none)" },
		{ "Processes.original_file_name", "unknown" },
		{ "Processes.process_integrity_level", "high" },
		{ "Processes.vendor_product", "CrowdStrike FDR" },
		{ "source", "crowdstrike" },
		{ "sourcetype", "crowdstrike:events:sensor" },
		{ "signature", "ProcessRollup2" },
		{ "EventCode", "(none)" },
		{ NULL, NULL },
	};
	struct event *ev = arena_new(&keep, struct event, 1);

	made_fields(
	    &keep, ev,
	    TEXT("CommandLine= powershell -c x \nImageFileName=\\Device\\V\\powershell.exe\n"
		 "ParentBaseFileName=cmd.exe\nUserSid=S-1-5-21-1\nRawProcessId=6700\n"
		 "TargetProcessId=564\nParentProcessId=545\nSHA256HashData=0000\n"
		 "IntegrityLevel=12288"));
	ev->format = FORMAT_CROWDSTRIKE;
	ev->event_name = TEXT("ProcessRollup2");
	event_finish(ev);
	ok(ev->scope == SCOPE_CROWDSTRIKE && model_has(MODEL_PROCESSES, ev),
	   "it is a process event");
	is(ev->user, TEXT("S-1-5-21-1"), "its user");
	names_are(&keep, ev, want);
}

static void
registry_values_are_split(struct arena keep)
{
	static const struct pair want[] = {
		{ "Registry.registry_path", "HKLM\\SOFTWARE\\Run\\evil" },
		{ "Registry.registry_key_name", "evil" },
		{ "Registry.registry_value_name", "evil" },
		{ "Registry.registry_value_data", "0x00000001" },
		{ "Registry.registry_value_type", "REG_DWORD" },
		{ "Registry.registry_hive", "HKLM" },
		{ "Registry.action", "modified" },
		{ "Registry.user", "unknown" },
		{ NULL, NULL },
	};
	const struct event *ev =
	    made_event(&keep, SYSMON_LOG, 13, "h",
		       "--\nEventType=SetValue\nTargetObject=HKLM\\SOFTWARE\\Run\\evil\n"
		       "Details=DWORD (0x00000001)");

	names_are(&keep, ev, want);
	ok(made_holds(made_eq(&keep, "Registry.registry_key_name", "*\\Run\\*"), ev, keep),
	   "registry_key_name compares as a path, too");
}

static void
a_part_of_a_joined_block_hides_its_text(struct arena keep)
{
	struct event *ev =
	    made_event(&keep, POWERSHELL_LOG, 4104, "h",
		       "--\nMessageNumber=2\nMessageTotal=3\nScriptBlockText=secret-word\n"
		       "ScriptBlockId=b1");

	ok(ev->flags & EVENT_SCRIPT_PART, "2 of 3 is a part");
	ok(!(script_block(&keep)->flags & EVENT_SCRIPT_PART), "1 of 1 is not");
	ev->message = TEXT("Creating Scriptblock text (2 of 3): secret-word");
	ev->flags |= EVENT_SCRIPT_REST;
	is(made_values(&keep, ev, "ScriptBlockText"), TEXT("(none)"),
	   "no ScriptBlockText for searches");
	is(event_get(ev, TEXT("ScriptBlockText")), TEXT("secret-word"),
	   "the raw field stays for display");
	ok(text_find(made_values(&keep, ev, "Message"), TEXT("secret-word")) == TEXT_NOWHERE,
	   "nor in Message");
	ok(text_find(event_raw(ev, &keep), TEXT("secret-word")) == TEXT_NOWHERE, "nor in _raw");
	ok(text_find(event_words(ev, &keep), TEXT("secret-word")) == TEXT_NOWHERE,
	   "nor for bare words");
	is(event_summary(ev, &keep), TEXT("part 2 of 3 of script block b1"), "its summary");
}

static void
event_ids_of_any_size_are_texts(struct arena keep)
{
	static const struct pair want[] = { { "0", "0" },	{ "7", "7" },
					    { "42", "42" },	{ "104", "104" },
					    { "9999", "9999" }, { "10000", "10000" },
					    { "53504", "53504" }, { NULL, NULL } };

	for (size_t i = 0; want[i].name; i++) {
		uint64_t id = 0;

		text_to_u64(text_of(want[i].name), &id);
		is(made_values(&keep, made_event(&keep, "System", (uint32_t)id, "h", "--"),
			       "EventCode"),
		   text_of(want[i].value), want[i].name);
	}
}

static void
names_with_blanks_read_as_underscores(struct arena keep)
{
	const struct event *ev = made_event(&keep, "Microsoft-Windows-Windows Defender/Operational",
					    5007, "h", "--\nNew Value=x\nOld Value=");

	is(made_values(&keep, ev, "New_Value"), TEXT("x"), "New_Value");
	is(made_values(&keep, ev, "New Value"), TEXT("x"), "New Value");
	is(made_values(&keep, ev, "Old_Value"), TEXT("(none)"), "empty values are no values");
}

static void
the_table_is_sorted(void)
{
	const struct text *names;
	size_t             n = names_all(&names), sorted = 1, found = 0;

	for (size_t i = 1; i < n; i++)
		sorted += text_cmp(names[i - 1], names[i]) < 0;
	for (size_t i = 0; i < n; i++)
		found += name_ref(names[i]).n_entries > 0;
	ok(n > 100 && sorted == n, "every name comes once, in order");
	ok(found == n, "every name is found");
	ok(name_ref(TEXT("Image")).n_entries == 0, "a raw name has no lines");
}

static void
views_come_with_their_origin(struct arena keep)
{
	struct named_value *all;
	size_t              n = event_named_values(sysmon_1(&keep), true, &keep, &all), found = 0;
	struct named_value *plain;
	size_t              n_plain = event_named_values(sysmon_1(&keep), false, &keep, &plain);

	for (size_t i = 0; i < n; i++) {
		if (text_eq(all[i].name, TEXT("process_name")) &&
		    text_eq(all[i].origin, TEXT("Image, last part")))
			found |= 1;
		if (text_eq(all[i].name, TEXT("Processes.process_name")))
			found |= 2;
		if (text_eq(all[i].name, TEXT("Image")) && text_absent(all[i].origin))
			found |= 4;
		if (text_eq(all[i].name, TEXT("EventID")) && !text_absent(all[i].origin))
			found |= 8;
	}
	ok(found == 7, "raw fields and views, no view for a raw field of the same name");
	found = 0;
	for (size_t i = 0; i < n_plain; i++)
		if (text_eq(plain[i].name, TEXT("process_name")))
			found |= 1;
		else if (text_eq(plain[i].name, TEXT("Processes.process_name")))
			found |= 2;
	ok(found == 1, "names of data models are left out where none are asked for");
}

static void
a_list_begins_with_its_first_item(void)
{
	struct arena  keep = arena_open((size_t)1 << 20);
	struct event *ev = made_event(&keep, "Security", 4738, "DC01", "--\nSidHistory=x");

	ev->fields[ev->n_fields - 1].value = TEXT("\n\t\tEX\\admin");
	is(made_values(&keep, ev, "SidHistory"), TEXT("EX\\admin"), "not with a line break");
	ev->fields[ev->n_fields - 1].value = TEXT("\r\n\t\tA\r\n\t\tB");
	is(made_values(&keep, ev, "SidHistory"), TEXT("A\r\n\t\tB"), "which stays between items");
	ev->fields[ev->n_fields - 1].value = TEXT("\n\t");
	is(made_values(&keep, ev, "SidHistory"), TEXT("\n\t"), "other line breaks are values");
	arena_close(&keep);
}

static void
kept_views_are_those_of_the_event(struct arena keep)
{
	const struct event *const events[] = {
		script_block(&keep),
		made_event(&keep, "Security", 4688, "dc.corp.example",
			   "Name=x\n--\nNewProcessName=C:\\a.exe\nCommandLine=a.exe 1\nSubjectUserName=u"),
		made_event(&keep, "Security", 4688, "dc.corp.example",
			   "Name=x\n--\nNewProcessName=C:\\b.exe\nCommandLine=b.exe 2\nSubjectUserName=v"),
		made_event(&keep, "Security", 4624, "ws", "Name=x\n--\nTargetUserName=v"),
	};
	struct event_views *views = views_new();
	const struct text  *names;
	size_t              n = names_all(&names), other = 0;
	struct text         plain[NAME_VALUES_MAX], kept[NAME_VALUES_MAX];

	for (size_t e = 0; e < 2 * sizeof(events) / sizeof(events[0]); e++) {
		const struct event *own = events[e % (sizeof(events) / sizeof(events[0]))];
		struct event        ev = views_of(views, own);

		for (size_t i = 0; i < 2 * n; i++) {
			struct name_ref ref = name_ref(names[i % n]);
			struct arena    scratch = keep;
			size_t n_plain = event_values(own, &ref, &scratch, plain, NAME_VALUES_MAX);
			size_t n_kept = event_values(&ev, &ref, &scratch, kept, NAME_VALUES_MAX);

			other += n_plain != n_kept;
			for (size_t k = 0; k < n_plain && n_plain == n_kept; k++)
				other += !text_eq(plain[k], kept[k]);
		}
	}
	ok(other == 0, "every name, asked twice of one event and then of another: %zu differ", other);
	views_free(views);
}

/* What is asked for in turn with something else in its place is made again each time. */
static void
kept_views_have_an_end(void)
{
	static const char   head[] = "Name=x\n--\nScriptBlockText=";
	struct arena        keep = arena_open(64 << 20);
	struct event_views *views = views_new();
	struct text         values[NAME_VALUES_MAX];
	const size_t        size = 2 << 20;
	char               *body = arena_new(&keep, char, size + 1);
	struct event        ev;
	size_t              good = 0;

	memset(body, 'a', size);
	memcpy(body, head, sizeof(head) - 1);
	ev = views_of(views, made_event(&keep, "Microsoft-Windows-PowerShell/Operational", 4104,
					"ws", body));
	for (int i = 0; i < 1600; i++) {
		struct arena    scratch = keep;
		struct name_ref ref = name_ref(TEXT("Message"));

		ref.model = i % 2 ? MODEL_NONE : MODEL_PROCESSES;
		good += event_values(&ev, &ref, &scratch, values, NAME_VALUES_MAX) == 1 &&
			values[0].n > size - 100;
	}
	ok(good == 800, "a long message is given out many times: %zu", good);
	views_free(views);
	arena_close(&keep);
}

/* An event of 50,000 values, asked as often as a search over a log asks: each value is looked at once. */
static void
lines_of_many_values_are_found(struct arena keep)
{
	static const struct text value = TEXT_INIT("\nData=x");
	struct sink   lines = { .p = arena_new(&keep, char, 50000 * value.n + 200) };
	struct event *ev;
	size_t        good = 0;

	sink_put(&lines, TEXT("Name=PowerShell\n--"));
	for (int i = 0; i < 50000; i++)
		sink_put(&lines, value);
	sink_put(&lines, TEXT("\nData=a=b\tEngineVersion=no\nData= EngineVersion=2.0"));
	ev = made_event(&keep, "Windows PowerShell", 400, "h", lines.p);
	for (int i = 0; i < 200; i++)
		good += text_eq(made_values(&keep, ev, "EngineVersion"), TEXT("2.0"));
	ok(good == 200, "a line of the last of many values: %zu", good);
}

int
main(void)
{
	struct arena keep = arena_open(64 << 20);

	a_script_block_speaks_every_vocabulary(keep);
	an_opcode_is_known_by_the_event(keep);
	user_of_a_script_block_is_never_absent(keep);
	sysmon_1_is_a_process(keep);
	missing_process_fields_read_unknown(keep);
	security_4688_is_a_process(keep);
	command_lines_of_4688_get_their_path(keep);
	crowdstrike_is_a_process(keep);
	registry_values_are_split(keep);
	a_part_of_a_joined_block_hides_its_text(keep);
	event_ids_of_any_size_are_texts(keep);
	names_with_blanks_read_as_underscores(keep);
	the_table_is_sorted();
	views_come_with_their_origin(keep);
	kept_views_are_those_of_the_event(keep);
	kept_views_have_an_end();
	lines_of_many_values_are_found(keep);
	arena_close(&keep);
	a_list_begins_with_its_first_item();
	return done_testing();
}
