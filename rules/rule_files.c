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
	struct arena    *keeps; /* [thread] */
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

void
rule_files_read(const struct text *paths, size_t n, uint32_t threads, rule_file_fn *fn, void *ctx)
{
	struct at_once *a = calloc(1, sizeof(*a));
	size_t          now;

	if (!a || !(a->keeps = calloc(threads, sizeof(*a->keeps))))
		arena_exhausted(sizeof(*a));
	for (uint32_t i = 0; i < threads; i++)
		a->keeps[i] = arena_open(ARENA_MAX);
	for (size_t from = 0; from < n; from += now) {
		now = how_many(paths + from, n - from, a->keeps[0]);
		for (size_t i = 0; i < now; i++)
			a->files[i] = (struct rule_file){ .path = paths[from + i] };
		crew_run(threads, now, read_one, a);
		for (size_t i = 0; i < now; i++)
			fn(ctx, &a->files[i]);
		for (uint32_t i = 0; i < threads; i++)
			arena_reset(&a->keeps[i], (size_t)8 << 20);
	}
	for (uint32_t i = 0; i < threads; i++)
		arena_close(&a->keeps[i]);
	free(a->keeps);
	free(a);
}
