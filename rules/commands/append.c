/* SPDX-License-Identifier: GPL-3.0-or-later */
/* append: the rows of a subsearch, behind the others. */
#include "config.h"

#include "rules/pipeline.h"
#include "rules/subsearch.h"

static bool
append_parse(struct scan *s, struct stage *stage)
{
	struct pipeline *sub = arena_new(s->c->keep, struct pipeline, 1);
	struct text      name, value;

	stage->args = sub;
	while (scan_option(s, &name, &value))
		if (!text_ieq(name, TEXT("extendtimerange")) && !text_ieq(name, TEXT("maxtime")) &&
		    !text_ieq(name, TEXT("maxout")) && !text_ieq(name, TEXT("timeout")))
			return scan_bad_option(s, name);
	return subsearch_parse(s, sub, true);
}

static void
append_uses(const struct stage *stage, struct uses *uses)
{
	(void)stage;
	(void)uses;
}

static void
append_columns(const struct stage *stage, struct columns *columns)
{
	(void)stage;
	columns->open = true;
}

static bool
append_row(struct stage_run *sr, struct row *row)
{
	return pipe_emit(sr, row);
}

static bool
append_finish(struct stage_run *sr)
{
	return pipeline_run(sr->run, sr->stage->args, subsearch_emit, sr);
}

const struct pipe_command pipe_append = {
	.name = "append",
	.synopsis = "append [ <search> ]",
	.help = "the rows of a subsearch, behind the others",
	.order = ROWS_ORDERED,
	.parse = append_parse,
	.uses = append_uses,
	.columns = append_columns,
	.row = append_row,
	.finish = append_finish,
};
