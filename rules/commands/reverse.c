/* SPDX-License-Identifier: GPL-3.0-or-later */
/* reverse: rows in the opposite order. */
#include "config.h"

#include "rules/sorted_rows.h"

static bool
reverse_parse(struct scan *s, struct stage *stage)
{
	(void)s;
	(void)stage;
	return true;
}

static bool
reverse_start(struct stage_run *sr)
{
	const struct sorted_order order = { .compare = sorted_last_first };

	sr->state = sorted_rows_new(sr, &order);
	return true;
}

static bool
reverse_row(struct stage_run *sr, struct row *row)
{
	return sorted_rows_add(sr->state, row, NULL);
}

static bool
reverse_finish(struct stage_run *sr)
{
	return sorted_rows_emit(sr->state, sr, NULL);
}

const struct pipe_command pipe_reverse = {
	.name = "reverse",
	.synopsis = "reverse",
	.help = "rows in the opposite order",
	.order = ROWS_ORDERED,
	.parse = reverse_parse,
	.start = reverse_start,
	.row = reverse_row,
	.finish = reverse_finish,
};
