/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/when.h"
#include "store/filter.h"

static const char hosts_head[] =
    "SELECT h.id, h.name, h.risk_score, h.findings, h.rules, h.techniques, h.tactics, "
    "sum(n.events), min(n.first_ns), max(n.last_ns), h.aliases FROM host h "
    "JOIN host n ON n.machine = h.id WHERE 1";
static const char hosts_group[] = " GROUP BY h.id HAVING (sum(n.events) > 0 OR h.findings > 0)";
static const char hosts_of_findings[] =
    "(SELECT x.host FROM (SELECT host_ref AS host, finding FROM risk_event UNION ALL "
    "SELECT host_ref, id FROM finding) x JOIN finding f ON f.id = x.finding "
    "LEFT JOIN work w ON w.id = f.id WHERE x.host IS NOT NULL";

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

/* " AND COLUMN IN those with a finding that passes"; where findings are only excluded, those
 * without any pass too. OWNERS selects from findings, open at the end. */
static void
owner_conditions(struct question *s, struct casefile *cf, const struct conditions *cs,
		 unsigned parts, const char *column, const char *owners)
{
	if (!filter_has(cs, parts))
		return;
	question_add(s, " AND (");
	question_add(s, column);
	question_add(s, " IN ");
	question_add(s, owners);
	filter_findings(s, cf, cs, parts);
	question_add(s, ")");
	if (!filter_includes(cs, parts)) {
		question_add(s, " OR ");
		question_add(s, column);
		question_add(s, " NOT IN ");
		question_add(s, owners);
		question_add(s, ")");
	}
	question_add(s, ")");
}

/* Channels and kinds of event: hosts that have some that pass. */
static void
host_kinds(struct question *s, const struct conditions *cs)
{
	if (!filter_has(cs, FILTER_OF_EVENTS & ~FILTER_PARTS(FILTER_RECORD_ID)))
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

/* A host is in a time when some of its events may be, and is taken out by one that has them all. */
static void
host_times(struct question *s, const struct conditions *cs)
{
	for (size_t i = 0; i < cs->n; i++) {
		const struct condition *c = &cs->of[i];
		int64_t                 latest = c->span.latest_ns;

		if (c->part != FILTER_TIME)
			continue;
		condition_begin(s, c);
		question_add(s, c->excludes ? "min(n.first_ns) >= ? AND max(n.last_ns) <= ?"
					    : "max(n.last_ns) >= ? AND min(n.first_ns) <= ?");
		question_int(s, c->span.earliest_ns);
		question_int(s, latest == WHEN_MAX ? WHEN_MAX : latest - 1);
		condition_end(s, c);
	}
}

/* A time asks for hosts with events in it; all else that findings know, for hosts with such a
 * finding. The numbers stay those of the whole case. */
static void
host_conditions(struct question *s, struct casefile *cf, const struct case_filter *f)
{
	struct conditions cs;

	filter_conditions(f, FILTER_ANY, &cs);
	for (size_t i = 0; i < cs.n; i++) {
		if (cs.of[i].part == FILTER_HOST)
			condition_any(s, cf, &cs.of[i], host_named);
		if (cs.of[i].part != FILTER_RISK)
			continue;
		condition_begin(s, &cs.of[i]);
		question_add(s, "h.risk_score >= ?");
		question_real(s, cs.of[i].number);
		condition_end(s, &cs.of[i]);
	}
	owner_conditions(s, cf, &cs,
			 (FILTER_OF_FINDINGS | FILTER_PARTS(FILTER_USER)) &
			     ~FILTER_PARTS(FILTER_RISK),
			 "h.id", hosts_of_findings);
	host_kinds(s, &cs);
	question_add(s, hosts_group);
	host_times(s, &cs);
}

bool
query_hosts(struct casefile *cf, const struct case_filter *f, host_fn *fn, void *ctx,
	    struct err *err)
{
	struct question s = { .n = 0 };
	struct ask      q;

	question_add(&s, hosts_head);
	host_conditions(&s, cf, f);
	question_add(&s, " ORDER BY h.risk_score DESC, h.name, h.id");
	if (question_ask(&q, cf, &s, err))
		while (ask_row(&q)) {
			struct host_row row = {
				.id = ask_get_int(&q, 0),
				.host = ask_get_text(&q, 1),
				.risk_score = ask_get_real(&q, 2),
				.findings = (uint32_t)ask_get_int(&q, 3),
				.rules = (uint32_t)ask_get_int(&q, 4),
				.techniques = ask_get_text(&q, 5),
				.tactics = ask_get_text(&q, 6),
				.events = (uint64_t)ask_get_int(&q, 7),
				.first_ns = time_or_none(&q, 8),
				.last_ns = time_or_none(&q, 9),
				.aliases = ask_get_text(&q, 10),
			};

			if (!fn(ctx, &row))
				break;
		}
	return ask_end(&q);
}

/* In the spelling of a finding, where one has the name in full. */
static const char worst_of_host[] =
    "SELECT f.rule, r.score FROM risk_event r JOIN finding f ON f.id = r.finding "
    "WHERE r.host_ref = ?1 ORDER BY r.score DESC, r.ts DESC, r.id DESC LIMIT 1";

struct text
query_worst_finding(struct casefile *cf, int64_t host, struct arena *keep, double *score)
{
	struct ask  q;
	struct text rule = TEXT_NONE;

	*score = 0;
	if (ask(&q, cf, worst_of_host, NULL)) {
		ask_int(&q, 1, host);
		if (ask_row(&q)) {
			rule = arena_copy(keep, ask_get_text(&q, 0));
			*score = ask_get_real(&q, 1);
		}
	}
	ask_end(&q);
	return rule;
}

static const char users_head[] =
    "SELECT coalesce((SELECT n.name FROM user_name n WHERE n.name = u.user AND n.user = u.user), "
    "u.user), u.risk_score, u.findings, u.rules, u.hosts, u.techniques, u.first_ns, "
    "u.last_ns, u.aliases FROM user_risk u WHERE 1";
static const char users_of_findings[] =
    "(SELECT x.user FROM (SELECT normalized AS user, finding FROM risk_event WHERE "
    "type = 1 UNION ALL SELECT user_key, id FROM finding) x JOIN finding f ON f.id = x.finding "
    "LEFT JOIN work w ON w.id = f.id WHERE x.user IS NOT NULL";

static void
user_named(struct question *s, struct casefile *cf, struct text user)
{
	(void)cf;
	filter_user(s, "u.user", user);
}

static void
user_conditions(struct question *s, struct casefile *cf, const struct case_filter *f)
{
	struct conditions cs;

	filter_conditions(f, FILTER_ANY, &cs);
	for (size_t i = 0; i < cs.n; i++) {
		if (cs.of[i].part == FILTER_USER)
			condition_any(s, cf, &cs.of[i], user_named);
		if (cs.of[i].part != FILTER_RISK)
			continue;
		condition_begin(s, &cs.of[i]);
		question_add(s, "u.risk_score >= ?");
		question_real(s, cs.of[i].number);
		condition_end(s, &cs.of[i]);
	}
	owner_conditions(s, cf, &cs,
			 ~(FILTER_PARTS(FILTER_USER) | FILTER_PARTS(FILTER_RISK) |
			   FILTER_PARTS(FILTER_FIELD)),
			 "u.user", users_of_findings);
}

bool
query_users(struct casefile *cf, const struct case_filter *f, user_fn *fn, void *ctx,
	    struct err *err)
{
	struct question s = { .n = 0 };
	struct ask      q;

	question_add(&s, users_head);
	user_conditions(&s, cf, f);
	question_add(&s, " ORDER BY u.risk_score DESC, u.user");
	if (question_ask(&q, cf, &s, err))
		while (ask_row(&q)) {
			struct user_row row = {
				.user = ask_get_text(&q, 0),
				.risk_score = ask_get_real(&q, 1),
				.findings = (uint32_t)ask_get_int(&q, 2),
				.rules = (uint32_t)ask_get_int(&q, 3),
				.hosts = (uint32_t)ask_get_int(&q, 4),
				.techniques = ask_get_text(&q, 5),
				.first_ns = time_or_none(&q, 6),
				.last_ns = time_or_none(&q, 7),
				.aliases = ask_get_text(&q, 8),
			};

			if (!fn(ctx, &row))
				break;
		}
	return ask_end(&q);
}
