#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
. "$top_srcdir/tests/cli/lib.sh"
small_evidence ev
run import c.auger ev
status_is 0 'there is a case'

for command in hosts findings ledger info verify; do
	run $command missing.auger
	status_is 2 "$command of a case that is not there does nothing"
	has err 'missing.auger' 'and names it'
	echo 'not a case' >text.auger
	run $command text.auger
	status_is 2 "$command of a file that is no case does nothing"
	has err 'text.auger' 'and names it'
done
ok 'no case was made on the way' test ! -e missing.auger

run hosts c.auger --format xml
status_is 2 'an unknown format is wrong use'
run hosts c.auger --tz Atlantis/Poseidonis
status_is 2 'an unknown zone is wrong use'
run findings c.auger --earliest yesteryear
status_is 2 'a time nobody understands is wrong use'
has err 'yesteryear' 'and is repeated'
run findings c.auger --earliest 2026-03-10 --latest 2026-03-09
status_is 2 'an empty range is wrong use'
run findings c.auger --min-risk high
status_is 2 'a score that is no number is wrong use'
run findings c.auger --user nobody-of-this-name
status_is 2 'a user whom the case does not know is wrong use, as a host is'
has err 'no such user' 'and is said'

# The script blocks name their user by the SID alone, logons say whose it is.
whose()
{
	event Microsoft-Windows-Security-Auditing Security 4624 WS-07.example "$1" \
	    2026-03-09T09:00:0"$1"Z "<Data Name='TargetUserSid'>$2</Data>$(
	    )<Data Name='TargetUserName'>$4</Data><Data Name='TargetDomainName'>$3</Data>"
}
mkdir named
whose 1 S-1-5-21-1-2-3-1107 EX carol >named/logons.xml
cp ev/ws07.xml named
run import named.auger named
run findings named.auger --user Carol
status_is 0 'the name alone is enough for a user whom findings know with a domain'
has out 'WS-07.example' 'and has the findings'
whose 2 S-1-5-21-9-9-9-1107 OTHER carol >named/others.xml
sed 's/S-1-5-21-1-2-3-1107/S-1-5-21-9-9-9-1107/; s/ecordID>/&9/' ev/ws07.xml >named/ws08.xml
run import named.auger named
run findings named.auger --user carol
status_is 2 'a name that users of two domains have is not guessed'
has err 'which one? ex\carol, other\carol' 'but asked about'
run findings named.auger --user 'other\carol'
status_is 0 'with its domain it is one of them'

run c.auger hosts
status_is 2 'a case in front of the command is wrong use'
has err 'auger hosts c.auger' 'and turned round'
run notes c.auger
has err 'what to do is missing' 'notes of a case want a verb'
run findings c.auger --verdict maybe
status_is 2 'an unknown verdict is wrong use'
run hosts c.auger -o no/such/folder/out.csv
status_is 2 'a result that cannot be written is said before any work'

if [ -c /dev/full ]; then
	"$AUGER" hosts c.auger >/dev/full 2>err
	status=$?
	status_is 3 'a full disk under standard output is a failure'
	run hosts c.auger -o /dev/full
	status_is 3 'and so it is under -o'
fi

run c.auger
status_is 2 'the UI without a terminal is wrong use'
has err 'auger hosts c.auger' 'and the commands that work are named'

run findings c.auger --host ws-07 -o ws07.csv
status_is 0 'a result can go to a file'
ok 'and nothing to standard output' test ! -s out
has ws07.csv 'WS-07.example' 'the first label of a host is enough'
lacks ws07.csv 'SRV-1.example,' 'and only its findings are there'
run findings c.auger --technique T1021
has out 'T1021.006' 'a technique includes its sub-techniques'
lacks out 'T1047' 'and nothing else'
run findings c.auger --min-risk 46
has out '50' 'findings can be cut off by risk'
lacks out ',45,' 'from below'
run findings c.auger --earliest -30m
has out 'SRV-1.example' 'times are relative to the last event'
lacks out 'WS-07.example' 'not to today'
run hosts c.auger --earliest -30m
has err 'events, first_time and last_time are of all that a host has' \
    'hosts say which of their numbers a range of time leaves as they are'
run hosts c.auger
lacks err 'last_time' 'and without one nothing'
run findings c.auger --min-risk 99
status_is 0 'nothing found is not an error'
has err 'without them: auger findings c.auger' 'and says where to look'
run findings c.auger --host nobody
status_is 2 'a host that the case does not have is wrong use'
has err 'auger hosts c.auger' 'and says where they are'
run findings c.auger --host srv-2
status_is 0 'one without findings is not'
run findings c.auger --rule 'Invoke Nothing'
status_is 2 'a rule that the case does not know is wrong use'
has err 'auger ledger c.auger' 'and says where they are'
run findings c.auger --technique T9999
status_is 0 'a technique may be one that nobody used'
has err 'no findings with these options; without them: auger findings c.auger' 'nothing is blamed on the rules'
has err 'T9999: no finding' 'which is said'
run hosts c.auger --tz +02:00 --format table
has out '(+02:00)' 'tables can be in another zone'
has out '2026-03-09 12:00:00' 'and their times are'
run hosts c.auger --tz +02:00
has out '2026-03-09T10:00:00.123456Z' 'files stay in UTC'
done_testing
