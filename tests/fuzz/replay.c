/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * replay - runs a fuzz target over its corpus, where no fuzzer is linked: `make check`.
 *
 * fuzz_X replays the files of tests/fuzz/corpus_X, or those named as arguments; each is a test,
 * passed when the target returns.
 */
#include "config.h"

#include <dirent.h>

#include "base/arena.h"
#include "tests/tap.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

static void
replay(const char *path)
{
	FILE  *in = fopen(path, "rb");
	size_t size = 0, got;
	char  *p = NULL;

	if (in == NULL) {
		ok(false, "%s can be opened", path);
		return;
	}
	do {
		p = realloc(p, size + 65536);
		if (p == NULL)
			abort();
		got = fread(p + size, 1, 65536, in);
		size += got;
	} while (got > 0);
	fclose(in);
	/* A block of exactly that size: reading beyond it is seen. */
	uint8_t *exact = malloc(size ? size : 1);

	if (exact == NULL)
		abort();
	memcpy(exact, p, size);
	free(p);
	LLVMFuzzerTestOneInput(exact, size);
	free(exact);
	ok(true, "%s", path);
}

static int
is_no_dot(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static void
replay_corpus(const char *program)
{
	struct arena    keep = arena_open(1 << 20);
	struct dirent **entries;
	struct text     target = text_last_part(text_of(program));
	const char     *top = getenv("top_srcdir");

	if (text_starts(target, TEXT("fuzz_")))
		target = text_from(target, 5);
	struct text folder = arena_printf(&keep, "%s/tests/fuzz/corpus_" TEXT_FMT, top ? top : ".",
					  TEXT_ARG(target));
	int n = scandir(folder.p, &entries, is_no_dot, alphasort);

	ok(n > 0, "there is a corpus in tests/fuzz/corpus_" TEXT_FMT, TEXT_ARG(target));
	for (int i = 0; i < n; i++) {
		replay(arena_printf(&keep, TEXT_FMT "/%s", TEXT_ARG(folder), entries[i]->d_name).p);
		free(entries[i]);
	}
	if (n >= 0)
		free(entries);
	arena_close(&keep);
}

int
main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		replay(argv[i]);
	if (argc < 2)
		replay_corpus(argv[0]);
	return done_testing();
}
