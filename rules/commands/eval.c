/* SPDX-License-Identifier: GPL-3.0-or-later */
/* eval: fields computed from others. */
#include "config.h"

#include "rules/expr.h"
#include "rules/foresight.h"

struct assignment {
	struct column      to;
	bool               indirect; /* {field}: its value is the name */
	const struct expr *value;
};

struct eval_args {
	struct assignment *items;
	size_t             n;
};

static bool
assignment_parse(struct scan *s, struct assignment *a)
{
	struct text  name;
	struct expr *e;

	if (scan_take(s, '{')) {
		a->indirect = true;
		name = scan_run(s, "}=|");
		if (name.n == 0 || !scan_take(s, '}'))
			return scan_expected(s, "a field name and \"}\"");
	} else if (scan_at(s, '\'')) {
		const char *start = ++s->at;

		while (s->at < s->end && *s->at != '\'')
			s->at++;
		if (s->at == s->end)
			return scan_fail(s, start - 1,
					 "the field name that begins here has no closing '");
		name = (struct text){ start, (size_t)(s->at - start) };
		s->at++;
	} else if (!scan_name(s, &name, "a field name")) {
		return false;
	}
	a->to = compile_column(s->c, name);
	if (!scan_take(s, '='))
		return scan_expected(s, "\"=\" and an expression");
	if (!expr_parse_value(s, &e))
		return false;
	a->value = e;
	return true;
}

static bool
eval_parse(struct scan *s, struct stage *stage)
{
	struct eval_args *args = arena_new(s->c->keep, struct eval_args, 1);
	size_t            cap = 0;

	stage->args = args;
	do {
		arena_grow(s->c->keep, args->items, args->n, &cap);
		args->items[args->n] = (struct assignment){ 0 };
		if (!assignment_parse(s, &args->items[args->n++]))
			return false;
	} while (scan_take(s, ',') && !scan_done(s));
	return true;
}

static void
eval_uses(const struct stage *stage, struct uses *uses)
{
	const struct eval_args *args = stage->args;

	for (size_t i = 0; i < args->n; i++) {
		if (args->items[i].indirect)
			uses_add(uses, args->items[i].to.name, USE_READS);
		expr_uses(args->items[i].value, uses, USE_READS);
	}
}

static void
eval_columns(const struct stage *stage, struct columns *columns)
{
	const struct eval_args *args = stage->args;

	for (size_t i = 0; i < args->n; i++)
		if (args->items[i].indirect)
			columns->open = true;
		else
			columns_add(columns, args->items[i].to.name);
}

static enum derives
eval_derives(const struct stage *stage, struct origins *o)
{
	const struct eval_args *args = stage->args;
	enum derives            known = DERIVES_OTHERS;

	for (size_t i = 0; i < args->n; i++) {
		struct uses uses = { .keep = o->keep };
		uint64_t    from = 0;

		if (args->items[i].indirect)
			return DERIVES_UNCLEAR;
		expr_uses(args->items[i].value, &uses, USE_READS);
		for (size_t k = 0; k < uses.n; k++)
			from |= origins_get(o, uses.names[k]);
		from = uses.all ? ORIGINS_UNKNOWN : from & ~ORIGINS_SOLID;
		origins_set(o, args->items[i].to.name, from);
		if (!(from & ORIGINS_UNKNOWN))
			known = DERIVES_KNOWN;
	}
	return known;
}

static bool
eval_row(struct stage_run *sr, struct row *row)
{
	const struct eval_args *args = sr->stage->args;
	struct eval             ev = { .run = sr->run, .row = row };
	struct arena           *scratch = sr->run->scratch;

	for (size_t i = 0; i < args->n; i++) {
		struct value v = expr_value(args->items[i].value, &ev);
		struct text  name = args->items[i].to.name;

		if (args->items[i].indirect) {
			struct value to = row_value(row, &args->items[i].to, scratch);

			to = value_first(&to);
			if (to.kind == VALUE_NULL)
				continue;
			name = value_text(&to, ' ', scratch);
		}
		row_set(row, name, v, scratch);
	}
	return !sr->run->failed && pipe_emit(sr, row);
}

const struct pipe_command pipe_eval = {
	.name = "eval",
	.synopsis = "eval <field>=<expression>, ...",
	.help = "compute fields from others; see the list of functions",
	.order = ROWS_EACH,
	.parse = eval_parse,
	.uses = eval_uses,
	.columns = eval_columns,
	.derives = eval_derives,
	.row = eval_row,
};
