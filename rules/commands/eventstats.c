/* SPDX-License-Identifier: GPL-3.0-or-later */
/* eventstats: aggregates of a row's group, added to every row. */
#include "config.h"

#include "rules/groups.h"
#include "rules/sorted_rows.h"

static const char *const eventstats_by[] = { "by", NULL };

static bool
eventstats_options(struct scan *s, bool *all_numbers)
{
	struct text name, value;

	while (scan_option(s, &name, &value))
		if (!text_ieq(name, TEXT("allnum")))
			return scan_bad_option(s, name);
		else if (!scan_to_bool(s, name, value, all_numbers))
			return false;
	return true;
}

static bool
eventstats_parse(struct scan *s, struct stage *stage)
{
	struct grouping *spec = arena_new(s->c->keep, struct grouping, 1);
	bool             all_numbers = false;

	stage->args = spec;
	if (!eventstats_options(s, &all_numbers) ||
	    !aggregates_parse(s, &spec->aggregates, &spec->n_aggregates, eventstats_by) ||
	    !eventstats_options(s, &all_numbers))
		return false;
	if (scan_keyword(s, "by")) {
		if (!compile_columns(s, &spec->by, &spec->n_by, NULL))
			return false;
		if (spec->n_by == 0)
			return scan_expected(s, "a field name behind \"by\"");
	}
	if (!eventstats_options(s, &all_numbers))
		return false;
	if (all_numbers)
		aggregates_want_numbers(spec->aggregates, spec->n_aggregates);
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
	struct groups      *groups;
	struct sorted_rows *rows; /* key: that of its group, or null */
};

static bool
eventstats_start(struct stage_run *sr)
{
	const struct sorted_order as_they_come = { .n_keys = 1 };
	struct eventstats_state  *state = arena_new(sr->run->keep, struct eventstats_state, 1);

	sr->state = state;
	state->groups = groups_new(sr->run, sr->stage->args);
	state->groups->without_events = true;
	state->rows = sorted_rows_new(sr, &as_they_come);
	return true;
}

static bool
eventstats_row(struct stage_run *sr, struct row *row)
{
	struct eventstats_state *state = sr->state;
	char                    *mark = pipe_mark(sr->run);
	struct value             key;
	bool                     good;

	if (!groups_add(state->groups, row))
		return false;
	key = value_of_text(groups_key(state->groups, row));
	good = sorted_rows_add(state->rows, row, &key);
	pipe_release(sr->run, mark);
	return good;
}

static void
set_results(struct row *row, const struct groups *groups, const struct group *group,
	    struct arena *keep)
{
	const struct spelled *columns = &groups->columns;

	for (size_t k = 0; k < columns->n; k++)
		row_set(row, columns->items[k].name, group->results[k], keep);
}

/* The results of a group, once they are known. */
static void
find_results(const struct groups *groups, struct group *group, struct arena *keep)
{
	static const struct accumulator empty;
	const struct spelled           *columns = &groups->columns;

	if (group->results)
		return;
	group->results = arena_new(keep, struct value, columns->n);
	for (size_t k = 0; k < columns->n; k++) {
		const struct accumulator *sum = group_sum(groups, group, k);

		group->results[k] = accumulated(sum ? sum : &empty, &columns->items[k], keep);
	}
}

/* All groups are in memory: each row asks for its own. */
static bool
add_results(struct stage_run *sr, struct sorted_row *row)
{
	struct eventstats_state *state = sr->state;
	struct group            *group = groups_find(state->groups, row->keys[0].text);

	if (group) {
		find_results(state->groups, group, sr->run->keep);
		set_results(&row->row, state->groups, group, sr->run->scratch);
	}
	return true;
}

/* They are not: rows in the order of the groups meet them, and are put back into their own. */
struct meeting {
	struct stage_run   *sr;
	struct sorted_rows *by_group, *done; /* key of DONE: the number that the row had */
	struct sorted_row  *next;            /* NULL: there are no more */
};

static int
by_group_key(const void *ctx, const struct sorted_row *a, const struct sorted_row *b)
{
	const struct value *x = &a->keys[0], *y = &b->keys[0];

	if (x->kind == VALUE_NULL || y->kind == VALUE_NULL)
		return (x->kind != VALUE_NULL) - (y->kind != VALUE_NULL);
	return group_key_compare(ctx, x->text, y->text);
}

static bool
put_back(struct meeting *m)
{
	bool good = sorted_rows_add(m->done, &m->next->row, &m->next->keys[1]);

	m->next = good ? sorted_rows_next(m->by_group) : NULL;
	return good;
}

static bool
meet_group(void *ctx, struct group *group)
{
	struct meeting          *m = ctx;
	struct eventstats_state *state = m->sr->state;
	struct arena            *scratch = m->sr->run->scratch;
	char                    *mark = pipe_mark(m->sr->run);
	bool                     good = true;

	group->results = NULL;
	find_results(state->groups, group, scratch);
	while (good && m->next && m->next->keys[0].kind == VALUE_NULL)
		good = put_back(m);
	while (good && m->next && text_eq(m->next->keys[0].text, group->key)) {
		char *of_row = pipe_mark(m->sr->run);

		set_results(&m->next->row, state->groups, group, scratch);
		good = put_back(m);
		pipe_release(m->sr->run, of_row);
	}
	pipe_release(m->sr->run, mark);
	return good && !m->sr->run->failed;
}

static bool
sort_by_group(struct eventstats_state *state, struct sorted_rows *to)
{
	struct sorted_row *row;

	if (!sorted_rows_begin(state->rows))
		return false;
	while ((row = sorted_rows_next(state->rows)) != NULL) {
		const struct value keys[] = { row->keys[0],
					      value_of_number((double)row->number) };

		if (!sorted_rows_add(to, &row->row, keys))
			return false;
	}
	return true;
}

static bool
emit_met(struct stage_run *sr)
{
	struct eventstats_state  *state = sr->state;
	const struct sorted_order group_order = { by_group_key, sr->stage->args, 2, 0 };
	const struct sorted_order own_order = { sorted_by_key, NULL, 1, 0 };
	struct meeting            m = { .sr = sr,
					.by_group = sorted_rows_new(sr, &group_order),
					.done = sorted_rows_new(sr, &own_order) };

	if (!sort_by_group(state, m.by_group) || !sorted_rows_begin(m.by_group))
		return false;
	m.next = sorted_rows_next(m.by_group);
	if (!groups_each(state->groups, meet_group, &m))
		return false;
	while (m.next)
		if (!put_back(&m))
			return false;
	return !sr->run->failed && sorted_rows_emit(m.done, sr, NULL);
}

static bool
eventstats_finish(struct stage_run *sr)
{
	const struct eventstats_state *state = sr->state;

	return state->groups->runs ? emit_met(sr)
				   : sorted_rows_emit(state->rows, sr, add_results);
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
