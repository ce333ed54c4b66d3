/* SPDX-License-Identifier: GPL-3.0-or-later */
/* appendcols: the fields of a subsearch's first row added to the first row, and so on. */
#include "config.h"

#include "base/when.h"
#include "rules/subsearch.h"

#define APPENDCOLS_ROWS_MAX 50000

struct appendcols_args {
	struct pipeline sub;
	bool            override;
};

static bool
appendcols_parse(struct scan *s, struct stage *stage)
{
	struct appendcols_args *args = arena_new(s->c->keep, struct appendcols_args, 1);
	struct text             name, value;

	stage->args = args;
	while (scan_option(s, &name, &value)) {
		if (text_ieq(name, TEXT("override"))) {
			if (!scan_to_bool(s, name, value, &args->override))
				return false;
		} else if (!text_ieq(name, TEXT("maxtime")) && !text_ieq(name, TEXT("maxout")) &&
			   !text_ieq(name, TEXT("timeout")) &&
			   !text_ieq(name, TEXT("extendtimerange"))) {
			return scan_bad_option(s, name);
		}
	}
	return subsearch_parse(s, &args->sub, true);
}

static void
appendcols_uses(const struct stage *stage, struct uses *uses)
{
	(void)stage;
	(void)uses;
}

static void
appendcols_columns(const struct stage *stage, struct columns *columns)
{
	(void)stage;
	columns->open = true;
}

struct appendcols_state {
	struct row **rows;
	size_t       n, at;
	bool         loaded;
};

static bool
appendcols_start(struct stage_run *sr)
{
	sr->state = arena_new(sr->run->keep, struct appendcols_state, 1);
	return true;
}

static bool
appendcols_load(struct stage_run *sr)
{
	const struct appendcols_args *args = sr->stage->args;
	struct appendcols_state      *state = sr->state;
	bool                          cut;

	if (state->loaded)
		return true;
	state->loaded = true;
	if (!pipeline_collect(sr->run, &args->sub, APPENDCOLS_ROWS_MAX, &state->rows, &state->n,
			      &cut))
		return false;
	if (cut)
		pipe_warn(sr->run,
			  "the subsearch of appendcols gave more than %d rows: only these are used",
			  APPENDCOLS_ROWS_MAX);
	return true;
}

static void
add_columns(const struct appendcols_args *args, struct row *row, const struct row *from,
	    struct arena *scratch)
{
	struct text *names;
	size_t       n = row_names(from, scratch, &names);

	for (size_t i = 0; i < n; i++) {
		struct value own = row_get(row, names[i], scratch);

		if (names[i].p[0] != '_' && (args->override || own.kind == VALUE_NULL))
			row_set(row, names[i], row_get(from, names[i], scratch), scratch);
	}
	row_add_events(row, from, scratch);
}

static bool
appendcols_row(struct stage_run *sr, struct row *row)
{
	struct appendcols_state *state = sr->state;

	if (!appendcols_load(sr))
		return false;
	if (state->at < state->n)
		add_columns(sr->stage->args, row, state->rows[state->at++], sr->run->scratch);
	return pipe_emit(sr, row);
}

static bool
appendcols_finish(struct stage_run *sr)
{
	struct appendcols_state *state = sr->state;

	if (!appendcols_load(sr))
		return false;
	while (state->at < state->n) {
		char      *mark = pipe_mark(sr->run);
		struct row row = { .time_ns = WHEN_NONE, .first_ns = WHEN_NONE, .last_ns = WHEN_NONE };
		bool       more;

		add_columns(sr->stage->args, &row, state->rows[state->at++], sr->run->scratch);
		more = pipe_emit(sr, &row);
		pipe_release(sr->run, mark);
		if (!more)
			return false;
	}
	return true;
}

const struct pipe_command pipe_appendcols = {
	.name = "appendcols",
	.synopsis = "appendcols [override=<bool>] [ <search> ]",
	.help = "the fields of a subsearch's rows, the first to the first row and so on",
	.order = ROWS_ORDERED,
	.parse = appendcols_parse,
	.uses = appendcols_uses,
	.columns = appendcols_columns,
	.start = appendcols_start,
	.row = appendcols_row,
	.finish = appendcols_finish,
};
