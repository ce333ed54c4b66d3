/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/beside.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ID_BYTES    32
#define LOOKS       3
#define SALTS_PLACE 16 /* in the head of a log (SQLite, file format, 4.1) */

static const char case_id[] =
    "SELECT substr(CAST(value AS TEXT), 1, 32), CAST(substr(value, 33) AS INTEGER), "
    "CAST(substr(value, instr(value || ' ', ' ')) AS INTEGER) "
    "FROM setting WHERE name = 'case.id'";

bool
beside_log(const char *path, struct arena scratch)
{
	struct stat st;

	if (stat(arena_printf(&scratch, "%s-wal", path).p, &st) != 0)
		return errno != ENOENT;
	return st.st_size > 0;
}

bool
beside_nothing(const char *path, struct arena scratch, struct err *err)
{
	struct stat st;
	bool        there = stat(path, &st) == 0;

	if (!there && errno != ENOENT)
		return err_set(err, ERR_IO, "cannot be looked at: %s", strerror(errno));
	if ((there && st.st_size > 0) || !beside_log(path, scratch))
		return true;
	return err_set(err, ERR_INPUT, "beside it lies the log (-wal) of a case that is gone, with what "
				       "was done in that last; put it back to its case, or away");
}

/* The first LENGTH bytes of the file PATH + END; false: it has not so many. */
static bool
head_of(const char *path, const char *end, unsigned char *out, size_t length, struct arena scratch)
{
	int  fd = open(arena_printf(&scratch, "%s%s", path, end).p, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	bool good = fd >= 0 && pread(fd, out, length, 0) == (ssize_t)length;

	if (fd >= 0)
		close(fd);
	return good;
}

/* Bytes 18 and 19 of a database are 2 while its changes go to a log. Only a case of one page may have
 * a journal then: of the moment in which it was made. (SQLite, file format, 1.3 and 3) */
bool
beside_no_journal(const char *path, struct arena scratch, struct err *err)
{
	unsigned char head[20], first;
	struct stat   st;

	if (!head_of(path, "-journal", &first, 1, scratch) || !first ||
	    !head_of(path, "", head, sizeof(head), scratch) || head[18] != 2 || head[19] != 2 ||
	    stat(path, &st) != 0 || st.st_size <= (head[16] << 8 | head[17]))
		return true;
	return err_set(err, ERR_INPUT, "the journal beside it (-journal) is not of this case and would "
				       "overwrite it; put it away");
}

int64_t
beside_log_begins(sqlite3 *db, struct beside_seen *seen)
{
	struct beside_seen was = *seen;
	sqlite3_file      *log = NULL;
	sqlite3_int64      size = 0;

	if (sqlite3_file_control(db, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log) != SQLITE_OK || !log ||
	    !log->pMethods || log->pMethods->xFileSize(log, &size) != SQLITE_OK)
		return 0;
	seen->any = size > 0 && log->pMethods->xRead(log, seen->salts, sizeof(seen->salts),
						     SALTS_PLACE) == SQLITE_OK;
	if (size == 0)
		return -1;
	/* It began anew at the last look or since. */
	if (was.any && seen->any && memcmp(was.salts, seen->salts, sizeof(was.salts)) != 0)
		return was.last;
	return 0;
}

enum named { NAMED, UNNAMED, UNREADABLE };

struct signature {
	char    id[ID_BYTES + 1];
	int64_t number, begins; /* of the last transaction; at most of the first one in the log */
};

static enum named
read_id(sqlite3 *db, struct signature *s)
{
	sqlite3_stmt *st = NULL;
	int           code = sqlite3_prepare_v2(db, case_id, -1, &st, NULL);
	bool          named;

	if (code == SQLITE_OK)
		code = sqlite3_step(st);
	named = code == SQLITE_ROW && sqlite3_column_bytes(st, 0) == ID_BYTES;
	*s = (struct signature){ .number = 0 };
	if (named) {
		memcpy(s->id, sqlite3_column_blob(st, 0), ID_BYTES);
		s->number = sqlite3_column_int64(st, 1);
		s->begins = sqlite3_column_int64(st, 2);
	}
	sqlite3_finalize(st);
	if (named)
		return NAMED;
	/* SQLITE_ERROR: there is no such table */
	return code == SQLITE_ROW || code == SQLITE_DONE || code == SQLITE_ERROR ? UNNAMED
										 : UNREADABLE;
}

/* The case as it is without its log: another program may be moving the log into it right now, which
 * shows as damage. */
static bool
read_id_alone(const char *path, struct signature *s, struct arena scratch)
{
	sqlite3 *db = NULL;
	bool     good = sqlite3_open_v2(beside_uri(path, "?immutable=1", &scratch), &db,
					SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX,
					NULL) == SQLITE_OK &&
			sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL) == SQLITE_OK &&
			read_id(db, s) == NAMED;

	sqlite3_close(db);
	return good;
}

/* A log goes on from the case beside it, some of which may have been moved there already. */
static const char *
misfit(const struct signature *alone, const struct signature *together)
{
	if (strcmp(alone->id, together->id) != 0)
		return "the log beside it (-wal) is of another case and would overwrite this one; put "
		       "it away (what was done last in this case was in its own)";
	if (together->number < alone->number)
		return "the log beside it (-wal) is of an earlier state of this case and would take back "
		       "what was done since; put it away";
	if (together->begins > alone->number && together->begins - 1 > alone->number)
		return "the log beside it (-wal) is of a later state of this case (put back from a copy?), "
		       "and what was done between them is in neither; put the log away";
	return NULL;
}

bool
beside_own_log(const char *path, sqlite3 *db, struct arena scratch, struct err *err)
{
	struct signature alone, together;
	enum named       named = UNNAMED;

	for (unsigned i = 0; i < LOOKS; i++) {
		if (!read_id_alone(path, &alone, scratch))
			return true;
		named = read_id(db, &together);
		if (named == NAMED && !misfit(&alone, &together))
			return true;
	}
	if (named == UNREADABLE)
		return err_set(err, ERR_IO, "cannot be read together with its log: %s",
			       sqlite3_errmsg(db));
	return err_set(err, ERR_INPUT, "%s", misfit(&alone, &together));
}

bool
beside_log_fits(const char *path, struct arena scratch, struct err *err)
{
	struct signature s;

	return !read_id_alone(path, &s, scratch) ||
	       err_set(err, ERR_IO,
		       "the log beside it (-wal) is damaged, or of another case; without it this one "
		       "can be read");
}

const char *
beside_uri(const char *path, const char *how, struct arena *keep)
{
	size_t room = strlen(path) * 3 + strlen(how) + 16;
	char  *uri = arena_new(keep, char, room), *p = uri;

	p += sprintf(p, *path == '/' ? "file://" : "file:");
	for (; *path; path++) {
		if (*path == '?' || *path == '#' || *path == '%')
			p += sprintf(p, "%%%02x", (unsigned)(unsigned char)*path);
		else
			*p++ = *path;
	}
	strcpy(p, how);
	return uri;
}
