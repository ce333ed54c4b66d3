/* SPDX-License-Identifier: GPL-3.0-or-later */
/* dedup: the first rows of every combination of values. */
#include "config.h"

#include "rules/row_keys.h"
#include "rules/sorted_rows.h"
#include "rules/sorting.h"

struct dedup_args {
	uint64_t         limit;
	struct column   *fields;
	size_t           n_fields;
	struct sort_key *keys; /* sortby */
	size_t           n_keys;
	bool             keep_events, keep_empty, consecutive;
};

static bool
dedup_option(struct scan *s, void *ctx, struct text name, struct text value)
{
	struct dedup_args *args = ctx;

	if (text_ieq(name, TEXT("keepevents")))
		return scan_to_bool(s, name, value, &args->keep_events);
	if (text_ieq(name, TEXT("keepempty")))
		return scan_to_bool(s, name, value, &args->keep_empty);
	if (text_ieq(name, TEXT("consecutive")))
		return scan_to_bool(s, name, value, &args->consecutive);
	return scan_bad_option(s, name);
}

static bool
dedup_parse(struct scan *s, struct stage *stage)
{
	static const char *const until[] = { "sortby", NULL };
	struct dedup_args       *args = arena_new(s->c->keep, struct dedup_args, 1);

	stage->args = args;
	args->limit = 1;
	scan_count(s, &args->limit);
	if (!compile_columns_and_options(s, &args->fields, &args->n_fields, until, dedup_option, args))
		return false;
	if (scan_keyword(s, "sortby") && !sort_keys_parse(s, &args->keys, &args->n_keys))
		return false;
	if (args->limit == 0)
		return scan_fail(s, s->at, "dedup keeps at least one row");
	return args->n_fields > 0 || scan_expected(s, "a field name");
}

static void
dedup_uses(const struct stage *stage, struct uses *uses)
{
	const struct dedup_args *args = stage->args;

	for (size_t i = 0; i < args->n_fields; i++)
		uses_add(uses, args->fields[i].name, USE_READS);
	for (size_t i = 0; i < args->n_keys; i++)
		uses_add(uses, args->keys[i].column.name, USE_READS);
}

/* Memory may have no room for all keys. Then those that are there are the ones that count; rows with
 * another one wait, and with them all that come behind, so that their order stays: they are gone
 * through again with an empty table, as often as it takes. */
struct dedup_state {
	struct row_keys     keys;
	bool                full;
	struct sorted_rows *waiting, *again; /* key: its own, or null: the row passes as it is */
	struct sorted_rows *rows;            /* sortby: all rows, sorted before any is dropped */
	struct text         last;            /* consecutive: the last key, in ROOM */
	struct arena       *room;
	uint64_t            last_count;
};

static int
by_sort_keys(const void *ctx, const struct sorted_row *a, const struct sorted_row *b)
{
	const struct dedup_args *args = ctx;

	return sort_compare(a->keys, b->keys, args->keys, args->n_keys);
}

static bool
dedup_start(struct stage_run *sr)
{
	const struct dedup_args  *args = sr->stage->args;
	const struct sorted_order order = { by_sort_keys, args, args->n_keys, 0 };
	struct dedup_state       *state = arena_new(sr->run->keep, struct dedup_state, 1);

	sr->state = state;
	state->room = state->keys.keep = pipe_room(sr->run);
	if (args->n_keys)
		state->rows = sorted_rows_new(sr, &order);
	return true;
}

static bool
wait_with(struct stage_run *sr, const struct row *row, struct text key)
{
	const struct sorted_order as_they_come = { .n_keys = 1 };
	struct dedup_state       *state = sr->state;
	struct value              v = value_of_text(key);

	if (!state->waiting)
		state->waiting = sorted_rows_new(sr, &as_they_come);
	return sorted_rows_add(state->waiting, row, &v);
}

static bool
dedup_pass(struct stage_run *sr, struct row *row)
{
	struct dedup_state *state = sr->state;

	return state->full ? wait_with(sr, row, TEXT_NONE) : pipe_emit(sr, row);
}

/* Is it one of the first rows in a row that have the key? */
static bool
is_first_in_a_row(struct stage_run *sr, struct text key)
{
	const struct dedup_args *args = sr->stage->args;
	struct dedup_state      *state = sr->state;

	if (text_absent(state->last) || !text_eq(state->last, key)) {
		state->room->at = state->room->start;
		state->last = arena_copy(state->room, key);
		state->last_count = 0;
	}
	return state->last_count++ < args->limit;
}

static bool
row_with_key(struct stage_run *sr, struct row *row, struct text key)
{
	const struct dedup_args *args = sr->stage->args;
	struct dedup_state      *state = sr->state;
	struct row_key          *known = NULL;
	bool                     first;

	if (!args->consecutive) {
		known = row_keys_of(&state->keys, sr->run, key, !state->full);
		if (!known)
			return wait_with(sr, row, key);
	}
	first = known ? known->count++ < args->limit : is_first_in_a_row(sr, key);
	if (!first && args->keep_events)
		for (size_t i = 0; i < args->n_fields; i++)
			row_set(row, args->fields[i].name, (struct value){ 0 }, sr->run->scratch);
	if ((first || args->keep_events) && !dedup_pass(sr, row))
		return false;
	state->full |= known && pipe_crowded(sr->run, state->room);
	return pipe_check(sr->run);
}

static bool
row_in_order(struct stage_run *sr, struct row *row)
{
	const struct dedup_args *args = sr->stage->args;
	char                    *mark = pipe_mark(sr->run);
	struct text key = row_key_text(sr->run, row, args->fields, args->n_fields);
	bool        good;

	if (text_absent(key))
		good = !args->keep_empty || dedup_pass(sr, row);
	else
		good = row_with_key(sr, row, key);
	pipe_release(sr->run, mark);
	return good;
}

static bool
dedup_row(struct stage_run *sr, struct row *row)
{
	const struct dedup_args *args = sr->stage->args;
	struct dedup_state      *state = sr->state;

	if (!state->rows)
		return row_in_order(sr, row);
	return sorted_rows_add(state->rows, row,
			       sort_values(row, args->keys, args->n_keys, sr->run->scratch));
}

/* Splunk's search reference says of sortby that it determines which event is retained: the rows are put
 * in order before any is dropped, not those that are left. */
static bool
rows_in_order(struct stage_run *sr)
{
	struct dedup_state *state = sr->state;
	struct sorted_row  *row;
	bool                good = true;

	if (!sorted_rows_begin(state->rows))
		return false;
	while (good && (row = sorted_rows_next(state->rows)) != NULL)
		good = row_in_order(sr, &row->row);
	return good && !sr->run->failed && sorted_rows_empty(state->rows);
}

/* Those that waited, with room for other keys. */
static bool
go_again(struct stage_run *sr)
{
	struct dedup_state *state = sr->state;
	struct sorted_rows *rows = state->waiting;
	struct sorted_row  *row;
	bool                good = true;

	state->waiting = state->again;
	state->again = rows;
	state->full = false;
	arena_reset(state->room, 0);
	state->keys = (struct row_keys){ .keep = state->room };
	if (!sorted_rows_begin(rows))
		return false;
	while (good && (row = sorted_rows_next(rows)) != NULL) {
		char *mark = pipe_mark(sr->run);

		good = row->keys[0].kind == VALUE_NULL
			   ? dedup_pass(sr, &row->row)
			   : row_with_key(sr, &row->row, row->keys[0].text);
		pipe_release(sr->run, mark);
	}
	return good && !sr->run->failed && sorted_rows_empty(rows);
}

static bool
dedup_finish(struct stage_run *sr)
{
	struct dedup_state *state = sr->state;

	if (state->rows && !rows_in_order(sr))
		return false;
	while (state->full)
		if (!go_again(sr))
			return false;
	return true;
}

const struct pipe_command pipe_dedup = {
    .name = "dedup",
    .synopsis = "dedup [<n>] <field> ... [keepempty=<bool>] [keepevents=<bool>] [sortby <field>]",
    .help = "the first row, or first n, of every combination of values",
    .order = ROWS_ORDERED,
    .parse = dedup_parse,
    .uses = dedup_uses,
    .start = dedup_start,
    .row = dedup_row,
    .finish = dedup_finish,
};
