/* SPDX-License-Identifier: GPL-3.0-or-later */
/* uniq: drops a row that is the same as the one before it. */
#include "config.h"

#include "rules/pipeline.h"

static bool
uniq_parse(struct scan *s, struct stage *stage)
{
	(void)s;
	(void)stage;
	return true;
}

static void
uniq_uses(const struct stage *stage, struct uses *uses)
{
	(void)stage;
	uses->all = true;
}

struct uniq_state {
	char  *last; /* fields and values of the row before */
	size_t n, cap;
	bool   any;
};

static bool
uniq_start(struct stage_run *sr)
{
	sr->state = arena_new(sr->run->keep, struct uniq_state, 1);
	return true;
}

/* "name\0value\0" of every field. */
static struct text
whole_row(const struct row *row, struct arena *scratch)
{
	struct text *names, *parts;
	size_t       n = row_names(row, scratch, &names), size = 0;
	char        *all, *p;

	parts = arena_new(scratch, struct text, n);
	for (size_t i = 0; i < n; i++) {
		parts[i] = row_text(row, names[i], '\n', scratch);
		size += names[i].n + parts[i].n + 2;
	}
	p = all = arena_new(scratch, char, size + 1);
	for (size_t i = 0; i < n; i++) {
		memcpy(p, names[i].p, names[i].n);
		p += names[i].n + 1;
		if (parts[i].n)
			memcpy(p, parts[i].p, parts[i].n);
		p += parts[i].n + 1;
	}
	return (struct text){ all, size };
}

static bool
uniq_row(struct stage_run *sr, struct row *row)
{
	struct uniq_state *state = sr->state;
	struct text        whole = whole_row(row, sr->run->scratch);

	if (state->any && text_eq((struct text){ state->last, state->n }, whole))
		return true;
	if (state->cap < whole.n) {
		state->cap = 2 * whole.n;
		state->last = arena_new(sr->run->keep, char, state->cap);
	}
	if (whole.n)
		memcpy(state->last, whole.p, whole.n);
	state->n = whole.n;
	state->any = true;
	return pipe_check(sr->run) && pipe_emit(sr, row);
}

const struct pipe_command pipe_uniq = {
	.name = "uniq",
	.synopsis = "uniq",
	.help = "drop a row that is the same as the one before it",
	.order = ROWS_ORDERED,
	.parse = uniq_parse,
	.uses = uniq_uses,
	.start = uniq_start,
	.row = uniq_row,
};
