/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rules/totals.h"

#include "base/when.h"
#include "rules/field_list.h"
#include "rules/wildcard.h"

struct totals_args {
	struct field_list fields; /* n 0: all numbers */
	struct text       name, label, label_field;
	bool              row, column;
};

static bool
totals_option(struct scan *s, struct totals_args *args, struct text name, struct text value)
{
	if (text_ieq(name, TEXT("row")))
		return scan_to_bool(s, name, value, &args->row);
	if (text_ieq(name, TEXT("col")))
		return scan_to_bool(s, name, value, &args->column);
	if (text_ieq(name, TEXT("fieldname")))
		args->name = value;
	else if (text_ieq(name, TEXT("label")))
		args->label = value;
	else if (text_ieq(name, TEXT("labelfield")))
		args->label_field = value;
	else
		return scan_bad_option(s, name);
	return true;
}

static bool
is_listed(const struct field_list *list, struct text name)
{
	for (size_t i = 0; i < list->n; i++)
		if (text_eq(list->columns[i].name, name))
			return true;
	return false;
}

bool
totals_parse(struct scan *s, struct stage *stage, bool row, bool column)
{
	struct totals_args *args = arena_new(s->c->keep, struct totals_args, 1);
	struct text            name, value;
	size_t                 cap = 0;

	stage->args = args;
	args->name = args->label = TEXT("Total");
	args->row = row;
	args->column = column;
	for (scan_commas(s); !scan_done(s); scan_commas(s)) {
		if (scan_option(s, &name, &value)) {
			if (!totals_option(s, args, name, value))
				return false;
			continue;
		}
		if (!scan_name(s, &name, "a field name"))
			return false;
		if (wildcard_stars(name) == 0 && is_listed(&args->fields, name))
			continue;
		arena_grow(s->c->keep, args->fields.columns, args->fields.n, &cap);
		args->fields.columns[args->fields.n++] = compile_column(s->c, name);
		args->fields.wildcard |= wildcard_stars(name) > 0;
	}
	return true;
}

void
totals_uses(const struct stage *stage, struct uses *uses)
{
	const struct totals_args *args = stage->args;

	uses->all |= args->fields.n == 0;
	field_list_uses(&args->fields, uses, USE_READS);
}

void
totals_columns(const struct stage *stage, struct columns *columns)
{
	const struct totals_args *args = stage->args;

	if (args->row)
		columns_add(columns, args->name);
}

bool
totals_repeats(const struct stage *stage)
{
	const struct totals_args *args = stage->args;

	return args->row && !args->column && args->fields.n && !args->fields.wildcard;
}

enum keeps
totals_keeps(const struct search_env *env, const struct stage *stage, struct text field,
	     struct arena *scratch)
{
	const struct totals_args *args = stage->args;

	return args->column ? KEEPS_NOTHING : keeps_others(env, stage, field, scratch);
}

struct column_total {
	struct text name;
	double      sum;
};

struct totals_state {
	struct column_total *totals;
	size_t               n, cap;
};

bool
totals_start(struct stage_run *sr)
{
	sr->state = arena_new(sr->run->keep, struct totals_state, 1);
	return true;
}

static void
add_to_column(struct stage_run *sr, struct text name, double n)
{
	struct totals_state *state = sr->state;

	for (size_t i = 0; i < state->n; i++)
		if (text_eq(state->totals[i].name, name)) {
			state->totals[i].sum += n;
			return;
		}
	arena_grow(sr->run->keep, state->totals, state->n, &state->cap);
	state->totals[state->n++] = (struct column_total){ arena_copy(sr->run->keep, name), n };
}

/* The fields to add up. */
static size_t
fields_of(const struct totals_args *args, const struct row *row, struct arena *scratch,
	  const struct column **out)
{
	struct text   *names;
	struct column *columns;
	size_t         n;

	*out = args->fields.columns;
	if (args->fields.n && !args->fields.wildcard)
		return args->fields.n;
	n = args->fields.n ? field_list_names(&args->fields, row, scratch, &names)
			   : row_names(row, scratch, &names);
	columns = arena_new(scratch, struct column, n);
	for (size_t i = 0; i < n; i++)
		columns[i] = column_make(scratch, names[i], row->model);
	*out = columns;
	return n;
}

bool
totals_row(struct stage_run *sr, struct row *row)
{
	const struct totals_args *args = sr->stage->args;
	struct arena                *scratch = sr->run->scratch;
	const struct column         *columns;
	size_t                       n = fields_of(args, row, scratch, &columns);
	double                       sum = 0, number;

	for (size_t i = 0; i < n; i++) {
		struct text  name = columns[i].name;
		struct value v = row_value(row, &columns[i], scratch);

		if (name.p[0] == '_' || !value_number(&v, &number))
			continue;
		sum += number;
		if (args->column)
			add_to_column(sr, name, number);
	}
	if (args->row) {
		row_set(row, args->name, value_of_number(sum), scratch);
		if (args->column)
			add_to_column(sr, args->name, sum);
	}
	return pipe_emit(sr, row);
}

bool
totals_finish(struct stage_run *sr)
{
	const struct totals_args  *args = sr->stage->args;
	const struct totals_state *state = sr->state;
	struct row row = { .time_ns = WHEN_NONE, .first_ns = WHEN_NONE, .last_ns = WHEN_NONE };

	if (!args->column)
		return true;
	for (size_t i = 0; i < state->n; i++)
		row_set(&row, state->totals[i].name, value_of_number(state->totals[i].sum),
			sr->run->keep);
	if (!text_absent(args->label_field))
		row_set(&row, args->label_field, value_of_text(args->label), sr->run->keep);
	return pipe_emit(sr, &row);
}
