#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Whatever the evidence and the rules are: an import, a retag, a search and the screen get along with
# the addresses that the system grants (ulimit -v) and stay within 256 MiB of memory. What cannot be
# held is a gap that says why; what stands beside it is read.
. "$top_srcdir/tests/cli/lib.sh"
addresses=500000
peak=262144
(ulimit -v $addresses && "$AUGER" --version >/dev/null 2>&1) ||
	skip_all "the program cannot run under ulimit -v here (sanitizers cannot)"
timer=$(command -v /usr/bin/time) || timer=

# limited ARGS...: runs auger under the limit; its peak in KiB is in $used
limited()
{
	(
		ulimit -v $addresses
		if [ -n "$timer" ]; then
			"$timer" -o used -f %M "$AUGER" "$@" >out 2>err </dev/null
		else
			echo 0 >used
			"$AUGER" "$@" >out 2>err </dev/null
		fi
	)
	status=$?
	used=$(tail -n 1 used)
}

within()
{
	[ "$used" -le ${2-$peak} ]
	report $? "$1"
	[ "$used" -le ${2-$peak} ] || echo "#   $used KiB"
}

letters()
{
	head -c "$1" /dev/zero | tr '\0' A
}

one=$(event X Application 1 WS-07 1 2026-03-09T10:00:00Z "<Data Name='Big'>HERE</Data>")
mkdir ev
{
	printf %s "${one%%HERE*}"
	letters 200000000
	printf '%s\n' "${one##*HERE}"
	event X Application 2 WS-07 2 2026-03-09T10:00:01Z "<Data Name='Small'>x</Data>"
} >ev/event.xml
{
	printf %s '{"Event":{"System":{"EventID":1,"Computer":"WS-07","EventRecordID":3},"EventData":{"Big":"'
	letters 200000000
	printf '%s\n' '"}}}'
	printf '%s\n' '{"Event":{"System":{"EventID":4,"Computer":"WS-07","Channel":"Application",'\
'"EventRecordID":4,"TimeCreated":{"#attributes":{"SystemTime":"2026-03-09T10:00:02Z"}}},"EventData":{"Small":"x"}}}'
} >ev/line.json
letters 400000000 | gzip >ev/bomb.gz
i=0
while [ $i -lt 300 ]; do
	logon WS-$((i % 9)) $((100 + i)) 2026-03-09T10:00:00Z "user$i" >ev/$i.xml
	i=$((i + 1))
done
limited import --threads 2 c.auger ev
status_is 1 'evidence with parts that nobody can hold is imported'
within 'in the memory it may take'
rm -r ev
has err 'event.xml: at byte' 'a huge event is a gap'
has err 'event is larger than' 'that says why'
has err 'line.json: at byte' 'so is a huge line'
has err 'bomb.gz' 'and what unpacks without end'
has err ' 302 new events' 'all else is read'
# many N PRINTF: what PRINTF makes of each number up to N
many()
{
	awk -v n="$1" -v form="$2" 'BEGIN { for (i = 0; i < n; i++) printf form, i, i }'
}

json()
{
	printf '{"Event":{"System":{"EventID":9,"Computer":"%s","Channel":"%s","EventRecordID":%s},"EventData":{%s}}}\n' \
		"$1" "$2" "$3" "$4"
}

mkdir ev
json WS-07 Application 1 "$(many 200000 '"f%d":"v",')\"last\":\"v\"" >ev/fields.json
json WS-07 Application 2 '"Small":"y"' >>ev/fields.json
i=0
while [ $i -lt 400 ]; do
	many 1000 "\"n%d_$i\":\"v\"," >data
	json WS-07 Application $((10 + i)) "$(cat data)\"last\":\"v\""
	i=$((i + 1))
done >ev/names.json
i=0
while [ $i -lt 30 ]; do
	json "$(letters 1000000)$i" "$(letters 1000000)$i" $i '"Small":"z"'
	i=$((i + 1))
done >ev/hosts.json
limited import --threads 2 --memory 64M h.auger ev
rm -r ev data
status_is 1 'records with more fields, names and letters than anybody writes are imported'
within 'in the little memory that was given' $((64 * 1024))
has err 'more than 65536 values' 'the one with too many values is a gap that says so'
has err ' 431 new events' 'all others are read'
limited search h.auger 'Small=z | stats dc(host) as n, max(eval(len(host))) as longest' --format csv
ok 'names that nobody can list are cut' test "$(sed -n 2p out)" = 1,4096
awk 'BEGIN { for (i = 0; i < 100000; i++) printf "{\"Event\":{\"System\":{\"EventID\":9,\"Computer\":" \
	"\"WS-%d.corp.example\",\"Channel\":\"Application\",\"EventRecordID\":%d},\"EventData\":{\"Small\":\"z\"}}}\n", i, i }' \
	>hosts.json
limited import --threads 2 --memory 48M m.auger hosts.json
status_is 0 'events of a hundred thousand hosts are imported'
within 'in the little memory that was given' $((48 * 1024))
has err ' 100,000 new events' 'all of them'
cat hosts.json hosts.json >twice.json
limited import --threads 2 --memory 48M m.auger twice.json
rm hosts.json twice.json
within 'so are they once more'
has err ' 0 new events, 200,000 duplicates' 'and are known'
i=0
while [ $i -lt 12 ]; do
	printf %s "${one%%HERE*}"
	letters 7500000
	printf '%s\n' "$i${one##*HERE}"
	i=$((i + 1))
done >large.xml
limited import --threads 2 --memory 64M l.auger large.xml
rm large.xml
status_is 0 'records as large as they may be are imported by two threads'
within 'and what one took is given back before the next' $((64 * 1024))
has err ' 1 new event, 11 duplicates' 'though all are copies of one, longer than the one before'
# noise BYTES: what does not compress, the same each time
noise()
{
	awk -v n="$1" 'BEGIN { srand(1); for (i = 0; i < n; i += 8) printf "%08x", int(rand() * 4294967295) }'
}

mkdir ev
noise 7400000 >data
i=0
while [ $i -lt 6 ]; do
	{
		printf %s "${one%%HERE*}" | sed "s,ID>1<,ID>2$i<,"
		cat data
		printf '%s\n' "$i${one##*HERE}"
	} >ev/$((i % 3))-record-$i.xml
	json WS-07 Application $((100 + i)) "$(many 60000 "\"a_long_name_%d\":\"a value that is long %d\",")\"x\":\"y\"" \
		>ev/$((i % 3))-wide-$i.json
	letters 7000000 >ev/$((i % 3))-line-$i.log
	gzip -c ev/$((i % 3))-record-$i.xml >ev/$((i % 3))-packed-$i.gz
	tar -c -f ev/$((i % 3))-nested-$i.tar -C ev $((i % 3))-packed-$i.gz $((i % 3))-wide-$i.json
	i=$((i + 1))
done
limited import --threads 2 --memory 64M x.auger ev
rm -r ev data
within 'a folder of many kinds of large records stays within 64M, too' $((64 * 1024))
script=$(letters 9000000 | gzip -9 | base64 -w0)
mkdir ev
i=0
while [ $i -lt 90 ]; do
	event Microsoft-Windows-PowerShell Microsoft-Windows-PowerShell/Operational 4104 WS-07 $i \
		2026-03-09T10:00:00Z "<Data Name='ScriptBlockText'>FromBase64String('$script') # $i</Data>"
	i=$((i + 1))
done >ev/scripts.xml
limited import --threads 2 p.auger ev
rm -r ev
has err 'encoded commands from here on are not decoded' 'scripts that unpack to a lot have a limit together'
has err ' 90 new events' 'and are read all the same'
limited search p.auger 'ScriptBlockText_decoded=* | stats count' --format csv
ok 'the first ones are decoded' test "$(sed -n 2p out)" -gt 5 -a "$(sed -n 2p out)" -lt 90
limited search c.auger 'Small=x | stats count' --format csv
ok 'a search runs in it' test "$(sed -n 2p out)" = 2
within 'and needs no more'
limited search c.auger '| makeresults count=1000000 | streamstats count as n | stats count by n | stats count' --format csv
ok 'one with a million groups gives them all' test "$(sed -n 2p out)" = 1000000
within 'and needs no more'
limited search c.auger '| makeresults count=300000 | streamstats count as n | eventstats count by n | stats sum(count) as n' --format csv
ok 'each row of as many gets what its group has' test "$(sed -n 2p out)" = 300000
within 'and needs no more'
limited search c.auger '| makeresults count=300000 | streamstats count as n | sort 0 -n | reverse | dedup n | stats count' --format csv
ok 'rows are sorted, turned round and told apart' test "$(sed -n 2p out)" = 300000
within 'and need no more'
limited search --memory 64M c.auger '| makeresults count=300000 | streamstats count as n
	| eval k="c", s=if(n%3==0,null(),n) | tail 300000 | fillnull s | concurrency duration=s start=n | bin n bins=300000 as b
	| table n k s | xyseries n k s | mvcombine c | stats count' --format csv
ok 'rows wait for all others, and become one, in a file' test "$(sed -n 2p out)" = 300000
within 'and need no more than was given' $((64 * 1024))
limited search --memory 64M c.auger '| makeresults count=300000 | streamstats count as n
	| eval k="c".(n%3), t="a value that is long ".n | xyseries n k t' --format csv
ok 'a table whose columns only its last row knows is printed' test "$(wc -l <out) $(sed -n 1p out)" = '300001 n,c1,c2,c0'
within 'and needs no more than was given' $((64 * 1024))
limited search --memory 64M c.auger '| makeresults count=300000 | streamstats count as n | eval t="a value that is long ".n
	| streamstats window=3 list(t) as l, sum(n) as s | streamstats last(t) as l | stats count sum(s) as s' --format csv
ok 'running results over few rows at a time are those of all' test "$(sed -n 2p out)" = 300000,134999550001
within 'and need no more than was given' $((64 * 1024))
limited search c.auger '| makeresults count=70000 | streamstats count as n | eval {n}=1'
status_is 3 'one with more columns than a table can have fails'
has err 'more than 65536 columns' 'and says so'
limited search c.auger '| makeresults count=1000000 | streamstats count as n | stats dc(n)'
status_is 3 'one that needs more than there is fails'
has err 'more than its' 'and says so'
within 'and has not taken it'
limited import --memory 33M c.auger /dev/null
status_is 2 'a promise that cannot be held is not made'
has err 'memory: with these rules at least' 'and what can be is named'
limited retag c.auger
status_is 0 'so does retag'
within 'and needs no more'
limited browse c.auger --keys '3'
status_is 0 'so does the screen'
within 'and needs no more'
if [ -d "$SHARED/security_content/detections" ] && [ -d "$SHARED/evidence" ]; then
	limited import --threads 2 d.auger --rules "$SHARED/security_content" "$SHARED/evidence/sbousseaden-EVTX-ATTACK-SAMPLES"
	ok 'real evidence is imported with hundreds of detections' test $status -le 1
	within 'in the memory it may take'
	limited retag d.auger
	ok 'and matched again' test $status -le 1
	within 'in the same'
	limited import --memory 96M e.auger --rules "$SHARED/security_content" "$SHARED/evidence"
	ok 'with less to be had all of it is still imported' test $status -le 1
	within 'within the less' $((96 * 1024))
else
	echo "# not with real evidence: no \$SHARED"
fi
done_testing
