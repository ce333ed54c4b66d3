#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The screens in README.md are what the program draws of the demo: behind each line
# <!-- screen: SIZE KEYS --> stands one. UPDATE=1 puts what it draws now there.
. "$top_srcdir/tests/cli/lib.sh"

readme=$top_srcdir/README.md
run demo
grep '^<!-- screen: ' "$readme" | sed 's/^<!-- screen: *//; s/ *-->$//' >screens
ok 'the README shows screens' test -s screens
n=0
while read -r size keys; do
	n=$((n + 1))
	"$AUGER" browse demo.auger --size "$size" --keys "$keys" >drawn.$n 2>err </dev/null
	awk -v n=$n '/^<!-- screen: / { k++; inside = 0 }
		/^```/ { if (inside) { inside = 0; k = k "." } else if (k == n) inside = 1; next }
		inside { print }' "$readme" >shown.$n
	[ -z "${UPDATE-}" ] || cp drawn.$n shown.$n
	ok "screen $n, $size, is what the program draws" cmp -s shown.$n drawn.$n
	diff -u shown.$n drawn.$n | explain
done <screens
if [ -n "${UPDATE-}" ]; then
	awk '/^<!-- screen: / { k++; fresh = 1 }
		/^```/ && fresh { print; while ((getline line <("drawn." k)) > 0) print line; fresh = 0; skip = 1; next }
		/^```/ { skip = 0 }
		!skip { print }' "$readme" >new && cp new "$readme"
fi
done_testing
