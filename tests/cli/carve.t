#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# --carve reads event logs out of files of any kind.
. "$top_srcdir/tests/cli/lib.sh"
log=$AUGER_DATA/samples/LW-WS-23/System.evtx
[ -e "$log" ] || skip_all 'no sample evidence was made'
cp "$log" log.evtx
run import log.auger log.evtx
run search log.auger '* | table record_id host channel event_id' --format csv
sort out >wanted

{ head -c 70144 /dev/zero; tail -c +4097 log.evtx; echo 'other things'; } >disk.img
run import plain.auger disk.img
status_is 1 'an image is not read by itself'
run import disk.auger disk.img --carve
status_is 0 'with --carve it is'
run search disk.auger '* | table record_id host channel event_id' --format csv
sort out >found
ok 'and gives the events of the log in it' cmp -s found wanted
run show disk.auger event:1 --format table
has out 'recovered' 'each says that it was recovered'

run import log.auger disk.img --carve
status_is 0 'a case that has the log'
has err ' 0 new events' 'has them already'
run import plain.auger disk.img --carve
status_is 0 'an image that could not be read is read again'
run search plain.auger '* | table record_id host channel event_id' --format csv
sort out >found
ok 'when --carve is given' cmp -s found wanted

tar czf disk.tgz disk.img
run import tgz.auger disk.tgz --carve --threads 2
run search tgz.auger '* | table record_id host channel event_id' --format csv
sort out >found
ok 'an image may lie in an archive' cmp -s found wanted

run import log.auger log.evtx --recover
status_is 0 'a log is read again for what it does not count any more'
run export log.auger -o exported
has exported/evidence.csv ',ok,' 'and stays what it was'
done_testing
