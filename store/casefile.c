/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/casefile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/when.h"
#include "store/basis.h"
#include "store/beside.h"
#include "store/blocks.h"
#include "store/db.h"
#include "store/decoded_cache.h"
#include "store/migrate.h"
#include "store/pages.h"
#include "store/refound.h"
#include "store/scan.h"
#include "store/schema.h"
#include "store/whom.h"
#include "store/writer.h"

#define CACHE_DEFAULT   ((size_t)8 << 20)
#define BUSY_MS         15000
#define VALUE_MAX       (300 << 20) /* bytes of one value in the case */
#define PROGRESS_OPS    4000        /* SQLite instructions between two looks at the cancel flag */

/* Settings that exist only for this connection, before anything of the file is believed. */
static void
harden(struct casefile *cf)
{
	sqlite3_db_config(cf->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(cf->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	sqlite3_db_config(cf->db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
	sqlite3_db_config(cf->db, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
	sqlite3_db_config(cf->db, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
	sqlite3_limit(cf->db, SQLITE_LIMIT_LENGTH, VALUE_MAX);
	sqlite3_limit(cf->db, SQLITE_LIMIT_ATTACHED, 0);
	sqlite3_limit(cf->db, SQLITE_LIMIT_WORKER_THREADS, 0);
	sqlite3_extended_result_codes(cf->db, 1);
	sqlite3_busy_timeout(cf->db, BUSY_MS);
}

static bool
create(struct casefile *cf, struct err *err)
{
	char      sql[160];
	char      now[WHEN_TEXT_MAX];
	int64_t   at;
	size_t    n;

	snprintf(sql, sizeof(sql), "PRAGMA application_id = %d; PRAGMA user_version = %d",
		 APPLICATION_ID, SCHEMA_VERSION);
	if (!db_run(cf, "PRAGMA page_size = 16384", err) || !pages_begin(cf->db) ||
	    !db_run(cf, "PRAGMA journal_mode = WAL", err) || !db_run(cf, "BEGIN IMMEDIATE", err))
		return false;
	/* Another process may have made the case while we waited. */
	if (db_int(cf, "SELECT count(*) FROM sqlite_schema", 0) > 0)
		return db_run(cf, "ROLLBACK", err);
	when_now(&at);
	n = when_to_iso(at - at % WHEN_SECOND, now);
	if (db_run(cf, schema_sql(), err) && db_run(cf, sql, err) && db_sign(cf, err) &&
	    db_set(cf, "case.made_by", TEXT(PACKAGE_STRING), err) &&
	    (!pages_checked(cf->db) || db_set(cf, PAGES_SETTING, TEXT("all"), err)) &&
	    db_set(cf, "case.made_at", (struct text){ now, n }, err) && db_run(cf, "COMMIT", err))
		return true;
	db_rollback(cf);
	return false;
}

/* One importer at a time: an OFD lock on CASE-import.lock, which the system gives up when the
 * process ends, however it ends. */
static bool
take_import_lock(struct casefile *cf, struct err *err)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_len = 1 };
	size_t       size = strlen(cf->file) + 16;
	char        *name = malloc(size);
	struct stat  held, there;

	if (!name)
		arena_exhausted(size);
	snprintf(name, size, "%s-import.lock", cf->file);
	for (;;) {
		cf->lock_fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
		if (cf->lock_fd < 0) {
			err_set(err, ERR_IO, "in its folder nothing can be made: %s", strerror(errno));
			break;
		}
		if (fcntl(cf->lock_fd, F_OFD_SETLK, &lock) != 0) {
			if (errno == EAGAIN || errno == EACCES)
				err_set(err, ERR_INPUT, "another import into this case is running");
			else
				err_set(err, ERR_IO, "%s cannot be locked: %s", name, strerror(errno));
			break;
		}
		/* The one who held it before may have removed the file meanwhile. */
		if (fstat(cf->lock_fd, &held) == 0 && stat(name, &there) == 0 &&
		    held.st_ino == there.st_ino && held.st_dev == there.st_dev) {
			free(name);
			return true;
		}
		close(cf->lock_fd);
	}
	if (cf->lock_fd >= 0)
		close(cf->lock_fd);
	cf->lock_fd = -1;
	free(name);
	return false;
}

static void
drop_import_lock(struct casefile *cf)
{
	if (cf->lock_fd < 0)
		return;
	size_t size = strlen(cf->file) + 16;
	char  *name = malloc(size);

	if (name) {
		snprintf(name, size, "%s-import.lock", cf->file);
		unlink(name);
		free(name);
	}
	close(cf->lock_fd);
	cf->lock_fd = -1;
}

/* An older case is brought to this schema, under the lock of importers, so that none of an older
 * program is at work in it. */
static bool
bring_up_to_date(struct casefile *cf, int64_t version, struct err *err)
{
	bool held = cf->lock_fd >= 0, good;

	if (cf->mode == CASEFILE_UNTOUCHED || !casefile_writable(cf))
		return err_set(err, ERR_INPUT,
			       "made by an older auger (schema %lld, this one has %d); it is brought "
			       "up to date when it is opened where it may be written",
			       (long long)version, SCHEMA_VERSION);
	if (!held && !take_import_lock(cf, err))
		return false;
	good = schema_migrate(cf, err);
	if (!held)
		drop_import_lock(cf);
	return good;
}

static bool
check_schema(struct casefile *cf, struct err *err)
{
	int64_t application, version;

	if (!db_get_int(cf, "PRAGMA application_id", -1, &application, err) ||
	    !db_get_int(cf, "PRAGMA user_version", -1, &version, err))
		return false;
	if (application == 0 && db_int(cf, "SELECT count(*) FROM sqlite_schema", -1) == 0)
		return err_set(err, ERR_INPUT, "no case yet: the import that began it was ended at "
					       "once; the same import makes it whole");
	if (application != APPLICATION_ID || version < 1)
		return err_set(err, ERR_INPUT, "not a case file (a case is made with: auger import "
					       "CASE PATH...)");
	if (version > SCHEMA_VERSION)
		return err_set(err, ERR_INPUT,
			       "made by a newer auger (schema %lld, this one knows %d)",
			       (long long)version, SCHEMA_VERSION);
	if (!schema_check(cf, version == SCHEMA_VERSION, err))
		return false;
	return version == SCHEMA_VERSION ||
	       (bring_up_to_date(cf, version, err) && schema_check(cf, true, err));
}

static bool
only_reads(const struct casefile *cf)
{
	return cf->mode == CASEFILE_READ || cf->mode == CASEFILE_UNTOUCHED;
}

static bool
writes(const struct casefile *cf)
{
	return !only_reads(cf) && casefile_writable(cf);
}

static bool
check_sums(struct casefile *cf, struct err *err)
{
	struct arena scratch = cf->arena;

	if (text_absent(db_setting(cf, PAGES_SETTING, &scratch)) || pages_checked(cf->db))
		return true;
	return err_set(err, ERR_IO, "the case file is damaged (its header)");
}

static bool
open_db(struct casefile *cf, const char *name, int flags, const char *first)
{
	if (cf->db)
		sqlite3_close(cf->db);
	cf->db = NULL;
	if (sqlite3_open_v2(name, &cf->db, flags | SQLITE_OPEN_NOMUTEX, pages_vfs()) != SQLITE_OK)
		return false;
	harden(cf);
	/* A log that is not its own never gets into the case. */
	sqlite3_db_config(cf->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
	return sqlite3_exec(cf->db, first, NULL, NULL, NULL) == SQLITE_OK &&
	       sqlite3_exec(cf->db, "SELECT count(*) FROM sqlite_schema", NULL, NULL, NULL) ==
		   SQLITE_OK;
}

/* Where no -shm can be made: a folder that is read-only, a disk that is full. What is committed but
 * still in the -wal is read, too: without locks, the index of the log is kept in memory. */
static bool
open_in_place(struct casefile *cf, const char *path, struct arena scratch)
{
	int         flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_URI;
	const char *how;

	if (!beside_log(path, scratch))
		return open_db(cf, beside_uri(path, "?immutable=1", &scratch), flags, "");
	how = arena_printf(&scratch, "?vfs=%s", pages_vfs_unlocked()).p;
	return open_db(cf, beside_uri(path, how, &scratch), flags,
		       "PRAGMA locking_mode = EXCLUSIVE");
}

static bool
open_existing(struct casefile *cf, struct err *err)
{
	struct arena scratch = cf->arena;
	const char  *path = cf->file;
	bool         log = beside_log(path, scratch);
	int          code;

	if (!beside_no_journal(path, scratch, err))
		return false;
	/* Read-write even for reading: the last one to close then leaves no -wal and -shm behind.
	 */
	if (open_db(cf, path, SQLITE_OPEN_READWRITE, "")) {
		if (log && !beside_own_log(path, cf->db, scratch, err))
			return false;
		sqlite3_db_config(cf->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, cf->linked, NULL);
		return true;
	}
	code = db_code(cf);
	if (only_reads(cf) &&
	    (code == SQLITE_CANTOPEN || code == SQLITE_READONLY || code == SQLITE_FULL)) {
		if (open_in_place(cf, path, scratch))
			return !log || beside_own_log(path, cf->db, scratch, err);
		code = db_code(cf);
	}
	if (log && (code == SQLITE_NOTADB || code == SQLITE_CORRUPT) &&
	    !beside_log_fits(path, scratch, err))
		return false;
	if (code == SQLITE_NOTADB)
		return err_set(err, ERR_INPUT, "not a case file (a case is made with: auger import "
					       "CASE PATH...)");
	return cf->db ? db_error(cf, err) : err_set(err, ERR_IO, "out of memory");
}

/* An import that ended while it made the case left a database without any table. */
static bool
complete(struct casefile *cf, struct err *err)
{
	if (db_int(cf, "PRAGMA application_id", -1) == 0 &&
	    db_int(cf, "SELECT count(*) FROM sqlite_schema", -1) == 0)
		return create(cf, err);
	return true;
}

/* What this opening made is not left there; still under the lock of importers. */
static bool
unmake(struct casefile *cf)
{
	static const char *const ends[] = { "", "-wal", "-shm", "-journal" };
	struct arena             scratch = cf->arena;

	db_drop_statements(cf);
	sqlite3_close(cf->db);
	cf->db = NULL;
	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++)
		unlink(arena_printf(&scratch, "%s%s", cf->file, ends[i]).p);
	return false;
}

static bool
open_file(struct casefile *cf, struct err *err)
{
	struct arena scratch = cf->arena;
	struct stat  st;
	bool         there = stat(cf->path, &st) == 0;

	if (!*cf->path)
		return err_set(err, ERR_INPUT, "the path of the case is empty");
	if (!there && (cf->mode != CASEFILE_IMPORT || errno != ENOENT))
		return err_set(err, ERR_INPUT, "%s",
			       errno == ENOENT ? "no such case; auger import CASE PATH... makes one"
					       : strerror(errno));
	if (!there && lstat(cf->path, &st) == 0)
		return err_set(err, ERR_INPUT, "a symbolic link to a file that is not there");
	if (there && !S_ISREG(st.st_mode))
		return err_set(err, ERR_INPUT, "not a case file (%s)",
			       S_ISDIR(st.st_mode) ? "it is a folder" : "not a regular file");
	if (there && st.st_size == 0 && cf->mode != CASEFILE_IMPORT)
		return err_set(err, ERR_INPUT, "not a case file (it is empty)");
	cf->linked = there && st.st_nlink > 1;
	if (cf->linked && !only_reads(cf))
		return err_set(err, ERR_INPUT,
			       "the file has %llu names (hard links), and writers under two of them "
			       "would not see each other; cp makes a case of its own, or remove the others",
			       (unsigned long long)st.st_nlink);
	if (cf->mode == CASEFILE_IMPORT && !take_import_lock(cf, err))
		return false;
	if (!beside_nothing(cf->file, scratch, err))
		return false;
	cf->made = !there;
	if (there && st.st_size > 0)
		return open_existing(cf, err) && (cf->mode != CASEFILE_IMPORT || complete(cf, err));
	if (!open_db(cf, cf->file, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, ""))
		return cf->db ? db_error(cf, err) : err_set(err, ERR_IO, "out of memory");
	sqlite3_db_config(cf->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, NULL);
	return create(cf, err) || (cf->made && unmake(cf));
}

static bool
set_up(struct casefile *cf, size_t cache_bytes, struct err *err)
{
	char   sql[96];
	size_t cache = cache_bytes ? cache_bytes : CACHE_DEFAULT;

	snprintf(sql, sizeof(sql), "PRAGMA cache_size = -%zu", cache / 1024);
	if (!check_schema(cf, err) || !check_sums(cf, err) || !db_run(cf, sql, err) ||
	    !db_run(cf, "PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0", err))
		return false;
	if (only_reads(cf))
		return db_run(cf, "PRAGMA query_only = ON", err);
	/* Copies that other programs made may have no log, and a sandboxed import can make no journal. */
	if (writes(cf) && !db_run(cf, "PRAGMA journal_mode = WAL", err))
		return false;
	return db_run(cf, "PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 4000", err);
}

static int
look_at_flag(void *cf)
{
	return casefile_cancelled(cf);
}

/* Under whatever name a case is opened, what lies beside it, and the lock of importers, is the same. A path
 * is made one that SQLite takes for nothing else: not "", ":memory:" or a URI, "file:case". */
static char *
real_file(const char *path)
{
	char  *file = realpath(path, NULL);
	size_t size = strlen(path) + sizeof("./");

	if (file)
		return file;
	if (!(file = malloc(size)))
		arena_exhausted(size);
	snprintf(file, size, "%s%s", *path == '/' ? "" : "./", path);
	return file;
}

bool
casefile_open(struct casefile **out, const char *path, enum casefile_mode mode,
	      size_t cache_bytes, struct err *err)
{
	struct casefile *cf = calloc(1, sizeof(*cf));

	if (!cf || !(cf->path = strdup(path)))
		arena_exhausted(sizeof(*cf));
	/* To count what SQLite allocates takes a lock that all connections share. Only the first
	 * call, before any is open, has an effect. */
	sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
	cf->file = real_file(path);
	cf->mode = mode;
	cf->lock_fd = -1;
	cf->arena = arena_open((size_t)4 << 30);
	cf->leaf = arena_open(BLOCK_RAW_MAX);
	if (open_file(cf, err) && set_up(cf, cache_bytes, err)) {
		sqlite3_progress_handler(cf->db, PROGRESS_OPS, look_at_flag, cf);
		*out = cf;
		return true;
	}
	err_where(err, "%s", path);
	casefile_close(cf);
	*out = NULL;
	return false;
}

static void
let_go(struct casefile *cf, bool keep)
{
	if (!cf)
		return;
	cf->cancel = NULL;
	if (cf->db)
		db_rollback(cf);
	writer_free(cf->writer);
	basis_abort(cf);
	refound_forget(cf);
	whom_forget(cf);
	blocks_free(cf->blocks);
	decoded_cache_free(cf->decoded);
	db_drop_statements(cf);
	if (keep || !cf->made)
		sqlite3_close(cf->db);
	else
		unmake(cf);
	drop_import_lock(cf);
	arena_close(&cf->arena);
	arena_close(&cf->leaf);
	free(cf->path);
	free(cf->file);
	free(cf);
}

void
casefile_close(struct casefile *cf)
{
	let_go(cf, true);
}

void
casefile_discard(struct casefile *cf)
{
	let_go(cf, false);
}

const char *
casefile_path(const struct casefile *cf)
{
	return cf->path;
}

const char *
casefile_file(const struct casefile *cf)
{
	return cf->file;
}

bool
casefile_writable(const struct casefile *cf)
{
	return !cf->linked && sqlite3_db_readonly(cf->db, "main") == 0;
}

bool
casefile_linked(const struct casefile *cf)
{
	return cf->linked;
}

bool
casefile_whole(const struct casefile *cf, struct err *err)
{
	if (cf->fault.kind == ERR_NONE)
		return true;
	if (err)
		*err = cf->fault;
	return false;
}

void
casefile_told(struct casefile *cf)
{
	cf->fault = (struct err){ 0 };
}

static void
say(struct casefile *cf, const char *sql)
{
	struct ask q;

	if (ask(&q, cf, sql, NULL))
		ask_run(&q);
	ask_end(&q);
}

static const char begin_reading[] = "BEGIN";
static const char end_reading[] = "COMMIT";

void
casefile_read_begin(struct casefile *cf)
{
	if (cf->read_depth == 0 && sqlite3_get_autocommit(cf->db)) {
		say(cf, begin_reading);
		blocks_notice(cf);
		cf->reads = true;
	}
	cf->read_depth++;
}

void
casefile_read_end(struct casefile *cf)
{
	if (--cf->read_depth || !cf->reads)
		return;
	cf->reads = false;
	say(cf, end_reading);
}

void
casefile_cancel(struct casefile *cf, const atomic_bool *flag)
{
	cf->cancel = flag;
}

bool
casefile_cancelled(const struct casefile *cf)
{
	return cf->cancel && atomic_load_explicit(cf->cancel, memory_order_relaxed);
}

struct source
casefile_source(struct casefile *cf)
{
	struct arena     scratch = arena_open(1 << 20);
	struct case_info info = { .clock_ns = WHEN_NONE };
	struct source    src = { .self = cf, .events = scan_events, .hits = scan_hits, .all_hits = scan_all_hits,
				 .facts = scan_facts, .risk = scan_risk, .cancel = cf->cancel };

	casefile_info(cf, &scratch, &info, NULL);
	src.case_clock_ns = info.clock_ns;
	src.place = cf->path;
	arena_close(&scratch);
	return src;
}
