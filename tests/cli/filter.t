#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The _filter macros of a case: what they hide is counted and listed, true positives are not lost.
. "$top_srcdir/tests/cli/lib.sh"
AUGER_AUTHOR=ann@lab
export AUGER_AUTHOR

rule='PowerShell Invoke WmiExec Usage'
script WS-07 1 2024-03-01T10:00:00.000000Z 'Invoke-WMIExec -Target FS01' >events.xml
script WS-08 2 2024-03-01T11:00:00.000000Z 'Invoke-WMIExec -Target FS02' >>events.xml
run import c.auger events.xml
status_is 0 "two hosts are imported"
run filter c.auger
has err "no filters" "a case without filters says how to make one"

run filter c.auger "$rule" 'search NOT (dest="WS-07")' --try
has err "1 finding would be hidden (1 of them newly), 1 shown" "--try counts"
run findings c.auger
has out "WS-07" "and changes nothing"

run filter c.auger "$rule" 'search NOT (dest="WS-07"'
status_is 2 "a filter that does not compile is refused"
has err 'filter:1:25: expected ")"' "by line and column"
run filter c.auger "$rule" 'NOT dest="WS-07"'
has err 'write: search NOT dest="WS-07"' "a filter without command is told what to write"
run filter c.auger "$rule" 'search NOT Computer="WS-07"' --try
has err "have no field Computer" "a field that the results do not have is a warning"
run filter c.auger "No such rule" 'search *'
status_is 2 "a rule that is not there is refused"

id=$("$AUGER" findings c.auger | sed -n 's/^\([0-9]*\),.*WS-07.*/\1/p' | head -1)
run notes set c.auger "finding:$id" --verdict "true positive"
status_is 0 "the finding is marked"
run filter c.auger "$rule" 'search NOT (dest="WS-07")'
status_is 2 "a filter does not hide a true positive"
has err "marked true positive: finding:$id" "it names the finding"
run findings c.auger
has out "WS-07" "which is still shown"

run filter c.auger "$rule" 'search NOT (dest="WS-07")' --force
status_is 0 "unless it must"
run findings c.auger
lacks out "WS-07" "then it is gone"
run findings c.auger --host WS-07
has err "1 finding hidden by filters of rules (see: auger filter c.auger)" "an empty list says so"
run show c.auger "finding:$id"
status_is 2 "it cannot be shown"
has err "finding $id is hidden by the filter of its rule, $rule" "because the filter hides it"
run hosts c.auger
has out "WS-07,0,0" "with its risk"
run filter c.auger
has out "powershell_invoke_wmiexec_usage_filter,on,1," "but counted"
has out "ann@lab" "and signed"
run filter c.auger "$rule"
has out "WS-07" "and listed"
has out "true positive" "with its verdict"

script WS-09 3 2024-03-01T12:00:00.000000Z 'Invoke-WMIExec -Target FS03' >more.xml
run import c.auger more.xml
has err "1 more hidden by filters" "the next import says what filters hide"
lacks err "rules have changed" "and needs no retag"
run findings c.auger
lacks out "WS-07" "the filter stays in force"
has out "WS-09" "for what it is about"
run filter c.auger "$rule" --off
run findings c.auger
has out "WS-07" "switched off, it hides nothing"
has out "true positive" "and the verdict is still there"
run filter c.auger "$rule" --on
has err "marked true positive" "to switch it on asks as well"
run filter c.auger "$rule" --clear
run filter c.auger
has err "no filters" "cleared, it is forgotten"
run filter c.auger "$rule" --clear --on
status_is 2 "two wishes at once are none"

# the same on the screen: point at a cell, see what it would hide, agree
ui()
{
	run browse c.auger --size 120x40 --keys "$1"
}
ui '2F'
has out 'filter out> search NOT (dest="WS-0' "F makes a condition of what the cursor is on"
ui '2glllF'
lacks out "not in the result" "where that is a field of the result"
ui '2gllF'
has out "not in the result: its computer instead" "else the prompt says what it took"
ui '2GF<Enter>'
has out "1 finding, 1 of them newly; 2 stay" "and shows what it would hide"
has out "marked true positive, and would be hidden" "with what must not be lost"
ui '2GF<Enter><Enter>'
has out "Enter again hides them" "which takes a second Enter"
ui '2kF<Enter><Enter>'
has out "1 finding hidden by the filter" "without such, one is enough"
run filter c.auger
has out ",on,1," "the filter is in the case"
ui H
has out "what it hides" "H lists it"
ui 'HO<Enter>'
run filter c.auger
has out ",off,0," "O switches it off"
ui 'HE<Ctrl-U><Enter><Enter>'
run filter c.auger
has err "no filters" "an empty one takes it away"
run browse c.auger --size 100x30 --keys '2gF<Enter><Enter>RG'
has out "(filter macro): search NOT (dest=" "rules and drilldowns have it at once"
"$AUGER" filter c.auger "$rule" --clear 2>/dev/null
ui '2F<Enter><Enter>u'
run filter c.auger
has err "no filters" "u takes it back"
ui '2F<Ctrl-U>search (<Enter>'
has out "filter:1:9" "one that does not compile is told where"
has out "filter out> search (" "and stays to be edited"
ui '2GtatxtX<Enter>*uuu'
run findings c.auger
has out ",true positive,," "u takes verdicts, notes and bookmarks back"
run browse c.auger --read-only --keys '2F'
has out "read-only" "a case opened read-only has no new filters"
ui ':anchor -2h<Enter>'
run clock c.auger last-event

run clock c.auger -1h
has out "case_clock,2024-03-01T11:00:00.000000Z" "the case clock can be set"
run info c.auger
has out "case_clock,2024-03-01T11:00:00.000000Z" "and stays"
run clock c.auger soon
status_is 2 "soon is no time"
run clock c.auger last-event
has out "case_clock,2024-03-01T12:00:00.000000Z" "and let go"
done_testing
