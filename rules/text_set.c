/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rules/text_set.h"

struct text_set {
	struct arena *keep;
	struct text  *items;
	size_t        n, cap;
	uint32_t     *slots; /* number + 1; 0: free; their count is a power of two */
	size_t        n_slots;
};

struct text_set *
text_set_new(struct arena *keep)
{
	struct text_set *s = arena_new(keep, struct text_set, 1);

	s->keep = keep;
	s->n_slots = 64;
	s->slots = arena_new(keep, uint32_t, s->n_slots);
	return s;
}

static uint32_t *
slot_of(const struct text_set *s, struct text t)
{
	size_t at = text_hash(t, 0) & (s->n_slots - 1);

	while (s->slots[at] && !text_eq(s->items[s->slots[at] - 1], t))
		at = (at + 1) & (s->n_slots - 1);
	return &s->slots[at];
}

static void
grow(struct text_set *s)
{
	s->n_slots *= 2;
	s->slots = arena_new(s->keep, uint32_t, s->n_slots);
	for (size_t i = 0; i < s->n; i++)
		*slot_of(s, s->items[i]) = (uint32_t)i + 1;
}

uint32_t
text_set_add(struct text_set *s, struct text t)
{
	uint32_t *slot = slot_of(s, t);

	if (*slot)
		return *slot - 1;
	if (s->n * 2 >= s->n_slots) {
		grow(s);
		slot = slot_of(s, t);
	}
	arena_grow(s->keep, s->items, s->n, &s->cap);
	s->items[s->n] = arena_copy(s->keep, t);
	*slot = (uint32_t)++s->n;
	return *slot - 1;
}

struct text
text_set_get(const struct text_set *s, uint32_t number)
{
	return s->items[number];
}

uint32_t
text_set_count(const struct text_set *s)
{
	return (uint32_t)s->n;
}
