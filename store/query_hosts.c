/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Hosts by risk. */
#include "config.h"

#include <stdlib.h>

#include "base/when.h"
#include "store/gather.h"
#include "store/import_log.h"

static const char hosts_head[] =
    "SELECT h.id, h.name, h.risk_score, h.findings, h.rules, h.techniques, h.tactics, "
    "sum(n.events), min(n.first_ns), max(n.last_ns), h.aliases FROM host h "
    "JOIN host n ON n.machine = h.id WHERE 1";
static const char hosts_group[] = " GROUP BY h.id HAVING (sum(n.events) > 0 OR h.findings > 0)";
static int64_t
time_or_none(struct ask *q, int column)
{
	return ask_get_null(q, column) ? WHEN_NONE : ask_get_int(q, column);
}

static void
host_named(struct question *s, struct casefile *cf, struct text host)
{
	filter_host(s, cf, "h.id", host);
}

/* Channels and kinds of event: hosts that have some that pass. */
static void
host_kinds(struct question *s, const struct conditions *cs)
{
	if (!filter_has(cs, FILTER_OF_EVENTS & ~FILTER_PARTS(FILTER_RECORD_ID) &
				    ~FILTER_PARTS(FILTER_EVIDENCE)))
		return;
	question_add(s, " AND EXISTS (SELECT 1 FROM kind k JOIN host m ON m.id = k.host LEFT JOIN "
			"channel c ON c.id = k.channel LEFT JOIN provider p ON p.id = k.provider "
			"WHERE m.machine = h.id");
	for (size_t i = 0; i < cs->n; i++) {
		const struct condition *c = &cs->of[i];
		const char             *column = c->part == FILTER_CHANNEL    ? "c.name"
						 : c->part == FILTER_PROVIDER ? "p.name"
						 : c->part == FILTER_EVENT_ID ? "k.code"
									      : NULL;

		if (!column)
			continue;
		condition_begin(s, c);
		question_add(s, column);
		question_add(s, " COLLATE NOCASE IN (''");
		for (uint32_t v = 0; v < c->n_values; v++) {
			uint64_t code;

			question_add(s, ", ?");
			if (c->part == FILTER_EVENT_ID)
				question_int(s, text_to_u64(c->values[v], &code) &&
							code <= UINT32_MAX
						    ? (int64_t)code
						    : -1);
			else
				question_text(s, c->values[v]);
		}
		question_add(s, ")");
		condition_end(s, c);
	}
	question_add(s, ")");
}

/* Files: hosts that have some event of them. Besides files that are excluded each may have others. */
static void
host_files(struct question *s, struct casefile *cf, const struct conditions *cs)
{
	struct conditions files = { .n = 0 };

	for (size_t i = 0; i < cs->n; i++)
		if (cs->of[i].part == FILTER_EVIDENCE && !cs->of[i].excludes)
			files.of[files.n++] = cs->of[i];
	if (files.n == 0)
		return;
	question_add(s, " AND h.id IN (SELECT m.machine FROM event e CROSS JOIN host m ON m.id = e.host "
			"WHERE 1");
	filter_events(s, cf, &files, false);
	question_add(s, ")");
}

static void
host_conditions(struct question *s, struct casefile *cf, const struct conditions *cs)
{
	for (size_t i = 0; i < cs->n; i++)
		if (cs->of[i].part == FILTER_HOST)
			condition_any(s, cf, &cs->of[i], host_named);
	host_kinds(s, cs);
	host_files(s, cf, cs);
	question_add(s, hosts_group);
}

static struct host_row
host_get(struct ask *q)
{
	return (struct host_row){
		.id = ask_get_int(q, 0),
		.host = ask_get_text(q, 1),
		.risk_score = ask_get_real(q, 2),
		.findings = (uint32_t)ask_get_int(q, 3),
		.rules = (uint32_t)ask_get_int(q, 4),
		.techniques = ask_get_text(q, 5),
		.tactics = ask_get_text(q, 6),
		.events = (uint64_t)ask_get_int(q, 7),
		.first_ns = time_or_none(q, 8),
		.last_ns = time_or_none(q, 9),
		.aliases = ask_get_text(q, 10),
	};
}

/* What the findings that pass add up to, by host id; then the rows that show it. */
struct host_sums {
	struct arena     keep;
	struct host_row *sums, *rows;
	size_t           n_sums, n_rows, sums_cap, rows_cap;
	int64_t         *marked; /* hosts with bookmarked events, ascending */
	size_t           n_marked, marked_cap;
	bool             since;   /* what came since an import is asked for: */
	int64_t         *fresh;   /* hosts with events that did */
	size_t           n_fresh, fresh_cap;
};

static bool
add_sum(void *ctx, int64_t host, struct text user, struct gathered *g, struct err *err)
{
	struct host_sums *hs = ctx;

	(void)user;
	(void)err;
	arena_grow(&hs->keep, hs->sums, hs->n_sums, &hs->sums_cap);
	hs->sums[hs->n_sums++] = (struct host_row){
		.id = host,
		.risk_score = g->risk_score,
		.findings = g->findings,
		.rules = g->rules,
		.techniques = arena_copy(&hs->keep, gather_techniques(g)),
		.tactics = arena_copy(&hs->keep, gather_tactics(g)),
	};
	return true;
}

static int
by_id(const void *a, const void *b)
{
	const struct host_row *x = a, *y = b;

	return (x->id > y->id) - (x->id < y->id);
}

static int
by_risk(const void *a, const void *b)
{
	const struct host_row *x = a, *y = b;
	int                    order = (x->risk_score < y->risk_score) -
				       (x->risk_score > y->risk_score);

	order = order ? order : text_cmp(x->host, y->host);
	return order ? order : by_id(a, b);
}

static const char marked_hosts[] =
    "SELECT DISTINCT h.machine FROM work v JOIN event e ON e.id = v.event JOIN host h ON "
    "h.id = e.host WHERE v.event IS NOT NULL AND v.bookmark ORDER BY h.machine";

static bool
read_marked(struct casefile *cf, struct host_sums *hs, struct err *err)
{
	struct ask q;

	if (ask(&q, cf, marked_hosts, err))
		while (ask_row(&q)) {
			arena_grow(&hs->keep, hs->marked, hs->n_marked, &hs->marked_cap);
			hs->marked[hs->n_marked++] = ask_get_int(&q, 0);
		}
	return ask_end(&q);
}

/* Batches say which first labels they have events of; where several machines have one, events do. */
static const char new_hosts[] =
    "SELECT h.id FROM host h WHERE h.machine = h.id AND h.kin IN (SELECT l.kin FROM lot l WHERE "
    "l.first > ?1) AND (NOT EXISTS (SELECT 1 FROM host o WHERE o.kin = h.kin AND o.machine <> h.id) "
    "OR h.id IN (SELECT m.machine FROM event e CROSS JOIN host m ON m.id = e.host WHERE e.id > ?1)) "
    "ORDER BY h.id";

/* *AFTER: the last event of before the import that is asked for. */
static bool
asks_since(struct casefile *cf, const struct conditions *cs, int64_t *after)
{
	bool asks = false;

	*after = 0;
	for (size_t i = 0; i < cs->n; i++)
		if (cs->of[i].part == FILTER_SINCE && !cs->of[i].excludes) {
			int64_t event = import_log_mark(cf, (int64_t)cs->of[i].number).event;

			*after = event > *after ? event : *after;
			asks = true;
		}
	return asks;
}

/* Hosts with events that came since. */
static bool
read_new(struct casefile *cf, const struct conditions *cs, struct host_sums *hs, struct err *err)
{
	struct ask q;
	int64_t    after;

	hs->since = asks_since(cf, cs, &after);
	if (!hs->since)
		return true;
	if (ask(&q, cf, new_hosts, err)) {
		ask_int(&q, 1, after);
		while (ask_row(&q)) {
			arena_grow(&hs->keep, hs->fresh, hs->n_fresh, &hs->fresh_cap);
			hs->fresh[hs->n_fresh++] = ask_get_int(&q, 0);
		}
	}
	return ask_end(&q);
}

static bool
is_among(const int64_t *hosts, size_t n, int64_t host)
{
	for (size_t i = 0; i < n; i++)
		if (hosts[i] == host)
			return true;
	return false;
}

/* A host is in a time when some of its events may be, and is taken out by one that has them all. */
static bool
in_times(const struct conditions *cs, const struct host_row *row)
{
	for (size_t i = 0; i < cs->n; i++) {
		const struct condition *c = &cs->of[i];
		int64_t earliest = c->span.earliest_ns, latest = c->span.latest_ns;
		bool    some, all;

		if (c->part != FILTER_TIME)
			continue;
		latest = latest == WHEN_MAX ? WHEN_MAX : latest - 1;
		some = row->last_ns != WHEN_NONE && row->last_ns >= earliest && row->first_ns <= latest;
		all = some && row->first_ns >= earliest && row->last_ns <= latest;
		if (c->excludes ? all : !some)
			return false;
	}
	return true;
}

/* A host is risked by findings that events of others made, or by hand: one that has findings in the
 * time that is asked for is there whenever its own events are. */
static bool
is_there(const struct conditions *cs, const struct host_row *row)
{
	return !filter_has(cs, FILTER_PARTS(FILTER_TIME)) || (row->events && in_times(cs, row));
}

/* What asks for findings leaves hosts that have such; where findings are only excluded, those that
 * never had any stay. A bookmark may be on an event that no finding is about. */
static void
add_row(struct host_sums *hs, const struct conditions *cs, struct host_row row)
{
	static const struct host_row none = { .techniques = { "", 0 }, .tactics = { "", 0 } };
	const unsigned         asks = FILTER_OF_FINDINGS & ~FILTER_PARTS(FILTER_RISK);
	const unsigned         parts = asks | FILTER_PARTS(FILTER_USER);
	const struct host_row *sum =
	    hs->n_sums ? bsearch(&row, hs->sums, hs->n_sums, sizeof(row), by_id) : NULL;

	if (!sum && filter_has(cs, parts) && (filter_includes(cs, parts) || row.findings))
		return;
	if (!sum && filter_asks_bookmark(cs) && !is_among(hs->marked, hs->n_marked, row.id))
		return;
	if (!sum && hs->since && !is_among(hs->fresh, hs->n_fresh, row.id))
		return;
	if (!sum && !is_there(cs, &row))
		return;
	sum = sum ? sum : &none;
	row.risk_score = sum->risk_score;
	row.findings = sum->findings;
	row.rules = sum->rules;
	row.techniques = sum->techniques;
	row.tactics = sum->tactics;
	row.host = arena_copy(&hs->keep, row.host);
	row.aliases = arena_copy(&hs->keep, row.aliases);
	arena_grow(&hs->keep, hs->rows, hs->n_rows, &hs->rows_cap);
	hs->rows[hs->n_rows++] = row;
}

/* Numbers made anew, of the findings that pass. */
static bool
hosts_of_some(struct casefile *cf, const struct conditions *cs, host_fn *fn, void *ctx,
	      struct err *err)
{
	struct host_sums hs = { .keep = arena_open((size_t)1 << 30) };
	struct question  s = { .n = 0 };
	struct ask       q;
	bool             good = gather_hosts(cf, cs, add_sum, &hs, err) &&
		    (!filter_asks_bookmark(cs) || read_marked(cf, &hs, err)) &&
		    read_new(cf, cs, &hs, err);

	question_add(&s, hosts_head);
	host_conditions(&s, cf, cs);
	if (good) {
		if (question_ask(&q, cf, &s, err))
			while (ask_row(&q))
				add_row(&hs, cs, host_get(&q));
		good = ask_end(&q);
	}
	if (good && hs.n_rows)
		qsort(hs.rows, hs.n_rows, sizeof(*hs.rows), by_risk);
	for (size_t i = 0; good && i < hs.n_rows; i++)
		if (gather_has_risk(cs, hs.rows[i].risk_score) && !fn(ctx, &hs.rows[i]))
			break;
	arena_close(&hs.keep);
	return good;
}

bool
query_hosts(struct casefile *cf, const struct case_filter *f, host_fn *fn, void *ctx,
	    struct err *err)
{
	struct question   s = { .n = 0 };
	struct conditions cs;
	struct ask        q;

	filter_conditions(f, FILTER_ANY, &cs);
	if (filter_has(&cs, GATHER_OF_HOSTS))
		return hosts_of_some(cf, &cs, fn, ctx, err);
	question_add(&s, hosts_head);
	host_conditions(&s, cf, &cs);
	question_add(&s, " ORDER BY h.risk_score DESC, h.name, h.id");
	if (question_ask(&q, cf, &s, err))
		while (ask_row(&q)) {
			struct host_row row = host_get(&q);

			if (gather_has_risk(&cs, row.risk_score) && !fn(ctx, &row))
				break;
		}
	return ask_end(&q);
}

static const char worst_of_host[] =
    "SELECT f.rule, r.score FROM risk_event r JOIN finding_whole f ON f.id = r.finding "
    "LEFT JOIN work w ON w.id = f.id WHERE r.host_ref = ?";

struct text
query_worst_finding(struct casefile *cf, const struct case_filter *f, int64_t host,
		    struct arena *keep, double *score)
{
	struct question   s = { .n = 0 };
	struct text       rule = TEXT_NONE;
	struct conditions cs;
	struct ask        q;

	*score = 0;
	filter_conditions(f, FILTER_ANY, &cs);
	question_add(&s, worst_of_host);
	question_int(&s, host);
	filter_findings(&s, cf, &cs, GATHER_OF_HOSTS);
	for (size_t i = 0; i < cs.n; i++)
		if (cs.of[i].part == FILTER_TIME)
			condition_time(&s, &cs.of[i], "r.ts");
	question_add(&s, " ORDER BY r.score DESC, r.ts DESC, r.id DESC LIMIT 1");
	if (question_ask(&q, cf, &s, NULL) && ask_row(&q)) {
		rule = arena_copy(keep, ask_get_text(&q, 0));
		*score = ask_get_real(&q, 1);
	}
	ask_end(&q);
	return rule;
}
