/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/ahead.h"

#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#define RING          32  /* blocks in hand, of about 64 KiB */
#define RING_BYTES    ((size_t)16 << 20)
#define BLOCKS_LEAST  256 /* fewer are read before a thread is made */

struct unpacked {
	struct block block;
	int64_t      first, n;
	bool         wanted;
};

struct ahead {
	struct casefile    *cf;    /* of the one who asks */
	struct casefile    *other; /* of the thread */
	const struct sieve *sieve;
	const int64_t      *ids;
	size_t              n;
	pthread_t           thread;
	pthread_mutex_t     lock;
	pthread_cond_t      moved;
	/* under the lock */
	struct unpacked     ring[RING];
	size_t              read, taken; /* blocks, from the first */
	size_t              bytes;
	bool                stop;
};

static const char one_block[] = "SELECT n, data FROM block WHERE id = ?1";

static struct unpacked
read_one(struct ahead *a, struct ask *q, int64_t id)
{
	struct unpacked u = { .first = id, .wanted = true };

	ask_int(q, 1, id);
	if (ask_row(q)) {
		u.n = ask_get_int(q, 0);
		if (!block_open(&u.block, ask_get_text(q, 1)) || (int64_t)u.block.n != u.n)
			block_free(&u.block); /* whoever reads it again will say so */
	}
	ask_run(q);
	if (u.block.raw && a->sieve->narrow.n_groups &&
	    !sieve_bytes(a->sieve, block_bodies(&u.block))) {
		block_free(&u.block);
		u.wanted = false;
	}
	return u;
}

static void *
read_all(void *ctx)
{
	struct ahead *a = ctx;
	struct ask    q;

	ask(&q, a->other, one_block, NULL);
	pthread_mutex_lock(&a->lock);
	while (!a->stop && a->read < a->n) {
		if (a->read - a->taken == RING || (a->bytes > RING_BYTES && a->read > a->taken)) {
			pthread_cond_wait(&a->moved, &a->lock);
			continue;
		}
		pthread_mutex_unlock(&a->lock);
		struct unpacked u = read_one(a, &q, a->ids[a->read]);

		pthread_mutex_lock(&a->lock);
		a->bytes += u.block.memory_bytes;
		a->ring[a->read++ % RING] = u;
		pthread_cond_signal(&a->moved);
	}
	pthread_mutex_unlock(&a->lock);
	ask_end(&q);
	return NULL;
}

static const char rewrites[] = "SELECT value FROM setting WHERE name = '" BLOCKS_REWRITTEN "'";

struct ahead *
ahead_open(struct casefile *cf, const struct sieve *sieve, const int64_t *ids, size_t n)
{
	struct ahead *a;

	if (n < BLOCKS_LEAST || sysconf(_SC_NPROCESSORS_ONLN) < 2)
		return NULL;
	a = calloc(1, sizeof(*a));
	if (!a)
		arena_exhausted(sizeof(*a));
	*a = (struct ahead){ .cf = cf, .sieve = sieve, .ids = ids, .n = n };
	if (!casefile_open(&a->other, cf->path, CASEFILE_UNTOUCHED, 0, NULL)) {
		free(a);
		return NULL;
	}
	pthread_mutex_init(&a->lock, NULL);
	pthread_cond_init(&a->moved, NULL);
	/* Both must have the same blocks: only an import that enriches events makes others of them. */
	if (db_run(a->other, "BEGIN", NULL) &&
	    db_int(a->other, rewrites, 0) == db_int(cf, rewrites, 0) &&
	    pthread_create(&a->thread, NULL, read_all, a) == 0)
		return a;
	pthread_cond_destroy(&a->moved);
	pthread_mutex_destroy(&a->lock);
	casefile_close(a->other);
	free(a);
	return NULL;
}

bool
ahead_next(struct ahead *a)
{
	struct unpacked u;

	pthread_mutex_lock(&a->lock);
	while (a->read == a->taken)
		pthread_cond_wait(&a->moved, &a->lock);
	u = a->ring[a->taken % RING];
	a->ring[a->taken++ % RING] = (struct unpacked){ 0 };
	a->bytes -= u.block.memory_bytes;
	pthread_cond_signal(&a->moved);
	pthread_mutex_unlock(&a->lock);
	if (u.block.raw)
		blocks_give(a->cf, u.first, &u.block);
	return u.wanted;
}

void
ahead_close(struct ahead *a)
{
	if (!a)
		return;
	pthread_mutex_lock(&a->lock);
	a->stop = true;
	pthread_cond_signal(&a->moved);
	pthread_mutex_unlock(&a->lock);
	pthread_join(a->thread, NULL);
	for (size_t i = 0; i < RING; i++)
		block_free(&a->ring[i].block);
	pthread_cond_destroy(&a->moved);
	pthread_mutex_destroy(&a->lock);
	casefile_close(a->other);
	free(a);
}
