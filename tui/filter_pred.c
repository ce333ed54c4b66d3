/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tui/filter_pred.h"

#include "base/when.h"

static const struct pred *
equals(struct arena *keep, struct text name, struct text value, bool exact)
{
	struct pred *p = arena_new(keep, struct pred, 1);

	p->kind = PRED_EQ;
	p->name = name_ref(name);
	p->pattern = pattern_make(keep, value, exact, false);
	return p;
}

/* Every name that begins with the first label: more than those of the machine, never fewer. */
static const struct pred *
host_may_be(struct arena *keep, struct text host)
{
	const struct pred **names = arena_new(keep, const struct pred *, 2);
	struct text         label = host;
	size_t              dot = text_find_byte(host, '.');

	if (dot != TEXT_NOWHERE && dot > 0)
		label = text_head(host, dot);
	names[0] = equals(keep, TEXT("Computer"), label, true);
	names[1] = equals(keep, TEXT("Computer"), arena_join(keep, label, TEXT(".*")), false);
	return pred_list(keep, PRED_OR, names, 2);
}

static const struct pred *
value_is(struct arena *keep, const struct condition *c, struct text value)
{
	switch (c->part) {
	case FILTER_HOST:
		return c->excludes ? NULL : host_may_be(keep, value);
	case FILTER_CHANNEL:
		return equals(keep, TEXT("Channel"), value, true);
	case FILTER_PROVIDER:
		return equals(keep, TEXT("SourceName"), value, true);
	case FILTER_EVENT_ID:
		return equals(keep, TEXT("EventCode"), value, true);
	case FILTER_RECORD_ID:
		return equals(keep, TEXT("RecordNumber"), value, true);
	case FILTER_FIELD:
		return equals(keep, c->name, value, true);
	case FILTER_USER:
	case FILTER_RULE:
	case FILTER_TECHNIQUE:
	case FILTER_TACTIC:
	case FILTER_TYPE:
	case FILTER_VERDICT:
	case FILTER_RISK:
	case FILTER_TIME:
	case FILTER_BOOKMARK:
	case FILTER_SINCE:
	case FILTER_EVIDENCE:
		break;
	}
	return NULL;
}

static const struct pred *
condition_pred(const struct condition *c, struct arena *keep)
{
	const struct pred **any = arena_new(keep, const struct pred *, c->n_values + 1), *p;
	size_t              n = 0;

	if (c->part == FILTER_TIME) {
		struct pred *time = arena_new(keep, struct pred, 1);

		time->kind = PRED_TIME;
		time->earliest_ns = c->span.earliest_ns;
		time->latest_ns = c->span.latest_ns;
		any[n++] = time;
	}
	for (uint32_t i = 0; i < c->n_values; i++) {
		any[n] = value_is(keep, c, c->values[i]);
		n += any[n] != NULL;
	}
	if (n == 0)
		return NULL;
	p = pred_list(keep, PRED_OR, any, n);
	return c->excludes ? pred_not(keep, p) : p;
}

const struct pred *
filter_pred(const struct case_filter *f, struct arena *keep)
{
	const struct pred *p = f->host.n ? host_may_be(keep, f->host) : NULL;

	for (uint32_t i = 0; i < f->n_conditions; i++) {
		const struct pred *one = condition_pred(&f->conditions[i], keep);

		if (one)
			p = pred_and(keep, p, one);
	}
	return p;
}

struct span
filter_span(const struct case_filter *f)
{
	struct span span = f->span;

	for (uint32_t i = 0; i < f->n_conditions; i++) {
		const struct condition *c = &f->conditions[i];

		if (c->part != FILTER_TIME || c->excludes)
			continue;
		if (c->span.earliest_ns > span.earliest_ns)
			span.earliest_ns = c->span.earliest_ns;
		if (c->span.latest_ns < span.latest_ns)
			span.latest_ns = c->span.latest_ns;
	}
	return span;
}

bool
filter_asks_fields(const struct case_filter *f)
{
	for (uint32_t i = 0; i < f->n_conditions; i++)
		if (f->conditions[i].part == FILTER_FIELD)
			return true;
	return false;
}
