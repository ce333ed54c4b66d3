/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rules/spelled.h"

void
spelled_begin(struct spelled *s, const struct aggregate *a, size_t n, struct arena *keep)
{
	*s = (struct spelled){ 0 };
	for (size_t i = 0; i < n; i++) {
		if (a[i].wildcard)
			continue;
		arena_grow(keep, s->items, s->n, &s->cap);
		s->items[s->n++] = a[i];
	}
}

static bool
is_by_field(const struct column *by, size_t n_by, struct text name)
{
	for (size_t i = 0; i < n_by; i++)
		if (text_eq(by[i].name, name))
			return true;
	return false;
}

static bool
is_spelled(const struct spelled *s, const struct aggregate *a, struct text name)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->items[i].kind == a->kind && text_eq(s->items[i].name, name))
			return true;
	return false;
}

void
spelled_add(struct spelled *s, const struct aggregate *a, size_t n, const struct column *by,
	    size_t n_by, struct run *run, const struct row *row)
{
	struct text *names = NULL;
	size_t       n_names = 0;
	bool         listed = false;

	for (size_t i = 0; i < n; i++) {
		if (!a[i].wildcard)
			continue;
		if (!listed)
			n_names = row_names(row, run->scratch, &names);
		listed = true;
		for (size_t k = 0; k < n_names; k++) {
			struct text name = aggregate_name_for(&a[i], names[k], run->scratch);

			if (text_absent(name) || names[k].p[0] == '_' ||
			    is_by_field(by, n_by, names[k]) || is_spelled(s, &a[i], name))
				continue;
			arena_grow(run->keep, s->items, s->n, &s->cap);
			s->items[s->n] = a[i];
			s->items[s->n].wildcard = false;
			s->items[s->n].name = arena_copy(run->keep, name);
			s->items[s->n++].field = column_make(
			    run->keep, arena_copy(run->keep, names[k]), row->model);
		}
	}
}
