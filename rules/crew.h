/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * crew.h - many pieces of work of the same kind, done by several threads at once.
 */
#ifndef AUGER_RULES_CREW_H
#define AUGER_RULES_CREW_H

#include <stddef.h>
#include <stdint.h>

#define CREW_MOST 16 /* threads; more do not find enough to do */

/* Does one piece. Two calls with the same THREAD are never under way at once. */
typedef void crew_fn(void *ctx, uint32_t thread, size_t piece);

/* Calls FN for each of N pieces, in no order, from the caller's thread (number 0) and from up to
 * THREADS - 1 others (CREW_MOST in all); back when all are done. Threads that cannot be had are done
 * without. */
void crew_run(uint32_t threads, size_t n, crew_fn *fn, void *ctx);

#endif
