/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lists of events, by time and key. */
#include "config.h"

#include <stdlib.h>

#include "base/when.h"
#include "store/basis.h"
#include "store/blocks.h"
#include "store/filter.h"
#include "store/id_range.h"
#include "store/machine.h"

#define CURSORS_MAX 16 /* hosts of one first label that are merged by time */

/* The row; how many hits it has; whether sum_work has anything to say of it. */
#define ROW_COLUMNS                                                                                \
	FACTS_COLUMNS ", (SELECT count(*) FROM hit t JOIN rule_predicate p "                       \
		      "ON p.predicate = t.predicate WHERE t.event = e.id), "                       \
		      "EXISTS(SELECT 1 FROM finding_event x WHERE x.event = e.id) "                \
		      "OR EXISTS(SELECT 1 FROM work w WHERE w.event = e.id)"
#define HITS_COLUMN 12
#define WORK_COLUMN 13
static const char sum_work[] =
    "SELECT max(f.risk_score), group_concat(f.techniques, ' '), count(*), "
    "(SELECT w.bookmark FROM work w WHERE w.event = ?1), "
    "(SELECT w.note FROM work w WHERE w.event = ?1) FROM finding_event x "
    "JOIN finding_whole f ON " BASIS_OF("x", "f.id") " WHERE x.event = ?1";

static struct text
each_once(struct text list, struct arena *keep)
{
	char  *out = arena_new(keep, char, list.n + 1);
	size_t n = 0;

	while (!text_absent(list)) {
		struct text item = text_cut(&list, ' ');
		struct text seen = { out, n };
		bool        again = item.n == 0;

		while (!again && !text_absent(seen))
			again = text_eq(text_cut(&seen, ' '), item);
		if (again)
			continue;
		if (n)
			out[n++] = ' ';
		memcpy(out + n, item.p, item.n);
		n += item.n;
	}
	return (struct text){ out, n };
}

struct listed {
	struct facts facts;
	uint32_t     n_hits;
	bool         worked_on;
};

static struct listed
listed_get(struct ask *q)
{
	return (struct listed){ .facts = facts_get(q),
				.n_hits = (uint32_t)ask_get_int(q, HITS_COLUMN),
				.worked_on = ask_get_int(q, WORK_COLUMN) != 0 };
}

static void
add_work(struct casefile *cf, struct event_row *row, struct arena *keep)
{
	struct ask q;

	if (ask(&q, cf, sum_work, NULL)) {
		ask_int(&q, 1, row->id);
		if (ask_row(&q)) {
			row->risk_score = ask_get_real(&q, 0);
			row->techniques = each_once(ask_get_text(&q, 1), keep);
			row->n_findings = (uint32_t)ask_get_int(&q, 2);
			row->bookmark = ask_get_int(&q, 3) != 0;
			row->note = arena_copy(keep, ask_get_text(&q, 4));
		}
	}
	ask_end(&q);
}

static struct event_row
row_of(struct casefile *cf, const struct listed *l, struct arena *keep)
{
	const struct facts *facts = &l->facts;
	struct event_row    row = {
		   .id = facts->id,
		   .time_ns = facts->time_ns,
		   .host = db_name(cf, NAME_HOST, facts->host),
		   .channel = db_name(cf, NAME_CHANNEL, facts->channel),
		   .provider = db_name(cf, NAME_PROVIDER, facts->provider),
		   .user = db_name(cf, NAME_ACCOUNT, facts->account),
		   .event_id = facts->event_id,
		   .flags = facts->flags & 0xffff,
		   .has_record_id = (facts->flags & ROW_HAS_RECORD) != 0,
		   .n_hits = l->n_hits,
		   .techniques = TEXT(""),
	};

	if (row.has_record_id)
		row.record_id = facts->record;
	if (l->worked_on)
		add_work(cf, &row, keep);
	return row;
}

struct cursor {
	struct question question;
	struct ask      q;
	struct listed   row;
	bool            more;
};

static void
cursor_next(struct cursor *c)
{
	c->more = ask_row(&c->q);
	if (c->more)
		c->row = listed_get(&c->q);
}

/* A part of a walk that is in the order of time: strictly beyond FROM, up to TO_NS. */
struct leg {
	struct event_key from;
	int64_t          to_ns;
	bool             forward;
};

/* HOST: 0 any, else its id. */
static bool
cursor_open(struct cursor *c, struct casefile *cf, const struct conditions *cs,
	    const struct id_range *files, int64_t host, const struct leg *leg, uint32_t limit,
	    struct err *err)
{
	struct question *s = &c->question;

	question_add(s, "SELECT " ROW_COLUMNS " FROM event e");
	if (files->few) {
		question_add(s, " NOT INDEXED WHERE e.id BETWEEN ? AND ? AND ");
		question_int(s, files->first);
		question_int(s, files->last);
	} else {
		question_add(s, " WHERE ");
	}
	question_add(s, leg->forward ? "e.ts >= ? AND e.ts <= ? AND (e.ts > ? OR e.id > ?)"
				     : "e.ts <= ? AND e.ts >= ? AND (e.ts < ? OR e.id < ?)");
	question_int(s, leg->from.time_ns);
	question_int(s, leg->to_ns);
	question_int(s, leg->from.time_ns);
	question_int(s, leg->from.id);
	if (host) {
		question_add(s, " AND e.host = ?");
		question_int(s, host);
	}
	filter_events(s, cf, cs, host != 0);
	question_add(s, leg->forward ? " ORDER BY e.ts, e.id LIMIT ?"
				     : " ORDER BY e.ts DESC, e.id DESC LIMIT ?");
	question_int(s, limit);
	bool good = question_ask(&c->q, cf, s, err);

	cursor_next(c);
	return good;
}

static bool
comes_before(const struct facts *a, const struct facts *b, bool forward)
{
	if (a->time_ns != b->time_ns)
		return (a->time_ns < b->time_ns) == forward;
	return (a->id < b->id) == forward;
}

/* *LIMIT: how many more rows may come; 0 once FN wants none. */
static void
merge(struct casefile *cf, struct cursor *c, size_t n, bool forward, uint32_t *limit,
      event_row_fn *fn, void *ctx, struct arena scratch)
{
	for (; *limit; --*limit) {
		struct cursor *next = NULL;
		struct arena   row_scratch = scratch;

		for (size_t i = 0; i < n; i++)
			if (c[i].more && (!next || comes_before(&c[i].row.facts, &next->row.facts, forward)))
				next = &c[i];
		if (!next)
			return;
		struct event_row row = row_of(cf, &next->row, &row_scratch);

		if (!fn(ctx, &row)) {
			*limit = 0;
			return;
		}
		cursor_next(next);
	}
}

/* The hosts of the first condition that names some; taken off the rest when they are few enough
 * to be merged. 0: all by time. *NONE: no host has such a name. */
static size_t
leading_hosts(struct casefile *cf, struct conditions *cs, int64_t *hosts, bool *none)
{
	size_t n = 0, at = 0;

	while (at < cs->n && (cs->of[at].part != FILTER_HOST || cs->of[at].excludes))
		at++;
	if (at == cs->n)
		return 0;
	for (uint32_t i = 0; i < cs->of[at].n_values; i++) {
		int64_t one[CURSORS_MAX];
		size_t  k = machine_hosts(cf, cs->of[at].values[i], one, CURSORS_MAX);

		if (n + k > CURSORS_MAX)
			return 0;
		for (size_t j = 0; j < k; j++) {
			size_t seen = 0;

			while (seen < n && hosts[seen] != one[j])
				seen++;
			if (seen == n)
				hosts[n++] = one[j];
		}
	}
	*none = n == 0;
	memmove(&cs->of[at], &cs->of[at + 1], (cs->n - at - 1) * sizeof(cs->of[0]));
	cs->n--;
	return n;
}

struct event_key
event_key_before(enum event_walk walk)
{
	switch (walk) {
	case OLDEST_ONWARD:
	case OLDEST_BACK:
		return (struct event_key){ WHEN_NONE + 1, INT64_MIN };
	case NEWEST_ONWARD:
	case NEWEST_BACK:
		break;
	}
	return (struct event_key){ WHEN_MAX, INT64_MAX };
}

struct event_key
event_key_behind(enum event_walk walk)
{
	switch (walk) {
	case OLDEST_ONWARD:
	case OLDEST_BACK:
		return (struct event_key){ WHEN_NONE, INT64_MAX };
	case NEWEST_ONWARD:
	case NEWEST_BACK:
		break;
	}
	return (struct event_key){ WHEN_NONE, INT64_MIN };
}

/* The order of time has events without one first: where they are last, they are a leg of their own. */
static size_t
legs_of(struct event_key from, enum event_walk walk, struct leg legs[2])
{
	bool   timed = from.time_ns != WHEN_NONE;
	size_t n = 0;

	switch (walk) {
	case OLDEST_ONWARD:
		if (timed)
			legs[n++] = (struct leg){ from, WHEN_MAX, true };
		legs[n++] = (struct leg){ timed ? (struct event_key){ WHEN_NONE, INT64_MIN } : from,
					  WHEN_NONE, true };
		break;
	case OLDEST_BACK:
		if (!timed)
			legs[n++] = (struct leg){ from, WHEN_NONE, false };
		legs[n++] = (struct leg){ timed ? from : (struct event_key){ WHEN_MAX, INT64_MAX },
					  WHEN_NONE + 1, false };
		break;
	case NEWEST_ONWARD:
		legs[n++] = (struct leg){ from, WHEN_NONE, false };
		break;
	case NEWEST_BACK:
		legs[n++] = (struct leg){ from, WHEN_MAX, true };
		break;
	}
	return n;
}

bool
query_events(struct casefile *cf, const struct case_filter *f, struct event_key from,
	     enum event_walk walk, uint32_t limit, event_row_fn *fn, void *ctx, struct err *err)
{
	struct arena      scratch = arena_open((size_t)64 << 20);
	int64_t           hosts[CURSORS_MAX] = { 0 };
	struct conditions cs;
	size_t            n, n_legs;
	bool              good, none = false;
	struct id_range   files;
	struct cursor    *cursors;
	struct leg        legs[2];

	filter_conditions(f, FILTER_ANY, &cs);
	good = id_range_of(cf, &cs, &files, err);
	n = leading_hosts(cf, &cs, hosts, &none);
	n = n || none ? n : 1;
	cursors = arena_new(&scratch, struct cursor, n);
	n_legs = legs_of(from, walk, legs);
	for (size_t k = 0; k < n_legs && good && limit; k++) {
		size_t opened = 0;

		memset(cursors, 0, n * sizeof(*cursors));
		for (; good && opened < n; opened++)
			good = cursor_open(&cursors[opened], cf, &cs, &files, hosts[opened], &legs[k],
					   limit, err);
		if (good)
			merge(cf, cursors, n, legs[k].forward, &limit, fn, ctx, scratch);
		for (size_t i = 0; i < opened; i++)
			good = ask_end(&cursors[i].q) && good;
	}
	arena_close(&scratch);
	return good;
}

static const char one_listed[] = "SELECT " ROW_COLUMNS " FROM event e WHERE e.id = ?1";

static bool
list_one(struct casefile *cf, int64_t id, struct listed *out, struct err *err)
{
	struct ask q;

	if (!ask_event(&q, cf, one_listed, id, err))
		return false;
	*out = listed_get(&q);
	return ask_end(&q);
}

bool
query_event_rows(struct casefile *cf, const int64_t *ids, size_t n, event_row_fn *fn, void *ctx,
		 struct err *err)
{
	struct arena scratch = arena_open((size_t)64 << 20);
	bool         good = true, more = true;

	for (size_t i = 0; i < n && good && more; i++) {
		struct arena  row_scratch = scratch;
		struct listed listed;

		good = list_one(cf, ids[i], &listed, err);
		if (good) {
			struct event_row row = row_of(cf, &listed, &row_scratch);

			more = fn(ctx, &row);
		}
	}
	arena_close(&scratch);
	return good;
}

bool
query_noted_events(struct casefile *cf, const struct case_filter *f, event_row_fn *fn, void *ctx,
		   struct err *err)
{
	struct arena      scratch = arena_open((size_t)64 << 20);
	struct question   s = { .n = 0 };
	struct conditions cs;
	struct ask        q;

	filter_conditions(f, FILTER_ANY, &cs);
	question_add(&s, "SELECT " ROW_COLUMNS " FROM work v INDEXED BY work_by_event CROSS JOIN event e "
			 "ON e.id = v.event WHERE v.event IS NOT NULL AND (v.note IS NOT NULL OR v.bookmark)");
	filter_events(&s, cf, &cs, true);
	question_add(&s, " ORDER BY e.ts, e.id");
	if (question_ask(&q, cf, &s, err))
		while (ask_row(&q)) {
			struct arena     row_scratch = scratch;
			struct listed    listed = listed_get(&q);
			struct event_row row = row_of(cf, &listed, &row_scratch);

			if (!fn(ctx, &row))
				break;
		}
	arena_close(&scratch);
	return ask_end(&q);
}

struct event_sieve {
	struct ask      q;
	struct question question;
};

struct event_sieve *
event_sieve_open(struct casefile *cf, const struct case_filter *f, struct err *err)
{
	struct conditions   cs;
	struct event_sieve *sieve;

	filter_conditions(f, FILTER_OF_FINDINGS | FILTER_PARTS(FILTER_BOOKMARK) |
				 FILTER_PARTS(FILTER_HOST) | FILTER_PARTS(FILTER_USER) |
				 FILTER_PARTS(FILTER_EVIDENCE) | FILTER_PARTS(FILTER_SINCE), &cs);
	if (!cs.n)
		return NULL;
	sieve = calloc(1, sizeof(*sieve));
	if (!sieve)
		arena_exhausted(sizeof(*sieve));
	question_add(&sieve->question, "SELECT EXISTS (SELECT 1 FROM event e WHERE e.id = ?");
	question_int(&sieve->question, 0);
	filter_events(&sieve->question, cf, &cs, true);
	question_add(&sieve->question, ")");
	if (question_ask(&sieve->q, cf, &sieve->question, err))
		return sieve;
	event_sieve_close(sieve);
	return NULL;
}

bool
event_sieve_passes(struct event_sieve *sieve, int64_t id)
{
	bool passes;

	ask_int(&sieve->q, 1, id);
	passes = ask_row(&sieve->q) && ask_get_int(&sieve->q, 0);
	ask_run(&sieve->q);
	return passes;
}

void
event_sieve_close(struct event_sieve *sieve)
{
	if (!sieve)
		return;
	ask_end(&sieve->q);
	free(sieve);
}
