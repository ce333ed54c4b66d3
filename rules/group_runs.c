/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rules/group_runs.h"

#include "rules/group_bytes.h"

/* Each run that is read takes a buffer. */
#define RUNS_MAX 32

/* A run that is being read. */
struct head {
	size_t               number;
	struct spill_reader *reader;
	struct arena        *room; /* of GROUP */
	struct group         group; /* its key; the rest is read when its turn comes */
};

struct group_runs {
	struct groups         *groups;
	struct run            *run;
	struct spill          *file, *spare; /* SPARE: NULL until it is needed */
	uint64_t               ends[RUNS_MAX]; /* of the runs, in bytes of the file */
	size_t                 n;
	struct head            heads[RUNS_MAX];
	struct arena          *readers, *room; /* ROOM: of the group that is being merged */
};

struct merging {
	struct group_runs *of;
	struct head       *heap[RUNS_MAX]; /* least first */
	size_t             n;
};

struct group_runs *
group_runs_new(struct groups *g)
{
	struct run        *run = g->run;
	struct group_runs *gr = arena_new(run->keep, struct group_runs, 1);

	*gr = (struct group_runs){ .groups = g, .run = run };
	gr->readers = pipe_room(run);
	gr->room = pipe_room(run);
	gr->file = spill_new(run);
	return gr->file ? gr : NULL;
}

bool
group_runs_add(struct group_runs *gr, struct group *const *sorted, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!group_put(gr->file, gr->groups, sorted[i]))
			return false;
	gr->ends[gr->n++] = spill_size(gr->file);
	return spill_flush(gr->file);
}

static bool
is_before(const struct merging *m, const struct head *a, const struct head *b)
{
	int order = group_compare(&a->group, &b->group, m->of->groups->spec->n_by);

	return order < 0 || (order == 0 && a->number < b->number);
}

static void
heap_down(struct merging *m, size_t at)
{
	for (;;) {
		size_t       least = 2 * at + 1;
		struct head *moved = m->heap[at];

		if (least + 1 < m->n && is_before(m, m->heap[least + 1], m->heap[least]))
			least++;
		if (least >= m->n || !is_before(m, m->heap[least], moved))
			return;
		m->heap[at] = m->heap[least];
		m->heap[least] = moved;
		at = least;
	}
}

/* The next group of a run; *ENDED: there is none. */
static bool
head_next(struct merging *m, struct head *h, bool *ended)
{
	struct group_runs *gr = m->of;

	*ended = spill_ended(h->reader);
	if (*ended)
		return true;
	arena_reset(h->room, (size_t)1 << 16);
	h->group = (struct group){ 0 };
	return group_get_key(h->reader, gr->groups, &h->group, h->room) &&
	       pipe_check(gr->run);
}

static bool
heap_fill(struct merging *m)
{
	struct group_runs *gr = m->of;
	bool               ended;

	arena_reset(gr->readers, 0);
	for (size_t i = 0; i < gr->n; i++) {
		struct head *h = &gr->heads[i];

		h->number = i;
		h->reader = spill_read(gr->file, i ? gr->ends[i - 1] : 0, gr->ends[i],
				       gr->readers);
		if (!h->room)
			h->room = pipe_room(gr->run);
		if (!head_next(m, h, &ended))
			return false;
		if (!ended)
			m->heap[m->n++] = h;
	}
	for (size_t i = m->n; i-- > 0;)
		heap_down(m, i);
	return true;
}

/* The least head goes on. */
static bool
heap_next(struct merging *m)
{
	bool ended;

	if (!head_next(m, m->heap[0], &ended))
		return false;
	if (ended)
		m->heap[0] = m->heap[--m->n];
	if (m->n)
		heap_down(m, 0);
	return true;
}

/* The least group out of all runs, made of the first one that has it. */
static bool
merge_least(struct merging *m, struct group *out, struct arena *keep)
{
	struct group_runs *gr = m->of;
	bool               good;

	group_begin(out, m->heap[0]->group.key, m->heap[0]->group.by, gr->groups->spec->n_by, keep);
	do {
		struct head *h = m->heap[0];

		good = group_get_rest(h->reader, gr->groups, &h->group, h->room);
		if (!good)
			break;
		group_merge(gr->groups, out, &h->group, keep);
		good = heap_next(m) && pipe_check(gr->run);
	} while (good && m->n && text_eq(m->heap[0]->group.key, out->key));
	return good;
}

bool
group_runs_merge(struct group_runs *gr, group_fn *fn, void *ctx)
{
	struct merging m = { .of = gr };

	if (!heap_fill(&m))
		return false;
	while (m.n) {
		struct group group = { 0 };

		arena_reset(gr->room, (size_t)1 << 16);
		if (!merge_least(&m, &group, gr->room) || !fn(ctx, &group))
			return false;
	}
	return true;
}

static bool
put_merged(void *ctx, struct group *group)
{
	struct group_runs *gr = ctx;

	return group_put(gr->spare, gr->groups, group);
}

bool
group_runs_tidy(struct group_runs *gr)
{
	struct spill *merged;

	if (gr->n < RUNS_MAX)
		return true;
	if (!gr->spare)
		gr->spare = spill_new(gr->run);
	if (!gr->spare || !group_runs_merge(gr, put_merged, gr) || !spill_flush(gr->spare) ||
	    !spill_empty(gr->file))
		return false;
	merged = gr->spare;
	gr->spare = gr->file;
	gr->file = merged;
	gr->ends[0] = spill_size(merged);
	gr->n = 1;
	return true;
}
