/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rules/pipeline.h"

#include <stdarg.h>
#include <stdio.h>

#include "rules/foresight.h"
#include "rules/lookups.h"
#include "rules/memo.h"
#include "rules/regex.h"
#include "rules/search_expr.h"
#include "rules/splice.h"
#include "rules/suggest.h"

#define STAGES_MAX 500

#define COMMAND(name) extern const struct pipe_command pipe_##name;
#define IGNORED(name, remark)
#define REFUSED(name, why)
#include "rules/commands.def"
#undef COMMAND
#undef IGNORED
#undef REFUSED
extern const struct pipe_command pipe_ignored;

static const struct pipe_command *const commands[] = {
#define COMMAND(name) &pipe_##name,
#define IGNORED(name, remark)
#define REFUSED(name, why)
#include "rules/commands.def"
#undef COMMAND
#undef IGNORED
#undef REFUSED
};

static const struct {
	const char *name, *remark;
} ignored[] = {
#define COMMAND(name)
#define IGNORED(name, remark) { name, remark },
#define REFUSED(name, why)
#include "rules/commands.def"
#undef COMMAND
#undef IGNORED
#undef REFUSED
};

static const struct {
	const char *name, *why;
} refused[] = {
#define COMMAND(name)
#define IGNORED(name, remark)
#define REFUSED(name, why) { name, why },
#include "rules/commands.def"
#undef COMMAND
#undef IGNORED
#undef REFUSED
};

/* Other names of commands. */
static const struct {
	const char *name, *command;
} synonyms[] = {
	{ "bucket", "bin" },
	{ "counttable", "contingency" },
	{ "ctable", "contingency" },
	{ "inputcsv", "inputlookup" },
	{ "kv", "extract" },
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

const struct pipe_command *
command_find(struct text name)
{
	for (size_t i = 0; i < COUNT(ignored); i++)
		if (text_ieq(name, text_of(ignored[i].name)))
			return &pipe_ignored;
	for (size_t i = 0; i < COUNT(synonyms); i++)
		if (text_ieq(name, text_of(synonyms[i].name)))
			name = text_of(synonyms[i].command);
	for (size_t i = 0; i < COUNT(commands); i++)
		if (text_ieq(name, text_of(commands[i]->name)))
			return commands[i];
	return NULL;
}

size_t
search_commands(struct command_info *out, size_t cap)
{
	for (size_t i = 0; i < COUNT(commands) && i < cap; i++)
		out[i] = (struct command_info){ commands[i]->name, commands[i]->synopsis,
						commands[i]->help };
	return COUNT(commands);
}

static bool
unknown_command(struct scan *s, const char *at, struct text name)
{
	struct text words[COUNT(commands)], near;

	for (size_t i = 0; i < COUNT(refused); i++)
		if (text_ieq(name, text_of(refused[i].name)))
			return scan_fail(s, at, "%s %s", refused[i].name, refused[i].why);
	for (size_t i = 0; i < COUNT(commands); i++)
		words[i] = text_of(commands[i]->name);
	near = suggest(name, words, COUNT(commands));
	if (text_absent(near))
		return scan_fail(s, at,
				 "unknown command \"" TEXT_FMT "\" (see: auger rules commands)",
				 TEXT_ARG(text_head(name, 60)));
	return scan_fail(s, at, "unknown command \"" TEXT_FMT "\": did you mean \"" TEXT_FMT
			 "\"? (see: auger rules commands)", TEXT_ARG(text_head(name, 60)),
			 TEXT_ARG(near));
}

/* --- stages --- */

/* Where the stage that begins at AT ends: at a bar outside strings and brackets, or at END. */
static bool
stage_end(struct scan *s, const char **end)
{
	const char *opened = s->at;
	int         depth = 0;

	for (const char *p = s->at, *next; p < s->end; p = next) {
		next = scan_step(s, p);
		if (!next)
			return false;
		if (*p == '[') {
			if (depth++ == 0)
				opened = p;
		} else if (*p == ']') {
			if (depth-- == 0)
				return scan_fail(s, p, "\"]\" closes nothing");
		} else if (*p == '|' && depth == 0) {
			*end = p;
			return true;
		}
	}
	if (depth > 0)
		return scan_fail(s, opened, "this \"[\" has no closing \"]\"");
	*end = s->end;
	return true;
}

static bool
written_by_filter(const struct compile *c, const char *at)
{
	const struct expanded_piece *piece =
	    expansion_piece(c->expansion, (size_t)(at - c->expansion->text.p));

	return piece && text_iends(piece->called, TEXT("_filter"));
}

/* The command that a stage names; the first stage may leave out "search". */
static bool
stage_command(struct scan *s, bool implied, const struct pipe_command **out)
{
	struct scan ahead = *s;
	const char *at;

	scan_blank(&ahead);
	at = ahead.at;
	struct text name = scan_run(&ahead, "|[]()=\",<>!");

	*out = command_find(name);
	if (implied && !(*out && ((*out)->flags & PIPE_FIRST) && ahead.at < ahead.end &&
			 (*ahead.at == ' ' || *ahead.at == '\n' || *ahead.at == '\t') &&
			 !scan_at(&ahead, '='))) {
		*out = command_find(TEXT("search"));
		return true;
	}
	if (name.n == 0)
		return scan_expected(s, "a command");
	if (!*out)
		return unknown_command(s, at, name);
	for (size_t i = 0; i < COUNT(ignored); i++)
		if (text_ieq(name, text_of(ignored[i].name)) && ignored[i].remark[0])
			compile_reserve(s->c, "%s %s", ignored[i].name, ignored[i].remark);
	*s = ahead;
	return true;
}

static bool parse_stages(struct scan *s, struct pipeline *out, bool first);

/* The stages that a command is short for. */
static bool
stages_rewritten(struct scan *s, const struct pipe_command *command, struct pipeline *out,
		 bool first)
{
	struct compile         *c = s->c;
	struct expansion       *x = arena_new(c->keep, struct expansion, 1);
	const struct expansion *outer = c->expansion;
	struct place place = expansion_place(outer, (size_t)(s->at - outer->text.p));
	struct scan             inner = { .c = c };
	struct text             text;
	bool                    good;

	c->command = command->name;
	if (!command->rewrite(s, &text) || !scan_finish(s) ||
	    !expand(x, c->keep, text, place, c->env->macros, c->err))
		return false;
	c->expansion = x;
	inner.at = x->text.p;
	inner.end = x->text.p + x->text.n;
	good = parse_stages(&inner, out, first);
	c->expansion = outer;
	return good;
}

/* Reads a stage, or those that it is short for, and adds them to OUT. */
static bool
stage_parse(struct scan *s, struct pipeline *out, bool first, bool implied)
{
	struct compile *c = s->c;
	const char     *at;
	struct stage   *stage;

	if (out->n >= STAGES_MAX)
		return scan_fail(s, s->at, "more than %d stages", STAGES_MAX);
	scan_blank(s);
	at = s->at;
	arena_grow(c->keep, out->stages, out->n, &out->cap);
	stage = &out->stages[out->n];
	*stage = (struct stage){
	    .model = c->model, .first = first, .is_filter = written_by_filter(c, at)};
	stage->source = text_trim((struct text){ at, (size_t)(s->end - at) });
	if (!stage_command(s, implied, &stage->command))
		return false;
	if (first && !(stage->command->flags & PIPE_FIRST))
		return scan_fail(s, at, "\"%s\" cannot come first: it needs rows to work on",
				 stage->command->name);
	if (!first && (stage->command->flags & PIPE_ONLY_FIRST) &&
	    !(stage->command->flags & PIPE_APPENDS))
		return scan_fail(s, at, "\"%s\" can only come first, behind a leading \"|\"",
				 stage->command->name);
	if (stage->command->rewrite)
		return stages_rewritten(s, stage->command, out, first);
	stage->order = stage->command->order;
	c->command = stage->command->name;
	if ((stage->command->flags & PIPE_SPLICES) && splice_needed(s)
		? !splice_parse(s, stage, stage->command)
		: !stage->command->parse(s, stage) || !scan_finish(s))
		return false;
	out->n++;
	if (stage->command->flags & PIPE_ROWS)
		c->model = MODEL_NONE;
	return true;
}

/* A bar of a macro's text may follow one of the text around it; END is behind an empty stage. */
static bool
bars_of_two_texts(const struct compile *c, const char *first, const char *end)
{
	const char *base = c->expansion->text.p;

	return expansion_piece(c->expansion, (size_t)(first - base)) !=
	       expansion_piece(c->expansion, (size_t)(end - base));
}

/* A search right behind a source of events becomes part of what the source is asked for. */
static void
merge_searches(struct compile *c, struct pipeline *p)
{
	while (p->n > 1 && p->stages[0].has_leaf && !p->stages[1].is_filter &&
	       p->stages[1].command == command_find(TEXT("search"))) {
		struct leaf       *leaf = &c->search->leaves[p->stages[0].leaf];
		const struct pred *more = search_stage_pred(&p->stages[1]);

		if (!more || !leaf->exact || !leaf->pred)
			return;
		leaf->pred = pred_and(c->keep, leaf->pred, more);
		memmove(p->stages + 1, p->stages + 2, (p->n - 2) * sizeof(*p->stages));
		p->n--;
	}
}

/* What the stages from FIRST on read of the rows that reach them. */
static struct uses
uses_from(const struct pipeline *p, size_t first, struct arena *keep)
{
	struct uses u = { .keep = keep };

	for (size_t i = first; i < p->n && !u.closed; i++) {
		bool all = u.all, narrowed = u.narrowed;

		if (p->stages[i].command->uses)
			p->stages[i].command->uses(&p->stages[i], &u);
		/* Behind `fields`, what reads any field can read only those. */
		if (narrowed)
			u.all = all;
	}
	u.closed |= u.narrowed;
	return u;
}

static void
pipeline_finish(struct compile *c, struct pipeline *p)
{
	merge_searches(c, p);
	p->order = ORDER_NEWEST_FIRST;
	for (size_t i = 0; i < p->n && p->stages[i].order != ROWS_ORDERED; i++)
		if (p->stages[i].order == ROWS_UNORDERED) {
			p->order = ORDER_ANY;
			break;
		}
	for (size_t i = 0; i < p->n; i++) {
		struct uses    u = uses_from(p, i + 1, c->keep);
		struct column *needed;

		p->stages[i].uses = u;
		if (p->stages[i].grouping)
			p->stages[i].foresight =
			    foresight_make(c, p, i, p->stages[i].grouping);
		if (u.all || !u.closed)
			continue;
		/* What the stage itself reads has to be kept as well. */
		u.names = NULL;
		u.kinds = NULL;
		u.n = u.cap = 0;
		for (size_t k = 0; k < p->stages[i].uses.n; k++)
			uses_add(&u, p->stages[i].uses.names[k], USE_READS);
		if (p->stages[i].command->uses)
			p->stages[i].command->uses(&p->stages[i], &u);
		if (u.all)
			continue;
		needed = arena_new(c->keep, struct column, u.n + 1);
		for (size_t k = 0; k < u.n; k++)
			needed[k] = column_make(c->keep, u.names[k], p->stages[i].model);
		p->stages[i].closed = true;
		p->stages[i].needed = needed;
		p->stages[i].n_needed = u.n;
	}
	memo_plan(c, p);
}

static bool
parse_stages(struct scan *s, struct pipeline *out, bool first)
{
	struct compile *c = s->c;
	bool            bar = scan_take(s, '|');
	const char     *end = s->end;

	if (scan_done(s) && (first || bar))
		return scan_expected(s, "a search");
	for (;;) {
		struct scan one;

		if (!stage_end(s, &end))
			return false;
		one = (struct scan){ c, s->at, end };
		/* Macros may begin with a bar of their own. */
		if (!scan_done(&one)) {
			if (!stage_parse(&one, out, first && out->n == 0,
					 first && out->n == 0 && !bar))
				return false;
		} else if (bar && (end == s->end || !bars_of_two_texts(c, s->at - 1, end))) {
			s->at = end;
			return scan_expected(s, "a command behind \"|\"");
		}
		s->at = end;
		if (end == s->end)
			return true;
		s->at++;
		bar = true;
	}
}

bool
pipeline_parse(struct scan *s, struct pipeline *out, bool first)
{
	struct compile *c = s->c;

	*out = (struct pipeline){ .depth = c->depth };
	if (c->depth >= 16)
		return scan_fail(s, s->at, "subsearches nest more than 16 deep");
	c->depth++;
	if (!parse_stages(s, out, first))
		return false;
	c->depth--;
	pipeline_finish(c, out);
	return true;
}

bool
pipeline_parse_text(struct compile *c, struct text text, struct place place, struct pipeline *out,
		    bool first)
{
	struct expansion       *x = arena_new(c->keep, struct expansion, 1);
	const struct expansion *outer = c->expansion;
	struct scan             s = { .c = c };
	bool                    good;

	if (!expand(x, c->keep, text, place, c->env->macros, c->err))
		return false;
	c->expansion = x;
	s.at = x->text.p;
	s.end = x->text.p + x->text.n;
	good = pipeline_parse(&s, out, first);
	c->expansion = outer;
	return good;
}

bool
pipeline_is_constant(const struct pipeline *p)
{
	return p->n && text_eq(text_of(p->stages[0].command->name), TEXT("inputlookup"));
}

uint32_t
leaf_add(struct compile *c, const struct leaf *leaf)
{
	struct search *s = c->search;

	arena_grow(c->keep, s->leaves, s->n_leaves, &s->leaves_cap);
	s->leaves[s->n_leaves] = *leaf;
	return (uint32_t)s->n_leaves++;
}

void
compile_reserve(struct compile *c, const char *fmt, ...)
{
	struct text old = c->search->reservation, more;
	char        buf[400];
	va_list     ap;

	va_start(ap, fmt);
	int n = vsnprintf(buf, sizeof(buf), fmt, ap);

	va_end(ap);
	more = (struct text){ buf, n < (int)sizeof(buf) ? (size_t)n : sizeof(buf) - 1 };
	if (!text_absent(old) && (text_find(old, more) != TEXT_NOWHERE || old.n > 2000))
		return;
	c->search->reservation =
	    text_absent(old) ? arena_copy(c->keep, more)
			     : arena_printf(c->keep, TEXT_FMT "; " TEXT_FMT, TEXT_ARG(old),
					    TEXT_ARG(more));
}

struct column
compile_column(struct compile *c, struct text name)
{
	return column_make(c->keep, arena_copy(c->keep, name), c->model);
}

bool
compile_columns(struct scan *s, struct column **out, size_t *n, const char *const *until)
{
	return compile_columns_and_options(s, out, n, until, NULL, NULL);
}

bool
compile_columns_and_options(struct scan *s, struct column **out, size_t *n,
			    const char *const *until, option_fn *option, void *args)
{
	size_t cap = 0;

	*out = NULL;
	*n = 0;
	for (;;) {
		struct text name, value;

		scan_commas(s);
		if (scan_done(s))
			return true;
		for (size_t i = 0; until && until[i]; i++)
			if (scan_at_keyword(s, until[i]))
				return true;
		if (!option && scan_at_option(s))
			return true;
		if (option && scan_option(s, &name, &value)) {
			if (!option(s, args, name, value))
				return false;
			continue;
		}
		if (!scan_name(s, &name, "a field name"))
			return false;
		arena_grow(s->c->keep, *out, *n, &cap);
		(*out)[(*n)++] = compile_column(s->c, name);
	}
}

bool
compile_regex(struct scan *s, const char *at, struct text pattern, const struct regex **out)
{
	struct text   what;
	bool          literal;
	struct regex *re = regex_make(s->c->keep, pattern, &what, &literal);

	if (!re)
		return scan_fail(s, at, TEXT_FMT, TEXT_ARG(what));
	regex_speed_up(re);
	*out = re;
	if (literal)
		compile_reserve(s->c,
				"the pattern \"" TEXT_FMT "\" has an unknown escape, which is read "
				"as the letter itself",
				TEXT_ARG(text_head(pattern, 80)));
	return true;
}

static void
note_table(struct search *s, struct text name)
{
	for (size_t i = 0; i < s->n_tables; i++)
		if (text_eq(s->tables[i], name))
			return;
	arena_grow(s->keep, s->tables, s->n_tables, &s->tables_cap);
	s->tables[s->n_tables++] = name;
}

bool
compile_lookup(struct scan *s, struct text *name, const struct lookup **out)
{
	const char *at;

	scan_blank(s);
	at = s->at;
	return scan_name(s, name, "the name of a lookup") && compile_lookup_named(s, at, *name, out);
}

bool
compile_lookup_named(struct scan *s, const char *at, struct text name, const struct lookup **out)
{
	struct err err = { 0 };

	*out = lookups_find(s->c->env->lookups, name, &err);
	note_table(s->c->search, name);
	return !err.kind || scan_fail(s, at, "%s", err.what);
}

void
compile_lookup_reserve(struct compile *c, struct text name, const struct lookup *table)
{
	if (!table)
		compile_reserve(c, "lookup \"" TEXT_FMT "\" is not loaded (its table belongs in a folder "
				"lookups beside the rules): it matches nothing, and its fields stay null",
				TEXT_ARG(name));
	else if (table->is_empty_store)
		compile_reserve(c, "lookup \"" TEXT_FMT "\" is a store of earlier results, which a case "
				"does not have: it matches nothing", TEXT_ARG(name));
}

/* --- what stages read --- */

void
uses_add(struct uses *u, struct text name, enum use kind)
{
	size_t cap = u->cap;

	for (size_t i = 0; i < u->n; i++)
		if (text_eq(u->names[i], name)) {
			if (kind == USE_GROUPS)
				u->kinds[i] = kind;
			return;
		}
	arena_grow(u->keep, u->names, u->n, &cap);
	arena_grow(u->keep, u->kinds, u->n, &u->cap);
	u->names[u->n] = name;
	u->kinds[u->n++] = kind;
}

void
columns_add(struct columns *c, struct text name)
{
	for (size_t i = 0; i < c->n; i++)
		if (text_eq(c->names[i], name))
			return;
	arena_grow(c->keep, c->names, c->n, &c->cap);
	c->names[c->n++] = name;
}

void
columns_only(struct columns *c)
{
	c->n = 0;
	c->open = false;
}
