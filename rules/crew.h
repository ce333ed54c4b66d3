/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * crew.h - many pieces of work of the same kind, done by several threads at once.
 */
#ifndef AUGER_RULES_CREW_H
#define AUGER_RULES_CREW_H

#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#define CREW_MOST 16 /* threads; more do not find enough to do */

/* Does one piece. Two calls with the same THREAD are never under way at once. */
typedef void crew_fn(void *ctx, uint32_t thread, size_t piece);

struct crew;
struct crew_member {
	struct crew *crew;
	uint32_t     number;
	pthread_t    thread;
};

/* Must stay where it is from crew_begin to crew_end. */
struct crew {
	crew_fn           *fn;
	void              *ctx;
	size_t             n;
	atomic_size_t      next;
	struct crew_member members[CREW_MOST];
	uint32_t           started;
};

/* Calls FN for each of N pieces, in no order, from up to THREADS - 1 threads (CREW_MOST in all);
 * the caller may do something else meanwhile. Threads that cannot be had are done without. */
void crew_begin(struct crew *crew, uint32_t threads, size_t n, crew_fn *fn, void *ctx);
/* The caller's thread, number 0, does what is left, too; back when all are done. */
void crew_end(struct crew *crew);
/* Both at once. */
void crew_run(uint32_t threads, size_t n, crew_fn *fn, void *ctx);

#endif
