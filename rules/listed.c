/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rules/listed.h"

#define LISTED_LEAST 32 /* fewer are compared one by one */

struct listed {
	struct text  *slots; /* absent: empty */
	size_t        n_slots;
	struct expr **others;
	size_t        n_others;
};

static bool
is_plain(const struct expr *item)
{
	struct value v = value_of_text(item->text);
	double       number;

	return item->kind == EXPR_TEXT && !text_absent(item->text) && !value_number(&v, &number);
}

/* The slot that has the text, or the empty one for it. */
static struct text *
slot_of(const struct listed *l, struct text t)
{
	size_t i = text_hash(t, 0) & (l->n_slots - 1);

	while (!text_absent(l->slots[i]) && !text_eq(l->slots[i], t))
		i = (i + 1) & (l->n_slots - 1);
	return &l->slots[i];
}

const struct listed *
listed_make(struct arena *keep, struct expr *const *items, size_t n)
{
	struct listed *l;
	size_t         plain = 0;

	for (size_t i = 0; i < n; i++)
		plain += is_plain(items[i]);
	if (plain < LISTED_LEAST)
		return NULL;
	l = arena_new(keep, struct listed, 1);
	for (l->n_slots = 64; l->n_slots < plain * 2;)
		l->n_slots *= 2;
	l->slots = arena_new(keep, struct text, l->n_slots);
	l->others = arena_new(keep, struct expr *, n - plain + 1);
	for (size_t i = 0; i < n; i++) {
		if (is_plain(items[i]))
			*slot_of(l, items[i]->text) = items[i]->text;
		else
			l->others[l->n_others++] = items[i];
	}
	return l;
}

bool
listed_has(const struct listed *l, struct text value)
{
	return !text_absent(*slot_of(l, value));
}

size_t
listed_others(const struct listed *l, struct expr *const **out)
{
	*out = l->others;
	return l->n_others;
}
