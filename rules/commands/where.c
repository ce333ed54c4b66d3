/* SPDX-License-Identifier: GPL-3.0-or-later */
/* where: rows for which an expression is true. */
#include "config.h"

#include "rules/expr.h"

static bool
where_parse(struct scan *s, struct stage *stage)
{
	struct expr *e;

	if (!expr_parse_condition(s, &e))
		return false;
	stage->args = e;
	return true;
}

static void
where_uses(const struct stage *stage, struct uses *uses)
{
	expr_uses(stage->args, uses, USE_GROUPS);
}

static bool
where_row(struct stage_run *sr, struct row *row)
{
	struct eval ev = { .run = sr->run, .row = row };

	if (expr_truth(sr->stage->args, &ev) != TRUTH_TRUE)
		return !sr->run->failed;
	return pipe_emit(sr, row);
}

const struct pipe_command pipe_where = {
	.name = "where",
	.synopsis = "where <expression>",
	.help = "keep the rows for which the expression is true (AND binds tighter than OR)",
	.flags = PIPE_FILTERS | PIPE_SPLICES,
	.order = ROWS_EACH,
	.parse = where_parse,
	.uses = where_uses,
	.keeps = keeps_all,
	.row = where_row,
};
