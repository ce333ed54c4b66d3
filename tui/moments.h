/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * moments.h - what happened when, as bars: events, risk, logons, started processes, scripts.
 *
 * Hours come from the summaries. Short spans are counted again by the minute, and what the summaries
 * do not know is counted by the worker, which takes its time with many events.
 */
#ifndef AUGER_TUI_MOMENTS_H
#define AUGER_TUI_MOMENTS_H

#include "store/query.h"
#include "tui/worker.h"

struct moment {
	int64_t at_ns;
	double  amount;
};

struct series {
	struct moment *of; /* ascending, but a time may come twice */
	size_t         n, cap;
};

#define BARS_MAX 1000

struct moments {
	struct arena      *keep;
	struct case_filter filter;
	int64_t            unit_ns; /* pieces that EVENTS and RISK are counted in */
	struct series      of[ACTIVITIES];
	struct span        span;    /* first piece of events or risk, end of the last; or as moments_within says */
	struct span        within;
	/* the worker's */
	int64_t            job_unit_ns;
	bool               job_all; /* events and risk, too */
	bool               summed;  /* the summaries by the hour know all that the filter says */
	/* as laid out by moments_fit */
	int64_t            bar_ns, start_ns;
	int                n_bars;
	double             bars[ACTIVITIES][BARS_MAX];
};

extern const char *const moment_titles[ACTIVITIES]; /* "logons" */
extern const char *const moment_columns[ACTIVITIES]; /* "logons": in files */

/* Hours at once, unless there are TOO_MANY; the rest is for moments_job. */
void moments_begin(struct moments *m, struct arena *keep, struct casefile *cf,
		   const struct case_filter *f, bool too_many);
/* The bars are about all of SPAN, whatever happened in it. */
void moments_within(struct moments *m, struct span span);
worker_fn moments_job; /* CTX: a struct moments */
/* A result of the job. */
void moments_found(struct moments *m, const struct found *f);
void moments_done(struct moments *m); /* it has ended well */

/* Bars of a length that people think in, as many as fit into COLUMNS. */
void moments_fit(struct moments *m, int columns);
int  moments_bar(const struct moments *m, int64_t time_ns);
/* When the event was that is nearest to a time; that time when there is none. */
int64_t moments_nearest(const struct moments *m, int64_t time_ns);
bool moments_any(const struct moments *m, enum activity kind);

/* All kinds at a time, in order. */
struct moment_row {
	int64_t at_ns;
	double  amounts[ACTIVITIES];
};
size_t moments_rows(const struct moments *m, struct arena *keep, struct moment_row **out);

#endif
