/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Classic WinEventLog text. */
#include "config.h"

#include "importers/formats.h"
#include "tests/import_help.h"

#define HEADER(date, log, source, id)                                                              \
	date "\nLogName=" log "\nSourceName=" source "\nEventCode=" id "\nEventType=0\n"           \
	     "Type=Information\nComputerName=srv02.corp.example\nTaskCategory=Task\nOpCode=Info\n" \
	     "RecordNumber=90210\nKeywords=Audit Success\n"
#define SECURITY(id, message)                                                                    \
	HEADER("03/05/2024 10:16:02 AM", "Security", "Microsoft Windows security auditing.", id) \
	"Message=" message "\n"

static const char process_created[] = SECURITY(
    "4688",
    "A new process has been created.\r\n\r\n"
    "Creator Subject:\r\n\tSecurity ID:\t\tS-1-5-20\r\n\tAccount Name:\t\tSRV02$\r\n"
    "\tAccount Domain:\t\tCORP\r\n\tLogon ID:\t\t0x3E4\r\n\r\n"
    "Target Subject:\r\n\tSecurity ID:\t\tS-1-5-21-1-2-3-1105\r\n\tAccount Name:\t\tjdoe\r\n"
    "\tAccount Domain:\t\tCORP\r\n\tLogon ID:\t\t0x5A1B2C\r\n\r\n"
    "Process Information:\r\n\tNew Process ID:\t\t0x1a2c\r\n"
    "\tNew Process Name:\tC:\\Windows\\System32\\calc.exe\r\n"
    "\tToken Elevation Type:\t%%1936\r\n\tCreator Process ID:\t0xd04\r\n"
    "\tCreator Process Name:\tC:\\Windows\\System32\\wbem\\WmiPrvSE.exe\r\n"
    "\tProcess Command Line:\tcalc.exe\r\n\r\n"
    "Token Elevation Type indicates the type of token.");

static void
a_process_creation_has_the_fields_of_the_schema_and_the_labels(void)
{
	struct outcome o = import(text_of(process_created));

	ok(outcome_has(&o, "event 4688 time=2024-03-05T10:16:02.000000Z host=srv02.corp.example "
			   "channel=Security provider=Microsoft-Windows-Security-Auditing "
			   "record=90210 format=3 flags=1 at=0+"),
	   "core facts, the zone assumed");
	ok(outcome_has(&o, "sys Name=[Microsoft-Windows-Security-Auditing]\n"
			   "sys Guid=[{54849625-5478-4994-A5BA-3E3B0328C30D}]\nsys EventID=[4688]\n"
			   "sys Level=[0]\nsys Opcode=[0]\nsys Keywords=[Audit Success]\n"
			   "sys EventRecordID=[90210]\nsys Channel=[Security]\n"
			   "sys Computer=[srv02.corp.example]\n"),
	   "system facts, constants of the provider among them");
	ok(outcome_has(&o, "body SubjectUserSid=[S-1-5-20]\n") &&
	       outcome_has(&o, "body SubjectUserName=[SRV02$]\n") &&
	       outcome_has(&o, "body TargetUserName=[jdoe]\n") &&
	       outcome_has(&o, "body NewProcessId=[0x1a2c]\n") &&
	       outcome_has(&o, "body NewProcessName=[C:\\Windows\\System32\\calc.exe]\n") &&
	       outcome_has(&o, "body ProcessId=[0xd04]\n") &&
	       outcome_has(
		   &o, "body ParentProcessName=[C:\\Windows\\System32\\wbem\\WmiPrvSE.exe]\n") &&
	       outcome_has(&o, "body CommandLine=[calc.exe]\n"),
	   "fields of the schema by section");
	ok(outcome_has(&o, "body Account_Name=[SRV02$]\n") &&
	       outcome_has(&o, "body Account_Name=[jdoe]\n") &&
	       outcome_has(&o, "body Process_Command_Line=[calc.exe]\n"),
	   "labels with underscores, more than once where they repeat");
	ok(outcome_has(&o,
		       "message=[A new process has been created.\n\nCreator Subject:\n\tSecurity"),
	   "message with LF only");
	outcome_free(&o);
}

static void
a_logon_and_explicit_credentials_are_mapped_by_section(void)
{
	struct outcome o = import(TEXT(
	    SECURITY("4624",
		     "An account was successfully logged on.\n\n"
		     "Subject:\n\tSecurity ID:\t\tNULL SID\n\tAccount Name:\t\t-\n\n"
		     "Logon Information:\n\tLogon Type:\t\t3\n\tElevated Token:\t\tYes\n\n"
		     "Impersonation Level:\t\tImpersonation\n\n"
		     "New Logon:\n\tSecurity ID:\t\tS-1-5-21-1-2-3-500\n\tAccount Name:\t\tadmin\n"
		     "\tLogon GUID:\t\t{00000000-0000-0000-0000-000000000000}\n\n"
		     "Network Information:\n\tWorkstation Name:\tWS07\n\tSource Network "
		     "Address:\t10.0.0.7\n"
		     "\tSource Port:\t\t50001\n\n"
		     "Detailed Authentication Information:\n\tLogon Process:\t\tNtLmSsp \n"
		     "\tPackage Name (NTLM only):\tNTLM V2")
		SECURITY("4648", "A logon was attempted using explicit credentials.\n\n"
				 "Subject:\n\tAccount Name:\t\tjdoe\n\tLogon GUID:\t\t{1}\n\n"
				 "Account Whose Credentials Were Used:\n\tAccount "
				 "Name:\t\tadmin\n\tLogon GUID:\t\t{2}\n\n"
				 "Target Server:\n\tTarget Server Name:\tdc01\n\tAdditional "
				 "Information:\tcifs/dc01")));

	ok(o.events == 2 && o.gaps == 0, "two events");
	ok(outcome_has(&o, "body LogonType=[3]\n") &&
	       outcome_has(&o, "body TargetUserName=[admin]\n") &&
	       outcome_has(&o, "body ImpersonationLevel=[%%1833]\n") &&
	       outcome_has(&o, "body WorkstationName=[WS07]\n") &&
	       outcome_has(&o, "body IpAddress=[10.0.0.7]\n") &&
	       outcome_has(&o, "body LmPackageName=[NTLM V2]\n") &&
	       outcome_has(&o, "body Package_Name__NTLM_only_=[NTLM V2]\n"),
	   "4624");
	ok(outcome_has(&o, "body LogonGuid=[{1}]\n") &&
	       outcome_has(&o, "body TargetLogonGuid=[{2}]\n") &&
	       outcome_has(&o, "body TargetServerName=[dc01]\n") &&
	       outcome_has(&o, "body TargetInfo=[cifs/dc01]\n"),
	   "4648");
	outcome_free(&o);
}

static void
account_changes_tickets_and_objects_have_the_fields_of_the_schema(void)
{
	struct outcome o = import(TEXT(SECURITY(
	    "4732",
	    "A member was added to a security-enabled local group.\n\n"
	    "Subject:\n\tSecurity ID:\t\tCORP\\adm\n\tAccount Name:\t\tadm\n\n"
	    "Member:\n\tSecurity ID:\t\tWS1\\new\n\tAccount Name:\t\t-\n\n"
	    "Group:\n\tSecurity ID:\t\tBUILTIN\\Administrators\n\tGroup Name:\t\tAdministrators\n"
	    "\tGroup Domain:\t\tBuiltin") SECURITY(
	    "4769", "A Kerberos service ticket was requested.\n\n"
		    "Account Information:\n\tAccount Name:\t\tann@CORP\n\n"
		    "Service Information:\n\tService Name:\t\tMSSQL$\n\n"
		    "Network Information:\n\tClient Address:\t\t::ffff:10.0.0.5\n\n"
		    "Additional Information:\n\tTicket Encryption Type:\t0x17\n"
		    "\tFailure Code:\t\t0x0") SECURITY(
	    "5136", "A directory service object was modified.\n\n"
		    "Directory Service:\n\tName:\tcorp.example\n\tType:\tDirectory\n\n"
		    "Object:\n\tDN:\tCN=x\n\tClass:\tuser\n\n"
		    "Attribute:\n\tLDAP Display Name:\tservicePrincipalName\n\n"
		    "Operation:\n\tType:\tValue Added")
		SECURITY("4776", "The computer attempted to validate the credentials.\n\n"
				 "Authentication Package:\tM\nLogon Account:\tbob\n"
				 "Source Workstation:\tWS9\nError Code:\t0xC000006A")));

	ok(o.events == 4 && o.gaps == 0, "four events");
	ok(outcome_has(&o, "body MemberSid=[WS1\\new]\n") &&
	       outcome_has(&o, "body MemberName=[-]\n") &&
	       outcome_has(&o, "body TargetUserName=[Administrators]\n") &&
	       outcome_has(&o, "body TargetDomainName=[Builtin]\n"),
	   "4732: member and group");
	ok(outcome_has(&o, "body TargetUserName=[ann@CORP]\n") &&
	       outcome_has(&o, "body ServiceName=[MSSQL$]\n") &&
	       outcome_has(&o, "body IpAddress=[::ffff:10.0.0.5]\n") &&
	       outcome_has(&o, "body TicketEncryptionType=[0x17]\n") &&
	       outcome_has(&o, "body Status=[0x0]\n"),
	   "4769: ticket");
	ok(outcome_has(&o, "body DSName=[corp.example]\n") &&
	       outcome_has(&o, "body ObjectDN=[CN=x]\n") &&
	       outcome_has(&o, "body ObjectClass=[user]\n") &&
	       outcome_has(&o, "body AttributeLDAPDisplayName=[servicePrincipalName]\n") &&
	       outcome_has(&o, "body OperationType=[%%14674]\n"),
	   "5136: object and attribute");
	ok(outcome_has(&o, "body TargetUserName=[bob]\n") &&
	       outcome_has(&o, "body Workstation=[WS9]\n") &&
	       outcome_has(&o, "body Status=[0xC000006A]\n"),
	   "4776: lines without a section");
	outcome_free(&o);
}

static void
a_script_block_is_cut_out_of_its_message(void)
{
	struct outcome o = import(TEXT(
	    "03/05/2024 10:15:27 AM\nLogName=Microsoft-Windows-PowerShell/Operational\n"
	    "SourceName=Microsoft-Windows-PowerShell\nEventCode=4104\nEventType=5\nType=Verbose\n"
	    "ComputerName=ws01\nUser=NOT_TRANSLATED\nSid=S-1-5-21-1-2-3-1105\nSidType=0\n"
	    "TaskCategory=Execute a Remote Command\nOpCode=On create calls\nRecordNumber=7713\n"
	    "Keywords=None\nMessage=Creating Scriptblock text (2 of 3):\r\n"
	    "Get-Date\r\n03/05/2024 10:15:27 AM\r\nScriptBlock ID: fake\r\nLabel: x\r\n\r\n"
	    "ScriptBlock ID: aaaa0003\r\nPath: \r\n"));

	ok(o.events == 1 && o.gaps == 0, "a date inside the script begins no event");
	ok(outcome_has(
	       &o, "body MessageNumber=[2]\nbody MessageTotal=[3]\nbody ScriptBlockText=["
		   "Get-Date\n03/05/2024 10:15:27 AM\nScriptBlock ID: fake\nLabel: x]\n"
		   "body ScriptBlockId=[aaaa0003]\nbody ScriptBlock_ID=[aaaa0003]\nbody Path=[]\n"),
	   "number, total, text up to the last id line, id, path");
	ok(outcome_has(&o, "sys UserID=[S-1-5-21-1-2-3-1105]\n") &&
	       outcome_has(&o, "sys Level=[5]\n") && outcome_has(&o, "sys Opcode=[15]\n") &&
	       outcome_has(&o, "sys Guid=[{A0C1853B-5C40-4B15-8766-3CF1C58F985A}]\n"),
	   "account, level, opcode and the provider's GUID");
	ok(outcome_has(&o, " flags=9 "), "one part of several");
	outcome_free(&o);
}

static void
sysmon_keeps_the_names_of_its_fields(void)
{
	struct outcome o = import(TEXT(
	    HEADER("03/05/2024 10:15:27 AM", "Microsoft-Windows-Sysmon/Operational",
		   "Microsoft-Windows-Sysmon",
		   "1") "Message=Process Create:\nRuleName: \nUtcTime: 2024-03-05 09:15:27.115\n"
			"Image: C:\\a.exe\nCommandLine: a.exe one\nand two\nUser: CORP\\jdoe"));

	ok(outcome_has(&o, "body RuleName=[]\nbody UtcTime=[2024-03-05 09:15:27.115]\n"
			   "body Image=[C:\\a.exe]\nbody CommandLine=[a.exe one\nand two]\n"
			   "body User=[CORP\\jdoe]\n"),
	   "one field a line, lines without a label go on with the one before");
	outcome_free(&o);
}

static void
local_time_is_moved_by_the_zone_of_the_import(void)
{
	struct import_options opt = { .zone_offset_s = 3600 };
	struct outcome o = import_with(&importer_text, text_of(process_created), &opt);

	ok(outcome_has(&o, "time=2024-03-05T09:16:02.000000Z") && outcome_has(&o, "flags=1 "),
	   "one hour east of UTC, still flagged");
	outcome_free(&o);
}

static void
dates_of_other_countries_are_read(void)
{
	static const struct {
		const char *date, *utc;
	} table[] = {
		{ "13/02/2024 10:15:27", "2024-02-13T10:15:27.000000Z" },
		{ "05.03.2024 10:15:27", "2024-03-05T10:15:27.000000Z" },
		{ "2024-03-05 10:15:27.123", "2024-03-05T10:15:27.123000Z" },
		{ "3/5/2024 12:00:01 AM", "2024-03-05T00:00:01.000000Z" },
		{ "3/5/2024 12:00:01 PM", "2024-03-05T12:00:01.000000Z" },
		{ "03/05/2024 10:15:27.500 PM", "2024-03-05T22:15:27.500000Z" },
		{ "\xe2\x80\x8e"
		  "03/\xe2\x80\x8e"
		  "05/\xe2\x80\x8e"
		  "2024 10:15:27\xe2\x80\xaf"
		  "AM",
		  "2024-03-05T10:15:27.000000Z" },
		{ "99/99/2024 10:15:27", "" },
	};
	struct arena a = arena_open(1 << 16);

	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		struct outcome o =
		    import(arena_printf(&a, "%s\nLogName=System\nEventCode=7\n", table[i].date));

		ok(o.events == 1 &&
		       outcome_has(&o, arena_cstr(&a, arena_printf(&a, "time=%s ", table[i].utc))),
		   "%s", table[i].date);
		outcome_free(&o);
	}
	arena_close(&a);
}

static void
one_date_settles_day_and_month_for_the_whole_file(void)
{
	struct outcome o = import(TEXT("03/05/2024 10:00:00\nLogName=System\nEventCode=1\n"
				       "13/05/2024 10:00:00\nLogName=System\nEventCode=2\n"
				       "04/05/2024 10:00:00\nLogName=System\nEventCode=3\n"));

	ok(outcome_has(&o, "event 1 time=2024-05-03T") &&
	       outcome_has(&o, "event 3 time=2024-05-04T"),
	   "the thirteenth shows that days come first");
	outcome_free(&o);
}

#define XML_EVENT(id) \
	"<Event xmlns='x'><System><Provider Name='P'/><EventID>" id "</EventID></System></Event>"

static void
a_mixed_file_gives_every_event_its_own_format(void)
{
	struct text mixed = TEXT(SECURITY("1", "one") XML_EVENT("2") "\n" SECURITY(
	    "3", "three") "<Event xmlns='x'><System><Prov\n" SECURITY("4", "four") XML_EVENT("5"));
	struct outcome o = import(mixed);
	struct import_options opt = { .window_bytes = 7 };
	struct outcome small = import_with(&importer_xml, mixed, &opt);

	ok(o.events == 5 && o.gaps == 1, "five events, one torn");
	ok(outcome_has(&o, "message=[one]\nevent 2 ") && outcome_has(&o, "message=[three]\n"),
	   "a message ends where the next event begins");
	ok(outcome_has(&o, "record=0 format=2") && outcome_has(&o, "record=90210 format=3"),
	   "formats");
	ok(outcome_same(&o, &small), "whoever of the two importers reads it, and in any window");
	outcome_free(&small);
	outcome_free(&o);
}

static void
what_wevtutil_and_event_viewer_print_is_read(void)
{
	struct outcome o = import(TEXT(
	    "Event[0]:\n  Log Name: Security\n  Source: Microsoft-Windows-Security-Auditing\n"
	    "  Date: 2024-03-05T10:16:02.1230000Z\n  Event ID: 4688\n  Task: Process Creation\n"
	    "  Level: Information\n  Opcode: Info\n  Keyword: Audit Success\n  User: N/A\n"
	    "  User Name: N/A\n  Computer: srv02\n  Description: \n"
	    "A new process has been created.\n\nProcess Information:\n\tNew Process ID:\t\t0x1\n\n"
	    "Event[1]:\n  Log Name: System\n  Source: Service Control Manager\n"
	    "  Date: 2024-03-05T10:16:03.123\n  Event ID: 7036\n  Computer: srv02\n"
	    "  Description: \nRunning.\n"));

	ok(o.events == 2 && o.gaps == 0, "two events of wevtutil");
	ok(outcome_has(&o,
		       "event 4688 time=2024-03-05T10:16:02.123000Z host=srv02 channel=Security "
		       "provider=Microsoft-Windows-Security-Auditing record=0 format=3 flags=1 "),
	   "core facts; its Z is not believed");
	ok(outcome_has(&o, "body NewProcessId=[0x1]\n") && outcome_has(&o, "message=[Running.]"),
	   "fields and message");
	outcome_free(&o);
	o = import(
	    TEXT("Log Name:      Security\nSource:        Microsoft-Windows-Security-Auditing\n"
		 "Date:          3/5/2024 10:16:02 AM\nEvent ID:      4688\n"
		 "Computer:      srv02\nDescription:\nA process.\n"));
	ok(o.events == 1 && outcome_has(&o, "message=[A process.]"),
	   "an event copied from Event Viewer");
	outcome_free(&o);
	o = import(
	    TEXT("Log Name:      Security\nSource:        X\nDate:          3/5/2024\n"
		 "Event ID:      4688\nDescription:\nA process.\nEvent Xml:\n" XML_EVENT("4688")));
	ok(o.events == 1 && o.gaps == 0 && outcome_has(&o, "format=2"), "its XML is preferred");
	outcome_free(&o);
}

static void
service_event(const char *id, const char *source, const char *message, const char *want)
{
	char           text[1024];
	struct outcome o;

	snprintf(text, sizeof(text),
		 "03/05/2024 10:15:27 AM\nLogName=System\nSourceName=%s\nEventCode=%s\n"
		 "EventType=4\nType=Information\nComputerName=ws01\nRecordNumber=1\n"
		 "Keywords=Classic\nMessage=%s\n",
		 source, id, message);
	o = import(text_of(text));
	ok(o.events == 1 && (want ? outcome_has(&o, want) : !outcome_has(&o, "body param")), "%s",
	   message);
	outcome_free(&o);
}

static void
values_inside_of_a_sentence_are_fields(void)
{
	static const char scm[] = "Service Control Manager";

	service_event("7036", scm, "The State Repository Service service entered the running state.",
		      "body param1=[State Repository Service]\nbody param2=[running]\n");
	service_event("7040", scm,
		      "The start type of the Spooler service was changed from auto start to disabled.",
		      "body param1=[Spooler]\nbody param2=[auto start]\nbody param3=[disabled]\n");
	service_event("7036", scm, "The Spooler service entered the running", NULL);
	service_event("7036", scm, "Der Dienst \"Spooler\" befindet sich jetzt im Status.", NULL);
	service_event("7036", "Other", "The Spooler service entered the running state.", NULL);
	service_event("200", "Microsoft-Windows-TaskScheduler",
		      "Task Scheduler launched action \"C:\\a.exe\" in instance \"{1}\" of task \"\\t\".",
		      "body ActionName=[C:\\a.exe]\nbody TaskInstanceId=[{1}]\nbody TaskName=[\\t]\n");
	service_event("1024", "Microsoft-Windows-TerminalServices-ClientActiveXCore",
		      "RDP ClientActiveX is trying to connect to the server (srv)", "body Value=[srv]\n");
	service_event("5858", "Microsoft-Windows-WMI-Activity",
		      "Id = {1}; ClientMachine = M; User = C\\u; ClientProcessId = 5; Component = Unknown; "
		      "Operation = Start x - root\\cimv2 : y; ResultCode = 0x8; PossibleCause = Unknown",
		      "body Operation=[Start x - root\\cimv2 : y]\nbody ResultCode=[0x8]\n");
	service_event("8004", "Microsoft-Windows-AppLocker",
		      "C:\\a was prevented from running. b.exe was prevented from running.",
		      "body FilePath=[C:\\a was prevented from running. b.exe]\n");
	service_event("201", "Microsoft-Windows-TaskScheduler",
		      "Task Scheduler successfully completed task \"\\t\" , instance \"{1}\" , "
		      "action \"a\" with return code 0.\" .",
		      "body TaskName=[\\t]\nbody TaskInstanceId=[{1}]\n"
		      "body ActionName=[a\" with return code 0.]\n");
	service_event("201", "Microsoft-Windows-TaskScheduler",
		      "Task Scheduler successfully completed task \"\\t\" , instance \"{1}\" , "
		      "action \"C:\\a.b\" with return code 7.",
		      "body ActionName=[C:\\a.b]\nbody ResultCode=[7]\n");
	service_event("129", "Microsoft-Windows-TaskScheduler",
		      "Task Scheduler launch task \"\\t\" , instance \"C:\\a.exe\"  with process ID 5.",
		      "body TaskName=[\\t]\nbody Path=[C:\\a.exe]\nbody ProcessID=[5]\n");
	service_event("1024", "Other", "RDP ClientActiveX is trying to connect to the server (srv)",
		      NULL);
}

static void
messages_of_other_logs_have_the_fields_of_the_schema(void)
{
	struct outcome o = import(TEXT(
	    HEADER("03/05/2024 10:16:02 AM", "Microsoft-Windows-Windows Defender/Operational",
		   "Microsoft-Windows-Windows Defender", "1116")
	    "Message=Microsoft Defender Antivirus has detected malware.\n"
	    " \tName: HackTool:Win32/X\n \tID: 21\n \tSeverity: High\n \tCategory: Tool\n"
	    " \tPath: file:_C:\\x.exe\n \tUser: C\\ann\n \tProcess Name: C:\\y.exe\n"));
	size_t paths = 0;

	ok(outcome_has(&o, "body Threat Name=[HackTool:Win32/X]\n") &&
	       outcome_has(&o, "body Threat ID=[21]\n") &&
	       outcome_has(&o, "body Severity Name=[High]\n") &&
	       outcome_has(&o, "body Category Name=[Tool]\n") &&
	       outcome_has(&o, "body Detection User=[C\\ann]\n") &&
	       outcome_has(&o, "body Process Name=[C:\\y.exe]\n"),
	   "the labels of a threat are fields of the event");
	for (const char *p = o.log; (p = strstr(p, "body Path=")); p++)
		paths++;
	ok(paths == 1, "a label that is the name of the field gives it once");
	outcome_free(&o);
	o = import(TEXT(
	    HEADER("03/05/2024 10:16:02 AM", "Microsoft-Windows-Windows Defender/Operational",
		   "Microsoft-Windows-Windows Defender", "1121")
	    "Message=Microsoft Defender Exploit Guard has blocked an operation.\n"
	    " \tID: 9E6C\n \tUser: C\\ann\n"));
	ok(outcome_has(&o, "body ID=[9E6C]\n") && !outcome_has(&o, "Threat"),
	   "the ID of a rule is none of a threat");
	outcome_free(&o);
	o = import(TEXT(
	    HEADER("03/05/2024 10:16:02 AM",
		   "Microsoft-Windows-TerminalServices-LocalSessionManager/Operational",
		   "Microsoft-Windows-TerminalServices-LocalSessionManager", "21")
	    "Message=Remote Desktop Services: Session logon succeeded:\n\nUser: C\\ann\nSession ID: 3\n"
	    "Source Network Address: 10.0.0.9\n"));
	ok(outcome_has(&o, "body User=[C\\ann]\nbody SessionID=[3]\n") &&
	       outcome_has(&o, "body Address=[10.0.0.9]\n"),
	   "sessions of remote desktop");
	outcome_free(&o);
	o = import(TEXT(HEADER("03/05/2024 10:16:02 AM", "Microsoft-Windows-NTLM/Operational",
			       "Microsoft-Windows-NTLM", "8004")
			"Message=Audit NTLM:\nUser name: ann\nWorkstation name: WS1\n"));
	ok(outcome_has(&o, "body UserName=[ann]\n") && outcome_has(&o, "body WorkstationName=[WS1]\n"),
	   "NTLM");
	outcome_free(&o);
}

static void
blanks_behind_a_command_line_are_part_of_it(void)
{
	struct outcome o = import(TEXT(
	    "03/05/2024 10:16:02 AM\nLogName=Security\nEventCode=4688\nComputerName=h\nRecordNumber=1\n"
	    "Message=A new process has been created.\n\nProcess Information:\n"
	    "\tNew Process Name:\tC:\\a.exe  \n\tProcess Command Line:\ta -f  \r\n"));

	ok(outcome_has(&o, "body CommandLine=[a -f  ]\n"), "as the event has it");
	ok(outcome_has(&o, "body NewProcessName=[C:\\a.exe]\n"), "other values have none");
	outcome_free(&o);
}

int
main(void)
{
	blanks_behind_a_command_line_are_part_of_it();
	messages_of_other_logs_have_the_fields_of_the_schema();
	values_inside_of_a_sentence_are_fields();
	a_process_creation_has_the_fields_of_the_schema_and_the_labels();
	a_logon_and_explicit_credentials_are_mapped_by_section();
	account_changes_tickets_and_objects_have_the_fields_of_the_schema();
	a_script_block_is_cut_out_of_its_message();
	sysmon_keeps_the_names_of_its_fields();
	local_time_is_moved_by_the_zone_of_the_import();
	dates_of_other_countries_are_read();
	one_date_settles_day_and_month_for_the_whole_file();
	a_mixed_file_gives_every_event_its_own_format();
	what_wevtutil_and_event_viewer_print_is_read();
	return done_testing();
}
