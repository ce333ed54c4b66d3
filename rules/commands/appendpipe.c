/* SPDX-License-Identifier: GPL-3.0-or-later */
/* appendpipe: what some stages make of the rows so far, behind them. */
#include "config.h"

#include "rules/sorted_rows.h"
#include "rules/subsearch.h"

static bool
appendpipe_parse(struct scan *s, struct stage *stage)
{
	struct pipeline *sub = arena_new(s->c->keep, struct pipeline, 1);
	struct text      name, value;
	bool             ignored;

	stage->args = sub;
	while (scan_option(s, &name, &value))
		if (!text_ieq(name, TEXT("run_in_preview")))
			return scan_bad_option(s, name);
		else if (!scan_to_bool(s, name, value, &ignored))
			return false;
	return subsearch_parse(s, sub, false);
}

static void
appendpipe_uses(const struct stage *stage, struct uses *uses)
{
	(void)stage;
	uses->all = true;
}

static void
appendpipe_columns(const struct stage *stage, struct columns *columns)
{
	(void)stage;
	columns->open = true;
}

static bool
appendpipe_start(struct stage_run *sr)
{
	const struct sorted_order as_they_come = { 0 };

	sr->state = sorted_rows_new(sr, &as_they_come);
	return true;
}

static bool
appendpipe_row(struct stage_run *sr, struct row *row)
{
	return sorted_rows_add(sr->state, row, NULL);
}

static bool
appendpipe_finish(struct stage_run *sr)
{
	return sorted_rows_emit(sr->state, sr, NULL) &&
	       pipeline_feed(sr->run, sr->stage->args, sr->state, subsearch_emit, sr);
}

const struct pipe_command pipe_appendpipe = {
	.name = "appendpipe",
	.synopsis = "appendpipe [ <stages> ]",
	.help = "what some stages make of the rows so far, behind them",
	.order = ROWS_ORDERED,
	.parse = appendpipe_parse,
	.uses = appendpipe_uses,
	.columns = appendpipe_columns,
	.start = appendpipe_start,
	.row = appendpipe_row,
	.finish = appendpipe_finish,
};
