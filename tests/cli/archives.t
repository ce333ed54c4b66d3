#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Archives are evidence: their members are read where they are, and nothing is unpacked by name.
. "$top_srcdir/tests/cli/lib.sh"
small_evidence ev
run import plain.auger ev
run findings plain.auger
cp out plain.findings

tar cf all.tar ev
gzip -c all.tar >all.tgz
mkdir parts
for log in ws07 srv1 srv2; do
	gzip -c ev/$log.xml >parts/$log.xml.gz
done
tar cf nested.tar parts

for archive in all.tar all.tgz parts nested.tar; do
	run import "$archive.auger" "$archive"
	status_is 0 "$archive is imported"
	has err ' 6 new events' 'with all its events'
	run findings "$archive.auger"
	ok 'and the findings are those of the files themselves' cmp -s out plain.findings
done

run export all.tgz.auger -o exported
has exported/evidence.csv ',all.tgz,' 'the archive is evidence'
has exported/evidence.csv ',all.tgz:ev/ws07.xml,' 'and each member'
run export nested.tar.auger -o nested
has nested/evidence.csv ',nested.tar:parts/ws07.xml.gz:ws07.xml,' 'also of an archive in it'
run import all.tgz.auger all.tgz
status_is 0 'the same archive again succeeds'
has err '1 file (1 already in the case' 'is known as a whole'
has err ' 0 new events' 'and adds nothing'
for archive in all.tgz nested.tar; do
	"$AUGER" show plain.auger event:1 --raw --format csv | grep '^record,\(text\|bytes\),' >plain.record
	id=$("$AUGER" search "$archive.auger" "RecordNumber=$("$AUGER" show plain.auger event:1 --format csv |
	    sed -n 's/^event,record_id,\([0-9]*\),.*/\1/p')" --format csv | sed -n '2s/,.*//p')
	run show "$archive.auger" "$id" --raw --format csv
	has out 'unpacked again: the member is what was imported' "a record is read again out of $archive"
	grep '^record,\(text\|bytes\),' out >member.record
	ok 'and is that of the file' cmp -s member.record plain.record
done
mv nested.tar moved.tar
run show nested.tar.auger "$id" --raw --format csv
has out 'no file of that name' 'unless the archive is gone'
mkdir away
mv moved.tar away/nested.tar
cp nested.tar.auger away
run show away/nested.tar.auger "$id" --raw --format csv
has out 'unpacked again: the member is what was imported' 'or lies beside the case'
mv away/nested.tar moved.tar
cp all.tar nested.tar
run show nested.tar.auger "$id" --raw --format csv
has out 'does not have it any more as it was imported' 'or another one'
mv moved.tar nested.tar
run verify all.tgz.auger --format csv
status_is 0 'the case is sound'
has out 'all.tgz:ev/ws07.xml,not checked' 'members are not looked for on the disk'

mkdir -p hollow/folder
ln -s /etc/passwd hollow/link
tar cf hollow.tar hollow
printf 'PK\005\006' >void.zip
head -c 18 /dev/zero >>void.zip
run import hollow.auger hollow.tar void.zip
status_is 0 'archives without files are imported'
has err 'hollow.tar: no files in it, only folders, links or devices (3 entries)' 'it is said of what is in one'
has err 'void.zip: an archive with nothing in it' 'or that nothing is'
run info hollow.auger
has out 'evidence,hollow.tar,"empty, tar' 'and the evidence is kept as empty'

"$AUGER" import stdin.auger - <all.tgz >out 2>err
status=$?
status_is 0 'an archive may come from standard input'
has err ' 6 new events' 'with all its events'

for threads in 1 2 7; do
	run import "t$threads.auger" nested.tar all.tgz --threads $threads
	run search "t$threads.auger" '*' --format csv
	cp out "events.$threads"
	run export "t$threads.auger" -o "t$threads.out"
done
ok 'numbers of events do not depend on the number of threads' \
    sh -c 'cmp events.1 events.2 && cmp events.1 events.7'
ok 'nor does the list of evidence' \
    sh -c 'cmp t1.out/evidence.csv t2.out/evidence.csv && cmp t1.out/evidence.csv t7.out/evidence.csv'

gzip -c nested.tar >one.gz
gzip -c one.gz >two.gz
tar cf three.tar two.gz
gzip -c three.tar >four.gz
tar cf five.tar four.gz
tar cf six.tar five.tar
run import deep.auger six.tar
status_is 1 'an archive in too many others is not read'
has err 'in more than 3 archives: unpack it first' 'and the reason is said'

run import many.auger nested.tar ev/srv1.xml
has err ' 6 new events' 'a file that lies in an archive too is read once'

head -c 300 all.tgz >torn.tgz
run import torn.auger torn.tgz
status_is 1 'a torn archive is imported in part'
run export torn.auger -o torn.out
has torn.out/gaps.csv 'torn.tgz' 'what is missing is a gap'

logs=WS-99/C/Windows/System32/winevt/Logs
mkdir -p $logs
printf '03/05/2024 10:15:27 AM\nLogName=Security\nEventCode=4624\nMessage=x\n' >$logs/a.txt
tar czf collected.tgz WS-99
run import host.auger collected.tgz
run search host.auger '* | table host'
has out 'WS-99' 'a record that names no host has that of the collection'
run show host.auger event:1 --format table
has out 'host from the name of the folder' 'and says so'

# Not where memory is not counted: under sanitizers, and with other C libraries.
if (ulimit -v 3145728 && "$AUGER" --version) >/dev/null 2>&1 && command -v xz >/dev/null &&
    grep -q '^#define HAVE_MALLINFO2 1' "$top_builddir/config.h"; then
	tar cf - ev | xz --lzma2=preset=0,dict=48MiB >large.tar.xz
	run import large.auger large.tar.xz all.tgz nested.tar --threads 4 --memory 64M
	status_is 1 'an archive that asks for more memory than there is is left out'
	has err 'large.tar.xz: at byte' 'it is named'
	has err 'unpacking it takes 48 MiB of memory, more than the 36' 'with what it alone takes'
	has err ' 6 new events' 'and what lies beside it is read'
	run import enough.auger large.tar.xz --threads 4
	status_is 0 'with more memory it is read'
	has err ' 6 new events' 'whole'
fi

if command -v zip >/dev/null; then
	zip -q -r -P infected locked.zip ev
	run import locked.auger locked.zip
	status_is 1 'an encrypted archive is not read'
	has err 'encrypted: give --password' 'and the way out is said'
	run import locked.auger locked.zip --password wrong --password infected
	status_is 0 'with the password it is'
	has err ' 6 new events' 'though it was seen before'
	run export locked.auger -o locked.out
	ok 'and its gaps are gone' sh -c 'test "$(wc -l <locked.out/gaps.csv)" -eq 1'
	run show locked.auger event:1 --raw --format csv
	has out 'auger show take --password' 'a record in it is not shown without the password'
	run show locked.auger event:1 --raw --format csv --password infected
	has out 'unpacked again: the member is what was imported' 'and is with it'
	run browse locked.auger --keys '3<Enter>x'
	has out 'take --password' 'the screen says so, too'
	run browse locked.auger --keys '3<Enter>x' --password infected
	has out 'unpacked again' 'and takes one'
	run import locked.auger locked.zip
	has err '(1 already in the case' 'and then it is known'

	# Of so many wrong ones some seem to fit: a zip tells by one byte.
	run import guessed.auger locked.zip $(seq -f '--password wrong%.0f' 1000) --password infected
	status_is 0 'wrong passwords that seem to fit do not keep the right one out'
	has err ' 6 new events' 'and everything is read'
fi
done_testing
