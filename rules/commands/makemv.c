/* SPDX-License-Identifier: GPL-3.0-or-later */
/* makemv: a text cut into several values. */
#include "config.h"

#include "rules/regex.h"
#include "rules/pipeline.h"

struct makemv_args {
	struct column       field;
	struct text         delimiter;
	const struct regex *tokenizer; /* instead of the delimiter */
	bool                allow_empty;
};

static bool
makemv_option(struct scan *s, struct makemv_args *args, struct text name, struct text value)
{
	if (text_ieq(name, TEXT("delim"))) {
		args->delimiter = value;
		return value.n > 0 || scan_fail(s, name.p, "delim= is empty");
	}
	if (text_ieq(name, TEXT("allowempty")))
		return scan_to_bool(s, name, value, &args->allow_empty);
	if (text_ieq(name, TEXT("setsv")))
		return true;
	if (!text_ieq(name, TEXT("tokenizer")))
		return scan_bad_option(s, name);
	return compile_regex(s, name.p, value, &args->tokenizer);
}

static bool
makemv_parse(struct scan *s, struct stage *stage)
{
	struct makemv_args *args = arena_new(s->c->keep, struct makemv_args, 1);
	struct text         name, value, field = TEXT_NONE;

	stage->args = args;
	args->delimiter = TEXT(" ");
	while (!scan_done(s)) {
		if (scan_option(s, &name, &value)) {
			if (!makemv_option(s, args, name, value))
				return false;
		} else if (!text_absent(field)) {
			return scan_expected(s, "an option such as delim=");
		} else if (!scan_name(s, &field, "a field name")) {
			return false;
		}
	}
	args->field = compile_column(s->c, field);
	return !text_absent(field) || scan_expected(s, "a field name");
}

static void
makemv_uses(const struct stage *stage, struct uses *uses)
{
	const struct makemv_args *args = stage->args;

	uses_add(uses, args->field.name, USE_READS);
}

struct pieces {
	struct arena *scratch;
	struct value *items;
	size_t        n, cap;
};

static void
add_piece(struct pieces *p, struct text t)
{
	arena_grow(p->scratch, p->items, p->n, &p->cap);
	p->items[p->n++] = value_of_text(t);
}

static void
cut(struct pieces *p, const struct makemv_args *args, struct text t)
{
	for (;;) {
		size_t      at = text_find(t, args->delimiter);
		struct text head = at == TEXT_NOWHERE ? t : text_head(t, at);

		if (head.n || args->allow_empty)
			add_piece(p, head);
		if (at == TEXT_NOWHERE)
			return;
		t = text_from(t, at + args->delimiter.n);
	}
}

/* The first group of each match, or all of it. */
static void
tokenize(struct stage_run *sr, struct pieces *p, struct text t)
{
	const struct makemv_args *args = sr->stage->args;
	struct regex_match        m;
	enum regex_result         r;
	size_t                    from = 0;

	while ((r = regex_find(args->tokenizer, t, from, sr->run->stats->gave_up, &m)) == REGEX_YES &&
	       pipe_check(sr->run)) {
		uint32_t group = m.n > 1 && m.start[1] != TEXT_NOWHERE ? 1 : 0;

		if (m.start[group] != TEXT_NOWHERE &&
		    (m.end[group] > m.start[group] || args->allow_empty))
			add_piece(
			    p, (struct text){t.p + m.start[group], m.end[group] - m.start[group]});
		from = regex_next(t, &m);
	}
	if (r == REGEX_GAVE_UP)
		pipe_gave_up(sr->run, "makemv");
}

static bool
makemv_row(struct stage_run *sr, struct row *row)
{
	const struct makemv_args *args = sr->stage->args;
	struct value              v = row_value(row, &args->field, sr->run->scratch);
	struct pieces             p = { .scratch = sr->run->scratch };
	const struct value       *items;
	size_t                    n = value_items(&v, &items);

	for (size_t i = 0; i < n; i++) {
		struct text t = value_text(&items[i], ' ', sr->run->scratch);

		if (args->tokenizer)
			tokenize(sr, &p, t);
		else
			cut(&p, args, t);
	}
	if (n)
		row_set(row, args->field.name, value_of_list(p.items, p.n), sr->run->scratch);
	return pipe_emit(sr, row);
}

static enum keeps
makemv_keeps(const struct search_env *env, const struct stage *stage, struct text field,
	     struct arena *scratch)
{
	const struct makemv_args *args = stage->args;

	(void)env;
	(void)scratch;
	return text_eq(args->field.name, field) ? KEEPS_ROWS : KEEPS_FIELD;
}

const struct pipe_command pipe_makemv = {
	.name = "makemv",
	.synopsis = "makemv [delim=<text> | tokenizer=<regex>] [allowempty=<bool>] <field>",
	.help = "cut a text into several values",
	.order = ROWS_EACH,
	.parse = makemv_parse,
	.uses = makemv_uses,
	.keeps = makemv_keeps,
	.row = makemv_row,
};
