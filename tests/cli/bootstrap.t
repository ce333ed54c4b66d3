#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# What bootstrap does before it builds, on machines that are made of a few commands.
. "$top_srcdir/tests/cli/lib.sh"
mkdir bin
for tool in sh dirname cat env; do
	ln -s "$(command -v $tool)" bin/$tool
done

# fake NAME: a command of that name that does what standard input says
fake()
{
	{ echo "#!$(command -v sh)"; cat; } >bin/"$1"
	chmod +x bin/"$1"
}

bootstrap()
{
	PATH=$work/bin "$(command -v sh)" "$top_srcdir/bootstrap" "$@" >out 2>err </dev/null
	status=$?
}

bootstrap
status_is 2 'without a word it says how it is used'
has err './bootstrap check' 'naming both'

bootstrap demo
status_is 2 'another system is left alone'
has err 'libsqlite3-dev' 'and told what it needs'

echo 'exit 1' | fake dpkg-query
echo "echo \"\$@\" >>'$work/apt.log'" | fake apt-get
echo 'echo 1000' | fake id
bootstrap demo
status_is 2 'neither root nor sudo: nothing is installed'
has err 'libsqlite3-dev' 'but named'
ok 'nor tried' test ! -e apt.log

echo "echo sudo >>'$work/apt.log'; exec \"\$@\"" | fake sudo
echo "echo \"\$@\" >>'$work/apt.log'; [ \"\$2\" != install ]" | fake apt-get
bootstrap demo
status_is 2 'packages that cannot be installed end it'
ok 'after sudo was asked' grep -q '^sudo' apt.log
done_testing
