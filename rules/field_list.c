/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rules/field_list.h"

#include <stdlib.h>

#include "rules/wildcard.h"

bool
field_list_parse(struct scan *s, struct field_list *out, const char *const *until)
{
	if (!compile_columns(s, &out->columns, &out->n, until))
		return false;
	if (out->n == 0)
		return scan_expected(s, "a field name");
	for (size_t i = 0; i < out->n; i++)
		out->wildcard |= wildcard_stars(out->columns[i].name) > 0;
	return true;
}

static bool
is_listed(const struct text *names, size_t n, struct text name)
{
	for (size_t i = 0; i < n; i++)
		if (text_eq(names[i], name))
			return true;
	return false;
}

static int
by_name(const void *a, const void *b)
{
	return text_cmp(*(const struct text *)a, *(const struct text *)b);
}

size_t
field_list_names(const struct field_list *list, const struct row *row, struct arena *keep,
		 struct text **out)
{
	struct text *names = NULL, *all = NULL;
	size_t       n = 0, cap = 0, n_all = list->wildcard ? row_names(row, keep, &all) : 0;

	if (n_all > 1)
		qsort(all, n_all, sizeof(*all), by_name);
	for (size_t i = 0; i < list->n; i++) {
		struct text pattern = list->columns[i].name;
		bool        star = wildcard_stars(pattern) > 0;

		for (size_t k = 0; k < (star ? n_all : 1); k++) {
			struct text name = star ? all[k] : pattern;

			if (is_listed(names, n, name) ||
			    (star && (!wildcard_fits(pattern, name, NULL) ||
				      (name.p[0] == '_' && pattern.p[0] != '_'))))
				continue;
			arena_grow(keep, names, n, &cap);
			names[n++] = name;
		}
	}
	*out = names;
	return n;
}

void
field_list_uses(const struct field_list *list, struct uses *uses, enum use kind)
{
	uses->all |= list->wildcard;
	for (size_t i = 0; i < list->n; i++)
		if (wildcard_stars(list->columns[i].name) == 0)
			uses_add(uses, list->columns[i].name, kind);
}

bool
field_list_has(const struct field_list *list, struct text name)
{
	for (size_t i = 0; i < list->n; i++)
		if (wildcard_fits(list->columns[i].name, name, NULL))
			return true;
	return false;
}
