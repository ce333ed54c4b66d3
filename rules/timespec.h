/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * timespec.h - time as SPL writes it: modifiers such as -7d@d, spans such as 5m.
 *
 * All of it is UTC, in nanoseconds.
 */
#ifndef AUGER_RULES_TIMESPEC_H
#define AUGER_RULES_TIMESPEC_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/text.h"

/*
 * now, epoch seconds, an absolute time (ISO 8601, a date alone is its beginning, or
 * 12/31/2020:23:59:59), or [+-]N UNIT ... [@UNIT[+-N UNIT]] against CLOCK_NS; a number with a unit
 * and no sign means the past. 0 is the beginning of time: WHEN_NONE.
 */
bool timespec_resolve(struct text spec, int64_t clock_ns, int64_t *ns);

enum time_unit { UNIT_NS, UNIT_WEEK, UNIT_MONTH, UNIT_QUARTER, UNIT_YEAR };

/* A span: COUNT nanoseconds, or months and longer, whose length differs. */
struct time_span {
	enum time_unit unit;
	int64_t        count;
};

bool timespan_parse(struct text t, struct time_span *out); /* "5m", "1d", "1mon", "day" */
/* Of a length that never differs, up to weeks; nothing to snap to. */
bool timespan_length(struct text t, int64_t *ns);
/* A round span of which LENGTH_NS has no more than BINS, if a month is enough for that. */
struct time_span timespan_fitting(int64_t length_ns, uint64_t bins);
/* The start of the bucket that NS lies in; aligned at the epoch, weeks at Sunday. */
int64_t timespan_floor(struct time_span span, int64_t ns);
/* The start of the next bucket. */
int64_t timespan_next(struct time_span span, int64_t start_ns);
/* *NS becomes the time N spans later, or earlier; of a day that its month does not have the last one
 * that it has. False: there is no such time. */
bool timespan_add(struct time_span span, int64_t n, int64_t *ns);

#endif
