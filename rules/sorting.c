/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rules/sorting.h"

#include <stdlib.h>

#include "base/address.h"

static bool
sort_key_parse(struct scan *s, struct sort_key *key)
{
	static const struct {
		const char  *word;
		enum sort_as as;
	} casts[] = {
	    {"num", SORT_NUMBER}, {"str", SORT_TEXT}, {"ip", SORT_IP}, {"auto", SORT_AUTO}};
	struct scan ahead = *s, inner;
	struct text name;

	for (size_t i = 0; i < sizeof(casts) / sizeof(casts[0]); i++)
		if (scan_keyword(&ahead, casts[i].word)) {
			if (!scan_at(&ahead, '('))
				break;
			*s = ahead;
			key->as = casts[i].as;
			if (!scan_parentheses(s, &inner) ||
			    !scan_name(&inner, &name, "a field name") || !scan_finish(&inner))
				return false;
			key->column = compile_column(s->c, name);
			return true;
		}
	if (!scan_name(s, &name, "a field name"))
		return false;
	key->column = compile_column(s->c, name);
	return true;
}

bool
sort_keys_parse(struct scan *s, struct sort_key **out, size_t *n)
{
	size_t cap = 0;
	bool   descending = false;

	*out = NULL;
	*n = 0;
	for (scan_commas(s); !scan_done(s); scan_commas(s)) {
		bool sign = true;

		/* "desc" at the end turns everything round. */
		if (*n && (scan_at_keyword(s, "desc") || scan_at_keyword(s, "d"))) {
			struct scan ahead = *s;

			scan_run(&ahead, ",");
			if (scan_done(&ahead)) {
				*s = ahead;
				for (size_t i = 0; i < *n; i++)
					(*out)[i].descending = !(*out)[i].descending;
				break;
			}
		}
		if (scan_take(s, '-'))
			descending = true;
		else if (scan_take(s, '+'))
			descending = false;
		else
			sign = false;
		arena_grow(s->c->keep, *out, *n, &cap);
		(*out)[*n] = (struct sort_key){ .descending = descending };
		/* A sign that touches the name is for this one, "- a, b" for all of them. */
		bool lone = sign && s->at < s->end && (*s->at == ' ' || *s->at == '\t');

		if (!sort_key_parse(s, &(*out)[(*n)++]))
			return false;
		if (!lone && sign)
			descending = false;
	}
	return *n > 0 || scan_expected(s, "a field name");
}

static bool
address(const struct value *v, uint8_t out[16])
{
	bool ipv4;

	return v->kind == VALUE_TEXT && address_read(v->text, out, &ipv4);
}

static int
compare_values(const struct value *a, const struct value *b, enum sort_as as)
{
	uint8_t x[16], y[16];
	double        n;

	if (as == SORT_TEXT && a->kind == VALUE_TEXT && b->kind == VALUE_TEXT)
		return text_cmp(a->text, b->text);
	if ((as == SORT_IP || as == SORT_AUTO) && !value_number(a, &n) && address(a, x) &&
	    address(b, y))
		return memcmp(x, y, 16);
	return value_compare(a, b);
}

int
sort_compare(const struct value *a, const struct value *b, const struct sort_key *keys,
	     size_t n_keys)
{
	for (size_t i = 0; i < n_keys; i++) {
		int order;

		if (a[i].kind == VALUE_NULL || b[i].kind == VALUE_NULL)
			order = (a[i].kind == VALUE_NULL) - (b[i].kind == VALUE_NULL);
		else
			order = compare_values(&a[i], &b[i], keys[i].as) *
				(keys[i].descending ? -1 : 1);
		if (order)
			return order;
	}
	return 0;
}

struct value *
sort_values(const struct row *row, const struct sort_key *keys, size_t n_keys, struct arena *keep)
{
	struct value *values = arena_new(keep, struct value, n_keys);

	for (size_t i = 0; i < n_keys; i++) {
		struct value v = row_value(row, &keys[i].column, keep);

		values[i] = value_first(&v);
	}
	return values;
}
