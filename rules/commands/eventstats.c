/* SPDX-License-Identifier: GPL-3.0-or-later */
/* eventstats: aggregates of a row's group, added to every row. */
#include "config.h"

#include "rules/groups.h"
#include "rules/kept_rows.h"

static const char *const eventstats_by[] = { "by", NULL };

static bool
eventstats_options(struct scan *s)
{
	struct text name, value;
	bool        all_numbers = false;

	while (scan_option(s, &name, &value))
		if (!text_ieq(name, TEXT("allnum")))
			return scan_bad_option(s, name);
		else if (!scan_to_bool(s, name, value, &all_numbers))
			return false;
	if (all_numbers)
		compile_reserve(s->c, "eventstats ignores allnum=true");
	return true;
}

static bool
eventstats_parse(struct scan *s, struct stage *stage)
{
	struct grouping *spec = arena_new(s->c->keep, struct grouping, 1);

	stage->args = spec;
	if (!eventstats_options(s) ||
	    !aggregates_parse(s, &spec->aggregates, &spec->n_aggregates, eventstats_by) ||
	    !eventstats_options(s))
		return false;
	if (scan_keyword(s, "by")) {
		if (!compile_columns(s, &spec->by, &spec->n_by, NULL))
			return false;
		if (spec->n_by == 0)
			return scan_expected(s, "a field name behind \"by\"");
	}
	if (!eventstats_options(s))
		return false;
	return true;
}

static void
eventstats_uses(const struct stage *stage, struct uses *uses)
{
	const struct grouping *spec = stage->args;

	for (size_t i = 0; i < spec->n_by; i++)
		uses_add(uses, spec->by[i].name, USE_READS);
	aggregates_use(spec->aggregates, spec->n_aggregates, uses);
}

static void
eventstats_columns(const struct stage *stage, struct columns *columns)
{
	const struct grouping *spec = stage->args;

	for (size_t i = 0; i < spec->n_aggregates; i++) {
		if (!spec->aggregates[i].wildcard)
			columns_add(columns, spec->aggregates[i].name);
		columns->open |= spec->aggregates[i].wildcard;
	}
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
	struct eventstats_state *state = arena_new(sr->run->keep, struct eventstats_state, 1);

	sr->state = state;
	state->groups = groups_new(sr->run, sr->stage->args);
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

/* The results of a row's group, once they are known. */
static const struct value *
results_of(const struct groups *groups, struct group *group, struct arena *keep)
{
	const struct spelled *columns = &groups->columns;

	if (group->results)
		return group->results;
	group->results = arena_new(keep, struct value, columns->n);
	for (size_t k = 0; k < group->n_sums; k++)
		group->results[k] =
		    accumulated(group_sum(groups, group, k), &columns->items[k], keep);
	return group->results;
}

static bool
eventstats_finish(struct stage_run *sr)
{
	struct eventstats_state *state = sr->state;
	const struct spelled    *columns = &state->groups->columns;
	struct arena            *keep = sr->run->keep;

	for (size_t i = 0; i < state->rows.n; i++) {
		struct group       *group = state->of[i];
		const struct value *results = group ? results_of(state->groups, group, keep) : NULL;

		for (size_t k = 0; results && k < columns->n; k++)
			row_set(state->rows.rows[i], columns->items[k].name, results[k], keep);
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
