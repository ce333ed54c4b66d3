/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/block_edit.h"

static const char rows_of_block[] =
    "SELECT " FACTS_COLUMNS " FROM event e WHERE e.id >= ?1 AND e.id < ?1 + ?2 ORDER BY e.id";
static const char block_with[] = "SELECT id, n FROM block WHERE id <= ?1 ORDER BY id DESC LIMIT 1";

static bool
unreadable(struct block_edit *k, int64_t event)
{
	return err_set(k->err, ERR_IO, "the fields of event %lld cannot be read", (long long)event);
}

bool
block_edit_open(struct block_edit *k, int64_t event)
{
	struct ask q;
	int64_t    n = 0;
	uint32_t   read = 0;

	k->n = 0;
	k->changed = false;
	k->before = k->scratch;
	if (ask(&q, k->cf, block_with, k->err)) {
		ask_int(&q, 1, event);
		if (ask_row(&q)) {
			k->first = ask_get_int(&q, 0);
			n = ask_get_int(&q, 1);
		}
	}
	if (!ask_end(&q))
		return false;
	if (n < 0 || n > BLOCK_EVENTS_MOST)
		return unreadable(k, event);
	k->n = (uint32_t)n;
	k->rows = arena_new(&k->scratch, struct facts, k->n + 1);
	k->events = arena_new(&k->scratch, struct event, k->n + 1);
	if (ask(&q, k->cf, rows_of_block, k->err)) {
		ask_int(&q, 1, k->first);
		ask_int(&q, 2, k->n);
		while (read < k->n && ask_row(&q))
			k->rows[read++] = facts_get(&q);
	}
	if (!ask_end(&q))
		return false;
	for (uint32_t i = 0; i < read; i++)
		if (!event_load(k->cf, &k->rows[i], &k->held, &k->scratch, &k->events[i], k->err))
			return false;
	return (read == k->n && (uint64_t)event - (uint64_t)k->first < read) || unreadable(k, event);
}

static const char put_block[] = "INSERT OR REPLACE INTO block(id, n, data) VALUES(?1, ?2, ?3)";
static const char note_block[] = "INSERT OR IGNORE INTO block_changed(id) VALUES(?1)";

/* Events FROM to END - 1 as one block. */
static bool
store_piece(struct block_edit *k, uint32_t from, uint32_t end)
{
	struct arena scratch = k->scratch;
	int64_t      id = k->first + from;
	struct text  packed = block_close(k->w->encoder, &scratch);
	struct ask   q;

	if (ask(&q, k->cf, put_block, k->err)) {
		ask_int(&q, 1, id);
		ask_int(&q, 2, end - from);
		ask_blob(&q, 3, packed);
		ask_run(&q);
	}
	if (!ask_end(&q))
		return false;
	for (uint32_t i = from; i < end; i++)
		sketch_event(k->w->sketch, &k->events[i]);
	if (ask(&q, k->cf, note_block, k->err)) {
		ask_int(&q, 1, id);
		ask_run(&q);
	}
	return ask_end(&q) &&
	       segment_add(&k->w->segment, k->cf, id, sketch_take(k->w->sketch, &scratch), k->err);
}

/* Richer events may need more blocks than before. */
static bool
store_block(struct block_edit *k)
{
	uint32_t from = 0;

	block_encoder_reset(k->w->encoder);
	for (uint32_t i = 0; i < k->n; i++) {
		block_add(k->w->encoder, &k->events[i]);
		if (!block_full(k->w->encoder) && i + 1 < k->n)
			continue;
		if (!store_piece(k, from, i + 1))
			return false;
		from = i + 1;
	}
	k->any = true;
	return true;
}

bool
block_edit_close(struct block_edit *k, bool good)
{
	if (good && k->changed)
		good = store_block(k);
	held_release(&k->held);
	if (k->changed)
		blocks_forget(k->cf);
	k->scratch = k->before;
	return good;
}

/* So that other connections know that what they have of blocks may have changed. */
static const char count_rewrite[] =
    "INSERT INTO setting(name, value) VALUES('" BLOCKS_REWRITTEN "', 1) "
    "ON CONFLICT(name) DO UPDATE SET value = value + 1";

bool
block_edit_end(struct block_edit *k)
{
	return !k->any || db_run(k->cf, count_rewrite, k->err);
}
