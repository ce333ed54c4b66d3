/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rules/complete.h"

#include <stdlib.h>

#include "base/ascii.h"
#include "base/name_entry.h"
#include "rules/aggregates.h"
#include "rules/lookups.h"
#include "rules/pipeline.h"
#include "rules/spot.h"

struct maker {
	struct arena              *keep;
	const struct complete_env *env;
	struct spot                spot;
	struct text                behind; /* the text from the word on */
	struct candidate          *items;
	size_t                     n, cap;
};

const char *
completes_name(enum completes kind)
{
	static const char *const names[] = {
	    [COMPLETES_FIELD] = "field",       [COMPLETES_COMMAND] = "command",
	    [COMPLETES_FUNCTION] = "function", [COMPLETES_AGGREGATE] = "aggregate",
	    [COMPLETES_OPTION] = "option",     [COMPLETES_WORD] = "word",
	    [COMPLETES_MODEL] = "data model",  [COMPLETES_LOOKUP] = "lookup",
	    [COMPLETES_MACRO] = "macro",
	};

	return names[kind];
}

static void
add(struct maker *m, enum completes kind, struct text insert, struct text help)
{
	if (insert.n == 0)
		return;
	arena_grow(m->keep, m->items, m->n, &m->cap);
	m->items[m->n++] = (struct candidate){ kind, insert, help };
}

static struct text
joined(struct maker *m, const char *name, char tail)
{
	if (m->behind.n && m->behind.p[0] == tail)
		return text_of(name);
	return arena_printf(m->keep, "%s%c", name, tail);
}

/* --- what there is --- */

static void
add_commands(struct maker *m, bool first)
{
	struct command_info infos[256];
	size_t              n = search_commands(infos, 256);

	for (size_t i = 0; i < n && i < 256; i++) {
		unsigned flags = command_find(text_of(infos[i].name))->flags;

		if (first ? flags & PIPE_FIRST : !(flags & PIPE_ONLY_FIRST))
			add(m, COMPLETES_COMMAND, text_of(infos[i].name), text_of(infos[i].help));
	}
}

static void
add_functions(struct maker *m)
{
	struct command_info infos[256];
	size_t              n = search_functions(infos, 256);

	for (size_t i = 0; i < n && i < 256; i++)
		add(m, COMPLETES_FUNCTION, joined(m, infos[i].name, '('), text_of(infos[i].help));
}

static void
add_aggregates(struct maker *m)
{
	struct command_info infos[64];
	size_t              n = search_aggregates(infos, 64);

	for (size_t i = 0; i < n && i < 64; i++)
		add(m, COMPLETES_AGGREGATE,
		    strchr(infos[i].synopsis, '(') ? joined(m, infos[i].name, '(')
						   : text_of(infos[i].name),
		    text_of(infos[i].help));
}

static void
add_words(struct maker *m, const char *const *words)
{
	for (; *words; words++)
		add(m, COMPLETES_WORD, text_of(*words), TEXT_NONE);
}

/* Filters are the user's exceptions, one for each detection: nobody looks for them by name. */
static void
add_macros(struct maker *m)
{
	const struct macro *macro;
	bool                in_macro = m->spot.in == SPOT_IN_MACRO;

	if (!m->env->search.macros)
		return;
	for (size_t i = 0; (macro = macros_get(m->env->search.macros, i)); i++) {
		const char *open = in_macro ? "" : "`";
		const char *close = macro->n_args ? "(" : "`";
		char        next = m->behind.n ? m->behind.p[0] : '\0';

		if (text_iends(macro->name, TEXT("_filter")))
			continue;
		if (next == close[0] || (in_macro && next == '('))
			close = "";
		add(m, COMPLETES_MACRO,
		    arena_printf(m->keep, "%s" TEXT_FMT "%s", open, TEXT_ARG(macro->name), close),
		    macro->definition);
	}
}

static void
add_models(struct maker *m)
{
	for (enum model i = MODEL_NONE + 1; i < MODEL_COUNT; i++)
		add(m, COMPLETES_MODEL,
		    arena_printf(m->keep, TEXT_FMT "." TEXT_FMT, TEXT_ARG(model_root(i)),
				 TEXT_ARG(model_name(i))),
		    arena_printf(m->keep, "fields begin with " TEXT_FMT ".",
				 TEXT_ARG(model_prefix(i))));
}

static void
add_tables(struct maker *m)
{
	const struct text *names;
	size_t             n = lookups_names(m->env->search.lookups, &names);

	for (size_t i = 0; i < n; i++)
		add(m, COMPLETES_LOOKUP, names[i], TEXT_NONE);
}

static void
add_table_columns(struct maker *m, struct text table)
{
	struct err           err = { 0 };
	const struct lookup *t = lookups_find(m->env->search.lookups, table, &err);

	for (uint32_t i = 0; t && i < t->n_columns; i++)
		add(m, COMPLETES_FIELD, t->columns[i],
		    arena_printf(m->keep, "column of " TEXT_FMT, TEXT_ARG(t->name)));
}

/* --- fields --- */

static struct text
name_help(struct maker *m, struct text name)
{
	struct name_ref          ref = name_ref(name);
	const struct name_entry *e = ref.entries;

	if (!e || name_verbatim(e) == VERBATIM_FIXED || !e->argument.n)
		return TEXT_NONE;
	return arena_printf(m->keep, "from " TEXT_FMT, TEXT_ARG(e->argument));
}

/* The names of the table: those of MODEL with its prefix, or without one. */
static void
add_known_fields(struct maker *m, enum model model, bool prefixed)
{
	const struct text *names;
	size_t             n = names_all(&names);

	for (size_t i = 0; i < n; i++) {
		struct text plain = names[i];
		enum model  of = name_model(&plain);
		bool        same = model != MODEL_NONE &&
			    text_eq(model_prefix(of), model_prefix(model));

		if (prefixed ? of != MODEL_NONE && (same || model == MODEL_NONE)
			     : of == MODEL_NONE || same)
			add(m, COMPLETES_FIELD, prefixed ? names[i] : plain,
			    name_help(m, names[i]));
	}
}

/* The columns that the stages so far give. True: rows have no others. */
static bool
add_columns(struct maker *m, struct text pipeline)
{
	struct err     err = { 0 };
	struct search *s;
	struct columns columns = { .keep = m->keep, .open = true };

	if (pipeline.n == 0 || !search_compile(&s, m->keep, pipeline, (struct place){ TEXT(""), 1, 1 },
					       &m->env->search, &err))
		return false;
	for (size_t i = 0; i < s->main.n; i++)
		if (s->main.stages[i].command->columns)
			s->main.stages[i].command->columns(&s->main.stages[i], &columns);
	for (size_t i = 0; i < columns.n; i++)
		if (text_find_byte(columns.names[i], '*') == TEXT_NOWHERE)
				add(m, COMPLETES_FIELD, columns.names[i], TEXT("made by this search"));
	return !columns.open;
}

static void
add_fields(struct maker *m)
{
	if (add_columns(m, m->spot.pipeline))
		return;
	for (size_t i = 0; i < m->env->n_fields; i++)
		add(m, COMPLETES_FIELD, m->env->fields[i], TEXT("in events of this case"));
	add_known_fields(m, MODEL_NONE, false);
	add(m, COMPLETES_FIELD, TEXT("_time"), TEXT("when it happened"));
	add(m, COMPLETES_FIELD, TEXT("_raw"), TEXT("the whole event as text"));
}

/* --- what a place takes --- */

static bool
takes(const struct pipe_command *c, const char *what)
{
	return text_find(text_of(c->synopsis), text_of(what)) != TEXT_NOWHERE;
}

/* "by" and "max_match=" of a synopsis; what "name=" takes is none of these. */
static void
add_synopsis_words(struct maker *m, const struct pipe_command *c)
{
	struct text t = text_from(text_of(c->synopsis), strlen(c->name));
	size_t      depth = 0;

	for (size_t i = 0; i < t.n; i++) {
		size_t from = i;

		depth += t.p[i] == '<';
		depth -= t.p[i] == '>' && depth;
		while (!depth && i < t.n && (ascii_lower(t.p[i]) || t.p[i] == '_'))
			i++;
		if (i == from)
			continue;
		struct text word = { t.p + from, i - from };
		bool        value = from > 0 && strchr("=|\"$", t.p[from - 1]) && word.n > 0 &&
			     !(t.p[from - 1] == '|' && text_iends(word, TEXT("new")));

		if (i < t.n && t.p[i] == '=')
			add(m, COMPLETES_OPTION, arena_printf(m->keep, TEXT_FMT "=", TEXT_ARG(word)),
			    TEXT_NONE);
		else if (!value && word.n > 1 && (i == t.n || !strchr("/(\"", t.p[i])))
			add(m, COMPLETES_WORD, word, TEXT_NONE);
		i--;
	}
}

/* Behind "name=": what the synopsis has there. */
static void
add_option_values(struct maker *m, const struct pipe_command *c, struct text option)
{
	static const char *const yes_no[] = { "true", "false", NULL };
	struct text              t = text_of(c->synopsis);
	size_t at = text_find(t, arena_printf(m->keep, TEXT_FMT "=", TEXT_ARG(option)));
	size_t end = 0;

	if (at == TEXT_NOWHERE)
		return;
	t = text_from(t, at + option.n + 1);
	while (end < t.n && !strchr(" ])", t.p[end]))
		end++;
	t = text_head(t, end);
	if (text_istarts(t, TEXT("<bool>")))
		add_words(m, yes_no);
	else if (text_istarts(t, TEXT("<field>")))
		add_fields(m);
	else if (text_istarts(t, TEXT("<model>")))
		add_models(m);
	else if (t.n && ascii_lower(t.p[0]))
		while (!text_absent(t))
			add(m, COMPLETES_WORD, text_cut(&t, '|'), TEXT_NONE);
}

static void
add_search_terms(struct maker *m)
{
	static const char *const words[] = { "AND", "OR", "NOT", "IN", NULL };
	enum model               model = model_find(m->spot.model);

	if (text_eq(m->spot.previous, TEXT("=")) || text_eq(m->spot.previous, TEXT("<")) ||
	    text_eq(m->spot.previous, TEXT(">")) || text_ieq(m->spot.call, TEXT("IN")))
		return;
	if (text_absent(m->spot.model))
		add_fields(m);
	else
		add_known_fields(m, model, true);
	add_words(m, words);
	if (m->spot.word.n)
		add_macros(m);
}

static void
add_expression(struct maker *m)
{
	static const char *const words[] = { "AND", "OR", "NOT", "IN", "LIKE", NULL };

	add_fields(m);
	add_words(m, words);
	add_functions(m);
}

static void
add_aggregate_terms(struct maker *m, const struct pipe_command *c)
{
	static const char *const eval[] = { "eval(", NULL };

	if (text_ieq(m->spot.call, TEXT("eval")) || text_ieq(m->spot.caller, TEXT("eval"))) {
		add_expression(m);
		return;
	}
	if (text_absent(m->spot.call) && !text_ieq(m->spot.clause, TEXT("by")) &&
	    !text_ieq(m->spot.clause, TEXT("over"))) {
		add_aggregates(m);
		add_synopsis_words(m, c);
		if (m->spot.word.n)
			add_macros(m);
		return;
	}
	if (c->flags & PIPE_ONLY_FIRST)
		add_known_fields(m, model_find(m->spot.model), true);
	else
		add_fields(m);
	if (c->flags & PIPE_ONLY_FIRST)
		add(m, COMPLETES_FIELD, TEXT("_time"), TEXT("when it happened"));
	if (!text_absent(m->spot.call))
		add_words(m, eval);
	else if (text_eq(m->spot.previous, TEXT("_time")))
		add(m, COMPLETES_OPTION, TEXT("span="), TEXT_NONE);
}

/* The words of lookup: table, its columns, and what they are called in rows. */
static void
add_lookup_terms(struct maker *m, const struct pipe_command *c)
{
	bool output = text_istarts(m->spot.clause, TEXT("output"));

	if (text_absent(m->spot.argument))
		add_tables(m);
	else if (text_ieq(m->spot.previous, TEXT("as")) && !output)
		add_fields(m);
	else
		add_table_columns(m, m->spot.argument);
	add_synopsis_words(m, c);
}

static void
add_arguments(struct maker *m, const struct pipe_command *c)
{
	bool where = text_ieq(m->spot.clause, TEXT("where"));

	if (!text_absent(m->spot.option) && takes(c, "="))
		add_option_values(m, c, m->spot.option);
	if (takes(c, "<search expression>") && (where || !takes(c, "where ")))
		add_search_terms(m);
	else if (takes(c, "<expression>"))
		add_expression(m);
	else if (takes(c, "=(<search>)") && !text_absent(m->spot.option))
		return;
	else if (text_ieq(m->spot.previous, TEXT("datamodel")) || text_eq(m->spot.previous, TEXT(":")))
		add_models(m);
	else if (takes(c, "<column>"))
		add_lookup_terms(m, c);
	else if (m->n || text_ieq(m->spot.previous, TEXT("as")))
		return;
	else if (takes(c, "<aggregate>"))
		add_aggregate_terms(m, c);
	else if (takes(c, "<table>") && text_absent(m->spot.argument))
		add_tables(m);
	else if (takes(c, "<model>") && text_absent(m->spot.argument))
		add_models(m);
	else {
		if (takes(c, "<field>"))
			add_fields(m);
		add_synopsis_words(m, c);
	}
}

static void
add_stage(struct maker *m)
{
	const struct spot         *s = &m->spot;
	bool                       implied = s->first && !s->barred;
	const struct pipe_command *c = text_absent(s->command) ? NULL : command_find(s->command);

	if (implied && (!c || !(c->flags & PIPE_FIRST))) {
		if (text_absent(s->command))
			add_commands(m, true);
		add_search_terms(m);
	} else if (text_absent(s->command)) {
		add_commands(m, s->first);
		if (!s->first && s->word.n)
			add_macros(m);
	} else if (c) {
		add_arguments(m, c);
	}
}

/* --- choosing --- */

static bool
typed_begins(struct text insert, struct text word)
{
	if (insert.n && insert.p[0] == '`')
		insert = text_from(insert, 1);
	return text_istarts(insert, word);
}

static int
by_fitness(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;
	int                     order = text_icmp(x->insert, y->insert);

	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	if (!order)
		order = text_cmp(x->insert, y->insert);
	/* of two of one name the one that says more */
	return order ? order : (x->help.n < y->help.n) - (x->help.n > y->help.n);
}

/* Leaves what begins with the word, or else has it inside, each once. */
static void
choose(struct maker *m)
{
	char       *folded = arena_new(m->keep, char, m->spot.word.n);
	struct text word = { folded, m->spot.word.n };
	bool        begins = false;
	size_t      n = 0;

	text_fold(folded, m->spot.word);
	for (size_t i = 0; i < m->n && !begins; i++)
		begins = typed_begins(m->items[i].insert, word);
	for (size_t i = 0; i < m->n; i++)
		if (begins ? typed_begins(m->items[i].insert, word)
			   : text_ifind(m->items[i].insert, word) != TEXT_NOWHERE)
			m->items[n++] = m->items[i];
	m->n = n;
	if (m->n)
		qsort(m->items, m->n, sizeof(*m->items), by_fitness);
	n = 0;
	for (size_t i = 0; i < m->n; i++)
		if (n == 0 || m->items[n - 1].kind != m->items[i].kind ||
		    !text_eq(m->items[n - 1].insert, m->items[i].insert))
			m->items[n++] = m->items[i];
	m->n = n;
}

static struct text
synopsis_of(const struct spot *s)
{
	struct command_info infos[256];
	size_t              n = search_functions(infos, 256);

	for (size_t i = 0; i < n && i < 256; i++)
		if (text_ieq(s->call, text_of(infos[i].name)))
			return text_of(infos[i].synopsis);
	const struct pipe_command *c = text_absent(s->command) ? NULL : command_find(s->command);

	if (s->first && !s->barred && (!c || !(c->flags & PIPE_FIRST)))
		c = text_absent(s->command) ? NULL : command_find(TEXT("search"));
	return c ? text_of(c->synopsis) : TEXT_NONE;
}

void
complete(struct completion *out, struct arena *keep, struct text text, size_t cursor,
	 const struct complete_env *env)
{
	struct maker m = { .keep = keep, .env = env };
	size_t       to;

	if (cursor > text.n)
		cursor = text.n;
	for (to = cursor; to < text.n && spot_is_word(text.p[to]);)
		to++;
	m.behind = text_from(text, to);
	spot_find(&m.spot, text, cursor);
	*out = (struct completion){ .from = cursor, .to = cursor, .synopsis = synopsis_of(&m.spot) };
	switch (m.spot.in) {
	case SPOT_IN_STRING:
	case SPOT_IN_COMMENT:
		return;
	case SPOT_IN_MACRO:
		if (text_find_byte(m.spot.word, '(') != TEXT_NOWHERE)
			return;
		add_macros(&m);
		break;
	case SPOT_IN_STAGE:
		add_stage(&m);
		break;
	}
	choose(&m);
	out->from = cursor - m.spot.word.n;
	out->to = to;
	out->items = m.items;
	out->n = m.n;
}
