/* SPDX-License-Identifier: GPL-3.0-or-later */
/* addcoltotals: the sum of each column, as a last row. */
#include "config.h"

#include "rules/totals.h"

static bool
addcoltotals_parse(struct scan *s, struct stage *stage)
{
	return totals_parse(s, stage, false, true);
}

const struct pipe_command pipe_addcoltotals = {
	.name = "addcoltotals",
	.synopsis = "addcoltotals [labelfield=<field>] [label=<text>] [<field> ...]",
	.help = "a last row with the sum of the numbers of each column",
	.order = ROWS_EACH,
	.parse = addcoltotals_parse,
	.uses = totals_uses,
	.columns = totals_columns,
	.repeats = totals_repeats,
	.start = totals_start,
	.keeps = totals_keeps,
	.row = totals_row,
	.finish = totals_finish,
};
