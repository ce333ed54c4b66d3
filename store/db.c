/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/db.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>

#include "base/ascii.h"

#define TEXT_OF(number)     #number
#define NUMBER_TEXT(number) TEXT_OF(number)

static bool
may_ask(struct ask *q)
{
	q->failed = !db_may_go_on(q->cf, q->err);
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
	if (!db_may_go_on(cf, err))
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
