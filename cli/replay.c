/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "cli/replay.h"

#include <stdlib.h>

#include "base/when.h"
#include "cli/stop.h"
#include "rules/search.h"

/* ---- a source that is a window of another ---- */

struct pane {
	struct source inner;
	struct span   span;
};

static struct span
both(const struct pane *p, struct span span)
{
	struct span out = p->span;

	if (span.earliest_ns > out.earliest_ns)
		out.earliest_ns = span.earliest_ns;
	if (span.latest_ns < out.latest_ns)
		out.latest_ns = span.latest_ns;
	return out;
}

static bool
pane_events(void *self, const struct pred *pred, struct span span, enum order order, event_fn *fn,
	    void *ctx, struct err *err)
{
	const struct pane *p = self;

	return p->inner.events(p->inner.self, pred, both(p, span), order, fn, ctx, err);
}

static bool
pane_hits(void *self, struct text rule_id, uint32_t leaf, struct span span, enum order order,
	  event_fn *fn, void *ctx, struct err *err)
{
	const struct pane *p = self;

	return p->inner.hits(p->inner.self, rule_id, leaf, both(p, span), order, fn, ctx, err);
}

static bool
pane_risk(void *self, struct span span, risk_fn *fn, void *ctx, struct err *err)
{
	const struct pane *p = self;

	return p->inner.risk(p->inner.self, both(p, span), fn, ctx, err);
}

static struct source
pane_source(struct pane *p)
{
	struct source s = p->inner;

	s.self = p;
	s.events = pane_events;
	s.hits = p->inner.hits ? pane_hits : NULL;
	s.risk = pane_risk;
	s.all_hits = NULL;
	s.case_clock_ns = p->span.latest_ns; /* when the run would have been */
	s.facts = NULL;
	return s;
}

/* ---- which windows ---- */

struct windows {
	int64_t      length_ns;
	int64_t     *starts;
	size_t       n, cap;
	struct arena keep;
};

static bool
note_window(void *ctx, const struct event *ev)
{
	struct windows *w = ctx;
	int64_t         start;

	if (ev->time_ns == WHEN_NONE)
		return true;
	start = when_piece(ev->time_ns, w->length_ns);
	if (w->n && w->starts[w->n - 1] == start)
		return true;
	arena_grow(&w->keep, w->starts, w->n, &w->cap);
	w->starts[w->n++] = start;
	return true;
}

static int
by_start(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static void
sort_windows(struct windows *w)
{
	size_t n = 0;

	if (w->n)
		qsort(w->starts, w->n, sizeof(*w->starts), by_start);
	for (size_t i = 0; i < w->n; i++)
		if (n == 0 || w->starts[n - 1] != w->starts[i])
			w->starts[n++] = w->starts[i];
	w->n = n;
}

/* Those of subsearches as well: rows may be theirs alone. */
static bool
find_windows(const struct source *source, const struct detection *d, struct windows *w,
	     struct err *err)
{
	const struct span all = { WHEN_NONE, WHEN_MAX };
	bool              good = true;

	w->n = 0;
	for (uint32_t leaf = 0; leaf < search_leaves(d->search) && good; leaf++) {
		const struct pred *pred = search_leaf_pred(d->search, leaf);

		if (source->hits && search_leaf_kept(d->search, leaf, w->keep))
			good = source->hits(source->self, d->id, leaf, all, ORDER_ANY, note_window, w, err);
		else if (pred)
			good = source->events(source->self, pred, all, ORDER_ANY, note_window, w, err);
	}
	sort_windows(w);
	return good;
}

/* ---- the runs ---- */

static bool
run_windows(const struct ruleset *rs, uint32_t rule, const struct source *source,
	    const struct windows *w, finding_fn *fn, void *ctx, uint32_t *failed, struct err *err)
{
	struct arena keep = arena_open((size_t)1 << 34);
	bool         good = true;

	for (size_t i = 0; i < w->n && good; i++) {
		struct pane pane = { *source, { w->starts[i], when_later(w->starts[i], w->length_ns) } };
		struct source       part = pane_source(&pane);
		struct arena        scratch = keep;
		struct rule_run     run = { .rules = rs, .source = &part, .found = fn, .ctx = ctx,
					    .keep = &scratch };
		struct ledger_entry entry;
		struct err          problem = { 0 };

		if (rule_run(&run, rule, &entry, &problem))
			continue;
		good = problem.kind != ERR_IO && problem.kind != ERR_CANCEL;
		if (!good)
			*err = problem;
		++*failed;
		break;
	}
	arena_close(&keep);
	return good;
}

bool
replay(struct casefile *cf, const struct ruleset *rs, int64_t window_ns, finding_fn *fn, void *ctx,
       uint32_t *failed, struct err *err)
{
	struct source  source = casefile_source(cf);
	struct windows w = { .length_ns = window_ns, .keep = arena_open((size_t)1 << 30) };
	bool           good = true;

	*failed = 0;
	source.cancel = stop_flag();
	for (uint32_t i = 0; i < ruleset_count(rs) && good; i++) {
		const struct detection *d = ruleset_get(rs, i);

		if (!d->search || search_reads_risk(d->search))
			continue;
		good = find_windows(&source, d, &w, err) &&
		       run_windows(rs, i, &source, &w, fn, ctx, failed, err);
	}
	arena_close(&w.keep);
	return good;
}
