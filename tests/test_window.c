/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The window that text logs are read through, where the system grants few addresses. */
#include "config.h"

#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "importers/event_builder.h"
#include "importers/window.h"
#include "tests/tap.h"

#define FILE_BYTES (RECORD_MAX + 1000)
#define MORE_BYTES ((rlim_t)200 << 20)

/* Byte I of the file. */
static char
byte_at(uint64_t i)
{
	return (char)('a' + i % 23);
}

static bool
read_letters(void *self, uint64_t offset, void *buf, size_t n, size_t *got, struct err *err)
{
	char *to = buf;

	(void)self, (void)err;
	for (*got = 0; *got < n && offset + *got < FILE_BYTES; ++*got)
		to[*got] = byte_at(offset + *got);
	return true;
}

/* From now on arenas share little more than what the program has already. */
static void
limit_addresses(void)
{
	unsigned long pages = 0;
	FILE *f = fopen("/proc/self/statm", "r");
	struct rlimit most;

	if (!f || fscanf(f, "%lu", &pages) != 1 || getrlimit(RLIMIT_AS, &most) != 0)
		exit(99);
	fclose(f);
	most.rlim_cur = (rlim_t)pages * (rlim_t)sysconf(_SC_PAGESIZE) + MORE_BYTES;
	if (setrlimit(RLIMIT_AS, &most) != 0)
		exit(99);
}

static void
a_window_holds_the_largest_record_whatever_the_limit(void)
{
	struct input in = { .name = TEXT("letters"),
			    .size = FILE_BYTES,
			    .read_at = read_letters,
			    .seekable = true };
	struct window w;
	bool same = true;

	window_open(&w, &in, 0, FILE_BYTES, 0, NULL);
	ok(window_need(&w, RECORD_MAX) >= RECORD_MAX, "a record of the largest size fits");
	ok(w.buf + w.len <= w.mem.end, "in memory of its own");
	for (size_t i = 0; i < RECORD_MAX; i++)
		same &= window_text(&w).p[i] == byte_at(i);
	ok(same, "byte for byte");
	window_close(&w);
}

static void
so_does_the_builder_of_events(void)
{
	struct event_builder b;

	builder_open(&b);
	for (int i = 0; i < BUILDER_FIELDS_MAX; i++)
		builder_body(&b, TEXT("name"), TEXT("value"));
	ok((char *)(b.fields + b.n_fields) <= b.mem.end, "as many fields as it may have fit");
	builder_close(&b);
}

int
main(void)
{
	limit_addresses();
	a_window_holds_the_largest_record_whatever_the_limit();
	so_does_the_builder_of_events();
	return done_testing();
}
