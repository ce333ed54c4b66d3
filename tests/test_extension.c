/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fields of events through SQL, in a connection that is none of ours. */
#include "config.h"

#include <sqlite3.h>
#include <stdlib.h>

#include "tests/cases.h"

#define BLOCK "5a6b7c8d-0000-0000-0000-000000000001"

static size_t
no_hits(void *ctx, const struct event *ev, const struct batch_hit **hits)
{
	(void)ctx;
	(void)ev;
	*hits = NULL;
	return 0;
}

/* A process creation and a script block in two parts: events 1, 2 and 3. */
static void
fill(struct test_case *t)
{
	struct event process, first, second;

	case_new(t);
	process = event_new(&t->arena, "WS-07", "Security", 4688, 10, 0);
	event_with(&process, &t->arena, "NewProcessName", TEXT("C:\\Windows\\System32\\cmd.exe"));
	first = event_script(&t->arena, "WS-07", 11, BLOCK, 1, 2, TEXT("invoke-"));
	second = event_script(&t->arena, "WS-07", 12, BLOCK, 2, 2, TEXT("wmiexec"));
	case_open(t, CASEFILE_IMPORT);
	case_file(t, "a", NULL);
	batch_add(t->batch, &process, NULL, 0);
	batch_add(t->batch, &first, NULL, 0);
	batch_add(t->batch, &second, NULL, 0);
	case_commit(t);
	import_finish(t->cf, no_hits, NULL, &t->err);
	casefile_close(t->cf);
	t->cf = NULL;
}

static sqlite3 *
loaded(const char *path, int flags)
{
	const char *build = getenv("top_builddir");
	char        name[4096], *message = NULL;
	sqlite3    *db = NULL;

	snprintf(name, sizeof(name), "%s/auger_fields.so", build ? build : ".");
	sqlite3_open_v2(path, &db, flags, NULL);
	sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 1, NULL);
	if (sqlite3_load_extension(db, name, NULL, &message) != SQLITE_OK)
		printf("# %s\n", message ? message : "?");
	sqlite3_free(message);
	return db;
}

/* First column of all rows, one behind the other with commas; or the error. */
static struct text
answer(struct arena *a, sqlite3 *db, const char *sql)
{
	sqlite3_stmt *st;
	struct text   out = TEXT("");
	int           code;

	if (sqlite3_prepare_v2(db, sql, -1, &st, NULL) != SQLITE_OK)
		return arena_printf(a, "error: %s", sqlite3_errmsg(db));
	while ((code = sqlite3_step(st)) == SQLITE_ROW) {
		const char *value = (const char *)sqlite3_column_text(st, 0);

		out = arena_printf(a, TEXT_FMT "%s%s", TEXT_ARG(out), out.n ? "," : "",
				   value ? value : "NULL");
	}
	if (code != SQLITE_DONE)
		out = arena_printf(a, "error: %s", sqlite3_errmsg(db));
	sqlite3_finalize(st);
	return out;
}

static void
fields_are_read_by_every_name(struct test_case *t, sqlite3 *db)
{
	is(answer(&t->arena, db, "SELECT auger_field(1, 'NewProcessName')"),
	   TEXT("C:\\Windows\\System32\\cmd.exe"), "a raw field");
	is(answer(&t->arena, db, "SELECT auger_field(1, 'Processes.process_name')"),
	   TEXT("cmd.exe"), "a field of a data model");
	is(answer(&t->arena, db,
		  "SELECT event_id FROM events WHERE auger_field(event_id, 'EventCode') = '4688'"),
	   TEXT("1"), "events are chosen by a field");
	is(answer(&t->arena, db, "SELECT auger_field(1, 'Nobody')"), TEXT("NULL"),
	   "a field that the event does not have is NULL");
	is(answer(&t->arena, db, "SELECT auger_field(77, 'EventCode')"), TEXT("NULL"),
	   "so is one of an event that the case does not have");
	is(answer(&t->arena, db, "SELECT auger_field(1, NULL)"), TEXT("NULL"),
	   "and one without a name");
	is(answer(&t->arena, db, "SELECT auger_field(2, 'ScriptBlockText')"),
	   TEXT("invoke-wmiexec"), "script blocks are joined");
	is(answer(&t->arena, db, "SELECT auger_field(3, 'ScriptBlockText')"), TEXT("NULL"),
	   "and stand at their first part only");
}

static void
rows_have_all_fields(struct test_case *t, sqlite3 *db)
{
	is(answer(&t->arena, db,
		  "SELECT name || '=' || value FROM auger_fields(1) WHERE name LIKE '%Computer%'"),
	   TEXT("Computer=WS-07,ComputerName=WS-07"), "every field is a row");
	is(answer(&t->arena, db,
		  "SELECT origin FROM auger_fields(1) WHERE name = 'process_name'"),
	   TEXT("NewProcessName, last part"), "with where it comes from");
	is(answer(&t->arena, db,
		  "SELECT DISTINCT e.event_id FROM events e, auger_fields(e.event_id) f "
		  "WHERE f.value LIKE '%wmiexec%'"),
	   TEXT("2"), "rows join with the views of the case");
	is(answer(&t->arena, db, "SELECT count(*) FROM auger_fields(77)"), TEXT("0"),
	   "an event that the case does not have has none");
	ok(text_find(answer(&t->arena, db, "SELECT * FROM auger_fields"), TEXT("error")) == 0,
	   "fields of no event in particular are refused");
}

static void
no_case_is_said(struct arena *a)
{
	sqlite3 *db = loaded(":memory:", SQLITE_OPEN_READWRITE);

	is(answer(a, db, "SELECT auger_field(1, 'x')"),
	   TEXT("error: the main database is not a case of auger"), "another database is named");
	sqlite3_exec(db, "PRAGMA application_id = 0x41756772; PRAGMA user_version = 999", NULL,
		     NULL, NULL);
	ok(text_find(answer(a, db, "SELECT name FROM auger_fields(1)"),
		     TEXT("the case has version 999")) != TEXT_NOWHERE,
	   "so is a case of another version");
	sqlite3_exec(db, "CREATE VIEW v AS SELECT auger_field(1, 'x') AS f", NULL, NULL, NULL);
	ok(text_find(answer(a, db, "SELECT f FROM v"), TEXT("unsafe use")) != TEXT_NOWHERE,
	   "a schema cannot use it");
	ok(sqlite3_close(db) == SQLITE_OK, "and the connection closes");
}

int
main(void)
{
	struct test_case t;

	fill(&t);
	sqlite3 *db = loaded(t.path, SQLITE_OPEN_READONLY);

	fields_are_read_by_every_name(&t, db);
	rows_have_all_fields(&t, db);
	ok(sqlite3_close(db) == SQLITE_OK, "nothing holds the connection when it closes");
	db = loaded(t.path, SQLITE_OPEN_READONLY);
	is(answer(&t.arena, db, "SELECT auger_field(1, 'EventCode')"), TEXT("4688"),
	   "one function alone");
	ok(sqlite3_close(db) == SQLITE_OK, "holds it no longer either");
	no_case_is_said(&t.arena);
	case_done(&t);
	return done_testing();
}
