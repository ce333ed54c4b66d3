/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * enrich.h - inside the store: one event out of several records of it.
 *
 * The same record may come as a thin export first and whole later, or the other way round. The
 * event has the fields of the richest record and the longest message of all of them, whatever the
 * order in which they came; its other records are sources. Richest: read whole and not recovered;
 * in the system's own form (EVTX, event XML); with a known zone; with most values; what is left is
 * decided by the values themselves.
 *
 * Hits of an event that changed are those of what it is now: it is matched again when the import
 * is finished (table event_changed). Its block is written anew, and sketched anew (block_changed).
 */
#ifndef AUGER_STORE_ENRICH_H
#define AUGER_STORE_ENRICH_H

#include "store/blocks.h"
#include "store/import.h"
#include "store/writer.h"

/* What event.flags say of a record besides enum event_flag: how rich it is, never 0. */
uint32_t record_rank(const struct event *ev);

/* A record of a batch, and the event that it is. */
struct candidate {
	int64_t  event;
	uint32_t row;
	int64_t  host, provider, account; /* ids of the row's names */
	uint64_t values, message;         /* hashes of both */
	bool     replaced;                /* out: its fields are the event's now */
};

/* Inside the transaction, once the batch's own blocks are stored. Sorts the candidates. */
bool enrich(struct writer *w, struct casefile *cf, const struct batch *b, struct candidate *all,
	    size_t n, struct err *err);

/* At the end of an import: hits of what changed, inside the transaction; then, with the indexes
 * there, first and last times of hosts, in one of its own. */
bool enrich_match(struct writer *w, struct casefile *cf, match_fn *match, void *ctx,
		  struct err *err);
/* The same for one event, which has changed otherwise. */
bool enrich_match_event(struct writer *w, struct casefile *cf, const struct facts *row,
			struct held *h, struct arena scratch, match_fn *match, void *ctx,
			struct err *err);
bool enrich_done(struct casefile *cf, struct err *err);

#endif
