/* SPDX-License-Identifier: GPL-3.0-or-later */
/* format: all rows as one search expression, in the field "search". */
#include "config.h"

#include "base/when.h"
#include "rules/rows_text.h"

static bool
format_parse(struct scan *s, struct stage *stage)
{
	struct text name, value;

	(void)stage;
	while (scan_option(s, &name, &value))
		if (!text_ieq(name, TEXT("maxresults")) && !text_ieq(name, TEXT("mvsep")))
			return scan_bad_option(s, name);
	return scan_done(s) || scan_fail(s, s->at, "format with words of its own is not supported");
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
	struct format_state *state = sr->state;
	struct arena        *keep = sr->run->keep;

	arena_grow(keep, state->rows, state->n, &state->cap);
	state->rows[state->n] = arena_copy(keep, row_as_text(row, NULL, 0, sr->run->scratch));
	state->size += state->rows[state->n++].n + 4;
	return pipe_check(sr->run);
}

static bool
format_finish(struct stage_run *sr)
{
	struct format_state *state = sr->state;
	char                *p = arena_new(sr->run->keep, char, state->size + 5);
	size_t               n = 2;

	if (state->n == 0)
		return emit_search_text(sr, TEXT("NOT ()"));
	memcpy(p, "( ", 2);
	for (size_t i = 0; i < state->n; i++) {
		if (i) {
			memcpy(p + n, " OR ", 4);
			n += 4;
		}
		memcpy(p + n, state->rows[i].p, state->rows[i].n);
		n += state->rows[i].n;
	}
	memcpy(p + n, " )", 2);
	return pipe_check(sr->run) && emit_search_text(sr, (struct text){ p, n + 2 });
}

const struct pipe_command pipe_format = {
	.name = "format",
	.synopsis = "format",
	.help = "all rows as one search expression, in the field search",
	.flags = PIPE_ROWS,
	.order = ROWS_ORDERED,
	.parse = format_parse,
	.uses = format_uses,
	.columns = format_columns,
	.start = format_start,
	.row = format_row,
	.finish = format_finish,
};
