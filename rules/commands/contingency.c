/* SPDX-License-Identifier: GPL-3.0-or-later */
/* contingency: how often the values of two fields come together, with totals. */
#include "config.h"

#include "rules/pipeline.h"
#include "rules/quoted.h"

struct contingency {
	uint64_t    max_rows, max_columns; /* 0: all */
	bool        total;
	struct text total_name;
};

static bool
contingency_option(struct scan *s, struct contingency *k, struct text name, struct text value)
{
	double ignored;

	if (text_ieq(name, TEXT("maxrows")))
		return scan_to_count(s, name, value, 0, &k->max_rows);
	if (text_ieq(name, TEXT("maxcols")))
		return scan_to_count(s, name, value, 0, &k->max_columns);
	if (text_ieq(name, TEXT("usetotal")))
		return scan_to_bool(s, name, value, &k->total);
	if (text_ieq(name, TEXT("totalstr"))) {
		k->total_name = value;
		return true;
	}
	if (!text_ieq(name, TEXT("mincolcover")) && !text_ieq(name, TEXT("minrowcover")))
		return scan_bad_option(s, name);
	if (!text_to_double(value, &ignored))
		return scan_fail(s, value.p, TEXT_FMT "= needs a number", TEXT_ARG(name));
	compile_reserve(s->c, "contingency ignores " TEXT_FMT "=", TEXT_ARG(name));
	return true;
}

static bool
contingency_rewrite(struct scan *s, struct text *out)
{
	struct contingency k = { .total = true, .total_name = TEXT("TOTAL") };
	struct arena      *keep = s->c->keep;
	struct text        fields[2], name, value, label, row, column;
	size_t             n = 0;

	for (scan_commas(s); !scan_done(s); scan_commas(s))
		if (scan_option(s, &name, &value)) {
			if (!contingency_option(s, &k, name, value))
				return false;
		} else if (n == 2 || !scan_name(s, &fields[n++], "a field name")) {
			return scan_expected(s, "two field names");
		}
	if (n < 2)
		return scan_expected(s, "two field names");
	row = spl_quote(fields[0], keep);
	column = spl_quote(fields[1], keep);
	label = spl_quote(k.total_name, keep);
	*out = arena_printf(keep, "chart limit=%llu count over " TEXT_FMT " by " TEXT_FMT,
			    (unsigned long long)k.max_columns, TEXT_ARG(row), TEXT_ARG(column));
	if (k.max_rows)
		*out = arena_printf(keep, TEXT_FMT " | head %llu", TEXT_ARG(*out),
				    (unsigned long long)k.max_rows);
	if (k.total)
		*out = arena_printf(keep, TEXT_FMT " | addtotals row=t col=t fieldname=" TEXT_FMT
				    " labelfield=" TEXT_FMT " label=" TEXT_FMT, TEXT_ARG(*out),
				    TEXT_ARG(label), TEXT_ARG(row), TEXT_ARG(label));
	return true;
}

const struct pipe_command pipe_contingency = {
	.name = "contingency",
	.synopsis = "contingency [maxrows=<n>] [maxcols=<n>] [usetotal=<bool>] <field> <field>",
	.help = "how often the values of two fields come together, with totals",
	.flags = PIPE_ROWS,
	.rewrite = contingency_rewrite,
};
