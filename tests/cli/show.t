#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
. "$top_srcdir/tests/cli/lib.sh"
mkdir ev
{
	script WS-07.example 5 2026-03-09T10:00:00Z 'Invoke-Command {' 1 3 block-1
	script WS-07.example 6 2026-03-09T10:00:01Z ' whoami } -Computer' 2 3 block-1
	script WS-07.example 7 2026-03-09T10:00:02Z 'Name SRV-1' 3 3 block-1
} >ev/parts.xml
run import c.auger ev
run findings c.auger
ok 'a script block that was split in its words is one finding' \
    sh -c 'test "$(wc -l <out)" -eq 2'

run show c.auger event:1 --format table
status_is 0 'an event can be shown'
sed '/^fields/q' out >head
golden show-event.txt head 'whole: origin, parts, rules, message'
has out '  ScriptBlockText       Invoke-Command { whoami } -ComputerName SRV-1' 'all its fields'
has out '  signature_id          4104' 'and the names that searches know them by'
lacks out '(EventID' 'in few words'
run show c.auger event:1 --explain --format table
has out '  signature_id          4104   (EventID; EVENT_ID(), for any event)' \
    '--explain says where each comes from and by which rule'
has out '  EventID               4104   (recorded, system part)' 'of the record'
has out '  MessageNumber         1   (recorded)' 'or its body'
run show c.auger event:1 --explain --format csv
has out 'section,name,value,origin,meaning,rule' 'programs get a column more'
has out 'fields,dest,WS-07.example,Computer,,"COMPUTER(), for any event"' 'with the rule'
run show c.auger finding:1 --format table
status_is 0 'a finding can be shown'
golden show-finding.txt out 'whole: message, risk, row, events'
run show c.auger finding:1 --format csv
ok 'with every part of a split script block' \
    sh -c 'test "$(grep -o "event:[0-9]*,part [0-9] of 3" out | wc -l)" -eq 3'
run show c.auger event:1 --format jsonl
has out '"name":"ScriptBlockText"' 'programs get rows of names and values'

for what in event:99 finding:99; do
	run show c.auger $what
	status_is 2 "$what that is not there is said"
	ok 'and nothing is printed' test ! -s out
done
for what in 1 event: event:x finding:-1 host:3; do
	run show c.auger "$what"
	status_is 2 "'$what' is wrong use"
done

# The record again, from the evidence
run show c.auger event:1 --raw --format csv
has out 'the file is what was imported: same SHA-256' '--raw reads the record of the evidence'
has out '>Invoke-Command {<' 'as it stands there'
mkdir other
cd other || exit 1
run show ../c.auger event:1 --raw --format csv
has out 'the file is what was imported: same SHA-256' 'also from another folder: it lies beside the case'
run verify ../c.auger
has out 'ev/parts.xml,ok,' 'where its hash is looked at, too'
mkdir ev
cp ../ev/parts.xml ev
echo >>ev/parts.xml
run verify ../c.auger
has out 'ev/parts.xml,changed,' 'unless a file of that name is here'
cd .. || exit 1
echo >>ev/parts.xml
run show c.auger event:1 --raw --format csv
has out 'the file has changed: it has ' 'a file that has changed is said'
rm ev/parts.xml
run show c.auger event:1 --raw --format csv
has out 'not shown,no file of that name is in this folder or in that of the case' 'and one that is gone'
status_is 1 'for programs, too'
cp -r "$top_builddir/samples/evidence/LW-DC01" logs
run import logs.auger logs --quiet
run search logs.auger 'EventCode=1102 | head 1 | table event_id' --format csv
run show logs.auger "event:1" --raw --format table
has out '<Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event">' \
    'a binary record is decoded to XML again'
has out '<Provider Name="' 'with its attributes'
has out '000000  2a 2a 00 00' 'and its bytes are shown'
done_testing
