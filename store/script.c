/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/script.h"

#include "store/changes.h"
#include "store/declare.h"

static const char set_flags[] = "UPDATE event SET flags = (flags & ~?2) | ?3 WHERE id = ?1";
static const char drop_hits[] = "DELETE FROM hit WHERE event = ?1";

static bool
mark(struct casefile *cf, int64_t event, uint32_t flags, struct err *err)
{
	struct ask q;

	if (ask(&q, cf, set_flags, err)) {
		ask_int(&q, 1, event);
		ask_int(&q, 2, EVENT_SCRIPT_WHOLE | EVENT_SCRIPT_REST | EVENT_SCRIPT_GAPS);
		ask_int(&q, 3, flags);
		ask_run(&q);
	}
	if (!ask_end(&q) || !changes_note(cf, event, err))
		return false;
	if (ask(&q, cf, drop_hits, err)) {
		ask_int(&q, 1, event);
		ask_run(&q);
	}
	return ask_end(&q);
}

bool
script_hits(struct writer *w, struct casefile *cf, const struct event *ev, match_fn *match,
	    void *ctx, struct err *err)
{
	const struct batch_hit *hits;
	size_t                  n = match ? match(ctx, ev, &hits) : 0;
	struct ask              q;

	if (!n)
		return true;
	hits_ask(&q, cf, err);
	for (size_t i = 0; i < n && !q.failed; i++)
		hits_put(&q, w, hits[i].rule, hits[i].leaf, ev->id);
	return ask_end(&q) && changes_note(cf, ev->id, err);
}

/* Sets the flags of the block's events. Copies of parts whose text differs stay on their own, and
 * so do parts that are too much for the joined text. */
static bool
mark_all(struct casefile *cf, const struct script_piece *pieces, size_t n, uint32_t total,
	 struct err *err)
{
	struct arena part = arena_open(BLOCK_RAW_MAX * 2);
	size_t       n_joined = script_joined(cf, pieces, n, err);
	uint32_t     present = 0;
	bool         good = true;

	for (size_t i = 0; i < n_joined; i++)
		present += i == 0 || pieces[i].number != pieces[i - 1].number;
	for (size_t i = 0, first = 0; good && i < n; i++) {
		uint32_t flags = EVENT_SCRIPT_REST;

		if (i == 0)
			flags = EVENT_SCRIPT_WHOLE | (present < total ? EVENT_SCRIPT_GAPS : 0u);
		if (i >= n_joined) {
			flags = 0;
		} else if (pieces[i].number != pieces[first].number) {
			first = i;
		} else if (i != first) {
			arena_reset(&part, BLOCK_RAW_BYTES);
			struct text a = script_part_text(cf, pieces[first].event, &part, NULL);
			struct text b = script_part_text(cf, pieces[i].event, &part, NULL);

			if (!text_eq(a, b))
				flags = 0;
		}
		good = mark(cf, pieces[i].event, flags, err);
	}
	arena_close(&part);
	return good;
}

static bool
match_one(struct writer *w, struct casefile *cf, int64_t event, match_fn *match, void *ctx,
	  struct arena scratch, struct err *err)
{
	struct facts row;
	struct held  h = { 0 };
	struct event ev;
	bool         good = facts_of(cf, event, &row, err) &&
		    event_load(cf, &row, &h, &scratch, &ev, err) &&
		    script_apply(cf, &ev, &scratch, err) &&
		    script_hits(w, cf, &ev, match, ctx, err);

	if (good && ev.flags & EVENT_SCRIPT_WHOLE) {
		sketch_event(w->sketch, &ev);
		good = segment_add(&w->scripts, cf, event, sketch_take(w->sketch, &scratch), err);
	}
	held_release(&h);
	return good;
}

static const char clean_block[] = "UPDATE script_block SET dirty = 0 WHERE id = ?1";
static const char total_of[] = "SELECT total FROM script_block WHERE id = ?1";
static const char next_dirty[] = "SELECT id FROM script_block WHERE dirty AND id > ?1 "
				 "ORDER BY id LIMIT 1";

/* *V is 0 when there is no row. */
static bool
ask_one(struct casefile *cf, const char *sql, int64_t key, int64_t *v, struct err *err)
{
	struct ask q;

	*v = 0;
	if (ask(&q, cf, sql, err)) {
		ask_int(&q, 1, key);
		if (ask_row(&q))
			*v = ask_get_int(&q, 0);
	}
	return ask_end(&q);
}

static bool
join_block(struct writer *w, struct casefile *cf, int64_t block, match_fn *match, void *ctx,
	   struct arena scratch, struct err *err)
{
	struct script_piece *pieces;
	int64_t              total;
	size_t               n;
	struct ask           q;

	if (!ask_one(cf, total_of, block, &total, err) ||
	    !script_pieces(cf, block, &scratch, &pieces, &n, err) ||
	    !mark_all(cf, pieces, n, (uint32_t)total, err))
		return false;
	/* The other parts, too: they have no text, but are events all the same. */
	for (size_t i = 0; i < n; i++)
		if (!match_one(w, cf, pieces[i].event, match, ctx, scratch, err))
			return false;
	if (ask(&q, cf, clean_block, err)) {
		ask_int(&q, 1, block);
		ask_run(&q);
	}
	return ask_end(&q);
}

bool
script_join(struct writer *w, struct casefile *cf, match_fn *match, void *ctx, struct err *err)
{
	struct arena scratch = arena_open(BLOCK_RAW_MAX * 2);
	int64_t      block = 0;
	bool         good = true;

	while (good && (good = ask_one(cf, next_dirty, block, &block, err)) && block) {
		good = join_block(w, cf, block, match, ctx, scratch, err) &&
		       !casefile_cancelled(cf);
		if (casefile_cancelled(cf))
			err_set(err, ERR_CANCEL, "stopped");
	}
	arena_close(&scratch);
	return good;
}
