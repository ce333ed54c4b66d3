/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * import.h - writing events into a case: batches filled by any thread, committed by one.
 *
 * Importer threads fill a struct batch each (rows, compressed field blocks, hits, gaps); the one
 * writer commits batches in the order of evidence. A commit is one transaction: all of the batch
 * or nothing. Between import_gather and import_flush, calls that follow each other share one. Events that the case already has (same host, channel, record id, event id and time;
 * same content where there is no record id) become a further source of the known event, which has
 * the fields of the richest of them (store/enrich.h).
 */
#ifndef AUGER_STORE_IMPORT_H
#define AUGER_STORE_IMPORT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/event.h"
#include "base/text.h"
#include "store/casefile.h"

struct evidence_file {
	struct text path;     /* as given; "archive.zip:member" for members */
	uint64_t    size;
	struct text sha256;   /* 64 hex digits */
	struct text format;   /* importer's name; absent: no importer took it */
};

enum evidence_state {
	EVIDENCE_NEW,     /* never seen: import from RESUME (0) */
	EVIDENCE_RESUMED, /* an earlier import was interrupted: go on at RESUME */
	EVIDENCE_KNOWN,   /* same content is already in the case: nothing to do */
};
/* Registers the file (or finds it by sha256 and size); what its path has from a time when it could not
 * be hashed is gone with that. RESUME: byte offset up to which batches were committed. */
bool import_begin_file(struct casefile *cf, const struct evidence_file *file, int64_t *evidence_id,
		       enum evidence_state *state, uint64_t *resume, struct err *err);

/* What could not be read at PATH was read now: it was a folder. */
bool import_forget_unread(struct casefile *cf, struct text path, struct err *err);

/* A known file is to be read once more, in another way (recovery, a password): from its beginning,
 * its gaps forgotten. Events that the case has of it already are not counted again. */
bool import_open_again(struct casefile *cf, int64_t evidence_id, struct text format,
		       struct err *err);

/* STATUS as the evidence view shows it: "ok", "damaged", "not read", "empty", or,
 * so that the same content is read again when it comes, "changed": not what was hashed was decoded,
 * and "unreadable": the disk did not give all of it. */
bool import_end_file(struct casefile *cf, int64_t evidence_id, const char *status, struct err *err);

/* From here on, files and batches go into one transaction until import_flush, or until it has
 * grown to the size of a large batch: what small files need is mostly the transaction. A call that
 * fails takes with it what was not flushed. */
bool import_gather(struct casefile *cf, struct err *err);
/* Commits what was gathered, so that others may write and read it; gathering goes on. */
bool import_flush(struct casefile *cf, struct err *err);

/* A rule whose searches hits of batches refer to. */
struct declared_rule {
	struct text        id;
	uint32_t           n_leaves;
	const struct text *keys; /* [leaf]: pred_key of what it asks for; absent: no hits are kept. NULL:
	                          * not known, each search has hits of its own */
};
/* Rule numbers are indexes into RULES. Searches with one key have their hits in common: one hit,
 * whichever of them it names, is a hit of all. */
bool import_declare_rules(struct casefile *cf, const struct declared_rule *rules, uint32_t n,
			  struct text ruleset_digest, struct err *err);

struct batch;
struct batch *batch_new(void);
void          batch_free(struct batch *b);
void          batch_reset(struct batch *b, int64_t evidence_id); /* ready for events of that file */

struct batch_hit {
	uint32_t rule, leaf;
};
/* Copies what it needs of the event. */
void batch_add(struct batch *b, const struct event *ev, const struct batch_hit *hits, size_t n_hits);
void batch_gap(struct batch *b, uint64_t offset, uint64_t length, uint64_t records_lost,
	       struct text reason);
bool batch_full(const struct batch *b);   /* time to hand it over: rows or bytes reached */
size_t batch_bytes(const struct batch *b); /* of memory that it holds */
void batch_seal(struct batch *b);         /* compresses the last block; done by the filling thread */

struct commit_counts {
	uint64_t events, duplicates, gaps;
};
/* CONSUMED: the evidence file is done up to this byte, for resuming. */
bool import_commit(struct casefile *cf, struct batch *b, uint64_t consumed,
		   struct commit_counts *counts, struct err *err);

/*
 * After the last file: indexes, summaries, and the script blocks that this import added parts to.
 * MATCH is asked about every such block's whole event (joined text) and returns its hits; they
 * replace what the parts had. PROGRESS is called now and then.
 */
typedef size_t match_fn(void *ctx, const struct event *ev, const struct batch_hit **hits);
bool import_finish(struct casefile *cf, match_fn *match, void *ctx, struct err *err);
/* The same in two steps. The second one makes the indexes that nothing but lists and narrow searches
 * need, inside a transaction of the caller's; without it the import counts as unfinished. */
bool import_finish_events(struct casefile *cf, match_fn *match, void *ctx, struct err *err);
bool import_index(struct casefile *cf, struct err *err);

/* Retag: forgets all hits and asks MATCH about every event, whole script blocks included; rules as
 * in import_declare_rules. One thread for each context, which is used by that one only; the hits
 * do not depend on how many there are. */
struct matching {
	match_fn    *match;
	void *const *ctx;
	uint32_t     n_ctx;
};
bool import_rematch(struct casefile *cf, const struct declared_rule *rules, uint32_t n,
		    struct text ruleset_digest, const struct matching *m,
		    const atomic_bool *cancel, struct err *err);

#endif
