/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * pages_total.h - inside store/pages: all checksums of a case's pages, added up.
 *
 * A page that is put back as it once was has the right checksum, but the sum of all is another. It is
 * kept in bytes 72 to 92 of the file, which the file format leaves free (SQLite, file format, 1.3), and
 * carried along: what a page adds to it when it is written, less what the page there before did.
 *
 * Only who holds SQLite's lock to write into the file may call these, except pages_total_read. Before
 * the first page is written the total is marked as being changed, by whom; then a program that was
 * ended, or a system that lost its power, leaves no wrong one behind: whoever writes next adds up all
 * pages anew. Where another program put pages without checksums into the case there is no total any
 * more. Functions return SQLite's codes.
 */
#ifndef AUGER_STORE_PAGES_TOTAL_H
#define AUGER_STORE_PAGES_TOTAL_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

#include "store/pages.h"

#define PAGES_TOTAL_FROM 72
#define PAGES_TOTAL_TO   92

struct pages_total {
	uint64_t sum, owner;
	bool     held;    /* the file says that OWNER is changing it, and SUM is that of its pages */
	bool     foreign; /* there is no total */
};

/* Others may have written: what the file says counts. */
static inline void
pages_total_let_go(struct pages_total *t)
{
	t->held = false;
}

/* What should have been written perhaps was not. */
static inline void
pages_total_lose(struct pages_total *t)
{
	t->held = false;
	t->owner = 0;
}

/* Before the page at AT, whose checksum will be SUM, is written. */
int pages_total_replace(struct pages_total *t, sqlite3_file *real, int page_bytes, int64_t at,
			uint64_t sum);

/* Before the file is cut to SIZE. */
int pages_total_cut(struct pages_total *t, sqlite3_file *real, int page_bytes, int64_t size);

/* Into the first page, when it is written. */
void pages_total_put(const struct pages_total *t, unsigned char *first_page);

/* Once all that was written lies on the disk. */
int pages_total_end(struct pages_total *t, sqlite3_file *real);

/* SQLITE_NOTFOUND: the total is not known. */
int pages_total_read(sqlite3_file *real, int page_bytes, uint64_t *sum);

/* Another program has put pages without checksums into the case. */
bool pages_total_foreign(sqlite3_file *real, int page_bytes);

#endif
