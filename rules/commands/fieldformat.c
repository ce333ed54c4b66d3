/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fieldformat: how Splunk shows a field; rows keep their values. */
#include "config.h"

#include "rules/expr.h"

static bool
fieldformat_parse(struct scan *s, struct stage *stage)
{
	struct text  name;
	struct expr *e;

	(void)stage;
	if (!scan_name(s, &name, "a field name"))
		return false;
	if (!scan_take(s, '='))
		return scan_expected(s, "\"=\" and an expression");
	return expr_parse_value(s, &e);
}

static bool
fieldformat_row(struct stage_run *sr, struct row *row)
{
	return pipe_emit(sr, row);
}

static void
fieldformat_uses(const struct stage *stage, struct uses *uses)
{
	(void)stage;
	(void)uses;
}

const struct pipe_command pipe_fieldformat = {
	.name = "fieldformat",
	.synopsis = "fieldformat <field>=<expression>",
	.help = "accepted: it is about how Splunk shows a field, rows keep their values",
	.flags = PIPE_SPLICES,
	.order = ROWS_EACH,
	.parse = fieldformat_parse,
	.uses = fieldformat_uses,
	.keeps = keeps_all,
	.row = fieldformat_row,
};
