#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The program is what configure meant it to be: hardened, as far as this compiler can.
. "$top_srcdir/tests/cli/lib.sh"
command -v readelf >/dev/null || skip_all 'readelf is not installed'
command -v nm >/dev/null || skip_all 'nm is not installed'
flags=$(sed -n 's/^AUGER_CFLAGS = //p; s/^AUGER_LDFLAGS = //p; s/^CFLAGS = //p' "$top_builddir/Makefile")
wanted()
{
	case " $(echo $flags) " in
	*" $1"*) true ;;
	*) false ;;
	esac
}
wanted -pie || skip_all 'this build is not hardened (sanitizers, fuzzing, or --disable-hardening)'

readelf -hlW "$AUGER" >headers
readelf -dW "$AUGER" >dynamic
nm -D "$AUGER" >symbols
has headers 'DYN (' 'it is position independent'
has headers 'GNU_RELRO' 'relocations are read-only'
has dynamic 'NOW' 'from the beginning'
ok 'no page is both writable and run' sh -c '! grep -E "(LOAD|GNU_STACK).* RWE" headers'
lacks dynamic 'RPATH' 'libraries are not looked for in odd places'
lacks dynamic 'RUNPATH' 'at all'
wanted -fstack-protector && has symbols '__stack_chk_fail' 'stacks are guarded'
wanted -D_FORTIFY_SOURCE && ok 'library calls are checked' grep -q '_chk' symbols
if wanted -fcf-protection && command -v objdump >/dev/null; then
	objdump -d --no-show-raw-insn "$AUGER" | grep -c endbr >landings
	ok 'jumps land where they may (CET)' test "$(cat landings)" -gt 100
fi
for danger in gets system popen; do
	ok "it does not know $danger()" sh -c "! grep -qE ' U $danger(@|\$)' symbols"
done
done_testing
