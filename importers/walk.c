/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Folders of evidence, in the order of their paths. */
#include "config.h"
#include "importers/importer.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define WALK_DEPTH_MAX 128
#define WALK_ARENA_SIZE ((size_t)1 << 32)

struct walk {
	walk_fn *fn;
	trouble_fn *trouble;
	void *ctx;
};

struct entry {
	struct text path; /* of a folder: with a slash at its end, which makes the order bytewise */
	bool folder;
	uint64_t size;
};

static void
complain(const struct walk *w, struct text path, const char *why)
{
	if (w->trouble)
		w->trouble(w->ctx, path, why);
}

static int
entry_cmp(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	return text_cmp(x->path, y->path);
}

/* False: trouble that has been reported. */
static bool
entry_look(const struct walk *w, struct entry *e)
{
	struct stat st;

	if (lstat(e->path.p, &st) != 0) {
		complain(w, e->path, strerror(errno));
		return false;
	}
	if (S_ISLNK(st.st_mode)) {
		if (stat(e->path.p, &st) != 0) {
			complain(w, e->path, "link that leads nowhere");
			return false;
		}
		if (S_ISDIR(st.st_mode)) {
			complain(w, e->path, "link to a folder: not followed (name it to import it)");
			return false;
		}
	}
	e->folder = S_ISDIR(st.st_mode);
	e->size = (uint64_t)st.st_size;
	if (e->folder || S_ISREG(st.st_mode))
		return true;
	complain(w, e->path, "not a regular file: skipped");
	return false;
}

/* PATH ends in a slash and a NUL. */
static bool
walk_folder(const struct walk *w, struct text path, struct arena scratch, int depth)
{
	struct entry *entries = NULL;
	size_t n = 0, cap = 0;
	struct dirent *d;
	DIR *dir = NULL;
	bool go_on = true;
	int code;

	if (depth >= WALK_DEPTH_MAX) {
		complain(w, path, "folders nested too deeply");
		return true;
	}
	dir = opendir(path.p);
	if (!dir) {
		complain(w, path, strerror(errno));
		return true;
	}
	for (errno = 0; (d = readdir(dir)); errno = 0) {
		struct text name = text_of(d->d_name);
		struct entry e;

		if (text_eq(name, TEXT(".")) || text_eq(name, TEXT("..")))
			continue;
		e = (struct entry){ .path = arena_join(&scratch, path, name) };
		e.path.p = arena_cstr(&scratch, e.path);
		if (!entry_look(w, &e))
			continue;
		if (e.folder) {
			e.path = arena_join(&scratch, e.path, TEXT("/"));
			e.path.p = arena_cstr(&scratch, e.path);
		}
		arena_grow(&scratch, entries, n, &cap);
		entries[n++] = e;
	}
	code = errno;
	closedir(dir);
	if (code)
		complain(w, path, strerror(code));
	if (n > 0)
		qsort(entries, n, sizeof(*entries), entry_cmp);
	for (size_t i = 0; i < n && go_on; i++)
		go_on = entries[i].folder ? walk_folder(w, entries[i].path, scratch, depth + 1)
					  : w->fn(w->ctx, entries[i].path, entries[i].size);
	return go_on;
}

bool
evidence_walk(struct text path, walk_fn *fn, trouble_fn *trouble, void *ctx)
{
	struct walk w = { .fn = fn, .trouble = trouble, .ctx = ctx };
	struct arena a;
	struct stat st;
	bool go_on = true;

	if (text_eq(path, TEXT("-")))
		return fn(ctx, path, UINT64_MAX);
	a = arena_open(WALK_ARENA_SIZE);
	if (stat(arena_cstr(&a, path), &st) != 0) {
		complain(&w, path, strerror(errno));
	} else if (S_ISDIR(st.st_mode)) {
		if (path.n == 0 || path.p[path.n - 1] != '/')
			path = arena_join(&a, path, TEXT("/"));
		path.p = arena_cstr(&a, path);
		go_on = walk_folder(&w, path, a, 0);
	} else {
		go_on = fn(ctx, path, S_ISREG(st.st_mode) ? (uint64_t)st.st_size : 0);
	}
	arena_close(&a);
	return go_on;
}
