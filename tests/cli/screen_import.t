#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Evidence is imported from the screen: the case goes on being looked at meanwhile.
. "$top_srcdir/tests/cli/lib.sh"
small_evidence ev
mkdir first second
mv ev/ws07.xml first/
mv ev/* second/
run import c.auger first
run browse c.auger --keys 'isec<Tab>'
has out 'import> second/' 'Tab completes names of files'
run browse c.auger --keys 'isecond<Enter>'
status_is 0 'a folder is imported from the screen'
has out 'events, ' 'the end of the import is said'
run info c.auger
has out 'second/' 'what was imported is in the case'
run hosts c.auger
cp out together
rm -rf d.auger
run import d.auger first
run import d.auger second
run hosts d.auger
ok 'hosts are those of an import from the command line' cmp -s out together

run browse c.auger --keys 'inowhere<Enter>'
has out 'nowhere: cannot be read; nothing is imported' 'a path that is not there is said'
run browse c.auger --keys 'ic.auger<Enter>'
has out 'that is the case itself' 'so is what the import itself refuses'
run browse c.auger --read-only --keys 'i'
has out 'read-only' 'a case that was opened read-only takes nothing'

# The pipes between screen, import and what reads in the background, each call on them failing in turn.
if [ -e "$top_builddir/tests/faults.so" ]; then
	(
		ASAN_OPTIONS=$ASAN_OPTIONS:verify_asan_link_order=0:detect_leaks=0
		FAULT_PATH=pipe: FAULT_CALLS=f FAULT_COUNT=$work/calls FAULT_AT=1
		export ASAN_OPTIONS FAULT_PATH FAULT_CALLS FAULT_COUNT FAULT_AT
		while :; do
			LD_PRELOAD=$top_builddir/tests/faults.so "$AUGER" browse c.auger --keys '3/invoke<Enter>' >"out.$FAULT_AT" 2>&1 </dev/null ||
			    exit 1
			[ "$(cat calls)" -ge "$FAULT_AT" ] || exit 0
			FAULT_AT=$((FAULT_AT + 1))
		done
	)
	report $? 'a pipe that cannot be set up does not stop the screen'
	has out.1 'Invoke-' 'and what it shows is all there'
fi

echo nothing >junk
run import n.auger junk
run browse n.auger --keys ''
has out 'i imports event logs' 'a case without events says how to get some'
has out ' i import  I evidence' 'and hints at the key'
run browse n.auger --read-only --keys ''
lacks out 'i import' 'but not where nothing can be imported'

printf 'all x quit\nhosts x search\nhosts Hyper-X export\n' >keys
mkdir -p config/auger
cp keys config/auger/keys
run browse c.auger --keys ''
has out "config/auger/keys:3: no key is called Hyper-X" 'a wrong line of the file of keys is named'
run browse c.auger --keys 'x'
has out 'search>' 'the others hold'
run browse c.auger --keys ':keys mine<Enter>'
has mine '#all i          import' ':keys writes all keys'
run browse c.auger --keys ':keys mine<Enter>'
has out 'mine exists' 'and replaces no file'
done_testing
