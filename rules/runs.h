/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * runs.h - what memory has no room for and what has an order: runs of it, each sorted, in a file
 * without a name; merged when all is wanted. Of things that are equal the ones in earlier runs come
 * first.
 *
 * What the things are says struct runs_type: here they have a key, which stands first in their
 * bytes, and a rest, which whoever takes them reads. Errors fail the run of the search.
 */
#ifndef AUGER_RULES_RUNS_H
#define AUGER_RULES_RUNS_H

#include "rules/spill.h"

struct runs_type {
	size_t item_bytes; /* of what GET_KEY fills; it gets it zeroed, more lies in KEEP */
	bool (*get_key)(void *ctx, struct spill_reader *from, void *item, struct arena *keep);
	int  (*compare)(void *ctx, const void *a, const void *b);
	/* Writes all that is there, in order, to TO. */
	bool (*rewrite)(void *ctx, struct spill *to);
};

struct runs;

/* NULL after a failure. */
struct runs *runs_new(struct run *run, const struct runs_type *type, void *ctx);
/* Where the things of the next run are put, in order. */
struct spill *runs_file(const struct runs *r);
/* All of it is put. Makes one run of them when they are many: memory must be free. */
bool runs_add(struct runs *r);

/* Makes it empty again. */
bool runs_empty(struct runs *r);

/* Begins with the first thing; can be done again. */
bool runs_begin(struct runs *r);
struct run_head {
	size_t               number;
	struct spill_reader *reader; /* the rest is next in it */
	struct arena        *room;   /* empty again when the next one is read */
	void                *item;
};
/* The least one; NULL: there are no more. */
struct run_head *runs_least(struct runs *r);
/* Once the rest of the least one is read: on to the next. */
bool runs_next(struct runs *r);

#endif
