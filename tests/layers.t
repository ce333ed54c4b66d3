#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Every include of a project header goes where the table of folders allows.
cd "$top_srcdir" || exit 99

# folder: what it may include besides itself
table='base:
importers: base
rules: base
store: base
tui: base rules store
samples: base importers
cli: base importers rules store tui
bench: base importers rules store tui cli samples'

n=0
result()
{
	n=$((n + 1))
	if [ -z "$2" ]; then
		echo "ok $n - $1"
	else
		echo "not ok $n - $1"
		echo "$2" | sed 's/^/#   /'
	fi
}

folders=$(echo "$table" | cut -d: -f1)
everything=$(echo $folders | tr ' ' '|')
while IFS=: read -r folder allowed; do
	ok="$folder"
	for other in $allowed; do
		ok="$ok|$other"
	done
	bad=$(find "$folder" -name '*.[ch]' -exec \
	    grep -nE "^#[[:space:]]*include \"($everything)/" {} + |
	    grep -vE "include \"($ok)/")
	result "$folder includes only ${allowed:-itself}" "$bad"
done <<END
$table
END

known='sqlite3(ext)?\.h'
bad=$(grep -rnlE "include <$known>" --include='*.[ch]' $folders | grep -v '^store/')
result "only store knows SQLite" "$bad"
bad=$(grep -rnlE 'include <(ncursesw/)?(curses|ncurses)\.h>' --include='*.[ch]' $folders | grep -v '^tui/')
result "only tui knows ncurses" "$bad"
echo "1..$n"
