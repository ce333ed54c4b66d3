/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Searches whose rows are of one host each.
 *
 * The rows of events flow one by one until they are grouped by the host or listed with it, and one by
 * one behind that. Nothing that writes the field of the host may come before.
 */
#include "config.h"

#include "rules/foresight.h"

/* Does it set the fields that its columns are in each row, by that row alone? */
static bool
repeats(const struct stage *stage)
{
	return stage->command->repeats && stage->command->repeats(stage);
}


static bool
has_name(const struct text *names, size_t n, struct text name)
{
	for (size_t i = 0; i < n; i++)
		if (text_eq(names[i], name))
			return true;
	return false;
}

static bool
is_command(const struct stage *stage, const char *name)
{
	return text_eq(text_of(stage->command->name), text_of(name));
}

/* Does the stage turn each row into others by itself, which know of which group they are? */
static bool
is_row_by_row(const struct search *s, const struct stage *stage)
{
	const struct pipe_command *c = stage->command;

	return stage->order == ROWS_EACH && !stage->grouping && !is_command(stage, "untable") &&
	       !is_command(stage, "join") &&
	       (!c->finish || repeats(stage) || (c->passes && c->passes(&s->env, stage)));
}

static bool
may_rename(const struct stage *stage, struct text name, struct arena *keep)
{
	struct origins named = { .keep = keep };

	stage->command->derives(stage, &named);
	return text_find_byte(stage->source, '*') != TEXT_NOWHERE ||
	       has_name(named.names, named.n, name);
}

/* May the stage write a field that is there already? Of few commands it is known what they write. */
static bool
may_write(const struct stage *stage, struct text name, struct arena *keep)
{
	struct columns columns = { .keep = keep };
	struct uses    uses = { .keep = keep };

	if (stage->command->flags & PIPE_FILTERS || is_command(stage, "fillnull"))
		return false;
	if (is_command(stage, "rename"))
		return may_rename(stage, name, keep);
	if (!repeats(stage) && !is_command(stage, "lookup") && !is_command(stage, "rex"))
		return true;
	stage->command->columns(stage, &columns);
	if (is_command(stage, "rex"))
		stage->command->uses(stage, &uses); /* mode=sed writes what it reads */
	return columns.open || has_name(columns.names, columns.n, name) ||
	       has_name(uses.names, uses.n, name);
}

static bool
is_host(const struct pipeline *p, size_t i, const struct column *column, struct arena *keep)
{
	if (!name_is_host(&column->ref))
		return false;
	for (size_t k = 1; k < i; k++)
		if (may_write(&p->stages[k], column->name, keep))
			return false;
	return true;
}

/* Does stage I put rows into groups of one host each? */
static bool
groups_by_host(const struct pipeline *p, size_t i, struct arena *keep)
{
	const struct grouping *g = p->stages[i].grouping;

	for (size_t k = 0; k < g->n_by; k++)
		if (is_host(p, i, &g->by[k], keep))
			return true;
	return false;
}

/* Does stage I leave the host in each row, as a field of its own? */
static bool
lists_host(const struct pipeline *p, size_t i, struct arena *keep)
{
	const struct stage *stage = &p->stages[i];
	struct columns      columns = { .keep = keep };

	if (!is_command(stage, "table"))
		return false;
	stage->command->columns(stage, &columns);
	for (size_t k = 0; k < columns.n; k++) {
		struct column column = column_make(keep, columns.names[k], stage->model);

		if (is_host(p, i, &column, keep))
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
			if (grouped || listed || !groups_by_host(p, i, &scratch))
				return false;
			grouped = true;
		} else if (i > 0) {
			/* the fields of a row that is no group are what tells it from others */
			if (!is_row_by_row(s, stage) ||
			    (listed && !(stage->command->flags & PIPE_FILTERS)))
				return false;
			listed = !grouped && (listed || lists_host(p, i, &scratch));
		}
	}
	return grouped || listed;
}
