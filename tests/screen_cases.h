/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * screen_cases.h - the cases that golden screens are drawn from: empty, small, hostile, no rules
 * matched. Matched and evaluated as the program does it, with the built-in detections.
 */
#ifndef AUGER_TESTS_SCREEN_CASES_H
#define AUGER_TESTS_SCREEN_CASES_H

#include "rules/rule_run.h"
#include "store/findings.h"
#include "store/query.h"
#include "tests/cases.h"

struct screen_case {
	struct test_case  file;
	struct ruleset   *rules;
	struct matcher   *matcher;
	struct batch_hit *hits;
	uint64_t          record;
};

#define POWERSHELL "Microsoft-Windows-PowerShell/Operational"

static size_t
screen_match(void *ctx, const struct event *ev, const struct batch_hit **hits)
{
	struct screen_case    *c = ctx;
	const struct rule_hit *found;
	size_t                 n = matcher_match(c->matcher, ev, &found);

	for (size_t i = 0; i < n; i++)
		c->hits[i] = (struct batch_hit){ found[i].rule, found[i].leaf };
	*hits = c->hits;
	return n;
}

static void
screen_event(struct screen_case *c, struct event *ev)
{
	const struct batch_hit *hits;
	size_t                  n = screen_match(c, ev, &hits);

	batch_add(c->file.batch, ev, hits, n);
}

static struct event
screen_new(struct screen_case *c, const char *host, const char *channel, uint32_t id,
	   int64_t minutes, const char *user)
{
	struct event ev = event_new(&c->file.arena, host, channel, id, ++c->record, minutes * 60);

	if (user)
		event_with(&ev, &c->file.arena, "UserID", text_of(user));
	return ev;
}

static void
screen_script(struct screen_case *c, const char *host, int64_t minutes, const char *user,
	      const char *block, uint32_t number, uint32_t total, struct text script)
{
	struct arena *a = &c->file.arena;
	struct event  ev = screen_new(c, host, POWERSHELL, 4104, minutes, user);

	event_with(&ev, a, "MessageNumber", arena_printf(a, "%u", number));
	event_with(&ev, a, "MessageTotal", arena_printf(a, "%u", total));
	event_with(&ev, a, "ScriptBlockText", script);
	event_with(&ev, a, "ScriptBlockId", text_of(block));
	event_with(&ev, a, "Path", TEXT(""));
	screen_event(c, &ev);
}

static const struct declared_rule *
screen_rules(struct screen_case *c)
{
	uint32_t              n = ruleset_count(c->rules);
	struct declared_rule *rules = arena_new(&c->file.arena, struct declared_rule, n + 1);

	for (uint32_t i = 0; i < n; i++) {
		rules[i].id = ruleset_get(c->rules, i)->id;
		rules[i].n_leaves = ruleset_keys(c->rules, i, &rules[i].keys);
	}
	return rules;
}

static bool
screen_finding(void *ctx, const struct finding *f)
{
	struct test_case *t = ctx;

	return findings_add(t->cf, f, &t->err);
}

static void
screen_evaluate(struct screen_case *c)
{
	struct test_case *t = &c->file;
	struct source     src = casefile_source(t->cf);
	struct rule_run   run = { c->rules, &src, screen_finding, NULL, t, &t->arena, NULL };

	findings_begin(t->cf, &t->err);
	for (uint32_t i = 0; i < ruleset_count(c->rules); i++) {
		const struct detection *d = ruleset_get(c->rules, i);
		struct ledger_entry     entry = { .rule_id = d->id, .rule = d->name };

		rule_run(&run, i, &entry, &t->err);
		entry.source = text_last_part(d->source);
		findings_ledger(t->cf, &entry, &t->err);
	}
	findings_end(t->cf, &t->err);
	if (t->err.kind)
		printf("# findings: %s: %s\n", t->err.where, t->err.what);
}

static void
screen_case_begin(struct screen_case *c, const char *name)
{
	struct test_case *t = &c->file;
	struct err        err = { 0 };
	const char       *top = getenv("top_srcdir");

	*c = (struct screen_case){ 0 };
	case_new(t);
	char folder[sizeof(t->folder)];

	memcpy(folder, t->folder, sizeof(folder));
	snprintf(t->path, sizeof(t->path), "%s/%s.auger", folder, name);
	c->rules = ruleset_new();
	if (!ruleset_load(c->rules, arena_printf(&t->arena, "%s/rules/detections", top ? top : "."),
			  &err))
		printf("# rules: %s\n", err.what);
	ruleset_compile(c->rules);
	c->matcher = matcher_new(c->rules);
	c->hits = arena_new(&t->arena, struct batch_hit, 1024);
	case_open(t, CASEFILE_IMPORT);
	import_declare_rules(t->cf, screen_rules(c), ruleset_count(c->rules),
			     ruleset_digest(c->rules), &t->err);
}

static void
screen_case_end(struct screen_case *c)
{
	struct test_case *t = &c->file;

	if (t->evidence) {
		batch_seal(t->batch);
		case_commit(t);
		import_end_file(t->cf, t->evidence, "ok", &t->err);
	}
	import_finish(t->cf, screen_match, c, &t->err);
	if (t->evidence)
		screen_evaluate(c);
	casefile_close(t->cf);
	t->cf = NULL;
	if (t->err.kind)
		printf("# case: %s: %s\n", t->err.where, t->err.what);
}

__attribute__((unused)) static void
screen_case_done(struct screen_case *c)
{
	matcher_free(c->matcher);
	ruleset_free(c->rules);
	case_done(&c->file);
}

static void
fill_quiet(struct screen_case *c, const char *host, int64_t from, int n)
{
	for (int i = 0; i < n; i++) {
		struct event ev =
		    screen_new(c, host, "Security", i % 3 ? 4624 : 4672, from + i * 37, "S-1-5-18");

		event_with(&ev, &c->file.arena, "TargetUserName", TEXT("svc_backup"));
		event_with(&ev, &c->file.arena, "LogonType", TEXT("3"));
		screen_event(c, &ev);
	}
}

static void
screen_process(struct screen_case *c, const char *host, int64_t minutes, const char *pid,
	       const char *parent, const char *image, const char *command)
{
	struct arena *a = &c->file.arena;
	struct event  ev = screen_new(c, host, "Security", 4688, minutes, NULL);

	event_with(&ev, a, "SubjectUserName", TEXT("svc_backup"));
	event_with(&ev, a, "NewProcessId", text_of(pid));
	event_with(&ev, a, "NewProcessName", text_of(image));
	event_with(&ev, a, "ProcessId", text_of(parent));
	event_with(&ev, a, "CommandLine", text_of(command));
	screen_event(c, &ev);
}

__attribute__((unused)) static void
make_small(struct screen_case *c)
{
	static const char *user = "S-1-5-21-1004336348-1177238915-682003330-1161";

	case_file(&c->file, "DC01/PowerShell.evtx", NULL);
	fill_quiet(c, "WIN-DC01.corp.example", -9000, 60);
	fill_quiet(c, "WS-0142.corp.example", -8000, 40);
	fill_quiet(c, "PRINT-01.corp.example", -3000, 10);
	screen_script(c, "WIN-DC01.corp.example", 10, user, "7d0e5a8c-51f0-4a53-9c0e-6a2b6f1b9f10",
		      1, 2,
		      TEXT("$ErrorActionPreference = \"SilentlyContinue\"\n"
			   "$cred = Import-Clixml .\\c.xml\n"
			   "$targets = Get-Content .\\hosts.txt\n"
			   "foreach ($t in $targets) {\n"
			   "  Invoke-WmiMethod -CN $t -Class Win32_Process `\n"
			   "    -Name create -ArgumentList \"powershell -nop -w\n"
			   "    hidden -enc SQBFAFgA\"\n"
			   "}\n"));
	screen_script(c, "WIN-DC01.corp.example", 10, user, "7d0e5a8c-51f0-4a53-9c0e-6a2b6f1b9f10",
		      2, 2,
		      TEXT("$c = New-CimSession -ComputerName $t -Credential $cred\n"
			   "# the end\n"));
	screen_script(c, "WIN-DC01.corp.example", -2900, user, "b2", 1, 1,
		      TEXT("Invoke-Command -ComputerName WS-0142 -ScriptBlock { whoami }"));
	screen_script(
	    c, "WS-0142.corp.example", -1500, user, "b3", 1, 1,
	    TEXT("Invoke-WmiExec -Target 10.2.0.9 -Username adm -Hash 00 -Command 'cmd /c dir'"));
	screen_script(c, "WS-0142.corp.example", -4500, user, "b4", 1, 1,
		      TEXT("Get-ChildItem C:\\Temp"));
	screen_process(c, "WS-0142.corp.example", -1600, "0x19f0", "0x4b4",
		       "C:\\Windows\\explorer.exe", "C:\\Windows\\explorer.exe");
	screen_process(c, "WS-0142.corp.example", -1590, "0x1a2d", "0x19f0",
		       "C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe",
		       "powershell.exe -nop -w hidden");
	screen_process(
	    c, "WS-0142.corp.example", -1580, "0x1a58", "0x1a2d",
	    "C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe",
	    "powershell.exe Invoke-WmiMethod -CN WS-0001 -Class Win32_Process -Name create");
	screen_process(c, "WS-0142.corp.example", -1570, "0x1a86", "0x1a2d",
		       "C:\\Windows\\System32\\whoami.exe", "whoami /groups");
	screen_process(c, "WS-0142.corp.example", -1560, "0x1ab0", "0x19f0",
		       "C:\\Windows\\notepad.exe", "notepad.exe");
	batch_gap(c->file.batch, 0x12a00, 4096, 7, TEXT("chunk header checksum is wrong"));
}

__attribute__((unused)) static void
make_hostile(struct screen_case *c)
{
	static const char script[] = "\033]52;c;ZXZpbA==\a\033[2J\033[H Invoke-WmiExec -Target x "
				     "\342\200\256live\342\200\254\n"
				     "\000nul \x9b"
				     "31m \xc2\x9b"
				     "31m \xff\xfe bad utf-8\r\ttab\n"
				     "wide \347\256\241\347\220\206\350\200\205 and "
				     "e\314\201\314\201\314\201\314\201 combining\n";

	case_file(&c->file, "evil\033[31m.evtx", NULL);
	screen_script(c, "WS-\033[31mRED", 1, "S-1-5-\342\200\25618", "h1", 1, 1,
		      (struct text){ script, sizeof(script) - 1 });
	screen_script(c, "\347\256\241\347\220\206\350\200\205-PC", 2, NULL, "=cmd()", 1, 1,
		      TEXT("New-CimSession -ComputerName \"=HYPERLINK(1)\""));
}

/* Events of several years, and one without a time. */
__attribute__((unused)) static void
make_years(struct screen_case *c)
{
	struct event ev;

	case_file(&c->file, "Security.evtx", NULL);
	ev = screen_new(c, "WS-0001", "Security", 4625, 0, "S-1-5-18");
	ev.time_ns = WHEN_NONE;
	screen_event(c, &ev);
	fill_quiet(c, "WS-0001", -2 * 525600, 3);
	fill_quiet(c, "WIN-OE8ABCDEFGH.corp.example", 0, 3);
}

__attribute__((unused)) static void
make_nothing(struct screen_case *c)
{
	case_file(&c->file, "Security.evtx", NULL);
	fill_quiet(c, "WS-0001", 0, 5);
}

#endif
