#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Published detections find the attack that they were tested with.
. "$top_srcdir/tests/cli/lib.sh"
content=${SHARED-}/security_content
data=${SHARED-}/evidence/splunk-attack_data
[ -d "$content" ] && [ -d "$data/datasets" ] ||
    skip_all 'no published detections and data; name them with SHARED=DIR'

run rules test "$content" --no-builtin-rules --data "$data" --format jsonl
grep -v '"status":"data missing"' out | grep -v 'needs a trained' >tried
while read -r line; do
	name=$(printf '%s\n' "$line" | sed 's/.*"rule":"\([^"]*\)".*/\1/')
	case $line in
	*'lookup '*'is not loaded'*)
		# Lookups of an organisation, such as its identities, are not published.
		report 0 "$name: needs a lookup of the organisation # SKIP"
		continue
		;;
	*'"status":"found"'*)
		report 0 "$name finds its data"
		continue
		;;
	esac
	report 1 "$name finds its data"
	printf '%s\n' "$line" | explain
done <tried
ok 'some were tried' test "$count" -gt 0
done_testing
