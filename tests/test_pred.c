/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What comparisons mean. */
#include "config.h"

#include "base/pred.h"
#include "tests/made.h"
#include "tests/tap.h"

static const struct event *
with(struct arena *keep, const char *fields)
{
	return made_event(keep, "Setup", 1, "h", arena_join(keep, TEXT("--\n"), text_of(fields)).p);
}

/* Which of the events satisfy the predicate: "2 3". */
static void
rows_are(struct arena keep, const struct pred *p, const struct event *const *events, size_t n,
	 const char *want, const char *what)
{
	struct text got = TEXT("");

	for (size_t i = 0; i < n; i++)
		if (made_holds(p, events[i], keep))
			got = arena_printf(&keep, TEXT_FMT "%s%zu", TEXT_ARG(got), got.n ? " " : "",
					   i + 1);
	is(got, text_of(want), what);
}

static void
or_binds_as_the_tree_says(struct arena keep)
{
	const struct event *rows[] = { with(&keep, "a=1"), with(&keep, "a=1\nb=2"),
				       with(&keep, "c=3"), with(&keep, "a=1\nc=3") };
	const struct pred  *a = made_eq(&keep, "a", "1"), *b = made_eq(&keep, "b", "2");
	const struct pred  *c = made_eq(&keep, "c", "3");

	rows_are(keep, made_both(&keep, PRED_AND, a, made_both(&keep, PRED_OR, b, c)), rows, 4,
		 "2 4", "a=1 b=2 OR c=3");
	rows_are(keep,
		 made_both(&keep, PRED_AND, a, made_both(&keep, PRED_OR, made_not(&keep, b), c)),
		 rows, 4, "1 4", "a=1 NOT b=2 OR c=3");
}

static void
absent_fields_are_false_and_their_negation_true(struct arena keep)
{
	const struct event *rows[] = { with(&keep, "loc=Calais"), with(&keep, "loc=Dover"),
				       with(&keep, "x=1"), with(&keep, "loc=") };

	rows_are(keep, made_compare(&keep, PRED_NE, "loc", "Calais"), rows, 4, "2", "loc!=Calais");
	rows_are(keep, made_not(&keep, made_eq(&keep, "loc", "Calais")), rows, 4, "2 3 4",
		 "NOT loc=Calais");
	rows_are(keep, made_not(&keep, made_eq(&keep, "loc", "*")), rows, 4, "3 4", "NOT loc=*");
	rows_are(keep, made_eq(&keep, "loc", "cal*"), rows, 4, "1", "loc=cal*");
	rows_are(keep, made_eq(&keep, "loc", "*"), rows, 4, "1 2", "loc=*");
	rows_are(keep, made_compare(&keep, PRED_NE, "loc", "*"), rows, 4, "", "loc!=*");
	rows_are(keep, made_eq(&keep, "loc", ""), rows, 4, "", "loc=\"\"");
}

static void
numbers_compare_as_numbers_only_when_both_are(struct arena keep)
{
	const struct event *rows[] = { with(&keep, "code=404"), with(&keep, "code=404.0"),
				       with(&keep, "code=5"), with(&keep, "code=abc"),
				       with(&keep, "code=0x1f") };

	rows_are(keep, made_eq(&keep, "code", "404"), rows, 5, "1", "code=404 compares text");
	rows_are(keep, made_compare(&keep, PRED_GT, "code", "40"), rows, 5, "1 2 4",
		 "code>40: 404, 404.0 as numbers, abc as text, not 0x1f");
	rows_are(keep, made_compare(&keep, PRED_LE, "code", "5"), rows, 5, "3 5", "code<=5");
	rows_are(keep, made_compare(&keep, PRED_LT, "code", "b"), rows, 5, "1 2 3 4 5",
		 "code<b compares text");
}

static void
several_values_mean_any_of_them(struct arena keep)
{
	const struct event *rows[] = { with(&keep, "f=x\nf=y"), with(&keep, "f=x") };

	rows_are(keep, made_eq(&keep, "f", "x"), rows, 2, "1 2", "f=x");
	rows_are(keep, made_compare(&keep, PRED_NE, "f", "x"), rows, 2, "1", "f!=x: y differs");
	rows_are(keep, made_not(&keep, made_eq(&keep, "f", "x")), rows, 2, "", "NOT f=x");
}

static void
a_host_goes_by_its_first_label_and_by_its_full_name(struct arena keep)
{
	const struct event *rows[] = {
		made_event(&keep, "Security", 1, "DC1.corp.example", "--\na=b"),
		made_event(&keep, "Security", 1, "WS1", "--\na=b"),
	};

	rows_are(keep, made_eq(&keep, "host", "dc1"), rows, 2, "1", "host=dc1");
	rows_are(keep, made_eq(&keep, "host", "dc1.corp.example"), rows, 2, "1", "its full name");
	rows_are(keep, made_eq(&keep, "host", "*.example"), rows, 2, "1", "a part of that");
	rows_are(keep, made_compare(&keep, PRED_NE, "host", "dc1"), rows, 2, "2", "host!=dc1");
	rows_are(keep, made_compare(&keep, PRED_NE, "host", "dc1.corp.example"), rows, 2, "2",
		 "host!= its full name");
	rows_are(keep, made_eq(&keep, "dest", "dc1"), rows, 2, "", "dest is as logged");
	is(made_values(&keep, rows[0], "host"), TEXT("DC1"), "the value is the short name");
}

static bool
matches(struct arena keep, const char *pattern, const char *value)
{
	struct pattern p = pattern_make(&keep, text_of(pattern), false, false);

	return pattern_match(&p, text_of(value));
}

static void
asterisks_match_any_run(struct arena keep)
{
	static const struct {
		const char *pattern, *value;
		bool        want;
	} cases[] = {
		{ "abc", "ABC", true },
		{ "abc", "abcd", false },
		{ "a*c", "ac", true },
		{ "a*c", "aXXc", true },
		{ "a*c", "aXXcd", false },
		{ "ab*ba", "aba", false },
		{ "ab*ba", "abba", true },
		{ "*b*", "abc", true },
		{ "*abc", "xabcabc", true },
		{ "*ab*ab", "ab", false },
		{ "*ab*ab", "abab", true },
		{ "a**c", "abc", true },
		{ "**", "", true },
		{ "a?c", "abc", false },
		{ "a%c", "abc", false },
		{ "C:\\Temp\\*", "c:\\temp\\x", true },
		{ "\\*", "\\anything", true },
		{ "\\*", "*", false },
		{ "STRASSE", "Straße", false },
		{ "\xC3\x84*", "\xC3\xA4rger", true },
		{ "*\xD0\x96*", "x\xD0\xB6y", true },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		ok(matches(keep, cases[i].pattern, cases[i].value) == cases[i].want, "%s %s %s",
		   cases[i].pattern, cases[i].want ? "matches" : "does not match", cases[i].value);
}

/* Small alphabet, so that near misses abound; both letter cases, ASCII and not. */
static struct text
random_text(uint32_t *state, struct arena *keep, size_t n)
{
	static const char *const letters[] = { "a", "A", "b", "-", "\xC3\xA4", "\xC3\x84", "[" };
	struct text              t = TEXT("");

	while (t.n < n) {
		*state = *state * 1664525 + 1013904223;
		t = arena_join(keep, t, text_of(letters[(*state >> 16) % 7]));
	}
	return t;
}

static void
finding_without_case_is_finding_in_folded_text(struct arena keep)
{
	uint32_t state = 1;
	size_t   wrong = 0, found = 0;

	for (size_t i = 0; i < 20000; i++) {
		struct arena scratch = keep;
		struct text  hay = random_text(&state, &scratch, i % 67);
		struct text  needle = random_text(&state, &scratch, 1 + i % 5);
		size_t       at;

		needle = arena_fold(&scratch, needle);
		at = text_ifind(hay, needle);
		wrong += at != text_find(arena_fold(&scratch, hay), needle);
		found += at != TEXT_NOWHERE;
	}
	ok(wrong == 0 && found > 1000, "20000 random texts, %zu finds", found);
}

static void
exact_and_cased_patterns_take_values_as_they_are(struct arena keep)
{
	struct pattern exact = pattern_make(&keep, TEXT("a*c"), true, false);
	struct pattern cased = pattern_make(&keep, TEXT("Ab*"), false, true);

	ok(pattern_match(&exact, TEXT("A*C")), "an asterisk of a filled in value is itself");
	ok(!pattern_match(&exact, TEXT("abc")), "and no wildcard");
	ok(pattern_match(&cased, TEXT("Abc")) && !pattern_match(&cased, TEXT("abc")),
	   "CASE() minds letter case");
}

static void
networks_contain_addresses(struct arena keep)
{
	ok(matches(keep, "10.1.0.0/16", "10.1.2.3"), "10.1.2.3 is in 10.1.0.0/16");
	ok(!matches(keep, "10.1.0.0/16", "10.2.2.3"), "10.2.2.3 is not");
	ok(matches(keep, "10.1.0.0/16", "10.1.0.0/16"), "equal text matches");
	ok(matches(keep, "10.0.0.0/8", "::ffff:10.9.9.9"), "mapped addresses are IPv4");
	ok(matches(keep, "192.0.2.128/25", "192.0.2.129"), "bits inside a byte count");
	ok(!matches(keep, "192.0.2.128/25", "192.0.2.127"), "on both sides");
	ok(matches(keep, "2001:db8::/32", "2001:db8:1::5"), "IPv6");
	ok(!matches(keep, "2001:db8::/32", "10.0.0.1"), "IPv4 is not inside an IPv6 network");
	ok(!matches(keep, "10.1.0.0/33", "10.1.0.0"), "33 bits are no network");
	ok(!matches(keep, "10.1.0.0/", "10.1.0.0"), "no bits, no network");
	ok(matches(keep, "0.0.0.0/0", "1.2.3.4"), "0.0.0.0/0 has every IPv4 address");
}

static bool
finds(struct arena keep, const char *word, const char *raw, bool whole, bool cased)
{
	const struct event *ev = with(&keep, arena_join(&keep, TEXT("v="), text_of(raw)).p);
	struct pred         p = *made_word(&keep, word);

	p.whole = whole;
	p.pattern = pattern_make(&keep, text_of(word), false, cased);
	return made_holds(&p, ev, keep);
}

static void
words_end_at_breakers(struct arena keep)
{
	ok(!finds(keep, "log", "logon", false, false), "log does not match logon");
	ok(finds(keep, "log*", "logon", false, false), "log* does");
	ok(finds(keep, "*on", "logon", false, false), "*on does");
	ok(finds(keep, "10.0.0.5", "src=10.0.0.5:443", false, false),
	   "an address inside minor breakers");
	ok(!finds(keep, "10.0.0.5", "src=10.0.0.55", false, false), "not inside a longer one");
	ok(finds(keep, "10.0.0.5", "10.0.0.55 10.0.0.5", false, false), "a later place counts");
	ok(finds(keep, "LOG", "a log b", false, false), "letter case is ignored");
	ok(!finds(keep, "LOG", "a log b", false, true), "unless CASE() was asked for");
	ok(finds(keep, "new object", "(New-Object) new object;", false, false), "a phrase");
	ok(finds(keep, "-CN", "x -CN y", false, false), "a word that starts with a breaker");
	ok(finds(keep, "foo*bar", "a foo_1_bar b", false, false), "a wildcard inside");
	ok(finds(keep, "10.0.0.5", "(10.0.0.5)", true, false), "TERM() between major breakers");
	ok(!finds(keep, "10.0.0.5", "ip=10.0.0.5", true, false), "TERM() not beside minor ones");
	ok(!finds(keep, "v", "x", false, false), "names of fields are no words");
}

#define MANY 200

/* Alternatives of all forms, most of them about the field a. */
static const struct pred *
alternative(struct arena *keep, uint32_t i)
{
	const char *value = arena_cstr(keep, arena_printf(keep, "value%u", i % 40));

	if (i % 7 == 0)
		return made_both(keep, PRED_AND, made_eq(keep, "b", i % 2 ? "x" : "y"),
				 made_eq(keep, "a", value));
	if (i % 11 == 0)
		return made_compare(keep, PRED_GT, "c", "5");
	if (i % 13 == 0)
		return made_both(keep, PRED_AND, made_not(keep, made_eq(keep, "b", "x")),
				 made_eq(keep, "c", "1"));
	switch (i % 5) {
	case 0:
		value = arena_cstr(keep, arena_printf(keep, i % 2 ? "P*%u" : "*E%u", i % 40));
		break;
	case 3:
		value = arena_cstr(keep, arena_printf(keep,
						      i % 3 == 0   ? "*-tail%u"
						      : i % 3 == 1 ? "*Alu*%u"
								   : "x*-ta*L%u*",
						      i % 40));
		break;
	case 1:
		value = arena_cstr(keep, arena_printf(keep, "10.%u.0.0/16", i % 40));
		break;
	case 2:
		value = arena_cstr(keep, arena_printf(keep, "\xC3\x84%u", i % 40));
		break;
	}
	return made_eq(keep, "a", value);
}

static void
many_alternatives_hold_as_each_of_them_does(struct arena keep)
{
	const struct pred **kids = arena_new(&keep, const struct pred *, MANY);
	const struct pred  *filed;
	struct pred         plain;
	unsigned            wrong = 0, held = 0;

	for (uint32_t i = 0; i < MANY; i++)
		kids[i] = alternative(&keep, i * 3 % 170);
	filed = pred_list(&keep, PRED_OR, kids, MANY);
	plain = *filed;
	plain.filed = NULL;
	ok(filed->filed != NULL, "values of one field are filed");
	for (unsigned i = 0; i < 900; i++) {
		const unsigned      n = i % 45;
		struct text         a = TEXT("");
		const struct event *ev;

		switch (i % 6) {
		case 0:
			a = arena_printf(&keep, "a=VALUE%u", n);
			break;
		case 1:
			a = arena_printf(&keep, "a=p-%u", n);
			break;
		case 2:
			a = arena_printf(&keep, "a=10.%u.3.4", n);
			break;
		case 3:
			a = arena_printf(&keep, n % 2 ? "a=\xC3\xA4%u" : "a=x-TAIL%u", n);
			break;
		case 4:
			a = arena_printf(&keep, "a=none\na=value%u", n);
			break;
		}
		ev = with(&keep, arena_printf(&keep, TEXT_FMT "\nb=%s\nc=%u", TEXT_ARG(a),
					      i % 4 ? "x" : "y", i % 3 ? 0 : i % 9).p);
		wrong += made_holds(filed, ev, keep) != made_holds(&plain, ev, keep);
		held += made_holds(filed, ev, keep);
	}
	ok(wrong == 0, "whatever an event has");
	ok(held > 100 && held < 800, "some events satisfy one, others none");
	kids[0] = made_eq(&keep, "a", "1");
	ok(!pred_list(&keep, PRED_OR, kids, 3)->filed, "a few are asked one by one");
}

static struct text
no_raw(const void *self, struct arena *keep)
{
	(void)self;
	(void)keep;
	return TEXT_NONE;
}

static void
a_lone_asterisk_is_true_without_any_text(struct arena keep)
{
	struct subject s = event_subject(with(&keep, "a=1"));

	s.raw = no_raw;
	ok(pred_eval(made_word(&keep, "*"), &s, keep), "search *");
	ok(!pred_eval(made_word(&keep, "a*"), &s, keep), "search a*");
	s.raw = NULL;
	ok(pred_eval(made_word(&keep, "*"), &s, keep), "search * where there is no text at all");
	ok(!pred_eval(made_word(&keep, "1"), &s, keep), "a word there");
}

static void
time_ranges_are_half_open(struct arena keep)
{
	struct event *ev = made_event(&keep, "Setup", 1, "h", "");
	struct pred   p = { .kind = PRED_TIME, .earliest_ns = 10, .latest_ns = 20 };

	ok(!made_holds(&p, ev, keep), "an event without time is in no range");
	ev->time_ns = 10;
	ok(made_holds(&p, ev, keep), "earliest is inside");
	ev->time_ns = 20;
	ok(!made_holds(&p, ev, keep), "latest is outside");
	p.earliest_ns = WHEN_NONE;
	p.latest_ns = WHEN_MAX;
	ev->time_ns = WHEN_NONE;
	ok(made_holds(&p, ev, keep), "open ends hold everything");
}

/* The macro of powershell detections, in either spelling. */
static const struct pred *
powershell(struct arena *keep)
{
	return made_both(keep, PRED_OR, made_eq(keep, "source", "WinEventLog:" POWERSHELL_LOG),
			 made_eq(keep, "source", "XmlWinEventLog:" POWERSHELL_LOG));
}

static void
sources_have_two_spellings(struct arena keep)
{
	const struct event *ev = made_event(&keep, POWERSHELL_LOG, 4104, "h", "");

	ok(made_holds(powershell(&keep)->kids[0], ev, keep), "WinEventLog:");
	ok(made_holds(powershell(&keep)->kids[1], ev, keep), "XmlWinEventLog:");
	ok(made_holds(made_eq(&keep, "source", "xmlwineventlog:*"), ev, keep), "without case");
	ok(made_holds(made_eq(&keep, "sourcetype", "xmlwineventlog"), ev, keep), "sourcetype");
	ok(made_holds(made_eq(&keep, "sourcetype", "XmlWinEventLog:" POWERSHELL_LOG), ev, keep),
	   "sourcetype of old data");
	ok(!made_holds(made_eq(&keep, "source", "XmlWinEventLog:Security"), ev, keep),
	   "another log");
}

static void
users_compare_with_and_without_domain(struct arena keep)
{
	const struct event *ev = made_event(&keep, SYSMON_LOG, 1, "h", "--\nUser=CORP\\ann");

	ok(made_holds(made_eq(&keep, "Processes.user", "ann"), ev, keep), "ann");
	ok(made_holds(made_eq(&keep, "Processes.user", "corp\\ann"), ev, keep), "corp\\ann");
	ok(!made_holds(made_eq(&keep, "Processes.user", "corp"), ev, keep), "corp");
}

struct seed {
	const struct event *events[6];
	const struct pred  *winrm, *wmiexec, *cim, *wmi_process, *wmi_script;
};

static const struct pred *
all_of(struct arena *keep, const struct pred *p, const char *name, const char *const *values)
{
	for (; *values; values++)
		p = pred_and(keep, p, made_eq(keep, name, *values));
	return p;
}

static const struct pred *
process_powershell(struct arena *keep)
{
	static const char *const names[] = { "pwsh.exe", "powershell_ise.exe", NULL };
	const struct pred       *p = made_eq(keep, "Processes.process_name", "powershell.exe");

	for (size_t i = 0; names[i]; i++)
		p = made_both(keep, PRED_OR, p, made_eq(keep, "Processes.process_name", names[i]));
	return made_both(keep, PRED_OR, p,
			 made_eq(keep, "Processes.original_file_name", "PowerShell.EXE"));
}

static const struct pred *
is_model(struct arena *keep, enum model m)
{
	struct pred *p = arena_new(keep, struct pred, 1);

	*p = (struct pred){ .kind = PRED_MODEL, .model = m };
	return p;
}

static struct seed
seed_searches(struct arena *keep)
{
	static const char *const remote[] = { "*invoke-command*", "*-computername*", NULL };
	static const char *const wmi[] = { "*Invoke-WmiMethod*", "*-CN*", "*-Class Win32_Process*",
					   "*-Name create*", NULL };
	const struct pred       *script =
	    pred_and(keep, powershell(keep), made_eq(keep, "EventCode", "4104"));
	struct seed s;

	s.winrm = all_of(keep, script, "ScriptBlockText", remote);
	s.wmiexec = pred_and(keep, script, made_eq(keep, "ScriptBlockText", "*invoke-wmiexec*"));
	s.cim = pred_and(keep, script,
			 made_both(keep, PRED_OR,
				   made_eq(keep, "ScriptBlockText", "*invoke-CIMMethod*"),
				   made_eq(keep, "ScriptBlockText", "*New-CimSession*")));
	s.wmi_process =
	    all_of(keep, pred_and(keep, is_model(keep, MODEL_PROCESSES), process_powershell(keep)),
		   "Processes.process", wmi);
	s.wmi_script = all_of(keep, script, "Message", wmi);
	s.events[0] =
	    made_event(keep, POWERSHELL_LOG, 4104, "WS1",
		       "UserID=S-1\n--\nScriptBlockText=invoke-command -computername SRV { calc }");
	s.events[1] = s.events[0];
	s.events[2] = made_event(keep, POWERSHELL_LOG, 4104, "WS1",
				 "UserID=S-1\n--\nScriptBlockText=Invoke-Command -ScriptBlock {}");
	s.events[3] = made_event(
	    keep, POWERSHELL_LOG, 4104, "WS2",
	    "UserID=S-2\n--\nScriptBlockText=Import-Module .\\Invoke-WMIExec.ps1\nPath=");
	s.events[4] = made_event(keep, POWERSHELL_LOG, 4104, "WS2",
				 "--\nScriptBlockText=New-CimSession -ComputerName X");
	s.events[5] =
	    made_event(keep, SYSMON_LOG, 1, "WS3",
		       "--\nImage=C:\\x\\PowerShell.exe\n"
		       "CommandLine=powershell Invoke-WmiMethod -Class Win32_Process -CN T -Name "
		       "create\nUser=ann\nParentImage=C:\\w\\cmd.exe");
	return s;
}

static void
the_five_seed_searches_find_their_events(struct arena keep)
{
	struct seed         s = seed_searches(&keep);
	const struct event *message[] = { made_event(
	    &keep, POWERSHELL_LOG, 4104, "WS4",
	    "--\nScriptBlockText=Invoke-WmiMethod -CN a -Class Win32_Process -Name create") };

	rows_are(keep, s.winrm, s.events, 6, "1 2", "WinRM and PowerShell script block");
	rows_are(keep, s.wmiexec, s.events, 6, "4", "Invoke-WmiExec usage");
	rows_are(keep, s.cim, s.events, 6, "5", "Invoke-CIMMethod and New-CimSession");
	rows_are(keep, s.wmi_process, s.events, 6, "6", "WMI and PowerShell");
	rows_are(keep, s.wmi_script, s.events, 6, "", "WMI and PowerShell script block");
	rows_are(keep, s.wmi_script, message, 1, "1", "Message of an event without one is built");
}

/* Of an event only its kind is known. */
static enum pred_sure
sure_of(struct arena *keep, const char *channel, uint32_t id, const struct pred *p)
{
	return pred_sure(p, made_event(keep, channel, id, "h", ""), *keep);
}

static void
the_kind_of_an_event_decides_what_depends_on_nothing_else(struct arena keep)
{
	const struct pred *script = made_both(&keep, PRED_AND, made_eq(&keep, "EventCode", "4104"),
					      made_eq(&keep, "ScriptBlockText", "*x*"));
	const struct pred *logon = made_both(&keep, PRED_OR, made_eq(&keep, "EventCode", "4624"),
					     made_eq(&keep, "EventCode", "4625"));
	const struct pred *process = pred_model(&keep, MODEL_PROCESSES);
	const struct pred *registry = pred_model(&keep, MODEL_REGISTRY);

	ok(sure_of(&keep, "Security", 4624, logon) == SURE_YES, "4624 is one of two: yes");
	ok(sure_of(&keep, "Security", 4625, made_not(&keep, logon)) == SURE_NOT, "its negation: no");
	ok(sure_of(&keep, "Security", 4624, script) == SURE_NOT, "it is no script block");
	ok(sure_of(&keep, "Security", 4104, script) == SURE_ASK, "a script block must be read");
	ok(sure_of(&keep, "Security", 1, made_eq(&keep, "source", "*EventLog:Security")) == SURE_YES,
	   "the source is the channel's");
	ok(sure_of(&keep, "Security", 4688, process) == SURE_YES &&
	       sure_of(&keep, "Security", 4689, process) == SURE_NOT,
	   "processes are of one id");
	ok(sure_of(&keep, "Security", 4670, registry) == SURE_ASK, "4670 may be of a registry key");
	ok(sure_of(&keep, "Security", 0, made_eq(&keep, "EventCode", "0")) == SURE_ASK,
	   "an event without an id may have the field");
	ok(sure_of(&keep, "Security", 4688, made_eq(&keep, "Processes.vendor_product", "x")) !=
	       SURE_YES,
	   "a fixed value is compared");
	ok(sure_of(&keep, "Security", 1, made_compare(&keep, PRED_NE, "loc", "x")) == SURE_ASK,
	   "fields are not known");
}

static void
highlights_lie_where_the_pattern_matched(struct arena keep)
{
	struct pattern p = pattern_make(&keep, TEXT("*wmi*name*"), false, false);
	struct pattern end = pattern_make(&keep, TEXT("a*c"), false, false);
	struct range   r[4];

	ok(pattern_ranges(&p, TEXT("Invoke-WmiMethod -Name x"), r, 4) == 2 && r[0].start == 7 &&
	       r[0].n == 3 && r[1].start == 18 && r[1].n == 4,
	   "two pieces");
	ok(pattern_ranges(&p, TEXT("nothing"), r, 4) == 0, "no match, no highlight");
	ok(pattern_ranges(&end, TEXT("abcc"), r, 4) == 2 && r[1].start == 3,
	   "the end is the last c");
	ok(pattern_ranges(&p, TEXT("wmi name"), r, 1) == 1, "no more than asked for");
}

static void
predicates_print_as_searches(struct arena keep)
{
	const struct pred *a = made_eq(&keep, "a", "x*"),
			  *b = made_compare(&keep, PRED_NE, "b", "\"\\");
	const struct pred *p =
	    made_both(&keep, PRED_AND, a,
		      made_both(&keep, PRED_OR, made_not(&keep, b), made_word(&keep, "w")));
	struct text names[4];

	is(pred_print(p, &keep), TEXT("a=\"x*\" (NOT b!=\"\\\"\\\\\" OR \"w\")"), "a b OR w");
	is(pred_print(pred_true(), &keep), TEXT("*"), "true");
	ok(pred_names(p, names, 4) == 2 && text_eq(names[1], TEXT("b")), "it reads a and b");
	ok(pred_and(&keep, NULL, NULL)->kind == PRED_TRUE && pred_and(&keep, a, pred_true()) == a,
	   "nothing is true");
}

int
main(void)
{
	struct arena keep = arena_open(64 << 20);

	or_binds_as_the_tree_says(keep);
	absent_fields_are_false_and_their_negation_true(keep);
	numbers_compare_as_numbers_only_when_both_are(keep);
	several_values_mean_any_of_them(keep);
	a_host_goes_by_its_first_label_and_by_its_full_name(keep);
	asterisks_match_any_run(keep);
	finding_without_case_is_finding_in_folded_text(keep);
	exact_and_cased_patterns_take_values_as_they_are(keep);
	networks_contain_addresses(keep);
	words_end_at_breakers(keep);
	many_alternatives_hold_as_each_of_them_does(keep);
	a_lone_asterisk_is_true_without_any_text(keep);
	time_ranges_are_half_open(keep);
	sources_have_two_spellings(keep);
	users_compare_with_and_without_domain(keep);
	the_five_seed_searches_find_their_events(keep);
	the_kind_of_an_event_decides_what_depends_on_nothing_else(keep);
	highlights_lie_where_the_pattern_matched(keep);
	predicates_print_as_searches(keep);
	arena_close(&keep);
	return done_testing();
}
