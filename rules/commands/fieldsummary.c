/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fieldsummary: a row for every field: how often it came, and what its values are. */
#include "config.h"

#include <stdlib.h>

#include "base/numbers.h"
#include "base/when.h"
#include "rules/accumulate.h"
#include "rules/field_list.h"
#include "rules/functions.h"
#include "rules/value_set.h"

struct fieldsummary_args {
	uint64_t          max; /* values shown; 0: all */
	struct field_list fields;
};

static bool
fieldsummary_parse(struct scan *s, struct stage *stage)
{
	struct fieldsummary_args *args = arena_new(s->c->keep, struct fieldsummary_args, 1);
	struct text               name, value;

	stage->args = args;
	args->max = 100;
	while (scan_option(s, &name, &value))
		if (!text_ieq(name, TEXT("maxvals")))
			return scan_bad_option(s, name);
		else if (!scan_to_count(s, name, value, 0, &args->max))
			return false;
	return scan_done(s) || field_list_parse(s, &args->fields, NULL);
}

static void
fieldsummary_uses(const struct stage *stage, struct uses *uses)
{
	const struct fieldsummary_args *args = stage->args;

	uses->all |= args->fields.n == 0;
	field_list_uses(&args->fields, uses, USE_READS);
	uses->closed = true;
}

static void
fieldsummary_columns(const struct stage *stage, struct columns *columns)
{
	static const char *const names[] = { "field", "count", "distinct_count", "is_exact", "max",
					     "mean", "min", "numeric_count", "stdev", "values" };

	(void)stage;
	columns_only(columns);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		columns_add(columns, text_of(names[i]));
}

struct field_summary {
	struct text        name;
	struct accumulator numbers;
	struct value_set  *values;
	uint64_t           count;
};

struct fieldsummary_state {
	struct numbers        names; /* that of the first field is 1 */
	struct field_summary *fields;
	size_t                n, cap;
};

static bool
fieldsummary_start(struct stage_run *sr)
{
	struct fieldsummary_state *state = arena_new(sr->run->keep, struct fieldsummary_state, 1);

	sr->state = state;
	state->names.keep = sr->run->keep;
	return true;
}

static struct field_summary *
summary_of(struct stage_run *sr, struct text name)
{
	struct fieldsummary_state *state = sr->state;
	uint32_t                   number = numbers_of(&state->names, name);

	if (number <= state->n)
		return &state->fields[number - 1];
	arena_grow(sr->run->keep, state->fields, state->n, &state->cap);
	state->fields[state->n] =
	    (struct field_summary){ .name = state->names.texts[number] };
	return &state->fields[state->n++];
}

/* Count, mean and the like of the numbers. */
static const struct aggregate numbers = { .kind = AGG_STDEV };

static bool
fieldsummary_row(struct stage_run *sr, struct row *row)
{
	const struct fieldsummary_args *args = sr->stage->args;
	struct run                     *run = sr->run;
	struct text                    *names;
	size_t n = args->fields.n ? field_list_names(&args->fields, row, run->scratch, &names)
				  : row_names(row, run->scratch, &names);

	for (size_t i = 0; i < n; i++) {
		struct value          v = row_get(row, names[i], run->scratch);
		const struct value   *items;
		size_t                n_items = value_items(&v, &items);
		struct field_summary *f;

		if (names[i].p[0] == '_' || n_items == 0)
			continue;
		f = summary_of(sr, names[i]);
		for (size_t k = 0; k < n_items; k++) {
			f->count++;
			value_set_add(&f->values, &items[k], 1, run, run->keep);
			accumulate_value(&f->numbers, &numbers, &items[k], run, row,
					 run->keep);
		}
	}
	return pipe_check(run);
}

/* [{"value":"x","count":2}, ...]: the most frequent first. */
static struct text
values_json(const struct value_set *set, uint64_t max, struct arena *scratch)
{
	struct value_count *counts;
	size_t              n = value_set_counts(set, &counts, scratch);
	struct json_pieces  pieces = { .scratch = scratch };

	json_put(&pieces, TEXT("["));
	for (size_t i = 0; i < n && (max == 0 || i < max); i++) {
		json_put(&pieces, i ? TEXT(",{\"value\":") : TEXT("{\"value\":"));
		json_put(&pieces,
			 json_quoted(value_text(&counts[i].value, ' ', scratch), scratch));
		json_put(&pieces, arena_printf(scratch, ",\"count\":%llu}",
					       (unsigned long long)counts[i].count));
	}
	json_put(&pieces, TEXT("]"));
	return json_whole(&pieces);
}

static struct row
summary_row(const struct field_summary *f, uint64_t max, struct arena *scratch)
{
	static const struct aggregate average = { .kind = AGG_AVG };
	struct row row = { .time_ns = WHEN_NONE, .first_ns = WHEN_NONE, .last_ns = WHEN_NONE };
	bool       any = f->numbers.count > 0;

	row_set(&row, TEXT("field"), value_of_text(f->name), scratch);
	row_set(&row, TEXT("count"), value_of_number((double)f->count), scratch);
	row_set(&row, TEXT("distinct_count"),
		value_of_number((double)value_set_size(f->values)), scratch);
	row_set(&row, TEXT("is_exact"), value_of_number(1), scratch);
	if (any) {
		row_set(&row, TEXT("max"), value_of_number(f->numbers.high), scratch);
		row_set(&row, TEXT("mean"), accumulated(&f->numbers, &average, scratch), scratch);
		row_set(&row, TEXT("min"), value_of_number(f->numbers.low), scratch);
	}
	row_set(&row, TEXT("numeric_count"), value_of_number((double)f->numbers.count), scratch);
	if (any)
		row_set(&row, TEXT("stdev"), accumulated(&f->numbers, &numbers, scratch), scratch);
	row_set(&row, TEXT("values"), value_of_text(values_json(f->values, max, scratch)), scratch);
	return row;
}

static int
by_name(const void *a, const void *b)
{
	const struct field_summary *x = a, *y = b;

	return text_cmp(x->name, y->name);
}

static bool
fieldsummary_finish(struct stage_run *sr)
{
	const struct fieldsummary_args *args = sr->stage->args;
	struct fieldsummary_state      *state = sr->state;

	if (state->n > 1)
		qsort(state->fields, state->n, sizeof(*state->fields), by_name);
	for (size_t i = 0; i < state->n; i++) {
		char      *mark = pipe_mark(sr->run);
		struct row row = summary_row(&state->fields[i], args->max, sr->run->scratch);
		bool       more = pipe_emit(sr, &row);

		pipe_release(sr->run, mark);
		if (!more)
			return false;
	}
	return true;
}

const struct pipe_command pipe_fieldsummary = {
	.name = "fieldsummary",
	.synopsis = "fieldsummary [maxvals=<n>] [<field> ...]",
	.help = "a row for every field: how often it came, and what its values are",
	.flags = PIPE_ROWS,
	.order = ROWS_ORDERED,
	.parse = fieldsummary_parse,
	.uses = fieldsummary_uses,
	.columns = fieldsummary_columns,
	.start = fieldsummary_start,
	.row = fieldsummary_row,
	.finish = fieldsummary_finish,
};
