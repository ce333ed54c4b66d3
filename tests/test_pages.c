/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pages of a case: those that are not as auger wrote them, one by one and together, are told. */
#include "config.h"

#include <fcntl.h>
#include <sys/stat.h>

#include "store/db.h"
#include "store/pages.h"
#include "tests/cases.h"

static int
problems_of(struct test_case *t)
{
	int problems = 0;

	if (!case_open(t, CASEFILE_READ) ||
	    !casefile_verify(t->cf, count_problem, &problems, &t->err))
		problems = 1;
	return problems;
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
change(struct test_case *t, const char *sql)
{
	return db_begin(t->cf, &t->err) && db_run(t->cf, sql, &t->err) &&
	       db_run(t->cf, "COMMIT", &t->err);
}

static void
other_programs_may_empty_the_log_while_an_import_writes(void)
{
	struct test_case t;

	case_of_some_pages(&t, false);
	case_open(&t, CASEFILE_IMPORT);
	ok(change(&t, "UPDATE event SET code = 2"), "an import writes");
	run_sql_through(NULL, t.path, "PRAGMA wal_checkpoint(TRUNCATE)");
	db_run(t.cf, "PRAGMA shrink_memory", &t.err);
	ok(change(&t, "UPDATE event SET code = 3 WHERE id = 7") &&
	       db_int(t.cf, "SELECT sum(code) FROM event", 0) == 2 * 3000 + 1,
	   "it reads and writes on when another program has put its log into the case");
	casefile_close(t.cf);
	t.cf = NULL;
	ok(problems_of(&t) == 0 && casefile_unsummed(t.cf) != NULL,
	   "the case is whole, and says that some of its pages have no checksum");
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
	ok(problems_of(&t) == 0, "a page of it that a killed program wrote by half is no damage");
	case_done(&t);
}

/* Where SQLite has its locks, from 1 GiB on, it writes nothing. */
static void
the_page_of_locks_is_not_damaged(void)
{
	struct test_case t;
	int64_t          locks = (1 << 30) / 16384 + 1;
	uint64_t         sum;

	case_of_some_pages(&t, false);
	if (truncate(t.path, (locks + 2) * 16384) != 0)
		abort();
	case_open(&t, CASEFILE_READ);
	ok(pages_look(t.cf->db, locks, &sum), "the page of locks is zero in a case that is whole");
	ok(!pages_look(t.cf->db, locks - 1, &sum) && !pages_look(t.cf->db, locks + 1, &sum),
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

static char *
whole_file(const char *path, size_t *n)
{
	struct stat st;
	int         fd = open(path, O_RDONLY);
	char       *p = fd >= 0 && fstat(fd, &st) == 0 ? malloc((size_t)st.st_size) : NULL;

	if (!p || pread(fd, p, (size_t)st.st_size, 0) != st.st_size)
		abort();
	close(fd);
	*n = (size_t)st.st_size;
	return p;
}

static void
put_page(const char *path, size_t page, const char *bytes)
{
	int fd = open(path, O_WRONLY);

	if (pwrite(fd, bytes + page * 16384, 16384, (off_t)(page * 16384)) != 16384)
		abort();
	close(fd);
}

static void
a_page_put_back_as_it_was_before_is_found(void)
{
	struct test_case t;
	size_t           n, m, differ = 0, told = 0;
	char            *before, *now;

	case_of_some_pages(&t, false);
	before = whole_file(t.path, &n);
	case_open(&t, CASEFILE_IMPORT);
	ok(db_run(t.cf, "UPDATE event SET code = 2 WHERE id % 3 = 0", &t.err) &&
	       db_set(t.cf, "a", TEXT("b"), &t.err),
	   "a case is changed, nothing becomes more or less");
	casefile_close(t.cf);
	t.cf = NULL;
	ok(is_whole(&t), "it is whole");
	now = whole_file(t.path, &m);
	for (size_t page = 0; page < n / 16384; page++) {
		if (memcmp(before + page * 16384, now + page * 16384, 16384) == 0)
			continue;
		differ++;
		put_page(t.path, page, before);
		told += problems_of(&t) > 0;
		casefile_close(t.cf);
		t.cf = NULL;
		put_page(t.path, page, now);
	}
	ok(differ > 3 && told == differ, "each page as it was before is found: %zu of %zu", told,
	   differ);
	ok(is_whole(&t), "with all as they are now it is whole again");
	free(before);
	free(now);
	case_done(&t);
}

int
main(void)
{
	a_page_of_another_place_is_damage();
	other_programs_may_read_but_not_write();
	other_programs_may_empty_the_log_while_an_import_writes();
	copies_that_other_programs_make_are_whole();
	a_page_that_the_log_has_may_be_half_written();
	the_page_of_locks_is_not_damaged();
	a_header_that_is_damaged_meanwhile_does_not_end_the_checks();
	a_page_put_back_as_it_was_before_is_found();
	return done_testing();
}
