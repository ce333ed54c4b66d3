/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/work_key.h"

static int
digit_of(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* False: it is no digest. */
static bool
pack(struct text key, char packed[WORK_KEY_BYTES])
{
	if (key.n != DIGEST_HEX)
		return false;
	for (size_t i = 0; i < WORK_KEY_BYTES; i++) {
		int high = digit_of(key.p[2 * i]), low = digit_of(key.p[2 * i + 1]);

		if (high < 0 || low < 0)
			return false;
		packed[i] = (char)(high << 4 | low);
	}
	return true;
}

void
work_key_ask(struct ask *q, int i, struct text key, char room[WORK_KEY_BYTES])
{
	if (pack(key, room))
		ask_blob(q, i, (struct text){ room, WORK_KEY_BYTES });
	else
		ask_text(q, i, key);
}

static void
work_key(sqlite3_context *ctx, int n, sqlite3_value **v)
{
	char        packed[WORK_KEY_BYTES];
	struct text key = { (const char *)sqlite3_value_blob(v[0]), 0 };

	(void)n;
	key.n = (size_t)sqlite3_value_bytes(v[0]);
	if (pack(key, packed))
		sqlite3_result_blob(ctx, packed, sizeof(packed), SQLITE_TRANSIENT);
	else
		sqlite3_result_value(ctx, v[0]);
}

bool
work_key_function(sqlite3 *db)
{
	return sqlite3_create_function(db, "work_key", 1,
				       SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY, NULL,
				       work_key, NULL, NULL) == SQLITE_OK;
}
