/* SPDX-License-Identifier: GPL-3.0-or-later */
/* selfjoin: rows joined with the others that have the same values. */
#include "config.h"

#include "rules/kept_rows.h"
#include "rules/row_keys.h"

struct selfjoin_args {
	struct column *fields;
	size_t         n_fields;
	bool           overwrite, keep_single;
	uint64_t       max; /* 0: all */
};

static bool
selfjoin_option(struct scan *s, void *ctx, struct text name, struct text value)
{
	struct selfjoin_args *args = ctx;

	if (text_ieq(name, TEXT("max")))
		return scan_to_count(s, name, value, 0, &args->max);
	if (text_ieq(name, TEXT("overwrite")))
		return scan_to_bool(s, name, value, &args->overwrite);
	if (text_ieq(name, TEXT("keepsingle")))
		return scan_to_bool(s, name, value, &args->keep_single);
	return scan_bad_option(s, name);
}

static bool
selfjoin_parse(struct scan *s, struct stage *stage)
{
	struct selfjoin_args *args = arena_new(s->c->keep, struct selfjoin_args, 1);

	stage->args = args;
	args->overwrite = true;
	args->max = 1;
	if (!compile_columns_and_options(s, &args->fields, &args->n_fields, NULL, selfjoin_option,
					 args))
		return false;
	return args->n_fields > 0 || scan_expected(s, "a field name");
}

static void
selfjoin_uses(const struct stage *stage, struct uses *uses)
{
	const struct selfjoin_args *args = stage->args;

	for (size_t i = 0; i < args->n_fields; i++)
		uses_add(uses, args->fields[i].name, USE_READS);
}

struct alike {
	size_t *rows;
	size_t  n, cap;
};

struct place_among {
	struct alike *alike; /* NULL: it lacks a field */
	size_t        at;
};

struct selfjoin_state {
	struct kept_rows    rows;
	struct row_keys     keys; /* data: struct alike */
	struct place_among *of;   /* each row */
	size_t              n, cap;
};

static bool
selfjoin_start(struct stage_run *sr)
{
	sr->state = arena_new(sr->run->keep, struct selfjoin_state, 1);
	return true;
}

static bool
selfjoin_row(struct stage_run *sr, struct row *row)
{
	const struct selfjoin_args *args = sr->stage->args;
	struct selfjoin_state      *state = sr->state;
	struct arena               *keep = sr->run->keep;
	struct row_key             *key =
	    row_keys_get(&state->keys, sr->run, row, args->fields, args->n_fields);
	struct place_among          place = { 0 };

	if (key) {
		if (!key->data)
			key->data = arena_new(keep, struct alike, 1);
		place.alike = key->data;
		arena_grow(keep, place.alike->rows, place.alike->n, &place.alike->cap);
		place.at = place.alike->n++;
		place.alike->rows[place.at] = state->n;
	}
	arena_grow(keep, state->of, state->n, &state->cap);
	state->of[state->n++] = place;
	return kept_add(sr, &state->rows, row);
}

static bool
emit_pair(struct stage_run *sr, const struct row *one, const struct row *other)
{
	const struct selfjoin_args *args = sr->stage->args;
	struct arena               *scratch = sr->run->scratch;
	char                       *mark = pipe_mark(sr->run);
	struct row                  row = row_fork(one, scratch);
	struct text                *names;
	size_t                      n = row_names(other, scratch, &names);
	bool                        more;

	for (size_t i = 0; i < n; i++)
		if (!text_starts(names[i], TEXT("_")) &&
		    (args->overwrite || row_get(&row, names[i], scratch).kind == VALUE_NULL))
			row_set(&row, names[i], row_get(other, names[i], scratch), scratch);
	row_add_events(&row, other, scratch);
	more = pipe_check(sr->run) && pipe_emit(sr, &row);
	pipe_release(sr->run, mark);
	return more;
}

/* A row with those of its kind that come behind it. */
static bool
selfjoin_finish(struct stage_run *sr)
{
	const struct selfjoin_args *args = sr->stage->args;
	struct selfjoin_state      *state = sr->state;

	for (size_t i = 0; i < state->rows.n; i++) {
		const struct alike *alike = state->of[i].alike;
		size_t              n = alike ? alike->n : 1, first = state->of[i].at + 1;

		if (n == 1 && args->keep_single && !pipe_emit(sr, state->rows.rows[i]))
			return false;
		for (size_t k = first; k < n && (args->max == 0 || k - first < args->max); k++)
			if (!emit_pair(sr, state->rows.rows[i], state->rows.rows[alike->rows[k]]))
				return false;
	}
	return true;
}

const struct pipe_command pipe_selfjoin = {
	.name = "selfjoin",
	.synopsis = "selfjoin [max=<n>] [overwrite=<bool>] [keepsingle=<bool>] <field> ...",
	.help = "each row with the fields of the next one that has the same values",
	.order = ROWS_ORDERED,
	.parse = selfjoin_parse,
	.uses = selfjoin_uses,
	.start = selfjoin_start,
	.row = selfjoin_row,
	.finish = selfjoin_finish,
};
