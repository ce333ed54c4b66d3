/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rules/most_frequent.h"

#include "base/when.h"
#include "rules/groups.h"
#include "rules/sorted_rows.h"

struct frequent_args {
	struct grouping grouping; /* the "by" fields, then those that are counted */
	size_t          n_by;
	uint64_t        limit;    /* 0: all */
	struct text     count, percent;
	struct text     other;   /* what stands in a row for all that are cut off */
	bool            show_count, show_percent, use_other;
};

static bool
frequent_option(struct scan *s, void *ctx, struct text name, struct text value)
{
	struct frequent_args *args = ctx;

	if (text_ieq(name, TEXT("limit")))
		return scan_to_count(s, name, value, 0, &args->limit);
	if (text_ieq(name, TEXT("showperc")))
		return scan_to_bool(s, name, value, &args->show_percent);
	if (text_ieq(name, TEXT("showcount")))
		return scan_to_bool(s, name, value, &args->show_count);
	if (text_ieq(name, TEXT("countfield")))
		args->count = value;
	else if (text_ieq(name, TEXT("percentfield")))
		args->percent = value;
	else if (text_ieq(name, TEXT("otherstr")))
		args->other = value;
	else if (text_ieq(name, TEXT("useother")))
		return scan_to_bool(s, name, value, &args->use_other);
	else
		return scan_bad_option(s, name);
	return true;
}

static bool
frequent_fields(struct scan *s, struct frequent_args *args, struct column **out, size_t *n)
{
	static const char *const until[] = { "by", NULL };

	return compile_columns_and_options(s, out, n, until, frequent_option, args) &&
	       (*n > 0 || scan_expected(s, "a field name"));
}

bool
frequent_parse(struct scan *s, struct stage *stage)
{
	static struct aggregate const count = { .kind = AGG_COUNT, .name = TEXT_INIT("count") };
	struct frequent_args *args = arena_new(s->c->keep, struct frequent_args, 1);
	struct aggregate     *aggregate = arena_new(s->c->keep, struct aggregate, 1);
	struct column        *fields = NULL, *by = NULL;
	size_t                n = 0;

	stage->args = args;
	args->limit = 10;
	args->count = TEXT("count");
	args->percent = TEXT("percent");
	args->other = TEXT("OTHER");
	args->show_count = args->show_percent = true;
	scan_count(s, &args->limit);
	if (!frequent_fields(s, args, &fields, &n))
		return false;
	if (scan_keyword(s, "by") && !frequent_fields(s, args, &by, &args->n_by))
		return false;
	*aggregate = count;
	args->grouping.aggregates = aggregate;
	args->grouping.n_aggregates = 1;
	args->grouping.n_by = n + args->n_by;
	args->grouping.by = arena_new(s->c->keep, struct column, args->grouping.n_by);
	for (size_t i = 0; i < args->grouping.n_by; i++)
		args->grouping.by[i] = i < args->n_by ? by[i] : fields[i - args->n_by];
	return true;
}

void
frequent_uses(const struct stage *stage, struct uses *uses)
{
	const struct frequent_args *args = stage->args;

	for (size_t i = 0; i < args->grouping.n_by; i++)
		uses_add(uses, args->grouping.by[i].name, USE_GROUPS);
	uses->closed = true;
}

void
frequent_columns(const struct stage *stage, struct columns *columns)
{
	const struct frequent_args *args = stage->args;

	columns_only(columns);
	for (size_t i = 0; i < args->grouping.n_by; i++)
		columns_add(columns, args->grouping.by[i].name);
	if (args->show_count)
		columns_add(columns, args->count);
	if (args->show_percent)
		columns_add(columns, args->percent);
}

bool
frequent_start(struct stage_run *sr)
{
	const struct frequent_args *args = sr->stage->args;

	sr->state = groups_new(sr->run, &args->grouping);
	return true;
}

bool
frequent_row(struct stage_run *sr, struct row *row)
{
	return groups_add(sr->state, row);
}

/* Groups on their way into the order in which they are shown. */
struct ranking {
	struct stage_run           *sr;
	const struct frequent_args *args;
	struct sorted_rows         *rows; /* keys: number of the "by" combination, and count */
	struct arena               *room; /* of BY */
	struct value               *by;   /* the combination of the last group; NULL: none yet */
	uint64_t                   *totals; /* of the combinations */
	size_t                      n, cap;
	bool                        rare;
};

static int
by_rank(const void *ctx, const struct sorted_row *a, const struct sorted_row *b)
{
	const struct ranking *r = ctx;
	const struct value   *x = a->keys, *y = b->keys;
	int                   order;

	if (x[0].number != y[0].number)
		return x[0].number < y[0].number ? -1 : 1;
	order = (x[1].number < y[1].number) - (x[1].number > y[1].number);
	return r->rare ? -order : order;
}

static bool
same_by(const struct ranking *r, const struct group *group)
{
	for (size_t i = 0; i < r->args->n_by; i++)
		if (by_value_compare(&r->by[i], &group->by[i]) != 0)
			return false;
	return true;
}

static bool
rank_group(void *ctx, struct group *group)
{
	struct ranking *r = ctx;
	struct run     *run = r->sr->run;
	char           *mark = pipe_mark(run);
	uint64_t        count = group_sum(r->sr->state, group, 0)->count;
	struct row      row = group_row(r->sr->state, group, run->scratch);
	bool            good;

	if (!r->by || !same_by(r, group)) {
		r->room->at = r->room->start;
		r->by = arena_new(r->room, struct value, r->args->n_by);
		for (size_t i = 0; i < r->args->n_by; i++)
			r->by[i] = value_keep(&group->by[i], r->room);
		arena_grow(run->keep, r->totals, r->n, &r->cap);
		r->totals[r->n++] = 0;
	}
	r->totals[r->n - 1] += count;
	row_set(&row, TEXT("count"), (struct value){ 0 }, run->scratch);
	row.n--;

	const struct value keys[] = { value_of_number((double)(r->n - 1)),
				      value_of_number((double)count) };

	good = sorted_rows_add(r->rows, &row, keys);
	pipe_release(run, mark);
	return good;
}

/* Gives ROW, which has the fields, its count and percent. */
static bool
emit_counted(struct stage_run *sr, struct row *row, uint64_t count, uint64_t total)
{
	const struct frequent_args *args = sr->stage->args;
	struct arena               *scratch = sr->run->scratch;

	if (args->show_count)
		row_set(row, args->count, value_of_number((double)count), scratch);
	if (args->show_percent)
		row_set(row, args->percent,
			value_of_text(arena_printf(scratch, "%.6f",
						   100 * (double)count / (double)total)),
			scratch);
	return pipe_emit(sr, row);
}

/* All rows of one "by" combination that are cut off. */
struct others {
	struct row   row; /* of the first of them */
	struct group events;
	uint64_t     count; /* 0: there are none */
};

static void
add_other(struct ranking *r, struct others *o, const struct row *row, uint64_t count)
{
	if (o->count == 0) {
		o->row = row_keep(row, NULL, 0, r->sr->run->keep);
		o->events = (struct group){ .first_ns = WHEN_MAX, .last_ns = WHEN_NONE };
	}
	o->count += count;
	group_add_events(&o->events, row, r->sr->run->keep);
}

static bool
emit_others(struct ranking *r, struct others *o, uint64_t total)
{
	const struct frequent_args *args = r->args;
	char                       *mark = pipe_mark(r->sr->run);
	bool                        more;

	if (o->count == 0)
		return true;
	for (size_t i = args->n_by; i < args->grouping.n_by; i++)
		row_set(&o->row, args->grouping.by[i].name, value_of_text(args->other),
			r->sr->run->scratch);
	o->row.group_key = TEXT_NONE;
	group_give_events(&o->events, &o->row);
	more = emit_counted(r->sr, &o->row, o->count, total);
	pipe_release(r->sr->run, mark);
	o->count = 0;
	return more;
}

static bool
emit_ranked(struct ranking *r)
{
	const struct frequent_args *args = r->args;
	struct run                 *run = r->sr->run;
	struct others               others = { 0 };
	struct sorted_row          *row;
	size_t                      by = 0;
	uint64_t                    shown = 0;
	bool                        good = sorted_rows_begin(r->rows);

	while (good && (row = sorted_rows_next(r->rows)) != NULL) {
		size_t   of = (size_t)row->keys[0].number;
		uint64_t count = (uint64_t)row->keys[1].number;
		char    *mark = pipe_mark(run);

		if (of != by) {
			good = emit_others(r, &others, r->totals[by]);
			by = of;
			shown = 0;
		}
		if (!args->limit || shown++ < args->limit)
			good = good && emit_counted(r->sr, &row->row, count, r->totals[of]);
		else if (args->use_other)
			add_other(r, &others, &row->row, count);
		pipe_release(run, mark);
	}
	return good && !run->failed && emit_others(r, &others, r->n ? r->totals[by] : 0);
}

bool
frequent_finish(struct stage_run *sr, bool rare)
{
	const struct frequent_args *args = sr->stage->args;
	struct ranking              r = { .sr = sr, .args = args, .rare = rare };
	struct sorted_order         order = { by_rank, &r, 2, 0 };

	if (args->n_by == 0 && !args->use_other)
		order.limit = args->limit;
	r.rows = sorted_rows_new(sr, &order);
	r.room = pipe_room(sr->run);
	return groups_each(sr->state, rank_group, &r) && emit_ranked(&r);
}
