/* SPDX-License-Identifier: GPL-3.0-or-later */
/* convert: fields from one way of writing them to another. */
#include "config.h"

#include "base/when.h"
#include "rules/foresight.h"
#include "rules/pipeline.h"
#include "rules/time_format.h"
#include "rules/wildcard.h"

struct conversion;

typedef struct value convert_fn(const struct value *v, struct text format, struct arena *keep);

struct conversion {
	convert_fn   *fn;
	struct column from, to;
	bool          wildcard;
};

struct convert_args {
	struct text        format;
	struct conversion *items;
	size_t             n;
};

static struct value
convert_ctime(const struct value *v, struct text format, struct arena *keep)
{
	int64_t ns;

	return value_time(v, &ns) ? value_of_text(time_format(ns, format, keep)) : *v;
}

static struct value
convert_mktime(const struct value *v, struct text format, struct arena *keep)
{
	int64_t ns;

	return time_parse(value_text(v, ' ', keep), format, &ns) ? value_of_time(ns) : *v;
}

/* "[D+]HH:MM:SS" in seconds. */
static struct value
convert_dur2sec(const struct value *v, struct text format, struct arena *keep)
{
	struct text t = value_text(v, ' ', keep), days = TEXT_NONE;
	double      seconds = 0, n = 0;

	(void)format;
	if (text_find_byte(t, '+') != TEXT_NOWHERE)
		days = text_cut(&t, '+');
	for (int parts = 0; !text_absent(t); parts++) {
		if (parts == 3 || !text_to_double(text_cut(&t, ':'), &n))
			return *v;
		seconds = seconds * 60 + n;
	}
	if (!text_absent(days) && !text_to_double(days, &n))
		return *v;
	return value_of_number(seconds + (text_absent(days) ? 0 : n * 86400));
}

/* "[MM:]SS.SSS" in seconds. */
static struct value
convert_mstime(const struct value *v, struct text format, struct arena *keep)
{
	return convert_dur2sec(v, format, keep);
}

/* "10k", "3m", "1g" in kilobytes. */
static struct value
convert_memk(const struct value *v, struct text format, struct arena *keep)
{
	struct text t = text_trim(value_text(v, ' ', keep));
	char        unit = t.n ? t.p[t.n - 1] | 0x20 : 'k';
	double      n, scale = unit == 'm' ? 1024 : unit == 'g' ? 1048576 : 1;

	(void)format;
	if (unit == 'k' || unit == 'm' || unit == 'g')
		t.n -= t.n > 0;
	return text_to_double(t, &n) ? value_of_number(n * scale) : *v;
}

static struct value
convert_rmcomma(const struct value *v, struct text format, struct arena *keep)
{
	struct text t = value_text(v, ' ', keep);
	char       *p = arena_new(keep, char, t.n + 1);
	size_t      n = 0;

	(void)format;
	for (size_t i = 0; i < t.n; i++)
		if (t.p[i] != ',')
			p[n++] = t.p[i];
	return value_of_text((struct text){ p, n });
}

/* The number that the text begins with. */
static struct value
convert_rmunit(const struct value *v, struct text format, struct arena *keep)
{
	struct text t = text_trim(value_text(v, ' ', keep));
	double      number;

	(void)format;
	for (size_t n = t.n < 40 ? t.n : 40; n > 0; n--)
		if (text_to_double(text_head(t, n), &number))
			return value_of_number(number);
	return *v;
}

static struct value
convert_num(const struct value *v, struct text format, struct arena *keep)
{
	struct value plain = convert_rmcomma(v, format, keep);
	double       n;

	return value_number(&plain, &n) ? value_of_number(n) : (struct value){ 0 };
}

static struct value
convert_auto(const struct value *v, struct text format, struct arena *keep)
{
	struct value plain = convert_num(v, format, keep);

	return plain.kind == VALUE_NULL ? *v : plain;
}

static struct value
convert_none(const struct value *v, struct text format, struct arena *keep)
{
	(void)format;
	(void)keep;
	return *v;
}

static const struct {
	const char *name;
	convert_fn *fn;
} conversions[] = {
    {"ctime", convert_ctime},	{"mktime", convert_mktime}, {"dur2sec", convert_dur2sec},
    {"mstime", convert_mstime}, {"memk", convert_memk},	    {"rmcomma", convert_rmcomma},
    {"rmunit", convert_rmunit}, {"num", convert_num},	    {"auto", convert_auto},
    {"none", convert_none},
};

static bool
conversion_parse(struct scan *s, struct conversion *c)
{
	const char *at;
	struct scan inner;
	struct text word, field, to;

	scan_blank(s);
	at = s->at;
	word = scan_run(s, ",()=|[]\"");
	for (size_t i = 0; i < sizeof(conversions) / sizeof(conversions[0]); i++)
		if (text_ieq(word, text_of(conversions[i].name)))
			c->fn = conversions[i].fn;
	if (!c->fn)
		return scan_fail(s, at,
				 "unknown conversion \"" TEXT_FMT "\": expected ctime mktime "
				 "dur2sec mstime memk rmcomma rmunit num auto none",
				 TEXT_ARG(text_head(word, 60)));
	if (!scan_parentheses(s, &inner) || !scan_name(&inner, &field, "a field name") ||
	    !scan_finish(&inner))
		return false;
	to = field;
	if (scan_keyword(s, "as") && !scan_name(s, &to, "the new name"))
		return false;
	c->from = compile_column(s->c, field);
	c->to = compile_column(s->c, to);
	c->wildcard = wildcard_stars(field) > 0;
	return true;
}

static bool
convert_parse(struct scan *s, struct stage *stage)
{
	struct convert_args *args = arena_new(s->c->keep, struct convert_args, 1);
	struct text          name, value;
	size_t               cap = 0;

	stage->args = args;
	args->format = TEXT("%m/%d/%Y %H:%M:%S");
	while (scan_option(s, &name, &value)) {
		if (!text_ieq(name, TEXT("timeformat")))
			return scan_bad_option(s, name);
		args->format = value;
	}
	do {
		scan_commas(s);
		arena_grow(s->c->keep, args->items, args->n, &cap);
		args->items[args->n] = (struct conversion){ 0 };
		if (!conversion_parse(s, &args->items[args->n++]))
			return false;
		scan_commas(s);
	} while (!scan_done(s));
	return true;
}

static void
convert_uses(const struct stage *stage, struct uses *uses)
{
	const struct convert_args *args = stage->args;

	for (size_t i = 0; i < args->n; i++) {
		uses->all |= args->items[i].wildcard;
		uses_add(uses, args->items[i].from.name, USE_READS);
	}
}

static void
convert_columns(const struct stage *stage, struct columns *columns)
{
	const struct convert_args *args = stage->args;

	for (size_t i = 0; i < args->n; i++)
		if (!args->items[i].wildcard)
			columns_add(columns, args->items[i].to.name);
}

static enum derives
convert_derives(const struct stage *stage, struct origins *o)
{
	const struct convert_args *args = stage->args;
	enum derives               known = DERIVES_OTHERS;

	for (size_t i = 0; i < args->n; i++) {
		struct text to = args->items[i].to.name;
		uint64_t    from = origins_get(o, args->items[i].from.name) | origins_get(o, to);

		from &= ~ORIGINS_SOLID;
		if (args->items[i].wildcard)
			return DERIVES_UNCLEAR;
		origins_set(o, to, from);
		if (!(from & ORIGINS_UNKNOWN))
			known = DERIVES_KNOWN;
	}
	return known;
}

static void
convert_field(struct row *row, const struct conversion *c, const struct column *from,
	      struct text to, struct text format, struct arena *keep)
{
	struct value        v = row_value(row, from, keep);
	const struct value *items;
	struct value       *out;
	size_t              n = value_items(&v, &items), n_out = 0;

	if (n == 0)
		return;
	out = arena_new(keep, struct value, n);
	for (size_t i = 0; i < n; i++) {
		out[n_out] = c->fn(&items[i], format, keep);
		n_out += out[n_out].kind != VALUE_NULL;
	}
	row_set(row, to, value_of_list(out, n_out), keep);
}

static bool
convert_row(struct stage_run *sr, struct row *row)
{
	const struct convert_args *args = sr->stage->args;
	struct arena              *keep = sr->run->scratch;

	for (size_t i = 0; i < args->n; i++) {
		const struct conversion *c = &args->items[i];
		struct text             *names, to;
		size_t                   n = c->wildcard ? row_names(row, keep, &names) : 0;

		if (!c->wildcard)
			convert_field(row, c, &c->from, c->to.name, args->format, keep);
		for (size_t k = 0; k < n; k++)
			if (wildcard_rename(c->from.name, c->to.name, names[k], keep, &to)) {
				struct column from = column_make(keep, names[k], row->model);

				convert_field(row, c, &from, to, args->format, keep);
			}
	}
	return pipe_emit(sr, row);
}

const struct pipe_command pipe_convert = {
	.name = "convert",
	.synopsis = "convert [timeformat=<format>] ctime(<field>) [as <name>] ...",
	.help = "epoch seconds to text and back, and numbers out of text",
	.order = ROWS_EACH,
	.parse = convert_parse,
	.uses = convert_uses,
	.columns = convert_columns,
	.derives = convert_derives,
	.keeps = keeps_rows,
	.row = convert_row,
};
