/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/visible.h"

#include <stdio.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define REPLACEMENT 0xFFFDu

static bool
is_tail(const char *p, const char *end)
{
	return p < end && ((unsigned char)*p & 0xC0) == 0x80;
}

/* Least code point of each length, so that overlong forms are seen. */
static size_t
decode_long(const char *p, const char *end, uint32_t *code)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	unsigned char         c = (unsigned char)p[0];
	size_t                n = c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : 2;
	uint32_t              v = c & (0xFFu >> (n + 1));

	if (c < 0xC2 || c > 0xF4)
		return 0;
	for (size_t i = 1; i < n; i++) {
		if (!is_tail(p + i, end))
			return 0;
		v = (v << 6) | ((unsigned char)p[i] & 0x3F);
	}
	if (v < least[n] || v > 0x10FFFF || (v >= 0xD800 && v <= 0xDFFF))
		return 0;
	*code = v;
	return n;
}

size_t
utf8_decode(const char *p, const char *end, uint32_t *code)
{
	size_t n;

	if ((unsigned char)*p < 0x80) {
		*code = (unsigned char)*p;
		return 1;
	}
	n = decode_long(p, end, code);
	if (n)
		return n;
	*code = REPLACEMENT;
	return 1;
}

size_t
utf8_encode(uint32_t code, char out[4])
{
	if (code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF))
		code = REPLACEMENT;
	if (code < 0x80) {
		out[0] = (char)code;
		return 1;
	}
	if (code < 0x800) {
		out[0] = (char)(0xC0 | (code >> 6));
		out[1] = (char)(0x80 | (code & 0x3F));
		return 2;
	}
	if (code < 0x10000) {
		out[0] = (char)(0xE0 | (code >> 12));
		out[1] = (char)(0x80 | ((code >> 6) & 0x3F));
		out[2] = (char)(0x80 | (code & 0x3F));
		return 3;
	}
	out[0] = (char)(0xF0 | (code >> 18));
	out[1] = (char)(0x80 | ((code >> 12) & 0x3F));
	out[2] = (char)(0x80 | ((code >> 6) & 0x3F));
	out[3] = (char)(0x80 | (code & 0x3F));
	return 4;
}

bool
utf8_valid(struct text t)
{
	size_t i = 0;

	while (i < t.n) {
		uint32_t code;
		size_t   n = 1;

		if ((unsigned char)t.p[i] >= 0x80)
			n = decode_long(t.p + i, t.p + t.n, &code);
		if (n == 0)
			return false;
		i += n;
	}
	return true;
}

struct code_range {
	uint32_t first, last;
};

static const struct code_range combining[] = {
#define COMBINING(first, last) { first, last },
#define WIDE(first, last)
#include "base/widths.def"
#undef COMBINING
#undef WIDE
};

static const struct code_range wide[] = {
#define COMBINING(first, last)
#define WIDE(first, last) { first, last },
#include "base/widths.def"
#undef COMBINING
#undef WIDE
};

/* Control, bidi, invisible, separator and non-characters; ascending. Invisible is what Unicode calls
 * Default_Ignorable_Code_Point, but for the selectors that emoji have (FE00 to FE0F). */
static const struct code_range hostile[] = {
	{ 0x0000, 0x001F }, { 0x007F, 0x009F },   { 0x00AD, 0x00AD }, { 0x034F, 0x034F },
	{ 0x061C, 0x061C }, { 0x115F, 0x1160 },   { 0x17B4, 0x17B5 }, { 0x180B, 0x180F },
	{ 0x200B, 0x200F }, { 0x2028, 0x202E },   { 0x2060, 0x206F }, { 0x3164, 0x3164 },
	{ 0xD800, 0xDFFF }, { 0xFDD0, 0xFDEF },   { 0xFEFF, 0xFEFF }, { 0xFFA0, 0xFFA0 },
	{ 0xFFF0, 0xFFFB }, { 0xFFFE, 0xFFFF },   { 0x1BCA0, 0x1BCA3 }, { 0x1D173, 0x1D17A },
	{ 0xE0000, 0xE0FFF },
};

static bool
in_ranges(const struct code_range *ranges, size_t n, uint32_t code)
{
	size_t low = 0, high = n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (ranges[mid].last < code)
			low = mid + 1;
		else
			high = mid;
	}
	return low < n && ranges[low].first <= code;
}

int
code_width(uint32_t code)
{
	if (code < 0x300)
		return 1;
	if (in_ranges(combining, COUNT(combining), code))
		return 0;
	return in_ranges(wide, COUNT(wide), code) ? 2 : 1;
}

bool
code_hostile(uint32_t code)
{
	if (code >= 0x20 && code < 0x7F)
		return false;
	return code > 0x10FFFF || (code & 0xFFFE) == 0xFFFE ||
	       in_ranges(hostile, COUNT(hostile), code);
}

size_t
code_stand_in(uint32_t code, bool ascii, char out[16])
{
	if (ascii && code < 0x100)
		return (size_t)snprintf(out, 16, "\\x%02x", code);
	if (!ascii && code < 0x20)
		return utf8_encode(0x2400 + code, out);
	if (!ascii && code == 0x7F)
		return utf8_encode(0x2421, out);
	return (size_t)snprintf(out, 16, "<U+%04X>", code);
}

uint32_t
cp1252_code(unsigned char byte)
{
	static const uint16_t high[32] = {
		0x20AC, 0x0081, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
		0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x008D, 0x017D, 0x008F,
		0x0090, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
		0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x009D, 0x017E, 0x0178,
	};

	return byte >= 0x80 && byte < 0xA0 ? high[byte - 0x80] : byte;
}

/* Marks on one letter that are drawn; more of them would climb over other lines. */
#define MARKS_MOST 8

static bool
is_one_too_many(uint32_t code, unsigned *marks)
{
	*marks = code_width(code) == 0 ? *marks + 1 : 0;
	return *marks > MARKS_MOST;
}

/* What one code point of T becomes; *TAKEN says how many bytes of T it is; MARKS: in a row. */
static struct text
shown(struct text t, size_t at, bool ascii, bool block, char buf[16], size_t *taken, unsigned *marks)
{
	uint32_t code;
	size_t   n = *taken = utf8_decode(t.p + at, t.p + t.n, &code);

	if (code == '\n' && !block)
		return ascii ? TEXT("\\n") : TEXT("↵");
	if (code == '\n')
		return TEXT("\n");
	if (code == '\t')
		return TEXT(" ");
	/* an ill-formed byte, not a well-formed U+FFFD */
	if (code == REPLACEMENT && n == 1)
		return (struct text){ buf, ascii ? (size_t)snprintf(buf, 16, "\\x%02x",
								    (unsigned char)t.p[at])
						 : utf8_encode(code, buf) };
	if (is_one_too_many(code, marks) || code_hostile(code))
		return (struct text){ buf, code_stand_in(code, ascii, buf) };
	if (ascii && code >= 0x80)
		return (struct text){ buf, (size_t)snprintf(buf, 16, "<U+%04X>", code) };
	return (struct text){ t.p + at, n };
}

static bool
is_plain(struct text t)
{
	for (size_t i = 0; i < t.n; i++)
		if ((unsigned char)t.p[i] < 0x20 || (unsigned char)t.p[i] >= 0x7F)
			return false;
	return true;
}

static struct text
make_visible(struct text t, bool ascii, bool block, struct arena *keep)
{
	char     buf[16], *p;
	size_t   n = 0, taken;
	unsigned marks = 0;

	if (is_plain(t))
		return t;
	for (size_t i = 0; i < t.n; i += taken)
		n += shown(t, i, ascii, block, buf, &taken, &marks).n;
	p = arena_new(keep, char, n + 1);
	n = 0;
	marks = 0;
	for (size_t i = 0; i < t.n; i += taken) {
		struct text piece = shown(t, i, ascii, block, buf, &taken, &marks);

		memcpy(p + n, piece.p, piece.n);
		n += piece.n;
	}
	return (struct text){ p, n };
}

struct text
visible_line(struct text t, bool ascii, struct arena *keep)
{
	return make_visible(t, ascii, false, keep);
}

struct text
visible_block(struct text t, bool ascii, struct arena *keep)
{
	return make_visible(t, ascii, true, keep);
}

size_t
visible_width(struct text t)
{
	size_t columns = 0, i = 0;

	while (i < t.n) {
		uint32_t code;

		i += utf8_decode(t.p + i, t.p + t.n, &code);
		columns += (size_t)code_width(code);
	}
	return columns;
}
