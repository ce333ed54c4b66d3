/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "cli/held_rows.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/temporary.h"

/* Behind so many bytes rows go to the file. */
#define MEMORY_BYTES ((size_t)2 << 20)

struct held_rows {
	struct arena bytes; /* rows that are in no file */
	FILE        *file;  /* NULL: all are there */
	uint64_t     n;
	struct arena room;  /* of the row that is read */
};

struct held_rows *
held_rows_new(void)
{
	struct held_rows *h = calloc(1, sizeof(*h));

	if (!h)
		arena_exhausted(sizeof(*h));
	h->bytes = arena_open((size_t)1 << 32);
	h->room = arena_open((size_t)1 << 32);
	return h;
}

void
held_rows_free(struct held_rows *h)
{
	if (h->file)
		fclose(h->file);
	arena_close(&h->bytes);
	arena_close(&h->room);
	free(h);
}

uint64_t
held_rows_n(const struct held_rows *h)
{
	return h->n;
}

static bool
failed(struct err *err, const char *verb)
{
	return err_set(err, ERR_IO,
		       "rows wait in a temporary file until all columns are known, and it cannot "
		       "be %s: %s (make room, set TMPDIR, or name the columns with table)",
		       verb, strerror(errno));
}

static void
put(struct held_rows *h, const void *p, size_t n)
{
	if (n)
		memcpy(arena_bytes(&h->bytes, n), p, n);
}

static bool
write_out(struct held_rows *h, struct err *err)
{
	int fd;

	if (!h->file) {
		fd = temporary_file();
		h->file = fd >= 0 ? fdopen(fd, "w+b") : NULL;
		if (!h->file) {
			failed(err, "made");
			if (fd >= 0)
				close(fd);
			return false;
		}
	}
	if (fwrite(h->bytes.start, 1, arena_used(&h->bytes), h->file) != arena_used(&h->bytes))
		return failed(err, "written");
	arena_reset(&h->bytes, MEMORY_BYTES);
	return true;
}

bool
held_rows_add(struct held_rows *h, const struct held_cell *cells, size_t n, struct err *err)
{
	put(h, &n, sizeof(n));
	put(h, cells, n * sizeof(*cells));
	for (size_t i = 0; i < n; i++)
		put(h, cells[i].cell.text.p, cells[i].cell.text.n);
	h->n++;
	return arena_used(&h->bytes) < MEMORY_BYTES || write_out(h, err);
}

static bool
get(FILE *from, void *p, size_t n, struct err *err)
{
	return n == 0 || fread(p, 1, n, from) == n || failed(err, "read");
}

static bool
get_row(struct held_rows *h, FILE *from, struct held_cell **cells, size_t *n, struct err *err)
{
	arena_reset(&h->room, MEMORY_BYTES);
	if (!get(from, n, sizeof(*n), err))
		return false;
	*cells = arena_new(&h->room, struct held_cell, *n);
	if (!get(from, *cells, *n * sizeof(**cells), err))
		return false;
	for (size_t i = 0; i < *n; i++) {
		struct text *text = &(*cells)[i].cell.text;
		char        *p;

		if (text_absent(*text))
			continue;
		p = arena_bytes(&h->room, text->n + 1);
		if (!get(from, p, text->n, err))
			return false;
		text->p = p;
	}
	return true;
}

static FILE *
begin_reading(struct held_rows *h, struct err *err)
{
	FILE *from;

	if (!h->file) {
		from = fmemopen(h->bytes.start, arena_used(&h->bytes), "rb");
		if (!from)
			failed(err, "read");
		return from;
	}
	if (!write_out(h, err))
		return NULL;
	if (fflush(h->file) != 0 || fseeko(h->file, 0, SEEK_SET) != 0) {
		failed(err, "written");
		return NULL;
	}
	return h->file;
}

bool
held_rows_each(struct held_rows *h, held_row_fn *fn, void *ctx, struct err *err)
{
	FILE             *from;
	struct held_cell *cells;
	size_t            n;
	bool              good = true;

	if (h->n == 0)
		return true;
	from = begin_reading(h, err);
	if (!from)
		return false;
	for (uint64_t i = 0; good && i < h->n; i++) {
		good = get_row(h, from, &cells, &n, err);
		if (good)
			fn(ctx, cells, n);
	}
	if (from != h->file)
		fclose(from);
	return good;
}
