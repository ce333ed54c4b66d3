/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/writer.h"

#include <stdlib.h>

#include "store/declare.h"
#include "store/enrich.h"
#include "store/interned.h"
#include "store/machine.h"
#include "store/member_names.h"
#include "store/summary.h"

/* Numbers of events end here, at some thousand times what a file can hold. */
#define EVENTS_MOST (INT64_C(1) << 40)

/* Everything one commit works with; lives in scratch. */
struct commit {
	struct casefile     *cf;
	struct writer       *w;
	struct batch        *b;
	struct arena        *scratch;
	struct err          *err;
	/* Ids by string of the batch; 0: not asked for yet. */
	int64_t             *host, *kin, *channel, *provider, *account;
	struct identity_key *keys;
	int64_t             *known;
	int64_t             *ids; /* of new events; 0 for duplicates */
	int64_t              first, last;
	uint64_t             n_new;
	uint64_t             n_gaps, gap_bytes;
	uint64_t             n_again; /* records of this file that it has brought already */
	bool                 kin_met; /* a new host has the first label of another */
};

struct writer *
writer_of(struct casefile *cf, struct err *err)
{
	struct writer *w = cf->writer;
	int64_t        last;
	bool           good;

	if (w)
		return w;
	w = calloc(1, sizeof(*w));
	if (!w)
		arena_exhausted(sizeof(*w));
	w->scratch = arena_open((size_t)1 << 31);
	w->encoder = block_encoder_new();
	segment_open(&w->segment, SEGMENT_FIELDS);
	segment_open(&w->scripts, SEGMENT_SCRIPTS);
	w->sketch = calloc(1, sizeof(*w->sketch));
	if (!w->sketch)
		arena_exhausted(sizeof(*w->sketch));
	w->identity = identity_open();
	good = db_get_int(cf, "SELECT max(id) FROM event", 0, &last, err);
	w->next_id = last > 0 && last < EVENTS_MOST ? last + 1 : 1;
	if (last >= EVENTS_MOST) {
		err_where(err, "%s", cf->path);
		err_set(err, ERR_IO, "the case file is damaged: no import makes an event %lld",
			(long long)last);
	} else if (good && db_begin(cf, err) &&
	    segment_resume(&w->segment, cf, err) &&
	    segment_resume(&w->scripts, cf, err) && db_commit(cf, err)) {
		cf->writer = w;
		return w;
	}
	db_rollback(cf);
	writer_free(w);
	return NULL;
}

void
writer_free(struct writer *w)
{
	if (!w)
		return;
	identity_close(w->identity);
	segment_close(&w->segment);
	segment_close(&w->scripts);
	free(w->sketch);
	block_encoder_free(w->encoder);
	arena_close(&w->scratch);
	declared_free(w);
	free(w);
}

bool
writer_begin(struct casefile *cf, struct err *err)
{
	return (cf->writer && cf->writer->gathered) || db_begin(cf, err);
}

bool
writer_end(struct casefile *cf, uint64_t cost, struct err *err)
{
	struct writer *w = cf->writer;

	if (w && w->gathers && w->gathered + cost < GATHER_MOST) {
		w->gathered += cost;
		return true;
	}
	if (w)
		w->gathered = 0;
	return db_commit(cf, err);
}

bool
writer_undo(struct casefile *cf)
{
	db_rollback(cf);
	cf->import_noted = false; /* it may have been in what is undone; twice is no harm */
	if (cf->writer) {
		cf->writer->broken |= cf->writer->gathered > 0;
		cf->writer->gathered = 0;
	}
	return false;
}

static bool
intern_all(struct commit *c)
{
	size_t  n = c->b->n_strings;
	int64_t last_host;

	if (!db_get_int(c->cf, "SELECT max(id) FROM host", 0, &last_host, c->err))
		return false;
	c->host = arena_new(c->scratch, int64_t, n);
	c->kin = arena_new(c->scratch, int64_t, n);
	c->channel = arena_new(c->scratch, int64_t, n);
	c->provider = arena_new(c->scratch, int64_t, n);
	c->account = arena_new(c->scratch, int64_t, n);
	for (size_t i = 0; i < c->b->n_rows; i++) {
		const struct batch_row *r = &c->b->rows[i];
		const struct text      *s = c->b->strings;

		if (r->host && !c->host[r->host] &&
		    !interned_host(c->cf, s[r->host], *c->scratch, &c->host[r->host],
				 &c->kin[r->host], c->err))
			return false;
		c->kin_met |= c->host[r->host] > last_host && c->kin[r->host] != c->host[r->host];
		if (r->channel && !c->channel[r->channel] &&
		    !interned(c->cf, INTERNED_CHANNEL, s[r->channel], &c->channel[r->channel], c->err))
			return false;
		if (r->provider && !c->provider[r->provider] &&
		    !interned(c->cf, INTERNED_PROVIDER, s[r->provider], &c->provider[r->provider],
			      c->err))
			return false;
		if (r->account && !c->account[r->account] &&
		    !interned(c->cf, INTERNED_ACCOUNT, s[r->account], &c->account[r->account], c->err))
			return false;
	}
	return true;
}

static bool
tell_new_from_known(struct commit *c)
{
	struct batch *b = c->b;

	c->keys = arena_new(c->scratch, struct identity_key, b->n_rows);
	c->known = arena_new(c->scratch, int64_t, b->n_rows);
	c->ids = arena_new(c->scratch, int64_t, b->n_rows);
	for (size_t i = 0; i < b->n_rows; i++) {
		const struct batch_row *r = &b->rows[i];

		c->keys[i] = (struct identity_key){
			.host = c->host[r->host],
			.kin = c->kin[r->host],
			.channel = c->channel[r->channel],
			.time_ns = r->time_ns,
			.record = r->record,
			.event_id = r->event_id,
			.flags = r->flags,
		};
	}
	if (!identity_check(c->w->identity, c->cf, c->keys, b->n_rows, c->known, c->err))
		return false;
	c->first = c->w->next_id;
	for (size_t i = 0; i < b->n_rows; i++)
		if (!c->known[i])
			c->ids[i] = c->first + (int64_t)c->n_new++;
	c->last = c->first + (int64_t)c->n_new - 1;
	return true;
}

static const char put_event[] =
    "INSERT INTO event(id, ts, host, channel, provider, code, account, flags, record, evidence, "
    "offset, length) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)";
/* The event's own record, read again after an interruption, is no further source. */
static const char put_source[] =
    "INSERT OR IGNORE INTO event_source(event, evidence, offset, length) SELECT ?1, ?2, ?3, ?4 "
    "WHERE NOT EXISTS (SELECT 1 FROM event WHERE id = ?1 AND evidence = ?2 AND offset = ?3)";

static bool
put_rows(struct commit *c)
{
	struct ask event, source;
	bool       good = ask(&event, c->cf, put_event, c->err);

	good = ask(&source, c->cf, put_source, c->err) && good;
	for (size_t i = 0; good && i < c->b->n_rows; i++) {
		const struct batch_row *r = &c->b->rows[i];

		if (c->known[i]) {
			int64_t of = c->known[i] > 0 ? c->known[i] : c->ids[-c->known[i] - 1];

			ask_int(&source, 1, of);
			ask_int(&source, 2, c->b->evidence);
			ask_int(&source, 3, (int64_t)r->offset);
			ask_int(&source, 4, (int64_t)r->length);
			good = ask_run(&source);
			/* Without a place in the file there is no telling. */
			if (r->length && sqlite3_changes(c->cf->db) == 0)
				c->n_again++;
			continue;
		}
		ask_int(&event, 1, c->ids[i]);
		ask_int(&event, 2, r->time_ns);
		ask_int(&event, 3, c->host[r->host]);
		ask_int(&event, 4, c->channel[r->channel]);
		ask_int(&event, 5, c->provider[r->provider]);
		ask_int(&event, 6, r->event_id);
		ask_int(&event, 7, c->account[r->account]);
		ask_int(&event, 8, r->flags);
		ask_int(&event, 9, (int64_t)r->record);
		ask_int(&event, 10, c->b->evidence);
		ask_int(&event, 11, (int64_t)r->offset);
		ask_int(&event, 12, (int64_t)r->length);
		good = ask_run(&event);
	}
	good = ask_end(&event) && good;
	return ask_end(&source) && good;
}

static const char put_block[] = "INSERT INTO block(id, n, data) VALUES(?1, ?2, ?3)";

static bool
put_blocks(struct commit *c)
{
	struct ask q;
	bool       good = ask(&q, c->cf, put_block, c->err);

	for (size_t i = 0; good && i < c->b->n_blocks; i++) {
		const struct batch_block *block = &c->b->blocks[i];
		struct arena              scratch = *c->scratch;
		struct text               packed = block->packed;
		bool     drop[BLOCK_EVENTS] = { false };
		int64_t  id = 0;
		uint32_t kept = 0;

		for (uint32_t k = 0; k < block->n; k++) {
			int64_t event = c->ids[block->first + k];

			drop[k] = event == 0;
			kept += !drop[k];
			if (event && !id)
				id = event;
		}
		if (!kept)
			continue;
		if (kept < block->n)
			packed = block_without(c->w->encoder, packed, drop, &scratch);
		ask_int(&q, 1, id);
		ask_int(&q, 2, kept);
		ask_blob(&q, 3, packed);
		good = ask_run(&q) && segment_add(&c->w->segment, c->cf, id, block->sketch, c->err);
	}
	return ask_end(&q) && good;
}

static bool
put_hits(struct commit *c)
{
	struct ask q;

	hits_ask(&q, c->cf, c->err);
	for (size_t i = 0; !q.failed && i < c->b->n_tags; i++) {
		const struct batch_tag *tag = &c->b->tags[i];

		if (c->ids[tag->row])
			hits_put(&q, c->w, tag->rule, tag->leaf, c->ids[tag->row]);
	}
	return ask_end(&q);
}

static const char find_script[] = "SELECT id FROM script_block WHERE block_id = ?1 AND kin = ?2 "
				  "AND channel = ?3 AND pid = ?4 AND total = ?5";
static const char add_script[] =
    "INSERT INTO script_block(block_id, kin, channel, pid, total, dirty) "
    "VALUES(?1, ?2, ?3, ?4, ?5, 1)";
static const char soil_script[] = "UPDATE script_block SET dirty = 1 WHERE id = ?1";
static const char put_part[] = "INSERT OR IGNORE INTO script_part(block, number, event) "
			       "VALUES(?1, ?2, ?3)";

static bool
put_script_part(struct commit *c, const struct batch_part *part, int64_t event)
{
	const struct batch_row *r = &c->b->rows[part->row];
	int64_t                 block = 0;
	struct ask              q;

	for (int turn = 0; turn < 2 && !block; turn++) {
		if (ask(&q, c->cf, turn ? add_script : find_script, c->err)) {
			ask_text(&q, 1, part->block_id);
			ask_int(&q, 2, c->kin[r->host]);
			ask_int(&q, 3, c->channel[r->channel]);
			ask_text(&q, 4, part->pid);
			ask_int(&q, 5, part->total);
			if (ask_row(&q))
				block = ask_get_int(&q, 0);
			else if (turn)
				block = sqlite3_last_insert_rowid(c->cf->db);
		}
		if (!ask_end(&q))
			return false;
	}
	if (ask(&q, c->cf, soil_script, c->err)) {
		ask_int(&q, 1, block);
		ask_run(&q);
	}
	if (!ask_end(&q))
		return false;
	if (ask(&q, c->cf, put_part, c->err)) {
		ask_int(&q, 1, block);
		ask_int(&q, 2, part->number);
		ask_int(&q, 3, event);
		ask_run(&q);
	}
	return ask_end(&q);
}

static bool
put_summaries(struct commit *c)
{
	struct arena        scratch = *c->scratch;
	struct summary_row *rows = arena_new(&scratch, struct summary_row, c->n_new);
	size_t              n = 0;

	for (size_t i = 0; i < c->b->n_rows; i++) {
		const struct batch_row *r = &c->b->rows[i];

		if (c->ids[i])
			rows[n++] = (struct summary_row){ .host = c->host[r->host],
							  .channel = c->channel[r->channel],
							  .provider = c->provider[r->provider],
							  .time_ns = r->time_ns,
							  .event_id = r->event_id };
	}
	return summary_add(c->cf, rows, n, scratch, c->err);
}

static const char put_host_name[] =
    "INSERT INTO host_name(host, name, events) VALUES(?1, ?2, ?3) "
    "ON CONFLICT(host, name) DO UPDATE SET events = events + excluded.events";

/* Spellings of records that the case had already count for nothing, but are kept. */
static bool
put_host_names(struct commit *c)
{
	struct arena scratch = *c->scratch;
	int64_t     *n = arena_new(&scratch, int64_t, c->b->n_strings);
	struct ask   q;

	for (size_t i = 0; i < c->b->n_rows; i++)
		n[c->b->rows[i].host] += c->ids[i] != 0;
	ask(&q, c->cf, put_host_name, c->err);
	for (size_t i = 1; i < c->b->n_strings && !q.failed; i++) {
		if (!c->host[i])
			continue;
		ask_int(&q, 1, c->host[i]);
		ask_text(&q, 2, c->b->strings[i]);
		ask_int(&q, 3, n[i]);
		ask_run(&q);
	}
	return ask_end(&q);
}

static const char put_field[] = "INSERT OR IGNORE INTO field(name) VALUES(?1)";
static const char put_gap[] =
    "INSERT OR IGNORE INTO gap(evidence, offset, length, records_lost, reason) "
    "VALUES(?1, ?2, ?3, ?4, ?5)";

static bool
put_names_and_gaps(struct commit *c)
{
	const struct text *names;
	size_t             n = block_names(c->b->encoder, &names);
	struct ask         q;

	ask(&q, c->cf, put_field, c->err);
	for (size_t i = 0; i < n && !q.failed; i++) {
		ask_text(&q, 1, names[i]);
		ask_run(&q);
	}
	if (!ask_end(&q))
		return false;
	ask(&q, c->cf, put_gap, c->err);
	for (size_t i = 0; i < c->b->n_gaps && !q.failed; i++) {
		const struct batch_gap *g = &c->b->gaps[i];

		ask_int(&q, 1, c->b->evidence);
		ask_int(&q, 2, (int64_t)g->offset);
		ask_int(&q, 3, (int64_t)g->length);
		ask_int(&q, 4, (int64_t)g->records_lost);
		ask_text(&q, 5, text_or_empty(g->reason));
		ask_run(&q);
		if (sqlite3_changes(c->cf->db) > 0) {
			c->n_gaps++;
			c->gap_bytes += g->length;
		}
	}
	return ask_end(&q);
}

static const char add_to_evidence[] =
    "UPDATE evidence_file SET events = events + ?2, duplicates = duplicates + ?3, "
    "gaps = gaps + ?4, gap_bytes = gap_bytes + ?5, resume = max(resume, ?6), "
    "first_event = min(ifnull(first_event, ?7), ifnull(?7, first_event)), "
    "last_event = max(ifnull(last_event, ?8), ifnull(?8, last_event)) WHERE id = ?1";

/* The events of the case that the batch has records of lie between these; false: none. */
static bool
events_touched(const struct commit *c, int64_t *first, int64_t *last)
{
	*first = c->n_new ? c->first : INT64_MAX;
	*last = c->n_new ? c->first + (int64_t)c->n_new - 1 : 0;
	for (size_t i = 0; i < c->b->n_rows; i++) {
		if (c->known[i] <= 0)
			continue;
		*first = c->known[i] < *first ? c->known[i] : *first;
		*last = c->known[i] > *last ? c->known[i] : *last;
	}
	return *last > 0;
}

static bool
put_evidence(struct commit *c, uint64_t consumed)
{
	struct ask q;
	int64_t    first, last;

	if (ask(&q, c->cf, add_to_evidence, c->err)) {
		ask_int(&q, 1, c->b->evidence);
		ask_int(&q, 2, (int64_t)(c->b->n_rows - c->n_again));
		ask_int(&q, 3, (int64_t)(c->b->n_rows - c->n_again - c->n_new));
		ask_int(&q, 4, (int64_t)c->n_gaps);
		ask_int(&q, 5, (int64_t)c->gap_bytes);
		ask_int(&q, 6, (int64_t)consumed);
		if (events_touched(c, &first, &last)) { /* else NULL */
			ask_int(&q, 7, first);
			ask_int(&q, 8, last);
		}
		ask_run(&q);
	}
	return ask_end(&q);
}

static bool
put_parts(struct commit *c)
{
	for (size_t i = 0; i < c->b->n_parts; i++) {
		int64_t event = c->ids[c->b->parts[i].row];

		if (event && !put_script_part(c, &c->b->parts[i], event))
			return false;
	}
	return true;
}

/* NUMBER: the event of each row; 0: none that this batch made or changed. */
static bool
put_members(struct commit *c, const int64_t *number)
{
	for (size_t i = 0; i < c->b->n_members; i++) {
		int64_t event = number[c->b->members[i].row];

		if (event && !member_names_note(c->cf, event, c->b->members[i].sid, c->err))
			return false;
	}
	return true;
}

static bool
put_said(struct commit *c)
{
	for (size_t i = 0; i < c->b->n_said; i++)
		if (!sid_said_note(c->cf, &c->b->said[i], c->err))
			return false;
	return true;
}

/* Records that the case has already may say more than what it has. */
static bool
enrich_known(struct commit *c)
{
	struct arena      scratch = *c->scratch;
	struct candidate *all = arena_new(&scratch, struct candidate, c->b->n_rows);
	size_t            n = 0;

	for (size_t i = 0; i < c->b->n_rows; i++) {
		const struct batch_row *r = &c->b->rows[i];
		int64_t of = c->known[i] >= 0 ? c->known[i] : c->ids[-c->known[i] - 1];

		if (of)
			all[n++] = (struct candidate){ of, (uint32_t)i, c->host[r->host],
						       c->provider[r->provider],
						       c->account[r->account], 0, 0, false };
	}
	if (!n || !enrich(c->w, c->cf, c->b, all, n, c->err))
		return n == 0;
	int64_t *now = arena_new(&scratch, int64_t, c->b->n_rows); /* the event that has its fields */

	for (size_t i = 0; i < n; i++)
		if (all[i].replaced)
			now[all[i].row] = all[i].event;
	for (size_t i = 0; i < c->b->n_parts; i++) {
		int64_t event = now[c->b->parts[i].row];

		if (event && !put_script_part(c, &c->b->parts[i], event))
			return false;
	}
	return put_members(c, now);
}

static bool
put_all(struct commit *c, uint64_t consumed)
{
	if (c->b->n_rows &&
	    (!intern_all(c) || !tell_new_from_known(c) || !put_rows(c) || !put_host_names(c)))
		return false;
	if (c->n_new &&
	    (!put_blocks(c) || !put_hits(c) || !put_parts(c) || !put_members(c, c->ids) ||
	     !put_summaries(c) ||
	     !identity_learn(c->w->identity, c->cf, c->keys, c->b->n_rows, c->known, c->first,
			     c->last, c->err)))
		return false;
	if (c->n_new < c->b->n_rows && !enrich_known(c))
		return false;
	return put_said(c) && (!c->kin_met || machines_decide(c->cf, c->err)) && put_names_and_gaps(c) &&
	       put_evidence(c, consumed);
}

bool
import_commit(struct casefile *cf, struct batch *b, uint64_t consumed,
	      struct commit_counts *counts, struct err *err)
{
	struct writer *w = writer_of(cf, err);

	*counts = (struct commit_counts){ 0 };
	if (!w)
		return false;
	if (w->broken)
		return err_set(err, ERR_IO, "an earlier batch could not be committed");
	batch_seal(b);
	arena_reset(&w->scratch, (size_t)4 << 20);
	struct commit c = { .cf = cf, .w = w, .b = b, .scratch = &w->scratch, .err = err };

	if (!writer_begin(cf, err) || !put_all(&c, consumed) ||
	    !writer_end(cf, b->n_rows + 1, err)) {
		w->broken = true;
		return writer_undo(cf);
	}
	w->next_id += (int64_t)c.n_new;
	*counts = (struct commit_counts){ c.n_new, b->n_rows - c.n_again - c.n_new, c.n_gaps };
	return true;
}
