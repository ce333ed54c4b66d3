/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/summary.h"

#include "base/when.h"

/* Counts by key, open addressing. */
struct tally {
	uint64_t a, b, n;
	int64_t  first, last;
};

static struct tally *
tally_at(struct tally *table, size_t slots, uint64_t a, uint64_t b)
{
	uint64_t h = (a * UINT64_C(0x9e3779b97f4a7c15) ^ b) * UINT64_C(0xff51afd7ed558ccd);
	size_t   at = (size_t)(h >> 32) & (slots - 1);

	while (table[at].n && (table[at].a != a || table[at].b != b))
		at = (at + 1) & (slots - 1);
	table[at].a = a;
	table[at].b = b;
	return &table[at];
}

static const char add_activity[] = "INSERT INTO activity(host, hour, n) VALUES(?1, ?2, ?3) "
				   "ON CONFLICT(host, hour) DO UPDATE SET n = n + excluded.n";
static const char add_kind[] =
    "INSERT INTO kind(host, channel, code, provider, n) VALUES(?1, ?2, ?3, ?4, ?5) "
    "ON CONFLICT(host, channel, code, provider) DO UPDATE SET n = n + excluded.n";
static const char add_to_host[] =
    "UPDATE host SET events = events + ?2, "
    "first_ns = CASE WHEN ?3 < coalesce(first_ns, ?3 + 1) THEN ?3 ELSE first_ns END, "
    "last_ns = CASE WHEN ?4 > coalesce(last_ns, ?4 - 1) THEN ?4 ELSE last_ns END WHERE id = ?1";

enum summary { SUM_ACTIVITY, SUM_KIND, SUM_HOST, SUMMARIES };

static void
tally_row(enum summary sum, const struct summary_row *r, struct tally *table, size_t slots)
{
	uint64_t      host = (uint64_t)r->host;
	struct tally *t = NULL;

	switch (sum) {
	case SUM_ACTIVITY: {
		int64_t hour = r->time_ns / WHEN_HOUR - (r->time_ns % WHEN_HOUR < 0);

		if (r->time_ns != WHEN_NONE)
			t = tally_at(table, slots, host, (uint64_t)hour);
		break;
	}
	case SUM_KIND:
		t = tally_at(table, slots, host << 32 | (uint64_t)r->channel,
			     (uint64_t)r->event_id << 32 | (uint64_t)r->provider);
		break;
	case SUM_HOST:
		t = tally_at(table, slots, host, 0);
		break;
	case SUMMARIES:
		break;
	}
	if (!t)
		return;
	if (t->n++ == 0) {
		t->first = WHEN_MAX;
		t->last = WHEN_NONE;
	}
	if (r->time_ns == WHEN_NONE)
		return;
	t->first = r->time_ns < t->first ? r->time_ns : t->first;
	t->last = r->time_ns > t->last ? r->time_ns : t->last;
}

/* Returns the number of the next parameter. */
static int
bind_key(struct ask *q, enum summary sum, const struct tally *t)
{
	switch (sum) {
	case SUM_ACTIVITY:
		ask_int(q, 1, (int64_t)t->a);
		ask_int(q, 2, (int64_t)t->b);
		return 3;
	case SUM_KIND:
		ask_int(q, 1, (int64_t)(t->a >> 32));
		ask_int(q, 2, (int64_t)(t->a & 0xffffffff));
		ask_int(q, 3, (int64_t)(t->b >> 32));
		ask_int(q, 4, (int64_t)(t->b & 0xffffffff));
		return 5;
	case SUM_HOST:
		ask_int(q, 1, (int64_t)t->a);
		return 2;
	case SUMMARIES:
		break;
	}
	return 1;
}

static void
bind_tally(struct ask *q, enum summary sum, const struct tally *t)
{
	int at = bind_key(q, sum, t);

	ask_int(q, at, (int64_t)t->n);
	if (sum == SUM_HOST && t->last != WHEN_NONE) {
		ask_int(q, at + 1, t->first);
		ask_int(q, at + 2, t->last);
	}
}

bool
summary_add(struct casefile *cf, const struct summary_row *rows, size_t n, struct arena scratch,
	    struct err *err)
{
	static const char *const sql[SUMMARIES] = { add_activity, add_kind, add_to_host };
	size_t                   slots = 64;

	while (slots < n * 2)
		slots *= 2;
	for (int sum = 0; sum < SUMMARIES; sum++) {
		struct arena  inner = scratch;
		struct tally *table = arena_new(&inner, struct tally, slots);
		struct ask    q;

		for (size_t i = 0; i < n; i++)
			tally_row((enum summary)sum, &rows[i], table, slots);
		ask(&q, cf, sql[sum], err);
		for (size_t i = 0; i < slots && !q.failed; i++)
			if (table[i].n) {
				sqlite3_clear_bindings(q.st);
				bind_tally(&q, (enum summary)sum, &table[i]);
				ask_run(&q);
			}
		if (!ask_end(&q))
			return false;
	}
	return true;
}

static const char *const take_sql[SUMMARIES][2] = {
	[SUM_ACTIVITY] = { "UPDATE activity SET n = n - 1 WHERE host = ?1 AND hour = ?2",
			   "DELETE FROM activity WHERE host = ?1 AND hour = ?2 AND n < 1" },
	[SUM_KIND] = { "UPDATE kind SET n = n - 1 WHERE host = ?1 AND channel = ?2 AND code = ?3 "
		       "AND provider = ?4",
		       "DELETE FROM kind WHERE host = ?1 AND channel = ?2 AND code = ?3 "
		       "AND provider = ?4 AND n < 1" },
	[SUM_HOST] = { "UPDATE host SET events = events - 1 WHERE id = ?1", NULL },
};

bool
summary_take(struct casefile *cf, const struct summary_row *row, struct err *err)
{
	for (int sum = 0; sum < SUMMARIES; sum++)
		for (int i = 0; i < 2 && take_sql[sum][i]; i++) {
			struct tally t = { 0 };
			struct ask   q;

			tally_row((enum summary)sum, row, &t, 1);
			if (!t.n) /* an event without time is in no hour */
				continue;
			if (ask(&q, cf, take_sql[sum][i], err)) {
				bind_key(&q, (enum summary)sum, &t);
				ask_run(&q);
			}
			if (!ask_end(&q))
				return false;
		}
	return true;
}
