#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
. "$top_srcdir/tests/cli/lib.sh"
small_evidence ev
run import c.auger ev
cp c.auger before.auger
cp ev/ws07.xml before.xml
ln c.auger link.auger
ln -s ev/ws07.xml link.xml
cp ev/ws07.xml moved.xml

for place in c.auger ./c.auger link.auger c.auger-wal c.auger-shm; do
	run findings c.auger -o $place
	status_is 2 "a result is not written over the case: $place"
	has err 'that is the case itself' 'which is said'
done
for place in ev/ws07.xml link.xml moved.xml; do
	run search c.auger '* | head 1' -o $place
	status_is 2 "nor over evidence: $place"
	has err 'that is evidence of this case' 'which is said'
done
run hosts c.auger -o ev
status_is 2 'nor is a folder a place for it'
ok 'the case is what it was' cmp c.auger before.auger
ok 'and so is the evidence' cmp ev/ws07.xml before.xml

echo 'an older result' >out.csv
chmod 640 out.csv
ln -s out.csv out-link.csv
run show c.auger event:999 -o out.csv
status_is 2 'a command that finds nothing'
has out.csv 'an older result' 'leaves an older result as it was'
run hosts c.auger -o out-link.csv
status_is 0 'one that works replaces it'
has out.csv 'WS-07.example' 'also through a link'
ok 'which stays one' test -L out-link.csv
ok 'and keeps its mode' sh -c 'test "$(stat -c %a out.csv)" = 640'
run hosts c.auger -o /dev/stdout
has out 'WS-07.example' 'a device is written as it is'

run hosts c.auger -o - --format csv
status_is 0 'a result for - is written'
ok 'to standard output, not to a file of that name' sh -c 'test -s out && test ! -e ./-'
cp out.csv older.csv
faults=$top_builddir/tests/faults.so
(
	LD_PRELOAD=$faults FAULT_CALLS=s FAULT_AT=1 FAULT_SIGNAL=9
	export LD_PRELOAD FAULT_CALLS FAULT_AT FAULT_SIGNAL
	ASAN_OPTIONS=$ASAN_OPTIONS:verify_asan_link_order=0
	exec "$AUGER" hosts c.auger -o out.csv --tz +01:00
) >/dev/null 2>&1
ok 'a command can be killed before its result is in place' test $? -eq 137
ok 'a command that is killed leaves an older result as it was' cmp -s out.csv older.csv
ok 'nothing is left beside results' sh -c 'test -z "$(ls | grep "csv\.")"'
done_testing
