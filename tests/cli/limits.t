#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Limits of the system, closed files, and pages of a case that are lost: said in words, with a status
# that shows it, and never a smaller answer that looks whole. PAGES=1 loses each page in turn.
. "$top_srcdir/tests/cli/lib.sh"
pages=${PAGES-4}
small_evidence ev
run import c.auger ev
status_is 0 'there is a case'

limited()
{
	(
		ulimit "$1" "$2" || exit 77
		shift 2
		exec "$AUGER" "$@"
	) >out 2>err </dev/null
	status=$?
}

if grep -qa __asan_init "$AUGER" || grep -qa __tsan_init "$AUGER"; then
	echo '# limits: skipped, this build needs more than they leave'
else
	limited -f 200 import big.auger ev
	status_is 3 'a case that may not grow as far as needed fails'
	ok 'and names itself' grep -q 'auger: big.auger: ' err
	run import big.auger ev
	status_is 0 'without the limit the same import ends'
	run search big.auger '* | stats count'
	has out 6 'and nothing is lost'
	limited -s 256 hosts c.auger
	status_is 2 'a stack that is too small is refused'
	has err 'ulimit -s' 'in words'
	limited -n 12 import few.auger ev
	status_is 2 'too few open files are refused'
	has err 'open files are limited to 12' 'in words'
	has err 'ulimit -n' 'that name the limit'
	limited -Sn 12 import few.auger ev
	status_is 0 'unless the system gives more for the asking'
fi

"$AUGER" import closed.auger ev <&- >&- 2>&-
status=$?
status_is 0 'an import works when all standard files are closed'
run verify closed.auger
status_is 0 'and nothing was written into its case instead'
"$AUGER" hosts c.auger >&- 2>err
status=$?
status_is 3 'a result for a closed standard output is an error'

# ---- a clock that jumps: what was said last counts, and nothing of the evidence depends on it
shifted()
{
	seconds=$1
	shift
	(
		LD_PRELOAD=$faults FAULT_CLOCK=$seconds
		ASAN_OPTIONS=$ASAN_OPTIONS:verify_asan_link_order=0
		export LD_PRELOAD FAULT_CLOCK ASAN_OPTIONS
		exec "$AUGER" "$@" >out 2>err </dev/null
	)
	status=$?
}

faults=$top_builddir/tests/faults.so
if [ -e "$faults" ]; then
	FAULT_THREADS=yes
	export FAULT_THREADS
	shifted 0 import none.auger ev
	unset FAULT_THREADS
	status_is 3 'an import for which there is no thread fails'
	has err 'no thread to be had' 'in words'
	has err 'ulimit -u' 'that name the limit'
	ok 'and leaves no case' test ! -e none.auger
	year=31536000
	shifted $((20 * year)) import jump.auger ev/ws07.xml
	status_is 0 'a case is begun in the future'
	shifted -$((20 * year)) import jump.auger ev
	status_is 0 'the import goes on in the past'
	shifted -$((60 * year)) retag jump.auger
	status_is 0 'rules are asked before 1970'
	"$AUGER" import right.auger ev/ws07.xml >out 2>&1
	"$AUGER" import right.auger ev >out 2>&1
	"$AUGER" retag right.auger >out 2>&1
	for view in hosts findings risk incidents; do
		"$AUGER" $view right.auger --format csv >wanted 2>err
		"$AUGER" $view jump.auger --format csv >seen 2>err
		ok "$view are those of a clock that is right" cmp -s wanted seen
	done
	shifted $((20 * year)) notes set jump.auger finding:1 --note first
	shifted -$((20 * year)) notes set jump.auger finding:1 --note second
	run notes set jump.auger finding:1 --note third
	run findings jump.auger --format csv
	has out third 'the note that was written last counts'
	run notes list jump.auger --format csv
	ok 'and all are kept in the order of writing' test \
	    "$(grep -oE 'first|second|third' out | tr '\n' ' ')" = 'first second third '
	run verify jump.auger
	status_is 0 'and the case is sound'
	shifted $((300 * year)) notes set jump.auger finding:2 --note late
	status_is 0 'a note is written at a time that no case can keep'
	has err 'cannot be kept' 'which is said'
	run notes list jump.auger --format csv
	grep late out >note
	has note '2262-04-11T' 'it has the last time there is'
	shifted $((300 * year)) import late.auger ev
	run info late.auger
	has out 'made_at,2262-04-11T' 'and so has a case'
fi

# ---- pages of 16 KiB, each filled with zeros
bad=
refused=0
commands='info findings hosts search'
ask_about()
{
	case $1 in
	search) run search "$2" '* | table *' --format csv ;;
	*) run "$1" "$2" --format csv ;;
	esac
}
cp c.auger x.auger
for command in $commands; do
	ask_about $command x.auger
	cp out "$command.wanted"
done
total=$(($(wc -c <c.auger) / 16384))
page=1
while [ "$page" -lt "$total" ]; do
	cp c.auger x.auger
	dd if=/dev/zero of=x.auger bs=16384 seek="$page" count=1 conv=notrunc 2>/dev/null
	for command in $commands; do
		ask_about $command x.auger
		if [ "$status" -eq 0 ]; then
			cmp -s out "$command.wanted" || bad="$bad $command:$page"
		elif [ "$status" -gt 3 ] || [ ! -s err ]; then
			bad="$bad $command:$page:$status"
		else
			refused=$((refused + 1))
		fi
	done
	rm -f x.auger-*
	page=$((page + pages))
done
ok "a lost page is said, or changes nothing (said $refused times)" test -z "$bad" -a "$refused" -gt 0
[ -z "$bad" ] || echo "#  $bad"
done_testing
