/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/numbering.h"

#include <stdlib.h>

#include "base/arena.h"
#include "store/work.h"
#include "store/work_key.h"

#define KEYS_MOST   ((size_t)1 << 18) /* remembered: 8 MiB */
#define KEYS_SCARCE ((size_t)1 << 14)
#define SLOTS_FIRST ((size_t)1 << 10)

struct slot {
	uint64_t hash;
	int64_t  id; /* 0: free */
};

struct numbering {
	struct slot *slots; /* twice as many as keys, at least */
	size_t       n, cap;
	size_t       most; /* keys */
};

static struct slot *
free_slot(const struct numbering *all, uint64_t hash)
{
	size_t at = hash & (all->cap - 1);

	while (all->slots[at].id)
		at = (at + 1) & (all->cap - 1);
	return &all->slots[at];
}

static void
grow(struct numbering *all)
{
	struct slot *old = all->slots;
	size_t       n = all->cap;

	all->cap = n ? n * 2 : SLOTS_FIRST;
	all->slots = calloc(all->cap, sizeof(*all->slots));
	if (!all->slots)
		arena_exhausted(all->cap * sizeof(*all->slots));
	for (size_t i = 0; i < n; i++)
		if (old[i].id)
			*free_slot(all, old[i].hash) = old[i];
	free(old);
}

static struct numbering *
numbering_new(void)
{
	struct numbering *all = calloc(1, sizeof(*all));

	if (!all)
		arena_exhausted(sizeof(*all));
	all->most = arena_scarce() ? KEYS_SCARCE : KEYS_MOST;
	grow(all);
	return all;
}

void
numbering_abort(struct casefile *cf)
{
	if (cf->numbering)
		free(cf->numbering->slots);
	free(cf->numbering);
	cf->numbering = NULL;
}

bool
numbering_begin(struct casefile *cf, struct err *err)
{
	if (cf->numbering || db_int(cf, "SELECT EXISTS(SELECT 1 FROM work)", 1))
		return true;
	if (!db_run(cf, "DROP INDEX IF EXISTS work_by_key", err))
		return false;
	cf->numbering = numbering_new();
	return true;
}

bool
numbering_end(struct casefile *cf, struct err *err)
{
	if (!cf->numbering)
		return true;
	numbering_abort(cf);
	return db_run(cf, "CREATE UNIQUE INDEX work_by_key ON work(key)", err);
}

static const char key_of[] = "SELECT " WORK_KEY("key") " FROM work WHERE id = ?1";

static bool
has_key(struct casefile *cf, int64_t id, struct text key, bool *has, struct err *err)
{
	struct ask q;

	*has = false;
	if (ask(&q, cf, key_of, err)) {
		ask_int(&q, 1, id);
		*has = ask_row(&q) && text_eq(ask_get_text(&q, 0), key);
	}
	return ask_end(&q);
}

/* The slot of the key, or a free one. NULL: failed. */
static struct slot *
find(struct casefile *cf, struct text key, uint64_t hash, struct err *err)
{
	const struct numbering *all = cf->numbering;
	size_t                  mask = all->cap - 1, at = hash & mask;
	bool                    has = false;

	for (; all->slots[at].id; at = (at + 1) & mask) {
		if (all->slots[at].hash != hash)
			continue;
		if (!has_key(cf, all->slots[at].id, key, &has, err))
			return NULL;
		if (has)
			break;
	}
	return &all->slots[at];
}

static const char add_key[] = "INSERT INTO work(key) VALUES(?1)";

static bool
add(struct casefile *cf, struct text key, struct err *err)
{
	char       room[WORK_KEY_BYTES];
	struct ask q;

	if (ask(&q, cf, add_key, err)) {
		work_key_ask(&q, 1, key, room);
		ask_run(&q);
	}
	return ask_end(&q);
}

int64_t
numbering_of(struct casefile *cf, struct text key, bool *made, struct err *err)
{
	uint64_t     hash;
	struct slot *slot;

	if (cf->numbering && cf->numbering->n >= cf->numbering->most && !numbering_end(cf, err))
		return 0;
	if (!cf->numbering)
		return work_number(cf, key, made, err);
	if (cf->numbering->n * 2 >= cf->numbering->cap)
		grow(cf->numbering);
	key = text_or_empty(key);
	hash = text_hash(key, 0);
	slot = find(cf, key, hash, err);
	*made = slot && !slot->id;
	if (!slot || (*made && !add(cf, key, err)))
		return 0;
	if (*made) {
		*slot = (struct slot){ hash, sqlite3_last_insert_rowid(cf->db) };
		cf->numbering->n++;
	}
	return slot->id;
}
