#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Evidence, rules and names that were made to do harm: whatever is sound beside it is read, the rest
# is named, and neither memory nor time grow with the trick. LONG_LINE=1000 makes a line of 1 GB.
. "$top_srcdir/tests/cli/lib.sh"
megabytes=${LONG_LINE-40}
mkdir ev

# many WHAT N: so often, in one line
many()
{
	awk -v what="$1" -v n="$2" 'BEGIN { while (n-- > 0) printf "%s", what }'
}

xml()
{
	event P C 1 H "$1" 2026-03-09T10:00:00Z "<Data Name='x'>$2</Data>"
}

{
	echo '<?xml version="1.0"?><!DOCTYPE z [<!ENTITY a0 "laugh">'
	for i in 1 2 3 4 5 6 7 8 9 10; do
		echo "<!ENTITY a$i \"$(many "&a$((i - 1));" 10)\">"
	done
	echo ']>'
	xml 1 '&a10;'
} >ev/bomb.xml
{
	echo "<?xml version='1.0'?><!DOCTYPE e [<!ENTITY x SYSTEM 'file://$work/secret'>]>"
	xml 2 '&x;'
} >ev/external.xml
echo 'the secret' >secret
{
	xml 3 "$(many '<a>' 20000)$(many '</a>' 20000)"
	xml 4 sound
} >ev/deep.xml
{
	echo "$(many '{"a":' 100000)1$(many '}' 100000)"
	printf '%s\n' '{"@timestamp":"2026-03-09T10:00:00Z","winlog":{"channel":"C","event_id":1,"record_id":5,"computer_name":"H","event_data":{"x":"sound"}}}'
	printf '%s\n' '{"@timestamp":"2026-03-09T10:00:00Z","winlog":{"channel":"C","event_id":1,"record_id":6,"computer_name":"N\u0000UL","event_data":{"x":"a\u0000b"}}}'
	printf '%s\n' '{"@timestamp":"2026-03-09T10:00:00Z","winlog":{"channel":"C","event_id":1,"record_id":7,"computer_name":"H","event_data":{"x":"half \ud800 pair"}}}'
	printf '{"@timestamp":"2026-03-09T10:00:00Z","winlog":{"channel":"C","event_id":1,"record_id":8,"computer_name":"H","event_data":{"x":"bytes \377\300\257"}}}\n'
} >ev/deep.json
{
	printf '{"winlog":{"channel":"C","event_id":1,"record_id":9,"computer_name":"H","event_data":{"x":"'
	head -c "${megabytes}000000" /dev/zero | tr '\0' a
	printf '"}}}\n'
	printf '%s\n' '{"@timestamp":"2026-03-09T10:00:00Z","winlog":{"channel":"C","event_id":1,"record_id":10,"computer_name":"H","event_data":{"x":"behind it"}}}'
} >ev/long.json
{
	printf '\377\376'
	xml 11 'half QQ pair' | sed 's/./&\n/g' | awk '{
		if ($0 == "Q") printf "\000\330"
		else printf "%s%c", $0, 0
	}'
} >ev/half.xml 2>/dev/null
head -c 3000000 /dev/zero >ev/zeros.bin

run import c.auger ev --memory 64M
status_is 1 'traps among evidence are gaps'
has err 'long.json: at byte' 'a line without an end is named'
has err 'deep.xml: at byte' 'and nesting without an end'
run search c.auger '* | sort EventRecordID | table EventRecordID x' --format csv
has out '4,sound' 'an event behind deep XML is read'
has out '5,sound' 'and behind deep JSON'
has out '10,behind it' 'and behind a line of many megabytes'
lacks out 'laughlaugh' 'entities are not expanded'
lacks out 'the secret' 'and no other file is read'
has out 'a␀b' 'a NUL is shown, and what is behind it'
has out 'bytes ' 'bytes that are no UTF-8 do not cost the event'
ok 'and all of it is UTF-8' sh -c 'iconv -f UTF-8 -t UTF-8 out >/dev/null'
run hosts c.auger --format csv
has out 'N␀UL' 'a host may have a NUL in its name'

# ---- nothing but damage, of two kinds in turn: not a gap each without end
awk 'BEGIN { for (i = 0; i < 20000; i++) { print "[1,,2"; print "{\"a\":}" } }' >gaps.json
logon WS-07.example 1 2026-03-09T10:00:00Z alice >beside.xml
run import gaps.auger gaps.json beside.xml
status_is 1 'a file of damage is imported'
run export gaps.auger -o gaps
ok 'its gaps are kept one by one as long as they can be read' \
    sh -c 'test "$(wc -l <gaps/gaps.csv)" -gt 1000 -a "$(wc -l <gaps/gaps.csv)" -lt 10000'
ok 'and then counted' grep -q '[0-9] more gaps from here on, kept as one' gaps/gaps.csv
run search gaps.auger '* | stats count' --format csv
has out 1 'and what is beside them is read'

# ---- regular expressions
{
	logon HOST-1 1 2026-03-09T10:00:00Z "$(many a 5000)!"
	logon HOST-1 2 2026-03-09T10:00:01Z 'ab'
} >slow.xml
run import r.auger slow.xml
run search r.auger '* | rex field=TargetUserName "(?<g>(a+)+$)" | table g' --format csv
ok 'an expression that would take for ever gives up' test "$status" -le 1
has err 'gave up' 'and says so'
run search r.auger '* | regex TargetUserName="^(([a-z])+.)+[A-Z]([a-z])+$" | stats count'
ok 'so does another one' test "$status" -le 1

# ---- injection: names that would end a quoted literal, or a statement
evil='x" OR "1"="1'
{
	script 'EVIL" | delete | search "' 1 2026-03-09T10:00:00Z 'Invoke-WmiExec -Target 1'
	script "'; DROP TABLE event; --" 2 2026-03-09T10:00:01Z 'Invoke-WmiExec -Target 2'
	script '$host$ `macro` %x% [search *]' 3 2026-03-09T10:00:02Z 'Invoke-WmiExec -Target 3'
	logon OTHER 4 2026-03-09T10:00:03Z nobody
} | sed "s/<Computer>EVIL\"/<Computer>EVIL\&quot;/" >"'; DROP TABLE host; --.xml"
cat >"'; DROP TABLE rule; --.yml" <<'END'
name: "'; DROP TABLE finding; --"
id: "'); DELETE FROM event; --"
search: EventCode=4624 | stats count by host | `x'; DROP TABLE macro; --_filter`
tags: {risk_score: 10, message: "$host$' $nothing$ `m`"}
END
cat >ok.yml <<'END'
name: "'; DROP TABLE finding; --"
id: "'); DELETE FROM event; --"
search: EventCode=4624 | stats count by host
tags: {risk_score: 10, message: "$host$' $nothing$ `m`"}
END
run import q.auger "'; DROP TABLE host; --.xml" --rules "'; DROP TABLE rule; --.yml" --rules ok.yml
ok 'hostile names are imported' test "$status" -le 1
run search q.auger '* | stats count' --format csv
has out '4' 'nothing was taken away'
for host in 'EVIL" | delete | search "' "'; DROP TABLE event; --" '$host$ `macro` %x% [search *]'; do
	run drilldown q.auger "$host" --format csv
	status_is 0 "a drilldown of the host $host runs"
	rows=$(grep -c 'Invoke-WmiExec' out)
	ok 'and finds its own events only' test "$rows" -ge 1
	lacks out 'nobody' 'and nothing else'
done
run hosts q.auger --host "$evil"
status_is 2 'a host that would be a condition is no host'
run findings q.auger --rule "' OR 1=1 --" --format csv
status_is 2 'nor is a rule'
run search q.auger "host=\"' OR 1=1 --\"" --format csv
lacks out 'nobody' 'nor is a value'
run verify q.auger
status_is 0 'and the case is sound'

# ---- rules made to do harm
mkdir rules
{
	echo 'a: &a ["x","x","x","x","x","x","x","x","x"]'
	for i in b c d e f g h; do
		p=$(echo "$i" | tr b-h a-g)
		echo "$i: &$i [*$p,*$p,*$p,*$p,*$p,*$p,*$p,*$p,*$p]"
	done
	echo 'name: n'
	echo 'id: i'
	echo 'search: *h'
} >rules/bomb.yml
many '[' 100000 >rules/deep.yml
{
	echo 'name: n'
	echo 'id: i'
	echo "search: $(many '(' 20000) a $(many ')' 20000)"
} >rules/brackets.yml
{
	echo 'name: n2'
	echo 'id: i2'
	echo "search: 'a $(many '| search [ ' 500)'"
} >rules/subsearches.yml
printf 'name: n\000\nid: \377\nsearch: a\n' >rules/bytes.yml
run rules check rules --format csv
ok 'rules made to do harm are refused' test "$status" -le 2
for rule in bomb deep brackets subsearches bytes; do
	ok "$rule.yml is named" sh -c "cat out err | grep -q $rule.yml"
done
lacks out ',ok,' 'none of them passes'
done_testing
