/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rules/splice.h"

#include "rules/functions.h"
#include "rules/quoted.h"
#include "rules/rows_text.h"
#include "rules/subsearch.h"

#define SUBSEARCH_ROWS_MAX 10000
#define GROUP_MAX          1000

struct splice {
	struct text     before; /* words of the command in front of it */
	struct pipeline pipeline;
	bool            text;  /* it ends with return or format, which give text */
	bool            value; /* that text is values, not conditions */
};

struct splice_args {
	struct text     name; /* of the command */
	struct splice  *splices;
	size_t          n, cap;
	struct text     behind; /* the last one */
	struct pipeline sample; /* the stage with something in place of what will be found */
	struct place    place;
};

/* --- reading --- */

/* Behind the single-quoted name at P, in which brackets are letters. */
static const char *
behind_name(const struct scan *s, const char *p)
{
	const char *close = memchr(p + 1, '\'', (size_t)(s->end - p - 1));

	return close ? close + 1 : p + 1;
}

/* The first bracket outside of strings and quoted names; NULL: there is none. */
static const char *
find_bracket(const struct scan *s)
{
	for (const char *p = s->at; p && p < s->end;
	     p = *p == '\'' ? behind_name(s, p) : scan_step(s, p))
		if (*p == '[')
			return p;
	return NULL;
}

bool
splice_needed(const struct scan *s)
{
	return find_bracket(s) != NULL;
}

static bool
splice_pipeline(struct scan *inner, struct splice *splice)
{
	struct compile    *c = inner->c;
	enum model         model = c->model;
	const struct stage *last;

	c->model = MODEL_NONE;
	if (!pipeline_parse(inner, &splice->pipeline, true))
		return false;
	c->model = model;
	last = &splice->pipeline.stages[splice->pipeline.n - 1];
	splice->value = last->command == command_find(TEXT("return"));
	splice->text = splice->value || last->command == command_find(TEXT("format"));
	splice->value &= text_find_byte(last->source, '$') != TEXT_NOWHERE;
	return true;
}

static bool
splice_read(struct scan *s, struct splice_args *args)
{
	struct compile *c = s->c;
	const char     *command = c->command, *open;

	while ((open = find_bracket(s)) != NULL) {
		struct splice splice = { .before = { s->at, (size_t)(open - s->at) } };
		struct scan   inner;

		s->at = open;
		if (!scan_brackets(s, &inner) || !splice_pipeline(&inner, &splice))
			return false;
		c->command = command;
		arena_grow(c->keep, args->splices, args->n, &args->cap);
		args->splices[args->n++] = splice;
	}
	args->behind = (struct text){ s->at, (size_t)(s->end - s->at) };
	s->at = s->end;
	return true;
}

/* The text of the stage; FOUND NULL: with something of the right kind in place of each. */
static struct text
whole_text(const struct splice_args *args, const struct text *found, struct arena *keep)
{
	struct text all = args->name;

	for (size_t i = 0; i < args->n; i++)
		all = arena_printf(keep, TEXT_FMT " " TEXT_FMT " " TEXT_FMT, TEXT_ARG(all),
				   TEXT_ARG(args->splices[i].before),
				   TEXT_ARG(found		    ? found[i]
					    : args->splices[i].value ? TEXT("1")
								     : TEXT("(1=1)")));
	return arena_printf(keep, TEXT_FMT " " TEXT_FMT, TEXT_ARG(all), TEXT_ARG(args->behind));
}

/* --- what was found --- */

/* "a", "b", 3: nothing but literals; one of them, unless there may be SEVERAL. */
static bool
is_literal_list(struct text t, bool several)
{
	bool wanted = true;

	for (t = text_trim(t); t.n; t = text_trim(t)) {
		size_t end = t.p[0] == '"' ? quoted_end(t, 0) : 0;
		double number;

		if (!wanted) {
			if (t.p[0] != ',' || !several)
				return false;
			end = 1;
		} else if (t.p[0] != '"') {
			while (end < t.n && t.p[end] != ',' && t.p[end] != ' ')
				end++;
			if (!text_to_double(text_head(t, end), &number))
				return false;
		}
		if (end == TEXT_NOWHERE || end == 0)
			return false;
		t = text_from(t, end);
		wanted = !wanted;
	}
	return !wanted;
}

/* IN ( and f(x, may go on with several values. */
static bool
takes_several(struct text before)
{
	before = text_trim(before);
	return before.n > 0 && memchr("(,", before.p[before.n - 1], 2);
}

/* '( "a" ) OR ( "b" )', as return has it, becomes '"a","b"'. */
static struct text
values_text(struct compile *c, struct text t, bool several)
{
	struct scan        s = { .c = c, .at = t.p, .end = t.p + t.n };
	struct json_pieces pieces = { .scratch = c->keep };
	struct text        value;

	while (!scan_done(&s)) {
		if (scan_take(&s, '(') || scan_take(&s, ')') || scan_keyword(&s, "or"))
			continue;
		if (!scan_at(&s, '"') || !scan_string(&s, &value))
			return t;
		if (!is_literal_list(value, several))
			value = spl_quote(value, c->keep);
		if (pieces.n)
			json_put(&pieces, TEXT(","));
		json_put(&pieces, value);
	}
	return pieces.n ? json_whole(&pieces) : t;
}

/* ( ( a="x" AND b="y" ) OR ( ... ) ), in groups, because chains of operators have a limit. Absent:
 * no row has a field. */
static struct text
rows_text(struct row *const *rows, size_t n, struct arena *keep)
{
	struct row_words       words = row_words_usual();
	struct json_pieces     pieces = { .scratch = keep };
	size_t                 used = 0;

	words.expression = true;
	json_put(&pieces, TEXT("(("));
	for (size_t i = 0; i < n; i++) {
		struct text one = row_as_text(rows[i], NULL, 0, &words, keep);

		if (text_absent(one))
			continue;
		if (used)
			json_put(&pieces, used % GROUP_MAX ? TEXT(" OR ") : TEXT(") OR ("));
		json_put(&pieces, one);
		used++;
	}
	json_put(&pieces, TEXT("))"));
	return used ? json_whole(&pieces) : TEXT_NONE;
}

/* What one of them found, as text. Nothing: a value that is null, a condition that is false. */
static bool
splice_find(struct run *run, struct compile *c, const struct splice *splice, struct text *out)
{
	struct row **rows;
	struct text  text = TEXT_NONE;
	size_t       n;
	bool         cut;

	if (!pipeline_collect(run, &splice->pipeline, splice->text ? 1 : SUBSEARCH_ROWS_MAX, &rows, &n,
			      &cut))
		return false;
	if (cut)
		pipe_warn(run, "a subsearch gave more than %d rows: only these are used",
			  SUBSEARCH_ROWS_MAX);
	if (n)
		text = splice->text ? row_text(rows[0], TEXT("search"), ' ', run->keep)
				    : rows_text(rows, n, run->keep);
	if (text_absent(text) || text_eq(text, TEXT("NOT ()")))
		*out = splice->value ? TEXT("null()") : TEXT("(1=0)");
	else
		*out = splice->value ? values_text(c, text, takes_several(splice->before)) : text;
	return true;
}

/* --- running --- */

struct splice_state {
	struct run        run;
	struct stage_run *stage; /* that its text became */
};

static bool
splice_start(struct stage_run *sr)
{
	const struct splice_args *args = sr->stage->args;
	struct run               *run = sr->run;
	struct splice_state      *state = arena_new(run->keep, struct splice_state, 1);
	struct text              *found = arena_new(run->keep, struct text, args->n);
	struct search            *search = arena_new(run->keep, struct search, 1);
	struct pipeline          *p = arena_new(run->keep, struct pipeline, 1);
	struct text               text;
	struct compile c = { .keep = run->keep, .search = search, .env = &run->search->env,
			     .model = sr->stage->model, .depth = sr->depth + 1, .err = run->err };

	sr->state = state;
	search->keep = run->keep;
	search->env = run->search->env;
	c.expansion = &search->expansion;
	for (size_t i = 0; i < args->n; i++)
		if (!splice_find(run, &c, &args->splices[i], &found[i]))
			return false;
	text = whole_text(args, found, run->keep);
	if (text.n > EXPANSION_MAX)
		return pipe_fail(run, ERR_LIMIT, "what the subsearch in " TEXT_FMT " found is longer than "
				 "1 MiB of text: let it give fewer or shorter values",
				 TEXT_ARG(args->name));
	if (!pipeline_parse_text(&c, text, args->place, p, false)) {
		run->failed = true;
		return false;
	}
	state->run = *run;
	state->stage = stages_start(&state->run, p, subsearch_emit, sr);
	run->failed |= state->run.failed;
	return state->stage && !run->failed;
}

static bool
splice_row(struct stage_run *sr, struct row *row)
{
	struct splice_state *state = sr->state;
	bool more = state->stage->stage->command->row(state->stage, row);

	sr->run->failed |= state->run.failed;
	return more && !sr->run->failed;
}

static bool
splice_finish(struct stage_run *sr)
{
	struct splice_state *state = sr->state;

	if (state->stage && state->stage->stage->command->finish)
		state->stage->stage->command->finish(state->stage);
	sr->run->failed |= state->run.failed;
	return !sr->run->failed;
}

static void
splice_uses(const struct stage *stage, struct uses *uses)
{
	const struct splice_args *args = stage->args;
	const struct stage       *sample = &args->sample.stages[0];

	/* Conditions may name any field. */
	uses->all = true;
	if (sample->command->uses)
		sample->command->uses(sample, uses);
}

static void
splice_columns(const struct stage *stage, struct columns *columns)
{
	const struct splice_args *args = stage->args;
	const struct stage       *sample = &args->sample.stages[0];

	if (sample->command->columns)
		sample->command->columns(sample, columns);
}

bool
splice_parse(struct scan *s, struct stage *stage, const struct pipe_command *command)
{
	struct compile      *c = s->c;
	struct splice_args  *args = arena_new(c->keep, struct splice_args, 1);
	struct pipe_command *own = arena_new(c->keep, struct pipe_command, 1);
	enum model           model = c->model;
	unsigned             depth = c->depth;

	stage->args = args;
	c->search->makes_text = true;
	args->name = text_of(command->name);
	args->place = expansion_place(c->expansion, (size_t)(s->at - c->expansion->text.p));
	if (!splice_read(s, args) ||
	    !pipeline_parse_text(c, whole_text(args, NULL, c->keep), args->place, &args->sample, false))
		return false;
	c->model = model;
	c->depth = depth;
	c->command = command->name;
	stage->order = args->sample.stages[0].order;
	*own = (struct pipe_command){
		.name = command->name,
		.synopsis = command->synopsis,
		.help = command->help,
		.flags = command->flags & PIPE_ROWS,
		.order = command->order,
		.uses = splice_uses,
		.columns = splice_columns,
		.start = splice_start,
		.row = splice_row,
		.finish = splice_finish,
	};
	stage->command = own;
	return true;
}
