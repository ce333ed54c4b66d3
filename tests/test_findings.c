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

static bool
has_index_of_keys(struct test_case *t)
{
	return db_int(t->cf, "SELECT count(*) FROM sqlite_schema WHERE name = 'work_by_key'", -1) == 1;
}

static void
first_findings_have_their_numbers(void)
{
	struct test_case t;
	char             key[32];

	start(&t);
	findings_begin(t.cf, &t.err);
	findings_clear_all(t.cf, &t.err);
	add(&t, finding_of(&t, "k1", "a", "WS-07", RISK_SYSTEM, 30));
	findings_abort(t.cf);
	ok(count(&t, CASE_FILTER_ALL) == 0 && has_index_of_keys(&t), "given up, all is as before");
	findings_begin(t.cf, &t.err);
	findings_clear_all(t.cf, &t.err);
	for (int i = 0; i < 3000; i++) {
		snprintf(key, sizeof(key), "k%d", i % 2000);
		add(&t, finding_of(&t, key, "a", "WS-07", RISK_SYSTEM, i));
	}
	ok(!has_index_of_keys(&t), "keys are not looked up in the case meanwhile");
	findings_end(t.cf, &t.err);
	ok(count(&t, CASE_FILTER_ALL) == 2000 && has_index_of_keys(&t), "a key is there once");
	ok(db_int(t.cf, "SELECT f.risk_score FROM finding_whole f JOIN work w ON w.id = f.id WHERE key = 'k99'",
		  -1) == 2099,
	   "with what it was given last");
	case_done(&t);
}

#define DIGEST "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

/* First findings are numbered in memory, later ones through the index. */
static void
a_key_is_the_text_that_it_was(void)
{
	static const char *const keys[] = { DIGEST, "0123456789ABCDEF0123456789abcdef0123456789abcdef"
						    "0123456789abcdef", "manual|1" };
	struct test_case   t;
	struct finding_row row;

	start(&t);
	for (int round = 0; round < 2; round++) {
		findings_begin(t.cf, &t.err);
		if (round == 0)
			findings_clear_all(t.cf, &t.err);
		for (size_t i = 0; i < 3; i++)
			add(&t, finding_of(&t, keys[i], "a", "WS-07", RISK_SYSTEM, 25));
		findings_end(t.cf, &t.err);
	}
	ok(count(&t, CASE_FILTER_ALL) == 3, "three keys are three findings, however often they come");
	for (int64_t i = 1; i <= 3; i++) {
		query_finding(t.cf, i, &t.arena, &row, &t.err);
		is(row.finding.key, text_of(keys[i - 1]), "a finding has its key");
		ok(work_finding_known(t.cf, text_of(keys[i - 1])), "and is known by it");
	}
	ok(db_int(t.cf, "SELECT count(*) FROM findings WHERE key = '" DIGEST "'", 0) == 1 &&
	       db_int(t.cf, "SELECT length(key) FROM work WHERE id = 1", 0) == 32,
	   "a digest is its bytes in the case, and its digits for readers");
	work_set(t.cf, TEXT(DIGEST), WORK_NOTE, TEXT("seen"), &t.err);
	ok(db_int(t.cf, "SELECT count(*) FROM notes WHERE key = '" DIGEST "' AND finding_id = 1", 0) == 1 &&
	       db_int(t.cf, "SELECT count(*) FROM analyst_log WHERE key = '" DIGEST "'", 0) == 1,
	   "notes and their log say it, too");
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
has_index_by_time(struct test_case *t)
{
	return db_int(t->cf, "SELECT count(*) FROM sqlite_schema WHERE name = 'finding_by_time'", 0) > 0;
}

static void
indexes_are_made_before_the_last_finding_when_there_is_time(void)
{
	struct test_case t;
	char             key[32];
	int              n = 0;

	start(&t);
	findings_begin(t.cf, &t.err);
	findings_clear_all(t.cf, &t.err);
	for (int i = 0; i < FINDINGS_MANY; i++) {
		snprintf(key, sizeof(key), "k%d", i);
		add(&t, finding_of(&t, key, "a", "WS-07", RISK_SYSTEM, 1));
		if (i == 0)
			ok(findings_index(t.cf, &t.err) && !has_index_by_time(&t), "not of a few");
	}
	ok(findings_index(t.cf, &t.err) && has_index_by_time(&t) && has_index_of_keys(&t), "but of many");
	add(&t, finding_of(&t, "k7", "a", "WS-07", RISK_SYSTEM, 1));
	add(&t, finding_of(&t, "later", "a", "WS-08", RISK_SYSTEM, 1));
	ok(findings_end(t.cf, &t.err) && count(&t, CASE_FILTER_ALL) == FINDINGS_MANY + 1,
	   "what comes after that is there, once");
	ok(casefile_verify(t.cf, count_problem, &n, &t.err) && n == 0, "and the case is good");
	case_done(&t);
}

static struct finding
alike(struct test_case *t, const char *key, const char *rule)
{
	struct finding f = finding_of(t, key, rule, "WS-07", RISK_SYSTEM, 25);

	f.message = f.rule;
	return f;
}

static bool
is_of_its_rule(void *ctx, const struct finding_row *row)
{
	*(int *)ctx += text_eq(row->finding.message, row->finding.rule) &&
		       text_eq(row->finding.rule_id, text_from(row->finding.rule, strlen("Rule ")));
	return true;
}

static int64_t
bodies(struct test_case *t)
{
	return db_int(t->cf, "SELECT count(*) FROM finding_body", -1);
}

static void
what_rules_that_are_alike_find_is_kept_once(void)
{
	struct case_filter all = CASE_FILTER_ALL;
	struct test_case   t;
	int                own = 0;

	start(&t);
	findings_begin(t.cf, &t.err);
	add(&t, alike(&t, "k1", "a"));
	add(&t, alike(&t, "k2", "b"));
	add(&t, finding_of(&t, "k3", "b", "WS-08", RISK_SYSTEM, 25));
	findings_end(t.cf, &t.err);
	ok(bodies(&t) == 2 && count(&t, CASE_FILTER_ALL) == 3, "two findings of one row, and another");
	ok(query_findings(t.cf, &all, is_of_its_rule, &own, &t.err) && own == 2,
	   "each has the texts of its rule");
	findings_begin(t.cf, &t.err);
	findings_clear_rule(t.cf, TEXT("a"), &t.err);
	findings_end(t.cf, &t.err);
	ok(bodies(&t) == 2 && count(&t, CASE_FILTER_ALL) == 2, "the row stays as long as one has it");
	findings_begin(t.cf, &t.err);
	findings_clear_rule(t.cf, TEXT("b"), &t.err);
	add(&t, finding_of(&t, "k3", "b", "WS-08", RISK_SYSTEM, 30));
	findings_end(t.cf, &t.err);
	ok(bodies(&t) == 1 && db_int(t.cf, "SELECT count(*) FROM rule_text", -1) == 1 &&
	       count(&t, CASE_FILTER_ALL) == 1,
	   "and goes with the last");
	case_done(&t);
}

static void
lists_that_cannot_be_read_are_seen_by_verify(void)
{
	static const char *const damages[] = {
		"UPDATE finding_body SET fields = '4:dest5:WS'",
		"UPDATE finding_body SET fields = '18446744073709551615:a1:b'",
		"UPDATE finding_body SET threats = '1:a'",
		"UPDATE finding_body SET events = '[1,2'",
		"UPDATE finding_body SET events = '[1]'",
		"UPDATE finding_body SET events = ''",
		"UPDATE finding SET rule = rule + 1",
	};
	struct test_case t;

	for (size_t i = 0; i < sizeof(damages) / sizeof(*damages); i++) {
		int n = 0;

		start(&t);
		findings_begin(t.cf, &t.err);
		add(&t, finding_of(&t, "k1", "a", "WS-07", RISK_SYSTEM, 25));
		findings_end(t.cf, &t.err);
		ok(casefile_verify(t.cf, count_problem, &n, &t.err) && n == 0, "a case is good");
		db_run(t.cf, damages[i], &t.err);
		ok(casefile_verify(t.cf, count_problem, &n, &t.err) && n == 1, "not after %s",
		   damages[i]);
		case_done(&t);
	}
}

static void
events_that_no_file_leads_to_are_seen_by_verify(void)
{
	struct test_case t;
	int              n = 0;

	start(&t);
	db_run(t.cf, "UPDATE evidence_file SET last_event = 3", &t.err);
	ok(casefile_verify(t.cf, count_problem, &n, &t.err) && n == 1, "an event behind the last one");
	db_run(t.cf, "UPDATE evidence_file SET first_event = NULL, last_event = NULL", &t.err);
	ok(casefile_verify(t.cf, count_problem, &n, &t.err) && n == 2, "or of a file without any");
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

static bool
keep_hosts(void *ctx, const struct finding_row *row)
{
	char *all = ctx;

	snprintf(all + strlen(all), 64, "%.*s;", TEXT_ARG(text_or_empty(row->finding.host)));
	return true;
}

static void
a_finding_without_a_host_is_of_that_of_its_events(void)
{
	struct test_case t;
	struct finding   one;
	char             all[256] = "";

	start(&t);
	findings_begin(t.cf, &t.err);
	one = finding_of(&t, "k1", "a", "corp\\ann", RISK_USER, 40);
	one.n_events = 1;
	add(&t, one);
	add(&t, finding_of(&t, "k2", "a", "corp\\bob", RISK_USER, 40));
	findings_end(t.cf, &t.err);
	query_findings(t.cf, &CASE_FILTER_ALL, keep_hosts, all, &t.err);
	ok(strcmp(all, "WS-07;;") == 0 || strcmp(all, ";WS-07;") == 0,
	   "one whose events are of one host is of that, one of several is of none");
	case_done(&t);
}

static void
an_address_is_no_host_of_the_case(void)
{
	static const char *const addresses[] = { "198.51.100.7", "2001:db8::7" };
	struct test_case t;

	for (size_t i = 0; i < 2; i++) {
		char           all[256] = "";
		struct finding one, two;

		start(&t);
		findings_begin(t.cf, &t.err);
		one = finding_of(&t, "k1", "a", "corp\\ann", RISK_USER, 40);
		one.host = text_of(addresses[i]);
		two = one;
		two.key = TEXT("k2");
		two.last_ns -= 1;
		one.n_events = 1;
		add(&t, one);
		add(&t, two);
		findings_end(t.cf, &t.err);
		query_findings(t.cf, &CASE_FILTER_ALL, keep_hosts, all, &t.err);
		is(text_of(all), arena_printf(&t.arena, "WS-07;%s;", addresses[i]),
		   "where a connection leads is not who logged it, as long as it was one");
		case_done(&t);
	}
}

static void
names_of_one_machine_are_one_host_behind_a_finding(void)
{
	static const char *const hosts[] = { "WS-07", "ws-07.corp.example" };
	struct test_case t;
	struct finding   one;
	char             all[256] = "";

	case_new(&t);
	case_open(&t, CASEFILE_IMPORT);
	case_file(&t, "a", NULL);
	for (uint64_t i = 0; i < 2; i++) {
		struct event ev = event_new(&t.arena, hosts[i], "Security", 1, i + 1, (int64_t)i);

		batch_add(t.batch, &ev, NULL, 0);
	}
	case_commit(&t);
	import_finish(t.cf, NULL, NULL, &t.err);
	case_open(&t, CASEFILE_WORK);
	findings_begin(t.cf, &t.err);
	one = finding_of(&t, "k1", "a", "corp\\ann", RISK_USER, 40);
	ok(one.n_events == 2, "two events, each with a name of its own for the machine");
	add(&t, one);
	findings_end(t.cf, &t.err);
	query_findings(t.cf, &CASE_FILTER_ALL, keep_hosts, all, &t.err);
	is(text_of(all), TEXT("ws-07.corp.example;"), "are of one host, under its full name");
	case_done(&t);
}

int
main(void)
{
	risk_adds_up_per_host();
	a_finding_without_a_host_is_of_that_of_its_events();
	names_of_one_machine_are_one_host_behind_a_finding();
	an_address_is_no_host_of_the_case();
	under_a_filter_numbers_are_those_of_findings_that_pass();
	a_line_end_does_not_cut_a_name();
	verdicts_and_notes_survive();
	first_findings_have_their_numbers();
	a_key_is_the_text_that_it_was();
	a_finding_comes_back_whole();
	filters_choose_findings();
	risk_events_are_a_source_of_searches();
	a_row_of_many_megabytes_is_read_back();
	indexes_are_made_before_the_last_finding_when_there_is_time();
	what_rules_that_are_alike_find_is_kept_once();
	lists_that_cannot_be_read_are_seen_by_verify();
	events_that_no_file_leads_to_are_seen_by_verify();
	ledger_and_macros_are_kept();
	users_have_risk_too();
	return done_testing();
}
