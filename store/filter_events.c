/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a filter says of events. */
#include "config.h"

#include "store/filter.h"

#include "store/basis.h"
#include "store/import_log.h"

static void
event_code(struct question *s, struct casefile *cf, struct text code)
{
	uint64_t number;

	(void)cf;
	question_add(s, "e.code = ?");
	question_int(s, text_to_u64(code, &number) && number <= UINT32_MAX ? (int64_t)number : -1);
}

/* The same where another index leads. */
static void
event_code_aside(struct question *s, struct casefile *cf, struct text code)
{
	question_add(s, "+");
	event_code(s, cf, code);
}

static void
event_channel(struct question *s, struct casefile *cf, struct text channel)
{
	(void)cf;
	question_add(s, "e.channel = (SELECT id FROM channel WHERE name = ?)");
	question_text(s, channel);
}

static void
event_provider(struct question *s, struct casefile *cf, struct text provider)
{
	(void)cf;
	question_add(s,
		     "e.provider IN (SELECT id FROM provider WHERE name = ? COLLATE NOCASE)");
	question_text(s, provider);
}

static void
event_record(struct question *s, struct casefile *cf, struct text record)
{
	uint64_t number;

	(void)cf;
	question_add(s, "e.flags & 65536 AND e.record = ?");
	question_int(s, text_to_u64(record, &number) ? (int64_t)number : -1);
}

static void
event_user(struct question *s, struct casefile *cf, struct text user)
{
	(void)cf;
	question_add(s, "+e.account IN (SELECT id FROM account WHERE name = ? COLLATE NOCASE OR "
			"name COLLATE NOCASE IN (SELECT un.name FROM user_name un WHERE un.user = "
			"? COLLATE NOCASE)) AND (NOT EXISTS (SELECT 1 FROM user_name un WHERE "
			"un.user = lower(?) AND un.host_ref <> 0) OR +e.host IN (SELECT id FROM "
			"host WHERE machine IN (SELECT un.host_ref FROM user_name un WHERE "
			"un.user = lower(?))))");
	for (int i = 0; i < 4; i++)
		question_text(s, user);
}

static void
event_host(struct question *s, struct casefile *cf, struct text host)
{
	filter_host(s, cf, "+e.host", host);
}

static void
event_rule(struct question *s, struct casefile *cf, struct text rule)
{
	(void)cf;
	question_add(s, "e.id IN (SELECT t.event FROM hit t JOIN rule_predicate p "
			"ON p.predicate = t.predicate JOIN rule r ON r.id = p.rule WHERE "
			"r.rule_id = ? COLLATE NOCASE OR r.rule_id IN (SELECT rule_id FROM "
			"rule_ledger WHERE rule = ? COLLATE NOCASE))");
	question_text(s, rule);
	question_text(s, rule);
}

static void
event_bookmark(struct question *s, struct casefile *cf, struct text value)
{
	(void)cf;
	question_add(s, condition_is_yes(value) ? "" : "NOT ");
	question_add(s, "e.id IN (SELECT v.event FROM work v WHERE v.event IS NOT NULL AND "
			"v.bookmark)");
}

/* Ids tell most events apart before their rows are read. */
static void
event_evidence(struct question *s, struct casefile *cf, struct text path)
{
	(void)cf;
	question_add(s, "e.id >= (SELECT min(first_event) FROM evidence_file WHERE path = ?) AND "
			"e.id <= (SELECT max(last_event) FROM evidence_file WHERE path = ?) AND "
			"(e.evidence IN (SELECT id FROM evidence_file WHERE path = ?) OR EXISTS "
			"(SELECT 1 FROM event_source x JOIN evidence_file v ON v.id = x.evidence "
			"WHERE x.event = e.id AND v.path = ?))");
	for (int i = 0; i < 4; i++)
		question_text(s, path);
}

static void
event_condition(struct question *s, struct casefile *cf, const struct condition *c, bool host)
{
	switch (c->part) {
	case FILTER_HOST:
		condition_any(s, cf, c, event_host);
		return;
	case FILTER_USER:
		condition_any(s, cf, c, event_user);
		return;
	case FILTER_RULE:
		condition_any(s, cf, c, event_rule);
		return;
	case FILTER_CHANNEL:
		condition_any(s, cf, c, event_channel);
		return;
	case FILTER_PROVIDER:
		condition_any(s, cf, c, event_provider);
		return;
	case FILTER_EVENT_ID:
		condition_any(s, cf, c, host ? event_code_aside : event_code);
		return;
	case FILTER_RECORD_ID:
		condition_any(s, cf, c, event_record);
		return;
	case FILTER_BOOKMARK:
		condition_any(s, cf, c, event_bookmark);
		return;
	case FILTER_EVIDENCE:
		condition_any(s, cf, c, event_evidence);
		return;
	case FILTER_TIME:
		condition_time(s, c, "e.ts");
		return;
	case FILTER_SINCE:
		condition_begin(s, c);
		question_add(s, "e.id > ?");
		question_int(s, import_log_mark(cf, (int64_t)c->number).event);
		condition_end(s, c);
		return;
	case FILTER_TECHNIQUE:
	case FILTER_TACTIC:
	case FILTER_TYPE:
	case FILTER_VERDICT:
	case FILTER_RISK:
	case FILTER_FIELD:
		return; /* events_behind; or nothing */
	}
}

/* Events behind one finding that has all that is included, and behind none of those excluded. */
static void
events_behind(struct question *s, struct casefile *cf, const struct conditions *cs)
{
	static const char in_finding[] =
	    "e.id IN (SELECT x.event FROM finding_event x JOIN finding_whole f ON " BASIS_OF("x", "f.id") " "
	    "LEFT JOIN work w ON w.id = f.id WHERE 1";
	const unsigned    parts = FILTER_OF_FINDINGS & ~FILTER_PARTS(FILTER_RULE);

	if (filter_includes(cs, parts)) {
		question_add(s, " AND ");
		question_add(s, in_finding);
		for (size_t i = 0; i < cs->n; i++)
			if (!cs->of[i].excludes && (parts & FILTER_PARTS(cs->of[i].part)))
				filter_finding(s, cf, &cs->of[i]);
		question_add(s, ")");
	}
	for (size_t i = 0; i < cs->n; i++) {
		struct condition c = cs->of[i];

		if (!c.excludes || !(parts & FILTER_PARTS(c.part)))
			continue;
		c.excludes = false;
		question_add(s, " AND NOT ");
		question_add(s, in_finding);
		filter_finding(s, cf, &c);
		question_add(s, ")");
	}
}

void
filter_events(struct question *s, struct casefile *cf, const struct conditions *cs, bool host)
{
	for (size_t i = 0; i < cs->n; i++)
		event_condition(s, cf, &cs->of[i], host);
	events_behind(s, cf, cs);
}
