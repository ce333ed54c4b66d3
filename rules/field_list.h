/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * field_list.h - lists of field names with wildcards, as table, fields and foreach take them.
 */
#ifndef AUGER_RULES_FIELD_LIST_H
#define AUGER_RULES_FIELD_LIST_H

#include "rules/pipeline.h"

struct field_list {
	struct column *columns;
	size_t         n;
	bool           wildcard; /* some name has a star */
};

bool field_list_parse(struct scan *s, struct field_list *out, const char *const *until);
/* Names of the row's fields that the list means, wildcards spelled out alphabetically. Names
 * without a star are there whether the row has them or not. Internal names only when NAMED. */
size_t field_list_names(const struct field_list *list, const struct row *row, struct arena *keep,
			struct text **out);
void   field_list_uses(const struct field_list *list, struct uses *uses, enum use kind);
bool   field_list_has(const struct field_list *list, struct text name);

#endif
