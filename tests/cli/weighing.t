#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# What risk is counted from, on the screens: by hand, what is known, factors.
. "$top_srcdir/tests/cli/lib.sh"
AUGER_AUTHOR=ann@lab
export AUGER_AUTHOR

mkdir rules
any_logon_rule rules/logon.yml
{
	logon H1 1 2026-03-09T10:00:00Z bob
	logon H1 2 2026-03-09T11:00:00Z eve
	logon H2 3 2026-03-09T11:00:00Z eve
} >events.xml
run import c.auger events.xml --rules rules --no-builtin-rules
status_is 0 'two users come to hosts'

# screen KEYS: what stands there after these
screen()
{
	run browse c.auger --size 100x30 --rules rules --no-builtin-rules --keys "$1"
}

# by hand
screen 'w40 seen at the door<Enter>'
has out 'risk for H1: 40 seen at the door' 'w on a host gives it risk'
has out '120 -> 160   (+40)' 'and shows first what it comes to'
has out 'Enter do it' 'the last line says what Enter does'
run risk c.auger --given
has err 'no risk given by hand' 'before it counts'
screen 'w40 seen at the door<Enter><Esc>'
run risk c.auger --given
has err 'no risk given by hand' 'Esc leaves everything as it is'
screen 'w40 seen at the door<Enter>E'
has out 'risk for H1> 40 seen at the door' 'E edits it'
screen 'w40 seen at the door<Enter><Enter>'
has out 'done: risk for H1: 40 seen at the door' 'Enter keeps it'
has out '160  H1' 'and the host has it'
run risk c.auger --given
has out '1,on,2026-03-09T11:00:00.000000Z,H1,system,40,seen at the door,' 'as the command line would'
has out ',ann@lab,' 'signed'
screen 'wmuch no number<Enter>'
has out 'not a score, such as 40 or -25' 'a score is a number'
has out 'risk for H1> much no number' 'and can be corrected'
screen 'w40<Enter>'
has out 'the reason is empty' 'a reason is asked for'
screen '7/bob<Enter>w-6 on leave<Enter><Enter>'
has out '50  bob' 'a user has risk taken from'
screen '7/bob<Enter>K2'
has out '-6  bob' 'which is listed with what counts for the user'
lacks out 'seen at the door' 'and nobody else'
screen 'I K2'
has out 'seen at the door' 'and with that of all others'
screen '<Enter>2/door<Enter>D'
has out '160 -> 120   (-40)' 'D on the Risk tab takes back what was given by hand'
screen '<Enter>2/door<Enter>D<Enter>'
run risk c.auger --given
has out '1,taken back,' 'once Enter agrees'
screen '<Enter>2/bob<Enter>D'
has out 'a rule gave this risk' 'but nothing that a rule gave'
screen 'K2D'
has out 'it was taken back' 'nor what is taken back'
screen '7/bob<Enter>K2D<Enter>'
run risk c.auger --given
has out '2,taken back,' 'the list takes back as well'

# what is known
screen 'KApriority=critical category=server|pci owner=Jo Smith<Enter>'
has out "Nobody's, as risk stands" 'without factors nothing known changes risk'
screen 'KApriority=critical category=server|pci owner=Jo Smith<Enter><Enter>'
has out 'Jo Smith' 'values may have blanks'
run entity c.auger
has out 'H1,system,owner,Jo Smith,ann@lab,' 'and are those of the command line'
has out 'category,"server' 'several are several'
run entity c.auger H1 owner='CN=Jo, OU=IT'
screen 'K/OU=<Enter>E<Enter><Enter>'
has out 'CN=Jo, OU=IT' 'a value with equals signs is edited as it is'
run entity c.auger
lacks out 'H1,system,ou,' 'and no part of it becomes a fact'
screen 'KAowner="CN=Ann, OU=IT" bunit=<Enter><Enter>'
run entity c.auger
has out 'H1,system,owner,"CN=Ann, OU=IT",ann@lab,' 'quotes keep a value together'
screen 'KAowner=Jo Smith<Enter><Enter>'
screen 'KApriority<Enter>'
has out 'priority: not ATTRIBUTE=VALUE' 'what is no attribute is refused'
screen 'j/H2<Enter>K'
has out 'Nothing is known of H2' 'another host has none of it'
screen '7/bob<Enter>KApriority=low<Enter><Enter>'
has out 'low' 'users have theirs'

# factors
screen 'K3Avip x1.5 search dest_priority=critical risk_object_type=system<Enter>'
has out 'Applies to  2 risk events' 'a factor says what it applies to'
has out '120 -> 180   (+60)' 'and whose risk it changes'
run factor c.auger
has err 'no factors' 'while it is only tried'
screen 'K3Avip x1.5 search dest_priority=critical risk_object_type=system<Enter><Enter>'
run factor c.auger
has out 'vip,on,0,1.5,2,search dest_priority=critical risk_object_type=system' 'Enter keeps it'
run hosts c.auger
has out 'H1,180,' 'and it counts'
screen 'K3E'
has out 'factor> vip x1.5 search dest_priority=critical risk_object_type=system' 'E edits it as it was typed'
screen 'K3O<Enter>'
run hosts c.auger
has out 'H1,120,' 'O switches it off'
screen 'K3O<Enter>'
run hosts c.auger
has out 'H1,180,' 'and on'
screen 'KD<Enter>'
screen 'K/priority<Enter>D'
has out '180 -> 120   (-60)' 'what is forgotten changes risk again'
screen 'K3Abad +4 search (<Enter>'
has out 'factor:1:9: expected a search term' 'a condition that does not compile is refused with its place'
has out 'factor> bad +4 search (' 'and can be corrected'
screen 'K3Abad +4 stats count<Enter>'
has out 'may only keep or drop' 'as is one that makes rows of its own'
screen 'K3Abad search x=1<Enter>'
has out 'NAME +4 x1.5 CONDITION' 'and one that does nothing'
run factor c.auger
lacks out 'bad' 'none of them is kept'
screen 'K3D<Enter>'
run factor c.auger
has err 'no factors' 'D forgets a factor'
run hosts c.auger
has out 'H1,120,' 'and all is as it was'

run browse c.auger --read-only --size 100x30 --keys 'w'
has out 'the case was opened read-only' 'nothing is given in a case that is only read'
run browse c.auger --read-only --size 40x10 --keys 'K'
ok 'a narrow screen has what is known' grep -q 'H1 .*owner .*Jo Smith' out
run browse c.auger --read-only --size 60x20 --keys 'K'
ok 'and one of 60 columns' grep -q 'H1 .*owner .*Jo Smith' out
run browse c.auger --read-only --size 40x10 --keys 'K2'
ok 'and whose risk was given by hand, and why' grep -q '40 *H1 .*seen' out
run browse c.auger --read-only --size 100x30 --keys 'KA'
has out 'the case was opened read-only' 'nor told'
run browse c.auger --read-only --size 100x30 --keys 'K'
has out 'Jo Smith' 'but what is known is shown'
run verify c.auger
status_is 0 'the case is whole'
# a finding of several computers is, on the page of one, about that one
mkdir many
cat >many/ways.yml <<'EOR'
name: Many Ways
id: 22222222-2222-4222-8222-222222222222
type: Anomaly
search: EventCode=4624 | stats count values(dest) as dest by user | where count > 1 | `many_ways_filter`
rba:
  message: $user$ came to many
  risk_objects:
    - {field: dest, type: system, score: 60}
EOR
run import d.auger events.xml --rules many --no-builtin-rules
for keys in '/H2<Enter><Enter>w' '/H2<Enter><Enter><Enter>w'; do
	run browse d.auger --size 100x30 --rules many --no-builtin-rules --keys "$keys"
	has out 'risk for H2>' "$keys: risk by hand is for the computer one came from"
done
run browse d.auger --size 100x30 --rules many --no-builtin-rules --keys '/H2<Enter><Enter>'
has out '60 to H2 and others' 'and the finding names it'
run browse d.auger --size 100x30 --rules many --no-builtin-rules --keys '/H2<Enter><Enter><Enter>K'
has out 'Nothing is known of H2' 'as does what is known'

done_testing
