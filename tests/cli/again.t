#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# A further import costs what is new: rules run again when something that they read has changed, and
# the case is the one that a single import of everything makes.
. "$top_srcdir/tests/cli/lib.sh"

# A process: process HOST RECORD TIME USER LINE
process()
{
	event Microsoft-Windows-Security-Auditing Security 4688 "$1" "$2" "$3" \
	    "<Data Name='SubjectUserName'>$4</Data><Data Name='SubjectDomainName'>EX</Data>$(
	    )<Data Name='NewProcessName'>C:\\Windows\\System32\\${5%% *}</Data>$(
	    )<Data Name='ParentProcessName'>C:\\Windows\\explorer.exe</Data>$(
	    )<Data Name='CommandLine'>$5</Data>"
}

# detection NAME SEARCH [MACRO]: a rule whose risk is its host's
detection()
{
	printf '%s\n' "name: $1" "id: id-$1" 'type: TTP' 'search: |-' "  $2" 'rba:' \
	    "  message: $1 on \$dest\$" '  risk_objects:' \
	    '    - {field: dest, type: system, score: 40}' \
	    '    - {field: user, type: user, score: 20}' 'tags: {mitre_attack_id: [T1047]}' \
	    >"rules/detections/$1.yml"
}

make_rules()
{
	rm -rf rules
	mkdir -p rules/detections rules/macros rules/lookups
	printf '%s\n' 'name: tool' 'definition: ScriptBlockText="*invoke-*"' >rules/macros/tool.yml
	printf '%s\n' 'name: calm_filter' 'definition: search dest!=WS-99' >rules/macros/calm.yml
	printf '%s\n' 'name,kind' 'cmd.exe,shell' 'whoami.exe,look' >rules/lookups/kinds.csv
	detection script "EventCode=4104 \`tool\` | stats count min(_time) as firstTime by dest user"
	detection whole "EventCode=4104 ScriptBlockText=\"*beginning*the end*\" | stats count by dest user"
	detection logons 'EventCode=4624 | stats count dc(Computer) as hosts by user | eval dest=user'
	detection model "| tstats count from datamodel=Endpoint.Processes by Processes.dest \
Processes.user Processes.process_name | rename Processes.* as *"
	detection kinds 'EventCode=4688 | lookup kinds name as process_name OUTPUT kind | where kind="shell" | stats count by dest user'
	detection hourly 'EventCode=4688 | bucket _time span=1h | stats count by _time dest | where count > 1'
	detection dropped 'EventCode=4624 | fields - dest | fillnull value=none dest | stats count by dest | where count > 9'
	detection pieces 'EventCode=4688 | eval parts=split(process," ") | mvexpand parts | stats count by dest parts'
	detection summed 'EventCode=4688 | stats count dc(user) as users by dest | addtotals count users | where Total > 3'
	detection totalled 'EventCode=4688 | stats count by dest | addcoltotals count | where count > 20'
	detection lately 'EventCode=4624 | where _time > relative_time(now(), "-30m") | stats count by dest user'
	detection both 'EventCode=4688 process_name=whoami.exe [search EventCode=4624 | stats count by dest | fields dest] | stats count by dest user'
	detection calm "EventCode=4624 user=bob | stats count by dest user | \`calm_filter\`"
	detection registry '| tstats count from datamodel=Endpoint.Registry by Registry.dest | rename Registry.* as *'
	detection sum '| tstats count sum(All_Risk.calculated_risk_score) as score from datamodel=Risk.All_Risk by All_Risk.normalized_risk_object | rename All_Risk.normalized_risk_object as dest | where score > 70'
}

# Pieces of evidence: parts of one script block in three of them, hosts with and without their domain,
# the same records twice.
make_evidence()
{
	mkdir ev
	whole=aaaaaaaa-0000-0000-0000-00000000000a
	{
		script WS-1.example 1 2026-03-09T10:00:00Z 'Invoke-WmiExec x'
		script WS-1.example 2 2026-03-09T10:01:00Z 'the beginning of' 1 3 $whole
	} >ev/a.xml
	{
		script WS-1.example 3 2026-03-09T10:01:01Z ' a long script' 2 3 $whole
		process WS-1.example 4 2026-03-09T10:02:00Z alice 'cmd.exe /c whoami'
	} >ev/b.xml
	script WS-1.example 5 2026-03-09T10:01:02Z ' until the end' 3 3 $whole >ev/c.xml
	{
		logon WS-2 1 2026-03-09T10:10:00Z alice
		logon WS-2 2 2026-03-09T10:11:00Z bob
		process WS-2 3 2026-03-09T10:12:00Z bob 'whoami.exe /all'
	} >ev/d.xml
	logon ws-2.example 4 2026-03-09T10:30:00Z bob >ev/e.xml
	{
		logon WS-3.example 1 2026-03-09T11:10:00Z alice
		process WS-3.example 2 2026-03-09T11:12:00Z EX\\bob 'whoami.exe'
	} >ev/f.xml
	{
		cat ev/d.xml
		script WS-3.example 3 2026-03-09T10:50:00Z 'Invoke-Command { dir }'
	} >ev/g.xml
}

# What a case says, in an order of its own; numbers of findings and events are those of the import.
state()
{
	for view in findings hosts incidents ledger risk; do
		echo "== $view"
		"$AUGER" $view "$1" --format jsonl 2>>err | sort
	done | sed 's/"finding_id":[0-9]*,*//g; s/"source":[^,]*,//' >"$2"
}

same_state()
{
	state "$1" state.one
	state "$2" state.two
	sort state.one >one
	sort state.two >two
	cmp -s one two
	report $? "$3"
	cmp -s one two || diff one two | head -20 | explain
}

has_run()
{
	has err ": $1 run again" "$2"
}

make_rules
make_evidence
with='--rules rules/detections --no-builtin-rules'
one_go()
{
	rm -f all.auger
	run import all.auger ev $with -q
}
one_go
status_is 0 'everything at once'
state all.auger whole.state
ok 'finds something with most rules' test "$(grep -c '"status":"found"' whole.state)" -ge 8
ok 'joins what was split' grep -q '"rule_id":"id-whole".*"status":"found"' whole.state

# An order of the pieces, by a number.
order_of()
{
	ls ev | awk -v seed="$1" 'BEGIN { srand(seed) } { print rand() " " $0 }' | sort | cut -d' ' -f2
}
for seed in 1 2 3 4 5 6; do
	rm -f c.auger
	for piece in $(order_of $seed); do
		run import c.auger "ev/$piece" $with --threads $((seed % 2 + 1))
	done
	same_state all.auger c.auger "piece by piece it is the same case (order $seed)"
	run retag c.auger
	same_state all.auger c.auger 'and one that has nothing to be found anew'
done

rm -f c.auger
run import c.auger ev/a.xml ev/d.xml $with
lacks err 'run again' 'the first import has no rule that ran before'
run import c.auger ev/a.xml
has_run '0 rules' 'the same file again: no rule is run'
printf 'no events here\n' >note.txt
run import c.auger note.txt
has_run '0 rules' 'nor for a file without events'
script WS-5.example 1 2026-03-09T10:00:30Z 'Invoke-Command { dir }' >script.xml
run import c.auger script.xml
has_run '2 rules' 'a script: its rule, and the one that reads risk; none of those that read logons'
run import c.auger ev/c.xml
run import c.auger ev/b.xml
run ledger c.auger --format jsonl
has out '"rule_id":"id-whole","rule":"whole"' 'a rule has its line'
ok 'a script block that became whole with this import is found' sh -c \
    'grep "id-whole" out | grep -q "\"status\":\"found\""'
run retag c.auger
lacks err 'run again' 'retag runs them all'

# A case of many hosts: rules whose rows are of one host each are run for the hosts of new events alone.
# Each event comes from a host of seven; pieces have those of some hosts, or of all.
many_rules()
{
	rm -rf rules
	mkdir -p rules/detections rules/macros rules/lookups
	printf '%s\n' 'name: quiet_filter' 'definition: search user!=carol' >rules/macros/quiet.yml
	printf '%s\n' 'name,kind' 'cmd.exe,shell' 'whoami.exe,look' >rules/lookups/kinds.csv
	detection grouped 'EventCode=4688 | stats count min(_time) as firstTime values(process_name) as names by dest user'
	detection counted 'EventCode=4624 | eval who=lower(user) | stats count by Computer who | where count > 2 | rename Computer as dest, who as user'
	detection never 'EventCode=4624 | rex field=user "^(?<first>.)" | stats count by dest first | where count > 1000'
	detection modelled "| tstats count values(Processes.process) as process from datamodel=Endpoint.Processes by \
Processes.dest Processes.user | rename Processes.* as * | where count > 1"
	detection listed 'EventCode=4688 | lookup kinds name as process_name OUTPUT kind | where kind="shell" | table _time dest user kind'
	detection filled 'EventCode=4624 | fillnull | stats count by dest user LogonType NoSuchField'
	detection once 'EventCode=4624 | stats count by dest | where count < 3'
	detection spread 'EventCode=4688 | stats dc(dest) as dest_count values(dest) as dest by user | where dest_count > 2'
	detection events 'EventCode=4688 process_name=calc.exe'
	detection named 'EventCode=4688 | eval dest=lower(user) | stats count by dest'
	detection placed 'EventCode=4688 | rename user as dest | stats count by dest'
	detection turned 'EventCode=4688 | stats count by user dest | untable user field value'
	detection joined 'EventCode=4688 | stats count by user process_name dest | join left=L right=R where L.process_name=R.name [| inputlookup kinds] | rename L.user as user, R.kind as kind | table user kind'
	detection hidden "EventCode=4688 | stats count by dest user | \`quiet_filter\`"
	detection lately 'EventCode=4624 | where _time > relative_time(now(), "-30m") | stats count by dest user'
	detection sum '| tstats count sum(All_Risk.calculated_risk_score) as score from datamodel=Risk.All_Risk by All_Risk.normalized_risk_object | rename All_Risk.normalized_risk_object as dest | where score > 200'
}

# many_events SEED PIECE: events of a piece, another set for each seed; a half of the pieces has few hosts.
many_events()
{
	awk -v seed="$1" -v piece="$2" 'BEGIN {
		srand(seed * 100 + piece)
		n = 4 + int(rand() * 12)
		hosts = rand() < .5 ? 7 : 1 + int(rand() * 2)
		first = int(rand() * 7)
		split("alice bob carol dave", users)
		split("cmd.exe whoami.exe calc.exe", programs)
		for (i = 1; i <= n; i++)
			printf "%d WS-%d.example %d 2026-03-09T%02d:%02d:%02dZ %s %s\n", rand() < .5,
			    (first + int(rand() * hosts)) % 7, piece * 100 + i, 8 + int(rand() * 4),
			    int(rand() * 60), int(rand() * 60), users[1 + int(rand() * 4)],
			    programs[1 + int(rand() * 3)]
	}' | while read -r kind host record time user program; do
		if [ "$kind" = 1 ]; then
			process "$host" "$record" "$time" "$user" "$program /x $((record % 3))"
		else
			logon "$host" "$record" "$time" "$user"
		fi
	done
}

many_rules
for seed in ${AGAIN_SEEDS:-1 2 3 4}; do
	rm -rf many many.auger all.auger
	mkdir many
	for piece in 1 2 3 4 5 6; do
		many_events $seed $piece >many/$piece.xml
	done
	run import all.auger many $with -q
	[ "$seed" != 1 ] || ok 'finds something with most of the rules for many hosts' test \
	    "$("$AUGER" ledger all.auger --format csv | grep -c ',found,')" -ge 10
	for piece in 1 2 3 4 5 6; do
		run import many.auger many/$piece.xml $with --threads $((seed % 2 + 1))
	done
	same_state all.auger many.auger "many hosts piece by piece: the same case (events $seed)"
	run retag many.auger
	same_state all.auger many.auger 'and one that has nothing to be found anew'
done

# Many logons on WS-1, so that what comes from WS-2 is the smaller part of the case.
{
	process WS-1 1 2026-03-09T10:00:00Z 'al(' cmd.exe
	for record in 2 3 4 5; do
		logon WS-1 $record 2026-03-09T10:00:00Z alice
	done
} >first.xml
two_parts()
{
	rm -f c.auger
	rm -rf rules
	mkdir -p rules/detections
	detection one "$1"
	detection two "$1"
	run import c.auger first.xml $with -q
}
as_retag_says()
{
	cp c.auger all.auger
	run retag all.auger
	same_state all.auger c.auger "$1"
}
two_parts 'EventCode=4688 | stats count by dest user'
sed -i 's/score: 40/score: 70/' rules/detections/two.yml
logon WS-2 6 2026-03-09T10:00:00Z alice >second.xml
run import c.auger second.xml
as_retag_says 'of two rules that ask for the same the second has another score'
two_parts 'EventCode=4688 | where match("bob", user) | stats count by dest user'
run ledger c.auger --format jsonl
has out 'no regular expression' 'a rule that found nothing says what was wrong'
process WS-2 7 2026-03-09T10:00:00Z bob cmd.exe >second.xml
run import c.auger second.xml
as_retag_says 'and still says so when it finds something on another host'

make_rules
# What a rule reads besides events.
rm -f c.auger
run import c.auger ev $with -q
printf 'whoami.exe,shell\n' >>rules/lookups/kinds.csv
run import c.auger note.txt
has_run '2 rules' 'a table that changed: its rule is run, and the one that reads risk'
one_go
same_state all.auger c.auger 'and finds what it does from the beginning'
detection logons 'EventCode=4624 | stats count by user | eval dest=user | where count > 1'
run import c.auger note.txt
one_go
same_state all.auger c.auger 'a rule whose pipeline changed'
printf '%s\n' 'name: calm_filter' 'definition: search dest!="WS-2"' >rules/macros/calm.yml
run import c.auger note.txt
one_go
same_state all.auger c.auger 'a filter macro that changed'
detection logons 'EventCode=4688 user=bob | stats count by user | eval dest=user'
detection listed 'EventCode=4688 [| inputlookup kinds | rename name as process_name | fields process_name] | stats count by dest user'
run import c.auger note.txt
lacks err 'retag c.auger' 'a rule that asks for other events: nothing is left to be done'
one_go
same_state all.auger c.auger 'it is asked about the events of before'
printf 'calc.exe,sum\n' >>rules/lookups/kinds.csv
run import c.auger note.txt
one_go
same_state all.auger c.auger 'a table that decides what a search asks for'
rm rules/detections/kinds.yml rules/detections/listed.yml
run import c.auger note.txt
one_go
same_state all.auger c.auger 'a rule that is gone takes its findings with it'
detection kinds 'EventCode=4688 | lookup kinds name as process_name OUTPUT kind | where kind="shell" | stats count by dest user'
run import c.auger note.txt
one_go
same_state all.auger c.auger 'a rule that is back'
echo 'name: [' >rules/detections/bad.yml
run import c.auger note.txt
printf '%s\n' 'name: bad' 'search: |-' '  EventCode=1' >rules/detections/bad.yml
run import c.auger note.txt
run ledger c.auger --format csv
ok 'the ledger says what is wrong with a rule now' grep -q 'bad.yml:1:1: not a detection' out
rm rules/detections/bad.yml
run filter c.auger --rule calm 'search user!=bob'
run import c.auger note.txt
run retag c.auger -q
state c.auger filtered
run import c.auger note.txt
state c.auger filtered.again
ok "an analyst's filter holds through further imports" cmp -s filtered filtered.again

# A search that is made while another runs: whom it asks for, no import can know.
rm -rf rules
mkdir -p rules/detections
detection others 'EventCode=4624 user=alice | stats count by user | map search="search EventCode=4688 NOT user=$user$ | stats count by dest user"'
rm -f c.auger
run import c.auger ev/d.xml $with -q
process WS-4.example 1 2026-03-09T10:40:00Z carol 'calc.exe' >other.xml
run import c.auger other.xml
run findings c.auger --rule others --user carol --format jsonl
ok 'a process is found that a search asks for which was made while another ran' test -s out

# The clock: what is late is so against the newest event.
make_rules
rm -f c.auger
run import c.auger ev/d.xml $with
logon WS-9.example 1 2026-03-10T09:00:00Z carol >later.xml
run findings c.auger --rule lately --format jsonl
ok 'a logon is late' test -s out
process WS-9.example 2 2026-03-10T10:00:00Z carol 'calc.exe' >later.xml
run import c.auger later.xml
run findings c.auger --rule lately --format jsonl
ok 'and no longer when an event of another kind moves the clock' test ! -s out

mv c.auger clock.auger
# Whom risk is about may change without any rule being run.
rm -f c.auger
script WS-7 1 2026-03-09T10:00:00Z 'Invoke-Command { dir }' >short.xml
event Some-Provider Some-Log 77 ws-7.example 2 2026-03-09T09:00:00Z '' >long.xml
run import c.auger short.xml $with -q
run import c.auger long.xml
has_run '1 rule' 'a host gets its full name: only what reads risk is run'
rm -f d.auger
run import d.auger short.xml long.xml $with -q
same_state d.auger c.auger 'and the case is the same'
run import c.auger note.txt
has_run '0 rules' 'once'
mv clock.auger c.auger

# A log that was missing.
run ledger c.auger --format jsonl
ok 'a log is missing' sh -c 'grep id-script out | grep -q "no data"'
script WS-9.example 3 2026-03-10T10:01:00Z 'Get-Item x' >script.xml
run import c.auger script.xml
run ledger c.auger --format jsonl
ok 'and once it is there, the ledger says so of a rule that still finds nothing' sh -c \
    'grep id-script out | grep -q "nothing found"'

# Killed between the events and the findings: the next import makes up for it.
rm -f c.auger
run import c.auger ev/a.xml ev/d.xml $with -q
for n in 1 2 3 4 5 6; do
	"$AUGER" import c.auger ev $with -q 2>>err & pid=$!
	i=0
	while [ $i -lt $((n * 40)) ]; do i=$((i + 1)); done
	kill -9 $pid 2>/dev/null
	wait $pid 2>/dev/null
done
run import c.auger ev $with -q
one_go
same_state all.auger c.auger 'imports that were killed leave no stale finding'
rm -f c.auger
run import c.auger ev/a.xml $with -q
"$AUGER" import c.auger ev/b.xml ev/d.xml -q 2>/dev/null & one=$!
"$AUGER" import c.auger ev/c.xml ev/e.xml -q 2>/dev/null & two=$!
wait $one
wait $two
run import c.auger ev --memory 64M --threads 1
same_state all.auger c.auger 'two at once, then the rest with little memory: the same case'
done_testing
