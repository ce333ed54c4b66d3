/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/script.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/decoded.h"
#include "store/declare.h"
#include "store/query.h"

/* One event of a block. */
struct piece {
	int64_t  event;
	uint32_t number;
};

static const char block_of_event[] =
    "SELECT p.block, b.total FROM script_part p JOIN script_block b ON b.id = p.block "
    "WHERE p.event = ?1 LIMIT 1";
static const char parts_of_block[] =
    "SELECT number, event FROM script_part WHERE block = ?1 ORDER BY number, event";

static bool
block_with(struct casefile *cf, int64_t event, int64_t *block, uint32_t *total, struct err *err)
{
	struct ask q;

	*block = 0;
	if (ask(&q, cf, block_of_event, err)) {
		ask_int(&q, 1, event);
		if (ask_row(&q)) {
			*block = ask_get_int(&q, 0);
			*total = (uint32_t)ask_get_int(&q, 1);
		}
	}
	return ask_end(&q) && *block;
}

static size_t
pieces_of(struct casefile *cf, int64_t block, struct arena *keep, struct piece **out,
	  struct err *err)
{
	struct ask q;
	size_t     n = 0, cap = 0;

	*out = NULL;
	if (ask(&q, cf, parts_of_block, err)) {
		ask_int(&q, 1, block);
		while (ask_row(&q)) {
			arena_grow(keep, *out, n, &cap);
			(*out)[n++] = (struct piece){ ask_get_int(&q, 1),
						      (uint32_t)ask_get_int(&q, 0) };
		}
	}
	return ask_end(&q) ? n : 0;
}

/* Text of a part, copied to KEEP. */
static struct text
text_of_event(struct casefile *cf, int64_t id, struct arena *keep)
{
	struct arena scratch = cf->leaf;
	struct facts row;
	struct held  h = { 0 };
	struct event ev;
	struct text  t = TEXT("");

	if (facts_of(cf, id, &row, NULL) && event_load(cf, &row, &h, &scratch, &ev, NULL))
		t = arena_copy(keep, event_body(&ev, TEXT("ScriptBlockText")));
	held_release(&h);
	return text_absent(t) ? TEXT("") : t;
}

/* A text that grows at the end of its arena. */
struct joined {
	struct arena *arena;
	char         *p;
	size_t        n;
	bool          gaps, full;
};

static void
append(struct joined *j, struct text t)
{
	if (t.n > SCRIPT_MAX - j->n) {
		t.n = SCRIPT_MAX - j->n;
		j->full = true;
	}
	if (!t.n)
		return;
	char *at = arena_alloc(j->arena, 1, 1, t.n);

	memcpy(at, t.p, t.n);
	j->n += t.n;
}

static void
append_missing(struct joined *j, uint32_t from, uint32_t to, uint32_t total)
{
	char line[96];

	if (from > to)
		return;
	j->gaps = true;
	if (from == to)
		snprintf(line, sizeof(line), "[auger: part %u of %u is missing]\n", from, total);
	else
		snprintf(line, sizeof(line), "[auger: parts %u to %u of %u are missing]\n", from,
			 to, total);
	if (j->n && j->p[j->n - 1] != '\n')
		append(j, TEXT("\n"));
	append(j, text_of(line));
}

/* The whole text in KEEP. */
static struct text
join(struct casefile *cf, const struct piece *pieces, size_t n, uint32_t total, bool *gaps,
     struct arena *keep)
{
	struct arena  part = arena_open(BLOCK_RAW_MAX * 2);
	struct joined j = { .arena = keep, .p = arena_alloc(keep, 1, 1, 0) };
	uint32_t      next = 1;

	for (size_t i = 0; i < n && !j.full; i++) {
		if (pieces[i].number < next)
			continue; /* another copy of the part */
		append_missing(&j, next, pieces[i].number - 1, total);
		append(&j, text_of_event(cf, pieces[i].event, &part));
		next = pieces[i].number + 1;
		arena_reset(&part, BLOCK_RAW_BYTES);
	}
	if (!j.full)
		append_missing(&j, next, total, total);
	*gaps = j.gaps;
	arena_close(&part);
	return (struct text){ j.p, j.n };
}

static struct text
message_with(struct text message, struct text part, struct text whole, struct arena *keep)
{
	size_t at = part.n ? text_find(message, part) : TEXT_NOWHERE;

	if (text_absent(message) || at == TEXT_NOWHERE)
		return message;
	return arena_join(keep, text_head(message, at),
			  arena_join(keep, whole, text_from(message, at + part.n)));
}

static void
give_whole(struct event *ev, struct text whole, struct arena *keep)
{
	for (uint32_t i = ev->n_system; i < ev->n_fields; i++)
		if (text_eq(ev->fields[i].name, TEXT("ScriptBlockText"))) {
			ev->message = message_with(ev->message, ev->fields[i].value, whole, keep);
			ev->fields[i].value = whole;
			return;
		}
}

static void
take_text(struct event *ev)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < ev->n_fields; i++)
		if (i < ev->n_system || !(text_eq(ev->fields[i].name, TEXT("ScriptBlockText")) ||
					  name_is_decoded(ev->fields[i].name)))
			ev->fields[n++] = ev->fields[i];
	ev->n_fields = n;
	ev->message = TEXT_NONE;
}

bool
script_apply(struct casefile *cf, struct event *ev, struct arena *keep, struct err *err)
{
	struct piece *pieces;
	int64_t       block;
	uint32_t      total;
	bool          gaps;

	if (ev->flags & EVENT_SCRIPT_REST)
		take_text(ev);
	if (!(ev->flags & EVENT_SCRIPT_WHOLE) || !block_with(cf, ev->id, &block, &total, err))
		return true;
	size_t n = pieces_of(cf, block, keep, &pieces, err);

	give_whole(ev, join(cf, pieces, n, total, &gaps, keep), keep);
	event_unwrap(ev, keep);
	return true;
}

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
	if (!ask_end(&q))
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
	return ask_end(&q);
}

/* Sets the flags of the block's events. Copies of parts whose text differs stay on their own. */
static bool
mark_all(struct casefile *cf, const struct piece *pieces, size_t n, uint32_t total,
	 struct err *err)
{
	struct arena part = arena_open(BLOCK_RAW_MAX * 2);
	uint32_t     present = 0;
	bool         good = true;

	for (size_t i = 0; i < n; i++)
		present += i == 0 || pieces[i].number != pieces[i - 1].number;
	for (size_t i = 0, first = 0; good && i < n; i++) {
		uint32_t flags = EVENT_SCRIPT_REST;

		if (i == 0)
			flags = EVENT_SCRIPT_WHOLE | (present < total ? EVENT_SCRIPT_GAPS : 0u);
		if (pieces[i].number != pieces[first].number) {
			first = i;
		} else if (i != first) {
			arena_reset(&part, BLOCK_RAW_BYTES);
			struct text a = text_of_event(cf, pieces[first].event, &part);
			struct text b = text_of_event(cf, pieces[i].event, &part);

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

static int64_t
ask_one(struct casefile *cf, const char *sql, int64_t key, struct err *err)
{
	struct ask q;
	int64_t    v = 0;

	if (ask(&q, cf, sql, err)) {
		ask_int(&q, 1, key);
		if (ask_row(&q))
			v = ask_get_int(&q, 0);
	}
	ask_end(&q);
	return v;
}

static bool
join_block(struct writer *w, struct casefile *cf, int64_t block, match_fn *match, void *ctx,
	   struct arena scratch, struct err *err)
{
	struct piece *pieces;
	uint32_t      total = (uint32_t)ask_one(cf, total_of, block, err);
	size_t        n = pieces_of(cf, block, &scratch, &pieces, err);
	struct ask    q;

	if (!mark_all(cf, pieces, n, total, err))
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

	while (good && (block = ask_one(cf, next_dirty, block, err)) != 0) {
		good = join_block(w, cf, block, match, ctx, scratch, err) &&
		       !db_cancelled(cf);
		if (db_cancelled(cf))
			err_set(err, ERR_CANCEL, "stopped");
	}
	arena_close(&scratch);
	return good;
}

size_t
query_script_parts(struct casefile *cf, int64_t id, struct arena *keep, struct script_part **out)
{
	struct arena  part = arena_open(BLOCK_RAW_MAX * 2);
	struct piece *pieces;
	int64_t       block;
	uint32_t      total = 0;
	size_t        n = 0;

	*out = NULL;
	if (block_with(cf, id, &block, &total, NULL) && total) {
		size_t n_pieces = pieces_of(cf, block, keep, &pieces, NULL);

		*out = arena_new(keep, struct script_part, total);
		for (n = 0; n < total; n++)
			(*out)[n] = (struct script_part){.number = (uint32_t)n + 1, .total = total};
		for (size_t i = 0; i < n_pieces; i++) {
			struct script_part *p;

			if (pieces[i].number < 1 || pieces[i].number > total)
				continue;
			p = &(*out)[pieces[i].number - 1];
			if (p->id)
				continue;
			p->id = pieces[i].event;
			p->bytes = text_of_event(cf, p->id, &part).n;
			arena_reset(&part, BLOCK_RAW_BYTES);
		}
	}
	arena_close(&part);
	return n;
}
