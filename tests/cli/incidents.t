#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Risk objects that crossed a threshold, and the risk events behind them.
. "$top_srcdir/tests/cli/lib.sh"
small_evidence ev
script WS-07.example 4 2026-03-09T12:00:00Z 'Invoke-WmiExec -Target SRV-3' >ev/later.xml
run import c.auger ev

run incidents c.auger
status_is 0 'incidents are listed'
golden incidents.csv out 'with their score, sources, tactics and window'
run incidents c.auger --cap 1
has out ',120,120,' 'a cap shows both scores'
run incidents c.auger --cap 0
status_is 2 'a cap is at least one'
run incidents c.auger --format jsonl
has out '"now":"yes"' 'what the case clock sees is marked'

run risk c.auger --host srv-1
status_is 0 'risk events of one host can be listed'
ok 'and are its only ones' sh -c 'test "$(grep -c ,system, out)" = 1'

small_evidence other
rm other/ws07.xml
run import d.auger other
run incidents d.auger
status_is 0 'no incident is no error'
has err 'no incidents' 'and is said'
done_testing
