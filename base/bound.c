/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/bound.h"

#define LITERAL_MIN_BYTES 3
#define ALTERNATIVES_MAX  512 /* a group with more literals narrows nothing worth its cost */

static struct id_set
id_intersect(const struct id_set *a, const struct id_set *b)
{
	struct id_set both = { .any = a->any && b->any };

	if (a->any)
		return *b;
	if (b->any)
		return *a;
	for (uint32_t i = 0; i < a->n; i++)
		for (uint32_t k = 0; k < b->n; k++)
			if (a->items[i] == b->items[k])
				both.items[both.n++] = a->items[i];
	return both;
}

void
id_set_add(struct id_set *set, uint32_t id)
{
	for (uint32_t i = 0; i < set->n; i++)
		if (set->items[i] == id)
			return;
	if (set->n == SET_MAX)
		set->any = true;
	else
		set->items[set->n++] = id;
}

static struct id_set
id_union(const struct id_set *a, const struct id_set *b)
{
	struct id_set both = *a;

	both.any = a->any || b->any;
	for (uint32_t i = 0; !both.any && i < b->n; i++)
		id_set_add(&both, b->items[i]);
	return both;
}

void
text_set_add(struct text_set *set, struct text item)
{
	for (uint32_t i = 0; i < set->n; i++)
		if (text_eq(set->items[i], item))
			return;
	if (set->n == SET_MAX)
		set->any = true;
	else
		set->items[set->n++] = item;
}

static void
text_union(struct text_set *set, const struct text_set *other)
{
	set->any = set->any || other->any;
	for (uint32_t i = 0; !set->any && i < other->n; i++)
		text_set_add(set, other->items[i]);
}

/* Exact set intersection would need to know how hosts compare; the smaller set is enough. */
static void
text_intersect(struct text_set *set, const struct text_set *other)
{
	if (set->any || (!other->any && other->n < set->n))
		*set = *other;
}

void
bound_and(struct bound *b, const struct bound *kid, struct arena *keep)
{
	struct id_set ids = id_intersect(&b->ids, &kid->ids);

	b->ids = ids;
	text_intersect(&b->channels, &kid->channels);
	text_intersect(&b->hosts, &kid->hosts);
	if (kid->earliest_ns > b->earliest_ns)
		b->earliest_ns = kid->earliest_ns;
	if (kid->latest_ns < b->latest_ns)
		b->latest_ns = kid->latest_ns;
	for (size_t i = 0; i < kid->n_groups; i++) {
		arena_grow(keep, b->groups, b->n_groups, &b->cap_groups);
		b->groups[b->n_groups++] = kid->groups[i];
	}
	b->none = b->none || kid->none || (!b->ids.any && b->ids.n == 0);
}

/* The length of its shortest literal says how much a group narrows. */
static size_t
group_strength(const struct literal_group *group)
{
	size_t least = SIZE_MAX;

	for (uint32_t i = 0; i < group->n; i++)
		if (group->any[i].n < least)
			least = group->any[i].n;
	return group->n ? least : 0;
}

static const struct literal_group *
strongest_group(const struct bound *b)
{
	const struct literal_group *best = NULL;

	for (size_t i = 0; i < b->n_groups; i++)
		if (best == NULL || group_strength(&b->groups[i]) > group_strength(best))
			best = &b->groups[i];
	return best;
}

/* The same text is often looked for in several fields. */
static uint32_t
add_alternative(struct text *any, uint32_t n, struct text literal)
{
	for (uint32_t i = 0; i < n; i++)
		if (text_eq(any[i], literal))
			return n;
	any[n] = literal;
	return n + 1;
}

/* One group with the alternatives of both; false when one of them has none. */
static bool
group_or(struct bound *b, const struct bound *kid, struct arena *keep)
{
	const struct literal_group *x = strongest_group(b), *y = strongest_group(kid);
	struct text                *any;
	uint32_t                    n = 0;

	if (x == NULL || y == NULL)
		return false;
	any = arena_new(keep, struct text, x->n + y->n);
	for (uint32_t i = 0; i < x->n; i++)
		any[n++] = x->any[i];
	for (uint32_t i = 0; i < y->n; i++)
		n = add_alternative(any, n, y->any[i]);
	if (n > ALTERNATIVES_MAX)
		return false;
	b->groups = arena_new(keep, struct literal_group, 1);
	b->groups[0] = (struct literal_group){ any, n };
	b->n_groups = b->cap_groups = 1;
	return true;
}

void
bound_or(struct bound *b, const struct bound *kid, struct arena *keep)
{
	if (kid->none)
		return;
	if (b->none) {
		*b = *kid;
		return;
	}
	b->ids = id_union(&b->ids, &kid->ids);
	text_union(&b->channels, &kid->channels);
	text_union(&b->hosts, &kid->hosts);
	if (kid->earliest_ns < b->earliest_ns)
		b->earliest_ns = kid->earliest_ns;
	if (kid->latest_ns > b->latest_ns)
		b->latest_ns = kid->latest_ns;
	if (!group_or(b, kid, keep))
		b->n_groups = 0;
}

void
bound_add_literal(struct bound *b, struct text literal, struct arena *keep)
{
	struct text *any;

	if (literal.n < LITERAL_MIN_BYTES)
		return;
	any = arena_new(keep, struct text, 1);
	any[0] = arena_fold(keep, literal);
	arena_grow(keep, b->groups, b->n_groups, &b->cap_groups);
	b->groups[b->n_groups++] = (struct literal_group){ any, 1 };
}
