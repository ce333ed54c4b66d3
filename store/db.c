/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/db.h"

#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/ascii.h"
#include "store/pages.h"

#define TEXT_OF(number)     #number
#define NUMBER_TEXT(number) TEXT_OF(number)

/* Of a log that could not be written when a transaction ended SQLite knows the reason, but does not hand it
 * on. */
static int
system_reason(const struct casefile *cf)
{
	int           reason = sqlite3_system_errno(cf->db);
	sqlite3_file *file = NULL;

	if (!reason)
		sqlite3_file_control(cf->db, "main", SQLITE_FCNTL_JOURNAL_POINTER, &file);
	if (file && file->pMethods)
		file->pMethods->xFileControl(file, SQLITE_FCNTL_LAST_ERRNO, &reason);
	if (!reason)
		sqlite3_file_control(cf->db, "main", SQLITE_FCNTL_LAST_ERRNO, &reason);
	/* Of the index of the log it does not even keep it. */
	if (!reason && sqlite3_extended_errcode(cf->db) == SQLITE_IOERR_SHMSIZE)
		reason = errno;
	return reason;
}

int
db_code(const struct casefile *cf)
{
	int code = cf->db ? sqlite3_errcode(cf->db) & 0xff : SQLITE_NOMEM;
	int reason = code == SQLITE_IOERR ? system_reason(cf) : 0;

	return reason == ENOSPC || reason == EDQUOT || reason == EFBIG ? SQLITE_FULL : code;
}

static const char *
full_of_what(const struct casefile *cf)
{
	switch (system_reason(cf)) {
	case EDQUOT:
		return "the disk quota is used up";
	case EFBIG:
		return "the case may not grow any more (file size limit)";
	default:
		return "the disk is full";
	}
}

/* What the system said, where that says more than "disk I/O error". */
static bool
system_error(struct casefile *cf, const char *what, struct err *err)
{
	int reason = system_reason(cf);

	if (!reason)
		return err_set(err, ERR_IO, "%s", what);
	return err_set(err, ERR_IO, "%s: %s", what, strerror(reason));
}

/* With its folders in front and the names of the files beside it, as SQLite opens it. */
static bool
cannot_open(struct casefile *cf, struct err *err)
{
	const char  *slash = strrchr(cf->path, '/');
	sqlite3_vfs *vfs = sqlite3_vfs_find(NULL);
	struct arena scratch = cf->arena;
	struct text  folder = TEXT(".");
	size_t       n;
	char        *whole;

	if (access(cf->path, R_OK) != 0 && errno == EACCES)
		return err_set(err, ERR_IO, "the case cannot be read: %s", strerror(EACCES));
	if (slash)
		folder = arena_printf(&scratch, "%.*s/", (int)(slash - cf->path), cf->path);
	whole = realpath(folder.p, NULL);
	n = (whole ? strlen(whole) : 0) + strlen(slash ? slash : cf->path) + strlen("-journal") + 1;
	free(whole);
	if (vfs && n > (size_t)vfs->mxPathname)
		return err_set(err, ERR_IO,
			       "the path of the case is too long: with all of its folders at most %d "
			       "bytes can be opened",
			       vfs->mxPathname - (int)strlen("-journal"));
	if (access(folder.p, W_OK) != 0)
		return err_set(err, ERR_IO, "the case cannot be opened (its folder must be writable)");
	return system_error(cf, "the case cannot be opened", err);
}

/* SQLite opens for reading what it cannot open for writing, whatever the reason. */
static bool
cannot_write(struct casefile *cf, struct err *err)
{
	return err_set(err, ERR_IO, access(cf->file, W_OK) == 0
					    ? "the case cannot be opened for writing; try again"
					    : "the case cannot be written (read-only)");
}

static bool
damaged(struct casefile *cf, struct err *err)
{
	int64_t page = pages_wrong(cf->db);

	if (page)
		return err_set(err, ERR_IO,
			       "the case file is damaged, or another program wrote into it (page %lld is "
			       "not as auger wrote it; auger verify lists such pages; what can be read "
			       "goes into a copy without checksums: sqlite3 CASE \"VACUUM INTO 'COPY'\")",
			       (long long)page);
	return err_set(err, ERR_IO, "the case file is damaged (%s; see: auger verify)",
		       sqlite3_errmsg(cf->db));
}

static bool
hand_on(const struct err *what, struct err *err)
{
	err_where(err, "%s", what->where);
	return err_set(err, what->kind, "%s", what->what);
}

static bool
keep_fault(struct casefile *cf, const struct err *what, struct err *err)
{
	if (cf->fault.kind == ERR_NONE)
		cf->fault = *what;
	return hand_on(what, err);
}

bool
db_fault(struct casefile *cf, struct err *err, const char *fmt, ...)
{
	struct err what = { .kind = ERR_IO };
	va_list    ap;

	va_start(ap, fmt);
	vsnprintf(what.what, sizeof(what.what), fmt, ap);
	va_end(ap);
	err_where(&what, "%s", cf->path);
	return keep_fault(cf, &what, err);
}

/* Is what is read made something of that stays? */
static bool
is_kept(const struct casefile *cf)
{
	return cf->in_findings || cf->work_depth || cf->mode == CASEFILE_IMPORT;
}

static bool
describe(struct casefile *cf, int code, struct err *err)
{
	err_where(err, "%s", cf->path);
	switch (code) {
	case SQLITE_INTERRUPT:
		return err_set(err, ERR_CANCEL, "stopped");
	case SQLITE_FULL:
		return err_set(err, ERR_IO, "%s; what was committed stays", full_of_what(cf));
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return err_set(err, ERR_IO, "another program is writing this case; try again");
	case SQLITE_IOERR:
		return system_error(cf, sqlite3_errmsg(cf->db), err);
	case SQLITE_CANTOPEN:
		return cannot_open(cf, err);
	case SQLITE_READONLY:
		return cannot_write(cf, err);
	case SQLITE_PROTOCOL:
		return err_set(err, ERR_IO, "the case cannot be locked (on a network share?)");
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return damaged(cf, err);
	case SQLITE_NOMEM:
		return err_set(err, ERR_IO, "out of memory");
	default:
		return err_set(err, ERR_IO, "%s", sqlite3_errmsg(cf->db));
	}
}

bool
db_error(struct casefile *cf, struct err *err)
{
	int        code = db_code(cf);
	struct err what = { 0 };

	describe(cf, code, &what);
	switch (code) {
	case SQLITE_INTERRUPT: /* on purpose */
		return err || !is_kept(cf) ? hand_on(&what, err) : keep_fault(cf, &what, err);
	case SQLITE_BUSY: /* asked again, if need be */
	case SQLITE_LOCKED:
	case SQLITE_READONLY:
		return err ? hand_on(&what, err) : keep_fault(cf, &what, err);
	default:
		return keep_fault(cf, &what, err);
	}
}

/* When a page cannot be read SQLite may end the transaction by itself, and what is written behind
 * that would be committed piece by piece. */
static bool
may_go_on(const struct casefile *cf, struct err *err)
{
	return cf->fault.kind == ERR_NONE || !is_kept(cf) || hand_on(&cf->fault, err);
}

static bool
may_ask(struct ask *q)
{
	q->failed = !may_go_on(q->cf, q->err);
	return !q->failed;
}

bool
ask(struct ask *q, struct casefile *cf, const char *sql, struct err *err)
{
	*q = (struct ask){ .cf = cf, .sql = sql, .err = err };
	if (!may_ask(q))
		return false;
	for (unsigned i = 0; i < cf->n_stock; i++) {
		if (cf->stock[i].sql != sql)
			continue;
		q->st = cf->stock[i].st;
		cf->stock[i] = cf->stock[--cf->n_stock];
		return true;
	}
	if (sqlite3_prepare_v3(cf->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &q->st, NULL) !=
	    SQLITE_OK) {
		q->failed = true;
		return db_error(cf, err);
	}
	return true;
}

bool
ask_once(struct ask *q, struct casefile *cf, const char *sql, struct err *err)
{
	*q = (struct ask){ .cf = cf, .err = err };
	if (!may_ask(q))
		return false;
	for (unsigned i = 0; i < cf->n_spare; i++) {
		if (strcmp(sqlite3_sql(cf->spare[i]), sql) != 0)
			continue;
		q->st = cf->spare[i];
		cf->n_spare--;
		memmove(&cf->spare[i], &cf->spare[i + 1], (cf->n_spare - i) * sizeof(cf->spare[0]));
		return true;
	}
	if (sqlite3_prepare_v2(cf->db, sql, -1, &q->st, NULL) == SQLITE_OK)
		return true;
	q->failed = true;
	return db_error(cf, err);
}

static void
keep_spare(struct casefile *cf, sqlite3_stmt *st)
{
	if (cf->n_spare == SPARE_MAX)
		sqlite3_finalize(cf->spare[--cf->n_spare]);
	memmove(&cf->spare[1], &cf->spare[0], cf->n_spare * sizeof(cf->spare[0]));
	cf->spare[0] = st;
	cf->n_spare++;
}

static void
too_large(struct ask *q)
{
	q->failed = true;
	db_fault(q->cf, q->err, "a value is too large for the case");
}

void
ask_int(struct ask *q, int i, int64_t v)
{
	if (q->st)
		sqlite3_bind_int64(q->st, i, v);
}

void
ask_real(struct ask *q, int i, double v)
{
	if (q->st)
		sqlite3_bind_double(q->st, i, v);
}

void
ask_text(struct ask *q, int i, struct text t)
{
	if (!q->st)
		return;
	if (text_absent(t))
		sqlite3_bind_null(q->st, i);
	else if (sqlite3_bind_text64(q->st, i, t.p, t.n, SQLITE_STATIC, SQLITE_UTF8) != SQLITE_OK)
		too_large(q);
}

void
ask_blob(struct ask *q, int i, struct text t)
{
	if (q->st && sqlite3_bind_blob64(q->st, i, t.p ? t.p : "", t.n, SQLITE_STATIC) != SQLITE_OK)
		too_large(q);
}

bool
ask_row(struct ask *q)
{
	if (q->failed || !q->st)
		return false;
	switch (sqlite3_step(q->st)) {
	case SQLITE_ROW:
		return true;
	case SQLITE_DONE:
		return false;
	default:
		q->failed = true;
		return db_error(q->cf, q->err);
	}
}

bool
ask_run(struct ask *q)
{
	while (ask_row(q))
		;
	if (q->st)
		sqlite3_reset(q->st);
	return !q->failed;
}

bool
ask_end(struct ask *q)
{
	struct casefile *cf = q->cf;

	if (!q->st)
		return !q->failed;
	sqlite3_reset(q->st);
	sqlite3_clear_bindings(q->st);
	if (!q->sql) {
		keep_spare(cf, q->st);
	} else if (cf->n_stock < STOCK_MAX) {
		cf->stock[cf->n_stock].sql = q->sql;
		cf->stock[cf->n_stock++].st = q->st;
	} else {
		sqlite3_finalize(q->st);
	}
	q->st = NULL;
	return !q->failed;
}

void
db_drop_statements(struct casefile *cf)
{
	for (unsigned i = 0; i < cf->n_stock; i++)
		sqlite3_finalize(cf->stock[i].st);
	for (unsigned i = 0; i < cf->n_spare; i++)
		sqlite3_finalize(cf->spare[i]);
	cf->n_stock = cf->n_spare = 0;
}

int64_t
ask_get_int(struct ask *q, int column)
{
	return sqlite3_column_int64(q->st, column);
}

double
ask_get_real(struct ask *q, int column)
{
	return sqlite3_column_double(q->st, column);
}

struct text
ask_get_text(struct ask *q, int column)
{
	const char *p = sqlite3_column_blob(q->st, column);
	int         n = sqlite3_column_bytes(q->st, column);

	if (p && n >= 0)
		return (struct text){ p, (size_t)n };
	return ask_get_null(q, column) ? TEXT_NONE : TEXT("");
}

bool
ask_get_null(struct ask *q, int column)
{
	return sqlite3_column_type(q->st, column) == SQLITE_NULL;
}

bool
db_run(struct casefile *cf, const char *sql, struct err *err)
{
	if (!may_go_on(cf, err))
		return false;
	return sqlite3_exec(cf->db, sql, NULL, NULL, NULL) == SQLITE_OK || db_error(cf, err);
}

bool
db_get_int(struct casefile *cf, const char *sql, int64_t absent, int64_t *out, struct err *err)
{
	struct ask q;

	*out = absent;
	if (ask(&q, cf, sql, err) && ask_row(&q) && !ask_get_null(&q, 0))
		*out = ask_get_int(&q, 0);
	return ask_end(&q);
}

int64_t
db_int(struct casefile *cf, const char *sql, int64_t absent)
{
	int64_t v;

	return db_get_int(cf, sql, absent, &v, NULL) ? v : absent;
}

/* The id of the case, the number of the transaction, and where the log begins at the earliest: ?1, or
 * with this one where that is below 0 (store/beside.h). */
static const char sign_case[] =
    "INSERT INTO setting(name, value) VALUES('case.id', lower(hex(randomblob(16))) || '0 0') "
    "ON CONFLICT(name) DO UPDATE SET value = substr(value, 1, 32) || "
    "(CAST(substr(value, 33) AS INTEGER) + 1) || ' ' || "
    "max(CAST(substr(value, instr(value || ' ', ' ')) AS INTEGER), "
    "iif(?1 < 0, CAST(substr(value, 33) AS INTEGER) + 1, ?1)) "
    "RETURNING CAST(substr(value, 33) AS INTEGER)";

/* Writes the first page, as whoever looks at checksums relies on (store/pages_total.c). */
static const char same_application[] = "PRAGMA application_id = " NUMBER_TEXT(APPLICATION_ID);

bool
db_sign(struct casefile *cf, struct err *err)
{
	struct ask q;

	if (ask(&q, cf, sign_case, err)) {
		ask_int(&q, 1, beside_log_begins(cf->db, &cf->log));
		if (ask_row(&q))
			cf->log.last = ask_get_int(&q, 0);
	}
	return ask_end(&q) && db_run(cf, same_application, err);
}

/* To SQLite a file that cannot be looked at has moved as well. */
static bool
has_moved(struct casefile *cf)
{
	int moved = 0;

	sqlite3_file_control(cf->db, "main", SQLITE_FCNTL_HAS_MOVED, &moved);
	return moved;
}

bool
casefile_in_place(struct casefile *cf, struct err *err)
{
	struct stat st;

	if (!has_moved(cf))
		return true;
	err_where(err, "%s", cf->path);
	if (stat(cf->file, &st) != 0 && errno != ENOENT && errno != ENOTDIR)
		return err_set(err, ERR_IO,
			       "whether the case is still where it was cannot be seen, so that nothing more "
			       "is written: %s",
			       strerror(errno));
	if (!has_moved(cf))
		return true;
	return err_set(err, ERR_IO,
		       "the case was moved, removed or replaced while it was open, so that nothing more "
		       "is written; put it back to where it was, where its log (-wal) may lie");
}

bool
db_commit(struct casefile *cf, struct err *err)
{
	return casefile_in_place(cf, err) && db_run(cf, "COMMIT", err);
}

bool
db_begin(struct casefile *cf, struct err *err)
{
	if (!casefile_in_place(cf, err) || !db_run(cf, "BEGIN IMMEDIATE", err))
		return false;
	if (!db_sign(cf, err))
		db_rollback(cf);
	return sqlite3_get_autocommit(cf->db) == 0;
}

bool
db_set_alone(struct casefile *cf, const char *name, struct text value, struct err *err)
{
	const struct err before = cf->fault;

	if (!sqlite3_get_autocommit(cf->db))
		return db_set(cf, name, value, err);
	if (db_begin(cf, err) && db_set(cf, name, value, err) && db_commit(cf, err))
		return true;
	db_rollback(cf);
	cf->fault = before; /* of nothing that was answered */
	return false;
}

void
db_rollback(struct casefile *cf)
{
	if (cf->db && !sqlite3_get_autocommit(cf->db))
		sqlite3_exec(cf->db, "ROLLBACK", NULL, NULL, NULL);
}

static const char get_setting[] = "SELECT value FROM setting WHERE name = ?1";
static const char put_setting[] = "INSERT INTO setting(name, value) VALUES(?1, ?2) "
				  "ON CONFLICT(name) DO UPDATE SET value = excluded.value";

struct text
db_setting(struct casefile *cf, const char *name, struct arena *keep)
{
	struct ask  q;
	struct text value = TEXT_NONE;

	if (ask(&q, cf, get_setting, NULL)) {
		ask_text(&q, 1, text_of(name));
		if (ask_row(&q))
			value = arena_copy(keep, ask_get_text(&q, 0));
	}
	ask_end(&q);
	return value;
}

bool
db_set(struct casefile *cf, const char *name, struct text value, struct err *err)
{
	struct ask q;

	if (ask(&q, cf, put_setting, err)) {
		ask_text(&q, 1, text_of(name));
		ask_blob(&q, 2, value);
		ask_run(&q);
	}
	return ask_end(&q);
}

static const char names_host[] = "SELECT id, name FROM host WHERE id >= ?1 ORDER BY id";
static const char names_channel[] = "SELECT id, name FROM channel WHERE id >= ?1 ORDER BY id";
static const char names_provider[] = "SELECT id, name FROM provider WHERE id >= ?1 ORDER BY id";
static const char names_account[] = "SELECT id, name FROM account WHERE id >= ?1 ORDER BY id";

bool
db_names_load(struct casefile *cf, enum name_kind kind, int64_t id, struct err *err)
{
	static const char *const sql[NAME_KINDS] = { names_host, names_channel, names_provider,
						     names_account };
	struct name_list        *list = &cf->names[kind];
	struct ask               q;

	if (id < list->n || id >= NAME_IDS_MAX)
		return true;
	if (ask(&q, cf, sql[kind], err)) {
		ask_int(&q, 1, list->n);
		while (ask_row(&q)) {
			int64_t at = ask_get_int(&q, 0);

			if (at < list->n || at >= NAME_IDS_MAX)
				continue;
			while (list->n <= at) {
				arena_grow(&cf->arena, list->names, (size_t)list->n, &list->cap);
				list->names[list->n++] = TEXT_NONE;
			}
			list->names[at] = arena_copy(&cf->arena, ask_get_text(&q, 1));
		}
	}
	return ask_end(&q);
}

struct text
db_name(struct casefile *cf, enum name_kind kind, int64_t id)
{
	const struct name_list *list = &cf->names[kind];

	db_names_load(cf, kind, id, NULL);
	return id > 0 && id < list->n ? list->names[id] : TEXT_NONE;
}

struct text
host_label(struct text folded)
{
	size_t dot = text_find_byte(folded, '.');
	bool   address = true;

	for (size_t i = 0; i < folded.n && address; i++)
		address = ascii_digit(folded.p[i]) || folded.p[i] == '.' ||
			  folded.p[i] == ':';
	return address || dot == TEXT_NOWHERE || dot == 0 ? folded : text_head(folded, dot);
}

static const char all_hosts[] = "SELECT id, fold FROM host";

size_t
db_hosts_like(struct casefile *cf, struct text name, int64_t *out, size_t cap)
{
	struct arena scratch = cf->arena;
	char        *folded = arena_new(&scratch, char, name.n + 1);
	struct text  want = { folded, name.n };
	struct ask   q;
	size_t       n = 0;

	text_fold(folded, name);
	struct text label = host_label(want);

	if (ask(&q, cf, all_hosts, NULL))
		while (ask_row(&q)) {
			struct text fold = ask_get_text(&q, 1);
			size_t      dot = text_find_byte(fold, '.');

			if (!text_eq(host_label(fold), label) &&
			    !(dot != TEXT_NOWHERE && text_eq(text_head(fold, dot), want)))
				continue;
			if (n < cap)
				out[n] = ask_get_int(&q, 0);
			n++;
		}
	ask_end(&q);
	return n;
}
