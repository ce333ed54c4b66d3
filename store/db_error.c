/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What SQLite and the disk did not do, in words, and kept until somebody was told. */
#include "config.h"

#include "store/db.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "store/pages.h"

/* Of a log that could not be written when a transaction ended SQLite knows the reason, but does not
 * hand it on. */
static int
system_reason(const struct casefile *cf)
{
	int           reason = sqlite3_system_errno(cf->db);
	sqlite3_file *file = NULL;

	if (!reason)
		sqlite3_file_control(cf->db, "main", SQLITE_FCNTL_JOURNAL_POINTER, &file);
	if (file && file->pMethods)
		file->pMethods->xFileControl(file, SQLITE_FCNTL_LAST_ERRNO, &reason);
	if (!reason)
		sqlite3_file_control(cf->db, "main", SQLITE_FCNTL_LAST_ERRNO, &reason);
	/* Of the index of the log it does not even keep it. */
	if (!reason && sqlite3_extended_errcode(cf->db) == SQLITE_IOERR_SHMSIZE)
		reason = errno;
	return reason;
}

int
db_code(const struct casefile *cf)
{
	int code = cf->db ? sqlite3_errcode(cf->db) & 0xff : SQLITE_NOMEM;
	int reason = code == SQLITE_IOERR ? system_reason(cf) : 0;

	return reason == ENOSPC || reason == EDQUOT || reason == EFBIG ? SQLITE_FULL : code;
}

static const char *
full_of_what(const struct casefile *cf)
{
	switch (system_reason(cf)) {
	case EDQUOT:
		return "the disk quota is used up";
	case EFBIG:
		return "the case may not grow any more (file size limit)";
	default:
		return "the disk is full";
	}
}

/* What the system said, where that says more than "disk I/O error". */
static bool
system_error(struct casefile *cf, const char *what, struct err *err)
{
	int reason = system_reason(cf);

	if (!reason)
		return err_set(err, ERR_IO, "%s", what);
	return err_set(err, ERR_IO, "%s: %s", what, strerror(reason));
}

/* SQLite keeps the reason of its last attempt, which is to open what it could not make, and the
 * case itself is there. The file beside the case is not opened for an answer: closing it would give up the
 * locks that other connections hold. */
static bool
cannot_open_beside(struct casefile *cf, struct err *err)
{
	static const char *const ends[] = { "-wal", "-shm" };
	struct arena             scratch = cf->arena;
	int                      reason = system_reason(cf);

	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++) {
		const char *path = arena_printf(&scratch, "%s%s", cf->file, ends[i]).p;

		if (access(path, R_OK | W_OK) != 0 && errno != ENOENT)
			return err_set(err, ERR_IO, "%s beside it cannot be opened: %s", ends[i],
				       strerror(errno));
	}
	if (reason == ENOENT)
		return err_set(err, ERR_IO,
			       "the case, or what belongs beside it (-wal, -shm), cannot be made");
	return system_error(cf, "the case cannot be opened", err);
}

/* With its folders in front and the names of the files beside it, as SQLite opens it. */
static bool
cannot_open(struct casefile *cf, struct err *err)
{
	const char  *slash = strrchr(cf->path, '/');
	sqlite3_vfs *vfs = sqlite3_vfs_find(NULL);
	struct arena scratch = cf->arena;
	struct text  folder = TEXT(".");
	size_t       n;
	char        *whole;

	if (access(cf->path, R_OK) != 0 && errno == EACCES)
		return err_set(err, ERR_IO, "the case cannot be read: %s", strerror(EACCES));
	if (slash)
		folder = arena_printf(&scratch, "%.*s/", (int)(slash - cf->path), cf->path);
	whole = realpath(folder.p, NULL);
	n = (whole ? strlen(whole) : 0) + strlen(slash ? slash : cf->path) + strlen("-journal") + 1;
	free(whole);
	if (vfs && n > (size_t)vfs->mxPathname)
		return err_set(err, ERR_IO,
			       "the path of the case is too long: with all of its folders at most %d "
			       "bytes can be opened",
			       vfs->mxPathname - (int)strlen("-journal"));
	if (access(folder.p, W_OK) != 0)
		return err_set(err, ERR_IO, "the case cannot be opened (its folder must be writable)");
	return cannot_open_beside(cf, err);
}

/* SQLite opens for reading what it cannot open for writing, whatever the reason. */
static bool
cannot_write(struct casefile *cf, struct err *err)
{
	return err_set(err, ERR_IO, access(cf->file, W_OK) == 0
					    ? "the case cannot be opened for writing; try again"
					    : "the case cannot be written (read-only)");
}

static bool
damaged(struct casefile *cf, struct err *err)
{
	int64_t page = pages_wrong(cf->db);

	if (page)
		return err_set(err, ERR_IO,
			       "the case file is damaged, or another program wrote into it (page %lld is "
			       "not as auger wrote it; auger verify lists such pages; what can be read "
			       "goes into a copy without checksums: sqlite3 CASE \"VACUUM INTO 'COPY'\")",
			       (long long)page);
	return err_set(err, ERR_IO, "the case file is damaged (%s; see: auger verify)",
		       sqlite3_errmsg(cf->db));
}

static bool
hand_on(const struct err *what, struct err *err)
{
	err_where(err, "%s", what->where);
	return err_set(err, what->kind, "%s", what->what);
}

static bool
keep_fault(struct casefile *cf, const struct err *what, struct err *err)
{
	if (cf->fault.kind == ERR_NONE)
		cf->fault = *what;
	return hand_on(what, err);
}

bool
db_fault(struct casefile *cf, struct err *err, const char *fmt, ...)
{
	struct err what = { .kind = ERR_IO };
	va_list    ap;

	va_start(ap, fmt);
	vsnprintf(what.what, sizeof(what.what), fmt, ap);
	va_end(ap);
	err_where(&what, "%s", cf->path);
	return keep_fault(cf, &what, err);
}

/* Is what is read made something of that stays? */
static bool
is_kept(const struct casefile *cf)
{
	return cf->in_findings || cf->work_depth || cf->mode == CASEFILE_IMPORT;
}

static bool
describe(struct casefile *cf, int code, struct err *err)
{
	err_where(err, "%s", cf->path);
	switch (code) {
	case SQLITE_INTERRUPT:
		return err_set(err, ERR_CANCEL, "stopped");
	case SQLITE_FULL:
		return err_set(err, ERR_IO, "%s; what was committed stays", full_of_what(cf));
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return err_set(err, ERR_IO, "another program is writing this case; try again");
	case SQLITE_IOERR:
		return system_error(cf, sqlite3_errmsg(cf->db), err);
	case SQLITE_CANTOPEN:
		return cannot_open(cf, err);
	case SQLITE_READONLY:
		return cannot_write(cf, err);
	case SQLITE_PROTOCOL:
		return err_set(err, ERR_IO, "the case cannot be locked (on a network share?)");
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return damaged(cf, err);
	case SQLITE_NOMEM:
		return err_set(err, ERR_IO, "out of memory");
	default:
		return err_set(err, ERR_IO, "%s", sqlite3_errmsg(cf->db));
	}
}

bool
db_error(struct casefile *cf, struct err *err)
{
	int        code = db_code(cf);
	struct err what = { 0 };

	describe(cf, code, &what);
	switch (code) {
	case SQLITE_INTERRUPT: /* on purpose */
		return err || !is_kept(cf) ? hand_on(&what, err) : keep_fault(cf, &what, err);
	case SQLITE_BUSY: /* asked again, if need be */
	case SQLITE_LOCKED:
	case SQLITE_READONLY:
		return err ? hand_on(&what, err) : keep_fault(cf, &what, err);
	default:
		return keep_fault(cf, &what, err);
	}
}

bool
db_may_go_on(const struct casefile *cf, struct err *err)
{
	return cf->fault.kind == ERR_NONE || !is_kept(cf) || hand_on(&cf->fault, err);
}
