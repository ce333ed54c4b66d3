/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/migrate.h"

#include <stdio.h>

#include "store/member_names.h"
#include "store/schema.h"
#include "store/work_key.h"

#define SAYS_NAMES 6 /* the first version that notes what events say of identifiers */

/* An item as store/finding_lists.h has it. */
#define LISTED(x) "coalesce(length(CAST(" x " AS BLOB)) || ':' || " x ", '-:')"

/*
 * STEPS[i] leads from version i + 1 to the next. New tables are there already when it runs (empty,
 * as in schema.sql); views are gone and new indexes not yet made. So a step adds the columns that
 * tables got (ALTER TABLE .. ADD COLUMN, with the same type and default as in schema.sql), fills
 * them and new tables from what the case has, and drops tables and indexes that are no more or
 * look different now. tests/test_migrate.c compares the outcome with a new case.
 */
static const char *const steps[SCHEMA_VERSION - 1] = {
	/* 1 to 2; who wrote verdicts and notes, and when, was not kept */
	"ALTER TABLE sketch_segment ADD COLUMN words INTEGER NOT NULL DEFAULT 32;"
	"ALTER TABLE rule_ledger ADD COLUMN version TEXT;"
	"ALTER TABLE rule_ledger ADD COLUMN sha256 TEXT;"
	"ALTER TABLE work ADD COLUMN bookmark INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE macro ADD COLUMN rule_id TEXT NOT NULL DEFAULT '';"
	"ALTER TABLE macro ADD COLUMN off INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE macro ADD COLUMN author TEXT NOT NULL DEFAULT '';"
	"ALTER TABLE macro ADD COLUMN time_ns INTEGER NOT NULL DEFAULT 0;"
	"INSERT INTO work_log(work, kind, value, author, time_ns, current) "
	"SELECT id, 0, verdict, '', 0, 1 FROM work WHERE verdict IS NOT NULL "
	"UNION ALL SELECT id, 1, note, '', 0, 1 FROM work WHERE note IS NOT NULL;"
	/* every search of every rule had its own hits; see own_key in store/declare.c */
	"ALTER TABLE hit RENAME TO hit_1;"
	"CREATE TABLE hit(event INTEGER NOT NULL, predicate INTEGER NOT NULL, "
	"PRIMARY KEY(event, predicate)) WITHOUT ROWID;"
	"INSERT INTO predicate(key) SELECT DISTINCT r.rule_id || '/' || t.leaf "
	"FROM hit_1 t JOIN rule r ON r.id = t.rule;"
	"INSERT INTO rule_predicate SELECT DISTINCT t.rule, t.leaf, p.id FROM hit_1 t "
	"JOIN rule r ON r.id = t.rule JOIN predicate p ON p.key = r.rule_id || '/' || t.leaf;"
	"INSERT INTO hit SELECT t.event, p.predicate FROM hit_1 t "
	"JOIN rule_predicate p ON p.rule = t.rule AND p.leaf = t.leaf;"
	"DROP TABLE hit_1;",
	/* 2 to 3 */
	"ALTER TABLE work ADD COLUMN event INTEGER;",
	/* 3 to 4; findings of before get theirs with the next import or retag */
	"ALTER TABLE finding ADD COLUMN what TEXT;",
	/* 4 to 5; every rule runs once more with the next import */
	("ALTER TABLE rule_ledger ADD COLUMN fingerprint TEXT;"
	 "ALTER TABLE rule_ledger ADD COLUMN clock_ns INTEGER;"),
	/* 5 to 6; their pages stay without checksums, see store/pages.h. A finding had all its texts, and
	 * what it has several of had a row each */
	("ALTER TABLE evidence_file ADD COLUMN first_event INTEGER;"
	 "ALTER TABLE evidence_file ADD COLUMN last_event INTEGER;"
	 "UPDATE evidence_file SET first_event = r.first, last_event = r.last FROM "
	 "(SELECT evidence, min(event) AS first, max(event) AS last FROM "
	 "(SELECT evidence, id AS event FROM event UNION ALL SELECT evidence, event FROM event_source) "
	 "GROUP BY evidence) r WHERE r.evidence = evidence_file.id;"
	 "ALTER TABLE finding RENAME TO finding_5;"
	 "CREATE TABLE finding(id INTEGER PRIMARY KEY, rule INTEGER NOT NULL, body INTEGER NOT NULL, "
	 "last_ns INTEGER NOT NULL);"
	 "INSERT INTO rule_text(rule_id, rule, type, techniques, tactics, stories) "
	 "SELECT DISTINCT rule_id, rule, type, techniques, tactics, stories FROM finding_5;"
	 "INSERT INTO finding SELECT f.id, t.id, f.id, f.last_ns FROM finding_5 f JOIN rule_text t ON "
	 "t.rule_id = f.rule_id AND t.rule = f.rule AND t.type IS f.type AND "
	 "t.techniques IS f.techniques AND t.tactics IS f.tactics AND t.stories IS f.stories;"
	 "INSERT INTO finding_body SELECT f.id, f.first_ns, f.host, f.host_ref, f.user, f.user_key, "
	 "nullif(coalesce(f.message, ''), f.rule), f.risk_score, f.count, f.events_capped, f.remarks, f.what, "
	 "coalesce((SELECT group_concat(" LISTED("x.name") " || " LISTED("x.value") ", '') "
	 "FROM (SELECT * FROM finding_field x WHERE x.finding = f.id ORDER BY x.n) x), ''), "
	 "coalesce((SELECT group_concat(" LISTED("x.value") " || " LISTED("x.type") ", '') "
	 "FROM (SELECT * FROM finding_threat x WHERE x.finding = f.id ORDER BY x.n) x), ''), "
	 "'[' || coalesce((SELECT group_concat(x.event) FROM (SELECT event FROM "
	 "finding_event WHERE finding = f.id ORDER BY event) x), '') || ']' FROM finding_5 f;"
	 "DROP TABLE finding_5;"
	 "ALTER TABLE finding_event ADD COLUMN n INTEGER NOT NULL DEFAULT 1;"
	 "DROP TABLE finding_field; DROP TABLE finding_threat; DROP INDEX finding_event_by_finding; "
	 "DROP INDEX risk_event_by_finding;"
	 "ALTER TABLE work RENAME TO work_5;"
	 "CREATE TABLE work(id INTEGER PRIMARY KEY, key BLOB NOT NULL, verdict TEXT, note TEXT, "
	 "bookmark INTEGER NOT NULL DEFAULT 0, event INTEGER);"
	 "INSERT INTO work SELECT id, work_key(key), verdict, note, bookmark, event FROM work_5;"
	 "DROP TABLE work_5;"
	 /* all of it was read before an import, and found by its events */
	 "ALTER TABLE lot RENAME TO lot_5;"
	 "CREATE TABLE lot(first INTEGER NOT NULL, kin INTEGER NOT NULL, channel INTEGER NOT NULL, "
	 "kind INTEGER NOT NULL, last INTEGER NOT NULL, low INTEGER NOT NULL, high INTEGER NOT NULL, "
	 "PRIMARY KEY(kin, channel, kind, low, first)) WITHOUT ROWID;"
	 "INSERT INTO lot SELECT first, kin, channel, kind, last, low, high FROM lot_5;"
	 "DROP TABLE lot_5;"
	 "ALTER TABLE risk_event ADD COLUMN base REAL;"
	 "ALTER TABLE risk_event ADD COLUMN factors TEXT;"),
};

static bool
exists(struct casefile *cf, struct text name, bool *there, struct err *err)
{
	struct ask q;

	*there = false;
	if (ask(&q, cf, "SELECT 1 FROM sqlite_schema WHERE name = ?1 COLLATE NOCASE", err)) {
		ask_text(&q, 1, name);
		*there = ask_row(&q);
	}
	return ask_end(&q);
}

/* Makes what is missing of that kind. */
static bool
make_missing(struct casefile *cf, enum schema_kind kind, struct arena scratch, struct err *err)
{
	struct text        rest = text_of(schema_sql());
	struct schema_item item;
	bool               there;

	while (schema_next(&rest, &item))
		if (item.kind == kind && (!exists(cf, item.name, &there, err) ||
					  (!there && !db_run(cf, arena_cstr(&scratch, item.sql), err))))
			return false;
	return true;
}

/* Only those of the schema: what someone else put into the case is his. */
static bool
drop_views(struct casefile *cf, struct arena scratch, struct err *err)
{
	struct text        rest = text_of(schema_sql());
	struct schema_item item;

	while (schema_next(&rest, &item))
		if (item.kind == SCHEMA_VIEW &&
		    !db_run(cf,
			    arena_printf(&scratch, "DROP VIEW IF EXISTS " TEXT_FMT,
					 TEXT_ARG(item.name)).p,
			    err))
			return false;
	return true;
}

static bool
migrate(struct casefile *cf, struct err *err)
{
	char    sql[64];
	int64_t version, before;

	if (!db_get_int(cf, "PRAGMA user_version", -1, &version, err))
		return false;
	if (version >= SCHEMA_VERSION)
		return true;
	if (version < 1 || !drop_views(cf, cf->leaf, err) ||
	    !make_missing(cf, SCHEMA_TABLE, cf->leaf, err))
		return false;
	before = version;
	for (; version < SCHEMA_VERSION; version++)
		if (!db_run(cf, steps[version - 1], err))
			return false;
	if (before < SAYS_NAMES && !member_names_of_stored(cf, err))
		return false;
	snprintf(sql, sizeof(sql), "PRAGMA user_version = %d", SCHEMA_VERSION);
	return make_missing(cf, SCHEMA_INDEX, cf->leaf, err) && make_missing(cf, SCHEMA_VIEW, cf->leaf, err) &&
	       db_run(cf, sql, err);
}

bool
schema_migrate(struct casefile *cf, struct err *err)
{
	struct err why = { 0 };
	bool       good;

	/* A table that is renamed to be made anew keeps its name in views of others. */
	sqlite3_db_config(cf->db, SQLITE_DBCONFIG_LEGACY_ALTER_TABLE, 1, NULL);
	good = work_key_function(cf->db) && db_run(cf, "BEGIN IMMEDIATE", &why) && migrate(cf, &why) &&
	       db_run(cf, "COMMIT", &why);
	sqlite3_db_config(cf->db, SQLITE_DBCONFIG_LEGACY_ALTER_TABLE, 0, NULL);
	if (good)
		return true;
	db_rollback(cf);
	return err_set(err, why.kind == ERR_NONE ? ERR_IO : why.kind,
		       "made by an older auger and cannot be brought up to date: %s",
		       why.what[0] ? why.what : "its version is not known");
}
