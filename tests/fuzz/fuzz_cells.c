/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A case from a stranger, value by value: the input says what was put into which cells of its
 * tables, whatever their columns are for. Bit 0 of the first byte: an import goes on with the case.
 *
 * A change is table, column, row, kind of value, two bytes of length, and so many bytes.
 */
#include "config.h"

#include <zstd.h>

#include "store/blocks.h"
#include "store/pages.h"
#include "store/writer.h"
#include "tests/fuzz/fuzz_ask.h"
#include "tests/fuzz/fuzz_case.h"

#define TABLES_MAX  64
#define COLUMNS_MAX 32
#define CHANGES_MAX 8
#define HEAD_BYTES  6
#define RUNS_MAX    500 /* of one connection */
#define VALUE_MAX   ((size_t)1 << 20)

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

struct table {
	int           n_columns;
	sqlite3_stmt *get[COLUMNS_MAX], *put[COLUMNS_MAX], *drop, *refill;
	bool          touched;
};

struct cells {
	struct casefile *cf;
	unsigned         runs;
	sqlite3         *stranger;
	struct table     tables[TABLES_MAX];
	int              n;
};

/* A value that is put, or what becomes of the one that is there. */
enum put_kind {
	PUT_NULL,
	PUT_INT,
	PUT_REAL,
	PUT_TEXT,
	PUT_BLOB,
	PUT_PACKED,  /* compressed */
	PUT_PATCHED, /* two bytes say where */
	PUT_REPACKED,
	PUT_KINDS
};

static struct cells cells; /* empty until it is opened */

static sqlite3_stmt *
prepare(char *sql)
{
	sqlite3_stmt *st = NULL;

	if (sqlite3_prepare_v3(cells.stranger, sql, -1, SQLITE_PREPARE_PERSISTENT, &st, NULL) !=
	    SQLITE_OK)
		abort();
	sqlite3_free(sql);
	return st;
}

static void
open_table(const char *name)
{
	struct table *t = &cells.tables[cells.n++];
	char          columns[COLUMNS_MAX][64], key[256] = "";
	sqlite3_stmt *st = prepare(sqlite3_mprintf("SELECT name, pk FROM pragma_table_info(%Q)", name));

	while (t->n_columns < COLUMNS_MAX && sqlite3_step(st) == SQLITE_ROW) {
		char  *column = columns[t->n_columns++];
		size_t had = strlen(key);

		snprintf(column, sizeof(columns[0]), "%s", sqlite3_column_text(st, 0));
		if (sqlite3_column_int(st, 1))
			snprintf(key + had, sizeof(key) - had, "%s%s", had ? "," : "", column);
	}
	sqlite3_finalize(st);
	for (int i = 0; i < t->n_columns; i++) {
		t->get[i] = prepare(
		    sqlite3_mprintf("SELECT %s FROM %s LIMIT 1 OFFSET ?1", columns[i], name));
		t->put[i] = prepare(sqlite3_mprintf(
		    "UPDATE %s SET %s = ?2 WHERE (%s) IN (SELECT %s FROM %s LIMIT 1 OFFSET ?1)", name,
		    columns[i], key[0] ? key : "rowid", key[0] ? key : "rowid", name));
	}
	t->drop = prepare(sqlite3_mprintf("DELETE FROM main.%s", name));
	t->refill = prepare(sqlite3_mprintf("INSERT INTO main.%s SELECT * FROM good.%s", name, name));
}

static void
run(const char *sql)
{
	if (sqlite3_exec(cells.stranger, sql, NULL, NULL, NULL) != SQLITE_OK)
		abort();
}

static void
cells_end(void)
{
	casefile_close(cells.cf);
	for (int i = 0; i < cells.n; i++) {
		struct table *t = &cells.tables[i];

		for (int k = 0; k < t->n_columns; k++) {
			sqlite3_finalize(t->get[k]);
			sqlite3_finalize(t->put[k]);
		}
		sqlite3_finalize(t->drop);
		sqlite3_finalize(t->refill);
	}
	sqlite3_close(cells.stranger);
}

/* The stranger's connection, which also has a copy of what was there before. */
static void
cells_open(void)
{
	sqlite3_stmt *names;

	fuzz_case_make();
	fuzz_case_put(fuzz_base.bytes, fuzz_base.n);
	if (sqlite3_open_v2(fuzz_base.made.file.path, &cells.stranger, SQLITE_OPEN_READWRITE,
			    pages_vfs()) != SQLITE_OK)
		abort();
	sqlite3_db_config(cells.stranger, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
	run("PRAGMA synchronous = OFF; ATTACH ':memory:' AS good");
	names = prepare(sqlite3_mprintf("SELECT name FROM main.sqlite_schema WHERE type = 'table' "
					"AND name NOT LIKE 'sqlite%%' ORDER BY name"));
	while (cells.n < TABLES_MAX && sqlite3_step(names) == SQLITE_ROW) {
		const char *name = (const char *)sqlite3_column_text(names, 0);
		char *copy = sqlite3_mprintf("CREATE TABLE good.%s AS SELECT * FROM main.%s", name, name);

		run(copy);
		sqlite3_free(copy);
		open_table(name);
	}
	sqlite3_finalize(names);
	atexit(cells_end);
}

static void
bind_packed(sqlite3_stmt *put, const void *p, size_t n)
{
	size_t room = ZSTD_compressBound(n);
	char  *packed = malloc(room);

	if (!packed)
		abort();
	n = ZSTD_compress(packed, room, p, n, 1);
	sqlite3_bind_blob64(put, 2, packed, n, free);
}

/* The bytes of HAD, or what is packed in them, with P over them somewhere. */
static void
bind_patched(sqlite3_stmt *put, struct text had, bool packed, const uint8_t *p, size_t n)
{
	char  *bytes = malloc(VALUE_MAX);
	size_t size = 0, at = n < 2 ? 0 : (size_t)(p[0] | p[1] << 8);

	if (!bytes)
		abort();
	if (packed)
		size = ZSTD_decompress(bytes, VALUE_MAX, had.p, had.n);
	else if (had.n <= VALUE_MAX && had.n)
		memcpy(bytes, had.p, size = had.n);
	if (!ZSTD_isError(size)) {
		at = size ? at % size : 0;
		if (n > 2)
			memcpy(bytes + at, p + 2, n - 2 < size - at ? n - 2 : size - at);
		if (packed)
			bind_packed(put, bytes, size);
		else
			sqlite3_bind_blob64(put, 2, bytes, size, SQLITE_TRANSIENT);
	}
	free(bytes);
}

static void
bind_value(sqlite3_stmt *put, enum put_kind kind, sqlite3_stmt *get, int row, const uint8_t *p,
	   size_t n)
{
	int64_t i = n && p[n - 1] & 0x80 ? -1 : 0;
	double  real = 0;

	switch (kind) {
	case PUT_NULL:
	case PUT_KINDS:
		return;
	case PUT_INT:
		memcpy(&i, p, n < sizeof(i) ? n : sizeof(i));
		sqlite3_bind_int64(put, 2, i);
		return;
	case PUT_REAL:
		memcpy(&real, p, n < sizeof(real) ? n : sizeof(real));
		sqlite3_bind_double(put, 2, real);
		return;
	case PUT_TEXT:
		sqlite3_bind_text64(put, 2, (const char *)p, n, SQLITE_TRANSIENT, SQLITE_UTF8);
		return;
	case PUT_BLOB:
		sqlite3_bind_blob64(put, 2, p, n, SQLITE_TRANSIENT);
		return;
	case PUT_PACKED:
		bind_packed(put, p, n);
		return;
	case PUT_PATCHED:
	case PUT_REPACKED:
		sqlite3_bind_int(get, 1, row);
		if (sqlite3_step(get) == SQLITE_ROW) {
			const char *had = sqlite3_column_blob(get, 0);

			bind_patched(put, (struct text){ had, (size_t)sqlite3_column_bytes(get, 0) },
				     kind == PUT_REPACKED, p, n);
		}
		sqlite3_reset(get);
		return;
	}
}

static void
change(const uint8_t *head, const uint8_t *p, size_t n)
{
	struct table *t = &cells.tables[head[0] % cells.n];
	int           column = head[1] % t->n_columns;
	sqlite3_stmt *put = t->put[column];

	t->touched = true;
	sqlite3_clear_bindings(put);
	sqlite3_bind_int(put, 1, head[2]);
	bind_value(put, head[3] % PUT_KINDS, t->get[column], head[2], p, n);
	sqlite3_step(put); /* or the table does not take it */
	sqlite3_reset(put);
}

static void
change_all(const uint8_t *p, size_t n)
{
	run("BEGIN");
	for (int i = 0; i < CHANGES_MAX && n >= HEAD_BYTES; i++) {
		size_t size = (size_t)(p[4] | p[5] << 8), left = n - HEAD_BYTES;

		size = size < left ? size : left;
		change(p, p + HEAD_BYTES, size);
		p += HEAD_BYTES + size;
		n -= HEAD_BYTES + size;
	}
	run("COMMIT");
}

/* All tables as they were. */
static void
restore(bool all)
{
	run("BEGIN");
	for (int i = 0; i < cells.n; i++) {
		struct table *t = &cells.tables[i];

		if (!t->touched && !all)
			continue;
		if (sqlite3_step(t->drop) != SQLITE_DONE || sqlite3_step(t->refill) != SQLITE_DONE)
			abort();
		sqlite3_reset(t->drop);
		sqlite3_reset(t->refill);
		t->touched = false;
	}
	run("COMMIT");
}

/* A connection that remembers nothing of the run before. */
static void
open_case(void)
{
	struct err err = { 0 };

	if (cells.runs++ % RUNS_MAX == 0) {
		casefile_close(cells.cf);
		if (!casefile_open(&cells.cf, fuzz_base.made.file.path, CASEFILE_IMPORT, 0, &err))
			abort();
	}
	for (int i = 0; i < NAME_KINDS; i++)
		cells.cf->names[i].n = 0;
	blocks_forget(cells.cf);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	bool imports = n && p[0] & 1;

	if (!cells.stranger)
		cells_open();
	if (n)
		change_all(p + 1, n - 1);
	open_case();
	if (imports)
		import_finish(cells.cf, screen_match, &fuzz_base.made, NULL);
	ask_everything(cells.cf);
	writer_free(cells.cf->writer);
	cells.cf->writer = NULL;
	restore(imports);
	return 0;
}
