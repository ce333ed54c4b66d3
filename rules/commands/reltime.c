/* SPDX-License-Identifier: GPL-3.0-or-later */
/* reltime: how long before the case clock, in words. */
#include "config.h"

#include "base/when.h"
#include "rules/pipeline.h"

struct reltime_args {
	struct column field;
	struct text   prefix;
};

static bool
reltime_parse(struct scan *s, struct stage *stage)
{
	struct reltime_args *args = arena_new(s->c->keep, struct reltime_args, 1);
	struct text          name, value;

	stage->args = args;
	args->field = compile_column(s->c, TEXT("_time"));
	args->prefix = TEXT("");
	while (scan_option(s, &name, &value))
		if (text_ieq(name, TEXT("timefield")))
			args->field = compile_column(s->c, value);
		else if (text_ieq(name, TEXT("prefix")))
			args->prefix = value;
		else
			return scan_bad_option(s, name);
	args->prefix = arena_join(s->c->keep, args->prefix, TEXT("reltime"));
	return true;
}

static void
reltime_uses(const struct stage *stage, struct uses *uses)
{
	const struct reltime_args *args = stage->args;

	uses_add(uses, args->field.name, USE_READS);
}

static void
reltime_columns(const struct stage *stage, struct columns *columns)
{
	const struct reltime_args *args = stage->args;

	columns_add(columns, args->prefix);
}

static struct text
in_words(int64_t before_s, struct arena *scratch)
{
	static const struct {
		const char *name;
		int64_t     length_s;
	} units[] = { { "year", 365 * 86400 }, { "month", 30 * 86400 }, { "day", 86400 },
		      { "hour", 3600 },        { "minute", 60 },	{ "second", 1 } };
	const char *when = before_s < 0 ? "from now" : "ago";
	int64_t     s = before_s < 0 ? -before_s : before_s;

	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		int64_t n = s / units[i].length_s;

		if (n)
			return arena_printf(scratch, "%lld %s%s %s", (long long)n, units[i].name,
					    n == 1 ? "" : "s", when);
	}
	return TEXT("now");
}

/* Whole seconds from NS to CLOCK_NS, which may be too far apart for nanoseconds. */
static int64_t
seconds_between(int64_t ns, int64_t clock_ns)
{
	int64_t s = clock_ns / WHEN_SECOND - ns / WHEN_SECOND;
	int64_t rest = clock_ns % WHEN_SECOND - ns % WHEN_SECOND;

	s += rest / WHEN_SECOND;
	rest %= WHEN_SECOND;
	return s > 0 && rest < 0 ? s - 1 : s < 0 && rest > 0 ? s + 1 : s;
}

static bool
reltime_row(struct stage_run *sr, struct row *row)
{
	const struct reltime_args *args = sr->stage->args;
	struct value               v = row_value(row, &args->field, sr->run->scratch);
	int64_t                    ns, before_s;

	v = value_first(&v);
	if (value_time(&v, &ns)) {
		before_s = seconds_between(ns, pipe_clock(sr->run));
		row_set(row, args->prefix,
			value_of_text(in_words(before_s, sr->run->scratch)), sr->run->scratch);
	}
	return pipe_emit(sr, row);
}

const struct pipe_command pipe_reltime = {
	.name = "reltime",
	.synopsis = "reltime [timefield=<field>] [prefix=<text>]",
	.help = "how long before the case clock, in words, in the field reltime",
	.order = ROWS_EACH,
	.parse = reltime_parse,
	.uses = reltime_uses,
	.columns = reltime_columns,
	.keeps = keeps_others,
	.row = reltime_row,
};
