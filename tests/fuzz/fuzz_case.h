/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * fuzz_case.h - a small case, made once, and put back in its place as often as it is asked for.
 */
#ifndef AUGER_TESTS_FUZZ_CASE_H
#define AUGER_TESTS_FUZZ_CASE_H

#include <fcntl.h>

#include "tests/screen_cases.h"

struct fuzz_case {
	struct screen_case made;
	uint8_t           *bytes;
	size_t             n;
};

static struct fuzz_case fuzz_base; /* empty until it is made */

static void
fuzz_case_remove(void)
{
	const char *ends[] = { "-wal", "-shm", "-journal", "-import.lock" };
	char        name[160];

	for (size_t i = 0; i < 4; i++) {
		snprintf(name, sizeof(name), "%s%s", fuzz_base.made.file.path, ends[i]);
		unlink(name);
	}
}

/* The case with these bytes, alone in its folder. */
static void
fuzz_case_put(const uint8_t *bytes, size_t n)
{
	int fd = open(fuzz_base.made.file.path, O_RDWR | O_CREAT, 0644);

	fuzz_case_remove();
	if (fd < 0 || pwrite(fd, bytes, n, 0) != (ssize_t)n || ftruncate(fd, (off_t)n) != 0 ||
	    close(fd) != 0)
		abort();
}

static void
fuzz_case_end(void)
{
	fuzz_case_remove();
	screen_case_done(&fuzz_base.made);
	free(fuzz_base.bytes);
}

/* Makes it the first time. */
static void
fuzz_case_make(void)
{
	struct fuzz_case *c = &fuzz_base;
	FILE             *in;

	if (c->bytes)
		return;
	screen_case_begin(&c->made, "small");
	make_small(&c->made);
	screen_case_end(&c->made);
	in = fopen(c->made.file.path, "rb");
	if (!in || fseek(in, 0, SEEK_END) != 0)
		abort();
	c->n = (size_t)ftell(in);
	c->bytes = malloc(c->n);
	rewind(in);
	if (!c->bytes || fread(c->bytes, 1, c->n, in) != c->n)
		abort();
	fclose(in);
	atexit(fuzz_case_end);
}

#endif
