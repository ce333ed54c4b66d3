/* SPDX-License-Identifier: GPL-3.0-or-later */
/* dedup: the first rows of every combination of values. */
#include "config.h"

#include "rules/kept_rows.h"
#include "rules/row_keys.h"
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
dedup_option(struct scan *s, struct dedup_args *args, struct text name, struct text value)
{
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
	struct dedup_args *args = arena_new(s->c->keep, struct dedup_args, 1);
	struct text        name, value;
	size_t             cap = 0;

	stage->args = args;
	args->limit = 1;
	scan_count(s, &args->limit);
	for (scan_commas(s); !scan_done(s); scan_commas(s)) {
		if (scan_keyword(s, "sortby")) {
			if (!sort_keys_parse(s, &args->keys, &args->n_keys))
				return false;
			break;
		}
		if (scan_option(s, &name, &value)) {
			if (!dedup_option(s, args, name, value))
				return false;
			continue;
		}
		if (!scan_name(s, &name, "a field name"))
			return false;
		arena_grow(s->c->keep, args->fields, args->n_fields, &cap);
		args->fields[args->n_fields++] = compile_column(s->c, name);
	}
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

struct dedup_state {
	struct row_keys  keys;
	struct kept_rows rows; /* to be sorted */
	struct row_key  *last;
};

static bool
dedup_start(struct stage_run *sr)
{
	sr->state = arena_new(sr->run->keep, struct dedup_state, 1);
	return true;
}

static bool
dedup_pass(struct stage_run *sr, struct row *row)
{
	const struct dedup_args *args = sr->stage->args;
	struct dedup_state      *state = sr->state;

	return args->n_keys ? kept_add(sr, &state->rows, row) : pipe_emit(sr, row);
}

static bool
dedup_row(struct stage_run *sr, struct row *row)
{
	const struct dedup_args *args = sr->stage->args;
	struct dedup_state      *state = sr->state;
	struct row_key          *key;
	bool                     first;

	key = row_keys_get(&state->keys, sr->run, row, args->fields, args->n_fields);
	if (!key)
		return !args->keep_empty || dedup_pass(sr, row);
	if (args->consecutive && key != state->last)
		key->count = 0;
	state->last = key;
	first = key->count++ < args->limit;
	if (!first && args->keep_events)
		for (size_t i = 0; i < args->n_fields; i++)
			row_set(row, args->fields[i].name, (struct value){ 0 }, sr->run->scratch);
	return first || args->keep_events ? dedup_pass(sr, row) : pipe_check(sr->run);
}

static bool
dedup_finish(struct stage_run *sr)
{
	const struct dedup_args *args = sr->stage->args;
	struct dedup_state      *state = sr->state;

	sort_rows(state->rows.rows, state->rows.n, args->keys, args->n_keys, *sr->run->scratch);
	return kept_emit(sr, &state->rows);
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
