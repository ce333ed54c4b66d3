/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * accumulate.h - what an aggregate adds up, row by row, and the value that comes out.
 */
#ifndef AUGER_RULES_ACCUMULATE_H
#define AUGER_RULES_ACCUMULATE_H

#include "rules/aggregates.h"

struct value_set;

/* A sum of doubles and what rounding took from it: the same, up to its last digit, in whatever order
 * and in however many parts it is added up (Neumaier). */
struct precise {
	double high, low;
};

/* There are many of them, so one has only what its kind of aggregate adds up, and of many that lie
 * together each takes no more than that (accumulator_bytes). */
struct accumulator {
	union {
		struct {
			uint64_t       count;
			struct precise sum, squares;
			double         low, high;
		};
		struct {
			struct value best;
			int64_t      best_ns;
		};
		struct {
			double  first, last;
			int64_t first_ns, last_ns;
			bool    any;
		} rate;
		struct value_set *set;
		struct {
			struct value *items;
			size_t        n_items, items_cap;
		};
	};
};

/* Which of these members an accumulator of that kind has. */
enum accumulator_shape {
	SHAPE_COUNT,   /* these are what they are in memory */
	SHAPE_NUMBERS,
	SHAPE_BEST,
	SHAPE_RATE,    /* so is this */
	SHAPE_SET,
	SHAPE_ITEMS,
};
enum accumulator_shape accumulator_shape(enum aggregate_kind kind);
/* What one needs for this kind of aggregate, a multiple of its alignment. */
size_t accumulator_bytes(enum aggregate_kind kind);

/* Adds what ROW has for A; what has to stay is made in KEEP. */
void accumulate(struct accumulator *acc, const struct aggregate *a, struct run *run,
		const struct row *row, struct arena *keep);
/* Adds one value, that ROW has. */
void accumulate_value(struct accumulator *acc, const struct aggregate *a, const struct value *v,
		      struct run *run, const struct row *row, struct arena *keep);
/* Adds what FROM has; FROM holds later rows. */
void accumulators_merge(struct accumulator *acc, const struct accumulator *from,
			const struct aggregate *a, struct run *run, struct arena *keep);
/* The result; lists are made in KEEP. */
struct value accumulated(const struct accumulator *acc, const struct aggregate *a,
			 struct arena *keep);

#endif
