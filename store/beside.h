/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * beside.h - inside the store: what SQLite keeps beside a case, CASE-wal and CASE-journal, is part of
 * it; that of another case, left there by copying or moving, would overwrite it.
 *
 * Every transaction writes the id of its case, its number, and a number that is not above that of the
 * first transaction in the log (db_begin), so a log names its case and the states of it that it goes on
 * from: a case that was put back from a copy is not read with the log of what was done later. Logs of
 * programs that wrote none are believed.
 */
#ifndef AUGER_STORE_BESIDE_H
#define AUGER_STORE_BESIDE_H

#include <sqlite3.h>

#include "base/arena.h"
#include "base/err.h"

/* What a writer knows of the log between its transactions. */
struct beside_seen {
	unsigned char salts[8]; /* new whenever the log begins anew */
	bool          any;
	int64_t       last; /* number of the transaction that was signed last, maybe in vain */
};

/* Within a transaction that wrote nothing yet: the log holds none before the one of that number; 0: as
 * was known, -1: it will begin with this one. */
int64_t beside_log_begins(sqlite3 *db, struct beside_seen *seen);

/* PATHs as SQLite gets them. There is a log with something in it, or one that cannot be looked at. */
bool beside_log(const char *path, struct arena scratch);

/* Before a case is made: a log without its case would be removed. */
bool beside_nothing(const char *path, struct arena scratch, struct err *err);

/* Before an existing case is opened: a case with a log has no journal. */
bool beside_no_journal(const char *path, struct arena scratch, struct err *err);

/* DB shows the case with its log. False: that is not its own. */
bool beside_own_log(const char *path, sqlite3 *db, struct arena scratch, struct err *err);

/* With its log a case cannot be opened: false when it can without. */
bool beside_log_fits(const char *path, struct arena scratch, struct err *err);

/* A path for SQLITE_OPEN_URI: '?', '#' and '%' mean something in it. */
const char *beside_uri(const char *path, const char *how, struct arena *keep);

#endif
