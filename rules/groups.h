/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * groups.h - rows put into groups by some fields, with aggregates per group: the heart of stats,
 * tstats, eventstats, chart, top.
 *
 * A row with a null in a BY field belongs to no group unless `fill` is set; a field with several
 * values puts it into one group per value. Groups remember the events behind them.
 */
#ifndef AUGER_RULES_GROUPS_H
#define AUGER_RULES_GROUPS_H

#include "rules/accumulate.h"
#include "rules/spelled.h"
#include "rules/timespec.h"

/* Ids of events kept per group. */
#define GROUP_EVENTS_MAX 10000

struct grouping {
	struct aggregate *aggregates;
	size_t            n_aggregates;
	struct column    *by;
	size_t            n_by;
	struct text       fill;         /* stands for null in BY; absent: such rows are dropped */
	bool              split_once;   /* repeated values of a BY field count once */
	bool              spanned;      /* _time in BY is put into buckets */
	struct time_span  span;
};

struct group {
	struct text         key;
	uint64_t            hash;   /* of the key, once it lies in the table */
	struct value       *by;
	char               *sums;   /* an accumulator for each column that there was when it last grew */
	size_t              n_sums; /* group_sum has them */
	int64_t             first_ns, last_ns;
	int64_t            *events;
	size_t              n_events, events_cap;
	bool                events_capped;
	bool                decoded; /* as in its rows */
	struct value       *results; /* the caller's: of the aggregates, once they are known */
};

struct group_runs;

struct groups {
	struct run            *run;
	struct arena          *keep;      /* of the groups */
	struct group_runs     *runs;      /* those that memory had no room for; NULL: none */
	const struct grouping *spec;
	struct foresight_run  *foresight; /* NULL: none */
	uint64_t               early;     /* BY fields that it wants to see */
	bool                   without_events; /* groups need not remember them */
	struct group         **slots; /* by hash of key; cap is a power of two */
	size_t                 n, cap;
	struct spelled         columns; /* what is added up */
	size_t                *places;  /* where in the sums of a group each column has its own */
	size_t                 n_places, places_cap;
	size_t                 sums_bytes; /* of all those */
};

/* They may be more than memory has room for. */
struct groups *groups_new(struct run *run, const struct grouping *spec);
/* Groups of the rows that come to a stage. NULL after a failure. */
struct groups *groups_of_stage(struct run *run, const struct stage *stage);
/* False when the budget is used up. */
bool groups_add(struct groups *g, const struct row *row);
/* All groups, ordered bytewise by their BY values; each lives until FN returns, which may stop it.
 * No row can be added then, but it can be done again. */
typedef bool group_fn(void *ctx, struct group *group);
bool groups_each(struct groups *g, group_fn *fn, void *ctx);
/* The row of a group: BY fields, then the aggregates. */
struct row group_row(struct groups *g, const struct group *group, struct arena *keep);
/* What was added up in a group for a column; NULL: nothing, the column came later. */
struct accumulator *group_sum(const struct groups *g, const struct group *group, size_t column);
/* The key of the group that ROW belongs to (its first, with several values), in scratch; absent:
 * none. */
struct text groups_key(struct groups *g, const struct row *row);
/* The group of that key, while all groups are in memory. */
struct group *groups_find(const struct groups *g, struct text key);
/* Emits a row per group. */
bool groups_emit(struct groups *g, struct stage_run *sr);
/* An empty group. */
void group_begin(struct group *group, struct text key, const struct value *by, size_t n_by,
		 struct arena *keep);
/* Adds what LATER, a group of later rows, has. */
void group_merge(struct groups *g, struct group *group, const struct group *later,
		 struct arena *keep);
/* Gives it a sum for every column. */
void group_widen(struct groups *g, struct group *group, struct arena *keep);
/* Order of two groups, by their keys alone. */
int group_compare(const struct grouping *spec, const struct group *a, const struct group *b);
int group_key_compare(const struct grouping *spec, struct text a, struct text b);
/* Adds the events behind ROW to GROUP. */
void group_add_events(struct group *group, const struct row *row, struct arena *keep);
/* Gives ROW the events behind GROUP, ascending and each once; they live with the group. */
void group_give_events(const struct group *group, struct row *row);

/* Order of two BY values: times by time, anything else bytewise. */
int by_value_compare(const struct value *a, const struct value *b);

#endif
