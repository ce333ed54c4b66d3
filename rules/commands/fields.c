/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fields: keep these fields, or all but these. _time and _raw stay unless named. */
#include "config.h"

#include "rules/field_list.h"
#include "rules/foresight.h"
#include "rules/wildcard.h"

struct fields_args {
	struct field_list list;
	bool              remove;
};

static bool
fields_parse(struct scan *s, struct stage *stage)
{
	struct fields_args *args = arena_new(s->c->keep, struct fields_args, 1);

	stage->args = args;
	args->remove = scan_take(s, '-');
	if (!args->remove)
		scan_take(s, '+');
	return field_list_parse(s, &args->list, NULL);
}

static void
fields_uses(const struct stage *stage, struct uses *uses)
{
	const struct fields_args *args = stage->args;

	if (args->remove)
		return;
	field_list_uses(&args->list, uses, USE_GROUPS);
	uses->narrowed = true;
}

static void
fields_columns(const struct stage *stage, struct columns *columns)
{
	const struct fields_args *args = stage->args;
	struct columns            old = *columns;

	if (args->remove ? old.open : false)
		return;
	columns->names = NULL;
	columns->n = columns->cap = 0;
	columns->open = old.open && args->list.wildcard;
	if (!old.open) {
		for (size_t i = 0; i < old.n; i++)
			if (field_list_has(&args->list, old.names[i]) != args->remove)
				columns_add(columns, old.names[i]);
		return;
	}
	columns_add(columns, TEXT("_time"));
	for (size_t i = 0; i < args->list.n; i++)
		if (wildcard_stars(args->list.columns[i].name) == 0)
			columns_add(columns, args->list.columns[i].name);
}

/* What is taken away is null for every row, which follows from any origin. */
static enum derives
fields_derives(const struct stage *stage, struct origins *o)
{
	(void)stage;
	for (size_t i = 0; i < o->n; i++)
		o->from[i] &= ~ORIGINS_SOLID;
	return DERIVES_KNOWN;
}

static bool
fields_row(struct stage_run *sr, struct row *row)
{
	const struct fields_args *args = sr->stage->args;
	struct arena             *scratch = sr->run->scratch;
	struct row                out = *row;
	struct text              *names;
	size_t                    n = field_list_names(&args->list, row, scratch, &names);

	if (args->remove) {
		for (size_t i = 0; i < n; i++)
			row_set(row, names[i], (struct value){ 0 }, scratch);
		return pipe_emit(sr, row);
	}
	out.cells = NULL;
	out.n = out.cap = 0;
	out.narrowed = true;
	for (uint32_t i = 0; i < row->n; i++)
		if (text_eq(row->cells[i].name, TEXT("_time")) ||
		    text_eq(row->cells[i].name, TEXT("_raw")))
			row_set(&out, row->cells[i].name, row->cells[i].value, scratch);
	for (size_t i = 0; i < n; i++)
		row_set(&out, names[i], row_get(row, names[i], scratch), scratch);
	return pipe_emit(sr, &out);
}

static enum keeps
fields_keeps(const struct search_env *env, const struct stage *stage, struct text field,
	     struct arena *scratch)
{
	const struct fields_args *args = stage->args;

	(void)env;
	(void)scratch;
	return field_list_has(&args->list, field) != args->remove ? KEEPS_FIELD : KEEPS_ROWS;
}

const struct pipe_command pipe_fields = {
	.name = "fields",
	.synopsis = "fields [-] <field> ...",
	.help = "keep only these fields (and _time, _raw), or all but these",
	.flags = PIPE_SPLICES,
	.order = ROWS_EACH,
	.parse = fields_parse,
	.uses = fields_uses,
	.columns = fields_columns,
	.derives = fields_derives,
	.keeps = fields_keeps,
	.row = fields_row,
};
