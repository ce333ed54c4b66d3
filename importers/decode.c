/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "importers/decode.h"

#include <stdint.h>

#include "base/visible.h"

#define OVERWRITTEN_MIN 32 /* control characters */

/* 0x80 to 0x9f of Windows-1252; 0: not assigned (https://encoding.spec.whatwg.org agrees but for
 * the five holes, which it maps to C1 controls). */
static const uint16_t windows_1252[32] = {
	0x20ac, 0,	0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160,
	0x2039, 0x0152, 0,	0x017d, 0,	0,	0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
	0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0,	0x017e, 0x0178,
};

enum encoding
encoding_sniff(struct text head, bool *bom)
{
	const unsigned char *p = (const unsigned char *)head.p;
	size_t odd = 0, even = 0, pairs;

	*bom = true;
	if (head.n >= 4 && (memcmp(p, "\xff\xfe\0\0", 4) == 0 || memcmp(p, "\0\0\xfe\xff", 4) == 0))
		return ENCODING_UTF32;
	if (head.n >= 3 && memcmp(p, "\xef\xbb\xbf", 3) == 0)
		return ENCODING_BYTES;
	if (head.n >= 2 && p[0] == 0xff && p[1] == 0xfe)
		return ENCODING_UTF16_LE;
	if (head.n >= 2 && p[0] == 0xfe && p[1] == 0xff)
		return ENCODING_UTF16_BE;
	*bom = false;
	pairs = (head.n < 4096 ? head.n : 4096) / 2;
	for (size_t i = 0; i < pairs; i++) {
		even += p[2 * i] == 0;
		odd += p[2 * i + 1] == 0;
	}
	if (pairs >= 2 && odd > pairs * 3 / 4 && even <= pairs / 16)
		return ENCODING_UTF16_LE;
	if (pairs >= 2 && even > pairs * 3 / 4 && odd <= pairs / 16)
		return ENCODING_UTF16_BE;
	return ENCODING_BYTES;
}

static uint32_t
unit_at(const char *s, bool big_endian)
{
	const unsigned char *p = (const unsigned char *)s;

	return big_endian ? (uint32_t)(p[0] << 8 | p[1]) : (uint32_t)(p[1] << 8 | p[0]);
}

size_t
utf16_decode(struct text raw, bool big_endian, bool last, char *out, size_t *out_n)
{
	size_t at = 0, n = 0;

	while (raw.n - at >= 2) {
		uint32_t code = unit_at(raw.p + at, big_endian);

		if (code < 0x80) {
			out[n++] = (char)code;
			at += 2;
			continue;
		}
		if (code >= 0xd800 && code < 0xdc00) {
			uint32_t low;

			if (raw.n - at < 4 && !last)
				break;
			low = raw.n - at < 4 ? 0 : unit_at(raw.p + at + 2, big_endian);
			if (low >= 0xdc00 && low < 0xe000) {
				code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
				at += 2;
			}
		}
		n += utf8_encode(code, out + n);
		at += 2;
	}
	if (last && raw.n - at == 1) /* half a unit at the end of the file */
		at = raw.n;
	*out_n = n;
	return at;
}

size_t
utf16_length(struct text t)
{
	size_t n = 0;

	for (size_t i = 0; i < t.n; i++) {
		unsigned char c = (unsigned char)t.p[i];

		n += c >= 0xf0 ? 4 : c < 0x80 || c >= 0xc0 ? 2 : 0;
	}
	return n;
}

struct text
head_to_utf8(struct text head, struct arena *keep)
{
	bool bom;
	enum encoding encoding = encoding_sniff(head, &bom);
	char *out;
	size_t n;

	if (encoding == ENCODING_UTF16_LE || encoding == ENCODING_UTF16_BE) {
		out = arena_alloc(keep, 1, 1, head.n * 2 + 4);
		utf16_decode(head, encoding == ENCODING_UTF16_BE, false, out, &n);
		head = (struct text){ out, n };
	}
	if (text_starts(head, TEXT("\xef\xbb\xbf")))
		head = text_from(head, 3);
	return text_trim(head);
}

/* Bytes are UTF-8 with damage rather than a code page when most of what is not ASCII decodes. */
static bool
mostly_utf8(struct text t)
{
	size_t good = 0, bad = 0;

	for (size_t i = 0; i < t.n;) {
		uint32_t code;
		size_t len = utf8_decode(t.p + i, t.p + t.n, &code);

		if (len > 1)
			good++;
		else if ((unsigned char)t.p[i] >= 0x80)
			bad++;
		i += len;
	}
	return good > bad;
}

static struct text
copy_utf8(struct text t, bool from_1252, struct arena *keep)
{
	size_t high = 0, n = 0;
	char *out;

	for (size_t i = 0; i < t.n; i++)
		high += (unsigned char)t.p[i] >= 0x80;
	/* A byte of a code page, or a broken one, becomes three at most. */
	out = arena_alloc(keep, 1, 1, t.n + 2 * high + 4);

	for (size_t i = 0; i < t.n;) {
		unsigned char c = (unsigned char)t.p[i];
		uint32_t code = c;
		size_t len = 1;

		if (c >= 0x80 && !from_1252)
			len = utf8_decode(t.p + i, t.p + t.n, &code);
		else if (c >= 0x80 && c < 0xa0)
			code = windows_1252[c - 0x80] ? windows_1252[c - 0x80] : 0xfffd;
		if (c < 0x80) {
			if (c)
				out[n++] = (char)c;
		} else {
			n += utf8_encode(code, out + n);
		}
		i += len;
	}
	keep->at = out + n;
	return (struct text){ out, n };
}

static bool
is_control(unsigned char c)
{
	return c < 0x20 && c != '\t' && c != '\n' && c != '\r';
}

struct byte_kinds
byte_kinds(struct text t)
{
	static const uint64_t high = UINT64_C(0x8080808080808080);
	static const uint64_t blank = UINT64_C(0x2020202020202020);
	struct byte_kinds k = { false, false };
	uint64_t any_high = 0;
	size_t i = 0;

	for (; t.n - i >= 8 && !k.control; i += 8) {
		uint64_t w;

		memcpy(&w, t.p + i, 8);
		any_high |= w & high;
		/* Some byte may be below blank: only then look at each. */
		if ((w - blank) & ~w & high)
			for (size_t j = i; j < i + 8; j++)
				k.control |= is_control((unsigned char)t.p[j]);
	}
	for (; i < t.n; i++) {
		any_high |= (unsigned char)t.p[i] & 0x80;
		k.control |= is_control((unsigned char)t.p[i]);
	}
	k.high = any_high != 0;
	return k;
}

/* Text of an event has hardly any control characters; a sector of zeros, or of another file, has. */
static bool
is_overwritten(struct text t)
{
	size_t n = 0;

	for (size_t i = 0; i < t.n && n < OVERWRITTEN_MIN; i++)
		n += (unsigned char)t.p[i] < 9 ||
		     ((unsigned char)t.p[i] > 13 && (unsigned char)t.p[i] < 27);
	return n == OVERWRITTEN_MIN;
}

struct text
text_to_utf8(struct text t, struct arena *keep, unsigned *remarks)
{
	struct byte_kinds kinds = byte_kinds(t);
	bool valid = !kinds.high || utf8_valid(t);
	bool nuls = kinds.control && memchr(t.p, '\0', t.n);
	bool from_1252 = false;

	if (kinds.control && is_overwritten(t))
		*remarks |= DECODE_OVERWRITTEN;
	if (valid && !nuls)
		return t;
	if (nuls)
		*remarks |= DECODE_NULS;
	if (!valid) {
		from_1252 = !mostly_utf8(t);
		*remarks |= from_1252 ? DECODE_WINDOWS_1252 : DECODE_ILL_FORMED;
	}
	return copy_utf8(t, from_1252, keep);
}

struct text
decode_remarks(unsigned remarks, struct arena *keep)
{
	static const struct {
		unsigned bit;
		struct text words;
	} table[] = {
		{ DECODE_WINDOWS_1252, TEXT_INIT("not UTF-8: read as Windows-1252") },
		{ DECODE_ILL_FORMED, TEXT_INIT("ill-formed UTF-8 replaced by U+FFFD") },
		{ DECODE_NULS, TEXT_INIT("NUL bytes dropped") },
		{ DECODE_OVERWRITTEN, TEXT_INIT("part of it is overwritten") },
	};
	struct text all = TEXT_NONE;

	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		if (!(remarks & table[i].bit))
			continue;
		if (all.n > 0)
			all = arena_join(keep, all, TEXT("; "));
		all = arena_join(keep, all, table[i].words);
	}
	return all;
}

size_t
line_ends_to_lf(char *p, size_t n)
{
	char *cr = n > 0 ? memchr(p, '\r', n) : NULL;
	size_t out;

	if (!cr)
		return n;
	out = (size_t)(cr - p);
	for (size_t i = out; i < n; i++) {
		if (p[i] == '\r' && i + 1 < n && p[i + 1] == '\n')
			continue;
		p[out++] = p[i];
	}
	return out;
}
