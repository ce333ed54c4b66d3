/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/schema.h"

static const char schema[] =
#include "store/schema_sql.h"
    ;

const char *
schema_sql(void)
{
	return schema;
}

bool
schema_next(struct text *rest, struct schema_item *out)
{
	static const struct {
		struct text      head;
		enum schema_kind kind;
	} heads[] = {
		{ TEXT_INIT("CREATE TABLE "), SCHEMA_TABLE },
		{ TEXT_INIT("CREATE INDEX "), SCHEMA_INDEX },
		{ TEXT_INIT("CREATE UNIQUE INDEX "), SCHEMA_INDEX },
		{ TEXT_INIT("CREATE VIEW "), SCHEMA_VIEW },
	};

	while (rest->n) {
		struct text sql = text_trim(text_cut(rest, ';'));

		for (size_t k = 0; k < sizeof(heads) / sizeof(heads[0]); k++) {
			if (!text_starts(sql, heads[k].head))
				continue;
			struct text name = text_from(sql, heads[k].head.n);
			size_t      n = 0;

			while (n < name.n && name.p[n] > ' ' && name.p[n] != '(')
				n++;
			*out = (struct schema_item){ heads[k].kind, text_head(name, n), sql };
			return true;
		}
	}
	return false;
}

static bool
is_table_of_schema(struct text name)
{
	struct text        rest = text_of(schema);
	struct schema_item item;

	while (schema_next(&rest, &item))
		if (item.kind == SCHEMA_TABLE && text_ieq(item.name, name))
			return true;
	return false;
}

static int
count_tables(void)
{
	struct text        rest = text_of(schema);
	struct schema_item item;
	int                n = 0;

	while (schema_next(&rest, &item))
		n += item.kind == SCHEMA_TABLE;
	return n;
}

bool
schema_check(struct casefile *cf, bool whole, struct err *err)
{
	struct ask q;
	int        tables = 0;
	bool       strange = false;

	if (ask(&q, cf, "SELECT type, name, sql FROM sqlite_schema", err)) {
		while (ask_row(&q)) {
			struct text type = ask_get_text(&q, 0);
			struct text name = ask_get_text(&q, 1);
			bool        table = text_eq(type, TEXT("table"));
			bool        ours = is_table_of_schema(name);

			strange = strange || text_eq(type, TEXT("trigger")) || (ours && !table) ||
				  text_istarts(ask_get_text(&q, 2), TEXT("CREATE VIRTUAL"));
			tables += ours && table;
		}
	}
	if (!ask_end(&q))
		return false;
	if (strange || (whole && tables != count_tables()))
		return err_set(err, ERR_INPUT,
			       "not a case file: its tables are not those of a case");
	return true;
}
