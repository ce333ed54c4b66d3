/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tui/question.h"

#include <stdio.h>

#include "base/when.h"
#include "tui/facts.h"
#include "tui/filter_pred.h"

#define SCRATCH_BYTES ((size_t)512 << 20)
#define SUMMARY_MAX   300
#define CELLS_MAX     256
#define VALUE_MAX     ((size_t)64 << 10)
#define COUNT_EVERY   1024

struct asking {
	struct worker   *worker;
	struct question *question;
	struct source    inner;
	struct arena     scratch;
	struct casefile *cf;
	struct event_sieve *sieve; /* NULL: all pass */
};

static uint32_t
event_cells(const struct event *ev, struct arena *keep, struct found_cell *out)
{
	uint32_t n = 0;

	out[n++] = (struct found_cell){ TEXT("host"), ev->host };
	out[n++] = (struct found_cell){ TEXT("channel"), ev->channel };
	out[n++] = (struct found_cell){ TEXT("provider"), ev->provider };
	out[n++] = (struct found_cell){ TEXT("event_id"),
					arena_printf(keep, "%u", (unsigned)ev->event_id) };
	out[n++] =
	    (struct found_cell){ TEXT("record_id"),
				 ev->has_record_id
				     ? arena_printf(keep, "%llu", (unsigned long long)ev->record_id)
				     : TEXT_NONE };
	out[n++] = (struct found_cell){ TEXT("user"), ev->user };
	out[n++] =
	    (struct found_cell){ TEXT("summary"), text_head(event_summary(ev, keep), SUMMARY_MAX) };
	return n;
}

static bool
may_come(struct asking *a)
{
	if (a->question->rows >= a->question->limit) {
		a->question->limited = true;
		return false;
	}
	a->question->rows++;
	return !atomic_load(worker_cancelled(a->worker));
}

/* Rows that nobody wants to see are not put together. */
static bool
is_only_counted(const struct asking *a)
{
	return a->question->whole && a->question->rows > a->question->whole;
}

static bool
emit_count(struct asking *a)
{
	uint64_t rows = a->question->rows;

	return rows % COUNT_EVERY ||
	       worker_emit(a->worker, &(struct found){ .event = (int64_t)rows, .time_ns = WHEN_NONE });
}

static bool
on_event(void *ctx, const struct event *ev)
{
	struct asking    *a = ctx;
	struct arena      scratch = a->scratch;
	struct found_cell cells[EVENT_CELLS];

	if (!may_come(a))
		return false;
	if (is_only_counted(a))
		return emit_count(a);
	return worker_emit(a->worker, &(struct found){ .event = ev->id,
						       .time_ns = ev->time_ns,
						       .cells = cells,
						       .n_cells = event_cells(ev, &scratch, cells) });
}

static uint32_t
row_cells(const struct row *row, struct arena *keep, struct found_cell *out, uint32_t cap)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < row->n && n < cap; i++)
		if (row->cells[i].value.kind != VALUE_NULL)
			out[n++] = (struct found_cell){
				row->cells[i].name,
				text_head(value_text(&row->cells[i].value, '\n', keep), VALUE_MAX)
			};
	return n;
}

static bool
on_row(void *ctx, const struct row *row)
{
	struct asking    *a = ctx;
	struct arena      scratch = a->scratch;
	struct found_cell cells[CELLS_MAX];
	struct found      f = { .time_ns = row->time_ns, .cells = cells };

	if (!may_come(a))
		return false;
	if (is_only_counted(a))
		return emit_count(a);
	if (row->event) {
		f.event = row->event->id;
		f.n_cells = event_cells(row->event, &scratch, cells);
	} else if (row->n_events == 1 && !row->events_capped) {
		f.event = row->events[0];
	}
	f.n_cells += row_cells(row, &scratch, cells + f.n_cells, CELLS_MAX - f.n_cells);
	return worker_emit(a->worker, &f);
}

struct sieving {
	struct asking *asking;
	event_fn      *fn;
	void          *ctx;
};

static bool
sieve_event(void *ctx, const struct event *ev)
{
	struct sieving *s = ctx;

	return !event_sieve_passes(s->asking->sieve, ev->id) || s->fn(s->ctx, ev);
}

static bool
filtered_events(void *self, const struct pred *pred, struct span span, enum order order,
		event_fn *fn, void *ctx, struct err *err)
{
	struct asking     *a = self;
	const struct pred *both = pred_and(&a->scratch, pred, a->question->filter);
	struct sieving     s = { a, fn, ctx };

	if (!a->sieve)
		return a->inner.events(a->inner.self, both, span, order, fn, ctx, err);
	return a->inner.events(a->inner.self, both, span, order, sieve_event, &s, err);
}

static bool
filtered_risk(void *self, struct span span, risk_fn *fn, void *ctx, struct err *err)
{
	struct asking     *a = self;
	struct case_filter f = a->question->only;

	f.span = span;
	return query_risk_rows(a->cf, &f, fn, ctx, err);
}

/* Of the case as a whole: the filter is another reason to find nothing. */
static void
say_what_lacks(struct asking *a, const struct search_stats *stats)
{
	struct case_facts facts;
	struct text       lacks;

	arena_reset(&a->scratch, 0);
	if (!facts_of_case(a->cf, &a->scratch, &facts, NULL))
		return;
	lacks = silence_of_search(a->question->search, stats, &facts, &a->scratch);
	snprintf(a->question->lacks, sizeof(a->question->lacks), TEXT_FMT,
		 TEXT_ARG(lacks.n ? text_head(lacks, sizeof(a->question->lacks) - 1) : TEXT("")));
}

bool
question_run(struct worker *w, struct casefile *cf, void *ctx, struct err *err)
{
	struct asking a = { .worker = w,
			    .question = ctx,
			    .inner = casefile_source(cf),
			    .cf = cf };
	/* Only what obeys the filter: other ways to events are left out. */
	struct source outer = { .self = &a,
				.events = filtered_events,
				.risk = filtered_risk,
				.case_clock_ns = a.inner.case_clock_ns,
				.place = a.inner.place,
				.cancel = worker_cancelled(w) };
	struct err    problem = { 0 };
	bool          good;

	a.sieve = event_sieve_open(cf, &a.question->only, &problem);
	if (problem.kind) {
		*err = problem;
		return false;
	}
	a.scratch = arena_open(SCRATCH_BYTES);
	a.inner.cancel = worker_cancelled(w);
	a.question->rows = 0;
	a.question->limited = false;
	a.question->warnings = 0;
	a.question->lacks[0] = '\0';
	if (a.question->search) {
		struct search_run   run = { .source = &outer, .span = a.question->span };
		struct search_stats stats = { 0 };

		good = search_execute(a.question->search, &run, on_row, &a, &stats, err);
		a.question->warnings = stats.warnings;
		memcpy(a.question->warning, stats.warning, sizeof(stats.warning));
		memcpy(a.question->emptied_by, stats.emptied_by, sizeof(stats.emptied_by));
		if (good)
			say_what_lacks(&a, &stats);
	} else {
		good = filtered_events(&a, a.question->pred ? a.question->pred : pred_true(),
				       a.question->span, ORDER_NEWEST_FIRST, on_event, &a, err);
	}
	arena_close(&a.scratch);
	event_sieve_close(a.sieve);
	return good;
}

void
question_obey(struct question *q, const struct case_filter *f, struct arena *keep)
{
	struct span left = filter_span(f);

	q->filter = filter_pred(f, keep);
	q->only = *f;
	if (left.earliest_ns > q->span.earliest_ns)
		q->span.earliest_ns = left.earliest_ns;
	if (left.latest_ns < q->span.latest_ns)
		q->span.latest_ns = left.latest_ns;
}
