/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/interned.h"

#include "store/db.h"

static const char find_host[] = "SELECT id, kin FROM host WHERE fold = ?1";
static const char find_kin[] = "SELECT min(kin) FROM host WHERE fold = ?1 OR "
			       "(fold >= ?2 AND fold < ?3)";
static const char add_host[] = "INSERT INTO host(name, fold, kin, machine) "
			       "SELECT ?1, ?2, coalesce(?3, next), next FROM "
			       "(SELECT coalesce(max(id), 0) + 1 AS next FROM host)";

bool
interned_host(struct casefile *cf, struct text name, struct arena scratch, int64_t *id,
	      int64_t *kin, struct err *err)
{
	char       *folded = arena_new(&scratch, char, name.n + 1);
	struct text fold = { folded, name.n };
	struct ask  q;

	*id = *kin = 0;
	text_fold(folded, name);
	if (ask(&q, cf, find_host, err)) {
		ask_text(&q, 1, fold);
		if (ask_row(&q)) {
			*id = ask_get_int(&q, 0);
			*kin = ask_get_int(&q, 1);
		}
	}
	if (!ask_end(&q))
		return false;
	if (*id)
		return true;
	struct text label = host_label(fold);
	bool        address = label.n == fold.n && text_find_byte(fold, '.') != TEXT_NOWHERE;

	if (ask(&q, cf, find_kin, err)) {
		ask_text(&q, 1, label);
		/* Names that go on behind the label's dot: '/' is the byte after '.'. */
		ask_text(&q, 2, address ? label : arena_join(&scratch, label, TEXT(".")));
		ask_text(&q, 3, address ? label : arena_join(&scratch, label, TEXT("/")));
		if (ask_row(&q) && !ask_get_null(&q, 0))
			*kin = ask_get_int(&q, 0);
	}
	if (!ask_end(&q) || !ask(&q, cf, add_host, err))
		return false;
	ask_text(&q, 1, name);
	ask_text(&q, 2, fold);
	if (*kin)
		ask_int(&q, 3, *kin);
	ask_run(&q);
	*id = sqlite3_last_insert_rowid(cf->db);
	if (!*kin)
		*kin = *id;
	return ask_end(&q);
}

static const struct {
	const char *find, *add;
} interns[] = {
	[INTERNED_CHANNEL] = { "SELECT id FROM channel WHERE name = ?1",
			       "INSERT INTO channel(name) VALUES(?1)" },
	[INTERNED_PROVIDER] = { "SELECT id FROM provider WHERE name = ?1",
				"INSERT INTO provider(name) VALUES(?1)" },
	[INTERNED_ACCOUNT] = { "SELECT id FROM account WHERE name = ?1",
			       "INSERT INTO account(name) VALUES(?1)" },
};

bool
interned(struct casefile *cf, enum interned kind, struct text name, int64_t *id, struct err *err)
{
	struct ask q;

	*id = 0;
	if (ask(&q, cf, interns[kind].find, err)) {
		ask_text(&q, 1, name);
		if (ask_row(&q))
			*id = ask_get_int(&q, 0);
	}
	if (!ask_end(&q))
		return false;
	if (*id)
		return true;
	if (ask(&q, cf, interns[kind].add, err)) {
		ask_text(&q, 1, name);
		ask_run(&q);
		*id = sqlite3_last_insert_rowid(cf->db);
	}
	return ask_end(&q);
}
