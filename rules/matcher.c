/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All rules asked about one event: its kind decides what can be decided, literals who is asked. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/names.h"
#include "rules/matcher_index.h"

#define KINDS       512  /* that are remembered */
#define KIND_SLOTS  1024 /* a power of two */
#define BUCKETS     3    /* that an event can be of: by id, by channel, any */

/* Events that share channel, scope and event id. */
struct event_kind {
	struct event         facts; /* these three */
	uint8_t             *sure;  /* [leaf]: enum pred_sure; of others than members SURE_NOT */
	uint32_t            *now;   /* leaves that no literal can put aside */
	uint32_t             n_now;
	const struct bucket *scan[BUCKETS]; /* with leaves that literals can bring up */
	uint32_t             n_scan;
};

/* What was seen of a leaf's groups in an event. */
struct met {
	uint32_t event, groups;
};

struct matcher {
	const struct matcher_index *index;
	struct arena                scratch; /* of one predicate, of one text */
	struct event_kind         **slots;   /* hash table; NULL: free */
	const struct event_kind    *last;
	uint32_t                    n_kinds;
	struct rule_hit            *hits;
	uint32_t                   *worth;   /* leaves to ask about this event */
	uint32_t                    n_worth;
	struct met                 *met;     /* [leaf] */
	uint32_t                   *literal_seen; /* [literal]: the scan it was found in */
	uint32_t                    event_no, scan_no;
	const struct event_kind    *kind;    /* of the event */
	const struct bucket        *bucket;  /* being scanned for */
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
	m->views = views_new();
	m->slots = arena_new(&m->scratch, struct event_kind *, KIND_SLOTS);
	m->hits = arena_new(&m->scratch, struct rule_hit, x->n_leaves + 1);
	m->worth = arena_new(&m->scratch, uint32_t, x->n_leaves + 1);
	m->met = arena_new(&m->scratch, struct met, x->n_leaves + 1);
	m->literal_seen = arena_new(&m->scratch, uint32_t, x->most_literals + 1);
	return m;
}

/* Evidence may have any number of kinds. */
static void
forget_kinds(struct matcher *m)
{
	for (size_t i = 0; i < KIND_SLOTS; i++)
		free(m->slots[i]);
	memset(m->slots, 0, KIND_SLOTS * sizeof(*m->slots));
	m->n_kinds = 0;
	m->last = NULL;
}

void
matcher_free(struct matcher *m)
{
	if (!m)
		return;
	forget_kinds(m);
	arena_close(&m->scratch);
	views_free(m->views);
	free(m);
}

/* --- kinds of events --- */

static bool
is_of(const struct event_kind *kind, const struct event *ev)
{
	return kind->facts.event_id == ev->event_id && kind->facts.scope == ev->scope &&
	       text_eq(kind->facts.channel, ev->channel);
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

/* What the leaves of a bucket come to for events of that kind. */
static void
judge(struct matcher *m, struct event_kind *kind, const struct bucket *b)
{
	bool scan = false;

	for (uint32_t i = 0; i < b->n; i++) {
		uint32_t           n = b->members[i];
		const struct filed_leaf *leaf = &m->index->leaves[n];
		enum pred_sure     sure = pred_sure(leaf->pred, &kind->facts, m->scratch);

		kind->sure[n] = (uint8_t)sure;
		if (sure == SURE_YES || (sure == SURE_ASK && !leaf->n_groups))
			kind->now[kind->n_now++] = n;
		else if (sure == SURE_ASK)
			scan = true;
	}
	if (scan)
		kind->scan[kind->n_scan++] = b;
}

/* One piece of memory, its own: arenas take addresses, which may be scarce. */
static struct event_kind *
kind_new(const struct event *ev, uint32_t n_leaves, uint32_t members)
{
	size_t             now = members * sizeof(uint32_t);
	size_t             size = sizeof(struct event_kind) + now + n_leaves + ev->channel.n;
	struct event_kind *kind = calloc(1, size);
	char              *channel;

	if (!kind)
		arena_exhausted(size);
	kind->now = (uint32_t *)(kind + 1);
	kind->sure = (uint8_t *)kind->now + now;
	channel = (char *)kind->sure + n_leaves;
	if (ev->channel.n)
		memcpy(channel, ev->channel.p, ev->channel.n);
	memset(kind->sure, SURE_NOT, n_leaves);
	kind->facts = (struct event){ .time_ns = ev->time_ns,
				      .channel = { channel, ev->channel.n },
				      .event_id = ev->event_id,
				      .scope = ev->scope };
	return kind;
}

static struct event_kind *
kind_make(struct matcher *m, const struct event *ev)
{
	const struct matcher_index *x = m->index;
	const struct bucket        *of[BUCKETS];
	struct event_kind          *kind;
	uint32_t                    n = 0, members = 0;

	if ((of[n] = find_id(x, ev->event_id)) != NULL)
		n++;
	for (uint32_t i = 0; i < x->n_channels && n < BUCKETS - 1; i++)
		if (text_ieq(x->channels[i].channel, ev->channel))
			of[n++] = &x->channels[i];
	of[n++] = &x->any;
	for (uint32_t i = 0; i < n; i++)
		members += of[i]->n;
	kind = kind_new(ev, x->n_leaves, members);
	for (uint32_t i = 0; i < n; i++)
		judge(m, kind, of[i]);
	return kind;
}

static const struct event_kind *
kind_of(struct matcher *m, const struct event *ev)
{
	uint64_t seed = (uint64_t)ev->event_id << 8 | (uint64_t)ev->scope;
	size_t   at;

	if (m->last && is_of(m->last, ev))
		return m->last;
	if (m->n_kinds == KINDS)
		forget_kinds(m);
	at = text_hash(ev->channel, seed) & (KIND_SLOTS - 1);
	while (m->slots[at] && !is_of(m->slots[at], ev))
		at = (at + 1) & (KIND_SLOTS - 1);
	if (!m->slots[at]) {
		m->slots[at] = kind_make(m, ev);
		m->n_kinds++;
	}
	m->last = m->slots[at];
	return m->last;
}

/* --- literals --- */

static void
on_literal(void *ctx, uint32_t literal)
{
	struct matcher      *m = ctx;
	const struct bucket *b = m->bucket;

	if (m->literal_seen[literal] == m->scan_no)
		return;
	m->literal_seen[literal] = m->scan_no;
	for (uint32_t i = b->first[literal]; i < b->first[literal + 1]; i++) {
		struct concern c = b->concerned[i];
		struct met    *met = &m->met[c.leaf];
		uint32_t       all = (UINT32_C(1) << m->index->leaves[c.leaf].n_groups) - 1;

		if (met->event != m->event_no)
			*met = (struct met){ m->event_no, 0 };
		if (met->groups == all)
			continue;
		met->groups |= c.group;
		if (met->groups == all && m->kind->sure[c.leaf] == SURE_ASK)
			m->worth[m->n_worth++] = c.leaf;
	}
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
	if (t.n < LITERAL_MIN)
		return;
	if (!is_ascii(t)) {
		struct arena folded = m->scratch;
		char        *copy = arena_bytes(&folded, t.n);

		text_fold(copy, t);
		t.p = copy;
	}
	literals_find(&m->bucket->literals, t, on_literal, m);
}

static void
look_into(struct matcher *m, const struct bucket *b, const struct event *ev)
{
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

/* After 2^32 events the marks start over. */
static void
next_event(struct matcher *m)
{
	m->n_worth = 0;
	if (m->event_no++ >= UINT32_MAX - 1 || m->scan_no >= UINT32_MAX - 8) {
		memset(m->met, 0, m->index->n_leaves * sizeof(*m->met));
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
	const struct event_kind *kind = kind_of(m, ev);
	struct event             own;
	struct subject           subject;
	size_t                   n = 0;

	next_event(m);
	m->kind = kind;
	for (uint32_t i = 0; i < kind->n_now; i++)
		m->worth[m->n_worth++] = kind->now[i];
	for (uint32_t i = 0; i < kind->n_scan; i++)
		look_into(m, kind->scan[i], ev);
	if (m->n_worth > 1)
		qsort(m->worth, m->n_worth, sizeof(*m->worth), ascending);
	own = views_of(m->views, ev);
	subject = event_subject(&own);
	for (uint32_t i = 0; i < m->n_worth; i++) {
		const struct filed_leaf *leaf = &m->index->leaves[m->worth[i]];

		if (kind->sure[m->worth[i]] == SURE_YES ||
		    pred_eval(leaf->pred, &subject, m->scratch))
			m->hits[n++] = leaf->hit;
	}
	*out = m->hits;
	return n;
}
