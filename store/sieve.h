/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * sieve.h - inside the store: what rows, sketches and stored bytes say of a predicate before any
 * event is read. It lets too many events through, never too few; pred_eval decides.
 */
#ifndef AUGER_STORE_SIEVE_H
#define AUGER_STORE_SIEVE_H

#include "base/pred.h"
#include "base/source.h"
#include "store/blocks.h"

struct sieve {
	struct casefile *cf;
	struct span      span;
	struct narrowing narrow;
	int64_t          low, high; /* of ts, inclusive */
	int64_t         *hosts, *channels; /* ascending */
	size_t           n_hosts, n_channels; /* 0: any */
	bool             by_block;  /* only these blocks and script blocks can match */
	int64_t         *blocks, *scripts; /* ids of blocks; events that stand for script blocks */
	size_t           n_blocks, n_scripts;
	bool            *stored;    /* by literal group: only stored values can meet it */
};

/* PRED may be NULL: everything. *NONE: no event can match. Lists lie in KEEP. */
bool sieve_open(struct sieve *s, struct casefile *cf, const struct pred *pred, struct span span,
		struct arena *keep, bool *none, struct err *err);

/* Only events of these hosts, ascending and at least one; false: none of them can match. */
bool sieve_hosts(struct sieve *s, const int64_t *hosts, size_t n, struct arena *keep);

/* May an event with these facts match? */
bool sieve_row(const struct sieve *s, const struct facts *row);
/* Is the event in a candidate block? By the greatest size of a block, so not exactly. */
bool sieve_block(const struct sieve *s, int64_t id);
/* May stored values match, of one event or of a block? Does not hold for events that stand for a
 * script block. Absent: yes. */
bool sieve_bytes(const struct sieve *s, struct text body);

/* How many events have one of the wanted hosts, and how many one of the wanted event ids. */
bool sieve_estimate(const struct sieve *s, uint64_t *hosts, uint64_t *codes, struct err *err);

#endif
