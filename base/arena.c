/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/arena.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#define ARENA_LEAST ((size_t)4 << 20) /* bytes of addresses that are always asked for */
/* Where addresses are limited (ulimit -v), one arena takes at most this part of them: some sixty
 * live at a time. */
#define ARENA_SHARE 92

void
arena_exhausted(size_t wanted_bytes)
{
	fprintf(stderr, "auger: out of memory: %zu more bytes do not fit its limit\n", wanted_bytes);
	_exit(3);
}

static void *
reserve(size_t size)
{
	return mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
		    -1, 0);
}

/* What an arena may reserve; a smaller range does for all but the largest jobs. */
static size_t
fair_share(size_t size)
{
	static const int kinds[] = { RLIMIT_AS, RLIMIT_DATA };
	struct rlimit    most;

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (getrlimit(kinds[i], &most) == 0 && most.rlim_cur != RLIM_INFINITY &&
		    size > most.rlim_cur / ARENA_SHARE)
			size = most.rlim_cur / ARENA_SHARE;
	return size;
}

bool
arena_scarce(void)
{
	return fair_share(SIZE_MAX) < SIZE_MAX;
}

struct arena
arena_open_whole(size_t bytes)
{
	char *p = reserve(bytes);

	if (p == MAP_FAILED)
		arena_exhausted(bytes);
	return (struct arena){ .at = p, .end = p + bytes, .start = p };
}

struct arena
arena_open(size_t limit_bytes)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	size_t fair = fair_share(limit_bytes), size;
	char  *p;

	if (fair < limit_bytes && fair < ARENA_LEAST)
		fair = limit_bytes < ARENA_LEAST ? limit_bytes : ARENA_LEAST;
	size = (fair + page - 1) / page * page;
	p = reserve(size);
	while (p == MAP_FAILED && size > ARENA_LEAST) {
		size = size / 4 / page * page;
		p = reserve(size);
	}
	if (p == MAP_FAILED)
		arena_exhausted(size);
	return (struct arena){ .at = p, .end = p + size, .start = p };
}

void
arena_close(struct arena *a)
{
	if (a->start)
		munmap(a->start, (size_t)(a->end - a->start));
	*a = (struct arena){ 0 };
}

void
arena_reset(struct arena *a, size_t keep_bytes)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	size_t size = (size_t)(a->end - a->start);
	size_t keep = (keep_bytes + page - 1) / page * page;

	a->at = a->start;
	if (keep < size)
		madvise(a->start + keep, size - keep, MADV_DONTNEED);
}

size_t
arena_used(const struct arena *a)
{
	return (size_t)(a->at - a->start);
}

static char *
take(struct arena *a, size_t size, size_t align, size_t count)
{
	size_t pad = (size_t)(-(uintptr_t)a->at & (align - 1));
	size_t left = (size_t)(a->end - a->at);

	if (pad > left || (size && count > (left - pad) / size))
		arena_exhausted(size && count > SIZE_MAX / size ? SIZE_MAX : size * count);
	char *p = a->at + pad;

	a->at = p + size * count;
	return p;
}

void *
arena_alloc(struct arena *a, size_t size, size_t align, size_t count)
{
	char  *p = take(a, size, align, count);
	size_t n = size * count;

	return n ? memset(p, 0, n) : p;
}

char *
arena_bytes(struct arena *a, size_t count)
{
	return take(a, 1, 1, count);
}

void *
arena_grow_raw(struct arena *a, void *items, size_t n, size_t *cap, size_t size, size_t align)
{
	if (n < *cap)
		return items;
	size_t more = *cap ? *cap : 8;

	/* The last thing in the arena grows where it stands. */
	if (items && (char *)items + *cap * size == a->at && align <= _Alignof(max_align_t)) {
		arena_alloc(a, size, 1, more);
		*cap += more;
		return items;
	}
	void *moved = arena_alloc(a, size, align, *cap + more);

	if (n)
		memcpy(moved, items, n * size);
	*cap += more;
	return moved;
}

struct text
arena_copy(struct arena *a, struct text t)
{
	if (text_absent(t))
		return t;
	char *p = arena_bytes(a, t.n + 1);

	if (t.n)
		memcpy(p, t.p, t.n);
	p[t.n] = '\0';
	return (struct text){ p, t.n };
}

struct text
arena_join(struct arena *a, struct text x, struct text y)
{
	char *p = arena_bytes(a, x.n + y.n + 1);

	if (x.n)
		memcpy(p, x.p, x.n);
	if (y.n)
		memcpy(p + x.n, y.p, y.n);
	p[x.n + y.n] = '\0';
	return (struct text){ p, x.n + y.n };
}

struct text
arena_fold(struct arena *a, struct text t)
{
	char *p = arena_bytes(a, t.n + 1);

	text_fold(p, t);
	p[t.n] = '\0';
	return (struct text){ p, t.n };
}

const char *
arena_cstr(struct arena *a, struct text t)
{
	char *p = arena_bytes(a, t.n + 1);

	if (t.n)
		memcpy(p, t.p, t.n);
	p[t.n] = '\0';
	return p;
}
