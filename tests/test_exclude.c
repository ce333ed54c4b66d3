/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Conditions of a filter: what is with a value and what is without are together everything, also
 * where rows have no value at all.
 */
#include "config.h"

#include "store/filter.h"
#include "store/findings.h"
#include "store/work.h"
#include "store/query.h"
#include "tests/cases.h"

#define EVENTS 240

static bool
count_event(void *ctx, const struct event_row *row)
{
	(void)row;
	++*(int *)ctx;
	return true;
}

static bool
count_finding(void *ctx, const struct finding_row *row)
{
	(void)row;
	++*(int *)ctx;
	return true;
}

static bool
count_risk(void *ctx, const struct risk_event *re)
{
	(void)re;
	++*(int *)ctx;
	return true;
}

static bool
count_host(void *ctx, const struct host_row *row)
{
	(void)row;
	++*(int *)ctx;
	return true;
}

static bool
count_user(void *ctx, const struct user_row *row)
{
	(void)row;
	++*(int *)ctx;
	return true;
}

struct counts {
	int events, findings, risk, hosts, users;
};

static struct counts
count_all(struct test_case *t, const struct condition *c, uint32_t n)
{
	struct case_filter f = CASE_FILTER_ALL;
	struct counts      got = { 0 };
	struct event_key   from = event_key_before(OLDEST_ONWARD);
	uint64_t           upper;
	bool               exact = false;

	f.conditions = c;
	f.n_conditions = n;
	if (!query_events(t->cf, &f, from, OLDEST_ONWARD, EVENTS + 1, count_event, &got.events, &t->err) ||
	    !query_findings(t->cf, &f, count_finding, &got.findings, &t->err) ||
	    !query_risk_events(t->cf, &f, count_risk, &got.risk, &t->err) ||
	    !query_hosts(t->cf, &f, count_host, &got.hosts, &t->err) ||
	    !query_users(t->cf, &f, count_user, &got.users, &t->err) ||
	    !query_count_events(t->cf, &f, &upper, &exact, &t->err))
		printf("# %s\n", t->err.what);
	ok((exact && upper == (uint64_t)got.events) || (!exact && upper >= (uint64_t)got.events),
	   "the count of events is right, or says that it is an upper bound");
	return got;
}

static void
add_finding(struct test_case *t, const char *key, const char *rule, const char *host,
	    const char *user, const char *technique, double score, const int64_t *events)
{
	struct risk_object objects[2] = {
		{ text_of(host ? host : "x"), RISK_SYSTEM, score, .message = TEXT("m") },
		{ text_of(user ? user : "y"), RISK_USER, score, .message = TEXT("m") }
	};
	struct finding f = { .key = text_of(key),
			     .rule_id = text_of(rule),
			     .rule = text_of(rule),
			     .first_ns = T0,
			     .last_ns = T0 + WHEN_HOUR,
			     .host = host ? text_of(host) : TEXT_NONE,
			     .user = user ? text_of(user) : TEXT_NONE,
			     .techniques = technique ? text_of(technique) : TEXT_NONE,
			     .tactics = technique ? TEXT("Execution, Lateral Movement") : TEXT_NONE,
			     .type = technique ? TEXT("TTP") : TEXT_NONE,
			     .risk_score = score,
			     .events = events,
			     .n_events = events ? 2 : 0,
			     .objects = objects,
			     .n_objects = 2 };

	findings_add(t->cf, &f, &t->err);
}

/* One of two machines, or of none; of a user on every third. */
static void
add_event(struct test_case *t, uint64_t i)
{
	static const char *const hosts[] = { "WS-07", "DC01", "" };
	struct event     ev = event_new(&t->arena, hosts[i % 3], i % 2 ? "Security" : "System",
					i % 5 ? 4624 : 4688, i + 1, (int64_t)i * 60);
	struct batch_hit hit = { 0, 0 };

	if (i % 3 == 0)
		event_with(&ev, &t->arena, "AccountName", TEXT("ann"));
	if (i == 13)
		ev.time_ns = WHEN_NONE;
	batch_add(t->batch, &ev, &hit, i % 50 == 0);
}

/* File b has six of the events of file a, too; findings with and without values. */
static void
start(struct test_case *t)
{
	static const int64_t of_one[] = { 1, 4 }, of_two[] = { 2, 3 };
	struct declared_rule rule = { .id = TEXT("rule-a"), .n_leaves = 1 };

	case_new(t);
	case_open(t, CASEFILE_IMPORT);
	import_declare_rules(t->cf, &rule, 1, TEXT("x"), &t->err);
	case_file(t, "a", NULL);
	for (uint64_t i = 0; i < EVENTS; i++)
		add_event(t, i);
	case_commit(t);
	import_end_file(t->cf, t->evidence, "ok", &t->err);
	case_file(t, "b", NULL);
	for (uint64_t i = 3; i < 9; i++)
		add_event(t, i);
	case_commit(t);
	import_end_file(t->cf, t->evidence, "ok", &t->err);
	import_finish(t->cf, NULL, NULL, &t->err);
	findings_begin(t->cf, &t->err);
	add_finding(t, "k1", "rule-a", "WS-07", "corp\\ann", "T1047 T1021.006", 63, of_one);
	add_finding(t, "k2", "rule-b", "DC01", NULL, "T1059", 25, of_two);
	add_finding(t, "k3", "rule-c", NULL, "bob", NULL, 10, NULL);
	findings_end(t->cf, &t->err);
	work_set(t->cf, TEXT("k1"), WORK_VERDICT, TEXT("true positive"), &t->err);
}

static void
with_and_without_are_everything(void)
{
	static const struct {
		enum filter_part part;
		struct text      value;
		int              events, findings; /* with it */
	} parts[] = {
		{ FILTER_HOST, TEXT_INIT("ws-07"), 80, 1 },
		{ FILTER_USER, TEXT_INIT("corp\\ann"), 0, 1 },
		{ FILTER_RULE, TEXT_INIT("rule-a"), 5, 1 },
		{ FILTER_TECHNIQUE, TEXT_INIT("T1021"), 2, 1 },
		{ FILTER_TACTIC, TEXT_INIT("lateral movement"), 4, 2 },
		{ FILTER_TYPE, TEXT_INIT("ttp"), 4, 2 },
		{ FILTER_VERDICT, TEXT_INIT("open"), 2, 2 },
		{ FILTER_RISK, TEXT_INIT(""), 4, 2 },
		{ FILTER_TIME, TEXT_INIT(""), 119, 3 },
		{ FILTER_CHANNEL, TEXT_INIT("security"), 120, 3 },
		{ FILTER_EVENT_ID, TEXT_INIT("4688"), 48, 2 },
		{ FILTER_RECORD_ID, TEXT_INIT("3"), 1, 2 },
		{ FILTER_EVIDENCE, TEXT_INIT("a"), EVENTS, 3 },
		{ FILTER_EVIDENCE, TEXT_INIT("b"), 6, 2 }, /* copies of what a has */
		{ FILTER_EVIDENCE, TEXT_INIT("c"), 0, 1 },
	};
	struct test_case t;
	struct counts    all;

	start(&t);
	all = count_all(&t, NULL, 0);
	ok(all.events == EVENTS && all.findings == 3 && all.hosts >= 2, "everything");
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		struct condition c = { .part = parts[i].part,
				       .values = &parts[i].value,
				       .n_values = 1,
				       .number = 20,
				       .span = { T0, T0 + 2 * WHEN_HOUR } };
		struct counts    with = count_all(&t, &c, 1), without;

		c.excludes = true;
		without = count_all(&t, &c, 1);
		ok(with.events == parts[i].events, "part %zu: %d events with it, not %d", i,
		   parts[i].events, with.events);
		ok(with.events + without.events == all.events, "part %zu: the others without it (%d)",
		   i, without.events);
		ok(with.findings == parts[i].findings, "part %zu: %d findings, not %d", i,
		   parts[i].findings, with.findings);
		ok(with.findings + without.findings >= all.findings, "part %zu: none is lost (%d)", i,
		   without.findings);
		ok(with.risk + without.risk >= all.risk, "part %zu: no risk event is lost", i);
		ok(with.hosts + without.hosts >= all.hosts, "part %zu: no host is lost", i);
		ok(with.users + without.users >= all.users, "part %zu: no user is lost", i);
	}
	case_done(&t);
}

static void
hosts_of_a_file_are_those_with_events_of_it(void)
{
	struct text      paths[] = { TEXT("a"), TEXT("b"), TEXT("c") };
	struct condition c = { .part = FILTER_EVIDENCE, .n_values = 1 };
	struct test_case t;
	struct counts    all, a, b, none;

	start(&t);
	all = count_all(&t, NULL, 0);
	c.values = &paths[0];
	a = count_all(&t, &c, 1);
	c.values = &paths[1];
	b = count_all(&t, &c, 1);
	c.values = &paths[2];
	none = count_all(&t, &c, 1);
	ok(a.hosts > 0 && a.hosts == all.hosts - 1, "all but one that only a finding names");
	ok(b.hosts > 0 && b.hosts <= a.hosts, "%d of copies of some events", b.hosts);
	ok(none.hosts == 0, "none, of a file without events");
	c.excludes = true;
	ok(count_all(&t, &c, 1).hosts == all.hosts, "all, without that file");
	case_done(&t);
}

static void
conditions_combine(void)
{
	struct test_case t;
	struct text      hosts[] = { TEXT("DC01"), TEXT("WS-07") }, code = TEXT("4688");
	struct text      channel = TEXT("System");
	struct condition c[] = {
		{ .part = FILTER_HOST, .values = hosts, .n_values = 2 },
		{ .part = FILTER_EVENT_ID, .values = &code, .n_values = 1, .excludes = true },
		{ .part = FILTER_CHANNEL, .values = &channel, .n_values = 1, .excludes = true },
	};

	start(&t);
	ok(count_all(&t, c, 1).events == 160, "events of either host");
	ok(count_all(&t, c, 2).events == 128, "without one kind of event");
	ok(count_all(&t, c, 3).events == 64, "and without one log");
	c[0].excludes = true;
	ok(count_all(&t, c, 1).events == 80, "those of no host are of neither");
	case_done(&t);
}

static void
too_many_values_are_refused(void)
{
	struct test_case   t;
	static struct text many[2000];
	struct condition   c = { .part = FILTER_RULE, .values = many, .n_values = 2000 };
	struct case_filter f = CASE_FILTER_ALL;
	int                n = 0;

	for (size_t i = 0; i < 2000; i++)
		many[i] = TEXT("rule");
	start(&t);
	f.conditions = &c;
	f.n_conditions = 1;
	ok(!query_findings(t.cf, &f, count_finding, &n, &t.err) && t.err.kind == ERR_INPUT,
	   "with an error");
	is(text_of(t.err.what), TEXT("the filter names too many values; take some off"),
	   "that says what to do");
	case_done(&t);
}

/* Does SQLite find the risk events of a finding, table o, by their numbers? */
static bool
reads_those_of_one_finding(struct test_case *t, const struct condition *c)
{
	const struct conditions cs = { .of = { *c }, .n = 1 };
	struct question         s = { .n = 0 };
	struct ask              q;
	int                     by_id = 0, others = 0;

	question_add(&s, "EXPLAIN QUERY PLAN SELECT f.id FROM finding_whole f "
			 "LEFT JOIN work w ON w.id = f.id WHERE 1");
	filter_findings(&s, t->cf, &cs, FILTER_ANY);
	if (question_ask(&q, t->cf, &s, &t->err))
		while (ask_row(&q)) {
			struct text step = ask_get_text(&q, 3);

			text_cut(&step, ' '); /* SEARCH or SCAN */
			if (text_starts(step, TEXT("o USING INTEGER PRIMARY KEY (rowid>")))
				by_id++;
			else
				others += text_starts(step, TEXT("o "));
		}
	return ask_end(&q) && by_id == 1 && !others;
}

static void
findings_of_a_host_or_user_cost_no_look_at_all_its_risk(void)
{
	const struct text values[] = { TEXT("ws-1"), TEXT("ann") };
	struct condition  c = { .values = values, .n_values = 1 };
	struct test_case  t;

	start(&t);
	for (int i = 0; i < 2; i++) {
		c.excludes = i;
		c.part = FILTER_HOST;
		c.values = &values[0];
		ok(reads_those_of_one_finding(&t, &c), "%s one host",
		   i ? "all findings but those of" : "findings of");
		c.part = FILTER_USER;
		c.values = &values[1];
		ok(reads_those_of_one_finding(&t, &c), "%s one user",
		   i ? "all findings but those of" : "findings of");
	}
	case_done(&t);
}

int
main(void)
{
	with_and_without_are_everything();
	hosts_of_a_file_are_those_with_events_of_it();
	conditions_combine();
	too_many_values_are_refused();
	findings_of_a_host_or_user_cost_no_look_at_all_its_risk();
	return done_testing();
}
