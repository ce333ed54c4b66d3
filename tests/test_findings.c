/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Findings in the store: risk of hosts and users, verdicts and notes, filters. */
#include "config.h"

#include "store/case_macros.h"
#include "store/db.h"
#include "tests/finding_cases.h"

struct hosts {
	int    n;
	char   name[8][64], techniques[8][64], tactics[8][64];
	double risk[8];
	uint32_t findings[8], rules[8];
};

static bool
keep_host(void *ctx, const struct host_row *row)
{
	struct hosts *h = ctx;

	snprintf(h->name[h->n], 64, TEXT_FMT, TEXT_ARG(row->host));
	snprintf(h->techniques[h->n], 64, TEXT_FMT, TEXT_ARG(row->techniques));
	snprintf(h->tactics[h->n], 64, TEXT_FMT, TEXT_ARG(row->tactics));
	h->risk[h->n] = row->risk_score;
	h->findings[h->n] = row->findings;
	h->rules[h->n++] = row->rules;
	return h->n < 8;
}

static struct hosts
hosts_of(struct test_case *t, struct case_filter f)
{
	struct hosts h = { 0 };

	if (!query_hosts(t->cf, &f, keep_host, &h, &t->err))
		printf("# %s\n", t->err.what);
	return h;
}

static bool
near(double a, double b)
{
	return a - b < 0.001 && b - a < 0.001;
}

static void
risk_adds_up_per_host(void)
{
	struct test_case t;

	start(&t);
	findings_begin(t.cf, &t.err);
	add(&t, finding_of(&t, "k1", "a", "ws-07", RISK_SYSTEM, 25));
	add(&t, finding_of(&t, "k2", "b", "WS-07.corp.example", RISK_SYSTEM, 63));
	add(&t, finding_of(&t, "k3", "a", "WS-08", RISK_SYSTEM, 50));
	add(&t, finding_of(&t, "k4", "a", "dc01", RISK_SYSTEM, 10));
	add(&t, finding_of(&t, "k5", "a", "DC01.west.example", RISK_SYSTEM, 9));
	add(&t, finding_of(&t, "k6", "a", "corp\\ann", RISK_USER, 40));
	ok(findings_end(t.cf, &t.err), "findings are written");
	struct hosts h = hosts_of(&t, CASE_FILTER_ALL);

	ok(h.n == 6, "four hosts with events, two known only from findings");
	ok(strcmp(h.name[0], "WS-07") == 0 && near(h.risk[0], 88),
	   "case and a domain do not part a host's risk");
	ok(h.findings[0] == 2 && h.rules[0] == 2, "two findings of two rules");
	ok(strcmp(h.techniques[0], "T1021.006:2 T1047:2") == 0, "techniques are counted");
	ok(strcmp(h.tactics[0], "Execution, Lateral Movement") == 0, "tactics are listed");
	ok(strcmp(h.name[1], "ws-08.corp.example") == 0 && near(h.risk[1], 50),
	   "a first label means the one host that has it");
	ok(strcmp(h.name[2], "dc01") == 0 && near(h.risk[2], 10), "not one of two");
	ok(strcmp(h.name[3], "DC01.west.example") == 0, "nor one in another domain");
	ok(near(h.risk[4], 0) && h.findings[4] == 0, "hosts without findings follow");
	findings_begin(t.cf, &t.err);
	findings_clear_all(t.cf, &t.err);
	findings_end(t.cf, &t.err);
	h = hosts_of(&t, CASE_FILTER_ALL);
	ok(h.n == 4 && near(h.risk[0], 0), "without findings only hosts with events are left");
	case_done(&t);
}

static void
under_a_filter_numbers_are_those_of_findings_that_pass(void)
{
	struct test_case   t;
	struct case_filter f = CASE_FILTER_ALL;
	struct finding     other;
	struct text        worst;
	double             score;

	start(&t);
	findings_begin(t.cf, &t.err);
	add(&t, finding_of(&t, "k1", "a", "ws-07", RISK_SYSTEM, 25));
	add(&t, finding_of(&t, "k2", "b", "WS-07.corp.example", RISK_SYSTEM, 63));
	add(&t, finding_of(&t, "k3", "a", "WS-08", RISK_SYSTEM, 50));
	other = finding_of(&t, "k4", "c", "WS-08", RISK_SYSTEM, 70);
	other.techniques = TEXT("T1059.001");
	other.tactics = TEXT("Execution");
	add(&t, other);
	findings_end(t.cf, &t.err);
	struct hosts h = hosts_of(&t, f);

	ok(near(h.risk[0], 120) && near(h.risk[1], 88), "in the whole case WS-08 leads");
	f.technique = TEXT("T1047");
	h = hosts_of(&t, f);
	ok(h.n == 2 && strcmp(h.name[0], "WS-07") == 0 && near(h.risk[0], 88) &&
	       near(h.risk[1], 50),
	   "under a technique risk is that of its findings, and so is the order");
	ok(h.findings[1] == 1 && h.rules[1] == 1 &&
	       strcmp(h.techniques[1], "T1021.006:1 T1047:1") == 0,
	   "and so are findings, rules and techniques");
	f.min_risk = 60;
	h = hosts_of(&t, f);
	ok(h.n == 1 && strcmp(h.name[0], "WS-07") == 0, "a least risk is asked of that sum");
	f = CASE_FILTER_ALL;
	f.host = TEXT("WS-07");
	f.rule = TEXT("a");
	h = hosts_of(&t, f);
	ok(h.n == 1 && near(h.risk[0], 25) && h.findings[0] == 1, "a host and a rule together");
	f = CASE_FILTER_ALL;
	f.conditions = &(struct condition){
		.part = FILTER_TECHNIQUE, .excludes = true, .values = &TEXT("T1047"), .n_values = 1
	};
	f.n_conditions = 1;
	h = hosts_of(&t, f);
	ok(h.n == 3 && strcmp(h.tactics[0], "Execution") == 0 && near(h.risk[0], 70) &&
	       h.findings[1] == 0,
	   "without a technique: what is left of a host, and those that never had findings");
	f = CASE_FILTER_ALL;
	f.rule = TEXT("a");
	worst = query_worst_finding(t.cf, &f, 1, &t.arena, &score);
	ok(text_eq(worst, TEXT("Rule a")) && near(score, 25), "the worst finding is one that passes");
	case_done(&t);
}

static void
a_line_end_does_not_cut_a_name(void)
{
	struct test_case t;

	start(&t);
	findings_begin(t.cf, &t.err);
	add(&t, finding_of(&t, "k1", "a", "WS-07\nDC01", RISK_SYSTEM, 25));
	ok(findings_end(t.cf, &t.err), "a host whose name has two lines");
	struct hosts h = hosts_of(&t, CASE_FILTER_ALL);

	ok(h.n == 5 && strcmp(h.name[0], "WS-07\nDC01") == 0 && near(h.risk[0], 25),
	   "the risk is its own");
	ok(near(h.risk[1], 0), "not that of the host which its first line names");
	case_done(&t);
}

static bool
keep_id(void *ctx, const struct finding_row *row)
{
	*(int64_t *)ctx = row->id;
	return true;
}

static void
verdicts_and_notes_survive(void)
{
	struct test_case   t;
	struct finding_row row;
	int64_t            id = 0, again = 0;

	start(&t);
	findings_begin(t.cf, &t.err);
	add(&t, finding_of(&t, "k1", "a", "WS-07", RISK_SYSTEM, 25));
	findings_end(t.cf, &t.err);
	query_findings(t.cf, &CASE_FILTER_ALL, keep_id, &id, &t.err);
	ok(work_set(t.cf, TEXT("k1"), WORK_VERDICT, TEXT("true positive"), &t.err), "a verdict is given");
	ok(work_set(t.cf, TEXT("k1"), WORK_NOTE, TEXT("call Ann"), &t.err), "a note is written");
	ok(!work_set(t.cf, TEXT("k1"), WORK_VERDICT, TEXT("maybe"), &t.err) && t.err.kind == ERR_USAGE,
	   "maybe is no verdict");
	t.err = (struct err){ 0 };
	findings_begin(t.cf, &t.err);
	findings_clear_all(t.cf, &t.err);
	add(&t, finding_of(&t, "k0", "a", "WS-07", RISK_SYSTEM, 25));
	add(&t, finding_of(&t, "k1", "a", "WS-07", RISK_SYSTEM, 30));
	add(&t, finding_of(&t, "k1", "a", "WS-07", RISK_SYSTEM, 31));
	findings_end(t.cf, &t.err);
	ok(count(&t, CASE_FILTER_ALL) == 2, "a key is there once");
	ok(query_finding(t.cf, id, &t.arena, &row, &t.err), "the finding has its number again");
	is(row.verdict, TEXT("true positive"), "and its verdict");
	is(row.note, TEXT("call Ann"), "and its note");
	ok(near(row.finding.risk_score, 31), "with the new score");
	struct case_filter f = CASE_FILTER_ALL;

	f.verdict = TEXT("open");
	ok(count(&t, f) == 1, "the other one is open");
	work_set(t.cf, TEXT("k1"), WORK_VERDICT, TEXT("open"), &t.err);
	ok(count(&t, f) == 2, "a verdict can be taken back");
	query_findings(t.cf, &f, keep_id, &again, &t.err);
	case_done(&t);
}

static void
a_finding_comes_back_whole(void)
{
	struct test_case   t;
	struct finding_row row;
	struct event_row   none = { 0 };

	(void)none;
	start(&t);
	findings_begin(t.cf, &t.err);
	add(&t, finding_of(&t, "k1", "a", "WS-07", RISK_SYSTEM, 25));
	findings_end(t.cf, &t.err);
	ok(query_finding(t.cf, 1, &t.arena, &row, &t.err), "it is read");
	ok(row.finding.n_fields == 2 && row.finding.n_objects == 1 && row.finding.n_threats == 1 &&
	       row.finding.n_events == 2,
	   "with everything that hangs on it");
	is(row.finding.fields[1].value, TEXT("a\nb"), "fields in order");
	is(row.finding.objects[0].message, TEXT("it did it"), "risk objects");
	is(row.finding.threats[0].type, TEXT("process_name"), "threat objects");
	ok(row.finding.events[0] == 1 && row.finding.events[1] == 2, "events");
	is(row.risk_object, TEXT("WS-07"), "its first risk object");
	is(row.finding.stories, TEXT("Story A\nStory B"), "its stories");
	is(row.finding.annotations, TEXT("kill_chain_phases=Installation\nnist=DE.CM"),
	   "what frameworks say of its rule");
	ok(!query_finding(t.cf, 77, &t.arena, &row, &t.err) && t.err.kind == ERR_INPUT,
	   "there is no finding 77");
	case_done(&t);
}

static void
filters_choose_findings(void)
{
	struct test_case   t;
	struct case_filter f;

	start(&t);
	findings_begin(t.cf, &t.err);
	add(&t, finding_of(&t, "k1", "a", "WS-07", RISK_SYSTEM, 25));
	add(&t, finding_of(&t, "k2", "b", "WS-08", RISK_SYSTEM, 63));
	add(&t, finding_of(&t, "k3", "b", "bob", RISK_USER, 0));
	findings_end(t.cf, &t.err);
	f = CASE_FILTER_ALL;
	f.host = TEXT("ws-07");
	ok(count(&t, f) == 1, "by host");
	f.host = TEXT("ws-08.corp.example");
	ok(count(&t, f) == 1, "by full name");
	f = CASE_FILTER_ALL;
	f.rule = TEXT("B");
	ok(count(&t, f) == 2, "by rule id");
	f.rule = TEXT("rule a");
	ok(count(&t, f) == 1, "by rule name");
	f = CASE_FILTER_ALL;
	f.technique = TEXT("T1021");
	ok(count(&t, f) == 3, "a technique includes its parts");
	f.technique = TEXT("t1047");
	ok(count(&t, f) == 3, "in any case");
	f.technique = TEXT("T102");
	ok(count(&t, f) == 0, "but no longer number");
	f = CASE_FILTER_ALL;
	f.min_risk = 25;
	ok(count(&t, f) == 2, "by risk");
	f = CASE_FILTER_ALL;
	f.user = TEXT("corp\\ann");
	ok(count(&t, f) == 3, "by user");
	f = CASE_FILTER_ALL;
	f.span = (struct span){ T0 + 2 * WHEN_HOUR, WHEN_MAX };
	ok(count(&t, f) == 0, "by time");
	f.span = (struct span){ T0 + WHEN_HOUR, WHEN_MAX };
	ok(count(&t, f) == 3, "when they end in it");
	f = CASE_FILTER_ALL;
	f.rule = TEXT("' OR 1=1 --");
	ok(count(&t, f) == 0, "SQL in a filter is text");
	f = CASE_FILTER_ALL;
	f.rule = TEXT("a");
	ok(hosts_of(&t, f).n == 1, "hosts with a finding of the rule");
	findings_begin(t.cf, &t.err);
	findings_clear_rule(t.cf, TEXT("b"), &t.err);
	findings_abort(t.cf);
	ok(count(&t, CASE_FILTER_ALL) == 3, "what is given up changes nothing");
	findings_begin(t.cf, &t.err);
	findings_clear_rule(t.cf, TEXT("b"), &t.err);
	findings_end(t.cf, &t.err);
	ok(count(&t, CASE_FILTER_ALL) == 1, "findings of one rule can be cleared");
	case_done(&t);
}

static bool
keep_risk(void *ctx, const struct risk_event *re)
{
	struct test_case *t = ctx;

	is(re->normalized, TEXT("ws-07"), "its object, in one spelling");
	is(re->object.value, TEXT("WS-07"), "and as recorded");
	is(re->annotations_all,
	   TEXT("T1047\nT1021.006\nExecution\nLateral Movement\nStory A\nStory B\n"
		"Installation\nDE.CM"),
	   "all its annotations");
	ok(re->time_ns == T0 + WHEN_HOUR && re->finding_id == 1, "its time and finding");
	is(re->row, TEXT("Computer\x1eWS-07\x1fvalues\x1e" "a\nb"), "and the fields of its row");
	t->counts.events++;
	return true;
}

static void
risk_events_are_a_source_of_searches(void)
{
	struct test_case t;

	start(&t);
	findings_begin(t.cf, &t.err);
	add(&t, finding_of(&t, "k1", "a", "WS-07", RISK_SYSTEM, 25));
	findings_end(t.cf, &t.err);
	struct source src = casefile_source(t.cf);

	t.counts.events = 0;
	ok(src.risk(src.self, CASE_FILTER_ALL.span, keep_risk, &t, &t.err) && t.counts.events == 1,
	   "one risk event");
	ok(src.risk(src.self, (struct span){T0 + WHEN_HOUR + 1, WHEN_MAX}, keep_risk, &t, &t.err) &&
	       t.counts.events == 1,
	   "none later");
	ok(src.risk(src.self, (struct span){ WHEN_NONE, T0 + WHEN_HOUR }, keep_risk, &t, &t.err) &&
	       t.counts.events == 1,
	   "the end of a span is outside");
	case_done(&t);
}

static bool
measure_row(void *ctx, const struct risk_event *re)
{
	*(size_t *)ctx += re->row.n;
	return true;
}

/* All scripts of a host in one value, say. */
static void
a_row_of_many_megabytes_is_read_back(void)
{
	struct test_case     t;
	size_t               size = (size_t)48 << 20, all = 0;
	struct arena         keep = arena_open((size_t)64 << 20);
	char                *p = arena_bytes(&keep, size);
	struct finding       f;
	struct finding_field fields[2];

	start(&t);
	memset(p, 'x', size);
	f = finding_of(&t, "k1", "a", "WS-07", RISK_SYSTEM, 25);
	memcpy(fields, f.fields, sizeof(fields));
	fields[1].value = (struct text){ p, size };
	f.fields = fields;
	findings_begin(t.cf, &t.err);
	ok(add(&t, f) && findings_end(t.cf, &t.err), "a row of 48 MiB is written");
	struct source src = casefile_source(t.cf);

	ok(src.risk(src.self, CASE_FILTER_ALL.span, measure_row, &all, &t.err) && all > size,
	   "and searches of risk events have all of it");
	arena_close(&keep);
	case_done(&t);
}

static bool
keep_entry(void *ctx, const struct ledger_entry *entry)
{
	struct ledger_entry *out = ctx;

	ok(entry->status == out->status && entry->hits == 3, "its status and hits");
	is(entry->reason, TEXT("channel Security does not occur"), "its reason");
	out->findings++;
	return true;
}

static void
ledger_and_macros_are_kept(void)
{
	struct test_case    t;
	struct case_macro  *macros;
	struct ledger_entry entry = { .rule_id = TEXT("a"),
				      .rule = TEXT("Rule a"),
				      .source = TEXT("a.yml"),
				      .status = LEDGER_NO_DATA,
				      .hits = 3,
				      .filtered = 1,
				      .reason = TEXT("channel Security does not occur") };

	start(&t);
	findings_begin(t.cf, &t.err);
	ok(findings_ledger(t.cf, &entry, &t.err), "an entry is made");
	ok(findings_ledger(t.cf, &entry, &t.err), "and replaced");
	findings_end(t.cf, &t.err);
	ok(query_ledger(t.cf, keep_entry, &entry, &t.err) && entry.findings == 1,
	   "it is there once");
	ok(case_macro_set(t.cf, &(struct case_macro){ .name = TEXT("x_filter"), .definition = TEXT("search NOT user=bob") }, &t.err), "a macro");
	ok(case_macros(t.cf, &t.arena, &macros) == 1, "is kept");
	is(macros[0].definition, TEXT("search NOT user=bob"), "as written");
	case_macro_set(t.cf, &(struct case_macro){ .name = TEXT("x_filter") }, &t.err);
	ok(case_macros(t.cf, &t.arena, &macros) == 0, "and forgotten when emptied");
	case_done(&t);
}

static bool
keep_user(void *ctx, const struct user_row *row)
{
	struct user_row *out = ctx;

	if (row->risk_score > out->risk_score)
		*out = *row;
	return true;
}

static void
users_have_risk_too(void)
{
	struct test_case t;
	struct user_row  row = { .risk_score = -1 };

	start(&t);
	findings_begin(t.cf, &t.err);
	add(&t, finding_of(&t, "k1", "a", "Corp\\Ann ", RISK_USER, 25));
	add(&t, finding_of(&t, "k2", "b", "CORP\\ANN", RISK_USER, 15));
	add(&t, finding_of(&t, "k3", "b", "WS-07", RISK_SYSTEM, 15));
	findings_end(t.cf, &t.err);
	ok(query_users(t.cf, &CASE_FILTER_ALL, keep_user, &row, &t.err), "users are listed");
	ok(near(row.risk_score, 40) && row.findings == 3 && row.rules == 2,
	   "one user with the sum of the risk, named in three findings");
	case_done(&t);
}

int
main(void)
{
	risk_adds_up_per_host();
	under_a_filter_numbers_are_those_of_findings_that_pass();
	a_line_end_does_not_cut_a_name();
	verdicts_and_notes_survive();
	a_finding_comes_back_whole();
	filters_choose_findings();
	risk_events_are_a_source_of_searches();
	a_row_of_many_megabytes_is_read_back();
	ledger_and_macros_are_kept();
	users_have_risk_too();
	return done_testing();
}
