/* SPDX-License-Identifier: GPL-3.0-or-later */
/* outlier: numbers far outside of the middle half of a field are cut, or their rows dropped. */
#include "config.h"

#include "rules/pipeline.h"
#include "rules/quoted.h"

struct outlier {
	double param; /* how many times the width of the middle half is still inside */
	bool   lower, mark, remove;
};

static bool
outlier_option(struct scan *s, struct outlier *o, struct text name, struct text value)
{
	if (text_ieq(name, TEXT("param")))
		return (text_to_double(value, &o->param) && o->param >= 0) ||
		       scan_fail(s, value.p, "param= needs a number that is not negative");
	if (text_ieq(name, TEXT("uselower")))
		return scan_to_bool(s, name, value, &o->lower);
	if (text_ieq(name, TEXT("mark")))
		return scan_to_bool(s, name, value, &o->mark);
	if (text_ieq(name, TEXT("type")))
		return text_ieq(value, TEXT("iqr")) || scan_fail(s, value.p, "type= is iqr");
	if (!text_ieq(name, TEXT("action")))
		return scan_bad_option(s, name);
	o->remove = text_ieq(value, TEXT("rm")) || text_ieq(value, TEXT("remove"));
	return o->remove || text_ieq(value, TEXT("tf")) || text_ieq(value, TEXT("transform")) ||
	       scan_fail(s, value.p, "action= is transform (tf) or remove (rm)");
}

/* What each field adds to the stages. */
struct parts {
	struct text edges, changes, inside, names;
};

/* What the field becomes where it lies beyond an edge, an expression. */
static struct text
beyond(const struct outlier *o, const char *edge, size_t i, struct arena *keep)
{
	return arena_printf(keep, "%s_outlier_%s_%zu", o->mark ? "\"000\"." : "", edge, i);
}

static void
add_removal(const struct outlier *o, struct text field, size_t i, struct parts *p,
	    struct arena *keep)
{
	struct text lower = TEXT("");

	if (o->lower)
		lower = arena_printf(keep, " AND '" TEXT_FMT "'>=_outlier_low_%zu",
				     TEXT_ARG(field), i);
	p->inside = arena_printf(keep,
				 TEXT_FMT "%s(NOT isnum('" TEXT_FMT "') OR ('" TEXT_FMT
					  "'<=_outlier_high_%zu" TEXT_FMT "))",
				 TEXT_ARG(p->inside), i ? " AND " : "", TEXT_ARG(field),
				 TEXT_ARG(field), i, TEXT_ARG(lower));
}

static void
add_cut(const struct outlier *o, struct text field, size_t i, struct parts *p, struct arena *keep)
{
	struct text high = beyond(o, "high", i, keep), low = beyond(o, "low", i, keep);
	struct text lower = TEXT("");

	if (o->lower)
		lower = arena_printf(keep, "'" TEXT_FMT "'<_outlier_low_%zu, " TEXT_FMT ", ",
				     TEXT_ARG(field), i, TEXT_ARG(low));
	p->changes = arena_printf(
	    keep,
	    TEXT_FMT ", '" TEXT_FMT "'=case(NOT isnum('" TEXT_FMT "'), '" TEXT_FMT "', '" TEXT_FMT
		     "'>_outlier_high_%zu, " TEXT_FMT ", " TEXT_FMT "true(), '" TEXT_FMT "')",
	    TEXT_ARG(p->changes), TEXT_ARG(field), TEXT_ARG(field), TEXT_ARG(field),
	    TEXT_ARG(field), i, TEXT_ARG(high), TEXT_ARG(lower), TEXT_ARG(field));
}

static void
add_field(const struct outlier *o, struct text field, size_t i, struct parts *p, struct arena *keep)
{
	struct text quoted = spl_quote(field, keep);

	p->edges = arena_printf(keep,
				TEXT_FMT " perc25(" TEXT_FMT ") as _outlier_low_%zu"
					 " perc75(" TEXT_FMT ") as _outlier_high_%zu",
				TEXT_ARG(p->edges), TEXT_ARG(quoted), i, TEXT_ARG(quoted), i);
	p->changes = arena_printf(
	    keep,
	    TEXT_FMT "%s _outlier_width_%zu=%.17g*(_outlier_high_%zu-_outlier_low_%zu),"
		     " _outlier_high_%zu=_outlier_high_%zu+_outlier_width_%zu,"
		     " _outlier_low_%zu=_outlier_low_%zu-_outlier_width_%zu",
	    TEXT_ARG(p->changes), i ? "," : "", i, o->param, i, i, i, i, i, i, i, i);
	p->names = arena_printf(keep,
				TEXT_FMT "%s _outlier_width_%zu, _outlier_high_%zu,"
					 " _outlier_low_%zu",
				TEXT_ARG(p->names), i ? "," : "", i, i, i);
	if (o->remove)
		add_removal(o, field, i, p, keep);
	else
		add_cut(o, field, i, p, keep);
}

static bool
outlier_rewrite(struct scan *s, struct text *out)
{
	struct outlier o = { .param = 2.5 };
	struct parts   parts = { TEXT(""), TEXT(""), TEXT(""), TEXT("") };
	struct arena  *keep = s->c->keep;
	struct text    name, value, *fields = NULL;
	size_t         n = 0, cap = 0;

	for (scan_commas(s); !scan_done(s); scan_commas(s)) {
		const char *at = s->at;

		if (scan_option(s, &name, &value)) {
			if (!outlier_option(s, &o, name, value))
				return false;
			continue;
		}
		if (!scan_name(s, &name, "a field name"))
			return false;
		if (text_find_byte(name, '*') != TEXT_NOWHERE || text_find_byte(name, '\'') != TEXT_NOWHERE)
			return scan_fail(s, at, "outlier needs the names of fields, without wildcards");
		arena_grow(keep, fields, n, &cap);
		fields[n++] = name;
	}
	if (n == 0)
		return scan_expected(s, "a field name");
	for (size_t i = 0; i < n; i++)
		add_field(&o, fields[i], i, &parts, keep);
	*out = arena_printf(keep,
			    "eventstats" TEXT_FMT " | eval" TEXT_FMT "%s" TEXT_FMT
			    " | fields -" TEXT_FMT,
			    TEXT_ARG(parts.edges), TEXT_ARG(parts.changes),
			    o.remove ? " | where " : "", TEXT_ARG(parts.inside),
			    TEXT_ARG(parts.names));
	return true;
}

const struct pipe_command pipe_outlier = {
	.name = "outlier",
	.synopsis = "outlier [action=transform|remove] [param=<n>] [uselower=<bool>] [mark=<bool>] "
		    "<field> ...",
	.help = "cut numbers that are far above the middle half of a field, or drop their rows",
	.rewrite = outlier_rewrite,
};
