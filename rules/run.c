/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Searches run: stages are started, rows pushed through them, budgets watched. */
#include "config.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/counted.h"
#include "base/decoded.h"
#include "base/resident.h"
#include "base/when.h"
#include "rules/memo.h"
#include "rules/pipeline.h"
#include "rules/search_expr.h"
#include "rules/spill.h"
#include "rules/timespec.h"

bool
pipe_fail(struct run *run, enum err_kind kind, const char *fmt, ...)
{
	char    what[320];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	run->failed = true;
	return err_set(run->err, kind, "%s", what);
}

void
pipe_warn(struct run *run, const char *fmt, ...)
{
	va_list ap;

	if (run->stats->warnings++)
		return;
	va_start(ap, fmt);
	vsnprintf(run->stats->warning, sizeof(run->stats->warning), fmt, ap);
	va_end(ap);
}

void
pipe_gave_up(struct run *run, const char *what)
{
	if (run->stats->gave_up++ == 0)
		snprintf(run->stats->gave_up_in, sizeof(run->stats->gave_up_in), "%s", what);
}

static void
warn_of_gave_up(struct search_stats *stats)
{
	char first[sizeof(stats->warning)];

	if (!stats->gave_up)
		return;
	memcpy(first, stats->warning, sizeof(first));
	snprintf(stats->warning, sizeof(stats->warning),
		 "regular expression of %s gave up on %s: it needs too many steps there, "
		 "which was taken as no match%s%.100s",
		 stats->gave_up_in, counted(stats->gave_up, "row").words, stats->warnings ? "; " : "",
		 stats->warnings ? first : "");
	stats->warnings++;
}

size_t
pipe_taken(const struct run *run)
{
	size_t n = arena_used(run->keep) + arena_used(run->scratch);

	for (const struct room *room = run->rooms; room; room = room->next)
		n += arena_used(&room->arena);
	return n;
}

int64_t
pipe_clock(const struct run *run)
{
	const struct source *source = run->request ? run->request->source : NULL;

	if (run->clock_asked)
		*run->clock_asked = true;
	return source ? source->case_clock_ns : 0;
}

bool
pipe_check(struct run *run)
{
	return pipe_fits(run, 0);
}

bool
pipe_fits(struct run *run, size_t bytes)
{
	const struct source *source = run->request ? run->request->source : NULL;
	size_t               taken = pipe_taken(run);

	if (run->failed)
		return false;
	if (taken > run->budget_bytes || bytes > run->budget_bytes - taken)
		return pipe_fail(run, ERR_LIMIT,
				 "the search needs more than its %zu MiB of memory for groups and "
				 "sorted rows: narrow it, or give it more with --memory",
				 run->budget_bytes >> 20);
	if (source && source->cancel && atomic_load_explicit(source->cancel, memory_order_relaxed))
		return pipe_fail(run, ERR_CANCEL, "stopped");
	return true;
}

static void
count_filter(struct stage_run *sr)
{
	const struct stage_run *next = sr->next;
	struct search_stats    *stats = sr->run->stats;

	if (sr->run->depth)
		return;
	if (next && next->stage->is_filter && !sr->stage->is_filter)
		stats->filtered++;
	if (sr->stage->is_filter && !(next && next->stage->is_filter) && stats->filtered)
		stats->filtered--;
}

/* From SR to the end every row stands for itself: what is dropped there would have come out. */
static bool
comes_out(const struct stage_run *sr)
{
	for (; sr; sr = sr->next)
		if (sr->stage->command->finish || sr->stage->order != ROWS_EACH)
			return false;
	return true;
}

/* Hands ROW to the filter's first stage, and to whoever asks when the filter keeps it. */
static bool
filter_row(struct stage_run *filter, struct row *row)
{
	const struct search_run *request = filter->run->request;
	struct arena            *scratch = filter->run->scratch;
	uint64_t                 kept_before = filter->run->stats->filtered - 1;
	struct row               before;
	bool                     more;

	if (!request || !request->dropped || !comes_out(filter))
		return filter->stage->command->row(filter, row);
	before = row_fork(row, scratch);
	more = filter->stage->command->row(filter, row);
	if (filter->run->stats->filtered > kept_before && !filter->run->failed)
		request->dropped(request->ctx, &before);
	return more;
}

/* Hands ROW to the stage. */
static bool
take_row(struct stage_run *sr, struct row *row, bool enters_filter)
{
	if (enters_filter)
		return filter_row(sr, row);
	return sr->memo ? memo_row(sr, row) : sr->stage->command->row(sr, row);
}

bool
pipe_emit(struct stage_run *sr, struct row *row)
{
	struct stage_run *next = sr->next;
	bool              enters = next && next->stage->is_filter && !sr->stage->is_filter &&
		      !sr->run->depth;

	if (!pipe_check(sr->run))
		return false;
	if (sr->memo_ends)
		memo_note(sr->memo_ends, row);
	sr->given++;
	count_filter(sr);
	if (!next) {
		if (!sr->sink_enough && !sr->fn(sr->ctx, row))
			sr->sink_enough = true;
		return !sr->sink_enough && !sr->run->failed;
	}
	if (next->enough)
		return false;
	if (!take_row(next, row, enters))
		next->enough = true;
	return !next->enough && !sr->run->failed;
}

/* --- leaves --- */

struct leaf_state {
	struct stage_run  *sr;
	const struct pred *pred;  /* still to be asked; NULL: none */
	const struct pred *whole; /* that its events satisfy */
	enum model         model;
	bool               main;
};

/* An event that satisfies the predicate by its decoded fields, and not without them: PLAIN is the
 * event without them. */
static bool
is_decoded_hit(const struct event *plain, enum model model, const struct pred *pred,
	       struct arena *scratch)
{
	struct row row = row_of_event(plain, model);

	return pred && !row_matches(&row, pred, scratch);
}

/* PLAIN: as in is_decoded_hit; NULL: the event has no decoded fields. */
static bool
leaf_take(struct leaf_state *state, const struct event *ev, const struct event *plain)
{
	struct run        *run = state->sr->run;
	char              *mark = pipe_mark(run);
	struct row         row = row_of_event(ev, state->model);
	bool               more = pipe_check(run);

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

/* --- pipelines --- */

struct stage_run *
stages_start(struct run *run, const struct pipeline *p, row_fn *fn, void *ctx)
{
	struct stage_run *srs = arena_new(run->keep, struct stage_run, p->n + 1);
	struct memo_run  *memo = NULL;

	for (size_t i = 0; i < p->n; i++) {
		srs[i] = (struct stage_run){
			.run = run,
			.stage = &p->stages[i],
			.next = i + 1 < p->n ? &srs[i + 1] : NULL,
			.fn = fn,
			.ctx = ctx,
			.order = p->order,
			.depth = p->depth,
		};
		if (srs[i].stage->memo)
			memo = srs[i].memo = memo_start(run, srs[i].stage->memo);
		if (srs[i].stage->memo_ends)
			srs[i].memo_ends = memo;
		if (srs[i].stage->command->start && !srs[i].stage->command->start(&srs[i]))
			return NULL;
	}
	return srs;
}

static bool
stages_finish(struct run *run, struct stage_run *srs, size_t n)
{
	for (size_t i = 0; i < n && !run->failed; i++)
		if (srs[i].stage->command->finish)
			srs[i].stage->command->finish(&srs[i]);
	return !run->failed;
}

/* No row of the source would come through all stages. */
static bool
is_dead_end(const struct stage_run *srs, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (srs[i].enough)
			return true;
	return false;
}

/* The stage of the search at which its last rows were lost, if there is one. */
static void
note_emptied(struct run *run, const struct stage_run *srs, size_t n)
{
	struct search_stats *stats = run->stats;

	for (size_t i = 1; i < n; i++) {
		if (srs[i].given || srs[i].stage->is_filter)
			continue;
		if (srs[i - 1].given) {
			stats->emptied = srs[i - 1].given;
			snprintf(stats->emptied_by, sizeof(stats->emptied_by), TEXT_FMT,
				 TEXT_ARG(text_head(srs[i].stage->source,
						    sizeof(stats->emptied_by) - 1)));
		}
		return;
	}
}

bool
pipeline_run(struct run *run, const struct pipeline *p, row_fn *fn, void *ctx)
{
	unsigned          depth = run->depth;
	struct stage_run *srs;

	run->depth = p->depth;
	srs = p->n ? stages_start(run, p, fn, ctx) : NULL;
	if (srs) {
		if (!is_dead_end(srs, p->n))
			p->stages[0].command->generate(&srs[0]);
		stages_finish(run, srs, p->n);
		if (p == &run->search->main)
			note_emptied(run, srs, p->n);
	}
	run->depth = depth;
	return !run->failed;
}

bool
pipeline_feed(struct run *run, const struct pipeline *p, struct row *const *rows, size_t n,
	      row_fn *fn, void *ctx)
{
	unsigned          depth = run->depth;
	struct stage_run *srs;

	run->depth = p->depth;
	srs = p->n ? stages_start(run, p, fn, ctx) : NULL;
	for (size_t i = 0; srs && i < n && !run->failed && !srs->enough; i++) {
		char      *mark = pipe_mark(run);
		struct row row = row_fork(rows[i], run->scratch);

		if (!srs->stage->command->row(srs, &row))
			srs->enough = true;
		pipe_release(run, mark);
	}
	if (srs)
		stages_finish(run, srs, p->n);
	run->depth = depth;
	return !run->failed;
}

struct collected {
	struct run  *run;
	struct row **rows;
	size_t       n, cap, max;
	bool         cut;
};

static bool
collect_row(void *ctx, const struct row *row)
{
	struct collected *c = ctx;

	if (c->max && c->n == c->max) {
		c->cut = true;
		return false;
	}
	arena_grow(c->run->keep, c->rows, c->n, &c->cap);
	c->rows[c->n] = arena_new(c->run->keep, struct row, 1);
	*c->rows[c->n++] = row_keep(row, NULL, 0, c->run->keep);
	return true;
}

bool
pipeline_collect(struct run *run, const struct pipeline *p, size_t max, struct row ***out,
		 size_t *n, bool *cut)
{
	struct collected c = { .run = run, .max = max };

	if (!pipeline_run(run, p, collect_row, &c))
		return false;
	*out = c.rows;
	*n = c.n;
	*cut = c.cut;
	return true;
}

/* --- a whole search --- */

struct counted_rows {
	row_fn              *fn;
	void                *ctx;
	struct search_stats *stats;
};

static bool
count_row(void *ctx, const struct row *row)
{
	struct counted_rows *c = ctx;

	c->stats->rows++;
	return c->fn(c->ctx, row);
}

#define PROMISE_DEFAULT ((size_t)256 << 20)
#define BUDGET_LEAST    ((size_t)16 << 20)
/* What one row may take before the budget is looked at again. */
#define BUDGET_SLACK ((size_t)1 << 30)

/* A search that runs; in its own arena `keep`. */
struct execution {
	struct arena        keep, scratch;
	struct run          run;
	struct counted_rows counted;
	struct search_stats own;
	bool                clock_asked;
};

size_t
search_budget(const struct search_run *request)
{
	size_t given = request->memory_bytes, left;

	if (!given && request->source)
		given = request->source->memory_bytes;
	if (given)
		return given;
	left = resident_left(PROMISE_DEFAULT, 1);
	return left > BUDGET_LEAST ? left : BUDGET_LEAST;
}

static void
execution_begin(struct execution *x, const struct search *s, const struct search_run *request,
		row_fn *fn, void *ctx, struct search_stats *stats, struct err *err)
{
	size_t budget = search_budget(request);

	*x = (struct execution){
		.keep = arena_open(budget + BUDGET_SLACK),
		.scratch = arena_open(budget + BUDGET_SLACK),
		.counted = { fn, ctx, stats ? stats : &x->own },
	};
	/* Less than addresses leave room for: running out of them would end the program. */
	if (arena_scarce() && budget > arena_room(&x->keep) / 2)
		budget = arena_room(&x->keep) / 2;
	*x->counted.stats = (struct search_stats){ 0 };
	x->run = (struct run){
		.search = s,
		.request = request,
		.keep = &x->keep,
		.scratch = &x->scratch,
		.budget_bytes = budget,
		.stats = x->counted.stats,
		.err = err,
		.clock_asked = &x->clock_asked,
	};
}

struct arena *
pipe_room(struct run *run)
{
	struct room *room = arena_new(run->keep, struct room, 1);

	room->arena = arena_open(run->budget_bytes + BUDGET_SLACK);
	room->next = run->rooms;
	run->rooms = room;
	return &room->arena;
}

/* What the run has besides its arenas; its list is in `keep`. */
static void
give_back_rooms(struct run *run)
{
	for (struct room *room = run->rooms; room; room = room->next)
		arena_close(&room->arena);
	run->rooms = NULL;
	spills_close(run);
}

static void
execution_end(struct execution *x)
{
	give_back_rooms(&x->run);
	arena_close(&x->keep);
	arena_close(&x->scratch);
	x->counted.stats->clock_asked = x->clock_asked;
	warn_of_gave_up(x->counted.stats);
}

bool
search_execute(const struct search *s, const struct search_run *request, row_fn *fn, void *ctx,
	       struct search_stats *stats, struct err *err)
{
	struct execution x;
	bool             good;

	execution_begin(&x, s, request, fn, ctx, stats, err);
	good = pipeline_run(&x.run, &s->main, count_row, &x.counted);
	execution_end(&x);
	return good;
}

/* --- searches that share the reading of events --- */

struct search_feed {
	struct execution  x;
	struct stage_run *stages;
	struct stage_run  reader; /* stands before the first stage */
	struct leaf_state state;
	bool              enough;
};

enum model
search_takes_whole(const struct search *s, struct arena scratch)
{
	const struct pipeline *p = &s->main;
	const struct leaf     *leaf = s->n_leaves ? &s->leaves[0] : NULL;
	const struct pred     *pred = leaf ? leaf->pred : NULL;
	enum model             model = MODEL_NONE;

	if (pred && leaf->exact && text_absent(leaf->earliest) && text_absent(leaf->latest) &&
	    p->order == ORDER_ANY && p->stages[0].grouping && p->stages[0].leaf == 0 &&
	    !search_leaf_kept(s, 0, scratch)) {
		while (pred->kind == PRED_AND)
			pred = pred->kids[0];
		model = pred->kind == PRED_MODEL ? pred->model : MODEL_NONE;
	}
	return model;
}

/* PRED for events of which it is known that they are of the model; NULL: all of them satisfy it. */
static const struct pred *
within_model(const struct pred *pred, struct arena *keep)
{
	const struct pred *first, **kids;
	struct pred       *rest;

	if (pred->kind == PRED_MODEL)
		return NULL;
	first = within_model(pred->kids[0], keep);
	rest = arena_new(keep, struct pred, 1);
	kids = arena_new(keep, const struct pred *, pred->n_kids);
	*rest = *pred;
	rest->n_kids = 0;
	rest->kids = kids;
	if (first)
		kids[rest->n_kids++] = first;
	for (uint32_t i = 1; i < pred->n_kids; i++)
		kids[rest->n_kids++] = pred->kids[i];
	return rest->n_kids == 1 ? kids[0] : rest;
}

struct search_feed *
search_feed_begin(const struct search *s, const struct search_run *request, row_fn *fn, void *ctx,
		  struct search_stats *stats, struct err *err)
{
	struct search_feed *f = calloc(1, sizeof(*f));
	struct run         *run;

	if (!f)
		arena_exhausted(sizeof(*f));
	execution_begin(&f->x, s, request, fn, ctx, stats, err);
	run = &f->x.run;
	run->depth = s->main.depth;
	f->stages = stages_start(run, &s->main, count_row, &f->x.counted);
	if (!f->stages)
		return f;
	f->enough = is_dead_end(f->stages, s->main.n);
	f->reader = f->stages[0];
	f->reader.next = &f->stages[0];
	f->state = (struct leaf_state){
		.sr = &f->reader,
		.pred = within_model(s->leaves[0].pred, run->keep),
		.whole = s->leaves[0].pred,
		.model = s->main.stages[0].row_model,
		.main = run->depth == 0,
	};
	return f;
}

void
search_feed_event(struct search_feed *f, const struct event *ev, const struct event *plain)
{
	if (!f->enough && f->stages && !f->x.run.failed)
		f->enough = !leaf_take(&f->state, ev, plain);
}

size_t
search_feed_bytes(const struct search_feed *f)
{
	return pipe_taken(&f->x.run);
}

void
search_feed_stop(struct search_feed *f)
{
	if (!f->x.run.failed)
		pipe_fail(&f->x.run, ERR_LIMIT, "the searches that read together have no more memory");
	f->stages = NULL;
	give_back_rooms(&f->x.run);
	arena_reset(&f->x.keep, 0);
}

bool
search_feed_whole(const struct search_feed *f)
{
	return f->stages && !f->x.run.failed;
}

bool
search_feed_end(struct search_feed *f)
{
	bool good = search_feed_whole(f);

	if (good) {
		good = stages_finish(&f->x.run, f->stages, f->x.run.search->main.n);
		note_emptied(&f->x.run, f->stages, f->x.run.search->main.n);
	}
	search_feed_drop(f);
	return good;
}

void
search_feed_drop(struct search_feed *f)
{
	execution_end(&f->x);
	free(f);
}
