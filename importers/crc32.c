/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "importers/crc32.h"

#if defined(__x86_64__) && defined(__GNUC__)
#define CRC32_FOLDS 1
#include <smmintrin.h>
#include <wmmintrin.h>
#else
#define CRC32_FOLDS 0
#endif

#include "importers/bytes.h"

#define FOLD_MIN 64

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
	c->folds = false;
#if CRC32_FOLDS
	c->folds = __builtin_cpu_supports("pclmul") && __builtin_cpu_supports("sse4.1");
#endif
}

#if CRC32_FOLDS

/*
 * Folding by carry-less multiplication: V. Gopal et al., "Fast CRC Computation for Generic
 * Polynomials Using PCLMULQDQ Instruction", Intel 2009, with its constants for this polynomial
 * (powers of x modulo it, bits reflected).
 */
#define FOLDING __attribute__((target("pclmul,sse4.1")))

static const uint64_t by_512_bits[2] = { 0x0154442bd4, 0x01c6e41596 };
static const uint64_t by_128_bits[2] = { 0x01751997d0, 0x00ccaa009e };
static const uint64_t by_64_bits[2] = { 0x0163cd6124, 0 };
static const uint64_t barrett[2] = { 0x01db710641, 0x01f7011641 };

FOLDING static inline __m128i
load(const void *p)
{
	return _mm_loadu_si128((const __m128i *)p);
}

/* Moves X on by the distance that K stands for, onto NEXT. */
FOLDING static inline __m128i
fold(__m128i x, __m128i k, __m128i next)
{
	__m128i low = _mm_clmulepi64_si128(x, k, 0x00), high = _mm_clmulepi64_si128(x, k, 0x11);

	return _mm_xor_si128(_mm_xor_si128(low, high), next);
}

/* 128 bits to the 32 of the sum. */
FOLDING static inline uint32_t
reduce(__m128i x)
{
	const __m128i low_word = _mm_setr_epi32(-1, 0, -1, 0);
	__m128i       k = load(by_128_bits), t;

	x = _mm_xor_si128(_mm_srli_si128(x, 8), _mm_clmulepi64_si128(x, k, 0x10));
	t = _mm_srli_si128(x, 4);
	x = _mm_xor_si128(_mm_clmulepi64_si128(_mm_and_si128(x, low_word), load(by_64_bits), 0x00),
			  t);
	k = load(barrett);
	t = _mm_clmulepi64_si128(_mm_and_si128(x, low_word), k, 0x10);
	t = _mm_clmulepi64_si128(_mm_and_si128(t, low_word), k, 0x00);
	return (uint32_t)_mm_extract_epi32(_mm_xor_si128(x, t), 1);
}

/* N is at least FOLD_MIN; what does not fill 16 bytes at the end is left. V is not inverted. */
FOLDING static uint32_t
fold_all(uint32_t v, const uint8_t **at, size_t *left)
{
	const uint8_t *p = *at;
	size_t         n = *left;
	__m128i        k = load(by_512_bits), x[4];

	for (int i = 0; i < 4; i++)
		x[i] = load(p + 16 * i);
	x[0] = _mm_xor_si128(x[0], _mm_cvtsi32_si128((int)v));
	for (p += 64, n -= 64; n >= 64; p += 64, n -= 64)
		for (int i = 0; i < 4; i++)
			x[i] = fold(x[i], k, load(p + 16 * i));
	k = load(by_128_bits);
	for (int i = 1; i < 4; i++)
		x[0] = fold(x[0], k, x[i]);
	for (; n >= 16; p += 16, n -= 16)
		x[0] = fold(x[0], k, load(p));
	*at = p;
	*left = n;
	return reduce(x[0]);
}

#endif

uint32_t
crc32_add(const struct crc32 *c, uint32_t sum, const uint8_t *p, size_t n)
{
	const uint32_t(*t)[256] = c->table;
	uint32_t v = ~sum;

#if CRC32_FOLDS
	if (c->folds && n >= FOLD_MIN)
		v = fold_all(v, &p, &n);
#endif
	for (; n >= 8; n -= 8, p += 8) {
		uint32_t a = le32(p) ^ v, b = le32(p + 4);

		v = t[7][a & 0xFF] ^ t[6][a >> 8 & 0xFF] ^ t[5][a >> 16 & 0xFF] ^ t[4][a >> 24] ^
		    t[3][b & 0xFF] ^ t[2][b >> 8 & 0xFF] ^ t[1][b >> 16 & 0xFF] ^ t[0][b >> 24];
	}
	for (; n > 0; n--, p++)
		v = v >> 8 ^ t[0][(v ^ *p) & 0xFF];
	return ~v;
}
