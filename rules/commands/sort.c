/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sort: rows in the order of fields. */
#include "config.h"

#include "rules/kept_rows.h"
#include "rules/sorting.h"

#define SORT_DEFAULT_LIMIT 10000

struct sort_args {
	struct sort_key *keys;
	size_t           n;
	uint64_t         limit;  /* 0: none */
	bool             chosen; /* the limit was written in the search */
};

static bool
sort_parse(struct scan *s, struct stage *stage)
{
	struct sort_args *args = arena_new(s->c->keep, struct sort_args, 1);
	struct text       name, value;

	stage->args = args;
	args->limit = SORT_DEFAULT_LIMIT;
	if (scan_option(s, &name, &value)) {
		if (!text_ieq(name, TEXT("limit")))
			return scan_bad_option(s, name);
		args->chosen = true;
		if (!scan_to_count(s, name, value, 0, &args->limit))
			return false;
	} else {
		args->chosen = scan_count(s, &args->limit);
	}
	return sort_keys_parse(s, &args->keys, &args->n);
}

static void
sort_uses(const struct stage *stage, struct uses *uses)
{
	const struct sort_args *args = stage->args;

	for (size_t i = 0; i < args->n; i++)
		uses_add(uses, args->keys[i].column.name, USE_READS);
}

struct sort_state {
	struct kept_rows rows;
	uint64_t         seen;
	struct value    *last; /* keys of the last row that may stay; NULL: all may */
};

static bool
sort_start(struct stage_run *sr)
{
	sr->state = arena_new(sr->run->keep, struct sort_state, 1);
	return true;
}

/* Would so many be before it that it cannot stay? */
static bool
comes_too_late(struct stage_run *sr, const struct row *row)
{
	const struct sort_args  *args = sr->stage->args;
	const struct sort_state *state = sr->state;
	char                    *mark = pipe_mark(sr->run);
	bool                     late;

	if (!state->last)
		return false;
	late = sort_compare(sort_values(row, args->keys, args->n, sr->run->scratch), state->last,
			    args->keys, args->n) >= 0;
	pipe_release(sr->run, mark);
	return late;
}

static bool
sort_row(struct stage_run *sr, struct row *row)
{
	const struct sort_args *args = sr->stage->args;
	struct sort_state      *state = sr->state;
	struct kept_rows       *kept = &state->rows;

	state->seen++;
	if (comes_too_late(sr, row))
		return pipe_check(sr->run);
	if (!kept_add(sr, kept, row))
		return false;
	if (kept_full(kept, args->limit)) {
		sort_rows(kept->rows, kept->n, args->keys, args->n, *sr->run->scratch);
		kept_cut(sr, kept, 0, args->limit);
		state->last = sort_values(kept->rows[kept->n - 1], args->keys, args->n, kept->room);
	}
	return true;
}

static bool
sort_finish(struct stage_run *sr)
{
	const struct sort_args *args = sr->stage->args;
	struct sort_state      *state = sr->state;
	struct kept_rows       *kept = &state->rows;

	sort_rows(kept->rows, kept->n, args->keys, args->n, *sr->run->scratch);
	if (args->limit && state->seen > args->limit) {
		if (!args->chosen)
			pipe_warn(sr->run,
				  "sort keeps the first %d rows of %llu: write \"sort 0\" for all",
				  SORT_DEFAULT_LIMIT, (unsigned long long)state->seen);
		kept->n = args->limit;
	}
	return kept_emit(sr, kept);
}

const struct pipe_command pipe_sort = {
	.name = "sort",
	.synopsis = "sort [<limit>] [-|+]<field>, ...",
	.help = "order rows by fields; 10000 rows unless a limit is given, 0 for all",
	.flags = PIPE_SPLICES,
	.order = ROWS_ORDERED,
	.parse = sort_parse,
	.uses = sort_uses,
	.start = sort_start,
	.row = sort_row,
	.finish = sort_finish,
};
