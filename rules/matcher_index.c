/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All searches of all rules, filed under what an event must have to satisfy them. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "rules/matcher_index.h"

#define WEAK_BYTES 4  /* literals that are shorter are looked for only when there is nothing else */
#define GROUP_MOST 64 /* so are groups of more literals */

static size_t
shortest(const struct literal_group *group)
{
	size_t n = group->n ? SIZE_MAX : 0;

	for (uint32_t i = 0; i < group->n; i++) {
		if (group->any[i].n < n)
			n = group->any[i].n;
	}
	return n;
}

/* The group least likely to be met by chance: its shortest literal is the longest. */
static const struct literal_group *
best_group(const struct narrowing *need)
{
	const struct literal_group *best = NULL;
	size_t                      best_length = LITERAL_MIN - 1;

	for (uint32_t i = 0; i < need->n_groups; i++) {
		size_t length = shortest(&need->groups[i]);

		if (length > best_length ||
		    (best && length == best_length && need->groups[i].n < best->n)) {
			best = &need->groups[i];
			best_length = length;
		}
	}
	return best;
}

static void
add_group(struct filed_leaf *leaf, const struct literal_group *group, struct arena *keep)
{
	struct text *any = arena_new(keep, struct text, group->n);

	for (uint32_t i = 0; i < group->n; i++)
		any[i] = arena_copy(keep, group->any[i]);
	leaf->groups[leaf->n_groups++] = (struct literal_group){ any, group->n };
	leaf->n_literals += group->n;
}

/* The best group, and others that are worth being looked for. */
static void
choose_groups(struct filed_leaf *leaf, const struct narrowing *need, struct arena *keep)
{
	const struct literal_group *best = best_group(need);

	if (!best)
		return;
	leaf->groups = arena_new(keep, struct literal_group,
				 need->n_groups < LEAF_GROUPS ? need->n_groups : LEAF_GROUPS);
	add_group(leaf, best, keep);
	for (uint32_t i = 0; i < need->n_groups && leaf->n_groups < LEAF_GROUPS; i++) {
		const struct literal_group *group = &need->groups[i];

		if (group != best && group->n <= GROUP_MOST && shortest(group) >= WEAK_BYTES)
			add_group(leaf, group, keep);
	}
}

static void
bucket_add(struct bucket *b, uint32_t leaf, struct arena *keep)
{
	if (b->n && b->members[b->n - 1] == leaf)
		return;
	arena_grow(keep, b->members, b->n, &b->cap);
	b->members[b->n++] = leaf;
}

static struct bucket *
id_bucket(struct matcher_index *x, uint32_t event_id, struct arena *keep)
{
	uint32_t at = 0;

	while (at < x->n_ids && x->ids[at].event_id < event_id)
		at++;
	if (at < x->n_ids && x->ids[at].event_id == event_id)
		return &x->ids[at];
	arena_grow(keep, x->ids, x->n_ids, &x->ids_cap);
	memmove(x->ids + at + 1, x->ids + at, (x->n_ids - at) * sizeof(*x->ids));
	x->n_ids++;
	x->ids[at] = (struct bucket){ .event_id = event_id };
	return &x->ids[at];
}

static struct bucket *
channel_bucket(struct matcher_index *x, struct text channel, struct arena *keep)
{
	for (uint32_t i = 0; i < x->n_channels; i++) {
		if (text_ieq(x->channels[i].channel, channel))
			return &x->channels[i];
	}
	arena_grow(keep, x->channels, x->n_channels, &x->channels_cap);
	x->channels[x->n_channels] = (struct bucket){ .channel = arena_copy(keep, channel) };
	return &x->channels[x->n_channels++];
}

static void
add_leaf(struct matcher_index *x, struct rule_hit hit, const struct pred *pred, struct arena *keep,
	 struct arena scratch)
{
	struct narrowing need = pred_narrow(pred, &scratch);
	uint32_t         leaf = x->n_leaves;

	if (need.none)
		return;
	arena_grow(keep, x->leaves, x->n_leaves, &x->leaves_cap);
	x->leaves[x->n_leaves++] = (struct filed_leaf){ .hit = hit, .pred = pred };
	choose_groups(&x->leaves[leaf], &need, keep);
	for (uint32_t i = 0; i < need.n_event_ids; i++)
		bucket_add(id_bucket(x, need.event_ids[i], keep), leaf, keep);
	for (uint32_t i = 0; !need.n_event_ids && i < need.n_channels; i++)
		bucket_add(channel_bucket(x, need.channels[i], keep), leaf, keep);
	if (!need.n_event_ids && !need.n_channels)
		bucket_add(&x->any, leaf, keep);
}

/* Which groups of leaves each literal belongs to, as one array cut at `first`. */
static void
file_literals(struct bucket *b, const struct filed_leaf *leaves, const uint32_t *ids, uint32_t n,
	      struct arena *keep, struct arena scratch)
{
	uint32_t *fill = arena_new(&scratch, uint32_t, b->literals.n + 1);
	uint32_t  k = 0;

	b->first = arena_new(keep, uint32_t, b->literals.n + 2);
	b->concerned = arena_new(keep, struct concern, n + 1);
	for (uint32_t i = 0; i < n; i++)
		b->first[ids[i] + 1]++;
	for (uint32_t l = 0; l < b->literals.n; l++) {
		b->first[l + 1] += b->first[l];
		fill[l] = b->first[l];
	}
	for (uint32_t m = 0; m < b->n; m++) {
		const struct filed_leaf *leaf = &leaves[b->members[m]];

		for (uint32_t g = 0; g < leaf->n_groups; g++)
			for (uint32_t i = 0; i < leaf->groups[g].n; i++)
				b->concerned[fill[ids[k++]]++] =
				    (struct concern){ b->members[m], UINT32_C(1) << g };
	}
}

static void
bucket_seal(struct bucket *b, const struct filed_leaf *leaves, struct arena *keep,
	    struct arena scratch)
{
	struct text *literals;
	uint32_t    *ids, n = 0;

	for (uint32_t m = 0; m < b->n; m++)
		n += leaves[b->members[m]].n_literals;
	literals = arena_new(&scratch, struct text, n);
	ids = arena_new(&scratch, uint32_t, n);
	n = 0;
	for (uint32_t m = 0; m < b->n; m++) {
		const struct filed_leaf *leaf = &leaves[b->members[m]];

		for (uint32_t g = 0; g < leaf->n_groups; g++)
			for (uint32_t i = 0; i < leaf->groups[g].n; i++)
				literals[n++] = leaf->groups[g].any[i];
	}
	if (n == 0)
		return;
	literals_make(&b->literals, literals, n, ids, keep, scratch);
	file_literals(b, leaves, ids, n, keep, scratch);
}

static void
seal_all(struct matcher_index *x, struct bucket *buckets, uint32_t n, struct arena *keep,
	 struct arena scratch)
{
	for (uint32_t i = 0; i < n; i++) {
		bucket_seal(&buckets[i], x->leaves, keep, scratch);
		if (buckets[i].literals.n > x->most_literals)
			x->most_literals = buckets[i].literals.n;
	}
}

/* Keys of the predicates that are filed. */
struct key_set {
	struct text *slots;
	size_t       n; /* a power of two, more than there are predicates */
};

static bool
key_is_new(struct key_set *set, struct text key)
{
	size_t at = text_hash(key, 0) & (set->n - 1);

	while (set->slots[at].n && !text_eq(set->slots[at], key))
		at = (at + 1) & (set->n - 1);
	if (set->slots[at].n)
		return false;
	set->slots[at] = key;
	return true;
}

static struct key_set
key_set_make(const struct ruleset *rs, struct arena *keep)
{
	struct key_set set = { .n = 16 };
	size_t         n = 0;

	for (uint32_t rule = 0; rule < rs->n; rule++)
		n += rs->items[rule]->search ? search_leaves(rs->items[rule]->search) : 0;
	while (set.n < n * 2)
		set.n *= 2;
	set.slots = arena_new(keep, struct text, set.n);
	return set;
}

const struct matcher_index *
matcher_index_make(const struct ruleset *rs, struct arena *keep, struct arena scratch)
{
	struct matcher_index *x = arena_new(keep, struct matcher_index, 1);
	struct key_set        seen = key_set_make(rs, &scratch);

	for (uint32_t rule = 0; rule < rs->n; rule++) {
		const struct text *keys;
		uint32_t           n = ruleset_keys(rs, rule, &keys);

		for (uint32_t leaf = 0; leaf < n; leaf++)
			if (!text_absent(keys[leaf]) && key_is_new(&seen, keys[leaf]))
				add_leaf(x, (struct rule_hit){ rule, leaf },
					 search_leaf_pred(rs->items[rule]->search, leaf), keep,
					 scratch);
	}
	seal_all(x, x->ids, x->n_ids, keep, scratch);
	seal_all(x, x->channels, x->n_channels, keep, scratch);
	seal_all(x, &x->any, 1, keep, scratch);
	return x;
}
