/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * arena.h - memory that lives as long as something with an end: a case, a batch, a screen.
 *
 * Nothing inside is freed singly. Passed by pointer, an arena keeps what is put in; passed by
 * value it is scratch: what the callee allocates is given back on return, with nothing to write.
 * An arena is a reserved range of addresses; pages cost memory only once they are used.
 * Memory handed out is zeroed, but for arena_bytes. Running out ends the program with one message
 * (arena_exhausted).
 */
#ifndef AUGER_BASE_ARENA_H
#define AUGER_BASE_ARENA_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"

struct arena {
	char *at;    /* next free byte */
	char *end;   /* one past the last byte */
	char *start; /* first byte */
	char *limit; /* END can grow up to here; NULL: it cannot */
};

/* Reserves LIMIT bytes of addresses, or fewer where the system limits them. */
struct arena arena_open(size_t limit_bytes);
/* Reserves BYTES whatever the system limits: for a table whose size its users rely on. */
struct arena arena_open_whole(size_t bytes);
void         arena_close(struct arena *a);
/* The system limits addresses (ulimit -v): arenas take theirs as they grow. */
bool         arena_scarce(void);

/* Everything inside is gone; pages beyond KEEP bytes go back to the system. */
void   arena_reset(struct arena *a, size_t keep_bytes);
size_t arena_used(const struct arena *a);
/* Bytes that can still be asked for. */
static inline size_t
arena_room(const struct arena *a)
{
	return (size_t)((a->limit ? a->limit : a->end) - a->at);
}

void *arena_alloc(struct arena *a, size_t size, size_t align, size_t count);

#define arena_new(a, type, count) ((type *)arena_alloc((a), sizeof(type), _Alignof(type), (count)))

/* COUNT bytes to write text into before it is read: they are not zeroed, so room that turns out not
 * to be needed costs no memory and no time. */
char *arena_bytes(struct arena *a, size_t count);

/* Gives *ITEMS (of which N are used, *CAP allocated) room for one more item; moves it if needed. */
#define arena_grow(a, items, n, cap)                                                               \
	((items) = arena_grow_raw((a), (items), (n), (cap), sizeof(*(items)), _Alignof(max_align_t)))
void *arena_grow_raw(struct arena *a, void *items, size_t n, size_t *cap, size_t size, size_t align);

struct text arena_copy(struct arena *a, struct text t); /* also ends it with a NUL outside n */
/* TEXT_FMT prints all of a text, also behind a NUL in it. */
struct text arena_printf(struct arena *a, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
struct text arena_join(struct arena *a, struct text x, struct text y);
struct text arena_fold(struct arena *a, struct text t); /* lower case: text_fold */
const char *arena_cstr(struct arena *a, struct text t); /* NUL terminated; inner NULs are kept */

/* Ends the program: "auger: out of memory ...", status 3. The one place. */
_Noreturn void arena_exhausted(size_t wanted_bytes);

#endif
