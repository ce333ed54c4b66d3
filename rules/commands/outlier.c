/* SPDX-License-Identifier: GPL-3.0-or-later */
/* outlier: numbers far outside of the middle half of a field, cut to its edge or taken away. */
#include "config.h"

#include "rules/pipeline.h"

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

/* What the field becomes where it lies beyond the edge, an expression. */
static struct text
beyond(const struct outlier *o, const char *edge, struct arena *keep)
{
	if (o->remove)
		return TEXT("null()");
	return arena_printf(keep, o->mark ? "\"000\".%s" : "%s", edge);
}

static struct text
stages_of(const struct outlier *o, struct text field, struct arena *keep)
{
	struct text quoted = spl_quote(field, keep);
	struct text high = beyond(o, "_outlier_high", keep), low = beyond(o, "_outlier_low", keep);
	struct text lower = TEXT("");

	if (o->lower)
		lower = arena_printf(keep, "'" TEXT_FMT "'<_outlier_low, " TEXT_FMT ", ",
				     TEXT_ARG(field), TEXT_ARG(low));
	return arena_printf(
	    keep,
	    "eventstats perc25(" TEXT_FMT ") as _outlier_low perc75(" TEXT_FMT ") as _outlier_high"
	    " | eval _outlier_width=%.17g*(_outlier_high-_outlier_low),"
	    " _outlier_high=_outlier_high+_outlier_width, _outlier_low=_outlier_low-_outlier_width,"
	    " '" TEXT_FMT "'=case(NOT isnum('" TEXT_FMT "'), '" TEXT_FMT "', "
	    "'" TEXT_FMT "'>_outlier_high, " TEXT_FMT ", " TEXT_FMT "true(), '" TEXT_FMT "')"
	    " | fields - _outlier_width, _outlier_high, _outlier_low",
	    TEXT_ARG(quoted), TEXT_ARG(quoted), o->param, TEXT_ARG(field), TEXT_ARG(field),
	    TEXT_ARG(field), TEXT_ARG(field), TEXT_ARG(high), TEXT_ARG(lower), TEXT_ARG(field));
}

static bool
outlier_rewrite(struct scan *s, struct text *out)
{
	struct outlier o = { .param = 2.5 };
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
	*out = TEXT("");
	for (size_t i = 0; i < n; i++) {
		struct text one = stages_of(&o, fields[i], keep);

		*out = arena_printf(keep, TEXT_FMT "%s" TEXT_FMT, TEXT_ARG(*out), i ? " | " : "",
				    TEXT_ARG(one));
	}
	return true;
}

const struct pipe_command pipe_outlier = {
	.name = "outlier",
	.synopsis = "outlier [action=transform|remove] [param=<n>] [uselower=<bool>] [mark=<bool>] <field> ...",
	.help = "cut numbers to, or remove them, that are far above the middle half of a field",
	.rewrite = outlier_rewrite,
};
