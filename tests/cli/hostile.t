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

cd ev && "$AUGER" import ../d.auger "$(printf 'no\033[2Jfile')" >../out 2>../err
cd ..
ok 'names in error messages are made visible' sh -c '! grep -q "$(printf "\033")" err'

run search c.auger "$(printf 'x | y\033[2J')"
ok 'and searches in error messages' sh -c '! grep -q "$(printf "\033")" err'
done_testing
