/* SPDX-License-Identifier: GPL-3.0-or-later */
/* stats: one row per group, with aggregates. */
#include "config.h"

#include "rules/groups.h"

static const char *const stats_by[] = { "by", NULL };

static bool
stats_option(struct scan *s, struct grouping *spec, bool *all_numbers, struct text name,
	     struct text value)
{
	if (text_ieq(name, TEXT("dedup_splitvals")))
		return scan_to_bool(s, name, value, &spec->split_once);
	if (text_ieq(name, TEXT("allnum")))
		return scan_to_bool(s, name, value, all_numbers);
	if (text_ieq(name, TEXT("partitions")) || text_ieq(name, TEXT("delim")))
		return true;
	return scan_bad_option(s, name);
}

static bool
stats_options(struct scan *s, struct grouping *spec, bool *all_numbers)
{
	struct text name, value;

	while (scan_option(s, &name, &value))
		if (!stats_option(s, spec, all_numbers, name, value))
			return false;
	return true;
}

static bool
stats_parse(struct scan *s, struct stage *stage)
{
	struct grouping *spec = arena_new(s->c->keep, struct grouping, 1);
	bool             all_numbers = false;

	stage->args = spec;
	stage->grouping = spec;
	if (!stats_options(s, spec, &all_numbers))
		return false;
	if (!aggregates_parse(s, &spec->aggregates, &spec->n_aggregates, stats_by))
		return false;
	if (!stats_options(s, spec, &all_numbers))
		return false;
	if (scan_keyword(s, "by")) {
		if (!compile_columns(s, &spec->by, &spec->n_by, NULL))
			return false;
		if (spec->n_by == 0)
			return scan_expected(s, "a field name behind \"by\"");
	}
	for (size_t i = 0; i < spec->n_by; i++)
		if (text_find_byte(spec->by[i].name, '*') != TEXT_NOWHERE)
			return scan_fail(s, spec->by[i].name.p, "\"by\" takes no wildcards");
	if (!stats_options(s, spec, &all_numbers))
		return false;
	if (all_numbers)
		aggregates_want_numbers(spec->aggregates, spec->n_aggregates);
	if (aggregates_unordered(spec->aggregates, spec->n_aggregates))
		stage->order = ROWS_UNORDERED;
	return true;
}

static void
stats_uses(const struct stage *stage, struct uses *uses)
{
	const struct grouping *spec = stage->args;

	for (size_t i = 0; i < spec->n_by; i++)
		uses_add(uses, spec->by[i].name, USE_GROUPS);
	aggregates_use(spec->aggregates, spec->n_aggregates, uses);
	uses->closed = true;
}

static void
stats_columns(const struct stage *stage, struct columns *columns)
{
	const struct grouping *spec = stage->args;

	columns_only(columns);
	for (size_t i = 0; i < spec->n_by; i++)
		columns_add(columns, spec->by[i].name);
	for (size_t i = 0; i < spec->n_aggregates; i++) {
		columns->open |= spec->aggregates[i].wildcard;
		columns_add(columns, spec->aggregates[i].name);
	}
}

static bool
stats_start(struct stage_run *sr)
{
	sr->state = groups_of_stage(sr->run, sr->stage);
	return sr->state != NULL;
}

static bool
stats_row(struct stage_run *sr, struct row *row)
{
	return groups_add(sr->state, row);
}

static bool
stats_finish(struct stage_run *sr)
{
	return groups_emit(sr->state, sr);
}

const struct pipe_command pipe_stats = {
	.name = "stats",
	.synopsis = "stats <aggregate>(<field>) [as <name>] ... [by <field> ...]",
	.help = "one row per group: count dc values list min max sum avg stdev earliest latest ...",
	.flags = PIPE_ROWS | PIPE_SPLICES,
	.order = ROWS_ORDERED,
	.parse = stats_parse,
	.uses = stats_uses,
	.columns = stats_columns,
	.start = stats_start,
	.row = stats_row,
	.finish = stats_finish,
};
