/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * question.h - what the worker is asked: a search, or events that a predicate holds for.
 *
 * Both obey the filter. Events come as rows with the cells of an event list.
 */
#ifndef AUGER_TUI_QUESTION_H
#define AUGER_TUI_QUESTION_H

#include "rules/search.h"
#include "store/query.h"
#include "tui/worker.h"

#define SEARCH_ROWS_MAX 100000 /* that a search shows */

struct question {
	const struct search *search; /* NULL: events, newest first */
	const struct pred   *pred;   /* of events; NULL: all */
	const struct pred   *filter; /* and this; NULL: none */
	struct case_filter   only;   /* of which FILTER is what events tell; risk events obey it too */
	struct span          span;
	uint64_t             limit;  /* rows */
	uint64_t             whole;  /* rows that come with their cells: of the others now and then one
					whose event is the number of rows so far; 0: all */
	uint64_t             rows;   /* out: emitted */
	bool                 limited; /* out: there are more */
	uint64_t             warnings; /* out: things to know about the answer */
	char                 warning[256]; /* out: the first of them */
	char                 emptied_by[160]; /* out: the stage that left no row; empty: none */
	char                 lacks[256]; /* out: what it reads and the case does not have; empty: nothing */
};

/* Sets filter, only, and what the filter leaves of the span that is set already. */
void question_obey(struct question *q, const struct case_filter *f, struct arena *keep);

/* A worker_fn; CTX is a struct question. */
bool question_run(struct worker *w, struct casefile *cf, void *ctx, struct err *err);

/* Cells of an event, in the order of enum event_list_column (view_events.h). */
#define EVENT_CELLS 7

#endif
