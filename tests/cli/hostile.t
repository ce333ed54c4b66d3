#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# What an intruder writes into a log never drives the analyst's terminal or spreadsheet.
. "$top_srcdir/tests/cli/lib.sh"
mkdir ev
esc=$(printf '\033')
bidi=$(printf '\342\200\256')
c1=$(printf '\302\233')
{
	script "=cmd|WS-07" 1 2026-03-09T10:00:00Z \
	    "Invoke-Command -ComputerName X # &#x9b;31m ${bidi}txt.exe ${c1}2J"
	logon "WS-8.example" 2 2026-03-09T10:00:01Z "+alice"
	logon "WS-8.example" 3 2026-03-09T10:00:02Z "'-bob"
} >ev/x.xml
# XML cannot hold an escape, classic text can
{
	echo '03/09/2026 10:00:05 AM'
	echo 'LogName=Microsoft-Windows-PowerShell/Operational'
	echo 'EventCode=4104'
	echo 'EventType=5'
	echo 'ComputerName=WS-9.example'
	echo 'RecordNumber=9'
	echo 'Message=Creating Scriptblock text (1 of 1):'
	echo "Invoke-Command -ComputerName Y ${esc}]0;owned ${esc}[2J"
	echo
	echo 'ScriptBlock ID: 1'
	echo 'Path: '
} >ev/y.log
run import c.auger ev
status_is 0 'hostile evidence is imported'

hostile()
{
	LC_ALL=C grep -q "$(printf '[\001-\010\013-\037\177]')" "$@" && return 0
	grep -q -e "$bidi" -e "$c1" "$@"
}

for format in table csv jsonl; do
	for command in 'findings c.auger' 'hosts c.auger' 'show c.auger finding:1' \
	    'show c.auger event:1' 'search c.auger *' 'search c.auger *|table,ScriptBlockText'; do
		set -f
		set -- $(echo "$command" | tr ',' ' ')
		set +f
		case $command in
		*table*) set -- search c.auger '* | table ScriptBlockText' ;;
		esac
		run "$@" --format $format
		! hostile out err
		report $? "$* as $format lets nothing through"
	done
done
run findings c.auger
has out "'=cmd|WS-07" 'a host that is a formula is defused'
run search c.auger 'EventCode=4624 | table user'
has out "'+alice" 'a user that is one too'
has out "''-bob" 'reversibly'

# ---- the same in every name there is: host, user, channel, field, file, folder, rule, message
mkdir "names$(printf '\033')[2J" "rules$(printf '\033')[2J"
awk 'BEGIN {
	evil = "\\u001b]0;owned\\u0007\\u009b31m\\u202etxt\\r\\u0000\\u2028\\u007f"
	for (i = 1; i < 9; i++)
		printf "{\"@timestamp\":\"2026-03-09T10:00:0%dZ\",\"winlog\":{\"channel\":\"C%s\"," \
		    "\"provider_name\":\"P%s\",\"event_id\":4624,\"record_id\":%d,\"computer_name\":\"=H%s%d\"," \
		    "\"event_data\":{\"TargetUserName\":\"@u%s\",\"F%s\":\"-v%s\"}},\"message\":\"+m%s\"}\n", \
		    i, evil, evil, i, evil, i, evil, evil, evil, evil
}' >"names$(printf '\033')[2J/=f$(printf '\033')[31m.json"
cat >"rules$(printf '\033')[2J/r.yml" <<'END'
name: "=Rule \e[2J \u202E"
id: "0b0b0b0b-\e[31m"
description: "d \e]0;x\a"
search: EventCode=4624 | stats count by host TargetUserName
tags:
  analytic_story: ["=s\e[2J"]
  mitre_attack_id: ["T1078\e[2J"]
  risk_score: 200
  message: "=m \e[2J $host$ $TargetUserName$"
  observable: [{name: host, type: Hostname, role: [Victim]}]
END
printf 'name: n\nid: i\nsearch: "a | \\e[2Jnope"\n' >"rules$(printf '\033')[2J/bad$(printf '\033')[2J.yml"
run import n.auger names* --rules rules*
ok 'names made to do harm are imported' test "$status" -le 1
! hostile out err
report $? 'which lets nothing through'
run findings n.auger --format csv
ok 'and lead to findings' test "$(wc -l <out)" -gt 1
for command in hosts findings risk incidents ledger info verify 'search *' 'show event:1' \
    'show finding:1' 'search *|table_*' notes; do
	set -f
	set -- $(echo "$command" | tr '_' ' ' | sed 's/^search \(.*\)/search/')
	verb=$1
	shift
	case $command in
	search*) set -- "$(echo "${command#search }" | tr _ ' ')" ;;
	esac
	set +f
	for format in table csv jsonl; do
		run $verb n.auger "$@" --format $format
		! hostile out err
		report $? "$command as $format lets nothing of names through"
	done
	[ "$verb" = search ] || [ "$verb" = show ] && continue
	run $verb n.auger --format csv
	ok "no cell of $verb is a formula" sh -c '! grep -qE "(^|,)\"?[=+@]" out'
done
run rules check rules*
! hostile out err
report $? 'nor does what rules are told'
for keys in '' '1<Enter>' 2 '2<Enter>' '2<Enter>j<Enter>' 3 '3<Enter>' 4 5 '5<Enter>' 6 '6<Enter>' 7 \
    '7<Enter>' 8 2d 3c '3s* | table *<Enter>'; do
	run browse n.auger --keys "$keys" --size 200x50
	! hostile out err
	report $? "no screen does: keys '$keys'"
done
run export n.auger -o all
ok 'nor any file of an export' sh -c "! LC_ALL=C grep -rlP '[\\x01-\\x08\\x0b-\\x1f\\x7f]' all"
run import n2.auger names*/nothing "no$(printf '\033')[2J"
! hostile out err
report $? 'nor paths that are not there'

cd ev && "$AUGER" import ../d.auger "$(printf 'no\033[2Jfile')" >../out 2>../err
cd ..
ok 'names in error messages are made visible' sh -c '! grep -q "$(printf "\033")" err'

run search c.auger "$(printf 'x | y\033[2J')"
ok 'and searches in error messages' sh -c '! grep -q "$(printf "\033")" err'
done_testing
