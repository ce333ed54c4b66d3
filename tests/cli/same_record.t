#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# One record in every form that keeps its number: times of 100 ns, 1 ms and 1 s, one without zone.
. "$top_srcdir/tests/cli/lib.sh"
channel=Microsoft-Windows-PowerShell/Operational
provider=Microsoft-Windows-PowerShell
id=aaaa0001-0000-0000-0000-000000000001

mkdir ev
script WS-07.example 77 2026-03-09T10:00:00.1234567Z whoami 1 1 $id >ev/a.xml
printf '%s' '{"@timestamp":"2026-03-09T10:00:00.123Z","winlog":{"channel":"'$channel \
    '","provider_name":"'$provider'","event_id":4104,"record_id":77,"computer_name":"ws-07",' \
    '"event_data":{"MessageNumber":"1","MessageTotal":"1","ScriptBlockText":"whoami",' \
    '"ScriptBlockId":"'$id'"}},"event":{"code":4104}}' >ev/b.json
echo >>ev/b.json
printf '%s' '{"EventTime":"2026-03-09 05:00:00","Hostname":"WS-07.example","EventID":4104,' \
    '"SourceName":"'$provider'","RecordNumber":77,"Channel":"'$channel'","MessageNumber":"1",' \
    '"MessageTotal":"1","ScriptBlockText":"whoami","ScriptBlockId":"'$id'",' \
    '"EventReceivedTime":"2026-03-09 05:00:02","SourceModuleType":"im_msvistalog",' \
    '"@timestamp":"2026-03-09T10:00:04.412Z"}' >ev/c.json
echo >>ev/c.json
cat >ev/d.txt <<EOF
03/09/2026 12:00:00 PM
LogName=$channel
SourceName=$provider
EventCode=4104
EventType=5
Type=Verbose
ComputerName=WS-07.EXAMPLE
TaskCategory=Execute a Remote Command
OpCode=On create calls
RecordNumber=77
Keywords=None
Message=Creating Scriptblock text (1 of 1):
whoami

ScriptBlock ID: $id
Path:
EOF

for files in 'a.xml b.json c.json d.txt' 'd.txt c.json b.json a.xml'; do
	rm -f c.auger
	for file in $files; do
		run import c.auger "ev/$file"
	done
	run info c.auger
	has out 'counts,duplicates,3,' "$files: the case counts the duplicates"
	run search c.auger '* | stats count' --format csv
	ok 'the record is one event' test "$(sed -n 2p out)" = 1
	run show c.auger event:1
	for file in $files; do
		has out "ev/$file" "with a source in $file"
	done
	run hosts c.auger
	ok 'of one host' test "$(grep -c 2026 out)" -eq 1
	has out 'ws-07' 'whose other names are aliases'
done
rm c.auger
run import c.auger ev
has err ' 1 new event, 3 duplicates' 'the import tells new from known'
done_testing
