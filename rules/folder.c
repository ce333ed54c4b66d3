/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rules/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/visible.h"

bool
folder_is(struct text path, struct arena scratch)
{
	struct stat st;

	return stat(arena_cstr(&scratch, path), &st) == 0 && S_ISDIR(st.st_mode);
}

static int
by_name(const void *a, const void *b)
{
	const struct text *x = a, *y = b;

	return text_cmp(*x, *y);
}

static bool
has_suffix(struct text name, const char *const *suffixes)
{
	for (; *suffixes; suffixes++) {
		if (text_iends(name, text_of(*suffixes)))
			return true;
	}
	return false;
}

/* Names in the folder, sorted; those that start with '.' are left out. */
static bool
list(struct text path, struct arena *keep, struct text **out, size_t *n, struct err *err)
{
	DIR           *dir = opendir(arena_cstr(keep, path));
	struct dirent *entry;
	size_t         cap = 0;
	int            code;

	*out = NULL;
	*n = 0;
	if (!dir) {
		err_set(err, ERR_INPUT, "cannot be read: %s", strerror(errno));
		return err_where(err, TEXT_FMT, TEXT_ARG(path));
	}
	for (errno = 0; (entry = readdir(dir)); errno = 0) {
		if (entry->d_name[0] == '.')
			continue;
		arena_grow(keep, *out, *n, &cap);
		(*out)[(*n)++] = arena_copy(keep, text_of(entry->d_name));
	}
	code = errno;
	closedir(dir);
	if (code) {
		err_set(err, ERR_INPUT, "cannot be read: %s", strerror(code));
		return err_where(err, TEXT_FMT, TEXT_ARG(path));
	}
	if (*n)
		qsort(*out, *n, sizeof(**out), by_name);
	return true;
}

struct walk {
	const char *const *suffixes;
	folder_fn         *fn;
	void              *ctx;
	size_t             names; /* seen so far */
};

/* What cannot be looked at is what its name says; what cannot be listed is handed out as well; too much
 * ends the walk. */
static bool
walk(struct walk *w, struct text path, int depth, struct arena scratch, struct err *err)
{
	struct text *names;
	size_t       n;

	if (!list(path, &scratch, &names, &n, err))
		return false;
	w->names += n;
	for (size_t i = 0; i < n && w->names <= FOLDER_NAMES_MAX; i++) {
		struct text full = arena_printf(&scratch, TEXT_FMT "%s" TEXT_FMT, TEXT_ARG(path),
						path.n && path.p[path.n - 1] == '/' ? "" : "/",
						TEXT_ARG(names[i]));
		struct stat st;

		if (lstat(full.p, &st) != 0) {
			if (errno == ENOENT)
				continue;
			st.st_mode = has_suffix(names[i], w->suffixes) ? S_IFREG : S_IFDIR;
		}
		if (S_ISDIR(st.st_mode)) {
			if (depth > 0 && !walk(w, full, depth - 1, scratch, NULL) &&
			    errno != ENOTDIR)
				w->fn(w->ctx, full);
		} else if (has_suffix(names[i], w->suffixes)) {
			w->fn(w->ctx, full);
		}
	}
	return true;
}

bool
folder_walk(struct text path, int depth, const char *const *suffixes, folder_fn *fn, void *ctx,
	    struct arena scratch, struct err *err)
{
	struct walk w = { suffixes, fn, ctx, 0 };

	if (!walk(&w, path, depth, scratch, err))
		return false;
	if (w.names <= FOLDER_NAMES_MAX)
		return true;
	err_set(err, ERR_INPUT, "more than %d files are below it; name the folder of the rules",
		FOLDER_NAMES_MAX);
	return err_where(err, TEXT_FMT, TEXT_ARG(path));
}

static bool
fail(int fd, struct text path, const char *what, struct err *err)
{
	if (fd >= 0)
		close(fd);
	err_set(err, ERR_INPUT, "%s", what);
	return err_where(err, TEXT_FMT, TEXT_ARG(path));
}

bool
folder_read(struct text path, size_t limit, struct arena *keep, struct text *out, struct err *err)
{
	const char *name = arena_cstr(keep, path);
	int         fd = open(name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat st;
	char       *text;
	size_t      n = 0;

	if (fd < 0 || fstat(fd, &st) != 0)
		return fail(fd, path, strerror(errno), err);
	if (!S_ISREG(st.st_mode))
		return fail(fd, path, S_ISDIR(st.st_mode) ? "what is in the folder cannot be listed"
							  : "not a file",
			    err);
	if (st.st_size < 0 || (uintmax_t)st.st_size > limit)
		return fail(fd, path, "larger than a rule file can be", err);
	text = arena_new(keep, char, (size_t)st.st_size + 1);
	while (n < (size_t)st.st_size) {
		ssize_t got = read(fd, text + n, (size_t)st.st_size - n);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return fail(fd, path, strerror(errno), err);
		if (got == 0)
			return fail(fd, path, "became shorter while it was read", err);
		n += (size_t)got;
	}
	close(fd);
	*out = (struct text){ text, n };
	return true;
}

static struct text
of_1252(struct text bytes, struct arena *keep)
{
	char  *p = arena_new(keep, char, 3 * bytes.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < bytes.n; i++)
		n += utf8_encode(cp1252_code((unsigned char)bytes.p[i]), p + n);
	return (struct text){ p, n };
}

static struct text
of_utf16(struct text bytes, bool big_endian, struct arena *keep)
{
	const unsigned char *b = (const unsigned char *)bytes.p;
	char                *p = arena_new(keep, char, 2 * bytes.n + 4);
	size_t               n = 0;

	for (size_t i = 2; i + 1 < bytes.n; i += 2) {
		uint32_t code = (uint32_t)(b[i + !big_endian] << 8 | b[i + big_endian]), low = 0;

		if (code >= 0xD800 && code < 0xDC00 && i + 3 < bytes.n)
			low = (uint32_t)(b[i + 2 + !big_endian] << 8 | b[i + 2 + big_endian]);
		if (low >= 0xDC00 && low < 0xE000) {
			code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
			i += 2;
		}
		n += utf8_encode(code, p + n);
	}
	return (struct text){ p, n };
}

bool
folder_read_text(struct text path, size_t limit, struct arena *keep, struct text *out,
		 bool *guessed, struct err *err)
{
	bool big_endian, guess;

	if (!folder_read(path, limit, keep, out, err))
		return false;
	big_endian = text_starts(*out, TEXT("\xFE\xFF"));
	if (big_endian || text_starts(*out, TEXT("\xFF\xFE")))
		*out = of_utf16(*out, big_endian, keep);
	guess = !utf8_valid(*out);
	if (guess)
		*out = of_1252(*out, keep);
	if (guessed)
		*guessed = guess;
	return true;
}
