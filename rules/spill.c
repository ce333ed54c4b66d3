/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rules/spill.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/temporary.h"

/* Of the buffers; less where the budget is small, of which they take that part at most. */
#define WRITE_BYTES ((size_t)64 << 10)
#define WRITE_PART  64
#define READ_BYTES  ((size_t)16 << 10)
#define READ_PART   1024
#define BUFFER_LEAST ((size_t)1 << 10)

struct spill {
	struct run   *run;
	struct spill *next;
	int           fd;
	uint64_t      written;
	size_t        n; /* bytes in BUFFER, not written yet */
	size_t        room; /* of BUFFER */
	char         *buffer;
};

struct spill_reader {
	struct spill *of;
	uint64_t      at, end; /* what is not in BUFFER yet */
	char         *buffer;
	size_t        next, n, room;
};

static size_t
buffer_bytes(const struct run *run, size_t most, size_t part)
{
	size_t n = run->budget_bytes / part;

	return n > most ? most : n < BUFFER_LEAST ? BUFFER_LEAST : n;
}

static bool
failed(struct spill *s, const char *verb)
{
	return pipe_fail(s->run, ERR_LIMIT,
			 "the search needs more than its %zu MiB of memory, and its temporary file "
			 "cannot be %s: %s (make room, set TMPDIR, or give it more with --memory)",
			 s->run->budget_bytes >> 20, verb, strerror(errno));
}

struct spill *
spill_new(struct run *run)
{
	struct spill        *s = arena_new(run->keep, struct spill, 1);
	const struct source *source = run->request ? run->request->source : NULL;

	s->run = run;
	s->room = buffer_bytes(run, WRITE_BYTES, WRITE_PART);
	s->buffer = arena_bytes(run->keep, s->room);
	s->fd = temporary_beside(source ? source->place : NULL);
	if (s->fd < 0) {
		failed(s, "made");
		return NULL;
	}
	s->next = run->spills;
	run->spills = s;
	return s;
}

bool
spill_empty(struct spill *s)
{
	s->n = 0;
	s->written = 0;
	if (ftruncate(s->fd, 0) != 0 || lseek(s->fd, 0, SEEK_SET) < 0)
		return failed(s, "emptied");
	return true;
}

static bool
write_all(struct spill *s, const char *p, size_t n)
{
	while (n) {
		ssize_t got = write(s->fd, p, n);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return failed(s, "written");
		p += got;
		n -= (size_t)got;
		s->written += (uint64_t)got;
	}
	return true;
}

bool
spill_flush(struct spill *s)
{
	size_t n = s->n;

	s->n = 0;
	return write_all(s, s->buffer, n);
}

bool
spill_put(struct spill *s, const void *p, size_t n)
{
	if (n > s->room - s->n && !spill_flush(s))
		return false;
	if (n > s->room)
		return write_all(s, p, n);
	if (n)
		memcpy(s->buffer + s->n, p, n);
	s->n += n;
	return true;
}

uint64_t
spill_size(const struct spill *s)
{
	return s->written + s->n;
}

struct spill_reader *
spill_read(struct spill *s, uint64_t from, uint64_t to, struct arena *keep)
{
	struct spill_reader *r = arena_new(keep, struct spill_reader, 1);

	*r = (struct spill_reader){ .of = s, .at = from, .end = to };
	r->room = buffer_bytes(s->run, READ_BYTES, READ_PART);
	r->buffer = arena_bytes(keep, r->room);
	return r;
}

bool
spill_ended(const struct spill_reader *r)
{
	return r->next == r->n && r->at == r->end;
}

static bool
refill(struct spill_reader *r)
{
	uint64_t left = r->end - r->at;
	ssize_t  got;

	do
		got = pread(r->of->fd, r->buffer, left < r->room ? (size_t)left : r->room,
			    (off_t)r->at);
	while (got < 0 && errno == EINTR);
	if (got == 0)
		errno = EIO;
	if (got <= 0)
		return failed(r->of, "read");
	r->at += (uint64_t)got;
	r->next = 0;
	r->n = (size_t)got;
	return true;
}

bool
spill_get(struct spill_reader *r, void *p, size_t n)
{
	char *to = p;

	while (n) {
		size_t have = r->n - r->next < n ? r->n - r->next : n;

		if (have == 0) {
			if (!refill(r))
				return false;
			continue;
		}
		memcpy(to, r->buffer + r->next, have);
		r->next += have;
		to += have;
		n -= have;
	}
	return true;
}

void
spills_close(struct run *run)
{
	for (struct spill *s = run->spills; s; s = s->next)
		close(s->fd);
	run->spills = NULL;
}
