/* SPDX-License-Identifier: GPL-3.0-or-later */
/* rangemap: the name of the range that a number lies in. */
#include "config.h"

#include <math.h>

#include "rules/pipeline.h"

struct named_range {
	struct text name;
	double      low, high;
};

struct named_rangemap_args {
	struct column field;
	struct named_range *ranges;
	size_t        n;
	struct text   otherwise;
};

/* "1-5", "-10--1", "100-" is none. */
static bool
range_parse(struct text t, struct named_range *r)
{
	for (size_t i = 1; i < t.n; i++) {
		struct value low = value_of_text(text_head(t, i)),
			     high = value_of_text(text_from(t, i + 1));

		if (t.p[i] == '-' && value_number(&low, &r->low) && value_number(&high, &r->high))
			return true;
	}
	return false;
}

static bool
rangemap_parse(struct scan *s, struct stage *stage)
{
	struct named_rangemap_args *args = arena_new(s->c->keep, struct named_rangemap_args, 1);
	struct text           name, value;
	size_t                cap = 0;

	stage->args = args;
	args->otherwise = TEXT("None");
	for (scan_commas(s); scan_option(s, &name, &value); scan_commas(s)) {
		struct named_range r = { .name = arena_copy(s->c->keep, name) };

		if (text_ieq(name, TEXT("field"))) {
			args->field = compile_column(s->c, value);
		} else if (text_ieq(name, TEXT("default"))) {
			args->otherwise = arena_copy(s->c->keep, value);
		} else if (!range_parse(value, &r)) {
			return scan_fail(s, value.p,
					 "expected a range such as 1-5, found \"" TEXT_FMT "\"",
					 TEXT_ARG(text_head(value, 60)));
		} else {
			arena_grow(s->c->keep, args->ranges, args->n, &cap);
			args->ranges[args->n++] = r;
		}
	}
	return args->field.name.n > 0 || scan_expected(s, "field=<field>");
}

static void
rangemap_uses(const struct stage *stage, struct uses *uses)
{
	const struct named_rangemap_args *args = stage->args;

	uses_add(uses, args->field.name, USE_READS);
}

static void
rangemap_columns(const struct stage *stage, struct columns *columns)
{
	(void)stage;
	columns_add(columns, TEXT("range"));
}

static bool
rangemap_row(struct stage_run *sr, struct row *row)
{
	const struct named_rangemap_args *args = sr->stage->args;
	struct arena               *scratch = sr->run->scratch;
	struct value  v = row_value(row, &args->field, scratch);
	struct value *in = arena_new(scratch, struct value, args->n + 1);
	size_t        n = 0;
	double        number;

	for (size_t i = 0; value_number(&v, &number) && i < args->n; i++)
		if (number >= args->ranges[i].low && number <= args->ranges[i].high)
			in[n++] = value_of_text(args->ranges[i].name);
	row_set(row, TEXT("range"), n ? value_of_list(in, n) : value_of_text(args->otherwise),
		scratch);
	return pipe_emit(sr, row);
}

const struct pipe_command pipe_rangemap = {
	.name = "rangemap",
	.synopsis = "rangemap field=<field> <name>=<low>-<high> ... [default=<name>]",
	.help = "the name of the range that a number lies in, as the field range",
	.order = ROWS_EACH,
	.parse = rangemap_parse,
	.uses = rangemap_uses,
	.columns = rangemap_columns,
	.keeps = keeps_others,
	.row = rangemap_row,
};
