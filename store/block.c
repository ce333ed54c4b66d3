/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/block.h"

#include <stdlib.h>
#include <string.h>
#include <zstd.h>

#define ZSTD_LEVEL   1

#define SHAPE_SLOTS 4096 /* of the hash tables; powers of two */
#define NAME_SLOTS  16384
#define BATCH_SHAPES (SHAPE_SLOTS / 2)
#define BATCH_NAMES  (NAME_SLOTS / 2)

struct shape {
	uint64_t  hash;
	uint32_t  extras, n_fields, n_system;
	uint32_t *names; /* indexes into the encoder's names */
	uint32_t  block, index; /* number in that block */
};

struct name_slot {
	uint32_t block, index;
};

struct block_encoder {
	struct arena keep;  /* names and shapes */
	struct arena raw;   /* encoded events, without gaps */
	struct arena temp;
	ZSTD_CCtx   *zstd;
	struct text      *names;
	struct name_slot *name_slots;
	size_t            n_names, names_cap, name_slots_cap;
	struct shape     *shapes;
	size_t            n_shapes, shapes_cap;
	uint32_t          name_table[NAME_SLOTS]; /* index + 1 */
	uint32_t          shape_table[SHAPE_SLOTS];
	uint32_t          block; /* number of the open block */
	uint32_t          block_shapes[BLOCK_EVENTS];
	uint32_t          n_block_shapes;
	uint32_t          n_events;
	size_t            sizes[BLOCK_EVENTS];
};

struct block_encoder *
block_encoder_new(void)
{
	struct block_encoder *e = calloc(1, sizeof(*e));

	if (!e)
		arena_exhausted(sizeof(*e));
	e->keep = arena_open((size_t)1 << 30);
	e->raw = arena_open(BLOCK_RAW_MAX * 2);
	e->temp = arena_open(BLOCK_RAW_MAX * 3);
	e->zstd = ZSTD_createCCtx();
	if (!e->zstd)
		arena_exhausted(1 << 20);
	ZSTD_CCtx_setParameter(e->zstd, ZSTD_c_compressionLevel, ZSTD_LEVEL);
	e->block = 1;
	return e;
}

void
block_encoder_free(struct block_encoder *e)
{
	if (!e)
		return;
	arena_close(&e->keep);
	arena_close(&e->raw);
	arena_close(&e->temp);
	ZSTD_freeCCtx(e->zstd);
	free(e);
}

void
block_encoder_reset(struct block_encoder *e)
{
	arena_reset(&e->keep, 1 << 20);
	arena_reset(&e->raw, BLOCK_RAW_BYTES * 4);
	e->names = NULL;
	e->name_slots = NULL;
	e->shapes = NULL;
	e->n_names = e->names_cap = e->name_slots_cap = 0;
	e->n_shapes = e->shapes_cap = 0;
	memset(e->name_table, 0, sizeof(e->name_table));
	memset(e->shape_table, 0, sizeof(e->shape_table));
	e->block = 1;
	e->n_block_shapes = 0;
	e->n_events = 0;
}

static uint32_t
name_index(struct block_encoder *e, struct text name, uint32_t key)
{
	uint32_t at = key & (NAME_SLOTS - 1);

	while (e->name_table[at]) {
		if (text_eq(e->names[e->name_table[at] - 1], name))
			return e->name_table[at] - 1;
		at = (at + 1) & (NAME_SLOTS - 1);
	}
	arena_grow(&e->keep, e->names, e->n_names, &e->names_cap);
	arena_grow(&e->keep, e->name_slots, e->n_names, &e->name_slots_cap);
	e->names[e->n_names] = arena_copy(&e->keep, text_or_empty(name));
	e->name_slots[e->n_names] = (struct name_slot){ 0 };
	/* Hostile evidence may have more names than slots: the rest is not found again. */
	if (e->n_names < BATCH_NAMES)
		e->name_table[at] = (uint32_t)e->n_names + 1;
	return (uint32_t)e->n_names++;
}

static bool
shape_is(const struct block_encoder *e, const struct shape *s, const struct event *ev,
	 uint32_t extras)
{
	if (s->extras != extras || s->n_fields != ev->n_fields || s->n_system != ev->n_system)
		return false;
	for (uint32_t i = 0; i < ev->n_fields; i++)
		if (!text_eq(e->names[s->names[i]], ev->fields[i].name))
			return false;
	return true;
}

static struct shape *
shape_of(struct block_encoder *e, const struct event *ev, uint32_t extras)
{
	uint64_t hash = extras + ((uint64_t)ev->n_system << 8) + ((uint64_t)ev->n_fields << 32);

	for (uint32_t i = 0; i < ev->n_fields; i++)
		hash = (hash ^ ev->fields[i].key) * UINT64_C(0x9e3779b97f4a7c15);
	uint32_t at = (uint32_t)(hash >> 40) & (SHAPE_SLOTS - 1);

	while (e->shape_table[at]) {
		struct shape *s = &e->shapes[e->shape_table[at] - 1];

		if (s->hash == hash && shape_is(e, s, ev, extras))
			return s;
		at = (at + 1) & (SHAPE_SLOTS - 1);
	}
	struct shape s = { .hash = hash, .extras = extras, .n_fields = ev->n_fields,
			   .n_system = ev->n_system };

	s.names = arena_new(&e->keep, uint32_t, ev->n_fields);
	for (uint32_t i = 0; i < ev->n_fields; i++)
		s.names[i] = name_index(e, ev->fields[i].name, ev->fields[i].key);
	arena_grow(&e->keep, e->shapes, e->n_shapes, &e->shapes_cap);
	e->shapes[e->n_shapes] = s;
	if (e->n_shapes < BATCH_SHAPES)
		e->shape_table[at] = (uint32_t)e->n_shapes + 1;
	return &e->shapes[e->n_shapes++];
}

static unsigned char *
put_text(unsigned char *p, struct text t, size_t *left)
{
	size_t n = t.n < *left ? t.n : *left;

	*left -= n;
	p += varint_put(p, n);
	if (n)
		memcpy(p, t.p, n);
	return p + n;
}

static uint32_t
event_extras(const struct event *ev, struct text extra[N_EXTRAS])
{
	uint32_t bits = 0;

	extra[0] = ev->host;
	extra[1] = ev->message;
	extra[2] = ev->event_name;
	extra[3] = ev->remark;
	for (uint32_t i = 0; i < ev->n_system; i++)
		if (text_eq(ev->fields[i].name, TEXT("Computer"))) {
			if (text_eq(ev->fields[i].value, ev->host))
				extra[0] = TEXT_NONE;
			break;
		}
	for (unsigned i = 0; i < N_EXTRAS; i++)
		if (!text_absent(extra[i]))
			bits |= 1u << i;
	return bits;
}

bool
block_add(struct block_encoder *e, const struct event *ev)
{
	struct text   extra[N_EXTRAS];
	uint32_t      extras = event_extras(ev, extra);
	struct shape *s = shape_of(e, ev, extras);
	size_t        text_bytes = 0, left = BLOCK_RAW_MAX / 2;

	if (s->block != e->block) {
		s->block = e->block;
		s->index = e->n_block_shapes;
		e->block_shapes[e->n_block_shapes++] = (uint32_t)(s - e->shapes);
	}
	for (unsigned i = 0; i < N_EXTRAS; i++)
		text_bytes += extra[i].n;
	for (uint32_t i = 0; i < ev->n_fields; i++)
		text_bytes += ev->fields[i].value.n;
	bool fits = text_bytes <= left;

	if (!fits)
		text_bytes = left;
	size_t         bound = text_bytes + 10 * ((size_t)ev->n_fields + N_EXTRAS + 2);
	unsigned char *start = (unsigned char *)arena_bytes(&e->raw, bound), *p = start;

	p += varint_put(p, s->index);
	p += varint_put(p, (uint64_t)ev->format);
	for (unsigned i = 0; i < N_EXTRAS; i++)
		if (extras & 1u << i)
			p = put_text(p, extra[i], &left);
	for (uint32_t i = 0; i < ev->n_fields; i++)
		p = put_text(p, ev->fields[i].value, &left);
	e->sizes[e->n_events++] = (size_t)(p - start);
	e->raw.at = (char *)p; /* what was not needed goes back */
	return fits;
}

uint32_t
block_events(const struct block_encoder *e)
{
	return e->n_events;
}

bool
block_full(const struct block_encoder *e)
{
	return e->n_events >= BLOCK_EVENTS || arena_used(&e->raw) >= BLOCK_RAW_BYTES;
}

size_t
block_bytes(const struct block_encoder *e)
{
	return arena_used(&e->keep) + arena_used(&e->raw);
}

size_t
block_names(const struct block_encoder *e, const struct text **out)
{
	*out = e->names;
	return e->n_names;
}

static struct text
compress(struct block_encoder *e, struct text raw, struct arena *keep)
{
	size_t bound = ZSTD_compressBound(raw.n);
	char  *out = arena_bytes(keep, bound);
	size_t n = ZSTD_compress2(e->zstd, out, bound, raw.p, raw.n);

	if (ZSTD_isError(n))
		arena_exhausted(bound);
	if (keep->at == out + bound)
		keep->at = out + n;
	return (struct text){ out, n };
}

/* Layout up to the sizes; gives names their numbers in this block. */
static unsigned char *
put_header(struct block_encoder *e, unsigned char *p, const uint32_t *used, size_t n_used)
{
	*p++ = BLOCK_LAYOUT;
	p += varint_put(p, e->n_events);
	p += varint_put(p, n_used);
	p += varint_put(p, e->n_block_shapes);
	for (size_t i = 0; i < n_used; i++) {
		size_t left = SIZE_MAX;

		p = put_text(p, e->names[used[i]], &left);
	}
	for (uint32_t i = 0; i < e->n_block_shapes; i++) {
		const struct shape *s = &e->shapes[e->block_shapes[i]];

		p += varint_put(p, s->extras);
		p += varint_put(p, s->n_fields);
		p += varint_put(p, s->n_system);
		for (uint32_t k = 0; k < s->n_fields; k++)
			p += varint_put(p, e->name_slots[s->names[k]].index);
	}
	for (uint32_t i = 0; i < e->n_events; i++)
		p += varint_put(p, e->sizes[i]);
	return p;
}

struct text
block_close(struct block_encoder *e, struct arena *keep)
{
	struct arena scratch = e->temp;
	uint32_t    *used = NULL;
	size_t       n_used = 0, cap = 0, bound = 64 + 10 * (size_t)e->n_events;

	if (!e->n_events)
		return TEXT("");
	for (uint32_t i = 0; i < e->n_block_shapes; i++) {
		const struct shape *s = &e->shapes[e->block_shapes[i]];

		bound += 30 + 10 * (size_t)s->n_fields;
		for (uint32_t k = 0; k < s->n_fields; k++) {
			struct name_slot *slot = &e->name_slots[s->names[k]];

			if (slot->block == e->block)
				continue;
			*slot = (struct name_slot){ e->block, (uint32_t)n_used };
			arena_grow(&scratch, used, n_used, &cap);
			used[n_used++] = s->names[k];
			bound += 10 + e->names[s->names[k]].n;
		}
	}
	size_t         bodies = arena_used(&e->raw);
	unsigned char *header = (unsigned char *)arena_bytes(&scratch, bound);
	size_t         n = (size_t)(put_header(e, header, used, n_used) - header);

	/* In place: bodies may be as large as a record can be. */
	arena_bytes(&e->raw, n);
	memmove(e->raw.start + n, e->raw.start, bodies);
	memcpy(e->raw.start, header, n);
	struct text packed = compress(e, (struct text){ e->raw.start, bodies + n }, keep);

	e->n_events = e->n_block_shapes = 0;
	e->block++;
	if (bodies > 4 * BLOCK_RAW_BYTES) {
		arena_reset(&e->raw, 4 * BLOCK_RAW_BYTES);
		arena_reset(&e->temp, 8 * BLOCK_RAW_BYTES);
	} else {
		e->raw.at = e->raw.start;
	}
	return packed;
}

struct text
block_without(struct block_encoder *e, struct text packed, const bool *drop, struct arena *keep)
{
	struct arena scratch = e->temp;
	struct block b;
	struct text  out = TEXT("");
	uint32_t     kept = 0;

	if (!block_open(&b, packed))
		return out;
	/* Names and shapes stay as they are; only sizes and bodies change. */
	unsigned char       *raw = (unsigned char *)arena_bytes(&scratch, b.raw_bytes + 10);
	unsigned char       *w = raw;
	const unsigned char *p = (const unsigned char *)b.raw + 1;
	const unsigned char *end = (const unsigned char *)b.raw + b.at[0];
	const unsigned char *sizes = end;
	uint64_t             v;

	for (uint32_t i = 0; i < b.n; i++)
		kept += !drop[i];
	for (uint32_t i = b.n; i-- > 0;) {
		unsigned char digits[10];

		sizes -= varint_put(digits, b.at[i + 1] - b.at[i]);
	}
	if (kept && varint_get(&p, end, &v)) {
		*w++ = BLOCK_LAYOUT;
		w += varint_put(w, kept);
		memcpy(w, p, (size_t)(sizes - p));
		w += sizes - p;
		for (uint32_t i = 0; i < b.n; i++)
			if (!drop[i])
				w += varint_put(w, b.at[i + 1] - b.at[i]);
		for (uint32_t i = 0; i < b.n; i++)
			if (!drop[i]) {
				memcpy(w, b.raw + b.at[i], b.at[i + 1] - b.at[i]);
				w += b.at[i + 1] - b.at[i];
			}
		out = compress(e, (struct text){ (const char *)raw, (size_t)(w - raw) }, keep);
	}
	if (b.raw_bytes > 8 * BLOCK_RAW_BYTES)
		arena_reset(&e->temp, 8 * BLOCK_RAW_BYTES);
	block_free(&b);
	return out;
}
