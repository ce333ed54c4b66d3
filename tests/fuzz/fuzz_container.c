/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Archives of any bytes. */
#include "config.h"

#include <unistd.h>

#include "importers/container.h"
#include "tests/fuzz/fuzz_input.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

/* Every member is what its entry promises, and is looked at as an archive is. */
static void
check_member(const struct member *m, size_t archive_bytes)
{
	char head[512];

	if (m->offset > archive_bytes || (m->fd < 0 && text_absent(m->gap)))
		abort();
	if (m->fd < 0)
		return;
	if (pread(m->fd, head, sizeof(head), 0) < 0 ||
	    lseek(m->fd, 0, SEEK_END) != (off_t)m->size)
		abort();
	close(m->fd);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static const char *const passwords[] = { "infected" };
	const atomic_bool        never = false;
	struct fuzz_evidence     e = { p, n };
	struct input in = { .name = TEXT("fuzz"), .size = n, .self = &e,
			    .read_at = fuzz_read_at, .seekable = true };
	struct container_options opt = {
		.passwords = passwords,
		.n_passwords = 1,
		.limits = { .member_bytes = 1 << 20, .free_bytes = 1 << 18, .growth = 200,
			    .total_bytes = 1 << 22, .members = 50 },
	};
	struct container *c = container_open(&in, &opt);
	struct member     m;

	container_kind((struct text){ (const char *)p, n });
	while (container_next(c, &m, &never))
		check_member(&m, n);
	container_close(c);
	return 0;
}
