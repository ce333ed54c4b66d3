/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rules/group_runs.h"

#include "rules/group_bytes.h"
#include "rules/runs.h"

struct group_runs {
	struct groups *groups;
	struct run    *run;
	struct runs   *runs;
	struct arena  *room; /* of the group that is being merged */
};

static bool
get_key(void *ctx, struct spill_reader *from, void *item, struct arena *keep)
{
	struct group_runs *gr = ctx;

	return group_get_key(from, gr->groups, item, keep);
}

static int
compare(void *ctx, const void *a, const void *b)
{
	const struct group_runs *gr = ctx;

	return group_compare(gr->groups->spec, a, b);
}

struct rewriting {
	struct group_runs *of;
	struct spill      *to;
};

static bool
put_merged(void *ctx, struct group *group)
{
	const struct rewriting *w = ctx;

	return group_put(w->to, w->of->groups, group);
}

static bool
rewrite(void *ctx, struct spill *to)
{
	struct rewriting w = { ctx, to };

	return group_runs_merge(ctx, put_merged, &w);
}

static const struct runs_type run_of_groups = {
	.item_bytes = sizeof(struct group),
	.get_key = get_key,
	.compare = compare,
	.rewrite = rewrite,
};

struct group_runs *
group_runs_new(struct groups *g)
{
	struct group_runs *gr = arena_new(g->run->keep, struct group_runs, 1);

	*gr = (struct group_runs){ .groups = g, .run = g->run };
	gr->room = pipe_room(g->run);
	gr->runs = runs_new(g->run, &run_of_groups, gr);
	return gr->runs ? gr : NULL;
}

bool
group_runs_put(struct group_runs *gr, struct group *const *sorted, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!group_put(runs_file(gr->runs), gr->groups, sorted[i]))
			return false;
	return true;
}

bool
group_runs_add(struct group_runs *gr)
{
	return runs_add(gr->runs);
}

/* The least group out of all runs, made of the first one that has it. */
static bool
merge_least(struct group_runs *gr, struct group *out)
{
	struct run_head *h = runs_least(gr->runs);
	struct group    *part = h->item;

	group_begin(out, part->key, part->by, gr->groups->spec->n_by, gr->room);
	do {
		part = h->item;
		if (!group_get_rest(h->reader, gr->groups, part, h->room))
			return false;
		group_merge(gr->groups, out, part, gr->room);
		if (!pipe_check(gr->run) || !runs_next(gr->runs))
			return false;
		h = runs_least(gr->runs);
	} while (h && text_eq(((struct group *)h->item)->key, out->key));
	return true;
}

bool
group_runs_merge(struct group_runs *gr, group_fn *fn, void *ctx)
{
	if (!runs_begin(gr->runs))
		return false;
	while (runs_least(gr->runs)) {
		struct group group = { 0 };

		pipe_empty(gr->room);
		if (!merge_least(gr, &group) || !fn(ctx, &group))
			return false;
	}
	return true;
}
