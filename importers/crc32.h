/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * crc32.h - CRC-32 as in zlib and IEEE 802.3 (polynomial 0xEDB88320, inverted in and out).
 *
 * Every chunk of an event log is summed, so it must cost next to nothing: with the processor's
 * carry-less multiplication where there is one, else eight bytes at a time by table.
 */
#ifndef AUGER_IMPORTERS_CRC32_H
#define AUGER_IMPORTERS_CRC32_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CRC32_TABLES 8

struct crc32 {
	uint32_t table[CRC32_TABLES][256];
	bool     folds; /* the processor multiplies without carry; tests clear it */
};

void crc32_init(struct crc32 *c);

/* SUM is 0 at first, then the result for the bytes before. */
uint32_t crc32_add(const struct crc32 *c, uint32_t sum, const uint8_t *p, size_t n);

#endif
