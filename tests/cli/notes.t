#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Two analysts work on copies of a case; their notes come together.
. "$top_srcdir/tests/cli/lib.sh"

script WS-07 1 2024-03-01T10:00:00.000000Z 'Invoke-WMIExec -Target FS01' >events.xml
script WS-08 2 2024-03-01T11:00:00.000000Z 'Invoke-WMIExec -Target FS02' >>events.xml
run import ann.auger events.xml
# the other one imports the records in another order: the findings have other numbers
script WS-08 2 2024-03-01T11:00:00.000000Z 'Invoke-WMIExec -Target FS02' >first.xml
script WS-07 1 2024-03-01T10:00:00.000000Z 'Invoke-WMIExec -Target FS01' >second.xml
run import bob.auger first.xml
run import bob.auger second.xml

finding() # CASE HOST
{
	"$AUGER" findings "$1" | sed -n "s/^\([0-9]*\),.*$2.*/finding:\1/p" | head -1
}

AUGER_AUTHOR=ann@lab "$AUGER" notes set ann.auger "$(finding ann.auger WS-07)" \
    --verdict 'true positive' --note 'seen on the wire, "twice"'
AUGER_AUTHOR=bob@lab "$AUGER" notes set bob.auger "$(finding bob.auger WS-07)" \
    --verdict benign --note 'deploy tool' --bookmark yes
AUGER_AUTHOR=bob@lab "$AUGER" notes set bob.auger "$(finding bob.auger WS-08)" \
    --verdict 'false positive'
ok "the findings have other numbers" \
    test "$(finding ann.auger WS-07)" != "$(finding bob.auger WS-07)"

run notes export ann.auger -o ann.notes
status_is 0 "notes are exported"
run notes export bob.auger -o bob.notes
run notes import ann.auger bob.notes
status_is 0 "and merged"
has err "4 entries read, 4 of them new" "all of them"
has err "verdicts differ, the last one is shown" "what differs is named"
run notes import ann.auger bob.notes
has err "0 of them new" "again, nothing changes"
run notes import bob.auger ann.notes

state() # CASE: verdicts and notes by host, without numbers
{
	"$AUGER" findings "$1" --format jsonl | sed 's/"finding_id":[0-9]*,//' | sort
}
state ann.auger >a
state bob.auger >b
ok "both copies say the same" cmp -s a b
has a 'seen on the wire, \"twice\" (ann@lab' "the note of one"
has a 'deploy tool (bob@lab' "and of the other"
has a '"verdict":"benign"' "the later verdict"

AUGER_AUTHOR=ann@lab "$AUGER" notes set ann.auger "$(finding ann.auger WS-07)" \
    --verdict 'true positive' --note 'agreed with Bob'
run notes export ann.auger -o ann.notes
run notes import bob.auger ann.notes
lacks err "differ" "a later decision settles it in both"
run findings bob.auger
has out "agreed with Bob" "with its note"
lacks out "deploy tool" "in place of both"
run notes list bob.auger
has out "deploy tool,bob@lab" "but the log keeps everything"

script WS-09 3 2024-03-01T12:00:00.000000Z 'Invoke-WMIExec -Target FS03' >more.xml
run import bob.auger more.xml
AUGER_AUTHOR=bob@lab "$AUGER" notes set bob.auger "$(finding bob.auger WS-09)" --note early
run notes export bob.auger -o bob.notes
run notes import ann.auger bob.notes
has err "about findings that this case does not have" "notes on what is not there are kept"
run import ann.auger more.xml
run findings ann.auger
has out ",early," "and appear with the finding"

printf 'rubbish\n{"key":"x","kind":"note"}\n' >bad.notes
cat ann.notes >>bad.notes
run notes import bob.auger bad.notes
status_is 1 "bad lines cost only themselves"
has err "bad.notes:1: not a line of" "each is named"
has err "bad.notes:2:" "by its number"
head -2 bad.notes >worse.notes
run notes import bob.auger worse.notes
status_is 2 "a file without a good one does nothing"
for n in 1 2 3 4 5 6 7 8; do echo rubbish; done >rubbish.notes
run notes import bob.auger rubbish.notes
has err "rubbish.notes:5:" "the first bad lines are said"
lacks err "rubbish.notes:6:" "not all of a file that is none"
has err "rubbish.notes: and 3 more lines, skipped" "the others are counted"
run notes import bob.auger nowhere
status_is 2 "a file that is not there is refused"
run notes set bob.auger finding:99 --note x
status_is 2 "so is a finding that is not there"
run notes set bob.auger finding:1 --verdict maybe
status_is 2 "and a verdict that is none"
# ---- a rule that groups otherwise in one copy: other keys, the same records
grouped() # FILE BY
{
	cat >"$1" <<-END
	name: Scripts That Reach Out
	id: 11111111-2222-3333-4444-777777777777
	version: 1
	type: Hunting
	search: EventCode=4104 ScriptBlockText=*Target* | stats count by $2
	tags:
	  risk_score: 10
	  message: a script on \$Computer\$
	  observable: [{name: Computer, type: Hostname, role: [Victim]}]
	END
}
grouped one.yml 'Computer'
grouped two.yml 'Computer, EventCode'
run import one.auger events.xml --rules one.yml --no-builtin-rules
run import two.auger events.xml --rules two.yml --no-builtin-rules
AUGER_AUTHOR=bob@lab "$AUGER" notes set two.auger "$(finding two.auger WS-08)" \
    --verdict benign --note 'known script'
run notes export two.auger -o two.notes
keys() # CASE
{
	"$AUGER" notes export "$1" | sed 's/.*"key":"\([0-9a-f]*\)".*/\1/' | sort -u
}
run notes import one.auger two.notes
status_is 0 "notes on findings of a rule that grouped otherwise are taken"
lacks err "does not have" "and find theirs"
ok "by the records that both are about, for the keys differ" sh -c \
    "test '$(keys one.auger)' && test '$(keys one.auger)' != '$(keys two.auger)'"
run findings one.auger --host WS-08
has out ",benign,known script," "of the same computer"
run findings one.auger --host WS-07
lacks out "known script" "and of no other"
run notes import one.auger two.notes
has err "0 of them new" "again, nothing changes"

# ---- events: keyed by what their record is
logon() # HOST RECORD TIME
{
	event Microsoft-Windows-Security-Auditing Security 4624 "$1" "$2" "$3" \
	    "<Data Name='TargetUserName'>kim</Data>"
}
logon WS-07 70 2024-03-01T10:00:00.123456Z >one.xml
logon WS-07 71 2024-03-01T10:00:01.000000Z >>one.xml
logon ws-08.corp.example 72 2024-03-01T10:00:02.000000Z >>one.xml
# in another order, and thinner: whole seconds, the host by its first label
logon WS-08 72 2024-03-01T10:00:02.000000Z >two.xml
logon ws-07 70 2024-03-01T10:00:00.000000Z >>two.xml
run import e1.auger one.xml
run import e2.auger two.xml
numbered() # CASE RECORD
{
	"$AUGER" search "$1" "RecordNumber=$2" --format csv | sed -n '2s/,.*//p'
}
as() # NAME ARGS...
{
	AUGER_AUTHOR=$1@lab
	export AUGER_AUTHOR
	shift
	run "$@"
	unset AUGER_AUTHOR
}
as ann notes set e1.auger "$(numbered e1.auger 70)" --note 'the first logon' --bookmark yes
status_is 0 "an event is noted and bookmarked"
as ann notes set e1.auger "$(numbered e1.auger 71)" "$(numbered e1.auger 72)" --bookmark yes
status_is 0 "several events at once"
as ann notes set e1.auger event:1 --verdict benign
status_is 2 "an event has no verdict"
has err "an event has no verdict" "which is said"
as ann notes set e1.auger event:99 --note x
status_is 2 "an event that is not there is refused"
has err "no event:99" "by name"
as bob notes set e2.auger "$(numbered e2.auger 70)" --note 'service start'
ok "the events have other numbers" \
    test "$(numbered e1.auger 70)" != "$(numbered e2.auger 70)"
run notes list e1.auger
has out ',note,the first logon,ann@lab,' "they are listed"
run notes export e1.auger -o e1.notes
run notes export e2.auger -o e2.notes
run notes import e2.auger e1.notes
status_is 0 "and merged"
has err "4 entries read, 4 of them new" "all of them"
has err "1 entry about events that this case does not have" "what has no place yet is said"
has err "notes differ, all are kept: the first logon (ann@lab), service start (bob@lab)" \
    "what differs is named"
run notes import e2.auger e1.notes
has err "0 of them new" "again, nothing changes"
run notes import e1.auger e2.notes
said() # CASE RECORD
{
	"$AUGER" show "$1" "$(numbered "$1" "$2")" --format jsonl | grep '"note"\|"bookmark"'
}
said e1.auger 70 >a
said e2.auger 70 >b
ok "both copies say the same of an event" cmp -s a b
has a 'service start (bob@lab' "with the note of one"
has a 'the first logon (ann@lab' "and of the other"
has a '"name":"bookmark","value":"yes"' "and the bookmark"
said e2.auger 72 >out
has out '"bookmark","value":"yes"' "names of one machine are one"
run import e2.auger one.xml
said e2.auger 71 >out
has out '"bookmark","value":"yes"' "what was said of an event that came later is there with it"
said e2.auger 70 >b
ok "and a richer record of an event keeps what was said of it" cmp -s a b
as ann notes set e2.auger "$(numbered e2.auger 71)" --note 'late'
run notes export e2.auger -o e2.notes
run notes import e1.auger e2.notes
said e1.auger 71 >out
has out 'late' "also in the other copy"
run retag e2.auger --rules one.yml
said e2.auger 70 >b
ok "new rules change nothing of it" cmp -s a b
run verify e2.auger
status_is 0 "the case is sound"

hostile='a\\u001b[31mred\\u0000\\n\\u202erev'
sed -n 1p e1.notes | sed "s/the first logon/$hostile/; s/\"time_ns\":[0-9]*/\"time_ns\":1/" >bad.notes
sed -n 1p e1.notes | sed 's/"key":"[^"]*"/"key":"event|a|b"/' >>bad.notes
sed -n 1p e1.notes | sed 's/"kind":"note"/"kind":"verdict"/' >>bad.notes
awk 'BEGIN { for (i = 0; i < 200000; i++) printf "long " }' >long
sed -n 1p e1.notes | awk '{ getline l <"long"; sub("the first logon", l); print }' >>bad.notes
run notes import e1.auger bad.notes
status_is 1 "bad lines cost only themselves"
has err 'bad.notes:2: "key" is not that of a finding or an event' "a key that is none is named"
has err 'bad.notes:3: "kind": an event has no verdict' "so is a verdict of an event"
run show e1.auger "$(numbered e1.auger 70)"
lacks out "$(printf "\033")" "escapes in a note are shown, never obeyed"
has out 'long long' "a long one is whole"

# a name as long as hostile evidence likes
awk 'BEGIN { for (i = 0; i < 400000; i++) printf "H" }' >name
logon WS-09 73 2024-03-01T10:00:03.000000Z |
    awk '{ if (/WS-09/) { getline h <"name"; sub("WS-09", h) } print }' >wide.xml
run import e1.auger wide.xml
run import e2.auger wide.xml
as ann notes set e1.auger "$(numbered e1.auger 73)" --bookmark yes
run notes export e1.auger -o e1.notes
run notes import e2.auger e1.notes
status_is 0 "what is said of a host with a very long name is merged, too"
said e2.auger 73 >out
has out '"bookmark","value":"yes"' "with its event"

run notes forget bob.auger
status_is 2 "and a verb that is none"
done_testing
