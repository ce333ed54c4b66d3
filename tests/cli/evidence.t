#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Real logs beside the checkout: events per file, machine, channel and id, and the findings.
. "$top_srcdir/tests/cli/lib.sh"
[ -f "${SHARED-}/evidence/ground-truth.csv" ] || skip_all 'no real evidence beside the checkout'

# Cells of a CSV line, separated by tabs; good for files without line ends in cells.
csv_cells='
function cells(line,    out, c, i, quoted) {
	out = ""
	quoted = 0
	for (i = 1; i <= length(line); i++) {
		c = substr(line, i, 1)
		if (c == "\"" && quoted && substr(line, i + 1, 1) == "\"") {
			out = out c
			i++
		} else if (c == "\"") {
			quoted = !quoted
		} else {
			out = out (c == "," && !quoted ? "\t" : c)
		}
	}
	return out
}'

awk "$csv_cells"' NR > 1 { print cells($0) }' "$SHARED/evidence/ground-truth.csv" >truth
cut -f1 truth | sort -u >files

# Every file alone, the whole way: imported, then counted by a search.
while read -r file; do
	rm -f one.auger*
	run import one.auger "$SHARED/evidence/$file" --quiet --no-builtin-rules \
	    --rules "$AUGER_DATA/rules/macros"
	run search one.auger '* | fillnull value="" Computer Channel
		| stats count by Computer Channel EventCode' --format csv
	# a case spells a channel as the first event that has it does
	awk "$csv_cells"' NR > 1 { print tolower(cells($0)) }' out | sort >got
	awk -F '\t' -v file="$file" -v OFS='\t' '$1 == file { print $3, $4, $5, $6 }' truth |
	    tr A-Z a-z | sort >want
	# A record that a file has twice is one event, and events of CrowdStrike have names instead
	# of numbers: then only the sums can be compared.
	run export one.auger -o one.out
	if ! grep -q ',0$' one.out/evidence.csv || grep -q '	processrollup2	' want; then
		awk -F '\t' '{ n += $4 } END { print n }' want >sum && mv sum want
		awk -F , 'NR > 1 { print $(NF - 3) }' one.out/evidence.csv >got
	fi
	cmp -s got want
	report $? "$file"
	cmp -s got want || diff want got | head -20 | explain
done <files

# All of it in one case: the findings, by rule and host, and how many events are behind them.
while read -r file; do
	printf '%s\0' "$SHARED/evidence/$file"
done <files | xargs -0 "$AUGER" import all.auger --quiet 2>err
run findings all.auger --format jsonl
sed -E 's/.*"host":"([^"]*)".*"rule":"([^"]*)".*"count":([0-9]+).*/\2\t\1\t\3/' out |
    awk -F '\t' -v OFS='\t' '{ n[$1 OFS $2] += $3 } END { for (k in n) print k, n[k] }' |
    sort >got
awk "$csv_cells"' FNR == NR { wanted[$0] = 1; next }
	FNR > 1 { print cells($0) }' files "$SHARED/evidence/expected-hits.csv" |
    awk -F '\t' -v OFS='\t' '
	BEGIN {
		rule["cim"] = "PowerShell Invoke CIMMethod CIMSession"
		rule["wmi-scriptblock"] = \
		    "Remote Process Instantiation via WMI and PowerShell Script Block"
		rule["wmiexec"] = "PowerShell Invoke WmiExec Usage"
		rule["wmi-process"] = "Remote Process Instantiation via WMI and PowerShell"
		rule["winrm-scriptblock"] = \
		    "Remote Process Instantiation via WinRM and PowerShell Script Block"
		while ((getline line < "files") > 0)
			read[line] = 1
	}
	$1 in read { n[rule[$2] OFS $3] += $5 }
	END { for (k in n) print k, n[k] }' | sort >want
cmp -s got want
report $? 'the findings are those that are known to be there, and no others'
cmp -s got want || diff want got | explain
done_testing
