/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * pages.h - inside the store: every page of a case carries a checksum, looked at whenever it is read.
 *
 * SQLite tells a damaged page from a good one only when it makes no sense; one that is zeroed, of
 * another place, or has a flipped bit gives other answers, or fewer, without a word. So a new case
 * leaves the last PAGES_RESERVED bytes of each page to us (SQLite, file format, 1.3.4), and the file
 * system below (SQLite's VFS) puts a checksum of the page and of its number there when it goes into
 * the case. A page that does not fit is SQLITE_CORRUPT, so whoever asked hears of it.
 *
 * Other programs read such a case as any. What they write has no right checksum, with two exceptions.
 * A log (-wal) that auger left, or is writing, is brought into the case by whoever opens it, and its
 * pages have 0 for a checksum: once that has happened (the first page tells) 0 is believed. And in the
 * header of the file the fields of pages_free[] are not summed, so that a copy made page by page is as
 * good as the case.
 */
#ifndef AUGER_STORE_PAGES_H
#define AUGER_STORE_PAGES_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

#define PAGES_RESERVED 8 /* 0 there: the page has no checksum */
#define PAGES_SETTING  "case.page_sums" /* of cases that have them */

/* Names for sqlite3_open_v2: the usual file system, and the one without locks, with checks. NULL: out
 * of memory. */
const char *pages_vfs(void);
const char *pages_vfs_unlocked(void);

/* Before anything is in a new database. */
bool pages_begin(sqlite3 *db);

/* Whether pages have checksums: known once something was read. */
bool pages_checked(sqlite3 *db);

/* How many times a page without one was read so far. */
int64_t pages_unsummed(sqlite3 *db);

#define PAGES_OP_WRONG 4101 /* for sqlite3_file_control, where SQLite's own are below 100 */

/* The page that was last found to be wrong; 0: none. Any connection may be asked. */
static inline int64_t
pages_wrong(sqlite3 *db)
{
	int64_t page = 0;

	sqlite3_file_control(db, "main", PAGES_OP_WRONG, &page);
	return page;
}

/* Reads that page (from 1) from the file: false when it is wrong, or cannot be read. SUM: its checksum,
 * 0 without one. */
bool pages_look(sqlite3 *db, int64_t page, uint64_t *sum);

/* Why a page could not be read at that look, or since: an errno, which says nothing of what is on the
 * disk. 0: all could. */
int pages_unread(sqlite3 *db);

/* What the checksums of all pages add up to, where that is *KNOWN. False: it cannot be read. See
 * store/pages_total.h. */
bool pages_total(sqlite3 *db, uint64_t *sum, bool *known);

#endif
