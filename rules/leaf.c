/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rules/leaf.h"

#include "base/decoded.h"
#include "base/when.h"
#include "rules/search_expr.h"
#include "rules/timespec.h"

/* An event that satisfies the predicate by its decoded fields, and not without them: PLAIN is the
 * event without them. */
static bool
is_decoded_hit(const struct event *plain, enum model model, const struct pred *pred,
	       struct arena *scratch)
{
	struct row row = row_of_event(plain, model);

	return pred && !row_matches(&row, pred, scratch);
}

bool
leaf_take(struct leaf_state *state, const struct event *ev, const struct event *plain)
{
	struct run        *run = state->sr->run;
	char              *mark = pipe_mark(run);
	struct row         row = row_of_event(ev, state->model);
	bool               more = pipe_check(run);

	row.prefixed = state->sr->stage->row_prefixed;
	if (more && (!state->pred || row_matches(&row, state->pred, run->scratch))) {
		if (state->main) {
			run->stats->hits++;
			run->stats->new_hits += ev->id > run->request->since;
		}
		row.decoded =
		    plain && is_decoded_hit(plain, state->model, state->whole, run->scratch);
		more = pipe_emit(state->sr, &row);
	}
	pipe_release(run, mark);
	return more;
}

static bool
leaf_event(void *ctx, const struct event *ev)
{
	struct leaf_state *state = ctx;
	struct run        *run = state->sr->run;
	char              *mark = pipe_mark(run);
	struct event       plain = event_undecoded(ev, run->scratch);
	bool more = leaf_take(state, ev, plain.n_fields != ev->n_fields ? &plain : NULL);

	pipe_release(run, mark);
	return more;
}

static int64_t
later(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

static int64_t
earlier(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static struct span
leaf_span(const struct run *run, const struct leaf *leaf)
{
	struct span span = { WHEN_NONE, WHEN_MAX };

	if (!text_absent(leaf->earliest))
		timespec_resolve(leaf->earliest, pipe_clock(run), &span.earliest_ns);
	if (!text_absent(leaf->latest))
		timespec_resolve(leaf->latest, pipe_clock(run), &span.latest_ns);
	return span;
}

struct span
leaf_range(const struct run *run, const struct leaf *leaf)
{
	struct span span = leaf_span(run, leaf);

	/* A span that was left zeroed is an open one. */
	if (run->request->span.earliest_ns || run->request->span.latest_ns) {
		span.earliest_ns = later(span.earliest_ns, run->request->span.earliest_ns);
		span.latest_ns = earlier(span.latest_ns, run->request->span.latest_ns);
	}
	return span;
}

/* Do the stages behind the leaf read nothing but facts of the events? */
static bool
facts_suffice(const struct stage_run *sr, const struct leaf *leaf)
{
	static const struct text facts[] = { TEXT_INIT("EventCode"), TEXT_INIT("EventID") };
	const struct uses       *uses = &sr->stage->uses;

	if (!leaf->exact || !leaf->pred || uses->all || !uses->closed ||
	    sr->stage->row_model != MODEL_NONE)
		return false;
	for (size_t i = 0; i < uses->n; i++)
		if (!text_eq(uses->names[i], facts[0]) && !text_eq(uses->names[i], facts[1]))
			return false;
	return true;
}

bool
leaf_run(struct stage_run *sr, uint32_t index, const struct pred *pred)
{
	struct run              *run = sr->run;
	const struct leaf       *leaf = &run->search->leaves[index];
	const struct search_run *request = run->request;
	struct span              span;
	struct leaf_state        state = { .sr = sr, .model = sr->stage->row_model,
					   .main = index == 0 && run->depth == 0 };
	bool                     good = true, told = false;

	if (!request || !request->source)
		return pipe_fail(run, ERR_RULE, "this search cannot read events here");
	span = leaf_range(run, leaf);
	state.pred = leaf->exact ? NULL : pred;
	state.whole = leaf->exact || !pred ? leaf->pred : pred;
	if (!text_absent(request->rule_id) && request->source->hits &&
	    search_leaf_kept(run->search, index, *run->scratch)) {
		good = request->source->hits(request->source->self, request->rule_id, index, span,
					     sr->order, leaf_event, &state, run->err);
		told = true;
	} else if (request->source->facts && facts_suffice(sr, leaf)) {
		good = request->source->facts(request->source->self, leaf->pred, span, sr->order,
					      leaf_event, &state, &told, run->err);
	}
	if (good && !told)
		good = request->source->events(request->source->self,
					       leaf->exact ? leaf->pred : pred ? pred : leaf->pred,
					       span, sr->order, leaf_event, &state, run->err);
	if (!good)
		run->failed = true;
	return !run->failed;
}
