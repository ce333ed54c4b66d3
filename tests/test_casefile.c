/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Case files: what is refused, who may write, what readers see meanwhile. */
#include "config.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <sqlite3.h>

#include "store/db.h"
#include "store/findings.h"
#include "store/pages.h"
#include "store/query.h"
#include "tests/cases.h"

static bool
says(const struct test_case *t, const char *words)
{
	bool found = strstr(t->err.what, words) != NULL;

	if (!found)
		printf("# got '%s: %s'\n", t->err.where, t->err.what);
	return found;
}

static void
write_file(const char *path, const char *bytes, size_t n)
{
	FILE *f = fopen(path, "wb");

	if (!f || fwrite(bytes, 1, n, f) != n)
		abort();
	fclose(f);
}

static void
run_sql_through(const char *vfs, const char *path, const char *sql)
{
	sqlite3 *db;

	if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, vfs) != SQLITE_OK ||
	    sqlite3_exec(db, sql, NULL, NULL, NULL))
		printf("# %s: %s\n", sql, sqlite3_errmsg(db));
	sqlite3_close(db);
}

/* With checksums that are right, as somebody who has auger could make them. */
static void
run_sql(const char *path, const char *sql)
{
	run_sql_through(pages_vfs(), path, sql);
}

static void
what_is_no_case_is_refused(void)
{
	struct test_case t;
	enum casefile_mode modes[] = { CASEFILE_READ, CASEFILE_WORK, CASEFILE_IMPORT };

	case_new(&t);
	ok(!case_open(&t, CASEFILE_READ) && says(&t, "no such case") && t.err.kind == ERR_INPUT,
	   "a case that does not exist is not made for reading");
	ok(strcmp(t.err.where, t.path) == 0, "the error names it");
	write_file(t.path, "", 0);
	ok(!case_open(&t, CASEFILE_READ) && says(&t, "not a case"), "nor is an empty file one");
	write_file(t.path, "MZ, not an SQLite file, but long enough to be looked at properly", 64);
	for (size_t i = 0; i < 3; i++)
		ok(!case_open(&t, modes[i]) && says(&t, "not a case") && t.err.kind == ERR_INPUT,
		   "a file of another kind is refused");
	unlink(t.path);
	run_sql(t.path, "CREATE TABLE mine(x); INSERT INTO mine VALUES(1)");
	for (size_t i = 0; i < 3; i++)
		ok(!case_open(&t, modes[i]) && says(&t, "not a case"),
		   "a database of another program is refused");
	run_sql(t.path, "INSERT INTO mine VALUES(2)");
	unlink(t.path);
	mkdir(t.path, 0700);
	ok(!case_open(&t, CASEFILE_IMPORT) && says(&t, "not a case"), "a folder is refused");
	rmdir(t.path);
	case_done(&t);
}

static void
a_case_cut_off_while_it_was_made_is_completed(void)
{
	struct test_case t;

	case_new(&t);
	run_sql(t.path, "PRAGMA page_size = 16384; PRAGMA journal_mode = WAL; VACUUM");
	ok(!case_open(&t, CASEFILE_READ) && says(&t, "no case yet"), "it is no case for reading");
	ok(case_open(&t, CASEFILE_IMPORT), "an import makes it one");
	case_file(&t, "a", NULL);
	ok(t.evidence == 1, "and goes on");
	case_done(&t);
}

static void
a_newer_case_is_refused(void)
{
	struct test_case t;

	case_new(&t);
	case_open(&t, CASEFILE_IMPORT);
	casefile_close(t.cf);
	t.cf = NULL;
	run_sql(t.path, "PRAGMA user_version = 7");
	ok(!case_open(&t, CASEFILE_READ) && says(&t, "made by a newer auger (schema 7") &&
	       t.err.kind == ERR_INPUT,
	   "a case of a newer schema is refused in clear words");
	case_done(&t);
}

static void
a_case_that_would_run_something_is_refused(void)
{
	static const char *const traps[] = {
		"CREATE TRIGGER trap AFTER UPDATE ON work BEGIN DELETE FROM event; END",
		"DROP TABLE host; CREATE VIEW host AS SELECT 1 AS id",
		"CREATE VIRTUAL TABLE trap USING fts5(x)",
		"DROP TABLE host_name; CREATE VIEW host_name AS SELECT 1 AS host, 'x' AS name",
		("DROP TABLE channel; CREATE VIEW channel AS WITH RECURSIVE n(id) AS (SELECT 1 "
		 "UNION ALL SELECT id + 1 FROM n) SELECT id, 'x' AS name FROM n"),
	};

	for (size_t i = 0; i < sizeof(traps) / sizeof(*traps); i++) {
		struct test_case t;

		case_new(&t);
		case_open(&t, CASEFILE_IMPORT);
		casefile_close(t.cf);
		t.cf = NULL;
		run_sql(t.path, traps[i]);
		ok(!case_open(&t, CASEFILE_READ) && says(&t, "not those of a case"),
		   "a case with a trap is refused");
		case_done(&t);
	}
}

static void
reading_writes_nothing(void)
{
	struct test_case t;
	struct case_info info;

	case_new(&t);
	case_open(&t, CASEFILE_IMPORT);
	ok(case_open(&t, CASEFILE_READ), "a case opens for reading");
	ok(!casefile_set(t.cf, "tui.sort", TEXT("risk"), &t.err), "and cannot be written");
	ok(case_open(&t, CASEFILE_WORK), "it opens for work");
	ok(casefile_set(t.cf, "tui.sort", TEXT("risk"), &t.err), "settings are kept");
	is(casefile_get(t.cf, "tui.sort", &t.arena), TEXT("risk"), "and read");
	ok(text_absent(casefile_get(t.cf, "tui.other", &t.arena)), "others are absent");
	ok(casefile_info(t.cf, &t.arena, &info, &t.err) && info.clock_ns == WHEN_NONE &&
	       info.events == 0,
	   "an empty case has no clock");
	ok(casefile_set_clock(t.cf, T0, &t.err) &&
	       casefile_info(t.cf, &t.arena, &info, &t.err) && info.clock_ns == T0 &&
	       info.clock_set,
	   "unless one is set");
	ok(casefile_source(t.cf).case_clock_ns == T0, "searches see it");
	casefile_set_clock(t.cf, WHEN_NONE, &t.err);
	ok(casefile_info(t.cf, &t.arena, &info, &t.err) && !info.clock_set, "and taken back");
	case_done(&t);
}

static void
one_import_at_a_time(void)
{
	struct test_case t;
	struct casefile *second;
	char             lock[128];

	case_new(&t);
	snprintf(lock, sizeof(lock), "%s-import.lock", t.path);
	case_open(&t, CASEFILE_IMPORT);
	ok(!casefile_open(&second, t.path, CASEFILE_IMPORT, 0, &t.err) &&
	       says(&t, "another import"),
	   "a second import is refused");
	ok(access(lock, F_OK) == 0, "the first keeps its lock");
	struct err none = { 0 };

	ok(casefile_open(&second, t.path, CASEFILE_WORK, 0, &none), "work goes on meanwhile");
	casefile_close(second);
	case_file(&t, "a", NULL);
	ok(t.evidence == 1, "and so does the import");
	casefile_close(t.cf);
	t.cf = NULL;
	ok(access(lock, F_OK) != 0, "the lock file goes with the import");
	write_file(lock, "", 0);
	ok(case_open(&t, CASEFILE_IMPORT), "one left behind by a crash does not matter");
	case_done(&t);
}

static void
a_reader_sees_whole_batches_while_an_import_runs(void)
{
	struct test_case t;
	struct casefile *reader;
	struct case_info info;

	case_new(&t);
	case_open(&t, CASEFILE_IMPORT);
	ok(casefile_open(&reader, t.path, CASEFILE_READ, 0, &t.err), "a reader opens the case");
	case_file(&t, "a", NULL);
	for (uint64_t b = 0; b < 3; b++) {
		for (uint64_t r = 1; r <= 100; r++) {
			struct event ev =
			    event_new(&t.arena, "WS-07", "Security", 1, b * 100 + r, 1);

			batch_add(t.batch, &ev, NULL, 0);
		}
		case_commit(&t);
		ok(casefile_info(reader, &t.arena, &info, &t.err) && info.events == (b + 1) * 100,
		   "the batch is seen at once");
	}
	casefile_close(reader);
	case_done(&t);
}

static bool
zone_is(struct casefile *cf, struct arena scratch, struct text zone)
{
	return text_eq(casefile_get(cf, "tui.zone", &scratch), zone);
}

static void
what_is_read_together_is_of_one_state(void)
{
	struct test_case t;
	struct casefile *other = NULL;
	struct arena     scratch = arena_open(1 << 16);

	case_new(&t);
	case_open(&t, CASEFILE_IMPORT);
	casefile_set(t.cf, "tui.zone", TEXT("UTC"), &t.err);
	ok(casefile_open(&other, t.path, CASEFILE_WORK, 0, &t.err), "a second reader opens it");
	casefile_read_begin(other);
	ok(zone_is(other, scratch, TEXT("UTC")), "which begins to read");
	ok(casefile_set(t.cf, "tui.zone", TEXT("local"), &t.err), "the first may still write");
	casefile_read_begin(other);
	ok(zone_is(other, scratch, TEXT("UTC")), "the second goes on with what it saw");
	casefile_read_end(other);
	ok(zone_is(other, scratch, TEXT("UTC")), "also behind a reading within the reading");
	casefile_read_end(other);
	ok(zone_is(other, scratch, TEXT("local")), "and then sees what was written");
	ok(casefile_set(other, "tui.zone", TEXT("UTC"), &t.err), "and may write, too");
	casefile_close(other);
	arena_close(&scratch);
	case_done(&t);
}

static void
count_problem(void *ctx, struct text problem)
{
	printf("# " TEXT_FMT "\n", TEXT_ARG(problem));
	(*(int *)ctx)++;
}

static void
damage_is_found(void)
{
	struct test_case t;
	int              fd;
	struct stat      st;
	struct event     ev;
	char             junk[4096];
	bool             good;

	case_new(&t);
	case_open(&t, CASEFILE_IMPORT);
	case_file(&t, "a", NULL);
	for (uint64_t r = 1; r <= 2000; r++) {
		ev = event_new(&t.arena, "WS-07", "Security", 1, r, (int64_t)r);
		event_with(&ev, &t.arena, "x", arena_printf(&t.arena, "%llx", (long long)r * 7919));
		batch_add(t.batch, &ev, NULL, 0);
	}
	case_commit(&t);
	import_finish(t.cf, NULL, NULL, &t.err);
	casefile_close(t.cf);
	t.cf = NULL;
	memset(junk, 0xa5, sizeof(junk));
	fd = open(t.path, O_RDWR);
	fstat(fd, &st);
	for (off_t at = 16384 * 2; at + 4096 < st.st_size; at += 16384)
		if (pwrite(fd, junk, sizeof(junk), at) < 0)
			abort();
	close(fd);
	good = case_open(&t, CASEFILE_READ);
	for (int64_t i = 1; i <= 2000 && good; i += 100)
		good = query_event(t.cf, i, true, &t.arena, &ev, &t.err);
	ok(!good, "damaged pages are an error, not an answer");
	ok(says(&t, "damaged") || says(&t, "cannot be read") || says(&t, "no event") ||
	       says(&t, "not those"), "in clear words");
	case_done(&t);
}

/* A case of 3000 events, closed; LOGGED: as a killed import would leave it. */
static void
case_of_some_pages(struct test_case *t, bool logged)
{
	case_new(t);
	case_open(t, CASEFILE_IMPORT);
	case_file(t, "a", NULL);
	for (uint64_t r = 1; r <= 3000; r++) {
		struct event ev = event_new(&t->arena, "WS-07", "Security", 1, r, (int64_t)r);

		batch_add(t->batch, &ev, NULL, 0);
	}
	case_commit(t);
	import_finish(t->cf, NULL, NULL, &t->err);
	sqlite3_db_config(t->cf->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, logged, NULL);
	casefile_close(t->cf);
	t->cf = NULL;
}

/* Pages that make sense, but are not as they were written, give no answer that is merely shorter. */
static void
a_page_of_another_place_is_damage(void)
{
	struct test_case t;
	struct stat      st;
	char            *whole;
	int              fd, heard = 0, pages;
	int              problems = 0;
	struct case_info info;

	case_of_some_pages(&t, false);
	fd = open(t.path, O_RDWR);
	whole = fstat(fd, &st) == 0 ? malloc((size_t)st.st_size) : NULL;
	if (!whole || pread(fd, whole, (size_t)st.st_size, 0) != st.st_size)
		abort();
	pages = (int)(st.st_size / 16384);
	for (int i = 1; i < pages; i++) {
		int other = i == pages - 1 ? 1 : i + 1;

		if (pwrite(fd, whole + (size_t)other * 16384, 16384, (off_t)i * 16384) != 16384)
			abort();
		problems = 0;
		if (!case_open(&t, CASEFILE_READ) ||
		    !casefile_verify(t.cf, count_problem, &problems, &t.err) || problems)
			heard++;
		casefile_close(t.cf);
		t.cf = NULL;
		if (pwrite(fd, whole + (size_t)i * 16384, 16384, (off_t)i * 16384) != 16384)
			abort();
	}
	ok(pages > 20 && heard == pages - 1, "each page that is another one is found: %d of %d", heard,
	   pages - 1);
	memset(whole, 0, 16384);
	if (pwrite(fd, whole, 16384, st.st_size - 16384) != 16384)
		abort();
	problems = 0;
	ok(case_open(&t, CASEFILE_READ) &&
	       casefile_verify(t.cf, count_problem, &problems, &t.err) && problems == 1,
	   "so is one of zeros");
	casefile_close(t.cf);
	t.cf = NULL;
	if (pwrite(fd, whole + (pages - 2) * 16384, 8192, st.st_size - 16384) != 8192)
		abort();
	problems = 0;
	ok(case_open(&t, CASEFILE_READ) &&
	       casefile_verify(t.cf, count_problem, &problems, &t.err) && problems == 1,
	   "and one that ends in zeros");
	ok(casefile_info(t.cf, &t.arena, &info, &t.err) || says(&t, "not as auger wrote it"),
	   "what can be read is read, the rest says why not");
	close(fd);
	free(whole);
	case_done(&t);
}

/* Another program that opens a case and closes it brings auger's log into it; what it writes itself
 * is told from that. */
static void
other_programs_may_read_but_not_write(void)
{
	struct test_case t;
	int              problems = 0;

	case_of_some_pages(&t, true);
	run_sql_through(NULL, t.path, "SELECT count(*) FROM event");
	ok(case_open(&t, CASEFILE_READ) &&
	       casefile_verify(t.cf, count_problem, &problems, &t.err) && problems == 0,
	   "a case that another program has read is whole");
	ok(casefile_unsummed(t.cf) != NULL, "it says that some of its pages have no checksum");
	casefile_close(t.cf);
	t.cf = NULL;
	case_open(&t, CASEFILE_IMPORT);
	ok(db_run(t.cf, "UPDATE event SET code = 2", &t.err), "and may be written");
	casefile_close(t.cf);
	t.cf = NULL;
	run_sql_through(NULL, t.path, "UPDATE event SET code = 3 WHERE id = 7");
	ok(case_open(&t, CASEFILE_READ) &&
	       casefile_verify(t.cf, count_problem, &problems, &t.err) && problems > 0,
	   "what another program wrote is found");
	casefile_close(t.cf);
	t.cf = NULL;
	run_sql_through(NULL, t.path, "PRAGMA user_version = 4711");
	ok(!case_open(&t, CASEFILE_READ) && says(&t, "newer auger"),
	   "a version set by hand is a version");
	case_done(&t);
}

static bool
is_whole(struct test_case *t)
{
	int  problems = 0;
	bool good = case_open(t, CASEFILE_READ) &&
		    casefile_verify(t->cf, count_problem, &problems, &t->err) && problems == 0 &&
		    casefile_unsummed(t->cf) == NULL;

	casefile_close(t->cf);
	t->cf = NULL;
	return good;
}

static void
copies_that_other_programs_make_are_whole(void)
{
	struct test_case t;
	sqlite3         *from, *to;
	sqlite3_backup  *copying;
	char             path[sizeof(t.path) + 8];

	case_of_some_pages(&t, false);
	snprintf(path, sizeof(path), "%s.copy", t.path);
	sqlite3_open(t.path, &from);
	sqlite3_open(path, &to);
	copying = sqlite3_backup_init(to, "main", from, "main");
	ok(copying && sqlite3_backup_step(copying, -1) == SQLITE_DONE &&
	       sqlite3_backup_finish(copying) == SQLITE_OK,
	   "a program copies a case page by page");
	sqlite3_close(from);
	sqlite3_close(to);
	ok(rename(path, t.path) == 0 && is_whole(&t), "the copy is whole, with its checksums");
	run_sql_through(NULL, t.path, "PRAGMA journal_mode = DELETE");
	ok(is_whole(&t), "so it is when that program keeps no log");
	ok(case_open(&t, CASEFILE_IMPORT) && casefile_version(t.cf) > 0 &&
	       db_run(t.cf, "UPDATE event SET code = 2", &t.err),
	   "an import may go on in it");
	run_sql_through(NULL, t.path, "SELECT count(*) FROM event");
	casefile_close(t.cf);
	t.cf = NULL;
	ok(is_whole(&t), "and leaves it whole");
	run_sql_through(NULL, t.path, "VACUUM");
	ok(!is_whole(&t) && !t.err.what[0], "one that was made anew has no checksums");
	chmod(t.path, 0444);
	ok(case_open(&t, CASEFILE_WORK), "and is opened where it cannot be written");
	case_done(&t);
}

static void
a_page_that_the_log_has_may_be_half_written(void)
{
	struct test_case     t;
	static const char    half[8192];
	unsigned char        number[4] = { 0 };
	char                 path[sizeof(t.path) + 8];
	off_t                page;
	int                  fd;

	case_of_some_pages(&t, false);
	case_open(&t, CASEFILE_IMPORT);
	db_run(t.cf, "UPDATE event SET code = 2", &t.err);
	sqlite3_db_config(t.cf->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
	casefile_close(t.cf);
	t.cf = NULL;
	snprintf(path, sizeof(path), "%s-wal", t.path);
	fd = open(path, O_RDONLY);
	/* the number of its first page (file format, 4.1) */
	ok(pread(fd, number, sizeof(number), 32) == sizeof(number), "a log holds pages");
	page = number[2] << 8 | number[3];
	close(fd);
	fd = open(t.path, O_RDWR);
	if (pwrite(fd, half, sizeof(half), page * 16384 - (off_t)sizeof(half)) !=
	    (ssize_t)sizeof(half))
		abort();
	close(fd);
	ok(is_whole(&t), "a page of it that a killed program wrote by half is no damage");
	case_done(&t);
}

/* Where SQLite has its locks, from 1 GiB on, it writes nothing. */
static void
the_page_of_locks_is_not_damaged(void)
{
	struct test_case t;
	int64_t          locks = (1 << 30) / 16384 + 1;

	case_of_some_pages(&t, false);
	if (truncate(t.path, (locks + 2) * 16384) != 0)
		abort();
	case_open(&t, CASEFILE_READ);
	ok(pages_look(t.cf->db, locks), "the page of locks is zero in a case that is whole");
	ok(!pages_look(t.cf->db, locks - 1) && !pages_look(t.cf->db, locks + 1),
	   "its neighbours are not");
	case_done(&t);
}

static void
a_header_that_is_damaged_meanwhile_does_not_end_the_checks(void)
{
	struct test_case t;
	struct case_info info;
	int              fd;

	case_of_some_pages(&t, false);
	case_open(&t, CASEFILE_READ);
	fd = open(t.path, O_RDWR);
	if (pwrite(fd, "", 1, 20) != 1)
		abort();
	close(fd);
	db_run(t.cf, "PRAGMA shrink_memory", &t.err);
	ok(casefile_info(t.cf, &t.arena, &info, &t.err) ? !casefile_whole(t.cf, &t.err)
							 : true,
	   "a case whose header ceases to know of checksums gives no answer");
	ok(says(&t, "page 1 is not as auger wrote it"), "and says why: %s", t.err.what);
	case_done(&t);
}

static void
an_event_of_impossible_number_ends_imports_not_the_program(void)
{
	struct test_case t;
	struct event     ev;
	bool             good;

	case_new(&t);
	case_open(&t, CASEFILE_IMPORT);
	case_file(&t, "a.evtx", NULL);
	ev = event_new(&t.arena, "WS-07", "Security", 1, 1, 1);
	batch_add(t.batch, &ev, NULL, 0);
	good = case_commit(&t) && import_finish(t.cf, NULL, NULL, &t.err) &&
	       db_run(t.cf, "UPDATE event SET id = 9223372036854775807", &t.err);
	casefile_close(t.cf);
	t.cf = NULL;
	good = good && case_open(&t, CASEFILE_IMPORT);
	ok(good && !import_finish(t.cf, NULL, NULL, &t.err) && says(&t, "event 9223372036854775807"),
	   "an import says which event cannot be: %s", t.err.what);
	case_done(&t);
}

static bool
count_row(void *ctx, const struct host_row *row)
{
	(void)row;
	(*(int *)ctx)++;
	return true;
}

static bool
count_event(void *ctx, const struct event *ev)
{
	(void)ev;
	(*(int *)ctx)++;
	return true;
}

/* Reads all there is to read; what fails must say so. */
static bool
read_all_of(struct test_case *t)
{
	struct case_filter f = CASE_FILTER_ALL;
	struct source      src;
	int                n = 0;
	bool               good = true;

	if (!case_open(t, CASEFILE_READ))
		return t->err.kind != ERR_NONE;
	src = casefile_source(t->cf);
	good = query_hosts(t->cf, &f, count_row, &n, &t->err) || t->err.kind != ERR_NONE;
	t->err = (struct err){ 0 };
	good = (src.events(src.self, pred_true(), f.span, ORDER_NEWEST_FIRST, count_event, &n,
			   &t->err) ||
		t->err.kind != ERR_NONE) &&
	       good;
	t->err = (struct err){ 0 };
	good = (casefile_verify(t->cf, count_problem, &n, &t->err) || t->err.kind != ERR_NONE) &&
	       good;
	casefile_close(t->cf);
	t->cf = NULL;
	return good;
}

static void
a_damaged_byte_anywhere_does_no_harm(void)
{
	struct test_case t;
	uint64_t         state = 88172645463325252u;
	int              said = 0, rounds = 60;
	struct stat      st;

	case_new(&t);
	case_open(&t, CASEFILE_IMPORT);
	case_file(&t, "a", NULL);
	for (uint64_t r = 1; r <= 1000; r++) {
		struct event ev = event_new(&t.arena, r % 2 ? "WS-07" : "ws-07.corp.example",
					    "Security", 1, r, (int64_t)r);

		batch_add(t.batch, &ev, NULL, 0);
	}
	case_commit(&t);
	import_finish(t.cf, NULL, NULL, &t.err);
	casefile_close(t.cf);
	t.cf = NULL;
	int   fd = open(t.path, O_RDWR);
	char *whole = fstat(fd, &st) == 0 ? malloc((size_t)st.st_size) : NULL;

	if (!whole || pread(fd, whole, (size_t)st.st_size, 0) != st.st_size)
		abort();
	for (int i = 0; i < rounds; i++) {
		for (int k = 0; k < 16; k++) {
			state = state * 6364136223846793005u + 1442695040888963407u;
			char junk = (char)(state >> 56);
			/* Half of it in the beginnings of pages, where their structure is. */
			off_t at = (off_t)((state >> 20) % (uint64_t)st.st_size);

			at = k % 2 ? at : at / 16384 * 16384 + at % 64;
			if (pwrite(fd, &junk, 1, at) != 1)
				abort();
		}
		said += read_all_of(&t);
		if (pwrite(fd, whole, (size_t)st.st_size, 0) != st.st_size ||
		    ftruncate(fd, st.st_size) != 0)
			abort();
	}
	close(fd);
	free(whole);
	ok(said == rounds, "a damaged case is read or refused, in words");
	ok(read_all_of(&t), "and the whole one is still read");
	case_done(&t);
}

int
main(void)
{
	what_is_no_case_is_refused();
	a_case_cut_off_while_it_was_made_is_completed();
	a_newer_case_is_refused();
	a_case_that_would_run_something_is_refused();
	reading_writes_nothing();
	one_import_at_a_time();
	a_reader_sees_whole_batches_while_an_import_runs();
	what_is_read_together_is_of_one_state();
	damage_is_found();
	a_page_of_another_place_is_damage();
	other_programs_may_read_but_not_write();
	copies_that_other_programs_make_are_whole();
	a_page_that_the_log_has_may_be_half_written();
	the_page_of_locks_is_not_damaged();
	a_header_that_is_damaged_meanwhile_does_not_end_the_checks();
	an_event_of_impossible_number_ends_imports_not_the_program();
	a_damaged_byte_anywhere_does_no_harm();
	return done_testing();
}
