# SPDX-License-Identifier: GPL-3.0-or-later
# Read by every tests/cli/*.t: a folder of its own, events to import, and TAP.
#   run ARGS...            runs auger; its output is in files out and err, its status in $status
#   ok SENTENCE COMMAND    the command succeeds
#   status_is N SENTENCE   what the last run returned
#   has FILE TEXT SENTENCE / lacks FILE TEXT SENTENCE
#   golden NAME FILE SENTENCE   FILE is tests/cli/golden/NAME; UPDATE=1 rewrites that
golden_folder=$top_srcdir/tests/cli/golden
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 99
LC_ALL=C.UTF-8 TZ=UTC
export LC_ALL TZ
XDG_CONFIG_HOME=$work/config
export XDG_CONFIG_HOME
unset COLUMNS COLORFGBG XDG_DATA_HOME NO_COLOR
# What a sanitizer reports is none of the statuses of auger.
ASAN_OPTIONS=exitcode=99${ASAN_OPTIONS+:$ASAN_OPTIONS}
UBSAN_OPTIONS=exitcode=99:print_stacktrace=1${UBSAN_OPTIONS+:$UBSAN_OPTIONS}
TSAN_OPTIONS=exitcode=99${TSAN_OPTIONS+:$TSAN_OPTIONS}
export ASAN_OPTIONS UBSAN_OPTIONS TSAN_OPTIONS

count=0
failed=0

report()
{
	count=$((count + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $count - $2"
		return
	fi
	failed=$((failed + 1))
	echo "not ok $count - $2"
}

explain()
{
	sed 's/^/#   /' "$@"
}

run()
{
	"$AUGER" "$@" >out 2>err </dev/null
	status=$?
	[ $status -ne 99 ] || { report 1 "auger $1 without a report of a sanitizer"; explain err; }
}

ok()
{
	sentence=$1
	shift
	"$@"
	report $? "$sentence"
}

status_is()
{
	[ "$status" -eq "$1" ]
	report $? "$2"
	[ "$status" -eq "$1" ] || { echo "#   status $status, wanted $1"; explain err; }
}

has()
{
	grep -qF -e "$2" "$1"
	report $? "$3"
	grep -qF -e "$2" "$1" || { echo "#   no '$2' in $1:"; head -20 "$1" | explain; }
}

lacks()
{
	! grep -qF -e "$2" "$1"
	report $? "$3"
}

golden()
{
	[ -z "${UPDATE-}" ] || cp "$2" "$golden_folder/$1"
	cmp -s "$2" "$golden_folder/$1"
	report $? "$3"
	cmp -s "$2" "$golden_folder/$1" || diff -u "$golden_folder/$1" "$2" | explain
}

done_testing()
{
	echo "1..$count"
	[ "$failed" -eq 0 ]
	exit $?
}

skip_all()
{
	echo "1..0 # SKIP $1"
	exit 0
}

# One event as XmlWinEventLog has it: event PROVIDER CHANNEL ID HOST RECORD TIME DATA
event()
{
	printf '%s' "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'>" \
	    "<System><Provider Name='$1'/><EventID>$3</EventID><Version>1</Version>" \
	    "<Level>5</Level><Task>2</Task><Opcode>15</Opcode><Keywords>0x0</Keywords>" \
	    "<TimeCreated SystemTime='$6'/><EventRecordID>$5</EventRecordID><Correlation/>" \
	    "<Execution ProcessID='4120' ThreadID='88'/><Channel>$2</Channel>" \
	    "<Computer>$4</Computer><Security UserID='S-1-5-21-1-2-3-1107'/></System>" \
	    "<EventData>$7</EventData></Event>"
	echo
}

# A script block: script HOST RECORD TIME TEXT [PART OF ID]
script()
{
	event Microsoft-Windows-PowerShell Microsoft-Windows-PowerShell/Operational 4104 \
	    "$1" "$2" "$3" "<Data Name='MessageNumber'>${5-1}</Data>$(
	    )<Data Name='MessageTotal'>${6-1}</Data><Data Name='ScriptBlockText'>$4</Data>$(
	    )<Data Name='ScriptBlockId'>${7-00000000-0000-0000-0000-00000000000$2}</Data>$(
	    )<Data Name='Path'></Data>"
}

# A logon: logon HOST RECORD TIME USER
logon()
{
	event Microsoft-Windows-Security-Auditing Security 4624 "$1" "$2" "$3" \
	    "<Data Name='TargetUserName'>$4</Data><Data Name='TargetDomainName'>EX</Data>$(
	    )<Data Name='LogonType'>3</Data><Data Name='IpAddress'>10.0.0.9</Data>"
}

# any_logon_rule FILE: a detection whose findings are one user on one host, with risk for both.
any_logon_rule()
{
	cat >"$1" <<'EOF'
name: Any Logon
id: 11111111-1111-4111-8111-111111111111
type: Anomaly
search: EventCode=4624 | stats count by dest user | `any_logon_filter`
rba:
  message: $user$ came to $dest$
  risk_objects:
    - {field: user, type: user, score: 56}
    - {field: dest, type: system, score: 60}
EOF
}

# Three hosts, two of which run something remotely.
small_evidence()
{
	mkdir -p "$1"
	{
		script WS-07.example 1 2026-03-09T10:00:00.1234567Z 'Get-ChildItem C:\'
		script WS-07.example 2 2026-03-09T10:05:00.5Z \
		    'Invoke-Command -ComputerName SRV-1 { whoami }'
		script WS-07.example 3 2026-03-09T10:06:00Z \
		    'New-CimSession -ComputerName SRV-1 | Invoke-CimMethod Win32_Process Create'
	} >"$1/ws07.xml"
	{
		logon SRV-1.example 11 2026-03-09T10:05:01Z alice
		script SRV-1.example 12 2026-03-09T11:00:00Z 'Invoke-WmiExec -Target SRV-2'
	} >"$1/srv1.xml"
	logon SRV-2.example 21 2026-03-09T11:00:01Z bob >"$1/srv2.xml"
}
