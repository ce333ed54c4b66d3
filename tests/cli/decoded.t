#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Encoded commands: found, shown and matched by what they say.
. "$top_srcdir/tests/cli/lib.sh"
mkdir ev rules

# "Invoke-WmiMethod -CN srv02", UTF-16LE
command=SQBuAHYAbwBrAGUALQBXAG0AaQBNAGUAdABoAG8AZAAgAC0AQwBOACAAcwByAHYAMAAyAA==
half=SQBuAHYAbwBrAGUALQBXAG0AaQBNAGUAdABoAG8A
{
	script WS-07.example 1 2026-03-09T10:00:00Z "powershell -nop -enc $command"
	script WS-07.example 2 2026-03-09T10:00:01Z 'Get-ChildItem C:\'
	script WS-07.example 3 2026-03-09T10:00:02Z "powershell -enc $half" 1 2 block-1
	script WS-07.example 4 2026-03-09T10:00:02Z "${command#$half}" 2 2 block-1
	script WS-08.example 5 2026-03-09T10:00:03Z "Invoke-WmiMethod -CN srv02"
} >ev/scripts.xml
event Microsoft-Windows-Security-Auditing Security 4688 WS-07.example 6 2026-03-09T10:00:04Z \
    "<Data Name='NewProcessName'>C:\\powershell.exe</Data>$(
    )<Data Name='CommandLine'>powershell /e $command</Data>" >ev/process.xml
cat >rules/word.yml <<'END'
name: A word anywhere
id: 11111111-1111-1111-1111-111111111111
version: 1
date: '2026-03-09'
author: nobody
status: production
type: TTP
description: A bare word finds what is encoded.
search: 'EventCode=4104 "*invoke-wmimethod*" | stats count by dest, Channel'
rba:
  message: A word on $dest$
  risk_objects:
  - field: dest
    type: system
    score: 10
END
run import c.auger ev --rules rules --no-builtin-rules
status_is 0 'scripts and a process are imported'

run search c.auger '*invoke-wmimethod* | table RecordNumber' --format csv
ok 'a bare word finds whole, split and plain scripts, and the process' \
    sh -c 'sort out | tr "\n" " " | grep -qx "1 3 5 6 RecordNumber "'
run search c.auger 'ScriptBlockText_decoded="*-CN srv02*" | table RecordNumber' --format csv
ok 'a field finds them by name' sh -c 'sort out | tr "\n" " " | grep -qx "1 3 RecordNumber "'
run search c.auger 'CommandLine_decoded="Invoke-WmiMethod -CN srv02" | table dest' --format csv
has out 'WS-07.example' 'command lines have one, too'
run search c.auger 'ScriptBlockText="*-CN srv02*" | table RecordNumber' --format csv
ok 'the script itself is as it was logged' sh -c 'grep -qx 5 out && ! grep -qx 1 out'
run search c.auger '* | search source="WinEventLog:Security" | table RecordNumber' --format csv
ok 'behind a pipe a source has every spelling' grep -qx 6 out

run show c.auger event:2 --format table
has out 'Invoke-WmiMethod -CN srv02   (ScriptBlockText, base64 UTF-16LE)' \
    'the event shows what it says and how it was decoded'
run findings c.auger --format jsonl
run show c.auger finding:1 --format table
cp out first
run show c.auger finding:2 --format table
cat out >>first
ok 'the finding says that only decoded text explains it; the other one does not' \
    sh -c 'test "$(grep -c "satisfied only by what an event decodes to" first)" -eq 1'
run retag c.auger --rules rules --no-builtin-rules
run search c.auger '*invoke-wmimethod* | table RecordNumber' --format csv
ok 'and nothing changes when rules are run again' \
    sh -c 'sort out | tr "\n" " " | grep -qx "1 3 5 6 RecordNumber "'
done_testing
