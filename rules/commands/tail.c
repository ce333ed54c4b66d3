/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tail: the last rows, in reverse order. */
#include "config.h"

#include "rules/sorted_rows.h"

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
	const uint64_t           *limit = sr->stage->args;
	const struct sorted_order order = { .compare = sorted_last_first, .limit = *limit };

	sr->state = sorted_rows_new(sr, &order);
	sr->enough = *limit == 0;
	return true;
}

static bool
tail_row(struct stage_run *sr, struct row *row)
{
	return sorted_rows_add(sr->state, row, NULL);
}

static bool
tail_finish(struct stage_run *sr)
{
	return sorted_rows_emit(sr->state, sr, NULL);
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
