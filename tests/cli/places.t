#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Which of how many rows the cursor is on, in lists of which only a part is read.
. "$top_srcdir/tests/cli/lib.sh"

i=0
while [ $i -lt 800 ]; do
	i=$((i + 1))
	logon H$((i % 2 + 1)) $i "$(printf '2026-03-09T%02d:%02d:00Z' $((i / 60)) $((i % 60)))" eve
done >many.xml
run import many.auger many.xml --no-builtin-rules
up='<PgUp><PgUp><PgUp><PgUp><PgUp><PgUp><PgUp><PgUp>'
run browse many.auger --size 100x30 --keys "3G$up$up:filter host=H1<Enter>"
has out ' ? of 400 events' 'among fewer rows the number of the one under the cursor is not known'
run browse many.auger --size 100x30 --keys "3G$up$up:filter host=H1<Enter>G"
has out '400 of 400 events' 'until an end is seen'
done_testing
