/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rules/unkept.h"

#include <stdlib.h>

#include "base/decoded.h"
#include "base/pred.h"
#include "rules/search.h"

#define SCRATCH_BYTES ((size_t)1 << 30)

/* Predicates with one key are one question. */
struct question {
	const struct pred *pred;
	struct text        key;
};

struct asker {
	uint32_t rule, question;
};

struct unkept {
	struct arena     keep, scratch;
	struct question *questions;
	size_t           n, cap;
	uint32_t        *open;   /* those without an answer */
	size_t           n_open;
	bool            *met;    /* [question] */
	struct asker    *askers; /* by rule */
	size_t           n_askers, askers_cap;
};

static uint32_t
question_of(struct unkept *u, const struct pred *pred)
{
	struct text key = pred_key(pred, &u->keep);

	for (size_t i = 0; i < u->n; i++)
		if (text_eq(u->questions[i].key, key))
			return (uint32_t)i;
	arena_grow(&u->keep, u->questions, u->n, &u->cap);
	u->questions[u->n] = (struct question){ pred, key };
	return (uint32_t)u->n++;
}

static void
add_asker(struct unkept *u, uint32_t rule, const struct pred *pred)
{
	arena_grow(&u->keep, u->askers, u->n_askers, &u->askers_cap);
	u->askers[u->n_askers++] = (struct asker){ rule, question_of(u, pred) };
}

static void
add_rule(struct unkept *u, const struct ruleset *rs, uint32_t rule)
{
	const struct search *s = ruleset_get(rs, rule)->search;

	for (uint32_t leaf = 0; s && leaf < search_leaves(s); leaf++) {
		const struct pred *pred = search_leaf_pred(s, leaf);

		if (pred && !search_leaf_kept(s, leaf, u->scratch))
			add_asker(u, rule, pred);
	}
	if (s && search_makes_text(s))
		add_asker(u, rule, pred_true()); /* what it will read is not known before */
}

struct unkept *
unkept_new(const struct ruleset *rs)
{
	struct unkept *u = calloc(1, sizeof(*u));

	if (!u)
		arena_exhausted(sizeof(*u));
	u->keep = arena_open(SCRATCH_BYTES);
	u->scratch = arena_open(SCRATCH_BYTES);
	for (uint32_t i = 0; i < ruleset_count(rs); i++)
		add_rule(u, rs, i);
	u->met = arena_new(&u->keep, bool, u->n);
	u->open = arena_new(&u->keep, uint32_t, u->n);
	for (; u->n_open < u->n; u->n_open++)
		u->open[u->n_open] = (uint32_t)u->n_open;
	return u;
}

void
unkept_free(struct unkept *u)
{
	if (!u)
		return;
	arena_close(&u->keep);
	arena_close(&u->scratch);
	free(u);
}

bool
unkept_ask(struct unkept *u, const struct event *ev)
{
	struct arena   scratch = u->scratch;
	struct event   plain = event_undecoded(ev, &scratch);
	struct subject whole = event_subject(ev), without = event_subject(&plain);
	size_t         left = 0;

	for (size_t i = 0; i < u->n_open; i++) {
		uint32_t           q = u->open[i];
		const struct pred *pred = u->questions[q].pred;

		u->met[q] = pred_eval(pred, &whole, scratch) || pred_eval(pred, &without, scratch);
		if (!u->met[q])
			u->open[left++] = q;
	}
	u->n_open = left;
	return left > 0;
}

void
unkept_all(struct unkept *u)
{
	for (size_t i = 0; i < u->n; i++)
		u->met[i] = true;
	u->n_open = 0;
}

bool
unkept_concerns(const struct unkept *u, uint32_t rule)
{
	size_t low = 0, high = u->n_askers;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (u->askers[mid].rule < rule)
			low = mid + 1;
		else
			high = mid;
	}
	for (; low < u->n_askers && u->askers[low].rule == rule; low++)
		if (u->met[u->askers[low].question])
			return true;
	return false;
}
