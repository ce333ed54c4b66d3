/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rules/groups.h"

#include <stdlib.h>

#include "base/when.h"
#include "rules/foresight.h"
#include "rules/group_runs.h"
#include "rules/wildcard.h"

/* Combinations of several values in one row. */
#define COMBINATIONS_MAX 100000
/* Groups that are with the rest of the run; with more they have room of their own. */
#define GROUPS_FEW       64

struct groups *
groups_new(struct run *run, const struct grouping *spec)
{
	struct groups *g = arena_new(run->keep, struct groups, 1);

	g->run = run;
	g->keep = run->keep;
	g->spec = spec;
	spelled_begin(&g->columns, spec->aggregates, spec->n_aggregates, run->keep);
	return g;
}

struct groups *
groups_of_stage(struct run *run, const struct stage *stage)
{
	struct groups *g = groups_new(run, stage->grouping);

	if (!stage->foresight)
		return g;
	g->foresight = foresight_start(run, stage->foresight);
	g->early = foresight_fields(stage->foresight);
	return g->foresight ? g : NULL;
}

/* --- keys --- */

static struct text
key_make(const struct value *by, size_t n, struct arena *scratch)
{
	struct text *parts = arena_new(scratch, struct text, n);
	size_t       size = 0, at = 0;
	char        *p;

	for (size_t i = 0; i < n; i++) {
		parts[i] = value_text(&by[i], '\n', scratch);
		size += parts[i].n + sizeof(size_t);
	}
	p = arena_new(scratch, char, size);
	for (size_t i = 0; i < n; i++) {
		memcpy(p + at, &parts[i].n, sizeof(size_t));
		at += sizeof(size_t);
		if (parts[i].n)
			memcpy(p + at, parts[i].p, parts[i].n);
		at += parts[i].n;
	}
	return (struct text){ p, at };
}

/* The text of a value in a key, which begins at *AT. */
static struct text
key_part(struct text key, size_t *at)
{
	struct text part = { key.p + *at + sizeof(size_t), 0 };

	memcpy(&part.n, key.p + *at, sizeof(size_t));
	*at += sizeof(size_t) + part.n;
	return part;
}

static struct group **
slot_find(struct group **slots, size_t cap, uint64_t hash, struct text key)
{
	for (size_t i = hash & (cap - 1);; i = (i + 1) & (cap - 1))
		if (!slots[i] || (slots[i]->hash == hash && text_eq(slots[i]->key, key)))
			return &slots[i];
}

static void
slots_grow(struct groups *g)
{
	size_t         cap = g->cap ? g->cap * 2 : 64;
	struct group **slots = arena_new(g->keep, struct group *, cap);

	for (size_t i = 0; i < g->cap; i++)
		if (g->slots[i])
			*slot_find(slots, cap, g->slots[i]->hash, g->slots[i]->key) = g->slots[i];
	g->slots = slots;
	g->cap = cap;
}

void
group_begin(struct group *group, struct text key, const struct value *by, size_t n_by,
	    struct arena *keep)
{
	*group = (struct group){ .first_ns = WHEN_MAX, .last_ns = WHEN_NONE };
	group->key = arena_copy(keep, key);
	group->by = arena_new(keep, struct value, n_by);
	for (size_t i = 0, at = 0; i < n_by; i++) {
		struct text part = key_part(group->key, &at);

		group->by[i] = by[i].kind == VALUE_TEXT ? value_of_text(part)
							: value_keep(&by[i], keep);
	}
}

static struct group *
group_of(struct groups *g, const struct value *by)
{
	struct text    key = key_make(by, g->spec->n_by, g->run->scratch);
	uint64_t       hash = text_hash(key, 0);
	struct group **slot;

	if (g->n == GROUPS_FEW && g->keep == g->run->keep)
		g->keep = pipe_room(g->run);
	if (g->n * 4 >= g->cap * 3)
		slots_grow(g);
	slot = slot_find(g->slots, g->cap, hash, key);
	if (*slot)
		return *slot;
	*slot = arena_new(g->keep, struct group, 1);
	group_begin(*slot, key, by, g->spec->n_by, g->keep);
	(*slot)->hash = hash;
	g->n++;
	return *slot;
}

void
group_add_events(struct group *group, const struct row *row, struct arena *keep)
{
	if (row->first_ns != WHEN_NONE && row->first_ns < group->first_ns)
		group->first_ns = row->first_ns;
	if (row->last_ns != WHEN_NONE && row->last_ns > group->last_ns)
		group->last_ns = row->last_ns;
	group->events_capped |= row->events_capped;
	group->decoded |= row->decoded;
	for (uint32_t i = 0; i < row->n_events; i++) {
		if (group->n_events >= GROUP_EVENTS_MAX) {
			group->events_capped = true;
			return;
		}
		arena_grow(keep, group->events, group->n_events, &group->events_cap);
		group->events[group->n_events++] = row->events[i];
	}
}

/* The places of columns that are new. */
static void
find_places(struct groups *g)
{
	while (g->n_places < g->columns.n) {
		arena_grow(g->run->keep, g->places, g->n_places, &g->places_cap);
		g->places[g->n_places] = g->sums_bytes;
		g->sums_bytes += accumulator_bytes(g->columns.items[g->n_places++].kind);
	}
}

/* Columns can be found while rows come. */
static void
sums_grow(struct groups *g, struct group *group, struct arena *keep)
{
	size_t old;
	char  *more;

	find_places(g);
	old = group->n_sums < g->n_places ? g->places[group->n_sums] : g->sums_bytes;
	more = arena_alloc(keep, 1, _Alignof(struct accumulator), g->sums_bytes);
	if (old)
		memcpy(more, group->sums, old);
	group->sums = more;
	group->n_sums = g->columns.n;
}

void
group_widen(struct groups *g, struct group *group, struct arena *keep)
{
	if (group->n_sums < g->columns.n)
		sums_grow(g, group, keep);
}

struct accumulator *
group_sum(const struct groups *g, const struct group *group, size_t column)
{
	return column < group->n_sums ? (struct accumulator *)(void *)(group->sums + g->places[column])
				      : NULL;
}

static void
group_add(struct groups *g, struct group *group, const struct row *row)
{
	group_widen(g, group, g->keep);
	for (size_t i = 0; i < g->columns.n; i++)
		accumulate(group_sum(g, group, i), &g->columns.items[i], g->run, row,
			   g->keep);
	if (!g->without_events)
		group_add_events(group, row, g->keep);
}

void
group_merge(struct groups *g, struct group *group, const struct group *later, struct arena *keep)
{
	struct row behind = { 0 };

	group_widen(g, group, keep);
	for (size_t i = 0; i < later->n_sums; i++)
		accumulators_merge(group_sum(g, group, i), group_sum(g, later, i),
				   &g->columns.items[i], g->run, keep);
	behind.first_ns = later->first_ns == WHEN_MAX ? WHEN_NONE : later->first_ns;
	behind.last_ns = later->last_ns;
	behind.events = later->events;
	behind.n_events = (uint32_t)later->n_events;
	behind.events_capped = later->events_capped;
	behind.decoded = later->decoded;
	group_add_events(group, &behind, keep);
}

/* --- more than memory has room for --- */

static size_t groups_sorted(struct groups *g, struct group ***out);

static bool
spill(struct groups *g)
{
	char          *mark = pipe_mark(g->run);
	struct group **sorted;
	size_t         n;
	bool           good;

	if (!g->runs)
		g->runs = group_runs_new(g);
	if (!g->runs)
		return false;
	n = groups_sorted(g, &sorted);
	good = group_runs_put(g->runs, sorted, n);
	pipe_release(g->run, mark);
	g->slots = NULL;
	g->n = g->cap = 0;
	arena_reset(g->keep, 0);
	return good && group_runs_add(g->runs);
}

static bool
spill_if_full(struct groups *g)
{
	return g->keep == g->run->keep || !pipe_crowded(g->run, g->keep) || spill(g);
}

/* Value of a BY field with fill and buckets applied; null: the row belongs to no group. */
static struct value
by_value(const struct groups *g, const struct row *row, size_t i)
{
	const struct grouping *spec = g->spec;
	struct value           v = row_value(row, &spec->by[i], g->run->scratch);
	int64_t                ns;

	if (v.kind == VALUE_NULL && !text_absent(spec->fill))
		return value_of_text(spec->fill);
	if (spec->spanned && text_eq(spec->by[i].name, TEXT("_time")) && value_time(&v, &ns))
		return value_of_time(timespan_floor(spec->span, ns));
	return v;
}

static bool
seen_before(const struct value *items, size_t n, struct arena *scratch)
{
	struct text t = value_text(&items[n], '\n', scratch);

	for (size_t i = 0; i < n; i++)
		if (text_eq(value_text(&items[i], '\n', scratch), t))
			return true;
	return false;
}

/* Every combination of one value per BY field, from field I on. */
static bool
add_combinations(struct groups *g, const struct row *row, const struct value *all,
		 struct value *chosen, size_t i, size_t *left)
{
	const struct value *items;
	size_t              n;

	if (i == g->spec->n_by) {
		if ((*left)-- == 0)
			return pipe_fail(g->run, ERR_LIMIT, "one row belongs to more than %d groups: "
					 "several BY fields have many values", COMBINATIONS_MAX);
		group_add(g, group_of(g, chosen), row);
		return pipe_check(g->run);
	}
	n = value_items(&all[i], &items);
	for (size_t k = 0; k < n; k++) {
		if (g->spec->split_once && seen_before(items, k, g->run->scratch))
			continue;
		chosen[i] = items[k];
		if (!add_combinations(g, row, all, chosen, i + 1, left))
			return false;
	}
	return true;
}

/* The values of the BY fields in WANTED; those from the 64th on count as the last bit. False when
 * one is null. */
static bool
by_values(const struct groups *g, const struct row *row, uint64_t wanted, struct value *all)
{
	for (size_t i = 0; i < g->spec->n_by; i++) {
		if (!(wanted >> (i < 63 ? i : 63) & 1))
			continue;
		all[i] = by_value(g, row, i);
		if (all[i].kind == VALUE_NULL)
			return false;
	}
	return true;
}

bool
groups_add(struct groups *g, const struct row *row)
{
	struct run   *run = g->run;
	char         *mark = pipe_mark(run);
	struct value *all = arena_new(run->scratch, struct value, g->spec->n_by);
	struct value *chosen = arena_new(run->scratch, struct value, g->spec->n_by);
	size_t        left = COMBINATIONS_MAX;
	bool          good = true;

	spelled_add(&g->columns, g->spec->aggregates, g->spec->n_aggregates, g->spec->by,
		    g->spec->n_by, run, row);
	if (by_values(g, row, g->early, all) &&
	    !(g->foresight && foresight_drops(g->foresight, all)) &&
	    by_values(g, row, ~g->early, all))
		good = add_combinations(g, row, all, chosen, 0, &left);
	pipe_release(run, mark);
	return good && pipe_check(run) && spill_if_full(g);
}

struct text
groups_key(struct groups *g, const struct row *row)
{
	struct value *by = arena_new(g->run->scratch, struct value, g->spec->n_by);

	for (size_t i = 0; i < g->spec->n_by; i++) {
		struct value v = by_value(g, row, i);

		if (v.kind == VALUE_NULL)
			return TEXT_NONE;
		by[i] = value_first(&v);
	}
	return key_make(by, g->spec->n_by, g->run->scratch);
}

struct group *
groups_find(const struct groups *g, struct text key)
{
	return g->cap && !text_absent(key) ? *slot_find(g->slots, g->cap, text_hash(key, 0), key)
					   : NULL;
}

/* --- results --- */

int
by_value_compare(const struct value *a, const struct value *b)
{
	char         room[256];
	struct arena scratch = { .at = room, .end = room + sizeof(room), .start = room };

	if (a->kind == VALUE_TIME && b->kind == VALUE_TIME)
		return value_compare(a, b);
	struct text x = value_text(a, '\n', &scratch);

	return text_cmp(x, value_text(b, '\n', &scratch));
}

/* Times have no other order than their numbers; of equal numbers texts decide, as of all else. */
static int
part_compare(bool is_time, struct text a, struct text b)
{
	double x, y;
	bool   a_number, b_number;

	if (is_time) {
		a_number = text_to_double(a, &x);
		b_number = text_to_double(b, &y);
		if (a_number != b_number)
			return a_number ? -1 : 1;
		if (a_number && x != y)
			return x < y ? -1 : 1;
	}
	return text_cmp(a, b);
}

int
group_key_compare(const struct grouping *spec, struct text a, struct text b)
{
	size_t at_a = 0, at_b = 0;

	for (size_t i = 0; i < spec->n_by; i++) {
		bool        is_time = text_eq(spec->by[i].name, TEXT("_time"));
		struct text x = key_part(a, &at_a);
		int         order = part_compare(is_time, x, key_part(b, &at_b));

		if (order)
			return order;
	}
	return 0;
}

int
group_compare(const struct grouping *spec, const struct group *a, const struct group *b)
{
	return group_key_compare(spec, a->key, b->key);
}

struct sorting {
	struct group          *group;
	const struct grouping *spec;
};

static int
by_key(const void *a, const void *b)
{
	const struct sorting *x = a, *y = b;

	return group_compare(x->spec, x->group, y->group);
}

static size_t
groups_sorted(struct groups *g, struct group ***out)
{
	struct arena   *keep = g->keep;
	struct sorting *sorting = arena_new(keep, struct sorting, g->n);
	size_t          n = 0;

	*out = arena_new(keep, struct group *, g->n);
	for (size_t i = 0; i < g->cap; i++)
		if (g->slots[i])
			sorting[n++] = (struct sorting){ g->slots[i], g->spec };
	qsort(sorting, n, sizeof(*sorting), by_key);
	for (size_t i = 0; i < n; i++)
		(*out)[i] = sorting[i].group;
	return n;
}

bool
groups_each(struct groups *g, group_fn *fn, void *ctx)
{
	struct group **sorted;
	size_t         n;

	if (g->runs)
		return (g->n == 0 || spill(g)) && group_runs_merge(g->runs, fn, ctx);
	n = groups_sorted(g, &sorted);
	for (size_t i = 0; i < n; i++)
		if (!fn(ctx, sorted[i]))
			return false;
	return !g->run->failed;
}

static int
by_id(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static uint32_t
sort_ids(int64_t *ids, size_t n)
{
	size_t kept = 0;

	if (n > 1)
		qsort(ids, n, sizeof(*ids), by_id);
	for (size_t i = 0; i < n; i++)
		if (i == 0 || ids[i] != ids[i - 1])
			ids[kept++] = ids[i];
	return (uint32_t)kept;
}

static int
column_order(const void *a, const void *b)
{
	const struct aggregate *const *x = a, *const *y = b;

	return text_cmp((*x)->name, (*y)->name);
}

/* Cells of one aggregate: its own, or those of all fields that a wildcard found, by name. */
static void
set_aggregate(struct groups *g, const struct group *group, size_t index, struct row *row,
	      struct arena *keep)
{
	const struct aggregate  *a = &g->spec->aggregates[index];
	const struct aggregate **found = arena_new(keep, const struct aggregate *, g->columns.n);
	static const struct accumulator empty;
	size_t                   n = 0;

	for (size_t i = 0; i < g->columns.n; i++) {
		const struct aggregate *c = &g->columns.items[i];
		struct text             ignored;

		if (a->wildcard ? c->kind == a->kind &&
				      wildcard_rename(a->field.name, a->name, c->field.name, keep,
						      &ignored) &&
				      text_eq(ignored, c->name)
				: c->kind == a->kind && text_eq(c->name, a->name))
			found[n++] = c;
	}
	if (a->wildcard)
		qsort(found, n, sizeof(*found), column_order);
	else if (n > 1)
		n = 1;
	for (size_t i = 0; i < n; i++) {
		const struct accumulator *sum =
		    group_sum(g, group, (size_t)(found[i] - g->columns.items));

		row_set(row, found[i]->name, accumulated(sum ? sum : &empty, found[i], keep), keep);
	}
}

void
group_give_events(const struct group *group, struct row *row)
{
	row->first_ns = group->first_ns == WHEN_MAX ? WHEN_NONE : group->first_ns;
	row->last_ns = group->last_ns;
	row->events = group->events;
	row->n_events = sort_ids(group->events, group->n_events);
	row->events_capped = group->events_capped;
	row->decoded = group->decoded;
}

struct row
group_row(struct groups *g, const struct group *group, struct arena *keep)
{
	struct row row = { .time_ns = WHEN_NONE, .first_ns = WHEN_NONE, .last_ns = WHEN_NONE };

	for (size_t i = 0; i < g->spec->n_by; i++)
		row_set(&row, g->spec->by[i].name, group->by[i], keep);
	for (size_t i = 0; i < g->spec->n_aggregates; i++)
		set_aggregate(g, group, i, &row, keep);
	group_give_events(group, &row);
	row.group_key = group->key;
	return row;
}

struct giving {
	struct groups    *groups;
	struct stage_run *sr;
};

static bool
give_group(void *ctx, struct group *group)
{
	const struct giving *to = ctx;
	struct run          *run = to->groups->run;
	char                *mark = pipe_mark(run);
	struct row           row = group_row(to->groups, group, run->scratch);
	bool                 more = pipe_check(run) && pipe_emit(to->sr, &row);

	pipe_release(run, mark);
	return more;
}

bool
groups_emit(struct groups *g, struct stage_run *sr)
{
	struct giving to = { g, sr };

	/* Without BY there is one group, even without rows. */
	if (!g->runs && !g->spec->n_by)
		group_of(g, NULL);
	return groups_each(g, give_group, &to);
}
