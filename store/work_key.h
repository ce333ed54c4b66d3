/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * work_key.h - inside the store: how keys lie in the table work.
 *
 * Keys of findings are digests, 64 hex digits everywhere else, and lie there as their 32 bytes; all
 * others ("event|...", "manual|...") as texts. A case with many findings is mostly keys and their index.
 */
#ifndef AUGER_STORE_WORK_KEY_H
#define AUGER_STORE_WORK_KEY_H

#include "base/digest.h"
#include "store/db.h"

#define WORK_KEY_BYTES (DIGEST_HEX / 2)

/* SQL: a key as it lies there, as the text that it is. */
#define WORK_KEY(key) "iif(typeof(" key ") = 'blob', lower(hex(" key ")), " key ")"

/* As ask_text or ask_blob, as the key lies there. ROOM must live until the statement was stepped. */
void work_key_ask(struct ask *q, int i, struct text key, char room[WORK_KEY_BYTES]);
/* The function work_key(text) of SQL: as the key lies there. For the step of a schema; a case opened
 * otherwise has none. */
bool work_key_function(sqlite3 *db);

#endif
