/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One event from several records of it: what the case has does not depend on who came first. */
#include "config.h"

#include "store/findings.h"
#include "store/query.h"
#include "store/sketch.h"
#include "tests/cases.h"

#define RECORDS 200

/* As a thin export has it: few values, the first label of the host, whole seconds, a message. */
static struct event
thin(struct arena *a, uint64_t record)
{
	struct event ev = event_new(a, "WS-07", "Security", 4688, record, (int64_t)record);

	ev.format = FORMAT_CSV;
	ev.provider = TEXT("Security-Auditing");
	ev.message = arena_printf(a, "A new process has been created: %llu",
				  (unsigned long long)record);
	event_finish(&ev);
	return ev;
}

/* As the event log itself has it. */
static struct event
rich(struct arena *a, uint64_t record)
{
	struct event ev = event_new(a, "ws-07.corp.example", "Security", 4688, record,
				    (int64_t)record);

	ev.time_ns += 123456700;
	event_with(&ev, a, "NewProcessName", TEXT("C:\\Windows\\System32\\whoami.exe"));
	event_with(&ev, a, "CommandLine",
		   arena_printf(a, "whoami /all %llu", (unsigned long long)record * 7919));
	event_with(&ev, a, "SubjectUserName", TEXT("kim"));
	event_finish(&ev);
	return ev;
}

/* As another tool has it: more than thin, less than rich; a longer message. */
static struct event
middling(struct arena *a, uint64_t record)
{
	struct event ev = thin(a, record);

	ev.format = FORMAT_JSON;
	event_with(&ev, a, "NewProcessName", TEXT("C:\\Windows\\System32\\whoami.exe"));
	ev.message = arena_join(a, ev.message, TEXT(" with more to say"));
	return ev;
}

typedef struct event form(struct arena *a, uint64_t record);

static size_t
match_command(void *ctx, const struct event *ev, const struct batch_hit **hits)
{
	static const struct batch_hit hit = { 0, 0 };
	size_t *asked = ctx;

	++*asked;
	*hits = &hit;
	return text_find(event_get(ev, TEXT("CommandLine")), TEXT("whoami")) != TEXT_NOWHERE &&
	       text_find(ev->message, TEXT("created")) != TEXT_NOWHERE;
}

static void
import_as(struct test_case *t, const char *name, form *make, uint64_t from, uint64_t to)
{
	const struct declared_rule rules[] = { { .id = TEXT("rule-1"), .n_leaves = 1 } };
	size_t            asked = 0;

	case_open(t, CASEFILE_IMPORT);
	import_declare_rules(t->cf, rules, 1, TEXT("digest"), &t->err);
	case_file(t, name, NULL);
	for (uint64_t r = from; r <= to; r++) {
		struct arena            a = t->arena;
		struct event            ev = make(&a, r);
		const struct batch_hit *hits;
		size_t                  n = match_command(&asked, &ev, &hits);

		batch_add(t->batch, &ev, hits, n);
	}
	case_commit(t);
	ok(import_end_file(t->cf, t->evidence, "ok", &t->err) &&
	       import_finish(t->cf, match_command, &asked, &t->err),
	   "%s is imported", name);
	if (t->err.what[0])
		printf("# %s: %s\n", t->err.where, t->err.what);
}

static struct event
event_at(struct test_case *t, uint64_t record)
{
	struct case_filter f = CASE_FILTER_ALL;
	struct event       ev = { 0 };

	(void)f;
	query_event(t->cf, (int64_t)record, true, &t->arena, &ev, &t->err);
	return ev;
}

static bool
count_host(void *ctx, const struct host_row *row)
{
	uint64_t *events = ctx;

	events[0]++;
	events[1] += row->events;
	return true;
}

static void
say_problem(void *ctx, struct text problem)
{
	++*(int *)ctx;
	printf("# " TEXT_FMT "\n", TEXT_ARG(problem));
}

static bool
count_hit(void *ctx, const struct event *ev)
{
	(void)ev;
	++*(int *)ctx;
	return true;
}

static size_t
candidates(struct test_case *t, struct text literal)
{
	struct literal_group group = { &literal, 1 };
	int64_t             *blocks;
	size_t               n = 0;

	sketch_candidates(t->cf, SEGMENT_FIELDS, &group, 1, &t->arena, &blocks, &n, &t->err);
	return n;
}

static void
the_case_has_the_whole(struct test_case *t, const char *order)
{
	struct case_filter   f = CASE_FILTER_ALL;
	struct source        src = casefile_source(t->cf);
	struct event_origin *origins;
	uint64_t             hosts[2] = { 0 };
	struct case_info     info;
	int                  problems = 0, hits = 0;
	struct event         ev = event_at(t, 100);

	is(event_get(&ev, TEXT("CommandLine")), TEXT("whoami /all 791900"), order);
	is(ev.user, TEXT("kim"), "with its user");
	is(ev.host, TEXT("ws-07.corp.example"), "its full host name");
	is(ev.provider, TEXT("Test-Provider"), "its provider");
	ok(ev.time_ns == T0 + 100 * WHEN_SECOND + 123456700, "and its exact time");
	is(ev.message, TEXT("A new process has been created: 100 with more to say"),
	   "the message is the longest of all");
	ok(query_event_origins(t->cf, 100, &t->arena, &origins) == 3, "all three are its sources");
	ok(casefile_info(t->cf, &t->arena, &info, &t->err) && info.events == RECORDS &&
	       info.duplicates == 2 * RECORDS,
	   "the event is counted once");
	ok(info.last_ns == T0 + RECORDS * WHEN_SECOND + 123456700 &&
	       info.first_ns == T0 + WHEN_SECOND + 123456700,
	   "first and last times are those of the events now");
	ok(query_hosts(t->cf, &f, count_host, hosts, &t->err) && hosts[0] == 1 &&
	       hosts[1] == RECORDS,
	   "its host is one, with every event once");
	ok(src.hits(src.self, TEXT("rule-1"), 0, f.span, ORDER_NEWEST_FIRST, count_hit, &hits,
		    &t->err) &&
	       hits == RECORDS,
	   "rules match what the event is now");
	ok(candidates(t, TEXT("whoami /all 791900")) >= 1 &&
	       candidates(t, TEXT("nothing like this here")) == 0,
	   "searches find its values");
	ok(casefile_verify(t->cf, say_problem, &problems, &t->err) && problems == 0,
	   "the case is sound");
}

static void
the_richest_record_wins_in_any_order(void)
{
	static const struct {
		const char *name;
		form       *make;
	} forms[] = { { "thin", thin }, { "middling", middling }, { "rich", rich } };
	static const int orders[][3] = { { 0, 1, 2 }, { 0, 2, 1 }, { 1, 0, 2 },
					 { 1, 2, 0 }, { 2, 0, 1 }, { 2, 1, 0 } };

	for (size_t i = 0; i < sizeof(orders) / sizeof(*orders); i++) {
		struct test_case t;
		char             order[64];

		case_new(&t);
		for (int k = 0; k < 3; k++)
			import_as(&t, forms[orders[i][k]].name, forms[orders[i][k]].make, 1,
				  RECORDS);
		snprintf(order, sizeof(order), "%s, %s, %s: the event has its values",
			 forms[orders[i][0]].name, forms[orders[i][1]].name,
			 forms[orders[i][2]].name);
		the_case_has_the_whole(&t, order);
		case_done(&t);
	}
}

static struct event
alike(struct arena *a, uint64_t record, const char *value)
{
	struct event ev = event_new(a, "WS-07", "Security", 4624, record, 1);

	event_with(&ev, a, "TargetUserName", text_of(value));
	event_finish(&ev);
	return ev;
}

static struct event
says_ann(struct arena *a, uint64_t record)
{
	return alike(a, record, "ann");
}

static struct event
says_bob(struct arena *a, uint64_t record)
{
	return alike(a, record, "bob");
}

static void
records_that_differ_and_are_equally_rich_do_not_depend_on_order_either(void)
{
	struct test_case one, other;

	case_new(&one);
	case_new(&other);
	import_as(&one, "ann", says_ann, 1, 3);
	import_as(&one, "bob", says_bob, 1, 3);
	import_as(&other, "bob", says_bob, 1, 3);
	import_as(&other, "ann", says_ann, 1, 3);
	for (uint64_t r = 1; r <= 3; r++)
		is(event_at(&one, r).user, event_at(&other, r).user, "both cases have the same");
	case_done(&one);
	case_done(&other);
}

static void
a_search_meanwhile_misses_nothing(void)
{
	struct test_case t;
	struct casefile *reader;
	struct event     ev;

	case_new(&t);
	import_as(&t, "thin", thin, 1, RECORDS);
	casefile_open(&reader, t.path, CASEFILE_READ, 0, &t.err);
	query_event(reader, 100, true, &t.arena, &ev, &t.err);
	ok(text_absent(event_get(&ev, TEXT("CommandLine"))), "a reader sees the thin record");
	case_file(&t, "rich", NULL);
	for (uint64_t r = 1; r <= RECORDS; r++) {
		ev = rich(&t.arena, r);
		batch_add(t.batch, &ev, NULL, 0);
	}
	case_commit(&t);
	ok(candidates(&t, TEXT("whoami /all 791900")) > 0,
	   "what is committed is found before it is sketched");
	query_event(reader, 100, true, &t.arena, &ev, &t.err);
	is(event_get(&ev, TEXT("CommandLine")), TEXT("whoami /all 791900"),
	   "the reader sees the rich one as soon as it is there");
	casefile_close(reader);
	/* The import ends here, as if it were killed; the next one makes it good. */
	import_as(&t, "more", thin, RECORDS + 1, RECORDS + 1);
	ok(candidates(&t, TEXT("whoami /all 791900")) > 0, "after a crash it is still found");
	case_done(&t);
}

int
main(void)
{
	the_richest_record_wins_in_any_order();
	records_that_differ_and_are_equally_rich_do_not_depend_on_order_either();
	a_search_meanwhile_misses_nothing();
	return done_testing();
}
