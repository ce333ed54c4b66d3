/* SPDX-License-Identifier: GPL-3.0-or-later */
/* regex: rows in which a regular expression matches, or does not. */
#include "config.h"

#include "rules/regex.h"
#include "rules/pipeline.h"

struct regex_args {
	struct column       field;
	const struct regex *re;
	bool                negated;
};

static bool
regex_parse(struct scan *s, struct stage *stage)
{
	struct regex_args *args = arena_new(s->c->keep, struct regex_args, 1);
	struct scan        ahead;
	struct text        name = TEXT("_raw"), pattern;
	const char        *at;

	stage->args = args;
	scan_blank(s);
	ahead = *s;
	if (!scan_at(s, '"')) {
		name = scan_run(&ahead, "=!\"|");
		scan_blank(&ahead);
		args->negated =
		    ahead.at + 1 < ahead.end && ahead.at[0] == '!' && ahead.at[1] == '=';
		ahead.at += args->negated;
		if (name.n == 0 || !scan_take(&ahead, '='))
			return scan_expected(s, "field=\"<regular expression>\"");
		*s = ahead;
	}
	args->field = compile_column(s->c, name);
	scan_blank(s);
	at = s->at;
	if (scan_at(s, '"')
		? !scan_string(s, &pattern)
		: (pattern = scan_run(s, "|")).n == 0 && !scan_expected(s, "a regular expression"))
		return false;
	return compile_regex(s, at, pattern, &args->re);
}

static void
regex_uses(const struct stage *stage, struct uses *uses)
{
	const struct regex_args *args = stage->args;

	uses_add(uses, args->field.name, USE_READS);
}

static bool
regex_row(struct stage_run *sr, struct row *row)
{
	const struct regex_args *args = sr->stage->args;
	struct value             v = row_value(row, &args->field, sr->run->scratch);
	const struct value      *items;
	size_t                   n = value_items(&v, &items);
	struct regex_match       m;
	bool                     found = false;

	for (size_t i = 0; i < n && !found; i++) {
		enum regex_result r =
		    regex_find(args->re, value_text(&items[i], ' ', sr->run->scratch), 0,
			       sr->run->stats->gave_up, &m);

		if (r == REGEX_GAVE_UP)
			pipe_gave_up(sr->run, "regex");
		found = r == REGEX_YES;
	}
	return found == args->negated || pipe_emit(sr, row);
}

const struct pipe_command pipe_regex = {
	.name = "regex",
	.synopsis = "regex <field>=\"<regex>\" | <field>!=\"<regex>\"",
	.help = "keep the rows in which the regular expression matches somewhere, or does not",
	.flags = PIPE_FILTERS,
	.order = ROWS_EACH,
	.parse = regex_parse,
	.uses = regex_uses,
	.keeps = keeps_all,
	.row = regex_row,
};
