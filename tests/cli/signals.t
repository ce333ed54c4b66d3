#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# A command that is asked to end says so, ends with 3 and leaves nothing behind; one whose reader is gone
# says nothing.
. "$top_srcdir/tests/cli/lib.sh"
faults=$top_builddir/tests/faults.so
[ -e "$faults" ] || skip_all 'no library that sends signals'
ASAN_OPTIONS=$ASAN_OPTIONS:verify_asan_link_order=0:detect_leaks=0
hup=1 int=2 term=15

small_evidence ev
i=0
while [ $i -lt 400 ]; do
	i=$((i + 1))
	logon SRV-1.example $i 2026-03-09T10:05:01Z "$(printf 'user%0200d' $i)"
done >ev/logons.xml
run import c.auger ev
cp c.auger before.auger

# signalled NUMBER CALLS N COMMAND...: the signal comes at the Nth of these calls on the case, and is heard
# even where whoever runs the tests ignores it, as nohup does.
signalled()
{
	number=$1 calls=$2 n=$3
	shift 3
	(
		exec env --default-signal=HUP,INT,TERM,PIPE LD_PRELOAD="$faults" FAULT_AT="$n" \
		    FAULT_CALLS="$calls" FAULT_SIGNAL="$number" "$AUGER" "$@" >out 2>err </dev/null
	) 2>/dev/null
	status=$?
}

nothing_beside()
{
	ok "$2" test "$(ls -A "$1")" = "$3"
}

mkdir new old
for number in $hup $int $term; do
	signalled $number w 1 import new/c.auger ev
	status_is 3 "an import that gets signal $number while it begins ends with 3"
	has err 'auger: stopped before it began' 'and says so'
	nothing_beside new 'and leaves nothing behind' ''
	cp before.auger old/c.auger
	signalled $number r 3 retag old/c.auger
	status_is 3 'so does a retag'
	nothing_beside old 'and leaves the case' c.auger
	ok 'as it was' cmp -s old/c.auger before.auger
	for command in 'search old/c.auger *' 'findings old/c.auger' 'verify old/c.auger' \
	    'export old/c.auger -o exported' 'report old/c.auger -o report.html'; do
		set -f
		signalled $number r 3 $command
		set +f
		status_is 3 "signal $number ends auger $command with 3"
		ok 'with one line that says so' test "$(cat err)" = 'auger: stopped' -o \
		    "$(cat err)" = 'auger: old/c.auger: stopped'
		nothing_beside old 'and leaves the case alone' c.auger
	done
	ok 'no report is there' test ! -e report.html
done

cp ev/srv1.xml kept.csv
signalled $int r 3 findings old/c.auger -o kept.csv
ok 'a file that the answer was to replace is as it was' cmp -s kept.csv ev/srv1.xml

mkfifo pipe
"$AUGER" search old/c.auger 'EventCode=4624 | table *' --format jsonl >pipe 2>err &
pid=$!
exec 3<pipe
head -c 100 <&3 >out
kill -TERM $pid
cat <&3 >/dev/null
exec 3<&-
wait $pid
status=$?
status_is 3 'a search whose answer is being read is stopped, too'
has err 'auger: stopped' 'and says so'

("$AUGER" search old/c.auger 'EventCode=4624 | table *' --format jsonl 2>err; echo $? >status) |
    head -n 1 >out
status=$(cat status)
ok 'who reads but the beginning gets it' grep -q SRV-2.example out
status_is 141 'the search ends as every program whose reader is gone'
ok 'without a word' test ! -s err
nothing_beside old 'and leaves the case alone' c.auger

# ---- an export that was stopped

run export c.auger -o whole
FAULT_PATH=/whole/
export FAULT_PATH
signalled $term s 2 export c.auger -o whole
unset FAULT_PATH
status_is 3 'an export can be stopped behind its first file'
ok 'the manifest of an export that was stopped vouches for no file' test \
    "$(cat whole/manifest.csv)" = file,rows,size,sha256
run export c.auger -o exported
status_is 0 'the same export again makes it whole'
ok 'as one that was never stopped' test "$(cat exported/hosts.csv)" = "$(cat whole/hosts.csv)"

# ---- an import that was ended at once

n=0
until [ $n -ge 400 ] || { [ -s killed.auger ] && "$AUGER" info killed.auger 2>/dev/null | grep -q interrupted; }; do
	n=$((n + 10))
	rm -f killed.auger*
	signalled 9 w $n import killed.auger ev
done
run findings killed.auger
has err 'no findings yet' 'a case whose import has not finished has none yet'
has err 'the same import goes on' 'and it says how to go on'
lacks err 'ledger' 'not what else might be the reason'
done_testing
