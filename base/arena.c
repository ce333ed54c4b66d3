/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/arena.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

/* Where addresses are limited (ulimit -v, -d), an arena takes them as it grows. It needs room behind
 * it: a slot of its own, far from where the kernel maps anything by itself. */
#define SLOT_BYTES  ((size_t)1 << 36)
#define SLOT_FIRST  ((uintptr_t)1 << 44)
#define SLOTS       1024
#define STEP_LEAST  ((size_t)64 << 10)
#define STEP_MOST   ((size_t)256 << 10)
/* One arena takes at most this part of the addresses. */
#define GROWN_SHARE 4
/* Where slots cannot be had: all that an arena gets, and it gets it at once. Some sixty live at a
 * time. */
#define FIXED_SHARE 92
#define FIXED_LEAST ((size_t)4 << 20)

void
arena_exhausted(size_t wanted_bytes)
{
	fprintf(stderr, "auger: out of memory: %zu more bytes do not fit its limit\n", wanted_bytes);
	_exit(3);
}

#ifndef MAP_FIXED_NOREPLACE
#define MAP_FIXED_NOREPLACE 0 /* another address is given then */
#endif

static void *
reserve(size_t size)
{
	return mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
		    -1, 0);
}

/* Addresses that the system grants, all arenas together; SIZE_MAX: as many as there are. */
static size_t
granted(void)
{
	static const int kinds[] = { RLIMIT_AS, RLIMIT_DATA };
	struct rlimit    most;
	size_t           size = SIZE_MAX;

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (getrlimit(kinds[i], &most) == 0 && most.rlim_cur != RLIM_INFINITY &&
		    size > most.rlim_cur)
			size = most.rlim_cur;
	return size;
}

bool
arena_scarce(void)
{
	return granted() < SIZE_MAX;
}

static size_t
least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Where the piece that begins at byte AT of an arena ends. The same for every copy of an arena, so
 * that a piece which is there already was taken by a copy, whole. */
static size_t
piece_end(size_t at)
{
	return at < STEP_LEAST ? STEP_LEAST : at + (at < STEP_MOST ? at : STEP_MOST);
}

/* False: something else is there (EEXIST), or there is nothing to be had. */
static bool
map_piece(char *p, size_t size)
{
	void *got = mmap(p, size, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1, 0);

	if (got == p)
		return true;
	if (got != MAP_FAILED) { /* a kernel that does not know the flag */
		munmap(got, size);
		errno = ENOTSUP;
	}
	return false;
}

static bool
open_slot(struct arena *a, size_t size)
{
	uintptr_t here = (uintptr_t)&here >> 12;

	if (sizeof(void *) < 8)
		return false;
	for (uintptr_t i = 0; i < SLOTS; i++) {
		char *p = (char *)(SLOT_FIRST + (here + i) % SLOTS * SLOT_BYTES);

		if (map_piece(p, STEP_LEAST)) {
			*a = (struct arena){ p, p + STEP_LEAST, p, p + size };
			return true;
		}
		if (errno != EEXIST)
			return false;
	}
	return false;
}

/* Takes pieces until WANTED bytes are left. */
static bool
grow(struct arena *a, size_t wanted)
{
	if (!a->limit || wanted > (size_t)(a->limit - a->at))
		return false;
	while (wanted > (size_t)(a->end - a->at)) {
		size_t at = (size_t)(a->end - a->start);
		size_t end = least(piece_end(at), (size_t)(a->limit - a->start));

		if (!map_piece(a->end, end - at) && errno != EEXIST)
			return false;
		a->end = a->start + end;
	}
	return true;
}

struct arena
arena_open_whole(size_t bytes)
{
	char *p = reserve(bytes);

	if (p == MAP_FAILED)
		arena_exhausted(bytes);
	return (struct arena){ .at = p, .end = p + bytes, .start = p };
}

/* All at once, and less where there is not enough. */
static struct arena
open_fixed(size_t limit_bytes)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	size_t fair = granted() / FIXED_SHARE;
	size_t size = limit_bytes;
	char  *p;

	if (fair < size)
		size = fair < FIXED_LEAST ? least(limit_bytes, FIXED_LEAST) : fair;
	size = (size + page - 1) / page * page;
	p = reserve(size);
	while (p == MAP_FAILED && size > FIXED_LEAST) {
		size = size / 4 / page * page;
		p = reserve(size);
	}
	if (p == MAP_FAILED)
		arena_exhausted(size);
	return (struct arena){ .at = p, .end = p + size, .start = p };
}

struct arena
arena_open(size_t limit_bytes)
{
	size_t       grown = granted() / GROWN_SHARE / STEP_LEAST * STEP_LEAST;
	size_t       size = (limit_bytes + STEP_LEAST - 1) / STEP_LEAST * STEP_LEAST;
	struct arena a;

	if (!arena_scarce() ||
	    !open_slot(&a, least(least(size, SLOT_BYTES), grown < STEP_LEAST ? STEP_LEAST : grown)))
		a = open_fixed(limit_bytes);
	return a;
}

static size_t
arena_size(const struct arena *a)
{
	return (size_t)((a->limit ? a->limit : a->end) - a->start);
}

void
arena_close(struct arena *a)
{
	if (a->start)
		munmap(a->start, arena_size(a));
	*a = (struct arena){ 0 };
}

void
arena_reset(struct arena *a, size_t keep_bytes)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	size_t size = arena_size(a);
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

	if (pad > left || (size && count > (left - pad) / size)) {
		size_t wanted = size && count > SIZE_MAX / 2 / size ? SIZE_MAX / 2 : size * count;

		if (!grow(a, pad + wanted))
			arena_exhausted(wanted);
	}
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
