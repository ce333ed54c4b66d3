/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * casefile.h - the case: one SQLite file, opened, described, closed. Schema: schema.sql.
 *
 * A struct casefile is one connection and belongs to one thread; any number may read while one
 * writes (WAL). A case may come from a stranger: opened with trusted_schema=off, defensive mode,
 * its application_id and user_version checked, limits set. Newer versions are refused, older ones
 * brought up to date in one transaction (store/migrate.h).
 */
#ifndef AUGER_STORE_CASEFILE_H
#define AUGER_STORE_CASEFILE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/source.h"
#include "base/text.h"

struct casefile;

enum casefile_mode {
	CASEFILE_READ,      /* must exist; writes nothing, once it is up to date; read-only media and full disks, too */
	CASEFILE_UNTOUCHED, /* the same, and an older case is refused */
	CASEFILE_WORK,      /* must exist; analyst work and findings may be written */
	CASEFILE_IMPORT,    /* made when it does not exist; one at a time (a second one is refused) */
};

/* Errors: ERR_INPUT "no such case", "not a case file", "made by a newer auger (schema 7, this one
 * knows 3)", "made by an older auger" where it cannot be written; ERR_IO. CACHE_BYTES is SQLite's page cache (0: default). */
bool casefile_open(struct casefile **out, const char *path, enum casefile_mode mode,
		   size_t cache_bytes, struct err *err);
void casefile_close(struct casefile *cf);
/* Closes it, too; what this opening made is removed: an import that did nothing leaves no case. */
void casefile_discard(struct casefile *cf);
/* From here on SQLite's temporary files never have a name, where the file system knows such files:
 * a sandbox can forbid to make any. For the whole process, before there are threads. */
void casefile_unnamed_files(void);
const char *casefile_path(const struct casefile *cf);
const char *casefile_file(const struct casefile *cf); /* the file itself, not a link to it */
/* False: opened where it cannot be written, in a read-only folder or on a full disk; or linked. */
bool casefile_writable(const struct casefile *cf);
/* False: the file was moved, removed or replaced since it was opened; nothing is written any more. */
bool casefile_in_place(struct casefile *cf, struct err *err);
/* The file has other names (hard links). Then it is only read, without what is still in their logs. */
bool casefile_linked(const struct casefile *cf);
/* False: something of the case could not be had since it was opened, or last told: whatever was answered
 * may be less than there is. Whoever makes something of answers asks this at last. ERR may be NULL. */
bool casefile_whole(const struct casefile *cf, struct err *err);
/* What was met so far is told. */
void casefile_told(struct casefile *cf);

struct case_info {
	uint64_t events, duplicates, hosts, evidence_files, gaps, gap_bytes, findings, rules;
	uint64_t hidden;             /* findings that _filter macros take away */
	int64_t  first_ns, last_ns;  /* of events; WHEN_NONE when there are none */
	int64_t  clock_ns;           /* case clock: set by the user, else last_ns */
	bool     clock_set;
	bool     unfinished;         /* an import was interrupted: the same command goes on with it */
	uint32_t schema_version;
	struct text made_by, made_at, ruleset_digest;
};
/* Another number after somebody else has changed the case. */
int64_t casefile_version(struct casefile *cf);
bool casefile_info(struct casefile *cf, struct arena *keep, struct case_info *out, struct err *err);
bool casefile_set_clock(struct casefile *cf, int64_t clock_ns, struct err *err); /* WHEN_NONE: back to the last event */

/* Free key/value settings of the case: UI session, zone, ... Names begin with the owner's: "tui.sort". */
bool casefile_set(struct casefile *cf, const char *name, struct text value, struct err *err);
struct text casefile_get(struct casefile *cf, const char *name, struct arena *keep); /* absent: not set */

bool casefile_unfinished(struct casefile *cf); /* see struct case_info */

/* What is read between these two is of one state of the case, without looking before each question
 * whether others have written. Nothing may be written there; may nest. */
void casefile_read_begin(struct casefile *cf);
void casefile_read_end(struct casefile *cf);

/* Searches over the case: SQL and sketches narrow, pred_eval decides. Lives as long as CF; uses its
 * connection, so one search at a time per casefile. */
struct source casefile_source(struct casefile *cf);
/* Stops a search that runs on another thread, and every SQL statement of this connection. */
void casefile_cancel(struct casefile *cf, const atomic_bool *flag);
/* It is up: answers may be cut short. */
bool casefile_cancelled(const struct casefile *cf);

/* Integrity of pages and of the case's own invariants; every problem is one call of FN. */
typedef void problem_fn(void *ctx, struct text problem);
bool casefile_verify(struct casefile *cf, problem_fn *fn, void *ctx, struct err *err);
/* Why some damage cannot be told from what was written; NULL: it can. */
const char *casefile_unsummed(struct casefile *cf);

#endif
