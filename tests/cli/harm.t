#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Cases that were harmed, places that cannot be written, several programs at once, and evidence that
# changes while it is read.
. "$top_srcdir/tests/cli/lib.sh"
faults=$top_builddir/tests/faults.so
small_evidence ev
run import c.auger ev
status_is 0 'there is a case'
cp c.auger before.auger

# ---- pages with other bytes in them: answered or refused, never a crash
# The file with COUNT bytes changed, the same ones for the same SEED.
flip_bytes()
{
	size=$(wc -c <"$1")
	awk -v seed="$2" -v count="$3" -v size="$size" 'BEGIN {
		srand(seed)
		while (count-- > 0)
			print 100 + int(rand() * (size - 100)), int(rand() * 256)
	}' | while read -r at byte; do
		printf "$(printf '\\%03o' "$byte")" |
		    dd of="$1" bs=1 seek="$at" conv=notrunc 2>/dev/null
	done
}
bad=
refused=0
for seed in 1 2 3 4 5 6 7 8 9 10; do
	cp before.auger x.auger
	flip_bytes x.auger $seed 12
	for command in 'info' 'findings' 'hosts' 'verify' 'search *' 'browse --keys 3jj<Enter>' \
	    'retag' 'import ev'; do
		set -f
		set -- $command
		set +f
		name=$1
		shift
		run $name x.auger "$@"
		[ "$status" -le 3 ] || bad="$bad; $command of copy $seed: status $status"
		[ "$status" -ne 3 ] || [ -s err ] || bad="$bad; $command of copy $seed: no word"
		refused=$((refused + (status == 3 || status == 2)))
	done
	rm -f x.auger*
done
ok "a case with changed bytes is answered or refused in words (refused $refused times)" \
    test -z "$bad" -a "$refused" -gt 0
[ -z "$bad" ] || echo "$bad" | explain
for keep in 1 99 4096 16384 40000; do
	head -c $keep before.auger >short.auger
	run findings short.auger
	ok "a case cut off after $keep bytes is refused" test "$status" -ge 2 -a "$status" -le 3
done
has err 'short.auger' 'and named'

# ---- places that cannot be written
# A note that is committed, but only in the write-ahead log, which an open import keeps from ending.
mkdir log
mkfifo held
cp before.auger held.auger
"$AUGER" import held.auger - <held >first 2>&1 &
pid=$!
exec 3>held
while [ ! -e held.auger-shm ] && kill -0 $pid; do :; done
run notes set held.auger finding:1 finding:2 finding:3 --note 'kept in the log'
cp held.auger log/c.auger
cp held.auger-wal log/c.auger-wal
exec 3>&-
wait $pid
cp -r log full
if [ -e "$faults" ]; then
	for command in 'findings full/c.auger' 'show full/c.auger finding:1' \
	    'browse full/c.auger --view notes --keys j --size 120x60'; do
		(
			LD_PRELOAD=$faults FAULT_CALLS=w FAULT_AT=1 FAULT_LASTS=yes FAULT_ERRNO=28
			export LD_PRELOAD FAULT_CALLS FAULT_AT FAULT_LASTS FAULT_ERRNO
			ASAN_OPTIONS=$ASAN_OPTIONS:verify_asan_link_order=0
			exec "$AUGER" $command >seen 2>err
		)
		status=$?
		status_is 0 "on a full disk a case is read: $command"
		has seen 'kept in the log' 'with what is in its write-ahead log only'
	done
	has err 'opened read-only' 'the screen says that nothing can be kept'
	cp before.auger opened.auger
	for at in 1 2 3 4; do
		for errno in 5 24; do
			(
				LD_PRELOAD=$faults FAULT_CALLS=o FAULT_AT=$at FAULT_LASTS=yes FAULT_ERRNO=$errno
				export LD_PRELOAD FAULT_CALLS FAULT_AT FAULT_LASTS FAULT_ERRNO
				ASAN_OPTIONS=$ASAN_OPTIONS:verify_asan_link_order=0
				exec "$AUGER" notes set opened.auger finding:1 --note x >seen 2>err
			)
			status=$?
			[ $status -ne 0 ] || break
			status_is 3 "a case that cannot be opened (call $at, errno $errno) fails"
			lacks err 'folder must be writable' 'and the folder is not blamed'
			lacks err 'read-only' 'nor its rights'
		done
	done
fi

if [ "$(id -u)" -eq 0 ] && command -v setpriv >/dev/null; then
	as_user='setpriv --reuid=65534 --regid=65534 --clear-groups'
	chmod 755 "$work"
elif [ "$(id -u)" -ne 0 ]; then
	as_user=
else
	as_user=none
fi
if [ "$as_user" != none ] && $as_user test -x "$AUGER" && $as_user test -r ev/ws07.xml; then
	mkdir ro
	cp before.auger ro/c.auger
	chmod 444 ro/c.auger
	chmod 555 ro
	$as_user "$AUGER" findings ro/c.auger >seen 2>err
	status=$?
	status_is 0 'a case in a read-only folder is read'
	"$AUGER" findings before.auger >wanted 2>/dev/null
	ok 'with the same answer' cmp -s wanted seen
	$as_user "$AUGER" browse ro/c.auger --view findings --keys 'a' >out 2>err
	has err 'opened read-only' 'the screen opens it, too'
	has out 'read-only' 'and says that a note cannot be kept'
	$as_user "$AUGER" retag ro/c.auger >out 2>err
	status=$?
	ok 'a retag there fails' test "$status" -ge 2 -a "$status" -le 3
	has err 'ro/c.auger' 'and names the case'
	$as_user "$AUGER" import ro/new.auger ev >out 2>err
	status=$?
	ok 'so does an import' test "$status" -ge 2 -a "$status" -le 3
	has err 'ro/new.auger' 'and names it too'
	$as_user "$AUGER" hosts ro/c.auger -o ro/out.csv >out 2>err
	status=$?
	status_is 2 'and so does a result for that folder'
	ok 'none of them left anything' sh -c 'test "$(ls ro)" = c.auger'
	chmod 755 ro
	chmod 444 log/*
	chmod 555 log
	$as_user "$AUGER" findings log/c.auger >seen 2>err
	status=$?
	status_is 0 'a case that was not closed is read in a read-only folder'
	has seen 'kept in the log' 'with what is in its write-ahead log only'
	chmod 755 log
else
	echo '# read-only places: skipped, root without setpriv, or no way for others to get here'
fi

# ---- paths that are no files, or mean something to the database
mkfifo pipe
run import odd.auger pipe /dev/null
status_is 1 'a named pipe and a device are not read'
has err 'pipe: not read: is a named pipe' 'each is named'
has err '/dev/null: not read: is a device' 'with the reason'
run info odd.auger --format csv
has out 'counts,gap_bytes,0,' 'and they have no size'
rm -f odd.auger*
if [ -r /proc/self/pagemap ]; then
	run import odd.auger /proc/self/pagemap
	status_is 1 'a file of the kernel that has no size is not read: reading it would never end'
	has err 'pagemap: not read: has no size, and yet something in it' 'which is said'
	rm -f odd.auger*
fi
run import '' ev
status_is 2 'a case without a name is refused'
has err 'the path of the case is empty' 'in words'
"$AUGER" search before.auger '* | stats count' >wanted
for name in :memory: file:odd.auger 'file:odd.auger?mode=memory'; do
	run import "$name" ev
	status_is 0 "a case may be called $name"
	ok 'and is a file of that name' test -s "$name"
	run search "$name" '* | stats count'
	ok 'and keeps its events' cmp -s wanted out
done
run import none.auger ev --rules missing.yml
status_is 2 'an import that cannot begin does nothing'
ok 'and leaves no case' test ! -e none.auger
mkdir empty
run import none.auger empty
status_is 2 'nor does one without any file'
ok 'which leaves none, either' test ! -e none.auger
run import c.auger empty
status_is 2 'into a case that is there'
ok 'it takes nothing away' test -s c.auger
mkdir folder.auger
run import folder.auger ev
status_is 2 'a folder is no case'
has err 'a folder' 'in words'
run hosts pipe
status_is 2 'a named pipe is no case, and nobody waits for it'

# ---- several at once
"$AUGER" import c.auger - <pipe >first 2>&1 &
pid=$!
exec 3>pipe
while [ ! -e c.auger-import.lock ] && kill -0 $pid; do :; done
run import c.auger ev
status_is 2 'a second import into the same case is refused'
has err 'another import into this case is running' 'in words'
run hosts c.auger
status_is 0 'reading it goes on'
run browse c.auger --view findings --keys 'aseen<Enter>'
has out 'note kept' 'and so does writing notes'
run browse c.auger --view events --keys '*'
has out 'bookmarked: 1' 'on findings and on events'
exec 3>&-
wait $pid
status=$?
status_is 0 'the first import ends as ever'
ok 'and its lock is gone' test ! -e c.auger-import.lock

"$AUGER" import both.auger ev/ws07.xml >/dev/null 2>&1 &
first=$!
"$AUGER" import both.auger ev/srv1.xml >/dev/null 2>&1 &
second=$!
wait $first
a=$?
wait $second
b=$?
ok 'two that begin the same case at once: one works, the other works or is refused' \
    test $((a + b)) -eq 0 -o $((a + b)) -eq 2
run import both.auger ev
run search both.auger '* | stats count'
has out '6' 'and nothing is lost'
run verify both.auger
status_is 0 'or broken'

# ---- evidence that changes while it is read
if [ -e "$faults" ]; then
	mkdir long
	awk 'BEGIN {
		for (i = 1; i <= 20000; i++)
			printf "<Event xmlns=\"http://schemas.microsoft.com/win/2004/08/events/event\"><System><Provider Name=\"P\"/><EventID>1</EventID><TimeCreated SystemTime=\"2026-03-09T%02d:%02d:%02dZ\"/><EventRecordID>%d</EventRecordID><Channel>C</Channel><Computer>H</Computer></System></Event>\n", i / 3600, i / 60 % 60, i % 60, i
	}' >whole.xml
	bad= changed=0
	for at in 10 200 260 270 280 300 400 600 900; do
		rm -f long.auger*
		cp whole.xml long/long.xml
		(
			LD_PRELOAD=$faults FAULT_CALLS=w FAULT_AT=$at FAULT_SHRINK=long/long.xml
			export LD_PRELOAD FAULT_CALLS FAULT_AT FAULT_SHRINK
			ASAN_OPTIONS=$ASAN_OPTIONS:verify_asan_link_order=0
			exec "$AUGER" import long.auger long --threads 1 >out 2>err
		)
		status=$?
		grep -q 'changed while it was read' err && changed=$((changed + 1))
		[ "$status" -le 1 ] || bad="$bad; at $at: status $status"
		"$AUGER" verify long.auger >verified 2>&1
		grep -q '^case,ok' verified || bad="$bad; at $at: $(head -2 verified)"
		cp whole.xml long/long.xml
		"$AUGER" import long.auger long >out 2>&1 || bad="$bad; at $at: not again"
		"$AUGER" search long.auger '* | stats count' 2>&1 | grep -q '^20000$' ||
		    bad="$bad; at $at: $("$AUGER" search long.auger '* | stats count')"
	done
	ok "evidence that is cut off while it is read harms nothing (seen $changed times)" \
	    test -z "$bad" -a "$changed" -gt 0
	[ -z "$bad" ] || echo "$bad" | explain

	# ---- and evidence on a disk that is not read at some moment, but later
	bad= unread=0 at=1
	while [ "$at" -le 33 ]; do
		rm -f long.auger*
		(
			LD_PRELOAD=$faults FAULT_CALLS=r FAULT_AT=$at FAULT_PATH=long/long.xml
			export LD_PRELOAD FAULT_CALLS FAULT_AT FAULT_PATH
			ASAN_OPTIONS=$ASAN_OPTIONS:verify_asan_link_order=0
			exec "$AUGER" import long.auger long --threads 1 >out 2>err
		)
		status=$?
		[ "$status" -eq 0 ] || unread=$((unread + 1))
		[ "$status" -eq 0 ] || grep -q 'cannot read: Input/output error' err ||
		    bad="$bad; at $at: $(cat err)"
		"$AUGER" import long.auger long >out 2>&1 || bad="$bad; at $at: not again"
		"$AUGER" search long.auger '* | stats count' 2>&1 | grep -q '^20000$' ||
		    bad="$bad; at $at: $("$AUGER" search long.auger '* | stats count')"
		"$AUGER" info long.auger | grep -q 'cannot read' && bad="$bad; at $at: still a gap"
		at=$((at + 8))
	done
	ok "what could not be read of evidence is read by the next import (failed $unread times)" \
	    test -z "$bad" -a "$unread" -gt 0
	[ -z "$bad" ] || echo "$bad" | explain
fi

# ---- rules in a folder that cannot be read
mkdir -p mixed/closed
printf 'name: A\nid: a\nsearch: EventCode=1\n' >mixed/a.yml
printf 'name: B\nid: b\nsearch: EventCode=1\n' >mixed/closed/b.yml
chmod 000 mixed/closed
if [ "$as_user" != none ] && $as_user test -x "$AUGER"; then
	$as_user "$AUGER" rules check mixed --no-builtin-rules --format csv >out 2>err
	has out 'mixed/closed,1,' 'a folder of rules that cannot be read is named'
	has out 'Permission denied' 'with the reason'
fi
chmod 755 mixed/closed

# A shell may count in blocks of 512 or of 1024 bytes.
for blocks in 8 100 1500; do
	(ulimit -f $blocks && exec "$AUGER" import small.auger ev) >out 2>err </dev/null
	status=$?
	status_is 3 "a case that may not grow beyond $blocks blocks is a failure"
	has err 'may not grow any more (file size limit)' 'that says why'
	rm -f small.auger*
done
done_testing
