/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/when.h"
#include "store/blocks.h"
#include "store/filter.h"
#include "store/machine.h"

#define CURSORS_MAX 16 /* hosts of one first label that are merged by time */

static const char count_hits[] = "SELECT count(*) FROM hit WHERE event = ?1";
static const char sum_findings[] =
    "SELECT max(f.risk_score), group_concat(f.techniques, ' ') FROM finding_event x "
    "JOIN finding f ON f.id = x.finding WHERE x.event = ?1";

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

static struct event_row
row_of(struct casefile *cf, const struct facts *facts, struct arena *keep)
{
	struct event_row row = {
		.id = facts->id,
		.time_ns = facts->time_ns,
		.host = db_name(cf, NAME_HOST, facts->host),
		.channel = db_name(cf, NAME_CHANNEL, facts->channel),
		.provider = db_name(cf, NAME_PROVIDER, facts->provider),
		.user = db_name(cf, NAME_ACCOUNT, facts->account),
		.event_id = facts->event_id,
		.flags = facts->flags & 0xffff,
		.has_record_id = (facts->flags & ROW_HAS_RECORD) != 0,
		.techniques = TEXT(""),
	};
	struct ask q;

	if (row.has_record_id)
		row.record_id = facts->record;
	if (ask(&q, cf, count_hits, NULL)) {
		ask_int(&q, 1, facts->id);
		if (ask_row(&q))
			row.n_hits = (uint32_t)ask_get_int(&q, 0);
	}
	ask_end(&q);
	if (ask(&q, cf, sum_findings, NULL)) {
		ask_int(&q, 1, facts->id);
		if (ask_row(&q)) {
			row.risk_score = ask_get_real(&q, 0);
			row.techniques = each_once(ask_get_text(&q, 1), keep);
		}
	}
	ask_end(&q);
	return row;
}

/* What F says of events beyond the host. HOST: an index on hosts leads, so no other shall. */
static void
event_conditions(struct question *s, struct casefile *cf, const struct case_filter *f, bool host)
{
	struct case_filter of_findings = *f;

	if (f->event_id) {
		question_add(s, host ? " AND +e.code = ?" : " AND e.code = ?");
		question_int(s, f->event_id);
	}
	if (!text_absent(f->channel)) {
		question_add(s, " AND e.channel = (SELECT id FROM channel WHERE name = ?)");
		question_text(s, f->channel);
	}
	if (!text_absent(f->user)) {
		question_add(s, " AND +e.account IN (SELECT id FROM account WHERE name = ? "
				"COLLATE NOCASE OR name COLLATE NOCASE IN (SELECT un.name FROM "
				"user_name un WHERE un.user = ? COLLATE NOCASE)) AND (NOT EXISTS "
				"(SELECT 1 FROM user_name un WHERE un.user = lower(?) AND "
				"un.host_ref <> 0) OR +e.host IN (SELECT id FROM host WHERE machine "
				"IN (SELECT un.host_ref FROM user_name un WHERE un.user = lower(?))))");
		for (int i = 0; i < 4; i++)
			question_text(s, f->user);
	}
	if (!text_absent(f->rule)) {
		question_add(s,
			     " AND e.id IN (SELECT t.event FROM hit t JOIN rule r ON r.id = t.rule "
			     "WHERE r.rule_id = ? COLLATE NOCASE OR r.rule_id IN (SELECT rule_id "
			     "FROM rule_ledger WHERE rule = ? COLLATE NOCASE))");
		question_text(s, f->rule);
		question_text(s, f->rule);
	}
	of_findings.host = of_findings.user = of_findings.rule = TEXT_NONE;
	of_findings.span = CASE_FILTER_ALL.span;
	if (!filter_needs_findings(&of_findings))
		return;
	question_add(s, " AND e.id IN (SELECT x.event FROM finding_event x JOIN finding f ON "
			"f.id = x.finding LEFT JOIN work w ON w.id = f.id WHERE 1");
	filter_findings(s, cf, &of_findings);
	question_add(s, ")");
}

struct cursor {
	struct question question;
	struct ask      q;
	struct facts    row;
	bool            more;
};

static void
cursor_next(struct cursor *c)
{
	c->more = ask_row(&c->q);
	if (c->more)
		c->row = facts_get(&c->q);
}

/* HOST: 0 any, else its id. */
static bool
cursor_open(struct cursor *c, struct casefile *cf, const struct case_filter *f, int64_t host,
	    struct event_key from, bool forward, uint32_t limit, struct err *err)
{
	struct question *s = &c->question;

	s->n = s->n_values = 0;
	question_add(s, "SELECT " FACTS_COLUMNS " FROM event e WHERE ");
	question_add(s, forward ? "e.ts >= ? AND (e.ts > ? OR e.id > ?)"
				: "e.ts <= ? AND (e.ts < ? OR e.id < ?)");
	question_int(s, from.time_ns);
	question_int(s, from.time_ns);
	question_int(s, from.id);
	if (filter_has_span(f)) {
		question_add(s, " AND e.ts >= ? AND e.ts <= ? AND e.ts <> ?");
		question_int(s, f->span.earliest_ns);
		question_int(s, f->span.latest_ns == WHEN_MAX ? WHEN_MAX : f->span.latest_ns - 1);
		question_int(s, WHEN_NONE);
	}
	if (host) {
		question_add(s, " AND e.host = ?");
		question_int(s, host);
	}
	event_conditions(s, cf, f, host != 0);
	question_add(s, forward ? " ORDER BY e.ts, e.id LIMIT ?"
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

static bool
merge(struct casefile *cf, struct cursor *c, size_t n, bool forward, uint32_t limit,
      event_row_fn *fn, void *ctx, struct arena scratch)
{
	for (uint32_t given = 0; given < limit; given++) {
		struct cursor *next = NULL;
		struct arena   row_scratch = scratch;

		for (size_t i = 0; i < n; i++)
			if (c[i].more && (!next || comes_before(&c[i].row, &next->row, forward)))
				next = &c[i];
		if (!next)
			return true;
		struct event_row row = row_of(cf, &next->row, &row_scratch);

		if (!fn(ctx, &row))
			return true;
		cursor_next(next);
	}
	return true;
}

bool
query_events(struct casefile *cf, const struct case_filter *f, struct event_key from, bool forward,
	     uint32_t limit, event_row_fn *fn, void *ctx, struct err *err)
{
	struct arena   scratch = arena_open((size_t)64 << 20);
	int64_t        hosts[CURSORS_MAX] = { 0 };
	size_t         n = 1, opened = 0;
	bool           good = true;
	struct cursor *cursors;

	if (!text_absent(f->host)) {
		n = machine_hosts(cf, f->host, hosts, CURSORS_MAX);
		if (n > CURSORS_MAX)
			n = CURSORS_MAX;
	}
	cursors = arena_new(&scratch, struct cursor, n);
	for (; good && opened < n; opened++)
		good = cursor_open(&cursors[opened], cf, f, hosts[opened], from, forward, limit,
				   err);
	if (good)
		good = merge(cf, cursors, n, forward, limit, fn, ctx, scratch);
	for (size_t i = 0; i < opened; i++)
		good = ask_end(&cursors[i].q) && good;
	arena_close(&scratch);
	return good;
}

bool
query_event_rows(struct casefile *cf, const int64_t *ids, size_t n, event_row_fn *fn, void *ctx,
		 struct err *err)
{
	struct arena scratch = arena_open((size_t)64 << 20);
	bool         good = true, more = true;

	for (size_t i = 0; i < n && good && more; i++) {
		struct arena row_scratch = scratch;
		struct facts facts;

		good = facts_of(cf, ids[i], &facts, err);
		if (good) {
			struct event_row row = row_of(cf, &facts, &row_scratch);

			more = fn(ctx, &row);
		}
	}
	arena_close(&scratch);
	return good;
}

static bool
count_by(struct casefile *cf, const struct question *s, uint64_t *n, struct err *err)
{
	struct ask q;

	if (question_ask(&q, cf, s, err) && ask_row(&q))
		*n = (uint64_t)ask_get_int(&q, 0);
	return ask_end(&q);
}

/* Hours are exact only when the range begins and ends with one. */
static bool
whole_hours(struct span span)
{
	return (span.earliest_ns == WHEN_NONE || span.earliest_ns % WHEN_HOUR == 0) &&
	       (span.latest_ns == WHEN_MAX || span.latest_ns % WHEN_HOUR == 0);
}

bool
query_count_events(struct casefile *cf, const struct case_filter *f, uint64_t *n, bool *exact,
		   struct err *err)
{
	struct question    by_kind = { .n = 0 }, by_hour = { .n = 0 }, by_row = { .n = 0 };
	struct case_filter rest = *f;
	uint64_t           in_hours = 0;

	*n = 0;
	*exact = true;
	rest.user = TEXT_NONE;
	if (filter_needs_findings(&rest)) {
		question_add(&by_row, "SELECT count(*) FROM event e WHERE 1");
		if (!text_absent(f->host)) {
			question_add(&by_row, " AND ");
			filter_host(&by_row, cf, "+e.host", f->host);
		}
		if (filter_has_span(f)) {
			question_add(&by_row, " AND +e.ts >= ? AND +e.ts <= ?");
			question_int(&by_row, f->span.earliest_ns);
			question_int(&by_row, f->span.latest_ns - 1);
		}
		event_conditions(&by_row, cf, f, true);
		return count_by(cf, &by_row, n, err);
	}
	question_add(&by_kind,
		     "SELECT sum(n) FROM kind WHERE (? = 0 OR code = ?) AND (? IS NULL OR "
		     "channel = (SELECT id FROM channel WHERE name = ?))");
	question_int(&by_kind, f->event_id);
	question_int(&by_kind, f->event_id);
	question_text(&by_kind, f->channel);
	question_text(&by_kind, f->channel);
	if (!text_absent(f->host)) {
		question_add(&by_kind, " AND ");
		filter_host(&by_kind, cf, "host", f->host);
	}
	if (!count_by(cf, &by_kind, n, err))
		return false;
	*exact = text_absent(f->user) && !filter_has_span(f);
	if (!filter_has_span(f))
		return true;
	question_add(&by_hour, "SELECT sum(n) FROM activity WHERE hour >= ? AND hour <= ?");
	question_int(&by_hour, f->span.earliest_ns / WHEN_HOUR -
				   (f->span.earliest_ns % WHEN_HOUR < 0));
	question_int(&by_hour, f->span.latest_ns == WHEN_MAX
				   ? WHEN_MAX / WHEN_HOUR
				   : (f->span.latest_ns - 1) / WHEN_HOUR -
					 ((f->span.latest_ns - 1) % WHEN_HOUR < 0));
	if (!text_absent(f->host)) {
		question_add(&by_hour, " AND ");
		filter_host(&by_hour, cf, "host", f->host);
	}
	if (!count_by(cf, &by_hour, &in_hours, err))
		return false;
	*exact = whole_hours(f->span) && text_absent(f->user) && text_absent(f->channel) &&
		 !f->event_id;
	if (in_hours < *n)
		*n = in_hours;
	return true;
}
