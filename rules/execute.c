/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A whole search: what it may take, one that reads its events, those that share the reading. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/counted.h"
#include "base/resident.h"
#include "rules/leaf.h"
#include "rules/pipeline.h"
#include "rules/spill.h"

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
/* Of a room that is emptied again and again. */
#define ROOM_KEEP    ((size_t)1 << 16)

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

/* SCRATCH: of several that take turns; NULL: its own. */
static void
execution_begin(struct execution *x, const struct search *s, const struct search_run *request,
		struct arena *scratch, row_fn *fn, void *ctx, struct search_stats *stats,
		struct err *err)
{
	size_t budget = search_budget(request);

	*x = (struct execution){
		.keep = arena_open(budget + BUDGET_SLACK),
		.counted = { fn, ctx, stats ? stats : &x->own },
	};
	if (!scratch)
		x->scratch = arena_open(budget + BUDGET_SLACK);
	/* Less than addresses leave room for: running out of them would end the program. */
	if (arena_scarce() && budget > arena_room(&x->keep) / 2)
		budget = arena_room(&x->keep) / 2;
	*x->counted.stats = (struct search_stats){ 0 };
	x->run = (struct run){
		.search = s,
		.request = request,
		.keep = &x->keep,
		.scratch = scratch ? scratch : &x->scratch,
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

void
pipe_empty(struct arena *room)
{
	if (arena_used(room) > ROOM_KEEP)
		arena_reset(room, ROOM_KEEP);
	room->at = room->start;
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

static void
execution_end(struct execution *x)
{
	give_back_rooms(&x->run);
	arena_close(&x->keep);
	if (x->run.scratch == &x->scratch)
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

	execution_begin(&x, s, request, NULL, fn, ctx, stats, err);
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

/* Does its main leaf say all of which events it takes, in whatever order they come? */
static bool
can_be_fed(const struct search *s)
{
	const struct leaf *leaf = s->n_leaves ? &s->leaves[0] : NULL;

	return leaf && leaf->pred && leaf->exact && text_absent(leaf->earliest) &&
	       text_absent(leaf->latest) && s->main.order == ORDER_ANY && s->main.stages[0].leaf == 0;
}

enum model
search_takes_whole(const struct search *s, struct arena scratch)
{
	const struct pred *pred;

	if (!can_be_fed(s) || !s->main.stages[0].grouping || search_leaf_kept(s, 0, scratch))
		return MODEL_NONE;
	for (pred = s->leaves[0].pred; pred->kind == PRED_AND;)
		pred = pred->kids[0];
	return pred->kind == PRED_MODEL ? pred->model : MODEL_NONE;
}

bool
search_takes_hits(const struct search *s, struct arena scratch)
{
	bool groups = false;

	for (size_t i = 0; i < s->main.n; i++)
		groups |= s->main.stages[i].grouping != NULL;
	return groups && can_be_fed(s) &&
	       (s->main.stages[0].grouping || s->main.stages[0].has_leaf) &&
	       search_leaf_kept(s, 0, scratch);
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
search_feed_begin(const struct search *s, const struct search_run *request, struct arena *scratch,
		  row_fn *fn, void *ctx, struct search_stats *stats, struct err *err)
{
	struct search_feed *f = calloc(1, sizeof(*f));
	struct run         *run;

	if (!f)
		arena_exhausted(sizeof(*f));
	execution_begin(&f->x, s, request, scratch, fn, ctx, stats, err);
	run = &f->x.run;
	run->depth = s->main.depth;
	f->stages = stages_start(run, &s->main, count_row, &f->x.counted);
	if (!f->stages)
		return f;
	f->enough = stages_dead_end(f->stages, s->main.n);
	f->reader = f->stages[0];
	f->reader.next = &f->stages[0];
	f->state = (struct leaf_state){
		/* rows of a first stage that makes no groups go to the next one */
		.sr = s->main.stages[0].grouping ? &f->reader : &f->stages[0],
		.pred = search_takes_whole(s, *run->scratch) == MODEL_NONE
			    ? NULL
			    : within_model(s->leaves[0].pred, run->keep),
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
		stages_note_emptied(&f->x.run, f->stages, f->x.run.search->main.n);
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
