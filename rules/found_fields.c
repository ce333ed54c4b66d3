/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rules/found_fields.h"

#include "base/ascii.h"

void
found_fields_add(struct found_fields *f, struct text name, struct text value)
{
	struct found_field *field = NULL;

	for (size_t i = 0; i < f->n && !field; i++)
		if (text_eq(f->fields[i].name, name))
			field = &f->fields[i];
	if (!field) {
		if (f->n == FOUND_FIELDS_MAX || name.n == 0)
			return;
		arena_grow(f->scratch, f->fields, f->n, &f->cap);
		field = &f->fields[f->n++];
		*field = (struct found_field){ .name = name };
	}
	arena_grow(f->scratch, field->items, field->n, &field->cap);
	field->items[field->n++] = value_of_text(value);
}

void
found_fields_set(const struct found_fields *f, struct row *row)
{
	for (size_t i = 0; i < f->n; i++)
		row_set(row, f->fields[i].name, value_of_list(f->fields[i].items, f->fields[i].n),
			f->scratch);
}

struct text
found_field_name(struct text name, struct arena *scratch)
{
	char  *p = arena_new(scratch, char, name.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < name.n; i++) {
		char c = name.p[i];

		if (n || ascii_letter(c))
			p[n++] = ascii_alnum(c) ? c : '_';
	}
	return (struct text){ p, n };
}
