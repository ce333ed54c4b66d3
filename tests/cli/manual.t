#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The lists in doc/auger.1 are what the program prints; UPDATE=1 writes them into the page.
. "$top_srcdir/tests/cli/lib.sh"
page=$top_srcdir/doc/auger.1

for list in commands options formats keys; do
	"$AUGER" --manual $list >printed
	if [ -n "${UPDATE-}" ]; then
		awk -v list=$list '
			$0 == ".\\\" end " list { inside = 0 }
			!inside { print }
			$0 == ".\\\" begin " list {
				inside = 1
				while ((getline line < "printed") > 0)
					print line
			}' "$page" >page.new && cat page.new >"$page"
	fi
	awk -v list=$list '
		$0 == ".\\\" end " list { inside = 0 }
		inside { print }
		$0 == ".\\\" begin " list { inside = 1 }' "$page" >written
	cmp -s printed written
	report $? "the $list of the manual page are those of the program"
	cmp -s printed written || diff -u written printed | explain
done
if command -v mandoc >/dev/null; then
	ok 'the page has no errors' sh -c "mandoc -T lint -W error '$page' >lint"
fi
done_testing
