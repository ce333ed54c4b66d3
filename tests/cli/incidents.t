#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Risk objects that crossed a threshold, and the risk events behind them.
. "$top_srcdir/tests/cli/lib.sh"
small_evidence ev
script WS-07.example 4 2026-03-09T12:00:00Z 'Invoke-WmiExec -Target SRV-3' >ev/later.xml
run import c.auger ev

run incidents c.auger
status_is 0 'incidents are listed'
golden incidents.csv out 'with their score, sources, tactics and window'
run incidents c.auger --cap 1
has out ',120,120,' 'a cap shows both scores'
run incidents c.auger --cap 0
status_is 2 'a cap is at least one'
run browse c.auger --size 80x24 --keys '9:cap 1<Enter>'
has out 'CAPPED' 'the screen has the cap as well, beside the plain score'
has out 'a rule counts at most 1 time' 'and says so'
run browse c.auger --size 40x10 --keys '9:cap 1<Enter>'
ok 'a narrow one says whose score it is' grep -q 'CAPPED *WHO' out
run browse c.auger --size 80x24 --keys '9:cap 1<Enter>:cap off<Enter>'
lacks out 'CAPPED' 'until it is off'
run browse c.auger --size 80x24 --keys '9:cap 0<Enter>'
has out '0 is no cap' 'what is no cap is refused'
run incidents c.auger --format jsonl
has out '"now":"yes"' 'what the case clock sees is marked'

run risk c.auger --host srv-1
status_is 0 'risk events of one host can be listed'
ok 'and are its only ones' sh -c 'test "$(grep -c ,system, out)" = 1'

# Eighty columns: a line for each, and the name of whom it is about to be copied.
long=a-name-of-more-than-twenty-letters.corp.example
script $long 5 2026-03-09T12:00:00Z 'Invoke-WmiExec -Target SRV-3' >long.xml
script $long 6 2026-03-09T12:01:00Z 'Invoke-WmiExec -Target SRV-4' >>long.xml
script $long 7 2026-03-09T12:02:00Z 'Invoke-WmiExec -Target SRV-5' >>long.xml
cp c.auger narrow.auger
run import narrow.auger long.xml
COLUMNS=80
export COLUMNS
for list in hosts incidents risk findings; do
	run $list narrow.auger --format table
	ok "$list is a table of eighty columns" sh -c 'head -1 out | grep -q "risk_score" && ! grep -q ".\{81\}" out'
done
run hosts narrow.auger --format table
has out 'a-name-of-more-than-twenty-letters' 'the name of a host is cut last'
run incidents narrow.auger --format table
has out 'risk in 24 h' 'what was crossed is said in a few words'
unset COLUMNS

mkdir rules
cat >rules/scripts.yml <<'EOF'
name: Any Script
id: 11111111-1111-4111-8111-111111111111
type: Anomaly
search: EventCode=4104 | stats count by dest ScriptBlockId | `any_script_filter`
rba:
  message: $ScriptBlockId$ ran on $dest$
  risk_objects: [{field: dest, type: system, score: 5}]
  threat_objects: [{field: ScriptBlockId, type: command}]
tags: {analytic_story: [Scripts]}
EOF
cat >rules/story.yml <<'EOF'
name: Many Scripts
id: 22222222-2222-4222-8222-222222222222
type: Correlation
search: >-
  | tstats count sum(All_Risk.calculated_risk_score) as risk_score
  values(All_Risk.threat_object) as threats values(All_Risk.threat_object_type) as kinds
  from datamodel=Risk.All_Risk where All_Risk.analyticstories="Scripts"
  by All_Risk.risk_object All_Risk.risk_object_type | `drop_dm_object_name(All_Risk)`
  | where count >= 3 | `many_scripts_filter`
tags:
  impact: 50
  confidence: 50
  message: $count$ scripts ($threats$, $kinds$) on $risk_object$
  observable: [{name: risk_object, type: Hostname, role: [Victim]}]
EOF
run import r.auger ev --rules rules --no-builtin-rules
run findings r.auger --rule 'Many Scripts' --format jsonl
has out '"host":"WS-07.example"' 'a correlation names its host'
has out '(00000000-0000-0000-0000-000000000001 00000000-0000-0000-0000-000000000002 ' \
    'with the threat objects of the risk that it read'
has out ', command)' 'and their types'
run hosts r.auger
has out 'WS-07.example,20,' 'and adds no risk to it'

small_evidence other
rm other/ws07.xml
run import d.auger other
run incidents d.auger
status_is 0 'no incident is no error'
has err 'no incidents' 'and is said'
done_testing
