/* SPDX-License-Identifier: GPL-3.0-or-later */
/* addinfo: the range and the time of the search, as fields. */
#include "config.h"

#include "base/when.h"
#include "rules/leaf.h"
#include "rules/pipeline.h"

static bool
addinfo_parse(struct scan *s, struct stage *stage)
{
	(void)s;
	(void)stage;
	return true;
}

static void
addinfo_columns(const struct stage *stage, struct columns *columns)
{
	(void)stage;
	columns_add(columns, TEXT("info_min_time"));
	columns_add(columns, TEXT("info_max_time"));
	columns_add(columns, TEXT("info_search_time"));
	columns_add(columns, TEXT("info_sid"));
}

static bool
addinfo_row(struct stage_run *sr, struct row *row)
{
	struct arena *scratch = sr->run->scratch;
	struct leaf   none = { 0 };
	struct span span = sr->run->search->n_leaves
			       ? leaf_range(sr->run, &sr->run->search->leaves[0])
			       : leaf_range(sr->run, &none);

	row_set(row, TEXT("info_min_time"),
		span.earliest_ns == WHEN_NONE ? value_of_number(0)
					      : value_of_time(span.earliest_ns),
		scratch);
	row_set(row, TEXT("info_max_time"),
		span.latest_ns == WHEN_MAX ? value_of_text(TEXT("+Infinity"))
					   : value_of_time(span.latest_ns),
		scratch);
	row_set(row, TEXT("info_search_time"), value_of_time(pipe_clock(sr->run)), scratch);
	row_set(row, TEXT("info_sid"), value_of_text(TEXT("auger")), scratch);
	return pipe_emit(sr, row);
}

const struct pipe_command pipe_addinfo = {
	.name = "addinfo",
	.synopsis = "addinfo",
	.help = "the range and the time of the search, as fields info_min_time, info_max_time ...",
	.order = ROWS_EACH,
	.parse = addinfo_parse,
	.columns = addinfo_columns,
	.keeps = keeps_others,
	.row = addinfo_row,
};
