/* SPDX-License-Identifier: GPL-3.0-or-later */
/* xmlkv: fields out of XML elements that hold only text, wherever they stand in a text. */
#include "config.h"

#include "base/ascii.h"
#include "rules/document.h"
#include "rules/found_fields.h"
#include "rules/pipeline.h"

static bool
xmlkv_parse(struct scan *s, struct stage *stage)
{
	struct column *field = arena_new(s->c->keep, struct column, 1);
	struct text    name = TEXT("_raw"), option, value;

	stage->args = field;
	while (!scan_done(s))
		if (scan_option(s, &option, &value)) {
			if (!text_ieq(option, TEXT("maxinputs")))
				return scan_bad_option(s, option);
		} else if (!scan_name(s, &name, "a field name")) {
			return false;
		}
	*field = compile_column(s->c, name);
	return true;
}

static void
xmlkv_uses(const struct stage *stage, struct uses *uses)
{
	const struct column *field = stage->args;

	uses_add(uses, field->name, USE_READS);
}

static void
xmlkv_columns(const struct stage *stage, struct columns *columns)
{
	(void)stage;
	columns->open = true;
}

static bool
is_name_char(char c)
{
	return ascii_alnum(c) || c == '_' || c == '-' || c == '.' || c == ':';
}

/* "<name ...>text</name>" at the '<' of T: its name and text. */
static bool
element_at(struct text t, struct text *name, struct text *value)
{
	size_t i = 1, end, close;

	while (i < t.n && is_name_char(t.p[i]))
		i++;
	*name = (struct text){ t.p + 1, i - 1 };
	end = name->n ? text_find_byte(t, '>') : TEXT_NOWHERE;
	if (end == TEXT_NOWHERE || t.p[end - 1] == '/')
		return false;
	*value = text_from(t, end + 1);
	close = text_find_byte(*value, '<');
	if (close == TEXT_NOWHERE)
		return false;
	t = text_from(*value, close);
	*value = text_head(*value, close);
	return t.n > name->n + 2 && t.p[1] == '/' && memcmp(t.p + 2, name->p, name->n) == 0 &&
	       t.p[2 + name->n] == '>';
}

static void
take_scalar(void *ctx, struct text path, struct text value)
{
	struct text *out = ctx;

	(void)path;
	*out = value;
}

/* Entities of the text, resolved. */
static struct text
plain(struct text t, struct arena *scratch)
{
	struct text wrapped, out = t;
	struct doc *d;

	if (text_find_byte(t, '&') == TEXT_NOWHERE)
		return t;
	wrapped = arena_printf(scratch, "<t>" TEXT_FMT "</t>", TEXT_ARG(t));
	d = doc_read(wrapped, scratch);
	if (d)
		doc_each(d, take_scalar, &out, scratch);
	return out;
}

static bool
xmlkv_row(struct stage_run *sr, struct row *row)
{
	const struct column *field = sr->stage->args;
	struct arena        *scratch = sr->run->scratch;
	struct value         v = row_value(row, field, scratch);
	const struct value  *items;
	size_t               n = value_items(&v, &items);
	struct found_fields  found = { .scratch = scratch };

	for (size_t i = 0; i < n; i++) {
		struct text rest = value_text(&items[i], ' ', scratch), name, value;
		size_t      open;

		while ((open = text_find_byte(rest, '<')) != TEXT_NOWHERE) {
			rest = text_from(rest, open);
			if (element_at(rest, &name, &value) && value.n)
				found_fields_add(&found, name, plain(value, scratch));
			rest = text_from(rest, 1);
		}
	}
	found_fields_set(&found, row);
	return pipe_emit(sr, row);
}

const struct pipe_command pipe_xmlkv = {
	.name = "xmlkv",
	.synopsis = "xmlkv [<field>]",
	.help = "fields out of XML elements that hold only text",
	.order = ROWS_EACH,
	.parse = xmlkv_parse,
	.uses = xmlkv_uses,
	.columns = xmlkv_columns,
	.keeps = keeps_others,
	.row = xmlkv_row,
};
