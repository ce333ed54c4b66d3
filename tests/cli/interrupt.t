#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# An import that is stopped keeps whole batches, and the same command finishes it.
. "$top_srcdir/tests/cli/lib.sh"
mkdir ev
big_log()
{
	awk -v from="$1" 'BEGIN {
		for (i = from; i < from + 15000; i++) {
			printf "<Event xmlns=\"http://schemas.microsoft.com/win/2004/08/events/event\">"
			printf "<System><Provider Name=\"P\"/><EventID>4624</EventID>"
			printf "<TimeCreated SystemTime=\"2026-03-09T%02d:%02d:%02d.%03dZ\"/>", \
			    i / 36000 % 24, i / 600 % 60, i / 10 % 60, i % 10 * 100
			printf "<EventRecordID>%d</EventRecordID><Channel>Security</Channel>", i
			printf "<Computer>H%d</Computer></System><EventData>", from / 15000
			printf "<Data Name=\"TargetUserName\">u%d</Data>", i % 977
			printf "</EventData></Event>\n"
		}
	}'
}
for i in 0 1 2; do
	big_log $((i * 15000)) >ev/log$i.xml
done
run import whole.auger ev --threads 2
run search whole.auger '* | stats count by host'
cp out wanted

# Waits until job $1 has committed something to the case $2. A machine may be fast enough to
# finish before that is seen.
wait_for_data()
{
	while kill -0 "$1" 2>/dev/null; do
		[ ! -s "$2-wal" ] || [ "$(wc -c <"$2-wal")" -lt 2000000 ] || return
		sleep 0.01
	done
}

# All but a pipe full was read when the log is written: the import is at work.
mkfifo pipe
(trap '' HUP && exec "$AUGER" import nohup.auger - <pipe >out 2>err) &
pid=$!
exec 3>pipe
cat ev/log0.xml >&3
kill -HUP $pid
exec 3>&-
wait $pid
status=$?
status_is 0 'an import under nohup goes on when its terminal is gone'
has err ' 15,000 new events' 'to its end'

"$AUGER" import c.auger ev --threads 1 >out 2>err </dev/null &
pid=$!
wait_for_data $pid c.auger
kill -INT $pid
wait $pid
status=$?
ok 'an interrupted import ends with 3, a finished one with 0' \
    sh -c "[ $status -eq 3 ] || [ $status -eq 0 ]"
if [ "$status" -eq 3 ]; then
	has err 'the same command goes on' 'and says how to go on'
	run info c.auger --format csv
	has out 'interrupted' 'the case knows that it is not whole'
	run findings c.auger
	has err 'has not finished' 'and each answer says so'
	run retag c.auger
	has err 'has not finished' 'and what is worked out anew, too'
fi
run verify c.auger
ok 'the case is sound' sh -c "grep -q '^case,ok' out"
run import c.auger ev --threads 2
status_is 0 'the same command finishes it'
has err ' 0 duplicates' 'without reading anything twice'
run search c.auger '* | stats count by host'
ok 'and the case is as if never stopped' cmp -s out wanted

"$AUGER" import k.auger ev --threads 1 >out 2>err </dev/null &
pid=$!
wait_for_data $pid k.auger
kill -KILL $pid
wait $pid 2>/dev/null
run import k.auger ev --threads 2
status_is 0 'after a crash too'
run search k.auger '* | stats count by host'
ok 'nothing is lost or doubled' cmp -s out wanted

# ---- stopped in a hole, of which a decoder says nothing: counted are reads, those of hashing first
faults=$top_builddir/tests/faults.so
if [ -e "$faults" ]; then
	head -1 ev/log0.xml >hole.xml
	dd if=/dev/null of=hole.xml bs=1 seek=256M 2>/dev/null
	(
		LD_PRELOAD=$faults FAULT_CALLS=r FAULT_PATH=hole.xml FAULT_COUNT=reads
		FAULT_AT=1100 FAULT_SIGNAL=2 ASAN_OPTIONS=$ASAN_OPTIONS:verify_asan_link_order=0
		export LD_PRELOAD FAULT_CALLS FAULT_PATH FAULT_COUNT FAULT_AT FAULT_SIGNAL ASAN_OPTIONS
		exec "$AUGER" import hole.auger hole.xml --threads 1 >out 2>err </dev/null
	)
	status=$?
	status_is 3 'an import is stopped while it passes over a hole'
	ok "and does not read on to the end ($(cat reads) reads)" test "$(cat reads)" -lt 2000
	run import hole.auger hole.xml
	status_is 0 'the same command finishes it'
	run search hole.auger '* | stats count'
	has out 1 'and its event is there'
	rm -f hole.xml hole.auger*
fi

tar cf ev.tar ev
"$AUGER" import a.auger ev.tar --threads 1 >out 2>err </dev/null &
pid=$!
wait_for_data $pid a.auger
kill -KILL $pid
wait $pid 2>/dev/null
run import a.auger ev.tar --threads 2
status_is 0 'so it is with an archive'
run search a.auger '* | stats count by host'
ok 'of which nothing is lost or doubled' cmp -s out wanted
# ---- more gaps than are kept one by one, before the events behind which the import ends
awk 'BEGIN {
	for (i = 0; i < 3000; i++) { print "[1,,2"; print "{\"a\":}" }
	for (i = 0; i < 20000; i++)
		printf "{\"EventID\":4624,\"Channel\":\"Security\",\"Computer\":\"H\"," \
		    "\"EventRecordID\":%d,\"TimeCreated\":\"2026-03-09T10:00:00Z\"," \
		    "\"TargetUserName\":\"u%d\",\"Blob\":\"%d%d\"}\n", \
		    i, i * 7919 % 9973, i * i * 104729 % 1000003, i * i * i % 7919
}' >gaps.json
parts=0
lost=0
for blocks in 2000 3000 4000 5000 6000 7000; do
	rm -rf g.auger* gaps
	(ulimit -f $blocks && exec "$AUGER" import g.auger gaps.json --threads 1) >out 2>&1 </dev/null
	"$AUGER" search g.auger '* | stats count' --format csv >have 2>err || continue
	grep -qx '0\|20000' have || parts=$((parts + 1))
	run import g.auger gaps.json
	run export g.auger -o gaps
	awk -F, 'NR > 1 { n += /more gaps from here on/ ? substr($5, 2) + 0 : 1 }
	    END { exit n != 6000 }' gaps/gaps.csv || lost=$((lost + 1))
done
ok 'there are imports that ended in the middle' test $parts -gt 0
ok 'none of their gaps is lost to the one that goes on' test $lost -eq 0
done_testing
