#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The case as one file for others: nothing in it is markup, and every finding names its evidence.
. "$top_srcdir/tests/cli/lib.sh"
AUGER_AUTHOR=ann@lab
export AUGER_AUTHOR

script WS-07 11 2024-03-01T10:00:00.000000Z \
    '&lt;script&gt;alert(1)&lt;/script&gt; Invoke-WMIExec -Target FS01 | x `y` &#x202e;txt' >events.xml
script WS-08 12 2024-03-01T11:00:00.000000Z 'Invoke-WMIExec -Target FS02' >>events.xml
echo 'no log at all' >rubbish.bin
run import c.auger events.xml rubbish.bin
sum=$(sha256sum events.xml | cut -d' ' -f1)
id=$("$AUGER" findings c.auger | sed -n 's/^\([0-9]*\),.*WS-07.*/\1/p' | head -1)
"$AUGER" notes set c.auger "finding:$id" --verdict 'true positive' --note '=cmd|<b>bold</b>'

"$AUGER" notes set c.auger event:2 --note 'look <i>here</i>' --bookmark yes

run report c.auger -o r.html
status_is 0 "a report is written"
has r.html "look &lt;i&gt;here&lt;/i&gt;" "it has what is said of events"
has r.html "&lt;script&gt;alert(1)" "what evidence says is text"
lacks r.html "<script" "and no script"
lacks r.html "<b>" "nor markup of a note"
has r.html "&lt;U+202E&gt;txt" "what would turn the line round is shown"
has r.html "$sum" "findings name the file by its hash"
has r.html "<td>11</td>" "and the record"
has r.html "ann@lab" "verdicts are signed"
has r.html "Windows Management Instrumentation" "techniques have names"
has r.html "rubbish.bin" "evidence that was not read is named"
lacks r.html "http://" "nothing is loaded from elsewhere"

run report c.auger -o r.md
has r.md '\<script\>alert' "Markdown is escaped as well"
has r.md 'x \`y\`' "with its own signs"
lacks r.md '|<b' "and has no HTML"
run report c.auger --host WS-08 --format markdown
has out "host WS-08" "a report of one host says so"
lacks out "Finding $id:" "and has its findings only"

run report c.auger -o layer.json
has layer.json '"techniqueID": "T1047", "score": 2' "a layer counts findings by technique"
ok "it is JSON" sh -c '! command -v python3 >/dev/null || python3 -m json.tool layer.json >/dev/null'

run report c.auger --format timesketch
has out "message,datetime,timestamp_desc," "a timeline has the columns of Timesketch"
has out "2024-03-01T10:00:00.000000+00:00" "and times with their zone"
has out "'=cmd|<b>" "formulas are defused"
has out "look <i>here</i>: " "and a line for an event with a note"
has out ",Event bookmarked,WS-08," "which says what it is"
run report c.auger --format timesketch --host WS-07
lacks out "Event bookmarked" "unless it is about another host"

hash=$(sha256sum <"$top_srcdir/rules/detections/powershell_invoke_wmiexec_usage.yml" | cut -c1-64)
run report c.auger
has out "Rule file (SHA-256) | $hash" "a finding names the file of its rule by its hash"
has out "version " "and its version"
run ledger c.auger
has out ",$hash" "as the ledger does"
echo 'my remarks' >mine.md
run report c.auger -o mine.md
status_is 0 "a report goes where one was that somebody has written in"
has err "mine.md~: the one that was there" "which is kept"
has mine.md~ "my remarks" "as it was"
run report c.auger -o mine.md
has mine.md~ "my remarks" "also by the next one"
has mine.md~2 "# Case" "which is kept beside it"
echo 'my remarks' >ui.md
run browse c.auger --keys 'e<Ctrl-U>ui.md<Enter>yes<Enter>'
has out "ui.md: report as Markdown" "the UI writes the same report"
has ui.md "# Case" "there"
has ui.md~ "my remarks" "and keeps the old one just so"
run browse c.auger --keys 'e<Ctrl-U>nowhere/ui.md<Enter>'
has out "nowhere/ui.md: cannot write" "a place that does not do is said"
run browse c.auger --keys 'e<Ctrl-U>events.xml<Enter>yes<Enter>'
has out "evidence of this case; not written" "evidence stays"
ok "nothing is left over" sh -c '! ls -a | grep -q "md\."'

run report c.auger --format html -o c.auger
status_is 2 "the case is not written over"
run report c.auger --format html -o events.xml
status_is 2 "nor is evidence"
run report c.auger -o report.pdf
status_is 2 "an ending that says nothing is asked about"
run report c.auger --format pdf
status_is 2 "a format that is none is refused"
run export c.auger -o out.d
for file in report.html report.md attack-layer.json timesketch.csv filters.csv hidden.csv noted_events.csv; do
	has out.d/manifest.csv "$file," "an export has $file"
done
has out.d/noted_events.csv ",yes,look <i>here</i>,ann@lab," "events with what is said of them"
has out.d/events.csv ",yes,look <i>here</i>" "also in the list of all"
done_testing
