/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rules/group_bytes.h"

#include "rules/spill_values.h"
#include "rules/value_set.h"

/* --- writing --- */

static bool
put_set(struct spill *to, const struct value_set *set, struct arena scratch)
{
	struct value_count *values;
	size_t              n = value_set_seen(set, &values, &scratch);
	bool                good = spill_put_number(to, n);

	for (size_t i = 0; i < n && good; i++)
		good = spill_put_number(to, values[i].count) && spill_put_value(to, &values[i].value);
	return good;
}

static bool
put_accumulator(struct spill *to, const struct accumulator *acc, enum aggregate_kind kind,
		struct arena scratch)
{
	enum accumulator_shape shape = accumulator_shape(kind);
	bool                   good;

	if (shape == SHAPE_COUNT || shape == SHAPE_NUMBERS || shape == SHAPE_RATE)
		return spill_put(to, acc, accumulator_bytes(kind));
	if (shape == SHAPE_BEST)
		return spill_put(to, &acc->best_ns, sizeof(acc->best_ns)) &&
		       spill_put_value(to, &acc->best);
	if (shape == SHAPE_SET)
		return put_set(to, acc->set, scratch);
	good = spill_put_number(to, acc->n_items);
	for (size_t i = 0; i < acc->n_items && good; i++)
		good = spill_put_value(to, &acc->items[i]);
	return good;
}

bool
group_put(struct spill *to, const struct groups *g, const struct group *group)
{
	const uint64_t head[] = { (uint64_t)group->first_ns, (uint64_t)group->last_ns,
				  group->n_events, group->events_capped, group->decoded,
				  group->n_sums };
	bool           good = spill_put(to, head, sizeof(head)) && spill_put_text(to, group->key);

	for (size_t i = 0; i < g->spec->n_by && good; i++)
		good = spill_put_value(to, &group->by[i]);
	for (size_t i = 0; i < group->n_sums && good; i++)
		good = put_accumulator(to, group_sum(g, group, i), g->columns.items[i].kind,
				       *g->run->scratch);
	return good && spill_put(to, group->events, group->n_events * sizeof(*group->events));
}

/* --- reading --- */

static bool
get_set(struct reading *r, struct value_set **set)
{
	struct reading each = { r->from, r->run, r->run->scratch };
	uint64_t       n, count;
	bool           good = reading_number(r, &n);

	for (uint64_t i = 0; i < n && good; i++) {
		char        *mark = pipe_mark(r->run);
		struct value v;

		good = reading_number(&each, &count) && reading_value(&each, &v);
		if (good)
			value_set_add(set, &v, count, r->run, r->keep);
		good = good && !r->run->failed;
		pipe_release(r->run, mark);
	}
	return good;
}

static bool
get_accumulator(struct reading *r, struct accumulator *acc, enum aggregate_kind kind)
{
	enum accumulator_shape shape = accumulator_shape(kind);
	uint64_t               n;

	if (shape == SHAPE_COUNT || shape == SHAPE_NUMBERS || shape == SHAPE_RATE)
		return spill_get(r->from, acc, accumulator_bytes(kind));
	if (shape == SHAPE_BEST)
		return spill_get(r->from, &acc->best_ns, sizeof(acc->best_ns)) &&
		       reading_value(r, &acc->best);
	if (shape == SHAPE_SET)
		return get_set(r, &acc->set);
	if (!reading_values(r, &acc->items, &n))
		return false;
	acc->n_items = acc->items_cap = n;
	return true;
}

bool
group_get_key(struct spill_reader *from, struct groups *g, struct group *group, struct arena *keep)
{
	struct reading r = { from, g->run, keep };
	uint64_t       head[6];
	bool           good = spill_get(from, head, sizeof(head)) && reading_text(&r, &group->key);

	if (!good)
		return false;
	group->first_ns = (int64_t)head[0];
	group->last_ns = (int64_t)head[1];
	group->n_events = group->events_cap = head[2];
	group->events_capped = head[3];
	group->decoded = head[4];
	group->n_sums = head[5];
	group->by = arena_new(keep, struct value, g->spec->n_by);
	for (size_t i = 0; i < g->spec->n_by && good; i++)
		good = reading_value(&r, &group->by[i]);
	return good;
}

bool
group_get_rest(struct spill_reader *from, struct groups *g, struct group *group, struct arena *keep)
{
	struct reading r = { from, g->run, keep };
	const size_t   n = group->n_sums;
	bool           good = true;

	group->n_sums = 0;
	group_widen(g, group, keep);
	for (size_t i = 0; i < n && good; i++)
		good = get_accumulator(&r, group_sum(g, group, i), g->columns.items[i].kind);
	group->events = arena_new(keep, int64_t, group->n_events);
	return good && spill_get(from, group->events, group->n_events * sizeof(*group->events));
}
