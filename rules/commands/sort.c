/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sort: rows in the order of fields. */
#include "config.h"

#include "rules/sorted_rows.h"
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
	struct sorted_rows *rows;
	uint64_t            seen;
};

static int
by_fields(const void *ctx, const struct sorted_row *a, const struct sorted_row *b)
{
	const struct sort_args *args = ctx;

	return sort_compare(a->keys, b->keys, args->keys, args->n);
}

static bool
sort_start(struct stage_run *sr)
{
	const struct sort_args   *args = sr->stage->args;
	const struct sorted_order order = { by_fields, args, args->n, args->limit };
	struct sort_state        *state = arena_new(sr->run->keep, struct sort_state, 1);

	sr->state = state;
	state->rows = sorted_rows_new(sr, &order);
	return true;
}

static bool
sort_row(struct stage_run *sr, struct row *row)
{
	const struct sort_args *args = sr->stage->args;
	struct sort_state      *state = sr->state;
	char                   *mark = pipe_mark(sr->run);
	bool                    good;

	state->seen++;
	good = sorted_rows_add(state->rows, row,
			       sort_values(row, args->keys, args->n, sr->run->scratch));
	pipe_release(sr->run, mark);
	return good;
}

static bool
sort_finish(struct stage_run *sr)
{
	const struct sort_args *args = sr->stage->args;
	struct sort_state      *state = sr->state;

	if (args->limit && !args->chosen && state->seen > args->limit)
		pipe_warn(sr->run, "sort keeps the first %d rows of %llu: write \"sort 0\" for all",
			  SORT_DEFAULT_LIMIT, (unsigned long long)state->seen);
	return sorted_rows_emit(state->rows, sr, NULL);
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
