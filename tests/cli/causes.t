#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# What cannot be opened, looked at or read is told with the file and the cause: never as gone, not
# found, damaged, or as an answer without it.
. "$top_srcdir/tests/cli/lib.sh"
faults=$top_builddir/tests/faults.so
[ -e "$faults" ] || skip_all 'no library that makes calls fail'
ASAN_OPTIONS=$ASAN_OPTIONS:verify_asan_link_order=0:detect_leaks=0

# disturbed CALLS AT PATH [NAME=VALUE...] -- ARGS...: call AT of these on PATH fails.
disturbed()
{
	FAULT_CALLS=$1 FAULT_AT=$2 FAULT_PATH=$3
	shift 3
	(
		while [ "$1" != -- ]; do
			export "$1"
			shift
		done
		shift
		LD_PRELOAD=$faults
		export LD_PRELOAD FAULT_CALLS FAULT_AT FAULT_PATH
		exec "$AUGER" "$@" >out 2>err </dev/null
	)
	status=$?
}

small_evidence ev
run import c.auger ev
status_is 0 'there is a case'

# ---- what lies beside a case
# A note that is committed, but only in the write-ahead log, which an open import keeps from ending.
mkdir log
mkfifo held
cp c.auger held.auger
"$AUGER" import held.auger - <held >first 2>&1 &
pid=$!
exec 3>held
while [ ! -e held.auger-shm ] && kill -0 $pid; do :; done
run notes set held.auger finding:1 --note 'kept in the log'
cp held.auger log/c.auger
cp held.auger-wal log/c.auger-wal
exec 3>&-
wait $pid

cp -r log one
disturbed oe 1 one/c.auger-wal FAULT_LASTS=yes -- notes list one/c.auger
status_is 3 'a log that can neither be opened nor looked at is not left out of the answer'
has err 'Input/output error' 'which says why'
for errno in 5 24; do
	rm -rf one
	cp -r log one
	disturbed o 1 one/c.auger-shm FAULT_LASTS=yes FAULT_ERRNO=$errno -- \
	    notes set one/c.auger finding:1 --note other
	status_is 3 "a -shm that cannot be made (errno $errno) fails"
	lacks err 'No such file' 'and is not called missing'
	has err 'one/c.auger' 'the case is named'
done
bad= failed_reads=0
for at in $(seq 1 60); do
	rm -rf one
	cp -r log one
	disturbed r "$at" one/c.auger -- verify one/c.auger
	failed_reads=$((failed_reads + (status == 3)))
	! grep -q 'is damaged\|not as auger' out err || bad="$bad; read $at: $(cat err)"
	[ "$status" -ne 3 ] || grep -q 'Input/output error' err || bad="$bad; read $at: $(cat err)"
done
ok "a case whose log goes into it is not called damaged when it cannot be read ($failed_reads times)" \
    test -z "$bad" -a "$failed_reads" -gt 0
[ -z "$bad" ] || echo "$bad" | explain
bad=
for at in $(seq 1 12); do
	rm -rf one
	cp -r log one
	disturbed e "$at" one/c.auger -- verify one/c.auger
	[ "$status" -eq 0 ] || grep -q 'one/c.auger: .*Input/output error' err || bad="$bad; $at: $(cat err)"
done
ok 'one that cannot be looked at is named in every message' test -z "$bad"
[ -z "$bad" ] || echo "$bad" | explain

disturbed f 1 -import.lock FAULT_ERRNO=37 -- import c.auger ev
status_is 3 'a lock that cannot be had'
lacks err 'another import' 'is not another import'
has err 'No locks available' 'and says why'

# ---- a screen for a program
bad= told=0 total=0
for keys in 2 3 5 7 '<Enter>5'; do
	run browse c.auger --keys "$keys"
	cp out whole
	for at in $(seq 2 5 200); do
		disturbed r "$at" c.auger -- browse c.auger --keys "$keys"
		total=$((total + 1))
		[ "$status" -ne 3 ] || told=$((told + 1))
		[ "$status" -ne 0 ] || cmp -s whole out || bad="$bad; keys $keys, read $at: $(cat out)"
		[ "$status" -ne 3 ] || [ -s err ] || bad="$bad; keys $keys, read $at: no word"
	done
done
ok "a screen that could not read all ends with 3 ($told of $total)" test -z "$bad" -a "$told" -gt 0
[ -z "$bad" ] || echo "$bad" | explain

# ---- evidence
disturbed e 1 ev/ FAULT_LASTS=yes -- show c.auger event:1 --raw
status_is 1 'evidence that cannot be looked at is not shown'
has out 'cannot be looked at: Input/output error' 'for that reason'
lacks out 'not at its place' 'it is not called gone'
has err 'no evidence has its record' 'which is said beside the result, too'
cp -r ev kept
bad= changed=0
for at in $(seq 1 6); do
	for victim in ev/*.xml; do
		rm -rf ev
		cp -r kept ev
		disturbed r "$at" "$victim" FAULT_SHRINK="$victim" -- show c.auger event:1 --raw
		[ "$status" -eq 0 ] || changed=$((changed + 1))
		[ "$status" -eq 0 ] || grep -q 'has changed\|changed while\|ends before' out ||
		    bad="$bad; $victim $at: $(cat out)"
	done
done
ok "evidence that changes while its record is read is not shown (seen $changed times)" \
    test -z "$bad" -a "$changed" -gt 0
[ -z "$bad" ] || echo "$bad" | explain
rm -rf ev
mv kept ev

# ---- rules
mkdir own
cp -rL "$AUGER_DATA/rules/detections" own/kept
rule='PowerShell Invoke CIMMethod CIMSession'
run retag c.auger --no-builtin-rules --rules own --quiet
disturbed or 1 own/ FAULT_LASTS=yes -- filter c.auger "$rule" 'search NOT (dest="X")' --try
ok 'a filter of a rule that cannot be read fails' test "$status" -ge 2
has err 'Input/output error' 'for that reason'
lacks err 'no rule of this case' 'the rule is not denied'
disturbed e 1 own FAULT_LASTS=yes -- retag c.auger
ok 'rules of the case that cannot be looked at stop a retag' test "$status" -ge 2
lacks err 'not there any more' 'they are not called gone'
has err 'Input/output error' 'the cause is said'
mkdir -p words/lookups
echo 'name: W
id: w
search: EventCode=1' >words/w.yml
printf 'a,b\n1,2\n3,4\n' >words/lookups/list.csv
run search c.auger '| inputlookup list.csv | stats count' --rules words
has out 2 'a list is read'
disturbed o 1 list.csv FAULT_LASTS=yes -- search c.auger '| inputlookup list.csv | stats count' \
    --rules words
ok 'one that cannot be read is not taken for an empty one' test "$status" -ge 2
has err 'list.csv: rules not read: Input/output error' 'the cause is said'
disturbed o 2 list.csv FAULT_LASTS=yes -- search c.auger '| inputlookup list.csv | stats count' \
    --rules words
ok 'nor when it was read before' test "$status" -ge 2
has err 'list.csv cannot be read: Input/output error' 'which is said as well'
disturbed o 1 list.csv FAULT_LASTS=yes -- search c.auger '* | stats count' --rules words
status_is 1 'a search that may have needed it is done, but says so'
done_testing
