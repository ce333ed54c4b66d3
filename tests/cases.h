/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * cases.h - cases for tests: a file of its own in a folder of its own, gone at the end.
 */
#ifndef AUGER_TESTS_CASES_H
#define AUGER_TESTS_CASES_H

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/digest.h"
#include "store/casefile.h"
#include "store/import.h"
#include "tests/events.h"
#include "tests/tap.h"

struct test_case {
	char             folder[64], path[96];
	struct arena     arena;
	struct casefile *cf;
	struct batch    *batch;
	int64_t          evidence;
	uint64_t         consumed;
	struct commit_counts counts; /* of the last commit */
	struct err       err;
};

__attribute__((unused)) static void
case_new(struct test_case *t)
{
	const char *parent = getenv("TMPDIR");
	char        folder[sizeof(t->folder)];

	if (!parent || strlen(parent) > 32)
		parent = "/tmp";
	snprintf(folder, sizeof(folder), "%s/auger-test-XXXXXX", parent);
	*t = (struct test_case){ .arena = arena_open((size_t)512 << 20), .batch = batch_new() };
	if (!mkdtemp(folder))
		abort();
	memcpy(t->folder, folder, sizeof(folder));
	snprintf(t->path, sizeof(t->path), "%s/x.auger", folder);
}

__attribute__((unused)) static bool
case_open(struct test_case *t, enum casefile_mode mode)
{
	casefile_close(t->cf);
	t->cf = NULL;
	t->err = (struct err){ 0 };
	return casefile_open(&t->cf, t->path, mode, 0, &t->err);
}

__attribute__((unused)) static void
case_done(struct test_case *t)
{
	const char *ends[] = { "", "-wal", "-shm", "-import.lock" };
	char        name[128];

	casefile_close(t->cf);
	for (size_t i = 0; i < 4; i++) {
		snprintf(name, sizeof(name), "%s%s", t->path, ends[i]);
		unlink(name);
	}
	if (rmdir(t->folder) != 0)
		printf("# something was left in %s\n", t->folder);
	batch_free(t->batch);
	arena_close(&t->arena);
}

/* Begins a file at PATH with that content. */
__attribute__((unused)) static enum evidence_state
case_file_at(struct test_case *t, const char *path, const char *content, uint64_t *resume)
{
	char                 hex[DIGEST_HEX + 1];
	enum evidence_state  state = EVIDENCE_NEW;
	uint64_t             from = 0;
	struct evidence_file file = { .path = text_of(path), .size = 1000, .format = TEXT("evtx") };

	digest_text(text_of(content), hex);
	file.sha256 = (struct text){ hex, DIGEST_HEX };
	if (!import_begin_file(t->cf, &file, &t->evidence, &state, &from, &t->err))
		printf("# begin: %s\n", t->err.what);
	if (resume)
		*resume = from;
	t->consumed = from;
	batch_reset(t->batch, t->evidence);
	return state;
}

/* Begins a file whose content is its name. */
__attribute__((unused)) static enum evidence_state
case_file(struct test_case *t, const char *name, uint64_t *resume)
{
	return case_file_at(t, name, name, resume);
}

__attribute__((unused)) static bool
case_commit(struct test_case *t)
{
	bool good = import_commit(t->cf, t->batch, t->consumed += 100, &t->counts, &t->err);

	if (!good)
		printf("# commit: %s: %s\n", t->err.where, t->err.what);
	batch_reset(t->batch, t->evidence);
	return good;
}

__attribute__((unused)) static bool
says(const struct test_case *t, const char *words)
{
	bool found = strstr(t->err.what, words) != NULL;

	if (!found)
		printf("# got '%s: %s'\n", t->err.where, t->err.what);
	return found;
}

/* Through that file system of SQLite; NULL: as another program would. */
__attribute__((unused)) static void
run_sql_through(const char *vfs, const char *path, const char *sql)
{
	sqlite3 *db;

	if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, vfs) != SQLITE_OK ||
	    sqlite3_exec(db, sql, NULL, NULL, NULL))
		printf("# %s: %s\n", sql, sqlite3_errmsg(db));
	sqlite3_close(db);
}

__attribute__((unused)) static void
count_problem(void *ctx, struct text problem)
{
	printf("# " TEXT_FMT "\n", TEXT_ARG(problem));
	(*(int *)ctx)++;
}

#endif
