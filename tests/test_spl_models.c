/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Data sets of data models, those of events and that of risk events. */
#include "config.h"

#include "tests/array_source.h"

#define PROCESS                                                                                    \
	"channel=Microsoft-Windows-Sysmon/Operational event_id=1 host="

static void
data_models_have_their_own_names(struct arena keep)
{
	struct array_source *a =
	    with(&keep, PROCESS
		 "H1 User=ann ProcessGuid=g1 Image=\"C:\\\\PowerShell.EXE\" "
		 "CommandLine=\"powershell -CN x Invoke-WmiMethod\"\n" PROCESS
		 "H1 Image=\"C:\\\\powershell.exe\" CommandLine=\"powershell invoke-wmimethod -cn "
		 "y\"\n" PROCESS
		 "H2 User=bob Image=\"C:\\\\cmd.exe\" CommandLine=\"Invoke-WmiMethod -CN z\"\n"
		 "channel=Security event_id=1102 host=H3\n");
	const char *where = "where `process_powershell` Processes.process=\"*invoke-wmimethod*\" "
			    "Processes.process=\"*-CN *\" by Processes.dest Processes.process_guid";

	is(array_run(
	       a, arena_printf(&keep,
			       "| tstats `security_content_summariesonly` count from "
			       "datamodel=Endpoint.Processes %s | `drop_dm_object_name(Processes)`",
			       where)
		      .p),
	   TEXT("dest=H1 process_guid=g1 count=1 | dest=H1 process_guid=null count=1"),
	   "fillnull_value keeps rows without a field");
	is(array_run(
	       a,
	       arena_printf(&keep, "| tstats count from datamodel=Endpoint.Processes %s", where).p),
	   TEXT("Processes.dest=H1 Processes.process_guid=g1 count=1"),
	   "without it they are dropped");
	gives(a, "| tstats count FROM datamodel=Endpoint.Processes", "count=3");
	gives(a,
	      "| tstats count values(Processes.user) from datamodel=Endpoint.Processes by "
	      "Processes.dest",
	      "Processes.dest=H1 count=2 values(Processes.user)=[ann unknown] | Processes.dest=H2 "
	      "count=1 values(Processes.user)=bob");
	gives(a,
	      "| from datamodel:Endpoint.Processes | search dest=h2 | table dest user process_name",
	      "dest=H2 user=bob process_name=cmd.exe");
	gives(a, "| from datamodel Endpoint.Processes | stats count by dest",
	      "dest=H1 count=2 | dest=H2 count=1");
	gives(a, "| datamodel Endpoint Processes search | stats count by Processes.dest",
	      "Processes.dest=H1 count=2 | Processes.dest=H2 count=1");
}

static void
risk_events_are_a_data_set(struct arena keep)
{
	struct array_source    *a = with(&keep, "row x=1\n");
	static struct risk_event risks[] = {
	    {.time_ns = INT64_C(1600689600000000000),
	     .object = {TEXT_INIT("WS1"), RISK_SYSTEM, 25, TEXT_INIT("m")},
	     .normalized = TEXT_INIT("ws1"),
	     .rule = TEXT_INIT("Rule A"),
	     .technique = TEXT_INIT("T1047 T1059"),
	     .tactic = TEXT_INIT("Execution"),
	     .stories = TEXT_INIT("Story \"A\""),
	     .annotations = TEXT_INIT("nist=DE.CM\nnist=DE.AE\ncis20=CIS 10"),
	     .row = TEXT_INIT("dest\x1eWS1\x1f" "user\x1e" "ann\nbob\x1f" "risk_score\x1e" "999\x1f"
			      "empty\x1e\x1f" "no value")},
	    {.time_ns = INT64_C(1600000000000000000),
	     .object = {TEXT_INIT("WS1"), RISK_SYSTEM, 63, TEXT_INIT("m")},
	     .normalized = TEXT_INIT("ws1"),
	     .rule = TEXT_INIT("Rule B"),
	     .technique = TEXT_INIT("T1047"),
	     .tactic = TEXT_INIT("Execution")},
	};

	a->risks = risks;
	a->n_risks = 2;
	gives(
	    a,
	    "| from datamodel Risk.All_Risk | search normalized_risk_object IN (\"WS1\") | stats "
	    "count "
	    "sum(calculated_risk_score) as s values(search_name) as \"Search Name\" "
	    "values(annotations.mitre_attack.mitre_technique_id) as t by normalized_risk_object",
	    "normalized_risk_object=ws1 count=2 s=88 Search Name=[Rule A Rule B] t=[T1047 T1059]");
	gives(a,
	      "| from datamodel:\"Risk.All_Risk\" | search normalized_risk_object=ws1 "
	      "starthoursago=168 | stats count",
	      "count=1");
	gives(a,
	      "| tstats sum(All_Risk.calculated_risk_score) as s dc(source) as sources "
	      "values(All_Risk.annotations.mitre_attack.mitre_tactic_id) as tactics from "
	      "datamodel=Risk.All_Risk where All_Risk.risk_object_type=\"system\" by "
	      "All_Risk.normalized_risk_object | `drop_dm_object_name(All_Risk)` | where s > 80",
	      "normalized_risk_object=ws1 s=88 sources=2 tactics=TA0002");
	gives(a,
	      "| tstats count from datamodel=Risk where All_Risk.annotations.mitre_attack=T1059 "
	      "source=\"*a\" by source",
	      "source=Rule A count=1");
	gives(a, "| tstats count from datamodel=Risk where NOT All_Risk.risk_object=WS1", "count=0");
	gives(a, "| from datamodel:Risk.All_Risk | search user=bob | table dest user risk_score empty",
	      "dest=WS1 user=[ann bob] risk_score=25");
	gives(a, "| tstats count from datamodel=Risk.All_Risk by All_Risk.dest, All_Risk.user",
	      "All_Risk.dest=WS1 All_Risk.user=ann count=1 | All_Risk.dest=WS1 All_Risk.user=bob count=1");
	gives(a,
	      "| from datamodel:Risk.All_Risk | search dest=* | table annotations "
	      "annotations._frameworks annotations.mitre_attack.mitre_technique",
	      "annotations={\"analytic_story\":[\"Story \\\"A\\\"\"],\"mitre_attack\":[\"T1047\",\"T1059\"],"
	      "\"nist\":[\"DE.CM\",\"DE.AE\"],\"cis20\":[\"CIS 10\"]} "
	      "annotations._frameworks=[mitre_attack nist cis20] annotations.mitre_attack.mitre_technique="
	      "[Windows Management Instrumentation Command and Scripting Interpreter]");
}

int
main(void)
{
	struct arena keep = arena_open((size_t)1 << 30);

	data_models_have_their_own_names(keep);
	risk_events_are_a_data_set(keep);
	arena_close(&keep);
	return done_testing();
}
