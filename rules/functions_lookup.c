/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The function lookup: what a table has for some values, as a JSON object. */
#include "config.h"

#include "rules/expr_reader.h"
#include "rules/functions.h"
#include "rules/lookup_match.h"

struct expr_lookup {
	const struct lookup       *table; /* NULL: not loaded, finds nothing */
	const struct lookup_match *match;
	struct expr              **values; /* one for each key */
	size_t                     n_keys;
	size_t                    *columns;
	const struct text         *names;  /* of these */
	size_t                     n_columns;
};

static bool
is_call_of(const struct expr *e, const char *name)
{
	return e->kind == EXPR_CALL && text_eq(text_of(e->function->name), text_of(name));
}

static bool
column_of(struct reader *r, const char *at, const struct lookup *table, const struct expr *name,
	  size_t *out)
{
	if (name->kind != EXPR_TEXT)
		return scan_fail(&r->s, at, "lookup needs the names of columns in quotes");
	if (!table)
		return true;
	*out = lookup_column(table, name->text);
	return *out != TEXT_NOWHERE || table->is_empty_store ||
	       scan_fail(&r->s, at, "the lookup \"" TEXT_FMT "\" has no column \"" TEXT_FMT "\"",
			 TEXT_ARG(table->name), TEXT_ARG(text_head(name->text, 60)));
}

static bool
keys_of(struct reader *r, const char *at, const struct expr *object, struct expr_lookup *l)
{
	struct arena *keep = r->s.c->keep;
	size_t       *keys;

	l->n_keys = object->n_kids / 2;
	keys = arena_new(keep, size_t, l->n_keys);
	l->values = arena_new(keep, struct expr *, l->n_keys);
	for (size_t i = 0; i < l->n_keys; i++) {
		if (!column_of(r, at, l->table, object->kids[2 * i], &keys[i]))
			return false;
		l->values[i] = object->kids[2 * i + 1];
	}
	if (l->table && l->table->n_rows)
		l->match = lookup_match_new(l->table, keys, l->n_keys, keep);
	return true;
}

static bool
columns_of(struct reader *r, const char *at, const struct expr *array, struct expr_lookup *l)
{
	struct arena *keep = r->s.c->keep;
	struct text  *names = arena_new(keep, struct text, array->n_kids);

	l->n_columns = array->n_kids;
	l->columns = arena_new(keep, size_t, l->n_columns);
	l->names = names;
	for (size_t i = 0; i < l->n_columns; i++) {
		if (!column_of(r, at, l->table, array->kids[i], &l->columns[i]))
			return false;
		names[i] = array->kids[i]->text;
	}
	return true;
}

bool
check_lookup(struct reader *r, const char *at, struct expr *call)
{
	struct expr_lookup *l = arena_new(r->s.c->keep, struct expr_lookup, 1);

	if (call->kids[0]->kind != EXPR_TEXT)
		return scan_fail(&r->s, at, "lookup needs the name of a table in quotes");
	if (!is_call_of(call->kids[1], "json_object") || call->kids[1]->n_kids < 2 ||
	    call->kids[1]->n_kids % 2)
		return scan_fail(&r->s, at, "lookup needs json_object(\"<column>\", <value>, ...) "
				 "behind the name of the table");
	if (!is_call_of(call->kids[2], "json_array") || call->kids[2]->n_kids == 0)
		return scan_fail(&r->s, at, "lookup needs json_array(\"<column>\", ...) as the last "
				 "argument");
	if (!compile_lookup_named(&r->s, at, call->kids[0]->text, &l->table))
		return false;
	compile_lookup_reserve(r->s.c, call->kids[0]->text, l->table);
	call->lookup = l;
	return keys_of(r, at, call->kids[1], l) && columns_of(r, at, call->kids[2], l);
}

/* {"column":"value"}; several values are an array, columns without one are left out. */
static struct text
as_object(const struct expr_lookup *l, const struct lookup_found *found, struct arena *scratch)
{
	struct json_pieces pieces = { .scratch = scratch };
	bool               any = false;

	json_put(&pieces, TEXT("{"));
	for (size_t i = 0; i < l->n_columns; i++) {
		if (found[i].n == 0)
			continue;
		json_put(&pieces, any ? TEXT(",") : TEXT(""));
		json_put(&pieces, json_quoted(l->names[i], scratch));
		json_put(&pieces, TEXT(":"));
		json_put(&pieces, found[i].n == 1 ? json_of(&found[i].items[0], scratch)
						  : json_list(found[i].items, found[i].n, scratch));
		any = true;
	}
	json_put(&pieces, TEXT("}"));
	return any ? json_whole(&pieces) : TEXT_NONE;
}

struct value
function_lookup(const struct expr *call, struct eval *ev)
{
	const struct expr_lookup *l = call->lookup;
	struct arena             *scratch = ev->run->scratch;
	struct text              *values = arena_new(scratch, struct text, l->n_keys);
	struct lookup_found      *found = arena_new(scratch, struct lookup_found, l->n_columns);

	for (size_t i = 0; i < l->n_keys; i++) {
		struct value v = expr_value(l->values[i], ev);

		v = value_first(&v);
		if (v.kind == VALUE_NULL)
			return v;
		values[i] = value_text(&v, ' ', scratch);
	}
	if (l->table)
		lookup_match_values(l->table, l->match, values, l->columns, l->n_columns, scratch,
				    found);
	return value_of_text(as_object(l, found, scratch));
}
