#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
. "$top_srcdir/tests/cli/lib.sh"
small_evidence ev

run rules list
status_is 0 'the built-in rules are listed'
ok 'there are five' sh -c 'test "$(wc -l <out)" -eq 6'
sed "s|,/[^,]*/rules/detections|,DATA|" out >list
golden rules-list.csv list 'with technique and risk'
run rules check
status_is 0 'all of them compile'

mkdir mine
cat >mine/logon.yml <<'END'
name: Logons From Anywhere
id: 11111111-2222-3333-4444-555555555555
version: 1
type: Hunting
search: >-
  EventCode=4624 | stats count min(_time) as firstTime max(_time) as lastTime by Computer user
tags:
  mitre_attack_id: [T1078]
  risk_score: 10
  message: $user$ logged on to $Computer$
  observable: [{name: Computer, type: Hostname, role: [Victim]}]
END
cat >mine/broken.yml <<'END'
name: Broken
id: 11111111-2222-3333-4444-666666666666
version: 1
type: TTP
search: EventCode=1 | nosuchcommand x
END
run rules check mine
status_is 1 'a rule that does not compile is said'
has out ',invalid,' 'as such'
has out 'nosuchcommand' 'with the reason'
has out 'mine/broken.yml,5,' 'and its line'
ok 'only what was named is checked' sh -c 'test "$(wc -l <out)" -eq 3'
run rules explain mine/logon.yml
has out '4624' 'a rule is explained'
run rules explain 'PowerShell Invoke WmiExec Usage'
status_is 0 'by name too'
has out 'invoke-wmiexec' 'with its predicate'
for form in csv jsonl; do
	run rules explain mine/logon.yml --format $form
	status_is 2 "an explanation is text, never $form"
	has err 'auger rules check' 'and it says what is for programs'
	ok 'so nothing is printed' test ! -s out
done
run rules explain 'No Such Rule'
status_is 2 'an unknown rule is said'
run rules commands
has out 'stats' 'commands of the language are listed'
run rules functions
has out 'coalesce' 'and its functions'
run rules check /no/such/folder
status_is 2 'a path that is not there is wrong use'
has err '/no/such/folder: no such file' 'and called one'
printf 'name: "first\\nauger: 0 findings"\nid: two-lines\nsearch: EventCode=1\n' >lines.yml
run rules explain lines.yml
ok 'a line break in a name begins no line' sh -c '! grep -q "^auger" out'
run rules explain nosuch
has err 'nosuch: no such rule' 'as is a rule'
ok 'and nothing is printed' test ! -s out
run rules explain 'PowerShell Invoke WmiExec Usage' nosuch
status_is 2 'one that is there does not hide one that is not'
mkdir nothing
run rules check nothing
status_is 2 'a folder without rules is wrong use'
has err 'nothing: no rule files there' 'and called that'
run rules functions coalesce --format csv
ok 'one function can be looked up' test "$(wc -l <out)" -eq 2
run rules commands dance
status_is 2 'a command that there is not is said'
has err 'there is no dance' 'by its name'
run rules dance
status_is 2 'another word is wrong use'

mkdir -p data/attack_techniques/T1078 data/elsewhere with
cp ev/srv2.xml data/attack_techniques/T1078/logons.log
cp ev/ws07.xml data/attack_techniques/T1078/scripts.log
cp ev/srv1.xml data/elsewhere/others.log
n=0
for name in logons scripts others; do
	n=$((n + 1))
	sed "s/Logons From/Logons $name From/; s/555555555555/55555555555$n/" mine/logon.yml
	cat <<END
tests:
- name: True Positive Test
  attack_data:
  - data: https://media.example.com/x/master/datasets/attack_techniques/T1078/$name.log
    source: XmlWinEventLog:Security
END
done >all
awk '/^name:/ { n++ } { print > "with/rule" n ".yml" }' all
run rules test --no-builtin-rules with --data data/ --format csv
status_is 1 'a test that finds nothing is said'
has out ',found,1,1,' 'a rule that finds its test data'
has out ',nothing found,0,0,' 'one that does not'
has out 'attack_techniques/T1078/others.log is not below data' 'a name alone is not its file'
has err '3 tests: 1 found, 1 nothing found, 1 data missing, 0 could not run' 'they are counted'
for n in 1 2 3 4 5; do sed "s/^id: .*/id: missing-$n/; s/^name: .*/name: Missing $n/" with/rule3.yml >with/missing$n.yml; done
run rules test --no-builtin-rules with --data data --format table
ok 'a table shows three tests without data' test "$(grep -c 'data missing' out)" = 3
has err '3 more tests left out, whose data is missing: --format csv lists them' 'and how many more there are'
run rules test --no-builtin-rules with --data data --format csv
ok 'CSV lists them all' test "$(grep -c ',data missing,' out)" = 6
rm with/missing?.yml
run rules test --no-builtin-rules with/rule1.yml --data data/attack_techniques
status_is 0 'any folder around the data will do'
ok 'the case of a test does not stay' sh -c '! ls "${TMPDIR:-/tmp}"/auger-test-*/case.auger'
run rules test with
status_is 2 'where the data lies has to be said'
has err '--data DIR' 'with what option'
run rules test --data data --no-builtin-rules mine/logon.yml
status_is 2 'rules without tests are none'
has err 'none of these rules names test data' 'and said to be'
run rules test --data no/such/folder with
has err 'no/such/folder' 'a folder that is not there is named'
run rules check no-such-folder --rules no-such-folder
status_is 2 'rules that are not there are said'

run import c.auger ev
run import c.auger ev --rules mine
run findings c.auger
has out 'Logons From Anywhere' 'an import asks new rules about the events of before'
rm c.auger
run import c.auger ev
run retag c.auger --rules mine
status_is 0 'retag asks the new rules about old events'
run findings c.auger
has out 'Logons From Anywhere' 'which gives their findings'
has out 'alice logged on to SRV-1.example' 'with messages filled in'
run ledger c.auger
has out 'nosuchcommand' 'the ledger says which rule could not run and why'
has out 'nothing found' 'and which found nothing'
logon SRV-3.example 31 2026-03-09T12:00:00Z carol >later.xml
run import c.auger later.xml
status_is 0 'an import without --rules works with those the case was tagged with'
has err 'mine: the rules of this case' 'which it names'
run findings c.auger
has out 'carol logged on to SRV-3.example' 'they are asked about new events'
has out 'alice logged on to SRV-1.example' 'and no finding is forgotten'
mkdir mine/macros
printf 'name: of_carol\ndefinition: TargetUserName=carol\n' >mine/macros/carol.yml
run search c.auger '`of_carol` | table host' --format csv
has out 'SRV-3' 'a search knows the macros beside the rules of the case'
lacks err 'the rules of this case' 'without a word'
run drilldown c.auger SRV-3.example
lacks err 'not loaded' 'a drilldown knows its rules'
rm -r mine/macros
mv mine moved
logon SRV-3.example 32 2026-03-09T12:01:00Z dora >last.xml
run search c.auger 'EventCode=4624 | head 1'
status_is 0 'a search goes on without them'
has err 'mine: rules of this case, not there any more' 'and says so'
run drilldown c.auger SRV-3.example
has err 'mine: rules of this case, not there any more' 'a drilldown does likewise'
run search c.auger 'EventCode=4624 | head 1' --rules none
lacks err 'rules of this case' 'others can be asked for'
run browse c.auger --keys '' --size 200x24
status_is 0 'the screen is shown without them'
has out 'mine: rules of this case, not there any more' 'which its status line says'
run import c.auger last.xml
status_is 2 'when they are gone nothing is imported'
has err '--rules none' 'and the way out is named'
run retag c.auger
status_is 2 'nor tagged'
run findings c.auger
has out 'alice logged on to SRV-1.example' 'and findings stay'
mv moved mine
run retag c.auger --rules none
has err 'mine: no longer the rules of this case' 'rules can be left behind'
run findings c.auger
lacks out 'Logons From Anywhere' 'without the rule its findings go'
run import c.auger last.xml
lacks err 'the rules of this case' 'and it is not used again'
run retag c.auger --rules mine --no-builtin-rules
run findings c.auger
lacks out 'WmiExec' 'built-in rules can be left out'

mkdir quiet
logon SRV-9.example 1 2026-03-09T10:00:00Z dave >quiet/l.xml
run import q.auger quiet
run ledger q.auger
has out 'no data' 'a rule without its log is told from one that found nothing'
has out '4104' 'and the missing event is named'
sed "s|,/[^,]*/rules/detections|,DATA|;s|,[0-9]*,[0-9a-f]\{64\}\$|,VERSION,SHA256|" out >list
golden ledger.csv list 'for each rule'
mkdir unread
cp mine/logon.yml unread
ln -s nowhere unread/gone.yml
run import u.auger ev --no-builtin-rules --rules unread
status_is 1 'a rule file that cannot be read is something skipped'
has err 'unread/gone.yml: rules not read: No such file' 'and named'
run retag u.auger -q
status_is 1 'each time'
has err 'unread/gone.yml: rules not read' 'also when nothing but errors is said'
rm unread/gone.yml
run retag u.auger
status_is 0 'without it everything is done'

mkdir barren
echo 'no rules here' >barren/README
run rules list --rules barren
has err 'barren: no detections there' 'a folder without detections is said'
run rules list --rules "$top_srcdir/rules/detections"
lacks err 'no detections' 'one whose detections are known already is not'
done_testing
