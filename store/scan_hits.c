/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The hits of many rules by one reading of their events. */
#include "config.h"

#include <stdlib.h>

#include "base/when.h"
#include "store/query.h"
#include "store/scan.h"
#include "store/script.h"
#include "store/sieve.h"

/* Events whose hits are gathered at a time: fewer for many rules, as each may have hit them all. */
#define WINDOW_MOST ((int64_t)1 << 16)
#define HITS_MOST   ((int64_t)1 << 19) /* 4 MiB */

#define WINDOW_KEPT ((size_t)1 << 20) /* bytes */

/* A hit; those of an event are a chain, rules ascending. */
struct link {
	uint32_t rule, next; /* place in LINKS + 1; 0: the last */
};

struct reading {
	struct casefile *cf;
	struct err      *err;
	hits_fn         *fn;
	void            *ctx;
	int64_t         *predicates; /* of each rule; 0: it has no hits */
	uint32_t         n_rules;
	int64_t          n_window; /* events */
	uint32_t        *first; /* of each event of the window: place in LINKS + 1 */
	struct link     *links;
	size_t           n_links, cap;
	uint32_t        *rules; /* of one event */
	struct ask       events; /* in their order */
	struct facts     row;    /* the one it stands on */
	bool             more;
	struct sieve     sieve;
	struct arena     keep, window, scratch;
	struct held      held;
	bool             stop;
};

static const char predicate_of[] = "SELECT p.predicate FROM rule r JOIN rule_predicate p ON "
				   "p.rule = r.id WHERE r.rule_id = ?1 AND p.leaf = 0";

static bool
read_predicates(struct reading *r, const struct text *rule_ids)
{
	r->predicates = arena_new(&r->keep, int64_t, r->n_rules);
	for (uint32_t i = 0; i < r->n_rules; i++) {
		struct ask q;

		if (ask(&q, r->cf, predicate_of, r->err)) {
			ask_text(&q, 1, rule_ids[i]);
			if (ask_row(&q))
				r->predicates[i] = ask_get_int(&q, 0);
		}
		if (!ask_end(&q))
			return false;
	}
	return true;
}

static const char hits_of_window[] =
    "SELECT event FROM hit WHERE predicate = ?1 AND event >= ?2 AND event < ?3";

/* Rules from the last to the first, so that each is put before those behind it. */
static bool
gather(struct reading *r, int64_t from)
{
	struct ask q;

	r->first = arena_new(&r->window, uint32_t, (size_t)r->n_window);
	r->links = NULL;
	r->n_links = r->cap = 0;
	ask(&q, r->cf, hits_of_window, r->err);
	for (uint32_t i = r->n_rules; i-- > 0 && !q.failed;) {
		if (!r->predicates[i])
			continue;
		ask_int(&q, 1, r->predicates[i]);
		ask_int(&q, 2, from);
		ask_int(&q, 3, from + r->n_window);
		while (ask_row(&q)) {
			uint32_t *first = &r->first[ask_get_int(&q, 0) - from];

			arena_grow(&r->window, r->links, r->n_links, &r->cap);
			r->links[r->n_links++] = (struct link){ i, *first };
			*first = (uint32_t)r->n_links;
		}
		ask_run(&q);
	}
	return ask_end(&q);
}

static const char events_from[] = "SELECT " FACTS_COLUMNS " FROM event e WHERE e.id >= ?1 ORDER BY e.id";

/* Rows that are stepped over sooner than looked up anew. */
#define STEPS_MOST 16

/* Goes to the event; false: there is none of that number. */
static bool
go_to(struct reading *r, int64_t event)
{
	for (bool far = r->row.id + STEPS_MOST < event; r->more && r->row.id < event; far = false) {
		if (far) {
			sqlite3_reset(r->events.st);
			ask_int(&r->events, 1, event);
		}
		r->more = ask_row(&r->events);
		if (r->more)
			r->row = facts_get(&r->events);
	}
	return r->more && r->row.id == event;
}

static bool
give(struct reading *r, int64_t event, uint32_t link)
{
	struct arena scratch = r->scratch;
	struct event ev;
	uint32_t     n = 0;

	if (casefile_cancelled(r->cf))
		return err_set(r->err, ERR_CANCEL, "stopped");
	if (!go_to(r, event) || !sieve_row(&r->sieve, &r->row))
		return true;
	for (; link; link = r->links[link - 1].next)
		r->rules[n++] = r->links[link - 1].rule;
	if (!event_load(r->cf, &r->row, &r->held, &scratch, &ev, r->err) ||
	    !script_apply(r->cf, &ev, &scratch, r->err))
		return false;
	r->stop = !r->fn(r->ctx, &ev, r->rules, n);
	return true;
}

static bool
read_windows(struct reading *r)
{
	int64_t last;
	bool    good;

	if (!db_get_int(r->cf, "SELECT max(id) FROM event", 0, &last, r->err))
		return false;
	good = ask(&r->events, r->cf, events_from, r->err);
	ask_int(&r->events, 1, 1);
	r->more = good;
	for (int64_t from = 1; from <= last && good && !r->stop; from += r->n_window) {
		arena_reset(&r->window, WINDOW_KEPT);
		good = gather(r, from);
		for (int64_t i = 0; i < r->n_window && good && !r->stop; i++)
			if (r->first[i])
				good = give(r, from + i, r->first[i]);
	}
	return ask_end(&r->events) && good;
}

static const char any_row[] = "SELECT 1 FROM setting";

bool
scan_all_hits_of(struct casefile *cf, const int64_t *hosts, size_t n_hosts,
		 const struct text *rule_ids, uint32_t n, hits_fn *fn, void *ctx, struct err *err)
{
	struct reading r = { .cf = cf,
			     .err = err,
			     .fn = fn,
			     .ctx = ctx,
			     .n_rules = n,
			     .n_window = HITS_MOST / (n ? n : 1),
			     .sieve.span = { WHEN_NONE, WHEN_MAX },
			     .keep = arena_open((size_t)1 << 24),
			     .window = arena_open((size_t)1 << 30),
			     .scratch = arena_open(BLOCK_RAW_MAX * 4) };
	struct ask     view; /* one view of the case for the whole reading */
	bool           good;

	if (r.n_window > WINDOW_MOST)
		r.n_window = WINDOW_MOST;
	if (ask(&view, cf, any_row, NULL))
		ask_row(&view);
	r.rules = arena_new(&r.keep, uint32_t, n);
	good = read_predicates(&r, rule_ids);
	if (good && (!n_hosts || sieve_hosts(&r.sieve, hosts, n_hosts, &r.keep)))
		good = read_windows(&r);
	ask_end(&view);
	held_release(&r.held);
	arena_close(&r.keep);
	arena_close(&r.window);
	arena_close(&r.scratch);
	return good;
}

bool
scan_all_hits(void *self, const struct text *rule_ids, uint32_t n, hits_fn *fn, void *ctx,
	      struct err *err)
{
	return scan_all_hits_of(self, NULL, 0, rule_ids, n, fn, ctx, err);
}
