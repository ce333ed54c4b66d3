#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# What became of every rule: no rule is silent, whatever the case holds.
. "$top_srcdir/tests/cli/lib.sh"

small_evidence ev
mkdir rules nothing
printf '' >nothing/empty.log
logon SRV-9.example 1 2026-03-09T10:00:00Z carol >logon.xml

rule()
{
	printf 'name: %s\nid: %s\ntype: Hunting\nsearch: |-\n  %s\n' "$1" "$1" "$2" >"rules/$1.yml"
}
rule registry '| tstats count from datamodel=Endpoint.Registry by Registry.dest'
rule clock 'EventCode=1 source="XmlWinEventLog:System"'
rule field 'EventCode=4624 NoSuchField=1'
rule absent 'EventCode=4624 LogonType=9'
rule stages 'EventCode=4624 | where LogonType=9'
rule risk '| from datamodel Risk.All_Risk | where risk_score > 1000'
rule broken 'EventCode=4624 | nonsense'

run import c.auger ev logon.xml --rules rules
run ledger c.auger
COLUMNS=80 "$AUGER" ledger c.auger --format table --tz UTC >table
ok 'a narrow table fits' sh -c '! grep -q "^.\{81\}" table'
ok 'and shows the names of rules to their ends, on lines below' sh -c \
    'grep -q "^and PowerShell" table && grep -q "^Block\|^Script Block" table'
ok 'a data set names the events it is made of' sh -c \
    'grep -q "^registry.*no data,.*no event 12 or 13 or 14 or 4657 .*or was not recorded; to record it" out'
ok 'an event that other channels have too is not taken for it' sh -c \
    'grep -q "^clock.*no data,.*no event 1 of System in this case: collect" out'
ok 'a field that never occurs is named, with its event' sh -c \
    'grep -q "^field.*no data,.*field NoSuchField, which would come with event 4624" out'
ok 'no event satisfies the search' sh -c 'grep -q "^absent.*nothing found,0,0,.*no event" out'
ok 'the search has hits and the stages behind it leave none' sh -c \
    'grep -q "^stages.*nothing found,[1-9].* of which .* leaves none" out'
ok 'rules over risk events say so' sh -c 'grep -q "^risk.*nothing found,.*reads no events" out'
ok 'what does not compile is named' sh -c 'grep -q "^broken.*unsupported,.*nonsense" out'

# Rules that say nothing of themselves: found nothing, and no reason why.
silent()
{
	"$AUGER" ledger "$1" --format jsonl | grep -v '"status":"found"' | grep -v '"reason":"'
}

run import d.auger nothing --rules rules
run ledger d.auger
ok 'a case without events has a ledger' sh -c 'test "$(wc -l <out)" -gt 7'
ok 'and no rule in it is silent' sh -c '! grep -q "nothing found,0,0,," out'

if [ -d "${SHARED-}/security_content/detections" ]; then
	run import e.auger "$SHARED/evidence" --rules "$SHARED/security_content/detections" -q
	run ledger e.auger --format jsonl
	sed 's/.*"status":"\([^"]*\)".*/\1/' out | sort | uniq -c | explain
	silent e.auger >quiet
	ok 'published rules over real logs: none is silent' test ! -s quiet
	run import f.auger logon.xml --rules "$SHARED/security_content/detections" -q
	silent f.auger >quiet
	ok 'nor over one event' test ! -s quiet
	run ledger f.auger --format jsonl
	ok 'where every rule has a line' test "$(wc -l <out)" -ge \
	    "$(find "$SHARED/security_content/detections" -name '*.yml' | wc -l)"
else
	echo '# SKIPPED: published rules over real logs; name them with SHARED=DIR'
fi

printf 'these are notes\n' >notes.txt
run import logons.auger logon.xml notes.txt
for command in findings hosts risk incidents; do
	run $command logons.auger
	has err '5 of 5 rules could not run: auger ledger logons.auger says why' \
	    "$command without a finding says that no rule could run"
	has err '1 gap: auger info logons.auger' 'and that something could not be read'
done
run hosts logons.auger --quiet
ok 'unless it is to be quiet' test ! -s err
run hosts c.auger
lacks err 'could not run' 'with findings the list of hosts goes without'
done_testing
