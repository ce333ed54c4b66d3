/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "importers/crc32.h"

#include "importers/bytes.h"

void
crc32_init(struct crc32 *c)
{
	for (uint32_t i = 0; i < 256; i++) {
		uint32_t v = i;

		for (int bit = 0; bit < 8; bit++)
			v = v >> 1 ^ (v & 1 ? 0xEDB88320u : 0);
		c->table[0][i] = v;
	}
	for (int k = 1; k < CRC32_TABLES; k++)
		for (int i = 0; i < 256; i++)
			c->table[k][i] =
			    c->table[k - 1][i] >> 8 ^ c->table[0][c->table[k - 1][i] & 0xFF];
}

uint32_t
crc32_add(const struct crc32 *c, uint32_t sum, const uint8_t *p, size_t n)
{
	const uint32_t(*t)[256] = c->table;
	uint32_t v = ~sum;

	for (; n >= 8; n -= 8, p += 8) {
		uint32_t a = le32(p) ^ v, b = le32(p + 4);

		v = t[7][a & 0xFF] ^ t[6][a >> 8 & 0xFF] ^ t[5][a >> 16 & 0xFF] ^ t[4][a >> 24] ^
		    t[3][b & 0xFF] ^ t[2][b >> 8 & 0xFF] ^ t[1][b >> 16 & 0xFF] ^ t[0][b >> 24];
	}
	for (; n > 0; n--, p++)
		v = v >> 8 ^ t[0][(v ^ *p) & 0xFF];
	return ~v;
}
