/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ahead.h - inside the store: blocks read and unpacked by a second thread while the first one works
 * on what came before.
 *
 * The thread has a connection of its own and hands blocks over in the order asked for, so that a
 * search sees what it would see alone. Where there is no second processor, or too little to read, or
 * the case was just rewritten, there is none: ahead_open says so and the search reads for itself.
 */
#ifndef AUGER_STORE_AHEAD_H
#define AUGER_STORE_AHEAD_H

#include "store/sieve.h"

struct ahead;

/* Blocks IDS in that order, which must live as long; those that cannot meet the sieve are left
 * packed. NULL: none. */
struct ahead *ahead_open(struct casefile *cf, const struct sieve *sieve, const int64_t *ids, size_t n);
/* The next one in the order of IDS: false when the sieve says that nothing in it is wanted; else the
 * events of the block are loaded from memory. */
bool          ahead_next(struct ahead *a);
void          ahead_close(struct ahead *a);

#endif
