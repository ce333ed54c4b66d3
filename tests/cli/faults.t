#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# A disk that fails at any moment, or a kill -9, costs the command, never the case: the same command
# then finishes. By default a sample of the calls of a case; FAULTS_STEP=1 lets each of them fail,
# KILLS=200 kills 200 times each.
. "$top_srcdir/tests/cli/lib.sh"
step=${FAULTS_STEP-23}
kills=${KILLS-6}
faults=$top_builddir/tests/faults.so
[ -e "$faults" ] || skip_all 'no library that makes calls fail'
ASAN_OPTIONS=$ASAN_OPTIONS:verify_asan_link_order=0:detect_leaks=0
enospc=28
eio=5
kill=9

small_evidence ev
mkdir more
script WS-07.example 4 2026-03-09T12:00:00Z 'Invoke-Command -ComputerName SRV-9 { hostname }' \
    >more/ws07.xml
cat >rule.yml <<END
name: Any logon
id: 0b0b0b0b-0000-4000-8000-000000000001
search: EventCode=4624 | stats count by host user
tags:
  mitre_attack_id: [T1078]
  risk_score: 20
END

# What an analyst would see of a case, without what may differ: times of work, paths.
picture()
{
	for view in hosts findings ledger risk incidents; do
		"$AUGER" $view "$1" --format csv 2>&1
	done
	"$AUGER" search "$1" '* | sort 0 host record_id | table *' --format jsonl 2>&1
	"$AUGER" info "$1" --format csv | grep '^counts'
	for i in 1 2 3; do
		"$AUGER" show "$1" finding:$i --format csv | grep -iE 'verdict|note'
	done
}

# The command with a fault at call N of these CALLS: an errno, or a kill; its status in $status.
disturbed()
{
	n=$1 calls=$2 code=$3
	shift 3
	(
		[ "$code" != $kill ] || FAULT_SIGNAL=$kill
		LD_PRELOAD=$faults FAULT_AT=$n FAULT_CALLS=$calls FAULT_ERRNO=$code
		export LD_PRELOAD FAULT_AT FAULT_CALLS FAULT_ERRNO ${FAULT_SIGNAL+FAULT_SIGNAL}
		exec "$AUGER" "$@" >out 2>err </dev/null
	) 2>/dev/null
	status=$?
}

calls_of()
{
	calls=$1
	shift
	LD_PRELOAD=$faults FAULT_COUNT=$work/count FAULT_CALLS=$calls "$AUGER" "$@" >/dev/null \
	    2>&1 </dev/null
	cat count
}

fresh()
{
	rm -f c.auger*
	[ ! -e before.auger ] || cp before.auger c.auger
}

trouble()
{
	bad="$bad
at call $n ($calls): $1
$(sed 's/^/    /' err)"
}

# After a fault: the words, and the case.
look_at()
{
	case $status in
	0) ;;
	3)
		[ -s err ] || trouble 'it said nothing'
		! grep 'is damaged' err >out || trouble 'it calls the case damaged'
		;;
	137) [ "$code" = $kill ] || trouble 'it was killed' ;;
	*) trouble "status $status" ;;
	esac
	[ "$status" -ne 3 ] || [ "$code" != $enospc ] || grep -q 'disk is full' err ||
	    trouble 'the disk was full, which it does not say'
	failed_runs=$((failed_runs + (status != 0)))
	[ -s c.auger ] || return
	"$AUGER" info c.auger >out 2>err || grep -q 'no case yet' err ||
	    trouble 'the case does not open'
	[ -s err ] || "$AUGER" verify c.auger >out 2>err || trouble "verify: $(grep -v ,ok out)"
}

try_again()
{
	"$AUGER" "$@" >out 2>err </dev/null || trouble 'the same command fails again'
	picture c.auger >seen
	cmp -s wanted seen || trouble "another result: $(diff wanted seen | head -6)"
	"$AUGER" verify c.auger >out 2>err
	! grep 'not checked,whether a page' out >err || trouble 'verify cannot tell any more'
}

begin_disturbing()
{
	calls=$1
	shift
	fresh
	total=$(calls_of "$calls" "$@")
	picture c.auger >wanted
	bad= failed_runs=0
}

end_disturbing()
{
	[ -z "$bad" ] && [ "$failed_runs" -gt 0 ]
	report $? "$1 ($failed_runs of $total calls)"
	[ -z "$bad" ] || echo "$bad" | explain
	[ "$failed_runs" -gt 0 ] || echo '#   no fault was noticed'
}

# disturb CALLS ERRNO SENTENCE COMMAND...: at every step-th call of the command.
disturb()
{
	calls=$1 code=$2 sentence=$3
	shift 3
	begin_disturbing "$calls" "$@"
	at=1
	while [ "$at" -le "$total" ]; do
		fresh
		disturbed $at "$calls" "$code" "$@"
		look_at
		try_again "$@"
		at=$((at + step))
	done
	end_disturbing "$sentence"
}

# COUNT numbers from 1 to MOST, the same ones every time.
some_of()
{
	awk -v count="$1" -v most="$2" \
	    'BEGIN { srand(7); while (count-- > 0) print 1 + int(rand() * most) }'
}

# Killed at some moments, the second time while it goes on after the first.
kill_at_moments()
{
	sentence=$1
	shift
	begin_disturbing wst "$@"
	for at in $(some_of "$kills" "$total"); do
		fresh
		disturbed "$at" wst $kill "$@"
		look_at
		disturbed $((at / 2 + 1)) wst $kill "$@"
		look_at
		try_again "$@"
	done
	end_disturbing "$sentence"
}

# An answer that a disk which cannot be read has made shorter is never taken for whole.
ask_all()
{
	sentence=$1 asked=0
	begin_disturbing r notes list c.auger
	for question in hosts findings risk incidents ledger info 'notes list' filter \
	    'search:EventCode=4624 | stats count by host user' 'show:finding:1' 'show:event:1' \
	    'drilldown:WS-07' report; do
		verb=${question%%:*} what=${question#"$verb"}
		set -- $verb c.auger ${what:+"${what#:}"}
		total=$(calls_of r "$@")
		"$AUGER" "$@" >whole 2>err </dev/null
		n=1
		while [ "$n" -le "$total" ]; do
			disturbed "$n" r $eio "$@"
			failed_runs=$((failed_runs + (status == 3)))
			[ "$status" -gt 1 ] || cmp -s whole out || trouble "$question is shorter"
			[ "$status" -eq 3 ] || [ "$status" -le 1 ] || trouble "$question: status $status"
			n=$((n + (step + 7) / 8))
			asked=$((asked + 1))
		done
	done
	total=$asked
	end_disturbing "$sentence"
}

# Nor is what a command did not find for it taken for wrong use.
tell_all()
{
	sentence=$1 told=0
	shift
	begin_disturbing r "$@"
	for change in 'entity:WS-07:priority=low' 'entity:WS-07:--clear' 'factor:known:--off' \
	    'risk:WS-07:5:seen'; do
		IFS=:
		set -- $change
		unset IFS
		verb=$1
		shift
		set -- "$verb" c.auger "$@"
		fresh
		total=$(calls_of r "$@")
		for n in $(seq 1 $(((step + 7) / 8)) "$total"); do
			fresh
			disturbed "$n" r $eio "$@"
			failed_runs=$((failed_runs + (status == 3)))
			[ "$status" -eq 0 ] || [ "$status" -eq 3 ] || trouble "$change: status $status"
			told=$((told + 1))
		done
	done
	total=$told
	end_disturbing "$sentence"
}

# It says nothing of what is on it.
verify_all()
{
	begin_disturbing r verify c.auger
	for n in $(seq "$total"); do
		disturbed "$n" r $eio verify c.auger
		failed_runs=$((failed_runs + (status == 3)))
		! grep -q 'damaged\|not as auger' out err || trouble 'it calls the case damaged'
		[ "$status" -eq 0 ] || [ "$status" -eq 3 ] || trouble "status $status"
	done
	end_disturbing 'a check of the case on a disk that cannot be read for a moment'
}

# A case that cannot be looked at was not moved, nor is it gone.
look_for_case()
{
	begin_disturbing e "$@"
	for n in $(seq "$total"); do
		fresh
		disturbed "$n" e $eio "$@"
		failed_runs=$((failed_runs + (status != 0)))
		! grep -q 'was moved\|is gone' err || trouble 'it takes it for moved or gone'
		[ "$status" -eq 0 ] || grep -q 'Input/output error' err || trouble 'no reason said'
		try_again "$@"
	done
	end_disturbing 'a case that cannot be looked at for a moment'
}

# What is typed in the terminal UI is written into the case, cut short; LOOK judges what is there.
write_work()
{
	sentence=$1 code=$2 moments=$3 look=$4
	shift 4
	set -- browse c.auger "$@"
	begin_disturbing wst "$@"
	[ "$moments" = all ] && moments=$(seq "$total") || moments=$(some_of "$kills" "$total")
	for at in $moments; do
		fresh
		disturbed "$at" wst $code "$@"
		[ "$status" -eq 0 ] && ! grep -q '^ ! ' out || failed_runs=$((failed_runs + 1))
		status=0
		look_at
		$look
	done
	end_disturbing "$sentence"
}

# A verdict and a note are there whole or not at all, and the rest of the case is as it was. A note that
# could not be written stays in its prompt, and what is typed then is more of it.
look_at_notes()
{
	"$AUGER" findings c.auger --format csv >notes
	cut -d, -f1-15 notes | cmp -s - before.notes || trouble 'the findings changed'
	awk -F, 'NR > 1 && ($16 != "open" && $16 != "true positive" ||
	    $17 != "" && $17 != "one" && $17 != "two" && ($17 != "onejtatwo" || $16 != "open")) {
		exit 1
	}' notes || trouble "notes: $(cat notes)"
}

write_notes()
{
	write_work "$1" "$2" "$3" look_at_notes --view findings --keys 'aone<Enter>jtatwo<Enter>'
}

# Bookmarks on four events, then notes on them: all four or none.
look_at_marks()
{
	"$AUGER" notes list c.auger --format csv >notes
	case $(grep -c ',bookmark,yes,' notes)$(grep -c ',note,one,' notes) in
	00 | 40 | 44 | 04) ;;
	*) trouble "notes: $(cat notes)" ;;
	esac
}

write_marks()
{
	write_work "$1" "$2" "$3" look_at_marks --view events --keys 'mjjM*aone<Enter>'
}

# Findings without their numbers, which tell what was imported first.
without_numbers()
{
	"$AUGER" findings "$1" --format csv | cut -d, -f2- | sort
	"$AUGER" search "$1" '* | sort 0 host record_id | table *' --format jsonl
	"$AUGER" info "$1" --format csv | grep -E '^(counts|evidence)' | sort
}

# At every call on what is below a path: it is said, and the same import then finds all.
disturb_below()
{
	calls=$1 FAULT_PATH=$2 sentence=$3
	shift 3
	export FAULT_PATH
	begin_disturbing "$calls" "$@"
	without_numbers c.auger >wanted
	for at in $(seq "$total"); do
		fresh
		disturbed "$at" "$calls" $eio "$@"
		failed_runs=$((failed_runs + (status != 0)))
		[ "$status" -ne 0 ] || without_numbers c.auger >seen
		[ "$status" -ne 0 ] || cmp -s wanted seen || trouble 'nothing said, and less found'
		[ "$status" -eq 0 ] || grep -q 'Input/output error\|cannot be listed\|changed while' err ||
		    trouble 'no reason said'
		"$AUGER" "$@" >out 2>err </dev/null || trouble 'the same import fails again'
		without_numbers c.auger >seen
		cmp -s wanted seen || trouble "another result: $(diff wanted seen | head -6)"
	done
	unset FAULT_PATH
	end_disturbing "$sentence"
}

disturb_below or /ev/ 'evidence that cannot be read for a moment' import c.auger ev
mkdir packed
tar cf packed/inner.tar ev/srv1.xml
tar cf packed/outer.tar ev/srv2.xml packed/inner.tar
gzip <ev/ws07.xml >packed/ws07.xml.gz
rm packed/inner.tar
disturb_below or /packed/ 'an archive that cannot be read for a moment' import c.auger packed
disturb_below rw '(deleted)' 'what is unpacked, and cannot be kept or read back for a moment' \
    import c.auger packed
mkdir -p below/sub
cp ev/ws07.xml below/sub
disturb_below l below/sub 'a folder that cannot be looked at for a moment' import c.auger below
mkdir own
cp -rL "$AUGER_DATA/rules/detections" own/kept
FAULT_LASTS=yes
export FAULT_LASTS
disturb_below lor own/ 'rules that cannot be looked at, nor read' import c.auger ev \
    --no-builtin-rules --rules own
unset FAULT_LASTS

disturb w $enospc 'a disk that is full during an import' import c.auger ev
disturb wst $eio 'a disk that cannot be written during an import' import c.auger ev
disturb r $eio 'a disk that cannot be read during an import' import c.auger ev
kill_at_moments 'an import that is killed' import c.auger ev

run import before.auger ev
status_is 0 'there is a case'
disturb wst $eio 'a second import' import c.auger more
disturb w $enospc 'a disk that is full while rules are asked again' retag c.auger --rules rule.yml
disturb rst $eio 'one that cannot be read then' retag c.auger --rules rule.yml
kill_at_moments 'a retag that is killed' retag c.auger --rules rule.yml

"$AUGER" findings before.auger --format csv | cut -d, -f1-15 >before.notes
"$AUGER" notes set before.auger finding:1 event:1 --note 'seen before' >/dev/null
fresh
ask_all 'answers of a disk that cannot be read'
verify_all
look_for_case clock c.auger 2026-03-10T00:00:00Z
"$AUGER" notes set before.auger finding:1 event:1 --note '' >/dev/null
cp before.auger kept.auger
"$AUGER" entity before.auger WS-07 priority=high --quiet
"$AUGER" factor before.auger known 'search risk_object_priority=high' --add 5 --quiet
tell_all 'what is known of hosts, told where the case cannot be read' entity c.auger WS-07 priority=low
mv kept.auger before.auger

write_notes 'a disk that is full while notes are written' $enospc all
write_notes 'a kill while notes are written' $kill some
write_marks 'a disk that is full while events are bookmarked' $enospc all
write_marks 'a kill while events are bookmarked' $kill some
done_testing
