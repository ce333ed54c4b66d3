/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cases of older versions: tests/schemas/N.sql is one of schema N, as its auger wrote it. */
#include "config.h"

#include <sys/stat.h>

#include <sqlite3.h>

#include "store/batch.h"
#include "store/db.h"
#include "store/case_macros.h"
#include "store/work.h"
#include "store/query.h"
#include "store/sketch.h"
#include "tests/cases.h"

static char *
read_file(const char *path)
{
	FILE *f = fopen(path, "rb");
	char *bytes = calloc(1, 1 << 20);

	if (!f || !bytes || !fread(bytes, 1, (1 << 20) - 1, f))
		printf("# %s cannot be read\n", path);
	if (f)
		fclose(f);
	return bytes;
}

static bool
run_sql(const char *path, const char *sql)
{
	sqlite3 *db;
	bool     good = sqlite3_open(path, &db) == SQLITE_OK &&
		    sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK;

	if (!good)
		printf("# %s\n", sqlite3_errmsg(db));
	sqlite3_close(db);
	return good;
}

/* A case of that version, as it was left behind by its program. */
static void
older_case(struct test_case *t, int version)
{
	const char *top = getenv("top_srcdir");
	char        name[512], marks[128];
	char       *sql;

	case_new(t);
	snprintf(name, sizeof(name), "%s/tests/schemas/%d.sql", top ? top : ".", version);
	snprintf(marks, sizeof(marks),
		 "PRAGMA application_id = %d; PRAGMA user_version = %d; PRAGMA journal_mode = WAL",
		 APPLICATION_ID, version);
	sql = read_file(name);
	ok(run_sql(t->path, "PRAGMA page_size = 16384") && run_sql(t->path, sql) &&
	       run_sql(t->path, marks),
	   "a case of version %d", version);
	free(sql);
}

/* Tables with their columns in any order, views and indexes as they are written. */
static const char shape_sql[] =
    "SELECT type || ' ' || name || ': ' || CASE type WHEN 'table' THEN "
    " (SELECT group_concat(c, ', ') FROM (SELECT name || ' ' || type || ' ' || \"notnull\" || ' ' "
    "   || coalesce(dflt_value, '-') || ' ' || pk AS c FROM pragma_table_xinfo(m.name) "
    "   ORDER BY name)) ELSE coalesce(sql, '') END "
    "FROM sqlite_schema m WHERE name NOT LIKE 'sqlite_%' AND name NOT LIKE 'event_by_%' "
    "ORDER BY type, name";

static struct text
shape_of(const char *path, struct arena *keep)
{
	sqlite3      *db;
	sqlite3_stmt *st = NULL;
	struct text   all = TEXT("");

	sqlite3_open(path, &db);
	sqlite3_prepare_v2(db, shape_sql, -1, &st, NULL);
	while (sqlite3_step(st) == SQLITE_ROW)
		all = arena_printf(keep, TEXT_FMT "%s\n", TEXT_ARG(all),
				   (const char *)sqlite3_column_text(st, 0));
	sqlite3_finalize(st);
	sqlite3_close(db);
	return all;
}

/* Says where they part. */
static bool
same_lines(struct text got, struct text want)
{
	while (got.n && want.n) {
		struct text g = text_cut(&got, '\n'), w = text_cut(&want, '\n');

		if (!text_eq(g, w)) {
			printf("# migrated " TEXT_FMT "\n# new      " TEXT_FMT "\n", TEXT_ARG(g),
			       TEXT_ARG(w));
			return false;
		}
	}
	return got.n == want.n;
}

static bool
keep_finding(void *ctx, const struct finding_row *row)
{
	struct finding_row *out = ctx;

	*out = (struct finding_row){ .id = row->id };
	return true;
}

/* How many events may have that in a value, as far as sketches tell. */
static size_t
candidates(struct test_case *t, const char *words)
{
	struct text          literal = text_of(words);
	struct literal_group group = { &literal, 1 };
	int64_t             *blocks;
	size_t               n = 0;

	if (!sketch_candidates(t->cf, SEGMENT_FIELDS, &group, 1, &t->arena, &blocks, &n, &t->err))
		printf("# %s\n", t->err.what);
	return n;
}

static bool
count_entry(void *ctx, const struct work_entry *e)
{
	*(int *)ctx += e->current && (e->author.n == 0 || text_eq(e->author, TEXT("kim@lab")));
	return true;
}

static uint64_t
events_of(struct test_case *t, struct text path)
{
	struct condition   c = { .part = FILTER_EVIDENCE, .values = &path, .n_values = 1 };
	struct case_filter f = CASE_FILTER_ALL;
	uint64_t           n = 0;
	bool               exact;

	f.conditions = &c;
	f.n_conditions = 1;
	if (!query_count_events(t->cf, &f, &n, &exact, &t->err))
		printf("# %s\n", t->err.what);
	return n;
}

/* Version 1 did not know bookmarks. */
static void
what_the_analyst_did_is_there(struct test_case *t, int version)
{
	bool               marks = version > 1;
	struct case_filter all = CASE_FILTER_ALL;
	struct finding_row row = { 0 };
	struct case_macro *macros;
	struct case_info   info;
	struct event       ev;
	struct event_rule       *rules;
	int                entries = 0;

	ok(casefile_info(t->cf, &t->arena, &info, &t->err) && info.events == 2 &&
	       info.schema_version == SCHEMA_VERSION,
	   "it has its events and is of this version");
	ok(events_of(t, TEXT("one.ndjson")) == 2 && events_of(t, TEXT("two.ndjson")) == 0,
	   "its file leads to its events");
	ok(query_event(t->cf, 1, true, &t->arena, &ev, &t->err), "its events are read");
	is(event_get(&ev, TEXT("ScriptBlockText")), TEXT("New-CimSession -ComputerName WS-03"),
	   "with their fields");
	ok(candidates(t, "new-cimsession") == 1 && candidates(t, "new-psdrive") == 0,
	   "its sketches tell what is in them");
	ok(query_event_rules(t->cf, 1, &t->arena, &rules) == 1, "an event knows the rule that it hit");
	is(rules[0].id, TEXT("651ee958-a433-471c-b264-39725b788b83"), "by its id");
	ok(query_findings(t->cf, &all, keep_finding, &row, &t->err) && row.id == 1 &&
	       query_finding(t->cf, 1, &t->arena, &row, &t->err),
	   "its finding is there");
	ok(row.finding.n_fields == 6 && row.finding.n_threats == 0 && row.finding.n_events == 1 &&
	       row.finding.events[0] == 1,
	   "with all its lists");
	is(row.finding.fields[2].value, TEXT("New-CimSession -ComputerName WS-03"), "as they were");
	ok(row.finding.key.n == DIGEST_HEX && work_finding_known(t->cf, row.finding.key),
	   "and is found by its key");
	ok(db_int(t->cf, "SELECT count(*) FROM work w JOIN findings f ON f.finding_id = w.id WHERE "
			 "length(w.key) = 32 AND lower(hex(w.key)) = f.key", 0) == 1,
	   "which lies there as its bytes");
	is(row.verdict, TEXT("true positive"), "with its verdict");
	is(row.note, TEXT("seen with Kim"), "and its note");
	ok(row.bookmark == marks, "and its bookmark");
	ok(work_log(t->cf, 1, count_entry, &entries, &t->err) && entries == 2 + marks,
	   "all of it is in the log, with its author as far as known");
	ok(case_macros(t->cf, &t->arena, &macros) == 1, "the analyst's filter is there");
	is(macros[0].definition,
	   version == 1 ? TEXT("search host!=WS-99") : TEXT("search Computer!=WS-99"), "as it was");
}

/* What a later version has, works in an older case. */
static void
an_event_of_an_older_case_is_noted(int version)
{
	struct test_case  t;
	struct work_state said;

	older_case(&t, version);
	case_open(&t, CASEFILE_WORK);
	ok(work_set_event(t.cf, 2, WORK_NOTE, TEXT("look"), &t.err), "an event gets a note");
	ok(work_state(t.cf, 0, 2, &t.arena, &said) && said.event == 2, "and has it");
	is(said.key, TEXT("event|ws-03|Security|4624|r8|1599998700000000000"),
	   "under what its record is");
	case_done(&t);
}

static void
an_older_case_is_brought_up_to_date(int version, enum casefile_mode mode)
{
	struct test_case t, fresh;
	char             lock[128];

	older_case(&t, version);
	ok(case_open(&t, mode), "it opens");
	if (t.err.what[0])
		printf("# %s: %s\n", t.err.where, t.err.what);
	if (t.cf)
		what_the_analyst_did_is_there(&t, version);
	snprintf(lock, sizeof(lock), "%s-import.lock", t.path);
	ok((access(lock, F_OK) == 0) == (mode == CASEFILE_IMPORT), "only an import keeps the lock");
	case_new(&fresh);
	case_open(&fresh, CASEFILE_IMPORT);
	ok(same_lines(shape_of(t.path, &t.arena), shape_of(fresh.path, &fresh.arena)),
	   "its tables, indexes and views are those of a new case");
	case_done(&fresh);
	ok(case_open(&t, CASEFILE_READ), "it opens again");
	case_done(&t);
}

static void
an_import_goes_on_in_an_older_case(int version)
{
	struct test_case t;
	struct case_info info;

	older_case(&t, version);
	case_open(&t, CASEFILE_IMPORT);
	case_file(&t, "b", NULL);
	for (uint64_t r = 1; r <= 50; r++) {
		struct event ev = event_new(&t.arena, "WS-09", "Security", 4624, r, (int64_t)r);

		batch_add(t.batch, &ev, NULL, 0);
	}
	ok(case_commit(&t) && import_finish(t.cf, NULL, NULL, &t.err), "more evidence is taken in");
	ok(candidates(&t, "new-cimsession") == 1 && candidates(&t, "test-provider") == 1,
	   "sketches have both");
	ok(casefile_info(t.cf, &t.arena, &info, &t.err) && info.events == 52 && info.hosts == 3,
	   "beside what was there");
	case_done(&t);
}

/* Another block for the two events of the case: the second one joined a group, and is by whom it names. */
static void
join_a_group(struct test_case *t)
{
	static const char put[] = "UPDATE block SET data = ?1";
	struct event      ev = event_new(&t->arena, "WS-07.corp.example", "Security", 4104, 7, 1);
	sqlite3          *db;
	sqlite3_stmt     *st = NULL;

	batch_reset(t->batch, 1);
	batch_add(t->batch, &ev, NULL, 0);
	ev = event_new(&t->arena, "WS-03", "Security", 4732, 8, 2);
	event_with(&ev, &t->arena, "MemberName", TEXT("-"));
	event_with(&ev, &t->arena, "MemberSid", TEXT("S-1-5-21-1-2-3-1105"));
	event_with(&ev, &t->arena, "SubjectUserName", TEXT("kim"));
	event_with(&ev, &t->arena, "SubjectUserSid", TEXT("S-1-5-21-1-2-3-1105"));
	batch_add(t->batch, &ev, NULL, 0);
	batch_seal(t->batch);
	sqlite3_open(t->path, &db);
	sqlite3_prepare_v2(db, put, -1, &st, NULL);
	sqlite3_bind_blob(st, 1, t->batch->blocks[0].packed.p, (int)t->batch->blocks[0].packed.n,
			  SQLITE_STATIC);
	ok(sqlite3_step(st) == SQLITE_DONE, "of which one joined a group");
	sqlite3_finalize(st);
	sqlite3_close(db);
	run_sql(t->path, "UPDATE event SET code = 4732 WHERE id = 2");
}

static void
what_its_events_say_of_identifiers_counts(int version)
{
	struct test_case t;
	struct event     ev;

	older_case(&t, version);
	join_a_group(&t);
	case_open(&t, CASEFILE_READ);
	case_open(&t, CASEFILE_IMPORT);
	case_file(&t, "b", NULL);
	ev = event_new(&t.arena, "WS-09", "Security", 4624, 1, 1);
	batch_add(t.batch, &ev, NULL, 0);
	ok(case_commit(&t) && import_finish(t.cf, NULL, NULL, &t.err), "more evidence is taken in");
	query_event(t.cf, 2, true, &t.arena, &ev, &t.err);
	is(event_get(&ev, TEXT("MemberSid_decoded")), TEXT("kim"),
	   "a member that nobody named before has the name that events of before say");
	case_done(&t);
}

static void
an_older_case_that_must_not_be_written_is_refused(void)
{
	struct test_case t;
	struct stat      before, after;

	older_case(&t, 1);
	stat(t.path, &before);
	ok(!case_open(&t, CASEFILE_UNTOUCHED) && t.err.kind == ERR_INPUT &&
	       strstr(t.err.what, "made by an older auger (schema 1"),
	   "an older case is refused where nothing may be written, in clear words");
	stat(t.path, &after);
	ok(before.st_size == after.st_size && before.st_mtim.tv_sec == after.st_mtim.tv_sec &&
	       before.st_mtim.tv_nsec == after.st_mtim.tv_nsec,
	   "and is as it was");
	case_done(&t);
}

static void
no_two_versions_work_in_one_case(void)
{
	struct test_case t;
	struct casefile *import, *reader = NULL;
	struct err       err = { 0 };

	older_case(&t, 1);
	ok(casefile_open(&import, t.path, CASEFILE_IMPORT, 0, &err), "an import holds the case");
	run_sql(t.path, "PRAGMA user_version = 1");
	ok(!casefile_open(&reader, t.path, CASEFILE_WORK, 0, &err) &&
	       strstr(err.what, "another import"),
	   "it is not changed under the importer of an older program");
	casefile_close(import);
	case_done(&t);
}

static void
a_migration_that_fails_changes_nothing(void)
{
	struct test_case t;
	struct text      before;

	older_case(&t, 1);
	/* A name that a view of the schema needs is taken. */
	run_sql(t.path, "DROP VIEW notes; CREATE TABLE notes(mine); INSERT INTO notes VALUES(1)");
	before = shape_of(t.path, &t.arena);
	ok(!case_open(&t, CASEFILE_WORK) && strstr(t.err.what, "cannot be brought up to date"),
	   "a case that cannot be migrated says so");
	ok(before.n && text_eq(shape_of(t.path, &t.arena), before), "and is as it was");
	case_done(&t);
}

static void
a_trap_in_an_older_case_is_seen_before_anything_is_done(void)
{
	struct test_case t;

	older_case(&t, 1);
	run_sql(t.path, "CREATE TRIGGER trap AFTER UPDATE ON work BEGIN DELETE FROM event; END");
	ok(!case_open(&t, CASEFILE_WORK) && strstr(t.err.what, "not those of a case"),
	   "an older case with a trap is refused");
	case_done(&t);
}

/* His views may name tables that are made anew, and those that are no more. */
static void
views_of_the_analyst_stay_as_they_are(int version)
{
	struct test_case t;

	older_case(&t, version);
	run_sql(t.path, "CREATE VIEW of_mine AS SELECT key FROM work; "
			"CREATE VIEW of_hits AS SELECT event FROM hit; "
			"CREATE VIEW of_lists AS SELECT name, value FROM finding_field");
	ok(case_open(&t, CASEFILE_WORK), "a case with views of the analyst is brought up to date");
	casefile_close(t.cf);
	t.cf = NULL;
	ok(run_sql(t.path, "CREATE TABLE seen AS SELECT key FROM of_mine; "
			   "INSERT INTO seen SELECT event FROM of_hits"),
	   "and they say what they said");
	case_done(&t);
}

int
main(void)
{
	for (int version = 1; version < SCHEMA_VERSION; version++) {
		an_older_case_is_brought_up_to_date(version, CASEFILE_READ);
		an_older_case_is_brought_up_to_date(version, CASEFILE_WORK);
		an_older_case_is_brought_up_to_date(version, CASEFILE_IMPORT);
		an_import_goes_on_in_an_older_case(version);
		an_event_of_an_older_case_is_noted(version);
		views_of_the_analyst_stay_as_they_are(version);
		what_its_events_say_of_identifiers_counts(version);
	}
	an_older_case_that_must_not_be_written_is_refused();
	no_two_versions_work_in_one_case();
	a_migration_that_fails_changes_nothing();
	a_trap_in_an_older_case_is_seen_before_anything_is_done();
	return done_testing();
}
