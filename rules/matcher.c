/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All rules asked about one event, filed under what their searches need. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/names.h"
#include "base/pred.h"
#include "rules/literals.h"
#include "rules/ruleset_parts.h"

struct leaf {
	struct rule_hit    hit;
	const struct pred *pred;
	/* one group of literals of which at least one must occur; none: always worth a look */
	const struct text *literals;
	uint32_t           n_literals;
};

/* The leaves that events of one id (or of one channel, or any) can concern. */
struct bucket {
	uint32_t         event_id; /* of an id bucket */
	struct text      channel;  /* of a channel bucket; folded */
	uint32_t        *members;  /* leaves, ascending */
	uint32_t         n, cap_n;
	size_t           cap;
	uint32_t        *always;   /* members without literals */
	uint32_t         n_always;
	struct literals  literals;
	uint32_t        *concerned; /* literal l: leaves concerned[first[l]] .. first[l + 1] */
	uint32_t        *first;
};

struct matcher_index {
	struct leaf   *leaves; /* by rule, then leaf */
	uint32_t       n_leaves;
	size_t         leaves_cap;
	struct bucket *ids;    /* sorted by event id */
	uint32_t       n_ids;
	size_t         ids_cap;
	struct bucket *channels;
	uint32_t       n_channels;
	size_t         channels_cap;
	struct bucket  any;
	uint32_t       most_literals;
};

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
static void
choose_literals(struct leaf *leaf, const struct narrowing *need, struct arena *keep)
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
	if (best) {
		struct text *literals = arena_new(keep, struct text, best->n);

		for (uint32_t i = 0; i < best->n; i++)
			literals[i] = arena_copy(keep, best->any[i]);
		leaf->literals = literals;
		leaf->n_literals = best->n;
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
	x->leaves[x->n_leaves++] = (struct leaf){ .hit = hit, .pred = pred };
	choose_literals(&x->leaves[leaf], &need, keep);
	for (uint32_t i = 0; i < need.n_event_ids; i++)
		bucket_add(id_bucket(x, need.event_ids[i], keep), leaf, keep);
	for (uint32_t i = 0; !need.n_event_ids && i < need.n_channels; i++)
		bucket_add(channel_bucket(x, need.channels[i], keep), leaf, keep);
	if (!need.n_event_ids && !need.n_channels)
		bucket_add(&x->any, leaf, keep);
}

/* Which leaves each literal concerns, as one array cut at `first`. */
static void
file_literals(struct bucket *b, const struct leaf *leaves, const uint32_t *ids, uint32_t n,
	      struct arena *keep, struct arena scratch)
{
	uint32_t *fill = arena_new(&scratch, uint32_t, b->literals.n + 1);
	uint32_t  k = 0;

	b->first = arena_new(keep, uint32_t, b->literals.n + 2);
	b->concerned = arena_new(keep, uint32_t, n + 1);
	for (uint32_t i = 0; i < n; i++)
		b->first[ids[i] + 1]++;
	for (uint32_t l = 0; l < b->literals.n; l++) {
		b->first[l + 1] += b->first[l];
		fill[l] = b->first[l];
	}
	for (uint32_t m = 0; m < b->n; m++) {
		for (uint32_t i = 0; i < leaves[b->members[m]].n_literals; i++)
			b->concerned[fill[ids[k++]]++] = b->members[m];
	}
}

static void
bucket_seal(struct bucket *b, const struct leaf *leaves, struct arena *keep, struct arena scratch)
{
	struct text *literals;
	uint32_t    *ids, n = 0;

	for (uint32_t m = 0; m < b->n; m++)
		n += leaves[b->members[m]].n_literals;
	literals = arena_new(&scratch, struct text, n);
	ids = arena_new(&scratch, uint32_t, n);
	b->always = arena_new(keep, uint32_t, b->n);
	n = 0;
	for (uint32_t m = 0; m < b->n; m++) {
		const struct leaf *leaf = &leaves[b->members[m]];

		if (!leaf->n_literals)
			b->always[b->n_always++] = b->members[m];
		for (uint32_t i = 0; i < leaf->n_literals; i++)
			literals[n++] = leaf->literals[i];
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
		uint32_t           n = ruleset_keys(rs, rule, &scratch, &keys);

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

struct matcher {
	const struct matcher_index *index;
	struct arena                scratch; /* of one predicate */
	struct arena                folded;  /* of one text */
	struct rule_hit            *hits;
	uint32_t                   *worth;      /* leaves to ask about this event */
	uint32_t                    n_worth;
	uint32_t                   *leaf_seen;  /* [leaf]: the event it was put on the list for */
	uint32_t                   *literal_seen; /* [literal]: the scan it was found in */
	uint32_t                    event_no, scan_no;
	const struct bucket        *bucket;     /* being scanned for */
	struct event_views         *views;
};

struct matcher *
matcher_new(const struct ruleset *rs)
{
	const struct matcher_index *x = rs->index;
	struct matcher             *m = calloc(1, sizeof(*m));

	if (!m)
		arena_exhausted(sizeof(*m));
	m->index = x;
	m->scratch = arena_open((size_t)256 << 20);
	m->folded = arena_open((size_t)256 << 20);
	m->views = views_new();
	m->hits = arena_new(&m->scratch, struct rule_hit, x->n_leaves + 1);
	m->worth = arena_new(&m->scratch, uint32_t, x->n_leaves + 1);
	m->leaf_seen = arena_new(&m->scratch, uint32_t, x->n_leaves + 1);
	m->literal_seen = arena_new(&m->scratch, uint32_t, x->most_literals + 1);
	return m;
}

void
matcher_free(struct matcher *m)
{
	if (!m)
		return;
	arena_close(&m->scratch);
	arena_close(&m->folded);
	views_free(m->views);
	free(m);
}

static void
worth_asking(struct matcher *m, uint32_t leaf)
{
	if (m->leaf_seen[leaf] == m->event_no)
		return;
	m->leaf_seen[leaf] = m->event_no;
	m->worth[m->n_worth++] = leaf;
}

static void
on_literal(void *ctx, uint32_t literal)
{
	struct matcher      *m = ctx;
	const struct bucket *b = m->bucket;

	if (m->literal_seen[literal] == m->scan_no)
		return;
	m->literal_seen[literal] = m->scan_no;
	for (uint32_t i = b->first[literal]; i < b->first[literal + 1]; i++)
		worth_asking(m, b->concerned[i]);
}

static bool
is_ascii(struct text t)
{
	size_t   i = 0;
	uint64_t word, all = 0;

	for (; i + sizeof(word) <= t.n; i += sizeof(word)) {
		memcpy(&word, t.p + i, sizeof(word));
		all |= word;
	}
	for (; i < t.n; i++)
		all |= (uint8_t)t.p[i];
	return (all & UINT64_C(0x8080808080808080)) == 0;
}

static void
scan(struct matcher *m, struct text t)
{
	if (!is_ascii(t)) {
		struct arena folded = m->folded;
		char        *copy = arena_bytes(&folded, t.n);

		text_fold(copy, t);
		t.p = copy;
	}
	literals_find(&m->bucket->literals, t, on_literal, m);
}

static void
look_into(struct matcher *m, const struct bucket *b, const struct event *ev)
{
	for (uint32_t i = 0; i < b->n_always; i++)
		worth_asking(m, b->always[i]);
	if (!b->literals.n)
		return;
	m->bucket = b;
	m->scan_no++;
	for (uint32_t i = 0; i < ev->n_fields; i++)
		scan(m, ev->fields[i].value);
	scan(m, ev->message);
	scan(m, ev->host);
	scan(m, ev->user);
	scan(m, ev->channel);
	scan(m, ev->provider);
	scan(m, ev->event_name);
}

static const struct bucket *
find_id(const struct matcher_index *x, uint32_t event_id)
{
	uint32_t low = 0, high = x->n_ids;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (x->ids[middle].event_id < event_id)
			low = middle + 1;
		else
			high = middle;
	}
	return low < x->n_ids && x->ids[low].event_id == event_id ? &x->ids[low] : NULL;
}

/* After 2^32 events the marks start over. */
static void
next_event(struct matcher *m)
{
	m->n_worth = 0;
	if (m->event_no++ >= UINT32_MAX - 1 || m->scan_no >= UINT32_MAX - 8) {
		memset(m->leaf_seen, 0, m->index->n_leaves * sizeof(*m->leaf_seen));
		memset(m->literal_seen, 0, m->index->most_literals * sizeof(*m->literal_seen));
		m->event_no = 1;
		m->scan_no = 0;
	}
}

static int
ascending(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

size_t
matcher_match(struct matcher *m, const struct event *ev, const struct rule_hit **out)
{
	const struct matcher_index *x = m->index;
	const struct bucket        *by_id = find_id(x, ev->event_id);
	struct event                own;
	struct subject              subject;
	size_t                      n = 0;

	next_event(m);
	if (by_id)
		look_into(m, by_id, ev);
	for (uint32_t i = 0; i < x->n_channels; i++) {
		if (text_ieq(x->channels[i].channel, ev->channel))
			look_into(m, &x->channels[i], ev);
	}
	if (x->any.n)
		look_into(m, &x->any, ev);
	if (m->n_worth > 1)
		qsort(m->worth, m->n_worth, sizeof(*m->worth), ascending);
	own = views_of(m->views, ev);
	subject = event_subject(&own);
	for (uint32_t i = 0; i < m->n_worth; i++) {
		const struct leaf *leaf = &x->leaves[m->worth[i]];

		if (pred_eval(leaf->pred, &subject, m->scratch))
			m->hits[n++] = leaf->hit;
	}
	*out = m->hits;
	return n;
}
