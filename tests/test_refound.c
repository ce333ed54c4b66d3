/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Findings that come again: what they rest on, and that those which come out equal stay. */
#include "config.h"

#include "store/basis.h"
#include "store/db.h"
#include "tests/finding_cases.h"

static struct finding
resting_on(struct test_case *t, const char *key, int64_t first, uint32_t n)
{
	struct finding f = finding_of(t, key, "a", "WS-07", RISK_SYSTEM, 25);
	int64_t       *events = arena_new(&t->arena, int64_t, n);

	for (uint32_t i = 0; i < n; i++)
		events[i] = first + i;
	f.events = events;
	f.n_events = n;
	return f;
}

static bool
rests_on(struct test_case *t, int64_t id, int64_t first, uint32_t n)
{
	struct finding_row row;
	bool good = query_finding(t->cf, id, &t->arena, &row, &t->err) && row.finding.n_events == n;

	for (uint32_t i = 0; i < n && good; i++)
		good = row.finding.events[i] == first + i;
	return good;
}

static void
findings_keep_the_events_they_rest_on(void)
{
	struct test_case t;

	start(&t);
	findings_begin(t.cf, &t.err);
	findings_clear_all(t.cf, &t.err);
	add(&t, resting_on(&t, "k1", 1, 100));
	add(&t, resting_on(&t, "k2", 50, 100));
	add(&t, resting_on(&t, "k3", 3, 1));
	add(&t, resting_on(&t, "k2", 2, 3));
	ok(findings_end(t.cf, &t.err), "findings are written, one of them twice");
	ok(rests_on(&t, 1, 1, 100) && rests_on(&t, 3, 3, 1), "each has its events, in their order");
	ok(rests_on(&t, 2, 2, 3), "and the later one of the same key its own alone");
	findings_begin(t.cf, &t.err);
	findings_clear_all(t.cf, &t.err);
	add(&t, resting_on(&t, "k1", 7, 2));
	findings_abort(t.cf);
	ok(rests_on(&t, 1, 1, 100), "what is given up changes no events");
	findings_begin(t.cf, &t.err);
	add(&t, resting_on(&t, "k1", 7, 2));
	findings_end(t.cf, &t.err);
	ok(rests_on(&t, 1, 7, 2) && rests_on(&t, 3, 3, 1), "one finding anew leaves those of others");
	case_done(&t);
}

#define PAIRS(where)                                                                               \
	"SELECT count(*) FROM finding_event x JOIN finding_whole f ON " BASIS_OF("x", "f.id") " WHERE " where

/* Findings 1 to 5 rest on events 10 to 12, but for those in MOVED, a bit each, which rest on 20. */
static bool
is_cut_out(struct test_case *t, unsigned moved)
{
	bool good = true;

	for (int id = 1; id <= 5 && good; id++) {
		bool        away = moved >> id & 1;
		const char *events = arena_printf(&t->arena, PAIRS("f.id = %d AND x.event BETWEEN 10 AND 12"),
						  id).p;
		const char *other = arena_printf(&t->arena, PAIRS("f.id = %d AND x.event = 20"), id).p;

		good = db_int(t->cf, events, -1) == (away ? 0 : 3) && db_int(t->cf, other, -1) == away &&
		       rests_on(t, id, away ? 20 : 10, away ? 1 : 3);
	}
	return good;
}

static void
findings_over_the_same_events_share_rows(void)
{
	static const char *const keys[] = { "k1", "k2", "k3", "k4", "k5" };
	static const int         order[] = { 3, 1, 5, 4, 2 };
	unsigned                 moved = 0;
	struct test_case         t;

	start(&t);
	findings_begin(t.cf, &t.err);
	findings_clear_all(t.cf, &t.err);
	for (int i = 0; i < 5; i++)
		add(&t, resting_on(&t, keys[i], 10, 3));
	findings_end(t.cf, &t.err);
	ok(is_cut_out(&t, 0) && db_int(t.cf, "SELECT count(*) FROM finding_event", -1) == 3,
	   "a row for each event, whatever many findings rest on it");
	for (int i = 0; i < 5; i++) {
		findings_begin(t.cf, &t.err);
		add(&t, resting_on(&t, keys[order[i] - 1], 20, 1));
		findings_end(t.cf, &t.err);
		moved |= 1u << order[i];
		ok(is_cut_out(&t, moved), "finding %d is cut out of them, the others stay", order[i]);
	}
	findings_begin(t.cf, &t.err);
	for (int i = 0; i < 5; i++)
		add(&t, resting_on(&t, keys[i], 10, 3));
	ok(findings_end(t.cf, &t.err) && is_cut_out(&t, 0), "and all of them come back");
	case_done(&t);
}

/* Rows of findings that were written since they were marked. */
static int64_t
written(struct test_case *t)
{
	return db_int(t->cf, "SELECT count(*) FROM finding_whole WHERE user_key IS NOT 'marked'", -1);
}

/* A rule gives ten findings once more, of which CHANGE makes one another. */
static int64_t
given_again(struct test_case *t, void (*change)(struct test_case *t, struct finding *f))
{
	char key[8];

	findings_begin(t->cf, &t->err);
	for (int i = 0; i < 10; i++) {
		snprintf(key, sizeof(key), "k%d", i);
		struct finding f = resting_on(t, key, 1, 5);

		f.key = arena_copy(&t->arena, f.key);
		if (i == 3 && change)
			change(t, &f);
		add(t, f);
	}
	findings_settle_rule(t->cf, TEXT("a"), &t->err);
	/* before whom they mean is decided anew */
	int64_t n = written(t);

	findings_end(t->cf, &t->err);
	db_run(t->cf, "UPDATE finding_body SET user_key = 'marked'", &t->err);
	return n;
}

static void
change_field(struct test_case *t, struct finding *f)
{
	struct finding_field *fields = arena_new(&t->arena, struct finding_field, f->n_fields);

	memcpy(fields, f->fields, f->n_fields * sizeof(*fields));
	fields[1].value = TEXT("a\nc");
	f->fields = fields;
}

static void
drop_field(struct test_case *t, struct finding *f)
{
	(void)t;
	f->n_fields--;
}

static void
change_score(struct test_case *t, struct finding *f)
{
	struct risk_object *o = arena_new(&t->arena, struct risk_object, 1);

	*o = f->objects[0];
	o->score = 26;
	f->objects = o;
}

static void
change_threats(struct test_case *t, struct finding *f)
{
	(void)t;
	f->n_threats = 0;
}

static void
change_events(struct test_case *t, struct finding *f)
{
	int64_t *events = arena_new(&t->arena, int64_t, 6);

	for (int i = 0; i < 6; i++)
		events[i] = 1 + i;
	f->events = events;
	f->n_events = 6;
}

static void
change_time(struct test_case *t, struct finding *f)
{
	(void)t;
	f->last_ns++;
}

static void
change_remark(struct test_case *t, struct finding *f)
{
	(void)t;
	f->remarks = TEXT("");
}

static void
change_key(struct test_case *t, struct finding *f)
{
	(void)t;
	f->key = TEXT("another");
}

static void
what_comes_out_equal_stays_where_it_is(void)
{
	static const struct {
		void (*change)(struct test_case *t, struct finding *f);
		const char *what;
	} changes[] = {
		{ change_field, "a field" },      { drop_field, "a field less" },
		{ change_score, "a score" },      { change_threats, "a threat object less" },
		{ change_events, "an event more" }, { change_time, "a time" },
		{ change_remark, "a remark" },    { change_key, "a finding in place of another" },
	};
	struct test_case t;
	int64_t          others;

	start(&t);
	ok(given_again(&t, NULL) == 10, "the first time all are written");
	findings_begin(t.cf, &t.err);
	add(&t, finding_of(&t, "other", "b", "WS-08", RISK_SYSTEM, 10));
	findings_end(t.cf, &t.err);
	db_run(t.cf, "UPDATE finding_body SET user_key = 'marked'", &t.err);
	others = db_int(t.cf, "SELECT count(*) FROM finding_whole WHERE rule_id = 'b'", -1);
	ok(given_again(&t, NULL) == 0, "the same once more: none is");
	for (size_t i = 0; i < sizeof(changes) / sizeof(*changes); i++) {
		ok(given_again(&t, changes[i].change) == 1, "%s", changes[i].what);
		ok(given_again(&t, changes[i].change) == 0, "and then it is so");
		ok(given_again(&t, NULL) == 1, "and back");
	}
	ok(db_int(t.cf, "SELECT count(*) FROM finding_whole WHERE rule_id = 'a'", -1) == 10 &&
	       db_int(t.cf, "SELECT count(*) FROM risk_event", -1) == 11 &&
	       db_int(t.cf, PAIRS("f.id <> 11"), -1) == 50 &&
	       others == 1 && db_int(t.cf, "SELECT count(*) FROM finding", -1) == 11,
	   "nothing is left of what did not come out any more, and other rules keep theirs");
	findings_begin(t.cf, &t.err);
	findings_settle_rule(t.cf, TEXT("a"), &t.err);
	findings_end(t.cf, &t.err);
	ok(db_int(t.cf, "SELECT count(*) FROM finding", -1) == 1 &&
	       db_int(t.cf, "SELECT sum(n) FROM finding_event", -1) == 2,
	   "a rule that finds nothing any more has nothing");
	case_done(&t);
}

int
main(void)
{
	findings_keep_the_events_they_rest_on();
	findings_over_the_same_events_share_rows();
	what_comes_out_equal_stays_where_it_is();
	return done_testing();
}
