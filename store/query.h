/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * query.h - questions to a case: lists for screens and CSV, and single events.
 *
 * Texts handed to callbacks live until the callback returns; texts in out parameters live in KEEP.
 * Lists come from rows and summaries kept by the importer; nothing is grouped when asked.
 */
#ifndef AUGER_STORE_QUERY_H
#define AUGER_STORE_QUERY_H

#include "base/arena.h"
#include "base/err.h"
#include "base/event.h"
#include "base/finding.h"
#include "base/source.h"
#include "base/when.h"
#include "store/casefile.h"

/* What a condition is about. Findings know all but record ids and fields; events know of findings
 * only by those that they are behind. */
enum filter_part {
	FILTER_HOST,
	FILTER_USER,
	FILTER_RULE, /* id or name */
	FILTER_TECHNIQUE, /* "T1021" includes T1021.006 */
	FILTER_TACTIC,
	FILTER_TYPE, /* of the rule: TTP, Anomaly ... */
	FILTER_VERDICT,
	FILTER_RISK, /* number: at least */
	FILTER_TIME, /* span */
	FILTER_CHANNEL,
	FILTER_PROVIDER,
	FILTER_EVENT_ID,
	FILTER_RECORD_ID,
	FILTER_BOOKMARK, /* yes or no; a finding has that of its events, too */
	FILTER_SINCE, /* number of an import: what it brought, and later ones; findings that got events, too */
	FILTER_EVIDENCE, /* the path of a file; what several files have is of each of them */
	FILTER_FIELD, /* name: of the record. No list knows it and so lets all through; a scan does */
};

/* One chip of the filter bar: rows with one of the values, or those without. A row with no value
 * is one without. What stands for several findings or events (a host, a finding) stays as long as
 * one of them does. */
struct condition {
	enum filter_part   part;
	bool               excludes;
	const struct text *values; /* any of them */
	uint32_t           n_values;
	struct text        name;   /* FILTER_FIELD */
	double             number; /* FILTER_RISK, FILTER_SINCE */
	struct span        span;   /* FILTER_TIME */
};
#define FILTER_VALUES_MAX     256 /* in all conditions together */
#define FILTER_CONDITIONS_MAX 48

/* What every list obeys; absent texts and zeros do not filter. Texts compare without case. A host
 * is meant by any of its names (machine.h), and by its first label when none is spelled so; a user
 * by any of theirs. The members ask for one value each; the conditions must hold beside them. */
struct case_filter {
	struct text host, user, rule, technique, verdict;
	double      min_risk;
	struct span span; /* {WHEN_NONE, WHEN_MAX}: all */
	uint32_t    event_id;
	struct text channel;
	int64_t     since_import; /* FILTER_SINCE; 0: all */
	const struct condition *conditions;
	uint32_t    n_conditions;
};
#define CASE_FILTER_ALL ((struct case_filter){ .span = { WHEN_NONE, WHEN_MAX } })

struct host_row {
	int64_t     id;
	struct text host;
	double      risk_score;       /* sum of the risk events whose object is this host */
	uint32_t    findings, rules;
	struct text techniques;       /* "T1047:3 T1021.006:1", most frequent first */
	struct text tactics;          /* comma separated */
	uint64_t    events;
	int64_t     first_ns, last_ns;
	struct text aliases;          /* "WS-07, ws-07": other names of it, and spellings */
};
typedef bool host_fn(void *ctx, const struct host_row *row);
/* By risk descending, then name. Where the filter says something of findings (rule, technique,
 * verdict, user, time ...), risk, findings, rules, techniques and tactics are those of the findings
 * that pass, and a least risk is asked of that sum; events and times stay those of the host. */
bool query_hosts(struct casefile *cf, const struct case_filter *f, host_fn *fn, void *ctx, struct err *err);

/* The finding that passes and gives the machine its highest score, the latest of several: its rule,
 * and the score. Absent: none. */
struct text query_worst_finding(struct casefile *cf, const struct case_filter *f, int64_t host,
				struct arena *keep, double *score);

struct user_row {
	struct text user;
	double      risk_score;
	uint32_t    findings, rules, hosts;
	struct text techniques;
	int64_t     first_ns, last_ns;
	struct text aliases;          /* comma separated: other names, SIDs */
};
typedef bool user_fn(void *ctx, const struct user_row *row);
/* As query_hosts; only users with findings that pass. */
bool query_users(struct casefile *cf, const struct case_filter *f, user_fn *fn, void *ctx, struct err *err);

/* The user whom findings call NAME (a SID, say), as query_users has it; absent: NAME is that
 * already, or it is known of none or of several. */
struct text query_user_called(struct casefile *cf, struct text name, struct arena *keep);

struct finding_row {
	int64_t        id;
	struct finding finding;    /* fields, objects and events only from query_finding */
	struct text    risk_object; /* the first of its risk objects, and its type */
	enum risk_object_type risk_object_type;
	struct text    verdict, note;
	bool           bookmark;
	/* Imports by number (import_log.h); 0: not known */
	int64_t        import;      /* that it was found with */
	int64_t        last_import; /* that brought the latest of its events */
};
/* What it is for who asks what is new since that import: "new"; "more": it was there, and got further
 * events; "more?": it may have got some, its events are too many to know all of them. */
struct text finding_news(const struct finding_row *row, int64_t since_import);
typedef bool finding_row_fn(void *ctx, const struct finding_row *row);
/* Newest first. */
bool query_findings(struct casefile *cf, const struct case_filter *f, finding_row_fn *fn, void *ctx,
		    struct err *err);
/* Of these the ones with a verdict, a note or a bookmark. */
bool query_noted_findings(struct casefile *cf, const struct case_filter *f, finding_row_fn *fn, void *ctx,
			  struct err *err);
/* The same rows in any order, by their numbers only: for lists that read a row when it is shown. What a
 * row has not comes last; rows that are equal stand newest first. */
enum finding_order {
	FINDING_BY_ID,
	FINDING_BY_FIRST,
	FINDING_BY_LAST,
	FINDING_BY_HOST,
	FINDING_BY_USER,
	FINDING_BY_RULE,
	FINDING_BY_RULE_ID,
	FINDING_BY_TYPE,
	FINDING_BY_TECHNIQUES,
	FINDING_BY_TACTICS,
	FINDING_BY_RISK,
	FINDING_BY_OBJECT,
	FINDING_BY_OBJECT_TYPE,
	FINDING_BY_MESSAGE,
	FINDING_BY_COUNT,
	FINDING_BY_VERDICT,
	FINDING_BY_NOTE,
	FINDING_BY_BOOKMARK,
	FINDING_BY_WHAT,
	FINDING_ORDERS
};
typedef bool row_id_fn(void *ctx, int64_t id);
bool query_finding_ids(struct casefile *cf, const struct case_filter *f, enum finding_order order,
		       bool descending, row_id_fn *fn, void *ctx, struct err *err);
/* Numbers of what analysts gave that verdict, other than open. */
bool query_verdict_ids(struct casefile *cf, struct text verdict, row_id_fn *fn, void *ctx,
		       struct err *err);
/* The row of one of them, as query_findings has it; FN is not called when there is none. */
bool query_finding_row(struct casefile *cf, int64_t id, finding_row_fn *fn, void *ctx,
		       struct err *err);
bool query_count_findings(struct casefile *cf, const struct case_filter *f, uint64_t *n, struct err *err);
/* The findings of each rule summed up, without a look at each; that with the newest first. */
struct finding_sum {
	struct text techniques, tactics; /* of the rule, as struct finding has them */
	uint64_t    findings;
	double      risk_score;        /* of all */
	int64_t     first_ns, last_ns; /* WHEN_NONE: none has a time */
};
typedef void finding_sum_fn(void *ctx, const struct finding_sum *sum);
bool query_finding_sums(struct casefile *cf, const struct case_filter *f, finding_sum_fn *fn, void *ctx,
		     struct err *err);
/* Whole, with row fields, risk objects, threats and event ids. ERR_INPUT when there is none. */
bool query_finding(struct casefile *cf, int64_t id, struct arena *keep, struct finding_row *out,
		   struct err *err);

/* Findings that _filter macros took away, newest first; of one rule, or of all (absent). */
struct hidden_row {
	int64_t     id; /* the number it has as a finding */
	struct text rule_id, rule, host, user, message, verdict, note;
	int64_t     last_ns;
	double      risk_score;
};
typedef bool hidden_fn(void *ctx, const struct hidden_row *row);
bool query_hidden(struct casefile *cf, struct text rule_id, hidden_fn *fn, void *ctx,
		  struct err *err);

/* Newest first; host filters by risk object or finding host. */
bool query_risk_events(struct casefile *cf, const struct case_filter *f, risk_fn *fn, void *ctx,
		       struct err *err);
/* The same, each with the fields of its row. */
bool query_risk_rows(struct casefile *cf, const struct case_filter *f, risk_fn *fn, void *ctx,
		     struct err *err);

/* The same rows in any order, by their numbers only: those that are about a host, or a user, where one is
 * given. Absent values last; rows that are equal stand newest first. */
enum risk_order {
	RISK_BY_TIME,
	RISK_BY_OBJECT,
	RISK_BY_OBJECT_TYPE,
	RISK_BY_SCORE,
	RISK_BY_RULE,
	RISK_BY_RULE_ID,
	RISK_BY_MESSAGE,
	RISK_BY_TECHNIQUES,
	RISK_BY_TACTICS,
	RISK_BY_STORIES,
	RISK_BY_FINDING,
	RISK_ORDERS
};
struct risk_whose {
	int64_t     host; /* 0: not about a host */
	struct text user; /* absent: not about a user */
};
bool query_risk_ids(struct casefile *cf, const struct case_filter *f, const struct risk_whose *whose,
		    enum risk_order order, bool descending, row_id_fn *fn, void *ctx, struct err *err);
/* One of them; FN is not called when there is none. KEEP: room for lists in it. */
bool query_risk_event(struct casefile *cf, int64_t id, struct arena *keep, risk_fn *fn, void *ctx,
		      struct err *err);

/* The narrow part of an event, for lists; risk: highest score of findings it is behind. */
struct event_row {
	int64_t     id, time_ns;
	struct text host, channel, provider, user;
	uint32_t    event_id, flags;
	uint64_t    record_id;
	bool        has_record_id;
	uint32_t    n_hits, n_findings;
	double      risk_score;
	struct text techniques;
	struct text note; /* analysts', on the event itself */
	bool        bookmark;
};
typedef bool event_row_fn(void *ctx, const struct event_row *row);

/* Lists of events are oldest or newest first; events without a time are last in both. */
enum event_walk {
	OLDEST_ONWARD, /* from the oldest event on */
	OLDEST_BACK,   /* the same list towards its beginning */
	NEWEST_ONWARD,
	NEWEST_BACK,
};
struct event_key {
	int64_t time_ns, id;
};
/* Before the first event and behind the last one of the list that WALK goes through. */
struct event_key event_key_before(enum event_walk walk);
struct event_key event_key_behind(enum event_walk walk);
/* One page by key: up to LIMIT rows strictly beyond FROM. */
bool query_events(struct casefile *cf, const struct case_filter *f, struct event_key from,
		  enum event_walk walk, uint32_t limit, event_row_fn *fn, void *ctx, struct err *err);
/* Rows for given ids, in their order (search results). */
bool query_event_rows(struct casefile *cf, const int64_t *ids, size_t n, event_row_fn *fn, void *ctx,
		      struct err *err);
/* Those with a note or a bookmark that the filter leaves, by time. */
bool query_noted_events(struct casefile *cf, const struct case_filter *f, event_row_fn *fn, void *ctx,
			struct err *err);
/* How many events a filter leaves: exact from summaries where possible; *EXACT false is an upper bound. */
bool query_count_events(struct casefile *cf, const struct case_filter *f, uint64_t *n, bool *exact,
			struct err *err);

/* Asks of events one by one what rows tell of them: whose they are, and the findings they are
 * behind. NULL: the filter says nothing of that kind, all pass; or, with ERR set, it cannot be. */
struct event_sieve *event_sieve_open(struct casefile *cf, const struct case_filter *f, struct err *err);
bool                event_sieve_passes(struct event_sieve *sieve, int64_t id);
void                event_sieve_close(struct event_sieve *sieve); /* NULL: nothing */

/* One event with all fields; script blocks joined as in source.h when JOINED, else as recorded. */
bool query_event(struct casefile *cf, int64_t id, bool joined, struct arena *keep, struct event *out,
		 struct err *err);

/* The parts of the script block that the event belongs to, by number; missing ones have id 0. */
struct script_part {
	int64_t  id;
	uint32_t number, total;
	size_t   bytes; /* of its text */
};
size_t query_script_parts(struct casefile *cf, int64_t id, struct arena *keep, struct script_part **out);

/* Where the record lies: every evidence that has it; first the one that the fields are from. */
struct event_origin {
	int64_t     evidence_id;
	struct text path, sha256, format;
	uint64_t    offset, length; /* of the record */
	uint64_t    size; /* of the file */
};
size_t query_event_origins(struct casefile *cf, int64_t id, struct arena *keep, struct event_origin **out);

/* Which rules the event satisfied, by name; a rule that the ledger does not know has its id as name. */
struct event_rule {
	struct text id, name;
};
size_t query_event_rules(struct casefile *cf, int64_t id, struct arena *keep,
			 struct event_rule **out);

struct evidence_row {
	int64_t     id;
	struct text path, sha256, format, status;
	uint64_t    size, events, duplicates, gaps;
};
typedef bool evidence_fn(void *ctx, const struct evidence_row *row);
bool query_evidence(struct casefile *cf, evidence_fn *fn, void *ctx, struct err *err);

struct gap_row {
	int64_t     id, evidence_id;
	struct text path, reason;
	uint64_t    offset, length, records_lost;
};
typedef bool gap_fn(void *ctx, const struct gap_row *row);
bool query_gaps(struct casefile *cf, gap_fn *fn, void *ctx, struct err *err);

typedef bool ledger_fn(void *ctx, const struct ledger_entry *entry);
bool query_ledger(struct casefile *cf, ledger_fn *fn, void *ctx, struct err *err);

/* Every pair of channel and event id that events of the case have, once; for the ledger. */
typedef bool event_kind_fn(void *ctx, struct text channel, uint32_t event_id); /* false: enough */
bool query_event_kinds(struct casefile *cf, event_kind_fn *fn, void *ctx, struct err *err);
/* Events that the main search of the rule takes, where these are kept; else 0. */
uint64_t query_hits(struct casefile *cf, struct text rule_id);
/* Does the raw field NAME occur in any event of the case? */
bool query_has_field(struct casefile *cf, struct text name);
/* All names of raw fields that occur, sorted; at most MOST. */
size_t query_fields(struct casefile *cf, size_t most, struct arena *keep, struct text **out);

struct value_count {
	struct text name;
	uint64_t    n; /* events (of rules: findings) with it; 0: not known */
};
/* Values that occur in a part of the filter, what matters most first, at most MOST; read from
 * summaries. Parts without a list of values (risk, time, record ids, fields) have none. */
size_t query_values(struct casefile *cf, enum filter_part part, size_t most, struct arena *keep,
		    struct value_count **out);

/* Events per hour, ascending, for sparklines and timelines: of the hosts and times of the filter;
 * what else it says holds for the risk only. The risk of hosts is that of risk events about them. */
struct hour_count {
	int64_t  hour_ns;
	uint64_t events;
	double   risk;
};
size_t query_activity(struct casefile *cf, const struct case_filter *f, struct arena *keep,
		      struct hour_count **out);
/* Whether that is all that F says of events; else query_activity_of has them. */
bool query_activity_knows(const struct case_filter *f);

/* What happened, in pieces of UNIT_NS that begin with multiples of it: read from the events, so it
 * takes its time with many. Logons are Security 4624, failed ones 4625; processes Security 4688 and
 * Sysmon 1; scripts PowerShell 4104. A piece may come twice; fields of events are not asked. */
enum activity {
	ACTIVITY_EVENTS,
	ACTIVITY_RISK,
	ACTIVITY_LOGONS,
	ACTIVITY_FAILED_LOGONS,
	ACTIVITY_PROCESSES,
	ACTIVITY_SCRIPTS,
	ACTIVITIES,
};
typedef bool activity_fn(void *ctx, int64_t at_ns, double amount); /* false: enough */
bool query_activity_of(struct casefile *cf, enum activity kind, const struct case_filter *f,
		       int64_t unit_ns, activity_fn *fn, void *ctx, struct err *err);

/* (channel, event id) pairs of a host (absent: all) with counts, most frequent first. */
struct kind_count {
	struct text channel, provider;
	uint32_t    event_id;
	uint64_t    events;
};
size_t query_kinds(struct casefile *cf, struct text host, struct arena *keep, struct kind_count **out);

#endif
