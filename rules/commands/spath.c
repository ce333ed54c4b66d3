/* SPDX-License-Identifier: GPL-3.0-or-later */
/* spath: fields out of JSON or XML. */
#include "config.h"

#include "rules/document.h"
#include "rules/found_fields.h"
#include "rules/pipeline.h"

struct spath_args {
	struct column input;
	struct text   path, output; /* path absent: everything */
};

static bool
spath_parse(struct scan *s, struct stage *stage)
{
	struct spath_args *args = arena_new(s->c->keep, struct spath_args, 1);
	struct text        name, value;

	stage->args = args;
	args->input = compile_column(s->c, TEXT("_raw"));
	while (!scan_done(s)) {
		if (!scan_option(s, &name, &value)) {
			if (!scan_value(s, &args->path, "a path"))
				return false;
		} else if (text_ieq(name, TEXT("input"))) {
			args->input = compile_column(s->c, value);
		} else if (text_ieq(name, TEXT("path"))) {
			args->path = value;
		} else if (text_ieq(name, TEXT("output"))) {
			args->output = value;
		} else {
			return scan_bad_option(s, name);
		}
	}
	if (text_absent(args->output))
		args->output = args->path;
	return true;
}

static void
spath_uses(const struct stage *stage, struct uses *uses)
{
	const struct spath_args *args = stage->args;

	uses_add(uses, args->input.name, USE_READS);
}

static void
spath_columns(const struct stage *stage, struct columns *columns)
{
	const struct spath_args *args = stage->args;

	if (text_absent(args->path))
		columns->open = true;
	else
		columns_add(columns, args->output);
}

struct spath_walk {
	struct found_fields found;
	struct text         output; /* absent: the path itself */
};

static void
take_value(void *ctx, struct text path, struct text value)
{
	struct spath_walk *w = ctx;

	found_fields_add(&w->found, text_absent(w->output) ? path : w->output, value);
}

static bool
spath_row(struct stage_run *sr, struct row *row)
{
	const struct spath_args *args = sr->stage->args;
	struct arena            *scratch = sr->run->scratch;
	struct value             v = row_value(row, &args->input, scratch);
	const struct value      *items;
	size_t                   n = value_items(&v, &items);
	struct spath_walk        w = { .found = { .scratch = scratch }, .output = args->output };

	for (size_t i = 0; i < n; i++) {
		const struct doc *d = doc_read(value_text(&items[i], ' ', scratch), scratch);

		if (d && text_absent(args->path))
			doc_each(d, take_value, &w, scratch);
		else if (d)
			doc_find(d, args->path, take_value, &w, scratch);
	}
	found_fields_set(&w.found, row);
	return pipe_emit(sr, row);
}

const struct pipe_command pipe_spath = {
	.name = "spath",
	.synopsis = "spath [input=<field>] [output=<name>] [path=<path>]",
	.help = "fields out of JSON or XML; without a path, all of it",
	.order = ROWS_EACH,
	.parse = spath_parse,
	.uses = spath_uses,
	.columns = spath_columns,
	.keeps = keeps_others,
	.row = spath_row,
};
