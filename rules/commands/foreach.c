/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * foreach: eval for each of some fields, with <<FIELD>> standing for its name; or for each value of
 * a field or element of a JSON array, with <<ITEM>> standing for it.
 */
#include "config.h"

#include "rules/document.h"
#include "rules/field_list.h"
#include "rules/wildcard.h"

enum foreach_mode { FOREACH_FIELD, FOREACH_VALUE, FOREACH_ELEMENT };

struct foreach_args {
	enum foreach_mode mode;
	struct text       field_token, item_token; /* given with fieldstr= and itemstr= */
	struct field_list fields;
	struct text       template;
	struct place      place;
};

/* The template with <<FIELD>>, <<MATCHSTR>> and <<MATCHSEG1>> ... filled in. */
static struct text
fill_template(struct text template, struct text pattern, struct text name, struct arena *keep)
{
	struct text parts[WILDCARD_STARS_MAX] = { { NULL, 0 } }, out = TEXT("");
	size_t      stars = wildcard_stars(pattern);

	wildcard_fits(pattern, name, parts);
	while (template.n) {
		size_t      open = text_find(template, TEXT("<<"));
		size_t      close = text_find(template, TEXT(">>"));
		struct text token, value = TEXT_NONE;

		if (open == TEXT_NOWHERE || close == TEXT_NOWHERE || close < open)
			break;
		token = (struct text){ template.p + open + 2, close - open - 2 };
		if (text_eq(token, TEXT("FIELD")))
			value = name;
		else if (text_eq(token, TEXT("MATCHSTR")))
			value = stars ? parts[0] : name;
		else if (text_starts(token, TEXT("MATCHSEG")) && token.n == 9 &&
			 token.p[8] >= '1' && (size_t)(token.p[8] - '1') < stars)
			value = parts[token.p[8] - '1'];
		out = arena_join(keep, out, text_head(template, open));
		out = arena_join(keep, out,
				 text_absent(value) ? (struct text){token.p - 2, token.n + 4}
						    : value);
		template = text_from(template, close + 2);
	}
	return arena_join(keep, out, template);
}

/* The text with every TOKEN replaced by what the template calls it. */
static struct text
respell(struct text template, struct text token, struct text by, struct arena *keep)
{
	struct text out = TEXT("");

	for (size_t at; token.n && (at = text_find(template, token)) != TEXT_NOWHERE;
	     template = text_from(template, at + token.n))
		out = arena_join(keep, arena_join(keep, out, text_head(template, at)), by);
	return arena_join(keep, out, template);
}

static bool
template_parse(struct compile *c, const struct foreach_args *args, struct text pattern,
	       struct text name, struct pipeline *out)
{
	struct text text = fill_template(args->template, pattern, name, c->keep);

	if (!pipeline_parse_text(c, text, args->place, out, false))
		return false;
	for (size_t i = 0; i < out->n; i++)
		if (!text_eq(text_of(out->stages[i].command->name), TEXT("eval"))) {
			err_set(c->err, ERR_RULE, "foreach takes eval only, not %s",
				out->stages[i].command->name);
			return err_where(c->err, TEXT_FMT ":%u:%u", TEXT_ARG(args->place.file),
					 args->place.line, args->place.column);
		}
	return true;
}

/* In the eval the item is a field of this name, quoted. */
#define ITEM "<<ITEM>>"
#define ITER "<<ITER>>"

static struct text
respell_tokens(const struct foreach_args *args, struct text template, struct arena *keep)
{
	template = respell(template, args->field_token, TEXT("<<FIELD>>"), keep);
	template = respell(template, args->item_token, TEXT(ITEM), keep);
	if (args->mode == FOREACH_FIELD)
		return template;
	template = respell(template, TEXT(ITEM), TEXT("'" ITEM "'"), keep);
	return respell(template, TEXT(ITER), TEXT("'" ITER "'"), keep);
}

static bool
foreach_option(struct scan *s, struct foreach_args *args, struct text name, struct text value)
{
	static const char *const modes[] = { "multifield", "multivalue", "json_array" };

	if (text_ieq(name, TEXT("fieldstr"))) {
		args->field_token = arena_copy(s->c->keep, value);
		return true;
	}
	if (text_ieq(name, TEXT("itemstr"))) {
		args->item_token = arena_copy(s->c->keep, value);
		return true;
	}
	for (size_t i = 0; text_ieq(name, TEXT("mode")) && i < 3; i++)
		if (text_ieq(value, text_of(modes[i]))) {
			args->mode = (enum foreach_mode)i;
			return true;
		}
	return text_ieq(name, TEXT("mode"))
		   ? scan_fail(s, value.p, "mode= is multifield, multivalue or json_array")
		   : scan_bad_option(s, name);
}

static bool
foreach_parse(struct scan *s, struct stage *stage)
{
	struct compile      *c = s->c;
	struct foreach_args *args = arena_new(c->keep, struct foreach_args, 1);
	struct text          name, value;
	struct pipeline      trial;
	struct scan          inner;
	size_t               cap = 0;

	stage->args = args;
	for (scan_commas(s); !scan_at(s, '['); scan_commas(s)) {
		if (scan_done(s))
			return scan_expected(s, "an eval in [ ]");
		if (scan_option(s, &name, &value)) {
			if (!foreach_option(s, args, name, value))
				return false;
			continue;
		}
		if (!scan_name(s, &name, "a field name"))
			return false;
		arena_grow(c->keep, args->fields.columns, args->fields.n, &cap);
		args->fields.columns[args->fields.n++] = compile_column(c, name);
		args->fields.wildcard |= wildcard_stars(name) > 0;
	}
	if (args->fields.n == 0)
		return scan_expected(s, "a field name");
	args->place = expansion_place(c->expansion, (size_t)(s->at - c->expansion->text.p));
	if (!scan_brackets(s, &inner))
		return false;
	args->template = respell_tokens(
	    args, (struct text){ inner.at, (size_t)(inner.end - inner.at) }, c->keep);
	return template_parse(c, args, TEXT("field"), TEXT("field"), &trial);
}

static void
foreach_uses(const struct stage *stage, struct uses *uses)
{
	(void)stage;
	uses->all = true;
}

static void
foreach_columns(const struct stage *stage, struct columns *columns)
{
	const struct foreach_args *args = stage->args;

	columns->open |= text_find(args->template, TEXT("_<<")) != TEXT_NOWHERE ||
			 text_find(args->template, TEXT(">>_")) != TEXT_NOWHERE ||
			 text_find(args->template, TEXT("<<MATCH")) != TEXT_NOWHERE;
}

/* The eval for one field, made when the field first occurs. */
struct instance {
	struct text       name;
	struct stage_run *stages;
	size_t            n;
	struct instance  *next;
};

struct foreach_state {
	struct instance *instances;
	struct row       row; /* what the eval made of it */
};

static bool
foreach_start(struct stage_run *sr)
{
	sr->state = arena_new(sr->run->keep, struct foreach_state, 1);
	return true;
}

static bool
take_row(void *ctx, const struct row *row)
{
	struct foreach_state *state = ctx;

	state->row = *row;
	return true;
}

static struct text
pattern_of(const struct foreach_args *args, struct text name)
{
	for (size_t i = 0; i < args->fields.n; i++)
		if (wildcard_fits(args->fields.columns[i].name, name, NULL))
			return args->fields.columns[i].name;
	return name;
}

static struct instance *
instance_of(struct stage_run *sr, struct text name)
{
	const struct foreach_args *args = sr->stage->args;
	struct foreach_state      *state = sr->state;
	struct run                *run = sr->run;
	struct pipeline            p;
	struct instance           *in;

	for (in = state->instances; in; in = in->next)
		if (text_eq(in->name, name))
			return in;
	struct search *search = arena_new(run->keep, struct search, 1);
	struct compile c = { .keep = run->keep, .search = search, .env = &run->search->env,
			     .model = sr->stage->model, .err = run->err };

	search->keep = run->keep;
	search->env = run->search->env;
	name = arena_copy(run->keep, name);
	if (!template_parse(&c, args, pattern_of(args, name), name, &p)) {
		run->failed = true;
		return NULL;
	}
	in = arena_new(run->keep, struct instance, 1);
	in->name = name;
	in->n = p.n;
	in->stages = arena_new(run->keep, struct stage_run, p.n);
	for (size_t i = 0; i < p.n; i++)
		in->stages[i] = (struct stage_run){
			.run = run,
			.stage = &p.stages[i],
			.next = i + 1 < p.n ? &in->stages[i + 1] : NULL,
			.fn = take_row,
			.ctx = state,
		};
	in->next = state->instances;
	state->instances = in;
	return in;
}

/* Runs the eval for one field over the row so far; false: stop. */
static bool
run_instance(struct stage_run *sr, struct text name)
{
	struct foreach_state *state = sr->state;
	struct instance      *in = instance_of(sr, name);
	struct row            own = state->row;
	unsigned              depth = sr->run->depth;
	bool                  more;

	if (!in)
		return false;
	/* Rows inside are not those that a _filter macro sees. */
	sr->run->depth = depth + 1;
	more = in->n == 0 || in->stages->stage->command->row(in->stages, &own);
	sr->run->depth = depth;
	return more;
}

/* The values, or the elements of the JSON array, that a field has. */
static size_t
items_of(const struct foreach_args *args, struct value *v, const struct value **out,
	 struct arena *scratch)
{
	struct value *items = NULL;
	size_t        n = 0, cap = 0;

	if (args->mode == FOREACH_VALUE)
		return value_items(v, out);
	const struct doc *d = v->kind == VALUE_NULL
				  ? NULL
				  : doc_read_json(value_text(v, ' ', scratch), scratch);

	for (const struct doc *kid = d && d->kind == DOC_ARRAY ? d->first : NULL; kid;
	     kid = kid->next) {
		arena_grow(scratch, items, n, &cap);
		items[n++] = value_of_text(kid->kind == DOC_SCALAR ? kid->value : kid->source);
	}
	*out = items;
	return n;
}

static bool
each_item(struct stage_run *sr, struct text name)
{
	const struct foreach_args *args = sr->stage->args;
	struct foreach_state      *state = sr->state;
	struct arena              *scratch = sr->run->scratch;
	struct value               v = row_get(&state->row, name, scratch);
	const struct value        *items;
	size_t                     n = items_of(args, &v, &items, scratch);
	bool                       more = true;

	for (size_t i = 0; i < n && more; i++) {
		row_set(&state->row, TEXT(ITEM), items[i], scratch);
		row_set(&state->row, TEXT(ITER), value_of_number((double)i), scratch);
		more = run_instance(sr, name);
	}
	row_set(&state->row, TEXT(ITEM), (struct value){ 0 }, scratch);
	row_set(&state->row, TEXT(ITER), (struct value){ 0 }, scratch);
	return more;
}

static bool
foreach_row(struct stage_run *sr, struct row *row)
{
	const struct foreach_args *args = sr->stage->args;
	struct foreach_state      *state = sr->state;
	struct text               *names;
	size_t n = field_list_names(&args->fields, row, sr->run->scratch, &names);

	state->row = *row;
	for (size_t i = 0; i < n; i++)
		if (!(args->mode == FOREACH_FIELD ? run_instance(sr, names[i])
						  : each_item(sr, names[i])))
			break;
	*row = state->row;
	return !sr->run->failed && pipe_emit(sr, row);
}

const struct pipe_command pipe_foreach = {
    .name = "foreach",
    .synopsis = "foreach [mode=multifield|multivalue|json_array] <field> ... [ eval ... ]",
    .help =
	"an eval for each of some fields; <<FIELD>> is its name, <<MATCHSTR>> what * stands for, "
	"<<ITEM>> a value",
    .order = ROWS_EACH,
    .parse = foreach_parse,
    .uses = foreach_uses,
    .columns = foreach_columns,
    .start = foreach_start,
    .keeps = keeps_rows,
    .row = foreach_row,
};
