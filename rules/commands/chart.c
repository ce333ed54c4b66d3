/* SPDX-License-Identifier: GPL-3.0-or-later */
/* chart: aggregates in rows by one field and columns by another. */
#include "config.h"

#include "rules/pivot.h"

static const char *const behind_aggregates[] = { "over", "by", NULL };

static bool
chart_options(struct scan *s, struct pivot *p)
{
	struct text name, value;
	bool        taken;

	while (!scan_at_keyword(s, "agg") && scan_option(s, &name, &value)) {
		if (!pivot_option(s, p, name, value, &taken))
			return false;
		if (taken)
			continue;
		if (!text_ieq(name, TEXT("span")))
			return scan_bad_option(s, name);
		if (!timespan_parse(value, &p->grouping.span))
			return scan_fail(s, value.p,
					 "expected a span such as 5m or 1h, found \"" TEXT_FMT "\"",
					 TEXT_ARG(value));
		p->grouping.spanned = true;
	}
	return true;
}

static bool
chart_field(struct scan *s, struct pivot *p)
{
	struct text name;

	if (p->grouping.n_by == 2)
		return scan_expected(s, "at most two fields");
	if (!scan_name(s, &name, "a field name"))
		return false;
	p->grouping.by[p->grouping.n_by++] = compile_column(s->c, name);
	return chart_options(s, p);
}

static bool
chart_parse(struct scan *s, struct stage *stage)
{
	struct pivot *p = arena_new(s->c->keep, struct pivot, 1);

	stage->args = p;
	pivot_defaults(p);
	p->grouping.by = arena_new(s->c->keep, struct column, 2);
	if (!chart_options(s, p) || !aggregates_parse(s, &p->grouping.aggregates,
						      &p->grouping.n_aggregates, behind_aggregates))
		return false;
	if (scan_keyword(s, "over") && !chart_field(s, p))
		return false;
	if (scan_keyword(s, "by"))
		for (scan_commas(s); !scan_done(s) && !scan_at_keyword(s, "where"); scan_commas(s))
			if (!chart_field(s, p))
				return false;
	if (!pivot_where(s, p) || !chart_options(s, p))
		return false;
	if (p->grouping.n_by == 0)
		return scan_expected(s, "\"by\" or \"over\" and a field name");
	for (size_t i = 0; i < p->grouping.n_aggregates; i++)
		if (p->grouping.aggregates[i].wildcard)
			return scan_fail(s, s->at, "chart takes no wildcards in its aggregates");
	p->has_columns = p->grouping.n_by == 2;
	if (aggregates_unordered(p->grouping.aggregates, p->grouping.n_aggregates))
		stage->order = ROWS_UNORDERED;
	return true;
}

const struct pipe_command pipe_chart = {
	.name = "chart",
	.synopsis = "chart <aggregate>(<field>) ... [over <field>] by <field> [<field>]",
	.help = "aggregates in rows by one field and columns by another",
	.flags = PIPE_ROWS | PIPE_SPLICES,
	.order = ROWS_ORDERED,
	.parse = chart_parse,
	.uses = pivot_uses,
	.columns = pivot_columns,
	.start = pivot_start,
	.row = pivot_row,
	.finish = pivot_finish,
};
