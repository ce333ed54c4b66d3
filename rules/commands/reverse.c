/* SPDX-License-Identifier: GPL-3.0-or-later */
/* reverse: rows in the opposite order. */
#include "config.h"

#include "rules/kept_rows.h"

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
	sr->state = arena_new(sr->run->keep, struct kept_rows, 1);
	return true;
}

static bool
reverse_row(struct stage_run *sr, struct row *row)
{
	return kept_add(sr, sr->state, row);
}

static bool
reverse_finish(struct stage_run *sr)
{
	struct kept_rows *kept = sr->state;

	for (size_t i = 0; i < kept->n / 2; i++) {
		struct row *row = kept->rows[i];

		kept->rows[i] = kept->rows[kept->n - 1 - i];
		kept->rows[kept->n - 1 - i] = row;
	}
	return kept_emit(sr, kept);
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
