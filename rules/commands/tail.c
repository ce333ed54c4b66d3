/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tail: the last rows, in reverse order. */
#include "config.h"

#include "rules/kept_rows.h"

static bool
tail_parse(struct scan *s, struct stage *stage)
{
	uint64_t   *limit = arena_new(s->c->keep, uint64_t, 1);
	struct text name = TEXT("limit"), value;

	stage->args = limit;
	*limit = 10;
	if (scan_done(s))
		return true;
	if (!scan_option(s, &name, &value))
		value = scan_run(s, "=,()\"");
	return scan_to_count(s, name, value, 0, limit);
}

static bool
tail_start(struct stage_run *sr)
{
	sr->state = arena_new(sr->run->keep, struct kept_rows, 1);
	return true;
}

static bool
tail_row(struct stage_run *sr, struct row *row)
{
	const uint64_t   *limit = sr->stage->args;
	struct kept_rows *kept = sr->state;

	if (!kept_add(sr, kept, row))
		return false;
	if (kept_full(kept, *limit))
		kept_cut(sr, kept, kept->n - *limit, *limit);
	return true;
}

static bool
tail_finish(struct stage_run *sr)
{
	const uint64_t   *limit = sr->stage->args;
	struct kept_rows *kept = sr->state, last = { 0 };

	last.n = kept->n < *limit ? kept->n : *limit;
	last.rows = arena_new(sr->run->keep, struct row *, last.n);
	for (size_t i = 0; i < last.n; i++)
		last.rows[i] = kept->rows[kept->n - 1 - i];
	return kept_emit(sr, &last);
}

const struct pipe_command pipe_tail = {
	.name = "tail",
	.synopsis = "tail [<n>]",
	.help = "the last 10 or n rows, last one first",
	.order = ROWS_ORDERED,
	.parse = tail_parse,
	.start = tail_start,
	.row = tail_row,
	.finish = tail_finish,
};
