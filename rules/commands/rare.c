/* SPDX-License-Identifier: GPL-3.0-or-later */
/* rare: the least frequent values, with count and percent. */
#include "config.h"

#include "rules/most_frequent.h"

static bool
rare_finish(struct stage_run *sr)
{
	return frequent_finish(sr, true);
}

const struct pipe_command pipe_rare = {
	.name = "rare",
	.synopsis = "rare [<n>] <field> ... [by <field> ...] [limit=<n>] [showperc=<bool>]",
	.help = "the least frequent values, with count and percent",
	.flags = PIPE_ROWS,
	.order = ROWS_UNORDERED,
	.parse = frequent_parse,
	.uses = frequent_uses,
	.columns = frequent_columns,
	.start = frequent_start,
	.row = frequent_row,
	.finish = rare_finish,
};
