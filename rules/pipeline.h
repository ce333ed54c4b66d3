/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * pipeline.h - stages of a search: what a command is, how it is compiled, how rows flow.
 *
 * A command is one struct pipe_command in rules/commands/NAME.c and one line in commands.def. Its
 * `parse` turns the words behind the name into arguments, kept in the search's arena. When a
 * search runs, every stage has a struct stage_run; rows are pushed from stage to stage: a stage
 * hands a row on with pipe_emit and is called once more, by `finish`, when no more will come.
 *
 * A row given to a stage is the stage's own: it may change its cells; it lives until the call
 * returns. What has to outlive that goes to run->keep, which the memory budget limits.
 * Functions return false to stop: because the next stage has enough, or after pipe_fail.
 */
#ifndef AUGER_RULES_PIPELINE_H
#define AUGER_RULES_PIPELINE_H

#include "rules/expand.h"
#include "rules/scan.h"
#include "rules/search.h"

struct stage;
struct stage_run;
struct uses;
struct columns;
struct origins;
struct foresight;
struct grouping;
struct lookup;
struct memo;
struct letters;
struct memo_run;
struct regex;

/* What a stage cares about in the order of its rows. */
enum row_order {
	ROWS_EACH,      /* each row alone: what comes behind decides */
	ROWS_ORDERED,   /* needs them newest first */
	ROWS_UNORDERED, /* the result is the same for every order */
};

enum pipe_flag {
	PIPE_FIRST = 1 << 0, /* may stand first, behind a leading bar */
	PIPE_ROWS  = 1 << 1, /* what comes out are no events any longer */
	PIPE_ONLY_FIRST = 1 << 2, /* can stand nowhere else */
	PIPE_FILTERS = 1 << 3, /* drops rows, each by itself, and changes none */
	PIPE_SPLICES = 1 << 5, /* a subsearch among its words stands for what it finds; splice.h */
	PIPE_APPENDS = 1 << 4, /* PIPE_ONLY_FIRST, but for a form that appends: parse tells */
};

/* What a stage makes of the fields whose origin is known; foresight.h. */
enum derives {
	DERIVES_UNCLEAR, /* cannot be said */
	DERIVES_OTHERS,  /* it leaves them as they are */
	DERIVES_KNOWN,   /* it has to be run for them */
};

/* Whether rows stay apart in a stage, and a field of theirs what it is; search_is_by_host. */
enum keeps {
	KEEPS_NOTHING, /* rows are put together, or it cannot be said */
	KEEPS_ROWS,    /* each becomes none, one or several by itself, perhaps with another value */
	KEEPS_FIELD,   /* these have the value that it had, if any */
};

struct pipe_command {
	const char    *name, *synopsis, *help;
	unsigned       flags;
	enum row_order order;
	bool (*parse)(struct scan *s, struct stage *stage);
	/* instead of all that follows: the stages that it is short for, as text */
	bool (*rewrite)(struct scan *s, struct text *out);
	/* fields that the stage reads; NULL: none */
	void (*uses)(const struct stage *stage, struct uses *uses);
	/* how the columns change; NULL: not at all */
	void (*columns)(const struct stage *stage, struct columns *columns);
	/* sets the origins of what it writes, when it turns each row into one by itself */
	enum derives (*derives)(const struct stage *stage, struct origins *o);
	/* does it set the fields of `columns` in each row by what it reads of it alone? NULL: no */
	bool (*repeats)(const struct stage *stage);
	/* sources of rows (PIPE_FIRST) push all of theirs here */
	bool (*generate)(struct stage_run *sr);
	bool (*start)(struct stage_run *sr);
	bool (*row)(struct stage_run *sr, struct row *row);
	bool (*finish)(struct stage_run *sr);
	/* what becomes of FIELD of a row; NULL: KEEPS_NOTHING */
	enum keeps (*keeps)(const struct search_env *env, const struct stage *stage, struct text field,
			    struct arena *scratch);
};

/* Fields that stages name. */
enum use {
	USE_READS,  /* as an argument */
	USE_GROUPS, /* in a BY list, table, fields or where: fillnull fills it */
};
struct uses {
	struct arena *keep;
	struct text  *names;
	enum use     *kinds;
	size_t        n, cap;
	bool          all;    /* any field may matter */
	bool          narrowed; /* besides them only _time and _raw are left */
	bool          closed; /* and what the rows have besides them is lost here */
};
struct stage {
	const struct pipe_command *command;
	void           *args;          /* what parse made */
	struct text     source;        /* its expanded text */
	enum row_order  order;
	enum model      model;         /* vocabulary of the rows that come in */
	enum model      row_model;     /* of those that a source of rows makes */
	enum model      row_prefixed;  /* these name fields of this data set with its prefix, too */
	const struct column *needed;   /* when `closed`: all that matters behind it */
	size_t          n_needed;
	bool            closed;
	struct uses     uses;          /* what is read behind it */
	const struct grouping  *grouping;  /* its rows are groups of those that come in */
	const struct foresight *foresight; /* of these; NULL: none */
	const struct memo      *memo;      /* it begins stages that are remembered; NULL: none */
	const struct memo      *memo_ends; /* it is the last of them */
	bool            is_filter;     /* written by a _filter macro */
	bool            first;         /* it is where rows come from */
	bool            has_leaf;      /* and they are the events of this leaf */
	uint32_t        leaf;
};

struct pipeline {
	struct stage *stages;
	size_t        n, cap;
	enum order    order;  /* that its source is asked for */
	unsigned      depth;  /* subsearches around it */
};

/* A place where the search reads events (or risk events, or a table). */
struct leaf {
	const struct pred *pred;  /* a superset of what the search needs; NULL: reads no events */
	bool               exact; /* the pred is exactly what it needs */
	struct text        earliest, latest; /* as written; absent: open */
};

struct search {
	struct arena      *keep;
	struct expansion   expansion;
	struct search_env  env;
	struct pipeline    main;
	struct leaf       *leaves;
	size_t             n_leaves, leaves_cap;
	const struct text *columns;
	size_t             n_columns;
	struct text        reservation;
	bool               reads_risk; /* risk events, somewhere */
	struct text       *tables;     /* lookups that it names */
	size_t             n_tables, tables_cap;
	bool               makes_text; /* it makes search text while running: any macro may be in it */
};

/* One compilation; parse functions reach it through their scan. */
struct compile {
	struct arena           *keep;
	struct search          *search;
	const struct expansion *expansion;
	const struct search_env *env;
	const char             *command; /* of the stage being read, for messages */
	enum model              model;   /* of its rows */
	unsigned                depth;   /* of nesting, limited */
	bool                    inexact; /* leaves are supersets: values are known later */
	struct err             *err;
};

#define NESTING_MAX 100

/* A subsearch: the text between brackets. FIRST: it may and must begin with a source of rows. */
bool pipeline_parse(struct scan *s, struct pipeline *out, bool first);
/* A piece of search text made while running (map, foreach); its macros are expanded. */
bool pipeline_parse_text(struct compile *c, struct text text, struct place place,
			 struct pipeline *out, bool first);
/* Does it read nothing but tables, so that its rows are known while compiling? */
bool pipeline_is_constant(const struct pipeline *p);

uint32_t leaf_add(struct compile *c, const struct leaf *leaf);
void     compile_reserve(struct compile *c, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
struct column compile_column(struct compile *c, struct text name);
/* "name name, name": columns until the end, an option, or one of the keywords (NULL ends them). */
bool compile_columns(struct scan *s, struct column **out, size_t *n, const char *const *until);
/* The same with options among them, each of which OPTION takes into ARGS. */
typedef bool option_fn(struct scan *s, void *args, struct text name, struct text value);
bool compile_columns_and_options(struct scan *s, struct column **out, size_t *n,
				 const char *const *until, option_fn *option, void *args);

/* A regular expression, written in the search at AT. */
bool compile_regex(struct scan *s, const char *at, struct text pattern, const struct regex **out);
/* The name of a lookup; *OUT is NULL when it is not loaded. */
bool compile_lookup(struct scan *s, struct text *name, const struct lookup **out);
bool compile_lookup_named(struct scan *s, const char *at, struct text name,
			  const struct lookup **out);
/* Says it when such a table finds nothing. */
void compile_lookup_reserve(struct compile *c, struct text name, const struct lookup *table);

const struct pipe_command *command_find(struct text name);

/* Common answers of `keeps`: the stage writes no field, only those of its `columns`, any field. */
enum keeps keeps_all(const struct search_env *env, const struct stage *stage, struct text field,
		     struct arena *scratch);
enum keeps keeps_others(const struct search_env *env, const struct stage *stage, struct text field,
			struct arena *scratch);
enum keeps keeps_rows(const struct search_env *env, const struct stage *stage, struct text field,
		      struct arena *scratch);

void uses_add(struct uses *u, struct text name, enum use kind);

struct columns {
	struct arena *keep;
	struct text  *names;
	size_t        n, cap;
	bool          open; /* rows may have others besides */
};
void columns_add(struct columns *c, struct text name);
void columns_only(struct columns *c); /* forget all: what follows is all there is */

/* --- running --- */

/* A text of scratch in another letter case, and what it was made of; good until a release. */
struct recased {
	const struct letters *letters;
	struct text           of, is;
	uint64_t              releases;
};

/* Bytes of the longest value. */
#define VALUE_BYTES_MAX ((size_t)64 << 20)

/* Memory of one stage, which it may give back before the run ends. */
struct room {
	struct arena arena;
	struct room *next;
};

struct spill;

struct run {
	const struct search     *search;
	const struct search_run *request;
	struct arena            *keep;    /* until the run ends */
	struct arena            *scratch; /* pipe_mark and pipe_release */
	struct room             *rooms;
	struct spill            *spills;
	size_t                   budget_bytes; /* of all these */
	struct search_stats     *stats;
	struct err              *err;
	bool                     failed;
	const struct stage      *at;      /* that has its turn, for messages; NULL: none yet */
	unsigned                 depth;
	bool                    *clock_asked; /* see pipe_clock; may be NULL */
	uint64_t                 releases; /* of scratch */
	struct recased           recased;
};

struct stage_run {
	struct run         *run;
	const struct stage *stage;
	void               *state; /* of start, in run->keep */
	struct stage_run   *next;  /* NULL: the rows go to FN */
	row_fn             *fn;
	void               *ctx;
	bool                enough; /* wants no more rows; set by start: none at all */
	bool                sink_enough; /* FN wants no more */
	unsigned            depth;  /* of its pipeline */
	enum order          order;  /* generate: that events are wanted in */
	uint64_t            given;  /* rows it handed on */
	struct memo_run    *memo;   /* of the stages that it begins; NULL: none */
	struct memo_run    *memo_ends; /* of those that it ends */
};

bool pipe_emit(struct stage_run *sr, struct row *row);
bool pipe_fail(struct run *run, enum err_kind kind, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* Something the user should know that does not stop the search; the first is kept. */
void pipe_warn(struct run *run, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* A regular expression of WHAT needed too many steps, and counts as not matching. They make one
 * warning of the search, its first. */
void pipe_gave_up(struct run *run, const char *what);
/* The case clock; it is noted that the search asked for it. */
int64_t pipe_clock(const struct run *run);
/* False, with an error, when the budget is used up or the user wants to stop. */
bool pipe_check(struct run *run);
/* The same when BYTES more were taken. */
bool pipe_fits(struct run *run, size_t bytes);
/* Bytes taken of the budget until now. */
size_t pipe_taken(const struct run *run);
/* Bytes that a value may have which grows piece by piece in scratch. */
size_t pipe_value_most(const struct run *run);

/* Is it time for what OWN holds to go to the disk: little is left of the budget, or of what those that
 * read together share, and it has a good part of what is taken? */
bool pipe_crowded(const struct run *run, const struct arena *own);

/* An arena for one stage, counted in the budget; closed when the run ends. */
struct arena *pipe_room(struct run *run);
/* Empties one that is filled again and again: little of it stays, so that a small one costs nothing. */
void pipe_empty(struct arena *room);

/* Scratch that was taken since the mark is given back. */
static inline char *
pipe_mark(struct run *run)
{
	return run->scratch->at;
}

static inline void
pipe_release(struct run *run, char *mark)
{
	run->scratch->at = mark;
	run->releases++;
}

/* The stages of a pipeline, ready for rows, which leave the last one to FN; NULL: failed. */
struct stage_run *stages_start(struct run *run, const struct pipeline *p, row_fn *fn, void *ctx);
/* No more rows will come: the stages give what they held back. */
bool stages_finish(struct run *run, struct stage_run *srs, size_t n);
/* No row of the source would come through all stages. */
bool stages_dead_end(const struct stage_run *srs, size_t n);
/* Notes the stage of the search at which its last rows were lost, if there is one. */
void stages_note_emptied(struct run *run, const struct stage_run *srs, size_t n);
/* Runs a pipeline inside a run: rows go to FN. INPUT rows are pushed instead of a source's. */
bool pipeline_run(struct run *run, const struct pipeline *p, row_fn *fn, void *ctx);
struct sorted_rows;
bool pipeline_feed(struct run *run, const struct pipeline *p, struct sorted_rows *rows, row_fn *fn,
		   void *ctx);

/* All rows of a pipeline, kept. MAX rows at most, 0: any number; *CUT says whether more came. */
bool pipeline_collect(struct run *run, const struct pipeline *p, size_t max, struct row ***out,
		      size_t *n, bool *cut);

#endif
