/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Members of groups that an event knows by identifier only have the name that other events say. */
#include "config.h"

#include "base/decoded.h"
#include "base/names.h"
#include "store/query.h"
#include "tests/cases.h"

#define NEW TEXT("S-1-5-21-1-2-3-1105")

static struct event
joined(struct arena *a, uint64_t record, struct text sid)
{
	struct event ev = event_new(a, "WS-07", "Security", 4732, record, (int64_t)record);

	ev.format = FORMAT_EVTX;
	event_with(&ev, a, "MemberName", TEXT("-"));
	event_with(&ev, a, "MemberSid", sid);
	event_with(&ev, a, "TargetUserName", TEXT("Administrators"));
	event_with(&ev, a, "TargetSid", TEXT("S-1-5-32-544"));
	event_finish(&ev);
	return ev;
}

static struct event
created(struct arena *a, uint64_t record, struct text sid, struct text name)
{
	struct event ev = event_new(a, "WS-07", "Security", 4720, record, (int64_t)record);

	ev.format = FORMAT_EVTX;
	event_with(&ev, a, "TargetUserName", name);
	event_with(&ev, a, "TargetDomainName", TEXT("WS-07"));
	event_with(&ev, a, "TargetSid", sid);
	event_finish(&ev);
	return ev;
}

static size_t
match_user(void *ctx, const struct event *ev, const struct batch_hit **hits)
{
	static const struct batch_hit hit = { 0, 0 };
	const struct name_ref         user = name_ref(TEXT("user"));
	struct arena                 *scratch = ctx;

	*hits = &hit;
	return ev->event_id == 4732 && text_eq(event_value(ev, &user, scratch), TEXT("new"));
}

static void
import(struct test_case *t, const char *file, const struct event *events, size_t n)
{
	const struct declared_rule rules[] = { { .id = TEXT("rule-1"), .n_leaves = 1 } };

	case_open(t, CASEFILE_IMPORT);
	import_declare_rules(t->cf, rules, 1, TEXT("digest"), &t->err);
	case_file(t, file, NULL);
	for (size_t i = 0; i < n; i++)
		batch_add(t->batch, &events[i], NULL, 0);
	case_commit(t);
	ok(import_end_file(t->cf, t->evidence, "ok", &t->err) &&
	       import_finish(t->cf, match_user, &t->arena, &t->err),
	   "%s is imported", file);
	if (t->err.what[0])
		printf("# %s: %s\n", t->err.where, t->err.what);
}

static struct event
event_at(struct test_case *t, int64_t id)
{
	struct event ev = { 0 };

	query_event(t->cf, id, true, &t->arena, &ev, &t->err);
	return ev;
}

static struct text
user_of_event(struct test_case *t, int64_t id)
{
	const struct name_ref user = name_ref(TEXT("user"));
	struct event          ev = event_at(t, id);

	return event_value(&ev, &user, &t->arena);
}

static bool
count_event(void *ctx, const struct event *ev)
{
	(void)ev;
	++*(int *)ctx;
	return true;
}

/* Events that a search for that user finds, which the lists of three letters narrow. */
static int
found(struct test_case *t, const char *user)
{
	struct source src = casefile_source(t->cf);
	struct pred   eq = { .kind = PRED_EQ, .name = name_ref(TEXT("user")) };
	int           n = 0;

	eq.pattern = pattern_make(&t->arena, text_of(user), true, false);
	src.events(src.self, &eq, (struct span){ WHEN_NONE, WHEN_MAX }, ORDER_ANY, count_event, &n,
		   &t->err);
	return n;
}

static int
hits(struct test_case *t)
{
	struct source src = casefile_source(t->cf);
	int           n = 0;

	src.hits(src.self, TEXT("rule-1"), 0, (struct span){ WHEN_NONE, WHEN_MAX }, ORDER_ANY,
		 count_event, &n, &t->err);
	return n;
}

static void
the_name_comes_from_whichever_event_says_it(void)
{
	struct test_case t;
	struct event     events[3], ev;
	struct field     field = { 0 };

	case_new(&t);
	events[0] = joined(&t.arena, 1, NEW);
	events[1] = created(&t.arena, 2, NEW, TEXT("new"));
	events[2] = joined(&t.arena, 3, TEXT("S-1-5-21-1-2-3-1999"));
	import(&t, "one", events, 3);
	is(user_of_event(&t, 1), TEXT("new"), "also from one behind it");
	is(user_of_event(&t, 3), TEXT("S-1-5-21-1-2-3-1999"), "nobody says it: the identifier");
	ev = event_at(&t, 1);
	is(event_get(&ev, TEXT("MemberName")), TEXT("-"), "what was recorded stays");
	is(event_get(&ev, TEXT("MemberSid_decoded")), TEXT("WS-07\\new"), "the name is beside it");
	for (uint32_t i = 0; i < ev.n_fields; i++)
		if (text_eq(ev.fields[i].name, TEXT("MemberSid_decoded")))
			field = ev.fields[i];
	ok(text_find(decoded_origin(&ev, &field, &t.arena), TEXT("MemberSid")) == 0,
	   "and says where it comes from");
	ok(found(&t, "new") == 2, "searches find both events by the name");
	ok(hits(&t) == 1, "the event is matched with its name");

	events[0] = created(&t.arena, 4, TEXT("S-1-5-21-1-2-3-1999"), TEXT("late"));
	import(&t, "two", events, 1);
	is(user_of_event(&t, 3), TEXT("late"), "more evidence names those that nobody named");
	ok(found(&t, "late") == 2, "and they are found");
	case_done(&t);
}

static void
several_names_are_none(void)
{
	struct test_case t;
	struct event     events[3], ev;
	int              problems = 0;

	case_new(&t);
	events[0] = created(&t.arena, 1, NEW, TEXT("ann"));
	events[1] = joined(&t.arena, 2, NEW);
	events[2] = created(&t.arena, 3, NEW, TEXT("bob"));
	import(&t, "one", events, 3);
	is(user_of_event(&t, 2), NEW, "an identifier of two names stays what it is");
	ev = event_at(&t, 2);
	ok(text_find(ev.remark, TEXT("WS-07\\ann and WS-07\\bob")) != TEXT_NOWHERE,
	   "the event says so");
	import(&t, "two", events, 3);
	ev = event_at(&t, 2);
	ok(text_find(text_from(ev.remark, text_find(ev.remark, TEXT("ann"))), TEXT("MemberSid")) ==
	       TEXT_NOWHERE,
	   "once");
	ok(casefile_verify(t.cf, count_problem, &problems, &t.err) && problems == 0,
	   "the case is whole");
	case_done(&t);
}

/* Who installs a service is not whom it runs as. */
static void
an_account_of_a_service_is_not_its_installer(void)
{
	struct test_case t;
	struct event     events[3];

	case_new(&t);
	events[0] = joined(&t.arena, 1, NEW);
	events[1] = event_new(&t.arena, "WS-07", "System", 7045, 2, 2);
	event_with(&events[1], &t.arena, "UserID", NEW);
	event_with(&events[1], &t.arena, "ServiceName", TEXT("updater"));
	event_with(&events[1], &t.arena, "AccountName", TEXT("LocalSystem"));
	event_finish(&events[1]);
	import(&t, "one", events, 2);
	is(user_of_event(&t, 1), NEW, "a service's account names no identifier");
	events[2] = event_new(&t.arena, "WS-07", "System", 1, 3, 3);
	event_with(&events[2], &t.arena, "UserID", NEW);
	event_with(&events[2], &t.arena, "AccountName", TEXT("ann"));
	event_with(&events[2], &t.arena, "Domain", TEXT("CORP"));
	event_finish(&events[2]);
	import(&t, "two", &events[2], 1);
	is(user_of_event(&t, 1), TEXT("ann"), "who wrote an event does");
	case_done(&t);
}

/* What the event that has the identifier says in the end, its name made before it or behind it. */
static void
import_in_order(struct text *user, struct text *remark, int *n_hits, struct arena *keep,
		const int order[4])
{
	struct test_case t;
	struct event     all[4], ev;
	int64_t          id = 0;

	case_new(&t);
	all[0] = joined(&t.arena, 1, NEW);
	all[1] = created(&t.arena, 2, NEW, TEXT("new"));
	all[2] = created(&t.arena, 3, NEW, TEXT("bob"));
	all[3] = created(&t.arena, 4, NEW, TEXT("amy"));
	for (int i = 0; i < 4; i++) {
		char file[] = { (char)('a' + order[i]), 0 };

		id = order[i] == 0 ? i + 1 : id;
		import(&t, file, &all[order[i]], 1);
	}
	ev = event_at(&t, id);
	*user = arena_copy(keep, user_of_event(&t, id));
	*remark = arena_copy(keep, text_or_empty(ev.remark));
	*n_hits = hits(&t);
	case_done(&t);
}

static void
the_order_of_imports_does_not_matter(void)
{
	static const int orders[][4] = { { 0, 1, 2, 3 }, { 1, 0, 3, 2 }, { 3, 2, 1, 0 } };
	struct arena     keep = arena_open((size_t)1 << 20);

	for (size_t i = 0; i < 3; i++) {
		struct text user, remark;
		int         n;

		import_in_order(&user, &remark, &n, &keep, orders[i]);
		is(user, NEW, "a name that is contradicted later is withdrawn");
		is(remark, TEXT("MemberSid has several names in other events: WS-07\\amy and "
				"WS-07\\bob"),
		   "and the event says why, once");
		ok(n == 0, "nor does it have hits of that name");
	}
	arena_close(&keep);
}

static void
many_are_named_at_once(void)
{
	struct test_case t;
	struct event     events[200];
	char             sid[64], name[16];
	int              named = 0;

	case_new(&t);
	for (size_t i = 0; i < 100; i++) {
		snprintf(sid, sizeof(sid), "S-1-5-21-1-2-3-%zu", 2000 + i);
		snprintf(name, sizeof(name), "user%zu", i);
		events[i] = joined(&t.arena, 1 + i, arena_copy(&t.arena, text_of(sid)));
		events[100 + i] = created(&t.arena, 101 + i, arena_copy(&t.arena, text_of(sid)),
					  arena_copy(&t.arena, text_of(name)));
	}
	import(&t, "one", events, 200);
	for (int64_t id = 1; id <= 100; id++)
		named += text_starts(user_of_event(&t, id), TEXT("user"));
	ok(named == 100, "however many they are");
	case_done(&t);
}

/* Some of it is more than fits into what is kept of a member. */
static struct text
endless(struct arena *a, const char *head)
{
	const size_t n = (size_t)7 << 19;
	char        *bytes = arena_new(a, char, n);

	memset(bytes, '7', n);
	memcpy(bytes, head, strlen(head));
	return (struct text){ bytes, n };
}

static void
what_is_too_long_is_no_identifier_and_no_name(void)
{
	struct test_case t;
	struct event     events[5], ev;
	struct text      sid;

	case_new(&t);
	sid = endless(&t.arena, "S-1-5-21-1-2-3-");
	events[0] = joined(&t.arena, 1, sid);
	events[1] = joined(&t.arena, 2, NEW);
	events[2] = created(&t.arena, 3, NEW, endless(&t.arena, "ann"));
	events[3] = created(&t.arena, 4, sid, TEXT("bob"));
	events[4] = created(&t.arena, 5, NEW, endless(&t.arena, "bob"));
	import(&t, "one", events, 5);
	ev = event_at(&t, 1);
	ok(text_eq(event_get(&ev, TEXT("MemberSid")), sid) &&
	       text_absent(event_get(&ev, TEXT("MemberSid_decoded"))),
	   "an identifier of megabytes is none, whoever has a name for it");
	is(user_of_event(&t, 2), NEW, "nor are names of megabytes those of anybody");
	events[0] = created(&t.arena, 6, NEW, TEXT("new"));
	import(&t, "two", events, 1);
	is(user_of_event(&t, 2), TEXT("new"), "one that it can be is");
	case_done(&t);
}

int
main(void)
{
	the_name_comes_from_whichever_event_says_it();
	several_names_are_none();
	the_order_of_imports_does_not_matter();
	many_are_named_at_once();
	an_account_of_a_service_is_not_its_installer();
	what_is_too_long_is_no_identifier_and_no_name();
	return done_testing();
}
