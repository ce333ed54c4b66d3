/* SPDX-License-Identifier: GPL-3.0-or-later */
/* xpath: values out of XML inside a field. */
#include "config.h"

#include "base/ascii.h"
#include "rules/document.h"
#include "rules/pipeline.h"

/* One step of a path: //name, /name, /name[3], /name[@a='v'], /@a, / *, /text(). */
struct xpath_step {
	struct text name; /* "*": any element */
	struct text attribute, value; /* [@attribute='value']; value absent: it only has to be there */
	uint64_t    number; /* [n]; 0: all */
	bool        deep; /* behind //: at any depth */
	bool        is_attribute, is_text;
};

struct xpath_args {
	struct column      field;
	struct text        to, default_value;
	struct xpath_step *steps;
	size_t             n;
};

static bool
is_name_byte(char c)
{
	return ascii_alnum(c) || c == '_' || c == '-' || c == '.' || c == ':' || c == '*';
}

static struct text
take_name(struct text *t)
{
	struct text name = { t->p, 0 };

	while (name.n < t->n && is_name_byte(t->p[name.n]))
		name.n++;
	*t = text_from(*t, name.n);
	return name;
}

/* [3] or [@Name='x'] or [@Name] */
static bool
condition_parse(struct text inside, struct xpath_step *step)
{
	if (text_to_u64(inside, &step->number))
		return step->number > 0;
	if (!text_starts(inside, TEXT("@")))
		return false;
	inside = text_from(inside, 1);
	step->attribute = take_name(&inside);
	inside = text_trim(inside);
	if (inside.n == 0)
		return step->attribute.n > 0;
	if (inside.p[0] != '=')
		return false;
	inside = text_trim(text_from(inside, 1));
	if (inside.n < 2 || (inside.p[0] != '\'' && inside.p[0] != '"') ||
	    inside.p[inside.n - 1] != inside.p[0])
		return false;
	step->value = (struct text){ inside.p + 1, inside.n - 2 };
	return step->attribute.n > 0;
}

static bool
step_parse(struct text *path, struct xpath_step *step)
{
	*step = (struct xpath_step){ 0 };
	if (!text_starts(*path, TEXT("/")))
		return false;
	*path = text_from(*path, 1);
	if (text_starts(*path, TEXT("/"))) {
		step->deep = true;
		*path = text_from(*path, 1);
	}
	if (text_starts(*path, TEXT("@"))) {
		step->is_attribute = true;
		*path = text_from(*path, 1);
	}
	step->name = take_name(path);
	if (text_eq(step->name, TEXT("text")) && text_starts(*path, TEXT("()"))) {
		step->is_text = true;
		*path = text_from(*path, 2);
	}
	while (text_starts(*path, TEXT("["))) {
		size_t close = text_find_byte(*path, ']');

		if (close == TEXT_NOWHERE ||
		    !condition_parse(text_trim((struct text){ path->p + 1, close - 1 }), step))
			return false;
		*path = text_from(*path, close + 1);
	}
	return step->name.n > 0;
}

static bool
path_parse(struct scan *s, struct xpath_args *args, struct text path)
{
	struct text rest = path;
	size_t      cap = 0;

	while (rest.n) {
		arena_grow(s->c->keep, args->steps, args->n, &cap);
		if (args->n >= 64 || !step_parse(&rest, &args->steps[args->n++]))
			return scan_fail(s, s->at,
					 "expected a path such as //Data[@Name='x'], found \"" TEXT_FMT
					 "\"", TEXT_ARG(text_head(path, 80)));
	}
	return args->n > 0 || scan_expected(s, "a path such as //Data[@Name='x']");
}

static bool
xpath_parse(struct scan *s, struct stage *stage)
{
	struct xpath_args *args = arena_new(s->c->keep, struct xpath_args, 1);
	struct text        name, value, path = TEXT_NONE;

	stage->args = args;
	args->field = compile_column(s->c, TEXT("_raw"));
	args->to = TEXT("xpath");
	while (!scan_done(s)) {
		if (scan_at(s, '"')) {
			if (!scan_string(s, &path))
				return false;
		} else if (!scan_option(s, &name, &value)) {
			return scan_expected(s, "field=, outfield=, default= or a path in quotes");
		} else if (text_ieq(name, TEXT("field"))) {
			args->field = compile_column(s->c, value);
		} else if (text_ieq(name, TEXT("outfield"))) {
			args->to = arena_copy(s->c->keep, value);
		} else if (text_ieq(name, TEXT("default"))) {
			args->default_value = arena_copy(s->c->keep, value);
		} else {
			return scan_bad_option(s, name);
		}
	}
	return path_parse(s, args, text_absent(path) ? TEXT("") : arena_copy(s->c->keep, path));
}

static void
xpath_uses(const struct stage *stage, struct uses *uses)
{
	const struct xpath_args *args = stage->args;

	uses_add(uses, args->field.name, USE_READS);
}

static void
xpath_columns(const struct stage *stage, struct columns *columns)
{
	const struct xpath_args *args = stage->args;

	columns_add(columns, args->to);
}

struct xpath_walk {
	const struct xpath_args *args;
	struct arena            *scratch;
	struct value            *items;
	size_t                   n, cap;
};

static void
take_value(struct xpath_walk *w, struct text value)
{
	if (text_absent(value))
		return;
	arena_grow(w->scratch, w->items, w->n, &w->cap);
	w->items[w->n++] = value_of_text(value);
}

static bool
has_attribute(const struct doc *d, struct text name, struct text value)
{
	for (const struct doc *kid = d->first; kid; kid = kid->next)
		if (kid->kind == DOC_ATTRIBUTE && text_eq(kid->name, name))
			return text_absent(value) || text_eq(kid->value, value);
	return false;
}

static bool
step_fits(const struct xpath_step *step, const struct doc *d)
{
	if (d->kind != (step->is_attribute ? DOC_ATTRIBUTE : DOC_ELEMENT))
		return false;
	if (!text_eq(step->name, TEXT("*")) && !text_eq(step->name, d->name))
		return false;
	return text_absent(step->attribute) || has_attribute(d, step->attribute, step->value);
}

/* The children of D that the step names, and what the rest of the path says of them. Nesting is
 * that of the document, which is limited. */
static void
walk(struct xpath_walk *w, const struct doc *d, size_t at)
{
	const struct xpath_step *step = &w->args->steps[at];
	uint64_t                 number = 0;

	if (step->is_text) {
		take_value(w, d->value);
		return;
	}
	for (const struct doc *kid = d->first; kid; kid = kid->next) {
		bool fits = step_fits(step, kid) && (!step->number || ++number == step->number);

		if (fits && at + 1 == w->args->n)
			take_value(w, kid->value);
		else if (fits)
			walk(w, kid, at + 1);
		if (step->deep && kid->kind == DOC_ELEMENT)
			walk(w, kid, at);
	}
}

static bool
xpath_row(struct stage_run *sr, struct row *row)
{
	const struct xpath_args *args = sr->stage->args;
	struct arena            *scratch = sr->run->scratch;
	struct value             v = row_value(row, &args->field, scratch);
	const struct value      *texts;
	size_t                   n = value_items(&v, &texts);
	struct xpath_walk        w = { .args = args, .scratch = scratch };

	for (size_t i = 0; i < n; i++) {
		const struct doc *d = doc_read(value_text(&texts[i], ' ', scratch), scratch);

		if (d)
			walk(&w, d, 0);
	}
	if (w.n)
		row_set(row, args->to, value_of_list(w.items, w.n), scratch);
	else if (!text_absent(args->default_value))
		row_set(row, args->to, value_of_text(args->default_value), scratch);
	return pipe_emit(sr, row);
}

const struct pipe_command pipe_xpath = {
	.name = "xpath",
	.synopsis = "xpath [field=<field>] [outfield=<name>] [default=<text>] \"<path>\"",
	.help = "values out of XML, by a path of elements, [@attribute='value'] and [n]",
	.order = ROWS_EACH,
	.parse = xpath_parse,
	.uses = xpath_uses,
	.columns = xpath_columns,
	.keeps = keeps_others,
	.row = xpath_row,
};
