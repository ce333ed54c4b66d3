/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * evtx_bytes.h - little-endian numbers and UTF-16 appended to a buffer of fixed size.
 *
 * What does not fit is counted but not written: afterwards n > size tells.
 */
#ifndef AUGER_SAMPLES_EVTX_BYTES_H
#define AUGER_SAMPLES_EVTX_BYTES_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/text.h"

struct bytes {
	uint8_t *p;
	size_t   n, size;
};

static inline void
bytes_add(struct bytes *b, const void *p, size_t n)
{
	if (b->n <= b->size && n <= b->size - b->n)
		memcpy(b->p + b->n, p, n);
	b->n += n;
}

static inline void
bytes_u8(struct bytes *b, uint8_t v)
{
	bytes_add(b, &v, 1);
}

static inline void
bytes_u16(struct bytes *b, uint16_t v)
{
	bytes_u8(b, (uint8_t)v);
	bytes_u8(b, (uint8_t)(v >> 8));
}

static inline void
bytes_u32(struct bytes *b, uint32_t v)
{
	bytes_u16(b, (uint16_t)v);
	bytes_u16(b, (uint16_t)(v >> 16));
}

static inline void
bytes_u64(struct bytes *b, uint64_t v)
{
	bytes_u32(b, (uint32_t)v);
	bytes_u32(b, (uint32_t)(v >> 32));
}

static inline void
bytes_set_u32(struct bytes *b, size_t at, uint32_t v)
{
	struct bytes there = { b->p, at, b->size };

	bytes_u32(&there, v);
}

static inline uint32_t
bytes_u32_at(const struct bytes *b, size_t at)
{
	const uint8_t *p = b->p + at;

	return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

/* Well-formed UTF-8 as UTF-16LE; returns the number of bytes that makes. B may be NULL. */
size_t bytes_utf16(struct bytes *b, struct text t);

#endif
