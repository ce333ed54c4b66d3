/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which data sets an event is in, and its fields there. */
#include "config.h"

#include "base/meaning.h"
#include "base/name_entry.h"
#include "base/names.h"
#include "tests/made.h"
#include "tests/named.h"
#include "tests/tap.h"

static void
connections_and_queries_have_their_data_sets(struct arena keep)
{
	static const struct pair traffic[] = {
		{ "All_Traffic.dest", "192.0.2.1" },
		{ "All_Traffic.dest_port", "5985" },
		{ "All_Traffic.src", "ws1" },
		{ "All_Traffic.src_port", "0" },
		{ "All_Traffic.direction", "outbound" },
		{ "All_Traffic.transport", "tcp" },
		{ "All_Traffic.app", "C:\\x.exe" },
		{ "All_Traffic.rule", "unknown" },
		{ NULL, NULL },
	};
	static const struct pair dns[] = {
		{ "DNS.query", "a.example" },
		{ "DNS.answer", "type:  5 b.example|::ffff:192.0.2.9" },
		{ "DNS.record_type", "CNAME" },
		{ "DNS.src", "h" },
		{ NULL, NULL },
	};

	names_are(
	    &keep,
	    made_event(&keep, SYSMON_LOG, 3, "h",
		       "--\nImage=C:\\x.exe\nProtocol=TCP\nInitiated=true\nSourceHostname=ws1\n"
		       "SourceIp=10.0.0.1\nDestinationHostname=-\nDestinationIp=192.0.2.1\n"
		       "DestinationPort=5985"),
	    traffic);
	names_are(&keep,
		  made_event(&keep, SYSMON_LOG, 22, "h",
			     "--\nQueryName=a.example\nQueryStatus=0\n"
			     "QueryResults=type:  5 b.example;::ffff:192.0.2.9;"),
		  dns);
}

static void
logons_and_account_changes_have_their_data_sets(struct arena keep)
{
	static const struct pair logon[] = {
		{ "Authentication.action", "failure" },   { "Authentication.user", "bob" },
		{ "Authentication.src", "10.1.1.1" },     { "Authentication.dest", "dc" },
		{ "Authentication.app", "win:remote" },   { "Authentication.signature_id", "4625" },
		{ "Authentication.src_user", "unknown" }, { NULL, NULL },
	};
	static const struct pair change[] = {
		{ "All_Changes.action", "created" },
		{ "All_Changes.user", "new" },
		{ "All_Changes.object_category", "user" },
		{ "All_Changes.Account_Management.src_user", "adm" },
		{ "signature", "A user account was created" },
		{ "subject", "A user account was created" },
		{ "All_Changes.result", "account was created" },
		{ NULL, NULL },
	};
	static const struct pair group[] = {
		{ "result", "group was created" },
		{ "status", "success" },
		{ NULL, NULL },
	};
	static const struct pair recovery[] = {
		{ "All_Changes.result",
		  "set the Directory Services Restore Mode administrator password" },
		{ "All_Changes.action", "modified" },
		{ "All_Changes.result_id", "4794" },
		{ NULL, NULL },
	};
	const struct event *machine =
	    made_event(&keep, "Security", 4624, "dc", "--\nTargetUserName=DC$");

	names_are(
	    &keep,
	    made_event(&keep, "Security", 4625, "dc",
		       "--\nSubjectUserName=-\nTargetUserName=bob\nLogonType=3\nWorkstationName=-\n"
		       "IpAddress=10.1.1.1"),
	    logon);
	names_are(&keep,
		  made_event(&keep, "Security", 4720, "dc",
			     "--\nTargetUserName=new\nSubjectUserName=adm"),
		  change);
	names_are(&keep,
		  made_event(&keep, "Security", 4727, "dc",
			     "Keywords=0x8020000000000000\n--\nTargetUserName=ESX Admins"),
		  group);
	names_are(&keep, made_event(&keep, "Security", 4794, "dc", "--\nSubjectUserName=adm"),
		  recovery);
	ok(!model_has(MODEL_AUTHENTICATION, machine),
	   "a computer account's log-on is not in Authentication");
}

static void
data_sets_are_found_by_every_spelling(void)
{
	ok(model_find(TEXT("Endpoint.Processes")) == MODEL_PROCESSES, "Endpoint.Processes");
	ok(model_find(TEXT("Endpoint")) == MODEL_PROCESSES, "Endpoint");
	ok(model_find(TEXT("Change.Account_Management")) == MODEL_ACCOUNT_MANAGEMENT &&
	       model_find(TEXT("Change.All_Changes.Account_Management")) ==
		   MODEL_ACCOUNT_MANAGEMENT &&
	       model_find(TEXT("All_Changes.Account_Management")) == MODEL_ACCOUNT_MANAGEMENT &&
	       model_find(TEXT("Change")) == MODEL_CHANGE,
	   "parts of a data set, with or without what they are of");
	ok(model_find(TEXT("Authentication.Failed_Authentication")) ==
		   MODEL_FAILED_AUTHENTICATION &&
	       model_find(TEXT("Authentication.Nothing")) == MODEL_NONE,
	   "and nothing else");
	ok(model_find(TEXT("Endpoint.Registry")) == MODEL_REGISTRY, "Endpoint.Registry");
	ok(model_find(TEXT("Network_Traffic")) == MODEL_NETWORK_TRAFFIC, "Network_Traffic");
	ok(model_find(TEXT("Network_Resolution.DNS")) == MODEL_NETWORK_RESOLUTION,
	   "Network_Resolution.DNS");
	ok(model_find(TEXT("Risk.All_Risk")) == MODEL_RISK, "Risk.All_Risk");
	ok(model_find(TEXT("Web")) == MODEL_NONE, "Web is not known");
	is(model_prefix(MODEL_NETWORK_TRAFFIC), TEXT("All_Traffic"), "prefix of Network_Traffic");
}

static void
parts_of_a_data_set_have_some_of_its_members(struct arena keep)
{
	const struct event *failed = made_event(&keep, "Security", 4625, "h",
						"--\nTargetUserName=eve\nStatus=0xc000006d");
	const struct event *created =
	    made_event(&keep, "Security", 4720, "h", "--\nTargetUserName=eve");
	const struct event *cleared = made_event(&keep, "Security", 1102, "h", "--");

	ok(model_has(MODEL_AUTHENTICATION, failed) &&
	       model_has(MODEL_FAILED_AUTHENTICATION, failed) &&
	       !model_has(MODEL_SUCCESSFUL_AUTHENTICATION, failed),
	   "a failed logon");
	ok(model_has(MODEL_ACCOUNT_MANAGEMENT, created) &&
	       model_has(MODEL_ACCOUNTS_CREATED, created) &&
	       !model_has(MODEL_ACCOUNTS_DELETED, created) &&
	       !model_has(MODEL_AUDITING_CHANGES, created),
	   "an account that was created");
	ok(model_has(MODEL_AUDITING_CHANGES, cleared) &&
	       !model_has(MODEL_ACCOUNT_MANAGEMENT, cleared) &&
	       !model_has(MODEL_FAILED_AUTHENTICATION, cleared),
	   "a log that was cleared");
	is(made_values(&keep, created, "All_Changes.Account_Management.user"), TEXT("eve"),
	   "fields may be named with the part");
	is(made_values(&keep, failed, "Authentication.Failed_Authentication.user"), TEXT("eve"),
	   "every part");
}

static void
every_change_is_found_by_its_event_id(void)
{
	static const struct {
		uint32_t         event_id;
		enum change_part part;
	} changes[] = {
#define CHANGE(id, what, did, kind, of, with, came) { (id), CHANGE_##what },
#include "base/changes.def"
#undef CHANGE
	};
	size_t n = sizeof(changes) / sizeof(changes[0]), found = 0;

	for (size_t i = 0; i < n; i++) {
		struct event ev = { .scope = SCOPE_SECURITY, .event_id = changes[i].event_id };

		found += event_change_part(&ev) == changes[i].part;
		ev.scope = SCOPE_OTHER;
		found -= event_change_part(&ev) != CHANGE_NOTHING;
	}
	ok(n > 50 && found == n, "%zu of %zu", found, n);
}

int
main(void)
{
	struct arena keep = arena_open(64 << 20);

	connections_and_queries_have_their_data_sets(keep);
	logons_and_account_changes_have_their_data_sets(keep);
	data_sets_are_found_by_every_spelling();
	parts_of_a_data_set_have_some_of_its_members(keep);
	arena_close(&keep);
	every_change_is_found_by_its_event_id();
	return done_testing();
}
