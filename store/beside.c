/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/beside.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ID_BYTES 32
#define LOOKS    3

static const char case_id[] = "SELECT substr(CAST(value AS TEXT), 1, 32) FROM setting "
			      "WHERE name = 'case.id'";

bool
beside_log(const char *path, struct arena scratch)
{
	struct stat st;

	return stat(arena_printf(&scratch, "%s-wal", path).p, &st) == 0 && st.st_size > 0;
}

bool
beside_nothing(const char *path, struct arena scratch, struct err *err)
{
	struct stat st;

	if ((stat(path, &st) == 0 && st.st_size > 0) || !beside_log(path, scratch))
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

enum named { NAMED, UNNAMED, UNREADABLE };

static enum named
read_id(sqlite3 *db, char id[ID_BYTES + 1])
{
	sqlite3_stmt *st = NULL;
	int           code = sqlite3_prepare_v2(db, case_id, -1, &st, NULL);
	bool          named;

	if (code == SQLITE_OK)
		code = sqlite3_step(st);
	named = code == SQLITE_ROW && sqlite3_column_bytes(st, 0) == ID_BYTES;
	if (named)
		memcpy(id, sqlite3_column_blob(st, 0), ID_BYTES);
	id[ID_BYTES] = '\0';
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
read_id_alone(const char *path, char id[ID_BYTES + 1], struct arena scratch)
{
	sqlite3 *db = NULL;
	bool     good = sqlite3_open_v2(beside_uri(path, "?immutable=1", &scratch), &db,
					SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX,
					NULL) == SQLITE_OK &&
			sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL) == SQLITE_OK &&
			read_id(db, id) == NAMED;

	sqlite3_close(db);
	return good;
}

bool
beside_own_log(const char *path, sqlite3 *db, struct arena scratch, struct err *err)
{
	char       alone[ID_BYTES + 1], together[ID_BYTES + 1];
	enum named named = UNNAMED;

	for (unsigned i = 0; i < LOOKS; i++) {
		if (!read_id_alone(path, alone, scratch))
			return true;
		named = read_id(db, together);
		if (named == NAMED && strcmp(alone, together) == 0)
			return true;
	}
	if (named == UNREADABLE)
		return err_set(err, ERR_IO, "cannot be read together with its log: %s",
			       sqlite3_errmsg(db));
	return err_set(err, ERR_INPUT,
		       "the log beside it (-wal) is of another case and would overwrite this one; put "
		       "it away (what was done last in this case was in its own)");
}

bool
beside_log_fits(const char *path, struct arena scratch, struct err *err)
{
	char id[ID_BYTES + 1];

	return !read_id_alone(path, id, scratch) ||
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
