#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
. "$top_srcdir/tests/cli/lib.sh"
small_evidence ev

run import c.auger ev
status_is 0 'a folder is imported'
has err '3 files' 'the summary counts files'
has err '6 new events' 'and events'

run hosts c.auger
status_is 0 'hosts are listed'
golden hosts.csv out 'hosts come by risk, as CSV'
run findings c.auger
golden findings.csv out 'findings come newest first, as CSV'
run hosts c.auger --format table
golden hosts.table out 'the table for people fits the same rows'
run findings c.auger --format jsonl
golden findings.jsonl out 'JSON lines have the same findings'

run findings c.auger >/dev/null
cp out before
run import c.auger ev
status_is 0 'the same import again succeeds'
has err ' 0 new events' 'and adds nothing'
has err 'ev/ws07.xml: already in the case, skipped' 'and says of each file why'
run findings c.auger
ok 'findings stay what they were' cmp -s out before

mkdir copy
cp ev/ws07.xml copy/
logon WS-07.example 4 2026-03-09T10:07:00Z carol >>copy/ws07.xml
run import c.auger copy
status_is 0 'a longer copy of a log is imported'
has err ' 1 new event,' 'of which only the new record is new'
has err ' 3 duplicates' 'and the others are counted as duplicates'

for threads in 1 2 7; do
	run import "t$threads.auger" ev copy --threads $threads --memory 64M
	run findings "t$threads.auger"
	cp out "findings.$threads"
	run search "t$threads.auger" '*' --format csv
	cp out "events.$threads"
done
ok 'findings do not depend on the number of threads' \
    sh -c 'cmp findings.1 findings.2 && cmp findings.1 findings.7'
ok 'nor do the numbers of events' sh -c 'cmp events.1 events.2 && cmp events.1 events.7'

for threads in 1 3; do
	run retag t7.auger --threads $threads
	status_is 0 "a case is retagged with --threads $threads"
	run findings t7.auger --format csv
	cp out "retagged.$threads"
	run ledger t7.auger --format csv
	cat out >>"retagged.$threads"
done
ok 'what rules find, its numbers and the ledger do not depend on them either' \
    cmp retagged.1 retagged.3

"$AUGER" import s.auger - <ev/ws07.xml >out 2>err
status=$?
status_is 0 'standard input is evidence too'
run findings s.auger
has out 'WS-07.example' 'and gives findings'

run import w.auger ev no-such-folder
status_is 2 'a path that is not there is wrong use'
has err 'no-such-folder' 'and is named'
ok 'and no case was made' test ! -e w.auger

mkdir odd
printf 'MZ\220\000this is a program' >odd/tool.exe
: >odd/empty.evtx
cp ev/ws07.xml odd/picture.jpg
run import odd.auger odd
status_is 1 'a file of no known format makes the import partial'
has err 'odd/tool.exe: not read' 'the file is named'
has err 'odd/empty.evtx' 'an empty file is named'
has err ' 3 new events' 'evidence under a wrong name is read'
run info odd.auger --format csv
has out 'odd/tool.exe' 'the case keeps the file that was not read'
run export odd.auger -o odd.out
has odd.out/gaps.csv 'odd/tool.exe' 'as a gap'

mkdir gone
ln -s nowhere gone/a.evtx
ln -s nowhere gone/b.evtx
run import gone.auger gone
status_is 1 'files that cannot be opened make the import partial'
run import gone.auger gone
status_is 1 'and do so again'
has err 'gone/b.evtx: not read' 'each is named'
run export gone.auger -o gone.out
ok 'but the case has each once' sh -c 'test "$(wc -l <gone.out/evidence.csv)" -eq 3'

mkdir beside
cp ev/srv2.xml beside/
run import beside/hunt.auger beside
status_is 0 'a case may lie among its evidence'
run import ./beside/../beside/hunt.auger "$work/beside"
status_is 0 'however it is written'
has err '1 file (' 'and is not taken for evidence'

name=dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd
long=$name/$name/$name/$name/$name/$name
mkdir -p "$long"
cp ev/ws07.xml "$long/"
home=$PWD
cd "$long"
run import c.auger ws07.xml
status_is 3 'a case far below many folders cannot be opened'
has err 'the path of the case is too long' 'because of its path, which is said'
cd "$home"
run import ev/ws07.xml ev
status_is 2 'a log is not taken for a case'
ok 'and is left as it was' cmp -s ev/ws07.xml odd/picture.jpg
mkdir empty
run import empty.auger empty
status_is 2 'a folder without files is nothing to import'
ok 'and leaves no case behind' sh -c '! ls empty.auger* 2>/dev/null | grep -q .'
run import nowhere/x.auger ev
status_is 2 'a case in a folder that is not there is wrong use'
has err 'nowhere: no such folder' 'and the folder is named'
run import c.auger c.auger
status_is 2 'a case is no evidence'
has err 'that is the case itself' 'of itself'
done_testing
