/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What changes no row: how Splunk shows them, where it computes, whom it tells (commands.def). */
#include "config.h"

#include "rules/pipeline.h"

static bool
ignored_parse(struct scan *s, struct stage *stage)
{
	(void)stage;
	s->at = s->end;
	return true;
}

static void
ignored_uses(const struct stage *stage, struct uses *uses)
{
	(void)stage;
	(void)uses;
}

static bool
ignored_row(struct stage_run *sr, struct row *row)
{
	return pipe_emit(sr, row);
}

const struct pipe_command pipe_ignored = {
	.name = "ignored",
	.synopsis = "",
	.help = "rows go through it as they are",
	.order = ROWS_EACH,
	.parse = ignored_parse,
	.uses = ignored_uses,
	.keeps = keeps_all,
	.row = ignored_row,
};
