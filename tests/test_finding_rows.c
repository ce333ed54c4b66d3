/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How findings lie in the case file: numbers, keys, indexes, what is kept once, what verify sees. */
#include "config.h"

#include "store/db.h"
#include "tests/finding_cases.h"

#define DIGEST "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

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

int
main(void)
{
	first_findings_have_their_numbers();
	a_key_is_the_text_that_it_was();
	indexes_are_made_before_the_last_finding_when_there_is_time();
	what_rules_that_are_alike_find_is_kept_once();
	lists_that_cannot_be_read_are_seen_by_verify();
	events_that_no_file_leads_to_are_seen_by_verify();
	return done_testing();
}
