/* SPDX-License-Identifier: GPL-3.0-or-later */
/* search: rows that satisfy a search expression; at the beginning, events of the case. */
#include "config.h"

#include "base/when.h"
#include "rules/leaf.h"
#include "rules/search_expr.h"
#include "rules/timespec.h"

struct search_args {
	struct search_expr expr;
	uint32_t           leaf; /* as first command */
	bool               first;
};

static bool
search_parse(struct scan *s, struct stage *stage)
{
	struct compile     *c = s->c;
	struct search_args *args = arena_new(c->keep, struct search_args, 1);
	struct leaf         leaf = { 0 };

	stage->args = args;
	args->first = stage->first;
	/* The main search is leaf 0, before the subsearches inside of it. */
	if (args->first)
		args->leaf = leaf_add(c, &leaf);
	if (!search_expr_parse(s, &args->expr, NULL))
		return false;
	if (args->first)
		c->search->leaves[args->leaf] = (struct leaf){
			.pred = search_expr_widen(&args->expr, c->keep),
			.exact = args->expr.n_subs == 0 && !c->inexact,
			.earliest = args->expr.earliest,
			.latest = args->expr.latest,
		};
	stage->leaf = args->leaf;
	stage->has_leaf = args->first;
	return true;
}

const struct pred *
search_stage_pred(const struct stage *stage)
{
	const struct search_args *args = stage->args;

	if (args->expr.n_subs || !text_absent(args->expr.earliest) ||
	    !text_absent(args->expr.latest))
		return NULL;
	return args->expr.pred;
}

static void
search_uses(const struct stage *stage, struct uses *uses)
{
	const struct search_args *args = stage->args;

	search_expr_uses(&args->expr, uses, USE_READS);
}

struct search_state {
	const struct pred *pred;
	struct span        span;
	bool               spanned;
};

static bool
search_start(struct stage_run *sr)
{
	const struct search_args *args = sr->stage->args;
	struct search_state      *state = arena_new(sr->run->keep, struct search_state, 1);

	sr->state = state;
	state->span = (struct span){ WHEN_NONE, WHEN_MAX };
	if (!args->first) {
		if (!text_absent(args->expr.earliest))
			timespec_resolve(args->expr.earliest, pipe_clock(sr->run),
					 &state->span.earliest_ns);
		if (!text_absent(args->expr.latest))
			timespec_resolve(args->expr.latest, pipe_clock(sr->run),
					 &state->span.latest_ns);
		state->spanned = state->span.earliest_ns != WHEN_NONE ||
				 state->span.latest_ns != WHEN_MAX;
	}
	return search_expr_resolve(sr->run, &args->expr, &state->pred);
}

static bool
search_generate(struct stage_run *sr)
{
	const struct search_args  *args = sr->stage->args;
	const struct search_state *state = sr->state;

	return leaf_run(sr, args->leaf, state->pred);
}

static bool
search_row(struct stage_run *sr, struct row *row)
{
	const struct search_state *state = sr->state;

	if (state->spanned && (row->time_ns < state->span.earliest_ns ||
			       row->time_ns >= state->span.latest_ns))
		return true;
	return !row_matches(row, state->pred, sr->run->scratch) || pipe_emit(sr, row);
}

const struct pipe_command pipe_search = {
    .name = "search",
    .synopsis = "search <search expression>",
    .help = "keep the rows that satisfy field comparisons and words (OR binds tighter than AND)",
    .flags = PIPE_FIRST | PIPE_FILTERS,
    .parse = search_parse,
    .uses = search_uses,
    .start = search_start,
    .generate = search_generate,
    .keeps = keeps_all,
    .row = search_row,
};
