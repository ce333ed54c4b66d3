#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
. "$top_srcdir/tests/cli/lib.sh"

run demo
ok 'the demo makes its case here' test -s demo.auger
status_is 0 'and works'
golden demo.txt out 'hosts and findings of the sample case'
cp out first
run demo
status_is 0 'twice as well'
ok 'with the same result' cmp -s out first
run demo other.auger
ok 'or where it is told' test -s other.auger
XDG_DATA_HOME=$work/home "$AUGER" demo >out 2>err </dev/null
ok 'or in the data folder of the user' test -s home/auger/demo.auger

run ledger demo.auger
ok 'every built-in detection fires' sh -c 'test "$(grep -c ",found," out)" -eq 5'
run browse demo.auger --keys 'Q' --size 80x24
status_is 0 'the UI draws without a terminal when keys are given'
done_testing
