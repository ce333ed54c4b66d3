/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rules/runs.h"

/* Each run that is read takes a buffer. */
#define RUNS_MAX  32
struct runs {
	struct run             *run;
	const struct runs_type *type;
	void                   *ctx;
	struct spill           *file, *spare; /* SPARE: NULL until it is needed */
	uint64_t                ends[RUNS_MAX]; /* of the runs, in bytes of the file */
	size_t                  n;
	struct run_head         heads[RUNS_MAX];
	struct run_head        *heap[RUNS_MAX]; /* least first */
	size_t                  n_heap;
	struct arena           *readers;
};

struct runs *
runs_new(struct run *run, const struct runs_type *type, void *ctx)
{
	struct runs *r = arena_new(run->keep, struct runs, 1);

	*r = (struct runs){ .run = run, .type = type, .ctx = ctx };
	r->readers = pipe_room(run);
	r->file = spill_new(run);
	return r->file ? r : NULL;
}

struct spill *
runs_file(const struct runs *r)
{
	return r->file;
}

static bool
is_before(const struct runs *r, const struct run_head *a, const struct run_head *b)
{
	int order = r->type->compare(r->ctx, a->item, b->item);

	return order < 0 || (order == 0 && a->number < b->number);
}

static void
heap_down(struct runs *r, size_t at)
{
	for (;;) {
		size_t           least = 2 * at + 1;
		struct run_head *moved = r->heap[at];

		if (least + 1 < r->n_heap && is_before(r, r->heap[least + 1], r->heap[least]))
			least++;
		if (least >= r->n_heap || !is_before(r, r->heap[least], moved))
			return;
		r->heap[at] = r->heap[least];
		r->heap[least] = moved;
		at = least;
	}
}

/* The next thing of a run; *ENDED: there is none. */
static bool
head_next(struct runs *r, struct run_head *h, bool *ended)
{
	*ended = spill_ended(h->reader);
	if (*ended)
		return true;
	pipe_empty(h->room);
	memset(h->item, 0, r->type->item_bytes);
	return r->type->get_key(r->ctx, h->reader, h->item, h->room) && pipe_check(r->run);
}

bool
runs_begin(struct runs *r)
{
	bool ended;

	arena_reset(r->readers, 0);
	r->n_heap = 0;
	for (size_t i = 0; i < r->n; i++) {
		struct run_head *h = &r->heads[i];

		h->number = i;
		h->reader =
		    spill_read(r->file, i ? r->ends[i - 1] : 0, r->ends[i], r->readers);
		if (!h->room) {
			h->room = pipe_room(r->run);
			h->item = arena_alloc(r->run->keep, 1, _Alignof(max_align_t),
					      r->type->item_bytes);
		}
		if (!head_next(r, h, &ended))
			return false;
		if (!ended)
			r->heap[r->n_heap++] = h;
	}
	for (size_t i = r->n_heap; i-- > 0;)
		heap_down(r, i);
	return true;
}

struct run_head *
runs_least(struct runs *r)
{
	return r->n_heap ? r->heap[0] : NULL;
}

bool
runs_next(struct runs *r)
{
	bool ended;

	if (!head_next(r, r->heap[0], &ended))
		return false;
	if (ended)
		r->heap[0] = r->heap[--r->n_heap];
	if (r->n_heap)
		heap_down(r, 0);
	else
		arena_reset(r->readers, 0);
	return true;
}

static bool
make_one(struct runs *r)
{
	struct spill *merged;

	if (!r->spare)
		r->spare = spill_new(r->run);
	if (!r->spare || !r->type->rewrite(r->ctx, r->spare) || !spill_flush(r->spare) ||
	    !spill_empty(r->file))
		return false;
	merged = r->spare;
	r->spare = r->file;
	r->file = merged;
	r->ends[0] = spill_size(merged);
	r->n = 1;
	return true;
}

bool
runs_empty(struct runs *r)
{
	r->n = r->n_heap = 0;
	return spill_empty(r->file);
}

bool
runs_add(struct runs *r)
{
	r->ends[r->n++] = spill_size(r->file);
	return spill_flush(r->file) && (r->n < RUNS_MAX || make_one(r));
}
