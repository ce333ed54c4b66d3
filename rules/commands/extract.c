/* SPDX-License-Identifier: GPL-3.0-or-later */
/* extract, or kv: fields out of pairs such as name=value in _raw. */
#include "config.h"

#include "rules/found_fields.h"
#include "rules/pipeline.h"

struct extract_args {
	struct column raw;
	struct text   pairs, values; /* characters that part pairs, and names from values */
	bool          every;         /* every value of a name, not the first */
};

static bool
extract_parse(struct scan *s, struct stage *stage)
{
	static const char *const limits[] = { "limit", "maxchars", "auto", "segment", "reload" };
	struct extract_args     *args = arena_new(s->c->keep, struct extract_args, 1);
	struct text              name, value;
	bool                     known, ignored;

	stage->args = args;
	args->raw = compile_column(s->c, TEXT("_raw"));
	args->pairs = TEXT(" ,;|&\t\r\n");
	args->values = TEXT("=");
	while (scan_option(s, &name, &value)) {
		known = text_ieq(name, TEXT("clean_keys"));
		for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++)
			known |= text_ieq(name, text_of(limits[i]));
		if (text_ieq(name, TEXT("pairdelim")))
			args->pairs = value;
		else if (text_ieq(name, TEXT("kvdelim")))
			args->values = value;
		else if (text_ieq(name, TEXT("mv_add")) ? !scan_to_bool(s, name, value, &args->every)
							: !known)
			return scan_bad_option(s, name);
		if (text_ieq(name, TEXT("clean_keys")) && !scan_to_bool(s, name, value, &ignored))
			return false;
	}
	if (!scan_done(s))
		return scan_fail(s, s->at, "extract by the settings of a Splunk server is not "
					   "supported: use pairdelim= and kvdelim=, or rex");
	return true;
}

static void
extract_uses(const struct stage *stage, struct uses *uses)
{
	const struct extract_args *args = stage->args;

	uses_add(uses, args->raw.name, USE_READS);
}

static void
extract_columns(const struct stage *stage, struct columns *columns)
{
	(void)stage;
	columns->open = true;
}

static bool
is_one_of(struct text set, char c)
{
	return text_find_byte(set, c) != TEXT_NOWHERE;
}

/* Up to a character of STOP outside double quotes; *REST is what follows it. */
static struct text
cut_at(struct text *rest, struct text stop)
{
	struct text whole = *rest;
	bool        quoted = false;
	size_t      i = 0;

	for (; i < whole.n && (quoted || !is_one_of(stop, whole.p[i])); i++)
		quoted ^= whole.p[i] == '"';
	*rest = text_from(whole, i < whole.n ? i + 1 : i);
	return text_head(whole, i);
}

static void
take_pair(const struct extract_args *args, const struct row *row, struct text pair,
	  struct found_fields *found)
{
	struct text value = pair, name = text_trim(cut_at(&value, args->values));

	value = text_trim(value);
	if (name.n == 0 || value.n == 0 || name.n == pair.n)
		return;
	if (value.n > 1 && value.p[0] == '"' && value.p[value.n - 1] == '"')
		value = (struct text){ value.p + 1, value.n - 2 };
	name = found_field_name(name, found->scratch);
	if (!args->every) {
		for (size_t i = 0; i < found->n; i++)
			if (text_eq(found->fields[i].name, name))
				return;
		if (row_get(row, name, found->scratch).kind != VALUE_NULL)
			return;
	}
	found_fields_add(found, name, value);
}

static bool
extract_row(struct stage_run *sr, struct row *row)
{
	const struct extract_args *args = sr->stage->args;
	struct arena              *scratch = sr->run->scratch;
	struct value               v = row_value(row, &args->raw, scratch);
	struct found_fields        found = { .scratch = scratch };
	struct text                rest = value_text(&v, '\n', scratch);

	while (v.kind != VALUE_NULL && rest.n)
		take_pair(args, row, cut_at(&rest, args->pairs), &found);
	found_fields_set(&found, row);
	return pipe_emit(sr, row);
}

const struct pipe_command pipe_extract = {
	.name = "extract",
	.synopsis = "extract [pairdelim=<characters>] [kvdelim=<characters>] [mv_add=<bool>]",
	.help = "fields out of pairs such as name=value in _raw; also called kv",
	.order = ROWS_EACH,
	.parse = extract_parse,
	.uses = extract_uses,
	.columns = extract_columns,
	.keeps = keeps_others,
	.row = extract_row,
};
