/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/filter.h"

#include <assert.h>

#include "base/when.h"
#include "store/machine.h"

#define HOSTS_MAX 32 /* hosts with one first label */

void
question_add(struct question *s, const char *piece)
{
	size_t n = strlen(piece);

	assert(n < QUESTION_SQL - s->n);
	memcpy(s->sql + s->n, piece, n + 1);
	s->n += n;
}

void
question_int(struct question *s, int64_t v)
{
	assert(s->n_values < QUESTION_VALUES);
	s->value[s->n_values].kind = BIND_INT;
	s->value[s->n_values++].i = v;
}

void
question_real(struct question *s, double v)
{
	assert(s->n_values < QUESTION_VALUES);
	s->value[s->n_values].kind = BIND_REAL;
	s->value[s->n_values++].r = v;
}

void
question_text(struct question *s, struct text t)
{
	assert(s->n_values < QUESTION_VALUES);
	s->value[s->n_values].kind = BIND_TEXT;
	s->value[s->n_values++].t = t;
}

bool
question_ask(struct ask *q, struct casefile *cf, const struct question *s, struct err *err)
{
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

bool
filter_needs_findings(const struct case_filter *f)
{
	return !text_absent(f->user) || !text_absent(f->rule) || !text_absent(f->technique) ||
	       !text_absent(f->verdict) || f->min_risk > 0;
}

bool
filter_has_span(const struct case_filter *f)
{
	return f->span.earliest_ns != WHEN_NONE || f->span.latest_ns != WHEN_MAX;
}

void
filter_findings(struct question *s, struct casefile *cf, const struct case_filter *f)
{
	if (!text_absent(f->host)) {
		question_add(s, " AND (f.host = ? COLLATE NOCASE OR ");
		question_text(s, f->host);
		filter_host(s, cf, "f.host_ref", f->host);
		question_add(s,
			     " OR EXISTS (SELECT 1 FROM risk_event o WHERE o.finding = f.id AND ");
		filter_host(s, cf, "o.host_ref", f->host);
		question_add(s, "))");
	}
	if (!text_absent(f->user)) {
		question_add(s, " AND (f.user = ? COLLATE NOCASE OR ");
		question_text(s, f->user);
		filter_user(s, "f.user_key", f->user);
		question_add(s, " OR EXISTS (SELECT 1 FROM risk_event o WHERE o.finding = f.id "
				"AND o.type = 1 AND ");
		filter_user(s, "o.normalized", f->user);
		question_add(s, "))");
	}
	if (!text_absent(f->rule)) {
		question_add(s, " AND (f.rule_id = ? COLLATE NOCASE OR f.rule = ? COLLATE NOCASE)");
		question_text(s, f->rule);
		question_text(s, f->rule);
	}
	if (!text_absent(f->technique)) {
		question_add(s, " AND (instr(' ' || upper(f.techniques) || ' ', "
				"' ' || upper(?) || ' ') OR instr(' ' || upper(f.techniques), "
				"' ' || upper(?) || '.'))");
		question_text(s, f->technique);
		question_text(s, f->technique);
	}
	if (!text_absent(f->verdict)) {
		question_add(s, " AND coalesce(w.verdict, 'open') = ? COLLATE NOCASE");
		question_text(s, f->verdict);
	}
	if (f->min_risk > 0) {
		question_add(s, " AND f.risk_score >= ?");
		question_real(s, f->min_risk);
	}
	if (filter_has_span(f)) {
		question_add(s, " AND f.last_ns >= ? AND f.first_ns <= ?");
		question_int(s, f->span.earliest_ns);
		question_int(s, f->span.latest_ns == WHEN_MAX ? WHEN_MAX : f->span.latest_ns - 1);
	}
}
