/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * found_fields.h - fields found inside a text, one list of values per name: spath, xmlkv,
 * extract; and the names that they get.
 *
 * Cleaned names: CLEAN_KEYS in Splunk's transforms.conf.
 */
#ifndef AUGER_RULES_FOUND_FIELDS_H
#define AUGER_RULES_FOUND_FIELDS_H

#include "rules/row.h"

/* Different names found in one row. */
#define FOUND_FIELDS_MAX 2000

struct found_field {
	struct text   name;
	struct value *items;
	size_t        n, cap;
};

struct found_fields {
	struct arena       *scratch;
	struct found_field *fields;
	size_t              n, cap;
};

void found_fields_add(struct found_fields *f, struct text name, struct text value);
void found_fields_set(const struct found_fields *f, struct row *row);

/* A name that begins with a letter, of letters, digits and '_', as which all else counts; empty
 * when there is no letter. */
struct text found_field_name(struct text name, struct arena *scratch);

#endif
