/* SPDX-License-Identifier: GPL-3.0-or-later */
/* table: exactly these columns, in this order. */
#include "config.h"

#include "base/when.h"
#include "rules/field_list.h"
#include "rules/foresight.h"
#include "rules/wildcard.h"

static bool
table_parse(struct scan *s, struct stage *stage)
{
	struct field_list *list = arena_new(s->c->keep, struct field_list, 1);

	stage->args = list;
	return field_list_parse(s, list, NULL);
}

static void
table_uses(const struct stage *stage, struct uses *uses)
{
	field_list_uses(stage->args, uses, USE_GROUPS);
	uses->closed = true;
}

static void
table_columns(const struct stage *stage, struct columns *columns)
{
	const struct field_list *list = stage->args;
	struct columns           old = *columns;

	columns->names = NULL;
	columns->n = columns->cap = 0;
	columns->open = list->wildcard && old.open;
	for (size_t i = 0; i < list->n; i++) {
		struct text name = list->columns[i].name;

		if (wildcard_stars(name) == 0)
			columns_add(columns, name);
		else
			for (size_t k = 0; k < old.n; k++)
				if (wildcard_fits(name, old.names[k], NULL))
					columns_add(columns, old.names[k]);
	}
}

/* What is taken away is null for every row, which follows from any origin. */
static enum derives
table_derives(const struct stage *stage, struct origins *o)
{
	(void)stage;
	for (size_t i = 0; i < o->n; i++)
		o->from[i] &= ~ORIGINS_SOLID;
	return DERIVES_KNOWN;
}

static bool
table_row(struct stage_run *sr, struct row *row)
{
	const struct field_list *list = sr->stage->args;
	struct arena            *scratch = sr->run->scratch;
	struct row               out = *row;
	struct text             *names;
	size_t                   n = field_list_names(list, row, scratch, &names);

	out.cells = NULL;
	out.n = out.cap = 0;
	out.event = NULL;
	out.time_ns = WHEN_NONE;
	for (size_t i = 0; i < n; i++)
		row_set(&out, names[i], row_get(row, names[i], scratch), scratch);
	return pipe_emit(sr, &out);
}

static enum keeps
table_keeps(const struct search_env *env, const struct stage *stage, struct text field,
	    struct arena *scratch)
{
	const struct field_list *list = stage->args;

	(void)env;
	(void)scratch;
	return field_list_has(list, field) ? KEEPS_FIELD : KEEPS_ROWS;
}

const struct pipe_command pipe_table = {
	.name = "table",
	.synopsis = "table <field> ...",
	.help = "exactly these columns in this order; * is a wildcard",
	.flags = PIPE_ROWS | PIPE_SPLICES,
	.order = ROWS_EACH,
	.parse = table_parse,
	.uses = table_uses,
	.columns = table_columns,
	.derives = table_derives,
	.keeps = table_keeps,
	.row = table_row,
};
