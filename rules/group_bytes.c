/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rules/group_bytes.h"

#include "rules/value_set.h"

/* How an accumulator is written. */
enum shape {
	SHAPE_PLAIN, /* as it is in memory */
	SHAPE_BEST,
	SHAPE_SET,
	SHAPE_ITEMS,
};

static enum shape
shape_of(enum aggregate_kind kind)
{
	switch (kind) {
	case AGG_COUNT:
	case AGG_SUM:
	case AGG_AVG:
	case AGG_STDEV:
	case AGG_STDEVP:
	case AGG_VAR:
	case AGG_VARP:
	case AGG_RANGE:
	case AGG_SUMSQ:
	case AGG_RATE:
	case AGG_PICTURE:
		return SHAPE_PLAIN;
	case AGG_MIN:
	case AGG_MAX:
	case AGG_FIRST:
	case AGG_LAST:
	case AGG_EARLIEST:
	case AGG_LATEST:
	case AGG_EARLIEST_TIME:
	case AGG_LATEST_TIME:
		return SHAPE_BEST;
	case AGG_DC:
	case AGG_VALUES:
	case AGG_MODE:
		return SHAPE_SET;
	case AGG_LIST:
	case AGG_MEDIAN:
	case AGG_PERC:
		break;
	}
	return SHAPE_ITEMS;
}

/* --- writing --- */

static bool
put_number(struct spill *to, uint64_t n)
{
	return spill_put(to, &n, sizeof(n));
}

static bool
put_text(struct spill *to, struct text t)
{
	return put_number(to, t.n) && spill_put(to, t.p, t.n);
}

static bool
put_value(struct spill *to, const struct value *v)
{
	unsigned char kind = (unsigned char)v->kind;

	if (!spill_put(to, &kind, 1))
		return false;
	if (v->kind == VALUE_TEXT)
		return put_text(to, v->text);
	if (v->kind == VALUE_NUMBER)
		return spill_put(to, &v->number, sizeof(v->number));
	if (v->kind == VALUE_TIME)
		return spill_put(to, &v->time_ns, sizeof(v->time_ns));
	if (v->kind == VALUE_NULL)
		return true;
	if (!put_number(to, v->n_items))
		return false;
	for (uint32_t i = 0; i < v->n_items; i++)
		if (!put_value(to, &v->items[i]))
			return false;
	return true;
}

static bool
put_set(struct spill *to, const struct value_set *set, struct arena scratch)
{
	struct value_count *values;
	size_t              n = value_set_seen(set, &values, &scratch);
	bool                good = put_number(to, n);

	for (size_t i = 0; i < n && good; i++)
		good = put_number(to, values[i].count) && put_value(to, &values[i].value);
	return good;
}

static bool
put_accumulator(struct spill *to, const struct accumulator *acc, enum aggregate_kind kind,
		struct arena scratch)
{
	enum shape shape = shape_of(kind);
	bool       good;

	if (shape == SHAPE_PLAIN)
		return spill_put(to, acc, accumulator_bytes(kind));
	if (shape == SHAPE_BEST)
		return spill_put(to, &acc->best_ns, sizeof(acc->best_ns)) &&
		       put_value(to, &acc->best);
	if (shape == SHAPE_SET)
		return put_set(to, acc->set, scratch);
	good = put_number(to, acc->n_items);
	for (size_t i = 0; i < acc->n_items && good; i++)
		good = put_value(to, &acc->items[i]);
	return good;
}

bool
group_put(struct spill *to, const struct groups *g, const struct group *group)
{
	const uint64_t head[] = { (uint64_t)group->first_ns, (uint64_t)group->last_ns,
				  group->n_events, group->events_capped, group->decoded,
				  group->n_sums };
	bool           good = spill_put(to, head, sizeof(head)) && put_text(to, group->key);

	for (size_t i = 0; i < g->spec->n_by && good; i++)
		good = put_value(to, &group->by[i]);
	for (size_t i = 0; i < group->n_sums && good; i++)
		good = put_accumulator(to, group_sum(g, group, i), g->columns.items[i].kind,
				       *g->run->scratch);
	return good && spill_put(to, group->events, group->n_events * sizeof(*group->events));
}

/* --- reading --- */

struct reading {
	struct spill_reader *from;
	struct run          *run;
	struct arena        *keep;
};

static bool
get_number(struct reading *r, uint64_t *n)
{
	return spill_get(r->from, n, sizeof(*n));
}

static bool
get_text(struct reading *r, struct text *out)
{
	uint64_t n;
	char    *p;

	if (!get_number(r, &n) || !pipe_fits(r->run, n))
		return false;
	p = arena_bytes(r->keep, n + 1);
	*out = (struct text){ p, n };
	return spill_get(r->from, p, n);
}

static bool get_value(struct reading *r, struct value *out);

static bool
get_items(struct reading *r, struct value **out, uint64_t *n)
{
	if (!get_number(r, n) || !pipe_fits(r->run, *n * sizeof(**out)))
		return false;
	*out = arena_new(r->keep, struct value, *n);
	for (uint64_t i = 0; i < *n; i++)
		if (!get_value(r, &(*out)[i]))
			return false;
	return true;
}

static bool
get_value(struct reading *r, struct value *out)
{
	struct value *items;
	unsigned char kind;
	uint64_t      n;

	if (!spill_get(r->from, &kind, 1))
		return false;
	*out = (struct value){ .kind = kind };
	if (kind == VALUE_TEXT)
		return get_text(r, &out->text);
	if (kind == VALUE_NUMBER)
		return spill_get(r->from, &out->number, sizeof(out->number));
	if (kind == VALUE_TIME)
		return spill_get(r->from, &out->time_ns, sizeof(out->time_ns));
	if (kind == VALUE_NULL)
		return true;
	if (!get_items(r, &items, &n))
		return false;
	out->items = items;
	out->n_items = (uint32_t)n;
	return true;
}

static bool
get_set(struct reading *r, struct value_set **set)
{
	struct reading each = { r->from, r->run, r->run->scratch };
	uint64_t       n, count;
	bool           good = get_number(r, &n);

	for (uint64_t i = 0; i < n && good; i++) {
		char        *mark = pipe_mark(r->run);
		struct value v;

		good = get_number(&each, &count) && get_value(&each, &v);
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
	enum shape shape = shape_of(kind);
	uint64_t   n;

	if (shape == SHAPE_PLAIN)
		return spill_get(r->from, acc, accumulator_bytes(kind));
	if (shape == SHAPE_BEST)
		return spill_get(r->from, &acc->best_ns, sizeof(acc->best_ns)) &&
		       get_value(r, &acc->best);
	if (shape == SHAPE_SET)
		return get_set(r, &acc->set);
	if (!get_items(r, &acc->items, &n))
		return false;
	acc->n_items = acc->items_cap = n;
	return true;
}

bool
group_get_key(struct spill_reader *from, struct groups *g, struct group *group, struct arena *keep)
{
	struct reading r = { from, g->run, keep };
	uint64_t       head[6];
	bool           good = spill_get(from, head, sizeof(head)) && get_text(&r, &group->key);

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
		good = get_value(&r, &group->by[i]);
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
