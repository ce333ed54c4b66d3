#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The same act in every form gives the same findings.
. "$top_srcdir/tests/cli/lib.sh"
write=$(dirname "$AUGER")/tests/write_form
[ -x "$write" ] || skip_all 'tests/write_form is not built'

# A finding without its number, which goes by time, and without the fraction of its times, which
# some forms do not have.
findings()
{
	run import "$1.auger" "$1.evidence" --quiet
	status_is 0 "$1: imported"
	run findings "$1.auger" --format jsonl
	sed 's/"finding_id":[^,]*,//; s/\(T[0-9:]\{8\}\)\.[0-9]*Z/\1Z/g' out | sort >"$1.findings"
}

"$write" >names
while read -r form; do
	"$write" "$form" >"$form.evidence"
	findings "$form"
	ok "$form: the findings are those of the binary log" cmp evtx.findings "$form.findings"
done <names
ok 'there are findings' test -s evtx.findings

# All of them are copies of one log: the case has each record once, whichever copy came first.
for order in cat tac; do
	rm -f all.auger
	for form in $($order names); do
		run import all.auger "$form.evidence"
		echo "$form $(sed -n 's/.* \([0-9]*\) new events, .*/\1/p' err)"
	done >"$order.new"
	run search all.auger '* | stats count' --format csv
	sed -n 2p out >"$order.count"
done
ok 'behind the binary log no form adds anything' test "$(grep -c ' 0$' cat.new)" -eq \
    $(($(wc -l <names) - 1))
run search evtx.auger '* | stats count' --format csv
sed -n 2p out >evtx.count
ok 'the binary log first: its events' cmp evtx.count cat.count
ok 'and last' cmp evtx.count tac.count
done_testing
