/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "cli/plan.h"

#include <stdlib.h>

#include "store/query.h"

static void
plan_add(struct plan *plan, struct rule_job job, struct arena *keep)
{
	arena_grow(keep, plan->jobs, plan->n, &plan->cap);
	plan->jobs[plan->n++] = job;
}

/* Which rules of a plan read together, and what. */
struct planned {
	const struct ruleset *rs;
	const struct due     *due;
	bool                 *together; /* [rule], as the next */
	enum model           *model;
};

/* Of those that are alike the first is run for all. */
static bool
is_run(const struct ruleset *rs, const struct due *due, uint32_t i)
{
	const uint32_t *alike;

	return due->rule[i] && ruleset_alike(rs, i, &alike) && alike[0] == i;
}

/* On their way from stage to stage. */
static uint64_t
rows_of(const struct ruleset *rs, struct casefile *cf, uint32_t rule)
{
	const struct detection *d = ruleset_get(rs, rule);

	return d->search ? query_hits(cf, d->id) * search_stages(d->search) : 0;
}

/* Fewer rules are not worth a second reading of what they take. */
#define TOGETHER_LEAST 8

/* The data model of which it takes all events; MODEL_NONE: it takes hits. False: it reads alone. */
static bool
shares(const struct ruleset *rs, struct casefile *cf, uint32_t i, enum model *model)
{
	*model = ruleset_takes_whole(rs, i);
	return *model != MODEL_NONE ||
	       (ruleset_takes_hits(rs, i) && query_hits(cf, ruleset_get(rs, i)->id));
}

/* Those that take all events of a model, or of MODEL_NONE their hits, so that these are read for all
 * of them at once; a part of them for every other thread, when there are many: the others have the
 * other rules to run. */
static void
plan_together(struct plan *plan, struct planned *of, enum model model, bool in_part,
	      uint32_t n_threads, struct arena *keep)
{
	uint32_t *rules = arena_new(keep, uint32_t, ruleset_count(of->rs)), n = 0, most;

	for (uint32_t i = 0; i < ruleset_count(of->rs); i++)
		if (of->together[i] && of->model[i] == model && of->due->in_part[i] == in_part)
			rules[n++] = i;
	most = (n + n_threads - 1) / n_threads * 2;
	most = most < TOGETHER_LEAST ? TOGETHER_LEAST : most;
	most = most > RULES_TOGETHER ? RULES_TOGETHER : most;
	for (uint32_t i = 0; i < n; i += most)
		plan_add(plan,
			 (struct rule_job){ rules + i, n - i < most ? n - i : most, model, true,
					    in_part },
			 keep);
}

struct plan
plan_make(const struct ruleset *rs, struct casefile *cf, const struct due *due, bool risk,
	  uint32_t n_threads, struct arena *keep)
{
	struct plan    plan = { 0 };
	struct planned of = { rs, due, arena_new(keep, bool, ruleset_count(rs)),
			      arena_new(keep, enum model, ruleset_count(rs)) };

	for (uint32_t i = 0; i < ruleset_count(rs); i++) {
		const struct detection *d = ruleset_get(rs, i);
		bool                    reads = d->search && search_reads_risk(d->search);
		uint32_t               *rule;

		if (reads != risk || !is_run(rs, due, i))
			continue;
		of.together[i] = !risk && shares(rs, cf, i, &of.model[i]);
		if (of.together[i])
			continue;
		rule = arena_new(keep, uint32_t, 1);
		*rule = i;
		plan_add(&plan, (struct rule_job){ rule, 1, MODEL_NONE, false, due->in_part[i] }, keep);
	}
	plan.n_single = plan.n;
	for (enum model model = MODEL_NONE; model < MODEL_COUNT; model++) {
		plan_together(&plan, &of, model, false, n_threads, keep);
		plan_together(&plan, &of, model, true, n_threads, keep);
	}
	return plan;
}

/* A rule with this part of all rows on their way from stage to stage is a long one. */
#define LONG_PART 32

/* Those over data sets, of which those with the most rules come first, then those over hits. */
static int
longest_first(const void *a, const void *b)
{
	const struct rule_job *x = *(const struct rule_job *const *)a;
	const struct rule_job *y = *(const struct rule_job *const *)b;
	bool                   whole_x = x->model != MODEL_NONE, whole_y = y->model != MODEL_NONE;

	if (whole_x != whole_y)
		return whole_x ? -1 : 1;
	if (whole_x && x->n != y->n)
		return x->n > y->n ? -1 : 1;
	return x < y ? -1 : x > y;
}

/* As many of those of one rule as are long. */
static uint32_t
list_long(const struct plan *plan, const struct ruleset *rs, struct casefile *cf, uint32_t *early,
	  struct arena *keep)
{
	uint64_t *rows = arena_new(keep, uint64_t, plan->n_single), all = 0;
	uint32_t  n = 0;

	for (uint32_t i = 0; i < plan->n_single; i++)
		all += rows[i] = rows_of(rs, cf, plan->jobs[i].rules[0]);
	for (uint32_t i = 0; i < plan->n_single; i++)
		if (rows[i] && rows[i] >= all / LONG_PART)
			early[n++] = i;
	return n;
}

struct turns_jobs
plan_turns(const struct plan *plan, const struct ruleset *rs, struct casefile *cf,
	   struct arena *keep)
{
	const struct rule_job **together = arena_new(keep, const struct rule_job *, plan->n);
	uint32_t               *early = arena_new(keep, uint32_t, plan->n), n = 0;
	uint32_t                n_together = plan->n - plan->n_single, i = 0;

	for (; i < n_together; i++)
		together[i] = &plan->jobs[plan->n_single + i];
	if (n_together)
		qsort(together, n_together, sizeof(*together), longest_first);
	for (i = 0; i < n_together && together[i]->model != MODEL_NONE; i++)
		early[n++] = (uint32_t)(together[i] - plan->jobs);
	n += list_long(plan, rs, cf, early + n, keep);
	for (; i < n_together; i++)
		early[n++] = (uint32_t)(together[i] - plan->jobs);
	return (struct turns_jobs){ plan->n, early, n };
}
