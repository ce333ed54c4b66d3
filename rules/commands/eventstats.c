/* SPDX-License-Identifier: GPL-3.0-or-later */
/* eventstats: aggregates of a row's group, added to every row. */
#include "config.h"

#include "rules/groups.h"
#include "rules/kept_rows.h"

static const char *const eventstats_by[] = { "by", NULL };

struct eventstats_args {
	struct grouping grouping;
	bool            all_numbers;
};

static bool
eventstats_options(struct scan *s, struct eventstats_args *args)
{
	struct text name, value;

	while (scan_option(s, &name, &value))
		if (!text_ieq(name, TEXT("allnum")))
			return scan_bad_option(s, name);
		else if (!scan_to_bool(s, name, value, &args->all_numbers))
			return false;
	return true;
}

static bool
eventstats_parse(struct scan *s, struct stage *stage)
{
	struct eventstats_args *args = arena_new(s->c->keep, struct eventstats_args, 1);
	struct grouping        *spec = &args->grouping;

	stage->args = args;
	if (!eventstats_options(s, args) ||
	    !aggregates_parse(s, &spec->aggregates, &spec->n_aggregates, eventstats_by) ||
	    !eventstats_options(s, args))
		return false;
	if (scan_keyword(s, "by")) {
		if (!compile_columns(s, &spec->by, &spec->n_by, NULL))
			return false;
		if (spec->n_by == 0)
			return scan_expected(s, "a field name behind \"by\"");
	}
	if (!eventstats_options(s, args))
		return false;
	for (size_t i = 0; i < spec->n_aggregates; i++)
		if (spec->aggregates[i].wildcard)
			return scan_fail(s, s->at,
					 "eventstats takes no wildcards in its aggregates");
	return true;
}

static void
eventstats_uses(const struct stage *stage, struct uses *uses)
{
	const struct eventstats_args *args = stage->args;

	for (size_t i = 0; i < args->grouping.n_by; i++)
		uses_add(uses, args->grouping.by[i].name, USE_READS);
	aggregates_use(args->grouping.aggregates, args->grouping.n_aggregates, uses);
}

static void
eventstats_columns(const struct stage *stage, struct columns *columns)
{
	const struct eventstats_args *args = stage->args;

	for (size_t i = 0; i < args->grouping.n_aggregates; i++)
		columns_add(columns, args->grouping.aggregates[i].name);
}

struct eventstats_state {
	struct groups   *groups;
	struct kept_rows rows;
	struct group   **of; /* group of each row */
	size_t           n, cap;
};

static bool
eventstats_start(struct stage_run *sr)
{
	const struct eventstats_args *args = sr->stage->args;
	struct eventstats_state      *state = arena_new(sr->run->keep, struct eventstats_state, 1);

	sr->state = state;
	state->groups = groups_new(sr->run, &args->grouping);
	state->groups->without_events = true;
	return true;
}

static bool
eventstats_row(struct stage_run *sr, struct row *row)
{
	struct eventstats_state *state = sr->state;

	if (!groups_add(state->groups, row) || !kept_add(sr, &state->rows, row))
		return false;
	arena_grow(sr->run->keep, state->of, state->n, &state->cap);
	state->of[state->n++] = groups_find(state->groups, row);
	return true;
}

static bool
eventstats_finish(struct stage_run *sr)
{
	const struct eventstats_args *args = sr->stage->args;
	struct eventstats_state      *state = sr->state;
	struct arena                 *keep = sr->run->keep;

	for (size_t i = 0; i < state->rows.n; i++) {
		struct group *group = state->of[i];

		for (size_t k = 0; group && k < args->grouping.n_aggregates; k++) {
			const struct aggregate *a = &args->grouping.aggregates[k];

			if (!group->results)
				group->results =
				    arena_new(keep, struct value, args->grouping.n_aggregates);
			if (group->results[k].kind == VALUE_NULL)
				group->results[k] = accumulated(&group->accumulators[k], a, keep);
			row_set(state->rows.rows[i], a->name, group->results[k], keep);
		}
	}
	return pipe_check(sr->run) && kept_emit(sr, &state->rows);
}

const struct pipe_command pipe_eventstats = {
	.name = "eventstats",
	.synopsis = "eventstats <aggregate>(<field>) [as <name>] ... [by <field> ...]",
	.help = "as stats, but the results are added to every row",
	.order = ROWS_ORDERED,
	.parse = eventstats_parse,
	.uses = eventstats_uses,
	.columns = eventstats_columns,
	.start = eventstats_start,
	.row = eventstats_row,
	.finish = eventstats_finish,
};
