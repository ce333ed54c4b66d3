#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Values of the real binary logs against another reader's, where libevtx's evtxexport is installed:
# every record that it reads, field by field, in number, order, name and value. It reads no record
# that is spelled out without a template (forwarded and rendered ones) and nothing behind the first
# of them; those are named.
. "$top_srcdir/tests/cli/lib.sh"
[ -d "${SHARED-}/evidence" ] || skip_all 'no real evidence beside the checkout'
command -v evtxexport >/dev/null || skip_all 'evtxexport (libevtx-utils) is not installed'
dump=$(dirname "$AUGER")/tests/dump_events
[ -x "$dump" ] || skip_all 'tests/dump_events is not built'

# Spellings that differ: letter case; hexadecimal with leading zeros; nine fraction digits for
# seven; negative numbers, which libevtx prints with their sign apart from their bits; UTF-16 that
# is ill-formed.
compare='
function same(mine, other) {
	if (tolower(mine) == tolower(other) || index(mine, "\357\277\275"))
		return 1
	if (mine ~ /^-[0-9]+$/ && other ~ /^-[0-9]+$/)
		return 1
	if (mine ~ /^[0-9-]+T[0-9:.]+Z$/) {
		sub(/\.?0*Z$/, "", mine)
		sub(/\.?0*Z$/, "", other)
	}
	if (mine ~ /^0x/ && other ~ /^0x/) {
		sub(/^0x0*/, "", mine)
		sub(/^0x0*/, "", other)
	}
	return tolower(mine) == tolower(other)
}
FNR == 1 { file++ }
!NF { next }
file == 1 {
	n_mine[$1]++
	name[$1, $2] = $3
	value[$1, $2] = $4
	next
}
{
	fields++
	n_other[$1]++
	if (name[$1, $2] == $3 && same(value[$1, $2], $4))
		next
	differ++
	print "#   record " $1 ": " name[$1, $2] "=" value[$1, $2] ", there " $3 "=" $4
}
END {
	for (record in n_other) {
		records++
		if (n_mine[record] == n_other[record])
			continue
		differ++
		print "#   record " record ": " n_mine[record] + 0 " fields, there " n_other[record]
	}
	for (record in n_mine)
		all++
	print records + 0, fields + 0, differ + 0, all + 0 >"counted"
}'

find "$SHARED/evidence" -name '*.evtx' | LC_ALL=C sort >files
: >all
while read -r file; do
	# It stops at the first record that it cannot read.
	evtxexport -f xml "$file" >there.xml 2>/dev/null </dev/null
	"$dump" "$file" >mine && "$dump" there.xml >there
	[ -s mine ] || [ -s there ] || continue
	[ -s mine ] || echo >mine
	[ -s there ] || echo >there
	LC_ALL=C awk -F '\t' "$compare" mine there >differences
	read -r records fields differ mine <counted
	echo "$records $fields $mine" >>all
	[ "$records" -eq "$mine" ] || echo "# ${file##*/}: it stops after $records of $mine records"
	[ "$records" -gt 0 ] || continue
	[ "$differ" -eq 0 ]
	report $? "${file##*/}: $records records, $fields fields"
	[ "$differ" -eq 0 ] || head -5 differences
done <files
awk '{ r += $1; f += $2; m += $3 }
    END { print "# " r + 0 " of " m + 0 " records, " f + 0 " fields compared" }' all
ok 'the other reader reads logs at all' test -s all
done_testing
