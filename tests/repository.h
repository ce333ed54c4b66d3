/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * repository.h - a small repository of rules in a temporary folder.
 */
#ifndef AUGER_TESTS_REPOSITORY_H
#define AUGER_TESTS_REPOSITORY_H

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/arena.h"

struct repository {
	struct arena keep;
	char         root[64];
};

__attribute__((unused)) static void
repository_open(struct repository *r)
{
	r->keep = arena_open((size_t)1 << 24);
	snprintf(r->root, sizeof(r->root), "/tmp/auger-rules-XXXXXX");
	if (!mkdtemp(r->root))
		abort();
}

__attribute__((unused)) static struct text
repository_path(struct repository *r, const char *name)
{
	return arena_printf(&r->keep, "%s/%s", r->root, name);
}

__attribute__((unused)) static void
repository_put(struct repository *r, const char *name, const char *content)
{
	struct text path = repository_path(r, name);
	size_t      slash = text_rfind_byte(path, '/');
	FILE       *file;

	mkdir(arena_cstr(&r->keep, text_head(path, slash)), 0700);
	file = fopen(path.p, "w");
	if (!file)
		abort();
	fputs(content, file);
	fclose(file);
}

__attribute__((unused)) static void
repository_close(struct repository *r)
{
	struct text command = arena_printf(&r->keep, "rm -rf '%s'", r->root);

	if (system(command.p) != 0)
		printf("# %s stays\n", r->root);
	arena_close(&r->keep);
}

#endif
