/* SPDX-License-Identifier: GPL-3.0-or-later */
/* concurrency: how many rows last at the time that each of them begins. */
#include "config.h"

#include <stdlib.h>

#include "rules/kept_rows.h"

struct concurrency_args {
	struct column start, duration;
	struct text   to;
};

static bool
concurrency_parse(struct scan *s, struct stage *stage)
{
	struct concurrency_args *args = arena_new(s->c->keep, struct concurrency_args, 1);
	struct text              name, value, duration = TEXT_NONE;

	stage->args = args;
	args->start = compile_column(s->c, TEXT("_time"));
	args->to = TEXT("concurrency");
	while (scan_option(s, &name, &value))
		if (text_ieq(name, TEXT("duration")))
			duration = value;
		else if (text_ieq(name, TEXT("start")))
			args->start = compile_column(s->c, value);
		else if (text_ieq(name, TEXT("output")))
			args->to = arena_copy(s->c->keep, value);
		else
			return scan_bad_option(s, name);
	if (text_absent(duration))
		return scan_expected(s, "duration=<field>");
	args->duration = compile_column(s->c, duration);
	return true;
}

static void
concurrency_uses(const struct stage *stage, struct uses *uses)
{
	const struct concurrency_args *args = stage->args;

	uses_add(uses, args->start.name, USE_READS);
	uses_add(uses, args->duration.name, USE_READS);
}

static void
concurrency_columns(const struct stage *stage, struct columns *columns)
{
	const struct concurrency_args *args = stage->args;

	columns_add(columns, args->to);
}

struct lasting {
	double start, end;
	bool   known;
};

struct concurrency_state {
	struct kept_rows rows;
	struct lasting  *of; /* each row */
	size_t           n, cap;
};

static bool
concurrency_start(struct stage_run *sr)
{
	sr->state = arena_new(sr->run->keep, struct concurrency_state, 1);
	return true;
}

static bool
concurrency_row(struct stage_run *sr, struct row *row)
{
	const struct concurrency_args *args = sr->stage->args;
	struct concurrency_state      *state = sr->state;
	struct value                   start = row_value(row, &args->start, sr->run->scratch);
	struct value                   length = row_value(row, &args->duration, sr->run->scratch);
	struct lasting                 one = { 0 };
	double                         n;

	one.known = value_number(&start, &one.start) && value_number(&length, &n) && n >= 0;
	if (one.known)
		one.end = one.start + n;
	arena_grow(sr->run->keep, state->of, state->n, &state->cap);
	state->of[state->n++] = one;
	return kept_add(sr, &state->rows, row);
}

static int
by_number(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* How many of the numbers, in order, are at most LIMIT. */
static size_t
count_to(const double *numbers, size_t n, double limit)
{
	size_t low = 0, high = n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (numbers[mid] <= limit)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/* What has begun by then and has not ended; what ends as it begins counts for itself. */
static bool
concurrency_finish(struct stage_run *sr)
{
	const struct concurrency_args *args = sr->stage->args;
	struct concurrency_state      *state = sr->state;
	struct arena                  *keep = sr->run->keep;
	double                        *starts = arena_new(keep, double, state->n + 1);
	double                        *ends = arena_new(keep, double, state->n + 1);
	size_t                         n = 0;

	for (size_t i = 0; i < state->n; i++)
		if (state->of[i].known) {
			starts[n] = state->of[i].start;
			ends[n++] = state->of[i].end;
		}
	qsort(starts, n, sizeof(*starts), by_number);
	qsort(ends, n, sizeof(*ends), by_number);
	for (size_t i = 0; i < state->rows.n; i++) {
		const struct lasting *one = &state->of[i];
		size_t                count;

		if (!one->known)
			continue;
		count = count_to(starts, n, one->start) - count_to(ends, n, one->start) +
			(one->end <= one->start);
		row_set(state->rows.rows[i], args->to, value_of_number((double)count), keep);
	}
	return pipe_check(sr->run) && kept_emit(sr, &state->rows);
}

const struct pipe_command pipe_concurrency = {
	.name = "concurrency",
	.synopsis = "concurrency duration=<field> [start=<field>] [output=<name>]",
	.help = "how many rows last at the time that each of them begins",
	.order = ROWS_ORDERED,
	.parse = concurrency_parse,
	.uses = concurrency_uses,
	.columns = concurrency_columns,
	.start = concurrency_start,
	.row = concurrency_row,
	.finish = concurrency_finish,
};
