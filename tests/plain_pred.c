/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tests/plain_pred.h"

#include "base/name_entry.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

bool
plain_glob(struct text glob, struct text t)
{
	if (glob.n == 0)
		return t.n == 0;
	if (glob.p[0] == '*') {
		while (glob.n && glob.p[0] == '*')
			glob = text_from(glob, 1);
		for (size_t i = 0; i <= t.n; i++)
			if (glob.n == 0 || plain_glob(glob, text_from(t, i)))
				return true;
		return false;
	}
	return t.n && glob.p[0] == t.p[0] && plain_glob(text_from(glob, 1), text_from(t, 1));
}

static bool
same(const struct pattern *p, struct text value, struct arena *keep)
{
	double a, b;

	if (text_to_double(p->source, &a) && text_to_double(value, &b))
		return a <= b && a >= b;
	if (p->cidr)
		return pattern_match(p, value);
	return plain_glob(arena_fold(keep, p->source), arena_fold(keep, value));
}

static bool
ordered(const struct pred *p, struct text value)
{
	double a, b;
	int    c = text_cmp(value, p->pattern.source);

	if (text_to_double(value, &a) && text_to_double(p->pattern.source, &b))
		c = a < b ? -1 : a > b;
	switch (p->kind) {
	case PRED_LT:
		return c < 0;
	case PRED_LE:
		return c <= 0;
	case PRED_GT:
		return c > 0;
	case PRED_GE:
		return c >= 0;
	case PRED_TRUE: case PRED_FALSE: case PRED_AND: case PRED_OR: case PRED_NOT: case PRED_EQ:
	case PRED_NE: case PRED_WORD: case PRED_MODEL: case PRED_TIME:
		break;
	}
	return false;
}

static bool
holds_any(const struct pred *p, const struct text *values, size_t n, struct arena *keep)
{
	for (size_t i = 0; i < n; i++)
		if (same(&p->pattern, values[i], keep))
			return true;
	return false;
}

static bool
compares(const struct pred *p, const struct event *ev, struct arena *keep)
{
	struct text values[NAME_VALUES_MAX];
	bool        one;
	size_t      n = event_match_values(ev, &p->name, keep, values, COUNT(values), &one);

	if (p->kind == PRED_NE && one)
		return n && !holds_any(p, values, n, keep);
	for (size_t i = 0; i < n; i++) {
		if (p->kind == PRED_EQ || p->kind == PRED_NE
			? same(&p->pattern, values[i], keep) == (p->kind == PRED_EQ)
			: ordered(p, values[i]))
			return true;
	}
	return false;
}

bool
plain_holds(const struct pred *p, const struct event *ev, struct arena *keep)
{
	bool all = p->kind == PRED_AND;

	switch (p->kind) {
	case PRED_TRUE:
		return true;
	case PRED_FALSE:
		return false;
	case PRED_AND:
	case PRED_OR:
		for (uint32_t i = 0; i < p->n_kids; i++)
			if (plain_holds(p->kids[i], ev, keep) != all)
				return !all;
		return all;
	case PRED_NOT:
		return !plain_holds(p->kids[0], ev, keep);
	case PRED_EQ: case PRED_NE: case PRED_LT: case PRED_LE: case PRED_GT: case PRED_GE:
		return compares(p, ev, keep);
	case PRED_WORD:
		return plain_glob(arena_printf(keep, "*" TEXT_FMT "*",
					       TEXT_ARG(arena_fold(keep, p->pattern.source))),
				  arena_fold(keep, event_words(ev, keep)));
	case PRED_MODEL:
		return model_has(p->model, ev);
	case PRED_TIME:
		return p->earliest_ns <= ev->time_ns && ev->time_ns < p->latest_ns;
	}
	return false;
}
