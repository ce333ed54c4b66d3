/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Compressed blocks of events, opened and read. */
#include "config.h"

#include "store/block.h"

#include <stdlib.h>
#include <zstd.h>

/* A block holds 64 KiB and one event more: ten times as many names and fields as that can have. What
 * a stranger packed may claim any number, and each takes more room here than there. */
#define NAMES_MOST  (1u << 20)
#define FIELDS_MOST (1u << 20) /* of all shapes */

size_t
varint_put(unsigned char *p, uint64_t v)
{
	size_t n = 0;

	while (v >= 0x80) {
		p[n++] = (unsigned char)(v | 0x80);
		v >>= 7;
	}
	p[n++] = (unsigned char)v;
	return n;
}

bool
varint_get(const unsigned char **p, const unsigned char *end, uint64_t *v)
{
	uint64_t out = 0;

	for (unsigned shift = 0; shift < 64 && *p < end; shift += 7) {
		unsigned char c = *(*p)++;

		out |= (uint64_t)(c & 0x7f) << shift;
		if (!(c & 0x80)) {
			*v = out;
			return true;
		}
	}
	return false;
}

struct block_shape {
	uint32_t extras, n_fields, n_system;
	size_t   first; /* in names_of */
};

static bool
get_text(const unsigned char **p, const unsigned char *end, struct text *t)
{
	uint64_t n;

	if (!varint_get(p, end, &n) || n > (uint64_t)(end - *p))
		return false;
	*t = (struct text){ (const char *)*p, (size_t)n };
	*p += n;
	return true;
}

static void *
room(struct block *b, size_t size, uint64_t n)
{
	b->memory_bytes += size * (size_t)(n + 1);
	return calloc((size_t)n + 1, size);
}

static bool
get_shapes(struct block *b, const unsigned char **p, const unsigned char *end)
{
	size_t n_names = 0, cap = 0;

	for (uint32_t i = 0; i < b->n_shapes; i++) {
		uint64_t extras, fields, system, name;

		if (!varint_get(p, end, &extras) || !varint_get(p, end, &fields) ||
		    !varint_get(p, end, &system) || extras >> N_EXTRAS || system > fields ||
		    fields > (uint64_t)(end - *p) || fields > FIELDS_MOST - n_names)
			return false;
		b->shapes[i] = (struct block_shape){ (uint32_t)extras, (uint32_t)fields,
						     (uint32_t)system, n_names };
		if (n_names + fields > cap) {
			cap = (n_names + (size_t)fields) * 2;
			uint32_t *more = realloc(b->names_of, cap * sizeof(*more));

			if (!more)
				return false;
			b->names_of = more;
		}
		for (uint64_t k = 0; k < fields; k++) {
			if (!varint_get(p, end, &name) || name >= b->n_names)
				return false;
			b->names_of[n_names++] = (uint32_t)name;
		}
	}
	b->memory_bytes += cap * sizeof(*b->names_of);
	return true;
}

static bool
parse(struct block *b)
{
	const unsigned char *p = (const unsigned char *)b->raw, *end = p + b->raw_bytes;
	uint64_t             events, names, shapes, size;

	if (p == end || *p++ != BLOCK_LAYOUT || !varint_get(&p, end, &events) ||
	    !varint_get(&p, end, &names) || !varint_get(&p, end, &shapes) ||
	    events > b->raw_bytes || names > b->raw_bytes || shapes > b->raw_bytes ||
	    events > BLOCK_EVENTS_MOST || names > NAMES_MOST || shapes > BLOCK_EVENTS_MOST)
		return false;
	b->n = (uint32_t)events;
	b->n_names = (uint32_t)names;
	b->n_shapes = (uint32_t)shapes;
	b->names = room(b, sizeof(*b->names), names);
	b->shapes = room(b, sizeof(*b->shapes), shapes);
	b->at = room(b, sizeof(*b->at), events);
	if (!b->names || !b->shapes || !b->at)
		return false;
	for (uint32_t i = 0; i < b->n_names; i++) {
		if (!get_text(&p, end, &b->names[i].name))
			return false;
		b->names[i].key = text_key(b->names[i].name);
	}
	if (!get_shapes(b, &p, end))
		return false;
	for (uint32_t i = 0; i < b->n; i++) {
		if (!varint_get(&p, end, &size) || size > b->raw_bytes)
			return false;
		b->at[i + 1] = b->at[i] + (size_t)size;
	}
	size_t first = (size_t)(p - (const unsigned char *)b->raw);

	if (b->at[b->n] != b->raw_bytes - first)
		return false;
	for (uint32_t i = 0; i <= b->n; i++)
		b->at[i] += first;
	return true;
}

bool
block_open(struct block *b, struct text packed)
{
	unsigned long long n = ZSTD_getFrameContentSize(packed.p, packed.n);

	*b = (struct block){ 0 };
	if (n == ZSTD_CONTENTSIZE_ERROR || n == ZSTD_CONTENTSIZE_UNKNOWN || n > BLOCK_RAW_MAX)
		return false;
	b->raw = malloc((size_t)n + 1);
	b->raw_bytes = (size_t)n;
	b->memory_bytes = sizeof(*b) + (size_t)n;
	if (b->raw && ZSTD_decompress(b->raw, (size_t)n, packed.p, packed.n) == n && parse(b))
		return true;
	block_free(b);
	return false;
}

void
block_free(struct block *b)
{
	free(b->raw);
	free(b->names);
	free(b->shapes);
	free(b->names_of);
	free(b->at);
	*b = (struct block){ 0 };
}

bool
block_event(const struct block *b, uint32_t i, struct event *out, struct arena *keep)
{
	uint64_t    shape, format;
	struct text extra[N_EXTRAS] = { TEXT_NONE };

	if (i >= b->n)
		return false;
	const unsigned char *p = (const unsigned char *)b->raw + b->at[i];
	const unsigned char *end = (const unsigned char *)b->raw + b->at[i + 1];

	if (!varint_get(&p, end, &shape) || !varint_get(&p, end, &format) || shape >= b->n_shapes)
		return false;
	const struct block_shape *s = &b->shapes[shape];

	for (unsigned k = 0; k < N_EXTRAS; k++)
		if (s->extras & 1u << k && !get_text(&p, end, &extra[k]))
			return false;
	struct field *fields = arena_new(keep, struct field, s->n_fields);

	for (uint32_t k = 0; k < s->n_fields; k++) {
		fields[k] = b->names[b->names_of[s->first + k]];
		if (!get_text(&p, end, &fields[k].value))
			return false;
		if (k < s->n_system && text_absent(extra[0]) &&
		    text_eq(fields[k].name, TEXT("Computer")))
			out->host = fields[k].value;
	}
	if (!text_absent(extra[0]))
		out->host = extra[0];
	out->message = extra[1];
	out->event_name = extra[2];
	out->remark = extra[3];
	out->format = (enum event_format)(format <= FORMAT_CROWDSTRIKE ? format : FORMAT_NONE);
	out->fields = fields;
	out->n_fields = s->n_fields;
	out->n_system = s->n_system;
	return true;
}

struct text
block_body(const struct block *b, uint32_t i)
{
	return i < b->n ? (struct text){ b->raw + b->at[i], b->at[i + 1] - b->at[i] } : TEXT("");
}

struct text
block_bodies(const struct block *b)
{
	return (struct text){ b->raw + b->at[0], b->at[b->n] - b->at[0] };
}
