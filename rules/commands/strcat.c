/* SPDX-License-Identifier: GPL-3.0-or-later */
/* strcat: fields and texts joined into one field. */
#include "config.h"

#include "rules/pipeline.h"

struct strcat_part {
	struct text   text; /* absent: the field's value */
	struct column field;
};

struct strcat_args {
	struct strcat_part *parts;
	size_t              n;
	struct text         to;
	bool                all_required;
};

static bool
strcat_parse(struct scan *s, struct stage *stage)
{
	struct strcat_args *args = arena_new(s->c->keep, struct strcat_args, 1);
	struct text         name, value;
	size_t              cap = 0;

	stage->args = args;
	while (scan_option(s, &name, &value)) {
		if (!text_ieq(name, TEXT("allrequired")))
			return scan_bad_option(s, name);
		if (!scan_to_bool(s, name, value, &args->all_required))
			return false;
	}
	for (scan_commas(s); !scan_done(s); scan_commas(s)) {
		struct strcat_part part = { .text = TEXT_NONE };
		bool               quoted = scan_at(s, '"');

		if (!scan_name(s, &name, "a field or a text"))
			return false;
		args->to = arena_copy(s->c->keep, name);
		part.field = compile_column(s->c, name);
		if (quoted)
			part.text = args->to;
		arena_grow(s->c->keep, args->parts, args->n, &cap);
		args->parts[args->n++] = part;
	}
	if (args->n < 2)
		return scan_expected(s, "fields or texts, and a name for the result");
	args->n--;
	return true;
}

static void
strcat_uses(const struct stage *stage, struct uses *uses)
{
	const struct strcat_args *args = stage->args;

	for (size_t i = 0; i < args->n; i++)
		if (text_absent(args->parts[i].text))
			uses_add(uses, args->parts[i].field.name, USE_READS);
}

static void
strcat_columns(const struct stage *stage, struct columns *columns)
{
	const struct strcat_args *args = stage->args;

	columns_add(columns, args->to);
}

static bool
strcat_row(struct stage_run *sr, struct row *row)
{
	const struct strcat_args *args = sr->stage->args;
	struct arena             *scratch = sr->run->scratch;
	struct text               all = TEXT("");

	for (size_t i = 0; i < args->n; i++) {
		struct text piece = args->parts[i].text;

		if (text_absent(piece)) {
			struct value v = row_value(row, &args->parts[i].field, scratch);

			if (v.kind == VALUE_NULL && args->all_required)
				return pipe_emit(sr, row);
			if (v.kind != VALUE_NULL)
				piece = value_text(&v, ' ', scratch);
		}
		if (piece.n)
			all = arena_join(scratch, all, piece);
	}
	row_set(row, args->to, value_of_text(all), scratch);
	return pipe_emit(sr, row);
}

const struct pipe_command pipe_strcat = {
	.name = "strcat",
	.synopsis = "strcat [allrequired=<bool>] <field>|\"<text>\" ... <new field>",
	.help = "fields and texts joined into one field",
	.order = ROWS_EACH,
	.parse = strcat_parse,
	.uses = strcat_uses,
	.columns = strcat_columns,
	.keeps = keeps_others,
	.row = strcat_row,
};
