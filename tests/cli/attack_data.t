#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Published detections find the attack that they were tested with: each names its data, and where
# a file of that path is at hand, it alone is imported with that rule alone.
. "$top_srcdir/tests/cli/lib.sh"
content=${SHARED-}/security_content
data=${SHARED-}/evidence/splunk-attack_data
[ -d "$content" ] && [ -d "$data/datasets" ] ||
    skip_all 'no published detections and data; name them with SHARED=DIR'

# rule TAB file, for every file of a detection's tests
find "$content" -name '*.yml' | LC_ALL=C sort | while read -r rule; do
	awk -v rule="$rule" 'match($0, /datasets\/[^ "'\'']*/) {
		print rule "\t" substr($0, RSTART, RLENGTH)
	}' "$rule"
done | LC_ALL=C sort -u >named

tab=$(printf '\t')
while IFS=$tab read -r rule path; do
	[ -f "$data/$path" ] || continue
	rm -f c.auger c.auger-*
	run import c.auger "$data/$path" --no-builtin-rules --rules "$rule" -q
	name=$(basename "$rule" .yml)
	"$AUGER" ledger c.auger --format jsonl >entry
	if grep 'lookup .* is not loaded' entry | grep -q '"status":"nothing found"'; then
		# Lookups of an organisation, such as its identities, are not published.
		report 0 "$name: needs a lookup of the organisation # SKIP"
		explain entry
		continue
	fi
	grep -q '"status":"found"' entry
	report $? "$name finds $(basename "$path")"
	grep -q '"status":"found"' entry || explain entry
done <named
ok 'some were tried' test "$count" -gt 0
done_testing
