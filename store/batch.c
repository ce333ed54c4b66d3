/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/batch.h"

#include <stdlib.h>

#include "base/decoded.h"
#include "base/when.h"
#include "store/enrich.h"
#include "store/identity.h"
#include "store/member_names.h"
#include "store/script.h"


struct batch *
batch_new(void)
{
	struct batch *b = calloc(1, sizeof(*b));

	if (!b)
		arena_exhausted(sizeof(*b));
	b->arena = arena_open((size_t)2 << 30);
	b->encoder = block_encoder_new();
	batch_reset(b, 0);
	return b;
}

void
batch_free(struct batch *b)
{
	if (!b)
		return;
	block_encoder_free(b->encoder);
	arena_close(&b->arena);
	free(b);
}

void
batch_reset(struct batch *b, int64_t evidence_id)
{
	arena_reset(&b->arena, BATCH_BYTES);
	block_encoder_reset(b->encoder);
	b->evidence = evidence_id;
	b->rows = NULL;
	b->blocks = NULL;
	b->tags = NULL;
	b->parts = NULL;
	b->members = NULL;
	b->said = NULL;
	b->gaps = NULL;
	b->strings = NULL;
	b->n_rows = b->n_blocks = b->n_tags = b->n_parts = b->n_members = b->n_said = 0;
	b->n_gaps = b->n_strings = 0;
	b->rows_cap = b->blocks_cap = b->tags_cap = b->parts_cap = b->members_cap = 0;
	b->said_cap = b->gaps_cap = b->strings_cap = 0;
	memset(b->table, 0, sizeof(b->table));
	memset(b->said_last, 0, sizeof(b->said_last));
	arena_grow(&b->arena, b->strings, b->n_strings, &b->strings_cap);
	b->strings[b->n_strings++] = TEXT("");
	memset(&b->sketch, 0, sizeof(b->sketch));
}

static uint32_t
string_of(struct batch *b, struct text t)
{
	if (!t.n)
		return 0;
	uint32_t at = (uint32_t)text_hash(t, 0) & (BATCH_SLOTS - 1);

	while (b->table[at]) {
		if (text_eq(b->strings[b->table[at]], t))
			return b->table[at];
		at = (at + 1) & (BATCH_SLOTS - 1);
	}
	arena_grow(&b->arena, b->strings, b->n_strings, &b->strings_cap);
	b->strings[b->n_strings] = arena_copy(&b->arena, t);
	if (b->n_strings < BATCH_SLOTS / 2)
		b->table[at] = (uint32_t)b->n_strings;
	return (uint32_t)b->n_strings++;
}

/* Order of fields does not count, nor what is made of them. */
static uint64_t
content_hash(const struct event *ev)
{
	uint64_t sum = text_hash(ev->message, ev->event_id);

	for (uint32_t i = 0; i < ev->n_fields; i++)
		if (!name_is_decoded(ev->fields[i].name))
			sum += text_hash(ev->fields[i].value, text_hash(ev->fields[i].name, 1));
	return sum ^ (uint64_t)ev->time_ns * UINT64_C(0x9e3779b97f4a7c15);
}

static bool
part_of(struct batch *b, const struct event *ev)
{
	struct text id = event_body(ev, TEXT("ScriptBlockId"));
	uint64_t    number, total;

	if (!(ev->flags & EVENT_SCRIPT_PART) || !id.n ||
	    !text_to_u64(event_body(ev, TEXT("MessageNumber")), &number) ||
	    !text_to_u64(event_body(ev, TEXT("MessageTotal")), &total) || total < 2 ||
	    total > SCRIPT_PARTS_MAX || number < 1 || number > total)
		return false;
	struct text pid = event_get(ev, TEXT("ProcessID"));

	arena_grow(&b->arena, b->parts, b->n_parts, &b->parts_cap);
	b->parts[b->n_parts++] = (struct batch_part){
		.row = (uint32_t)b->n_rows,
		.number = (uint32_t)number,
		.total = (uint32_t)total,
		.block_id = arena_copy(&b->arena, id),
		.pid = arena_copy(&b->arena, text_or_empty(pid)),
	};
	return true;
}

static void
note_member(struct batch *b, const struct event *ev)
{
	struct text sid = member_without_name(ev);

	if (text_absent(sid))
		return;
	arena_grow(&b->arena, b->members, b->n_members, &b->members_cap);
	b->members[b->n_members++] =
	    (struct batch_member){ (uint32_t)b->n_rows, arena_copy(&b->arena, sid) };
}

static void
note_said(struct batch *b, const struct sid_said *said)
{
	uint64_t  hash = text_hash(said->sid, text_hash(said->name, text_hash(said->domain, 3)));
	uint32_t *last = &b->said_last[hash & (BATCH_SAID_SLOTS - 1)];

	if (*last) {
		const struct sid_said *x = &b->said[*last - 1];

		if (text_eq(x->sid, said->sid) && text_eq(x->name, said->name) &&
		    text_eq(x->domain, said->domain))
			return;
	}
	arena_grow(&b->arena, b->said, b->n_said, &b->said_cap);
	b->said[b->n_said++] = (struct sid_said){ arena_copy(&b->arena, said->sid),
						  arena_copy(&b->arena, said->name),
						  arena_copy(&b->arena, said->domain) };
	*last = (uint32_t)b->n_said;
}

/* Decimal digits of V at the end of BUF. */
static struct text
digits_of(char buf[24], uint64_t v)
{
	size_t at = 24;

	do
		buf[--at] = (char)('0' + v % 10);
	while (v /= 10);
	return (struct text){ buf + at, 24 - at };
}

void
sketch_event(struct sketch *s, const struct event *ev)
{
	char        id[24], record[24];
	struct text facts[] = { ev->host,       ev->channel, ev->provider, ev->user, ev->message,
				ev->event_name, ev->remark,  digits_of(id, ev->event_id),
				digits_of(record, ev->record_id) };

	for (size_t i = 0; i < sizeof(facts) / sizeof(*facts); i++)
		sketch_add(s, facts[i]);
	for (uint32_t i = 0; i < ev->n_fields; i++)
		sketch_add(s, ev->fields[i].value);
}

static void
close_block(struct batch *b)
{
	uint32_t n = block_events(b->encoder);

	if (!n)
		return;
	arena_grow(&b->arena, b->blocks, b->n_blocks, &b->blocks_cap);
	struct batch_block *block = &b->blocks[b->n_blocks++];

	block->first = (uint32_t)b->n_rows - n;
	block->n = n;
	block->packed = block_close(b->encoder, &b->arena);
	block->sketch = sketch_take(&b->sketch, &b->arena);
}

void
batch_add(struct batch *b, const struct event *ev, const struct batch_hit *hits, size_t n_hits)
{
	bool     part = part_of(b, ev);
	uint32_t flags = ev->flags & ~(uint32_t)(EVENT_SCRIPT_WHOLE | EVENT_SCRIPT_REST |
						 EVENT_SCRIPT_GAPS);
	struct sid_said said[SIDS_SAID_MAX];
	size_t          n_said;

	/* A script block is matched as a whole, when the import is finished. */
	for (size_t i = 0; i < n_hits && !part; i++) {
		arena_grow(&b->arena, b->tags, b->n_tags, &b->tags_cap);
		b->tags[b->n_tags++] = (struct batch_tag){ (uint32_t)b->n_rows, hits[i].rule,
							   hits[i].leaf };
	}
	note_member(b, ev);
	n_said = sids_said(ev, said);
	for (size_t i = 0; i < n_said; i++)
		note_said(b, &said[i]);
	if (!block_add(b->encoder, ev))
		flags |= EVENT_DAMAGED;
	sketch_event(&b->sketch, ev);
	arena_grow(&b->arena, b->rows, b->n_rows, &b->rows_cap);
	b->rows[b->n_rows++] = (struct batch_row){
		.time_ns = ev->time_ns,
		.record = ev->has_record_id ? ev->record_id : content_hash(ev),
		.offset = ev->offset,
		.length = ev->length,
		.host = string_of(b, ev->host),
		.channel = string_of(b, ev->channel),
		.provider = string_of(b, ev->provider),
		.account = string_of(b, ev->user),
		.event_id = ev->event_id,
		.flags = (flags & 0xffff) | (ev->has_record_id ? ROW_HAS_RECORD : 0) |
			 record_rank(ev),
	};
	if (block_full(b->encoder))
		close_block(b);
}

void
batch_gap(struct batch *b, uint64_t offset, uint64_t length, uint64_t records_lost,
	  struct text reason)
{
	arena_grow(&b->arena, b->gaps, b->n_gaps, &b->gaps_cap);
	b->gaps[b->n_gaps++] = (struct batch_gap){ offset, length, records_lost,
						   arena_copy(&b->arena, reason) };
}

bool
batch_full(const struct batch *b)
{
	return b->n_rows >= BATCH_EVENTS || batch_bytes(b) >= BATCH_BYTES ||
	       b->n_gaps >= BATCH_EVENTS;
}

size_t
batch_bytes(const struct batch *b)
{
	return arena_used(&b->arena) + block_bytes(b->encoder);
}

void
batch_seal(struct batch *b)
{
	close_block(b);
}
