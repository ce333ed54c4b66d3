/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which names of a case are one host, or one user. */
#include "config.h"

#include "tests/finding_cases.h"

/* A case of events with those host names, one each. */
static void
start_with(struct test_case *t, const char *const *hosts, size_t n)
{
	case_new(t);
	case_open(t, CASEFILE_IMPORT);
	for (size_t i = 0; i < n; i++) {
		struct event ev = event_new(&t->arena, hosts[i], "Security", 1, i + 1, (int64_t)i);

		case_file(t, hosts[i], NULL);
		batch_add(t->batch, &ev, NULL, 0);
		case_commit(t);
	}
	import_finish(t->cf, NULL, NULL, &t->err);
}

struct shown_hosts {
	int      n;
	char     line[8][160];
	uint64_t events[8];
};

static bool
show_host(void *ctx, const struct host_row *row)
{
	struct shown_hosts *s = ctx;

	snprintf(s->line[s->n], sizeof(s->line[0]), TEXT_FMT "|" TEXT_FMT "|%g",
		 TEXT_ARG(row->host), TEXT_ARG(row->aliases), row->risk_score);
	s->events[s->n++] = row->events;
	return s->n < 8;
}

static struct shown_hosts
shown_hosts(struct test_case *t, const char *host)
{
	struct shown_hosts s = { 0 };
	struct case_filter f = CASE_FILTER_ALL;

	f.host = host ? text_of(host) : TEXT_NONE;
	if (!query_hosts(t->cf, &f, show_host, &s, &t->err))
		printf("# %s\n", t->err.what);
	for (int i = 0; i < s.n; i++)
		printf("# %s\n", s.line[i]);
	return s;
}

static void
names_of_one_machine_are_one_host(void)
{
	static const char *const orders[][4] = {
		{ "WS-07", "ws-07.corp.example", "WS-07.corp.example", "WS-07.CORP.example" },
		{ "WS-07.CORP.example", "WS-07.corp.example", "ws-07.corp.example", "WS-07" },
	};

	for (size_t i = 0; i < 2; i++) {
		struct test_case   t;
		struct case_filter f = CASE_FILTER_ALL;
		struct case_info   info;
		struct hour_count *hours;
		uint64_t           n;
		bool               exact;

		start_with(&t, orders[i], 4);
		struct shown_hosts s = shown_hosts(&t, NULL);

		ok(s.n == 1 && s.events[0] == 4, "four spellings are one host");
		ok(strcmp(s.line[0], "WS-07.CORP.example|WS-07, WS-07.corp.example, "
				     "ws-07.corp.example|0") == 0,
		   "the full name stands for it, the others are its aliases");
		f.host = i ? TEXT("ws-07") : TEXT("WS-07.Corp.Example");
		ok(query_count_events(t.cf, &f, &n, &exact, &t.err) && n == 4 && exact,
		   "any name means all its events");
		ok(query_activity(t.cf, &f, &t.arena, &hours) == 1 &&
		       hours[0].events == 4,
		   "and its activity");
		ok(casefile_info(t.cf, &t.arena, &info, &t.err) && info.hosts == 1,
		   "the case has one host");
		case_done(&t);
	}
}

static void
a_host_of_findings_alone_is_counted(void)
{
	static const char *const names[] = { "WS-07" };
	struct test_case         t;
	struct case_info         info;

	start_with(&t, names, 1);
	findings_begin(t.cf, &t.err);
	add(&t, finding_of(&t, "k1", "a", "elsewhere", RISK_SYSTEM, 25));
	findings_end(t.cf, &t.err);
	ok(shown_hosts(&t, NULL).n == 2 && casefile_info(t.cf, &t.arena, &info, &t.err) &&
	       info.hosts == 2 && info.first_ns != WHEN_NONE,
	   "the case has as many hosts as are listed, also one that no event is of");
	case_done(&t);
}

static void
two_domains_take_the_names_apart(void)
{
	static const char *const names[] = { "WS-07", "ws-07.north.example" };
	struct test_case         t;

	start_with(&t, names, 2);
	findings_begin(t.cf, &t.err);
	add(&t, finding_of(&t, "k1", "a", "ws-07", RISK_SYSTEM, 25));
	add(&t, finding_of(&t, "k2", "a", "WS-07.north.example", RISK_SYSTEM, 30));
	findings_end(t.cf, &t.err);
	struct shown_hosts s = shown_hosts(&t, NULL);

	ok(s.n == 1 && strcmp(s.line[0], "ws-07.north.example|WS-07|55") == 0,
	   "their risk is one as well");
	case_file(&t, "later", NULL);
	struct event ev = event_new(&t.arena, "ws-07.south.example", "Security", 1, 9, 9);

	batch_add(t.batch, &ev, NULL, 0);
	case_commit(&t);
	import_finish(t.cf, NULL, NULL, &t.err);
	s = shown_hosts(&t, NULL);
	ok(s.n == 3 && strcmp(s.line[0], "ws-07.north.example||30") == 0 &&
	       strcmp(s.line[1], "WS-07||25") == 0 &&
	       strcmp(s.line[2], "ws-07.south.example||0") == 0,
	   "a later import brings a second domain: nobody knows whose the bare name is");
	ok(shown_hosts(&t, "WS-07.SOUTH.example").n == 1, "a full name means one of them");
	ok(shown_hosts(&t, "ws-07").n == 1, "the bare name the one that has it");
	ok(shown_hosts(&t, "ws-07.west.example").n == 0, "another domain none");
	case_done(&t);
}

struct shown_users {
	int  n;
	char line[8][160];
};

static bool
show_user(void *ctx, const struct user_row *row)
{
	struct shown_users *s = ctx;

	snprintf(s->line[s->n++], sizeof(s->line[0]), TEXT_FMT "|" TEXT_FMT "|%g",
		 TEXT_ARG(row->user), TEXT_ARG(row->aliases), row->risk_score);
	return s->n < 8;
}

static struct shown_users
shown_users(struct test_case *t, const char *user)
{
	struct shown_users s = { 0 };
	struct case_filter f = CASE_FILTER_ALL;

	f.user = user ? text_of(user) : TEXT_NONE;
	if (!query_users(t->cf, &f, show_user, &s, &t->err))
		printf("# %s\n", t->err.what);
	for (int i = 0; i < s.n; i++)
		printf("# %s\n", s.line[i]);
	return s;
}

static void
add_user_risk(struct test_case *t, const char *key, const char *user, const char *host)
{
	struct finding f = finding_of(t, key, "a", user, RISK_USER, 10);

	f.user = TEXT_NONE;
	f.host = text_of(host);
	add(t, f);
}

static void
names_of_one_user_are_one(void)
{
	struct test_case   t;
	struct shown_users s;

	start(&t);
	findings_begin(t.cf, &t.err);
	add_user_risk(&t, "k1", "CORP\\Ann", "WS-07");
	add_user_risk(&t, "k2", "ann@corp.example", "WS-07");
	add_user_risk(&t, "k3", "Ann", "WS-07");
	findings_end(t.cf, &t.err);
	s = shown_users(&t, NULL);
	ok(s.n == 1 && strcmp(s.line[0], "CORP\\Ann|Ann, ann@corp.example|30") == 0,
	   "one name in one domain is one user, spelled as a finding has it");
	ok(shown_users(&t, "ANN").n == 1, "whom any of the names finds");
	findings_begin(t.cf, &t.err);
	add_user_risk(&t, "k4", "NORTH\\ann", "WS-07");
	findings_end(t.cf, &t.err);
	s = shown_users(&t, NULL);
	ok(s.n == 4, "a second domain with that name: nothing is put together");
	case_done(&t);
}

static void
accounts_of_a_host_are_users_of_that_host(void)
{
	struct test_case   t;
	struct shown_users s;

	start(&t);
	findings_begin(t.cf, &t.err);
	add_user_risk(&t, "k1", "NT AUTHORITY\\SYSTEM", "WS-07");
	add_user_risk(&t, "k2", "SYSTEM", "ws-07");
	add_user_risk(&t, "k3", "S-1-5-18", "WS-08");
	add_user_risk(&t, "k4", "CORP\\DC01$", "WS-07");
	findings_end(t.cf, &t.err);
	s = shown_users(&t, NULL);
	ok(s.n == 3 && strcmp(s.line[0], "ws-07\\system|NT AUTHORITY\\SYSTEM, SYSTEM|20") == 0,
	   "SYSTEM of one host, in two spellings");
	ok(s.n == 3 && strcmp(s.line[2], "ws-08.corp.example\\system|S-1-5-18|10") == 0,
	   "is not SYSTEM of another");
	ok(s.n == 3 && strcmp(s.line[1], "ws-07\\dc01$|CORP\\DC01$|10") == 0,
	   "nor is a machine's account one user everywhere");
	case_done(&t);
}

static void
a_sid_is_the_user_that_the_case_names(void)
{
	struct test_case   t;
	struct shown_users s;
	const char        *sid = "S-1-5-21-1-2-3-1104", *shared = "S-1-5-21-1-2-3-1105";

	case_new(&t);
	case_open(&t, CASEFILE_IMPORT);
	case_file(&t, "a", NULL);
	for (uint64_t i = 0; i < 4; i++) {
		struct event ev = event_new(&t.arena, "WS-07", "Security", 4624, i + 1, (int64_t)i);

		event_with(&ev, &t.arena, "TargetUserSid", text_of(i < 2 ? sid : shared));
		event_with(&ev, &t.arena, "TargetUserName", i == 3 ? TEXT("eve") : TEXT("Bob"));
		event_with(&ev, &t.arena, "TargetDomainName", TEXT("CORP"));
		batch_add(t.batch, &ev, NULL, 0);
	}
	case_commit(&t);
	import_finish(t.cf, NULL, NULL, &t.err);
	findings_begin(t.cf, &t.err);
	add_user_risk(&t, "k1", sid, "WS-07");
	add_user_risk(&t, "k2", "bob", "WS-07");
	add_user_risk(&t, "k3", shared, "WS-07");
	ok(findings_end(t.cf, &t.err), "findings name identifiers");
	s = shown_users(&t, NULL);
	ok(s.n == 2 && strcmp(s.line[0], "corp\\bob|bob, S-1-5-21-1-2-3-1104|20") == 0,
	   "the one that logons name is the user");
	ok(s.n == 2 && strcmp(s.line[1], "S-1-5-21-1-2-3-1105||10") == 0,
	   "one with two names stays what it is");
	ok(shown_users(&t, sid).n == 1, "an identifier finds its user");
	case_done(&t);
}

int
main(void)
{
	names_of_one_machine_are_one_host();
	a_host_of_findings_alone_is_counted();
	two_domains_take_the_names_apart();
	names_of_one_user_are_one();
	accounts_of_a_host_are_users_of_that_host();
	a_sid_is_the_user_that_the_case_names();
	return done_testing();
}
