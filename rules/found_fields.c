/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rules/found_fields.h"

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
