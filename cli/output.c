/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "cli/output.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/old_file.h"
#include "base/temporary.h"
#include "cli/stop.h"
#include "store/query.h"

static bool
cannot_write(const char *path, enum err_kind kind, struct err *err)
{
	err_set(err, kind, "cannot write: %s", strerror(errno));
	return err_where(err, "%s", path);
}

static bool
refuse(const char *path, const char *why, struct err *err)
{
	err_set(err, ERR_INPUT, "%s; not written", why);
	return err_where(err, "%s", path);
}

bool
output_digest(const char *path, char hex[DIGEST_HEX + 1], uint64_t *size, struct err *err)
{
	struct digest *digest = digest_new();
	FILE          *in = fopen(path, "r");
	char           buf[1 << 16];
	size_t         n;
	bool           good = in != NULL;

	*size = 0;
	while (good && (n = fread(buf, 1, sizeof(buf), in)) > 0) {
		digest_add(digest, buf, n);
		*size += n;
	}
	good = good && !ferror(in);
	if (!good)
		err_set(err, ERR_IO, "cannot read: %s", strerror(errno));
	if (in)
		fclose(in);
	digest_finish(digest, hex);
	return good || err_where(err, "%s", path);
}

/* ---- what must not be written over ---- */

static bool
same_file(const struct stat *a, const char *path)
{
	struct stat b;

	return stat(path, &b) == 0 && a->st_dev == b.st_dev && a->st_ino == b.st_ino;
}

static const char *
folder_of(const char *path, struct arena *keep)
{
	const char *slash = strrchr(path, '/');

	if (!slash)
		return ".";
	return arena_printf(keep, "%.*s/", (int)(slash - path), path).p;
}

/* The files that belong to a case, also those that are not there now. */
static bool
is_of_case(const char *place, const char *case_path, struct arena scratch)
{
	static const char *const ends[] = { "", "-wal", "-shm", "-journal", "-import.lock" };
	struct text name = text_last_part(text_of(place));
	struct text case_name = text_last_part(text_of(case_path));
	struct stat there, folder;

	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++) {
		struct arena again = scratch;
		struct text  part = arena_printf(&again, TEXT_FMT "%s", TEXT_ARG(case_name), ends[i]);
		struct text  path = arena_printf(&again, "%s%s", case_path, ends[i]);

		if (stat(place, &there) == 0 && same_file(&there, path.p))
			return true;
		if (text_eq(name, part) && stat(folder_of(place, &again), &folder) == 0 &&
		    same_file(&folder, folder_of(case_path, &again)))
			return true;
	}
	return false;
}

struct looking {
	const char *place;
	struct stat there;
	char        sha256[DIGEST_HEX + 1]; /* of the place; empty: not known yet */
	bool        found;
};

/* By its place, and by what is in it: evidence may have been moved or be named from elsewhere. */
static bool
is_evidence(void *ctx, const struct evidence_row *e)
{
	struct looking *l = ctx;
	struct arena    memory = arena_open((size_t)1 << 20);
	uint64_t        size;

	l->found = same_file(&l->there, arena_cstr(&memory, e->path));
	if (!l->found && e->size && e->size == (uint64_t)l->there.st_size && e->sha256.n) {
		if (!l->sha256[0] && !output_digest(l->place, l->sha256, &size, NULL))
			l->sha256[0] = '\0';
		l->found = text_eq(text_of(l->sha256), e->sha256);
	}
	arena_close(&memory);
	return !l->found;
}

static bool
is_harmless(struct casefile *cf, const struct output *o, struct arena *keep, struct err *err)
{
	struct looking l = { .place = o->place };

	if (!cf)
		return true;
	if (is_of_case(o->place, casefile_file(cf), *keep))
		return refuse(o->path, "that is the case itself", err);
	if (stat(o->place, &l.there) != 0)
		return true;
	if (!query_evidence(cf, is_evidence, &l, err))
		return false;
	return !l.found || refuse(o->path, "that is evidence of this case", err);
}

struct looking_below {
	const char *folder; /* whole */
	char       *dir;    /* of the evidence before, whole; evidence comes folder by folder */
	char        last[PATH_MAX];
	const char *given;
	struct err *err;
};

static bool
is_below(const char *dir, const char *folder)
{
	size_t n = strlen(folder);

	return strncmp(dir, folder, n) == 0 && (dir[n] == '/' || !dir[n] || strcmp(folder, "/") == 0);
}

static bool
not_below(void *ctx, const struct evidence_row *e)
{
	struct looking_below *l = ctx;
	struct arena          memory = arena_open((size_t)1 << 20);
	const char           *dir = folder_of(arena_cstr(&memory, e->path), &memory);

	if (strlen(dir) < sizeof(l->last) && strcmp(dir, l->last) != 0) {
		memcpy(l->last, dir, strlen(dir) + 1);
		free(l->dir);
		l->dir = realpath(dir, NULL); /* NULL: it is gone, or is inside an archive */
	}
	arena_close(&memory);
	if (!l->dir || !is_below(l->dir, l->folder))
		return true;
	err_set(l->err, ERR_INPUT,
		"evidence of this case lies there (" TEXT_FMT "); name a folder of its own",
		TEXT_ARG(e->path));
	return err_where(l->err, "%s", l->given);
}

bool
output_folder_is_free(struct casefile *cf, const char *folder, struct err *err)
{
	char                *whole = realpath(folder, NULL);
	struct looking_below l = { .folder = whole, .given = folder, .err = err };
	bool                 good;

	if (!whole)
		return true;
	good = query_evidence(cf, not_below, &l, err) && !err->kind;
	free(l.dir);
	free(whole);
	return good;
}

/* ---- writing ---- */

static bool
open_device(struct output *o, struct err *err)
{
	o->out = fopen(o->path, "w");
	return o->out || cannot_write(o->path, ERR_INPUT, err);
}

/* A name beside the place that nobody has yet, and a file that has it or can be given it. */
static int
make_aside(struct output *o, struct arena *keep)
{
	int fd = temporary_unnamed(folder_of(o->place, keep));

	o->aside = arena_new(keep, char, strlen(o->place) + sizeof(".XXXXXX"));
	sprintf(o->aside, "%s.XXXXXX", o->place);
	o->named = fd < 0;
	return o->named ? mkstemp(o->aside) : fd;
}

static bool
open_aside(struct output *o, mode_t mode, struct arena *keep, struct err *err)
{
	int fd = make_aside(o, keep);

	if (fd < 0)
		return cannot_write(o->path, ERR_INPUT, err);
	o->out = fdopen(fd, "w");
	if (o->out && fchmod(fd, mode) == 0)
		return true;
	cannot_write(o->path, ERR_INPUT, err);
	if (o->out)
		fclose(o->out);
	else
		close(fd);
	if (o->named)
		unlink(o->aside);
	return false;
}

/* An unnamed file cannot be moved over another one: it gets a name for the instant between. */
static bool
name_aside(struct output *o)
{
	char file[64];
	int  fd;

	if (o->named)
		return true;
	fd = mkstemp(o->aside); /* a name that nobody has */
	if (fd < 0)
		return false;
	close(fd);
	if (unlink(o->aside) != 0)
		return false;
	snprintf(file, sizeof(file), "/proc/self/fd/%d", fileno(o->out));
	o->named = linkat(AT_FDCWD, file, AT_FDCWD, o->aside, AT_SYMLINK_FOLLOW) == 0;
	return o->named;
}

static mode_t
mode_of_new_files(void)
{
	mode_t mask = umask(0);

	umask(mask);
	return 0666 & ~mask;
}

bool
output_open(struct output *o, struct casefile *cf, const char *path, struct arena *keep,
	    struct err *err)
{
	struct stat st;
	char       *whole;
	mode_t      mode = mode_of_new_files();

	*o = (struct output){ .path = path, .place = path };
	if (strncmp(path, "/dev/", 5) == 0 || strncmp(path, "/proc/", 6) == 0)
		return open_device(o, err);
	if (stat(path, &st) == 0) {
		if (S_ISCHR(st.st_mode) || S_ISFIFO(st.st_mode))
			return open_device(o, err);
		if (!S_ISREG(st.st_mode))
			return refuse(path, "that is no file", err);
		if (access(path, W_OK) != 0)
			return cannot_write(path, ERR_INPUT, err);
		whole = realpath(path, NULL); /* a link stays one */
		if (whole)
			o->place = arena_copy(keep, text_of(whole)).p;
		free(whole);
		mode = st.st_mode & 0777;
	}
	return is_harmless(cf, o, keep, err) && open_aside(o, mode, keep, err);
}

bool
output_close(struct output *o, bool whole, struct err *err)
{
	bool stopped = whole && o->aside && atomic_load(stop_flag());
	bool good = !stopped && fflush(o->out) == 0 && !ferror(o->out);

	if (good && o->aside && whole)
		good = fsync(fileno(o->out)) == 0 && name_aside(o);
	good = fclose(o->out) == 0 && good;
	if (!o->aside)
		return good || cannot_write(o->path, ERR_IO, err);
	if (good && whole && (!o->keeps || old_file_keep(o->place, o->old)) &&
	    rename(o->aside, o->place) == 0)
		return true;
	if (stopped)
		err_set(err, ERR_CANCEL, "stopped");
	else if (whole)
		cannot_write(o->path, ERR_IO, err);
	if (o->named)
		unlink(o->aside);
	return !whole;
}
