/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whose a finding is: the host of its row, or of the events behind it. */
#include "config.h"

#include "tests/finding_cases.h"

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
	a_finding_without_a_host_is_of_that_of_its_events();
	names_of_one_machine_are_one_host_behind_a_finding();
	an_address_is_no_host_of_the_case();
	return done_testing();
}
