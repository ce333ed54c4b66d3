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
#include "store/work.h"
#include "tests/cases.h"

static void
write_file(const char *path, const char *bytes, size_t n)
{
	FILE *f = fopen(path, "wb");

	if (!f || fwrite(bytes, 1, n, f) != n)
		abort();
	fclose(f);
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
	char             lock[128], link[128];

	case_new(&t);
	snprintf(lock, sizeof(lock), "%s-import.lock", t.path);
	case_open(&t, CASEFILE_IMPORT);
	ok(!casefile_open(&second, t.path, CASEFILE_IMPORT, 0, &t.err) &&
	       says(&t, "another import"),
	   "a second import is refused");
	snprintf(link, sizeof(link), "%s/link.auger", t.folder);
	t.err = (struct err){ 0 };
	ok(symlink("x.auger", link) == 0 &&
	       !casefile_open(&second, link, CASEFILE_IMPORT, 0, &t.err) && says(&t, "another import"),
	   "also under another name of the case");
	unlink(link);
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

/* A value longer than SQLite is allowed to read stands for a full disk, where it sorts, or a lock. */
static bool
reads_long(struct test_case *t, bool may)
{
	sqlite3_limit(t->cf->db, SQLITE_LIMIT_LENGTH, may ? 1 << 20 : 1000);
	return !text_absent(casefile_get(t->cf, "tui.long", &t->arena));
}

/* Somebody is told of what failed, and goes on as if there were nothing. */
static void
asks_long_and_goes_on(struct test_case *t)
{
	struct err told = { 0 };
	int64_t    n;

	sqlite3_limit(t->cf->db, SQLITE_LIMIT_LENGTH, 1000);
	db_get_int(t->cf, "SELECT value FROM setting WHERE name = 'tui.long'", 0, &n, &told);
	ok(told.kind == ERR_IO, "an asker is told: %s", told.what);
	sqlite3_limit(t->cf->db, SQLITE_LIMIT_LENGTH, 1 << 20);
}

static void
what_is_not_read_is_told_whatever_the_reason(void)
{
	struct test_case t;
	struct text      text;

	case_new(&t);
	case_open(&t, CASEFILE_IMPORT);
	case_open(&t, CASEFILE_WORK);
	text = (struct text){ memset(arena_new(&t.arena, char, 40000), 'a', 40000), 40000 };
	ok(casefile_set(t.cf, "tui.long", text, &t.err) && reads_long(&t, true) &&
	       casefile_whole(t.cf, &t.err),
	   "what was read is whole");
	ok(!reads_long(&t, false) && !casefile_whole(t.cf, &t.err) && t.err.kind == ERR_IO,
	   "an answer without what could not be read is not: %s", t.err.what);
	t.err = (struct err){ 0 };
	ok(work_begin(t.cf, &t.err) && casefile_set(t.cf, "tui.a", TEXT("1"), &t.err) &&
	       work_end(t.cf, true, &t.err),
	   "what could not be shown once is no reason to write no more");
	ok(!casefile_whole(t.cf, &t.err), "but stays known");
	casefile_told(t.cf);
	asks_long_and_goes_on(&t);
	ok(!casefile_whole(t.cf, &t.err), "so does what was told to one who went on without it");
	t.err = (struct err){ 0 };
	work_begin(t.cf, &t.err);
	casefile_set(t.cf, "tui.b", TEXT("1"), &t.err);
	ok(!reads_long(&t, false) && !casefile_set(t.cf, "tui.c", TEXT("1"), &t.err) &&
	       !db_run(t.cf, "DELETE FROM setting", &t.err),
	   "behind a read that failed in the middle of work nothing is written");
	t.err = (struct err){ 0 };
	ok(!work_end(t.cf, true, &t.err) && t.err.kind == ERR_IO, "the work says why");
	case_open(&t, CASEFILE_READ);
	is(casefile_get(t.cf, "tui.a", &t.arena), TEXT("1"), "work before it is there");
	ok(text_absent(casefile_get(t.cf, "tui.b", &t.arena)), "of the other nothing is");
	case_done(&t);
}

/* So many that the questions it takes are long together: the flag is looked at by and by. */
#define ASKED_OFTEN 1000

static void
what_was_stopped_is_no_failure(void)
{
	const atomic_bool flag = true;
	unsigned          n = 0;
	struct test_case  t;
	struct event      ev;

	case_new(&t);
	case_open(&t, CASEFILE_IMPORT);
	case_file(&t, "a", NULL);
	for (uint64_t i = 1; i <= ASKED_OFTEN + 2; i++) { /* a block each, the last two a script */
		ev = i <= ASKED_OFTEN ? event_new(&t.arena, "WS-07", "Security", 1, i, (int64_t)i)
				      : event_script(&t.arena, "WS-07", i, "5a6b7c8d",
						     (uint32_t)(i - ASKED_OFTEN), 2, TEXT("x"));
		batch_add(t.batch, &ev, NULL, 0);
		case_commit(&t);
	}
	import_finish(t.cf, NULL, NULL, &t.err);
	case_open(&t, CASEFILE_READ);
	casefile_cancel(t.cf, &flag);
	for (int64_t i = 1; i <= ASKED_OFTEN; i++)
		n += query_event(t.cf, i, true, &t.arena, &ev, NULL);
	ok(n < ASKED_OFTEN && casefile_whole(t.cf, &t.err),
	   "events that were not read because the reader was stopped are no damage: %s", t.err.what);
	n = 0;
	for (int64_t i = 1; i <= ASKED_OFTEN; i++)
		n += query_event(t.cf, ASKED_OFTEN + 1, true, &t.arena, &ev, NULL);
	casefile_cancel(t.cf, NULL);
	ok(n < ASKED_OFTEN && casefile_whole(t.cf, &t.err), "nor are scripts: %s", t.err.what);
	ok(query_event(t.cf, 1, true, &t.arena, &ev, NULL) &&
	       query_event(t.cf, ASKED_OFTEN + 1, true, &t.arena, &ev, NULL),
	   "they can be read afterwards");
	case_done(&t);
}

static void
what_rests_on_a_read_that_was_stopped_is_not_kept(void)
{
	const atomic_bool flag = true;
	struct test_case  t;
	unsigned          n = 0;

	case_new(&t);
	case_open(&t, CASEFILE_IMPORT);
	case_open(&t, CASEFILE_WORK);
	casefile_set(t.cf, "tui.a", TEXT("1"), &t.err);
	work_begin(t.cf, &t.err);
	casefile_cancel(t.cf, &flag);
	for (int i = 0; i < ASKED_OFTEN; i++)
		n += !text_absent(casefile_get(t.cf, "tui.a", &t.arena));
	casefile_cancel(t.cf, NULL);
	ok(n < ASKED_OFTEN && !work_end(t.cf, true, &t.err) && t.err.kind == ERR_CANCEL,
	   "work in which a question was stopped is given up, and says that it was stopped: %s",
	   t.err.what);
	case_done(&t);
}

static void
nothing_is_written_into_a_case_that_lost_its_name(void)
{
	struct test_case t;
	char             away[128];

	case_new(&t);
	snprintf(away, sizeof(away), "%s/away.auger", t.folder);
	case_open(&t, CASEFILE_IMPORT);
	case_file(&t, "a", NULL);
	ok(rename(t.path, away) == 0 && !case_commit(&t) && says(&t, "moved, removed or replaced") &&
	       t.err.kind == ERR_IO,
	   "an import into a case that was moved ends");
	write_file(t.path, "another", 7);
	t.err = (struct err){ 0 };
	ok(!casefile_set(t.cf, "tui.a", TEXT("1"), &t.err) && says(&t, "replaced"),
	   "so does one into a case that was replaced");
	ok(rename(away, t.path) == 0 && casefile_set(t.cf, "tui.a", TEXT("1"), &t.err),
	   "back in its place it is written as before");
	case_open(&t, CASEFILE_READ);
	is(casefile_get(t.cf, "tui.a", &t.arena), TEXT("1"), "and what was written is there");
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
	what_is_not_read_is_told_whatever_the_reason();
	what_was_stopped_is_no_failure();
	what_rests_on_a_read_that_was_stopped_is_not_kept();
	nothing_is_written_into_a_case_that_lost_its_name();
	a_reader_sees_whole_batches_while_an_import_runs();
	what_is_read_together_is_of_one_state();
	damage_is_found();
	an_event_of_impossible_number_ends_imports_not_the_program();
	a_damaged_byte_anywhere_does_no_harm();
	return done_testing();
}
