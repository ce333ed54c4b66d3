#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
. "$top_srcdir/tests/cli/lib.sh"

run demo
ok 'the demo makes its case here' test -s demo.auger
status_is 0 'and works'
ok 'it says how to open it, with the program as it was called' \
    grep -qxF "Open it: $AUGER demo.auger" out
cp out first
sed -i 's|^Open it: .* |Open it: auger |' out
golden demo.txt out 'hosts and findings of the sample case'
run demo
status_is 0 'twice as well'
ok 'with the same result' cmp -s out first
run demo other.auger
ok 'or where it is told' test -s other.auger
XDG_DATA_HOME=$work/home "$AUGER" demo >out 2>err </dev/null
ok 'or in the data folder of the user' test -s home/auger/demo.auger

echo '{"EventID":4624,"Channel":"Security","Hostname":"REAL","EventTime":"2024-01-02 03:04:05"}' >real.json
run import real.auger real.json
cp real.auger real.before
run demo real.auger
status_is 2 'a case with other evidence does not get made-up events'
has err "real.auger: has other evidence (real.json)" 'it says what is there'
ok 'and leaves the case as it was' cmp -s real.auger real.before
echo text >text.auger
run demo text.auger
has err 'text.auger: not a case file' 'a file that is no case is left alone'

run ledger demo.auger
ok 'every built-in detection fires' sh -c 'test "$(grep -c ",found," out)" -eq 5'
run browse demo.auger --keys 'Q' --size 80x24
status_is 0 'the UI draws without a terminal when keys are given'
done_testing
