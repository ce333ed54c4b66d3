/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fromjson: the members of a JSON object as fields. */
#include "config.h"

#include "rules/document.h"
#include "rules/found_fields.h"
#include "rules/pipeline.h"

struct fromjson_args {
	struct column field;
	struct text   prefix;
};

static bool
fromjson_parse(struct scan *s, struct stage *stage)
{
	struct fromjson_args *args = arena_new(s->c->keep, struct fromjson_args, 1);
	struct text           field, name, value;

	stage->args = args;
	args->prefix = TEXT("");
	if (!scan_name(s, &field, "a field name"))
		return false;
	args->field = compile_column(s->c, field);
	while (scan_option(s, &name, &value)) {
		if (!text_ieq(name, TEXT("prefix")))
			return scan_bad_option(s, name);
		args->prefix = value;
	}
	return true;
}

static void
fromjson_uses(const struct stage *stage, struct uses *uses)
{
	const struct fromjson_args *args = stage->args;

	uses_add(uses, args->field.name, USE_READS);
}

static void
fromjson_columns(const struct stage *stage, struct columns *columns)
{
	(void)stage;
	columns->open = true;
}

static void
add_member(struct found_fields *found, struct text name, const struct doc *d)
{
	if (d->kind == DOC_ARRAY)
		for (const struct doc *kid = d->first; kid; kid = kid->next)
			found_fields_add(found, name,
					 kid->kind == DOC_SCALAR ? kid->value : kid->source);
	else if (!d->is_null)
		found_fields_add(found, name, d->kind == DOC_SCALAR ? d->value : d->source);
}

static bool
fromjson_row(struct stage_run *sr, struct row *row)
{
	const struct fromjson_args *args = sr->stage->args;
	struct arena               *scratch = sr->run->scratch;
	struct found_fields         found = { .scratch = scratch };
	struct value                v = row_value(row, &args->field, scratch);
	const struct doc           *d = NULL;

	if (v.kind != VALUE_NULL)
		d = doc_read_json(value_text(&v, ' ', scratch), scratch);
	for (const struct doc *kid = d && d->kind == DOC_OBJECT ? d->first : NULL; kid;
	     kid = kid->next)
		add_member(&found, arena_join(scratch, args->prefix, kid->name), kid);
	found_fields_set(&found, row);
	return pipe_emit(sr, row);
}

const struct pipe_command pipe_fromjson = {
	.name = "fromjson",
	.synopsis = "fromjson <field> [prefix=<text>]",
	.help = "the members of a JSON object as fields",
	.order = ROWS_EACH,
	.parse = fromjson_parse,
	.uses = fromjson_uses,
	.columns = fromjson_columns,
	.keeps = keeps_others,
	.row = fromjson_row,
};
