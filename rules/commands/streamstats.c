/* SPDX-License-Identifier: GPL-3.0-or-later */
/* streamstats: running aggregates, added to every row. */
#include "config.h"

#include "base/when.h"
#include "rules/groups.h"
#include "rules/row_keys.h"

static const char *const streamstats_by[] = { "by", "reset_before", "reset_after", NULL };
static const char *const streamstats_behind[] = { "reset_before", "reset_after", NULL };

struct streamstats_args {
	struct aggregate  *aggregates;
	size_t             n_aggregates;
	struct column     *by;
	size_t             n_by;
	struct column     *read; /* what the aggregates look at */
	size_t             n_read;
	bool               read_all; /* some of them have a star */
	bool               current, global, on_change, all_numbers;
	uint64_t           window; /* rows; 0: all */
	int64_t            time_ns; /* window of time; 0: none */
	const struct expr *before, *after;
};

static bool
is_windowed(const struct streamstats_args *args)
{
	return args->window || args->time_ns;
}

static bool
streamstats_condition(struct scan *s, const struct expr **out)
{
	struct scan  inner;
	struct expr *e;

	if (!scan_take(s, '='))
		return scan_expected(s, "\"=\" and a condition in ( )");
	if (!scan_parentheses(s, &inner) || !expr_parse_condition(&inner, &e) ||
	    !scan_finish(&inner))
		return false;
	*out = e;
	return true;
}

static bool
streamstats_option(struct scan *s, struct streamstats_args *args, struct text name,
		   struct text value)
{
	if (text_ieq(name, TEXT("current")))
		return scan_to_bool(s, name, value, &args->current);
	if (text_ieq(name, TEXT("global")))
		return scan_to_bool(s, name, value, &args->global);
	if (text_ieq(name, TEXT("reset_on_change")))
		return scan_to_bool(s, name, value, &args->on_change);
	if (text_ieq(name, TEXT("allnum")))
		return scan_to_bool(s, name, value, &args->all_numbers);
	if (text_ieq(name, TEXT("window")))
		return scan_to_count(s, name, value, 0, &args->window);
	if (!text_ieq(name, TEXT("time_window")))
		return scan_bad_option(s, name);
	return timespan_length(value, &args->time_ns) ||
	       scan_fail(s, value.p, "expected a span such as 5m, found \"" TEXT_FMT "\"",
			 TEXT_ARG(value));
}

static bool
streamstats_options(struct scan *s, struct streamstats_args *args)
{
	struct text name, value;

	for (scan_commas(s);; scan_commas(s)) {
		if (scan_keyword(s, "reset_before")) {
			if (!streamstats_condition(s, &args->before))
				return false;
		} else if (scan_keyword(s, "reset_after")) {
			if (!streamstats_condition(s, &args->after))
				return false;
		} else if (!scan_option(s, &name, &value)) {
			return true;
		} else if (!streamstats_option(s, args, name, value)) {
			return false;
		}
	}
}

static bool
streamstats_parse(struct scan *s, struct stage *stage)
{
	struct streamstats_args *args = arena_new(s->c->keep, struct streamstats_args, 1);
	struct uses              uses = { .keep = s->c->keep };

	stage->args = args;
	args->current = args->global = true;
	if (!streamstats_options(s, args) ||
	    !aggregates_parse(s, &args->aggregates, &args->n_aggregates, streamstats_by) ||
	    !streamstats_options(s, args))
		return false;
	if (scan_keyword(s, "by") &&
	    !compile_columns(s, &args->by, &args->n_by, streamstats_behind))
		return false;
	if (!streamstats_options(s, args))
		return false;
	if (args->all_numbers)
		aggregates_want_numbers(args->aggregates, args->n_aggregates);
	aggregates_use(args->aggregates, args->n_aggregates, &uses);
	args->read_all = uses.all;
	args->read = arena_new(s->c->keep, struct column, uses.n);
	args->n_read = uses.n;
	for (size_t i = 0; i < uses.n; i++)
		args->read[i] = compile_column(s->c, uses.names[i]);
	return true;
}

static void
streamstats_uses(const struct stage *stage, struct uses *uses)
{
	const struct streamstats_args *args = stage->args;

	for (size_t i = 0; i < args->n_by; i++)
		uses_add(uses, args->by[i].name, USE_READS);
	aggregates_use(args->aggregates, args->n_aggregates, uses);
	if (args->before)
		expr_uses(args->before, uses, USE_READS);
	if (args->after)
		expr_uses(args->after, uses, USE_READS);
}

static void
streamstats_columns(const struct stage *stage, struct columns *columns)
{
	const struct streamstats_args *args = stage->args;

	for (size_t i = 0; i < args->n_aggregates; i++)
		if (!args->aggregates[i].wildcard)
			columns_add(columns, args->aggregates[i].name);
	columns->open |= args->read_all;
}

/* Rows that are still in a window, oldest first. */
struct window_row {
	struct row         row;
	struct row_key    *group;
	struct window_row *next;
};

struct window {
	struct window_row *first, *last;
	uint64_t           n;
};

struct running {
	struct accumulator *accumulators; /* without a window */
	size_t              n;            /* as many as there were columns then */
	struct window       window;       /* of its own, when not global */
};

/* What rows that left a window and values that were surpassed took is only given back with the whole
 * room: what is still there moves to another one, once that is less than half. */
struct streamstats_state {
	struct spelled  columns; /* the aggregates */
	struct row_keys groups;  /* data: struct running, or none */
	struct window   window;  /* the global one */
	struct row_key *last;
	struct row_key  single;  /* without BY */
	struct arena   *room, *spare; /* of all but the columns */
	size_t          moved_bytes;  /* what was there when they moved last */
};

/* This part of the budget, and less, is not worth moving. */
#define MOVED_PART 16

static bool
streamstats_start(struct stage_run *sr)
{
	const struct streamstats_args *args = sr->stage->args;
	struct streamstats_state      *state =
	    arena_new(sr->run->keep, struct streamstats_state, 1);

	sr->state = state;
	state->room = state->groups.keep = pipe_room(sr->run);
	spelled_begin(&state->columns, args->aggregates, args->n_aggregates, sr->run->keep);
	return true;
}

static struct running *
running_of(struct stage_run *sr, struct row_key *key)
{
	const struct streamstats_state *state = sr->state;
	struct running                 *r = key->data;
	struct accumulator             *more;

	if (!r)
		key->data = r = arena_new(state->room, struct running, 1);
	if (r->n < state->columns.n) {
		more = arena_new(state->room, struct accumulator, state->columns.n);
		if (r->n)
			memcpy(more, r->accumulators, r->n * sizeof(*more));
		r->accumulators = more;
		r->n = state->columns.n;
	}
	return r;
}

static void
reset(struct stage_run *sr)
{
	struct streamstats_state *state = sr->state;

	pipe_empty(state->room);
	state->window = (struct window){ 0 };
	state->groups = (struct row_keys){ .keep = state->room };
	state->single = (struct row_key){ 0 };
	state->last = NULL;
	state->moved_bytes = 0;
}

static void
window_append(struct window *w, struct window_row *item)
{
	if (w->last)
		w->last->next = item;
	else
		w->first = item;
	w->last = item;
	w->n++;
}

static void
window_push(struct stage_run *sr, struct window *w, const struct row *row, struct row_key *group)
{
	const struct streamstats_args  *args = sr->stage->args;
	const struct streamstats_state *state = sr->state;
	struct window_row *item = arena_new(state->room, struct window_row, 1);

	item->row = row_keep(row, args->read_all ? NULL : args->read, args->n_read, state->room);
	item->group = group;
	window_append(w, item);
}

static void
window_trim(const struct streamstats_args *args, struct window *w, int64_t now_ns, uint64_t size)
{
	while (w->first &&
	       ((size && w->n > size) ||
		(args->time_ns && now_ns != WHEN_NONE && w->first->row.time_ns != WHEN_NONE &&
		 (w->first->row.time_ns > now_ns
		      ? w->first->row.time_ns - now_ns
		      : now_ns - w->first->row.time_ns) >= args->time_ns))) {
		w->first = w->first->next;
		w->n--;
		if (!w->first)
			w->last = NULL;
	}
}

/* --- moving --- */

/* The same group in the new room. */
static struct row_key *
moved_key(struct stage_run *sr, struct row_keys *to, struct row_key *key)
{
	struct streamstats_state *state = sr->state;

	return key == &state->single ? key : row_keys_of(to, sr->run, key->key, true);
}

static struct window
moved_window(struct stage_run *sr, struct row_keys *to, const struct window *from)
{
	struct window out = { 0 };

	for (const struct window_row *r = from->first; r; r = r->next) {
		struct window_row *item = arena_new(to->keep, struct window_row, 1);

		item->row = row_keep(&r->row, NULL, 0, to->keep);
		item->group = moved_key(sr, to, r->group);
		window_append(&out, item);
	}
	return out;
}

static void
move_group(struct stage_run *sr, struct row_keys *to, struct row_key *key)
{
	const struct streamstats_state *state = sr->state;
	const struct running           *from = key->data;
	struct running                 *r;

	if (!from)
		return;
	r = arena_new(to->keep, struct running, 1);
	r->n = from->n;
	r->accumulators = arena_new(to->keep, struct accumulator, r->n);
	for (size_t i = 0; i < r->n; i++)
		accumulators_merge(&r->accumulators[i], &from->accumulators[i],
				   &state->columns.items[i], sr->run, to->keep);
	r->window = moved_window(sr, to, &from->window);
	moved_key(sr, to, key)->data = r;
}

static void
move_all(struct stage_run *sr)
{
	const struct streamstats_args *args = sr->stage->args;
	struct streamstats_state      *state = sr->state;
	struct arena                  *full = state->room;
	struct row_keys                to = { 0 };

	to.keep = state->spare ? state->spare : pipe_room(sr->run);
	state->window = moved_window(sr, &to, &state->window);
	/* Of a global window, a group that has no row in it is as good as new. */
	if (!is_windowed(args) || !args->global) {
		for (size_t i = 0; i < state->groups.cap; i++)
			if (state->groups.slots[i])
				move_group(sr, &to, state->groups.slots[i]);
		move_group(sr, &to, &state->single);
	}
	if (state->last)
		state->last = moved_key(sr, &to, state->last);
	state->groups = to;
	state->spare = full;
	state->room = to.keep;
	state->moved_bytes = arena_used(state->room);
	arena_reset(full, 0);
}

static void
move_if_worth_it(struct stage_run *sr)
{
	const struct streamstats_state *state = sr->state;

	size_t used = arena_used(state->room);

	if (used > 2 * state->moved_bytes + sr->run->budget_bytes / MOVED_PART &&
	    pipe_taken(sr->run) + used <= sr->run->budget_bytes)
		move_all(sr);
}

/* --- results --- */

/* The aggregates over the rows of a window, added up afresh. */
static void
window_results(struct stage_run *sr, const struct window *w, const struct row_key *group,
	       struct row *row)
{
	const struct streamstats_state *state = sr->state;
	const struct spelled           *columns = &state->columns;
	struct arena                   *scratch = sr->run->scratch;
	struct accumulator *acc = arena_new(scratch, struct accumulator, columns->n);

	for (const struct window_row *r = w->first; r; r = r->next)
		for (size_t i = 0; r->group == group && i < columns->n; i++)
			accumulate(&acc[i], &columns->items[i], sr->run, &r->row, scratch);
	for (size_t i = 0; i < columns->n; i++)
		row_set(row, columns->items[i].name,
			accumulated(&acc[i], &columns->items[i], scratch), scratch);
}

static void
running_results(struct stage_run *sr, struct running *r, struct row *row, const struct row *input)
{
	const struct streamstats_args  *args = sr->stage->args;
	const struct streamstats_state *state = sr->state;
	const struct aggregate         *columns = state->columns.items;
	struct arena                   *scratch = sr->run->scratch;

	for (int step = 0; step < 2; step++)
		for (size_t i = 0; i < state->columns.n; i++)
			if ((step == 0) == args->current)
				accumulate(&r->accumulators[i], &columns[i], sr->run, input,
					   state->room);
			else
				row_set(row, columns[i].name,
					accumulated(&r->accumulators[i], &columns[i], scratch),
					scratch);
}

static bool
holds(struct stage_run *sr, const struct expr *e, const struct row *row)
{
	struct eval ev = { .run = sr->run, .row = row };

	return e && expr_truth(e, &ev) == TRUTH_TRUE;
}

/* The group of a row; NULL: it has none. */
static struct row_key *
key_of(struct stage_run *sr, const struct row *row)
{
	const struct streamstats_args *args = sr->stage->args;
	struct streamstats_state      *state = sr->state;

	return args->n_by ? row_keys_get(&state->groups, sr->run, row, args->by, args->n_by)
			  : &state->single;
}

static void
add_results(struct stage_run *sr, struct row *row, const struct row *input, struct row_key *key)
{
	const struct streamstats_args *args = sr->stage->args;
	struct streamstats_state      *state = sr->state;
	struct window                 *w = &state->window;

	if (!is_windowed(args)) {
		running_results(sr, running_of(sr, key), row, input);
		return;
	}
	if (!args->global)
		w = &running_of(sr, key)->window;
	if (!args->current) {
		window_trim(args, w, row->time_ns, args->window);
		window_results(sr, w, key, row);
	}
	window_push(sr, w, input, key);
	window_trim(args, w, row->time_ns, args->window);
	if (args->current)
		window_results(sr, w, key, row);
}

static bool
streamstats_row(struct stage_run *sr, struct row *row)
{
	const struct streamstats_args *args = sr->stage->args;
	struct streamstats_state      *state = sr->state;
	struct row                     input = row_fork(row, sr->run->scratch);
	struct row_key                *key;
	bool                           ends;

	if (args->read_all)
		spelled_add(&state->columns, args->aggregates, args->n_aggregates, args->by,
			    args->n_by, sr->run, &input);
	if (holds(sr, args->before, row))
		reset(sr);
	move_if_worth_it(sr);
	key = key_of(sr, row);
	if (!key)
		return pipe_emit(sr, row);
	if (args->on_change && state->last && state->last != key) {
		reset(sr);
		key = key_of(sr, row);
	}
	state->last = key;
	add_results(sr, row, &input, key);
	ends = holds(sr, args->after, row);
	if (!pipe_check(sr->run) || !pipe_emit(sr, row))
		return false;
	if (ends)
		reset(sr);
	return true;
}

const struct pipe_command pipe_streamstats = {
    .name = "streamstats",
    .synopsis =
	"streamstats [window=<n>] [current=<bool>] <aggregate>(<field>) ... [by <field> ...]",
    .help = "running aggregates, added to every row",
    .order = ROWS_ORDERED,
    .parse = streamstats_parse,
    .uses = streamstats_uses,
    .columns = streamstats_columns,
    .start = streamstats_start,
    .row = streamstats_row,
};
