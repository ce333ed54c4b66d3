/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/enrich.h"

#include <stdlib.h>

#include "base/decoded.h"
#include "base/when.h"
#include "store/block_edit.h"
#include "store/changes.h"
#include "store/script.h"
#include "store/summary.h"

/* In event.flags, above ROW_HAS_RECORD. */
#define RANK_SHIFT   17
#define RANK_MASK    (0x1fffu << RANK_SHIFT)
#define RANK_MESSAGE (1u << 30)
#define VALUES_MOST  255

static uint32_t
form_rank(enum event_format format)
{
	switch (format) {
	case FORMAT_EVTX:
		return 3;
	case FORMAT_XML:
		return 2;
	case FORMAT_JSON:
	case FORMAT_CROWDSTRIKE:
		return 1;
	case FORMAT_NONE:
	case FORMAT_TEXT:
	case FORMAT_CSV:
		return 0;
	}
	return 0;
}

uint32_t
record_rank(const struct event *ev)
{
	bool     whole = !(ev->flags & (EVENT_RECOVERED | EVENT_DAMAGED | EVENT_TIME_FALLBACK));
	bool     native = ev->format == FORMAT_EVTX || ev->format == FORMAT_XML;
	bool     zone = !(ev->flags & EVENT_ZONE_ASSUMED);
	uint32_t values = 1;

	for (uint32_t i = 0; i < ev->n_fields && values < VALUES_MOST; i++)
		values += ev->fields[i].value.n > 0 && !name_is_decoded(ev->fields[i].name);
	return ((uint32_t)whole << 12 | (uint32_t)native << 11 | (uint32_t)zone << 10 |
		values << 2 | form_rank(ev->format))
		   << RANK_SHIFT |
	       (ev->message.n ? RANK_MESSAGE : 0);
}

/* Decides between records of equal rank; the message does not count, nor what is made of them. */
static uint64_t
value_hash(const struct event *ev)
{
	uint64_t sum = text_hash(ev->host, (uint64_t)ev->time_ns);

	for (uint32_t i = 0; i < ev->n_fields; i++)
		if (!name_is_decoded(ev->fields[i].name))
			sum += text_hash(ev->fields[i].value, text_hash(ev->fields[i].name, 1));
	return sum;
}

static uint64_t
message_hash(const struct event *ev)
{
	return ev->message.n ? text_hash(ev->message, 2) : 0;
}

static bool
better_message(struct text a, struct text b)
{
	return a.n != b.n ? a.n > b.n : a.n && text_cmp(a, b) > 0;
}

/* The block that is being looked at, and the batch's block that records are taken from. */
struct work {
	struct block_edit   e;
	const struct batch *b;
	struct block        from;
	size_t              from_block; /* + 1 */
};

/* The record as the batch has it. */
static bool
open_record(struct work *k, uint32_t row, struct event *out)
{
	const struct batch_row *r = &k->b->rows[row];
	const struct text      *s = k->b->strings;
	size_t                  at = 0;

	while (row - k->b->blocks[at].first >= k->b->blocks[at].n)
		at++;
	if (k->from_block != at + 1) {
		block_free(&k->from);
		k->from_block = 0;
		if (!block_open(&k->from, k->b->blocks[at].packed))
			return err_set(k->e.err, ERR_IO, "a record cannot be read back");
		k->from_block = at + 1;
	}
	*out = (struct event){
		.time_ns = r->time_ns,
		.host = s[r->host],
		.channel = s[r->channel],
		.provider = s[r->provider],
		.event_id = r->event_id,
		.flags = r->flags & 0xffff,
		.has_record_id = (r->flags & ROW_HAS_RECORD) != 0,
		.record_id = r->flags & ROW_HAS_RECORD ? r->record : 0,
	};
	if (!block_event(&k->from, row - k->b->blocks[at].first, out, &k->e.scratch))
		return err_set(k->e.err, ERR_IO, "a record cannot be read back");
	event_finish(out);
	out->flags = r->flags & 0xffff;
	out->user = s[r->account];
	return true;
}

/* Texts of a record must outlive the batch's block that they point into. */
static void
keep_record(struct event *ev, struct arena *keep)
{
	for (uint32_t i = 0; i < ev->n_fields; i++) {
		ev->fields[i].name = arena_copy(keep, ev->fields[i].name);
		ev->fields[i].value = arena_copy(keep, ev->fields[i].value);
	}
	ev->host = arena_copy(keep, ev->host);
	ev->message = arena_copy(keep, ev->message);
	ev->event_name = arena_copy(keep, ev->event_name);
	ev->remark = arena_copy(keep, ev->remark);
}

static const char set_event[] =
    "UPDATE event SET ts = ?2, host = ?3, provider = ?4, account = ?5, flags = ?6, evidence = ?7, "
    "offset = ?8, length = ?9 WHERE id = ?1";
static const char put_source[] =
    "INSERT OR IGNORE INTO event_source(event, evidence, offset, length) VALUES(?1, ?2, ?3, ?4)";
static const char drop_source[] =
    "DELETE FROM event_source WHERE event = ?1 AND evidence = ?2 AND offset = ?3";
static const char move_name[] =
    "INSERT INTO host_name(host, name, events) VALUES(?1, ?2, ?3) "
    "ON CONFLICT(host, name) DO UPDATE SET events = events + excluded.events";
static const char note_event[] = "INSERT OR IGNORE INTO event_changed(event) VALUES(?1)";

static bool
run_with(struct work *k, const char *sql, int64_t a, int64_t b, int64_t c, int64_t d)
{
	const int64_t v[] = { a, b, c, d };
	struct ask    q;

	if (ask(&q, k->e.cf, sql, k->e.err)) {
		for (int i = 0; i < sqlite3_bind_parameter_count(q.st) && i < 4; i++)
			ask_int(&q, i + 1, v[i]);
		ask_run(&q);
	}
	return ask_end(&q);
}

static bool
count_name(struct work *k, int64_t host, struct text name, int64_t n)
{
	struct ask q;

	if (!host)
		return true;
	if (ask(&q, k->e.cf, move_name, k->e.err)) {
		ask_int(&q, 1, host);
		ask_text(&q, 2, text_or_empty(name));
		ask_int(&q, 3, n);
		ask_run(&q);
	}
	return ask_end(&q);
}

/* Row and summaries of the event follow what it is now. */
static bool
store_row(struct work *k, const struct facts *before, const struct facts *now,
	  struct text name_before, struct text name_now)
{
	struct summary_row was = { before->host, before->channel, before->provider,
				   before->time_ns, before->event_id };
	struct summary_row is = { now->host, now->channel, now->provider, now->time_ns,
				  now->event_id };
	struct ask         q;

	if (ask(&q, k->e.cf, set_event, k->e.err)) {
		ask_int(&q, 1, now->id);
		ask_int(&q, 2, now->time_ns);
		ask_int(&q, 3, now->host);
		ask_int(&q, 4, now->provider);
		ask_int(&q, 5, now->account);
		ask_int(&q, 6, now->flags);
		ask_int(&q, 7, now->evidence);
		ask_int(&q, 8, (int64_t)now->offset);
		ask_int(&q, 9, (int64_t)now->length);
		ask_run(&q);
	}
	return ask_end(&q) && summary_take(k->e.cf, &was, k->e.err) &&
	       summary_add(k->e.cf, &is, 1, k->e.scratch, k->e.err) &&
	       count_name(k, before->host, name_before, -1) &&
	       count_name(k, now->host, name_now, 1);
}

static bool
replace(struct work *k, struct candidate *c, uint32_t at, struct event *ev)
{
	const uint32_t          joined = EVENT_SCRIPT_WHOLE | EVENT_SCRIPT_REST | EVENT_SCRIPT_GAPS;
	const struct batch_row *r = &k->b->rows[c->row];
	struct facts            before = k->e.rows[at], *now = &k->e.rows[at];
	struct text             message = k->e.events[at].message, name = k->e.events[at].host;

	if (better_message(message, ev->message))
		ev->message = message;
	keep_record(ev, &k->e.scratch);
	now->time_ns = r->time_ns;
	now->host = c->host;
	now->provider = c->provider;
	now->account = c->account;
	now->evidence = k->b->evidence;
	now->offset = r->offset;
	now->length = r->length;
	now->flags = (r->flags & ~(joined | RANK_MESSAGE)) | (before.flags & joined) |
		     (ev->message.n ? RANK_MESSAGE : 0);
	ev->id = now->id;
	k->e.events[at] = *ev;
	k->e.changed = c->replaced = true;
	return run_with(k, drop_source, now->id, now->evidence, (int64_t)now->offset, 0) &&
	       run_with(k, put_source, before.id, before.evidence, (int64_t)before.offset,
			(int64_t)before.length) &&
	       store_row(k, &before, now, name, ev->host) &&
	       run_with(k, note_event, now->id, 0, 0, 0);
}

static bool
take_message(struct work *k, uint32_t at, struct text message)
{
	struct facts before = k->e.rows[at], *now = &k->e.rows[at];

	k->e.events[at].message = arena_copy(&k->e.scratch, message);
	now->flags |= RANK_MESSAGE;
	k->e.changed = true;
	return store_row(k, &before, now, k->e.events[at].host, k->e.events[at].host) &&
	       run_with(k, note_event, now->id, 0, 0, 0);
}

static bool
compare(struct work *k, struct candidate *c)
{
	uint32_t     at = (uint32_t)(c->event - k->e.first);
	uint32_t     rank = k->e.rows[at].flags & RANK_MASK;
	uint32_t     other = k->b->rows[c->row].flags & RANK_MASK;
	uint64_t     values = value_hash(&k->e.events[at]);
	struct event ev;
	bool         better;

	if (!rank) /* stored by an auger that did not rank */
		rank = record_rank(&k->e.events[at]) & RANK_MASK;
	better = other > rank || (other == rank && c->values > values);
	if (!better && (!c->message || c->message == message_hash(&k->e.events[at])))
		return true; /* copies of the same bytes mostly end here */
	if (!open_record(k, c->row, &ev))
		return false;
	if (better)
		return replace(k, c, at, &ev);
	return !better_message(ev.message, k->e.events[at].message) ||
	       take_message(k, at, ev.message);
}

static int
by_event(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;

	if (x->event != y->event)
		return x->event < y->event ? -1 : 1;
	return x->row < y->row ? -1 : x->row > y->row;
}

/* Whether a look at the flags leaves anything to be decided. */
static bool
worth_a_look(struct work *k, const struct candidate *c, struct ask *flags)
{
	uint32_t stored = 0, other = k->b->rows[c->row].flags;

	ask_int(flags, 1, c->event);
	if (ask_row(flags))
		stored = (uint32_t)ask_get_int(flags, 0);
	ask_run(flags);
	return !(stored & RANK_MASK) || (other & RANK_MASK) >= (stored & RANK_MASK) ||
	       other & RANK_MESSAGE;
}

/* What decides is noted in the order of rows, so that each block of the batch is opened once. */
static bool
note_values(struct work *k, struct candidate *all, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct arena before = k->e.scratch;
		struct event ev;

		if (!open_record(k, all[i].row, &ev))
			return false;
		all[i].values = value_hash(&ev);
		all[i].message = message_hash(&ev);
		k->e.scratch = before;
	}
	return true;
}

static bool
enrich_block(struct work *k, struct candidate *c, size_t n, size_t *done)
{
	bool good = block_edit_open(&k->e, c->event);

	for (*done = 0; good && *done < n && c[*done].event < k->e.first + k->e.n; ++*done)
		good = compare(k, &c[*done]);
	return block_edit_close(&k->e, good);
}

bool
enrich(struct writer *w, struct casefile *cf, const struct batch *b, struct candidate *all,
       size_t n, struct err *err)
{
	struct work k = { .e = { .w = w, .cf = cf, .err = err }, .b = b };
	struct ask  flags;
	size_t      kept = 0, done = 0;
	bool        good = ask(&flags, cf, "SELECT flags FROM event WHERE id = ?1", err);

	for (size_t i = 0; i < n && !flags.failed; i++)
		if (worth_a_look(&k, &all[i], &flags))
			all[kept++] = all[i];
	good = ask_end(&flags) && good;
	if (!kept || !good)
		return good;
	k.e.scratch = arena_open(BLOCK_RAW_MAX * 4);
	good = note_values(&k, all, kept);
	qsort(all, kept, sizeof(*all), by_event);
	for (size_t at = 0; good && at < kept; at += done)
		good = enrich_block(&k, &all[at], kept - at, &done);
	block_free(&k.from);
	arena_close(&k.e.scratch);
	for (size_t i = kept; i < n; i++)
		all[i].replaced = false;
	if (k.e.any) {
		identity_forget(w->identity);
		good = block_edit_end(&k.e) && good;
	}
	return good;
}

static const char next_changed[] =
    "SELECT " FACTS_COLUMNS " FROM event_changed c JOIN event e ON e.id = c.event "
    "WHERE c.event > ?1 ORDER BY c.event LIMIT 1";
static const char drop_hits[] = "DELETE FROM hit WHERE event = ?1";

bool
enrich_match_event(struct writer *w, struct casefile *cf, const struct facts *row, struct held *h,
		   struct arena scratch, match_fn *match, void *ctx, struct err *err)
{
	struct event ev;
	struct ask   q;
	bool         good = changes_note(cf, row->id, err);

	if (good && ask(&q, cf, drop_hits, err)) {
		ask_int(&q, 1, row->id);
		ask_run(&q);
	}
	return good && ask_end(&q) && event_load(cf, row, h, &scratch, &ev, err) &&
	       script_apply(cf, &ev, &scratch, err) && script_hits(w, cf, &ev, match, ctx, err);
}

bool
enrich_match(struct writer *w, struct casefile *cf, match_fn *match, void *ctx, struct err *err)
{
	struct arena scratch = arena_open(BLOCK_RAW_MAX * 2);
	struct held  h = { 0 };
	struct facts row = { 0 };
	bool         good = true, more = true;

	while (good && more) {
		struct arena one = scratch;
		struct ask   q;

		if (ask(&q, cf, next_changed, err)) {
			ask_int(&q, 1, row.id);
			more = ask_row(&q);
			if (more)
				row = facts_get(&q);
		}
		good = ask_end(&q);
		if (!good || !more)
			break;
		good = enrich_match_event(w, cf, &row, &h, one, match, ctx, err);
	}
	held_release(&h);
	arena_close(&scratch);
	return good;
}

static const char host_times[] =
    "UPDATE host SET "
    "first_ns = (SELECT min(ts) FROM event WHERE host = host.id AND ts > -9223372036854775808), "
    "last_ns = (SELECT max(ts) FROM event WHERE host = host.id AND ts > -9223372036854775808) "
    "WHERE events > 0";

bool
enrich_done(struct casefile *cf, struct err *err)
{
	int64_t changed;

	if (!db_get_int(cf, "SELECT EXISTS(SELECT 1 FROM event_changed)", 0, &changed, err))
		return false;
	if (!changed)
		return true;
	if (db_begin(cf, err) && db_run(cf, host_times, err) &&
	    db_run(cf, "DELETE FROM event_changed", err) && db_commit(cf, err))
		return true;
	db_rollback(cf);
	return false;
}
