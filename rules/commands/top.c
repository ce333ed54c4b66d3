/* SPDX-License-Identifier: GPL-3.0-or-later */
/* top: the most frequent values, with count and percent. */
#include "config.h"

#include "rules/most_frequent.h"

static bool
top_finish(struct stage_run *sr)
{
	return frequent_finish(sr, false);
}

const struct pipe_command pipe_top = {
	.name = "top",
	.synopsis = "top [<n>] <field> ... [by <field> ...] [limit=<n>] [showperc=<bool>]",
	.help = "the most frequent values, with count and percent",
	.flags = PIPE_ROWS,
	.order = ROWS_UNORDERED,
	.parse = frequent_parse,
	.uses = frequent_uses,
	.columns = frequent_columns,
	.start = frequent_start,
	.row = frequent_row,
	.finish = top_finish,
};
