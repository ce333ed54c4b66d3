/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * turns.h - findings of jobs that several threads run, written as if one had run them in order.
 *
 * Jobs have numbers from 0; in their order findings are written. Those of the one whose turn it is
 * go to the case at once; those of later ones are held until it is theirs, in memory up to a limit,
 * then in a file; only when there is no room for that either, the thread waits. The case is touched
 * by one thread at a time, while others work; who has nothing else to do writes for the others.
 * Jobs are begun in their order, but for long ones: to them all threads but one come early, so that
 * none goes on alone at the end.
 */
#ifndef AUGER_CLI_TURNS_H
#define AUGER_CLI_TURNS_H

#include "base/err.h"
#include "base/finding.h"

/* Where findings go; false: the job of all is over, ERR says why. */
struct turns_sink {
	void *ctx;
	bool (*put)(void *ctx, const struct finding *f, bool hidden, struct err *err);
	bool (*note)(void *ctx, uint32_t rule, bool of_part, struct ledger_entry *entry,
		     struct err *err);
	/* Once, by a thread that has nothing left to run or to write, while others have; NULL: nothing */
	bool (*spare)(void *ctx, struct err *err);
};

struct turns;

struct turns_jobs {
	uint32_t        n;
	const uint32_t *early; /* long ones, as they are to be begun; as long as the turns live */
	uint32_t        n_early;
};

/* ROOM_BYTES in memory; beside PLACE a file can be made, if need be. */
struct turns *turns_new(const struct turns_sink *sink, const struct turns_jobs *jobs,
			uint32_t n_threads, size_t room_bytes, const char *place);
void          turns_free(struct turns *t);
/* There is one thread less to come than was said. */
void          turns_lack(struct turns *t);

/* The next job; false: there is none, or all is over. */
bool turns_take(struct turns *t, uint32_t *job);
/* One finding of the job; false: stop it. */
bool turns_put(struct turns *t, uint32_t job, const struct finding *f, bool hidden);
/* What the ledger says of a rule, behind all findings of the job; copied. OF_PART: these were of a
 * part of the case. */
void turns_note(struct turns *t, uint32_t job, uint32_t rule, bool of_part,
		const struct ledger_entry *entry);
void turns_end(struct turns *t, uint32_t job);
/* Waits until every other job is at rest, and keeps them there until turns_share. */
void turns_alone(struct turns *t, uint32_t job);
void turns_share(struct turns *t);

/* Between these the caller has the case for itself: what jobs find is held. */
void turns_hold(struct turns *t);
void turns_release(struct turns *t);

/* Nothing more is taken; the first such error stays. */
void turns_stop(struct turns *t, const struct err *err);
/* Whether all jobs went well; else *ERR says what happened. */
bool turns_good(const struct turns *t, struct err *err);

#endif
