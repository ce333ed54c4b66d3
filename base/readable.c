/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/readable.h"

#define LETTERS_MIN 4 /* fewer are readable by chance */

/* How many letters of a text are what; readable() judges. */
struct letters {
	size_t plain, other;
	bool bad; /* control characters, halves of letters */
};

static void
count_letter(struct letters *l, uint32_t c)
{
	if ((c >= ' ' && c < 0x7f) || c == '\t' || c == '\n' || c == '\r')
		l->plain++;
	else if (c < 0xa0 || (c >= 0xe000 && c < 0xf900) || (c & 0xfffe) == 0xfffe)
		l->bad = true;
	else
		l->other++;
}

/* Random bytes read as UTF-16 are rarely ASCII; text that is announced may be of any script. */
static bool
readable(const struct letters *l, bool marked)
{
	if (l->bad || l->plain + l->other < LETTERS_MIN)
		return false;
	return marked ? l->plain >= l->other : l->plain / 9 >= l->other;
}

static size_t
put_utf8(char *out, uint32_t c)
{
	if (c < 0x80) {
		out[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		out[0] = (char)(0xc0 | c >> 6);
		out[1] = (char)(0x80 | (c & 0x3f));
		return 2;
	}
	if (c < 0x10000) {
		out[0] = (char)(0xe0 | c >> 12);
		out[1] = (char)(0x80 | (c >> 6 & 0x3f));
		out[2] = (char)(0x80 | (c & 0x3f));
		return 3;
	}
	out[0] = (char)(0xf0 | c >> 18);
	out[1] = (char)(0x80 | (c >> 12 & 0x3f));
	out[2] = (char)(0x80 | (c >> 6 & 0x3f));
	out[3] = (char)(0x80 | (c & 0x3f));
	return 4;
}

static uint32_t
unit_at(struct text bytes, size_t i)
{
	return (uint32_t)((unsigned char)bytes.p[i] | (unsigned char)bytes.p[i + 1] << 8);
}

/* The letter at *AT, which moves behind it; a lone half of a pair is U+FFFE, which is none. */
static uint32_t
utf16_next(struct text bytes, size_t *at)
{
	uint32_t c = unit_at(bytes, *at), low;

	*at += 2;
	if (c < 0xd800 || c > 0xdfff)
		return c;
	if (c > 0xdbff || *at + 1 >= bytes.n)
		return 0xfffe;
	low = unit_at(bytes, *at);
	if (low < 0xdc00 || low > 0xdfff)
		return 0xfffe;
	*at += 2;
	return 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
}

struct text
readable_utf16(struct text bytes, bool marked, struct arena *keep)
{
	struct letters letters = { 0 };
	size_t n = 0;
	char *out;

	bytes.n &= ~(size_t)1;
	if (text_starts(bytes, TEXT("\xff\xfe")))
		bytes = text_from(bytes, 2);
	for (size_t i = 0; i < bytes.n && !letters.bad;)
		count_letter(&letters, utf16_next(bytes, &i));
	if (!readable(&letters, marked))
		return TEXT_NONE;
	out = arena_bytes(keep, bytes.n / 2 * 3);
	for (size_t i = 0; i < bytes.n;) {
		uint32_t c = utf16_next(bytes, &i);

		if (c != '\r')
			n += put_utf8(out + n, c);
	}
	return (struct text){ out, n };
}

/* The letter at *AT, which moves behind it; U+FFFE: ill-formed. */
static uint32_t
utf8_next(struct text t, size_t *at)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	unsigned char first = (unsigned char)t.p[(*at)++];
	uint32_t c;
	size_t n;

	if (first < 0x80)
		return first;
	n = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
	if (first < 0xc2 || first > 0xf4 || t.n - *at < n - 1)
		return 0xfffe;
	c = first & (0x7fu >> n);
	for (size_t i = 1; i < n; i++) {
		unsigned char next = (unsigned char)t.p[(*at)++];

		if ((next & 0xc0) != 0x80)
			return 0xfffe;
		c = c << 6 | (next & 0x3f);
	}
	return c < least[n] || c > 0x10ffff || (c >= 0xd800 && c < 0xe000) ? 0xfffe : c;
}

struct text
readable_utf8(struct text bytes, bool marked, struct arena *keep)
{
	struct letters letters = { 0 };
	size_t n = 0;
	char *out;

	if (text_starts(bytes, TEXT("\xef\xbb\xbf")))
		bytes = text_from(bytes, 3);
	for (size_t i = 0; i < bytes.n && !letters.bad;)
		count_letter(&letters, utf8_next(bytes, &i));
	if (!readable(&letters, marked))
		return TEXT_NONE;
	out = arena_bytes(keep, bytes.n);
	for (size_t i = 0; i < bytes.n; i++)
		if (bytes.p[i] != '\r')
			out[n++] = bytes.p[i];
	return (struct text){ out, n };
}

struct text
readable_whole(struct text t)
{
	size_t n = t.n;

	while (n && t.n - n < 3 && ((unsigned char)t.p[n - 1] & 0xc0) == 0x80)
		n--;
	if (n && (unsigned char)t.p[n - 1] >= 0xc0) {
		size_t at = n - 1;

		if (utf8_next(t, &at) == 0xfffe)
			t.n = n - 1;
	}
	return t;
}
