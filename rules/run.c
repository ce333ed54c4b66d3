/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pipelines run: stages are started, rows pushed through them, budgets watched. */
#include "config.h"

#include <stdarg.h>
#include <stdio.h>

#include "rules/leaf.h"
#include "rules/memo.h"
#include "rules/pipeline.h"
#include "rules/sorted_rows.h"

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

size_t
pipe_taken(const struct run *run)
{
	size_t n = arena_used(run->keep) + arena_used(run->scratch);

	for (const struct room *room = run->rooms; room; room = room->next)
		n += arena_used(&room->arena);
	return n;
}

size_t
pipe_value_most(const struct run *run)
{
	size_t taken = pipe_taken(run), left = taken < run->budget_bytes ? run->budget_bytes - taken : 0;

	/* A piece that doubles is copied, and has up to twice of what it needs. */
	return left / 4 < VALUE_BYTES_MAX ? left / 4 : VALUE_BYTES_MAX;
}

bool
pipe_crowded(const struct run *run, const struct arena *own)
{
	const size_t *among = run->request ? run->request->room_most : NULL;
	size_t        used = arena_used(own);

	return (among && used >= *among) ||
	       (used >= run->budget_bytes / 16 && pipe_taken(run) >= run->budget_bytes / 8 * 5);
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
				 "the search needs more than its %zu MiB of memory%s%s: let fewer rows "
				 "or values come there, or give it more with --memory",
				 run->budget_bytes >> 20, run->at ? ", at " : "",
				 run->at ? run->at->command->name : "");
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
	sr->run->at = next->stage;
	if (!take_row(next, row, enters))
		next->enough = true;
	sr->run->at = sr->stage;
	return !next->enough && !sr->run->failed;
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

bool
stages_finish(struct run *run, struct stage_run *srs, size_t n)
{
	for (size_t i = 0; i < n && !run->failed; i++) {
		run->at = srs[i].stage;
		if (srs[i].stage->command->finish)
			srs[i].stage->command->finish(&srs[i]);
	}
	return !run->failed;
}

bool
stages_dead_end(const struct stage_run *srs, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (srs[i].enough)
			return true;
	return false;
}

void
stages_note_emptied(struct run *run, const struct stage_run *srs, size_t n)
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
	const struct stage *at = run->at;
	unsigned            depth = run->depth;
	struct stage_run   *srs;

	run->depth = p->depth;
	srs = p->n ? stages_start(run, p, fn, ctx) : NULL;
	if (srs) {
		run->at = srs[0].stage;
		if (!stages_dead_end(srs, p->n))
			p->stages[0].command->generate(&srs[0]);
		stages_finish(run, srs, p->n);
		if (p == &run->search->main) {
			stages_note_emptied(run, srs, p->n);
			if (run->search->n_leaves)
				run->stats->asked = leaf_range(run, &run->search->leaves[0]);
		}
	}
	run->at = at;
	run->depth = depth;
	return !run->failed;
}

bool
pipeline_feed(struct run *run, const struct pipeline *p, struct sorted_rows *rows, row_fn *fn,
	      void *ctx)
{
	const struct stage *at = run->at;
	unsigned            depth = run->depth;
	struct stage_run   *srs;
	struct sorted_row  *row;

	run->depth = p->depth;
	srs = p->n ? stages_start(run, p, fn, ctx) : NULL;
	if (srs && sorted_rows_begin(rows))
		while (!run->failed && !srs->enough && (row = sorted_rows_next(rows)) != NULL) {
			char *mark = pipe_mark(run);

			run->at = srs->stage;
			if (!srs->stage->command->row(srs, &row->row))
				srs->enough = true;
			pipe_release(run, mark);
		}
	if (srs)
		stages_finish(run, srs, p->n);
	run->at = at;
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
