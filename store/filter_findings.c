/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a filter says of findings. */
#include "config.h"

#include "base/when.h"
#include "store/filter.h"
#include "store/found.h"
#include "store/import_log.h"

/* A risk event of finding f that... Few are the finding's own; the indexes on hosts and users would
 * lead to all of theirs, once for every finding. */
#define GIVES_RISK "EXISTS (SELECT 1 FROM risk_event o NOT INDEXED WHERE " RISK_EVENTS_OF("o", "f.id")

static void
finding_host(struct question *s, struct casefile *cf, struct text host)
{
	question_add(s, "f.host = ? COLLATE NOCASE OR ");
	question_text(s, host);
	filter_host(s, cf, "f.host_ref", host);
	question_add(s, " OR " GIVES_RISK " AND ");
	filter_host(s, cf, "o.host_ref", host);
	question_add(s, ")");
}

static void
finding_user(struct question *s, struct casefile *cf, struct text user)
{
	(void)cf;
	question_add(s, "f.user = ? COLLATE NOCASE OR ");
	question_text(s, user);
	filter_user(s, "f.user_key", user);
	question_add(s, " OR " GIVES_RISK " AND o.type = 1 AND ");
	filter_user(s, "o.normalized", user);
	question_add(s, ")");
}

static void
finding_rule(struct question *s, struct casefile *cf, struct text rule)
{
	(void)cf;
	question_add(s, "f.rule_id = ? COLLATE NOCASE OR f.rule = ? COLLATE NOCASE");
	question_text(s, rule);
	question_text(s, rule);
}

static void
finding_technique(struct question *s, struct casefile *cf, struct text technique)
{
	(void)cf;
	question_add(s, "instr(' ' || upper(f.techniques) || ' ', ' ' || upper(?) || ' ') OR "
			"instr(' ' || upper(f.techniques), ' ' || upper(?) || '.')");
	question_text(s, technique);
	question_text(s, technique);
}

/* Tactics are separated by commas, with a blank or without. */
static void
finding_tactic(struct question *s, struct casefile *cf, struct text tactic)
{
	(void)cf;
	question_add(s, "instr(',' || replace(lower(f.tactics), ', ', ',') || ',', "
			"',' || lower(?) || ',')");
	question_text(s, tactic);
}

static void
finding_type(struct question *s, struct casefile *cf, struct text type)
{
	(void)cf;
	question_add(s, "f.type = ? COLLATE NOCASE");
	question_text(s, type);
}

static void
finding_verdict(struct question *s, struct casefile *cf, struct text verdict)
{
	(void)cf;
	question_add(s, "coalesce(w.verdict, 'open') = ? COLLATE NOCASE");
	question_text(s, verdict);
}

static void
finding_bookmark(struct question *s, struct casefile *cf, struct text value)
{
	(void)cf;
	question_add(s, condition_is_yes(value) ? "" : "NOT ");
	question_add(s, "(coalesce(w.bookmark, 0) OR EXISTS (SELECT 1 FROM json_each(f.events) x "
			"JOIN work v ON v.event = x.value WHERE v.bookmark))");
}

/* Those with an event that passes; those whose events are not all known may have one. */
static void
finding_events(struct question *s, struct casefile *cf, const struct conditions *cs)
{
	struct conditions of_events = *cs;

	filter_keep(&of_events, FILTER_OF_EVENTS);
	if (!of_events.n)
		return;
	question_add(s, " AND (f.events_capped OR f.events = '[]' OR EXISTS (SELECT 1 FROM "
			"json_each(f.events) x JOIN event e ON e.id = x.value WHERE 1");
	filter_events(s, cf, &of_events, true);
	question_add(s, "))");
}

/* A finding is in a time when some of it is, and is taken out by one that has all of it. */
static void
finding_time(struct question *s, const struct condition *c)
{
	condition_begin(s, c);
	question_add(s, c->excludes ? "f.first_ns >= ? AND f.last_ns <= ?"
				    : "f.last_ns >= ? AND f.first_ns <= ?");
	question_int(s, c->span.earliest_ns);
	question_int(s, c->span.latest_ns == WHEN_MAX ? WHEN_MAX : c->span.latest_ns - 1);
	condition_end(s, c);
}

/* Found since, or with events that came since; of those whose events are not all known some may have. */
static void
finding_since(struct question *s, struct casefile *cf, const struct condition *c)
{
	struct import_mark mark = import_log_mark(cf, (int64_t)c->number);

	condition_begin(s, c);
	question_add(s, "f.id > ? OR f.events_capped OR json_extract(f.events, '$[#-1]') > ?");
	question_int(s, mark.finding);
	question_int(s, mark.event);
	condition_end(s, c);
}

void
filter_finding(struct question *s, struct casefile *cf, const struct condition *c)
{
	switch (c->part) {
	case FILTER_HOST:
		condition_any(s, cf, c, finding_host);
		return;
	case FILTER_USER:
		condition_any(s, cf, c, finding_user);
		return;
	case FILTER_RULE:
		condition_any(s, cf, c, finding_rule);
		return;
	case FILTER_TECHNIQUE:
		condition_any(s, cf, c, finding_technique);
		return;
	case FILTER_TACTIC:
		condition_any(s, cf, c, finding_tactic);
		return;
	case FILTER_TYPE:
		condition_any(s, cf, c, finding_type);
		return;
	case FILTER_VERDICT:
		condition_any(s, cf, c, finding_verdict);
		return;
	case FILTER_BOOKMARK:
		condition_any(s, cf, c, finding_bookmark);
		return;
	case FILTER_RISK:
		condition_begin(s, c);
		question_add(s, "f.risk_score >= ?");
		question_real(s, c->number);
		condition_end(s, c);
		return;
	case FILTER_TIME:
		finding_time(s, c);
		return;
	case FILTER_SINCE:
		finding_since(s, cf, c);
		return;
	case FILTER_CHANNEL:
	case FILTER_PROVIDER:
	case FILTER_EVENT_ID:
	case FILTER_RECORD_ID:
	case FILTER_EVIDENCE:
	case FILTER_FIELD:
		return; /* finding_events; or nothing */
	}
}

void
filter_findings(struct question *s, struct casefile *cf, const struct conditions *cs,
		unsigned parts)
{
	struct conditions mine = *cs;

	filter_keep(&mine, parts);
	for (size_t i = 0; i < mine.n; i++)
		filter_finding(s, cf, &mine.of[i]);
	finding_events(s, cf, &mine);
}
