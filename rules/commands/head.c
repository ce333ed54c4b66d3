/* SPDX-License-Identifier: GPL-3.0-or-later */
/* head: the first rows, or those before an expression fails. */
#include "config.h"

#include "rules/expr.h"

struct head_args {
	uint64_t           limit;
	const struct expr *while_true;
	bool               keep_last, null_passes;
};

static bool
head_option(struct scan *s, struct head_args *args, struct text name, struct text value)
{
	if (text_ieq(name, TEXT("limit")))
		return scan_to_count(s, name, value, 0, &args->limit);
	if (text_ieq(name, TEXT("keeplast")))
		return scan_to_bool(s, name, value, &args->keep_last);
	if (text_ieq(name, TEXT("null")))
		return scan_to_bool(s, name, value, &args->null_passes);
	return scan_bad_option(s, name);
}

static bool
head_parse(struct scan *s, struct stage *stage)
{
	struct head_args *args = arena_new(s->c->keep, struct head_args, 1);
	struct text       name, value;
	struct scan       inner;

	stage->args = args;
	args->limit = 10;
	while (!scan_done(s)) {
		if (scan_option(s, &name, &value)) {
			if (!head_option(s, args, name, value))
				return false;
		} else if (scan_at(s, '(')) {
			struct expr *e;

			if (!scan_parentheses(s, &inner) || !expr_parse_condition(&inner, &e) ||
			    !scan_finish(&inner))
				return false;
			args->while_true = e;
			args->limit = UINT64_MAX;
		} else if (!scan_count(s, &args->limit)) {
			return scan_expected(s, "a number of rows, or an expression in ( )");
		}
	}
	return true;
}

static void
head_uses(const struct stage *stage, struct uses *uses)
{
	const struct head_args *args = stage->args;

	if (args->while_true)
		expr_uses(args->while_true, uses, USE_READS);
}

static bool
head_start(struct stage_run *sr)
{
	sr->state = arena_new(sr->run->keep, uint64_t, 1);
	return true;
}

static bool
head_row(struct stage_run *sr, struct row *row)
{
	const struct head_args *args = sr->stage->args;
	uint64_t               *seen = sr->state;
	struct eval             ev = { .run = sr->run, .row = row };

	if (*seen >= args->limit)
		return false;
	++*seen;
	if (args->while_true) {
		enum truth t = expr_truth(args->while_true, &ev);

		if (t == TRUTH_FALSE || (t == TRUTH_UNKNOWN && !args->null_passes)) {
			if (args->keep_last)
				pipe_emit(sr, row);
			return false;
		}
	}
	return pipe_emit(sr, row) && *seen < args->limit;
}

const struct pipe_command pipe_head = {
	.name = "head",
	.synopsis = "head [<n> | (<expression>)] [keeplast=<bool>] [null=<bool>]",
	.help = "the first 10 or n rows, or the rows before the expression fails",
	.flags = PIPE_SPLICES,
	.order = ROWS_ORDERED,
	.parse = head_parse,
	.uses = head_uses,
	.start = head_start,
	.row = head_row,
};
