/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rules/most_frequent.h"

#include <stdlib.h>

#include "base/when.h"
#include "rules/groups.h"

struct frequent_args {
	struct grouping grouping; /* the "by" fields, then those that are counted */
	size_t          n_by;
	uint64_t        limit;    /* 0: all */
	struct text     count, percent;
	struct text     other;   /* what stands in a row for all that are cut off */
	bool            show_count, show_percent, use_other;
};

static bool
frequent_option(struct scan *s, struct frequent_args *args, struct text name, struct text value)
{
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
	struct text name, value;
	size_t      cap = 0;

	for (scan_commas(s); !scan_done(s) && !scan_at_keyword(s, "by"); scan_commas(s)) {
		if (scan_option(s, &name, &value)) {
			if (!frequent_option(s, args, name, value))
				return false;
			continue;
		}
		if (!scan_name(s, &name, "a field name"))
			return false;
		arena_grow(s->c->keep, *out, *n, &cap);
		(*out)[(*n)++] = compile_column(s->c, name);
	}
	return *n > 0 || scan_expected(s, "a field name");
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

struct ranked {
	const struct group *group;
	size_t              at, by; /* by: number of its "by" combination */
	uint64_t            count;
	bool                rare;
};

static int
by_rank(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;
	int                  order;

	if (x->by != y->by)
		return x->by < y->by ? -1 : 1;
	order = (x->count < y->count) - (x->count > y->count);
	if (order)
		return x->rare ? -order : order;
	return (x->at > y->at) - (x->at < y->at);
}

static bool
same_by(const struct group *a, const struct group *b, size_t n_by)
{
	for (size_t i = 0; i < n_by; i++)
		if (by_value_compare(&a->by[i], &b->by[i]) != 0)
			return false;
	return true;
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

static bool
emit_ranked(struct stage_run *sr, const struct ranked *r, uint64_t total)
{
	char      *mark = pipe_mark(sr->run);
	struct row row = group_row(sr->state, r->group, sr->run->scratch);
	bool       more;

	row_set(&row, TEXT("count"), (struct value){ 0 }, sr->run->scratch);
	row.n--;
	more = emit_counted(sr, &row, r->count, total);
	pipe_release(sr->run, mark);
	return more;
}

/* One row for N that were cut off, of the same "by" combination. */
static bool
emit_other(struct stage_run *sr, const struct ranked *cut, size_t n, uint64_t total)
{
	const struct frequent_args *args = sr->stage->args;
	struct run                 *run = sr->run;
	char                       *mark = pipe_mark(run);
	struct row row = { .time_ns = WHEN_NONE, .first_ns = WHEN_NONE, .last_ns = WHEN_NONE };
	struct group all = { .first_ns = WHEN_MAX, .last_ns = WHEN_NONE };
	uint64_t     count = 0;
	bool         more;

	for (size_t i = 0; i < args->grouping.n_by; i++)
		row_set(&row, args->grouping.by[i].name,
			i < args->n_by ? cut->group->by[i] : value_of_text(args->other),
			run->scratch);
	for (size_t i = 0; i < n; i++) {
		struct row events = { 0 };

		group_give_events(cut[i].group, &events);
		group_add_events(&all, &events, run->keep);
		count += cut[i].count;
	}
	group_give_events(&all, &row);
	more = emit_counted(sr, &row, count, total);
	pipe_release(run, mark);
	return more;
}

bool
frequent_finish(struct stage_run *sr, bool rare)
{
	const struct frequent_args *args = sr->stage->args;
	struct groups              *g = sr->state;
	struct group              **sorted;
	size_t                      n = groups_sorted(g, &sorted), by = 0;
	struct ranked              *ranked = arena_new(sr->run->keep, struct ranked, n);

	for (size_t i = 0; i < n; i++) {
		by += i > 0 && !same_by(sorted[i], sorted[i - 1], args->n_by);
		ranked[i] =
		    (struct ranked){sorted[i], i, by, group_sum(g, sorted[i], 0)->count, rare};
	}
	if (n > 1)
		qsort(ranked, n, sizeof(*ranked), by_rank);
	for (size_t i = 0; i < n;) {
		size_t   end = i;
		uint64_t total = 0;

		while (end < n && ranked[end].by == ranked[i].by)
			total += ranked[end++].count;
		size_t shown = args->limit && args->limit < end - i ? args->limit : end - i;

		for (size_t k = i; k < i + shown; k++)
			if (!emit_ranked(sr, &ranked[k], total))
				return false;
		if (args->use_other && i + shown < end &&
		    !emit_other(sr, &ranked[i + shown], end - i - shown, total))
			return false;
		i = end;
	}
	return true;
}
