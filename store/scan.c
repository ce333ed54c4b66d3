/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/scan.h"

#include <stdlib.h>

#include "base/when.h"
#include "store/ahead.h"
#include "store/query.h"
#include "store/script.h"
#include "store/sieve.h"

#define LIST_MAX       1000000 /* candidates kept as a list of events */
#define BLOCK_LIST_MAX (LIST_MAX / BLOCK_EVENTS)
#define ORDERED_MAX    2000 /* blocks whose events are put in order of time before the first is given */

struct candidate {
	int64_t ts, id;
};

struct scan {
	struct casefile   *cf;
	const struct pred *pred;
	event_fn          *fn;
	void              *ctx;
	struct err        *err;
	struct arena       keep, scratch;
	struct held        held;
	struct ask         view;
	struct sieve       sieve;
	struct candidate  *list;
	size_t             n_list, list_cap;
	bool               bare; /* events are handed over without their fields */
	bool               part; /* few enough for a list: of the others no block is unpacked */
	bool               stop;
};

/* Looks for the literals in the bytes of the event, which is cheaper than to read its fields. */
static bool
literals_may_be_met(struct scan *s, const struct facts *row)
{
	struct text body;

	if (s->bare || !s->sieve.narrow.n_groups || row->flags & EVENT_SCRIPT_WHOLE)
		return true;
	body = event_body_raw(s->cf, row->id, &s->held);
	return text_absent(body) || sieve_bytes(&s->sieve, body);
}

/* In some event of the block. What cannot be read may have them: event_load then says why not. */
static bool
literals_may_be_in(struct scan *s, int64_t block)
{
	struct text all = blocks_bodies(s->cf, block, &s->held);

	return text_absent(all) || sieve_bytes(&s->sieve, all);
}

/* Reads the event and lets the predicate decide. False: failed. */
static bool
try_event(struct scan *s, const struct facts *row)
{
	struct arena scratch = s->scratch;
	struct event ev;

	if (casefile_cancelled(s->cf))
		return err_set(s->err, ERR_CANCEL, "stopped");
	if (!literals_may_be_met(s, row))
		return true;
	if (s->bare) {
		if (!event_of_facts(s->cf, row, &ev, s->err))
			return false;
	} else if (!event_load(s->cf, row, &s->held, &scratch, &ev, s->err) ||
		   !script_apply(s->cf, &ev, &scratch, s->err)) {
		return false;
	}
	if (s->pred) {
		struct subject subject = event_subject(&ev);

		if (!pred_eval(s->pred, &subject, scratch))
			return true;
	}
	s->stop = !s->fn(s->ctx, &ev);
	return true;
}

static int
by_id(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;

	return x->id < y->id ? -1 : x->id > y->id;
}

static int
newest_first(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;

	if (x->ts != y->ts)
		return x->ts > y->ts ? -1 : 1;
	return x->id > y->id ? -1 : x->id < y->id;
}

static const char rows_of_block[] =
    "SELECT " FACTS_COLUMNS " FROM event e WHERE e.id >= ?1 AND "
    "e.id < ?1 + (SELECT n FROM block WHERE id = ?1) ORDER BY e.id";

static void
list_add(struct scan *s, int64_t ts, int64_t id)
{
	arena_grow(&s->keep, s->list, s->n_list, &s->list_cap);
	s->list[s->n_list++] = (struct candidate){ ts, id };
}

static bool
list_from_blocks(struct scan *s)
{
	struct ask   q;
	struct facts row;

	/* Events without the literals are not worth a place in the list. */
	if (ask(&q, s->cf, rows_of_block, s->err))
		for (size_t i = 0; i < s->sieve.n_blocks && !q.failed && !casefile_cancelled(s->cf);
		     i++) {
			if (!literals_may_be_in(s, s->sieve.blocks[i]))
				continue;
			ask_int(&q, 1, s->sieve.blocks[i]);
			while (ask_row(&q)) {
				row = facts_get(&q);
				if (sieve_row(&s->sieve, &row) &&
				    !(row.flags & EVENT_SCRIPT_WHOLE) &&
				    literals_may_be_met(s, &row))
					list_add(s, row.time_ns, row.id);
			}
			ask_run(&q);
		}
	if (!ask_end(&q))
		return false;
	if (casefile_cancelled(s->cf))
		return err_set(s->err, ERR_CANCEL, "stopped");
	for (size_t i = 0; i < s->sieve.n_scripts; i++)
		if (facts_of(s->cf, s->sieve.scripts[i], &row, NULL) && sieve_row(&s->sieve, &row))
			list_add(s, row.time_ns, row.id);
	return true;
}

static const char by_host_index[] = "SELECT e.ts, e.id FROM event e WHERE e.host = ?1 AND "
				    "e.ts >= ?2 AND e.ts <= ?3 LIMIT ?4";
static const char by_code_index[] = "SELECT e.ts, e.id FROM event e WHERE e.code = ?1 AND "
				    "e.ts >= ?2 AND e.ts <= ?3 LIMIT ?4";

static bool
list_from_index(struct scan *s, const char *sql, int64_t key)
{
	struct ask q;

	if (ask(&q, s->cf, sql, s->err)) {
		ask_int(&q, 1, key);
		ask_int(&q, 2, s->sieve.low);
		ask_int(&q, 3, s->sieve.high);
		ask_int(&q, 4, LIST_MAX * 2);
		while (ask_row(&q)) {
			int64_t ts = ask_get_int(&q, 0), id = ask_get_int(&q, 1);

			if (!s->sieve.by_block || sieve_block(&s->sieve, id))
				list_add(s, ts, id);
		}
	}
	return ask_end(&q);
}

static bool
has_index(struct casefile *cf, const char *sql)
{
	return db_int(cf, sql, 0) > 0;
}

#define INDEX_NAMED "SELECT count(*) FROM sqlite_schema WHERE type = 'index' AND name = "
static const char has_by_host[] = INDEX_NAMED "'event_by_host'";
static const char has_by_code[] = INDEX_NAMED "'event_by_code'";

static bool
few_blocks(const struct scan *s)
{
	return s->sieve.by_block && s->sieve.n_blocks <= BLOCK_LIST_MAX &&
	       s->sieve.n_scripts <= LIST_MAX;
}

/* Where order does not matter, more candidates than one in MANY events are found sooner by going
 * through all rows than by looking up one after the other. */
#define MANY 16

static bool
worth_list(struct scan *s, uint64_t n, enum order order)
{
	s->part = n <= LIST_MAX;
	return s->part &&
	       (order != ORDER_ANY ||
		n <= (uint64_t)db_int(s->cf, "SELECT max(id) FROM event", 0) / MANY);
}

/* Makes the list of candidates when it can be short. *LISTED: it was made. Of many blocks none is:
 * events in the order of their time come one by one, the first of them soon. */
static bool
make_list(struct scan *s, enum order order, bool *listed)
{
	bool     by_host, by_code;
	uint64_t hosts, codes;

	*listed = few_blocks(s) && s->sieve.n_blocks <= ORDERED_MAX;
	if (*listed)
		return list_from_blocks(s);
	by_host = s->sieve.n_hosts && has_index(s->cf, has_by_host);
	by_code = s->sieve.narrow.n_event_ids && has_index(s->cf, has_by_code);
	if (!by_host && !by_code)
		return true;
	if (!sieve_estimate(&s->sieve, &hosts, &codes, s->err))
		return false;
	if (by_host && worth_list(s, hosts, order) && (hosts <= codes || !by_code)) {
		*listed = true;
		for (size_t i = 0; i < s->sieve.n_hosts; i++)
			if (!list_from_index(s, by_host_index, s->sieve.hosts[i]))
				return false;
	} else if (by_code && worth_list(s, codes, order)) {
		*listed = true;
		for (uint32_t i = 0; i < s->sieve.narrow.n_event_ids; i++)
			if (!list_from_index(s, by_code_index, s->sieve.narrow.event_ids[i]))
				return false;
	}
	return true;
}

static bool
walk_list(struct scan *s, enum order order)
{
	struct facts row;

	if (s->n_list)
		qsort(s->list, s->n_list, sizeof(*s->list),
		      order == ORDER_ANY ? by_id : newest_first);
	for (size_t i = 0; i < s->n_list && !s->stop; i++) {
		if (i > 0 && s->list[i].id == s->list[i - 1].id)
			continue;
		if (!facts_of(s->cf, s->list[i].id, &row, s->err))
			return false;
		if (sieve_row(&s->sieve, &row) && !try_event(s, &row))
			return false;
	}
	return true;
}

static bool
block_wanted(struct scan *s, int64_t block)
{
	return !s->sieve.narrow.n_groups || literals_may_be_in(s, block);
}

/* Candidate blocks one after the other; events that stand for a script block come at the end. */
static bool
walk_blocks(struct scan *s)
{
	struct ahead *ahead = ahead_open(s->cf, &s->sieve, s->sieve.blocks, s->sieve.n_blocks);
	struct ask    q;
	struct facts  row;
	bool          good = true;

	if (ask(&q, s->cf, rows_of_block, s->err))
		for (size_t i = 0; i < s->sieve.n_blocks && good && !s->stop && !q.failed; i++) {
			if (casefile_cancelled(s->cf)) {
				good = err_set(s->err, ERR_CANCEL, "stopped");
				break;
			}
			if (ahead ? !ahead_next(ahead) : !block_wanted(s, s->sieve.blocks[i]))
				continue;
			ask_int(&q, 1, s->sieve.blocks[i]);
			while (good && !s->stop && ask_row(&q)) {
				row = facts_get(&q);
				if (sieve_row(&s->sieve, &row) && !(row.flags & EVENT_SCRIPT_WHOLE))
					good = try_event(s, &row);
			}
			sqlite3_reset(q.st);
		}
	good = ask_end(&q) && good;
	ahead_close(ahead);
	for (size_t i = 0; i < s->sieve.n_scripts && good && !s->stop; i++)
		if (facts_of(s->cf, s->sieve.scripts[i], &row, NULL) &&
		    sieve_row(&s->sieve, &row) && row.flags & EVENT_SCRIPT_WHOLE &&
		    (i == 0 || s->sieve.scripts[i] != s->sieve.scripts[i - 1]))
			good = try_event(s, &row);
	return good;
}

#define ALL_ROWS "SELECT " FACTS_COLUMNS " FROM event e NOT INDEXED WHERE e.ts >= ?1 AND e.ts <= ?2"
#define BY_ID    " ORDER BY e.id"
static const char all_by_id[] = ALL_ROWS BY_ID;
static const char all_by_time[] = "SELECT " FACTS_COLUMNS " FROM event e WHERE e.ts >= ?1 AND "
				  "e.ts <= ?2 ORDER BY e.ts DESC, e.id DESC";

/* Ids in one statement. */
#define CODES_MOST 256

/* Every row by id, but for those that an id rules out: SQL passes over them for less than it takes
 * to hand them out. */
static bool
ask_all_by_id(struct scan *s, struct ask *q)
{
	const struct narrowing *narrow = &s->sieve.narrow;
	struct text             sql = TEXT(ALL_ROWS " AND e.code IN (");

	if (!narrow->n_event_ids || narrow->n_event_ids > CODES_MOST)
		return ask(q, s->cf, all_by_id, s->err);
	for (uint32_t i = 0; i < narrow->n_event_ids; i++)
		sql = arena_printf(&s->keep, TEXT_FMT "%s%u", TEXT_ARG(sql), i ? "," : "",
				   narrow->event_ids[i]);
	sql = arena_printf(&s->keep, TEXT_FMT ")" BY_ID, TEXT_ARG(sql));
	return ask_once(q, s->cf, arena_cstr(&s->keep, sql), s->err);
}

static const char all_blocks[] = "SELECT id FROM block ORDER BY id";

static bool
list_blocks(struct scan *s)
{
	size_t     cap = 0;
	struct ask q;

	if (ask(&q, s->cf, all_blocks, s->err))
		while (ask_row(&q)) {
			arena_grow(&s->keep, s->sieve.blocks, s->sieve.n_blocks, &cap);
			s->sieve.blocks[s->sieve.n_blocks++] = ask_get_int(&q, 0);
		}
	return ask_end(&q);
}

/* Every event in the order of ids, block by block; script blocks where they stand. */
static bool
walk_through(struct scan *s)
{
	struct ahead *ahead;
	struct ask    q;
	size_t        at = 0;
	bool          good, wanted = true;

	if (!list_blocks(s))
		return false;
	ahead = ahead_open(s->cf, &s->sieve, s->sieve.blocks, s->sieve.n_blocks);
	good = ask_all_by_id(s, &q);
	ask_int(&q, 1, s->sieve.low);
	ask_int(&q, 2, s->sieve.high);
	while (good && !s->stop && ask_row(&q)) {
		struct facts row = facts_get(&q);

		for (; ahead && at < s->sieve.n_blocks && s->sieve.blocks[at] <= row.id; at++)
			wanted = ahead_next(ahead);
		if (sieve_row(&s->sieve, &row) && (wanted || row.flags & EVENT_SCRIPT_WHOLE))
			good = try_event(s, &row);
	}
	ahead_close(ahead);
	return ask_end(&q) && good;
}

static bool
walk_all(struct scan *s, enum order order)
{
	bool       whole = s->sieve.low == WHEN_NONE && s->sieve.high == WHEN_MAX;
	struct ask q;
	bool       good = true;

	if (order == ORDER_ANY && whole && !s->sieve.by_block && !s->bare && !s->part)
		return walk_through(s);
	/* A part of the time is read through the index on time, whatever the order. */
	if (order == ORDER_ANY && whole ? ask_all_by_id(s, &q)
					: ask(&q, s->cf, all_by_time, s->err)) {
		ask_int(&q, 1, s->sieve.low);
		ask_int(&q, 2, s->sieve.high);
		while (good && !s->stop && ask_row(&q)) {
			struct facts row = facts_get(&q);

			if (sieve_row(&s->sieve, &row) &&
			    (!s->sieve.by_block || sieve_block(&s->sieve, row.id)))
				good = try_event(s, &row);
		}
	}
	return ask_end(&q) && good;
}

static bool
run(struct scan *s, enum order order)
{
	bool listed = false;

	if (order == ORDER_ANY && few_blocks(s))
		return walk_blocks(s);
	if (!make_list(s, order, &listed))
		return false;
	if (listed)
		return walk_list(s, order);
	return order == ORDER_ANY && s->sieve.by_block ? walk_blocks(s) : walk_all(s, order);
}

static const char any_row[] = "SELECT 1 FROM setting";

/* An open statement keeps one view of the case for the whole search, and saves the locks that
 * every statement would take anew. */
static void
scan_open(struct scan *s)
{
	if (ask(&s->view, s->cf, any_row, NULL))
		ask_row(&s->view);
	s->keep = arena_open((size_t)1 << 30);
	s->scratch = arena_open(BLOCK_RAW_MAX * 4);
}

static void
scan_close(struct scan *s)
{
	ask_end(&s->view);
	held_release(&s->held);
	arena_close(&s->keep);
	arena_close(&s->scratch);
}

bool
scan_events_of(struct casefile *cf, const int64_t *hosts, size_t n_hosts, const struct pred *pred,
	       struct span span, enum order order, event_fn *fn, void *ctx, struct err *err)
{
	struct scan s = { .cf = cf, .pred = pred, .fn = fn, .ctx = ctx, .err = err };
	bool        none, good;

	scan_open(&s);
	good = sieve_open(&s.sieve, cf, pred, span, &s.keep, &none, err);
	if (good && !none && (!n_hosts || sieve_hosts(&s.sieve, hosts, n_hosts, &s.keep)))
		good = run(&s, order);
	scan_close(&s);
	return good;
}

bool
scan_events(void *self, const struct pred *pred, struct span span, enum order order,
	    event_fn *fn, void *ctx, struct err *err)
{
	return scan_events_of(self, NULL, 0, pred, span, order, fn, ctx, err);
}

/* Names whose value a row of table event has. Hosts and channels in a spelling that may differ from
 * the event's own in letter case. */
static bool
name_of_facts(const struct name_ref *ref, bool *number)
{
	static const struct text numbers[] = { TEXT_INIT("EventCode"), TEXT_INIT("EventID") };
	static const struct text names[] = { TEXT_INIT("Computer"), TEXT_INIT("host"),
					     TEXT_INIT("Channel"), TEXT_INIT("LogName") };

	*number = false;
	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++)
		*number |= text_eq(ref->name, numbers[i]);
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (text_eq(ref->name, names[i]))
			return true;
	return *number;
}

static bool
reads_facts_only(const struct pred *p)
{
	bool number;

	switch (p->kind) {
	case PRED_TRUE:
	case PRED_FALSE:
	case PRED_TIME:
		return true;
	case PRED_AND:
	case PRED_OR:
	case PRED_NOT:
		for (uint32_t i = 0; i < p->n_kids; i++)
			if (!reads_facts_only(p->kids[i]))
				return false;
		return true;
	case PRED_EQ:
	case PRED_NE:
		return name_of_facts(&p->name, &number) && (number || !p->pattern.cased);
	case PRED_LT:
	case PRED_LE:
	case PRED_GT:
	case PRED_GE:
		return name_of_facts(&p->name, &number) && number;
	case PRED_WORD:
	case PRED_MODEL:
		return false;
	}
	return false;
}

bool
scan_facts(void *self, const struct pred *pred, struct span span, enum order order, event_fn *fn,
	   void *ctx, bool *told, struct err *err)
{
	struct scan s = {
		.cf = self, .pred = pred, .fn = fn, .ctx = ctx, .err = err, .bare = true
	};
	bool none, good;

	*told = !pred || reads_facts_only(pred);
	if (!*told)
		return true;
	scan_open(&s);
	good = sieve_open(&s.sieve, self, pred, span, &s.keep, &none, err);
	/* Rows are read whatever their blocks hold. */
	s.sieve.by_block = false;
	if (good && !none)
		good = run(&s, order);
	scan_close(&s);
	return good;
}

static const char hit_events[] =
    "SELECT " FACTS_COLUMNS " FROM rule r JOIN rule_predicate p ON p.rule = r.id "
    "JOIN hit t ON t.predicate = p.predicate CROSS JOIN event e ON e.id = t.event "
    "WHERE r.rule_id = ?1 AND p.leaf = ?2 AND e.ts >= ?3 AND e.ts <= ?4 ORDER BY t.event";

bool
scan_hits_of(struct casefile *cf, const int64_t *hosts, size_t n_hosts, struct text rule_id,
	     uint32_t leaf, struct span span, enum order order, event_fn *fn, void *ctx,
	     struct err *err)
{
	struct scan s = { .cf = cf, .fn = fn, .ctx = ctx, .err = err, .sieve.span = span };
	struct ask  q;
	bool        good = true;

	scan_open(&s);
	if (n_hosts)
		sieve_hosts(&s.sieve, hosts, n_hosts, &s.keep);
	if (ask(&q, s.cf, hit_events, err)) {
		ask_text(&q, 1, rule_id);
		ask_int(&q, 2, leaf);
		ask_int(&q, 3, span.earliest_ns);
		ask_int(&q, 4, span.latest_ns);
		while (good && !s.stop && ask_row(&q)) {
			struct facts row = facts_get(&q);

			if (!sieve_row(&s.sieve, &row))
				continue;
			if (order != ORDER_ANY)
				list_add(&s, row.time_ns, row.id);
			else
				good = try_event(&s, &row);
		}
	}
	good = ask_end(&q) && good && walk_list(&s, order);
	scan_close(&s);
	return good;
}

bool
scan_hits(void *self, struct text rule_id, uint32_t leaf, struct span span, enum order order,
	  event_fn *fn, void *ctx, struct err *err)
{
	return scan_hits_of(self, NULL, 0, rule_id, leaf, span, order, fn, ctx, err);
}

bool
scan_risk(void *self, struct span span, risk_fn *fn, void *ctx, struct err *err)
{
	struct case_filter filter = CASE_FILTER_ALL;

	filter.span = span;
	return query_risk_rows(self, &filter, fn, ctx, err);
}
