/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tui/rules_sum.h"

#include <stdlib.h>

#define RULES_MAX 64

struct rule_sum {
	struct text rule, technique;
	double      sum, each;
	uint64_t    n;
	int64_t     last_ns;
};

struct sums {
	struct arena   *keep;
	struct rule_sum rules[RULES_MAX];
	size_t          n;
	uint64_t        left_out;
	struct text     host; /* only risk of this object; absent: of all */
};

static bool
add_up(void *ctx, const struct risk_event *re)
{
	struct sums     *s = ctx;
	struct rule_sum *sum = NULL;

	if (s->host.n && re->object.type != RISK_SYSTEM)
		return true;
	for (size_t i = 0; i < s->n && !sum; i++)
		if (text_eq(s->rules[i].rule, re->rule) && s->rules[i].each == re->object.score)
			sum = &s->rules[i];
	if (!sum && s->n == RULES_MAX) {
		s->left_out++;
		return true;
	}
	if (!sum) {
		sum = &s->rules[s->n++];
		*sum = (struct rule_sum){ .rule = arena_copy(s->keep, re->rule),
					  .technique = arena_copy(s->keep, re->technique),
					  .each = re->object.score,
					  .last_ns = re->time_ns };
	}
	sum->n++;
	sum->sum += re->object.score;
	sum->last_ns = re->time_ns > sum->last_ns ? re->time_ns : sum->last_ns;
	return true;
}

static int
by_sum(const void *a, const void *b)
{
	const struct rule_sum *x = a, *y = b;

	return x->sum != y->sum ? (x->sum < y->sum ? 1 : -1) : text_cmp(x->rule, y->rule);
}

void
rules_sum(struct app *app, const struct case_filter *f, struct doc *d)
{
	struct sums *s = arena_new(d->keep, struct sums, 1);
	struct err   err = { 0 };
	char         human[WHEN_TEXT_MAX];

	s->keep = d->keep;
	s->host = f->host;
	if (!query_risk_events(app->cf, f, add_up, s, &err)) {
		doc_plain(d, arena_printf(d->keep, "%s", err.what));
		return;
	}
	if (!s->n) {
		doc_plain(d, TEXT("No risk: no rule found anything here."));
		return;
	}
	qsort(s->rules, s->n, sizeof(s->rules[0]), by_sum);
	doc_plain(d, TEXT("  RISK  EACH    x  RULE"))->role = ROLE_DIM;
	for (size_t i = 0; i < s->n; i++) {
		const struct rule_sum *r = &s->rules[i];

		human[zone_human(&app->screen.zone, r->last_ns, human)] = '\0';
		doc_plain(d,
			  arena_printf(d->keep, "%6.0f %5.0f %4llu  %-64.*s  %-15.*s  %.*s", r->sum,
				       r->each, (unsigned long long)r->n, TEXT_ARG(r->rule),
				       TEXT_ARG(r->technique), app->screen.years ? 10 : 11,
				       !human[0]	   ? ""
				       : app->screen.years ? human
							   : human + 5));
	}
	if (s->left_out)
		doc_plain(d,
			  arena_printf(d->keep, "and %llu more", (unsigned long long)s->left_out));
}
