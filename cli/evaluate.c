/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "cli/evaluate.h"

#include <pthread.h>
#include <stdlib.h>

#include "cli/factoring.h"
#include "cli/plan.h"
#include "rules/rule_run.h"
#include "rules/silence.h"
#include "store/changes.h"
#include "store/findings.h"
#include "store/import.h"
#include "store/query.h"
#include "tui/facts.h"

/* Where findings and the ledger go, whoever ran the rule. */
struct writing {
	struct casefile      *cf;
	const struct ruleset *rs;
	struct evaluation    *out;
	struct case_facts     facts;
	const struct arena   *spare; /* for one note at a time */
};

static bool
write_one(const struct writing *w, const struct finding *f, bool hidden, struct err *err)
{
	return hidden ? findings_hide(w->cf, f, err) : findings_add(w->cf, f, err);
}

static bool
write_finding(void *ctx, const struct finding *f, bool hidden, struct err *err)
{
	struct writing     *w = ctx;
	struct arena        scratch = *w->spare;
	struct risk_object *objects = arena_new(&scratch, struct risk_object, f->n_objects);

	if (!write_one(w, f, hidden, err))
		return false;
	for (uint32_t i = 0; i < f->n_twins; i++) {
		struct finding twin = finding_of_twin(f, i, objects);

		if (!write_one(w, &twin, hidden, err))
			return false;
	}
	return true;
}

static void
count_status(struct evaluation *out, enum ledger_status status)
{
	switch (status) {
	case LEDGER_FOUND:
		out->found++;
		return;
	case LEDGER_NOTHING:
		return;
	case LEDGER_NO_DATA:
		out->no_data++;
		return;
	case LEDGER_UNSUPPORTED:
		out->unsupported++;
		return;
	case LEDGER_FAILED:
		out->failed++;
		return;
	}
}

static bool
write_note(void *ctx, uint32_t rule, bool of_part, struct ledger_entry *entry, struct err *err)
{
	struct writing *w = ctx;
	struct arena    scratch = *w->spare;

	silence_explain(ruleset_get(w->rs, rule), &w->facts, entry, &scratch);
	count_status(w->out, entry->status);
	w->out->findings += entry->findings;
	w->out->hidden += entry->filtered;
	if (entry->status != LEDGER_FAILED)
		entry->fingerprint = ruleset_fingerprint(w->rs, rule, &scratch);
	return (of_part ? findings_settle_part(w->cf, entry->rule_id, err)
			: findings_settle_rule(w->cf, entry->rule_id, err)) &&
	       findings_ledger(w->cf, entry, err);
}

static bool
index_early(void *ctx, struct err *err)
{
	struct writing *w = ctx;

	return findings_index(w->cf, err);
}

struct team {
	const struct evaluating *how;
	struct casefile         *cf;
	const struct ruleset    *rs;
	const struct due        *due;
	const struct plan       *plan;
	struct turns            *turns;
	uint32_t                 n_threads;
};

/* One thread's work on one job. */
struct doing {
	const struct team *team;
	struct source      src;
	struct case_part   part; /* due.part, of this thread's connection */
	uint32_t           number;
	uint64_t           given; /* rows given out */
};

static bool
give(void *ctx, const struct finding *f)
{
	struct doing *d = ctx;

	d->given++;
	return turns_put(d->team->turns, d->number, f, false);
}

static bool
give_hidden(void *ctx, const struct finding *f)
{
	struct doing *d = ctx;

	d->given++;
	return turns_put(d->team->turns, d->number, f, true);
}

/* Does the failure of a rule mean that no other can run either? */
static bool
is_end(const struct err *problem)
{
	return problem->kind == ERR_IO || problem->kind == ERR_CANCEL;
}

static struct ledger_entry *
entries_for(const struct ruleset *rs, uint32_t rule, struct arena *keep)
{
	const uint32_t *alike;

	return arena_new(keep, struct ledger_entry, ruleset_alike(rs, rule, &alike));
}

static void
note_alike(const struct doing *d, uint32_t rule, bool of_part, const struct ledger_entry *entries)
{
	const uint32_t *alike;
	uint32_t        n = ruleset_alike(d->team->rs, rule, &alike);

	for (uint32_t i = 0; i < n; i++)
		turns_note(d->team->turns, d->number, alike[i], of_part, &entries[i]);
}

/* What a run reads, and how. */
struct reading {
	struct source   src;
	struct rule_run run;
};

static void
reading_open(struct reading *r, struct doing *d, bool in_part, struct arena *keep)
{
	r->src = in_part ? part_source(&d->part, &d->src) : d->src;
	r->run = (struct rule_run){ .rules = d->team->rs,
				    .source = &r->src,
				    .found = give,
				    .hidden = give_hidden,
				    .ctx = d,
				    .keep = keep,
				    .part = in_part ? &d->team->due->told : NULL };
}

static bool
run_alike(struct doing *d, uint32_t rule, bool in_part, struct ledger_entry *entries,
	  struct arena *keep, struct err *err)
{
	struct reading r;

	reading_open(&r, d, in_part, keep);
	return rule_run_alike(&r.run, rule, entries, err);
}

/* Once more, with the memory of all threads. */
static bool
run_alone(struct doing *d, uint32_t rule, struct ledger_entry *entries, struct arena *keep,
	  struct err *err)
{
	size_t share = d->src.memory_bytes;
	bool   good;

	turns_alone(d->team->turns, d->number);
	d->src.memory_bytes = d->team->how->memory_bytes;
	good = run_alike(d, rule, false, entries, keep, err);
	d->src.memory_bytes = share;
	turns_share(d->team->turns);
	return good;
}

/* Is there more memory to be had, and would nothing be told twice? */
static bool
worth_more(const struct doing *d, enum err_kind failed, uint64_t given)
{
	return failed == ERR_LIMIT && !given && d->team->n_threads > 1;
}

/* A rule that fails alone has its entries, and is no failure. */
static bool
do_rule(struct doing *d, uint32_t rule, bool in_part, struct arena scratch, struct err *err)
{
	struct ledger_entry *entries = entries_for(d->team->rs, rule, &scratch);
	struct err           problem = { 0 };
	bool                 good;

	d->given = 0; /* what came out of a part is what comes out again */
	good = run_alike(d, rule, in_part, entries, &scratch, &problem);

	if (!good && in_part && !is_end(&problem))
		return do_rule(d, rule, false, scratch, err);
	if (!good && worth_more(d, problem.kind, d->given)) {
		problem = (struct err){ 0 };
		good = run_alone(d, rule, entries, &scratch, &problem);
	}
	if (!good && is_end(&problem)) {
		*err = problem;
		return false;
	}
	note_alike(d, rule, in_part, entries);
	return true;
}

static bool
do_together(struct doing *d, const struct rule_job *job, struct arena scratch, struct err *err)
{
	struct ledger_entry *entries[RULES_TOGETHER];
	enum err_kind        failed[RULES_TOGETHER];
	struct reading       r;

	for (uint32_t i = 0; i < job->n; i++)
		entries[i] = entries_for(d->team->rs, job->rules[i], &scratch);
	reading_open(&r, d, job->in_part, &scratch);
	if (!rule_run_together(&r.run, job->model, job->rules, job->n, entries, failed, err))
		return false;
	for (uint32_t i = 0; i < job->n; i++) {
		struct err problem = { 0 };

		if (job->in_part && failed[i] != ERR_NONE) {
			if (!do_rule(d, job->rules[i], false, scratch, err))
				return false;
			continue;
		}
		if (worth_more(d, failed[i], entries[i][0].findings + entries[i][0].filtered) &&
		    !run_alone(d, job->rules[i], entries[i], &scratch, &problem) &&
		    is_end(&problem)) {
			*err = problem;
			return false;
		}
		note_alike(d, job->rules[i], job->in_part, entries[i]);
	}
	return true;
}

/* A case that one thread works on is read through the connection that writes it. */
static bool
open_source(const struct team *c, struct casefile **own, struct source *src, struct err *err)
{
	*own = NULL;
	if (c->n_threads > 1) {
		if (!casefile_open(own, casefile_path(c->cf), CASEFILE_UNTOUCHED, 0, err))
			return false;
		casefile_cancel(*own, c->how->cancel);
	}
	*src = casefile_source(*own ? *own : c->cf);
	src->cancel = c->how->cancel;
	src->memory_bytes = c->how->memory_bytes / c->n_threads;
	return true;
}

static void *
work(void *arg)
{
	const struct team *c = arg;
	struct arena       scratch = arena_open((size_t)1 << 32);
	struct doing       d = { .team = c, .part = c->due->part };
	struct casefile   *own;
	struct err         err = { 0 };
	bool               good = open_source(c, &own, &d.src, &err);

	d.part.cf = own ? own : c->cf;
	if (!good)
		turns_stop(c->turns, &err);
	while (good && turns_take(c->turns, &d.number)) {
		const struct rule_job *job = &c->plan->jobs[d.number];

		good = job->together ? do_together(&d, job, scratch, &err)
				     : do_rule(&d, job->rules[0], job->in_part, scratch, &err);
		good = good && casefile_whole(own ? own : c->cf, &err);
		if (good && c->how->cancel && *c->how->cancel)
			good = err_set(&err, ERR_CANCEL, "stopped");
		if (!good)
			turns_stop(c->turns, &err);
		turns_end(c->turns, d.number);
	}
	if (own)
		casefile_close(own);
	arena_close(&scratch);
	return NULL;
}

/* What findings that wait for their turn may take, of all the memory. */
#define HELD_PART 8

/* The indexes of new events, beside the first rules; these find the hits and the events that they read
 * without them. */
static void
index_beside(struct casefile *cf, struct turns *turns)
{
	struct err err = { 0 };

	if (!import_index(cf, &err))
		turns_stop(turns, &err);
	turns_release(turns);
}

static bool
run_plan(struct writing *writing, const struct evaluating *how, const struct due *due,
	 const struct plan *plan, uint32_t n_threads, struct err *err)
{
	const struct turns_sink sink = { writing, write_finding, write_note, index_early };
	struct team team = { how, writing->cf, writing->rs, due, plan, NULL, n_threads };
	pthread_t              *threads = calloc(n_threads, sizeof(*threads));
	struct arena            keep = arena_open((size_t)1 << 24);
	const struct turns_jobs jobs = plan_turns(plan, writing->rs, writing->cf, &keep);
	uint32_t                n = 0;
	bool                    good;

	if (!threads)
		arena_exhausted(n_threads * sizeof(*threads));
	team.turns = turns_new(&sink, &jobs, n_threads, how->memory_bytes / HELD_PART,
			       casefile_path(writing->cf));
	if (n_threads == 1)
		work(&team);
	if (how->unindexed)
		turns_hold(team.turns);
	while (n_threads > 1 && n < n_threads &&
	       pthread_create(&threads[n], NULL, work, &team) == 0)
		n++;
	for (uint32_t i = n; n_threads > 1 && i < n_threads; i++)
		turns_lack(team.turns);
	if (how->unindexed)
		index_beside(writing->cf, team.turns);
	for (uint32_t i = 0; i < n; i++)
		pthread_join(threads[i], NULL);
	good = turns_good(team.turns, err);
	if (n_threads > 1 && n == 0)
		good = err_set(err, ERR_IO, "no thread to be had; try --threads 1");
	turns_free(team.turns);
	arena_close(&keep);
	free(threads);
	return good;
}

/* ---- */

struct running {
	struct casefile *cf;
	struct err      *err;
	bool             failed; /* the case file could not take a finding */
};

static bool
take_finding(void *ctx, const struct finding *f)
{
	struct running *r = ctx;

	r->failed = r->failed || !findings_add(r->cf, f, r->err);
	return !r->failed;
}

static bool
take_hidden(void *ctx, const struct finding *f)
{
	struct running *r = ctx;

	r->failed = r->failed || !findings_hide(r->cf, f, r->err);
	return !r->failed;
}

static bool
reads_risk(const struct ruleset *rs, uint32_t rule)
{
	const struct search *s = ruleset_get(rs, rule)->search;

	return s && search_reads_risk(s);
}

/* What reads risk has not read what is found now. */
static bool
risk_outdated(struct casefile *cf, const struct ruleset *rs, struct err *err)
{
	for (uint32_t i = 0; i < ruleset_count(rs); i++) {
		if (reads_risk(rs, i) && !findings_outdated(cf, ruleset_get(rs, i)->id, err))
			return false;
	}
	return true;
}

bool
evaluate_rule(struct casefile *cf, const struct ruleset *rs, uint32_t i, const atomic_bool *cancel,
	      struct err *err)
{
	struct source       src = casefile_source(cf);
	struct running      r = { .cf = cf, .err = err };
	struct arena        scratch = arena_open((size_t)1 << 34);
	struct rule_run     run = { .rules = rs,
				    .source = &src,
				    .found = take_finding,
				    .hidden = take_hidden,
				    .ctx = &r,
				    .keep = &scratch };
	struct evaluation   counts = { 0 };
	struct writing      writing = { .cf = cf, .rs = rs, .out = &counts, .spare = &scratch };
	struct ledger_entry entry;
	struct err          problem = { 0 };
	bool                good;

	src.cancel = cancel;
	if (reads_risk(rs, i)) /* its own included */
		r.failed = !findings_clear_rule(cf, ruleset_get(rs, i)->id, err);
	good = r.failed || rule_run(&run, i, &entry, &problem) || r.failed || !is_end(&problem);
	if (!good)
		*err = problem;
	good = good && !r.failed && facts_of_case(cf, &scratch, &writing.facts, err) &&
	       write_note(&writing, i, false, &entry, err) &&
	       risk_outdated(cf, rs, err);
	arena_close(&scratch);
	return good;
}

/* What rules have found that are not run. */
static void
count_kept(const struct due *due, struct evaluation *out)
{
	for (uint32_t i = 0; i < out->rules; i++) {
		if (due->rule[i])
			continue;
		out->findings += due->before[i].findings;
		out->hidden += due->before[i].filtered;
		count_status(out, due->before[i].status);
	}
	out->run = due->n;
}

/* What making indexes takes, and the least that rules must have besides for them to be made meanwhile. */
#define INDEX_BYTES ((size_t)16 << 20)
#define RULES_BYTES ((size_t)64 << 20)

/* Makes the indexes now, unless that can be done beside the rules: in a case of which none was run
 * before, and with two threads at least. Of HOW, what is left to be done. */
static bool
index_now(struct casefile *cf, struct evaluating *how, struct err *err)
{
	struct changes changes;

	if (!how->unindexed)
		return true;
	changes_read(cf, &changes);
	if (!changes.ever && how->threads > 1 && how->memory_bytes >= RULES_BYTES + INDEX_BYTES) {
		how->memory_bytes -= INDEX_BYTES;
		return true;
	}
	how->unindexed = false;
	return import_index(cf, err);
}

/* By one thread, when the rest is done. */
static bool
run_risk(struct writing *writing, const struct evaluating *how, const struct due *due,
	 const struct plan *plan, struct err *err)
{
	struct evaluating last = *how;

	last.unindexed = false;
	return run_plan(writing, &last, due, plan, 1, err);
}

/* Rules that read risk events come last, and see what the writing connection has written. */
static bool
run_due(struct casefile *cf, const struct ruleset *rs, const struct evaluating *how,
	const struct due *due, struct evaluation *out, struct arena *keep, struct err *err)
{
	struct plan    first = plan_make(rs, cf, due, false, how->threads, keep);
	struct plan    risk = plan_make(rs, cf, due, true, 1, keep);
	struct writing writing = { .cf = cf, .rs = rs, .out = out, .spare = keep };
	bool           good = due_clear(cf, rs, due, err) &&
		    facts_of_case(cf, keep, &writing.facts, err);

	count_kept(due, out);
	if (good && first.n)
		good = run_plan(&writing, how, due, &first, how->threads, err);
	else if (good && how->unindexed)
		good = import_index(cf, err);
	if (good && risk.n)
		good = factoring_sum_up(cf, rs, &out->no_factors, err) && run_risk(&writing, how, due, &risk, err);
	return good;
}

bool
evaluate(struct casefile *cf, const struct ruleset *rs, const struct evaluating *how,
	 struct evaluation *out, struct err *err)
{
	struct evaluating own = *how;
	struct arena      keep = arena_open((size_t)1 << 30);
	struct due        due;
	bool              good;

	*out = (struct evaluation){ .rules = ruleset_count(rs) };
	watch_doing(how->watch, TEXT("running detections"));
	good = findings_begin(cf, err) && index_now(cf, &own, err) &&
	       due_find(cf, rs, how->anew, &keep, &due, err) &&
	       run_due(cf, rs, &own, &due, out, &keep, err) &&
	       factoring_sum_up(cf, rs, &out->no_factors, err) &&
	       factoring_read(cf, err) && casefile_whole(cf, err) && changes_settle(cf, err);
	if (good)
		good = findings_end(cf, err);
	else
		findings_abort(cf);
	arena_close(&keep);
	return good;
}
