/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/scan.h"

#include <stdlib.h>

#include "base/when.h"
#include "store/query.h"
#include "store/script.h"
#include "store/sketch.h"

#define SET_MAX   4096            /* hosts or channels kept as a set; more: any */
#define NAMES_MAX 200000          /* more names than this are not looked through */
#define LIST_MAX  1000000         /* candidates kept as a list of events */
#define BLOCK_LIST_MAX (LIST_MAX / BLOCK_EVENTS)

struct candidate {
	int64_t ts, id;
};

struct scan {
	struct casefile   *cf;
	const struct pred *pred;
	struct span        span;
	event_fn          *fn;
	void              *ctx;
	struct err        *err;
	struct arena       keep, scratch;
	struct held        held;
	struct ask         view;
	struct narrowing   narrow;
	bool              *stored;    /* by literal group: only stored values can meet it */
	int64_t            low, high; /* of ts, inclusive; a superset */
	int64_t           *hosts, *channels;
	size_t             n_hosts, n_channels; /* 0: any */
	bool               by_block;  /* only these blocks and script blocks can match */
	int64_t           *blocks, *scripts;
	size_t             n_blocks, n_scripts;
	struct candidate  *list;
	size_t             n_list, list_cap;
	bool               stop;
};

static bool
in_span(struct span span, int64_t ts)
{
	if (span.earliest_ns == WHEN_NONE && span.latest_ns == WHEN_MAX)
		return true;
	return ts != WHEN_NONE && ts >= span.earliest_ns &&
	       (ts < span.latest_ns || span.latest_ns == WHEN_MAX);
}

static bool
has_id(const int64_t *ids, size_t n, int64_t id)
{
	size_t lo = 0, hi = n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (ids[mid] < id)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < n && ids[lo] == id;
}

/* Whether the event's block is one of the candidates. Blocks have at most BLOCK_EVENTS events. */
static bool
in_blocks(const struct scan *s, int64_t id)
{
	size_t lo = 0, hi = s->n_blocks;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (s->blocks[mid] <= id)
			lo = mid + 1;
		else
			hi = mid;
	}
	return (lo > 0 && id - s->blocks[lo - 1] < BLOCK_EVENTS) ||
	       has_id(s->scripts, s->n_scripts, id);
}

static bool
code_wanted(const struct scan *s, uint32_t code)
{
	size_t lo = 0, hi = s->narrow.n_event_ids;

	if (!hi)
		return true;
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (s->narrow.event_ids[mid] < code)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < s->narrow.n_event_ids && s->narrow.event_ids[lo] == code;
}

static bool
facts_wanted(const struct scan *s, const struct facts *row)
{
	return in_span(s->span, row->time_ns) && code_wanted(s, row->event_id) &&
	       (!s->n_hosts || has_id(s->hosts, s->n_hosts, row->host)) &&
	       (!s->n_channels || has_id(s->channels, s->n_channels, row->channel));
}

static bool
group_in(const struct literal_group *group, struct text hay)
{
	for (uint32_t i = 0; i < group->n; i++)
		if (text_ifind(hay, group->any[i]) != TEXT_NOWHERE)
			return true;
	return group->n == 0;
}

/* Whether all groups that only stored values can meet are met in BODY. */
static bool
met_in(const struct scan *s, struct text body)
{
	if (text_absent(body))
		return true; /* cannot be read: whoever reads it will say so */
	for (uint32_t g = 0; g < s->narrow.n_groups; g++)
		if (s->stored[g] && !group_in(&s->narrow.groups[g], body))
			return false;
	return true;
}

/* Looks for the literals in the bytes of the event, which is cheaper than to read its fields. */
static bool
literals_may_be_met(struct scan *s, const struct facts *row)
{
	if (!s->narrow.n_groups || row->flags & EVENT_SCRIPT_WHOLE)
		return true;
	return met_in(s, event_body_raw(s->cf, row->id, &s->held));
}

static const char all_names[] = "SELECT name FROM host UNION ALL SELECT name FROM channel UNION ALL "
				"SELECT name FROM provider UNION ALL SELECT name FROM account "
				"LIMIT ?1";

static bool
all_digits(struct text t)
{
	for (size_t i = 0; i < t.n; i++)
		if (t.p[i] < '0' || t.p[i] > '9')
			return false;
	return true;
}

/* Tells the groups that only stored values can meet from those that a fact of the row may meet: a
 * name, or a number, which is not stored as it is spelled. */
static bool
find_stored(struct scan *s)
{
	struct ask q;
	int64_t    n = 0;

	s->stored = arena_new(&s->keep, bool, s->narrow.n_groups);
	for (uint32_t g = 0; g < s->narrow.n_groups; g++) {
		s->stored[g] = true;
		for (uint32_t i = 0; i < s->narrow.groups[g].n; i++)
			s->stored[g] = s->stored[g] && !all_digits(s->narrow.groups[g].any[i]);
	}
	if (s->narrow.n_groups && ask(&q, s->cf, all_names, s->err)) {
		ask_int(&q, 1, NAMES_MAX);
		for (; ask_row(&q); n++)
			for (uint32_t g = 0; g < s->narrow.n_groups; g++)
				if (s->stored[g] && group_in(&s->narrow.groups[g], ask_get_text(&q, 0)))
					s->stored[g] = false;
		if (!ask_end(&q))
			return false;
	}
	for (uint32_t g = 0; g < s->narrow.n_groups && n == NAMES_MAX; g++)
		s->stored[g] = false;
	return true;
}

/* Reads the event and lets the predicate decide. False: failed. */
static bool
try_event(struct scan *s, const struct facts *row)
{
	struct arena scratch = s->scratch;
	struct event ev;

	if (db_cancelled(s->cf))
		return err_set(s->err, ERR_CANCEL, "stopped");
	if (!literals_may_be_met(s, row))
		return true;
	if (!event_load(s->cf, row, &s->held, &scratch, &ev, s->err) ||
	    !script_apply(s->cf, &ev, &scratch, s->err))
		return false;
	if (s->pred) {
		struct subject subject = event_subject(&ev);

		if (!pred_eval(s->pred, &subject, scratch))
			return true;
	}
	s->stop = !s->fn(s->ctx, &ev);
	return true;
}

static int
by_number(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
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

/* Ids of the hosts that the predicate may mean. False: none, so nothing can match. */
static bool
narrow_hosts(struct scan *s)
{
	size_t n = 0;

	if (!s->narrow.n_hosts)
		return true;
	s->hosts = arena_new(&s->keep, int64_t, SET_MAX);
	for (uint32_t i = 0; i < s->narrow.n_hosts; i++) {
		size_t more = db_hosts_like(s->cf, s->narrow.hosts[i], s->hosts + n, SET_MAX - n);

		if (more > SET_MAX - n) {
			s->n_hosts = 0;
			return true;
		}
		n += more;
	}
	s->n_hosts = n;
	if (n)
		qsort(s->hosts, n, sizeof(*s->hosts), by_number);
	return n > 0;
}

static const char all_channels[] = "SELECT id, name FROM channel";

static bool
narrow_channels(struct scan *s)
{
	struct ask q;
	size_t     n = 0;

	if (!s->narrow.n_channels)
		return true;
	s->channels = arena_new(&s->keep, int64_t, SET_MAX);
	if (ask(&q, s->cf, all_channels, s->err))
		while (n < SET_MAX && ask_row(&q))
			for (uint32_t i = 0; i < s->narrow.n_channels; i++)
				if (text_ieq(ask_get_text(&q, 1), s->narrow.channels[i])) {
					s->channels[n++] = ask_get_int(&q, 0);
					break;
				}
	ask_end(&q);
	if (n == SET_MAX)
		return true;
	s->n_channels = n;
	if (n)
		qsort(s->channels, n, sizeof(*s->channels), by_number);
	return n > 0;
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
		for (size_t i = 0; i < s->n_blocks && !q.failed && !db_cancelled(s->cf); i++) {
			if (!met_in(s, blocks_bodies(s->cf, s->blocks[i], &s->held)))
				continue;
			ask_int(&q, 1, s->blocks[i]);
			while (ask_row(&q)) {
				row = facts_get(&q);
				if (facts_wanted(s, &row) && !(row.flags & EVENT_SCRIPT_WHOLE) &&
				    literals_may_be_met(s, &row))
					list_add(s, row.time_ns, row.id);
			}
			ask_run(&q);
		}
	if (!ask_end(&q))
		return false;
	if (db_cancelled(s->cf))
		return err_set(s->err, ERR_CANCEL, "stopped");
	for (size_t i = 0; i < s->n_scripts; i++)
		if (facts_of(s->cf, s->scripts[i], &row, NULL) && facts_wanted(s, &row))
			list_add(s, row.time_ns, row.id);
	return true;
}

static const char kinds[] = "SELECT host, channel, code, n FROM kind";
static const char by_host_index[] = "SELECT e.ts, e.id FROM event e WHERE e.host = ?1 AND "
				    "e.ts >= ?2 AND e.ts <= ?3 LIMIT ?4";
static const char by_code_index[] = "SELECT e.ts, e.id FROM event e WHERE e.code = ?1 AND "
				    "e.ts >= ?2 AND e.ts <= ?3 LIMIT ?4";

/* How many events have one of the wanted hosts, and how many one of the wanted event ids. */
static bool
estimate(struct scan *s, uint64_t *hosts, uint64_t *codes)
{
	struct ask q;

	*hosts = *codes = 0;
	if (ask(&q, s->cf, kinds, s->err))
		while (ask_row(&q)) {
			uint64_t n = (uint64_t)ask_get_int(&q, 3);

			if (has_id(s->hosts, s->n_hosts, ask_get_int(&q, 0)))
				*hosts += n;
			if (code_wanted(s, (uint32_t)ask_get_int(&q, 2)))
				*codes += n;
		}
	return ask_end(&q);
}

static bool
list_from_index(struct scan *s, const char *sql, int64_t key)
{
	struct ask q;

	if (ask(&q, s->cf, sql, s->err)) {
		ask_int(&q, 1, key);
		ask_int(&q, 2, s->low);
		ask_int(&q, 3, s->high);
		ask_int(&q, 4, LIST_MAX * 2);
		while (ask_row(&q)) {
			int64_t ts = ask_get_int(&q, 0), id = ask_get_int(&q, 1);

			if (!s->by_block || in_blocks(s, id))
				list_add(s, ts, id);
		}
	}
	return ask_end(&q);
}

static bool
has_indexes(struct casefile *cf)
{
	return db_int(cf, "SELECT count(*) FROM sqlite_schema WHERE type = 'index' AND name IN "
			  "('event_by_time', 'event_by_host', 'event_by_code')", 0) == 3;
}

static bool
few_blocks(const struct scan *s)
{
	return s->by_block && s->n_blocks <= BLOCK_LIST_MAX && s->n_scripts <= LIST_MAX;
}

/* Makes the list of candidates when it can be short. *LISTED: it was made. */
static bool
make_list(struct scan *s, bool *listed)
{
	uint64_t hosts, codes;

	*listed = few_blocks(s);
	if (*listed)
		return list_from_blocks(s);
	if ((!s->n_hosts && !s->narrow.n_event_ids) || !has_indexes(s->cf))
		return true;
	if (!estimate(s, &hosts, &codes))
		return false;
	if (s->n_hosts && hosts <= LIST_MAX && (hosts <= codes || !s->narrow.n_event_ids)) {
		*listed = true;
		for (size_t i = 0; i < s->n_hosts; i++)
			if (!list_from_index(s, by_host_index, s->hosts[i]))
				return false;
	} else if (s->narrow.n_event_ids && codes <= LIST_MAX) {
		*listed = true;
		for (uint32_t i = 0; i < s->narrow.n_event_ids; i++)
			if (!list_from_index(s, by_code_index, s->narrow.event_ids[i]))
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
		if (facts_wanted(s, &row) && !try_event(s, &row))
			return false;
	}
	return true;
}

/* Candidate blocks one after the other; events that stand for a script block come at the end. */
static bool
walk_blocks(struct scan *s)
{
	struct ask   q;
	struct facts row;
	bool         good = true;

	if (ask(&q, s->cf, rows_of_block, s->err))
		for (size_t i = 0; i < s->n_blocks && good && !s->stop && !q.failed; i++) {
			if (db_cancelled(s->cf)) {
				good = err_set(s->err, ERR_CANCEL, "stopped");
				break;
			}
			if (s->narrow.n_groups &&
			    !met_in(s, blocks_bodies(s->cf, s->blocks[i], &s->held)))
				continue;
			ask_int(&q, 1, s->blocks[i]);
			while (good && !s->stop && ask_row(&q)) {
				row = facts_get(&q);
				if (facts_wanted(s, &row) && !(row.flags & EVENT_SCRIPT_WHOLE))
					good = try_event(s, &row);
			}
			sqlite3_reset(q.st);
		}
	good = ask_end(&q) && good;
	for (size_t i = 0; i < s->n_scripts && good && !s->stop; i++)
		if (facts_of(s->cf, s->scripts[i], &row, NULL) && facts_wanted(s, &row) &&
		    row.flags & EVENT_SCRIPT_WHOLE && (i == 0 || s->scripts[i] != s->scripts[i - 1]))
			good = try_event(s, &row);
	return good;
}

static const char all_by_id[] = "SELECT " FACTS_COLUMNS " FROM event e NOT INDEXED "
				"WHERE e.ts >= ?1 AND e.ts <= ?2 ORDER BY e.id";
static const char all_by_time[] = "SELECT " FACTS_COLUMNS " FROM event e WHERE e.ts >= ?1 AND "
				  "e.ts <= ?2 ORDER BY e.ts DESC, e.id DESC";

static bool
walk_all(struct scan *s, enum order order)
{
	bool       whole = s->low == WHEN_NONE && s->high == WHEN_MAX;
	struct ask q;
	bool       good = true;

	/* A part of the time is read through the index on time, whatever the order. */
	if (ask(&q, s->cf, order == ORDER_ANY && whole ? all_by_id : all_by_time, s->err)) {
		ask_int(&q, 1, s->low);
		ask_int(&q, 2, s->high);
		while (good && !s->stop && ask_row(&q)) {
			struct facts row = facts_get(&q);

			if (facts_wanted(s, &row) && (!s->by_block || in_blocks(s, row.id)))
				good = try_event(s, &row);
		}
	}
	return ask_end(&q) && good;
}

static void
narrow_time(struct scan *s)
{
	s->low = s->span.earliest_ns;
	s->high = s->span.latest_ns;
	/* Events without time stay in, for the predicate to decide. */
	if (s->low != WHEN_NONE && s->narrow.earliest_ns > s->low)
		s->low = s->narrow.earliest_ns;
	if (s->narrow.latest_ns < s->high)
		s->high = s->narrow.latest_ns;
}

static bool
run(struct scan *s, enum order order)
{
	bool listed = false;

	s->narrow = s->pred ? pred_narrow(s->pred, &s->keep)
			    : (struct narrowing){ .earliest_ns = WHEN_NONE, .latest_ns = WHEN_MAX };
	if (s->narrow.none || !narrow_hosts(s) || !narrow_channels(s))
		return true;
	narrow_time(s);
	if (!find_stored(s))
		return false;
	s->by_block = sketch_useful(s->narrow.groups, s->narrow.n_groups);
	if (s->by_block &&
	    (!sketch_candidates(s->cf, SEGMENT_FIELDS, s->narrow.groups, s->narrow.n_groups,
				&s->keep, &s->blocks, &s->n_blocks, s->err) ||
	     !sketch_candidates(s->cf, SEGMENT_SCRIPTS, s->narrow.groups, s->narrow.n_groups,
				&s->keep, &s->scripts, &s->n_scripts, s->err)))
		return false;
	if (order == ORDER_ANY && few_blocks(s))
		return walk_blocks(s);
	if (!make_list(s, &listed))
		return false;
	if (listed)
		return walk_list(s, order);
	return order == ORDER_ANY && s->by_block ? walk_blocks(s) : walk_all(s, order);
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
scan_events(void *self, const struct pred *pred, struct span span, enum order order,
	    event_fn *fn, void *ctx, struct err *err)
{
	struct scan s = { .cf = self, .pred = pred, .span = span, .fn = fn, .ctx = ctx, .err = err };

	scan_open(&s);
	bool good = run(&s, order);

	scan_close(&s);
	return good;
}

static const char hit_events[] =
    "SELECT t.ts, t.event FROM hit t JOIN rule r ON r.id = t.rule "
    "WHERE r.rule_id = ?1 AND t.leaf = ?2 AND t.ts >= ?3 AND t.ts <= ?4 "
    "ORDER BY t.ts DESC, t.event DESC";

bool
scan_hits(void *self, struct text rule_id, uint32_t leaf, struct span span, enum order order,
	  event_fn *fn, void *ctx, struct err *err)
{
	struct scan s = { .cf = self, .span = span, .fn = fn, .ctx = ctx, .err = err };
	struct ask  q;

	scan_open(&s);
	if (ask(&q, s.cf, hit_events, err)) {
		ask_text(&q, 1, rule_id);
		ask_int(&q, 2, leaf);
		ask_int(&q, 3, span.earliest_ns);
		ask_int(&q, 4, span.latest_ns);
		while (ask_row(&q))
			list_add(&s, ask_get_int(&q, 0), ask_get_int(&q, 1));
	}
	bool good = ask_end(&q) && walk_list(&s, order);

	scan_close(&s);
	return good;
}

bool
scan_risk(void *self, struct span span, risk_fn *fn, void *ctx, struct err *err)
{
	struct case_filter filter = CASE_FILTER_ALL;

	filter.span = span;
	return query_risk_events(self, &filter, fn, ctx, err);
}
