/* SPDX-License-Identifier: GPL-3.0-or-later */
/* eval: fields computed from others. */
#include "config.h"

#include "rules/expr.h"
#include "rules/foresight.h"

/* A piece of a name: text, or the field whose value stands there. */
struct name_part {
	struct text   text; /* absent: the field's value */
	struct column field;
};

struct assignment {
	struct text        to;
	struct name_part  *parts; /* of a name with {field} in it */
	size_t             n_parts;
	const struct expr *value;
};

struct eval_args {
	struct assignment *items;
	size_t             n;
};

/* A name such as risk_{user}_{dest}: the values of the fields stand in it. */
static bool
template_parse(struct scan *s, struct assignment *a)
{
	struct compile *c = s->c;
	const char     *start = s->at;
	struct text     rest = a->to;
	size_t          cap = 0;

	while (rest.n) {
		size_t open = text_find_byte(rest, '{'), close = text_find_byte(rest, '}');
		bool   is_field = open == 0;

		if (is_field && (close == TEXT_NOWHERE || close == 1))
			return scan_fail(s, start, "a \"{\" in a field name needs a field and a \"}\"");
		arena_grow(c->keep, a->parts, a->n_parts, &cap);
		a->parts[a->n_parts] = (struct name_part){ 0 };
		if (is_field) {
			a->parts[a->n_parts++].field =
			    compile_column(c, (struct text){ rest.p + 1, close - 1 });
			rest = text_from(rest, close + 1);
		} else {
			open = open == TEXT_NOWHERE ? rest.n : open;
			a->parts[a->n_parts++].text = arena_copy(c->keep, text_head(rest, open));
			rest = text_from(rest, open);
		}
	}
	return true;
}

/* Field names of auger's own, such as a{}.b, are no templates. */
static bool
is_template(struct text name)
{
	size_t open = text_find_byte(name, '{');

	return open != TEXT_NOWHERE && !text_starts(text_from(name, open), TEXT("{}"));
}

static bool
assignment_parse(struct scan *s, struct assignment *a)
{
	scan_blank(s);
	if (scan_at(s, '\'')) {
		const char *start = ++s->at;

		while (s->at < s->end && *s->at != '\'')
			s->at++;
		if (s->at == s->end)
			return scan_fail(s, start - 1,
					 "the field name that begins here has no closing '");
		a->to = (struct text){ start, (size_t)(s->at - start) };
		s->at++;
	} else if (!scan_name(s, &a->to, "a field name")) {
		return false;
	}
	a->to = arena_copy(s->c->keep, a->to);
	if (is_template(a->to) && !template_parse(s, a))
		return false;
	if (!scan_take(s, '='))
		return scan_expected(s, "\"=\" and an expression");
	struct expr *e;

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
		for (size_t k = 0; k < args->items[i].n_parts; k++)
			if (text_absent(args->items[i].parts[k].text))
				uses_add(uses, args->items[i].parts[k].field.name, USE_READS);
		expr_uses(args->items[i].value, uses, USE_READS);
	}
}

static void
eval_columns(const struct stage *stage, struct columns *columns)
{
	const struct eval_args *args = stage->args;

	for (size_t i = 0; i < args->n; i++)
		if (args->items[i].n_parts)
			columns->open = true;
		else
			columns_add(columns, args->items[i].to);
}

static enum derives
eval_derives(const struct stage *stage, struct origins *o)
{
	const struct eval_args *args = stage->args;
	enum derives            known = DERIVES_OTHERS;

	for (size_t i = 0; i < args->n; i++) {
		struct uses uses = { .keep = o->keep };
		uint64_t    from = 0;

		if (args->items[i].n_parts)
			return DERIVES_UNCLEAR;
		expr_uses(args->items[i].value, &uses, USE_READS);
		for (size_t k = 0; k < uses.n; k++)
			from |= origins_get(o, uses.names[k]);
		from = uses.all ? ORIGINS_UNKNOWN : from & ~ORIGINS_SOLID;
		origins_set(o, args->items[i].to, from);
		if (!(from & ORIGINS_UNKNOWN))
			known = DERIVES_KNOWN;
	}
	return known;
}

/* Other names each time are not remembered. */
static bool
eval_repeats(const struct stage *stage)
{
	const struct eval_args *args = stage->args;

	for (size_t i = 0; i < args->n; i++)
		if (args->items[i].n_parts)
			return false;
	return true;
}

/* The name with its fields filled in; absent when one of them is null. */
static struct text
name_of(const struct assignment *a, const struct row *row, struct arena *scratch)
{
	struct text name = a->to;

	for (size_t i = 0; i < a->n_parts; i++) {
		struct text piece = a->parts[i].text;

		if (text_absent(piece)) {
			struct value v = row_value(row, &a->parts[i].field, scratch);

			v = value_first(&v);
			if (v.kind == VALUE_NULL)
				return TEXT_NONE;
			piece = value_text(&v, ' ', scratch);
		}
		name = i ? arena_join(scratch, name, piece) : piece;
	}
	return name;
}

static bool
eval_row(struct stage_run *sr, struct row *row)
{
	const struct eval_args *args = sr->stage->args;
	struct eval             ev = { .run = sr->run, .row = row };
	struct arena           *scratch = sr->run->scratch;

	for (size_t i = 0; i < args->n; i++) {
		struct value v = expr_value(args->items[i].value, &ev);
		struct text  name = name_of(&args->items[i], row, scratch);

		if (text_absent(name))
			continue;
		row_set(row, name, v, scratch);
	}
	return !sr->run->failed && pipe_emit(sr, row);
}

static enum keeps
eval_keeps(const struct search_env *env, const struct stage *stage, struct text field,
	   struct arena *scratch)
{
	return eval_repeats(stage) ? keeps_others(env, stage, field, scratch) : KEEPS_ROWS;
}

const struct pipe_command pipe_eval = {
	.name = "eval",
	.synopsis = "eval <field>=<expression>, ...",
	.help = "compute fields from others; see the list of functions",
	.flags = PIPE_SPLICES,
	.order = ROWS_EACH,
	.parse = eval_parse,
	.uses = eval_uses,
	.columns = eval_columns,
	.derives = eval_derives,
	.repeats = eval_repeats,
	.keeps = eval_keeps,
	.row = eval_row,
};
