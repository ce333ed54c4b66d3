/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/filter.h"

#include <assert.h>
#include <stdio.h>

#include "base/when.h"
#include "store/machine.h"

#define HOSTS_MAX 512 /* hosts with one first label */

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

void
filter_keep(struct conditions *cs, unsigned parts)
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
	if (f->since_import)
		cs->of[cs->n++] = (struct condition){ .part = FILTER_SINCE,
						      .number = (double)f->since_import };
	if (f->span.earliest_ns != WHEN_NONE || f->span.latest_ns != WHEN_MAX)
		cs->of[cs->n++] = (struct condition){ .part = FILTER_TIME, .span = f->span };
	assert(f->n_conditions <= FILTER_CONDITIONS_MAX);
	for (uint32_t i = 0; i < f->n_conditions; i++)
		cs->of[cs->n++] = f->conditions[i];
	filter_keep(cs, parts);
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

bool
condition_is_yes(struct text value)
{
	return text_ieq(value, TEXT("yes"));
}

bool
filter_asks_bookmark(const struct conditions *cs)
{
	for (size_t i = 0; i < cs->n; i++)
		if (cs->of[i].part == FILTER_BOOKMARK && cs->of[i].n_values == 1 &&
		    condition_is_yes(cs->of[i].values[0]) != cs->of[i].excludes)
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

void
filter_summary_host(struct question *s, struct casefile *cf, struct text host)
{
	filter_host(s, cf, "host", host);
}

static int64_t
hour_of(int64_t ns)
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
		question_int(s, hour_of(c->span.earliest_ns));
		question_int(s, latest == WHEN_MAX ? WHEN_MAX / WHEN_HOUR : hour_of(latest - 1));
	}
}
