/* SPDX-License-Identifier: GPL-3.0-or-later */
/* makeresults: rows that have only _time, to try expressions on. */
#include "config.h"

#include "base/when.h"
#include "rules/pipeline.h"

#define RESULTS_MAX 1000000

static bool
makeresults_parse(struct scan *s, struct stage *stage)
{
	uint64_t   *count = arena_new(s->c->keep, uint64_t, 1);
	struct leaf leaf = { 0 };
	struct text name, value;
	bool        ignored;

	stage->args = count;
	*count = 1;
	if (s->c->search->n_leaves == 0)
		leaf_add(s->c, &leaf);
	while (scan_option(s, &name, &value)) {
		if (text_ieq(name, TEXT("count"))) {
			if (!scan_to_count(s, name, value, 0, count))
				return false;
			if (*count > RESULTS_MAX)
				return scan_fail(s, value.p, "count= is at most %d", RESULTS_MAX);
		} else if (!text_ieq(name, TEXT("annotate"))) {
			return scan_bad_option(s, name);
		} else if (!scan_to_bool(s, name, value, &ignored)) {
			return false;
		}
	}
	return true;
}

static void
makeresults_columns(const struct stage *stage, struct columns *columns)
{
	(void)stage;
	columns_only(columns);
	columns_add(columns, TEXT("_time"));
}

static bool
makeresults_generate(struct stage_run *sr)
{
	const uint64_t *count = sr->stage->args;

	for (uint64_t i = 0; i < *count; i++) {
		char      *mark = pipe_mark(sr->run);
		struct row row = {
		    .time_ns = WHEN_NONE, .first_ns = WHEN_NONE, .last_ns = WHEN_NONE};
		bool       more;

		row_set(&row, TEXT("_time"), value_of_time(sr->run->clock_ns), sr->run->scratch);
		more = pipe_emit(sr, &row);
		pipe_release(sr->run, mark);
		if (!more)
			return false;
	}
	return true;
}

const struct pipe_command pipe_makeresults = {
	.name = "makeresults",
	.synopsis = "makeresults [count=<n>]",
	.help = "rows that have only _time, to try expressions on",
	.flags = PIPE_FIRST | PIPE_ONLY_FIRST | PIPE_ROWS,
	.order = ROWS_ORDERED,
	.parse = makeresults_parse,
	.columns = makeresults_columns,
	.generate = makeresults_generate,
};
