#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# What makes risk higher or lower: what is known of hosts and users, factors, risk given by hand.
. "$top_srcdir/tests/cli/lib.sh"
AUGER_AUTHOR=ann@lab
export AUGER_AUTHOR

mkdir rules
any_logon_rule rules/logon.yml
{
	logon H1 1 2026-03-09T10:00:00Z bob
	logon H1 2 2026-03-09T11:00:00Z eve
} >events.xml
cat >rules/much.yml <<'EOF'
name: Much Risk
id: 22222222-2222-4222-8222-222222222222
type: Correlation
search: >-
  | tstats sum(All_Risk.calculated_risk_score) as risk from datamodel=Risk.All_Risk
  where All_Risk.risk_object_type=user by All_Risk.risk_object | `drop_dm_object_name(All_Risk)`
  | where risk > 80 | `much_risk_filter`
tags:
  impact: 50
  confidence: 50
  message: $risk$ of $risk_object$
  observable: [{name: risk_object, type: User, role: [Victim]}]
EOF
run import c.auger events.xml --rules rules --no-builtin-rules
status_is 0 'two users come to one host'

# column NUMBER PATTERN: of the risk events that match
column()
{
	"$AUGER" risk c.auger | grep "$2" | cut -d, -f "$1"
}
bob=',bob,user'
eve=',eve,user'
ok 'without factors the calculated score is that of the rule' test "$(column 12 "$bob")" = 56

run entity c.auger bob category=contractor watchlist=true
status_is 0 'something is known of a user, named without the domain'
run entity c.auger
has out 'bob,user,category,contractor,ann@lab,' 'and listed, signed'
run factor c.auger contractor 'search user_category=contractor' --add 4
status_is 0 'a factor adds'
run factor c.auger watched 'search user_watchlist=true risk_object_type=user' --multiply 1.5
has err 'it applies to 1 risk event' 'another multiplies, and says whom it is about'
ok 'additions come before multiplications: (56 + 4) x 1.5' test "$(column 12 "$bob")" = 90
ok 'the score of the rule stays beside it' test "$(column 4 "$bob")" = 56
run risk c.auger
has out '"contractor +4
watched x1.5"' 'the factors are named'
ok 'who is neither has the score of the rule' test "$(column 12 "$eve")" = 56
run hosts c.auger
has out 'H1,124,' 'a host with one of them counts what the factor adds to its own score'
finding=$("$AUGER" findings c.auger | grep ',bob,' | head -1 | cut -d, -f1)
run show c.auger "finding:$finding"
has out '90 = 56, contractor +4, watched x1.5' 'the finding says how the score came about'
run report c.auger -o report.md
has report.md '90 = 56, contractor +4, watched x1.5' 'and so does the report'
has report.md 'search user_category=contractor' 'which lists the factors'
run search c.auger '| from datamodel Risk.All_Risk | search risk_object_type=user
    | stats sum(calculated_risk_score) as risk sum(risk_score) as base values(user_category) as category'
has out '146,112,contractor' 'searches see both scores and what is known'

run findings c.auger
lacks out '90 of bob' 'rules that read risk do not know yet'
run import c.auger events.xml
ok 'the same import again leaves scores' test "$(column 12 "$bob")" = 90
run findings c.auger
has out '90 of bob' 'but lets rules that read risk run again'
run import c.auger events.xml
has err '0 rules run again' 'once'
run retag c.auger
ok 'and so does running all rules anew' test "$(column 12 "$bob")" = 90

run factor c.auger contractor --off
ok 'switched off, a factor does nothing' test "$(column 12 "$bob")" = 84
run factor c.auger contractor --on
run entity c.auger bob watchlist=
ok 'what is no longer known counts no more' test "$(column 12 "$bob")" = 60
run factor c.auger
has out 'contractor,on,4,1,2,search user_category=contractor,ann@lab' 'factors are listed with what they apply to'
has out 'watched,on,0,1.5,0,' 'those without any as well'
run factor c.auger contractor --clear
run factor c.auger watched --clear
ok 'without factors all is as it was' test "$(column 12 "$bob")" = 56
run hosts c.auger
has out 'H1,120,' 'sums too'
run entity c.auger bob --clear
run entity c.auger
has err 'nothing is known of hosts and users' 'and nothing is known'

run factor c.auger x 'user=bob' --add 1
has err 'write: search user=bob' 'a condition without command is told what to write'
run factor c.auger x 'search (' --add 1
status_is 2 'one that does not compile is refused'
has err 'factor:1:9: expected a search term' 'by line and column'
run factor c.auger x 'stats count' --add 1
status_is 2 'one that makes rows of its own is refused'
run factor c.auger x 'search user=bob'
has err '--add N, --multiply N' 'one that does nothing is refused'
run factor c.auger x 'search risk_score>0' --multiply 1e300
status_is 2 'a factor that leaves no number is refused'
run factor c.auger x 'eval risk_event_id="1e300"' --add 1
status_is 2 'and one whose rows are of no risk event'
run factor c.auger "$(printf 'a\nb')" 'search risk_score>0' --add 1
has err 'a name of one line' 'names are lines'
run factor c.auger
has err 'no factors' 'and none of them is kept'
run entity c.auger nobody priority=high
status_is 2 'whom nobody knows has no kind'
has err '--kind system or --kind user' 'unless it is said'

# lists as files
printf 'nt_host,dns,priority,category,owner\nH1|H1-old,h1.ex.example,critical,pci|server,Jo\n' >assets.csv
printf 'identity,priority,watchlist\nex\\eve|eve,high,true\n' >identities.csv
run entity c.auger --from assets.csv
status_is 0 'a list of assets is read'
run entity c.auger --from identities.csv
status_is 0 'and one of identities'
run entity c.auger
has out 'H1-old,system,priority,critical' 'with every name of a row'
has out '"pci
server"' 'and every category'
lacks out 'owner' 'without what no factor asks for'
run factor c.auger both 'where user_priority="high" AND dest_category="pci"' --add -6
ok 'a factor may take away' test "$(column 12 "$eve")" = 50
ok 'from the host as well, which is in the same row' sh -c '"$1" hosts c.auger | grep -q "^H1,114,"' sh "$AUGER"
printf 'Identity,Priority\nbob@ex.example,low\n' >capitals.csv
run entity c.auger --from capitals.csv
status_is 0 'letter case of column names does not matter'
run search c.auger '| from datamodel Risk.All_Risk | search user_priority=low | stats count values(user) as user'
has out '2,bob' 'nor a domain that the case does not know of him'
run entity c.auger 'bob@ex.example' --clear
run entity c.auger --from events.xml
status_is 2 'what is no such list is refused'

# by hand
run risk c.auger H1 -14 'is being rebuilt'
status_is 0 'risk is taken by hand'
run hosts c.auger
has out 'H1,100,' 'and counts'
run risk c.auger bob 70 'was seen at the door' --at 2026-03-09T10:30:00Z
run incidents c.auger
has out ',bob,user,medium,126,' 'risk given by hand can cross a threshold'
run risk c.auger
has out '2026-03-09T10:30:00.000000Z,bob,user,70,manual,manual,was seen at the door' 'it is a risk event of the source manual'
run risk c.auger --given
has out '1,on,2026-03-09T11:00:00.000000Z,H1,system,-14,is being rebuilt,' 'its list has a number'
run retag c.auger
run hosts c.auger
has out 'H1,100,' 'it stays when rules run anew'
run drilldown c.auger H1 --rules rules --no-builtin-rules
status_is 0 'it has no drilldown, and needs none'
run browse c.auger --size 100x30 --keys '2/rebuilt<Enter><Enter>'
has out '-14 to H1 (system)' 'the screen shows it as a finding'
run browse c.auger --size 100x30 --keys '2/rebuilt<Enter>R'
has out '-14 to H1 (system): is being rebuilt' 'and says that no rule is behind it'
lacks out 'among the rules that are loaded' 'but somebody'
run risk c.auger --take-back 1
run hosts c.auger
has out 'H1,114,' 'and can be taken back'
run risk c.auger --take-back 1
status_is 2 'once'
run risk c.auger H1 -5 'seen later' --at 2026-03-20T00:00:00Z
run hosts c.auger --earliest 2026-03-19T00:00:00Z
has out 'H1,-5,' 'a host is listed for a time in which it has risk, though no events of its own'
run browse c.auger --size 100x30 --keys '2/later<Enter><Enter><Enter>'
has out 'no events are behind this finding' 'and the finding shows none instead of all events of the case'
run clock c.auger 2026-03-20T00:30:00Z
run risk c.auger H1 90 'last'
run browse c.auger --size 120x20 --keys ':window 7d<Enter>'
has out '·█ ' 'its bars have the risk of an hour without events'
run risk c.auger --take-back 4
run clock c.auger last-event
run risk c.auger --take-back 3
run hosts c.auger --earliest 2026-03-19T00:00:00Z
lacks out 'H1' 'without it the host is not listed'
run risk c.auger '' 5 'nobody' --kind user
has err 'the name is empty' 'nobody has no risk'
run risk c.auger H1 5 'and takes back' --take-back 2
status_is 2 'one thing at a time is asked for'
run risk c.auger --given
has out '2,on,' 'so that nothing is taken back without saying so'
run risk c.auger --given --host H1
status_is 2 'options that would do nothing are refused'
run risk c.auger --window 1h --host H1
has err '--host is for lists of the risk events of the case' 'by name'
run risk c.auger H1 much 'no number'
status_is 2 'a score is a number'

# names that may be several
{
	logon H3 10 2026-03-09T10:00:00Z north\\sue
	logon H3 11 2026-03-09T10:00:00Z south\\sue
	logon H3 12 2026-03-09T10:00:00Z south\\tom
} >domains.xml
run import d.auger domains.xml --rules rules --no-builtin-rules
run risk d.auger sue 10 'which one'
has err '2 users of this case are called so' 'risk is not given to one of several users of a name'
run entity d.auger sue priority=high
status_is 2 'nor is anything said of them'
run risk d.auger sue@north.corp.example 7 'the same, as a mail address'
status_is 0 'a domain behind the name tells one of them'
run risk d.auger --given
has out ',north\sue,user,7,' 'as it does before it'
run risk d.auger --take-back 1
run entity d.auger sue@west.example priority=high
status_is 2 'a third domain is nobody'
run entity d.auger sue@south priority=high
run search d.auger '| from datamodel Risk.All_Risk | search user_priority=high | stats count values(user) as user'
has out ',south\sue' 'lists with mail addresses meet the users of the events'
run risk d.auger 'north\sue' 10 'this one'
status_is 0 'with the domain it is one'
run risk d.auger tom 10 'the only one'
run export d.auger -o users.d
has users.d/users.csv 'south\tom,66,' 'and who is alone with a name needs none'
ok 'as the same user' test "$(grep -c '^tom,' users.d/users.csv)" = 0

# a rule that is called as risk given by hand is
mkdir own
cat >own/manual.yml <<'EOF'
name: manual
id: manual
type: Anomaly
search: EventCode=4624 | stats count by dest user | `manual_filter`
rba:
  message: $user$ came
  risk_objects:
    - {field: user, type: user, score: 56}
EOF
run import m.auger events.xml --rules own --no-builtin-rules
run risk m.auger H1 7 'is watched'
ok 'the findings of a rule named manual stay' test "$("$AUGER" findings m.auger | grep -c ',manual,manual,')" = 3
run import m.auger domains.xml
run risk m.auger --take-back 1
ok 'whatever is imported and taken back' test "$("$AUGER" findings m.auger | grep -c ',manual,manual,')" = 5
run risk m.auger --given
has out '1,taken back,' 'and only that is gone'

# the hours of a schedule
logon H1 3 2026-03-09T12:00:00Z bob >more.xml
run import c.auger more.xml
ok 'one run over the case gives a risk event for each result row' test "$("$AUGER" risk c.auger | grep -c ',bob,user,56')" = 1
run risk c.auger --window 1h
status_is 0 'runs every hour can be replayed'
ok 'they give one for every hour' test "$(grep -c ',bob,user,56' out)" = 2
run risk c.auger --window 1d
ok 'and one for each day' test "$(grep -c ',bob,user,56' out)" = 1
run risk c.auger --window 1w
ok 'or week, as the screens count them' test "$(grep -c ',bob,user,56' out)" = 1
lacks out ',manual,' 'what was given by hand is no detection'
run risk c.auger --window soon
status_is 2 'a window has a length'

# the time that risk is of
run risk c.auger --latest 2026-03-09T11:30:00Z
lacks out 'bob came to H1' 'risk is of the end of its finding'
run hosts c.auger --latest 2026-03-09T11:30:00Z
has out 'H1,54,2,' 'hosts have that of these risk events, and the findings that are partly in that time'
run hosts c.auger --earliest 2026-03-09T11:30:00Z
has out 'H1,60,1,' 'and later the rest'

# the days before the case clock, on the screen
run browse c.auger --size 100x20 --keys 'T'
has out '[last 7d]' 'T looks at the last seven days'
has out 'risk window 7d to 2026-03-09 12:00 UTC' 'and says where they end'
run browse c.auger --size 100x20 --keys 'TT:anchor 2026-03-11T00:00:00Z<Enter>'
has out 'Hosts 0' 'a day that ends later has no host with anything'
run clock c.auger 2026-03-16T11:00:00Z
run browse c.auger --size 160x40 --keys '<Enter>2'
has out 'bob came to H1' 'the last seven days of a host are those of T'
lacks out 'eve came to H1' 'which begin behind their first instant'
run browse c.auger --size 160x40 --keys 'T<Enter>2'
lacks out 'eve came to H1' 'both of them'
run clock c.auger last-event
run browse c.auger --size 100x20 --keys ':window 1h<Enter>'
has out '60  H1' 'a window of an hour counts what is in it'
run browse c.auger --size 100x20 --keys ':window 1h<Enter>7'
has out '56  bob' 'for users as well'
lacks out 'eve' 'and nobody else'
run browse c.auger --size 100x20 --keys ':window 90m<Enter>'
has out '[last 90m]' 'windows are of any length that time has'
run browse c.auger --size 100x20 --keys ':window 1h<Enter>:window all<Enter>'
has out 'filter  none' 'all of the case is looked at again'

run export c.auger -o out.d
has out.d/factors.csv 'both,on,-6,1,2,' 'the export has factors'
has out.d/risk_changes.csv 'ann@lab,factor,contractor,(off) +4 x1 search user_category=contractor' 'every change with its author'
has out.d/incidents.csv '24 hour risk threshold exceeded for user=bob' 'incidents have the title that Enterprise Security gives'
run verify c.auger
status_is 0 'the case is whole'
has out.d/entities.csv 'H1,system,priority,critical,ann@lab' 'what is known'
has out.d/given_risk.csv '2,on,2026-03-09T10:30:00.000000Z,bob,user,70' 'and what was given by hand'
done_testing
