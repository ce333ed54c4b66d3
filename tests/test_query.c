/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lists of events, evidence and gaps, page by page. */
#include "config.h"

#include "store/db.h"
#include "store/findings.h"
#include "store/query.h"
#include "tests/cases.h"

#define EVENTS 600

struct page {
	int64_t  id[EVENTS], time[EVENTS];
	uint32_t hits[EVENTS];
	double   risk[EVENTS];
	int      n;
};

static bool
keep_row(void *ctx, const struct event_row *row)
{
	struct page *p = ctx;

	p->hits[p->n] = row->n_hits;
	p->risk[p->n] = row->risk_score;
	p->time[p->n] = row->time_ns;
	p->id[p->n++] = row->id;
	return p->n < EVENTS;
}

/* Three events a second, of three hosts; two of them are one machine. */
static void
start(struct test_case *t, bool finished)
{
	static const char *const hosts[] = { "WS-07", "ws-07.corp.example", "DC01" };
	struct declared_rule     rule = { .id = TEXT("rule-a"), .n_leaves = 1 };

	case_new(t);
	case_open(t, CASEFILE_IMPORT);
	import_declare_rules(t->cf, &rule, 1, TEXT("x"), &t->err);
	case_file(t, "a", NULL);
	for (uint64_t i = 0; i < EVENTS; i++) {
		struct event ev = event_new(&t->arena, hosts[i % 3], i % 2 ? "Security" : "System",
					    i % 5 ? 4624 : 4688, i + 1, (int64_t)(i / 3) * 60);
		struct batch_hit hit = { 0, 0 };

		event_with(&ev, &t->arena, "AccountName", i % 2 ? TEXT("ann") : TEXT("Bob"));
		if (i == 13)
			ev.time_ns = WHEN_NONE;
		batch_add(t->batch, &ev, &hit, i % 100 == 0);
	}
	batch_gap(t->batch, 10, 20, 2, TEXT("torn"));
	case_commit(t);
	import_end_file(t->cf, t->evidence, "damaged", &t->err);
	if (finished)
		import_finish(t->cf, NULL, NULL, &t->err);
}

/* Does A stand before B, oldest or newest first? Without a time: behind those with one. */
static bool
stands_before(int64_t a_ns, int64_t a_id, int64_t b_ns, int64_t b_id, bool newest)
{
	if (a_ns == b_ns)
		return newest ? a_id > b_id : a_id < b_id;
	if (a_ns == WHEN_NONE || b_ns == WHEN_NONE)
		return b_ns == WHEN_NONE;
	return newest ? a_ns > b_ns : a_ns < b_ns;
}

/* All of it in pages of SIZE; how many rows, and whether each came once and in order. */
static int
walk(struct test_case *t, struct case_filter f, enum event_walk way, uint32_t size, bool *order)
{
	static struct page p;
	bool               back = way == OLDEST_BACK || way == NEWEST_BACK;
	bool               newest = way == NEWEST_ONWARD || way == NEWEST_BACK;
	struct event_key   at = back ? event_key_behind(way) : event_key_before(way);
	int64_t            last_time = 0, last_id = 0;
	int                total = 0;

	*order = true;
	do {
		p.n = 0;
		if (!query_events(t->cf, &f, at, way, size, keep_row, &p, &t->err)) {
			printf("# %s\n", t->err.what);
			return -1;
		}
		for (int i = 0; i < p.n; i++) {
			*order = *order &&
				 (total + i == 0 ||
				  (back ? stands_before(p.time[i], p.id[i], last_time, last_id, newest)
					: stands_before(last_time, last_id, p.time[i], p.id[i], newest)));
			last_time = p.time[i];
			last_id = p.id[i];
		}
		total += p.n;
		at = (struct event_key){ last_time, last_id };
	} while (p.n > 0 && total <= EVENTS);
	return total;
}

static void
pages_show_every_event_once(bool finished)
{
	static const uint32_t sizes[] = { 1, 7, 60, 599, 600 };
	static const struct {
		enum event_walk walk;
		const char     *name;
	} ways[] = { { OLDEST_ONWARD, "from the oldest" },
		     { OLDEST_BACK, "back to the oldest" },
		     { NEWEST_ONWARD, "from the newest" },
		     { NEWEST_BACK, "back to the newest" } };
	struct test_case      t;
	bool                  order;

	start(&t, finished);
	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++)
		for (size_t way = 0; way < sizeof(ways) / sizeof(*ways); way++) {
			if (sizes[i] == 1 && !finished)
				continue;
			ok(walk(&t, CASE_FILTER_ALL, ways[way].walk, sizes[i], &order) == EVENTS && order,
			   "pages of %u, %s; what has no time is last", sizes[i], ways[way].name);
		}
	struct case_filter f = CASE_FILTER_ALL;

	f.host = TEXT("WS-07");
	ok(walk(&t, f, NEWEST_ONWARD, 11, &order) == 400 && order, "two names of one machine, merged");
	f.host = TEXT("dc01");
	ok(walk(&t, f, OLDEST_ONWARD, 11, &order) == 200 && order, "one host");
	f.event_id = 4688;
	ok(walk(&t, f, OLDEST_ONWARD, 11, &order) == 40 && order, "and one event id");
	f = CASE_FILTER_ALL;
	f.channel = TEXT("security");
	ok(walk(&t, f, OLDEST_ONWARD, 50, &order) == 300 && order, "one channel");
	f = CASE_FILTER_ALL;
	f.user = TEXT("BOB");
	ok(walk(&t, f, OLDEST_ONWARD, 50, &order) == 300 && order, "one user");
	f = CASE_FILTER_ALL;
	f.rule = TEXT("rule-a");
	ok(walk(&t, f, OLDEST_ONWARD, 50, &order) == 6 && order, "hits of one rule");
	f = CASE_FILTER_ALL;
	f.span = (struct span){ T0, T0 + 600 * WHEN_SECOND };
	ok(walk(&t, f, OLDEST_ONWARD, 50, &order) == 29 && order,
	   "ten minutes; an event without time is in no range");
	f.host = TEXT("nobody");
	ok(walk(&t, f, OLDEST_ONWARD, 50, &order) == 0, "a host that is not there");
	case_done(&t);
}

static void
counts_say_how_sure_they_are(void)
{
	struct test_case   t;
	struct case_filter f = CASE_FILTER_ALL;
	uint64_t           n;
	bool               exact;

	start(&t, true);
	ok(query_count_events(t.cf, &f, &n, &exact, &t.err) && n == EVENTS && exact, "all");
	f.host = TEXT("ws-07");
	ok(query_count_events(t.cf, &f, &n, &exact, &t.err) && n == 400 && exact, "one machine");
	f.event_id = 4688;
	ok(query_count_events(t.cf, &f, &n, &exact, &t.err) && n == 80 && exact, "and event id");
	f = CASE_FILTER_ALL;
	f.span = (struct span){ T0 + 1, WHEN_MAX };
	ok(query_count_events(t.cf, &f, &n, &exact, &t.err) && n >= 596 && !exact,
	   "a part of an hour is an upper bound");
	f = CASE_FILTER_ALL;
	f.rule = TEXT("rule-a");
	ok(query_count_events(t.cf, &f, &n, &exact, &t.err) && n == 6 && exact, "hits of a rule");
	case_done(&t);
}

static void
rows_carry_hits_and_risk(void)
{
	static struct page p;
	struct test_case   t;
	int64_t            ids[] = { 101, 5, 1 }, behind[] = { 1, 101 };
	struct risk_object object = { TEXT("WS-07"), RISK_SYSTEM, 50, .message = TEXT("m") };
	struct finding     f = { .key = TEXT("k"), .rule_id = TEXT("rule-a"), .rule = TEXT("A"),
				 .first_ns = T0, .last_ns = T0, .techniques = TEXT("T1047"),
				 .risk_score = 50, .events = behind, .n_events = 2,
				 .objects = &object, .n_objects = 1 };
	struct case_filter technique = CASE_FILTER_ALL;
	bool               order;

	start(&t, true);
	findings_begin(t.cf, &t.err);
	findings_add(t.cf, &f, &t.err);
	findings_end(t.cf, &t.err);
	p.n = 0;
	ok(query_event_rows(t.cf, ids, 3, keep_row, &p, &t.err) && p.n == 3, "rows by id");
	ok(p.id[0] == 101 && p.id[1] == 5 && p.id[2] == 1, "in the order asked");
	ok(p.hits[0] == 1 && p.hits[1] == 0, "with their hits");
	ok(p.risk[2] > 49 && p.risk[1] < 1, "and the risk of findings they are behind");
	technique.technique = TEXT("T1047");
	ok(walk(&t, technique, OLDEST_ONWARD, 60, &order) == 2, "events of a technique");
	case_done(&t);
}

struct pairs {
	uint32_t n, wanted, most;
};

static bool
count_pair(void *ctx, struct text channel, uint32_t event_id)
{
	struct pairs *p = ctx;

	p->wanted += text_eq(channel, TEXT("Security")) && event_id == 4624;
	return ++p->n < p->most;
}

static void
summaries_need_no_events(void)
{
	struct text       *names;
	size_t             n_names;
	struct test_case   t;
	struct hour_count *hours;
	struct kind_count *kinds;
	struct pairs       pairs = { .most = UINT32_MAX };
	uint64_t           sum = 0;

	start(&t, true);
	size_t n = query_activity(t.cf, &CASE_FILTER_ALL, &t.arena, &hours);

	for (size_t i = 0; i < n; i++)
		sum += hours[i].events;
	ok(n == 4 && sum == EVENTS - 1, "events by hour; those without time are in none");
	ok(hours[0].hour_ns % WHEN_HOUR == 0 && hours[0].hour_ns < hours[1].hour_ns, "ascending");
	n = query_kinds(t.cf, TEXT("DC01"), &t.arena, &kinds);
	sum = 0;
	for (size_t i = 0; i < n; i++)
		sum += kinds[i].events;
	ok(n == 4 && sum == 200 && kinds[0].events >= kinds[1].events, "kinds of one host");
	is(kinds[0].provider, TEXT("Test-Provider"), "with their provider");
	ok(query_event_kinds(t.cf, count_pair, &pairs, NULL) && pairs.wanted == 1 && pairs.n > 1,
	   "a pair of channel and id that many events have is told once");
	pairs.n = 0;
	pairs.most = 1;
	ok(query_event_kinds(t.cf, count_pair, &pairs, NULL) && pairs.n == 1,
	   "and none are told behind the last one wanted");
	n_names = query_fields(t.cf, 100, &t.arena, &names);
	ok(n_names > 1 && text_cmp(names[0], names[1]) < 0 &&
	       query_fields(t.cf, 1, &t.arena, &names) == 1,
	   "names of raw fields come sorted, and no more than wanted");
	ok(query_has_field(t.cf, TEXT("AccountName")) && !query_has_field(t.cf, TEXT("Image")),
	   "names of fields that occur");
	case_done(&t);
}

struct pieces {
	int64_t first_ns;
	double  sum;
	int     n;
};

static bool
keep_piece(void *ctx, int64_t at_ns, double amount)
{
	struct pieces *p = ctx;

	if (!p->n++)
		p->first_ns = at_ns;
	p->sum += amount;
	return true;
}

static struct pieces
pieces_of(struct test_case *t, enum activity kind, const struct case_filter *f, int64_t unit_ns)
{
	struct pieces p = { 0 };

	ok(query_activity_of(t->cf, kind, f, unit_ns, keep_piece, &p, &t->err), "it is counted");
	return p;
}

static void
activity_is_counted_by_kind_and_minute(void)
{
	const int64_t      minute = 60 * WHEN_SECOND;
	struct case_filter dc = CASE_FILTER_ALL, user = CASE_FILTER_ALL;
	struct test_case   t;
	struct pieces      p;

	dc.host = TEXT("DC01");
	user.user = TEXT("ann");
	for (int finished = 0; finished < 2; finished++) {
		start(&t, finished);
		p = pieces_of(&t, ACTIVITY_EVENTS, &CASE_FILTER_ALL, minute);
		ok(p.n == EVENTS / 3 && p.sum > EVENTS - 1.5 && p.sum < EVENTS - 0.5,
		   "all events by the minute, but the one without time");
		ok(p.first_ns % minute == 0, "pieces begin with the minute");
		p = pieces_of(&t, ACTIVITY_LOGONS, &CASE_FILTER_ALL, WHEN_HOUR);
		ok(p.n == 4 && (int)p.sum == 239, "logons are those of the log Security only");
		p = pieces_of(&t, ACTIVITY_PROCESSES, &dc, minute);
		ok((int)p.sum == 20, "process starts of one host");
		p = pieces_of(&t, ACTIVITY_SCRIPTS, &CASE_FILTER_ALL, minute);
		ok(p.n == 0, "there are no scripts");
		p = pieces_of(&t, ACTIVITY_LOGONS, &user, WHEN_HOUR);
		ok((int)p.sum == 239, "they obey what events know");
		ok(query_activity_knows(&dc) && !query_activity_knows(&user),
		   "the summaries know hosts, and no users");
		case_done(&t);
	}
}

static bool
keep_evidence(void *ctx, const struct evidence_row *row)
{
	(*(int *)ctx)++;
	is(row->path, TEXT("a"), "its path");
	is(row->status, TEXT("damaged"), "its status");
	ok(row->events == EVENTS && row->gaps == 1 && row->sha256.n == 64, "its counts");
	return true;
}

static bool
keep_gap(void *ctx, const struct gap_row *row)
{
	(*(int *)ctx)++;
	ok(row->offset == 10 && row->length == 20 && row->records_lost == 2, "where and how much");
	is(row->reason, TEXT("torn"), "and why");
	return true;
}

static void
evidence_and_gaps_are_listed(void)
{
	struct test_case     t;
	int                  files = 0, gaps = 0;
	struct event_origin *origins;
	struct event         ev;

	start(&t, true);
	ok(query_evidence(t.cf, keep_evidence, &files, &t.err) && files == 1, "one file");
	ok(query_gaps(t.cf, keep_gap, &gaps, &t.err) && gaps == 1, "one gap");
	ok(query_event_origins(t.cf, 5, &t.arena, &origins) == 1 && origins[0].offset == 5 * 512,
	   "an event knows its record");
	ok(!query_event(t.cf, EVENTS + 1, true, &t.arena, &ev, &t.err) && t.err.kind == ERR_INPUT,
	   "there is no event 601");
	case_done(&t);
}

static int
keep_question(unsigned what, void *ctx, void *statement, void *text)
{
	(void)what;
	(void)text;
	*(char **)ctx = sqlite3_mprintf("EXPLAIN QUERY PLAN %s", sqlite3_sql(statement));
	return 0;
}

static void
sources_of_an_event_cost_no_look_at_every_file(void)
{
	struct test_case     t;
	struct event_origin *origins;
	sqlite3_stmt        *plan = NULL;
	char                *asked = NULL;
	int                  looked_up = 0, gone_through = 0;

	start(&t, true);
	sqlite3_trace_v2(t.cf->db, SQLITE_TRACE_STMT, keep_question, &asked);
	query_event_origins(t.cf, 5, &t.arena, &origins);
	sqlite3_trace_v2(t.cf->db, 0, NULL, NULL);
	ok(asked && sqlite3_prepare_v2(t.cf->db, asked, -1, &plan, NULL) == SQLITE_OK,
	   "the case is asked once");
	while (plan && sqlite3_step(plan) == SQLITE_ROW) {
		struct text step = text_of((const char *)sqlite3_column_text(plan, 3));

		looked_up += text_starts(step, TEXT("SEARCH "));
		gone_through += text_starts(step, TEXT("SCAN ")) && !text_eq(step, TEXT("SCAN x"));
	}
	ok(looked_up && !gone_through, "nothing but the event's own records is gone through");
	sqlite3_finalize(plan);
	sqlite3_free(asked);
	case_done(&t);
}

int
main(void)
{
	pages_show_every_event_once(true);
	pages_show_every_event_once(false);
	counts_say_how_sure_they_are();
	rows_carry_hits_and_risk();
	summaries_need_no_events();
	activity_is_counted_by_kind_and_minute();
	evidence_and_gaps_are_listed();
	sources_of_an_event_cost_no_look_at_every_file();
	return done_testing();
}
