/* SPDX-License-Identifier: GPL-3.0-or-later */
/* format: all rows as one search expression, in the field "search". */
#include "config.h"

#include "base/when.h"
#include "rules/rows_text.h"

struct format_args {
	struct row_words words;
	struct text      empty;
	uint64_t         limit; /* of rows; 0: all */
};

static bool
format_option(struct scan *s, struct format_args *args, struct text name, struct text value)
{
	if (text_ieq(name, TEXT("maxresults")))
		return scan_to_count(s, name, value, 0, &args->limit);
	if (text_ieq(name, TEXT("mvsep")))
		args->words.between_values = value;
	else if (text_ieq(name, TEXT("emptystr")))
		args->empty = value;
	else
		return scan_bad_option(s, name);
	return true;
}

static bool
format_parse(struct scan *s, struct stage *stage)
{
	struct format_args *args = arena_new(s->c->keep, struct format_args, 1);
	struct text        *words[] = { &args->words.open_all,     &args->words.open,
					&args->words.between,      &args->words.close,
					&args->words.between_rows, &args->words.close_all };
	struct text         name, value;
	size_t              n = 0;

	stage->args = args;
	args->words = row_words_usual();
	args->empty = TEXT("NOT ()");
	while (!scan_done(s))
		if (scan_option(s, &name, &value)) {
			if (!format_option(s, args, name, value))
				return false;
		} else if (n == 6 || !scan_string(s, words[n++])) {
			return scan_expected(s, "six words in quotes, or none");
		}
	return n == 0 || n == 6 || scan_expected(s, "six words in quotes");
}

static void
format_uses(const struct stage *stage, struct uses *uses)
{
	(void)stage;
	uses->all = true;
}

static void
format_columns(const struct stage *stage, struct columns *columns)
{
	(void)stage;
	columns_only(columns);
	columns_add(columns, TEXT("search"));
}

struct format_state {
	struct text *rows;
	size_t       n, cap, size;
};

static bool
format_start(struct stage_run *sr)
{
	sr->state = arena_new(sr->run->keep, struct format_state, 1);
	return true;
}

static bool
format_row(struct stage_run *sr, struct row *row)
{
	const struct format_args *args = sr->stage->args;
	struct format_state      *state = sr->state;
	struct arena             *keep = sr->run->keep;
	struct text one = row_as_text(row, NULL, 0, &args->words, sr->run->scratch);

	if (text_absent(one))
		return pipe_check(sr->run);
	if (args->limit && state->n == args->limit) {
		sr->enough = true;
		return false;
	}
	arena_grow(keep, state->rows, state->n, &state->cap);
	state->rows[state->n] = arena_copy(keep, one);
	state->size += state->rows[state->n++].n + args->words.between_rows.n + 2;
	return pipe_check(sr->run);
}

static char *
put(char *p, struct text t)
{
	memcpy(p, t.p, t.n);
	return p + t.n;
}

static bool
format_finish(struct stage_run *sr)
{
	const struct format_args *args = sr->stage->args;
	struct format_state      *state = sr->state;
	const struct row_words   *words = &args->words;
	size_t room = state->size + words->open_all.n + words->close_all.n + 2;
	char  *all = arena_new(sr->run->keep, char, room), *p = all;

	if (state->n == 0)
		return emit_search_text(sr, args->empty);
	if (words->open_all.n)
		p = put(put(p, words->open_all), TEXT(" "));
	for (size_t i = 0; i < state->n; i++) {
		if (i && words->between_rows.n)
			p = put(put(p, TEXT(" ")), words->between_rows);
		if (i)
			p = put(p, TEXT(" "));
		p = put(p, state->rows[i]);
	}
	if (words->close_all.n)
		p = put(put(p, TEXT(" ")), words->close_all);
	return pipe_check(sr->run) &&
	       emit_search_text(sr, (struct text){ all, (size_t)(p - all) });
}

const struct pipe_command pipe_format = {
	.name = "format",
	.synopsis = "format [maxresults=<n>] [\"(\" \"(\" \"AND\" \")\" \"OR\" \")\"]",
	.help = "all rows as one search expression, in the field search; the words may be others",
	.flags = PIPE_ROWS,
	.order = ROWS_ORDERED,
	.parse = format_parse,
	.uses = format_uses,
	.columns = format_columns,
	.start = format_start,
	.row = format_row,
	.finish = format_finish,
};
