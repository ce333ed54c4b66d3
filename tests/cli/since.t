#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Evidence that comes in portions: what is new since an import.
. "$top_srcdir/tests/cli/lib.sh"
mkdir rules
any_logon_rule rules/logon.yml
cat >rules/script.yml <<'EOR'
name: Any Script
id: 22222222-2222-4222-8222-222222222222
type: Anomaly
search: EventCode=4104 | stats count by dest | `any_script_filter`
rba:
  message: a script ran on $dest$
  risk_objects: [{field: dest, type: system, score: 5}]
EOR
{
	logon H1 1 2026-03-09T10:00:00Z bob
	logon H2 2 2026-03-09T11:00:00Z eve
} >first.xml
{
	logon H1 3 2026-03-09T12:00:00Z bob
	logon H1 4 2026-03-09T13:00:00Z sue
	script H3 5 2026-03-08T10:00:00Z 'Get-ChildItem'
	event Any Any 77 H4 6 2026-03-08T11:00:00Z ''
} >second.xml

run import c.auger first.xml --rules rules/logon.yml --no-builtin-rules
run findings c.auger --since-import last
ok 'since the only import everything is new' test "$(grep -c 'came to' out)" = 2
run import c.auger second.xml --rules rules/logon.yml --no-builtin-rules
status_is 0 'a second portion comes'
run findings c.auger --since-import last
has out 'sue came to H1,1,' 'what it brought is new'
ok 'and says so' sh -c 'grep "sue came" out | grep -q ",new$"'
ok 'a finding of before says that it only got more events' sh -c 'grep "bob came" out | grep -q ",more$"'
lacks out 'eve' 'others are not shown'
run findings c.auger
ok 'without the option they are, and nobody asked what is new' sh -c 'grep "eve came" out | grep -q ",$"'
run hosts c.auger --since-import 2
has out 'H1,120,2,' 'hosts are ranked by what is new'
has out 'H4,0,0,' 'a host with new events alone is listed'
lacks out 'H2' 'one without is not'
run risk c.auger --since-import 2
lacks out 'eve came' 'risk as well'
run info c.auger --format table
has out '2 events and 2 findings new' 'imports are listed'
has out '4 events and 1 finding new' 'with what each brought'

run import c.auger second.xml
run findings c.auger --since-import 3
status_is 2 'an import that brings nothing has no number'
has err 'a number from 1 to 2, or last' 'and what is none is refused'
run findings c.auger --since-import soon
status_is 2 'so are words'
run retag c.auger --rules rules --no-builtin-rules
run findings c.auger --since-import last
has out 'a script ran on H3' 'what rules find later is new since then as well'
has out 'sue came to H1' 'beside what was'
lacks out 'eve' 'and what was found before stays so'

run browse c.auger --size 100x30 --rules rules --no-builtin-rules --keys '2:new<Enter>'
has out '[since import 2]' 'on the screens it is a chip'
ok 'a new finding is marked' grep -q 'new .*sue came\|new .*Any Logon' out
ok 'and one that only got more' grep -q 'more .*Any Logon' out
has out 'Findings 3' 'others are left out'
run browse c.auger --size 40x10 --rules rules --no-builtin-rules --keys '2:new<Enter>'
ok 'a narrow screen says which rule, too' grep -q '60 *new *Any Logon' out
run browse c.auger --size 100x30 --rules rules --no-builtin-rules --keys '3:new<Enter>'
has out 'Events 4' 'events as well'
run browse c.auger --size 100x30 --rules rules --no-builtin-rules --keys '7:new<Enter>'
lacks out 'eve' 'and users'
run browse c.auger --size 100x30 --rules rules --no-builtin-rules --keys ':new<Enter>1'
lacks out 'H2' 'and hosts'
run browse c.auger --size 100x30 --rules rules --no-builtin-rules --keys '2:new<Enter>:new<Enter>'
has out 'Findings 4' 'the same again shows all'
run browse c.auger --size 100x30 --rules rules --no-builtin-rules --keys '2:new 1<Enter>:new all<Enter>'
has out 'all of the case again' 'so does all'
run browse c.auger --size 100x30 --rules rules --no-builtin-rules --keys '2:new 7<Enter>'
has out 'no import of this case' 'an import that there is not is refused'
run report c.auger --since-import last -o new.html
ok 'a report says that it is about what is new' grep -q 'new since import 2' new.html
run browse c.auger --since-import last --size 100x30 --rules rules --no-builtin-rules --keys '2'
has out '[since import 2]' 'the option makes the chip as well'
has out 'Findings 3' 'and it leaves as much'
run browse c.auger --size 100x30 --rules rules --no-builtin-rules --keys '2:filter not since-import=2<Enter>'
has out 'eve' 'the opposite is what was there before'
lacks out 'sue' 'alone'
run browse c.auger --size 100x30 --rules rules --no-builtin-rules --keys ':new<Enter>sEventCode=4624<Enter>'
has out 'H1' 'searches find what is new'
lacks out 'H2' 'and obey the chip'
run verify c.auger
status_is 0 'the case is whole'
done_testing
