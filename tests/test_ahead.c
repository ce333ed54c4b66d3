/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Searches over more blocks than one thread reads alone give what it would give. */
#include "config.h"

#include <stdatomic.h>

#include "store/query.h"
#include "tests/cases.h"

#define EVENTS 45000 /* some 350 blocks */
#define LOTS   9

struct got {
	int64_t     n, last, sum, most;
	bool        ascending;
	atomic_bool *stop;
};

static bool
take(void *ctx, const struct event *ev)
{
	struct got *g = ctx;

	g->n++;
	g->sum += ev->id * (int64_t)event_get(ev, TEXT("Word")).n;
	g->ascending = g->ascending && ev->id > g->last;
	g->last = ev->id;
	if (g->stop && g->n == 1000)
		atomic_store(g->stop, true);
	return g->n != g->most;
}

static void
fill(struct test_case *t)
{
	static const char *const words[] = { "often", "often enough", "now and then" };

	case_new(t);
	case_open(t, CASEFILE_IMPORT);
	case_file(t, "a", NULL);
	for (int64_t i = 1; i <= EVENTS; i++) {
		struct arena a = t->arena;
		struct event ev = event_new(&a, "WS-07", "Security", 4688, (uint64_t)i, EVENTS - i);

		event_with(&ev, &a, "Word", text_of(words[i % 50 ? i % 2 : 2]));
		batch_add(t->batch, &ev, NULL, 0);
		if (i % (EVENTS / LOTS) == 0)
			case_commit(t);
	}
	import_finish(t->cf, NULL, NULL, &t->err);
	case_open(t, CASEFILE_READ);
}

static const struct pred *
word(struct arena *a, const char *pattern)
{
	struct pred *p = arena_new(a, struct pred, 1);

	*p = (struct pred){ .kind = PRED_EQ, .name = name_ref(TEXT("Word")),
			    .pattern = pattern_make(a, text_of(pattern), false, false) };
	return p;
}

static struct got
ask_for(struct test_case *t, const struct pred *p, int64_t most, atomic_bool *stop)
{
	struct source src;
	struct got    g = { .ascending = true, .most = most, .stop = stop };

	t->err = (struct err){ 0 };
	casefile_cancel(t->cf, stop);
	src = casefile_source(t->cf);
	src.events(src.self, p, CASE_FILTER_ALL.span, ORDER_ANY, take, &g, &t->err);
	casefile_cancel(t->cf, NULL);
	return g;
}

int
main(void)
{
	struct test_case t;
	struct got       all, g;
	atomic_bool      stop = false;
	int64_t          sum = 0;

	fill(&t);
	for (int64_t i = 1; i <= EVENTS; i++)
		sum += i * (i % 50 ? i % 2 ? 12 : 5 : 12);
	all = ask_for(&t, NULL, 0, NULL);
	ok(all.n == EVENTS && all.ascending && all.sum == sum,
	   "every event once, in the order of the case, with its fields");
	g = ask_for(&t, word(&t.arena, "*OFTEN*"), 0, NULL);
	ok(g.n == EVENTS - EVENTS / 50 && g.ascending, "a common text is found wherever it is");
	g = ask_for(&t, word(&t.arena, "now*"), 0, NULL);
	ok(g.n == EVENTS / 50 && g.ascending && g.last == EVENTS, "so is a rare one");
	g = ask_for(&t, word(&t.arena, "*of*"), 0, NULL);
	ok(g.n == EVENTS - EVENTS / 50, "and one too short for sketches");
	g = ask_for(&t, NULL, 40, NULL);
	ok(g.n == 40 && g.last == 40 && t.err.kind == ERR_NONE, "who has enough ends the search");
	g = ask_for(&t, NULL, 0, &stop);
	ok(g.n < EVENTS && t.err.kind == ERR_CANCEL, "who is stopped ends it, too");
	stop = false;
	g = ask_for(&t, NULL, 0, NULL);
	ok(g.n == EVENTS && g.sum == sum, "the next search is whole again");
	case_done(&t);
	return done_testing();
}
