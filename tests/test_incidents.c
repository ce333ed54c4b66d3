/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Incident rules, replayed over risk events. */
#include "config.h"

#include "base/when.h"
#include "rules/incidents.h"
#include "tests/tap.h"

#define DAY_1 (INT64_C(1704067200) * WHEN_SECOND) /* 2024-01-01T00:00:00Z */
#define AT(day, hour) (DAY_1 + ((day) - 1) * WHEN_DAY + (hour) * WHEN_HOUR)

#define EXECUTION   "T1047"
#define LATERAL     "T1021"
#define PERSISTENCE "T1136"

struct replay {
	struct arena          keep, scratch;
	struct incident_book *book;
	struct incident      *found;
	size_t                n;
};

static void
start(struct replay *r)
{
	*r = (struct replay){ .keep = arena_open((size_t)1 << 32),
			      .scratch = arena_open((size_t)1 << 20) };
	r->book = incident_book_new(&r->keep);
}

static struct risk_event
about(struct arena *keep, const char *object, enum risk_object_type type, int64_t time_ns,
      double score, const char *rule, const char *technique)
{
	char             *low = arena_new(keep, char, strlen(object) + 1);
	struct risk_event re = { .time_ns = time_ns, .rule = text_of(rule),
				 .rule_id = text_of(rule), .technique = text_of(technique) };

	re.object = (struct risk_object){ .value = text_of(object), .type = type, .score = score };
	text_fold(low, re.object.value);
	re.normalized = (struct text){ low, re.object.value.n };
	return re;
}

static void
add(struct replay *r, const char *object, int64_t time_ns, double score, const char *rule,
    const char *technique)
{
	struct risk_event re = about(&r->keep, object, RISK_SYSTEM, time_ns, score, rule, technique);

	incident_book_add(r->book, &re, r->scratch);
}

static void
find(struct replay *r, int64_t clock_ns, uint32_t cap)
{
	const struct incident_options options = { clock_ns, cap };

	r->n = incidents_find(r->book, &options, &r->found);
}

static void
end(struct replay *r)
{
	arena_close(&r->scratch);
	arena_close(&r->keep);
}

static void
add_four(struct replay *r)
{
	add(r, "H1", AT(1, 10), 60, "A", EXECUTION);
	add(r, "H1", AT(1, 20), 40, "B", LATERAL);
	add(r, "H1", AT(2, 9), 5, "C", PERSISTENCE);
	add(r, "H1", AT(2, 12), 50, "A", EXECUTION);
}

static void
the_highest_window_of_24_hours_is_told(void)
{
	struct replay r;

	start(&r);
	add_four(&r);
	find(&r, WHEN_NONE, 0);
	ok(r.n == 1 && r.found[0].rule == INCIDENT_RISK, "one incident, and not of tactics");
	is(r.found[0].object, TEXT("H1"), "its object");
	ok(r.found[0].score == 105 && r.found[0].risk_events == 3, "60, 40 and 5");
	ok(r.found[0].window_end_ns == AT(2, 9) && r.found[0].window_start_ns == AT(1, 9),
	   "in the window that ends with the third");
	ok(r.found[0].first_ns == AT(1, 10) && r.found[0].last_ns == AT(2, 9), "its risk events");
	ok(r.found[0].severity == SEVERITY_MEDIUM, "100 to 249 is medium");
	is(r.found[0].sources, TEXT("A\nB\nC"), "what it comes from");
	is(r.found[0].tactics, TEXT("Execution, Persistence, Lateral Movement"), "and its tactics");
	end(&r);
}

static void
three_tactics_need_four_sources(void)
{
	struct replay r;

	start(&r);
	add_four(&r);
	add(&r, "h1", AT(5, 0), 1, "D", EXECUTION);
	find(&r, WHEN_NONE, 0);
	ok(r.n == 2 && r.found[0].rule == INCIDENT_TACTICS, "a fourth source makes an incident");
	ok(r.found[0].n_tactics == 3 && r.found[0].n_sources == 4, "of three tactics");
	ok(r.found[0].score == 156 && r.found[0].severity == SEVERITY_HIGH, "which is high");
	is(r.found[0].object, TEXT("H1"), "by the most frequent spelling");
	end(&r);
	start(&r);
	add_four(&r);
	add(&r, "H1", AT(8, 10), 1, "D", EXECUTION);
	find(&r, WHEN_NONE, 0);
	ok(r.n == 2 && r.found[0].risk_events == 4, "what is exactly 7 days old is outside");
	end(&r);
	start(&r);
	add_four(&r);
	add(&r, "H1", AT(5, 0), 1, "D", "");
	find(&r, WHEN_NONE, 0);
	ok(r.n == 1, "a source without tactic does not count");
	end(&r);
}

static void
exactly_100_is_no_incident(void)
{
	struct replay r;

	start(&r);
	add(&r, "H1", AT(1, 1), 50, "A", "");
	add(&r, "H1", AT(1, 2), 50, "B", "");
	add(&r, "H2", AT(1, 1), 50, "A", "");
	add(&r, "H2", AT(1, 2), 51, "B", "");
	add(&r, "H3", AT(1, 1), 33.4, "A", "");
	add(&r, "H3", AT(1, 2), 33.3, "B", "");
	add(&r, "H3", AT(1, 3), 33.3, "C", "");
	add(&r, "H4", AT(1, 0), 99, "A", "");
	add(&r, "H4", AT(2, 0), 99, "B", "");
	find(&r, WHEN_NONE, 0);
	ok(r.n == 1, "only what is above");
	is(r.found[0].object, TEXT("H2"), "50 and 51 are");
	end(&r);
}

static void
objects_are_told_apart_by_type_and_host(void)
{
	struct replay     r;
	struct risk_event re;

	start(&r);
	add(&r, "x", AT(1, 1), 60, "A", "");
	re = about(&r.keep, "x", RISK_USER, AT(1, 1), 60, "A", "");
	incident_book_add(r.book, &re, r.scratch);
	find(&r, WHEN_NONE, 0);
	ok(r.n == 0, "a user is not the system of that name");
	end(&r);
	start(&r);
	for (int i = 0; i < 2; i++) {
		re = about(&r.keep, i ? "ws-07.corp.example" : "WS-07", RISK_SYSTEM, AT(1, i), 60, "A", "");
		re.host_id = 7;
		incident_book_add(r.book, &re, r.scratch);
	}
	find(&r, WHEN_NONE, 0);
	ok(r.n == 1 && r.found[0].score == 120, "two names of one host are one object");
	is(r.found[0].object, TEXT("WS-07"), "equally frequent: the first by letter");
	end(&r);
}

static void
overlapping_windows_are_one_incident(void)
{
	struct replay r;

	start(&r);
	for (int hour = 0; hour < 96; hour += 8)
		add(&r, "H1", AT(1, hour), 80, "A", "");
	add(&r, "H1", AT(20, 0), 501, "B", "");
	add(&r, "H1", AT(30, 0), 101, "B", "");
	find(&r, WHEN_NONE, 0);
	ok(r.n == 3, "what lies apart is another incident");
	ok(r.found[0].score == 501 && r.found[0].severity == SEVERITY_CRITICAL, "from 500 critical");
	ok(r.found[1].score == 240 && r.found[1].first_ns == AT(1, 0) &&
	       r.found[1].last_ns == AT(1, 88),
	   "four days of 240 in 24 hours are one, with all of their span");
	ok(r.found[1].window_end_ns == AT(1, 16), "the earliest of equally high windows is told");
	end(&r);
}

static void
the_clock_says_what_is_now(void)
{
	struct replay r;

	for (int later = 0; later < 3; later++) {
		start(&r);
		add(&r, "H1", AT(1, 0), 60, "A", "");
		add(&r, "H1", AT(1, 10), 60, "B", "");
		find(&r, AT(1, 10 + 13 * later), 0);
		ok(r.n == 1 && r.found[0].now == (later < 2), "%s",
		   later < 2 ? "within 24 hours it is now" : "and later it is history");
		end(&r);
	}
	start(&r);
	add(&r, "H1", AT(1, 0), 60, "A", "");
	add(&r, "H1", WHEN_NONE, 60, "B", "");
	find(&r, AT(1, 10), 0);
	ok(r.n == 1 && r.found[0].last_ns == AT(1, 10), "what has no time is at the clock");
	end(&r);
}

static void
a_cap_counts_a_source_only_so_often(void)
{
	struct replay r;

	start(&r);
	for (int i = 0; i < 20; i++)
		add(&r, "H1", AT(1, i), i == 3 ? 30 : 10, "A", "");
	add(&r, "H2", AT(1, 0), 40, "A", "");
	add(&r, "H2", AT(1, 1), 40, "A", "");
	add(&r, "H2", AT(1, 2), 40, "B", "");
	find(&r, WHEN_NONE, 3);
	ok(r.n == 1, "noise of one rule stays below the threshold");
	is(r.found[0].object, TEXT("H2"), "what several say does not");
	end(&r);
	start(&r);
	for (int i = 0; i < 48; i++)
		add(&r, "H1", AT(1, i), i == 3 ? 60 : 10, "A", "");
	find(&r, WHEN_NONE, 3);
	ok(r.n == 1 && r.found[0].score == 290 && r.found[0].capped_score == 180,
	   "both scores are told, and the higher score leaves with its event");
	ok(r.found[0].severity == SEVERITY_MEDIUM, "the capped one decides");
	end(&r);
}

static bool
same(const struct incident *a, const struct incident *b)
{
	return a->rule == b->rule && text_eq(a->object, b->object) && a->score == b->score &&
	       a->capped_score == b->capped_score && text_eq(a->sources, b->sources) &&
	       a->first_ns == b->first_ns && a->last_ns == b->last_ns &&
	       a->window_end_ns == b->window_end_ns && a->n_tactics == b->n_tactics;
}

/* Every window of one object, counted anew. */
static int64_t
slow_highest(const int64_t *times, const int *scores, size_t n)
{
	int64_t best = 0;

	for (size_t i = 0; i < n; i++) {
		int64_t sum = 0;

		for (size_t k = 0; k < n; k++)
			if (times[k] <= times[i] && times[k] > times[i] - WHEN_DAY)
				sum += scores[k];
		if (sum > best)
			best = sum;
	}
	return best;
}

static void
order_does_not_matter(void)
{
	static const char *const techniques[] = { EXECUTION, LATERAL, PERSISTENCE, "" };
	static const char *const rules[] = { "A", "B", "C", "D", "E" };
	struct replay            one, other;
	uint32_t                 seed = 1;
	bool                     equal = true, highest = true;

	for (int round = 0; round < 50; round++) {
		int64_t times[64];
		int     scores[64], kinds[64];

		start(&one);
		start(&other);
		for (size_t i = 0; i < 64; i++) {
			seed = seed * 1664525u + 1013904223u;
			times[i] = AT(1, seed >> 24);
			scores[i] = (int)(seed >> 16 & 63);
			kinds[i] = (int)(seed >> 8 & 255);
		}
		for (size_t i = 0; i < 64; i++) {
			size_t k = 63 - i;

			add(&one, "H", times[i], scores[i], rules[kinds[i] % 5],
			    techniques[kinds[i] / 8 % 4]);
			add(&other, "H", times[k], scores[k], rules[kinds[k] % 5],
			    techniques[kinds[k] / 8 % 4]);
		}
		find(&one, AT(3, 0), round % 3 ? 2 : 0);
		find(&other, AT(3, 0), round % 3 ? 2 : 0);
		equal = equal && one.n == other.n;
		for (size_t i = 0; equal && i < one.n; i++)
			equal = same(&one.found[i], &other.found[i]);
		if (round % 3 == 0 && slow_highest(times, scores, 64) > 100)
			highest = highest && one.n &&
				  one.found[0].rule == INCIDENT_RISK
				      ? one.found[0].score ==
					    (double)slow_highest(times, scores, 64)
				      : highest;
		end(&one);
		end(&other);
	}
	ok(equal, "the same risk events in any order give the same incidents");
	ok(highest, "and the score is that of the highest window");
}

static void
nothing_and_nonsense(void)
{
	struct replay r;

	start(&r);
	find(&r, WHEN_NONE, 0);
	ok(r.n == 0, "no risk, no incident");
	end(&r);
	start(&r);
	add(&r, "H1", INT64_MIN + 1, 1e300, "A", "nonsense  T1047");
	add(&r, "H1", INT64_MAX, 1e300, "A", "");
	add(&r, "", AT(1, 0), -1e300, "", NULL);
	add(&r, "H1", WHEN_NONE, 0.0 / 1.0, "A", "");
	find(&r, WHEN_NONE, 1);
	ok(r.n == 2 && r.found[0].score == 1e6, "times and scores have limits");
	end(&r);
}

int
main(void)
{
	the_highest_window_of_24_hours_is_told();
	three_tactics_need_four_sources();
	exactly_100_is_no_incident();
	objects_are_told_apart_by_type_and_host();
	overlapping_windows_are_one_incident();
	the_clock_says_what_is_now();
	a_cap_counts_a_source_only_so_often();
	order_does_not_matter();
	nothing_and_nonsense();
	return done_testing();
}
