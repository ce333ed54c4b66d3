/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every event of the case is matched again: threads read and match, the caller's writes. */
#include "config.h"

#include <pthread.h>
#include <stdlib.h>

#include "store/blocks.h"
#include "store/declare.h"
#include "store/import.h"
#include "store/script.h"
#include "store/writer.h"

#define STRETCH 4096 /* event ids that a thread takes in one go */
#define AHEAD   4    /* stretches per thread that may wait to be written */

struct found {
	int64_t  event;
	uint32_t rule, leaf;
};

struct stretch {
	struct found *hits;
	size_t        n, cap;
	bool          done;
	struct err    err;
};

struct rematch {
	struct casefile       *cf;
	const struct matching *m;
	const atomic_bool     *cancel;
	int64_t                last; /* event */
	pthread_mutex_t        lock;
	pthread_cond_t         moved;
	/* under the lock */
	struct stretch        *ring; /* by number, modulo n_ring */
	size_t                 n_ring, taken, written, n_stretches;
	uint32_t               next_ctx;
	bool                   stop;
};

static bool
cancelled(const struct rematch *r)
{
	return r->cancel && atomic_load_explicit(r->cancel, memory_order_relaxed);
}

static void
add_hit(struct stretch *s, struct found hit)
{
	if (s->n == s->cap) {
		s->cap = s->cap ? s->cap * 2 : 256;
		s->hits = realloc(s->hits, s->cap * sizeof(*s->hits));
		if (!s->hits)
			arena_exhausted(s->cap * sizeof(*s->hits));
	}
	s->hits[s->n++] = hit;
}

static const char some_events[] =
    "SELECT " FACTS_COLUMNS " FROM event e WHERE e.id > ?1 AND e.id <= ?2 ORDER BY e.id";

static bool
match_stretch(struct rematch *r, struct casefile *cf, void *ctx, size_t number, struct stretch *s,
	      struct arena scratch)
{
	struct held h = { 0 };
	struct ask  q;
	bool        good = true;

	if (ask(&q, cf, some_events, &s->err)) {
		ask_int(&q, 1, (int64_t)number * STRETCH);
		ask_int(&q, 2, (int64_t)(number + 1) * STRETCH);
		while (good && !cancelled(r) && ask_row(&q)) {
			const struct batch_hit *hits;
			struct arena            one = scratch;
			struct facts            row = facts_get(&q);
			struct event            ev;
			size_t                  n = 0;

			good = event_load(cf, &row, &h, &one, &ev, &s->err) &&
			       script_apply(cf, &ev, &one, &s->err);
			if (good)
				n = r->m->match(ctx, &ev, &hits);
			for (size_t i = 0; i < n; i++)
				add_hit(s, (struct found){ ev.id, hits[i].rule, hits[i].leaf });
		}
	}
	held_release(&h);
	return ask_end(&q) && good && casefile_whole(cf, &s->err);
}

static void *
match_stretches(void *arg)
{
	struct rematch  *r = arg;
	struct arena     scratch = arena_open(BLOCK_RAW_MAX * 2);
	struct casefile *cf = NULL;
	struct err       err = { 0 };
	void            *ctx;

	casefile_open(&cf, r->cf->path, CASEFILE_UNTOUCHED, 0, &err);
	pthread_mutex_lock(&r->lock);
	ctx = r->m->ctx[r->next_ctx++];
	while (!r->stop && r->taken < r->n_stretches) {
		if (r->taken - r->written >= r->n_ring) {
			pthread_cond_wait(&r->moved, &r->lock);
			continue;
		}
		size_t          number = r->taken++;
		struct stretch *s = &r->ring[number % r->n_ring];

		pthread_mutex_unlock(&r->lock);
		if (!cf)
			s->err = err;
		else
			match_stretch(r, cf, ctx, number, s, scratch);
		pthread_mutex_lock(&r->lock);
		s->done = true;
		pthread_cond_broadcast(&r->moved);
	}
	pthread_mutex_unlock(&r->lock);
	casefile_close(cf);
	arena_close(&scratch);
	return NULL;
}

static bool
write_stretch(struct rematch *r, const struct writer *w, struct stretch *s, struct err *err)
{
	struct ask q;

	if (s->err.kind != ERR_NONE) {
		*err = s->err;
		return false;
	}
	hits_ask(&q, r->cf, err);
	for (size_t i = 0; i < s->n && !q.failed; i++)
		hits_put(&q, w, s->hits[i].rule, s->hits[i].leaf, s->hits[i].event);
	return ask_end(&q);
}

/* In the order of events, so that the case is the same whoever was first. */
static bool
write_stretches(struct rematch *r, const struct writer *w, struct err *err)
{
	bool good = true;

	for (size_t i = 0; good && i < r->n_stretches; i++) {
		struct stretch *s = &r->ring[i % r->n_ring];

		pthread_mutex_lock(&r->lock);
		while (!s->done)
			pthread_cond_wait(&r->moved, &r->lock);
		pthread_mutex_unlock(&r->lock);
		good = cancelled(r) ? err_set(err, ERR_CANCEL, "stopped")
				    : write_stretch(r, w, s, err);
		pthread_mutex_lock(&r->lock);
		s->n = 0;
		s->done = false;
		r->written++;
		pthread_cond_broadcast(&r->moved);
		pthread_mutex_unlock(&r->lock);
	}
	return good;
}

static bool
match_all(struct casefile *cf, const struct writer *w, const struct matching *m,
	  const atomic_bool *cancel, struct err *err)
{
	struct rematch r = { .cf = cf, .m = m, .cancel = cancel };
	pthread_t     *threads = calloc(m->n_ctx, sizeof(*threads));
	uint32_t       n = 0;
	bool           good;

	r.n_stretches = (size_t)((w->next_id - 1 + STRETCH - 1) / STRETCH);
	r.n_ring = (size_t)m->n_ctx * AHEAD;
	r.ring = calloc(r.n_ring, sizeof(*r.ring));
	if (!threads || !r.ring)
		arena_exhausted(r.n_ring * sizeof(*r.ring));
	pthread_mutex_init(&r.lock, NULL);
	pthread_cond_init(&r.moved, NULL);
	while (n < m->n_ctx && pthread_create(&threads[n], NULL, match_stretches, &r) == 0)
		n++;
	good = n > 0 ? write_stretches(&r, w, err)
		     : err_set(err, ERR_IO, "no thread to be had; try --threads 1");
	pthread_mutex_lock(&r.lock);
	r.stop = true;
	pthread_cond_broadcast(&r.moved);
	pthread_mutex_unlock(&r.lock);
	for (uint32_t i = 0; i < n; i++)
		pthread_join(threads[i], NULL);
	for (size_t i = 0; i < r.n_ring; i++)
		free(r.ring[i].hits);
	pthread_cond_destroy(&r.moved);
	pthread_mutex_destroy(&r.lock);
	free(r.ring);
	free(threads);
	return good;
}

/* Predicates keep their numbers: what is noted of them (changes.h) stays true. */
static const char forget_hits[] = "DELETE FROM hit; DELETE FROM rule_predicate";
static const char forget_unused[] =
    "DELETE FROM predicate WHERE id NOT IN (SELECT predicate FROM rule_predicate)";

bool
import_rematch(struct casefile *cf, const struct declared_rule *rules, uint32_t n,
	       struct text ruleset_digest, const struct matching *m, const atomic_bool *cancel,
	       struct err *err)
{
	struct writer *w = writer_of(cf, err);

	if (w && db_begin(cf, err) && db_run(cf, forget_hits, err) &&
	    hits_unindex(cf, err) && declare_rules(w, cf, rules, n, err) &&
	    db_run(cf, forget_unused, err) && match_all(cf, w, m, cancel, err) && hits_index(cf, err) &&
	    db_set(cf, "case.ruleset", ruleset_digest, err) && db_commit(cf, err))
		return true;
	db_rollback(cf);
	return false;
}
