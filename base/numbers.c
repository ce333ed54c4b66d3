/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/numbers.h"

#define SLOTS_LEAST 256

static size_t
slot_of(const struct numbers *ns, struct text text)
{
	size_t at = text_hash(text, 0) & (ns->n_slots - 1);

	while (ns->slots[at] && !text_eq(ns->texts[ns->slots[at]], text))
		at = (at + 1) & (ns->n_slots - 1);
	return at;
}

/* At most half of the slots are taken. */
static void
make_room(struct numbers *ns)
{
	if (ns->n * 2 < ns->n_slots)
		return;
	ns->n_slots = ns->n_slots ? ns->n_slots * 2 : SLOTS_LEAST;
	ns->slots = arena_new(ns->keep, uint32_t, ns->n_slots);
	for (size_t i = 1; i < ns->n; i++)
		ns->slots[slot_of(ns, ns->texts[i])] = (uint32_t)i;
}

uint32_t
numbers_find(const struct numbers *ns, struct text text)
{
	return ns->n_slots ? ns->slots[slot_of(ns, text)] : 0;
}

uint32_t
numbers_of(struct numbers *ns, struct text text)
{
	size_t at;

	if (!ns->n) {
		arena_grow(ns->keep, ns->texts, ns->n, &ns->cap);
		ns->texts[ns->n++] = TEXT_NONE;
	}
	make_room(ns);
	at = slot_of(ns, text);
	if (!ns->slots[at]) {
		arena_grow(ns->keep, ns->texts, ns->n, &ns->cap);
		ns->texts[ns->n] = arena_copy(ns->keep, text);
		ns->slots[at] = (uint32_t)ns->n++;
	}
	return ns->slots[at];
}
