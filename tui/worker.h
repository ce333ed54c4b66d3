/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * worker.h - long questions to the case, on a thread and a connection of their own.
 *
 * One job at a time. The job emits results; the screen takes them when the worker's descriptor
 * becomes readable. Starting another job, or stopping, cancels the running one and waits for it
 * (milliseconds). What a job is given must live until it is stopped or done.
 */
#ifndef AUGER_TUI_WORKER_H
#define AUGER_TUI_WORKER_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/text.h"
#include "store/casefile.h"

struct worker;

struct found_cell {
	struct text name, value;
};
/* One result: a row of a search. */
struct found {
	int64_t                  event;   /* id; 0: the row is no event. Of a narrowing: id of the row */
	int64_t                  time_ns; /* WHEN_NONE when it has none */
	bool                     flagged;
	const struct found_cell *cells;
	uint32_t                 n_cells;
};

typedef bool worker_fn(struct worker *w, struct casefile *cf, void *ctx, struct err *err);

struct worker *worker_new(const char *case_path);
void           worker_free(struct worker *w);

/* OWNER tells the screen whose results they are. */
void        worker_start(struct worker *w, worker_fn *run, void *ctx, const void *owner);
void        worker_cancel(struct worker *w); /* only asks; what was found stays */
void        worker_stop(struct worker *w);
const void *worker_owner(const struct worker *w); /* of the last job; NULL after stop */

/* For the job. */
bool worker_emit(struct worker *w, const struct found *f); /* copies; false: cancelled */
const atomic_bool *worker_cancelled(const struct worker *w);

/* For the screen. */
int  worker_descriptor(const struct worker *w);
void worker_wait(struct worker *w); /* until the job is done */
typedef void found_fn(void *ctx, const struct found *f);
/* Hands over what came since the last call; *DONE and *OK say how the job ended, ERR why. */
void worker_take(struct worker *w, found_fn *fn, void *ctx, bool *done, bool *ok, struct err *err);

#endif
