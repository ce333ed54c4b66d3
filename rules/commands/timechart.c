/* SPDX-License-Identifier: GPL-3.0-or-later */
/* timechart: aggregates over time, a row per span, a column per value of a field. */
#include "config.h"

#include "base/when.h"
#include "rules/pivot.h"

static const char *const behind_aggregates[] = { "by", NULL };

static bool
timechart_options(struct scan *s, struct pivot *p)
{
	struct text name, value;
	bool        taken, ignored;

	while (!scan_at_keyword(s, "agg") && scan_option(s, &name, &value)) {
		if (!pivot_option(s, p, name, value, &taken))
			return false;
		if (taken)
			continue;
		if (text_ieq(name, TEXT("span"))) {
			if (!timespan_parse(value, &p->span))
				return scan_fail(
				    s, value.p,
				    "expected a span such as 5m or 1h, found \"" TEXT_FMT "\"",
				    TEXT_ARG(value));
			p->auto_span = false;
		} else if (text_ieq(name, TEXT("bins"))) {
			if (!scan_to_count(s, name, value, 1, &p->bins))
				return false;
		} else if (text_ieq(name, TEXT("cont"))) {
			if (!scan_to_bool(s, name, value, &p->no_gaps))
				return false;
			p->no_gaps = !p->no_gaps;
		} else if (text_ieq(name, TEXT("partial")) || text_ieq(name, TEXT("fixedrange"))) {
			if (!scan_to_bool(s, name, value, &ignored))
				return false;
		} else {
			return scan_bad_option(s, name);
		}
	}
	return true;
}

static bool
timechart_parse(struct scan *s, struct stage *stage)
{
	struct pivot *p = arena_new(s->c->keep, struct pivot, 1);
	struct text   name;

	stage->args = p;
	pivot_defaults(p);
	p->is_time = p->auto_span = true;
	p->grouping.by = arena_new(s->c->keep, struct column, 2);
	p->grouping.by[p->grouping.n_by++] = compile_column(s->c, TEXT("_time"));
	if (!timechart_options(s, p) ||
	    !aggregates_parse(s, &p->grouping.aggregates, &p->grouping.n_aggregates,
			      behind_aggregates))
		return false;
	if (scan_keyword(s, "by")) {
		if (!scan_name(s, &name, "a field name"))
			return false;
		p->grouping.by[p->grouping.n_by++] = compile_column(s->c, name);
		p->has_columns = true;
	}
	if (!timechart_options(s, p) || !pivot_where(s, p) || !timechart_options(s, p))
		return false;
	for (size_t i = 0; i < p->grouping.n_aggregates; i++)
		if (p->grouping.aggregates[i].wildcard)
			return scan_fail(s, s->at,
					 "timechart takes no wildcards in its aggregates");
	/* Without a span rows are put by the second until it is known what fits. */
	p->grouping.spanned = true;
	p->grouping.span = p->auto_span ? (struct time_span){ UNIT_NS, WHEN_SECOND } : p->span;
	if (aggregates_unordered(p->grouping.aggregates, p->grouping.n_aggregates))
		stage->order = ROWS_UNORDERED;
	return true;
}

const struct pipe_command pipe_timechart = {
	.name = "timechart",
	.synopsis = "timechart [span=<span>] <aggregate>(<field>) ... [by <field>]",
	.help = "aggregates over time, a row per span, a column per value of a field",
	.flags = PIPE_ROWS | PIPE_SPLICES,
	.order = ROWS_ORDERED,
	.parse = timechart_parse,
	.uses = pivot_uses,
	.columns = pivot_columns,
	.start = pivot_start,
	.row = pivot_row,
	.finish = pivot_finish,
};
