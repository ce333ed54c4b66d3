/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "cli/evaluate.h"

#include "base/when.h"
#include "store/findings.h"
#include "store/query.h"

static bool
has_events(void *self, struct text channel, uint32_t event_id)
{
	return query_has_events(self, channel, event_id);
}

static bool
has_field(void *self, struct text name)
{
	return query_has_field(self, name);
}

struct running {
	struct casefile *cf;
	struct err      *err;
	uint64_t         findings;
	bool             failed; /* the case file could not take a finding */
};

static bool
take_finding(void *ctx, const struct finding *f)
{
	struct running *r = ctx;

	if (!findings_add(r->cf, f, r->err)) {
		r->failed = true;
		return false;
	}
	r->findings++;
	return true;
}

static bool
take_hidden(void *ctx, const struct finding *f)
{
	struct running *r = ctx;

	if (!r->failed && !findings_hide(r->cf, f, r->err))
		r->failed = true;
	return !r->failed;
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
note(struct running *r, const struct ruleset *rs, uint32_t i, struct ledger_entry *entry,
     struct evaluation *out, struct arena *scratch)
{
	const struct case_facts facts = { r->cf, has_events, has_field };

	ruleset_explain_silence(rs, i, &facts, entry, scratch);
	count_status(out, entry->status);
	out->hidden += entry->filtered;
	return findings_ledger(r->cf, entry, r->err);
}

/* Does the failure of a rule mean that no other can run either? */
static bool
is_end(const struct running *r, const struct err *problem)
{
	if (!r->failed && (problem->kind == ERR_IO || problem->kind == ERR_CANCEL)) {
		*r->err = *problem;
		return true;
	}
	return r->failed;
}

static bool
run_rule(struct running *r, const struct ruleset *rs, uint32_t i, const struct source *src,
	 struct evaluation *out, struct arena scratch)
{
	const struct span   all = { WHEN_NONE, WHEN_MAX };
	struct ledger_entry entry;
	struct err          problem = { 0 };

	if (!ruleset_run(rs, i, src, all, take_finding, take_hidden, r, &entry, &scratch,
			 &problem) &&
	    is_end(r, &problem))
		return false;
	return !r->failed && note(r, rs, i, &entry, out, &scratch);
}

/* Rules that are alike run with the first of them. */
static bool
run_alike(struct running *r, const struct ruleset *rs, uint32_t i, const struct source *src,
	  struct evaluation *out, struct arena scratch)
{
	const struct span    all = { WHEN_NONE, WHEN_MAX };
	const uint32_t      *rules;
	uint32_t             n = ruleset_alike(rs, i, &rules);
	struct ledger_entry *entries = arena_new(&scratch, struct ledger_entry, n);
	struct err           problem = { 0 };

	if (rules[0] != i)
		return true;
	if (!ruleset_run_alike(rs, i, src, all, take_finding, take_hidden, r, entries, &scratch,
			       &problem) &&
	    is_end(r, &problem))
		return false;
	for (uint32_t k = 0; k < n && !r->failed; k++)
		if (!note(r, rs, rules[k], &entries[k], out, &scratch))
			return false;
	return !r->failed;
}

/* Rules that take all events of the model. */
static bool
run_together(struct running *r, const struct ruleset *rs, enum model model, const uint32_t *rules,
	     uint32_t n, const struct source *src, struct evaluation *out, struct arena scratch)
{
	struct ledger_entry *entries[RULES_TOGETHER];
	const uint32_t      *alike;
	struct err           problem = { 0 };

	for (uint32_t i = 0; i < n; i++)
		entries[i] = arena_new(&scratch, struct ledger_entry,
				       ruleset_alike(rs, rules[i], &alike));
	if (!ruleset_run_together(rs, model, rules, n, src, take_finding, take_hidden, r, entries,
				  &scratch, &problem)) {
		if (!r->failed)
			*r->err = problem;
		return false;
	}
	for (uint32_t i = 0; i < n; i++) {
		uint32_t n_alike = ruleset_alike(rs, rules[i], &alike);

		for (uint32_t k = 0; k < n_alike; k++)
			if (r->failed || !note(r, rs, alike[k], &entries[i][k], out, &scratch))
				return false;
	}
	return true;
}

static bool
stopped(struct running *r, const struct source *src)
{
	return src->cancel && *src->cancel && !err_set(r->err, ERR_CANCEL, "stopped");
}

/* Those that take all events of a model, a few at a time, so that these are read for all of them. */
static bool
run_whole(struct running *r, const struct ruleset *rs, enum model model, const struct source *src,
	  struct evaluation *out, struct arena scratch)
{
	uint32_t        rules[RULES_TOGETHER], n = 0;
	const uint32_t *alike;

	for (uint32_t i = 0; i < out->rules; i++) {
		if (ruleset_takes_whole(rs, i) != model)
			continue;
		ruleset_alike(rs, i, &alike);
		if (alike[0] == i)
			rules[n++] = i;
		if (n < RULES_TOGETHER)
			continue;
		if (!run_together(r, rs, model, rules, n, src, out, scratch) || stopped(r, src))
			return false;
		n = 0;
	}
	return n == 0 || (run_together(r, rs, model, rules, n, src, out, scratch) &&
			  !stopped(r, src));
}

/* Each of the rules that read risk events, or of all others; *N is how many of the former there
 * are. */
static bool
run_rules(struct running *r, const struct ruleset *rs, bool risk, const struct source *src,
	  struct evaluation *out, uint32_t *n, struct arena scratch)
{
	*n = 0;
	for (uint32_t i = 0; i < out->rules; i++) {
		const struct detection *d = ruleset_get(rs, i);
		bool                    reads = d->search && search_reads_risk(d->search);

		*n += reads;
		if (reads != risk || ruleset_takes_whole(rs, i) != MODEL_NONE)
			continue;
		if (!run_alike(r, rs, i, src, out, scratch) || stopped(r, src))
			return false;
	}
	for (enum model model = MODEL_NONE + 1; model < MODEL_COUNT && !risk; model++)
		if (!run_whole(r, rs, model, src, out, scratch))
			return false;
	return true;
}

bool
evaluate_rule(struct casefile *cf, const struct ruleset *rs, uint32_t i, const atomic_bool *cancel,
	      struct err *err)
{
	struct source     src = casefile_source(cf);
	struct running    running = { .cf = cf, .err = err };
	struct arena      scratch = arena_open((size_t)1 << 34);
	struct evaluation counts = { 0 };
	bool              good;

	src.cancel = cancel;
	good = findings_clear_rule(cf, ruleset_get(rs, i)->id, err) &&
	       run_rule(&running, rs, i, &src, &counts, scratch);
	arena_close(&scratch);
	return good;
}

bool
evaluate(struct casefile *cf, const struct ruleset *rs, struct watch *watch,
	 const atomic_bool *cancel, struct evaluation *out, struct err *err)
{
	struct source  src = casefile_source(cf);
	struct running running = { .cf = cf, .err = err };
	struct arena   scratch = arena_open((size_t)1 << 34);
	uint32_t       reading;
	bool           good;

	*out = (struct evaluation){ .rules = ruleset_count(rs) };
	src.cancel = cancel;
	watch_doing(watch, TEXT("running detections"));
	good = findings_begin(cf, err) && findings_clear_all(cf, err) &&
	       run_rules(&running, rs, false, &src, out, &reading, scratch);
	if (good && reading)
		good = findings_sum_up(cf, err) &&
		       run_rules(&running, rs, true, &src, out, &reading, scratch);
	out->findings = running.findings;
	if (good)
		good = findings_end(cf, err);
	else
		findings_abort(cf);
	arena_close(&scratch);
	return good;
}
