/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Searches whose rows are of one host each.
 *
 * The rows of events flow one by one until they are grouped by the host or listed with it, and one by
 * one behind that. Nothing that writes the field of the host may come before. What a command does to
 * rows and fields it says itself (pipe_command.keeps).
 */
#include "config.h"

#include "rules/foresight.h"

enum keeps
keeps_all(const struct search_env *env, const struct stage *stage, struct text field,
	  struct arena *scratch)
{
	(void)env;
	(void)stage;
	(void)field;
	(void)scratch;
	return KEEPS_FIELD;
}

enum keeps
keeps_others(const struct search_env *env, const struct stage *stage, struct text field,
	     struct arena *scratch)
{
	struct columns written = { .keep = scratch };

	(void)env;
	stage->command->columns(stage, &written);
	for (size_t i = 0; i < written.n; i++)
		if (text_eq(written.names[i], field))
			return KEEPS_ROWS;
	return written.open ? KEEPS_ROWS : KEEPS_FIELD;
}

enum keeps
keeps_rows(const struct search_env *env, const struct stage *stage, struct text field,
	   struct arena *scratch)
{
	(void)env;
	(void)stage;
	(void)field;
	(void)scratch;
	return KEEPS_ROWS;
}

static enum keeps
keeps(const struct search *s, size_t i, struct text field, struct arena *scratch)
{
	const struct stage *stage = &s->main.stages[i];

	return stage->command->keeps ? stage->command->keeps(&s->env, stage, field, scratch)
				     : KEEPS_NOTHING;
}

/* Is the column in rows that come to stage I the host of the events they were? */
static bool
is_host(const struct search *s, size_t i, const struct column *column, struct arena *scratch)
{
	if (!name_is_host(&column->ref))
		return false;
	for (size_t k = 1; k < i; k++)
		if (keeps(s, k, column->name, scratch) != KEEPS_FIELD)
			return false;
	return true;
}

/* Does stage I put rows into groups of one host each? */
static bool
groups_by_host(const struct search *s, size_t i, struct arena *scratch)
{
	const struct grouping *g = s->main.stages[i].grouping;

	for (size_t k = 0; k < g->n_by; k++)
		if (is_host(s, i, &g->by[k], scratch))
			return true;
	return false;
}

/* Does stage I, behind which rows are no events, leave the host in each? */
static bool
lists_host(const struct search *s, size_t i, struct arena *scratch)
{
	const struct stage *stage = &s->main.stages[i];
	struct columns      columns = { .keep = scratch };

	if (!(stage->command->flags & PIPE_ROWS))
		return false;
	stage->command->columns(stage, &columns);
	for (size_t k = 0; k < columns.n; k++) {
		struct column column = column_make(scratch, columns.names[k], stage->model);

		if (is_host(s, i, &column, scratch) &&
		    keeps(s, i, column.name, scratch) == KEEPS_FIELD)
			return true;
	}
	return false;
}

/* Whether its rows are the events of leaf 0, or groups of these. */
static bool
begins_with_events(const struct search *s)
{
	return s->n_leaves == 1 && s->leaves[0].pred && !s->reads_risk && !s->makes_text &&
	       s->main.n && (s->main.stages[0].has_leaf || s->main.stages[0].grouping);
}

bool
search_is_by_host(const struct search *s, struct arena scratch)
{
	const struct pipeline *p = &s->main;
	bool                   grouped = false, listed = false;

	if (!begins_with_events(s))
		return false;
	for (size_t i = 0; i < p->n; i++) {
		const struct stage *stage = &p->stages[i];

		if (stage->grouping) {
			if (grouped || listed || !groups_by_host(s, i, &scratch))
				return false;
			grouped = true;
		} else if (i > 0) {
			/* the fields of a row that is no group are what tells it from others */
			if (keeps(s, i, TEXT(""), &scratch) == KEEPS_NOTHING ||
			    (listed && !(stage->command->flags & PIPE_FILTERS)))
				return false;
			listed = !grouped && (listed || lists_host(s, i, &scratch));
		}
	}
	return grouped || listed;
}
