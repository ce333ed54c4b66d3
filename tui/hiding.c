/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tui/hiding.h"

#include "rules/quoted.h"
#include "rules/search.h"
#include "store/case_macros.h"

#define VALUE_MAX 600 /* bytes of a value that a condition compares with */

/* What the cursor is on: a value, and the name of its field where the screen has that of the row. */
static void
pointed_at(struct app *app, struct view *v, struct text *name, struct text *value)
{
	const struct table_row   *row = list_row(&v->list);
	const struct list_column *column = list_aside(&v->list);
	const struct doc_item    *item = v->list.n_columns ? NULL : doc_current(&v->doc);

	*name = *value = TEXT_NONE;
	if (row && column)
		*value = table_cell(&v->list.table, row, column->column, &app->frame);
	if (item) {
		*name = item->label;
		*value = item->text;
	}
}

/* The field of the result row that has the value; NULL: a time, a rule, what no field says. */
static const struct finding_field *
field_of(const struct finding *f, struct text name, struct text value)
{
	for (uint32_t i = 0; i < f->n_fields && name.n; i++)
		if (text_eq(f->fields[i].name, name))
			return &f->fields[i];
	for (uint32_t i = 0; i < f->n_fields && value.n; i++)
		if (text_ieq(f->fields[i].value, value))
			return &f->fields[i];
	return NULL;
}

/* As a search reads it: values(x) is a name only in quotes. */
static struct text
field_name(struct text name, struct arena *keep)
{
	for (size_t i = 0; i < name.n; i++) {
		char c = name.p[i];

		if ((c < '0' || c > '9') && ((c | 0x20) < 'a' || (c | 0x20) > 'z') && c != '_' &&
		    c != '.')
			return spl_quote(name, keep);
	}
	return name;
}

/* Up to what does not go into one line; the rest is a wildcard. */
static struct text
condition(const struct finding_field *field, struct arena *keep)
{
	struct text value = field->value, line = value;

	for (size_t i = 0; i < line.n; i++)
		if ((unsigned char)line.p[i] < ' ')
			line.n = i;
	line = text_head(line, VALUE_MAX);
	while (line.n && line.n < value.n && ((unsigned char)line.p[line.n] & 0xc0) == 0x80)
		line.n--;
	if (line.n < value.n)
		line = arena_join(keep, line, TEXT("*"));
	return arena_printf(keep, "NOT (" TEXT_FMT "=" TEXT_FMT ")", TEXT_ARG(field_name(field->name, keep)),
			    TEXT_ARG(spl_quote(line, keep)));
}

/* The definition that there is, and the condition behind it. */
static struct text
appended(struct app *app, struct text rule_id, struct text more)
{
	struct case_macro *macros;
	size_t             n = case_macros(app->cf, &app->frame, &macros);

	for (size_t i = 0; i < n; i++) {
		struct text old = macros[i].definition;
		bool simple = text_starts(old, TEXT("search ")) &&
			      text_find_byte(old, '|') == TEXT_NOWHERE &&
			      text_find(old, TEXT(" OR ")) == TEXT_NOWHERE;

		if (text_eq(macros[i].rule_id, rule_id))
			return arena_printf(&app->frame, TEXT_FMT "%s" TEXT_FMT, TEXT_ARG(old),
					    simple ? " " : " | search ", TEXT_ARG(more));
	}
	return arena_join(&app->frame, TEXT("search "), more);
}

void
hiding_begin(struct app *app, struct view *v)
{
	const struct table_row     *row = list_row(&v->list);
	struct text                 name, value;
	const struct finding_field *field;
	bool                        meant; /* by the cursor */
	struct filter_change        change = { .definition = TEXT("") };
	struct finding_row          f;
	struct err                  err = { 0 };

	if (!app_may_change(app))
		return;
	if (!query_finding(app->cf, v->list.n_columns ? (row ? row->id : 0) : v->id, &app->frame,
			   &f, &err)) {
		app_complain(app, &err);
		return;
	}
	pointed_at(app, v, &name, &value);
	field = field_of(&f.finding, name, value);
	meant = field != NULL;
	if (!field)
		field = field_of(&f.finding, TEXT_NONE, f.finding.host);
	if (!field) {
		app_say(app, "the result row of this finding has no field with that value");
		return;
	}
	change.rule = f.finding.rule_id;
	change.definition =
	    appended(app, f.finding.rule_id, condition(field, &app->frame));
	hiding_ask(app, &change);
	if (!meant)
		app->prompt.help = "not in the result: its computer instead; Enter tries it";
}

static bool
has_filter(struct app *app, struct text rule_id)
{
	struct case_macro *macros;
	size_t             n = case_macros(app->cf, &app->frame, &macros);

	for (size_t i = 0; i < n; i++)
		if (text_eq(macros[i].rule_id, rule_id))
			return true;
	return false;
}

static void
asked(struct app *app, struct text text)
{
	struct filter_change change = app->hiding;

	change.definition = text_trim(text);
	if (!change.definition.n && !app->hiding_had) {
		app_say(app, "nothing was changed");
		return;
	}
	hiding_open(app, &change, false);
}

void
hiding_ask(struct app *app, const struct filter_change *change)
{
	if (!app_may_change(app))
		return;
	app->hiding = *change;
	app->hiding.rule = arena_copy(&app->keep, change->rule);
	app->hiding.definition = TEXT_NONE;
	app->hiding_had = has_filter(app, change->rule);
	prompt_open(&app->prompt, "filter out", "Enter shows what it would hide", change->definition);
	app->prompt.done = asked;
}

void
hiding_ask_again(struct app *app)
{
	struct filter_change change = app->hiding;
	char                 text[sizeof(app->prompt.text)];
	size_t               n = app->prompt.n;

	memcpy(text, app->prompt.text, n);
	change.definition = (struct text){ text, n };
	hiding_ask(app, &change);
}

void
hiding_open(struct app *app, const struct filter_change *change, bool at_once)
{
	static const struct view_kind *const kinds[] = { &view_hiding };
	struct level                        *level;

	if (!app_may_change(app))
		return;
	app_take_rules(app); /* that they come would stop it */
	level = app_enter(app, kinds, 1);
	level->crumb = TEXT("Filter of a rule");
	level->change = *change;
	level->change.rule = arena_copy(&level->arena, change->rule);
	level->change.definition = arena_copy(&level->arena, change->definition);
	level->undone = at_once;
}

void
hiding_follow(struct app *app)
{
	struct case_macro *macros;
	struct user_macro *own;
	size_t             n, used = 0;

	if (!app->rules)
		return;
	n = case_macros(app->cf, &app->frame, &macros);
	own = arena_new(&app->frame, struct user_macro, n);
	for (size_t i = 0; i < n; i++)
		if (!macros[i].off)
			own[used++] = (struct user_macro){ macros[i].name, macros[i].definition };
	ruleset_redefine(app->rules, own, used);
}
