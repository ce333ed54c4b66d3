/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * search.h - one SPL search: compiled from text, run over a source.
 *
 * A compiled search is const and may be used by several threads; a run has its own state.
 */
#ifndef AUGER_RULES_SEARCH_H
#define AUGER_RULES_SEARCH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/pred.h"
#include "base/source.h"
#include "base/text.h"
#include "rules/row.h"

/* Where a piece of search text comes from; lines and columns count from 1. */
struct place {
	struct text file;
	uint32_t    line, column;
};

struct macro {
	struct text  name;
	struct text *args;
	uint32_t     n_args;
	struct text  definition;
	bool         is_eval; /* the definition is an expression whose value would be the text */
	struct place place;
};

/* Macro definitions by name and number of arguments; built-in ones are always there. Later
 * definitions replace earlier ones. A missing *_filter macro means `search *`. */
struct macros;
struct macros *macros_new(struct arena *keep);
void           macros_add(struct macros *m, const struct macro *macro);
const struct macro *macros_find(const struct macros *m, struct text name, uint32_t n_args);
const struct macro *macros_get(const struct macros *m, size_t i); /* by name; NULL: no more */

/* CSV tables for lookup and inputlookup; NULL where none are loaded. */
struct lookups;

struct search;

struct search_env {
	const struct macros  *macros;
	const struct lookups *lookups;
	bool                  strict_fillnull; /* Splunk's: fills only columns that occur */
};

/*
 * Compiles TEXT, which starts at PLACE. Errors (ERR_RULE) carry "file:line:column" in where and
 * name what was expected or what is not supported. With NULL macros only the built-ins exist.
 */
bool search_compile(struct search **out, struct arena *keep, struct text text, struct place place,
		    const struct search_env *env, struct err *err);

/* The places where the search reads events: 0 is the main one, others are subsearches. */
uint32_t           search_leaves(const struct search *s);
/* NULL: it reads risk events or a table. */
const struct pred *search_leaf_pred(const struct search *s, uint32_t leaf);
/* Whether an import keeps the hits of this place. Not where the search takes all events of a data
 * model, or a subsearch all of a number or log, and looks at them later: found again as fast, their
 * hits would only fill the case. */
bool               search_leaf_kept(const struct search *s, uint32_t leaf, struct arena scratch);

/* Stages that rows of the main search go through. */
size_t search_stages(const struct search *s);

/* Whether it reads risk events, so that it belongs behind the searches that make them. */
bool search_reads_risk(const struct search *s);

/* Adds all that decides what comes out, besides the case itself, its clock and the program: the
 * expanded text, and the tables that it names with their content. */
struct digest;
void search_digest(const struct search *s, struct digest *d);
/* Whether it makes search text while it runs, so that any macro and table may be in it. */
bool search_makes_text(const struct search *s);

/* Whether each row rests on events of one host alone, and differs by its fields from the rows of any
 * other: then what comes out for some hosts depends on no others. Holds for cases in which
 * every event names a host. */
bool search_is_by_host(const struct search *s, struct arena scratch);

/* Compiled with a reservation: what is read differently from Splunk; NULL when none. */
struct text search_reservation(const struct search *s);

/* Whether the rows that come out are events (no transforming command). */
bool search_yields_events(const struct search *s);

/* Fields that a later stage names ("by" lists, table, fields, where), for columns and fillnull. */
size_t search_output_columns(const struct search *s, const struct text **out); /* 0: see rows */

/* Predicate, what an index can do of it, macros expanded, pipeline: what `rules explain` prints. */
struct text search_explain(const struct search *s, struct arena *keep);

/* The last *_filter macro's stage: rows that reached it and rows that left it in the last run. */
struct search_stats {
	uint64_t hits;     /* events the main search gave */
	uint64_t new_hits; /* those beyond search_run.since */
	uint64_t rows;     /* rows that came out */
	uint64_t filtered; /* rows its _filter macro removed */
	uint64_t emptied;  /* rows that reached a stage which left none; 0: there is no such stage */
	char     emptied_by[160]; /* its text, or the beginning of that */
	struct span asked; /* the range that the main search was about; zeroed: it reads no events */
	uint64_t warnings; /* things to know that did not stop the search */
	char     warning[256]; /* the first of them */
	bool     clock_asked; /* what came out depends on the case clock */
	uint64_t gave_up;  /* texts that a regular expression found too hard: taken as no match */
	char     gave_up_in[32]; /* the command or function of the first of them */
};

typedef bool row_fn(void *ctx, const struct row *row); /* false: enough */

struct search_run {
	const struct source *source;
	struct span          span;      /* the caller's range; the search's own narrows it */
	int64_t              since;     /* events with greater numbers are counted as new */
	struct text          rule_id;   /* set: hits of this rule come from source->hits */
	size_t               memory_bytes; /* for groups and sorts; 0: what the source says */
	/* What groups or a sort may hold until they go to the disk early, in bytes: others need the room.
	 * It changes while they run; NULL: there are no others. */
	const size_t        *room_most;
	/* Gets the rows that the _filter macro removes, where they would have come out otherwise;
	 * its result is ignored. NULL: nobody asks. */
	row_fn              *dropped;
	void                *ctx; /* of DROPPED */
};

/* What it may take for groups and sorts, in bytes. */
size_t search_budget(const struct search_run *run);
bool search_execute(const struct search *s, const struct search_run *run, row_fn *fn, void *ctx,
		    struct search_stats *stats, struct err *err);

/*
 * Several searches that take all events of one data model can share the reading of them, and so can
 * several that take their own hits: each is begun, handed every event of the model (every one of
 * its hits) in any order, and ended, which is when rows come out.
 */
/* The model; MODEL_NONE: the search is not of this kind. */
enum model search_takes_whole(const struct search *s, struct arena scratch);
bool       search_takes_hits(const struct search *s, struct arena scratch);
struct search_feed;
/* One of the two holds for S. SCRATCH is for all that share the reading; it, STATS and ERR stay in
 * use until they are ended. */
struct search_feed *search_feed_begin(const struct search *s, const struct search_run *run,
				      struct arena *scratch, row_fn *fn, void *ctx, struct search_stats *stats,
				      struct err *err);
/* PLAIN: the event without its decoded fields; NULL: it has none. */
void search_feed_event(struct search_feed *f, const struct event *ev, const struct event *plain);
/* What it has taken until now; and makes it give that up: it cannot take all events any more. */
size_t search_feed_bytes(const struct search_feed *f);
void   search_feed_stop(struct search_feed *f);
/* Whether it has taken all events. If not, another way may be tried after search_feed_drop. */
bool search_feed_whole(const struct search_feed *f);
bool search_feed_end(struct search_feed *f);
void search_feed_drop(struct search_feed *f);

/* What `auger rules commands` prints. */
struct command_info {
	const char *name, *synopsis, *help;
};
size_t search_commands(struct command_info *out, size_t cap);
size_t search_functions(struct command_info *out, size_t cap);
size_t search_aggregates(struct command_info *out, size_t cap);

#endif
