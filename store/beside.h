/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * beside.h - inside the store: what SQLite keeps beside a case, CASE-wal and CASE-journal, is part of
 * it; that of another case, left there by copying or moving, would overwrite it.
 *
 * Every transaction writes the id of its case (db_begin), so a log names its case. Logs of programs
 * that wrote no id are believed.
 */
#ifndef AUGER_STORE_BESIDE_H
#define AUGER_STORE_BESIDE_H

#include <sqlite3.h>

#include "base/arena.h"
#include "base/err.h"

/* PATHs as SQLite gets them. There is a log with something in it. */
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
