/* SPDX-License-Identifier: GPL-3.0-or-later */
/* union: the rows of some searches, one behind the other. */
#include "config.h"

#include "rules/subsearch.h"

static bool
union_parse(struct scan *s, struct stage *stage)
{
	struct subsearches *subs = arena_new(s->c->keep, struct subsearches, 1);
	struct text         name, value;

	stage->args = subs;
	while (scan_option(s, &name, &value))
		if (!text_ieq(name, TEXT("maxtime")) && !text_ieq(name, TEXT("maxout")) &&
		    !text_ieq(name, TEXT("timeout")))
			return scan_bad_option(s, name);
	return subsearches_parse(s, stage->first ? 2 : 1, true, subs);
}

static void
union_uses(const struct stage *stage, struct uses *uses)
{
	(void)stage;
	(void)uses;
}

static void
union_columns(const struct stage *stage, struct columns *columns)
{
	(void)stage;
	columns->open = true;
}

static bool
union_generate(struct stage_run *sr)
{
	const struct subsearches *subs = sr->stage->args;

	for (size_t i = 0; i < subs->n && !sr->run->failed; i++)
		if (!pipeline_run(sr->run, &subs->items[i], subsearch_emit, sr))
			return false;
	return true;
}

static bool
union_row(struct stage_run *sr, struct row *row)
{
	return pipe_emit(sr, row);
}

static bool
union_finish(struct stage_run *sr)
{
	return sr->stage->first || union_generate(sr);
}

const struct pipe_command pipe_union = {
	.name = "union",
	.synopsis = "union [ <search> ] | datamodel:<model>.<data set> ...",
	.help = "the rows of some searches, one behind the other",
	.flags = PIPE_FIRST,
	.order = ROWS_ORDERED,
	.parse = union_parse,
	.uses = union_uses,
	.columns = union_columns,
	.generate = union_generate,
	.row = union_row,
	.finish = union_finish,
};
