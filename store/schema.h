/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * schema.h - schema.sql statement by statement, and whether a database has its tables.
 */
#ifndef AUGER_STORE_SCHEMA_H
#define AUGER_STORE_SCHEMA_H

#include "store/db.h"

enum schema_kind { SCHEMA_TABLE, SCHEMA_INDEX, SCHEMA_VIEW };

struct schema_item {
	enum schema_kind kind;
	struct text      name;
	struct text      sql; /* the statement that makes it, without its semicolon */
};

/* All of it, ready to be run. */
const char *schema_sql(void);

/* The next statement of REST, which begins as text_of(schema_sql()); false: that was all. */
bool schema_next(struct text *rest, struct schema_item *out);

/* What a stranger's database must not have: triggers, virtual tables, views that pose as tables
 * of a case. With WHOLE, every table of the schema must also be there. */
bool schema_check(struct casefile *cf, bool whole, struct err *err);

#endif
