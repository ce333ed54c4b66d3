#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
. "$top_srcdir/tests/cli/lib.sh"

run --version
status_is 0 'the version can be asked for'
has out 'auger ' 'and names the program'

run --help
status_is 0 'help is no error'
ok 'all of it is seen on a terminal of 24 rows' sh -c 'test "$(wc -l <out)" -le 23'
ok 'and of 80 columns' sh -c '! grep -q "^.\{81\}" out'
for command in import hosts findings risk factor entity incidents search drilldown show rules ledger retag export verify info demo
do
	has out "  $command " "help lists $command"
	run "$command" --help
	status_is 0 "$command has help"
	has out "usage: auger $command" "and it begins with the usage of $command"
	run --help
done

run
status_is 2 'no command at all is wrong use'

run hots case.auger
status_is 2 'a slip of the finger is wrong use'
has err 'did you mean auger hosts?' 'and the right word is offered'

run hosts
status_is 2 'a missing argument is wrong use'
has err 'hosts: CASE is missing' 'it is named'
has err 'auger hosts --help' 'and so is the way out'
run import case.auger
has err 'import: PATH is missing; usage: auger import CASE PATH...' 'also the second one'
mkdir folder
run import folder
status_is 2 'a folder alone is not imported'
has err 'folder is a folder; the case stands before it: auger import CASE folder' 'what is missing is said'
run import folder case.auger
has err 'folder: a folder; the case stands first: auger import CASE PATH...' 'or what is turned round'
run notes
has err 'notes: what to do is missing' 'or what kind of thing it is'

run hosts a b c
status_is 2 'too many arguments are wrong use'

run hosts case.auger --threads 3
status_is 2 'an option of another command is refused'
has err 'auger hosts --help' 'with the way out'

run --format csv hosts case.auger
status_is 2 'an option before its command is refused'
has err '--format stands behind a command' 'and where it belongs is said'
run help hots
status_is 2 'help of no command is none'
run hosts case.auger --fromat csv
status_is 2 'an unknown option is refused'
has err 'did you mean --format?' 'and the near one named'

run findings case.auger --min-risk
status_is 2 'an option without its value is refused'
has err '--min-risk SCORE' 'and shows what it needs'

run --completion bash
status_is 0 'completion can be printed'
ok 'and bash can read it' sh -c 'command -v bash >/dev/null || exit 0; bash -n out'
run --completion fish
status_is 2 'other shells are refused'
done_testing
