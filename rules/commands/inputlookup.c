/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inputlookup: the rows of a table. */
#include "config.h"

#include "base/when.h"
#include "rules/lookups.h"
#include "rules/search_expr.h"

struct inputlookup_args {
	const struct lookup *table;
	struct search_expr   where;
	uint64_t             start, max; /* max 0: all */
};

static bool
inputlookup_option(struct scan *s, struct inputlookup_args *args, struct text name,
		   struct text value)
{
	bool ignored;

	if (text_ieq(name, TEXT("start")))
		return scan_to_count(s, name, value, 0, &args->start);
	if (text_ieq(name, TEXT("max")))
		return scan_to_count(s, name, value, 1, &args->max);
	if (text_ieq(name, TEXT("append")) || text_ieq(name, TEXT("strict")))
		return scan_to_bool(s, name, value, &ignored);
	return scan_bad_option(s, name);
}

static bool
inputlookup_parse(struct scan *s, struct stage *stage)
{
	struct inputlookup_args *args = arena_new(s->c->keep, struct inputlookup_args, 1);
	struct leaf              leaf = { 0 };
	struct text              name, value;
	const char              *at;

	stage->args = args;
	/* Leaf 0 is the main search, whatever it reads. */
	if (s->c->search->n_leaves == 0)
		leaf_add(s->c, &leaf);
	while (scan_option(s, &name, &value))
		if (!inputlookup_option(s, args, name, value))
			return false;
	scan_blank(s);
	at = s->at;
	if (!compile_lookup(s, &name, &args->table))
		return false;
	if (!args->table)
		return scan_fail(s, at,
				 "lookup \"" TEXT_FMT
				 "\" is not loaded: its definition belongs in a folder lookups beside "
				 "the rules, which this set of rules does not have",
				 TEXT_ARG(text_head(name, 80)));
	if (args->table->is_empty_store)
		compile_reserve(s->c,
				"lookup \"" TEXT_FMT
				"\" is a store of earlier results, which a case "
				"does not have: it has no rows",
				TEXT_ARG(name));
	while (scan_option(s, &name, &value))
		if (!inputlookup_option(s, args, name, value))
			return false;
	args->where.pred = pred_true();
	return !scan_keyword(s, "where") || search_expr_parse(s, &args->where, NULL);
}

static void
inputlookup_columns(const struct stage *stage, struct columns *columns)
{
	const struct inputlookup_args *args = stage->args;

	if (stage->first)
		columns_only(columns);
	for (uint32_t i = 0; i < args->table->n_columns; i++)
		columns_add(columns, args->table->columns[i]);
}

static bool
emit_table(struct stage_run *sr)
{
	const struct inputlookup_args *args = sr->stage->args;
	const struct lookup           *t = args->table;
	const struct pred             *pred;
	uint64_t                       n = 0;

	if (!search_expr_resolve(sr->run, &args->where, &pred))
		return false;
	for (size_t i = args->start; i < t->n_rows && (args->max == 0 || n < args->max); i++) {
		char      *mark = pipe_mark(sr->run);
		struct row row = {
		    .time_ns = WHEN_NONE, .first_ns = WHEN_NONE, .last_ns = WHEN_NONE};
		bool       more = true;

		for (uint32_t k = 0; k < t->n_columns; k++) {
			struct text cell = t->cells[i * t->n_columns + k];

			if (cell.n)
				row_set(&row, t->columns[k], value_of_text(cell), sr->run->scratch);
		}
		if (row_matches(&row, pred, sr->run->scratch)) {
			n++;
			more = pipe_emit(sr, &row);
		}
		pipe_release(sr->run, mark);
		if (!more)
			return false;
	}
	return true;
}

static bool
inputlookup_row(struct stage_run *sr, struct row *row)
{
	return pipe_emit(sr, row);
}

/* Behind other rows (append=t) the table follows them. */
static bool
inputlookup_finish(struct stage_run *sr)
{
	return sr->stage->first || emit_table(sr);
}

const struct pipe_command pipe_inputlookup = {
	.name = "inputlookup",
	.synopsis = "inputlookup [append=t] <table> [where <search expression>]",
	.help = "the rows of a CSV table",
	.flags = PIPE_FIRST,
	.order = ROWS_ORDERED,
	.parse = inputlookup_parse,
	.columns = inputlookup_columns,
	.generate = emit_table,
	.row = inputlookup_row,
	.finish = inputlookup_finish,
};
