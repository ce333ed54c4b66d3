/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mvcombine: rows that differ in one field only become one, with all its values. */
#include "config.h"

#include <stdlib.h>

#include "rules/kept_rows.h"
#include "rules/row_keys.h"

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

struct mvcombine_state {
	struct kept_rows rows;
	struct row_keys  keys;
};

static bool
mvcombine_start(struct stage_run *sr)
{
	sr->state = arena_new(sr->run->keep, struct mvcombine_state, 1);
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

static void
append_value(struct row *row, const struct column *field, const struct value *more,
	     struct arena *keep)
{
	struct value        old = row_value(row, field, keep), *items;
	const struct value *a, *b;
	size_t              n_a = value_items(&old, &a), n_b = value_items(more, &b);

	items = arena_new(keep, struct value, n_a + n_b);
	for (size_t i = 0; i < n_a; i++)
		items[i] = a[i];
	for (size_t i = 0; i < n_b; i++)
		items[n_a + i] = value_keep(&b[i], keep);
	row_set(row, field->name, value_of_list(items, n_a + n_b), keep);
}

static bool
mvcombine_row(struct stage_run *sr, struct row *row)
{
	const struct column    *field = sr->stage->args;
	struct mvcombine_state *state = sr->state;
	struct arena           *scratch = sr->run->scratch;
	struct cell             cell = { TEXT("rest"), { .kind = VALUE_TEXT } };
	struct row              rest = { .cells = &cell, .n = 1 };
	struct column           column = { .name = TEXT("rest") };
	struct row_key         *key;
	struct value            v = row_value(row, field, scratch);

	if (v.kind == VALUE_NULL)
		return kept_add(sr, &state->rows, row);
	cell.value.text = rest_of(row, field->name, scratch);
	key = row_keys_get(&state->keys, sr->run, &rest, &column, 1);
	if (key->data) {
		append_value(key->data, field, &v, sr->run->keep);
		return pipe_check(sr->run);
	}
	if (!kept_add(sr, &state->rows, row))
		return false;
	key->data = state->rows.rows[state->rows.n - 1];
	return true;
}

static bool
mvcombine_finish(struct stage_run *sr)
{
	struct mvcombine_state *state = sr->state;

	return kept_emit(sr, &state->rows);
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
