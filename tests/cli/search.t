#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
. "$top_srcdir/tests/cli/lib.sh"
small_evidence ev
run import c.auger ev

run search c.auger 'EventCode=4104 ScriptBlockText="*invoke-command*"'
status_is 0 'a search finds events'
golden search-events.csv out 'and lists them with their number, time and text'

run search c.auger 'EventCode=4104 | stats count by Computer | sort - count'
golden search-stats.csv out 'rows of a table have its columns'

run search c.auger '* | table host EventCode'
ok 'a table has just its columns' sh -c 'test "$(head -1 out)" = host,EventCode'

run search c.auger 'EventCode=4624 | stats count by user' --format jsonl
has out '"count":1' 'numbers are numbers in JSON lines'

numbers='| makeresults | eval a=tonumber("1700000000.123456"), b=12345678901234567, c=1234567.125, d=sqrt(-1), e=ln(0) | table a b c d e'
run search c.auger "$numbers"
has out '1700000000.12346,12345678901234568,1234567.125,nan,' 'and as exact as a search has them'
run search c.auger "$numbers" --format jsonl
has out '{"a":1700000000.12346,"b":12345678901234568,"c":1234567.125,"d":"nan","e":"-inf"}' \
    'what JSON has no number for is a text'

run search c.auger 'EventCode=9999'
status_is 0 'nothing found is not an error'
has err 'no rows' 'and is said'

run search c.auger 'EventCode=4624 | stats count by Compuetr'
has err 'no event of this case has the field Compuetr' 'a name that nothing has is named'
run search c.auger 'Invoke-Wm'
has err 'no rows: a bare word is a whole word; to find it inside of others, *Invoke-Wm*' \
    'that a bare word is a whole word is said'
run search c.auger '*Invoke-Wm'
lacks err 'whole word' 'but not of a part of one'
run search c.auger 'EventCode=4624 Compuetr=x'
has err 'no event of this case has the field Compuetr' 'also in front of the first bar'
has err 'Compuetr; a known one is Computer' 'with what may have been meant'
run search c.auger 'EventCode=4104 | spath input=ScriptBlockText | stats count by a.b'
lacks err 'no event of this case has' 'but nothing is said of fields that a stage makes out of what events hold'
run search c.auger 'EventCode=4624 | eval own=1 | where own=2'
has err 'the last were lost at: where own=2' 'a name that the search makes is none of these'
ok 'and is not blamed' sh -c '! grep -q "has the field" err'

run search c.auger 'EventCode=4624 earliest=2031-01-01'
has err 'no event is of the time that was asked about: those of this case are from 2026-03-09T10:00:00' \
    'a time of which there is no event is said to be such'
run search c.auger 'EventCode=4624 | stats count by host' --latest 2019-01-01
has err 'the time that was asked about' 'by an option, too'
run search c.auger 'earliest=-1h latest=-2h'
has err 'it ends before it begins' 'and a range that is none'
run search c.auger 'EventCode=4624 LogonType=77 earliest=2026-03-09'
lacks err 'time' 'a range with events is not blamed'

run search c.auger 'host=nosuch EventCode=4624'
has err 'this case has no host nosuch' 'a host that the case does not know is named'
run search c.auger 'dest=1.2.* EventCode=4624'
has err 'this case has no host 1.2.*' 'and spelled as it was asked for'
has err 'addresses are in fields such as src_ip' 'an address is no name of a host'
run search c.auger 'host=nosuch-12 OR host=nosuch-1'
has err 'this case has no host nosuch-12 or nosuch-1' 'each of several, also one that begins as another does'
run search c.auger 'host=nosuch NOT host=SRV-1 (host=SRV-1 OR EventCode=4624)'
lacks err 'nosuch or' 'but none that the search does not need, or does not want'
run search c.auger 'EventCode=9999 OR EventCode=99'
has err 'no event 99 or 9999' 'nor is an event number hidden by one that it is part of'
run search c.auger 'host=SRV-1 user=nosuch'
lacks err 'no host' 'one that it knows is not, by its first label'
run search c.auger 'host=nosuch* EventCode=4624'
has err 'no event of this case has host="nosuch*"' 'nor is a pattern that fits no host passed over'
run search c.auger 'Computer=SRV* user=nosuch'
lacks err 'no event of this case' 'one that fits a host is not blamed'
run search c.auger 'sourcetype=nosuch | stats count by host'
has err 'no event of this case has sourcetype="nosuch"' 'a source type that nothing has is named'

run search c.auger 'EventCode=4104 | strcut a b'
status_is 2 'an unknown command does not run'
has err 'search:1:' 'its place is said'
has err '^' 'and shown'
golden search-error.txt err 'in words that help'

run search c.auger '(EventCode=4104'
status_is 2 'an open bracket does not run'
run search c.auger '`no_such_macro`'
status_is 2 'an unknown macro does not run'
has err 'no_such_macro' 'and is named'

run search c.auger '* | head 2 | eval s="aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaX" | regex s="^(a+)+$"'
status_is 1 'rows that a regular expression did not decide make a search partly done'
has err 'gave up on 2 rows' 'and are counted'

# MemberSid and group of 4732, name and SID of 4720
joins()
{
	event Microsoft-Windows-Security-Auditing Security 4732 WS-9 "$1" 2026-03-09T12:00:0"$1"Z \
	    "<Data Name='MemberName'>-</Data><Data Name='MemberSid'>$2</Data>$(
	    )<Data Name='TargetUserName'>Administrators</Data>$(
	    )<Data Name='TargetSid'>S-1-5-32-544</Data>"
}
event Microsoft-Windows-Security-Auditing Security 4720 WS-9 1 2026-03-09T12:00:01Z \
    "<Data Name='TargetUserName'>tmp</Data><Data Name='TargetSid'>S-1-5-21-9-1001</Data>" >m.xml
joins 2 S-1-5-21-9-1001 >>m.xml
joins 3 S-1-5-21-9-1002 >>m.xml
run import m.auger m.xml
# The search of the manual page, as it stands there.
of_manual=$(sed -n "/^auger search hunt.auger 'EventCode IN (4720/,/'\$/p" "$top_srcdir/doc/auger.1" |
	sed "s/^auger search hunt.auger '//; s/'\$//")
run search m.auger "$of_manual"
status_is 0 'the search for new members by SID, in the manual, runs'
has out 'S-1-5-21-9-1001,WS-9,tmp,Administrators' 'and finds the new account in the group'
lacks out 'S-1-5-21-9-1002' 'not a member that no event names'

run drilldown c.auger SRV-1
status_is 0 'the drilldowns of a host run'
has out 'SRV-1.example' 'and find its events'
ok 'each question once' sh -c 'test -z "$(grep -A1 ^finding: err | grep "^  " | sort | uniq -d)"'
ok 'as one table' sh -c 'test "$(grep -c ^drilldown, out)" -eq 1 && ! grep -q "^$" out'
ok 'whose first column names the drilldown' sh -c 'head -1 out | grep -q "^drilldown,"'
run drilldown c.auger SRV-1 --format jsonl
ok 'also in each line of JSON' sh -c 'test -s out && ! grep -v "^{\"drilldown\":" out'
run drilldown c.auger NOBODY
status_is 2 'drilldowns of a host that the case does not know are wrong use'
has err 'NOBODY: no such host in this case (see: auger hosts c.auger)' 'and no answer of the rules'
done_testing
