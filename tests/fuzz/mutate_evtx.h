/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * mutate_evtx.h - changes event logs so that the reader gets beyond their first bytes.
 *
 * A blind change is refused by a checksum, or by a size that is there twice. Here records change
 * places, tokens of BinXML become other tokens, and afterwards checksums and sizes are right again,
 * but for a few inputs, which test the checks.
 */
#ifndef AUGER_TESTS_FUZZ_MUTATE_EVTX_H
#define AUGER_TESTS_FUZZ_MUTATE_EVTX_H

#include "importers/crc32.h"
#include "tests/fuzz/fuzz_input.h"

#define MUTATE_FILE_HEADER  4096
#define MUTATE_CHUNK        65536
#define MUTATE_CHUNK_HEADER 512
#define MUTATE_RECORD_LEAST 28
#define MUTATE_RECORDS_MAX  256

/* libFuzzer's own; not there when inputs are replayed. */
__attribute__((weak)) size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned seed);

struct mutation {
	uint8_t *p; /* of the evidence, behind the byte that chooses */
	size_t   n, max;
	bool     is_file; /* with headers and chunks, not records alone */
	uint32_t random;
	size_t   records[MUTATE_RECORDS_MAX + 1]; /* where they begin; the end of the last */
	size_t   n_records;
};

static uint32_t
mutate_random(struct mutation *m, uint32_t below)
{
	m->random = m->random * 1664525u + 1013904223u;
	return below ? (m->random >> 8) % below : 0;
}

static uint32_t
mutate_get32(const uint8_t *p)
{
	return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static void
mutate_set32(uint8_t *p, uint32_t v)
{
	for (int i = 0; i < 4; i++)
		p[i] = (uint8_t)(v >> 8 * i);
}

/* Records by their first bytes, whatever their sizes say. */
static void
mutate_find_records(struct mutation *m)
{
	static const uint8_t magic[4] = { '*', '*', 0, 0 };

	m->n_records = 0;
	for (size_t at = 0; at + MUTATE_RECORD_LEAST <= m->n && m->n_records < MUTATE_RECORDS_MAX; at++)
		if (memcmp(m->p + at, magic, 4) == 0)
			m->records[m->n_records++] = at;
	m->records[m->n_records] = m->n;
}

/* Does the Ith record end where the next one begins? */
static bool
mutate_is_followed(const struct mutation *m, size_t i)
{
	if (i + 1 >= m->n_records)
		return false;
	return !m->is_file || (m->records[i] - MUTATE_FILE_HEADER) / MUTATE_CHUNK ==
				      (m->records[i + 1] - MUTATE_FILE_HEADER) / MUTATE_CHUNK;
}

static void
mutate_swap(struct mutation *m)
{
	uint32_t i = mutate_random(m, (uint32_t)m->n_records);
	size_t   a = m->records[i], b = m->records[i + 1];
	size_t   c = i + 1 < m->n_records ? m->records[i + 2] : b;
	uint8_t *copy;

	if (!mutate_is_followed(m, i) || (m->is_file && !mutate_is_followed(m, i + 1)))
		return;
	copy = malloc(c - a);
	if (copy == NULL)
		abort();
	memcpy(copy, m->p + a, c - a);
	memcpy(m->p + a, copy + (b - a), c - b);
	memcpy(m->p + a + (c - b), copy, b - a);
	free(copy);
}

static void
mutate_repeat(struct mutation *m)
{
	uint32_t i = mutate_random(m, (uint32_t)m->n_records);
	size_t   begin = m->records[i], size = m->records[i + 1] - begin;

	if (size > m->max - m->n)
		return;
	memmove(m->p + begin + size, m->p + begin, m->n - begin);
	m->n += size;
}

static void
mutate_remove(struct mutation *m)
{
	uint32_t i = mutate_random(m, (uint32_t)m->n_records);
	size_t   begin = m->records[i], end = m->records[i + 1];

	memmove(m->p + begin, m->p + end, m->n - end);
	m->n -= end - begin;
}

/* [MS-EVEN6] 2.2.12: what looks like a token, or like the type of a value, becomes another one. */
static void
mutate_token(struct mutation *m)
{
	static const uint8_t tokens[] = { 0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08,
					  0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x0e, 0x0f, 0x10, 0x11,
					  0x12, 0x13, 0x14, 0x15, 0x21, 0x41, 0x45, 0x46, 0x47,
					  0x48, 0x49, 0x4d, 0x4e, 0x81, 0x8a, 0x95 };
	size_t at = m->n ? mutate_random(m, (uint32_t)m->n) : 0;

	for (size_t i = 0; i < m->n; i++, at = (at + 1) % m->n) {
		if (memchr(tokens, m->p[at], sizeof(tokens)) == NULL)
			continue;
		m->p[at] = tokens[mutate_random(m, sizeof(tokens))];
		return;
	}
}

/* A size or an offset: nearly right, at a limit, or that of some place in the chunk. */
static void
mutate_number(struct mutation *m)
{
	static const uint32_t limits[] = { 0, 1, 0x7f, 0xff, 0x1ff, 0x200, 0x7fff, 0xffff, 0x10000,
					   0x7fffffff, 0xffffffff };
	uint32_t at = m->n >= 4 ? mutate_random(m, (uint32_t)m->n - 3) : 0;

	if (m->n < 4)
		return;
	switch (mutate_random(m, 3)) {
	case 0:
		mutate_set32(m->p + at, mutate_get32(m->p + at) + mutate_random(m, 17) - 8);
		break;
	case 1:
		mutate_set32(m->p + at, limits[mutate_random(m, sizeof(limits) / sizeof(*limits))]);
		break;
	default:
		mutate_set32(m->p + at, mutate_random(m, MUTATE_CHUNK));
	}
}

/* Each record's size, in front and behind, is what is there of it. */
static void
mutate_repair_sizes(struct mutation *m)
{
	mutate_find_records(m);
	for (size_t i = 0; i < m->n_records; i++) {
		size_t size = m->records[i + 1] - m->records[i];

		if (size < MUTATE_RECORD_LEAST || (m->is_file && !mutate_is_followed(m, i)))
			continue; /* what follows the last one is free space */
		mutate_set32(m->p + m->records[i] + 4, (uint32_t)size);
		mutate_set32(m->p + m->records[i + 1] - 4, (uint32_t)size);
	}
}

static void
mutate_repair_checksums(struct mutation *m)
{
	struct crc32 crc;

	crc32_init(&crc);
	if (m->n >= MUTATE_FILE_HEADER)
		mutate_set32(m->p + 124, crc32_add(&crc, 0, m->p, 120));
	for (size_t at = MUTATE_FILE_HEADER; at + MUTATE_CHUNK_HEADER <= m->n; at += MUTATE_CHUNK) {
		uint8_t *chunk = m->p + at;
		size_t   room = m->n - at < MUTATE_CHUNK ? m->n - at : MUTATE_CHUNK;
		uint32_t end = mutate_get32(chunk + 48);

		if (end >= MUTATE_CHUNK_HEADER && end <= room)
			mutate_set32(chunk + 52, crc32_add(&crc, 0, chunk + MUTATE_CHUNK_HEADER,
							   end - MUTATE_CHUNK_HEADER));
		mutate_set32(chunk + 124,
			     crc32_add(&crc, crc32_add(&crc, 0, chunk, 120), chunk + 128, 384));
	}
}

static void
mutate_once(struct mutation *m)
{
	static void (*const ways[])(struct mutation *) = { mutate_swap, mutate_repeat, mutate_remove,
							   mutate_token, mutate_token, mutate_number };
	uint32_t way = mutate_random(m, 8);

	mutate_find_records(m);
	if (way < sizeof(ways) / sizeof(*ways) && (way > 2 || m->n_records))
		ways[way](m);
	else if (LLVMFuzzerMutate)
		m->n = LLVMFuzzerMutate(m->p, m->n, m->max);
}

size_t
LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned seed)
{
	struct mutation m = { .p = data + 1, .n = size ? size - 1 : 0, .max = max - 1,
			      .random = seed };

	if (size == 0 || mutate_random(&m, 32) == 0)
		data[0] = (uint8_t)mutate_random(&m, 16);
	m.is_file = (data[0] & 8) == 0;
	for (uint32_t n = 1 + mutate_random(&m, 4); n > 0; n--)
		mutate_once(&m);
	if (mutate_random(&m, 8) > 0) {
		mutate_repair_sizes(&m);
		if (m.is_file)
			mutate_repair_checksums(&m);
	}
	return m.n + 1;
}

#endif
