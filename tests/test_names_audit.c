/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fields, categories and data sets of audit events, and of services, updates and ports. */
#include "config.h"

#include "base/meaning.h"
#include "base/names.h"
#include "tests/made.h"
#include "tests/named.h"
#include "tests/tap.h"

static void
labels_of_messages_name_fields_of_the_schema(struct arena keep)
{
	static const struct pair group[] = {
		{ "Group_Name", "Administrators" },
		{ "Account_Name", "adm" },
		{ NULL, NULL },
	};
	static const struct pair ticket[] = {
		{ "Account_Name", "ann@corp" },
		{ "Client_Address", "10.0.0.9" },
		{ "Service_Name", "WS1$" },
		{ "Ticket_Encryption_Type", "0x17" },
		{ "Group_Name", "(none)" },
		{ NULL, NULL },
	};
	static const struct pair user_data[] = {
		{ "UserData_Xml", "<RuleAndFileData><PolicyName>EXE</PolicyName>"
				  "<FilePath>a&amp;b</FilePath></RuleAndFileData>" },
		{ NULL, NULL },
	};
	static const struct pair label[] = { { "Task_Name", "its own" }, { NULL, NULL } };

	names_are(&keep,
		  made_event(&keep, "Security", 4732, "dc",
			     "Name=x\n--\nTargetUserName=Administrators\nSubjectUserName=adm"),
		  group);
	names_are(&keep,
		  made_event(&keep, "Security", 4769, "dc",
			     "Name=x\n--\nTargetUserName=ann@corp\nIpAddress=10.0.0.9\n"
			     "ServiceName=WS1$\nTicketEncryptionType=0x17"),
		  ticket);
	names_are(&keep,
		  made_event(&keep, "Security", 4698, "dc",
			     "Name=x\n--\nTask_Name=its own\nTaskName=of the schema"),
		  label);
	names_are(&keep,
		  made_event(&keep, "Microsoft-Windows-AppLocker/EXE and DLL", 8004, "ws",
			     "Name=x\n--\nPolicyName=EXE\nFilePath=a&b"),
		  user_data);
}

/* Labels whose words are others than those of the schema. */
static void
labels_with_words_of_their_own_are_found(struct arena keep)
{
	static const struct pair change[] = {
		{ "LDAP_Display_Name", "gPLink" }, { "Value", "[LDAP://x]" }, { "DN", "OU=a" },
		{ "Class", "organizationalUnit" }, { "Correlation_ID", "{1}" }, { NULL, NULL },
	};
	static const struct pair policy[] = {
		{ "Changes", "%%8448" }, { "Subcategory", "%%12804" }, { "Value", "(none)" },
		{ NULL, NULL },
	};
	static const struct pair ticket[] = {
		{ "Failure_Code", "0x18" }, { "Transited_Services", "-" }, { NULL, NULL },
	};
	static const struct pair package[] = {
		{ "Authentication_Package", "NTLM" }, { "Failure_Code", "(none)" }, { NULL, NULL },
	};
	static const struct pair cleared[] = { { "user", "ann" }, { NULL, NULL } };

	names_are(&keep,
		  made_event(&keep, "Security", 5136, "dc",
			     "Name=x\n--\nAttributeLDAPDisplayName=gPLink\nAttributeValue=[LDAP://x]\n"
			     "ObjectDN=OU=a\nObjectClass=organizationalUnit\nOpCorrelationID={1}"),
		  change);
	names_are(&keep,
		  made_event(&keep, "Security", 4719, "dc",
			     "Name=x\n--\nSubcategoryId=%%12804\nAuditPolicyChanges=%%8448"),
		  policy);
	names_are(&keep,
		  made_event(&keep, "Security", 4769, "dc",
			     "Name=x\n--\nStatus=0x18\nTransmittedServices=-"),
		  ticket);
	names_are(&keep,
		  made_event(&keep, "Security", 4776, "dc", "Name=x\n--\nPackageName=NTLM\nStatus=0x0"),
		  package);
	names_are(&keep,
		  made_event(&keep, "System", 104, "dc", "Name=x\n--\nSubjectUserName=ann"), cleared);
}

static void
any_label_is_the_field_that_it_names(struct arena keep)
{
	static const struct pair account[] = {
		{ "SAM_Account_Name", "ann" },
		{ "Password_Last_Set", "%%1794" },
		{ "Security_ID", "S-1-5-21-1-500|S-1-5-21-1-1105" },
		{ "sam_account_name", "(none)" },
		{ "member_id", "S-1-5-21-1-1105" },
		{ NULL, NULL },
	};
	static const struct pair member[] = {
		{ "Security_ID", "S-1-5-21-1-500|S-1-5-21-1-1105|S-1-5-32-544" },
		{ "member_id", "S-1-5-21-1-1105" },
		{ NULL, NULL },
	};

	names_are(&keep,
		  made_event(&keep, "Security", 4720, "dc",
			     "--\nSubjectUserSid=S-1-5-21-1-500\nTargetSid=S-1-5-21-1-1105\n"
			     "SamAccountName=ann\nPasswordLastSet=%%1794"),
		  account);
	names_are(&keep,
		  made_event(&keep, "Security", 4732, "dc",
			     "--\nSubjectUserSid=S-1-5-21-1-500\nMemberSid=S-1-5-21-1-1105\n"
			     "TargetSid=S-1-5-32-544"),
		  member);
}

static void
system_facts_are_there_as_xml(struct arena keep)
{
	static const struct pair want[] = {
		{ "System_Props_Xml",
		  "<Provider Name='a&lt;b'/><EventID Qualifiers='16384'>7045</EventID><Level>4</Level>"
		  "<Correlation ActivityID='{1}'/><Channel>System</Channel><Computer>dc</Computer>" },
		{ "EventData_Xml", "<Data Name='ImagePath'>x</Data>" },
		{ NULL, NULL },
	};

	names_are(&keep,
		  made_event(&keep, "System", 7045, "dc",
			     "Name=a<b\nQualifiers=16384\nLevel=4\nActivityID={1}\n--\nImagePath=x"),
		  want);
}

static void
audit_events_have_categories(struct arena keep)
{
	static const struct pair number[] = {
		{ "TaskCategory", "User Account Management" },
		{ "category", "User Account Management" },
		{ "CategoryString", "Account Management" },
		{ "object_attrs", "account" },
		{ "change_type", "AAA" },
		{ "tag", "change|account" },
		{ NULL, NULL },
	};
	static const struct pair name[] = {
		{ "TaskCategory", "Special Logon" },
		{ "CategoryString", "Logon/Logoff" },
		{ "tag", "authentication|privileged" },
		{ NULL, NULL },
	};
	static const struct pair elsewhere[] = {
		{ "TaskCategory", "(13824)" }, { "CategoryString", "(none)" }, { NULL, NULL },
	};

	names_are(&keep, made_event(&keep, "Security", 4725, "dc", "Task=13824\n--\nx=1"), number);
	names_are(&keep,
		  made_event(&keep, "Security", 4672, "dc", "--\nTaskCategory=Special Logon"),
		  name);
	names_are(&keep, made_event(&keep, "System", 7036, "dc", "Task=13824\n--\nx=1"), elsewhere);
}

static void
processes_and_files_of_audit_events_have_their_fields(struct arena keep)
{
	static const struct pair token[] = {
		{ "process_name", "t.exe" },        { "process_path", "C:\\t.exe" },
		{ "process_exec", "t.exe" },        { "process_id", "0x20" },
		{ "parent_process_name", "p.exe" }, { "parent_process_id", "0x10" },
		{ NULL, NULL },
	};
	static const struct pair file[] = {
		{ "file_name", "x.txt" }, { "file_path", "C:\\x.txt" }, { NULL, NULL },
	};
	static const struct pair key[] = {
		{ "file_name", "(none)" }, { "file_path", "(none)" }, { NULL, NULL },
	};
	static const struct pair access[] = {
		{ "process_name", "lsass.exe" },
		{ "process_id", "7" },
		{ "parent_process_name", "a.exe" },
		{ "parent_process_id", "5" },
		{ NULL, NULL },
	};

	names_are(&keep,
		  made_event(&keep, "Security", 4696, "ws",
			     "--\nTargetProcessName=C:\\t.exe\nTargetProcessId=0x20\n"
			     "ProcessName=C:\\p.exe\nProcessId=0x10"),
		  token);
	names_are(&keep,
		  made_event(&keep, "Security", 4656, "ws", "--\nObjectType=File\nObjectName=C:\\x.txt"),
		  file);
	names_are(&keep,
		  made_event(&keep, "Security", 4656, "ws", "--\nObjectType=Key\nObjectName=\\REG\\x"),
		  key);
	names_are(&keep,
		  made_event(&keep, SYSMON_LOG, 10, "ws",
			     "--\nSourceImage=C:\\a.exe\nSourceProcessId=5\n"
			     "TargetImage=C:\\lsass.exe\nTargetProcessId=7"),
		  access);
}

static void
what_defender_found_is_malware(struct arena keep)
{
	static const char        defender[] = "Microsoft-Windows-Windows Defender/Operational";
	static const struct pair found[] = {
		{ "Malware_Attacks.action", "deferred" }, { "Malware_Attacks.signature", "Bad" },
		{ "Malware_Attacks.user", "C\\ann" },      { "tag", "malware|attack" },
		{ NULL, NULL },
	};
	static const struct pair acted[] = {
		{ "Malware_Attacks.action", "blocked" }, { "Malware_Attacks.file_name", "x.exe" },
		{ NULL, NULL },
	};
	static const struct pair failed[] = {
		{ "Malware_Attacks.action", "deferred" }, { "Malware_Attacks.category", "unknown" },
		{ NULL, NULL },
	};

	names_are(&keep,
		  made_event(&keep, defender, 1116, "ws",
			     "--\nThreat Name=Bad\nDetection User=C\\ann\nAction Name=Not Applicable"),
		  found);
	names_are(&keep,
		  made_event(&keep, defender, 1117, "ws",
			     "--\nAction Name=Quarantine\nPath=file:_C:\\t\\x.exe"),
		  acted);
	names_are(&keep, made_event(&keep, defender, 1118, "ws", "--\nAction Name=Remove"), failed);
}

static void
services_updates_and_ports_have_data_sets(struct arena keep)
{
	static const struct pair service[] = {
		{ "Services.start_mode", "manual" }, { "start_mode", "manual" }, { NULL, NULL },
	};
	static const struct pair update[] = {
		{ "Updates.status", "installed" },
		{ "Updates.signature", "2022-05 Update (KB5013942)" },
		{ "Updates.signature_id", "KB5013942" },
		{ "Updates.dest", "ws" },
		{ NULL, NULL },
	};
	static const struct pair port[] = {
		{ "Ports.dest_port", "4444" }, { "Ports.transport", "tcp" },
		{ "Ports.process_id", "7" },   { NULL, NULL },
	};
	const struct event *other =
	    made_event(&keep, "System", 19, "ws", "Name=Microsoft-Windows-WHEA-Logger\n--\nx=1");

	names_are(&keep,
		  made_event(&keep, "System", 7045, "ws", "--\nStartType=demand start\nServiceName=s"),
		  service);
	names_are(&keep,
		  made_event(&keep, "System", 19, "ws",
			     "Name=Microsoft-Windows-WindowsUpdateClient\n--\n"
			     "updateTitle=2022-05 Update (KB5013942)"),
		  update);
	names_are(&keep,
		  made_event(&keep, "Security", 5158, "ws", "--\nSourcePort=4444\nProtocol=6\nProcessId=7"),
		  port);
	ok(!model_has(MODEL_UPDATES, other), "event 19 of another provider is no update");
}

int
main(void)
{
	struct arena keep = arena_open(64 << 20);

	labels_of_messages_name_fields_of_the_schema(keep);
	labels_with_words_of_their_own_are_found(keep);
	any_label_is_the_field_that_it_names(keep);
	system_facts_are_there_as_xml(keep);
	audit_events_have_categories(keep);
	processes_and_files_of_audit_events_have_their_fields(keep);
	what_defender_found_is_malware(keep);
	services_updates_and_ports_have_data_sets(keep);
	arena_close(&keep);
	return done_testing();
}
