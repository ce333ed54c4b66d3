/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Evidence files, opened for reading only. */
#include "config.h"
#include "importers/importer.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct file {
	int fd;
	bool owned;    /* close it */
	bool by_place; /* pread works */
	uint64_t next; /* streams: where the last read ended */
};

static bool
file_read_at(void *self, uint64_t offset, void *buf, size_t n, size_t *got, struct err *err)
{
	struct file *f = self;
	ssize_t r;

	*got = 0;
	if (offset > INT64_MAX - (uint64_t)n)
		return true; /* past every file */
	if (!f->by_place && offset != f->next)
		return err_set(err, ERR_IO, "a stream can only be read forward");
	do
		r = f->by_place ? pread(f->fd, buf, n, (off_t)offset) : read(f->fd, buf, n);
	while (r < 0 && errno == EINTR);
	if (r < 0)
		return err_set(err, ERR_IO, "cannot read: %s", strerror(errno));
	*got = (size_t)r;
	f->next = offset + (uint64_t)r;
	return true;
}

static const char *
not_a_file(mode_t mode)
{
	if (S_ISDIR(mode))
		return "is a folder";
	if (S_ISFIFO(mode))
		return "is a named pipe, not a file (pass '-' and redirect it to standard input)";
	if (S_ISSOCK(mode))
		return "is a socket, not a file";
	if (S_ISBLK(mode) || S_ISCHR(mode))
		return "is a device, not a file";
	return "is not a regular file";
}

/* Without O_NONBLOCK a named pipe that nobody writes to would hang here. */
static int
open_quietly(const char *path)
{
	int flags = O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK;
	int fd;

#ifdef O_NOATIME
	/* Leaves the access time of evidence alone where the system lets us. */
	do
		fd = open(path, flags | O_NOATIME);
	while (fd < 0 && errno == EINTR);
	if (fd >= 0 || errno != EPERM)
		return fd;
#endif
	do
		fd = open(path, flags);
	while (fd < 0 && errno == EINTR);
	return fd;
}

static bool
open_stdin(struct input *in, struct file *f)
{
	struct stat st;

	f->fd = STDIN_FILENO;
	in->size = UINT64_MAX;
	if (fstat(f->fd, &st) == 0 && S_ISREG(st.st_mode) && lseek(f->fd, 0, SEEK_CUR) == 0) {
		f->by_place = true;
		in->size = (uint64_t)st.st_size;
	}
	in->seekable = f->by_place;
	return true;
}

static bool
open_file(struct input *in, struct file *f, struct arena *keep, struct err *err)
{
	const char *path;
	struct stat st;

	if (memchr(in->name.p, '\0', in->name.n))
		return err_set(err, ERR_INPUT, "cannot open: the path holds a NUL byte");
	path = arena_cstr(keep, in->name);
	f->fd = open_quietly(path);
	if (f->fd < 0 && errno == ENXIO && stat(path, &st) == 0)
		return err_set(err, ERR_INPUT, "%s", not_a_file(st.st_mode));
	if (f->fd < 0)
		return err_set(err, ERR_INPUT, "cannot open: %s", strerror(errno));
	f->owned = true;
	if (fstat(f->fd, &st) != 0)
		return err_set(err, ERR_INPUT, "cannot open: %s", strerror(errno));
	if (!S_ISREG(st.st_mode))
		return err_set(err, ERR_INPUT, "%s", not_a_file(st.st_mode));
	f->by_place = true;
	in->size = (uint64_t)st.st_size;
	in->seekable = true;
	return true;
}

bool
input_open(struct input *in, struct arena *keep, struct text path, struct err *err)
{
	struct file *f = arena_new(keep, struct file, 1);

	*in = (struct input){ .name = path, .self = f, .read_at = file_read_at };
	f->fd = -1;
	if (text_eq(path, TEXT("-")))
		return open_stdin(in, f);
	if (open_file(in, f, keep, err))
		return true;
	input_close(in);
	return err_where(err, TEXT_FMT, TEXT_ARG(path));
}

bool
input_open_fd(struct input *in, struct arena *keep, struct text name, int fd, struct err *err)
{
	struct file *f = arena_new(keep, struct file, 1);
	struct stat  st;

	*in = (struct input){ .name = name, .self = f, .read_at = file_read_at };
	*f = (struct file){ .fd = fd, .by_place = true };
	if (fstat(fd, &st) != 0) {
		err_set(err, ERR_IO, "cannot read: %s", strerror(errno));
		return err_where(err, TEXT_FMT, TEXT_ARG(name));
	}
	in->size = (uint64_t)st.st_size;
	in->seekable = true;
	return true;
}

void
input_close(struct input *in)
{
	struct file *f = in->self;

	if (f && in->read_at == file_read_at && f->owned)
		close(f->fd);
	*in = (struct input){ .name = TEXT_NONE };
}
