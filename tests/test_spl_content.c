/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Real detections compile and run; each that does not is named with its reason. */
#include "config.h"

#include "rules/ruleset.h"
#include "tests/array_source.h"

static bool
count_row(void *ctx, const struct row *row)
{
	(void)row;
	++*(size_t *)ctx;
	return true;
}

/* One event of each kind that most detections look at. */
static const char events[] =
    "channel=Microsoft-Windows-Sysmon/Operational event_id=1 host=H1 User=ann "
    "Image=\"C:\\\\Windows\\\\a.exe\" "
    "CommandLine=\"a -b\" ParentImage=\"C:\\\\b.exe\" ProcessGuid=g ProcessId=4\n"
    "channel=Security event_id=4688 host=H2 NewProcessName=\"C:\\\\b.exe\" CommandLine=c "
    "SubjectUserName=bob\n"
    "channel=Microsoft-Windows-Sysmon/Operational event_id=13 host=H1 Image=\"C:\\\\a.exe\" "
    "TargetObject=\"HKLM\\\\SOFTWARE\\\\X\" Details=\"DWORD (0x00000001)\" EventType=SetValue\n"
    "channel=Microsoft-Windows-Sysmon/Operational event_id=11 host=H1 Image=\"C:\\\\a.exe\" "
    "TargetFilename=\"C:\\\\x.txt\"\n"
    "channel=Microsoft-Windows-PowerShell/Operational event_id=4104 host=H1 "
    "ScriptBlockText=\"Get-Item\" UserID=S-1\n"
    "channel=Security event_id=4624 host=H2 TargetUserName=bob LogonType=3 IpAddress=10.0.0.1\n"
    "channel=Security event_id=5136 host=DC1 ObjectDN=\"CN=x\" AttributeLDAPDisplayName=y "
    "OperationType=\"%%14674\"\n"
    "channel=System event_id=7045 host=H2 ServiceName=s ImagePath=\"C:\\\\s.exe\" ServiceType=x "
    "StartType=y\n";

int
main(void)
{
	struct arena         keep = arena_open((size_t)4 << 30);
	const char          *shared = getenv("SHARED");
	struct array_source *a = array_source_new(&keep);
	struct ruleset      *rs = ruleset_new();
	struct err           err = { 0 };
	struct text path = arena_printf(&keep, "%s/security_content", shared ? shared : "");
	uint32_t             compiled = 0, ran = 0, n;

	if (!shared || !ruleset_load(rs, path, &err)) {
		ruleset_free(rs);
		skip_all("no detections in $SHARED/security_content");
	}
	array_add(a, events);
	ruleset_compile(rs);
	n = ruleset_count(rs);
	for (uint32_t i = 0; i < n; i++) {
		const struct detection *d = ruleset_get(rs, i);
		struct search_run run = {.source = &a->source, .span = {WHEN_NONE, WHEN_MAX}};
		struct err              failed = { 0 };
		size_t                  rows = 0;

		if (!d->search) {
			printf("# %s: %s\n", d->problem.where, d->problem.what);
			continue;
		}
		compiled++;
		if (search_execute(d->search, &run, count_row, &rows, NULL, &failed))
			ran++;
		else
			printf("# " TEXT_FMT ": %s\n", TEXT_ARG(d->source), failed.what);
	}
	ok(n > 500, "%u detections are loaded", n);
	ok(compiled * 100 >= n * 97, "%u of %u compile", compiled, n);
	ok(ran == compiled, "%u of them run", ran);
	ruleset_free(rs);
	arena_close(&keep);
	return done_testing();
}
