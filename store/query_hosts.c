/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/when.h"
#include "store/filter.h"

static const char hosts_head[] =
    "SELECT h.id, h.name, h.risk_score, h.findings, h.rules, h.techniques, h.tactics, "
    "sum(n.events), min(n.first_ns), max(n.last_ns), h.aliases FROM host h "
    "JOIN host n ON n.machine = h.id WHERE 1";
static const char hosts_group[] = " GROUP BY h.id HAVING (sum(n.events) > 0 OR h.findings > 0)";
static const char hosts_with_finding[] =
    " AND h.id IN (SELECT x.host FROM (SELECT host_ref AS host, finding FROM risk_event UNION ALL "
    "SELECT host_ref, id FROM finding) x JOIN finding f ON f.id = x.finding "
    "LEFT JOIN work w ON w.id = f.id WHERE x.host IS NOT NULL";

static int64_t
time_or_none(struct ask *q, int column)
{
	return ask_get_null(q, column) ? WHEN_NONE : ask_get_int(q, column);
}

/* A time range asks for hosts with events in it; all else that findings know, for hosts with such
 * a finding. The numbers stay those of the whole case. */
static void
host_conditions(struct question *s, struct casefile *cf, const struct case_filter *f)
{
	struct case_filter of_findings = *f;

	if (!text_absent(f->host)) {
		question_add(s, " AND ");
		filter_host(s, cf, "h.id", f->host);
	}
	if (f->min_risk > 0) {
		question_add(s, " AND h.risk_score >= ?");
		question_real(s, f->min_risk);
	}
	of_findings.host = TEXT_NONE;
	of_findings.min_risk = 0;
	if (filter_needs_findings(&of_findings)) {
		question_add(s, hosts_with_finding);
		filter_findings(s, cf, &of_findings);
		question_add(s, ")");
	}
	question_add(s, hosts_group);
	if (filter_has_span(f)) {
		question_add(s, " AND max(n.last_ns) >= ? AND min(n.first_ns) <= ?");
		question_int(s, f->span.earliest_ns);
		question_int(s, f->span.latest_ns == WHEN_MAX ? WHEN_MAX : f->span.latest_ns - 1);
	}
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

static const char users_head[] =
    "SELECT u.user, u.risk_score, u.findings, u.rules, u.hosts, u.techniques, u.first_ns, "
    "u.last_ns, u.aliases FROM user_risk u WHERE 1";
static const char users_with_finding[] =
    " AND u.user IN (SELECT x.user FROM (SELECT normalized AS user, finding FROM risk_event WHERE "
    "type = 1 UNION ALL SELECT user_key, id FROM finding) x JOIN finding f ON f.id = x.finding "
    "LEFT JOIN work w ON w.id = f.id WHERE x.user IS NOT NULL";

bool
query_users(struct casefile *cf, const struct case_filter *f, user_fn *fn, void *ctx,
	    struct err *err)
{
	struct question    s = { .n = 0 };
	struct case_filter of_findings = *f;
	struct ask         q;

	question_add(&s, users_head);
	if (!text_absent(f->user)) {
		question_add(&s, " AND ");
		filter_user(&s, "u.user", f->user);
	}
	if (f->min_risk > 0) {
		question_add(&s, " AND u.risk_score >= ?");
		question_real(&s, f->min_risk);
	}
	of_findings.user = TEXT_NONE;
	of_findings.min_risk = 0;
	if (filter_needs_findings(&of_findings) || !text_absent(f->host) || filter_has_span(f)) {
		question_add(&s, users_with_finding);
		filter_findings(&s, cf, &of_findings);
		question_add(&s, ")");
	}
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
