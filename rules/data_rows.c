/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rules/data_rows.h"

#include "base/when.h"
#include "rules/document.h"
#include "rules/found_fields.h"

struct reading {
	struct data_rows *out;
	struct arena     *keep;
	size_t            cap, names_cap;
};

static struct row *
add_row(struct reading *r)
{
	arena_grow(r->keep, r->out->items, r->out->n, &r->cap);
	r->out->items[r->out->n] = (struct row){
		.time_ns = WHEN_NONE, .first_ns = WHEN_NONE, .last_ns = WHEN_NONE };
	return &r->out->items[r->out->n++];
}

static void
add_name(struct reading *r, struct text name)
{
	for (size_t i = 0; i < r->out->n_names; i++)
		if (text_eq(r->out->names[i], name))
			return;
	arena_grow(r->keep, r->out->names, r->out->n_names, &r->names_cap);
	r->out->names[r->out->n_names++] = name;
}

/* --- CSV --- */

/* The cell that T begins with is cut off, with what ends it; *LAST: of its line. ROOM has place for
 * all of T, and is moved behind the cell. */
static bool
take_cell(struct text *t, char **room, struct text *cell, bool *last)
{
	bool   quoted = t->n && t->p[0] == '"';
	char  *p = *room;
	size_t i = quoted, n = 0;

	for (; i < t->n; i++) {
		if (quoted && t->p[i] == '"') {
			if (i + 1 == t->n || t->p[i + 1] != '"')
				break;
			i++;
		} else if (!quoted && (t->p[i] == ',' || t->p[i] == '\n' || t->p[i] == '\r')) {
			break;
		}
		p[n++] = t->p[i];
	}
	if (quoted && i == t->n)
		return false;
	i += quoted;
	*cell = (struct text){ p, n };
	*room += n;
	if (!quoted)
		*cell = text_trim(*cell);
	while (i < t->n && (t->p[i] == '\r' || t->p[i] == ' '))
		i++;
	*last = i == t->n || t->p[i] == '\n';
	if (i < t->n && !*last && t->p[i] != ',')
		return false;
	*t = text_from(*t, i < t->n ? i + 1 : i);
	return true;
}

const char *
data_rows_of_csv(struct text t, struct data_rows *out, struct arena *keep)
{
	struct reading r = { .out = out, .keep = keep };
	struct text   *heads = NULL, cell;
	size_t         n = 0, cap = 0;
	bool           last = false;
	char          *room;

	*out = (struct data_rows){ 0 };
	t = text_trim(t);
	room = arena_new(keep, char, t.n + 1);
	while (!last) {
		if (!take_cell(&t, &room, &cell, &last))
			return "is no CSV: a quote is not closed, or something follows it";
		if (cell.n == 0)
			return "needs a name in each column of its first line";
		arena_grow(keep, heads, n, &cap);
		heads[n++] = cell;
		add_name(&r, cell);
	}
	while (t.n) {
		struct row *row = add_row(&r);
		size_t      i = 0;

		for (last = false; !last; i++) {
			if (!take_cell(&t, &room, &cell, &last))
				return "is no CSV: a quote is not closed, or something follows it";
			if (i >= n)
				return "has a line with more cells than the first one";
			if (cell.n)
				row_set(row, heads[i], value_of_text(cell), keep);
		}
	}
	return NULL;
}

/* --- JSON --- */

static void
add_object(struct reading *r, const struct doc *object)
{
	struct row         *row = add_row(r);
	struct found_fields found = { .scratch = r->keep };

	row_set(row, TEXT("_raw"), value_of_text(object->source), r->keep);
	for (const struct doc *kid = object->first; kid; kid = kid->next) {
		const struct doc *item = kid->kind == DOC_ARRAY ? kid->first : kid;

		if (kid->is_null || !item)
			continue;
		add_name(r, kid->name);
		for (; item; item = kid->kind == DOC_ARRAY ? item->next : NULL)
			found_fields_add(&found, kid->name,
					 item->kind == DOC_SCALAR ? item->value : item->source);
	}
	found_fields_set(&found, row);
}

const char *
data_rows_of_json(struct text t, struct data_rows *out, struct arena *keep)
{
	struct reading    r = { .out = out, .keep = keep };
	const struct doc *d = doc_read_json(text_trim(t), keep);

	*out = (struct data_rows){ 0 };
	add_name(&r, TEXT("_raw"));
	if (d && d->kind == DOC_OBJECT) {
		add_object(&r, d);
		return NULL;
	}
	if (!d || d->kind != DOC_ARRAY)
		return "is no JSON array of objects";
	for (const struct doc *kid = d->first; kid; kid = kid->next) {
		if (kid->kind != DOC_OBJECT)
			return "has something in its array that is no object";
		add_object(&r, kid);
	}
	return NULL;
}
