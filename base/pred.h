/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * pred.h - predicates and the one evaluator: rules, ad hoc searches and filters all end here.
 *
 * A predicate is a tree in an arena, const once built, shared by threads. It is asked about a
 * subject: an event, or a row of a pipeline. Meaning of comparisons: Splunk's search command
 * (letter case ignored, '*' matches any run of characters and cannot be escaped, a comparison
 * with an absent field is false, NOT of it true, several values: any of them).
 */
#ifndef AUGER_BASE_PRED_H
#define AUGER_BASE_PRED_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/event.h"
#include "base/names.h"
#include "base/text.h"

/* A value to compare with; made once by pattern_make. */
struct pattern {
	struct text  source;  /* as written, for printing */
	struct text *pieces;  /* folded literal runs between the wildcards (not folded when cased) */
	uint32_t     n_pieces;
	bool         open_start, open_end; /* begins, ends with '*' */
	bool         any;     /* only wildcards: matches every present value */
	bool         cased;   /* CASE(): letter case counts */
	bool         numeric; /* source reads as a number */
	double       number;
	bool         cidr;    /* an IP network: also matches addresses inside it */
	uint8_t      net[16]; /* IPv4 as ::ffff:a.b.c.d */
	uint8_t      net_bits;
};

/* EXACT: '*' is an ordinary character (values that a drilldown filled in). */
struct pattern pattern_make(struct arena *keep, struct text source, bool exact, bool cased);
bool           pattern_match(const struct pattern *p, struct text value);

/* Where in VALUE the pattern's literal pieces lie, for highlighting: at most CAP (start, length)
 * pairs into OUT, in order; returns how many. Only what pattern_match would have matched. */
struct range {
	size_t start, n;
};
size_t pattern_ranges(const struct pattern *p, struct text value, struct range *out, size_t cap);

enum pred_kind {
	PRED_TRUE,
	PRED_FALSE,
	PRED_AND,  /* kids */
	PRED_OR,   /* kids */
	PRED_NOT,  /* one kid */
	PRED_EQ,   /* name, pattern */
	PRED_NE,   /* name present and some value differs */
	PRED_LT, PRED_LE, PRED_GT, PRED_GE, /* numbers if both are, else bytewise text */
	PRED_WORD, /* pattern as a word or phrase of the raw text; whole = TERM() */
	PRED_MODEL, /* the event is a member of the data set */
	PRED_TIME, /* earliest <= time_ns < latest */
};

struct alternatives;

struct pred {
	enum pred_kind      kind;
	bool                whole;    /* PRED_WORD: TERM(), both ends at a major breaker */
	enum model          model;    /* PRED_MODEL */
	struct name_ref     name;
	struct pattern      pattern;
	const struct pred **kids;
	uint32_t            n_kids;
	const struct alternatives *filed; /* PRED_OR: its kids, to ask few of many; or NULL */
	int64_t             earliest_ns, latest_ns; /* PRED_TIME */
};

/* What a predicate is asked about. */
struct subject {
	const void *self;
	/* values of a field; same contract as event_match_values */
	size_t (*values)(const void *self, const struct name_ref *ref, struct arena *keep,
			 struct text *out, size_t cap, bool *one);
	/* text that bare words search; absent: words match nothing, a lone '*' everything */
	struct text (*raw)(const void *self, struct arena *keep);
	bool (*member)(const void *self, enum model m);
	int64_t time_ns;
};

struct subject event_subject(const struct event *ev);

bool pred_eval(const struct pred *p, const struct subject *s, struct arena scratch);

/*
 * What a predicate comes to for every event that has KIND's channel, scope and event id, whatever
 * else it holds.
 */
enum pred_sure {
	SURE_NOT,
	SURE_YES,
	SURE_ASK, /* it depends on the event */
};
enum pred_sure pred_sure(const struct pred *p, const struct event *kind, struct arena scratch);

/* SPL-like text of the predicate, for `rules explain`. */
struct text pred_print(const struct pred *p, struct arena *keep);

/* 64 hex digits that predicates share when they are built alike, in this process or another. */
struct text pred_key(const struct pred *p, struct arena *keep);

const struct pred *pred_true(void);
const struct pred *pred_false(void);
const struct pred *pred_and(struct arena *keep, const struct pred *a, const struct pred *b); /* NULL is true */
/* AND or OR of N; one alone is itself, none is true or false. KIDS are kept as they are. */
const struct pred *pred_list(struct arena *keep, enum pred_kind kind, const struct pred **kids,
			     size_t n);
const struct pred *pred_not(struct arena *keep, const struct pred *p);
const struct pred *pred_model(struct arena *keep, enum model m); /* membership in a data set */

/*
 * What must hold for an event to satisfy the predicate, in terms an index can answer. A narrowing
 * may let too many events through, never too few: every set that is not "any" is a superset.
 */
struct narrowing {
	bool             none;        /* nothing can satisfy it */
	const uint32_t  *event_ids;   /* sorted; n_event_ids 0: any */
	uint32_t         n_event_ids;
	const struct text *channels;  /* folded patterns' sources without wildcards; n 0: any */
	uint32_t         n_channels;
	const struct text *hosts;     /* folded first labels or full names; n 0: any */
	uint32_t         n_hosts;
	int64_t          earliest_ns, latest_ns; /* WHEN_NONE, WHEN_MAX: any */
	/* All of these groups must be met; a group is met when one of its folded literals occurs in
	 * some stored field value or core fact of the event (or in the joined script block). */
	struct literal_group {
		const struct text *any;
		uint32_t           n;
	}               *groups;
	uint32_t         n_groups;
};

struct narrowing pred_narrow(const struct pred *p, struct arena *keep);

/* Field names the predicate reads, each once, at most CAP; for "never present in this case". */
size_t pred_names(const struct pred *p, struct text *out, size_t cap);

#endif
