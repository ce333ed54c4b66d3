/* SPDX-License-Identifier: GPL-3.0-or-later */
/* replace: whole values by others, with wildcards. */
#include "config.h"

#include "rules/field_list.h"
#include "rules/wildcard.h"

struct replacement {
	struct text from, to;
};

struct replace_args {
	struct replacement *items;
	size_t              n;
	struct field_list   fields; /* n 0: all */
};

static bool
replace_parse(struct scan *s, struct stage *stage)
{
	struct replace_args *args = arena_new(s->c->keep, struct replace_args, 1);
	size_t               cap = 0;

	stage->args = args;
	do {
		struct replacement r;

		scan_commas(s);
		if (!scan_value(s, &r.from, "a value"))
			return false;
		if (!scan_keyword(s, "with"))
			return scan_expected(s, "\"with\"");
		if (!scan_value(s, &r.to, "the new value"))
			return false;
		if (wildcard_stars(r.to) && wildcard_stars(r.to) != wildcard_stars(r.from))
			return scan_fail(s, s->at, "both sides of \"with\" need as many stars");
		arena_grow(s->c->keep, args->items, args->n, &cap);
		args->items[args->n++] = r;
	} while (scan_take(s, ','));
	return !scan_keyword(s, "in") || field_list_parse(s, &args->fields, NULL);
}

static void
replace_uses(const struct stage *stage, struct uses *uses)
{
	const struct replace_args *args = stage->args;

	uses->all |= args->fields.n == 0;
	field_list_uses(&args->fields, uses, USE_READS);
}

static void
replace_in(struct row *row, struct text name, const struct replace_args *args,
	   struct arena *scratch)
{
	struct value        v = row_get(row, name, scratch), *out;
	const struct value *items;
	size_t              n = value_items(&v, &items);
	bool                changed = false;

	out = arena_new(scratch, struct value, n);
	for (size_t i = 0; i < n; i++) {
		struct text t = value_text(&items[i], ' ', scratch), to;

		out[i] = items[i];
		for (size_t k = 0; k < args->n; k++)
			if (wildcard_rename(args->items[k].from, args->items[k].to, t, scratch,
					    &to)) {
				out[i] = value_of_text(to);
				changed = true;
				break;
			}
	}
	if (changed)
		row_set(row, name, value_of_list(out, n), scratch);
}

static bool
replace_row(struct stage_run *sr, struct row *row)
{
	const struct replace_args *args = sr->stage->args;
	struct arena              *scratch = sr->run->scratch;
	struct text               *names;
	size_t n = args->fields.n ? field_list_names(&args->fields, row, scratch, &names)
				  : row_names(row, scratch, &names);

	for (size_t i = 0; i < n; i++)
		if (args->fields.n || names[i].p[0] != '_')
			replace_in(row, names[i], args, scratch);
	return pipe_emit(sr, row);
}

const struct pipe_command pipe_replace = {
	.name = "replace",
	.synopsis = "replace <value> with <value>, ... [in <field> ...]",
	.help = "put other values in place of whole values; * is a wildcard",
	.order = ROWS_EACH,
	.parse = replace_parse,
	.uses = replace_uses,
	.keeps = keeps_rows,
	.row = replace_row,
};
