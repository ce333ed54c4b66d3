/* SPDX-License-Identifier: GPL-3.0-or-later */
/* format: all rows as one search expression, in the field "search". */
#include "config.h"

#include "base/when.h"
#include "rules/rows_text.h"

static bool
format_parse(struct scan *s, struct stage *stage)
{
	struct text name, value;

	(void)stage;
	while (scan_option(s, &name, &value))
		if (!text_ieq(name, TEXT("maxresults")) && !text_ieq(name, TEXT("mvsep")))
			return scan_bad_option(s, name);
	return scan_done(s) || scan_fail(s, s->at, "format with words of its own is not supported");
}

static void
format_uses(const struct stage *stage, struct uses *uses)
{
	(void)stage;
	uses->all = true;
}

static void
format_columns(const struct stage *stage, struct columns *columns)
{
	(void)stage;
	columns_only(columns);
	columns_add(columns, TEXT("search"));
}

static bool
format_start(struct stage_run *sr)
{
	sr->state = arena_new(sr->run->keep, struct text, 1);
	return true;
}

static bool
format_row(struct stage_run *sr, struct row *row)
{
	struct text *all = sr->state, one = row_as_text(row, NULL, 0, sr->run->scratch);

	*all = arena_printf(sr->run->keep, TEXT_FMT "%s" TEXT_FMT, TEXT_ARG(*all), all->n ? " OR " : "",
			    TEXT_ARG(one));
	return pipe_check(sr->run);
}

static bool
format_finish(struct stage_run *sr)
{
	struct text *all = sr->state;

	return emit_search_text(sr, all->n ? arena_printf(sr->run->keep, "( " TEXT_FMT " )", TEXT_ARG(*all))
					   : TEXT("NOT ()"));
}

const struct pipe_command pipe_format = {
	.name = "format",
	.synopsis = "format",
	.help = "all rows as one search expression, in the field search",
	.flags = PIPE_ROWS,
	.order = ROWS_ORDERED,
	.parse = format_parse,
	.uses = format_uses,
	.columns = format_columns,
	.start = format_start,
	.row = format_row,
	.finish = format_finish,
};
