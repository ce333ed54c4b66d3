/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What happened when: from the summaries by the hour, from the events themselves in any pieces. */
#include "config.h"

#include <stdlib.h>

#include "base/when.h"
#include "store/filter.h"

struct hours {
	struct arena      *keep;
	struct hour_count *of;
	size_t             n, cap;
};

static int
by_hour(const void *a, const void *b)
{
	const struct hour_count *x = a, *y = b;

	return (x->hour_ns > y->hour_ns) - (x->hour_ns < y->hour_ns);
}

/* The first hour that there is began before there was time; a stranger's may be any. */
static int64_t
start_of(int64_t hour)
{
	if (hour < WHEN_NONE / WHEN_HOUR)
		return WHEN_NONE + 1;
	return (hour < WHEN_MAX / WHEN_HOUR ? hour : WHEN_MAX / WHEN_HOUR) * WHEN_HOUR;
}

static void
add_hour(struct hours *h, const struct hour_count *hour)
{
	arena_grow(h->keep, h->of, h->n, &h->cap);
	h->of[h->n++] = *hour;
}

/* Risk may be of an hour without events: those behind it are of another host, or it was given by hand. */
static void
merge_hours(struct hours *h)
{
	size_t n = 0;

	if (h->n)
		qsort(h->of, h->n, sizeof(*h->of), by_hour);
	for (size_t i = 0; i < h->n; i++) {
		const struct hour_count hour = h->of[i];

		if (n == 0 || h->of[n - 1].hour_ns != hour.hour_ns) {
			h->of[n++] = hour;
			continue;
		}
		h->of[n - 1].events += hour.events;
		h->of[n - 1].risk += hour.risk;
	}
	h->n = n;
}

static void
risk_of_host(struct question *s, struct casefile *cf, struct text host)
{
	filter_host(s, cf, "r.host_ref", host);
}

/* Hosts and times lead through indexes of their own: lists ask this for every row. */
static void
from_risk(struct question *s, struct casefile *cf, const struct conditions *cs)
{
	const unsigned own = FILTER_PARTS(FILTER_HOST) | FILTER_PARTS(FILTER_TIME);

	question_add(s, " FROM risk_event r JOIN finding_whole f ON f.id = r.finding "
			"LEFT JOIN work w ON w.id = f.id WHERE 1");
	for (size_t i = 0; i < cs->n; i++) {
		if (cs->of[i].part == FILTER_HOST)
			condition_any(s, cf, &cs->of[i], risk_of_host);
		else if (cs->of[i].part == FILTER_TIME)
			condition_time(s, &cs->of[i], "r.ts");
	}
	filter_findings(s, cf, cs, ~own);
}

static bool
give(struct casefile *cf, const struct question *s, activity_fn *fn, void *ctx, struct err *err)
{
	struct ask q;

	if (question_ask(&q, cf, s, err))
		while (ask_row(&q) && fn(ctx, ask_get_int(&q, 0), ask_get_real(&q, 1)))
			;
	return ask_end(&q);
}

static bool
give_risk(struct casefile *cf, const struct conditions *cs, int64_t unit_ns, activity_fn *fn, void *ctx,
	  struct err *err)
{
	struct question s = { .n = 0 };

	question_add(&s, "SELECT r.ts - (r.ts % ? + ?) % ? AS at, sum(r.score)");
	for (int i = 0; i < 3; i++)
		question_int(&s, unit_ns);
	from_risk(&s, cf, cs);
	question_add(&s, " AND r.ts > ? GROUP BY at ORDER BY at");
	question_int(&s, WHEN_NONE);
	return give(cf, &s, fn, ctx, err);
}

static bool
add_risk(void *ctx, int64_t at_ns, double amount)
{
	add_hour(ctx, &(struct hour_count){ .hour_ns = at_ns, .risk = amount });
	return true;
}

bool
query_activity_knows(const struct case_filter *f)
{
	const unsigned    time = FILTER_PARTS(FILTER_TIME), host = FILTER_PARTS(FILTER_HOST);
	struct conditions cs;

	filter_conditions(f, FILTER_ANY & ~FILTER_PARTS(FILTER_FIELD), &cs);
	return !filter_has(&cs, ~(host | time)) && !filter_excludes(&cs, time);
}

size_t
query_activity(struct casefile *cf, const struct case_filter *f, struct arena *keep,
	       struct hour_count **out)
{
	struct question   s = { .n = 0 };
	struct hours      h = { .keep = keep };
	struct conditions cs;
	struct ask        q;

	filter_conditions(f, FILTER_ANY, &cs);
	question_add(&s, "SELECT hour, sum(n) FROM activity WHERE 1");
	filter_hours(&s, cf, &cs);
	question_add(&s, " GROUP BY hour ORDER BY hour");
	if (question_ask(&q, cf, &s, NULL))
		while (ask_row(&q))
			add_hour(&h, &(struct hour_count){
					 .hour_ns = start_of(ask_get_int(&q, 0)),
					 .events = (uint64_t)ask_get_int(&q, 1),
				     });
	ask_end(&q);
	give_risk(cf, &cs, WHEN_HOUR, add_risk, &h, NULL);
	merge_hours(&h);
	*out = h.of;
	return h.n;
}

/* Events by which a kind of activity is known: their number, and who writes them. */
struct source_kind {
	enum activity kind;
	uint32_t      event_id;
	const char   *channel, *provider;
};

#define SECURITY_LOG   "Security", "Microsoft-Windows-Security-Auditing"
#define SYSMON_LOG     "Microsoft-Windows-Sysmon/Operational", "Microsoft-Windows-Sysmon"
#define POWERSHELL_LOG "Microsoft-Windows-PowerShell/Operational", "Microsoft-Windows-PowerShell"

static const struct source_kind source_kinds[] = {
	{ ACTIVITY_LOGONS, 4624, SECURITY_LOG },   { ACTIVITY_FAILED_LOGONS, 4625, SECURITY_LOG },
	{ ACTIVITY_PROCESSES, 4688, SECURITY_LOG }, { ACTIVITY_PROCESSES, 1, SYSMON_LOG },
	{ ACTIVITY_SCRIPTS, 4104, POWERSHELL_LOG },
};

/* Whether others write events of that number, too: then rows must be looked at one by one. */
static bool
is_shared(struct casefile *cf, const struct source_kind *k)
{
	static const char others[] =
	    "SELECT EXISTS (SELECT 1 FROM kind k LEFT JOIN channel c ON c.id = k.channel "
	    "LEFT JOIN provider p ON p.id = k.provider WHERE k.code = ? AND "
	    "NOT ifnull(c.name = ?, 0) AND NOT ifnull(p.name = ?, 0))";
	struct ask q;
	bool       shared = true;

	if (ask(&q, cf, others, NULL)) {
		ask_int(&q, 1, k->event_id);
		ask_text(&q, 2, text_of(k->channel));
		ask_text(&q, 3, text_of(k->provider));
		shared = !ask_row(&q) || ask_get_int(&q, 0);
	}
	ask_end(&q);
	return shared;
}

static void
host_leads(struct question *s, struct casefile *cf, struct text host)
{
	filter_host(s, cf, "e.host", host);
}

/* The index of hosts leads where the filter names some, else that of event ids, or that of times. */
static void
ask_events(struct question *s, struct casefile *cf, const struct conditions *cs,
	   const struct source_kind *k)
{
	bool host = filter_includes(cs, FILTER_PARTS(FILTER_HOST));

	question_add(s, "SELECT e.ts FROM event e WHERE e.ts > ?");
	question_int(s, WHEN_NONE);
	if (k) {
		question_add(s, host ? " AND +e.code = ?" : " AND e.code = ?");
		question_int(s, k->event_id);
	}
	if (k && is_shared(cf, k)) {
		question_add(s, " AND (e.channel IN (SELECT id FROM channel WHERE name = ?) "
				"OR e.provider IN (SELECT id FROM provider WHERE name = ?))");
		question_text(s, text_of(k->channel));
		question_text(s, text_of(k->provider));
	}
	for (size_t i = 0; i < cs->n; i++)
		if (cs->of[i].part == FILTER_HOST && !cs->of[i].excludes)
			condition_any(s, cf, &cs->of[i], host_leads);
	filter_events(s, cf, cs, host);
}

/* Pieces of time that are being counted, each in the place its number has here; one that needs the
 * place of another sends it on its way. Times mostly come in order, so that few are sent twice. */
#define PIECES 4096

struct pieces {
	activity_fn *fn;
	void        *ctx;
	int64_t      unit_ns;
	struct piece {
		int64_t  at_ns;
		uint64_t n; /* 0: free */
	} of[PIECES];
};

static bool
piece_give(struct pieces *p, struct piece *piece)
{
	uint64_t n = piece->n;

	piece->n = 0;
	return !n || p->fn(p->ctx, piece->at_ns, (double)n);
}

static bool
piece_count(struct pieces *p, int64_t time_ns)
{
	int64_t       at = when_piece(time_ns, p->unit_ns);
	struct piece *piece = &p->of[(uint64_t)(at / p->unit_ns) % PIECES];
	bool          more = piece->at_ns == at || piece_give(p, piece);

	piece->at_ns = at;
	piece->n++;
	return more;
}

/* Counted here: grouped by SQLite, every row would be sorted first. */
static bool
give_events(struct casefile *cf, const struct question *s, struct pieces *p, struct err *err)
{
	struct ask q;
	bool       more = true;

	if (question_ask(&q, cf, s, err))
		while (more && ask_row(&q))
			more = piece_count(p, ask_get_int(&q, 0));
	for (size_t i = 0; more && i < PIECES; i++)
		more = piece_give(p, &p->of[i]);
	return ask_end(&q);
}

bool
query_activity_of(struct casefile *cf, enum activity kind, const struct case_filter *f,
		  int64_t unit_ns, activity_fn *fn, void *ctx, struct err *err)
{
	struct arena      keep = arena_open((size_t)1 << 20);
	struct pieces    *pieces = arena_new(&keep, struct pieces, 1);
	struct conditions cs;
	struct question   s;
	bool              good = true;

	pieces->fn = fn;
	pieces->ctx = ctx;
	pieces->unit_ns = unit_ns;
	filter_conditions(f, FILTER_ANY, &cs);
	if (kind == ACTIVITY_RISK) {
		good = give_risk(cf, &cs, unit_ns, fn, ctx, err);
	} else if (kind == ACTIVITY_EVENTS) {
		s = (struct question){ .n = 0 };
		ask_events(&s, cf, &cs, NULL);
		good = give_events(cf, &s, pieces, err);
	}
	for (size_t i = 0; good && i < sizeof(source_kinds) / sizeof(source_kinds[0]); i++) {
		if (source_kinds[i].kind != kind)
			continue;
		s = (struct question){ .n = 0 };
		ask_events(&s, cf, &cs, &source_kinds[i]);
		good = give_events(cf, &s, pieces, err);
	}
	arena_close(&keep);
	return good;
}
