/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "cli/evidence.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/temporary.h"
#include "base/when.h"
#include "importers/carve.h"
#include "importers/container.h"

#define READ_BYTES (1u << 18)

static struct evidence *
list_grow(struct evidence_list *list, struct text path, uint64_t size)
{
	struct evidence *e;

	arena_grow(list->keep, list->items, list->n, &list->cap);
	e = &list->items[list->n++];
	*e = (struct evidence){ .path = arena_copy(list->keep, path), .fd = -1, .size = size,
				.carve = list->carve };
	list->bytes += size;
	return e;
}

/* The folder of a path, with the slash at its end. */
static struct text
folder_of(struct text path)
{
	size_t slash = text_rfind_byte(path, '/');

	return slash == TEXT_NOWHERE ? TEXT("./") : text_head(path, slash + 1);
}

static bool
same_file(struct text a, struct text b, struct arena scratch)
{
	struct stat x, y;

	return stat(arena_cstr(&scratch, a), &x) == 0 && stat(arena_cstr(&scratch, b), &y) == 0 &&
	       x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

/*
 * The case file, or one that SQLite and the import keep beside it (CASE-wal, CASE-import.lock).
 * Reading them would do harm: closing a file that SQLite has open too gives up its locks.
 */
static bool
belongs_to_case(const struct evidence_list *list, struct text path)
{
	struct text own = text_of(list->case_path), name = text_last_part(path);
	struct text own_name = text_last_part(own), rest = text_from(name, own_name.n);

	if (same_file(path, own, *list->keep))
		return true;
	return text_starts(name, own_name) && rest.n && rest.p[0] == '-' &&
	       same_file(folder_of(path), folder_of(own), *list->keep);
}

static bool
found_file(void *ctx, struct text path, uint64_t size)
{
	struct evidence_list *list = ctx;

	if (!belongs_to_case(list, path))
		list_grow(list, path, size);
	return true;
}

static void
found_trouble(void *ctx, struct text path, const char *why)
{
	struct evidence_list *list = ctx;

	list_grow(list, path, 0)->reason = arena_printf(list->keep, "%s", why);
}

static bool
write_all(int fd, const char *bytes, size_t n)
{
	while (n > 0) {
		ssize_t done = write(fd, bytes, n);

		if (done < 0 && errno != EINTR)
			return false;
		bytes += done < 0 ? 0 : done;
		n -= done < 0 ? 0 : (size_t)done;
	}
	return true;
}

/* Standard input is read once into a file without a name: it is hashed, then decoded. */
static bool
spool(struct evidence_list *list, struct err *err)
{
	char     buf[1 << 16];
	size_t   n;
	uint64_t size = 0;
	bool     good;

	list->spooled = temporary_file();
	good = list->spooled >= 0;
	while (good && (n = fread(buf, 1, sizeof(buf), stdin)) > 0) {
		good = write_all(list->spooled, buf, n);
		size += n;
	}
	if (!good || ferror(stdin)) {
		err_set(err, ERR_IO, "cannot keep it in a temporary file: %s", strerror(errno));
		return err_where(err, "standard input");
	}
	list_grow(list, TEXT("-"), size)->fd = list->spooled;
	return true;
}

bool
evidence_add(struct evidence_list *list, struct text path, struct err *err)
{
	if (!text_eq(path, TEXT("-"))) {
		evidence_walk(path, found_file, found_trouble, list);
		return true;
	}
	if (list->spooled < 0)
		return spool(list, err);
	err_set(err, ERR_USAGE, "'-' can be given once");
	return false;
}

void
evidence_close(struct evidence_list *list)
{
	if (list->spooled >= 0)
		close(list->spooled);
	list->spooled = -1;
}

bool
evidence_open(const struct evidence *e, struct input *in, struct arena *keep, struct err *err)
{
	return e->fd >= 0 ? input_open_fd(in, keep, e->path, e->fd, err)
			  : input_open(in, keep, e->path, err);
}

void
evidence_recognise(struct evidence *e, struct text head, struct arena *keep)
{
	e->container = container_kind(head);
	if (e->container && e->depth >= CONTAINER_DEPTH_MAX) {
		e->reason = arena_printf(keep, "%s in more than %d archives: unpack it first",
					 e->container, CONTAINER_DEPTH_MAX);
		e->container = NULL;
	} else if (!e->container && e->carve) {
		e->importer = &importer_carve;
	} else if (!e->container) {
		e->importer = importer_find(head, e->size, &e->reason, &e->ignore);
		e->reason = text_absent(e->reason) ? TEXT_NONE : arena_copy(keep, e->reason);
	}
}

/* A file of no size that has something in it is one that the kernel makes up while it is read, which
 * may have no end. */
static bool
is_made_up(struct input *in)
{
	char       byte;
	size_t     got = 0;
	struct err ignored = { 0 };

	return in->size == 0 && (!in->read_at(in->self, 0, &byte, 1, &got, &ignored) || got > 0);
}

static bool
look(struct evidence *e, struct input *in, struct arena *keep, struct progress *progress,
     struct err *err)
{
	struct digest *digest = digest_new();
	char          *buf = malloc(READ_BYTES);
	uint64_t       at = 0;
	size_t         got = 0;
	bool           good = buf != NULL;

	if (is_made_up(in))
		good = err_set(err, ERR_INPUT, "has no size, and yet something in it or an error (a file "
					       "of the kernel?): import a copy");
	while (good && !progress->cancel && at < in->size) {
		uint64_t left = in->size - at;

		good = in->read_at(in->self, at, buf, left < READ_BYTES ? left : READ_BYTES, &got,
				   err);
		if (!good || got == 0)
			break;
		if (at == 0) {
			struct text head = { buf, got < SNIFF_BYTES ? got : SNIFF_BYTES };

			e->size = in->size;
			evidence_recognise(e, head, keep);
		}
		digest_add(digest, buf, got);
		at += got;
		progress->bytes_done += got;
	}
	e->size = at;
	digest_finish(digest, e->sha256);
	free(buf);
	return good;
}

static bool
stamp(struct evidence *e, struct arena scratch)
{
	struct stat st;

	if (stat(arena_cstr(&scratch, e->path), &st) != 0)
		return false;
	e->changed_ns = (int64_t)st.st_mtim.tv_sec * WHEN_SECOND + st.st_mtim.tv_nsec;
	e->file_bytes = (uint64_t)st.st_size;
	return true;
}

bool
evidence_changed(const struct evidence *e, struct arena scratch)
{
	struct evidence now = *e;

	if (e->fd >= 0)
		return false;
	return !stamp(&now, scratch) || now.changed_ns != e->changed_ns ||
	       now.file_bytes != e->file_bytes;
}

void
evidence_look(struct evidence *e, struct arena *keep, struct progress *progress)
{
	struct input in = { 0 };
	struct err   err = { 0 };
	bool         good;

	if (!text_absent(e->reason))
		return; /* the walk could not open it */
	if (e->fd < 0)
		stamp(e, *keep);
	good = evidence_open(e, &in, keep, &err) && look(e, &in, keep, progress, &err);
	input_close(&in);
	if (!good) {
		e->importer = NULL;
		e->container = NULL;
		e->sha256[0] = '\0';
		e->reason = arena_printf(keep, "%s", err.what);
	} else if (e->size == 0) {
		e->importer = NULL;
	}
}
