/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "importers/utf16.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "base/visible.h"
#include "importers/bytes.h"

static char *
put_code(char *out, uint32_t code)
{
	if (code < 0x80) {
		*out++ = (char)code;
	} else if (code < 0x800) {
		*out++ = (char)(0xC0 | code >> 6);
		*out++ = (char)(0x80 | (code & 0x3F));
	} else if (code < 0x10000) {
		*out++ = (char)(0xE0 | code >> 12);
		*out++ = (char)(0x80 | (code >> 6 & 0x3F));
		*out++ = (char)(0x80 | (code & 0x3F));
	} else {
		*out++ = (char)(0xF0 | code >> 18);
		*out++ = (char)(0x80 | (code >> 12 & 0x3F));
		*out++ = (char)(0x80 | (code >> 6 & 0x3F));
		*out++ = (char)(0x80 | (code & 0x3F));
	}
	return out;
}

/* One code point at *SRC (of *UNITS units, at least one), or a CR that LF swallows. */
static char *
put_next(char *out, const uint8_t **src, size_t *units)
{
	uint32_t unit = le16(*src);
	uint32_t next = *units > 1 ? le16(*src + 2) : 0;
	size_t   taken = 1;

	if (unit == '\r' && next == '\n') {
		out[0] = '\n';
		out++;
		taken = 2;
	} else if (unit >= 0xD800 && unit < 0xDC00 && next >= 0xDC00 && next < 0xE000) {
		out = put_code(out, 0x10000 + ((unit - 0xD800) << 10) + (next - 0xDC00));
		taken = 2;
	} else if (unit >= 0xD800 && unit < 0xE000) {
		out = put_code(out, 0xFFFD);
	} else {
		out = put_code(out, unit);
	}
	*src += 2 * taken;
	*units -= taken;
	return out;
}

#ifdef __SSE2__

char *
utf16_to_utf8(char *out, const uint8_t *src, size_t units)
{
	const __m128i high = _mm_set1_epi16((short)0xFF80), cr = _mm_set1_epi16('\r');

	while (units > 0) {
		__m128i  v = _mm_loadu_si128((const __m128i *)(const void *)src);
		__m128i  ascii = _mm_cmpeq_epi16(_mm_and_si128(v, high), _mm_setzero_si128());
		__m128i  plain = _mm_andnot_si128(_mm_cmpeq_epi16(v, cr), ascii);
		unsigned odd = (unsigned)_mm_movemask_epi8(plain) ^ 0xFFFF;
		size_t   take = odd ? (size_t)__builtin_ctz(odd) / 2 : 8;

		_mm_storel_epi64((__m128i *)(void *)out, _mm_packus_epi16(v, v));
		if (take >= units)
			return out + units;
		out += take;
		src += 2 * take;
		units -= take;
		if (odd) {
			do
				out = put_next(out, &src, &units);
			while (units > 0 && le16(src) >= 0x80);
		}
	}
	return out;
}

#else

char *
utf16_to_utf8(char *out, const uint8_t *src, size_t units)
{
	while (units > 0)
		out = put_next(out, &src, &units);
	return out;
}

#endif

char *
cp1252_to_utf8(char *out, const uint8_t *src, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++) {
		uint8_t c = src[i];

		if (c == '\r' && i + 1 < bytes && src[i + 1] == '\n')
			continue;
		out = put_code(out, cp1252_code(c));
	}
	return out;
}
