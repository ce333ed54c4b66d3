/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "cli/factoring.h"

#include <stdlib.h>

#include "base/when.h"
#include "rules/search.h"
#include "store/factor.h"
#include "store/findings.h"
#include "store/given.h"

/* ---- conditions ---- */

static bool
compile(struct text condition, const struct ruleset *rs, struct arena *keep, struct search **out,
	struct err *err)
{
	const struct search_env env = { ruleset_macros(rs), ruleset_lookups(rs), false };
	const struct place      place = { FACTOR_PLACE, 0, 1 };

	return search_compile(out, keep,
			      arena_join(keep, TEXT("| from datamodel Risk.All_Risk |\n"), condition),
			      place, &env, err);
}

bool
factoring_check(struct text condition, const struct ruleset *rs, struct arena *keep, struct err *err)
{
	struct err     again = { 0 };
	struct search *search;

	if (compile(condition, rs, keep, &search, err))
		return true;
	if (!compile(arena_join(keep, TEXT("search "), condition), rs, keep, &search, &again))
		return false;
	*err = (struct err){ 0 };
	return err_set(err, ERR_RULE, "a condition begins with a command; write: search " TEXT_FMT,
		       TEXT_ARG(condition));
}

/* ---- to which risk events they apply ---- */

#define RISK_EVENT_MOST 9007199254740992.0 /* a number has no more digits */

struct applied {
	int64_t  risk_event;
	uint32_t factor; /* of struct scoring */
};

struct scoring {
	struct casefile      *cf;
	const struct ruleset *rs;
	struct arena          keep;
	struct factor        *factors;
	size_t                n_factors;
	struct applied       *applied;
	size_t                n, cap;
	uint32_t              factor; /* that is being asked about */
	uint32_t              broken;
	bool                  unknown; /* a row says not which risk event it is */
};

static bool
note_applied(void *ctx, const struct row *row)
{
	struct scoring *s = ctx;
	struct arena    scratch = s->keep;
	struct value    id = row_get(row, TEXT("risk_event_id"), &scratch);
	double          number;

	s->unknown = !value_number(&id, &number) || !(number >= 1 && number <= RISK_EVENT_MOST);
	if (s->unknown)
		return false;
	arena_grow(&s->keep, s->applied, s->n, &s->cap);
	s->applied[s->n++] = (struct applied){ (int64_t)number, s->factor };
	return true;
}

static bool
ask_factor(struct scoring *s, struct err *err)
{
	const struct source     source = casefile_source(s->cf);
	const struct search_run run = { .source = &source, .span = { WHEN_NONE, WHEN_MAX } };
	struct search_stats     stats;
	struct search          *search;

	s->unknown = false;
	if (!compile(s->factors[s->factor].condition, s->rs, &s->keep, &search, err) ||
	    !search_execute(search, &run, note_applied, s, &stats, err))
		return false;
	return !s->unknown ||
	       err_set(err, ERR_USAGE, "the condition makes rows of its own; it may only keep or drop "
				       "those of risk events: search, where, lookup, eval");
}

/* One that cannot be asked any more, its lookup being gone, is no reason to count nothing. */
static bool
ask_factors(struct scoring *s, struct err *err)
{
	for (s->factor = 0; s->factor < s->n_factors; s->factor++) {
		struct factor *f = &s->factors[s->factor];
		struct err     problem = { 0 };
		size_t         before = s->n;

		f->problem = TEXT_NONE;
		f->risk_events = 0;
		if (f->off || ask_factor(s, &problem))
			continue;
		if (problem.kind == ERR_IO || problem.kind == ERR_CANCEL) {
			*err = problem;
			return false;
		}
		s->n = before;
		s->broken++;
		f->problem = arena_copy(&s->keep, text_of(problem.what));
	}
	return true;
}

/* ---- what they come to ---- */

static int
by_risk_event(const void *a, const void *b)
{
	const struct applied *x = a, *y = b;

	if (x->risk_event != y->risk_event)
		return x->risk_event < y->risk_event ? -1 : 1;
	return (x->factor > y->factor) - (x->factor < y->factor);
}

/* "contractor +4", "watchlist x1.5", "both +4 x1.5" */
static struct text
term_of(const struct factor *f, struct arena *keep)
{
	struct text t = f->name;

	if (f->add != 0)
		t = arena_printf(keep, TEXT_FMT " %+g", TEXT_ARG(t), f->add);
	if (f->multiply != 1)
		t = arena_printf(keep, TEXT_FMT " x%g", TEXT_ARG(t), f->multiply);
	return t;
}

/* Many factors are no reason for a score that is no number any more. */
#define SCALE_MOST 1e12

static double
bounded(double multiply)
{
	return multiply > SCALE_MOST ? SCALE_MOST : multiply < -SCALE_MOST ? -SCALE_MOST : multiply;
}

static struct factor_score *
scores_of(struct scoring *s, size_t *n)
{
	struct factor_score *scores = arena_new(&s->keep, struct factor_score, s->n + 1);
	const struct applied *last = NULL;

	*n = 0;
	if (s->n)
		qsort(s->applied, s->n, sizeof(*s->applied), by_risk_event);
	for (size_t i = 0; i < s->n; i++) {
		const struct applied *a = &s->applied[i];
		struct factor        *f = &s->factors[a->factor];
		struct factor_score  *score;

		if (last && by_risk_event(last, a) == 0)
			continue;
		if (!last || last->risk_event != a->risk_event)
			scores[(*n)++] = (struct factor_score){ a->risk_event, 0, 1, TEXT_NONE };
		score = &scores[*n - 1];
		score->add += f->add;
		score->multiply = bounded(score->multiply * f->multiply);
		score->terms = text_absent(score->terms)
				   ? term_of(f, &s->keep)
				   : arena_printf(&s->keep, TEXT_FMT "\n" TEXT_FMT,
						  TEXT_ARG(score->terms),
						  TEXT_ARG(term_of(f, &s->keep)));
		f->risk_events++;
		last = a;
	}
	return scores;
}

static bool
apply(struct scoring *s, struct err *err)
{
	struct factor_score *scores;
	size_t               n;

	s->n_factors = factors(s->cf, &s->keep, &s->factors);
	/* what conditions are asked of is what rules say */
	if (!factors_score(s->cf, NULL, 0, s->factors, s->n_factors, err))
		return false;
	if (!ask_factors(s, err))
		return false;
	scores = scores_of(s, &n);
	return factors_score(s->cf, scores, n, s->factors, s->n_factors, err) &&
	       findings_sum_up(s->cf, err);
}

bool
factoring_sum_up(struct casefile *cf, const struct ruleset *rs, uint32_t *broken, struct err *err)
{
	struct scoring s = { .cf = cf, .rs = rs };
	bool           good = given_settle(cf, err) && findings_sum_up(cf, err);

	if (broken)
		*broken = 0;
	if (!good || !factors_matter(cf))
		return good;
	s.keep = arena_open((size_t)1 << 36);
	good = apply(&s, err);
	if (broken)
		*broken = s.broken;
	arena_close(&s.keep);
	return good;
}

/* Setting of the case. */
#define NEWER "risk.newer"

bool
factoring_newer(struct casefile *cf)
{
	struct arena keep = arena_open(1 << 16);
	bool         newer = casefile_get(cf, NEWER, &keep).n > 0;

	arena_close(&keep);
	return newer;
}

bool
factoring_read(struct casefile *cf, struct err *err)
{
	return !factoring_newer(cf) || casefile_set(cf, NEWER, TEXT(""), err);
}

static bool
is_askable(struct casefile *cf, struct text name, struct err *err)
{
	struct arena   keep = arena_open((size_t)1 << 28);
	struct factor *all;
	size_t         n = text_absent(name) ? 0 : factors(cf, &keep, &all);
	bool           good = true;

	for (size_t i = 0; i < n; i++)
		if (text_ieq(all[i].name, name) && all[i].problem.n)
			good = err_set(err, ERR_USAGE, TEXT_FMT, TEXT_ARG(all[i].problem));
	arena_close(&keep);
	return good;
}

static bool
make(struct casefile *cf, const struct ruleset *rs, const struct factoring *f, struct err *err)
{
	return f->change(cf, f->what, err) && factoring_sum_up(cf, rs, NULL, err) &&
	       is_askable(cf, f->factor, err) && casefile_set(cf, NEWER, TEXT("1"), err) &&
	       (!f->look || f->look(cf, f->ctx, err));
}

bool
factoring_change(struct casefile *cf, const struct ruleset *rs, const struct factoring *f,
		 struct err *err)
{
	bool good = findings_begin(cf, err);

	if (!good)
		return false;
	good = make(cf, rs, f, err);
	if (good && !f->try_only)
		return findings_end(cf, err);
	findings_abort(cf);
	return good;
}
