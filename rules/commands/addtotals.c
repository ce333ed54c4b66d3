/* SPDX-License-Identifier: GPL-3.0-or-later */
/* addtotals: the sum of the numbers of a row. */
#include "config.h"

#include "rules/totals.h"

static bool
addtotals_parse(struct scan *s, struct stage *stage)
{
	return totals_parse(s, stage, true, false);
}

const struct pipe_command pipe_addtotals = {
	.name = "addtotals",
	.synopsis = "addtotals [row=<bool>] [col=<bool>] [fieldname=<name>] [<field> ...]",
	.help = "the sum of the numbers of each row, or of each column",
	.order = ROWS_EACH,
	.parse = addtotals_parse,
	.uses = totals_uses,
	.columns = totals_columns,
	.repeats = totals_repeats,
	.start = totals_start,
	.keeps = totals_keeps,
	.row = totals_row,
	.finish = totals_finish,
};
