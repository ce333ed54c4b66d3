/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mvcombine: rows that differ in one field only become one, with all its values. */
#include "config.h"

#include <stdlib.h>

#include "rules/sorted_rows.h"

static bool
mvcombine_parse(struct scan *s, struct stage *stage)
{
	struct column *field = arena_new(s->c->keep, struct column, 1);
	struct text    name, value;

	stage->args = field;
	while (scan_option(s, &name, &value))
		if (!text_ieq(name, TEXT("delim")))
			return scan_bad_option(s, name);
	if (!scan_name(s, &name, "a field name"))
		return false;
	*field = compile_column(s->c, name);
	return true;
}

static void
mvcombine_uses(const struct stage *stage, struct uses *uses)
{
	(void)stage;
	uses->all = true;
}

/* The first of some rows that differ in the field only, and the values of all of them. */
struct combined {
	struct row    row;
	uint64_t      number;
	struct text   rest; /* absent: there is none */
	struct value *items;
	size_t        n, cap;
};

struct mvcombine_state {
	struct sorted_rows *rows; /* key: all but the field; null: it stays alone */
	struct sorted_rows *done; /* as the first of each came */
	struct combined     combined;
	struct arena       *room; /* of it */
};

static bool
mvcombine_start(struct stage_run *sr)
{
	const struct sorted_order order = { .compare = sorted_by_key, .n_keys = 1 };
	struct mvcombine_state   *state = arena_new(sr->run->keep, struct mvcombine_state, 1);

	sr->state = state;
	state->rows = sorted_rows_new(sr, &order);
	state->done = sorted_rows_new(sr, &order);
	state->room = pipe_room(sr->run);
	return true;
}

static int
by_name(const void *a, const void *b)
{
	return text_cmp(*(const struct text *)a, *(const struct text *)b);
}

/* Everything but the field, as one text. */
static struct text
rest_of(const struct row *row, struct text field, struct arena *scratch)
{
	struct text *names, out = TEXT("");
	size_t       n = row_names(row, scratch, &names);

	qsort(names, n, sizeof(*names), by_name);
	for (size_t i = 0; i < n; i++)
		if (!text_eq(names[i], field))
			out = arena_printf(scratch, TEXT_FMT "%zu:" TEXT_FMT "=" TEXT_FMT "\n",
					   TEXT_ARG(out), names[i].n, TEXT_ARG(names[i]),
					   TEXT_ARG(row_text(row, names[i], '\n', scratch)));
	return out;
}

static bool
mvcombine_row(struct stage_run *sr, struct row *row)
{
	const struct column    *field = sr->stage->args;
	struct mvcombine_state *state = sr->state;
	struct arena           *scratch = sr->run->scratch;
	char                   *mark = pipe_mark(sr->run);
	struct value            rest = { 0 };
	bool                    good;

	if (row_value(row, field, scratch).kind != VALUE_NULL)
		rest = value_of_text(rest_of(row, field->name, scratch));
	good = sorted_rows_add(state->rows, row, &rest);
	pipe_release(sr->run, mark);
	return good;
}

static bool
put_back(struct stage_run *sr, const struct row *row, uint64_t number)
{
	struct mvcombine_state *state = sr->state;
	struct value            key = value_of_number((double)number);

	return sorted_rows_add(state->done, row, &key);
}

static bool
end_combined(struct stage_run *sr)
{
	const struct column    *field = sr->stage->args;
	struct mvcombine_state *state = sr->state;
	struct combined        *c = &state->combined;

	if (text_absent(c->rest))
		return true;
	row_set(&c->row, field->name, value_of_list(c->items, c->n), state->room);
	return put_back(sr, &c->row, c->number);
}

static void
begin_combined(struct stage_run *sr, const struct sorted_row *first)
{
	struct mvcombine_state *state = sr->state;

	pipe_empty(state->room);
	state->combined = (struct combined){
		.row = row_keep(&first->row, NULL, 0, state->room),
		.number = first->number,
		.rest = arena_copy(state->room, first->keys[0].text),
	};
}

static void
add_values(struct stage_run *sr, const struct row *row)
{
	struct mvcombine_state *state = sr->state;
	struct combined        *c = &state->combined;
	struct value            v = row_value(row, sr->stage->args, sr->run->scratch);
	const struct value     *items;
	size_t                  n = value_items(&v, &items);

	for (size_t i = 0; i < n; i++) {
		arena_grow(state->room, c->items, c->n, &c->cap);
		c->items[c->n++] = value_keep(&items[i], state->room);
	}
}

static bool
combine(struct stage_run *sr, const struct sorted_row *row)
{
	const struct mvcombine_state *state = sr->state;

	if (row->keys[0].kind == VALUE_NULL)
		return put_back(sr, &row->row, row->number);
	if (text_absent(state->combined.rest) ||
	    !text_eq(state->combined.rest, row->keys[0].text)) {
		if (!end_combined(sr))
			return false;
		begin_combined(sr, row);
	}
	add_values(sr, &row->row);
	return pipe_check(sr->run);
}

static bool
mvcombine_finish(struct stage_run *sr)
{
	struct mvcombine_state *state = sr->state;
	struct sorted_row      *row;

	if (!sorted_rows_begin(state->rows))
		return false;
	while ((row = sorted_rows_next(state->rows)) != NULL) {
		char *mark = pipe_mark(sr->run);
		bool  good = combine(sr, row);

		pipe_release(sr->run, mark);
		if (!good)
			return false;
	}
	return !sr->run->failed && end_combined(sr) && sorted_rows_emit(state->done, sr, NULL);
}

const struct pipe_command pipe_mvcombine = {
	.name = "mvcombine",
	.synopsis = "mvcombine <field>",
	.help = "rows that differ in one field only become one with all its values",
	.order = ROWS_ORDERED,
	.parse = mvcombine_parse,
	.uses = mvcombine_uses,
	.start = mvcombine_start,
	.row = mvcombine_row,
	.finish = mvcombine_finish,
};
