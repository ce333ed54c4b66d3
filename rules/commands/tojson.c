/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tojson: the fields of a row as one JSON object. */
#include "config.h"

#include "rules/field_list.h"
#include "rules/functions.h"

enum json_as { JSON_AUTO, JSON_NUMBER, JSON_TEXT, JSON_BOOL, JSON_DOCUMENT, JSON_NONE };

struct typed_list {
	enum json_as      as;
	struct field_list fields;
};

struct tojson_args {
	struct typed_list *lists;
	size_t             n;
	enum json_as       usual;
	struct text        output;
	bool               internal, fill_null;
};

static const char *const type_names[] = { "auto", "num", "str", "bool", "json", "none" };

static bool
type_find(struct text name, enum json_as *out)
{
	for (size_t i = 0; i < sizeof(type_names) / sizeof(type_names[0]); i++)
		if (text_ieq(name, text_of(type_names[i]))) {
			*out = (enum json_as)i;
			return true;
		}
	return false;
}

static bool
tojson_option(struct scan *s, struct tojson_args *args, struct text name, struct text value)
{
	if (text_ieq(name, TEXT("include_internal")))
		return scan_to_bool(s, name, value, &args->internal);
	if (text_ieq(name, TEXT("fill_null")))
		return scan_to_bool(s, name, value, &args->fill_null);
	if (text_ieq(name, TEXT("output_field"))) {
		args->output = value;
		return true;
	}
	if (!text_ieq(name, TEXT("default_type")))
		return scan_bad_option(s, name);
	return type_find(value, &args->usual) ||
	       scan_fail(s, value.p, "default_type= is auto, num, str, bool, json or none");
}

static bool
tojson_parse(struct scan *s, struct stage *stage)
{
	struct tojson_args *args = arena_new(s->c->keep, struct tojson_args, 1);
	struct text         name, value;
	size_t              cap = 0;

	stage->args = args;
	args->usual = JSON_NONE;
	args->output = TEXT("_raw");
	for (scan_commas(s); !scan_done(s); scan_commas(s)) {
		struct typed_list list = { 0 };
		struct scan       inner;
		const char       *at = s->at;

		if (scan_option(s, &name, &value)) {
			if (!tojson_option(s, args, name, value))
				return false;
			continue;
		}
		if (!type_find(scan_run(s, ",()=|[]\""), &list.as))
			return scan_fail(s, at, "expected auto, num, str, bool, json or none and fields in "
					 "( ), or an option");
		if (!scan_parentheses(s, &inner) || !field_list_parse(&inner, &list.fields, NULL))
			return false;
		arena_grow(s->c->keep, args->lists, args->n, &cap);
		args->lists[args->n++] = list;
	}
	return true;
}

static void
tojson_uses(const struct stage *stage, struct uses *uses)
{
	const struct tojson_args *args = stage->args;

	uses->all |= args->n == 0;
	for (size_t i = 0; i < args->n; i++)
		field_list_uses(&args->lists[i].fields, uses, USE_READS);
}

static void
tojson_columns(const struct stage *stage, struct columns *columns)
{
	const struct tojson_args *args = stage->args;

	columns_add(columns, args->output);
}

/* A value as its type; absent: it is none of that type. */
static struct text
json_as(const struct value *v, enum json_as as, struct arena *scratch)
{
	struct text t = value_text(v, ' ', scratch);
	double      n;
	bool        number = value_number(v, &n), yes = text_ieq(t, TEXT("true"));

	switch (as) {
	case JSON_TEXT:
		return json_quoted(t, scratch);
	case JSON_NUMBER:
		return number ? t : TEXT_NONE;
	case JSON_BOOL:
		if (!number && !yes && !text_ieq(t, TEXT("false")))
			return TEXT_NONE;
		return yes || (number && n != 0) ? TEXT("true") : TEXT("false");
	case JSON_DOCUMENT:
		return json_is_valid(t, scratch) ? t : TEXT_NONE;
	case JSON_AUTO:
		if (yes || text_ieq(t, TEXT("false")))
			return yes ? TEXT("true") : TEXT("false");
		break;
	case JSON_NONE:
		break;
	}
	return number && v->kind != VALUE_TIME && json_is_valid(t, scratch) ? t
									     : json_of(v, scratch);
}

static void
put_member(struct json_pieces *all, struct text name, const struct value *v, enum json_as as,
	   bool fill_null)
{
	struct arena       *scratch = all->scratch;
	const struct value *items;
	size_t              n = value_items(v, &items), kept = 0;
	struct text        *texts = arena_new(scratch, struct text, n + 1);

	for (size_t i = 0; i < n; i++) {
		texts[kept] = json_as(&items[i], as, scratch);
		kept += !text_absent(texts[kept]);
	}
	if (kept == 0 && !fill_null)
		return;
	if (all->n > 1)
		json_put(all, TEXT(","));
	json_put(all, json_quoted(name, scratch));
	json_put(all, kept == 0 ? TEXT(":null") : kept > 1 ? TEXT(":[") : TEXT(":"));
	for (size_t i = 0; i < kept; i++) {
		if (i)
			json_put(all, TEXT(","));
		json_put(all, texts[i]);
	}
	if (kept > 1)
		json_put(all, TEXT("]"));
}

static void
put_members(struct json_pieces *all, const struct tojson_args *args, const struct row *row,
	    struct text *names, size_t n, enum json_as as)
{
	for (size_t i = 0; i < n; i++) {
		struct value v = row_get(row, names[i], all->scratch);

		if (args->internal || names[i].p[0] != '_')
			put_member(all, names[i], &v, as, args->fill_null);
	}
}

static bool
tojson_row(struct stage_run *sr, struct row *row)
{
	const struct tojson_args *args = sr->stage->args;
	struct arena             *scratch = sr->run->scratch;
	struct json_pieces        all = { .scratch = scratch };
	struct text              *names;
	size_t                    n;

	json_put(&all, TEXT("{"));
	if (args->n == 0) {
		n = row_names(row, scratch, &names);
		put_members(&all, args, row, names, n, args->usual);
	}
	for (size_t i = 0; i < args->n; i++) {
		n = field_list_names(&args->lists[i].fields, row, scratch, &names);
		put_members(&all, args, row, names, n, args->lists[i].as);
	}
	json_put(&all, TEXT("}"));
	row_set(row, args->output, value_of_text(json_whole(&all)), scratch);
	return pipe_emit(sr, row);
}

const struct pipe_command pipe_tojson = {
	.name = "tojson",
	.synopsis = "tojson [output_field=<name>] [auto|num|str|bool|json|none(<field> ...) ...]",
	.help = "the fields of a row as one JSON object, in _raw",
	.order = ROWS_EACH,
	.parse = tojson_parse,
	.uses = tojson_uses,
	.columns = tojson_columns,
	.keeps = keeps_others,
	.row = tojson_row,
};
