#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# What lies beside a case under its name, left there by copying or moving another one: never believed,
# never removed, and named.
. "$top_srcdir/tests/cli/lib.sh"
small_evidence ev
mkfifo pipe

# A copy of case $1 as $2 with its log: what a note says is committed only there.
copy_with_log()
{
	"$AUGER" import "$1" - <pipe >first 2>&1 &
	pid=$!
	exec 3>pipe
	while [ ! -e "$1-shm" ] && kill -0 $pid; do :; done
	run notes set "$1" finding:1 --note "note of $1"
	cp "$1" "$2"
	cp "$1-wal" "$2-wal"
	exec 3>&-
	wait $pid
}

run import one.auger ev
run import other.auger ev/srv1.xml
cp one.auger before.auger
copy_with_log one.auger mine.auger
copy_with_log other.auger theirs.auger
cp mine.auger kept.auger
cp mine.auger-wal kept.auger-wal

run findings kept.auger
status_is 0 'a case with its own log is opened'
has out 'note of one.auger' 'with what is in the log only'
ok 'which is in the case then' test ! -e kept.auger-wal

cp theirs.auger-wal before.auger-wal
cp before.auger wanted.auger
for command in 'findings before.auger' 'search before.auger *' 'verify before.auger' \
    'notes set before.auger finding:1 --note x' 'import before.auger ev' 'retag before.auger' \
    'browse before.auger --keys j'; do
	set -f
	run $command
	set +f
	status_is 2 "with the log of another case it is refused: $command"
	has err 'before.auger: the log beside it (-wal) is of another case' 'in words'
done
ok 'the case is as it was' cmp -s before.auger wanted.auger
ok 'and so is the log' cmp -s before.auger-wal theirs.auger-wal
rm before.auger-*
run verify before.auger
status_is 0 'without it the case is sound'

# The case was put back from a copy, its log was not; and the other way round.
cp one.auger backup.auger
run notes set one.auger finding:1 --note 'after the copy'
run notes set one.auger finding:2 --note 'after the copy'
copy_with_log one.auger later.auger
cp backup.auger put.auger
cp later.auger-wal put.auger-wal
for command in 'findings put.auger' 'notes set put.auger finding:1 --note x' 'import put.auger ev'; do
	run $command
	status_is 2 "a case put back from a copy is refused with the log of later: $command"
	has err 'put.auger: the log beside it (-wal) is of a later state of this case' 'in words'
done
ok 'neither is touched' cmp -s backup.auger put.auger
ok 'the log is not, either' cmp -s later.auger-wal put.auger-wal
cp backup.auger early.auger
copy_with_log early.auger put.auger
cp one.auger late.auger
cp put.auger-wal late.auger-wal
cp one.auger as-it-was.auger
run notes set late.auger finding:1 --note x
status_is 2 'so is a case with the log of a copy that stayed behind'
has err 'late.auger: the log beside it (-wal) is of an earlier state of this case' 'in words'
ok 'what was done since is not taken back' cmp -s late.auger as-it-was.auger
run findings put.auger
status_is 0 'that log belongs to the copy'
has out 'note of early.auger' 'and is read with it'

cp theirs.auger-wal new.auger-wal
run import new.auger ev
status_is 2 'a case is not begun where the log of one that is gone lies'
has err 'new.auger: beside it lies the log (-wal) of a case that is gone' 'in words'
ok 'and the log is kept' cmp -s new.auger-wal theirs.auger-wal
ok 'and no case made' test ! -e new.auger
: >new.auger
run import new.auger ev
status_is 2 'nor in an empty file of that name'
ok 'there it is kept, too' cmp -s new.auger-wal theirs.auger-wal

# The head of a journal that was not ended: magic, one page, and so on
printf '\331\325\005\371\040\241\143\327\0\0\0\001xxxx\0\0\0\001\0\0\002\0\0\0\100\0' >before.auger-journal
head -c 20000 /dev/zero >>before.auger-journal
cp before.auger-journal journal
run hosts before.auger
status_is 2 'with a journal beside it a case is refused, too'
has err 'before.auger: the journal beside it (-journal) is not of this case' 'in words'
ok 'the journal is kept' cmp -s before.auger-journal journal
ok 'and the case' cmp -s before.auger wanted.auger

mkdir here there
run import there/real.auger ev
ln -s ../there/real.auger here/link.auger
cp ev/*.xml here
run import here/link.auger here
status_is 0 'a case is imported into through a link in another folder'
ok 'which leaves nothing beside it' test "$(ls there)" = real.auger
run findings here/link.auger -o there/real.auger-wal
status_is 2 'nor is its log a place for results under that name'
ln -s nowhere.auger here/dangling.auger
run import here/dangling.auger ev
status_is 2 'a link to nothing is no case'
has err 'a symbolic link to a file that is not there' 'in words'

# SQLite gives each name of a file a log of its own.
run import l.auger ev/ws07.xml
ln l.auger m.auger
for name in l m; do
	run import $name.auger ev
	status_is 2 "nothing is imported into a case with two names ($name)"
	has err 'has 2 names (hard links)' 'it is said why'
	has err 'cp makes a case of its own' 'and what to do'
done
run notes set m.auger event:1 --note x
status_is 2 'nor is a note written'
run hosts m.auger
status_is 0 'it is read'
has err 'has other names (hard links)' 'with a remark'
run browse m.auger --keys 'q'
has err 'hard links' 'the screen opens read-only, and says why'
rm l.auger
run import m.auger ev
status_is 0 'with one name left it is a case like others'
lacks err 'hard links' 'without a word'
done_testing
