/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/filter.h"

#include <assert.h>
#include <stdio.h>

#include "base/when.h"
#include "store/machine.h"

#define HOSTS_MAX 512 /* hosts with one first label */

void
question_add(struct question *s, const char *piece)
{
	size_t n = strlen(piece);

	s->too_long |= n >= QUESTION_SQL - s->n;
	if (s->too_long)
		return;
	memcpy(s->sql + s->n, piece, n + 1);
	s->n += n;
}

static bool
has_room(struct question *s)
{
	s->too_long |= s->n_values == QUESTION_VALUES;
	return !s->too_long;
}

void
question_int(struct question *s, int64_t v)
{
	if (!has_room(s))
		return;
	s->value[s->n_values].kind = BIND_INT;
	s->value[s->n_values++].i = v;
}

static void
question_real(struct question *s, double v)
{
	if (!has_room(s))
		return;
	s->value[s->n_values].kind = BIND_REAL;
	s->value[s->n_values++].r = v;
}

void
question_text(struct question *s, struct text t)
{
	if (!has_room(s))
		return;
	s->value[s->n_values].kind = BIND_TEXT;
	s->value[s->n_values++].t = t;
}

bool
question_ask(struct ask *q, struct casefile *cf, const struct question *s, struct err *err)
{
	if (s->too_long) {
		*q = (struct ask){ .cf = cf, .err = err, .failed = true };
		return err_set(err, ERR_INPUT, "the filter names too many values; take some off");
	}
	if (!ask_once(q, cf, s->sql, err))
		return false;
	for (unsigned i = 0; i < s->n_values; i++)
		switch (s->value[i].kind) {
		case BIND_INT:
			ask_int(q, (int)i + 1, s->value[i].i);
			break;
		case BIND_REAL:
			ask_real(q, (int)i + 1, s->value[i].r);
			break;
		case BIND_TEXT:
			ask_text(q, (int)i + 1, s->value[i].t);
			break;
		}
	return true;
}

void
filter_host(struct question *s, struct casefile *cf, const char *column, struct text host)
{
	int64_t ids[HOSTS_MAX];
	size_t  n = machine_hosts(cf, host, ids, HOSTS_MAX);

	question_add(s, column);
	question_add(s, " IN (-1");
	for (size_t i = 0; i < n && i < HOSTS_MAX; i++) {
		question_add(s, ", ?");
		question_int(s, ids[i]);
	}
	question_add(s, ")");
}

void
filter_user(struct question *s, const char *column, struct text user)
{
	question_add(s, "(");
	question_add(s, column);
	question_add(s, " = ? COLLATE NOCASE OR ");
	question_add(s, column);
	question_add(s, " IN (SELECT un.user FROM user_name un WHERE un.name = ?))");
	question_text(s, user);
	question_text(s, user);
}

static void
add_text(struct conditions *cs, enum filter_part part, const struct text *value)
{
	if (!text_absent(*value))
		cs->of[cs->n++] = (struct condition){ .part = part, .values = value, .n_values = 1 };
}

static void
keep_parts(struct conditions *cs, unsigned parts)
{
	size_t n = 0;

	for (size_t i = 0; i < cs->n; i++)
		if (parts & FILTER_PARTS(cs->of[i].part))
			cs->of[n++] = cs->of[i];
	cs->n = n;
}

void
filter_conditions(const struct case_filter *f, unsigned parts, struct conditions *cs)
{
	cs->n = 0;
	add_text(cs, FILTER_HOST, &f->host);
	add_text(cs, FILTER_USER, &f->user);
	add_text(cs, FILTER_RULE, &f->rule);
	add_text(cs, FILTER_TECHNIQUE, &f->technique);
	add_text(cs, FILTER_VERDICT, &f->verdict);
	add_text(cs, FILTER_CHANNEL, &f->channel);
	if (f->event_id) {
		int n = snprintf(cs->digits, sizeof(cs->digits), "%u", (unsigned)f->event_id);

		cs->event_id = (struct text){ cs->digits, (size_t)n };
		add_text(cs, FILTER_EVENT_ID, &cs->event_id);
	}
	if (f->min_risk > 0)
		cs->of[cs->n++] = (struct condition){ .part = FILTER_RISK, .number = f->min_risk };
	if (f->span.earliest_ns != WHEN_NONE || f->span.latest_ns != WHEN_MAX)
		cs->of[cs->n++] = (struct condition){ .part = FILTER_TIME, .span = f->span };
	assert(f->n_conditions <= FILTER_CONDITIONS_MAX);
	for (uint32_t i = 0; i < f->n_conditions; i++)
		cs->of[cs->n++] = f->conditions[i];
	keep_parts(cs, parts);
}

bool
filter_includes(const struct conditions *cs, unsigned parts)
{
	for (size_t i = 0; i < cs->n; i++)
		if (!cs->of[i].excludes && (parts & FILTER_PARTS(cs->of[i].part)))
			return true;
	return false;
}

bool
filter_excludes(const struct conditions *cs, unsigned parts)
{
	for (size_t i = 0; i < cs->n; i++)
		if (cs->of[i].excludes && (parts & FILTER_PARTS(cs->of[i].part)))
			return true;
	return false;
}

bool
filter_has(const struct conditions *cs, unsigned parts)
{
	return filter_includes(cs, parts) || filter_excludes(cs, parts);
}

static bool
is_yes(struct text value)
{
	return text_ieq(value, TEXT("yes"));
}

bool
filter_asks_bookmark(const struct conditions *cs)
{
	for (size_t i = 0; i < cs->n; i++)
		if (cs->of[i].part == FILTER_BOOKMARK && cs->of[i].n_values == 1 &&
		    is_yes(cs->of[i].values[0]) != cs->of[i].excludes)
			return true;
	return false;
}

void
condition_begin(struct question *s, const struct condition *c)
{
	question_add(s, c->excludes ? " AND NOT ifnull((" : " AND (");
}

void
condition_end(struct question *s, const struct condition *c)
{
	question_add(s, c->excludes ? "), 0)" : ")");
}

void
condition_any(struct question *s, struct casefile *cf, const struct condition *c,
	      condition_fn *add)
{
	condition_begin(s, c);
	for (uint32_t i = 0; i < c->n_values; i++) {
		question_add(s, i ? " OR (" : "(");
		add(s, cf, c->values[i]);
		question_add(s, ")");
	}
	if (!c->n_values)
		question_add(s, "0");
	condition_end(s, c);
}

void
condition_time(struct question *s, const struct condition *c, const char *column)
{
	condition_begin(s, c);
	question_add(s, column);
	question_add(s, " >= ? AND ");
	question_add(s, column);
	question_add(s, " <= ? AND ");
	question_add(s, column);
	question_add(s, " <> ?");
	question_int(s, c->span.earliest_ns);
	question_int(s, c->span.latest_ns == WHEN_MAX ? WHEN_MAX : c->span.latest_ns - 1);
	question_int(s, WHEN_NONE);
	condition_end(s, c);
}

/* ---- findings ---- */

static void
finding_host(struct question *s, struct casefile *cf, struct text host)
{
	question_add(s, "f.host = ? COLLATE NOCASE OR ");
	question_text(s, host);
	filter_host(s, cf, "f.host_ref", host);
	question_add(s, " OR EXISTS (SELECT 1 FROM risk_event o WHERE o.finding = f.id AND ");
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
	question_add(s, " OR EXISTS (SELECT 1 FROM risk_event o WHERE o.finding = f.id "
			"AND o.type = 1 AND ");
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
	question_add(s, is_yes(value) ? "" : "NOT ");
	question_add(s, "(coalesce(w.bookmark, 0) OR EXISTS (SELECT 1 FROM json_each(f.events) x "
			"JOIN work v ON v.event = x.value WHERE v.bookmark))");
}

/* Those with an event that passes; those whose events are not all known may have one. */
static void
finding_events(struct question *s, struct casefile *cf, const struct conditions *cs)
{
	struct conditions of_events = *cs;

	keep_parts(&of_events, FILTER_OF_EVENTS);
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

static void
finding_condition(struct question *s, struct casefile *cf, const struct condition *c)
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

	keep_parts(&mine, parts);
	for (size_t i = 0; i < mine.n; i++)
		finding_condition(s, cf, &mine.of[i]);
	finding_events(s, cf, &mine);
}

/* ---- events ---- */

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
	question_add(s, is_yes(value) ? "" : "NOT ");
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
	    "e.id IN (SELECT x.event FROM finding_event x JOIN finding f ON f.id = x.finding "
	    "LEFT JOIN work w ON w.id = f.id WHERE 1";
	const unsigned    parts = FILTER_OF_FINDINGS & ~FILTER_PARTS(FILTER_RULE);

	if (filter_includes(cs, parts)) {
		question_add(s, " AND ");
		question_add(s, in_finding);
		for (size_t i = 0; i < cs->n; i++)
			if (!cs->of[i].excludes && (parts & FILTER_PARTS(cs->of[i].part)))
				finding_condition(s, cf, &cs->of[i]);
		question_add(s, ")");
	}
	for (size_t i = 0; i < cs->n; i++) {
		struct condition c = cs->of[i];

		if (!c.excludes || !(parts & FILTER_PARTS(c.part)))
			continue;
		c.excludes = false;
		question_add(s, " AND NOT ");
		question_add(s, in_finding);
		finding_condition(s, cf, &c);
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

/* ---- summaries ---- */

void
filter_summary_host(struct question *s, struct casefile *cf, struct text host)
{
	filter_host(s, cf, "host", host);
}

int64_t
filter_hour(int64_t ns)
{
	return ns / WHEN_HOUR - (ns % WHEN_HOUR < 0);
}

void
filter_hours(struct question *s, struct casefile *cf, const struct conditions *cs)
{
	for (size_t i = 0; i < cs->n; i++) {
		const struct condition *c = &cs->of[i];
		int64_t                 latest = c->span.latest_ns;

		if (c->part == FILTER_HOST)
			condition_any(s, cf, c, filter_summary_host);
		if (c->part != FILTER_TIME || c->excludes)
			continue;
		question_add(s, " AND hour >= ? AND hour <= ?");
		question_int(s, filter_hour(c->span.earliest_ns));
		question_int(s, latest == WHEN_MAX ? WHEN_MAX / WHEN_HOUR : filter_hour(latest - 1));
	}
}
