#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
. "$top_srcdir/tests/cli/lib.sh"
small_evidence ev
run import c.auger ev

run export c.auger
status_is 2 'export wants to know where to'
run export c.auger -o out.d
status_is 0 'a case is exported'
for view in hosts users findings risk_events incidents ledger evidence gaps events; do
	has out.d/manifest.csv "$view.csv," "$view is there"
done
ok 'the manifest has the hashes of the files' sh -c '
	cd out.d && tail -n +2 manifest.csv | while IFS=, read -r file rows size hash; do
		[ "$(sha256sum <"$file" | cut -c1-64)" = "$hash" ] || exit 1
		[ "$(wc -c <"$file")" -eq "$size" ] || exit 1
	done'
golden risk_events.csv out.d/risk_events.csv 'risk events have their columns'
golden events.csv out.d/events.csv 'events have theirs'
ok 'columns of evidence are as promised' sh -c \
    'test "$(head -1 out.d/evidence.csv)" = \
	evidence_id,path,size,sha256,format,events,gaps,status,duplicates'
ok 'and those of gaps' sh -c \
    'test "$(head -1 out.d/gaps.csv)" = evidence,offset,length,records_lost,reason'
run export c.auger -o out.d
status_is 0 'twice is no problem'
run export c.auger -o ev
status_is 2 'a folder with evidence of the case is refused'
has err 'ev: evidence of this case lies there (ev/' 'and says what lies there'
lacks out 'manifest' 'and nothing is said to be written'
ok 'nor is it' test ! -e ev/manifest.csv
run export c.auger -o .
status_is 2 'so is one that has it further below'
mkdir ev2
run export c.auger -o ev2
status_is 0 'one whose name only begins alike is not'
run export c.auger -o ev/ws07.xml
status_is 2 'a file is no folder'

mkdir other.d
echo 'not ours' >other.d/hosts.csv
run export c.auger -o other.d
status_is 2 'a folder with files of those names is refused'
has err 'other.d/hosts.csv' 'which are named'
ok 'and nothing is written there' sh -c \
    'test "$(ls other.d)" = hosts.csv && grep -q "not ours" other.d/hosts.csv'

run info c.auger --format csv
has out 'counts,events,6,' 'info counts events'
has out 'time span,last_event,2026-03-09T11:00:01.000000Z,' 'and knows the time span'
run verify c.auger
status_is 0 'the case is whole'
has out 'ev/ws07.xml,ok,' 'and the evidence is what was imported'
echo >>ev/ws07.xml
rm ev/srv2.xml
run verify c.auger
status_is 1 'changed evidence is found'
has out 'ev/ws07.xml,changed,' 'and named'
has err 'c.auger: 1 file of its evidence changed or cannot be read' 'on standard error it is said, too'
has out 'ev/srv2.xml,gone,' 'as is what is gone'
done_testing
