/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rules/rule_files.h"

#include <stdlib.h>
#include <sys/stat.h>

#include "rules/crew.h"
#include "rules/folder.h"

#define AT_ONCE       128 /* files that are read before they are taken */
#define AT_ONCE_BYTES ((off_t)1 << 20)
#define ARENA_MAX     ((size_t)1 << 30)

struct at_once {
	struct rule_file files[AT_ONCE];
	size_t           n;
	struct arena    *keeps; /* [thread] */
	struct crew      crew;
};

void
rule_file_read(struct rule_file *file, struct arena *keep)
{
	if (!folder_read_text(file->path, YAML_FILE_MAX, keep, &file->content, &file->guessed,
			      &file->problem))
		file->content = TEXT_NONE;
	else if (yaml_read(&file->root, NULL, keep, file->content, &file->problem))
		digest_text(file->content, file->sha256);
	else
		file->root = NULL;
}

static void
read_one(void *ctx, uint32_t thread, size_t piece)
{
	struct at_once *a = ctx;

	rule_file_read(&a->files[piece], &a->keeps[thread]);
}

/* How many of the paths are small enough together; at least one. */
static size_t
how_many(const struct text *paths, size_t n, struct arena scratch)
{
	off_t       bytes = 0;
	size_t      i = 0;
	struct stat st;

	while (i < n && i < AT_ONCE && bytes < AT_ONCE_BYTES) {
		if (stat(arena_cstr(&scratch, paths[i]), &st) == 0)
			bytes += st.st_size;
		i++;
	}
	return i;
}

static struct at_once *
at_once_new(uint32_t threads)
{
	struct at_once *a = calloc(1, sizeof(*a));

	if (!a || !(a->keeps = calloc(threads, sizeof(*a->keeps))))
		arena_exhausted(sizeof(*a));
	for (uint32_t i = 0; i < threads; i++)
		a->keeps[i] = arena_open(ARENA_MAX);
	return a;
}

static void
at_once_free(struct at_once *a, uint32_t threads)
{
	for (uint32_t i = 0; i < threads; i++)
		arena_close(&a->keeps[i]);
	free(a->keeps);
	free(a);
}

/* The first of the paths; returns how many. */
static size_t
begin_some(struct at_once *a, const struct text *paths, size_t n, uint32_t threads)
{
	for (uint32_t i = 0; i < threads; i++)
		arena_reset(&a->keeps[i], (size_t)8 << 20);
	a->n = how_many(paths, n, a->keeps[0]);
	for (size_t i = 0; i < a->n; i++)
		a->files[i] = (struct rule_file){ .path = paths[i] };
	crew_begin(&a->crew, threads, a->n, read_one, a);
	return a->n;
}

/* While some are handed over, the other threads read those behind them. */
void
rule_files_read(const struct text *paths, size_t n, uint32_t threads, rule_file_fn *fn, void *ctx)
{
	struct at_once *now = at_once_new(threads), *next = at_once_new(threads), *other;
	size_t          from = begin_some(now, paths, n, threads);

	while (now->n) {
		crew_end(&now->crew);
		from += begin_some(next, paths + from, n - from, threads);
		for (size_t i = 0; i < now->n; i++)
			fn(ctx, &now->files[i]);
		other = now;
		now = next;
		next = other;
	}
	at_once_free(now, threads);
	at_once_free(next, threads);
}
