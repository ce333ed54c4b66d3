/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rules/value_set.h"

#include <stdlib.h>

struct set_slot {
	uint64_t     hash;
	uint64_t     count;
	struct text  text;
	struct value value;
	uint64_t     seen; /* order of first sight, from 1; 0: an empty slot */
};

struct value_set {
	struct set_slot *slots;
	size_t           n, cap; /* cap: a power of two */
};

static struct set_slot *
set_find(struct value_set *set, uint64_t hash, struct text text)
{
	for (size_t i = hash & (set->cap - 1);; i = (i + 1) & (set->cap - 1)) {
		struct set_slot *slot = &set->slots[i];

		if (!slot->seen || (slot->hash == hash && text_eq(slot->text, text)))
			return slot;
	}
}

static bool
set_grow(struct value_set *set, struct run *run, struct arena *keep)
{
	struct value_set bigger = { .n = set->n, .cap = set->cap ? set->cap * 2 : 1 };

	if (!pipe_fits(run, bigger.cap * sizeof(*bigger.slots)))
		return false;
	bigger.slots = arena_new(keep, struct set_slot, bigger.cap);
	for (size_t i = 0; i < set->cap; i++)
		if (set->slots[i].seen)
			*set_find(&bigger, set->slots[i].hash, set->slots[i].text) = set->slots[i];
	*set = bigger;
	return true;
}

void
value_set_add(struct value_set **set, const struct value *v, uint64_t times, struct run *run,
	      struct arena *keep)
{
	struct arena     scratch = *run->scratch;
	struct text      text = value_text(v, '\n', &scratch);
	uint64_t         hash = text_hash(text, 0);
	struct set_slot *slot;

	if (!*set)
		*set = arena_new(keep, struct value_set, 1);
	if ((*set)->n * 4 >= (*set)->cap * 3 && !set_grow(*set, run, keep))
		return;
	slot = set_find(*set, hash, text);
	if (!slot->seen) {
		slot->hash = hash;
		slot->text = arena_copy(keep, text);
		slot->value = *v;
		if (v->kind == VALUE_TEXT)
			slot->value.text = slot->text;
		slot->seen = ++(*set)->n;
	}
	slot->count += times;
}

/* As they were seen. */
static const struct set_slot **
in_order(const struct value_set *set, struct arena *scratch)
{
	const struct set_slot **slots =
	    arena_new(scratch, const struct set_slot *, value_set_size(set));

	for (size_t i = 0; set && i < set->cap; i++)
		if (set->slots[i].seen)
			slots[set->slots[i].seen - 1] = &set->slots[i];
	return slots;
}

void
value_set_merge(struct value_set **set, const struct value_set *from, struct run *run,
		struct arena *keep)
{
	char                   *mark = pipe_mark(run);
	const struct set_slot **slots = in_order(from, run->scratch);

	for (size_t i = 0; i < value_set_size(from) && !run->failed; i++)
		value_set_add(set, &slots[i]->value, slots[i]->count, run, keep);
	pipe_release(run, mark);
}

size_t
value_set_size(const struct value_set *set)
{
	return set ? set->n : 0;
}

static int
by_text(const void *a, const void *b)
{
	const struct set_slot *const *x = a, *const *y = b;

	return text_cmp((*x)->text, (*y)->text);
}

struct value
value_set_sorted(const struct value_set *set, struct arena *keep)
{
	const struct set_slot **slots;
	struct value           *items;
	size_t                  n = 0;

	if (!set)
		return (struct value){ 0 };
	slots = arena_new(keep, const struct set_slot *, set->n);
	items = arena_new(keep, struct value, set->n);
	for (size_t i = 0; i < set->cap; i++)
		if (set->slots[i].seen)
			slots[n++] = &set->slots[i];
	qsort(slots, n, sizeof(*slots), by_text);
	for (size_t i = 0; i < n; i++)
		items[i] = slots[i]->value;
	return value_of_list(items, n);
}

static int
by_count(const void *a, const void *b)
{
	const struct set_slot *const *x = a, *const *y = b;

	if ((*x)->count != (*y)->count)
		return (*x)->count < (*y)->count ? 1 : -1;
	return ((*x)->seen > (*y)->seen) - ((*x)->seen < (*y)->seen);
}

size_t
value_set_counts(const struct value_set *set, struct value_count **out, struct arena *keep)
{
	const struct set_slot **slots = in_order(set, keep);
	size_t                  n = value_set_size(set);

	if (n > 1)
		qsort(slots, n, sizeof(*slots), by_count);
	*out = arena_new(keep, struct value_count, n);
	for (size_t i = 0; i < n; i++)
		(*out)[i] = (struct value_count){ slots[i]->value, slots[i]->count };
	return n;
}

size_t
value_set_seen(const struct value_set *set, struct value_count **out, struct arena *keep)
{
	size_t                  n = value_set_size(set);
	const struct set_slot **slots = in_order(set, keep);

	*out = arena_new(keep, struct value_count, n);
	for (size_t i = 0; i < n; i++)
		(*out)[i] = (struct value_count){ slots[i]->value, slots[i]->count };
	return n;
}

struct value
value_set_mode(const struct value_set *set)
{
	const struct set_slot *best = NULL;

	for (size_t i = 0; set && i < set->cap; i++) {
		const struct set_slot *slot = &set->slots[i];

		if (slot->seen && (!best || slot->count > best->count ||
				   (slot->count == best->count && slot->seen < best->seen)))
			best = slot;
	}
	return best ? best->value : (struct value){ 0 };
}
