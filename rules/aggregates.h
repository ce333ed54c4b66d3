/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * aggregates.h - count, sum, values ... of stats and its relatives, and how they are written.
 */
#ifndef AUGER_RULES_AGGREGATES_H
#define AUGER_RULES_AGGREGATES_H

#include "rules/expr.h"

enum aggregate_kind {
	AGG_COUNT, AGG_DC, AGG_VALUES, AGG_LIST, AGG_MIN, AGG_MAX, AGG_SUM, AGG_AVG, AGG_STDEV,
	AGG_STDEVP, AGG_VAR, AGG_VARP, AGG_RANGE, AGG_SUMSQ, AGG_MEDIAN, AGG_PERC, AGG_MODE,
	AGG_FIRST, AGG_LAST, AGG_EARLIEST, AGG_LATEST, AGG_EARLIEST_TIME, AGG_LATEST_TIME,
	AGG_RATE,
	AGG_PICTURE, /* sparkline: no value */
};

struct aggregate {
	enum aggregate_kind kind;
	double              percent;  /* AGG_PERC: 0 to 100 */
	int64_t             per_ns;   /* AGG_SUM of timechart: per so long; 0: of all */
	struct column       field;    /* name absent: count without an argument */
	const struct expr  *expr;     /* of eval(...); NULL for a field */
	bool                condition; /* the expression is one */
	bool                all_numbers; /* of numbers: no value when there was anything else */
	bool                wildcard; /* the field name has a star: every field that fits */
	struct text         name;     /* of the column; may have a star for a wildcard */
};

/* Reads aggregates up to the end, an option, or one of the UNTIL words. At least one. */
bool aggregates_parse(struct scan *s, struct aggregate **out, size_t *n, const char *const *until);
/* allnum=true: those over numbers have a value only where all the values of the field are numbers. */
void aggregates_want_numbers(struct aggregate *a, size_t n);
/* Does the result stay the same for every order of rows? */
bool aggregates_unordered(const struct aggregate *a, size_t n);
void aggregates_use(const struct aggregate *a, size_t n, struct uses *uses);
/* The column name of a wildcard aggregate for FIELD; absent when it does not fit. */
struct text aggregate_name_for(const struct aggregate *a, struct text field, struct arena *keep);

#endif
